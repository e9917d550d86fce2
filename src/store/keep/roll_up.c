/* The values of one series between two moments, brought to a coarser step and removed, in one transaction. */
#include "store/keep/roll_up.h"

#include "base/rows/table.h"
#include "store/data/series_plan.h"
#include "store/data/series_store.h"
#include "store/inside.h"
#include "store/keep/fold.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW "series_id = $1 AND start >= $2 AND start < $3"

/* One window; `tx` NULL: nothing is written. */
struct window {
    const mt_roll *roll;
    mt_time from, to;
    int64_t coarse_id;
    mt_store *store;
    mt_tx *tx;
    mt_rolled done;
};

static mt_code ask(mt_ctx *cx, const struct window *w, const char *sql, int64_t id, mt_sink *sink)
{
    const mt_param param[] = {mt_param_int(id), mt_param_time(w->from), mt_param_time(w->to)};
    return w->tx ? mt_tx_query(cx, w->tx, sql, param, 3, sink)
                 : mt_store_query(cx, w->store, sql, param, 3, sink);
}

static mt_code ask_table(mt_ctx *cx, const struct window *w, const char *sql, int64_t id, mt_table **out)
{
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = ask(cx, w, sql, id, sink);
    mt_sink_close(sink);
    return code;
}

/* The number of values that a roll-up says it was made of, or -1: made by none. */
static int64_t made_of(mt_value payload)
{
    static const char head[] = "{\"n\":";
    const size_t skip = sizeof head - 1;
    int64_t n;
    if (!payload.present) return -1;
    mt_text text = payload.as.text;
    if (text.length <= skip || memcmp(text.at, head, skip) != 0) return -1;
    size_t digits = 0;
    while (skip + digits < text.length && text.at[skip + digits] >= '0' && text.at[skip + digits] <= '9')
        digits++;
    mt_text rest = {text.at + skip + digits, text.length - skip - digits};
    bool ours =
        (rest.length == 1 && rest.at[0] == '}') || (rest.length > 7 && memcmp(rest.at, ",\"min\":", 7) == 0);
    return ours && mt_int_parse(text.at + skip, digits, &n) ? n : -1;
}

/* Both lists are in order of time. */
static mt_code find_standing(mt_ctx *cx, struct window *w, mt_fold_sink *fold)
{
    mt_table *table;
    MT_TRY(ask_table(cx, w,
                     "SELECT start, payload FROM observation WHERE " WINDOW " ORDER BY start NULLS LAST",
                     w->coarse_id, &table));
    for (size_t k = 0, i = 0; k < fold->n; k++) {
        mt_fold_bucket *b = &fold->at[k];
        while (i < table->n && mt_table_get(table, i, 0).as.integer < b->start) i++;
        if (i == table->n) break;
        if (mt_table_get(table, i, 0).as.integer != b->start) continue;
        int64_t n = made_of(mt_table_get(table, i, 1));
        b->stays = n < 0 || (uint64_t)n > b->n;
    }
    return MT_OK;
}

static void count_buckets(struct window *w, const mt_fold_sink *fold)
{
    for (size_t k = 0; k < fold->n; k++)
        *(fold->at[k].stays ? &w->done.left : &w->done.rolled) += fold->at[k].rows;
    for (size_t k = 0; k < fold->n; k++) w->done.written += !fold->at[k].stays;
}

static mt_code gather(mt_ctx *cx, struct window *w, mt_fold_sink *fold)
{
    MT_TRY(ask(cx, w,
               "SELECT start, value, known_at FROM observation WHERE " WINDOW " ORDER BY start NULLS LAST",
               w->roll->id, &fold->sink));
    if (fold->n) MT_TRY(find_standing(cx, w, fold));
    count_buckets(w, fold);
    return MT_OK;
}

/* --- the coarser values --- */

static double value_of(const mt_fold_bucket *b, mt_fold how)
{
    double sum = isfinite(b->lost) ? b->sum + b->lost : b->sum;
    if (!b->n) return NAN;
    if (how == MT_FOLD_LAST) return b->last;
    return how == MT_FOLD_SUM ? sum : sum / (double)b->n;
}

static mt_code payload_of(mt_ctx *cx, mt_text *out, const mt_fold_bucket *b)
{
    char min[32], max[32];
    const char *text;
    if (b->n && isfinite(b->min) && isfinite(b->max)) {
        mt_real_text(b->min, min);
        mt_real_text(b->max, max);
        MT_TRY(mt_text_format(cx, &text, "{\"n\":%" PRIu64 ",\"min\":%s,\"max\":%s}", b->n, min, max));
    } else {
        MT_TRY(mt_text_format(cx, &text, "{\"n\":%" PRIu64 "}", b->n));
    }
    *out = mt_text_of(text);
    return MT_OK;
}

/* The columns of at most MT_CHUNK_ROWS coarser values. */
struct rows {
    size_t n;
    int64_t id[MT_CHUNK_ROWS], start[MT_CHUNK_ROWS], known_at[MT_CHUNK_ROWS];
    double value[MT_CHUNK_ROWS];
    mt_text payload[MT_CHUNK_ROWS];
};

static mt_code push_rows(mt_ctx *cx, mt_sink *sink, struct rows *r)
{
    const mt_column col[] = {
        {r->id, NULL}, {r->start, NULL}, {r->value, NULL}, {r->known_at, NULL}, {r->payload, NULL}};
    const mt_chunk chunk = {r->n, col};
    r->n = 0;
    return chunk.n ? mt_sink_push(sink, cx, &chunk) : MT_OK;
}

static mt_code push_buckets(mt_ctx *cx, const struct window *w, const mt_fold_sink *fold, mt_sink *sink)
{
    struct rows *r;
    mt_fold how = mt_kind_fold(w->roll->name.kind);
    MT_TRY(MT_NEW(cx, &r, 1));
    for (size_t k = 0; k < fold->n; k++) {
        const mt_fold_bucket *b = &fold->at[k];
        if (b->stays) continue;
        r->id[r->n] = w->coarse_id;
        r->start[r->n] = b->start;
        r->known_at[r->n] = b->known_at;
        r->value[r->n] = value_of(b, how);
        MT_TRY(payload_of(cx, &r->payload[r->n], b));
        if (++r->n == MT_CHUNK_ROWS) MT_TRY(push_rows(cx, sink, r));
    }
    return push_rows(cx, sink, r);
}

static mt_code write_values(mt_ctx *cx, struct window *w, const mt_fold_sink *fold)
{
    mt_sink *sink;
    mt_merge_counts counts = {.given = 0};
    const mt_schema schema = {
        .name = "observation", .col = mt_observation_stored, .n_col = MT_STORED_COLUMNS};
    MT_TRY(mt_tx_merge(cx, w->tx, &sink, &counts, &mt_roll_up_plan));
    mt_code code = mt_sink_schema(sink, cx, &schema);
    if (code == MT_OK) code = push_buckets(cx, w, fold, sink);
    if (code == MT_OK) code = mt_sink_finish(sink, cx);
    mt_sink_close(sink);
    w->done.written = counts.added + counts.changed;
    return code;
}

static mt_code write_name(mt_ctx *cx, struct window *w)
{
    mt_sink *sink;
    const mt_observation *name = &w->roll->name;
    const mt_text text[] = {mt_text_of(name->kind), mt_text_of(name->area), mt_text_of(name->detail),
                            mt_text_of(name->unit), mt_text_of(name->source)};
    const mt_column col[] = {{&w->coarse_id, NULL},    {&text[0], NULL}, {&text[1], NULL},
                             {&text[2], NULL},         {&text[3], NULL}, {&text[4], NULL},
                             {&w->roll->to_step, NULL}};
    const mt_schema schema = {.name = "series", .col = mt_series_stored, .n_col = MT_SERIES_COLUMNS};
    MT_TRY(mt_tx_merge(cx, w->tx, &sink, NULL, &mt_series_plan));
    mt_code code = mt_sink_schema(sink, cx, &schema);
    if (code == MT_OK) code = mt_sink_push(sink, cx, &(mt_chunk){1, col});
    if (code == MT_OK) code = mt_sink_finish(sink, cx);
    mt_sink_close(sink);
    return code;
}

/* --- the values that go --- */

static mt_code remove_between(mt_ctx *cx, struct window *w, uint64_t *values, mt_time from, mt_time to)
{
    const mt_param param[] = {mt_param_int(w->roll->id), mt_param_time(from), mt_param_time(to)};
    uint64_t n = 0, before = 0;
    if (from >= to) return MT_OK;
    MT_TRY(mt_tx_exec(cx, w->tx, &n, "DELETE FROM observation WHERE " WINDOW, param, 3));
    MT_TRY(mt_tx_exec(cx, w->tx, &before, "DELETE FROM observation_history WHERE " WINDOW, param, 3));
    *values += n;
    w->done.removed += n + before;
    return MT_OK;
}

/* All but the buckets that stay. */
static mt_code remove_values(mt_ctx *cx, struct window *w, const mt_fold_sink *fold)
{
    mt_time from = w->from;
    uint64_t values = 0;
    for (size_t k = 0; k < fold->n; k++) {
        if (!fold->at[k].stays) continue;
        MT_TRY(remove_between(cx, w, &values, from, fold->at[k].start));
        from = fold->at[k].start + w->roll->to_step;
    }
    MT_TRY(remove_between(cx, w, &values, from, w->to));
    if (values == w->done.rolled) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "values of %s %s were written while they were rolled up",
                   w->roll->name.kind, w->roll->name.area);
}

/* In the order in which batches lock their tables, so that no two transactions wait for each other. */
static mt_code roll_up(mt_ctx *cx, struct window *w, mt_fold_sink *fold)
{
    if (w->tx) MT_TRY(w->tx->conn->backend->lock_table(cx, w->tx->conn, "observation"));
    MT_TRY(gather(cx, w, fold));
    if (!w->tx || !w->done.rolled) return MT_OK;
    MT_TRY(write_values(cx, w, fold));
    MT_TRY(write_name(cx, w));
    return remove_values(cx, w, fold);
}

static mt_code count_one(mt_ctx *cx, const struct window *w, const char *sql, uint64_t *sum)
{
    mt_table *table;
    MT_TRY(ask_table(cx, w, sql, w->roll->id, &table));
    *sum += (uint64_t)mt_table_get(table, 0, 0).as.integer;
    return MT_OK;
}

/* What would be removed. */
static mt_code count_removed(mt_ctx *cx, struct window *w)
{
    MT_TRY(count_one(cx, w, "SELECT count(*) AS n FROM observation_history WHERE " WINDOW, &w->done.removed));
    if (w->roll->to_step) {
        w->done.removed += w->done.rolled;
        return MT_OK;
    }
    MT_TRY(count_one(cx, w, "SELECT count(*) AS n FROM observation WHERE " WINDOW, &w->done.rolled));
    w->done.removed += w->done.rolled;
    return MT_OK;
}

static mt_code run(mt_ctx *cx, struct window *w)
{
    mt_fold_sink fold;
    w->done = (mt_rolled){0};
    if (w->roll->to_step) {
        mt_fold_open(&fold, w->roll->to_step);
        mt_code code = roll_up(cx, w, &fold);
        mt_fold_close(&fold);
        MT_TRY(code);
    } else if (w->tx) {
        MT_TRY(w->tx->conn->backend->lock_table(cx, w->tx->conn, "observation"));
        MT_TRY(remove_between(cx, w, &w->done.rolled, w->from, w->to));
    }
    return w->tx ? MT_OK : count_removed(cx, w);
}

static mt_code run_in(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct window *w = arg;
    w->tx = tx;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = run(cx, w);
    mt_arena_reset(&cx->arena, mark);
    return code;
}

mt_code mt_roll_up(mt_ctx *cx, mt_rolled *out, mt_store *store, const mt_roll *roll, mt_time from, mt_time to,
                   bool dry)
{
    struct window w = {.roll = roll, .from = from, .to = to, .store = store};
    mt_observation coarse = roll->name;
    coarse.step = roll->to_step;
    w.coarse_id = mt_series_id(&coarse);
    MT_TRY(dry ? run(cx, &w) : mt_store_write(cx, store, run_in, &w));
    *out = w.done;
    return MT_OK;
}
