/* Own trades of the store, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/trade_store.h"
#include "store/testing.h"

static const mt_time HOUR_8 = 1749362400 * MT_US_SECOND; /* 2025-06-08T08:00 in Berlin */

static mt_stored_trade trade_of(const char *id)
{
    return (mt_stored_trade){.id = id,
                             .price_cent = 8129,
                             .quantity_mw = 5,
                             .direction = "sell",
                             .delivery_day = 20247,
                             .delivery_hour = "08-09",
                             .delivery_start = HOUR_8,
                             .delivery_end = HOUR_8 + MT_US_HOUR,
                             .trader_id = "ann",
                             .execution_time = HOUR_8 - MT_US_DAY};
}

static int clear(void **state)
{
    testing_must(*state, "DELETE FROM desk_trade");
    return 0;
}

static mt_trade_fate put(testing *t, const mt_stored_trade *trade)
{
    mt_trade_fate fate;
    if (mt_trade_store_put(&t->cx, t->store, &fate, trade, 1) != MT_OK) fail_msg("%s", t->cx.err);
    return fate;
}

static void trade_store__keeps_a_trade_once(void **state)
{
    testing *t = *state;
    mt_stored_trade trade = trade_of("1");
    assert_int_equal(put(t, &trade), MT_TRADE_NEW);
    trade.source = "another way";
    assert_int_equal(put(t, &trade), MT_TRADE_UNCHANGED);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade"), 1);
}

static void trade_store__refuses_another_trade_of_the_number(void **state)
{
    testing *t = *state;
    const mt_stored_trade trade = trade_of("1"), *stored;
    put(t, &trade);
    for (int k = 0; k < 8; k++) {
        mt_stored_trade other = trade;
        if (k == 0) other.price_cent++;
        if (k == 1) other.quantity_mw++;
        if (k == 2) other.direction = "buy";
        if (k == 3) other.delivery_day++;
        if (k == 4) other.delivery_hour = "09-10";
        if (k == 5) other.trader_id = "bob";
        if (k == 6) other.strategy = "swing";
        if (k == 7) other.execution_time++;
        assert_int_equal(put(t, &other), MT_TRADE_DIFFERS);
    }
    assert_int_equal(mt_trade_store_get(&t->cx, t->store, &stored, "1"), MT_OK);
    assert_true(mt_stored_trade_same(&trade, stored));
    assert_true(stored->delivery_start == HOUR_8 && stored->delivery_end == HOUR_8 + MT_US_HOUR);
    assert_int_equal(mt_trade_store_get(&t->cx, t->store, &stored, "2"), MT_OK);
    assert_null(stored);
}

static void trade_store__finds_doubles_within_one_call(void **state)
{
    testing *t = *state;
    mt_stored_trade trade[3] = {trade_of("1"), trade_of("1"), trade_of("1")};
    mt_trade_fate fate[3];
    trade[2].price_cent = 1;
    assert_int_equal(mt_trade_store_put(&t->cx, t->store, fate, trade, 3), MT_OK);
    assert_int_equal(fate[0], MT_TRADE_NEW);
    assert_int_equal(fate[1], MT_TRADE_UNCHANGED);
    assert_int_equal(fate[2], MT_TRADE_DIFFERS);
}

static size_t count_listed(testing *t, const mt_trade_filter *filter)
{
    const mt_stored_trade *list;
    size_t n;
    if (mt_trade_store_list(&t->cx, t->store, &list, &n, filter) != MT_OK) fail_msg("%s", t->cx.err);
    for (size_t k = 1; k < n; k++) assert_true(list[k - 1].delivery_start <= list[k].delivery_start);
    return n;
}

static void trade_store__lists_by_trader_day_and_strategy(void **state)
{
    testing *t = *state;
    mt_stored_trade trade[3] = {trade_of("1"), trade_of("2"), trade_of("3")};
    mt_trade_fate fate[3];
    trade[0].delivery_day++, trade[0].delivery_start += MT_US_DAY, trade[0].delivery_end += MT_US_DAY;
    trade[1].trader_id = "bob";
    trade[2].strategy = "swing";
    assert_int_equal(mt_trade_store_put(&t->cx, t->store, fate, trade, 3), MT_OK);
    const mt_trade_filter all = {NULL, NULL, MT_DAY_NONE, MT_DAY_NONE};
    mt_trade_filter filter = all;
    assert_int_equal(count_listed(t, &filter), 3);
    filter.trader_id = "ann";
    assert_int_equal(count_listed(t, &filter), 2);
    filter.from = filter.until = 20247;
    assert_int_equal(count_listed(t, &filter), 1);
    filter = all, filter.strategy = "swing";
    assert_int_equal(count_listed(t, &filter), 1);
    filter.strategy = "none such";
    assert_int_equal(count_listed(t, &filter), 0);
}

enum { MANY = 3000 };

/* Thousands at once, some of them there already, one number twice, one taken on another day. */
static void trade_store__takes_thousands_at_once(void **state)
{
    testing *t = *state;
    static mt_stored_trade trade[MANY];
    static mt_trade_fate fate[MANY];
    static char id[MANY][12];
    for (int k = 0; k < MANY; k++) {
        snprintf(id[k], sizeof id[k], "%d", k);
        trade[k] = trade_of(id[k]);
    }
    trade[7].id = id[6];
    trade[7].price_cent = 1;
    put(t, &trade[5]);
    if (mt_trade_store_put(&t->cx, t->store, fate, trade, MANY) != MT_OK) fail_msg("%s", t->cx.err);
    for (int k = 0; k < MANY; k++)
        assert_int_equal(fate[k], k == 5 ? MT_TRADE_UNCHANGED : k == 7 ? MT_TRADE_DIFFERS : MT_TRADE_NEW);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade"), MANY - 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade WHERE stored_at IS NULL"), 0);
    for (int k = 0; k < 200; k++) { /* the next day; two numbers are those of this day */
        snprintf(id[k], sizeof id[k], "%d", k < 2 ? k + 100 : MANY + k);
        trade[k] = trade_of(id[k]);
        trade[k].delivery_day++;
    }
    if (mt_trade_store_put(&t->cx, t->store, fate, trade, 200) != MT_OK) fail_msg("%s", t->cx.err);
    for (int k = 0; k < 200; k++) assert_int_equal(fate[k], k < 2 ? MT_TRADE_DIFFERS : MT_TRADE_NEW);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade"), MANY - 1 + 198);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(trade_store__keeps_a_trade_once, clear),
        cmocka_unit_test_setup(trade_store__refuses_another_trade_of_the_number, clear),
        cmocka_unit_test_setup(trade_store__finds_doubles_within_one_call, clear),
        cmocka_unit_test_setup(trade_store__takes_thousands_at_once, clear),
        cmocka_unit_test_setup(trade_store__lists_by_trader_day_and_strategy, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "trade_store");
}
