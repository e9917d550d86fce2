/* Orders of the store, saved: one data set, all its rows or none. */
#include "store/data/order_store.h"

#include "store/data/clearing_store.h"

#include "store/plain_text.h"

#include <string.h>

static const mt_field order_col[] = {
    {.name = "row_no", .type = MT_INT},    {.name = "time", .type = MT_TIME},
    {.name = "side", .type = MT_TEXT},     {.name = "price_micro", .type = MT_INT},
    {.name = "volume_wh", .type = MT_INT}, {.name = NULL},
};

static const mt_field fault_col[] = {
    {.name = "row_no", .type = MT_INT},
    {.name = "line", .type = MT_INT},
    {.name = "reason", .type = MT_TEXT},
    {.name = "raw", .type = MT_TEXT},
    {.name = NULL},
};

static const mt_schema order_schema = {.name = "orders", .col = order_col, .n_col = 5};
static const mt_schema fault_schema = {.name = "faults", .col = fault_col, .n_col = 4};

static const char *const key[] = {"dataset_id", "row_no", NULL};
static const char *const range[] = {"row_no", NULL};
static const mt_text side_name[2] = {[MT_SELL] = {"sell", 4}, [MT_BUY] = {"buy", 3}};

struct saving {
    mt_dataset dataset; /* as it will stand in the store */
    bool stored;        /* a data set of that name is there */
    mt_order_saved saved;
    mt_sink *orders, *faults;
    int64_t row_no; /* of the batch's first row */
    size_t room;    /* rows of the buffers */
    int64_t *number;
    mt_text *side;
    uint64_t *has_time, *has_side, *has_price, *has_volume;
};

static mt_code make_room(mt_ctx *cx, struct saving *s, size_t n)
{
    if (n <= s->room) return MT_OK;
    size_t words = (n + 63) / 64;
    MT_TRY(MT_NEW(cx, &s->number, n));
    MT_TRY(MT_NEW(cx, &s->side, n));
    MT_TRY(MT_NEW(cx, &s->has_time, words));
    MT_TRY(MT_NEW(cx, &s->has_side, words));
    MT_TRY(MT_NEW(cx, &s->has_price, words));
    MT_TRY(MT_NEW(cx, &s->has_volume, words));
    s->room = n;
    return MT_OK;
}

/* Bit i is set where value[i] is not `missing`; NULL when all are there. */
static const uint64_t *find_present(uint64_t *bits, const int64_t *value, int64_t missing, size_t n)
{
    bool all = true;
    for (size_t word = 0; word * 64 < n; word++) {
        uint64_t made = 0;
        size_t rest = n - word * 64 < 64 ? n - word * 64 : 64;
        for (size_t i = 0; i < rest; i++) made |= (uint64_t)(value[word * 64 + i] != missing) << i;
        all = all && made == (rest == 64 ? UINT64_MAX : ((uint64_t)1 << rest) - 1);
        bits[word] = made;
    }
    return all ? NULL : bits;
}

static void fill_sides(struct saving *s, const mt_order_batch *batch)
{
    memset(s->has_side, 0xff, (batch->n + 63) / 64 * sizeof *s->has_side);
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->side[i] < MT_SIDE_NONE) {
            s->side[i] = side_name[batch->side[i]];
        } else {
            s->has_side[i / 64] &= ~((uint64_t)1 << (i % 64));
        }
    }
}

static void widen_times(mt_dataset *dataset, const mt_order_batch *batch)
{
    mt_time first = INT64_MAX, last = MT_TIME_NONE;
    for (size_t i = 0; i < batch->n; i++) {
        mt_time time = batch->time[i];
        if (time > last) last = time;
        if (time != MT_TIME_NONE && time < first) first = time;
    }
    if (last == MT_TIME_NONE) return;
    if (dataset->first == MT_TIME_NONE || first < dataset->first) dataset->first = first;
    if (last > dataset->last) dataset->last = last;
}

static mt_code push_orders(mt_ctx *cx, struct saving *s, const mt_order_batch *batch)
{
    MT_TRY(make_room(cx, s, batch->n));
    for (size_t i = 0; i < batch->n; i++) s->number[i] = s->row_no + (int64_t)i;
    fill_sides(s, batch);
    widen_times(&s->dataset, batch);
    const mt_column col[] = {
        {s->number, NULL},
        {batch->time, find_present(s->has_time, batch->time, MT_TIME_NONE, batch->n)},
        {s->side, s->has_side},
        {batch->price, find_present(s->has_price, batch->price, MT_MICRO_NONE, batch->n)},
        {batch->volume, find_present(s->has_volume, batch->volume, MT_MICRO_NONE, batch->n)},
    };
    mt_chunk chunk = {batch->n, col};
    return mt_sink_push(s->orders, cx, &chunk);
}

/* Rows that are not text (a raw row may be any bytes) are kept with U+FFFD where they are not. */
static mt_code push_faults(mt_ctx *cx, struct saving *s, const mt_order_batch *batch)
{
    int64_t *row, *line;
    mt_text *reason, *raw;
    uint64_t *has_line, *has_raw;
    size_t n = batch->n_bad, words = (n + 63) / 64;
    MT_TRY(MT_NEW(cx, &row, n));
    MT_TRY(MT_NEW(cx, &line, n));
    MT_TRY(MT_NEW(cx, &reason, n));
    MT_TRY(MT_NEW(cx, &raw, n));
    MT_TRY(MT_NEW(cx, &has_line, words));
    MT_TRY(MT_NEW(cx, &has_raw, words));
    for (size_t i = 0; i < n; i++) {
        const mt_order_bad *bad = &batch->bad[i];
        row[i] = s->row_no + (int64_t)bad->row;
        line[i] = (int64_t)bad->line;
        reason[i] = mt_text_of(mt_order_fault_name(bad->fault));
        MT_TRY(mt_plain_text_make(cx, &raw[i], bad->raw));
        has_line[i / 64] |= (uint64_t)(bad->line != 0) << (i % 64);
        has_raw[i / 64] |= (uint64_t)(bad->raw.at != NULL) << (i % 64);
    }
    const mt_column col[] = {{row, NULL}, {line, has_line}, {reason, NULL}, {raw, has_raw}};
    mt_chunk chunk = {n, col};
    return mt_sink_push(s->faults, cx, &chunk);
}

static mt_code push_batch(mt_ctx *cx, struct saving *s, const mt_order_batch *batch)
{
    MT_TRY(push_orders(cx, s, batch));
    if (batch->n_bad) {
        mt_mark mark = mt_arena_mark(&cx->arena); /* the sinks keep nothing in cx after their schema */
        mt_code code = push_faults(cx, s, batch);
        mt_arena_reset(&cx->arena, mark);
        MT_TRY(code);
    }
    s->row_no += (int64_t)batch->n;
    s->dataset.bad += (int64_t)batch->n_bad;
    return MT_OK;
}

static mt_code stage_all(mt_ctx *cx, struct saving *s, const mt_order_source *orders)
{
    MT_TRY(mt_sink_schema(s->orders, cx, &order_schema));
    MT_TRY(mt_sink_schema(s->faults, cx, &fault_schema));
    for (;;) {
        mt_order_batch batch;
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(orders->next(orders->self, cx, &batch));
        if (!batch.n) break;
        MT_TRY(push_batch(cx, s, &batch));
        mt_ctx_progress(cx, "store", (uint64_t)s->row_no, 0, "rows");
    }
    s->dataset.rows = s->row_no;
    MT_TRY(mt_sink_finish(s->orders, cx));
    return mt_sink_finish(s->faults, cx);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* With the rows, in their transaction: the line of the data set. Another name with the same id is left
 * alone. */
static mt_code write_dataset(mt_ctx *cx, mt_tx *tx, void *arg)
{
    static const char sql[] =
        "INSERT INTO dataset (id, name, kind, source, content_hash, row_count, bad_count, first_time, "
        "last_time, "
        "stored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET "
        "kind = excluded.kind, source = excluded.source, content_hash = excluded.content_hash, "
        "row_count = excluded.row_count, bad_count = excluded.bad_count, first_time = excluded.first_time, "
        "last_time = excluded.last_time, stored_at = excluded.stored_at WHERE dataset.name = excluded.name";
    struct saving *s = arg;
    const mt_dataset *d = &s->dataset;
    uint64_t changed;
    const mt_param row[] = {
        mt_param_int(d->id),          mt_param_text(d->name),         mt_param_text(d->kind),
        mt_param_text(d->source),     mt_param_text(d->content_hash), mt_param_int(d->rows),
        mt_param_int(d->bad),         mt_param_time(d->first),        mt_param_time(d->last),
        mt_param_time(mt_tx_now(tx)),
    };
    MT_TRY(mt_tx_exec(cx, tx, &changed, sql, row, 10));
    if (changed) return mt_clearing_store_forget(cx, tx, d->name); /* they came from other rows */
    return mt_fail(cx, MT_E_CONFLICT, "the data set %s cannot be stored under this name: choose another",
                   d->name);
}

static bool changed_any(const mt_merge_counts *counts)
{
    return counts->added + counts->changed + counts->removed > 0;
}

/* Saving the same again leaves the moment of the first saving. */
static mt_code write_if_changed(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct saving *s = arg;
    bool same = s->stored && !changed_any(&s->saved.orders) && !changed_any(&s->saved.faults);
    return same ? MT_OK : write_dataset(cx, tx, arg);
}

static mt_code save(mt_ctx *cx, struct saving *s, mt_batch *batch, const mt_order_source *orders,
                    bool described)
{
    mt_fixed id = {"dataset_id", mt_param_int(s->dataset.id)};
    mt_merge_plan plan = {.table = "market_order",
                          .key = key,
                          .range = range,
                          .fixed = &id,
                          .n_fixed = 1,
                          .distinct = true,
                          .replace = true};
    mt_merge_plan fault_plan = plan;
    fault_plan.table = "order_quarantine";
    MT_TRY(mt_batch_merge(cx, batch, &s->orders, &s->saved.orders, &plan));
    MT_TRY(mt_batch_merge(cx, batch, &s->faults, &s->saved.faults, &fault_plan));
    mt_code code = stage_all(cx, s, orders);
    mt_sink_close(s->orders);
    mt_sink_close(s->faults);
    MT_TRY(code);
    return mt_batch_commit(cx, batch, described ? write_if_changed : write_dataset, s);
}

/* A number for the name: FNV-1a, 63 bits. Two names that share one (never seen) are refused by
 * write_dataset. */
static int64_t id_of(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return (int64_t)(hash >> 1);
}

/* What is stored under the name; found->name stays NULL where nothing is. */
static mt_code find_stored(mt_ctx *cx, mt_dataset *found, mt_store *store, const char *name)
{
    memset(found, 0, sizeof *found);
    mt_code code = mt_dataset_find(cx, found, store, name);
    if (code != MT_E_ABSENT) return code;
    mt_ctx_forgive(cx);
    return MT_OK;
}

mt_code mt_order_store_save(mt_ctx *cx, mt_order_saved *out, mt_store *store, const mt_dataset *dataset,
                            const mt_order_source *orders)
{
    mt_dataset found;
    mt_batch *batch;
    if (!dataset->name || !*dataset->name) return mt_fail(cx, MT_E_INPUT, "a data set needs a name");
    MT_TRY(find_stored(cx, &found, store, dataset->name));
    struct saving s = {.dataset = *dataset, .stored = found.name != NULL};
    if (s.stored && dataset->content_hash && same_text(found.content_hash, dataset->content_hash)) {
        *out = (mt_order_saved){.known = true, .rows = found.rows, .bad = found.bad};
        return MT_OK;
    }
    s.dataset.id = s.stored ? found.id : id_of(dataset->name);
    s.dataset.kind = "orders";
    s.dataset.rows = s.dataset.bad = 0;
    s.dataset.first = s.dataset.last = MT_TIME_NONE;
    MT_TRY(mt_batch_open(cx, &batch, store));
    bool described =
        same_text(found.source, dataset->source) && same_text(found.content_hash, dataset->content_hash);
    mt_code code = save(cx, &s, batch, orders, described);
    mt_batch_close(batch);
    MT_TRY(code);
    s.saved.rows = s.dataset.rows;
    s.saved.bad = s.dataset.bad;
    *out = s.saved;
    return MT_OK;
}
