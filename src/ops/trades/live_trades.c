/* Trade confirmations of a stream into the store, each exactly once. */
#include "ops/trades/live_trades.h"

#include "ops/trades/entry.h"

#include <stdlib.h>
#include <string.h>

struct mt_live_trades {
    mt_store *store;
    mt_ctx own; /* the zone */
    const mt_zone *zone;
    mt_stored_trade *trade; /* of the batch: new ones */
    size_t n;
    size_t *place; /* of ids: index of a trade plus 1; 0: free */
    size_t room;   /* a power of two */
    uint64_t unchanged, added_total, unchanged_total;
};

static size_t *find_place(const mt_live_trades *live, const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = id; *c; c++) hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    for (size_t k = (size_t)hash & (live->room - 1);; k = (k + 1) & (live->room - 1))
        if (!live->place[k] || strcmp(live->trade[live->place[k] - 1].id, id) == 0) return &live->place[k];
}

static mt_code judge(mt_ctx *cx, mt_live_trades *live, const mt_stored_trade *trade, const char **fault)
{
    size_t *place = find_place(live, trade->id);
    const mt_stored_trade *there = *place ? &live->trade[*place - 1] : NULL;
    if (!there) MT_TRY(mt_trade_store_get(cx, live->store, &there, trade->id));
    if (there && !mt_stored_trade_same(there, trade))
        return mt_text_format(cx, fault, "there is another trade %s already", trade->id);
    if (there) {
        live->unchanged++;
        return MT_OK;
    }
    live->trade[live->n++] = *trade;
    *place = live->n;
    return MT_OK;
}

static mt_code take(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                    const char **fault)
{
    mt_live_trades *live = arg;
    (void)batch;
    live->n = 0;
    live->unchanged = 0;
    for (live->room = 64; live->room < 2 * n;) live->room *= 2;
    MT_TRY(MT_NEW(cx, &live->trade, n));
    MT_TRY(MT_NEW(cx, &live->place, live->room));
    for (size_t k = 0; k < n; k++) {
        mt_stored_trade trade;
        MT_TRY(mt_entry_confirmation(cx, &trade, &fault[k], message[k].value, live->zone));
        if (fault[k]) continue;
        trade.source = "trade_confirmation";
        MT_TRY(judge(cx, live, &trade, &fault[k]));
    }
    return MT_OK;
}

/* Another consumer may have stored a trade since it was looked for: then the batch is taken once more. */
static mt_code commit(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_live_trades *live = arg;
    mt_trade_fate *fate;
    MT_TRY(MT_NEW(cx, &fate, live->n + 1));
    MT_TRY(mt_trade_store_put_tx(cx, tx, fate, live->trade, live->n));
    for (size_t k = 0; k < live->n; k++)
        if (fate[k] == MT_TRADE_DIFFERS)
            return mt_fail(cx, MT_E_CONFLICT, "trade %s was stored by somebody else meanwhile",
                           live->trade[k].id);
    return MT_OK;
}

static void done(mt_ctx *cx, void *arg, bool ok)
{
    mt_live_trades *live = arg;
    (void)cx;
    if (ok) {
        live->added_total += live->n;
        live->unchanged_total += live->unchanged;
    }
    live->n = 0;
    live->unchanged = 0;
}

static uint64_t tell_rows(const void *arg)
{
    return ((const mt_live_trades *)arg)->added_total;
}

mt_code mt_live_trades_open(mt_ctx *cx, mt_live_trades **out, mt_store *store)
{
    mt_live_trades *live = calloc(1, sizeof *live);
    if (!live) return mt_fail(cx, MT_E_MEMORY, "no memory for live trades");
    live->store = store;
    mt_ctx_init(&live->own, NULL);
    mt_code code = mt_zone_read(&live->own, &live->zone, "Europe/Berlin", NULL);
    if (code != MT_OK) {
        mt_fail(cx, code, "%s", live->own.err);
        mt_live_trades_close(live);
        return code;
    }
    *out = live;
    return MT_OK;
}

void mt_live_trades_close(mt_live_trades *live)
{
    if (!live) return;
    mt_ctx_close(&live->own);
    free(live);
}

mt_consumer mt_live_trades_consumer(mt_live_trades *live)
{
    return (mt_consumer){.take = take, .commit = commit, .done = done, .arg = live, .rows = tell_rows};
}

mt_merge_counts mt_live_trades_counts(const mt_live_trades *live)
{
    uint64_t given = live->added_total + live->unchanged_total;
    return (mt_merge_counts){.given = given, .added = live->added_total, .unchanged = live->unchanged_total};
}
