# Tests of the house itself: who includes whom, style, what a folder keeps in memory, what the linker was
# told.
mt_ctest(house_floors ${CMAKE_SOURCE_DIR}/tests/floors_check .)
mt_ctest(house_floors_refuses ${CMAKE_SOURCE_DIR}/tests/floors_check_test)
mt_ctest(house_fuzzers ${CMAKE_SOURCE_DIR}/tests/fuzz_check .)
mt_ctest(house_style ${CMAKE_SOURCE_DIR}/tests/style_check .)
mt_ctest(house_style_refuses ${CMAKE_SOURCE_DIR}/tests/style_check_test)

# What the command line promises, word for word.
if(TARGET merit)
  file(GLOB transcripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/cli/*.txt)
  foreach(transcript ${transcripts})
    get_filename_component(stem ${transcript} NAME_WE)
    mt_ctest(cli_${stem} ${CMAKE_SOURCE_DIR}/tests/transcripts ${transcript})
  endforeach()
endif()

if(MERIT_HARDENED)
  set(archives "")
  foreach(library ${everything})
    list(APPEND archives $<TARGET_FILE:${library}>)
  endforeach()
  mt_ctest(house_keeps_no_global_state ${CMAKE_SOURCE_DIR}/tests/globals_check ${archives})
  if(TARGET merit)
    mt_ctest(house_hardening ${CMAKE_SOURCE_DIR}/tests/hardening_check $<TARGET_FILE:merit>)
  endif()
endif()

include(${CMAKE_SOURCE_DIR}/tests/broker/broker.cmake)
include(${CMAKE_SOURCE_DIR}/tests/faults/faults.cmake)
include(${CMAKE_SOURCE_DIR}/tests/reference/reference.cmake)
