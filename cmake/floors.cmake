# How a folder of src/ becomes a library with its tests, fuzzers and benchmarks beside it.
#
#   mt_folder(name ON folders… LIBS libraries… [NO_LIBRARY])
#
# x.c goes into the library merit_<name>; x_test.c becomes the test <name>_x_test; fuzz/fuzz_x.c and bench/bench_x.c are
# handled in targets.cmake. Folders are globbed, so a new room is a new file and nothing else.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

set(MERIT_FOLDERS "")

function(mt_folder name)
  cmake_parse_arguments(F "NO_LIBRARY" "" "ON;LIBS" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.c)
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_test\\.c$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.c$")
  set(below "")
  foreach(folder ${F_ON})
    if(TARGET merit_${folder})
      list(APPEND below merit_${folder})
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY MERIT_FOLDERS ${name})
  set_property(GLOBAL PROPERTY MERIT_BELOW_${name} ${below})

  if(NOT F_NO_LIBRARY AND sources)
    add_library(merit_${name} STATIC ${sources})
    target_link_libraries(merit_${name} PUBLIC ${below} ${F_LIBS})
    set(below merit_${name})
  endif()
  foreach(test ${tests})
    get_filename_component(stem ${test} NAME_WE)
    mt_test(${name}_${stem} ${test} ${below})
  endforeach()
endfunction()

# A cmocka program that ctest runs from the repository's root.
function(mt_test name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${ARGN} merit_cmocka)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
                       ENVIRONMENT "MERIT_BINARY=${CMAKE_BINARY_DIR}/merit")
endfunction()
