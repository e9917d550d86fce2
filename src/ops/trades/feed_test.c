/* Stored trades on a desk. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ops/trades/feed.h"
#include "store/data/trade_store.h"
#include "store/testing.h"
#include "vpp/trading.h"

static void put(testing *t, const char *id, int hour, const char *direction, int64_t cent)
{
    char name[8];
    mt_trade_fate fate;
    mt_time start = (1749333600 + hour * 3600) * MT_US_SECOND; /* 2025-06-08T00:00 in Berlin */
    snprintf(name, sizeof name, "%02d-%02d", hour % 100, (hour + 1) % 100);
    const mt_stored_trade trade = {.id = id,
                                   .price_cent = cent,
                                   .quantity_mw = 2,
                                   .direction = direction,
                                   .delivery_day = hour < 0 ? 20246 : 20247,
                                   .delivery_hour = name,
                                   .delivery_start = start,
                                   .delivery_end = start + MT_US_HOUR,
                                   .trader_id = "ann",
                                   .strategy = "swing",
                                   .execution_time = start - MT_US_HOUR};
    assert_int_equal(mt_trade_store_put(&t->cx, t->store, &fate, &trade, 1), MT_OK);
}

/* 2 MW sold at 81.29 in an hour: 2 MWh, 162.58 EUR; the trade of the night before is left out. */
static void feed__trades_of_the_store_count_on_a_desk(void **state)
{
    testing *t = *state;
    mt_desk_maker *maker;
    const mt_desk *desk;
    mt_trading_row row;
    mt_desk_options options = {
        .size = sizeof options, .first = 20247, .last = 20247, .as_of = MT_TIME_NONE, .all_assets = true};
    testing_must(t, "DELETE FROM desk_trade");
    put(t, "1", 8, "sell", 8129);
    put(t, "2", 9, "buy", -100);
    put(t, "3", -1, "sell", 5000);
    assert_int_equal(mt_zone_read(&t->cx, &options.zone, "Europe/Berlin", NULL), MT_OK);
    mt_time start = mt_day_start(options.zone, options.first);
    assert_int_equal(mt_desk_open(&t->cx, &maker, &options), MT_OK);
    if (mt_trades_feed(&t->cx, t->store, mt_desk_taker(maker), start, start + MT_US_DAY) != MT_OK)
        fail_msg("%s", t->cx.err);
    assert_int_equal(mt_desk_finish(&t->cx, maker, &desk), MT_OK);
    assert_int_equal(desk->own.n, 2);
    assert_int_equal(desk->n_origin, 1);
    assert_string_equal(desk->origin[0].name, "store/trades");
    assert_int_equal(mt_trading_of(&t->cx, &row, desk, MT_BY_STRATEGY, "swing"), MT_OK);
    assert_true(row.trades == 2 && row.sold_wh == 2000000 && row.bought_wh == 2000000);
    assert_true(row.sold_ueur == 162580000 && row.bought_ueur == -2000000 && row.cash_ueur == 164580000);
    assert_true(mt_trading_of(&t->cx, &row, desk, MT_BY_TRADER, "ann") == MT_OK && row.trades == 2);
    mt_desk_close(maker);
}

static mt_code refuse_origin(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number)
{
    (void)arg;
    (void)number;
    return mt_fail(cx, MT_E_BUG, "%s begins without a trade", origin->name);
}

static mt_code refuse_trades(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade,
                             size_t n)
{
    (void)arg;
    (void)origin;
    (void)is_public;
    (void)trade;
    return mt_fail(cx, MT_E_BUG, "%zu trades come from nowhere", n);
}

static void feed__without_trades_has_no_origin(void **state)
{
    testing *t = *state;
    const mt_vpp_taker nobody = {.begin = refuse_origin, .trades = refuse_trades};
    testing_must(t, "DELETE FROM desk_trade");
    assert_int_equal(mt_trades_feed(&t->cx, t->store, &nobody, 0, MT_US_DAY), MT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feed__trades_of_the_store_count_on_a_desk),
        cmocka_unit_test(feed__without_trades_has_no_origin),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "feed");
}
