/* Series quality: each flaw is counted on its day and nowhere else, and real days score well. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/energinet_case.h"
#include "market/series/series_quality.h"
#include "num/rng.h"

enum { HOURS = 24, DAYS = 30 };

struct room {
    mt_ctx cx;
    mt_series_quality_options options;
    mt_observation at[2 * DAYS * 96];
    size_t n;
    mt_series_quality *report;
    size_t reports;
};

static void open_room(struct room *r)
{
    memset(r, 0, sizeof *r);
    mt_ctx_init(&r->cx, NULL);
    r->options = (mt_series_quality_options){.size = sizeof r->options,
                                             .from = MT_DAY_NONE,
                                             .to = MT_DAY_NONE,
                                             .latitude = 55.5,
                                             .longitude = 12,
                                             .delay = MT_TIME_NONE,
                                             .share = 0.99,
                                             .now = MT_TIME_NONE};
    assert_int_equal(mt_zone_read(&r->cx, &r->options.zone, "Europe/Copenhagen", NULL), MT_OK);
}

/* Thirty local days of prices around the change of clocks in March, each day known at noon before. */
static void put_prices(struct room *r, const char *source)
{
    mt_rng rng = mt_rng_new(8);
    mt_day first = mt_day_of(2025, 3, 15);
    for (mt_day day = first; day < first + DAYS; day++) {
        mt_time start = mt_day_start(r->options.zone, day), end = mt_day_start(r->options.zone, day + 1);
        for (mt_time t = start; t < end; t += MT_US_HOUR)
            r->at[r->n++] = (mt_observation){
                .kind = "spot_price",
                .area = "DK2",
                .detail = "",
                .unit = "EUR/MWh",
                .source = source,
                .step = MT_US_HOUR,
                .start = t,
                .value = 50 + 20 * sin((double)(t / MT_US_HOUR) / 24 * 6.2831853) + 10 * mt_rng_uniform(&rng),
                .known_at = start - 11 * MT_US_HOUR};
    }
}

static void check(struct room *r)
{
    assert_int_equal(mt_series_quality_of(&r->cx, &r->report, &r->reports, r->at, r->n, &r->options), MT_OK);
}

/* Counts by day must be `count` on day `at` and 0 on all others. */
static void assert_only(const mt_series_quality *q, mt_issue issue, size_t at, int64_t count)
{
    for (size_t k = 0; k < q->days; k++)
        if (q->day[k].count[issue] != (k == at ? count : 0))
            fail_msg("%s on day %zu: %lld", mt_issue_name(issue), k, (long long)q->day[k].count[issue]);
    assert_int_equal(q->whole.count[issue], count);
}

static void series_quality__gives_full_marks_to_clean_days(void **state)
{
    (void)state;
    struct room *r = malloc(sizeof *r);
    open_room(r);
    put_prices(r, "a");
    check(r);
    assert_int_equal(r->reports, 1);
    assert_int_equal(r->report->days, DAYS);
    for (size_t k = 0; k < DAYS; k++) assert_true(r->report->day[k].score == 1);
    assert_int_equal(r->report->day[15].expected, 23); /* 2025-03-30 */
    assert_true(r->report->sla_met && r->report->on_time == 1);
    assert_true(r->report->whole.score == 1);
    assert_int_equal(r->report->whole.count[MT_ISSUE_SUN], INT64_MIN);
    mt_ctx_close(&r->cx);
    free(r);
}

static void series_quality__counts_each_flaw_on_its_day(void **state)
{
    (void)state;
    struct room *r = malloc(sizeof *r);
    open_room(r);
    put_prices(r, "a");
    mt_observation *v = r->at, *day10 = v + 10 * HOURS;
    v[3 * HOURS + 5].value = NAN;                       /* a gap on day 3 */
    v[4 * HOURS + 5].known_at += 20 * MT_US_HOUR;       /* late on day 4 */
    v[5 * HOURS + 5].value = 400;                       /* an outlier on day 5 */
    v[6 * HOURS + 5].value = 20000;                     /* beyond any price on day 6 */
    for (int k = 0; k < 8; k++) day10[k].value = 51.25; /* stuck on day 10 */
    r->at[r->n] = v[7 * HOURS + 5];                     /* revised on day 7 */
    r->at[r->n].value += 1;
    r->at[r->n++].known_at += MT_US_HOUR;
    r->at[r->n++] = v[8 * HOURS + 5]; /* the same again on day 8 */
    check(r);
    const mt_series_quality *q = r->report;
    assert_only(q, MT_ISSUE_GAP, 3, 1);
    assert_only(q, MT_ISSUE_LATE, 4, 1);
    assert_only(q, MT_ISSUE_BOUNDS, 6, 1);
    assert_only(q, MT_ISSUE_REVISED, 7, 1);
    assert_only(q, MT_ISSUE_DUPLICATE, 8, 1);
    assert_only(q, MT_ISSUE_FROZEN, 10, 8);
    assert_int_equal(q->day[5].count[MT_ISSUE_OUTLIER], 1);
    assert_int_equal(q->day[6].count[MT_ISSUE_OUTLIER], 1);
    assert_int_equal(q->day[7].count[MT_ISSUE_OUTLIER], 0);
    assert_true(fabs(q->day[3].part[MT_ISSUE_GAP] - 23.0 / 24) < 1e-12);
    /* 0.30 gaps of 0.85 that could be judged (no sun, no second source) */
    assert_true(fabs(q->day[3].score - (1 - 0.30 / 24 / 0.85)) < 1e-12);
    assert_true(q->sla_met); /* one of 719 */
    mt_ctx_close(&r->cx);
    free(r);
}

static void series_quality__compares_sources(void **state)
{
    (void)state;
    struct room *r = malloc(sizeof *r);
    open_room(r);
    put_prices(r, "a");
    size_t n = r->n;
    put_prices(r, "b");
    r->at[n + 2 * HOURS + 3].value += 5;
    check(r);
    assert_int_equal(r->reports, 2);
    for (int k = 0; k < 2; k++) assert_only(&r->report[k], MT_ISSUE_DISAGREES, 2, 1);
    mt_ctx_close(&r->cx);
    free(r);
}

static void series_quality__misses_whole_days_but_not_what_is_not_due(void **state)
{
    (void)state;
    struct room *r = malloc(sizeof *r);
    open_room(r);
    put_prices(r, "a");
    memmove(r->at + 3 * HOURS, r->at + 4 * HOURS, (r->n - 4 * HOURS) * sizeof *r->at); /* day 3 is gone */
    r->n -= HOURS;
    check(r);
    assert_only(r->report, MT_ISSUE_GAP, 3, 24);
    assert_true(r->report->day[3].score == 0);

    r->options.from = mt_day_of(2025, 3, 10);
    r->options.to = mt_day_of(2025, 4, 20);
    r->options.delay = 0;
    r->options.now = mt_day_start(r->options.zone, mt_day_of(2025, 4, 15)) + 6 * MT_US_HOUR;
    check(r);
    assert_int_equal(r->report->days, 42);
    assert_int_equal(r->report->day[0].count[MT_ISSUE_GAP], 24);
    assert_int_equal(r->report->day[36].count[MT_ISSUE_GAP], 6);
    assert_int_equal(r->report->day[37].count[MT_ISSUE_GAP], INT64_MIN);
    assert_true(isnan(r->report->day[37].score));
    mt_ctx_close(&r->cx);
    free(r);
}

static void series_quality__judges_no_punctuality_of_what_was_loaded_at_once(void **state)
{
    (void)state;
    struct room *r = malloc(sizeof *r);
    open_room(r);
    put_prices(r, "a");
    for (size_t k = 0; k < r->n; k++) r->at[k].known_at = 2000000000 * MT_US_SECOND;
    check(r);
    assert_int_equal(r->report->whole.count[MT_ISSUE_LATE], INT64_MIN);
    assert_true(isnan(r->report->on_time) && !r->report->sla_met);
    assert_true(r->report->whole.score == 1);
    mt_ctx_close(&r->cx);
    free(r);
}

static void series_quality__gives_real_days_good_scores(void **state)
{
    (void)state;
    energinet_case c = {0};
    mt_series_quality *report;
    struct room *r = malloc(sizeof *r);
    size_t n, oil = 0;
    if (!energinet_read(&c, "ElectricityBalanceNonv_DK2_20240828_20241106.csv", energinet_kind)) {
        free(r);
        skip();
    }
    assert_true(energinet_read(&c, "Elspotprices_2024_all_areas.csv", energinet_kind));
    open_room(r);
    assert_int_equal(mt_series_quality_of(&r->cx, &report, &n, c.at, c.n, &r->options), MT_OK);
    for (size_t k = 0; k < n; k++) {
        const mt_quality_day *w = &report[k].whole;
        print_message("%-12s %-6s %-24s score %.4f, %zu values: gaps %lld, outliers %lld, frozen %lld\n",
                      report[k].name->kind, report[k].name->area, report[k].name->detail, w->score,
                      w->present, (long long)w->count[MT_ISSUE_GAP], (long long)w->count[MT_ISSUE_OUTLIER],
                      (long long)w->count[MT_ISSUE_FROZEN]);
        assert_int_equal(w->count[MT_ISSUE_GAP], 0);
        assert_true(w->score > 0.9);
        if (strcmp(report[k].name->detail, "FossilOil") == 0) oil = (size_t)w->count[MT_ISSUE_OUTLIER];
    }
    assert_true(oil >= 3); /* the impossible hours that guard_test.c names */
    mt_ctx_close(&r->cx);
    energinet_close(&c);
    free(r);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(series_quality__gives_full_marks_to_clean_days),
        cmocka_unit_test(series_quality__counts_each_flaw_on_its_day),
        cmocka_unit_test(series_quality__compares_sources),
        cmocka_unit_test(series_quality__misses_whole_days_but_not_what_is_not_due),
        cmocka_unit_test(series_quality__judges_no_punctuality_of_what_was_loaded_at_once),
        cmocka_unit_test(series_quality__gives_real_days_good_scores),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
