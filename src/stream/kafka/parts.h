/* The partitions that this reader holds, and where it is in each.
 *
 * Purpose   Gives every message its topic's name and place, and knows what is still to come.
 * Ownership mt_kafka_parts_close; a part and its name live until it is removed.
 * Cost      Searched one by one: a reader holds tens of partitions, and messages come in runs of one.
 */
#ifndef MT_STREAM_KAFKA_PARTS_H
#define MT_STREAM_KAFKA_PARTS_H

#include "base/metric.h"
#include "stream/stream.h"

MT_BEGIN_DECLS

typedef struct mt_kafka_part {
    char *topic;
    int32_t part;
    int64_t asked; /* where reading was to begin; MT_POSITION_START once the first message has come */
    int64_t next;
    int64_t done; /* to be told to the group; MT_POSITION_START: nothing new */
    bool at_end;  /* with until_end */
    bool touched; /* assigned or sought while messages were being fetched: those before are stale */
    mt_metric *lag;
} mt_kafka_part;

typedef struct mt_kafka_parts {
    mt_kafka_part **at;
    size_t n, room;
    char *group; /* of readers: a label of what is watched */
} mt_kafka_parts;

/* The rest of a new one is zero. */
MT_MUST_USE mt_code mt_kafka_parts_open(mt_ctx *cx, mt_kafka_parts *parts, const char *group);

void mt_kafka_parts_close(mt_kafka_parts *parts);

/* NULL: not held. */
mt_kafka_part *mt_kafka_parts_find(const mt_kafka_parts *parts, const char *topic, int32_t part);

/* The part, new or as it is; its place is set to `next`. */
MT_MUST_USE mt_code mt_kafka_parts_put(mt_ctx *cx, mt_kafka_parts *parts, const mt_position *position,
                                       mt_metrics *metrics);
void mt_kafka_parts_remove(mt_kafka_parts *parts, const char *topic, int32_t part);

MT_END_DECLS
#endif
