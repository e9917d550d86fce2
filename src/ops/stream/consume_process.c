/* Reading a stream into the store until it is stopped. */
#include "ops/stream/stream_process.h"
#include "ops/stream/live_clearing.h"
#include "ops/stream/topics.h"
#include "ops/trades/live_trades.h"

#include "base/rows/emit.h"
#include "ops/world.h"

#include <inttypes.h>
#include <string.h>

struct consume_args {
    const char *url, *topics, *group, *as, *settings, *dead_topic;
    mt_inputs mapping;
    int64_t batch;
    mt_time wait;
    bool until_end, clear, trades;
    double shift_mw;
    mt_time period;
};

static const mt_field consume_arg[] = {
    {.name = "url",
     MT_TEXT_AT(consume_args, url),
     .local = true,
     .required = true,
     .doc = "kafka://HOST:PORT, mqtt://HOST:PORT or file:PATH"},
    {.name = "topics", MT_TEXT_AT(consume_args, topics), .doc = "with commas between; a file has none"},
    {.name = "group", MT_TEXT_AT(consume_args, group), .fallback = "merit", .doc = "of consumers"},
    {.name = "mapping",
     MT_INPUTS_AT(consume_args, mapping),
     .doc = "what the messages of a topic mean; may be given many times"},
    {.name = "as",
     MT_TEXT_AT(consume_args, as),
     .doc = "a known mapping for every topic, see stream.mappings"},
    {.name = "settings",
     MT_TEXT_AT(consume_args, settings),
     .local = true,
     .doc = "file of the client's own settings, name=value a line: TLS, user, password"},
    {.name = "dead_topic",
     MT_TEXT_AT(consume_args, dead_topic),
     .doc = "where messages go that cannot be used, beside the table dead_letter"},
    {.name = "batch",
     MT_INT_AT(consume_args, batch),
     .fallback = "20000",
     .unit = MT_UNIT_COUNT,
     .doc = "most messages of one transaction"},
    {.name = "wait",
     MT_SPAN_AT(consume_args, wait),
     .doc = "for a batch to fill; without: 200 ms, 2 ms with --clear"},
    {.name = "until_end", MT_BOOL_AT(consume_args, until_end), .doc = "stop at what is there now"},
    {.name = "clear",
     MT_BOOL_AT(consume_args, clear),
     .doc = "messages are order ticks: clear their period again after each, see the guide; the orders of "
            "a period must be in one partition"},
    {.name = "trades",
     MT_BOOL_AT(consume_args, trades),
     .doc = "messages are trade confirmations: each is a trade of the trades API, stored once"},
    {.name = "shift_mw",
     MT_REAL_AT(consume_args, shift_mw),
     .fallback = "1000",
     .unit = MT_UNIT_MW,
     .doc = "renewable power more and less, for the impact beside the price"},
    {.name = "period",
     MT_SPAN_AT(consume_args, period),
     .fallback = "1h",
     .doc = "delivery period of a tick"},
    {.name = NULL}};

struct consumed_row {
    int64_t messages, dead, batches, dropped, retries, added, changed, unchanged;
};

static const mt_field consumed_col[] = {
    {.name = "messages", MT_INT_AT(consumed_row, messages), .unit = MT_UNIT_COUNT, .doc = "read and stored"},
    {.name = "dead", MT_INT_AT(consumed_row, dead), .unit = MT_UNIT_COUNT, .doc = "of them dead letters"},
    {.name = "batches", MT_INT_AT(consumed_row, batches), .unit = MT_UNIT_COUNT, .doc = "transactions"},
    {.name = "dropped",
     MT_INT_AT(consumed_row, dropped),
     .unit = MT_UNIT_COUNT,
     .doc = "batches that another consumer had stored"},
    {.name = "retries",
     MT_INT_AT(consumed_row, retries),
     .unit = MT_UNIT_COUNT,
     .doc = "tries because the store was away"},
    {.name = "added", MT_INT_AT(consumed_row, added), .unit = MT_UNIT_COUNT, .doc = "new values"},
    {.name = "changed", MT_INT_AT(consumed_row, changed), .unit = MT_UNIT_COUNT, .doc = "revised values"},
    {.name = "unchanged", MT_INT_AT(consumed_row, unchanged), .unit = MT_UNIT_COUNT, .doc = "stored already"},
    {.name = NULL}};

/* What the progress line counts. */
struct watching {
    mt_ctx *cx;
    const mt_world *world;
    uint64_t messages;
};

static void show_progress(void *arg, uint64_t messages)
{
    struct watching *watching = arg;
    watching->messages += messages;
    mt_world_changed(watching->world);
    mt_ctx_progress(watching->cx, "consume", watching->messages, 0, "messages");
}

static mt_consume_options make_options(const mt_world *world, const struct consume_args *args,
                                       mt_store *store, struct watching *watching)
{
    const mt_world_options *settings = mt_world_settings(world);
    mt_time wait = args->wait != INT64_MIN ? args->wait : args->clear ? 2000 : 0;
    return (mt_consume_options){.size = sizeof(mt_consume_options),
                                .store = store,
                                .stream = {.size = sizeof(mt_stream_options),
                                           .url = args->url,
                                           .group = args->group,
                                           .settings_path = args->settings,
                                           .until_end = args->until_end,
                                           .metrics = settings->metrics},
                                .dead_topic = args->dead_topic,
                                .batch_max = (size_t)args->batch,
                                .batch_wait_us = wait,
                                .metrics = settings->metrics,
                                .monotonic_us = settings->monotonic_us,
                                .committed = show_progress,
                                .committed_arg = watching};
}

/* In a context of its own: the caller's may be cancelled, which is how such a process usually ends. */
static mt_code tell(mt_ctx *cx, mt_sink *out, const mt_consume_counts *counts, const mt_merge_counts *rows)
{
    struct consumed_row row = {(int64_t)counts->messages, (int64_t)counts->dead,    (int64_t)counts->batches,
                               (int64_t)counts->dropped,  (int64_t)counts->retries, (int64_t)rows->added,
                               (int64_t)rows->changed,    (int64_t)rows->unchanged};
    mt_ctx own;
    mt_ctx_init(&own, NULL);
    mt_code code = mt_emit_one(&own, out, "stream.consume", consumed_col, &row);
    if (code != MT_OK) mt_fail(cx, code, "%s", own.err);
    mt_ctx_close(&own);
    return code;
}

static void log_dead(mt_ctx *cx, const mt_consume_counts *counts)
{
    if (counts->dead)
        mt_log(cx, MT_LOG_INFO,
               "%" PRIu64 " of %" PRIu64 " messages could not be used; merit stream dead-letters tells why",
               counts->dead, counts->messages);
}

static mt_code consume_trades(mt_ctx *cx, mt_consume_options *options, const struct consume_args *args,
                              mt_sink *out)
{
    mt_live_trades *trades = NULL;
    mt_consume_counts counts = {0, 0, 0, 0, 0};
    mt_merge_counts rows;
    mt_code code;
    MT_TRY(mt_topics_split(cx, &options->stream.topic, &options->stream.n_topic, args->topics));
    MT_TRY_OUT(mt_live_trades_open(cx, &trades, options->store));
    options->consumer = mt_live_trades_consumer(trades);
    MT_TRY_OUT(mt_consume(cx, options, &counts));
    rows = mt_live_trades_counts(trades);
    log_dead(cx, &counts);
    MT_TRY_OUT(tell(cx, out, &counts, &rows));
out:
    mt_live_trades_close(trades);
    return code;
}

static mt_code consume_series(mt_ctx *cx, mt_consume_options *options, const struct consume_args *args,
                              mt_sink *out)
{
    mt_mapped_topics *mapped = NULL;
    mt_consume_counts counts = {0, 0, 0, 0, 0};
    mt_merge_counts rows;
    mt_topics topics;
    mt_code code;
    MT_TRY(mt_topics_read(cx, &topics, args->topics, args->mapping, args->as));
    options->stream.topic = topics.name;
    options->stream.n_topic = topics.n;
    MT_TRY_OUT(mt_mapped_open(cx, &mapped, options->store, topics.mapping, topics.n_mapping));
    options->consumer = mt_mapped_consumer(mapped);
    MT_TRY_OUT(mt_consume(cx, options, &counts));
    rows = mt_mapped_counts(mapped);
    log_dead(cx, &counts);
    MT_TRY_OUT(tell(cx, out, &counts, &rows));
out:
    mt_mapped_close(mapped);
    return code;
}

mt_code mt_stream_consumer_name(mt_ctx *cx, const char **out, const char *url, const char *topics)
{
    return mt_text_format(cx, out, "%s%s%s", url, topics ? " " : "", topics ? topics : "");
}

static mt_code consume_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct consume_args *a = args;
    struct watching watching = {cx, world, 0};
    mt_store *store;
    if (a->batch < 1) return mt_fail(cx, MT_E_INPUT, "--batch must be at least 1");
    if (a->clear && a->trades)
        return mt_fail(cx, MT_E_INPUT,
                       "messages are order ticks (--clear) or confirmations (--trades), not both");
    MT_TRY(mt_world_store(cx, world, &store));
    mt_consume_options options = make_options(world, a, store, &watching);
    if (!options.monotonic_us) return mt_fail(cx, MT_E_ABSENT, "streams cannot be read here: no clock");
    MT_TRY(mt_stream_consumer_name(cx, &options.name, a->url, a->topics));
    if (a->clear) {
        mt_live_options live = {a->shift_mw, a->period, a->topics};
        return mt_live_clearing(cx, world, &options, &live, out);
    }
    return a->trades ? consume_trades(cx, &options, a, out) : consume_series(cx, &options, a, out);
}

const mt_op mt_process_stream_consume = {
    .name = "stream.consume",
    .summary = "read a stream into the store, each message exactly once, until stopped",
    .doc = "Rows, dead letters and the place read to are committed in one transaction; only then the broker "
           "is told. A process that dies goes on where the store says. A message that cannot be used is kept "
           "with its reason in the table dead_letter and stops nothing. While the store is away the batch is "
           "kept and tried again. Ends cleanly on SIGTERM or Ctrl-C.",
    .example = "--url kafka://127.0.0.1:9092 --topics elspot_topic,declaration_topic",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .live = true,
    .args_size = sizeof(struct consume_args),
    .words = "url",
    .arg = consume_arg,
    .col = consumed_col,
    .run = consume_run,
};
