# `make install`: the program, the library of the domain wing with its headers and pkg-config file,
# pipelines, DuckDB.
set(MERIT_LIBRARY_FOLDERS base terms num market simulate)

set(objects "")
foreach(folder ${MERIT_LIBRARY_FOLDERS})
  if(TARGET merit_${folder})
    list(APPEND objects $<TARGET_OBJECTS:merit_${folder}>)
  endif()
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/src/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/merit
          FILES_MATCHING PATTERN "*.h")
endforeach()
add_library(merit_shared SHARED ${objects})
target_link_libraries(merit_shared PRIVATE Threads::Threads m)
target_link_options(merit_shared PRIVATE -Wl,--no-undefined)
set_target_properties(merit_shared PROPERTIES OUTPUT_NAME merit LINKER_LANGUAGE C
                      VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
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
endif()

mt_ctest(library_builds_from_its_installation ${CMAKE_SOURCE_DIR}/tests/library/check ${CMAKE_BINARY_DIR})
