# `make install`: the program, the library of the domain wing with its headers and pkg-config file,
# pipelines, DuckDB.
set(MERIT_LIBRARY_FOLDERS base terms num market vpp simulate)

set(objects "")
set(public "")
foreach(folder ${MERIT_LIBRARY_FOLDERS})
  if(TARGET merit_${folder})
    list(APPEND objects $<TARGET_OBJECTS:merit_${folder}>)
  endif()
  # Public is what exports something, and the nouns; what is shared inside a folder only does not leave it.
  file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR}/src CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.h)
  foreach(header ${headers})
    file(STRINGS ${CMAKE_SOURCE_DIR}/src/${header} exports REGEX "^[^*]*MT_API")
    if(exports OR folder STREQUAL "terms")
      list(APPEND public ${header})
    endif()
  endforeach()
endforeach()
# … and what those include, and so on: the list grows while it is walked.
set(k 0)
list(LENGTH public n)
while(k LESS n)
  list(GET public ${k} header)
  file(STRINGS ${CMAKE_SOURCE_DIR}/src/${header} includes REGEX "^#include \"")
  foreach(line IN LISTS includes)
    string(REGEX REPLACE "^#include \"([^\"]*)\".*" "\\1" included "${line}")
    if(NOT included IN_LIST public)
      list(APPEND public ${included})
    endif()
  endforeach()
  list(LENGTH public n)
  math(EXPR k "${k} + 1")
endwhile()
foreach(header ${public})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${CMAKE_SOURCE_DIR}/src/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/merit/${folder})
endforeach()

add_library(merit_shared SHARED ${objects})
target_link_libraries(merit_shared PRIVATE Threads::Threads m)
target_link_options(merit_shared PRIVATE -Wl,--no-undefined)
set_target_properties(merit_shared PROPERTIES OUTPUT_NAME merit LINKER_LANGUAGE C
                      VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} SKIP_BUILD_RPATH ON)
install(TARGETS merit_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})

# The file finds its prefix from where it lies, so an installation may be moved as a whole.
file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
configure_file(${CMAKE_SOURCE_DIR}/cmake/merit.pc.in ${CMAKE_BINARY_DIR}/merit.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/merit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/pipelines DESTINATION ${CMAKE_INSTALL_DATADIR}/merit)
if(MERIT_DUCKDB_BUNDLED)
  install(PROGRAMS ${DUCKDB_LIBRARY} DESTINATION lib/merit) # where the program looks, from its own place
endif()
if(TARGET merit)
  install(TARGETS merit RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # What the program writes about itself: its manual page and completions.
  function(mt_document file folder)
    add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/${file} DEPENDS merit VERBATIM
                       COMMAND $<TARGET_FILE:merit> ${ARGN} > ${CMAKE_BINARY_DIR}/${file})
    install(FILES ${CMAKE_BINARY_DIR}/${file} DESTINATION ${folder})
    set_property(GLOBAL APPEND PROPERTY MERIT_DOCUMENTS ${CMAKE_BINARY_DIR}/${file})
  endfunction()
  mt_document(merit.1 ${CMAKE_INSTALL_MANDIR}/man1 docs man)
  mt_document(completions/merit ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completion bash)
  mt_document(completions/_merit ${CMAKE_INSTALL_DATADIR}/zsh/site-functions completion zsh)
  mt_document(completions/merit.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completion fish)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/completions)
  get_property(documents GLOBAL PROPERTY MERIT_DOCUMENTS)
  add_custom_target(documents ALL DEPENDS ${documents})
endif()

mt_ctest(library_builds_from_its_installation ${CMAKE_SOURCE_DIR}/tests/library/check ${CMAKE_BINARY_DIR})
