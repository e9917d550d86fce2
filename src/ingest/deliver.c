/* A batch on its way into the store: one transaction, tried until it is there or was somebody else's. */
#include "ingest/run.h"

#include "ingest/letters.h"

#include <stdio.h>
#include <string.h>

enum { REFUSED_MAX = 100, SEEKS_MAX = 20, CONFLICTS_MAX = 5, CONFLICTS_LATER = 2, SHORT_WAIT_US = 25000 };

/* What a transaction is for. */
struct inside {
    const mt_run *run;
    const mt_hand *hand;
};

/* May run on the store's writer, and may run again. A refused message was not taken: the consumer has nothing
 * to commit. */
static mt_code commit_inside(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct inside *inside = arg;
    const mt_run *run = inside->run;
    const mt_consumer *consumer = &run->options.consumer;
    MT_TRY(mt_places_advance(cx, tx, &run->places));
    if (consumer->commit && !inside->hand->refuse) MT_TRY(consumer->commit(cx, tx, consumer->arg));
    mt_run_probe(run, MT_CONSUME_INSIDE);
    return MT_OK;
}

static size_t count_faults(const mt_hand *hand)
{
    size_t n = 0;
    for (size_t k = 0; k < hand->n; k++) n += hand->fault[k] != NULL;
    return n;
}

static mt_code stage_letters(mt_run *run, mt_batch *batch, mt_hand *hand)
{
    mt_letters *letters;
    hand->dead = count_faults(hand);
    if (!hand->dead) return MT_OK;
    MT_TRY(mt_letters_new(&run->work, &letters, hand->dead));
    for (size_t k = 0; k < hand->n; k++) {
        const mt_message *message = &hand->message[k];
        if (!hand->fault[k]) continue;
        mt_letters_put(letters, &(mt_letter){.stream = mt_text_of(run->places.stream),
                                             .topic = message->topic,
                                             .part = message->part,
                                             .position = message->position,
                                             .received_at = mt_store_now(run->options.store),
                                             .reason = mt_text_of(hand->fault[k]),
                                             .key = message->key,
                                             .message = message->value});
    }
    return mt_letters_merge(&run->work, letters, batch);
}

static mt_code stage(mt_run *run, mt_batch *batch, mt_hand *hand)
{
    const mt_consumer *consumer = &run->options.consumer;
    memset(hand->fault, 0, hand->n * sizeof *hand->fault);
    if (hand->refuse)
        for (size_t k = 0; k < hand->n; k++) hand->fault[k] = run->reason;
    else
        MT_TRY(consumer->take(&run->work, consumer->arg, batch, hand->message, hand->n, hand->fault));
    MT_TRY(stage_letters(run, batch, hand));
    if (!hand->told) MT_TRY(mt_dead_topic_send(run, hand));
    hand->told = true;
    return MT_OK;
}

/* A conflict that is nobody's position: two writers met, which passes, or a row that the store never takes.
 * The latter counts as refused; the halves that its message is then looked for in wait less for it. */
static mt_code doubt(mt_run *run)
{
    mt_text sentence = mt_text_of(run->work.err);
    if (++run->conflicts <= CONFLICTS_MAX) return MT_E_BUSY;
    run->conflicts = CONFLICTS_MAX - CONFLICTS_LATER;
    run->patience.wait_us = SHORT_WAIT_US;
    MT_TRY(mt_text_copy(&run->work, &sentence.at, sentence));
    return mt_fail(&run->work, MT_E_INPUT, "%s", sentence.at);
}

/* After a conflict: is the batch stored already (an answer that was lost), or did another consumer move a
 * position? MT_OK: stored; MT_E_CONFLICT: moved; else see doubt. */
static mt_code find_outcome(mt_run *run, const mt_hand *hand)
{
    mt_places *places = &run->places;
    bool stored = hand->unknown, moved = false;
    for (size_t k = 0; k < places->n; k++) {
        int64_t now;
        const mt_place *place = &places->at[k];
        if (!place->touched) continue;
        MT_TRY(mt_places_read(&run->work, places, place, &now));
        stored = stored && now == place->next;
        moved = moved || now != place->stored;
    }
    if (!moved) return doubt(run);
    return stored ? MT_OK : MT_E_CONFLICT;
}

static mt_code commit(mt_run *run, mt_batch *batch, mt_hand *hand)
{
    struct inside inside = {run, hand};
    mt_code code = mt_batch_commit(&run->work, batch, commit_inside, &inside);
    if (code == MT_E_CONFLICT) code = find_outcome(run, hand);
    if (code != MT_OK) hand->unknown = true;
    return code;
}

/* One transaction, one try. The consumer's sinks close before the batch that they write to. */
static mt_code try_once(mt_run *run, mt_hand *hand)
{
    mt_batch *batch = NULL;
    const mt_consumer *consumer = &run->options.consumer;
    MT_TRY(mt_batch_open(&run->work, &batch, run->options.store));
    mt_code code = stage(run, batch, hand);
    if (code == MT_OK) code = commit(run, batch, hand);
    if (!hand->refuse) consumer->done(&run->work, consumer->arg, code == MT_OK);
    mt_batch_close(batch);
    return code;
}

/* Another consumer has them: reading goes on where the store says, also in parts that were to follow. */
static mt_code drop(mt_run *run, mt_hand *hand)
{
    mt_places *places = &run->places;
    mt_places_touch(places, hand->message, hand->rest);
    for (size_t k = 0; k < places->n; k++) {
        mt_place *place = &places->at[k];
        if (!place->touched) continue;
        MT_TRY(mt_places_read(&run->work, places, place, &place->stored));
        const mt_position position = {place->topic, place->part, place->stored};
        MT_TRY(mt_stream_seek(&run->work, run->stream, &position));
    }
    return MT_OK;
}

static mt_code settle(mt_run *run, const mt_hand *hand)
{
    mt_position *position;
    size_t n;
    run->counts.messages += hand->n;
    run->counts.dead += hand->dead;
    run->counts.batches++;
    MT_TRY(mt_places_settle(&run->work, &run->places, &position, &n));
    mt_run_probe(run, MT_CONSUME_COMMITTED);
    mt_stream_commit(&run->work, run->stream, position, n);
    if (run->options.committed) run->options.committed(run->options.committed_arg, hand->n);
    return MT_OK;
}

typedef mt_code step_fn(mt_run *run, mt_hand *hand);

/* Until it is done or fails for good, or the caller wants an end. */
static mt_code try_until(mt_run *run, mt_hand *hand, step_fn *step)
{
    for (;;) {
        mt_mark mark = mt_arena_mark(&run->work.arena);
        mt_code code = step(run, hand);
        bool remote = code == MT_E_REMOTE && run->patience.tries < SEEKS_MAX;
        if (code == MT_OK) mt_patience_over(run);
        if (!mt_patience_helps(code) && !remote) return code;
        mt_arena_reset(&run->work.arena, mark);
        MT_TRY(mt_patience_wait(run));
    }
}

static mt_code drop_until(mt_run *run, mt_hand *hand)
{
    mt_log(run->cx, MT_LOG_INFO, "a batch is dropped: %s", run->work.err);
    mt_ctx_forgive(&run->work);
    run->counts.dropped++;
    mt_metric_add(run->watch.conflicts, 1);
    hand->dropped = true;
    return try_until(run, hand, drop);
}

/* Stored, or dropped, or refused. */
static mt_code store_or_drop(mt_run *run, mt_hand *hand)
{
    int64_t since = mt_run_monotonic(run);
    mt_code code = try_until(run, hand, try_once);
    if (code == MT_E_CONFLICT) return drop_until(run, hand);
    MT_TRY(code);
    mt_watch_batch(run, hand, since);
    return settle(run, hand);
}

static bool is_refusal(mt_code code)
{
    return code == MT_E_INPUT || code == MT_E_UNIT || code == MT_E_SHAPE || code == MT_E_TOO_LARGE;
}

/* One message that is not taken: a dead letter with the sentence. */
static mt_code refuse(mt_run *run, mt_hand *hand, mt_code code)
{
    if (++run->refused > REFUSED_MAX) return code;
    snprintf(run->reason, sizeof run->reason, "%s", run->work.err);
    mt_ctx_forgive(&run->work);
    hand->refuse = true;
    hand->told = false;
    return store_or_drop(run, hand);
}

/* As many of the messages as are taken together; hand->n of them. */
static mt_code deliver_some(mt_run *run, mt_hand *hand)
{
    for (;;) {
        mt_places_touch(&run->places, hand->message, hand->n);
        mt_code code = store_or_drop(run, hand);
        if (code == MT_OK) run->refused = 0;
        if (hand->dropped || !is_refusal(code)) return code;
        if (hand->n == 1) return refuse(run, hand, code);
        mt_ctx_forgive(&run->work);
        hand->n /= 2;
        hand->told = hand->unknown = false;
    }
}

/* Of topics that nobody named: no consumer knows what they mean. */
static mt_code set_aside(mt_run *run, mt_hand *hand)
{
    static const char reason[] = "not asked for: it came of an earlier subscription of this client";
    snprintf(run->reason, sizeof run->reason, "%s", reason);
    hand->refuse = true;
    mt_places_touch(&run->places, hand->message, hand->n);
    return store_or_drop(run, hand);
}

static size_t count_alike(const mt_message *message, size_t n)
{
    size_t k = 1;
    while (k < n && message[k].unasked == message[0].unasked) k++;
    return k;
}

static mt_code deliver_all(mt_run *run, const mt_message *message, size_t n)
{
    const char **fault;
    MT_TRY(MT_NEW(&run->work, &fault, n));
    run->conflicts = 0;
    for (size_t at = 0, step = n; at < n;) {
        mt_hand hand = {.message = message + at, .n = n - at, .rest = n - at, .fault = fault};
        hand.n = count_alike(hand.message, step < hand.n ? step : hand.n);
        MT_TRY(hand.message->unasked ? set_aside(run, &hand) : deliver_some(run, &hand));
        if (hand.dropped) break;
        at += hand.n;
        step = hand.n * 2;
    }
    return MT_OK;
}

mt_code mt_run_deliver(mt_run *run, const mt_message *message, size_t n)
{
    mt_mark mark = mt_arena_mark(&run->work.arena);
    mt_code code = deliver_all(run, message, n);
    mt_arena_reset(&run->work.arena, mark);
    return code;
}
