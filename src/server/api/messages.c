/* Messages of a topic over HTTP: what a broker would have brought, in one transaction a body. */
#include "server/api/body.h"
#include "server/api/handlers.h"
#include "server/api/reply.h"

#include "crypto/hash.h"
#include "ingest/mapped.h"

#include <string.h>

enum { FAULTS_TOLD = 16 };

struct delivery {
    mt_store *store;
    mt_mapped_topics *topics;
    mt_consumer consumer;
    mt_message *message;
    const char **fault;
    size_t n, bad;
};

/* The mapping of the topic: the caller's own first, then the built-in ones, then the caller's for all. */
static mt_code find_mapping(mt_ctx *cx, const mt_site *site, const char *topic, const mt_mapping **out)
{
    const mt_mapping *any = NULL;
    for (size_t k = 0; k < site->n_mapping; k++) {
        *out = site->mapping[k].mapping;
        if (strcmp(site->mapping[k].topic, topic) == 0) return MT_OK;
        if (strcmp(site->mapping[k].topic, "*") == 0) any = *out;
    }
    *out = mt_mapping_find(topic);
    if (!*out) *out = any;
    return *out ? MT_OK
                : mt_fail(cx, MT_E_ABSENT,
                          "nothing says what messages of \"%.80s\" mean; merit stream mappings lists what is "
                          "known, a line \"mapping TOPIC FILE\" of the server's configuration adds to it",
                          topic);
}

void mt_begin_messages(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    const mt_mapping *mapping;
    mt_code code = find_mapping(cx, site, match->part[0], &mapping);
    if (code != MT_OK)
        mt_exchange_problem(x, code, 0, cx->err);
    else
        ((mt_match *)(uintptr_t)match)->note = (void *)(uintptr_t)mapping;
}

/* The same body, or the same key, gives the same place: a dead letter sent again is the same letter. */
static int64_t find_place(const mt_exchange *x, mt_text body)
{
    const char *key = mt_exchange_header(x, "idempotency-key");
    uint8_t digest[MT_HASH_BYTES];
    uint64_t place;
    mt_text what = key ? mt_text_of(key) : body;
    mt_hash_bytes(what.at, what.length, digest);
    memcpy(&place, digest, sizeof place);
    return (int64_t)(place >> 2);
}

static mt_code make_messages(mt_ctx *cx, struct delivery *delivery, const mt_exchange *x, const char *topic,
                             mt_time now)
{
    mt_text body, *value;
    MT_TRY(mt_body_plain(cx, &body, x));
    MT_TRY(mt_body_values(cx, &value, &delivery->n, body));
    MT_TRY(MT_NEW(cx, &delivery->message, delivery->n + 1));
    MT_TRY(MT_NEW(cx, &delivery->fault, delivery->n + 1));
    int64_t place = find_place(x, body);
    for (size_t k = 0; k < delivery->n; k++) {
        delivery->message[k] = (mt_message){.topic = mt_text_of(topic),
                                            .position = place + (int64_t)k,
                                            .next = place + (int64_t)k + 1,
                                            .time = now,
                                            .key = {NULL, 0},
                                            .value = value[k]};
    }
    return MT_OK;
}

static void put_text(mt_text *column, size_t k, const char *text)
{
    column[k] = mt_text_of(text);
}

/* One chunk of mt_dead_letter_col's columns, by name. */
static mt_code push_letters(mt_ctx *cx, mt_sink *sink, const struct delivery *d)
{
    static const mt_field col[] = {
        {.name = "stream", .type = MT_TEXT},      {.name = "topic", .type = MT_TEXT},
        {.name = "part", .type = MT_INT},         {.name = "position", .type = MT_INT},
        {.name = "received_at", .type = MT_TIME}, {.name = "reason", .type = MT_TEXT},
        {.name = "message", .type = MT_TEXT},     {.name = NULL}};
    const mt_schema schema = {.name = "dead_letter", .col = col, .n_col = 7};
    mt_text *text[4];
    int64_t *number[3];
    size_t at = 0;
    for (int k = 0; k < 4; k++) MT_TRY(MT_NEW(cx, &text[k], d->bad));
    for (int k = 0; k < 3; k++) MT_TRY(MT_NEW(cx, &number[k], d->bad));
    for (size_t k = 0; k < d->n; k++) {
        if (!d->fault[k]) continue;
        put_text(text[0], at, "http");
        text[1][at] = d->message[k].topic;
        put_text(text[2], at, d->fault[k]);
        text[3][at] = d->message[k].value;
        number[1][at] = d->message[k].position;
        number[2][at++] = d->message[k].time;
    }
    const mt_column column[] = {{text[0], NULL},   {text[1], NULL}, {number[0], NULL}, {number[1], NULL},
                                {number[2], NULL}, {text[2], NULL}, {text[3], NULL}};
    MT_TRY(mt_sink_schema(sink, cx, &schema));
    MT_TRY(mt_sink_push(sink, cx, &(mt_chunk){.n = at, .col = column}));
    return mt_sink_finish(sink, cx);
}

static mt_code keep_letters(mt_ctx *cx, mt_batch *batch, struct delivery *d)
{
    mt_sink *sink;
    mt_merge_counts *counts;
    for (size_t k = 0; k < d->n; k++) d->bad += d->fault[k] != NULL;
    if (!d->bad) return MT_OK;
    MT_TRY(MT_NEW(cx, &counts, 1));
    MT_TRY(mt_dead_letter_merge(cx, batch, &sink, counts));
    mt_code code = push_letters(cx, sink, d);
    mt_sink_close(sink);
    return code;
}

static mt_code store_messages(mt_ctx *cx, struct delivery *d)
{
    mt_batch *batch = NULL;
    const mt_consumer *c = &d->consumer;
    mt_code code;
    MT_TRY(mt_batch_open(cx, &batch, d->store));
    MT_TRY_OUT(c->take(cx, c->arg, batch, d->message, d->n, d->fault));
    MT_TRY_OUT(keep_letters(cx, batch, d));
    MT_TRY_OUT(mt_batch_commit(cx, batch, c->commit, c->arg));
out:
    c->done(cx, c->arg, code == MT_OK);
    mt_batch_close(batch);
    return code;
}

static mt_code deliver(mt_ctx *cx, mt_site *site, mt_exchange *x, const mt_match *match, struct delivery *d)
{
    mt_topic_mapping mapping = {match->part[0], match->note};
    MT_TRY(make_messages(cx, d, x, match->part[0], mt_world_now(site->world)));
    MT_TRY(mt_world_store(cx, site->world, &d->store));
    MT_TRY(mt_mapped_open(cx, &d->topics, d->store, &mapping, 1));
    d->consumer = mt_mapped_consumer(d->topics);
    return d->n ? store_messages(cx, d) : MT_OK;
}

static void tell_faults(mt_json_writer *json, const struct delivery *d)
{
    int told = 0;
    mt_json_key(json, "faults");
    mt_json_array(json);
    for (size_t k = 0; k < d->n && told < FAULTS_TOLD; k++) {
        if (!d->fault[k]) continue;
        told++;
        mt_json_object(json);
        mt_json_key(json, "message"), mt_json_int(json, (int64_t)k + 1);
        mt_json_key(json, "reason"), mt_json_text(json, d->fault[k]);
        mt_json_end(json);
    }
    mt_json_end(json);
}

static void tell_counts(mt_exchange *x, const struct delivery *d)
{
    mt_merge_counts counts = mt_mapped_counts(d->topics);
    bool useless = d->n && d->bad == d->n;
    mt_reply reply;
    mt_json_writer *json = &reply.json;
    if (!mt_reply_begin(&reply, x)) return;
    mt_json_object(json);
    if (useless) {
        mt_json_key(json, "type"), mt_json_text(json, "urn:merit:MT_E_INPUT");
        mt_json_key(json, "title"), mt_json_text(json, mt_code_meaning(MT_E_INPUT));
        mt_json_key(json, "status"), mt_json_int(json, 400);
        mt_json_key(json, "detail"), mt_json_text(json, "none of the messages could be used");
    }
    mt_json_key(json, "messages"), mt_json_int(json, (int64_t)d->n);
    mt_json_key(json, "bad"), mt_json_int(json, (int64_t)d->bad);
    mt_json_key(json, "added"), mt_json_int(json, (int64_t)counts.added);
    mt_json_key(json, "changed"), mt_json_int(json, (int64_t)counts.changed);
    mt_json_key(json, "unchanged"), mt_json_int(json, (int64_t)counts.unchanged);
    tell_faults(json, d);
    mt_json_end(json);
    mt_reply_send_as(&reply, useless ? 400 : 200, useless ? "application/problem+json" : "application/json");
}

void mt_work_messages(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    struct delivery d = {.n = 0};
    mt_code code = deliver(cx, site, x, match, &d);
    mt_site_changed(site);
    mt_metric_add(mt_metric_counter(site->metrics, "merit_messages_total", "Messages taken over HTTP", NULL),
                  code == MT_OK ? (double)d.n : 0);
    if (code == MT_OK)
        tell_counts(x, &d);
    else
        mt_exchange_problem(x, code, 0, cx->err);
    mt_mapped_close(d.topics);
}
