# The libraries from outside; DEPENDENCIES.md says what each is for and which room includes it.
pkg_check_modules(merit_zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(merit_zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(merit_yajl REQUIRED IMPORTED_TARGET yajl)
pkg_check_modules(merit_xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(merit_pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(merit_cmocka REQUIRED IMPORTED_TARGET cmocka)
foreach(library zlib zstd yajl xlsxwriter pq cmocka)
  add_library(merit_${library} ALIAS PkgConfig::merit_${library})
endforeach()

# DuckDB: a system-wide library with its header is preferred; else what scripts/setup put under deps/duckdb. The library
# is loaded on first use, so that a command on files alone never pays for it: only the header is needed to build.
find_path(DUCKDB_INCLUDE duckdb.h PATHS /usr/include /usr/local/include ${CMAKE_SOURCE_DIR}/deps/duckdb)
find_library(DUCKDB_LIBRARY duckdb PATHS /usr/lib /usr/local/lib ${CMAKE_SOURCE_DIR}/deps/duckdb)
if(NOT DUCKDB_INCLUDE OR NOT DUCKDB_LIBRARY)
  message(FATAL_ERROR "DuckDB is missing: run scripts/setup (it is what `make run` and `make test` start with)")
endif()
add_library(merit_duckdb INTERFACE)
target_include_directories(merit_duckdb SYSTEM INTERFACE ${DUCKDB_INCLUDE})
target_compile_definitions(merit_duckdb INTERFACE MERIT_DUCKDB_LIBRARY="${DUCKDB_LIBRARY}")
