# The mock broker of the tests: a Kafka cluster in a process of its own. It links librdkafka, which Merit itself
# never does.
pkg_check_modules(merit_rdkafka REQUIRED IMPORTED_TARGET rdkafka)
add_executable(mock_broker ${CMAKE_SOURCE_DIR}/tests/broker/mock_broker.c)
target_link_libraries(mock_broker PRIVATE PkgConfig::merit_rdkafka)
set_target_properties(mock_broker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
