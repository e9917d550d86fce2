/* Delivery days: steps, feeds, clock changes, and hours that are not there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/delivery_day.h"

#include <math.h>
#include <string.h>

struct room {
    mt_ctx cx;
    const mt_zone *zone;
    mt_observation at[2000];
    size_t n;
};

static void open_room(struct room *r)
{
    memset(r, 0, sizeof *r);
    mt_ctx_init(&r->cx, NULL);
    assert_int_equal(mt_zone_read(&r->cx, &r->zone, "Europe/Copenhagen", NULL), MT_OK);
}

static void put(struct room *r, const char *kind, const char *detail, const char *source, mt_time start,
                mt_time step, double value)
{
    r->at[r->n++] = (mt_observation){.kind = kind,
                                     .area = "DK1",
                                     .detail = detail,
                                     .unit = "",
                                     .source = source,
                                     .step = step,
                                     .start = start,
                                     .value = value,
                                     .known_at = start};
}

/* The whole local day in steps, each with `value`. */
static void put_day(struct room *r, const char *kind, const char *detail, const char *source, mt_day day,
                    mt_time step, double value)
{
    mt_time end = mt_day_start(r->zone, day + 1);
    for (mt_time t = mt_day_start(r->zone, day); t < end; t += step)
        put(r, kind, detail, source, t, step, value);
}

static mt_day_values gather(struct room *r, const char *kind)
{
    mt_day_values v;
    assert_int_equal(mt_day_values_of(&r->cx, &v, r->at, r->n, r->zone, kind, NULL), MT_OK);
    return v;
}

static void delivery_day__has_23_24_or_25_hours(void **state)
{
    (void)state;
    static const struct {
        int month, day;
        double hours;
    } want[] = {{3, 30, 24}, {3, 31, 23}, {10, 27, 25}};
    struct room r;
    open_room(&r);
    for (int k = 0; k < 3; k++) {
        mt_day day = mt_day_of(2024, want[k].month, want[k].day);
        mt_delivery_day *row;
        size_t n;
        r.n = 0;
        put_day(&r, "spot_price", "", "a", day, 15 * MT_US_MINUTE, 7);
        put_day(&r, "production", "wind", "a", day, MT_US_HOUR, 2);
        mt_day_values price = gather(&r, "spot_price"), production = gather(&r, "production");
        assert_int_equal(mt_delivery_days(&r.cx, &row, &n, &price, &production, r.zone), MT_OK);
        assert_int_equal(n, 1);
        assert_int_equal(row->day, day);
        assert_true(row->hours == want[k].hours && row->price.hours == want[k].hours);
        assert_true(row->production.value == 2 * want[k].hours && row->price.value == 7);
        assert_true(mt_delivery_day_complete(row));
    }
    mt_ctx_close(&r.cx);
}

static void delivery_day__weighs_prices_by_the_length_of_their_step(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_time start = mt_day_start(r.zone, 20000);
    put(&r, "spot_price", "", "a", start, MT_US_HOUR, 10);
    put(&r, "spot_price", "", "a", start + MT_US_HOUR, 15 * MT_US_MINUTE, 50);
    mt_day_values v = gather(&r, "spot_price");
    /* Two steps of one source are two feeds: the hour covers more of the day. */
    assert_true(v.at[0].value == 10 && v.at[0].hours == 1);
    r.n = 0;
    for (int k = 0; k < 4; k++)
        put(&r, "spot_price", "", "a", start + k * 15 * MT_US_MINUTE, 15 * MT_US_MINUTE, 10.0 * k);
    v = gather(&r, "spot_price");
    assert_true(v.at[0].value == 15 && v.at[0].hours == 1);
    mt_ctx_close(&r.cx);
}

static void delivery_day__sums_types_but_never_load_exchange_or_a_second_source(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 6, 1);
    put_day(&r, "production", "wind", "a", day, MT_US_HOUR, 2);
    put_day(&r, "production", "solar", "a", day, MT_US_HOUR, 1);
    put_day(&r, "production", "wind", "b", day, MT_US_HOUR, 2.5);
    put_day(&r, "production", "total", "a", day, 15 * MT_US_MINUTE, 100);
    put_day(&r, "load", "", "a", day, MT_US_HOUR, 1000);
    put_day(&r, "exchange", "SE4", "a", day, MT_US_HOUR, 1000);
    put_day(&r, "production", "wind", "a", day + 1, MT_US_HOUR, 2); /* the feed with most hours of all */
    mt_day_values v = gather(&r, "production");
    assert_true(v.at[0].value == 72 && v.at[0].details == 2);
    assert_string_equal(v.at[0].source, "a");
    mt_ctx_close(&r.cx);
}

/* One source that publishes a balance by type, a declaration by part, and forecasts of several horizons. */
static void delivery_day__adds_the_parts_of_a_type_but_no_second_account(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 6, 1);
    mt_time start = mt_day_start(r.zone, day);
    put_day(&r, "production", "Wind;group=1", "a", day, MT_US_HOUR, 2);
    put(&r, "production", "Wind;group=2", "a", start, MT_US_HOUR, 10);
    put_day(&r, "production", "Wind;group=1", "a", day + 1, MT_US_HOUR, 2);
    put_day(&r, "production", "OnshoreWindPower", "a", day, MT_US_HOUR, 3);
    put_day(&r, "production_forecast", "Wind", "a", day, MT_US_HOUR, 4);
    put_day(&r, "production_forecast", "Wind;horizon=5h", "a", day, MT_US_HOUR, 5);
    mt_day_values v = gather(&r, "production"), forecast = gather(&r, "production_forecast");
    assert_true(v.at[0].value == 58 && v.at[0].hours == 24 && v.at[0].details == 2);
    assert_true(forecast.at[0].value == 96);
    mt_ctx_close(&r.cx);
}

/* Parts or not: what names its account is never added to what another dataset of the source says. */
static void delivery_day__never_adds_two_accounts_of_a_source(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 6, 1);
    put_day(&r, "production", "Wind;account=declaration", "a", day, MT_US_HOUR, 2);
    put_day(&r, "production", "Gas;account=declaration", "a", day, MT_US_HOUR, 1);
    put_day(&r, "production", "Wind;group=1", "a", day, MT_US_HOUR, 100);
    put_day(&r, "production", "Wind", "a", day, MT_US_HOUR, 100);
    mt_day_values v = gather(&r, "production");
    assert_true(v.at[0].value == 72 && v.at[0].details == 2);
    mt_ctx_close(&r.cx);
}

static void put_day_in(struct room *r, const char *unit, const char *detail, mt_day day, mt_time step,
                       double value)
{
    size_t from = r->n;
    put_day(r, "production", detail, "a", day, step, value);
    for (size_t k = from; k < r->n; k++) r->at[k].unit = unit;
}

static void delivery_day__turns_every_unit_of_energy_into_mwh(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        mt_time step;
        double value, want;
    } c[] = {{"MWh", MT_US_HOUR, 3, 72},          {"kWh", MT_US_HOUR, 100, 2.4},
             {"GWh", MT_US_HOUR, 0.25, 6000},     {"Wh", MT_US_HOUR, 1e6, 24},
             {"MW", MT_US_HOUR, 3, 72},           {"MW", 15 * MT_US_MINUTE, 4, 96},
             {"kW", 15 * MT_US_MINUTE, 4, 0.096}, {"GW", 30 * MT_US_MINUTE, 1, 24000}};
    struct room r;
    open_room(&r);
    for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
        r.n = 0;
        put_day_in(&r, c[k].unit, "wind", mt_day_of(2025, 6, 1), c[k].step, c[k].value);
        mt_day_values v = gather(&r, "production");
        assert_float_equal(v.at[0].value, c[k].want, 1e-9);
        assert_true(v.at[0].hours == 24);
        assert_null(v.other_unit);
    }
    mt_ctx_close(&r.cx);
}

static void delivery_day__adds_no_two_units_and_names_what_is_no_energy(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 6, 1);
    put_day_in(&r, "MWh", "wind", day, MT_US_HOUR, 2);
    put_day_in(&r, "MW", "wind", day, MT_US_HOUR, 100);
    put_day_in(&r, "TJ", "gas", day, MT_US_HOUR, 1000);
    put(&r, "production", "at once", "a", mt_day_start(r.zone, day), 0, 1000); /* power without a step */
    r.at[r.n - 1].unit = "MW";
    mt_day_values v = gather(&r, "production");
    assert_int_equal(v.n, 1);
    assert_true(v.at[0].value == 48 && v.at[0].details == 1);
    assert_string_equal(v.other_unit, "TJ");
    r.n = 0;
    put_day_in(&r, "TJ", "gas", day, MT_US_HOUR, 1000);
    v = gather(&r, "production");
    assert_int_equal(v.n, 0);
    assert_string_equal(v.other_unit, "TJ");
    mt_ctx_close(&r.cx);
}

static void delivery_day__takes_the_successor_where_a_feed_ends(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 9, 30);
    put_day(&r, "spot_price", "", "old", day - 1, MT_US_HOUR, 1);
    put_day(&r, "spot_price", "", "old", day, MT_US_HOUR, 1);
    put_day(&r, "spot_price", "", "new", day, 15 * MT_US_MINUTE, 2);
    put_day(&r, "spot_price", "", "new", day + 1, 15 * MT_US_MINUTE, 2);
    put_day(&r, "spot_price", "", "old", day - 2, MT_US_HOUR, 1);
    mt_day_values v = gather(&r, "spot_price");
    assert_int_equal(v.n, 4);
    assert_true(v.at[2].value == 1 && v.at[3].value == 2);
    assert_string_equal(v.at[3].source, "new");
    mt_ctx_close(&r.cx);
}

static void delivery_day__shows_hours_that_a_type_lacks(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    mt_day day = mt_day_of(2025, 6, 1);
    mt_delivery_day *row;
    size_t n;
    put_day(&r, "production", "wind", "a", day, MT_US_HOUR, 2);
    put(&r, "production", "solar", "a", mt_day_start(r.zone, day), MT_US_HOUR, 1);
    put_day(&r, "spot_price", "", "a", day + 2, MT_US_HOUR, 2);
    r.at[r.n - 1].value = NAN;
    mt_day_values price = gather(&r, "spot_price"), production = gather(&r, "production");
    assert_true(production.at[0].hours == 1 && production.at[0].value == 49);
    assert_int_equal(mt_delivery_days(&r.cx, &row, &n, &price, &production, r.zone), MT_OK);
    assert_int_equal(n, 3);
    assert_false(mt_delivery_day_complete(&row[0]));
    assert_true(row[1].price.hours == 0 && isnan(row[1].price.value) && isnan(row[1].production.value));
    assert_true(row[2].price.hours == 23);
    mt_ctx_close(&r.cx);
}

static void delivery_day__is_empty_without_values(void **state)
{
    (void)state;
    struct room r;
    mt_delivery_day *row;
    size_t n = 9;
    open_room(&r);
    put(&r, "production", "wind", "a", 0, 0, 1);          /* an instant */
    put(&r, "production", "wind", "a", 0, MT_US_DAY, 24); /* a day */
    mt_day_values price = gather(&r, "spot_price"), production = gather(&r, "production");
    assert_int_equal(mt_delivery_days(&r.cx, &row, &n, &price, &production, r.zone), MT_OK);
    assert_int_equal(n, 0);
    mt_ctx_close(&r.cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(delivery_day__has_23_24_or_25_hours),
        cmocka_unit_test(delivery_day__weighs_prices_by_the_length_of_their_step),
        cmocka_unit_test(delivery_day__sums_types_but_never_load_exchange_or_a_second_source),
        cmocka_unit_test(delivery_day__never_adds_two_accounts_of_a_source),
        cmocka_unit_test(delivery_day__turns_every_unit_of_energy_into_mwh),
        cmocka_unit_test(delivery_day__adds_no_two_units_and_names_what_is_no_energy),
        cmocka_unit_test(delivery_day__adds_the_parts_of_a_type_but_no_second_account),
        cmocka_unit_test(delivery_day__takes_the_successor_where_a_feed_ends),
        cmocka_unit_test(delivery_day__shows_hours_that_a_type_lacks),
        cmocka_unit_test(delivery_day__is_empty_without_values),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
