/* The door to data providers: find one, ask it, check it. */
#include "sources/source.h"

#include "sources/list.h"

#include <string.h>

static const mt_source *const list[] = {
#define SOURCE_ROW(symbol) &symbol,
    MT_SOURCE_LIST(SOURCE_ROW)
#undef SOURCE_ROW
};

enum { SOURCES = sizeof list / sizeof *list, DATASETS_MAX = 64, NAMES_MAX = 600 };

const mt_source *const *mt_sources(size_t *n)
{
    *n = SOURCES;
    return list;
}

/* "; did you mean NAME?", else the names there are. */
static mt_code fail_absent(mt_ctx *cx, const char *what, const char *word, const char *const *name, size_t n)
{
    char names[NAMES_MAX] = "";
    size_t used = 0;
    int nearest = mt_text_nearest(word, name, n);
    if (nearest >= 0) return mt_fail(cx, MT_E_ABSENT, "%s %s; did you mean %s?", what, word, name[nearest]);
    for (size_t k = 0; k < n && used + strlen(name[k]) + 3 < sizeof names; k++) {
        memcpy(names + used, k ? ", " : "", k ? 2 : 0);
        used += k ? 2 : 0;
        memcpy(names + used, name[k], strlen(name[k]) + 1);
        used += strlen(name[k]);
    }
    return mt_fail(cx, MT_E_ABSENT, "%s %s; there are %s", what, word, names);
}

mt_code mt_source_find(mt_ctx *cx, const mt_source **out, const char *name)
{
    const char *names[SOURCES];
    for (size_t k = 0; k < SOURCES; k++) {
        names[k] = list[k]->name;
        if (strcasecmp(names[k], name) != 0) continue;
        *out = list[k];
        return MT_OK;
    }
    return fail_absent(cx, "there is no data provider", name, names, SOURCES);
}

mt_code mt_source_dataset_find(mt_ctx *cx, const mt_source_dataset **out, const mt_source *source,
                               const char *name)
{
    const char *names[DATASETS_MAX], *what;
    size_t n = 0;
    for (const mt_source_dataset *d = source->dataset; d->name; d++) {
        if (n < DATASETS_MAX) names[n++] = d->name;
        if (name && strcasecmp(d->name, name) != 0) continue;
        *out = d;
        return MT_OK;
    }
    MT_TRY(mt_text_format(cx, &what, "%s has no dataset", source->name));
    return fail_absent(cx, what, name ? name : "at all", names, n);
}

/* The provider's own address where none is given; a key where one is needed. */
static mt_code check_call(mt_ctx *cx, const mt_source *source, const mt_source_call *call,
                          mt_source_call *complete)
{
    *complete = *call;
    if (!complete->base_url) complete->base_url = source->base_url;
    if (complete->key && !*complete->key) complete->key = NULL;
    if (complete->key || !source->key_required) return MT_OK;
    return mt_fail(cx, MT_E_AUTH, "%s needs a key: set %s (or a file that %s_FILE names); one is got at %s",
                   source->title, source->key_variable, source->key_variable, source->base_url);
}

static mt_code check_query(mt_ctx *cx, const mt_source *source, const mt_source_query *query)
{
    char from[MT_TIME_TEXT_MAX] = "none", to[MT_TIME_TEXT_MAX] = "none";
    if (query->from != MT_TIME_NONE && query->to != MT_TIME_NONE && query->from < query->to) return MT_OK;
    if (query->from != MT_TIME_NONE) mt_time_text(query->from, from);
    if (query->to != MT_TIME_NONE) mt_time_text(query->to, to);
    return mt_fail(cx, MT_E_INPUT, "%s %s: from %s to %s is no span; the end comes after the start",
                   source->name, query->dataset->name, from, to);
}

/* Messages say who failed, once. */
static mt_code name_failure(mt_ctx *cx, mt_code code, const mt_source *source)
{
    if (code == MT_OK || code == MT_E_CANCELLED || strstr(cx->err, source->name)) return code;
    return mt_fail_at(cx, "%s", source->name);
}

mt_code mt_source_fetch(mt_ctx *cx, const mt_source *source, const mt_source_call *call,
                        const mt_source_query *query, mt_sink *out)
{
    mt_source_call complete;
    int64_t pages = 0;
    mt_schema schema = {
        .name = query->dataset->name, .col = mt_observation_col, .n_col = MT_OBSERVATION_COLUMNS};
    MT_TRY(check_call(cx, source, call, &complete));
    MT_TRY(check_query(cx, source, query));
    if (!complete.pages) complete.pages = &pages;
    MT_TRY(mt_sink_schema(out, cx, &schema));
    mt_code code = mt_http_hush_key(cx, source->fetch(cx, &complete, query, out), complete.key);
    MT_TRY(name_failure(cx, code, source));
    return mt_sink_finish(out, cx);
}

mt_code mt_source_check(mt_ctx *cx, const mt_source *source, const mt_source_call *call)
{
    mt_source_call complete;
    int64_t pages = 0;
    MT_TRY(check_call(cx, source, call, &complete));
    if (!complete.pages) complete.pages = &pages;
    if (!complete.tries) complete.tries = 1; /* that it does not answer is an answer here */
    return name_failure(cx, mt_http_hush_key(cx, source->check(cx, &complete), complete.key), source);
}
