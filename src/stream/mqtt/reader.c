/* A reader of MQTT topics: what is committed is acknowledged, what is not comes again. */
#include "stream/mqtt/reader.h"

#include "stream/clock.h"
#include "stream/mqtt/inbox.h"
#include "stream/mqtt/link.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 65536, QUIET_US = 1000000, WRITE_AT_END_TRIES = 20, SLICE_US = 50000 };

typedef struct reader {
    mt_stream base;
    mt_mqtt_link link;
    mt_inbox inbox;
    mt_stream_events events;
    char **filter;
    size_t n_filter;
    size_t answered; /* subscriptions that the broker has answered on this connection */
    bool refused;    /* one of them with no */
    bool heard;      /* a message came on this connection */
    bool until_end;
    uint64_t queue_bytes;
    mt_message *message;
    size_t room;
    int64_t quiet_since; /* monotonic */
} reader;

/* --- callbacks of the library, on our thread ----------------------------------------------------------- */

static void hear_message(struct mosquitto *client, void *arg, const struct mosquitto_message *m)
{
    reader *r = ((mt_mqtt_link *)arg)->owner;
    (void)client;
    r->heard = true;
    mt_inbox_add(&r->inbox, m->topic, m->payload, (size_t)m->payloadlen);
}

static void hear_subscription(struct mosquitto *client, void *arg, int id, int n, const int *granted)
{
    reader *r = ((mt_mqtt_link *)arg)->owner;
    (void)client;
    (void)id;
    r->answered++;
    for (int k = 0; k < n; k++) r->refused = r->refused || granted[k] >= MT_MQTT_REFUSED;
}

static void ask_for_topics(void *owner)
{
    reader *r = owner;
    r->answered = 0;
    r->heard = false;
    for (size_t k = 0; k < r->n_filter; k++)
        r->link.api.mosquitto_subscribe_v5(r->link.client, NULL, r->filter[k], 1, MT_MQTT_RETAIN_IF_NEW,
                                           NULL);
}

/* --- what is asked for --------------------------------------------------------------------------------- */

/* "$share/NAME/a/#" asks for a share of a/#. */
static const char *skip_share(const char *filter)
{
    static const char share[] = "$share/";
    if (strncmp(filter, share, sizeof share - 1) != 0) return filter;
    const char *slash = strchr(filter + sizeof share - 1, '/');
    return slash ? slash + 1 : filter;
}

static bool is_wanted(const reader *r, const char *topic)
{
    for (size_t k = 0; k < r->n_filter; k++) {
        bool matches = false;
        r->link.api.mosquitto_topic_matches_sub(skip_share(r->filter[k]), topic, &matches);
        if (matches) return true;
    }
    return false;
}

static int compare_filters(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* GROUP-HASH: a session belongs to a group and what it asks for, in whatever order. */
static mt_code name_session(mt_ctx *cx, const char **out, const mt_stream_options *options)
{
    const char **filter;
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bits; the 0 byte behind each filter counts */
    MT_TRY(MT_NEW(cx, &filter, options->n_topic + 1));
    for (size_t k = 0; k < options->n_topic; k++) filter[k] = options->topic[k];
    qsort(filter, options->n_topic, sizeof *filter, compare_filters);
    for (size_t k = 0; k < options->n_topic; k++) {
        if (k > 0 && strcmp(filter[k], filter[k - 1]) == 0) continue;
        for (size_t i = 0; i <= strlen(filter[k]); i++)
            hash = (hash ^ (uint8_t)filter[k][i]) * 1099511628211u;
    }
    return mt_text_format(cx, out, "%s-%012llx", options->group,
                          (unsigned long long)((hash ^ hash >> 48) & 0xFFFFFFFFFFFFu));
}

/* --- opening and closing ------------------------------------------------------------------------------- */

static mt_code take_filters(mt_ctx *cx, reader *r, const mt_stream_options *options)
{
    if (options->n_topic == 0)
        return mt_fail(cx, MT_E_INPUT, "no topic is named: an MQTT stream needs one at least");
    r->filter = calloc(options->n_topic, sizeof *r->filter);
    if (!r->filter) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu topics", options->n_topic);
    for (; r->n_filter < options->n_topic; r->n_filter++) {
        const char *filter = options->topic[r->n_filter];
        if (r->link.api.mosquitto_sub_topic_check(filter) != MOSQ_ERR_SUCCESS)
            return mt_fail(cx, MT_E_INPUT,
                           "%s is no MQTT topic filter: + stands for one level, # for all that follow",
                           filter);
        r->filter[r->n_filter] = strdup(filter);
        if (!r->filter[r->n_filter]) return mt_fail(cx, MT_E_MEMORY, "no memory for the topic %s", filter);
    }
    return MT_OK;
}

static mt_code fill_reader(mt_ctx *cx, reader *r, const mt_stream_options *options)
{
    const char *id;
    r->link.owner = r;
    r->link.accepted = ask_for_topics;
    r->events = options->events;
    r->until_end = options->until_end;
    r->queue_bytes = options->queue_bytes;
    MT_TRY(name_session(cx, &id, options));
    MT_TRY(mt_mqtt_link_open(cx, &r->link, options->url, options->settings_path, id));
    MT_TRY(take_filters(cx, r, options));
    r->link.api.mosquitto_message_callback_set(r->link.client, hear_message);
    r->link.api.mosquitto_subscribe_callback_set(r->link.client, hear_subscription);
    return MT_OK;
}

mt_code mt_mqtt_reader_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                            const mt_stream_backend *backend)
{
    reader *r = calloc(1, sizeof *r);
    if (!r) return mt_fail(cx, MT_E_MEMORY, "memory ran out while an MQTT stream was opened");
    r->base.backend = backend;
    mt_code code = fill_reader(cx, r, options);
    if (code == MT_OK) {
        *out = &r->base;
    } else {
        mt_mqtt_reader_close(&r->base);
    }
    return code;
}

/* What was handed over and is not committed, or was not even handed over, may not be acknowledged. */
static bool may_write(const reader *r)
{
    return r->link.setting.acknowledge_on_receive ||
           (r->inbox.open_topics == 0 && r->inbox.given == r->inbox.n && !r->inbox.overflow);
}

void mt_mqtt_reader_close(mt_stream *stream)
{
    reader *r = (reader *)stream;
    mt_mqtt_link_close(&r->link, may_write(r));
    mt_inbox_close(&r->inbox);
    for (size_t k = 0; k < r->n_filter; k++) free(r->filter[k]);
    free(r->filter);
    free(r->message);
    free(r);
}

/* --- reading ----------------------------------------------------------------------------------------- */

static bool is_running(const reader *r)
{
    return r->link.connected && (r->heard || r->answered == r->n_filter);
}

static mt_code make_room(mt_ctx *cx, reader *r, size_t max)
{
    if (r->room >= max) return MT_OK;
    mt_message *message = realloc(r->message, max * sizeof *message);
    if (!message) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu messages", max);
    r->message = message;
    r->room = max;
    return MT_OK;
}

static mt_code check_answers(mt_ctx *cx, const reader *r)
{
    if (r->refused)
        return mt_fail(cx, MT_E_REMOTE, "the MQTT broker %s:%d refuses a subscription (%s, …)", r->link.host,
                       r->link.port, r->filter[0]);
    if (r->inbox.overflow) return mt_fail(cx, MT_E_MEMORY, "no memory for the messages of the MQTT broker");
    return MT_OK;
}

/* Waits for the first message, then reads what is there without waiting. */
static mt_code receive(mt_ctx *cx, reader *r, size_t max, int64_t wait_us)
{
    size_t before;
    bool write = may_write(r);
    MT_TRY(mt_mqtt_drive(cx, &r->link, wait_us < SLICE_US ? wait_us : SLICE_US, write));
    do {
        before = r->inbox.n;
        MT_TRY(mt_mqtt_drive(cx, &r->link, 0, r->link.setting.acknowledge_on_receive || r->inbox.n == 0));
    } while (r->inbox.n > before && r->inbox.n < max && r->inbox.used < r->queue_bytes);
    return check_answers(cx, r);
}

static bool is_quiet(reader *r)
{
    int64_t now = mt_stream_monotonic_us();
    if (!is_running(r) || r->inbox.n > 0 || !r->quiet_since) r->quiet_since = now;
    return r->until_end && now - r->quiet_since >= QUIET_US;
}

mt_code mt_mqtt_reader_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max, int64_t wait_us)
{
    reader *r = (reader *)stream;
    int64_t until = mt_stream_monotonic_us() + wait_us, left = wait_us;
    max = max < BATCH_MAX ? max : BATCH_MAX;
    MT_TRY(make_room(cx, r, max));
    if (r->inbox.given == r->inbox.n) mt_inbox_clear(&r->inbox);
    while (r->inbox.n == 0) {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(receive(cx, r, max, left));
        out->end = is_quiet(r);
        left = until - mt_stream_monotonic_us();
        if (out->end || left <= 0) break;
    }
    MT_TRY(mt_inbox_number(cx, &r->inbox, &r->events));
    out->n = mt_inbox_give(&r->inbox, r->message, max);
    for (size_t k = 0; k < out->n; k++) r->message[k].unasked = !is_wanted(r, r->message[k].topic.at);
    out->at = r->message;
    out->end = out->end && out->n == 0;
    return MT_OK;
}

/* --- places ------------------------------------------------------------------------------------------ */

void mt_mqtt_reader_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n)
{
    reader *r = (reader *)stream;
    for (size_t k = 0; k < n; k++) mt_inbox_commit(&r->inbox, position[k].topic, position[k].next);
    for (int k = 0; k < WRITE_AT_END_TRIES && may_write(r) && r->link.connected; k++) {
        if (!r->link.api.mosquitto_want_write(r->link.client)) break;
        if (r->link.api.mosquitto_loop_write(r->link.client, 1) != MOSQ_ERR_SUCCESS) {
            mt_log(cx, MT_LOG_INFO, "the MQTT broker was not told what is done: it will send it again");
            break;
        }
    }
}

mt_code mt_mqtt_reader_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position)
{
    reader *r = (reader *)stream;
    bool open = !may_write(r);
    if (position->part != 0 || !mt_inbox_seek(&r->inbox, position->topic, position->next))
        return mt_fail(cx, MT_E_INPUT, "%s part %lld is not this reader's", position->topic,
                       (long long)position->part);
    if (open) {
        mt_inbox_clear(&r->inbox);
        mt_mqtt_drop(&r->link);
    }
    return MT_OK;
}

int64_t mt_mqtt_reader_lag(mt_stream *stream)
{
    (void)stream;
    return -1;
}

mt_code mt_mqtt_reader_title(mt_ctx *cx, mt_stream *stream, const char **out)
{
    const reader *r = (const reader *)stream;
    return mt_text_format(cx, out, "mqtt:%s:%d", r->link.host, r->link.port);
}

mt_stream_state mt_mqtt_reader_state(const mt_stream *stream)
{
    const reader *r = (const reader *)stream;
    if (is_running(r)) return MT_STREAM_RUNNING;
    return r->link.away_logged ? MT_STREAM_AWAY : MT_STREAM_STARTING;
}
