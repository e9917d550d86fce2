/* Messages become observations by the mappings of their topics. */
#include "ingest/mapped.h"

#include "ingest/rows.h"
#include "store/data/series_store.h"

#include <stdlib.h>
#include <string.h>

struct topic {
    char *name;
    mt_mapper *mapper;
};

struct mt_mapped_topics {
    mt_store *store;
    struct topic *topic; /* in the order given */
    size_t n;
    mt_ctx own; /* the mappers' context; they keep memory of their own beside it */
    mt_sink *sink;
    mt_merge_counts batch;
    mt_merge_counts sum; /* atomic access only */
    mt_rows *rows;
};

/* --- topics ------------------------------------------------------------------------------------------ */

/* MQTT's filters: '+' is one level, '#' all that follow; "$share/GROUP/" before them is no part of topics. */
static bool filter_matches(const char *filter, mt_text topic)
{
    const char *at = topic.at, *end = topic.at + topic.length;
    if (strncmp(filter, "$share/", 7) == 0) {
        const char *behind = strchr(filter + 7, '/');
        filter = behind ? behind + 1 : filter;
    }
    for (;;) {
        size_t level = strcspn(filter, "/"), given = 0;
        while (at + given < end && at[given] != '/') given++;
        if (level == 1 && *filter == '#') return true;
        bool any = level == 1 && *filter == '+';
        if (!any && (level != given || memcmp(filter, at, level) != 0)) return false;
        filter += level;
        at += given;
        if (!*filter || at == end) return !*filter ? at == end : strcmp(filter, "/#") == 0;
        filter++, at++;
    }
}

static mt_mapper *find_mapper(const mt_mapped_topics *m, mt_text name)
{
    mt_mapper *any = NULL;
    for (size_t k = 0; k < m->n; k++) {
        if (mt_text_equal(name, m->topic[k].name)) return m->topic[k].mapper;
        bool filter = strpbrk(m->topic[k].name, "+#") && filter_matches(m->topic[k].name, name);
        if (filter || (strcmp(m->topic[k].name, "*") == 0 && !any)) any = m->topic[k].mapper;
    }
    return any;
}

static mt_code refuse_topic(mt_ctx *cx, const char *topic)
{
    size_t n;
    const char *names = "";
    const mt_mapping *known = mt_mappings(&n);
    for (size_t k = 0; k < n; k++)
        MT_TRY(mt_text_format(cx, &names, "%s%s%s", names, k ? ", " : "", known[k].name));
    return mt_fail(cx, MT_E_INPUT, "nothing says what messages of the topic %s mean; known mappings: %s",
                   topic, names);
}

static mt_code open_topic(mt_ctx *cx, mt_mapped_topics *m, const mt_topic_mapping *given)
{
    struct topic *topic = &m->topic[m->n];
    if (!given->mapping) return refuse_topic(cx, given->topic);
    topic->name = strdup(given->topic);
    if (!topic->name) return mt_fail(cx, MT_E_MEMORY, "no memory for the topic %s", given->topic);
    m->n++;
    mt_code code = mt_mapper_open(&m->own, &topic->mapper, given->mapping, NULL);
    return code == MT_OK ? MT_OK : mt_fail(cx, code, "topic %s: %s", given->topic, m->own.err);
}

mt_code mt_mapped_open(mt_ctx *cx, mt_mapped_topics **out, mt_store *store, const mt_topic_mapping *topic,
                       size_t n)
{
    mt_mapped_topics *m = calloc(1, sizeof *m);
    if (!m) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu mappings", n);
    const mt_ctx_options options = {.size = sizeof options, .allocator = cx->options.allocator};
    mt_ctx_init(&m->own, &options);
    m->store = store;
    m->topic = calloc(n ? n : 1, sizeof *m->topic);
    mt_code code = m->topic ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for %zu mappings", n);
    if (code == MT_OK) code = mt_rows_open(cx, &m->rows);
    for (size_t k = 0; code == MT_OK && k < n; k++) code = open_topic(cx, m, &topic[k]);
    if (code == MT_OK) {
        *out = m;
    } else {
        mt_mapped_close(m);
    }
    return code;
}

void mt_mapped_close(mt_mapped_topics *m)
{
    if (!m) return;
    for (size_t k = 0; k < m->n; k++) {
        mt_mapper_close(m->topic[k].mapper);
        free(m->topic[k].name);
    }
    free(m->topic);
    mt_rows_close(m->rows);
    mt_ctx_close(&m->own);
    free(m);
}

/* --- the consumer -------------------------------------------------------------------------------------- */

static mt_code map_message(mt_ctx *cx, mt_mapped_topics *m, const mt_message *message, const char **fault)
{
    mt_mapper *mapper = find_mapper(m, message->topic);
    mt_time known_at = message->time != MT_TIME_NONE ? message->time : mt_store_now(m->store);
    mt_mapped mapped;
    if (!mapper)
        return mt_text_format(cx, fault, "no mapping says what the topic %s means", message->topic.at);
    if (!message->value.at || mt_text_trim(message->value).length == 0) {
        *fault = message->value.at ? "the message is empty" : "the message has no value (a tombstone)";
        return MT_OK;
    }
    mt_code code = mt_mapper_json(&m->own, mapper, message->value, known_at, &mapped);
    if (code != MT_OK) return mt_fail(cx, code, "%s", m->own.err);
    if (mapped.fault && mt_mapper_filled(mapper) >= 1)
        return mt_fail(cx, MT_E_TOO_LARGE, "a batch of the topic %s has too many names: %s",
                       message->topic.at, mapped.fault);
    if (mapped.fault) return mt_text_copy(cx, fault, mt_text_of(mapped.fault));
    for (size_t k = 0; k < mapped.n; k++) MT_TRY(mt_rows_put(cx, m->rows, m->sink, &mapped.at[k]));
    return MT_OK;
}

/* Between batches nobody holds names. With half of the room free a batch that takes more comes back in
 * halves. */
static void renew_mappers(mt_mapped_topics *m)
{
    for (size_t k = 0; k < m->n; k++)
        if (mt_mapper_filled(m->topic[k].mapper) >= 0.5) mt_mapper_renew(&m->own, m->topic[k].mapper);
}

static mt_code take(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                    const char **fault)
{
    mt_mapped_topics *m = arg;
    m->batch = (mt_merge_counts){0};
    renew_mappers(m);
    MT_TRY(mt_series_merge(cx, batch, &m->sink, &m->batch));
    MT_TRY(mt_rows_begin(cx, m->rows, m->sink));
    for (size_t k = 0; k < n; k++) MT_TRY(map_message(cx, m, &message[k], &fault[k]));
    MT_TRY(mt_rows_push(cx, m->rows, m->sink));
    return mt_sink_finish(m->sink, cx);
}

static void done(mt_ctx *cx, void *arg, bool ok)
{
    mt_mapped_topics *m = arg;
    (void)cx;
    mt_sink_close(m->sink);
    m->sink = NULL;
    if (!ok) return;
    const uint64_t from[] = {m->batch.given,     m->batch.added,   m->batch.changed,
                             m->batch.unchanged, m->batch.removed, m->batch.kept};
    uint64_t *const to[] = {&m->sum.given,     &m->sum.added,   &m->sum.changed,
                            &m->sum.unchanged, &m->sum.removed, &m->sum.kept};
    for (size_t k = 0; k < sizeof to / sizeof *to; k++) __atomic_fetch_add(to[k], from[k], __ATOMIC_RELAXED);
}

static uint64_t rows(const void *arg)
{
    return mt_mapped_counts(arg).given;
}

mt_consumer mt_mapped_consumer(mt_mapped_topics *topics)
{
    return (mt_consumer){.take = take, .done = done, .arg = topics, .rows = rows};
}

mt_merge_counts mt_mapped_counts(const mt_mapped_topics *m)
{
    return (mt_merge_counts){.given = __atomic_load_n(&m->sum.given, __ATOMIC_RELAXED),
                             .added = __atomic_load_n(&m->sum.added, __ATOMIC_RELAXED),
                             .changed = __atomic_load_n(&m->sum.changed, __ATOMIC_RELAXED),
                             .unchanged = __atomic_load_n(&m->sum.unchanged, __ATOMIC_RELAXED),
                             .removed = __atomic_load_n(&m->sum.removed, __ATOMIC_RELAXED),
                             .kept = __atomic_load_n(&m->sum.kept, __ATOMIC_RELAXED)};
}
