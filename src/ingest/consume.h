/* Where a stream meets the store: every message's rows exactly once, with the place it was read to.
 *
 * Purpose   Reads batches, lets a handler stage their rows, and commits rows, dead letters and positions in
 *           one transaction; only then the broker is told. A process that dies anywhere in between goes on
 *           where the store says, without loss and without a double.
 * Shapes    A batch holds at most `batch_max` messages or what came within `batch_wait`. The store's
 *           positions are the truth: when a part is assigned the stream is set to them; when another
 *           consumer has moved one (MT_E_CONFLICT) the batch is dropped and read again from there.
 * Errors    A store that fails for a while (MT_E_IO, MT_E_BUSY) is tried again with growing waits (to 30 s);
 *           the batch is kept and nothing is read meanwhile. A message that cannot be used becomes a dead
 *           letter, in the table and on the dead-letter topic where one is named; it stops nothing. A broker
 *           that is away is waited for; letters that it refuses (too large, not allowed) stay in the table
 *           only, which is counted and said once a minute.
 *           A message that the consumer or the store refuses (MT_E_INPUT, MT_E_UNIT, MT_E_SHAPE,
 *           MT_E_TOO_LARGE) is looked for by halves and becomes a dead letter too; a hundred such in a row
 *           mean that something else is wrong, and end the run. One whose rows the store answers with a
 *           conflict for 2 s though nobody moved a position breaks a constraint and counts as refused.
 *           Errors of the stream and MT_E_CANCELLED end the run; what is in hand is committed first where it
 *           can be, for at most 10 s.
 *           A message without a part that was assigned (a bus has none) keeps no position.
 * Threads   One run, one thread; its store may be shared.
 * Cost      One transaction a batch.
 */
#ifndef MT_INGEST_CONSUME_H
#define MT_INGEST_CONSUME_H

#include "store/data/offset_store.h"
#include "store/store.h"
#include "stream/stream.h"

MT_BEGIN_DECLS

/* What the messages mean. Called in this order for every batch: take, then (in the transaction) commit, then
 * done; none of them for a message that is stored as refused. */
typedef struct mt_consumer {
    /* Stages what message[0 … n-1] mean into `batch`. A message that cannot be used gets a sentence in
     * fault[k], in cx; its other rows are not staged. May be called again for the same messages with a new
     * batch. */
    mt_code (*take)(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                    const char **fault);
    /* More to do inside the transaction; NULL: nothing. May run again, see mt_store_write. */
    mt_code (*commit)(mt_ctx *cx, mt_tx *tx, void *arg);
    /* The batch is durable (ok) or was dropped: closes the sinks that take opened. Never NULL. */
    void (*done)(mt_ctx *cx, void *arg, bool ok);
    void *arg;
    /* Rows stored since the opening, for the metric; NULL: not told. */
    uint64_t (*rows)(const void *arg);
    /* Parts came or went, before any message of a new one is taken: another reader may have stored
     * messages of them meanwhile, so that what the consumer remembers of the store may be old. NULL: it
     * remembers nothing. */
    void (*parts_changed)(mt_ctx *cx, void *arg);
} mt_consumer;

/* Where a run may be watched or stopped by a test; the product passes none. */
typedef enum mt_consume_point {
    MT_CONSUME_RECEIVED,  /* messages are in hand, nothing is staged */
    MT_CONSUME_INSIDE,    /* inside the transaction, before its commit */
    MT_CONSUME_COMMITTED, /* the transaction is durable, the broker was not told */
    MT_CONSUME_REBALANCE, /* inside an assignment or a revocation */
    MT_CONSUME_POINTS
} mt_consume_point;

typedef struct mt_consume_options {
    size_t size; /* sizeof(mt_consume_options) */
    mt_store *store;
    mt_stream_options stream; /* its events are the run's own */
    mt_consumer consumer;
    const char *dead_topic;        /* NULL: dead letters go to the table only */
    size_t batch_max;              /* messages; 0: 20,000 */
    int64_t batch_wait_us;         /* 0: 200 ms; what a message waits at most for its batch to fill */
    mt_metrics *metrics;           /* NULL allowed */
    mt_monotonic_fn *monotonic_us; /* needed */
    void (*probe)(void *arg, mt_consume_point point); /* NULL: none */
    void *probe_arg;
    void (*committed)(void *arg, uint64_t messages); /* after each commit; NULL: none */
    void *committed_arg;
    const char *name; /* of this consumer, a label beside its group: a group may read in many; NULL: none */
} mt_consume_options;

typedef struct mt_consume_counts {
    uint64_t messages, dead, batches, dropped /* batches, because another consumer had them */, retries;
} mt_consume_counts;

/* Until the context is cancelled (then MT_OK, after a clean end), or the stream's end with
 * stream.until_end. */
MT_MUST_USE mt_code mt_consume(mt_ctx *cx, const mt_consume_options *options, mt_consume_counts *counts);

MT_END_DECLS
#endif
