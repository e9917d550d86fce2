/* The guard: what it finds and what it refuses wrongly, counted on simulated and on real days. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/energinet_case.h"
#include "market/series/guard.h"
#include "num/rng.h"

enum { HOURS = 24, WEEK = 7 * HOURS, LEARN = MT_GUARD_DAYS * HOURS };

static const mt_guard_options no_place = {sizeof(mt_guard_options), NAN, NAN};
static const mt_guard_options dk2 = {sizeof(mt_guard_options), 55.5, 12.0};

static int by_series_and_start(const void *a, const void *b)
{
    const mt_observation *x = a, *y = b;
    int order = strcmp(x->area, y->area);
    if (!order) order = strcmp(x->kind, y->kind);
    if (!order) order = strcmp(x->detail, y->detail);
    return order ? order : (x->start > y->start) - (x->start < y->start);
}

/* How many numbers of a batch are replaced, by what: drawn evenly from [low, high]. */
struct poison {
    size_t wrong;
    double low, high;
};

static const struct poison nothing = {0, 0, 0};

/* Judges a copy of rows [at, at + n) with the rows before them beside. Poisoned: was a wrong row named? Else:
 * was any row? */
static bool judge(const mt_observation *series, size_t at, size_t n, struct poison p, mt_rng *rng)
{
    mt_ctx cx;
    mt_observation batch[WEEK];
    mt_batch_verdict v;
    bool found = false;
    mt_ctx_init(&cx, NULL);
    memcpy(batch, series + at, n * sizeof *batch);
    for (size_t k = 0; k < p.wrong;) {
        size_t row = mt_rng_below(rng, n);
        if (batch[row].value != series[at + row].value) continue;
        batch[row].value = p.low + mt_rng_uniform(rng) * (p.high - p.low);
        k++;
    }
    assert_int_equal(mt_batch_judge(&cx, &v, batch, n, series + at - LEARN, LEARN, &dk2), MT_OK);
    for (size_t k = 0; k < n; k++) found |= v.reason[k] && batch[k].value != series[at + k].value;
    mt_ctx_close(&cx);
    return p.wrong ? found : v.quarantine;
}

struct tally {
    size_t batches, flagged;
};

static void count(struct tally *t, bool flagged)
{
    t->batches++;
    t->flagged += flagged;
}

static double share(const struct tally *t)
{
    return 100.0 * (double)t->flagged / (double)t->batches;
}

/* Prices as they might be: a daily shape, slow weather, noise, some hours below zero. */
static size_t simulate(mt_observation *out, size_t n, uint64_t seed)
{
    mt_rng rng = mt_rng_new(seed);
    double weather = 0;
    for (size_t k = 0; k < n; k++) {
        double hour = (double)(k % HOURS);
        weather = 0.98 * weather + 4 * mt_rng_normal(&rng);
        double shape =
            20 * sin((hour - 9) / 24 * 4 * 3.14159265) + 10 * sin((hour - 6) / 24 * 2 * 3.14159265);
        out[k] = (mt_observation){.kind = "spot_price",
                                  .area = "DK1",
                                  .detail = "",
                                  .unit = "EUR/MWh",
                                  .source = "a",
                                  .step = MT_US_HOUR,
                                  .start = (mt_time)k * MT_US_HOUR,
                                  .value = 60 + shape + weather + 3 * mt_rng_normal(&rng)};
    }
    return n;
}

static void guard__finds_poison_in_simulated_prices(void **state)
{
    (void)state;
    static mt_observation series[LEARN + 60 * HOURS];
    struct tally clean = {0}, one = {0}, five = {0};
    mt_rng rng = mt_rng_new(5);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        size_t n = simulate(series, sizeof series / sizeof *series, seed);
        for (size_t at = LEARN; at + HOURS <= n; at += HOURS)
            count(&clean, judge(series, at, HOURS, nothing, &rng));
        for (size_t at = LEARN; at + WEEK <= n; at += 2 * HOURS) {
            count(&one, judge(series, at, WEEK, (struct poison){2, -500, 4000}, &rng));
            count(&five, judge(series, at, WEEK, (struct poison){8, -500, 4000}, &rng));
        }
    }
    print_message(
        "simulated prices: %.2f %% of %zu clean days refused; of weeks with 1 %% wrong hours %.2f %% "
        "found (%zu), with 5 %% %.2f %% (%zu)\n",
        share(&clean), clean.batches, share(&one), one.batches, share(&five), five.batches);
    assert_true(share(&clean) <= 1);
    assert_true(share(&one) >= 95 && share(&five) >= 95);
}

static void guard__finds_poison_in_a_real_year_of_prices(void **state)
{
    (void)state;
    energinet_case c = {0};
    struct tally clean = {0}, single = {0}, one = {0}, five = {0}, tenfold = {0};
    mt_rng rng = mt_rng_new(5);
    if (!energinet_read(&c, "Elspotprices_2024_all_areas.csv", energinet_kind)) skip();
    qsort(c.at, c.n, sizeof *c.at, by_series_and_start);
    assert_int_equal(c.n, 7 * 8784);
    for (size_t area = 0; area < 7; area++) {
        const mt_observation *series = c.at + area * 8784;
        for (size_t at = LEARN; at + HOURS <= 8784; at += HOURS)
            count(&clean, judge(series, at, HOURS, nothing, &rng));
        for (size_t at = LEARN; at + WEEK <= 8784; at += WEEK) {
            count(&single, judge(series, at, HOURS, (struct poison){1, -500, 4000}, &rng));
            count(&one, judge(series, at, WEEK, (struct poison){2, -500, 4000}, &rng));
            count(&five, judge(series, at, WEEK, (struct poison){8, -500, 4000}, &rng));
            count(&tenfold, judge(series, at, WEEK, (struct poison){8, 300, 1000}, &rng));
        }
    }
    print_message(
        "prices of seven areas, 2024: %.2f %% of %zu clean days refused; of weeks with 1 %% wrong hours "
        "%.2f %% found, with 5 %% %.2f %% (%zu each), of days with one wrong hour %.2f %%; 5 %% wrong "
        "hours of 300 to 1000 EUR/MWh %.2f %%\n",
        share(&clean), clean.batches, share(&one), share(&five), one.batches, share(&single),
        share(&tenfold));
    assert_true(share(&clean) <= 1);
    assert_true(share(&one) >= 95 && share(&five) >= 95);
    energinet_close(&c);
}

/* The highest value of a series, which bounds what is drawn: nothing gives itself away by its size. */
static double highest(const mt_observation *series, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++) most = fmax(most, series[k].value);
    return most;
}

/* A batch is a week of all types at once, as a feed sends it; was a wrong row named? */
static bool judge_week(const energinet_case *c, const size_t *first, size_t types, size_t at, double part,
                       mt_rng *rng)
{
    mt_ctx cx;
    mt_batch_verdict v;
    bool found = false, is_wrong[16 * WEEK] = {false};
    mt_observation *batch = malloc(types * WEEK * sizeof *batch);
    mt_observation *beside = malloc(types * LEARN * sizeof *beside);
    size_t wrong = (size_t)ceil(part * (double)(types * WEEK));
    assert_true(batch && beside);
    for (size_t t = 0; t < types; t++) {
        memcpy(batch + t * WEEK, c->at + first[t] + at, WEEK * sizeof *batch);
        memcpy(beside + t * LEARN, c->at + first[t] + at - LEARN, LEARN * sizeof *beside);
    }
    for (size_t k = 0; k < wrong; k++) {
        size_t row = mt_rng_below(rng, types * WEEK);
        batch[row].value = mt_rng_uniform(rng) * highest(c->at + first[row / WEEK], at + WEEK);
        is_wrong[row] = true;
    }
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_batch_judge(&cx, &v, batch, types * WEEK, beside, types * LEARN, &dk2), MT_OK);
    for (size_t k = 0; k < types * WEEK; k++) found |= is_wrong[k] && v.reason[k];
    mt_ctx_close(&cx);
    free(batch);
    free(beside);
    return found;
}

/* Four days of the published file are not clean: on 2024-10-15, -22 and -23 oil stands at 2,380, 4,275 and
 * 1,564 MWh for one hour between hours of 14, 35 and 37, more than the zone can make; on 2024-10-07 oil, gas
 * and waste rise together to a multiple for one hour. */
static bool is_dirty(mt_time start)
{
    static const int day[] = {7, 15, 22, 23};
    for (size_t k = 0; k < sizeof day / sizeof *day; k++)
        if (start == mt_day_of(2024, 10, day[k]) * MT_US_DAY - 2 * MT_US_HOUR) return true;
    return false;
}

static size_t production_types(const energinet_case *c, size_t *first)
{
    size_t types = 0;
    for (size_t k = 0; k < c->n; k++) {
        bool begins = k == 0 || strcmp(c->at[k - 1].detail, c->at[k].detail) != 0;
        if (begins && strcmp(c->at[k].kind, "production") == 0) first[types++] = k;
    }
    return types;
}

static void guard__finds_poison_in_real_production(void **state)
{
    (void)state;
    energinet_case c = {0};
    size_t first[16], dirty_found = 0;
    struct tally clean = {0}, one = {0}, five = {0};
    mt_rng rng = mt_rng_new(5);
    if (!energinet_read(&c, "ElectricityBalanceNonv_DK2_20240828_20241106.csv", energinet_kind)) skip();
    qsort(c.at, c.n, sizeof *c.at, by_series_and_start);
    size_t types = production_types(&c, first);
    assert_int_equal(types, 8);
    for (size_t at = LEARN; at + HOURS <= 1681; at += HOURS) {
        bool dirty = is_dirty(c.at[first[0] + at].start), found = false;
        for (size_t t = 0; t < types; t++) {
            bool flagged = judge(c.at + first[t], at, HOURS, nothing, &rng);
            if (!dirty) count(&clean, flagged);
            found = found || flagged;
        }
        dirty_found += dirty && found;
    }
    for (size_t at = LEARN; at + WEEK <= 1681; at += HOURS) {
        one.batches++, five.batches++;
        one.flagged += judge_week(&c, first, types, at, 0.01, &rng);
        five.flagged += judge_week(&c, first, types, at, 0.05, &rng);
    }
    print_message(
        "production of DK2 in eight types: %.2f %% of %zu clean days of a type refused, %zu of 4 days "
        "that are wrong in the published file found; of weeks with 1 %% wrong values %.2f %% found, "
        "with 5 %% %.2f %% (%zu each)\n",
        share(&clean), clean.batches, dirty_found, share(&one), share(&five), one.batches);
    assert_int_equal(dirty_found, 4);
    assert_true(share(&clean) <= 1);
    assert_true(share(&one) >= 95 && share(&five) >= 95);
    energinet_close(&c);
}

/* Without anything stored there is no habit to judge by: the whole file comes in, its wrong hours too. */
static void guard__lets_a_first_load_in(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_batch_verdict v;
    energinet_case c = {0};
    if (!energinet_read(&c, "ElectricityBalanceNonv_DK2_20240828_20241106.csv", energinet_kind)) skip();
    assert_true(energinet_read(&c, "Elspotprices_DK2_20240828_20241106.csv", energinet_kind));
    mt_ctx_init(&cx, NULL);
    for (int again = 0; again < 2; again++) { /* and a second time beside itself */
        assert_int_equal(mt_batch_judge(&cx, &v, c.at, c.n, c.at, again ? c.n : 0, &dk2), MT_OK);
        assert_false(v.quarantine);
        assert_int_equal(v.unlearned, c.n);
    }
    mt_ctx_close(&cx);
    energinet_close(&c);
}

static mt_batch_verdict judge_rows(mt_ctx *cx, const mt_observation *batch, size_t n,
                                   const mt_observation *beside, size_t m, const mt_guard_options *options)
{
    mt_batch_verdict v;
    assert_int_equal(mt_batch_judge(cx, &v, batch, n, beside, m, options), MT_OK);
    return v;
}

static void guard__gives_each_row_its_reasons(void **state)
{
    (void)state;
    static mt_observation series[LEARN + HOURS];
    mt_ctx cx;
    const char *words;
    mt_ctx_init(&cx, NULL);
    simulate(series, LEARN + HOURS, 3);
    mt_observation *day = series + LEARN;
    day[3].value = 1e9;
    day[9].value = NAN;
    day[12].value += 200;
    day[20] = day[19];
    day[20].value += 0.5;
    mt_batch_verdict v = judge_rows(&cx, day, HOURS, series, LEARN, &no_place);
    assert_true(v.quarantine);
    assert_int_equal(v.reason[3], MT_SUSPECT_BOUNDS | MT_SUSPECT_STRANGE);
    assert_int_equal(v.reason[9], 0);
    assert_int_equal(v.reason[12], MT_SUSPECT_STRANGE);
    assert_int_equal(v.reason[19], MT_SUSPECT_TWICE);
    assert_int_equal(v.reason[20], MT_SUSPECT_TWICE);
    assert_int_equal(v.suspicious, 4);
    assert_int_equal(v.by[5], 2);
    assert_int_equal(mt_suspect_words(&cx, &words, v.reason[3]), MT_OK);
    assert_string_equal(words, "bounds, strange");

    v = judge_rows(&cx, day, HOURS, series, 0, &no_place); /* nothing to compare with */
    assert_int_equal(v.unlearned, HOURS - 2);              /* one is missing, two stand for one period */
    assert_int_equal(v.reason[12], 0);
    mt_ctx_close(&cx);
}

/* A real peak is told by two sources; a wrong number by one. */
static void guard__asks_the_other_source(void **state)
{
    (void)state;
    static mt_observation series[LEARN + HOURS], other[LEARN + HOURS];
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    simulate(series, LEARN + HOURS, 3);
    mt_observation *day = series + LEARN;
    day[12].value = 900;
    memcpy(other, series, sizeof other);
    for (size_t k = 0; k < LEARN + HOURS; k++) other[k].source = "b";
    mt_observation beside[2 * LEARN + HOURS];
    memcpy(beside, series, LEARN * sizeof *beside);
    memcpy(beside + LEARN, other, (LEARN + HOURS) * sizeof *beside);
    assert_true(judge_rows(&cx, day, HOURS, series, LEARN, &no_place).quarantine);
    assert_false(judge_rows(&cx, day, HOURS, beside, 2 * LEARN + HOURS, &no_place).quarantine);
    day[7].value += 15; /* too little to be strange */
    mt_batch_verdict v = judge_rows(&cx, day, HOURS, beside, 2 * LEARN + HOURS, &no_place);
    assert_int_equal(v.reason[7], MT_SUSPECT_DISAGREES);
    assert_int_equal(v.suspicious, 1);
    mt_ctx_close(&cx);
}

static void guard__knows_when_the_sun_is_down(void **state)
{
    (void)state;
    static mt_observation sun[HOURS];
    mt_time midnight = mt_day_of(2025, 6, 21) * MT_US_DAY;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (int k = 0; k < HOURS; k++)
        sun[k] = (mt_observation){.kind = "weather",
                                  .area = "DK2",
                                  .detail = "shortwave_radiation",
                                  .unit = "W/m2",
                                  .source = "a",
                                  .step = MT_US_HOUR,
                                  .start = midnight + k * MT_US_HOUR,
                                  .value = k < 3 || k > 19 ? 0 : 400};
    sun[3].value = sun[4].value = 40;
    sun[0].value = 80;    /* 01:00 in summer time */
    sun[11].value = 1700; /* noon */
    mt_batch_verdict v = judge_rows(&cx, sun, HOURS, NULL, 0, &dk2);
    assert_int_equal(v.reason[0], MT_SUSPECT_NIGHT | MT_SUSPECT_BRIGHT);
    assert_int_equal(v.reason[11], MT_SUSPECT_BRIGHT);
    assert_int_equal(v.by[2], 1);
    v = judge_rows(&cx, sun, HOURS, NULL, 0, &no_place);
    assert_int_equal(v.by[2] + v.by[3], 0);

    for (int k = 0; k < HOURS; k++)
        sun[k].kind = "production", sun[k].detail = "SolarPower", sun[k].unit = "MWh";
    v = judge_rows(&cx, sun, HOURS, NULL, 0, &dk2);
    assert_int_equal(v.reason[0], MT_SUSPECT_NIGHT);
    v = judge_rows(&cx, sun, 2, NULL, 0, &dk2); /* what a day gives is not known yet */
    assert_false(v.quarantine);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(guard__finds_poison_in_simulated_prices),
        cmocka_unit_test(guard__finds_poison_in_a_real_year_of_prices),
        cmocka_unit_test(guard__finds_poison_in_real_production),
        cmocka_unit_test(guard__lets_a_first_load_in),
        cmocka_unit_test(guard__gives_each_row_its_reasons),
        cmocka_unit_test(guard__asks_the_other_source),
        cmocka_unit_test(guard__knows_when_the_sun_is_down),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
