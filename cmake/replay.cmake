# Parsers under sanitizers: fuzzers with clang, and in every test run a replay of their corpora.
#
# fuzz/fuzz_x.c holds LLVMFuzzerTestOneInput. With MERIT_FUZZ it becomes the libFuzzer program fuzz_x.
# Otherwise it becomes fuzz_x_replay, a plain program that hands it every file of fuzz/corpus/x; ctest runs
# that. Where the build itself is not sanitized, MERIT_REPLAY compiles the folders once more under ASan and
# UBSan for it, and runs the room tests of the folders that read bytes from outside against these twins too.
option(MERIT_REPLAY "compile the folders once more under ASan and UBSan and replay the corpora" OFF)
set(MERIT_REPLAY_FOLDERS base io formats sources)

file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fuzz/fuzz_*.c)

# merit_<folder>_sanitized beside merit_<folder>. The fortified C library would hide overflows from ASan.
function(mt_sanitized_twin folder)
  get_target_property(sources merit_${folder} SOURCES)
  get_property(below GLOBAL PROPERTY MERIT_BELOW_${folder})
  get_property(libs GLOBAL PROPERTY MERIT_LIBS_${folder})
  list(TRANSFORM below APPEND _sanitized)
  add_library(merit_${folder}_sanitized STATIC ${sources})
  target_compile_options(merit_${folder}_sanitized PUBLIC -fsanitize=address,undefined -fno-sanitize-recover=all
                         -fno-omit-frame-pointer "SHELL:-U_FORTIFY_SOURCE"
                         "$<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-format-truncation>")
  target_link_options(merit_${folder}_sanitized PUBLIC -fsanitize=address,undefined)
  target_link_libraries(merit_${folder}_sanitized PUBLIC ${below} ${libs})
endfunction()

if(MERIT_SANITIZE)
  set(parsers ${everything})
elseif(MERIT_REPLAY)
  foreach(folder ${folders})
    if(TARGET merit_${folder})
      mt_sanitized_twin(${folder})
      list(APPEND parsers merit_${folder}_sanitized)
    endif()
  endforeach()
  foreach(folder ${MERIT_REPLAY_FOLDERS})
    get_property(tests GLOBAL PROPERTY MERIT_TESTS_${folder})
    foreach(test ${tests})
      get_filename_component(stem ${test} NAME_WE)
      mt_test(${folder}_${stem}_sanitized ${test} merit_${folder}_sanitized)
    endforeach()
  endforeach()
endif()

add_custom_target(fuzzers)
foreach(source ${fuzzers})
  get_filename_component(stem ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" noun ${stem})
  if(MERIT_FUZZ)
    add_executable(${stem} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(${stem} PRIVATE ${everything})
    target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${stem})
  elseif(parsers)
    add_executable(${stem}_replay ${source} ${CMAKE_SOURCE_DIR}/fuzz/replay.c)
    target_link_libraries(${stem}_replay PRIVATE ${parsers})
    set_target_properties(${stem}_replay PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    mt_ctest(${stem}_replay ${stem}_replay fuzz/corpus/${noun})
  endif()
endforeach()
