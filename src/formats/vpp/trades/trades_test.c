/* Tests of a portfolio's trades: exchange exports, hours of the trades API, JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"

#define PRIVATE "exchange/Private_Trades-20250608-20250609T000516000Z.csv"
#define PUBLIC  "exchange/Public_Trades-20250608-20250609T000516000Z.csv"
#define HOURS   "exchange/epex_trades_20250608.csv"
#define HEAD    "# Private Trades - 2025-06-08 - 2025-06-09;;;;;;;;\n" MT_VPP_HEADER_TRADES

/* The row of formats.md, section 2. */
#define ROW                                                                                                  \
    "2042884497;SELL;2025-06-08 00:00:00+00:00;2025-06-08 01:00:00+00:00;2025-06-07 "                        \
    "15:03:44.509000+00:00;81.29;EUR;0.1;MWH"

static void trades__reads_the_exchanges_layout(void **state)
{
    (void)state;
    case_read(PRIVATE, HEAD "\n" ROW "\n" ROW "\n2;BUY;x;y;z;1;EUR;1;MWH\n");
    assert_int_equal(got.n_trade, 2);
    assert_false(got.is_public);
    assert_string_equal(got.trade[0].id, "2042884497");
    assert_int_equal(got.trade[0].price, 81290000);
    assert_int_equal(got.trade[0].energy_wh, 100000);
    assert_int_equal(got.trade[0].side, MT_SELL);
    assert_int_equal(got.trade[1].execution_time, case_at("2025-06-07T15:03:44.509Z"));
    assert_null(got.trade[0].trader);
    case_check_finding(MT_F_BAD_ROW, 1, "line 5");
    case_check_finding(MT_F_UNIT, 1, "MWh");
    case_read(PUBLIC, HEAD "\n" ROW "\n");
    assert_true(got.is_public);
}

static void trades__the_caller_may_name_the_unit(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.volume_unit = MT_VOLUME_MW;
    mt_text text =
        mt_text_of(HEAD "\n3;SELL;2025-06-08 00:00:00+00:00;2025-06-08 00:15:00+00:00;;1;EUR;0.1;MWH\n");
    assert_int_equal(case_read_bytes(PRIVATE, text, &options), MT_OK);
    assert_int_equal(got.trade[0].energy_wh, 25000);
    assert_int_equal(got.n_finding, 0);
}

static void trades__only_deliveries_asked_for_are_given(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.from = case_at("2025-06-08T00:30:00Z");
    options.until = case_at("2025-06-08T01:00:00Z");
    mt_text text =
        mt_text_of(HEAD "\n1;SELL;2025-06-08 00:00:00Z;2025-06-08 00:30:00Z;;1;EUR;1;MWH\n" ROW
                        "\n2;SELL;2025-06-08 01:00:00Z;2025-06-08 01:15:00Z;;1;EUR;1;MWH\n" ROW "\n");
    assert_int_equal(case_read_bytes(PRIVATE, text, &options), MT_OK);
    assert_int_equal(got.n_trade, 2);
    assert_string_equal(got.trade[1].id, "2042884497");
}

/* Whole cents a MWh, whole MW, hours of Berlin. */
static void trades__hours_of_the_trades_api_are_local(void **state)
{
    (void)state;
    case_read(HOURS, MT_VPP_HEADER_EPEX "\nt1,8129,5,sell,2025-06-08,08-09,Ann,2025-06-07T15:03:44Z\n"
                                        "t2,-150,1,buy,2025-06-08,0,Bob,2025-06-07 12:00:00\n"
                                        "t3,100,1,buy,2025-06-08,23-00,Bob,\n");
    assert_int_equal(got.n_trade, 3);
    assert_int_equal(got.n_finding, 0);
    const mt_trade *t = &got.trade[0];
    assert_string_equal(t->id, "t1");
    assert_string_equal(t->trader, "Ann");
    assert_int_equal(t->price, 81290000);
    assert_int_equal(t->energy_wh, 5000000);
    assert_int_equal(t->side, MT_SELL);
    assert_int_equal(t->delivery_start, case_at("2025-06-08T06:00:00Z"));
    assert_int_equal(t->delivery_end, case_at("2025-06-08T07:00:00Z"));
    assert_int_equal(t->execution_time, case_at("2025-06-07T15:03:44Z"));
    assert_int_equal(got.trade[1].price, -1500000);
    assert_int_equal(got.trade[1].delivery_start, case_at("2025-06-07T22:00:00Z"));
    assert_int_equal(got.trade[1].execution_time, case_at("2025-06-07T10:00:00Z"));
    assert_int_equal(got.trade[2].delivery_end, case_at("2025-06-08T22:00:00Z"));
    assert_int_equal(got.trade[2].execution_time, MT_TIME_NONE);
}

static void trades__hours_of_a_clock_change(void **state)
{
    (void)state;
    case_read(HOURS, MT_VPP_HEADER_EPEX "\na,1,1,buy,2025-10-26,02-03,T,\nb,1,1,buy,2025-10-26,02b-03b,T,\n"
                                        "c,1,1,buy,2025-10-26,2a,T,\nd,1,1,buy,2025-03-30,02-03,T,\n"
                                        "e,1,1,buy,2025-03-30,3,T,\n");
    assert_int_equal(got.n_trade, 4);
    assert_int_equal(got.trade[0].delivery_start, case_at("2025-10-26T00:00:00Z"));
    assert_int_equal(got.trade[1].delivery_start, case_at("2025-10-26T01:00:00Z"));
    assert_int_equal(got.trade[2].delivery_start, case_at("2025-10-26T00:00:00Z"));
    assert_int_equal(got.trade[3].delivery_start, case_at("2025-03-30T01:00:00Z"));
    case_check_finding(MT_F_CLOCK_CHANGE, 1, "line 2");
    case_check_finding(MT_F_BAD_ROW, 1, "line 5");
}

static void trades__bad_hours_are_told(void **state)
{
    (void)state;
    case_read(HOURS,
              MT_VPP_HEADER_EPEX "\na,x,1,buy,2025-06-08,1,T,\nb,1,0,buy,2025-06-08,1,T,\n"
                                 "c,1,1,hold,2025-06-08,1,T,\nd,1,1,buy,2025-06-08,25,T,\n"
                                 "e,1,1,buy,2025-06-08,08-10,T,\nf,,1,buy,2025-06-08,1,T,\n"
                                 "g,1,1,,2025-06-08,1,T,\nh,1,1,buy,,1,T,\ni,1,1,buy,2025-06-08,1,T,soon\n"
                                 "j,1,1,buy\n");
    assert_int_equal(got.n_trade, 0);
    case_check_finding(MT_F_BAD_ROW, 10, "line 2");
}

static void trades__json_comes_as_an_array_or_line_by_line(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[{\"TradeId\":\"a\\\"1\",\"Side\":\"SELL\",\"DeliveryStart\":\"2025-06-08T00:00:00Z\","
        "\"DeliveryEnd\":\"2025-06-08T01:00:00Z\",\"Price\":81.29,\"Volume\":0.1,\"VolumeUnit\":\"MWH\","
        "\"Strategy\":\"s\"},\n {\"trade_confirmation\":{\"id\":7,\"price\":8129,\"quantity\":2,"
        "\"direction\":\"buy\",\"delivery_day\":\"2025-06-08\",\"delivery_hour\":\"08-09\","
        "\"trader_id\":\"Ann\",\"execution_time\":null}}]\n",
        "{\"trade_id\":\"a\\\"1\",\"side\":\"SELL\",\"delivery_start\":\"2025-06-08T00:00:00Z\","
        "\"delivery_end\":\"2025-06-08T01:00:00Z\",\"price\":81.29,\"volume\":0.1,"
        "\"volume_unit\":\"MWH\",\"strategy\":\"s\"}\n"
        "{\"id\":7,\"price\":8129,\"quantity\":2,\"direction\":\"buy\",\"delivery_day\":\"2025-06-08\","
        "\"delivery_hour\":8,\"trader_id\":\"Ann\"}\n"};
    for (size_t k = 0; k < 2; k++) {
        case_read("exchange/Private_Trades-20250608.json", texts[k]);
        assert_int_equal(got.n_trade, 2);
        assert_string_equal(got.trade[0].id, "a\"1");
        assert_string_equal(got.trade[0].strategy, "s");
        assert_int_equal(got.trade[0].energy_wh, 100000);
        assert_string_equal(got.trade[1].id, "7");
        assert_string_equal(got.trade[1].trader, "Ann");
        assert_int_equal(got.trade[1].price, 81290000);
        assert_int_equal(got.trade[1].energy_wh, 2000000);
        assert_int_equal(got.trade[1].delivery_start, case_at("2025-06-08T06:00:00Z"));
    }
}

static void trades__damaged_json_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } bad[] = {{"", "found nothing"},
               {"[", "no end"},
               {"[{\"id\":1", "whole"},
               {"[1]", "JSON object"},
               {"[] {}", "JSON object"},
               {"[{\"id\":{{}}]", "whole"},
               {"[{\"id\":1},]x", "JSON object"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        case_read("exchange/Private_Trades-20250608.json", bad[k].text);
        assert_int_equal(got.n_trade, 0);
        case_check_finding(MT_F_BAD_FILE, 1, bad[k].word);
    }
    case_read("exchange/Private_Trades-20250608.json", "[]");
    assert_int_equal(got.n_finding, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(trades__reads_the_exchanges_layout),
        IN_CONTEXT(trades__the_caller_may_name_the_unit),
        IN_CONTEXT(trades__only_deliveries_asked_for_are_given),
        IN_CONTEXT(trades__hours_of_the_trades_api_are_local),
        IN_CONTEXT(trades__hours_of_a_clock_change),
        IN_CONTEXT(trades__bad_hours_are_told),
        IN_CONTEXT(trades__json_comes_as_an_array_or_line_by_line),
        IN_CONTEXT(trades__damaged_json_is_told),
    };
    return cmocka_run_group_tests_name("vpp trades", test, NULL, NULL);
}
