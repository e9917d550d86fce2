/* Operations that ask a provider: data.fetch stores what is new, data.preview shows it. */
#include "ops/feed/area_zone.h"
#include "ops/feed/asking.h"
#include "ops/feed/gate.h"
#include "ops/feed/moment.h"
#include "ops/feed/step_shown.h"

#include "base/rows/emit.h"
#include "store/data/fetch_store.h"
#include "store/data/series_store.h"

#include <string.h>

#define SPAN_USUAL (31 * MT_US_DAY) /* of one transaction, where the provider has no bound of its own */
#define AHEAD      (2 * MT_US_DAY)  /* what is published for days to come */

struct fetch_args {
    const char *source, *dataset, *area, *from, *to, *extra, *url;
    bool again, judge;
};

#define FETCH_ARGS                                                                                           \
    {.name = "source",                                                                                       \
     MT_TEXT_AT(fetch_args, source),                                                                         \
     .required = true,                                                                                       \
     .doc = "the provider, see data.sources"},                                                               \
        {.name = "dataset",                                                                                  \
         MT_TEXT_AT(fetch_args, dataset),                                                                    \
         .doc = "see data.feeds; without: the provider's first"},                                            \
        {.name = "area",                                                                                     \
         MT_TEXT_AT(fetch_args, area),                                                                       \
         .doc = "zone or station as data.feeds says; several with commas"},                                  \
        {.name = "from",                                                                                     \
         MT_TEXT_AT(fetch_args, from),                                                                       \
         .doc = "a moment or a local day; without: where the last fetch ended, or yesterday"},               \
        {.name = "until", MT_TEXT_AT(fetch_args, to), .doc = MT_MOMENT_UNTIL_DOC "; without: all there is"}, \
        {.name = "extra",                                                                                    \
         MT_TEXT_AT(fetch_args, extra),                                                                      \
         .local = true,                                                                                      \
         .doc = "further parameters of the provider's own, name=value&..."},                                 \
    {                                                                                                        \
        .name = "url", MT_TEXT_AT(fetch_args, url), .local = true,                                           \
        .doc = "another address that speaks the same, e.g. a mirror"                                         \
    }

static const mt_field fetch_arg[] = {
    FETCH_ARGS,
    {.name = "again", MT_BOOL_AT(fetch_args, again), .doc = "forget where the last fetch ended"},
    {.name = "judge",
     MT_BOOL_AT(fetch_args, judge),
     .fallback = "yes",
     .doc = "set days with suspicious values aside instead of storing them"},
    {.name = NULL}};

static const mt_field preview_arg[] = {FETCH_ARGS, {.name = NULL}};

/* One question, as far as it is the same for all its spans. */
struct asking {
    const mt_source *source;
    mt_source_call call;
    mt_source_query query;
    mt_fetch_key key;
    bool judge;
    bool keeps_state;   /* a question with parameters of its own says nothing about the whole feed */
    mt_time fetched_to; /* everything before is here; MT_TIME_NONE: nothing was fetched yet */
    mt_time reached;    /* the same after the span in hand */
};

/* Another address is another feed: what it gave says nothing about the provider itself. */
static mt_code name_feed(mt_ctx *cx, struct asking *asking, const struct fetch_args *args)
{
    asking->key =
        (mt_fetch_key){asking->source->name, asking->query.dataset->name, args->area ? args->area : ""};
    if (!args->url) return MT_OK;
    return mt_text_format(cx, &asking->key.dataset, "%s %s", asking->query.dataset->name, args->url);
}

/* A key that is there goes to its provider only. */
static mt_code check_key(mt_ctx *cx, const mt_world *world, const struct asking *asking)
{
    const mt_source *source = asking->source;
    const char *key;
    if (!source->key_required || asking->call.key) return MT_OK;
    MT_TRY(mt_asking_key(cx, world, &key, source));
    if (!key) return MT_OK; /* said by the provider, with where one is got */
    return mt_fail(cx, MT_E_AUTH, "%s needs its key, which is sent to %s only, not to %s", source->name,
                   source->base_url, asking->call.base_url);
}

static mt_code prepare(mt_ctx *cx, const mt_world *world, const struct fetch_args *args, struct asking *out)
{
    const mt_zone *zone;
    mt_time now = mt_world_now(world);
    memset(out, 0, sizeof *out);
    MT_TRY(mt_source_find(cx, &out->source, args->source));
    MT_TRY(mt_source_dataset_find(cx, &out->query.dataset, out->source, args->dataset));
    MT_TRY(mt_asking_call(cx, world, &out->call, out->source, args->url));
    MT_TRY(check_key(cx, world, out));
    MT_TRY(mt_area_zone(cx, &zone, args->area));
    MT_TRY(mt_moment_span(cx, &out->query.from, &out->query.to, args->from, args->to, now, zone));
    if (out->query.to == MT_TIME_NONE) out->query.to = mt_time_floor(now, MT_US_HOUR) + MT_US_HOUR + AHEAD;
    out->judge = args->judge;
    out->query.area = args->area;
    out->query.extra = args->extra;
    out->keeps_state = !args->extra;
    out->fetched_to = MT_TIME_NONE;
    return name_feed(cx, out, args);
}

/* Where to begin when nobody says it: a little before the end of the last fetch, because the newest values
 * may have been revised. */
static mt_time usual_from(const mt_source_dataset *dataset, mt_time fetched_to, mt_time now)
{
    mt_time back = dataset->look_back + dataset->lag;
    if (fetched_to == MT_TIME_NONE) return mt_time_floor(now, MT_US_DAY) - MT_US_DAY - back;
    return mt_time_floor(fetched_to, MT_US_HOUR) - back;
}

struct fetch_row {
    const char *source, *dataset, *area;
    mt_time from, to;
    int64_t pages, given, added, changed, unchanged, set_aside;
};

static const mt_field fetch_col[] = {
    {.name = "source", MT_TEXT_AT(fetch_row, source), .doc = "the provider"},
    {.name = "dataset", MT_TEXT_AT(fetch_row, dataset), .doc = "of the provider"},
    {.name = "area", MT_TEXT_AT(fetch_row, area), .doc = "as asked"},
    {.name = "from", MT_TIME_AT(fetch_row, from), .doc = "of this part, UTC"},
    {.name = "to", MT_TIME_AT(fetch_row, to), .doc = "not included, UTC"},
    {.name = "pages", MT_INT_AT(fetch_row, pages), .unit = MT_UNIT_COUNT, .doc = "answers of the provider"},
    {.name = "given", MT_INT_AT(fetch_row, given), .unit = MT_UNIT_COUNT, .doc = "values it gave"},
    {.name = "added", MT_INT_AT(fetch_row, added), .unit = MT_UNIT_COUNT, .doc = "new ones"},
    {.name = "changed",
     MT_INT_AT(fetch_row, changed),
     .unit = MT_UNIT_COUNT,
     .doc = "revised; what stood before is kept"},
    {.name = "unchanged", MT_INT_AT(fetch_row, unchanged), .unit = MT_UNIT_COUNT, .doc = "stored already"},
    {.name = NULL}};

/* How far everything is here, after a span: the end of the newest value, never beyond now, never over a gap
 * between what was fetched before and this span, never back. What is published late is asked for again. */
static mt_time fetched_after(const struct asking *asking, mt_time newest)
{
    mt_time now = asking->call.now, before = asking->fetched_to;
    if (newest == MT_TIME_NONE || (before != MT_TIME_NONE && asking->query.from > before)) return before;
    if (newest > now) newest = now;
    return before != MT_TIME_NONE && before > newest ? before : newest;
}

static mt_code save_state(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct asking *asking = arg;
    mt_fetch_saving saving = {asking->key, {.fetched_to = asking->reached}};
    return asking->keeps_state ? mt_fetch_store_commit(cx, tx, &saving) : MT_OK;
}

/* One span, one transaction: its rows and how far the provider was read. */
static mt_code fetch_span(mt_ctx *cx, mt_store *store, struct asking *asking, struct fetch_row *row)
{
    mt_batch *batch = NULL;
    mt_gate *gate = NULL;
    mt_code code;
    *asking->call.pages = 0;
    MT_TRY_OUT(mt_batch_open(cx, &batch, store));
    MT_TRY_OUT(mt_gate_open(cx, &gate, store, batch, asking->judge));
    MT_TRY_OUT(mt_source_fetch(cx, asking->source, &asking->call, &asking->query, mt_gate_sink(gate)));
    mt_gate_end(gate);
    asking->reached = fetched_after(asking, mt_gate_told(gate).newest);
    MT_TRY_OUT(mt_batch_commit(cx, batch, save_state, asking));
    asking->fetched_to = asking->reached;
    mt_gate_counts told = mt_gate_told(gate);
    *row = (struct fetch_row){asking->key.source,
                              asking->key.dataset,
                              asking->query.area,
                              asking->query.from,
                              asking->query.to,
                              *asking->call.pages,
                              (int64_t)told.stored.given,
                              (int64_t)told.stored.added,
                              (int64_t)told.stored.changed,
                              (int64_t)told.stored.unchanged,
                              (int64_t)told.set_aside.given};
out:
    mt_gate_end(gate);
    mt_batch_close(batch);
    mt_gate_close(gate);
    return code;
}

static mt_code fetch_all(mt_ctx *cx, mt_store *store, struct asking *asking, mt_emit *emit)
{
    mt_time first = asking->query.from, last = asking->query.to;
    mt_time most = asking->query.dataset->most ? asking->query.dataset->most : SPAN_USUAL;
    mt_time span = strstr(asking->call.base_url, "http") == asking->call.base_url ? most : last - first;
    char stored[MT_TIME_TEXT_MAX];
    for (mt_time at = first; at < last; at += span) {
        struct fetch_row row;
        mt_ctx_progress(cx, asking->key.dataset, (uint64_t)((at - first) / MT_US_HOUR),
                        (uint64_t)((last - first) / MT_US_HOUR), "hours");
        asking->query.from = at;
        asking->query.to = at + span < last ? at + span : last;
        mt_code code = fetch_span(cx, store, asking, &row);
        mt_time_text(at, stored);
        if (code != MT_OK)
            return at == first ? code : mt_fail_at(cx, "what lies before %s is stored", stored);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code fetch_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct fetch_args *a = args;
    struct asking asking;
    mt_store *store;
    mt_emit *emit;
    mt_fetch_state state = {.fetched_to = MT_TIME_NONE};
    MT_TRY(prepare(cx, world, a, &asking));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_fetch_store_read(cx, &state, store, &asking.key));
    asking.fetched_to = state.fetched_to;
    if (a->again) state.fetched_to = MT_TIME_NONE;
    if (asking.query.from == MT_TIME_NONE)
        asking.query.from = usual_from(asking.query.dataset, state.fetched_to, asking.call.now);
    MT_TRY(mt_moment_check(cx, asking.query.from, asking.query.to));
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.fetch", fetch_col, NULL, NULL));
    MT_TRY(fetch_all(cx, store, &asking, emit));
    return mt_emit_end(emit);
}

const mt_op mt_op_data_fetch = {
    .name = "data.fetch",
    .summary = "ask a data provider and store what is new",
    .doc =
        "Goes on where the last fetch of the same dataset and area ended, and asks a little of the past "
        "again, because providers revise it. The same values again change nothing; a different one becomes "
        "a revision, and what stood before is kept. A long span is stored part by part: what was stored "
        "stays when a later part fails. Keys come from a file or the environment, see data.sources.",
    .example = "energidataservice --dataset DayAheadPrices --area DK1,DK2",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct fetch_args),
    .words = "source",
    .arg = fetch_arg,
    .col = fetch_col,
    .run = fetch_run,
};

static mt_code preview_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    struct asking asking;
    mt_sink *shown;
    MT_TRY(prepare(cx, world, args, &asking));
    if (asking.query.from == MT_TIME_NONE)
        asking.query.from = usual_from(asking.query.dataset, MT_TIME_NONE, asking.call.now);
    MT_TRY(mt_moment_check(cx, asking.query.from, asking.query.to));
    MT_TRY(mt_step_shown(cx, &shown, out));
    return mt_source_fetch(cx, asking.source, &asking.call, &asking.query, shown);
}

const mt_op mt_op_data_preview = {
    .name = "data.preview",
    .summary = "ask a data provider and show the values, without storing them",
    .example = "energidataservice --dataset DayAheadPrices --area DK1 --from today",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct fetch_args),
    .words = "source",
    .arg = preview_arg,
    .col = mt_observation_shown,
    .run = preview_run,
};
