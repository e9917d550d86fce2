/* Partitions come and go: the reader is told before they move, and says where to begin.
 *
 * Threads   Called by the library on the stream's own thread, from inside its poll.
 */
#ifndef MT_STREAM_KAFKA_REBALANCE_H
#define MT_STREAM_KAFKA_REBALANCE_H

#include "stream/kafka/consumer.h"

MT_BEGIN_DECLS

/* The library's rebalance callback; `opaque` is the client. */
void mt_kafka_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list,
                        void *opaque);

/* The library's form of positions; MT_POSITION_START is the oldest message. Destroyed by the caller. */
rd_kafka_topic_partition_list_t *mt_kafka_list(const mt_kafka_api *api, const mt_position *position,
                                               size_t n);

MT_END_DECLS
#endif
