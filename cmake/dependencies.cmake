# The libraries from outside; DEPENDENCIES.md says what each is for and which room includes it.
pkg_check_modules(merit_zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(merit_zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(merit_yajl REQUIRED IMPORTED_TARGET yajl)
pkg_check_modules(merit_xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(merit_sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(merit_cmocka REQUIRED IMPORTED_TARGET cmocka)
foreach(library zlib zstd yajl xlsxwriter sodium cmocka)
  add_library(merit_${library} ALIAS PkgConfig::merit_${library})
endforeach()

# What only some commands need is loaded on first use (io/library.h); only the headers are needed to build. libpq
# alone brings some twenty libraries, which linked would cost every command 3 ms.
function(mt_loaded_library name module)
  pkg_check_modules(merit_loaded_${name} REQUIRED ${module})
  add_library(merit_${name} INTERFACE)
  target_include_directories(merit_${name} SYSTEM INTERFACE ${merit_loaded_${name}_INCLUDE_DIRS})
endfunction()
mt_loaded_library(pq libpq)
mt_loaded_library(kafka rdkafka)
mt_loaded_library(mqtt libmosquitto)
mt_loaded_library(curl libcurl)
mt_loaded_library(hiredis hiredis)
mt_loaded_library(xml libxml-2.0)
mt_loaded_library(microhttpd libmicrohttpd)
mt_loaded_library(pdf "pangocairo;cairo-pdf;libqpdf;lcms2")

# DuckDB: a system-wide library with its header is preferred; else what scripts/setup put under deps/duckdb.
# The library is loaded on first use, so that a command on files alone never pays for it: only the header is
# needed to build.
find_path(DUCKDB_INCLUDE duckdb.h)
find_library(DUCKDB_LIBRARY duckdb)
set(MERIT_DUCKDB_BUNDLED OFF)
if(NOT DUCKDB_INCLUDE OR NOT DUCKDB_LIBRARY)
  set(DUCKDB_INCLUDE ${CMAKE_SOURCE_DIR}/deps/duckdb)
  set(DUCKDB_LIBRARY ${CMAKE_SOURCE_DIR}/deps/duckdb/libduckdb.so)
  set(MERIT_DUCKDB_BUNDLED ON)
endif()
if(NOT EXISTS ${DUCKDB_INCLUDE}/duckdb.h OR NOT EXISTS ${DUCKDB_LIBRARY})
  message(FATAL_ERROR "DuckDB is missing: run scripts/setup (it is what `make run` and `make test` start with)")
endif()
add_library(merit_duckdb INTERFACE)
target_include_directories(merit_duckdb SYSTEM INTERFACE ${DUCKDB_INCLUDE})

# The name it is opened by. Programs of the build folder find it by their run path, so that no path of this
# machine stands in the program; a sanitizer's dlopen does not look there and gets the whole path.
if(MERIT_SANITIZE)
  target_compile_definitions(merit_duckdb INTERFACE MERIT_DUCKDB_LIBRARY="${DUCKDB_LIBRARY}")
  # The engine throws C++ exceptions; a sanitizer wraps that call only if its library is there from the start.
  target_link_options(merit_duckdb INTERFACE -Wl,--no-as-needed -lstdc++ -Wl,--as-needed)
else()
  target_compile_definitions(merit_duckdb INTERFACE MERIT_DUCKDB_LIBRARY="libduckdb.so")
  if(MERIT_DUCKDB_BUNDLED)
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/deps/duckdb ${CMAKE_BINARY_DIR}/lib SYMBOLIC)
    set(CMAKE_BUILD_RPATH "$ORIGIN/lib;$ORIGIN/../lib") # of the program; of tests and benchmarks
  endif()
endif()
