/* Where a stream meets the store: reads, delivers batch by batch, and is told of parts that come and go. */
#include "ingest/run.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 20000, WAIT_US = 200000, FINISH_US = 10000000 };

int64_t mt_run_monotonic(const mt_run *run)
{
    return run->options.monotonic_us(NULL);
}

void mt_run_probe(const mt_run *run, mt_consume_point point)
{
    if (run->options.probe) run->options.probe(run->options.probe_arg, point);
}

/* --- the context of the work: it outlives the caller's wish to stop for as long as a batch may take --- */

static void note_stop(void *arg)
{
    mt_run *run = arg;
    __atomic_store_n(&run->stop_us, mt_run_monotonic(run), __ATOMIC_RELAXED);
}

/* Stands still until the caller wants an end: the deadline counts from then. */
static int64_t clock_of_work(void *arg)
{
    const mt_run *run = arg;
    int64_t stop_us = __atomic_load_n(&run->stop_us, __ATOMIC_RELAXED);
    return stop_us ? mt_run_monotonic(run) - stop_us : 0;
}

static void log_of_work(void *arg, mt_log_level level, const char *text)
{
    mt_log(((mt_run *)arg)->cx, level, "%s", text);
}

static void begin_work(mt_run *run)
{
    const mt_ctx_options options = {.size = sizeof options,
                                    .allocator = run->cx->options.allocator,
                                    .limit_bytes = run->cx->options.limit_bytes,
                                    .log = log_of_work,
                                    .monotonic_us = clock_of_work,
                                    .deadline_us = FINISH_US,
                                    .arg = run};
    mt_ctx_init(&run->work, &options);
}

/* The failure in the work's context as the caller's; waits fail in the caller's own. */
static mt_code hand_up(mt_run *run, mt_code code)
{
    if (run->work.code != MT_OK) mt_fail(run->cx, code, "%s", run->work.err);
    return code;
}

/* --- parts come and go ------------------------------------------------------------------------------- */

static mt_code learn_name(mt_run *run)
{
    const char *name;
    if (run->places.stream) return MT_OK;
    MT_TRY(mt_stream_name(run->cx, run->stream, &name));
    run->places.stream = strdup(name);
    return run->places.stream ? MT_OK : mt_fail(run->cx, MT_E_MEMORY, "no memory for the name of %s", name);
}

static mt_code read_place(mt_run *run, mt_place *place)
{
    for (;;) {
        mt_mark mark = mt_arena_mark(&run->work.arena);
        mt_code code = mt_places_read(&run->work, &run->places, place, &place->stored);
        mt_arena_reset(&run->work.arena, mark);
        if (code == MT_OK) mt_patience_over(run);
        if (!mt_patience_helps(code)) return hand_up(run, code);
        MT_TRY(mt_patience_wait(run));
    }
}

static void tell_consumer(mt_run *run)
{
    const mt_consumer *consumer = &run->options.consumer;
    if (consumer->parts_changed) consumer->parts_changed(&run->work, consumer->arg);
}

static mt_code take_parts(mt_ctx *cx, void *arg, mt_position *position, size_t n)
{
    mt_run *run = arg;
    tell_consumer(run);
    MT_TRY(learn_name(run));
    for (size_t k = 0; k < n; k++) {
        mt_place *place;
        MT_TRY(mt_places_add(cx, &run->places, &place, position[k].topic, position[k].part));
        mt_run_probe(run, MT_CONSUME_REBALANCE);
        MT_TRY(read_place(run, place));
        position[k].next = place->stored;
    }
    return MT_OK;
}

/* Nothing is in hand here: a batch is finished before the stream is asked for the next. */
static mt_code give_parts(mt_ctx *cx, void *arg, const mt_position *position, size_t n, bool lost)
{
    mt_run *run = arg;
    (void)cx;
    (void)lost;
    tell_consumer(run);
    for (size_t k = 0; k < n; k++) {
        mt_run_probe(run, MT_CONSUME_REBALANCE);
        mt_places_remove(&run->places, position[k].topic, position[k].part);
    }
    return MT_OK;
}

/* --- the run ---------------------------------------------------------------------------------------- */

static mt_code check_letters(mt_ctx *cx, const mt_consume_options *o)
{
    if (!o->dead_topic) return MT_OK;
    if (o->stream.url && strncmp(o->stream.url, "file:", 5) == 0)
        return mt_fail(cx, MT_E_INPUT,
                       "dead letters cannot go to the topic %s: a file has no topics; they are in the table",
                       o->dead_topic);
    for (size_t k = 0; k < o->stream.n_topic; k++)
        if (strcmp(o->stream.topic[k], o->dead_topic) == 0)
            return mt_fail(cx, MT_E_INPUT, "the topic %s is read here: dead letters need another one",
                           o->dead_topic);
    return MT_OK;
}

static mt_code fill_run(mt_ctx *cx, mt_run *run, const mt_consume_options *given)
{
    mt_consume_options *o = &run->options;
    memcpy(o, given, given->size < sizeof *o ? given->size : sizeof *o);
    if (!o->store || !o->consumer.take || !o->consumer.done || !o->monotonic_us)
        return mt_fail(cx, MT_E_BUG, "a stream is to be consumed without a store, a consumer or a clock");
    MT_TRY(check_letters(cx, o));
    if (!o->batch_max) o->batch_max = BATCH_MAX;
    if (!o->batch_wait_us) o->batch_wait_us = WAIT_US;
    if (!o->stream.group) o->stream.group = "merit";
    if (!o->stream.size) o->stream.size = sizeof o->stream;
    o->stream.events = (mt_stream_events){take_parts, give_parts, run};
    run->cx = cx;
    run->places.store = o->store;
    run->places.consumer = o->stream.group;
    return mt_watch_open(run);
}

/* One batch; memory of both contexts is given back after it. */
static mt_code step(mt_run *run, bool *end)
{
    mt_messages messages;
    const mt_consume_options *o = &run->options;
    MT_TRY(mt_stream_poll(run->cx, run->stream, &messages, o->batch_max, o->batch_wait_us));
    if (messages.n > 0) {
        MT_TRY(learn_name(run));
        mt_run_probe(run, MT_CONSUME_RECEIVED);
        MT_TRY(hand_up(run, mt_run_deliver(run, messages.at, messages.n)));
    }
    mt_watch_lag(run);
    *end = messages.end;
    return MT_OK;
}

static mt_code read_on(mt_run *run)
{
    mt_code code = MT_OK;
    bool end = false;
    while (code == MT_OK && !end) {
        mt_mark mark = mt_arena_mark(&run->cx->arena);
        code = step(run, &end);
        mt_arena_reset(&run->cx->arena, mark);
    }
    return code;
}

static mt_code consume(mt_ctx *cx, mt_run *run)
{
    MT_TRY(mt_stream_open(cx, &run->stream, &run->options.stream));
    MT_TRY(mt_ctx_on_cancel(cx, note_stop, run));
    mt_code code = read_on(run);
    mt_ctx_off_cancel(cx, note_stop, run);
    bool stopped = __atomic_load_n(&run->stop_us, __ATOMIC_RELAXED) != 0;
    if (code != MT_E_CANCELLED && !(stopped && code == MT_E_DEADLINE)) return code;
    mt_ctx_forgive(cx);
    return MT_OK;
}

mt_code mt_consume(mt_ctx *cx, const mt_consume_options *options, mt_consume_counts *counts)
{
    mt_run *run = calloc(1, sizeof *run);
    if (!run) return mt_fail(cx, MT_E_MEMORY, "no memory to consume a stream");
    mt_code code = fill_run(cx, run, options);
    if (code == MT_OK) {
        begin_work(run);
        code = consume(cx, run);
        mt_stream_close(run->stream);
        mt_producer_close(run->letters);
        mt_places_close(&run->places);
        mt_ctx_close(&run->work);
        *counts = run->counts;
    }
    free(run);
    return code;
}
