/* Messages of a bus on their way to the reader: copied as they come, numbered topic by topic.
 *
 * Purpose   A bus has no positions; each topic gets serial numbers that go on where the reader's own record
 *           says. The inbox knows which numbers were given out and not yet committed.
 * Ownership mt_inbox_close. Messages are borrowed until mt_inbox_clear.
 * Cost      One copy of each message; topics are found by hashing.
 */
#ifndef MT_STREAM_MQTT_INBOX_H
#define MT_STREAM_MQTT_INBOX_H

#include "stream/stream.h"

MT_BEGIN_DECLS

typedef struct mt_inbox_topic {
    char *name;
    size_t length;
    int64_t next; /* MT_POSITION_START: the reader was not asked yet */
    int64_t done; /* committed up to here */
} mt_inbox_topic;

typedef struct mt_inbox_row {
    size_t topic;      /* index */
    size_t at, length; /* in bytes[] */
} mt_inbox_row;

typedef struct mt_inbox {
    mt_inbox_topic *topic;
    size_t n_topic, topic_room;
    uint32_t *slot; /* hash table of topic index + 1; slots is a power of two */
    size_t slots;
    mt_inbox_row *row;
    size_t n, row_room, given; /* rows; those given to the reader */
    char *bytes;
    size_t used, room;
    size_t open_topics; /* with numbers given out and not committed */
    bool overflow;      /* memory ran out in a callback */
    mt_time read_at;
} mt_inbox;

void mt_inbox_close(mt_inbox *inbox);
void mt_inbox_clear(mt_inbox *inbox); /* forgets the messages, not the topics */

/* From the library's callback; on lack of memory sets `overflow`. */
void mt_inbox_add(mt_inbox *inbox, const char *topic, const void *value, size_t length);

/* Asks the reader for the numbers of topics that are new; then message[0 … n-1] are the next ones. */
MT_MUST_USE mt_code mt_inbox_number(mt_ctx *cx, mt_inbox *inbox, const mt_stream_events *events);
size_t mt_inbox_give(mt_inbox *inbox, mt_message *message, size_t max);

/* The topic's next number as the reader wants it; false: no such topic. */
bool mt_inbox_seek(mt_inbox *inbox, const char *topic, int64_t next);
void mt_inbox_commit(mt_inbox *inbox, const char *topic, int64_t next);

MT_END_DECLS
#endif
