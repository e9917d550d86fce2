/* Tests of trade files: the exchange's own layout, the plain one, power and energy, and every fault. */
#include "formats/trade_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/text_case.h"

/* The layout of an exchange's export, with the row that the reference page of formats quotes. */
#define EXPORT                                                                                               \
    "# Private Trades - 2025-06-08 - 2025-06-09;;;;;;;;\n"                                                   \
    "TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n"
#define QUOTED                                                                                               \
    "2042884497;SELL;2025-06-08 00:00:00+00:00;2025-06-08 01:00:00+00:00;2025-06-07 "                        \
    "15:03:44.509000+00:00;81.29;EUR;0.1;MWH\n"
#define QUARTER "2025-06-08 00:15:00+00:00;2025-06-08 00:30:00+00:00;2025-06-07 15:03:44+00:00;"

enum { KEPT_MAX = 6000 };

static mt_trade kept[KEPT_MAX];
static mt_order_bad bad[KEPT_MAX];
static char ids[KEPT_MAX][16];
static size_t n_kept, n_bad;
static mt_trade_file_facts facts;

static mt_code keep_all(text_case *text, const mt_trade_file_options *options)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    n_kept = n_bad = 0;
    MT_TRY(mt_trade_file_open(&text->cx, &file, text->bytes, options));
    do {
        MT_TRY(mt_trade_file_next(&text->cx, file, &batch));
        for (size_t k = 0; k < batch.n_bad; k++, n_bad++) {
            bad[n_bad] = batch.bad[k];
            bad[n_bad].row += n_kept;
        }
        for (size_t k = 0; k < batch.n; k++, n_kept++) {
            assert_true(n_kept < KEPT_MAX);
            kept[n_kept] = batch.trade[k];
            snprintf(ids[n_kept], sizeof ids[n_kept], "%s",
                     batch.trade[k].id != NULL ? batch.trade[k].id : "none");
        }
    } while (batch.n > 0 || batch.n_bad > 0);
    facts = *mt_trade_file_about(file);
    assert_int_equal(facts.rows, n_kept + n_bad);
    assert_int_equal(facts.bad, n_bad);
    return MT_OK;
}

static void read_text(const char *at, const mt_trade_file_options *options)
{
    text_case text;
    assert_true(text_open(&text, "trades.csv", at));
    mt_code code = keep_all(&text, options);
    if (code != MT_OK) fail_msg("%s", text.cx.err);
    text_close(&text);
}

static void trade_file__reads_the_exchanges_layout(void **state)
{
    (void)state;
    read_text(EXPORT QUOTED "2;BUY;" QUARTER "-64.5;EUR;1.0;MWH\n", NULL);
    assert_int_equal(n_kept, 2);
    assert_int_equal(n_bad, 0);
    assert_string_equal(ids[0], "2042884497");
    assert_int_equal(kept[0].side, MT_SELL);
    assert_int_equal(kept[0].delivery_start, mt_time_of((mt_civil){2025, 6, 8, 0, 0, 0, 0}));
    assert_int_equal(kept[0].delivery_end - kept[0].delivery_start, MT_US_HOUR);
    assert_int_equal(kept[0].execution_time, mt_time_of((mt_civil){2025, 6, 7, 15, 3, 44, 509000}));
    assert_int_equal(kept[0].price, 81290000);
    assert_int_equal(kept[0].energy_wh, 100000);
    assert_int_equal(kept[1].price, -64500000);
    assert_int_equal(kept[1].side, MT_BUY);
    assert_int_equal(facts.delimiter, ';');
    assert_int_equal(facts.decimal, '.');
}

static void trade_file__reads_the_plain_form_in_any_order(void **state)
{
    (void)state;
    read_text("volume,price,delivery_end,delivery_start\n2,3,2025-06-08T01:00Z,2025-06-08T00:00Z\n", NULL);
    assert_int_equal(n_kept, 1);
    assert_int_equal(kept[0].side, MT_SIDE_NONE);
    assert_int_equal(kept[0].execution_time, MT_TIME_NONE);
    assert_string_equal(ids[0], "none");
    assert_int_equal(kept[0].energy_wh, 2000000);
    assert_null(facts.currency);
}

static void trade_file__power_becomes_energy_of_the_delivery(void **state)
{
    (void)state;
    read_text(EXPORT "1;SELL;" QUARTER "1;EUR;0.1;MW\n2;SELL;" QUARTER "1;EUR;0.1;MWH\n3;SELL;" QUARTER
                     "1;EUR;0.000002;MW\n",
              NULL);
    assert_int_equal(kept[0].energy_wh, 25000);
    assert_int_equal(kept[1].energy_wh, 100000);
    assert_int_equal(kept[2].energy_wh, 1); /* half a Wh, away from zero */
    mt_trade_file_options options = {.size = sizeof options, .unit = MT_VOLUME_MW};
    read_text(EXPORT "2;SELL;" QUARTER "1;EUR;0.1;MWH\n",
              &options); /* the file's word is known to be wrong */
    assert_int_equal(kept[0].energy_wh, 25000);
    options.unit = MT_VOLUME_MWH;
    read_text(EXPORT "2;SELL;" QUARTER "1;EUR;0.1;GW\n", &options);
    assert_int_equal(kept[0].energy_wh, 100000);
}

static void trade_file__faults_are_counted_and_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        mt_order_fault fault;
    } rows[] = {
        {"1;SELL;;2025-06-08 01:00:00+00:00;;1;EUR;1;MWH", MT_FAULT_TIME_MISSING},
        {"1;SELL;2025-06-08 01:00:00+00:00;2025-06-08 01:00:00+00:00;;1;EUR;1;MWH", MT_FAULT_TIME_BAD},
        {"1;SELL;2025-06-08 00:00:00;2025-06-08 01:00:00;;1;EUR;1;MWH", MT_FAULT_TIME_BAD},
        {"1;SELL;2025-06-08 00:00Z;2025-06-08 01:00Z;late;1;EUR;1;MWH", MT_FAULT_TIME_BAD},
        {"1;;" QUARTER "1;EUR;1;MWH", MT_FAULT_SIDE_MISSING},
        {"1;HOLD;" QUARTER "1;EUR;1;MWH", MT_FAULT_SIDE_BAD},
        {"1;BUY;" QUARTER ";EUR;1;MWH", MT_FAULT_PRICE_MISSING},
        {"1;BUY;" QUARTER "NaN;EUR;1;MWH", MT_FAULT_PRICE_BAD},
        {"1;BUY;" QUARTER "1,5;EUR;1;MWH", MT_FAULT_PRICE_BAD}, /* the first row's mark is the point */
        {"1;BUY;" QUARTER "1;GBP;1;MWH", MT_FAULT_PRICE_BAD},
        {"1;BUY;" QUARTER "1e6;EUR;1;MWH", MT_FAULT_PRICE_RANGE},
        {"1;BUY;" QUARTER "1;EUR;;MWH", MT_FAULT_VOLUME_MISSING},
        {"1;BUY;" QUARTER "1;EUR;1;GWH", MT_FAULT_VOLUME_BAD},
        {"1;BUY;" QUARTER "1;EUR;-1;MWH", MT_FAULT_VOLUME_RANGE},
        {"1;BUY;0001-01-02T00:00Z;9999-01-01T00:00Z;;1;EUR;1000000;MW", MT_FAULT_VOLUME_RANGE},
        {"1;BUY;" QUARTER "1;EUR;1", MT_FAULT_ROW_SHAPE},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    char text[8192] = EXPORT QUOTED;
    for (size_t k = 0; k < ROWS; k++) {
        strcat(text, rows[k].row);
        strcat(text, "\n");
    }
    strcat(text, QUOTED);
    read_text(text, NULL);
    assert_int_equal(n_kept, 2);
    assert_int_equal(n_bad, ROWS);
    for (size_t k = 0; k < ROWS; k++) {
        if (bad[k].fault != rows[k].fault) fail_msg("%s: %s", rows[k].row, mt_order_fault_name(bad[k].fault));
        assert_int_equal(bad[k].line, 4 + k);
        assert_int_equal(bad[k].row, 1);
    }
}

static void trade_file__a_default_offset_is_used_where_given(void **state)
{
    (void)state;
    mt_trade_file_options options = {
        .size = sizeof options, .has_default_offset = true, .default_offset_s = 7200};
    read_text("delivery_start,delivery_end,price,volume\n2025-06-08T02:00,2025-06-08T03:00,1,1\n", &options);
    assert_int_equal(kept[0].delivery_start, mt_time_of((mt_civil){2025, 6, 8, 0, 0, 0, 0}));
}

static void trade_file__many_rows_come_in_batches(void **state)
{
    (void)state;
    char *text = malloc(5000 * 80), *at = text;
    at += sprintf(at, "id,delivery_start,delivery_end,price,volume\n");
    for (int k = 0; k < 5000; k++)
        at += sprintf(at, "t%d,2025-06-08T02:00Z,2025-06-08T03:00Z,%s,1\n", k, k % 3 == 0 ? "x" : "2.5");
    read_text(text, NULL);
    free(text);
    assert_int_equal(n_bad, 1667);
    assert_int_equal(n_kept, 3333);
    assert_string_equal(ids[3332], "t4999");
}

static void trade_file__knows_trader_strategy_and_unit(void **state)
{
    (void)state;
    text_case text;
    mt_trade_file *file;
    mt_trade_batch batch;
    assert_true(text_open(&text, "trades.csv",
                          "Trade_Id,Trader_Id,Strategy,delivery_start,delivery_end,price,volume,volume_unit\n"
                          "1,Ann,,2025-06-08T02:00Z,2025-06-08T03:00Z,1,2,MW\n"
                          "2,Ann,swing,2025-06-08T02:00Z,2025-06-08T03:00Z,1,2,MW\n"
                          "3,Bob, swing ,2025-06-08T02:00Z,2025-06-08T03:00Z,1,2,MW\n"));
    assert_int_equal(mt_trade_file_open(&text.cx, &file, text.bytes, NULL), MT_OK);
    assert_int_equal(mt_trade_file_next(&text.cx, file, &batch), MT_OK);
    assert_int_equal(batch.n, 3);
    assert_string_equal(batch.trade[0].trader, "Ann");
    assert_null(batch.trade[0].strategy);
    assert_string_equal(batch.trade[1].trader, "Ann");
    assert_string_equal(batch.trade[1].strategy, "swing");
    assert_string_equal(batch.trade[2].trader, "Bob");
    assert_string_equal(batch.trade[2].strategy, "swing");
    assert_string_equal(mt_trade_file_about(file)->unit, "MW");
    text_close(&text);
}

/* What a row may be made of: plain forms, their relatives, and faults. */
static const char *const parts[8][8] = {
    {"2042884497", "", "id with blanks", " x", "\"q;q\"", "7",
     "a-very-long-identifier-of-more-than-32-characters", "8"},
    {"SELL", "BUY", "sell", "Buy", "B", "", "HOLD", " SELL"},
    {"2025-06-08 00:00:00+00:00;2025-06-08 01:00:00+00:00", "2025-06-08T00:00:00Z;2025-06-08T00:15:00Z",
     "2025-06-08 02:15:00+02:00;2025-06-08 02:30:00+02:00",
     "2025-06-08 01:00:00+00:00;2025-06-08 00:00:00+00:00", "2025-06-08 00:00;2025-06-08 01:00",
     "2025-06-08 23:45:00.000+00:00;2025-06-09 00:00:00+00:00",
     "2025-06-08 00:00:00+00:00 ;2025-06-08 01:00:00+00:00", ";"},
    {"2025-06-07 15:03:44.509000+00:00", "2025-06-07 15:03:44.5+00:00", "2025-06-07T15:03:44Z", "",
     "2025-06-07 15:03:44.1234567+00:00", "2025-06-07 25:03:44+00:00", "2025-06-07 15:03:44",
     "2025-06-07 15:03:44."},
    {"81.29", "-64.5", "0", "119", "81,29", "", "1e2", "123456.7"},
    {"EUR", "EUR", "EUR", "EUR", "EUR", "GBP", "", "EUR "},
    {"0.1", "1", "25.05", "0", "-1", "", "12345678.9", "0.0000001"},
    {"MWH", "MWH", "MW", "mwh", "MW", "", "kW", "MWH "},
};

static void read_in_way(const char *at, bool careful, bool portable)
{
    mt_trade_file_options options = {.size = sizeof options, .careful = careful, .portable = portable};
    read_text(at, &options);
}

/* Rows of which most are plain, in any mixture, with either line end. */
static char *make_rows(uint64_t seed, size_t rows)
{
    char *text = malloc(rows * 320 + 400), *at = text;
    at += sprintf(at, "%s", EXPORT QUOTED);
    for (size_t row = 0; row < rows; row++) {
        for (size_t k = 0; k < 8; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t choice = (seed >> 40) % 64 < 8 ? (seed >> 33) % 8 : (seed >> 33) % 2;
            at += sprintf(at, "%s%s", k > 0 ? ";" : "", parts[k][choice]);
        }
        at += sprintf(at, "%s", (seed >> 50) % 97 == 0 ? "\r\n" : (seed >> 50) % 89 == 0 ? ";more\n" : "\n");
    }
    return text;
}

static void trade_file__the_fast_ways_agree_with_the_careful_one(void **state)
{
    (void)state;
    static mt_trade trade[KEPT_MAX];
    static mt_order_bad fault[KEPT_MAX];
    static char id[KEPT_MAX][16];
    for (uint64_t seed = 1; seed <= 12; seed++) {
        char *text = make_rows(seed, 3000);
        read_in_way(text, true, false);
        size_t n = n_kept, n_fault = n_bad;
        memcpy(trade, kept, sizeof trade);
        memcpy(fault, bad, sizeof fault);
        memcpy(id, ids, sizeof id);
        assert_true(n > 500 && n_fault > 100);
        for (int way = 0; way < 2; way++) {
            read_in_way(text, false, way == 1);
            assert_int_equal(n_kept, n);
            assert_int_equal(n_bad, n_fault);
            for (size_t k = 0; k < n; k++) {
                assert_int_equal(kept[k].delivery_start, trade[k].delivery_start);
                assert_int_equal(kept[k].delivery_end, trade[k].delivery_end);
                assert_int_equal(kept[k].execution_time, trade[k].execution_time);
                assert_int_equal(kept[k].price, trade[k].price);
                assert_int_equal(kept[k].energy_wh, trade[k].energy_wh);
                assert_int_equal(kept[k].side, trade[k].side);
                assert_string_equal(ids[k], id[k]);
            }
            for (size_t k = 0; k < n_fault; k++) {
                assert_int_equal(bad[k].line, fault[k].line);
                assert_int_equal(bad[k].fault, fault[k].fault);
                assert_int_equal(bad[k].row, fault[k].row);
            }
        }
        free(text);
    }
}

static void trade_file__a_missing_column_is_named(void **state)
{
    (void)state;
    text_case text;
    mt_trade_file *file;
    assert_true(text_open(&text, "trades.csv", "DeliveryStart;Delivery_Ende;Price;Volume\n"));
    assert_int_equal(mt_trade_file_open(&text.cx, &file, text.bytes, NULL), MT_E_INPUT);
    assert_string_equal(text.cx.err,
                        "column \"DeliveryEnd\" is missing in trades.csv line 1 (did you mean "
                        "\"Delivery_Ende\"?); expected DeliveryStart, DeliveryEnd, Price, Volume in any "
                        "order, found DeliveryStart, Delivery_Ende, Price, Volume");
    text_close(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trade_file__reads_the_exchanges_layout),
        cmocka_unit_test(trade_file__reads_the_plain_form_in_any_order),
        cmocka_unit_test(trade_file__power_becomes_energy_of_the_delivery),
        cmocka_unit_test(trade_file__faults_are_counted_and_left_out),
        cmocka_unit_test(trade_file__a_default_offset_is_used_where_given),
        cmocka_unit_test(trade_file__many_rows_come_in_batches),
        cmocka_unit_test(trade_file__knows_trader_strategy_and_unit),
        cmocka_unit_test(trade_file__the_fast_ways_agree_with_the_careful_one),
        cmocka_unit_test(trade_file__a_missing_column_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
