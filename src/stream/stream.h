/* The door to message streams: a broker, a file that grows, a device bus, one way of reading.
 *
 * Purpose   A stream gives batches of messages, each with the place it came from; the reader keeps the places
 *           and says which are done. Who keeps them in the same transaction as the rows gets each message
 *           exactly once.
 * Shapes    url: "kafka://HOST:PORT,HOST:PORT", "file:PATH" (a tail: one message a line), "mqtt://HOST:PORT".
 *           A position is the next message to read of (topic, part): an offset of a broker's partition, a
 *           byte of a file. For a file the topic is its name without folder and the part a number of that
 *           very file: one that was replaced starts again under another part, also where it got the same
 *           inode; one that was cut short starts again too, as a rule under the same
 *           (file/tail.h). MQTT has no positions: they are serial numbers of each topic that go on where the
 *           reader's record says, and delivery is at least once: what was not committed comes again
 *           (mqtt/reader.h says what that asks of the broker).
 * Time      A message's time is the broker's, of a file's line the moment it was read.
 * Errors    MT_E_INPUT  unknown kind of url (lists the known), an unknown setting;  MT_E_ABSENT  the client
 *           library is missing (package named);  MT_E_REMOTE  the broker refuses for good (authorisation, an
 *           unknown topic);  MT_E_CANCELLED, MT_E_DEADLINE. A broker that is away is no error: poll waits and
 *           goes on when it is back; mt_stream_state tells.
 * Ownership mt_stream_open/_close; close leaves the group at once, without committing. Messages are borrowed
 *           until the next poll.
 * Threads   One stream, one thread.
 */
#ifndef MT_STREAM_STREAM_H
#define MT_STREAM_STREAM_H

#include "base/metric.h"
#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

#define MT_POSITION_START INT64_MIN /* nothing was read yet */

typedef struct mt_position {
    const char *topic;
    int64_t part;
    int64_t next; /* the next message to read */
} mt_position;

typedef struct mt_message {
    mt_text topic; /* a 0 byte follows */
    int64_t part;
    int64_t position;
    int64_t next;  /* position to go on at after it */
    mt_time time;  /* MT_TIME_NONE: not told */
    mt_text key;   /* at NULL: none */
    mt_text value; /* at NULL: none (a tombstone) */
    bool unasked;  /* of a topic that was not asked for: a bus may still send for an earlier subscription */
} mt_message;

/* What the reader is told while it polls; both are called on its own thread, from inside mt_stream_poll. */
typedef struct mt_stream_events {
    /* Parts are now this reader's: sets position[k].next from where it keeps them (MT_POSITION_START: from
     * the oldest message). An error stops the stream. */
    mt_code (*assigned)(mt_ctx *cx, void *arg, mt_position *position, size_t n);
    /* Parts go to another reader: what is in hand must be finished or dropped before this returns. `lost`:
     * they are somebody else's already, so nothing may be committed for them. */
    mt_code (*revoked)(mt_ctx *cx, void *arg, const mt_position *position, size_t n, bool lost);
    void *arg;
} mt_stream_events;

typedef struct mt_stream_options {
    size_t size; /* sizeof(mt_stream_options) */
    const char *url;
    const char *const *topic; /* n_topic of them; a file has none */
    size_t n_topic;
    const char *group;         /* of consumers; NULL: "merit" */
    const char *settings_path; /* a file of the client's own settings, "name=value" a line: TLS, passwords;
                                * NULL: none */
    mt_stream_events events;
    uint64_t queue_bytes; /* fetched ahead at most: the back-pressure; 0: 64 MiB */
    bool until_end;       /* poll ends (n = 0, *end) at what is there now, instead of waiting for more */
    mt_metrics *metrics;  /* NULL allowed */
} mt_stream_options;

typedef struct mt_stream mt_stream;

MT_MUST_USE mt_code mt_stream_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options);
void mt_stream_close(mt_stream *stream); /* NULL allowed */

typedef struct mt_messages {
    const mt_message *at;
    size_t n;
    bool end; /* with until_end: everything that was there is read */
} mt_messages;

/* At most `max` messages; waits at most `wait_us` for the first one, and not longer than that for more. n 0:
 * none came. */
MT_MUST_USE mt_code mt_stream_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max,
                                   int64_t wait_us);

/* Tells the broker what is done, for those who watch its lag; the reader's own record is the one that counts.
 * Failures are logged, not returned. On a bus this acknowledges the messages: a reader that never
 * commits gets no more than the broker's window. A file does nothing. */
void mt_stream_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n);

/* Reads on at another place of an assigned part. */
MT_MUST_USE mt_code mt_stream_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position);

/* Messages (of a file: bytes) behind the end, over the assigned parts; -1 where that is not known. */
int64_t mt_stream_lag(mt_stream *stream);

/* The stream's own name for its records: "kafka:" and the broker's cluster id, "file:" and the real path,
 * "mqtt:" and the address. In cx; the broker is asked once. */
MT_MUST_USE mt_code mt_stream_name(mt_ctx *cx, mt_stream *stream, const char **out);

typedef enum mt_stream_state { MT_STREAM_STARTING, MT_STREAM_RUNNING, MT_STREAM_AWAY } mt_stream_state;
mt_stream_state mt_stream_state_of(const mt_stream *stream);

/* --- writing ----------------------------------------------------------------------------------------- */

typedef struct mt_producer mt_producer;

typedef struct mt_producer_options {
    size_t size;
    const char *url; /* kafka://…, mqtt://…, file:PATH (appends lines, synced at flush) */
    const char *settings_path;
    mt_metrics *metrics;
} mt_producer_options;

MT_MUST_USE mt_code mt_producer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options);
void mt_producer_close(mt_producer *producer); /* NULL allowed; what was not flushed may be lost */

/* Copies; waits while the queue is full. The broker's producer is idempotent: each message is written once,
 * in order by key. */
MT_MUST_USE mt_code mt_producer_send(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key,
                                     mt_text value);

/* Returns when all that was sent is acknowledged; MT_E_REMOTE names the first message that the broker
 * refused, MT_E_IO the first that it did not answer in time. */
MT_MUST_USE mt_code mt_producer_flush(mt_ctx *cx, mt_producer *producer);

MT_END_DECLS
#endif
