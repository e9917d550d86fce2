/* What the rooms behind mt_consume share: the run, its positions, what is watched of it.
 *
 * Purpose   Nothing outside this folder includes it. consume.c reads and is told of parts; deliver.c brings a
 *           batch into the store; dead_topic.c tells of dead letters; patience.c waits for what is away;
 *           positions.c keeps where each part stands.
 * Ownership `cx` is the caller's and may be cancelled; `work` is the run's own, so that a batch in hand can
 *           be finished then. Both are reset after each batch: what lives longer is allocated.
 */
#ifndef MT_INGEST_RUN_H
#define MT_INGEST_RUN_H

#include "ingest/consume.h"
#include "ingest/positions.h"

MT_BEGIN_DECLS

typedef struct mt_consume_watch {
    mt_metric *messages, *rows, *dead, *batches, *conflicts, *retries;
    mt_metric *seconds, *lag, *last_commit, *waiting, *untold;
    uint64_t rows_told;
    int64_t lag_at; /* monotonic: when it was asked last */
} mt_consume_watch;

/* Waits that grow while something is away. */
typedef struct mt_patience {
    int64_t wait_us; /* 0: nothing is away */
    uint64_t tries;
} mt_patience;

typedef struct mt_run {
    mt_ctx *cx;
    mt_ctx work;
    mt_consume_options options;
    mt_stream *stream;
    mt_producer *letters;  /* NULL until the first one goes to a topic */
    int64_t letters_at;    /* monotonic: the topic is not tried before */
    int64_t untold_logged; /* monotonic: when it was said last that letters are in the table only; 0: never */
    mt_places places;
    mt_patience patience;
    mt_consume_watch watch;
    mt_consume_counts counts;
    int64_t stop_us; /* atomic; monotonic: when the caller wanted an end; 0: he did not */
    size_t refused;  /* messages in a row that the store or the consumer did not take */
    int conflicts;   /* of this delivery, that no consumer's position explains */
    char reason[MT_ERR_TEXT_MAX];
} mt_run;

/* Messages on their way into the store in one transaction. */
typedef struct mt_hand {
    const mt_message *message;
    size_t n;
    size_t rest;        /* n and those read with them that are still to come */
    const char **fault; /* n of them */
    bool refuse;        /* they become dead letters for run->reason */
    bool told;          /* its dead letters are on their topic */
    bool unknown;       /* a commit failed: it may be stored all the same */
    bool dropped;       /* another consumer has them */
    size_t dead;
} mt_hand;

/* All of them, in as many transactions as it takes. */
MT_MUST_USE mt_code mt_run_deliver(mt_run *run, const mt_message *message, size_t n);

/* The hand's dead letters to the topic, where one is named; returns when they are acknowledged, or refused:
 * then they are in the table only. MT_E_IO: the broker is away. */
MT_MUST_USE mt_code mt_dead_topic_send(mt_run *run, const mt_hand *hand);

/* True for failures that pass. */
bool mt_patience_helps(mt_code code);

/* After the failure in `work`: waits longer than before. Fails when the caller wants an end. */
MT_MUST_USE mt_code mt_patience_wait(mt_run *run);
void mt_patience_over(mt_run *run);

int64_t mt_run_monotonic(const mt_run *run);
void mt_run_probe(const mt_run *run, mt_consume_point point);

MT_MUST_USE mt_code mt_watch_open(mt_run *run);
void mt_watch_batch(mt_run *run, const mt_hand *hand, int64_t since_us);
void mt_watch_lag(mt_run *run);

MT_END_DECLS
#endif
