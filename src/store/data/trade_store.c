/* Own trades as the trades API has them: one by its number, once. */
#include "store/data/trade_store.h"

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

static mt_param day_param(mt_day day)
{
    mt_param param = mt_param_null(MT_DAY);
    param.value.present = day != MT_DAY_NONE;
    param.value.as.integer = day;
    return param;
}

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
        day_param(t->delivery_day),
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

mt_code mt_trade_store_put_tx(mt_ctx *cx, mt_tx *tx, mt_trade_fate *fate, const mt_stored_trade *trade)
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

struct putting {
    mt_trade_fate *fate;
    const mt_stored_trade *trade;
    size_t n;
};

static mt_code put_all(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct putting *p = arg;
    for (size_t k = 0; k < p->n; k++) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(mt_trade_store_put_tx(cx, tx, &p->fate[k], &p->trade[k]));
        mt_arena_reset(&cx->arena, mark);
    }
    return MT_OK;
}

mt_code mt_trade_store_put(mt_ctx *cx, mt_store *store, mt_trade_fate *fate, const mt_stored_trade *trade,
                           size_t n)
{
    struct putting p = {fate, trade, n};
    return n ? mt_store_write(cx, store, put_all, &p) : MT_OK;
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
                              day_param(filter->from), day_param(filter->until)};
    const mt_asked asked = {
        "SELECT " COLUMNS " FROM desk_trade WHERE (CAST($1 AS TEXT) IS NULL OR trader_id = $1) AND "
        "(CAST($2 AS TEXT) IS NULL OR strategy = $2) AND (CAST($3 AS DATE) IS NULL OR delivery_day >= $3) "
        "AND (CAST($4 AS DATE) IS NULL OR delivery_day <= $4) ORDER BY delivery_start NULLS LAST, id NULLS "
        "LAST",
        param, 4};
    return mt_answer_read(cx, out, n, store, &asked, mt_stored_trade_col, sizeof **out);
}
