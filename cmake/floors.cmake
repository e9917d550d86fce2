# How a folder of src/ becomes a library with its tests beside it.
#
#   mt_folder(name LIBS libraries… [NO_LIBRARY])
#
# Which folders it stands on is read from floors.txt. x.c goes into the library merit_<name>; x_test.c
# becomes the test <name>_x_test; fuzz/fuzz_x.c and bench/bench_x.c are handled in targets.cmake. Folders
# are globbed, so a new room is a new file and nothing else.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/floors.txt)

# MERIT_ARROWS_<folder>, as floors.txt has them; tests/floors_check refuses what is wrong in there.
function(mt_read_floors)
  file(STRINGS ${CMAKE_SOURCE_DIR}/floors.txt lines)
  foreach(line IN LISTS lines)
    if(line MATCHES "^(library|system|pure) " OR NOT line MATCHES "^([a-z][a-z0-9_ ]*):(.*)$")
      continue()
    endif()
    string(STRIP "${CMAKE_MATCH_1}" left)
    string(STRIP "${CMAKE_MATCH_2}" right)
    string(REGEX REPLACE " +" ";" left "${left}")
    string(REGEX REPLACE " +" ";" right "${right}")
    foreach(folder IN LISTS left)
      set_property(GLOBAL PROPERTY MERIT_ARROWS_${folder} ${right})
    endforeach()
  endforeach()
endfunction()
mt_read_floors()

function(mt_folder name)
  cmake_parse_arguments(F "NO_LIBRARY" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.c)
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_test\\.c$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.c$")
  get_property(arrows GLOBAL PROPERTY MERIT_ARROWS_${name})
  set(below "")
  foreach(folder IN LISTS arrows)
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
  set_property(GLOBAL PROPERTY MERIT_TESTS_${name} ${tests})
  set_property(GLOBAL PROPERTY MERIT_LIBS_${name} ${F_LIBS})
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
  mt_ctest(${name} ${name})
endfunction()

# A command that ctest runs from the repository's root; it skips with status 77.
function(mt_ctest name)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
                       ENVIRONMENT "MERIT_BINARY=${CMAKE_BINARY_DIR}/merit")
endfunction()
