# Compiler flags: warnings are errors everywhere, hardening in release, sanitizers and coverage by preset.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported()

set(MERIT_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")
option(MERIT_COVERAGE "measure line and branch coverage" OFF)
option(MERIT_FUZZ "build the fuzzers with clang's libFuzzer" OFF)
option(MERIT_WERROR "treat warnings as errors" ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion -Wno-sign-conversion
                    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef
                    -Werror=format-security -fno-strict-aliasing -Wno-overlength-strings)
if(MERIT_WERROR)
  add_compile_options(-Werror)
endif()
add_compile_definitions(_GNU_SOURCE MERIT_VERSION="${PROJECT_VERSION}")
include_directories(${CMAKE_SOURCE_DIR}/src)

# The same sources give the same bytes wherever they lie: no path of this machine gets into the program.
if(NOT MERIT_COVERAGE)
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
endif()

set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(MERIT_HARDENED OFF)
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo)$" AND NOT MERIT_SANITIZE)
  # Fortify and friends, after the OpenSSF compiler hardening guide; tests/hardening_check looks for them in
  # the program.
  set(MERIT_HARDENED ON)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    add_compile_options(-mbranch-protection=standard)
  endif()
  check_c_compiler_flag(-fstrict-flex-arrays=3 MERIT_HAS_STRICT_FLEX_ARRAYS)
  if(MERIT_HAS_STRICT_FLEX_ARRAYS)
    add_compile_options(-fstrict-flex-arrays=3)
  endif()
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
endif()

if(MERIT_SANITIZE)
  add_compile_options(-fsanitize=${MERIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MERIT_SANITIZE})
  # gcc's flow analysis loses its way in instrumented code; the builds without sanitizers keep the warning.
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized -Wno-format-truncation)
  endif()
endif()
if(MERIT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MERIT_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

# Compiling again what was compiled before costs nothing where ccache is installed.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_C_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
