/* A reader of Kafka topics in a consumer group, whose places are kept by the caller. */
#include "stream/kafka/consumer.h"

#include "stream/clock.h"
#include "stream/kafka/rebalance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLICE_MS = 50,
    BATCH_MAX = 65536,
    COMMIT_WAIT_MS = 2000,
    SEEK_WAIT_MS = 10000,
    QUERY_WAIT_MS = 1000,
    LAG_EVERY_US = 1000000,
    TELL_EVERY_US = 1000000
};

/* --- telling the group what is done -------------------------------------------------------------------- */

static void hear_commit(rd_kafka_t *rk, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list,
                        void *opaque)
{
    (void)rk;
    (void)list;
    mt_kafka_client *client = opaque;
    if (error && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
        mt_words_say(&client->words, MT_LOG_INFO, "Kafka: the group was not told what is done",
                     client->api.rd_kafka_err2str(error));
}

/* Before partitions go the answer is waited for, else it would come from a reader that is not theirs. */
static rd_kafka_resp_err_t commit_now(mt_kafka_consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    const mt_kafka_api *api = &c->client.api;
    rd_kafka_queue_t *answers = api->rd_kafka_queue_new(c->client.rk);
    rd_kafka_resp_err_t error = api->rd_kafka_commit_queue(c->client.rk, list, answers, NULL, NULL);
    rd_kafka_event_t *event = error ? NULL : api->rd_kafka_queue_poll(answers, COMMIT_WAIT_MS);
    if (event) {
        error = api->rd_kafka_event_error(event);
        api->rd_kafka_event_destroy(event);
    }
    api->rd_kafka_queue_destroy(answers);
    return error;
}

/* Those who watch lag need no more than one word a second; and a commit that crosses a cooperative rebalance
 * is taken for a stranger's by librdkafka 2.0, which then loses its partitions: the fewer the better. */
static void tell_group(mt_kafka_consumer *c, bool at_once)
{
    const mt_kafka_api *api = &c->client.api;
    int64_t now = mt_stream_monotonic_us();
    rd_kafka_topic_partition_list_t *list = NULL;
    if (!at_once && now - c->told_at < TELL_EVERY_US) return;
    for (size_t k = 0; k < c->parts.n; k++) {
        mt_kafka_part *part = c->parts.at[k];
        if (part->done == MT_POSITION_START) continue;
        if (!list) list = api->rd_kafka_topic_partition_list_new((int)c->parts.n);
        api->rd_kafka_topic_partition_list_add(list, part->topic, part->part)->offset = part->done;
        part->done = MT_POSITION_START;
    }
    if (!list) return;
    rd_kafka_resp_err_t error = c->cx ? commit_now(c, list) : api->rd_kafka_commit(c->client.rk, list, 1);
    if (error) hear_commit(c->client.rk, error, list, &c->client);
    api->rd_kafka_topic_partition_list_destroy(list);
    c->told_at = now;
}

void mt_kafka_consumer_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    (void)cx;
    for (size_t k = 0; k < n; k++) {
        mt_kafka_part *part = mt_kafka_parts_find(&c->parts, position[k].topic, (int32_t)position[k].part);
        if (part && position[k].next >= 0) part->done = position[k].next;
    }
    tell_group(c, c->cx != NULL);
}

/* --- opening ----------------------------------------------------------------------------------------- */

/* The queue's bound is its bytes; the library's bound by messages would make it pause for whole seconds. */
static const mt_kafka_setting preset[] = {{"client.id", "merit"},
                                          {"queued.min.messages", "1000000"},
                                          {"reconnect.backoff.max.ms", "2000"},
                                          {"topic.metadata.refresh.interval.ms", "10000"},
                                          {NULL, NULL}};

static mt_code configure(mt_ctx *cx, mt_kafka_consumer *c, const mt_stream_options *options)
{
    char kilobytes[24];
    uint64_t queue = options->queue_bytes >> 10;
    snprintf(kilobytes, sizeof kilobytes, "%" PRIu64, queue < 1 ? 1 : queue > 2097151 ? 2097151 : queue);
    const mt_kafka_setting fixed[] = {{"bootstrap.servers", NULL},
                                      {"log.queue", NULL},
                                      {"statistics.interval.ms", NULL},
                                      {"group.id", options->group},
                                      {"enable.auto.commit", "false"},
                                      {"enable.auto.offset.store", "false"},
                                      {"auto.offset.reset", "earliest"},
                                      {"enable.partition.eof", options->until_end ? "true" : "false"},
                                      {"queued.max.messages.kbytes", kilobytes},
                                      {NULL, NULL}};
    mt_kafka_setup setup = {options->url, options->settings_path, preset, fixed};
    return mt_kafka_client_configure(cx, &c->client, &setup);
}

static mt_code fill_consumer(mt_ctx *cx, mt_kafka_consumer *c, const mt_stream_options *options)
{
    if (options->n_topic == 0)
        return mt_fail(cx, MT_E_INPUT, "no topic is named: a Kafka stream needs one at least");
    MT_TRY(mt_kafka_client_init(cx, &c->client));
    c->client.owner = c;
    c->events = options->events;
    c->metrics = options->metrics;
    c->until_end = options->until_end;
    MT_TRY(mt_kafka_parts_open(cx, &c->parts, options->group));
    MT_TRY(configure(cx, c, options));
    c->client.api.rd_kafka_conf_set_rebalance_cb(c->client.conf, mt_kafka_rebalance);
    c->client.api.rd_kafka_conf_set_offset_commit_cb(c->client.conf, hear_commit);
    c->wanted = c->client.api.rd_kafka_topic_partition_list_new((int)options->n_topic);
    for (size_t k = 0; k < options->n_topic; k++)
        c->client.api.rd_kafka_topic_partition_list_add(c->wanted, options->topic[k], RD_KAFKA_PARTITION_UA);
    return mt_kafka_client_start(cx, &c->client, RD_KAFKA_CONSUMER);
}

mt_code mt_kafka_consumer_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                               const mt_stream_backend *backend)
{
    mt_kafka_consumer *c = calloc(1, sizeof *c);
    if (!c) return mt_fail(cx, MT_E_MEMORY, "memory ran out while a Kafka stream was opened");
    c->base.backend = backend;
    mt_code code = fill_consumer(cx, c, options);
    if (code == MT_OK) {
        *out = &c->base;
    } else {
        mt_kafka_consumer_close(&c->base);
    }
    return code;
}

/* --- closing ----------------------------------------------------------------------------------------- */

static void give_back(mt_kafka_consumer *c)
{
    for (size_t k = 0; k < c->n; k++) {
        c->client.api.rd_kafka_message_destroy(c->fetched[k]);
        c->fetched[k] = NULL;
    }
    c->n = 0;
}

/* A cluster that is away cannot be told; waiting for it would hold the process. */
static void end_client(mt_kafka_consumer *c)
{
    const mt_kafka_api *api = &c->client.api;
    bool leaves = c->queue && !c->client.away;
    if (leaves) tell_group(c, true);
    if (c->queue) api->rd_kafka_queue_destroy(c->queue);
    if (c->client.log) api->rd_kafka_queue_destroy(c->client.log);
    if (!c->client.rk) return;
    if (leaves) api->rd_kafka_consumer_close(c->client.rk);
    api->rd_kafka_destroy_flags(c->client.rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void mt_kafka_consumer_close(mt_stream *stream)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    c->closing = true;
    if (c->client.api.library) {
        give_back(c);
        end_client(c);
        if (c->wanted) c->client.api.rd_kafka_topic_partition_list_destroy(c->wanted);
    }
    mt_kafka_client_close(&c->client);
    mt_kafka_parts_close(&c->parts);
    free(c->fetched);
    free(c->message);
    free(c);
}

/* --- reading ----------------------------------------------------------------------------------------- */

static mt_code subscribe(mt_ctx *cx, mt_kafka_consumer *c)
{
    const mt_kafka_api *api = &c->client.api;
    rd_kafka_resp_err_t error = api->rd_kafka_subscribe(c->client.rk, c->wanted);
    if (error)
        return mt_fail(cx, MT_E_INPUT, "topics cannot be subscribed to: %s", api->rd_kafka_err2str(error));
    api->rd_kafka_poll_set_consumer(c->client.rk);
    c->client.forwarded = true;
    c->queue = api->rd_kafka_queue_get_consumer(c->client.rk);
    return MT_OK;
}

static mt_code make_room(mt_ctx *cx, mt_kafka_consumer *c, size_t max)
{
    if (c->room >= max) return MT_OK;
    rd_kafka_message_t **fetched = realloc(c->fetched, max * sizeof *fetched);
    if (fetched) c->fetched = fetched;
    mt_message *message = realloc(c->message, max * sizeof *message);
    if (message) c->message = message;
    if (!fetched || !message) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu messages", max);
    memset(fetched + c->room, 0, (max - c->room) * sizeof *fetched);
    c->room = max;
    return MT_OK;
}

/* Waits for the first message or event, then takes what is there without waiting. */
static void fetch(mt_kafka_consumer *c, size_t max, int wait_ms)
{
    const mt_kafka_api *api = &c->client.api;
    c->stale = 0;
    rd_kafka_message_t *first = api->rd_kafka_consume_queue(c->queue, wait_ms);
    if (!first) return;
    c->stale = 0; /* a rebalance before the first message */
    c->fetched[0] = first;
    c->n = 1;
    if (max == 1) return;
    ssize_t more = api->rd_kafka_consume_batch_queue(c->queue, 0, c->fetched + 1, max - 1);
    if (more > 0) c->n += (size_t)more;
}

static mt_code take_error(mt_ctx *cx, mt_kafka_consumer *c, const rd_kafka_message_t *m, mt_kafka_part *part)
{
    const char *words = c->client.api.rd_kafka_message_errstr(m);
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        if (part) part->at_end = true;
        return MT_OK;
    }
    bool absent =
        m->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || m->err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
    if (absent && c->until_end) return mt_fail(cx, MT_E_REMOTE, "the topic is not there: %s", words);
    mt_words_say(&c->client.words, MT_LOG_WARN, absent ? "Kafka: waiting for a topic" : "Kafka", words);
    mt_kafka_note(&c->client, m->err, words);
    return MT_OK;
}

/* The first message after a place was asked for lies elsewhere: does the broker not have that place? */
static void check_place(mt_ctx *cx, mt_kafka_consumer *c, mt_kafka_part *part, int64_t offset)
{
    int64_t asked = part->asked, low = 0, high = 0;
    part->asked = MT_POSITION_START;
    if (asked == MT_POSITION_START || asked == offset) return;
    if (offset < asked) {
        mt_log(cx, MT_LOG_WARN,
               "%s part %d ends before the kept place %" PRId64
               " (was the topic made anew?): reads from %" PRId64,
               part->topic, (int)part->part, asked, offset);
        return;
    }
    rd_kafka_resp_err_t error = c->client.api.rd_kafka_query_watermark_offsets(
        c->client.rk, part->topic, part->part, &low, &high, QUERY_WAIT_MS);
    if (!error && low > asked)
        mt_log(cx, MT_LOG_WARN,
               "%s part %d: the broker has removed the messages from %" PRId64 " to %" PRId64
               " before they were read (retention): reads on from there",
               part->topic, (int)part->part, asked, offset);
}

static mt_time time_of(const mt_kafka_consumer *c, const rd_kafka_message_t *m)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = c->client.api.rd_kafka_message_timestamp(m, &type);
    return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms < 0 ? MT_TIME_NONE : ms * 1000;
}

static void take_message(mt_kafka_consumer *c, const rd_kafka_message_t *m, mt_kafka_part *part,
                         mt_message *out)
{
    part->at_end = false;
    part->next = m->offset + 1;
    *out = (mt_message){.topic = mt_text_of(part->topic),
                        .part = part->part,
                        .position = m->offset,
                        .next = m->offset + 1,
                        .time = time_of(c, m),
                        .key = {m->key, m->key ? m->key_len : 0},
                        .value = {m->payload, m->payload ? m->len : 0}};
}

/* What was fetched becomes messages; errors are sorted, what went to another reader is dropped. */
static mt_code take_fetched(mt_ctx *cx, mt_kafka_consumer *c, size_t *n)
{
    mt_kafka_part *part = NULL;
    const rd_kafka_topic_t *topic = NULL;
    mt_code code = MT_OK;
    *n = 0;
    for (size_t k = 0; k < c->n && code == MT_OK; k++) {
        const rd_kafka_message_t *m = c->fetched[k];
        if (!part || m->rkt != topic || m->partition != part->part) {
            topic = m->rkt;
            part =
                topic ? mt_kafka_parts_find(&c->parts, c->client.api.rd_kafka_topic_name(topic), m->partition)
                      : NULL;
        }
        if (m->err) {
            code = take_error(cx, c, m, part);
        } else if (part && !(part->touched && k < c->stale)) {
            if (part->asked != MT_POSITION_START) check_place(cx, c, part, m->offset);
            take_message(c, m, part, &c->message[(*n)++]);
        }
    }
    for (size_t k = 0; k < c->parts.n; k++) c->parts.at[k]->touched = false;
    return code;
}

static bool is_at_end(const mt_kafka_consumer *c)
{
    if (!c->until_end || !c->assigned) return false;
    for (size_t k = 0; k < c->parts.n; k++) {
        if (!c->parts.at[k]->at_end) return false;
    }
    return true;
}

/* From what the last fetch told; nobody is asked. -1: not known yet. */
static int64_t part_lag(const mt_kafka_consumer *c, const mt_kafka_part *part)
{
    int64_t low, high;
    rd_kafka_resp_err_t error =
        c->client.api.rd_kafka_get_watermark_offsets(c->client.rk, part->topic, part->part, &low, &high);
    if (error || high < 0 || part->next == MT_POSITION_START) return -1;
    return high > part->next ? high - part->next : 0;
}

static void set_gauges(mt_kafka_consumer *c)
{
    int64_t now = mt_stream_monotonic_us();
    if (!c->metrics || now - c->lag_at < LAG_EVERY_US) return;
    c->lag_at = now;
    for (size_t k = 0; k < c->parts.n; k++) {
        int64_t lag = part_lag(c, c->parts.at[k]);
        if (lag >= 0) mt_metric_set(c->parts.at[k]->lag, (double)lag);
    }
}

static mt_code poll_once(mt_ctx *cx, mt_kafka_consumer *c, mt_messages *out, size_t max, int64_t wait_us)
{
    int64_t wait_ms = (wait_us + 999) / 1000;
    give_back(c);
    c->cx = cx;
    fetch(c, max, wait_ms < SLICE_MS ? (int)wait_ms : SLICE_MS);
    c->cx = NULL;
    if (c->broken) return mt_fail(cx, c->broken, "%s", c->reason);
    MT_TRY(take_fetched(cx, c, &out->n));
    out->end = out->n == 0 && is_at_end(c);
    return mt_kafka_check(cx, &c->client);
}

mt_code mt_kafka_consumer_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max, int64_t wait_us)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    int64_t until = mt_stream_monotonic_us() + wait_us, left = wait_us;
    max = max < BATCH_MAX ? max : BATCH_MAX;
    if (c->broken) return mt_fail(cx, c->broken, "%s", c->reason);
    if (!c->queue) MT_TRY(subscribe(cx, c));
    MT_TRY(make_room(cx, c, max));
    out->at = c->message;
    do {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(poll_once(cx, c, out, max, left));
        left = until - mt_stream_monotonic_us();
    } while (out->n == 0 && !out->end && left > 0);
    tell_group(c, false);
    set_gauges(c);
    return MT_OK;
}

/* --- places ------------------------------------------------------------------------------------------ */

mt_code mt_kafka_consumer_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    const mt_kafka_api *api = &c->client.api;
    if (!mt_kafka_parts_find(&c->parts, position->topic, (int32_t)position->part))
        return mt_fail(cx, MT_E_INPUT, "%s part %lld is not this reader's", position->topic,
                       (long long)position->part);
    rd_kafka_topic_partition_list_t *list = mt_kafka_list(api, position, 1);
    rd_kafka_error_t *error = api->rd_kafka_seek_partitions(c->client.rk, list, SEEK_WAIT_MS);
    rd_kafka_resp_err_t of_part = list->elems[0].err;
    api->rd_kafka_topic_partition_list_destroy(list);
    mt_code code = MT_OK;
    if (error || of_part)
        code = mt_fail(cx, MT_E_REMOTE, "%s part %lld cannot be read from %lld: %s", position->topic,
                       (long long)position->part, (long long)position->next,
                       error ? api->rd_kafka_error_string(error) : api->rd_kafka_err2str(of_part));
    if (error) api->rd_kafka_error_destroy(error);
    return code == MT_OK ? mt_kafka_parts_put(cx, &c->parts, position, c->metrics) : code;
}

/* Asks the broker where no fetch has told. */
int64_t mt_kafka_consumer_lag(mt_stream *stream)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    int64_t sum = 0, low, high;
    if (c->parts.n == 0) return c->assigned ? 0 : -1;
    for (size_t k = 0; k < c->parts.n; k++) {
        const mt_kafka_part *part = c->parts.at[k];
        int64_t lag = part_lag(c, part);
        if (lag < 0) {
            if (c->client.away || c->client.api.rd_kafka_query_watermark_offsets(
                                      c->client.rk, part->topic, part->part, &low, &high, QUERY_WAIT_MS) != 0)
                return -1;
            lag = high - (part->next > low ? part->next : low);
        }
        sum += lag > 0 ? lag : 0;
    }
    return sum;
}

mt_code mt_kafka_consumer_title(mt_ctx *cx, mt_stream *stream, const char **out)
{
    mt_kafka_consumer *c = (mt_kafka_consumer *)stream;
    return mt_kafka_client_title(cx, &c->client, out);
}

mt_stream_state mt_kafka_consumer_state(const mt_stream *stream)
{
    const mt_kafka_consumer *c = (const mt_kafka_consumer *)stream;
    if (c->client.away) return MT_STREAM_AWAY;
    return c->assigned ? MT_STREAM_RUNNING : MT_STREAM_STARTING;
}
