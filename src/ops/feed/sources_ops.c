/* Operations that tell about providers: data.sources, data.feeds, data.check. */
#include "ops/feed/asking.h"

#include "base/rows/emit.h"

#include <math.h>
#include <string.h>

struct source_row {
    const char *source, *title;
    int64_t datasets;
    const char *licence, *licence_url;
    bool redistribute;
    const char *attribution, *key;
    bool key_needed, key_present;
    const char *url;
};

static const mt_field source_col[] = {
    {.name = "source", MT_TEXT_AT(source_row, source), .doc = "name for data fetch"},
    {.name = "title", MT_TEXT_AT(source_row, title), .doc = "the provider"},
    {.name = "datasets",
     MT_INT_AT(source_row, datasets),
     .unit = MT_UNIT_COUNT,
     .doc = "see data.feeds for them"},
    {.name = "licence", MT_TEXT_AT(source_row, licence), .doc = "of its data"},
    {.name = "redistribute", MT_BOOL_AT(source_row, redistribute), .doc = "may its data be passed on?"},
    {.name = "key", MT_TEXT_AT(source_row, key), .doc = "variable or file that holds the key; empty: none"},
    {.name = "key_needed", MT_BOOL_AT(source_row, key_needed), .doc = "does it answer only with a key?"},
    {.name = "key_present", MT_BOOL_AT(source_row, key_present), .doc = "is one there?"},
    {.name = "attribution", MT_TEXT_AT(source_row, attribution), .doc = "what the licence wants to be said"},
    {.name = "licence_url", MT_TEXT_AT(source_row, licence_url), .doc = "its text"},
    {.name = "url", MT_TEXT_AT(source_row, url), .doc = "where it is asked"},
    {.name = NULL}};

static mt_code sources_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    size_t n;
    mt_emit *emit;
    const mt_source *const *source = mt_sources(&n);
    (void)args;
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.sources", source_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const char *key;
        struct source_row row = {.source = source[k]->name,
                                 .title = source[k]->title,
                                 .licence = source[k]->licence,
                                 .licence_url = source[k]->licence_url,
                                 .redistribute = source[k]->redistribute,
                                 .attribution = source[k]->attribution,
                                 .key = source[k]->key_variable,
                                 .key_needed = source[k]->key_required,
                                 .url = source[k]->base_url};
        for (const mt_source_dataset *d = source[k]->dataset; d->name; d++) row.datasets++;
        MT_TRY(mt_asking_key(cx, world, &key, source[k]));
        row.key_present = key != NULL;
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_data_sources = {
    .name = "data.sources",
    .summary = "the data providers, their licences and keys",
    .example = "",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .col = source_col,
    .run = sources_run,
};

struct feeds_args {
    const char *source;
};

static const mt_field feeds_arg[] = {
    {.name = "source", MT_TEXT_AT(feeds_args, source), .doc = "only of this provider"}, {.name = NULL}};

struct feed_row {
    const char *source, *dataset, *kinds, *areas;
    int64_t step_us;
    const char *doc;
};

static const mt_field feed_col[] = {
    {.name = "source", MT_TEXT_AT(feed_row, source), .doc = "the provider"},
    {.name = "dataset", MT_TEXT_AT(feed_row, dataset), .doc = "name for data fetch --dataset"},
    {.name = "kinds", MT_TEXT_AT(feed_row, kinds), .doc = "what its values measure"},
    {.name = "areas", MT_TEXT_AT(feed_row, areas), .doc = "what --area takes; empty: nothing"},
    {.name = "step", MT_SPAN_AT(feed_row, step_us), .doc = "of its values"},
    {.name = "doc", MT_TEXT_AT(feed_row, doc), .doc = "what it is"},
    {.name = NULL}};

static mt_code feeds_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct feeds_args *a = args;
    size_t n;
    mt_emit *emit;
    const mt_source *const *source = mt_sources(&n), *only = NULL;
    (void)world;
    if (a->source) MT_TRY(mt_source_find(cx, &only, a->source));
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.feeds", feed_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        if (only && only != source[k]) continue;
        for (const mt_source_dataset *d = source[k]->dataset; d->name; d++) {
            struct feed_row row = {
                source[k]->name, d->name, d->kinds, d->area_form, d->step ? d->step : INT64_MIN, d->doc};
            MT_TRY(mt_emit_put(emit, &row));
        }
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_data_feeds = {
    .name = "data.feeds",
    .summary = "the datasets of the data providers",
    .example = "--source energidataservice",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct feeds_args),
    .words = "source",
    .arg = feeds_arg,
    .col = feed_col,
    .run = feeds_run,
};

struct check_args {
    const char *source, *url;
};

static const mt_field check_arg[] = {
    {.name = "source", MT_TEXT_AT(check_args, source), .doc = "only this provider"},
    {.name = "url",
     MT_TEXT_AT(check_args, url),
     .local = true,
     .doc = "another address that speaks the same, e.g. a mirror"},
    {.name = NULL}};

struct check_row {
    const char *source;
    const char *state;
    double milliseconds;
    const char *message;
};

static const mt_field check_col[] = {
    {.name = "source", MT_TEXT_AT(check_row, source), .doc = "the provider"},
    {.name = "state",
     MT_TEXT_AT(check_row, state),
     .doc = "works, fails, or no key: it was not asked, because it needs one"},
    {.name = "milliseconds",
     MT_REAL_AT(check_row, milliseconds),
     .unit = MT_UNIT_MILLISECOND,
     .doc = "until it had answered"},
    {.name = "message", MT_TEXT_AT(check_row, message), .doc = "what went wrong, or what to do"},
    {.name = NULL}};

/* In a context of its own: one provider that fails does not end the others. */
static mt_code check_one(mt_ctx *cx, const mt_world *world, const mt_source *source,
                         const struct check_args *args, struct check_row *row)
{
    mt_source_call call;
    mt_monotonic_fn *clock = mt_world_settings(world)->monotonic_us;
    MT_TRY(mt_asking_call(cx, world, &call, source, args->url));
    *row = (struct check_row){.source = source->name, .state = "no key", .milliseconds = NAN};
    if (source->key_required && !call.key)
        return mt_text_format(cx, &row->message, "put the key into %s or a file named by %s_FILE",
                              source->key_variable, source->key_variable);
    int64_t begun = clock(NULL);
    mt_code code = mt_source_check(cx, source, &call);
    row->milliseconds = (double)(clock(NULL) - begun) / 1000;
    if (code == MT_E_CANCELLED || code == MT_E_MEMORY) return code;
    row->state = code == MT_OK ? "works" : "fails";
    if (code != MT_OK) MT_TRY(mt_text_copy(cx, &row->message, mt_text_of(cx->err)));
    mt_ctx_forgive(cx);
    return MT_OK;
}

static mt_code check_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct check_args *a = args;
    size_t n, failed = 0;
    mt_emit *emit;
    const mt_source *const *source = mt_sources(&n), *only = NULL;
    if (a->source) MT_TRY(mt_source_find(cx, &only, a->source));
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.check", check_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        struct check_row row;
        if (only && only != source[k]) continue;
        mt_ctx_progress(cx, source[k]->name, k, n, "providers");
        MT_TRY(check_one(cx, world, source[k], a, &row));
        failed += strcmp(row.state, "fails") == 0;
        MT_TRY(mt_emit_put(emit, &row));
    }
    MT_TRY(mt_emit_end(emit));
    return failed ? MT_FINDINGS : MT_OK;
}

const mt_op mt_op_data_check = {
    .name = "data.check",
    .summary = "ask each provider one small question and say what works",
    .doc =
        "A provider that needs a key and has none is not asked. Exit status 7 when one that was asked fails.",
    .example = "--source energidataservice",
    .effect = MT_READ,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct check_args),
    .words = "source",
    .arg = check_arg,
    .col = check_col,
    .run = check_run,
};
