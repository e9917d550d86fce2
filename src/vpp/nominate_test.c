/* Schedules balance, and deadlines hold on ordinary days, on those of the clocks and before holidays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/nominate.h"
#include "vpp/testing.h"

static mt_time at(const char *text)
{
    mt_time t = 0;
    bool offset;
    if (!mt_time_parse(text, strlen(text), &t, &offset)) fail_msg("%s", text);
    return t;
}

/* 600 + 300 kW forecast, an hour of 0.5 MWh sold, 0.1 MWh bought back: 900 + 400 - 2,000 in the quarter that
 * has both, by hand. */
static void nominate__shows_what_is_not_balanced(void **state)
{
    (void)state;
    case_desk d;
    const mt_nomination_quarter *row = NULL;
    case_open(&d, "2025-06-08", 1);
    const mt_contract c[] = {case_contract(&d, "A", MT_WIND, 4000000),
                             case_contract(&d, "B", MT_WIND, 4000000)};
    case_contracts(&d, c, 2);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(600), 92), 92);
    case_forecast(&d, "B", MT_TIME_NONE, case_flat(&d, KW(300), 92), 92);
    const mt_trade trade[] = {case_trade(&d, MT_SELL, 40, 44, EUR(50), 2000000),
                              case_trade(&d, MT_BUY, 40, 41, EUR(50), 100000)};
    case_trades(&d, false, trade, 2);
    const mt_desk *desk = case_finish(&d);
    case_ok(&d, mt_nominate(&d.cx, &row, desk, MT_FORECAST_TRADEABLE, MT_TIME_NONE));
    assert_int_equal(row[40].start, case_quarter(&d, 40));
    assert_int_equal(row[40].production_kw, KW(900));
    assert_int_equal(row[40].bought_kw, KW(400));
    assert_int_equal(row[40].sold_kw, KW(2000));
    assert_int_equal(row[40].open_kw, -KW(700));
    assert_int_equal(row[39].open_kw, KW(900));
    case_close(&d);
}

static void nominate__is_missing_where_nothing_is_forecast(void **state)
{
    (void)state;
    case_desk d;
    const mt_nomination_quarter *row = NULL;
    case_open(&d, "2025-06-08", 1);
    const mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    case_contracts(&d, &c, 1);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(600), 92), 92);
    const mt_desk *desk = case_finish(&d);
    case_ok(&d, mt_nominate(&d.cx, &row, desk, MT_FORECAST_TRADEABLE, MT_TIME_NONE));
    assert_true(row[92].production_kw == MT_MICRO_NONE && row[92].open_kw == MT_MICRO_NONE);
    assert_int_equal(row[92].bought_kw, 0);
    case_close(&d);
}

typedef struct asked {
    mt_ctx cx;
    const mt_deadline *list;
    size_t n;
} asked;

static void ask(asked *a, const char *day, const char *now)
{
    const mt_zone *zone = NULL;
    mt_day on = 0;
    mt_ctx_init(&a->cx, NULL);
    assert_int_equal(mt_zone_read(&a->cx, &zone, "Europe/Berlin", NULL), MT_OK);
    assert_true(mt_day_parse(day, strlen(day), &on));
    assert_int_equal(mt_deadlines(&a->cx, &a->list, &a->n, zone, on, at(now)), MT_OK);
    for (size_t k = 1; k < a->n; k++) assert_true(a->list[k].until >= a->list[k - 1].until);
}

static const mt_deadline *named(const asked *a, const char *name)
{
    for (size_t k = 0; k < a->n; k++) {
        if (strcmp(a->list[k].name, name) == 0) return &a->list[k];
    }
    return NULL;
}

/* 2025-06-08 is a Sunday, 2025-06-09 Whit Monday. Berlin is two hours ahead of UTC. */
static void nominate__knows_the_deadlines_of_a_day(void **state)
{
    (void)state;
    asked a;
    ask(&a, "2025-06-08", "2025-06-07T12:30:00Z");
    assert_int_equal(a.n, 96 + 5 + 1);
    assert_int_equal(named(&a, "day-ahead auction")->until, at("2025-06-07T10:00:00Z"));
    assert_true(named(&a, "day-ahead auction")->passed);
    const mt_deadline *nomination = named(&a, "day-ahead nomination");
    assert_int_equal(nomination->until, at("2025-06-07T12:30:00Z"));
    assert_true(nomination->left == 0 && !nomination->passed);
    assert_int_equal(named(&a, "intraday auction 1")->until, at("2025-06-07T13:00:00Z"));
    assert_int_equal(named(&a, "intraday auction 2")->until, at("2025-06-07T20:00:00Z"));
    assert_int_equal(named(&a, "intraday auction 3")->until, at("2025-06-08T08:00:00Z"));
    assert_int_equal(named(&a, "last change of 10:15")->until, at("2025-06-08T08:00:00Z"));
    assert_int_equal(named(&a, "correction inside the control area")->until, at("2025-06-10T14:00:00Z"));
    mt_ctx_close(&a.cx);
}

static void nominate__tells_apart_the_two_hours_of_an_autumn_night(void **state)
{
    (void)state;
    asked a;
    ask(&a, "2025-10-26", "2025-10-26T00:00:00Z");
    assert_int_equal(a.n, 100 + 5 + 1);
    assert_int_equal(named(&a, "last change of 02:15 CEST")->until, at("2025-10-26T00:00:00Z"));
    assert_int_equal(named(&a, "last change of 02:15 CET")->until, at("2025-10-26T01:00:00Z"));
    mt_ctx_close(&a.cx);
    ask(&a, "2025-03-30", "2025-03-30T00:00:00Z");
    assert_int_equal(a.n, 92 + 5 + 1);
    assert_null(named(&a, "last change of 02:15"));
    mt_ctx_close(&a.cx);
}

/* Intraday auctions began on 2024-06-13: the third one of that day was held, the first two were
 * not. */
static void nominate__holds_each_deadline_from_its_first_day(void **state)
{
    (void)state;
    asked a;
    ask(&a, "2024-06-13", "2024-06-12T00:00:00Z");
    assert_null(named(&a, "intraday auction 1"));
    assert_non_null(named(&a, "intraday auction 3"));
    mt_ctx_close(&a.cx);
    ask(&a, "2024-06-14", "2024-06-12T00:00:00Z");
    assert_non_null(named(&a, "intraday auction 1"));
    mt_ctx_close(&a.cx);
}

/* Christmas 2025: Wednesday 24 is a working day, Thursday and Friday are not. */
static void nominate__counts_working_days_without_holidays(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_day next = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_next_working_day(&cx, &next, mt_day_of(2025, 12, 23)), MT_OK);
    assert_int_equal(next, mt_day_of(2025, 12, 24));
    assert_int_equal(mt_next_working_day(&cx, &next, mt_day_of(2025, 12, 24)), MT_OK);
    assert_int_equal(next, mt_day_of(2025, 12, 29));
    assert_int_equal(mt_next_working_day(&cx, &next, mt_day_of(2025, 6, 6)), MT_OK);
    assert_int_equal(next, mt_day_of(2025, 6, 10));
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nominate__shows_what_is_not_balanced),
        cmocka_unit_test(nominate__is_missing_where_nothing_is_forecast),
        cmocka_unit_test(nominate__knows_the_deadlines_of_a_day),
        cmocka_unit_test(nominate__tells_apart_the_two_hours_of_an_autumn_night),
        cmocka_unit_test(nominate__holds_each_deadline_from_its_first_day),
        cmocka_unit_test(nominate__counts_working_days_without_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
