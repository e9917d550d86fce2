/* A consumer that turns messages into observations by the mappings of their topics.
 *
 * Purpose   What `merit stream consume` and the server run for topics of prices, production, readings, …
 * Shapes    A topic without a mapping is MT_E_INPUT at the opening, with the known ones.
 * Time      known_at of a row is the mapping's field, else the message's time, else the store's clock: a
 *           message read twice gives the same rows.
 * Ownership mt_mapped_open/_close; the consumer borrows it.
 */
#ifndef MT_INGEST_MAPPED_H
#define MT_INGEST_MAPPED_H

#include "formats/series/mapping.h"
#include "ingest/consume.h"

MT_BEGIN_DECLS

typedef struct mt_mapped_topics mt_mapped_topics;

typedef struct mt_topic_mapping {
    const char *topic; /* "*": every topic that is not named; also a filter of MQTT, "site/+/meter" */
    const mt_mapping *mapping;
} mt_topic_mapping;

MT_MUST_USE mt_code mt_mapped_open(mt_ctx *cx, mt_mapped_topics **out, mt_store *store,
                                   const mt_topic_mapping *topic, size_t n);
void mt_mapped_close(mt_mapped_topics *topics); /* NULL allowed */

mt_consumer mt_mapped_consumer(mt_mapped_topics *topics);

/* Of all committed batches; any thread. */
mt_merge_counts mt_mapped_counts(const mt_mapped_topics *topics);

MT_END_DECLS
#endif
