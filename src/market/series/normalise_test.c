/* Normalising: exact money, energy that is conserved over clock changes, rates of the day. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/normalise.h"
#include "num/rng.h"

#include <math.h>
#include <string.h>

struct room {
    mt_ctx cx;
    mt_normal_options options;
    mt_observation rate[16];
    size_t rates;
};

static void put_rate(struct room *r, const char *currency, int month, int day, double per_eur,
                     mt_time known_at)
{
    r->rate[r->rates++] = (mt_observation){.kind = "fx_rate",
                                           .area = currency,
                                           .start = mt_day_of(2025, month, day) * MT_US_DAY,
                                           .step = MT_US_DAY,
                                           .value = per_eur,
                                           .known_at = known_at};
}

static void open_room(struct room *r, const char *place)
{
    memset(r, 0, sizeof *r);
    mt_ctx_init(&r->cx, NULL);
    r->options.size = sizeof r->options;
    assert_int_equal(mt_marketplace_get(&r->cx, &r->options.place, mt_marketplaces_known(), place), MT_OK);
    assert_int_equal(mt_zone_read(&r->cx, &r->options.zone, r->options.place->zone, NULL), MT_OK);
    put_rate(r, "GBP", 4, 17, 0.8577, 1); /* the Thursday before Easter; Friday to Monday are holidays */
    put_rate(r, "GBP", 4, 22, 0.8600, 1);
    put_rate(r, "DKK", 4, 17, 7.4663, 1);
    put_rate(r, "GBP", 4, 22, 0.8606, 2); /* corrected later */
    assert_int_equal(mt_fx_table_of(&r->cx, &r->options.fx, r->rate, r->rates), MT_OK);
}

static mt_time utc(int month, int day, int hour)
{
    return mt_day_of(2025, month, day) * MT_US_DAY + hour * MT_US_HOUR;
}

static void normalise__takes_the_last_rate_before_a_holiday(void **state)
{
    (void)state;
    struct room r;
    mt_fx_quote q;
    mt_micro out;
    open_room(&r, "germany");
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "EUR", mt_day_of(2025, 4, 21)), MT_OK);
    assert_int_equal(q.from_per_eur, 857700);
    assert_int_equal(q.day, mt_day_of(2025, 4, 17));
    assert_true(mt_fx_convert(100000000, &q, &out));
    assert_int_equal(out, 116590883); /* 100 / 0.8577 = 116.5908825… */
    assert_true(mt_fx_convert(-100000000, &q, &out));
    assert_int_equal(out, -116590883);
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "DKK", mt_day_of(2025, 4, 18)), MT_OK);
    assert_true(mt_fx_convert(1000000, &q, &out));
    assert_int_equal(out, 8705025); /* 7.4663 / 0.8577 = 8.70502506… */
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "EUR", mt_day_of(2025, 4, 22)), MT_OK);
    assert_int_equal(q.from_per_eur, 860600);
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "GBP", 0), MT_OK);
    assert_true(mt_fx_convert(7, &q, &out) && out == 7);
    mt_ctx_close(&r.cx);
}

static void normalise__refuses_a_rate_too_old_or_not_there(void **state)
{
    (void)state;
    struct room r;
    mt_fx_quote q;
    open_room(&r, "germany");
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "EUR", mt_day_of(2025, 5, 3)),
                     MT_E_ABSENT);
    assert_non_null(strstr(r.cx.err, "2025-04-22"));
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "GBP", "EUR", mt_day_of(2025, 4, 16)),
                     MT_E_ABSENT);
    assert_int_equal(mt_fx_quote_of(&r.cx, &q, r.options.fx, "PLN", "EUR", mt_day_of(2025, 4, 17)),
                     MT_E_ABSENT);
    assert_non_null(strstr(r.cx.err, "PLN"));
    r.rate[0].value = -1;
    assert_int_equal(mt_fx_table_of(&r.cx, &r.options.fx, r.rate, r.rates), MT_E_INPUT);
    mt_ctx_close(&r.cx);
}

static void normalise__brings_a_british_price_to_germany(void **state)
{
    (void)state;
    struct room r;
    mt_normal_value *row;
    size_t n;
    open_room(&r, "germany");
    mt_series_value v[48];
    for (int k = 0; k < 48; k++)
        v[k] = (mt_series_value){utc(4, 17, 0) + k * 30 * MT_US_MINUTE, 30 * MT_US_MINUTE, 85770000};
    r.options.fold = MT_FOLD_MEAN;
    r.options.currency = "GBP";
    r.options.step = MT_US_HOUR;
    assert_int_equal(mt_normalise(&r.cx, &row, &n, v, 48, &r.options), MT_OK);
    assert_int_equal(n, 24);
    for (size_t k = 0; k < n; k++) {
        int local = ((int)k + 2) % 24; /* Berlin in summer */
        if (k < 22) assert_int_equal(row[k].value, 100000000);
        if (k < 22) assert_int_equal(row[k].rate_age_days, 0);
        assert_int_equal(row[k].open, local >= 6 && local < 22);
    }
    assert_int_equal(row[23].rate_age_days, 1); /* Good Friday in Berlin */
    mt_ctx_close(&r.cx);
}

/* Hours and quarters to days, to quarters and back: sums agree to the last millionth, also on days of 23 and
 * 25 hours. */
static void normalise__conserves_energy_over_every_grid(void **state)
{
    (void)state;
    static const int when[][2] = {{3, 30}, {10, 26}, {6, 1}};
    static const mt_time step[] = {15 * MT_US_MINUTE, 30 * MT_US_MINUTE, MT_US_HOUR};
    struct room r;
    mt_rng rng = mt_rng_new(11);
    open_room(&r, "germany");
    r.options.fold = MT_FOLD_SUM;
    for (size_t c = 0; c < 3 * 3 * 20; c++) {
        mt_day day = mt_day_of(2025, when[c % 3][0], when[c % 3][1]);
        mt_time from = mt_day_start(r.options.zone, day), to = mt_day_start(r.options.zone, day + 1);
        mt_time given = step[c / 3 % 3];
        mt_series_value v[100];
        mt_micro sum = 0;
        size_t n = 0;
        for (mt_time t = from; t < to; t += given) {
            v[n] = (mt_series_value){t, given, (mt_micro)mt_rng_below(&rng, 2000000) - 500000};
            sum += v[n++].value;
        }
        assert_int_equal(n, (size_t)((to - from) / given));
        for (int s = 0; s < 4; s++) {
            mt_normal_value *row;
            size_t rows;
            mt_micro again = 0;
            r.options.step = s < 3 ? step[s] : MT_US_DAY;
            assert_int_equal(mt_normalise(&r.cx, &row, &rows, v, n, &r.options), MT_OK);
            for (size_t k = 0; k < rows; k++) again += row[k].value;
            assert_int_equal(again, sum);
            assert_int_equal(rows, s < 3 ? (size_t)((to - from) / step[s]) : 1);
        }
    }
    mt_ctx_close(&r.cx);
}

/* Price x energy is the same before and after prices are repeated on a finer grid. */
static void normalise__conserves_money_when_prices_are_repeated(void **state)
{
    (void)state;
    struct room r;
    mt_normal_value *price, *back;
    size_t n, m;
    open_room(&r, "germany");
    mt_time from = mt_day_start(r.options.zone, mt_day_of(2025, 10, 26));
    mt_series_value v[25], fine[100];
    mt_rng rng = mt_rng_new(3);
    for (int k = 0; k < 25; k++)
        v[k] = (mt_series_value){from + k * MT_US_HOUR, MT_US_HOUR,
                                 (mt_micro)mt_rng_below(&rng, 90000000) - 9000000};
    r.options.fold = MT_FOLD_MEAN;
    r.options.step = 15 * MT_US_MINUTE;
    assert_int_equal(mt_normalise(&r.cx, &price, &n, v, 25, &r.options), MT_OK);
    assert_int_equal(n, 100);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(price[k].value, v[k / 4].value);
        fine[k] = (mt_series_value){price[k].start, price[k].step, price[k].value};
    }
    r.options.step = MT_US_HOUR;
    assert_int_equal(mt_normalise(&r.cx, &back, &m, fine, n, &r.options), MT_OK);
    assert_int_equal(m, 25);
    for (size_t k = 0; k < m; k++) assert_int_equal(back[k].value, v[k].value);
    mt_ctx_close(&r.cx);
}

static void normalise__leaves_periods_missing_that_are_not_covered(void **state)
{
    (void)state;
    struct room r;
    mt_normal_value *row;
    size_t n;
    mt_time q = 15 * MT_US_MINUTE, t = utc(4, 17, 10);
    open_room(&r, "nordpool");
    mt_series_value v[] = {{t, q, 1},          {t + q, q, MT_MICRO_NONE}, {t + 2 * q, q, 3},
                           {t + 3 * q, q, 5},  {t + 8 * q, q, 1},         {t + 9 * q, q, 2},
                           {t + 10 * q, q, 2}, {t + 11 * q, q, 1}};
    r.options.fold = MT_FOLD_MEAN;
    r.options.step = MT_US_HOUR;
    assert_int_equal(mt_normalise(&r.cx, &row, &n, v, 8, &r.options), MT_OK);
    assert_int_equal(n, 2);
    assert_true(row[0].value == MT_MICRO_NONE);
    assert_int_equal(row[0].covered, 3 * q);
    assert_int_equal(row[1].value, 2); /* 6 / 4, half away from zero */
    assert_true(row[1].open);
    r.options.fold = MT_FOLD_LAST;
    assert_int_equal(mt_normalise(&r.cx, &row, &n, v + 4, 4, &r.options), MT_OK);
    assert_int_equal(row[0].value, 1);
    mt_ctx_close(&r.cx);
}

static void normalise__refuses_what_lies_on_no_grid(void **state)
{
    (void)state;
    struct room r;
    mt_normal_value *row;
    size_t n;
    open_room(&r, "uk");
    mt_series_value twice[] = {{0, MT_US_HOUR, 1}, {30 * MT_US_MINUTE, MT_US_HOUR, 1}}, moment = {0, 0, 1};
    assert_int_equal(mt_normalise(&r.cx, &row, &n, twice, 2, &r.options), MT_E_SHAPE);
    assert_int_equal(mt_normalise(&r.cx, &row, &n, &moment, 1, &r.options), MT_E_SHAPE);
    r.options.step = 7 * MT_US_MINUTE;
    assert_int_equal(mt_normalise(&r.cx, &row, &n, twice, 1, &r.options), MT_E_INPUT);
    r.options.step = 0;
    assert_int_equal(mt_normalise(&r.cx, &row, &n, NULL, 0, &r.options), MT_OK);
    assert_int_equal(n, 0);
    mt_ctx_close(&r.cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(normalise__takes_the_last_rate_before_a_holiday),
        cmocka_unit_test(normalise__refuses_a_rate_too_old_or_not_there),
        cmocka_unit_test(normalise__brings_a_british_price_to_germany),
        cmocka_unit_test(normalise__conserves_energy_over_every_grid),
        cmocka_unit_test(normalise__conserves_money_when_prices_are_repeated),
        cmocka_unit_test(normalise__leaves_periods_missing_that_are_not_covered),
        cmocka_unit_test(normalise__refuses_what_lies_on_no_grid),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
