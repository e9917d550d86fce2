/* Own trades as the trades API has them: one by its number, once. */
#include "store/data/trade_store.h"

#include "base/rows/emit.h"
#include "store/data/answer.h"

#define COLUMNS                                                                                              \
    "id, price_cent, quantity_mw, direction, delivery_day, delivery_hour, delivery_start, delivery_end, "    \
    "trader_id, strategy, execution_time, source"

#define FATE_WORD(symbol, word) word,
const char *const mt_trade_fate_word[] = {MT_TRADE_FATE_LIST(FATE_WORD) NULL};
#undef FATE_WORD

const mt_field mt_stored_trade_col[] = {
    {.name = "id", MT_TEXT_AT(mt_stored_trade, id), .doc = "of the trade"},
    {.name = "price_cent", MT_INT_AT(mt_stored_trade, price_cent), .doc = "euro-cents per MWh"},
    {.name = "quantity_mw",
     MT_INT_AT(mt_stored_trade, quantity_mw),
     .unit = MT_UNIT_MW,
     .doc = "over the delivery hour"},
    {.name = "direction", MT_TEXT_AT(mt_stored_trade, direction), .doc = "buy or sell"},
    {.name = "delivery_day", MT_DAY_AT(mt_stored_trade, delivery_day), .doc = "local day"},
    {.name = "delivery_hour",
     MT_TEXT_AT(mt_stored_trade, delivery_hour),
     .doc = "08-09; 02-03A and 02-03B where it comes twice"},
    {.name = "delivery_start", MT_TIME_AT(mt_stored_trade, delivery_start), .doc = "of that hour, UTC"},
    {.name = "delivery_end", MT_TIME_AT(mt_stored_trade, delivery_end), .doc = "of that hour, UTC"},
    {.name = "trader_id", MT_TEXT_AT(mt_stored_trade, trader_id), .doc = "who traded"},
    {.name = "strategy", MT_TEXT_AT(mt_stored_trade, strategy), .doc = "empty: none was named"},
    {.name = "execution_time", MT_TIME_AT(mt_stored_trade, execution_time), .doc = "of the trade, UTC"},
    {.name = "source", MT_TEXT_AT(mt_stored_trade, source), .doc = "where it came from"},
    {.name = NULL}};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool mt_stored_trade_same(const mt_stored_trade *a, const mt_stored_trade *b)
{
    return same_text(a->id, b->id) && a->price_cent == b->price_cent && a->quantity_mw == b->quantity_mw &&
           same_text(a->direction, b->direction) && a->delivery_day == b->delivery_day &&
           same_text(a->delivery_hour, b->delivery_hour) && same_text(a->trader_id, b->trader_id) &&
           same_text(a->strategy, b->strategy) && a->execution_time == b->execution_time;
}

static const char by_id[] = "SELECT " COLUMNS " FROM desk_trade WHERE id = $1";

static mt_code insert(mt_ctx *cx, mt_tx *tx, const mt_stored_trade *t, uint64_t *changed)
{
    const mt_param row[] = {
        mt_param_text(t->id),
        mt_param_int(t->price_cent),
        mt_param_int(t->quantity_mw),
        mt_param_text(t->direction),
        mt_param_day(t->delivery_day),
        mt_param_text(t->delivery_hour),
        mt_param_time(t->delivery_start),
        mt_param_time(t->delivery_end),
        mt_param_text(t->trader_id),
        mt_param_text(t->strategy),
        mt_param_time(t->execution_time),
        mt_param_text(t->source),
        mt_param_time(mt_tx_now(tx)),
    };
    return mt_tx_exec(cx, tx, changed,
                      "INSERT INTO desk_trade (" COLUMNS
                      ", stored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                      "$9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING",
                      row, sizeof row / sizeof *row);
}

static mt_code put_one(mt_ctx *cx, mt_tx *tx, mt_trade_fate *fate, const mt_stored_trade *trade)
{
    uint64_t changed = 0;
    mt_stored_trade *stored;
    size_t n;
    const mt_param id = mt_param_text(trade->id);
    const mt_asked asked = {by_id, &id, 1};
    MT_TRY(insert(cx, tx, trade, &changed));
    *fate = MT_TRADE_NEW;
    if (changed) return MT_OK;
    MT_TRY(mt_answer_read_tx(cx, &stored, &n, tx, &asked, mt_stored_trade_col, sizeof *stored));
    if (n != 1)
        return mt_fail(cx, MT_E_CONFLICT, "trade %s was stored by somebody else meanwhile", trade->id);
    *fate = mt_stored_trade_same(trade, stored) ? MT_TRADE_UNCHANGED : MT_TRADE_DIFFERS;
    return MT_OK;
}

/* --- many -------------------------------------------------------------------------------------------- */

/* Up to here trades are put one by one: each statement keeps some memory of the engine until the commit. */
enum { FEW = 64 };

struct putting {
    mt_trade_fate *fate;
    const mt_stored_trade *trade;
    size_t n;
    const mt_stored_trade **place; /* by id: of the store or of this call; NULL: free */
    size_t room;                   /* a power of two */
};

static mt_code put_few(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct putting *p = arg;
    for (size_t k = 0; k < p->n; k++) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        MT_TRY(put_one(cx, tx, &p->fate[k], &p->trade[k]));
        mt_arena_reset(&cx->arena, mark);
    }
    return MT_OK;
}

static const mt_stored_trade **find_place(const struct putting *p, const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = id; *c; c++) hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    for (size_t k = (size_t)(hash >> 16) & (p->room - 1);; k = (k + 1) & (p->room - 1))
        if (!p->place[k] || strcmp(p->place[k]->id, id) == 0) return &p->place[k];
}

/* What the store has of the trades' days. A number taken on another day is met by the merge. */
static mt_code list_places(mt_ctx *cx, mt_tx *tx, struct putting *p)
{
    mt_stored_trade *stored;
    size_t n;
    mt_day first = p->trade->delivery_day, last = first;
    for (size_t k = 0; k < p->n; k++) {
        if (p->trade[k].delivery_day < first) first = p->trade[k].delivery_day;
        if (p->trade[k].delivery_day > last) last = p->trade[k].delivery_day;
    }
    const mt_param day[] = {mt_param_day(first), mt_param_day(last)};
    const mt_asked asked = {
        "SELECT " COLUMNS " FROM desk_trade WHERE delivery_day >= $1 AND delivery_day <= $2", day, 2};
    MT_TRY(mt_answer_read_tx(cx, &stored, &n, tx, &asked, mt_stored_trade_col, sizeof *stored));
    for (p->room = 64; p->room < 2 * (n + p->n);) p->room *= 2;
    MT_TRY(MT_NEW(cx, &p->place, p->room));
    for (size_t k = 0; k < n; k++) *find_place(p, stored[k].id) = &stored[k];
    return MT_OK;
}

struct fresh_row {
    mt_stored_trade t;
    mt_time stored_at;
};

static const mt_field stored_at = {.name = "stored_at", MT_TIME_AT(fresh_row, stored_at)};
static const char *const key[] = {"id", NULL};
static const mt_merge_plan plan = {.table = "desk_trade", .key = key, .distinct = true, .constant = true};

static mt_code put_rows(mt_ctx *cx, mt_tx *tx, struct putting *p, mt_sink *sink)
{
    mt_emit *emit;
    mt_field *col;
    size_t n_col = mt_field_count(mt_stored_trade_col);
    MT_TRY(MT_NEW(cx, &col, n_col + 2));
    memcpy(col, mt_stored_trade_col, n_col * sizeof *col);
    col[n_col] = stored_at;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "desk_trade", col, NULL, NULL));
    for (size_t k = 0; k < p->n; k++) {
        const mt_stored_trade **place = find_place(p, p->trade[k].id);
        const struct fresh_row row = {p->trade[k], mt_tx_now(tx)};
        p->fate[k] = !*place                                      ? MT_TRADE_NEW
                     : mt_stored_trade_same(*place, &p->trade[k]) ? MT_TRADE_UNCHANGED
                                                                  : MT_TRADE_DIFFERS;
        if (*place) continue;
        *place = &p->trade[k];
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code put_many(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct putting *p = arg;
    mt_sink *sink;
    MT_TRY(list_places(cx, tx, p));
    MT_TRY(mt_tx_merge(cx, tx, &sink, NULL, &plan));
    mt_code code = put_rows(cx, tx, p, sink);
    mt_sink_close(sink);
    return code;
}

mt_code mt_trade_store_put_tx(mt_ctx *cx, mt_tx *tx, mt_trade_fate *fate, const mt_stored_trade *trade,
                              size_t n)
{
    struct putting p = {.fate = fate, .trade = trade, .n = n};
    return n <= FEW ? put_few(cx, tx, &p) : put_many(cx, tx, &p);
}

/* A number is taken on another day: piece by piece, so that it is found out which. */
static mt_code put_pieces(mt_ctx *cx, mt_store *store, const struct putting *all)
{
    mt_ctx_forgive(cx);
    for (size_t k = 0; k < all->n; k += FEW) {
        size_t n = all->n - k < FEW ? all->n - k : FEW;
        struct putting piece = {.fate = all->fate + k, .trade = all->trade + k, .n = n};
        MT_TRY(mt_store_write(cx, store, put_few, &piece));
    }
    return MT_OK;
}

mt_code mt_trade_store_put(mt_ctx *cx, mt_store *store, mt_trade_fate *fate, const mt_stored_trade *trade,
                           size_t n)
{
    struct putting p = {.fate = fate, .trade = trade, .n = n};
    if (n <= FEW) return n ? mt_store_write(cx, store, put_few, &p) : MT_OK;
    mt_code code = mt_store_write(cx, store, put_many, &p);
    return code == MT_E_CONFLICT ? put_pieces(cx, store, &p) : code;
}

mt_code mt_trade_store_get(mt_ctx *cx, mt_store *store, const mt_stored_trade **out, const char *id)
{
    size_t n;
    const mt_param param = mt_param_text(id);
    const mt_asked asked = {by_id, &param, 1};
    return mt_answer_read(cx, out, &n, store, &asked, mt_stored_trade_col, sizeof **out);
}

mt_code mt_trade_store_list(mt_ctx *cx, mt_store *store, const mt_stored_trade **out, size_t *n,
                            const mt_trade_filter *filter)
{
    const mt_param param[] = {mt_param_text(filter->trader_id), mt_param_text(filter->strategy),
                              mt_param_day(filter->from), mt_param_day(filter->until)};
    const mt_asked asked = {
        "SELECT " COLUMNS " FROM desk_trade WHERE (CAST($1 AS TEXT) IS NULL OR trader_id = $1) AND "
        "(CAST($2 AS TEXT) IS NULL OR strategy = $2) AND (CAST($3 AS DATE) IS NULL OR delivery_day >= $3) "
        "AND (CAST($4 AS DATE) IS NULL OR delivery_day <= $4) ORDER BY delivery_start NULLS LAST, id NULLS "
        "LAST",
        param, 4};
    return mt_answer_read(cx, out, n, store, &asked, mt_stored_trade_col, sizeof **out);
}
