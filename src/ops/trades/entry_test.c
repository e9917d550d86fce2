/* Trades as they are told: what is taken, what is refused and how that is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ops/trades/entry.h"

#include <string.h>

typedef struct fixture {
    mt_ctx cx;
    const mt_zone *zone;
    mt_stored_trade trade;
    const char *fault;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    mt_ctx_init(&f.cx, NULL);
    *state = &f;
    return mt_zone_read(&f.cx, &f.zone, "Europe/Berlin", NULL) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    mt_ctx_close(&((fixture *)*state)->cx);
    return 0;
}

/* A right trade with one field told otherwise; -1: none. True: it was taken. */
static bool read_with(fixture *f, int which, const char *text)
{
    static const char *const told[MT_ENTRY_FIELDS] = {
        "7", "8129", "5", "sell", "2025-06-08", "08-09", "ann", "2025-06-07T15:03:44Z", NULL};
    mt_text field[MT_ENTRY_FIELDS];
    for (int k = 0; k < MT_ENTRY_FIELDS; k++) {
        const char *given = k == which ? text : told[k];
        field[k] = given ? mt_text_of(given) : (mt_text){NULL, 0};
    }
    if (mt_entry_read(&f->cx, &f->trade, &f->fault, field, f->zone) != MT_OK) fail_msg("%s", f->cx.err);
    return f->fault == NULL;
}

static bool read_at(fixture *f, const char *day, const char *hour)
{
    const mt_text field[MT_ENTRY_FIELDS] = {
        mt_text_of("7"),    mt_text_of("-1"), mt_text_of("5"),   mt_text_of("BUY"),
        mt_text_of(day),    mt_text_of(hour), mt_text_of("ann"), mt_text_of("2025-06-07 15:03:44"),
        mt_text_of("swing")};
    if (mt_entry_read(&f->cx, &f->trade, &f->fault, field, f->zone) != MT_OK) fail_msg("%s", f->cx.err);
    return f->fault == NULL;
}

static mt_time at(const char *text)
{
    mt_time time = 0;
    bool has_offset;
    assert_true(mt_time_parse(text, strlen(text), &time, &has_offset));
    return time;
}

static void entry__is_exact(void **state)
{
    fixture *f = *state;
    assert_true(read_with(f, -1, NULL));
    assert_string_equal(f->trade.id, "7");
    assert_true(f->trade.price_cent == 8129 && f->trade.quantity_mw == 5);
    assert_string_equal(f->trade.direction, "sell");
    assert_string_equal(f->trade.delivery_hour, "08-09");
    assert_true(f->trade.delivery_start == at("2025-06-08T08:00:00+02:00"));
    assert_true(f->trade.delivery_end == at("2025-06-08T09:00:00+02:00"));
    assert_true(f->trade.execution_time == at("2025-06-07T15:03:44Z"));
    assert_null(f->trade.strategy);
    assert_true(read_at(f, "20250608", "8-9"));
    assert_string_equal(f->trade.delivery_hour, "08-09");
    assert_string_equal(f->trade.strategy, "swing");
    assert_true(f->trade.execution_time == at("2025-06-07T13:03:44Z")); /* of the zone's clock */
    assert_true(read_at(f, "2025-06-08", "23-00"));
    assert_string_equal(f->trade.delivery_hour, "23-24");
    assert_true(f->trade.delivery_end == at("2025-06-09T00:00:00+02:00"));
}

static void entry__hour_that_comes_twice_says_which(void **state)
{
    fixture *f = *state;
    assert_false(read_at(f, "2025-10-26", "02-03"));
    assert_non_null(strstr(f->fault, "02-03A or 02-03B"));
    assert_true(read_at(f, "2025-10-26", "02-03A"));
    assert_true(f->trade.delivery_start == at("2025-10-26T02:00:00+02:00"));
    assert_true(read_at(f, "2025-10-26", "2-3b"));
    assert_true(f->trade.delivery_start == at("2025-10-26T02:00:00+01:00"));
    assert_string_equal(f->trade.delivery_hour, "02-03B");
    assert_true(read_at(f, "2025-10-26", "03-04"));
    assert_false(read_at(f, "2025-10-25", "02-03A"));
    assert_non_null(strstr(f->fault, "leave the A away"));
}

static void entry__hour_that_does_not_exist_is_refused(void **state)
{
    fixture *f = *state;
    assert_false(read_at(f, "2025-03-30", "02-03"));
    assert_non_null(strstr(f->fault, "2025-03-30 has no hour 02-03"));
    assert_true(read_at(f, "2025-03-30", "01-02"));
    assert_true(f->trade.delivery_end == at("2025-03-30T03:00:00+02:00"));
}

static void entry__names_the_field_that_is_wrong(void **state)
{
    static const struct {
        int which;
        const char *text, *said;
    } wrong[] = {{MT_ENTRY_ID, "", "id is missing"},
                 {MT_ENTRY_ID, "  ", "id is missing"},
                 {MT_ENTRY_ID, "\xff", "id is \"\xEF\xBF\xBD\""},
                 {MT_ENTRY_PRICE, "81.29", "price is \"81.29\"; right would be a whole number of euro-cents"},
                 {MT_ENTRY_PRICE, NULL, "price is missing"},
                 {MT_ENTRY_PRICE, "10000001", "price is"},
                 {MT_ENTRY_QUANTITY, "0", "quantity is \"0\""},
                 {MT_ENTRY_QUANTITY, "-5", "quantity is"},
                 {MT_ENTRY_QUANTITY, "0.5", "quantity is"},
                 {MT_ENTRY_DIRECTION, "hold", "direction is \"hold\"; right would be buy or sell"},
                 {MT_ENTRY_DAY, "2025-02-30", "delivery_day is"},
                 {MT_ENTRY_HOUR, "8", "delivery_hour is"},
                 {MT_ENTRY_HOUR, "08-10", "delivery_hour is"},
                 {MT_ENTRY_HOUR, "24-25", "delivery_hour is"},
                 {MT_ENTRY_HOUR, "08-09x", "delivery_hour is"},
                 {MT_ENTRY_TRADER, NULL, "trader_id is missing"},
                 {MT_ENTRY_EXECUTED, "yesterday", "execution_time is"},
                 {MT_ENTRY_EXECUTED, "2025-03-30 02:30", "execution_time is"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        fixture *f = *state;
        if (read_with(f, wrong[k].which, wrong[k].text)) fail_msg("%s was taken", wrong[k].text);
        if (!strstr(f->fault, wrong[k].said)) fail_msg("%s", f->fault);
    }
}

static bool read_message(fixture *f, const char *text)
{
    if (mt_entry_confirmation(&f->cx, &f->trade, &f->fault, mt_text_of(text), f->zone) != MT_OK)
        fail_msg("%s", f->cx.err);
    return f->fault == NULL;
}

static void entry__confirmation_is_read_with_numbers_or_texts(void **state)
{
    fixture *f = *state;
    assert_true(
        read_message(f, "{\"trade_confirmation\":{\"id\":2042884497,\"price\":8129,\"quantity\":5,"
                        "\"direction\":\"sell\",\"delivery_day\":\"2025-06-08\",\"delivery_hour\":"
                        "\"08-09\",\"trader_id\":\"ann\",\"execution_time\":\"2025-06-07T15:03:44Z\"}}"));
    assert_string_equal(f->trade.id, "2042884497");
    mt_stored_trade first = f->trade;
    assert_true(
        read_message(f, "{\"trade_confirmation\":{\"id\":\"2042884497\",\"price\":\"8129\",\"quantity\":"
                        "\"5\",\"direction\":\"SELL\",\"delivery_day\":\"2025-06-08\",\"delivery_hour\":"
                        "\"08-09\",\"trader_id\":\"ann\",\"execution_time\":\"2025-06-07T17:03:44+02:00\""
                        ",\"more\":[]}}"));
    assert_true(mt_stored_trade_same(&first, &f->trade));
}

static void entry__message_that_is_none_says_why(void **state)
{
    static const char *const wrong[][2] = {{"", "empty"},
                                           {"[]", "trade_confirmation"},
                                           {"{\"trade_confirmation\":7}", "trade_confirmation"},
                                           {"{\"trade_confirmation\":", "message, line 1"},
                                           {"{\"trade_confirmation\":{}}", "id is missing"},
                                           {"{\"trade_confirmation\":{\"id\":true}}", "id is missing"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        fixture *f = *state;
        assert_false(read_message(f, wrong[k][0]));
        if (!strstr(f->fault, wrong[k][1])) fail_msg("%s: %s", wrong[k][0], f->fault);
    }
}

/* Every hour of 23, 24 and 25 reads back as the hour it names. */
static void entry__names_of_hours_read_back(void **state)
{
    static const char *const day[] = {"2025-03-30", "2025-06-08", "2025-10-26"};
    fixture *f = *state;
    for (size_t k = 0; k < 3; k++) {
        mt_day number;
        mt_grid grid;
        assert_true(mt_day_parse(day[k], 10, &number));
        assert_int_equal(mt_day_grid(&f->cx, &grid, f->zone, number, MT_US_HOUR), MT_OK);
        assert_int_equal(grid.n, 23 + k);
        for (size_t h = 0; h < grid.n; h++) {
            char name[8];
            mt_entry_hour_name(name, grid.start + (mt_time)h * MT_US_HOUR, f->zone);
            if (!read_at(f, day[k], name)) fail_msg("%s", f->fault);
            assert_true(f->trade.delivery_start == grid.start + (mt_time)h * MT_US_HOUR);
            assert_string_equal(f->trade.delivery_hour, name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry__is_exact),
        cmocka_unit_test(entry__hour_that_comes_twice_says_which),
        cmocka_unit_test(entry__hour_that_does_not_exist_is_refused),
        cmocka_unit_test(entry__names_the_field_that_is_wrong),
        cmocka_unit_test(entry__confirmation_is_read_with_numbers_or_texts),
        cmocka_unit_test(entry__message_that_is_none_says_why),
        cmocka_unit_test(entry__names_of_hours_read_back),
    };
    return cmocka_run_group_tests_name("entry", tests, set_up, tear_down);
}
