# The fault campaign: consumers that are killed, servers that stop, disks that fill. ctest runs it short;
# tests/faults/torture runs it whole.
set(faults ${CMAKE_SOURCE_DIR}/tests/faults)
add_executable(faults_consumer ${faults}/consumer.c)
add_executable(faults_campaign ${faults}/campaign.c ${faults}/feed.c ${faults}/ledger.c ${faults}/letters.c
                               ${faults}/on_file.c ${faults}/on_server.c ${faults}/process.c)
foreach(program faults_consumer faults_campaign)
  target_include_directories(${program} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${program} PRIVATE merit_ingest)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endforeach()
add_dependencies(faults_campaign mock_broker)
mt_ctest(faults_short faults_campaign kills=30 stops=5)
set_tests_properties(faults_short PROPERTIES TIMEOUT 600) # a dead member is missed after seconds
