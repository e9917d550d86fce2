/* The functions of the Kafka client library that Merit uses, found when they are first needed.
 *
 * Purpose   librdkafka brings SASL, TLS and compression libraries with it; only a Kafka stream needs them.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_kafka_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_STREAM_KAFKA_API_H
#define MT_STREAM_KAFKA_API_H

#include <librdkafka/rdkafka.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_KAFKA_LIST(X)                                                                          \
    X(rd_kafka_conf_new) X(rd_kafka_conf_destroy) X(rd_kafka_conf_set) X(rd_kafka_conf_set_opaque) \
    X(rd_kafka_set_log_queue) X(rd_kafka_conf_set_error_cb) X(rd_kafka_conf_set_rebalance_cb)   \
    X(rd_kafka_conf_set_offset_commit_cb) X(rd_kafka_conf_set_dr_msg_cb)                          \
    X(rd_kafka_new) X(rd_kafka_destroy) X(rd_kafka_destroy_flags) X(rd_kafka_event_log)             \
    X(rd_kafka_poll) X(rd_kafka_yield) X(rd_kafka_err2str) X(rd_kafka_fatal_error)                \
    X(rd_kafka_clusterid) X(rd_kafka_mem_free) X(rd_kafka_conf_set_stats_cb) \
    X(rd_kafka_topic_partition_list_new) X(rd_kafka_topic_partition_list_destroy)                 \
    X(rd_kafka_topic_partition_list_add) X(rd_kafka_topic_partition_list_find)                    \
    X(rd_kafka_subscribe) X(rd_kafka_poll_set_consumer) X(rd_kafka_queue_get_consumer)            \
    X(rd_kafka_queue_new) X(rd_kafka_queue_destroy) X(rd_kafka_queue_poll) X(rd_kafka_queue_yield) \
    X(rd_kafka_event_destroy) X(rd_kafka_event_error)                                             \
    X(rd_kafka_consume_queue) X(rd_kafka_consume_batch_queue) X(rd_kafka_message_destroy)         \
    X(rd_kafka_message_timestamp) X(rd_kafka_message_errstr) X(rd_kafka_topic_name)               \
    X(rd_kafka_rebalance_protocol) X(rd_kafka_assign) X(rd_kafka_incremental_assign)              \
    X(rd_kafka_incremental_unassign) X(rd_kafka_assignment_lost) X(rd_kafka_error_destroy)        \
    X(rd_kafka_error_string) X(rd_kafka_seek_partitions) X(rd_kafka_commit) X(rd_kafka_commit_queue) \
    X(rd_kafka_get_watermark_offsets) X(rd_kafka_query_watermark_offsets) X(rd_kafka_consumer_close) \
    X(rd_kafka_topic_new) X(rd_kafka_topic_destroy) X(rd_kafka_produce) X(rd_kafka_last_error)    \
    X(rd_kafka_flush) X(rd_kafka_purge)
/* clang-format on */

typedef struct mt_kafka_api {
    void *library;
    MT_KAFKA_LIST(MT_LIBRARY_MEMBER)
} mt_kafka_api;

MT_MUST_USE mt_code mt_kafka_load(mt_ctx *cx, mt_kafka_api *out, const char *path /* NULL: the system's */);
void mt_kafka_unload(mt_kafka_api *api);

MT_END_DECLS
#endif
