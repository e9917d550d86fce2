# Compiler flags: warnings are errors everywhere, hardening in release, sanitizers by preset.
set(MERIT_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")
option(MERIT_COVERAGE "measure line and branch coverage" OFF)
option(MERIT_WERROR "treat warnings as errors" ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion -Wno-sign-conversion -Wstrict-prototypes
                    -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef -Werror=format-security
                    -fno-strict-aliasing)
if(MERIT_WERROR)
  add_compile_options(-Werror)
endif()
add_compile_definitions(_GNU_SOURCE)
include_directories(${CMAKE_SOURCE_DIR}/src)

if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # Fortify and friends, after the OpenSSF compiler hardening guide.
  set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection=full)
  endif()
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
endif()

if(MERIT_SANITIZE)
  add_compile_options(-fsanitize=${MERIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MERIT_SANITIZE})
endif()
if(MERIT_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
