/* Live points: which are good, how long each stands, and what a quarter is worth. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/pool.h"
#include "num/wide.h"
#include "vpp/testing.h"

enum { POINTS_MAX = 4000 };

/* Points of a test: seconds from the range's start, kW, quality. */
typedef struct point_list {
    size_t n;
    mt_time time[POINTS_MAX];
    mt_micro kw[POINTS_MAX], quality[POINTS_MAX];
} point_list;

static void add(const case_desk *d, point_list *p, double second, mt_micro kw, double quality)
{
    p->time[p->n] = d->start + (mt_time)llround(second * 1e6);
    p->kw[p->n] = kw;
    p->quality[p->n++] = KW(quality);
}

static void minutes(const case_desk *d, point_list *p, int from, int to, mt_micro kw)
{
    for (int k = from; k < to; k++) add(d, p, k * 60, kw, 1);
}

static void give(case_desk *d, int file, const point_list *p)
{
    const mt_live_points points = {p->n, p->time, p->kw, p->quality};
    case_ok(d, d->taker->live(&d->cx, d->taker->arg, file, "A", &points));
}

static void open_with(case_desk *d, const char *day, int64_t capacity_w)
{
    case_open(d, day, 1);
    mt_contract c = case_contract(d, "A", MT_WIND, capacity_w);
    case_contracts(d, &c, 1);
}

static const mt_live_quarter *finish(case_desk *d, const point_list *p)
{
    give(d, case_file(d, "live"), p);
    return case_finish(d)->asset[0].live;
}

static void live__weighs_powers_by_the_time_they_stand(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    add(&d, &p, 0, KW(100), 1);
    add(&d, &p, 60, KW(200.5), 1); /* for 120 s, though the next comes after 180 */
    add(&d, &p, 240, KW(-10), 1);
    add(&d, &p, 250, KW(0), 1);
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[0].good_ms, 60000 + 120000 + 10000 + 120000);
    /* (100 x 60 + 200.5 x 120 - 10 x 10) / 310 kW for a quarter hour: 24,161.29 Wh */
    assert_int_equal(q[0].wh, 24161);
    assert_true(q[1].wh == MT_WH_NONE && q[1].good_ms == 0);
    case_close(&d);
}

static void live__rounds_halves_away_from_zero(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    minutes(&d, &p, 0, 15, -KW(0.002)); /* half a Wh */
    minutes(&d, &p, 15, 30, KW(0.002));
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[0].wh, -1);
    assert_int_equal(q[1].wh, 1);
    case_close(&d);
}

static void live__takes_points_of_half_quality_for_good(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    add(&d, &p, 0, KW(100), 0.5);
    add(&d, &p, 60, KW(900), 0.499999); /* stands, not good */
    add(&d, &p, 120, KW(100), 1);
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[0].good_ms, 180000);
    assert_int_equal(q[0].wh, 25000);
    case_close(&d);
}

static void live__leaves_out_more_than_110_percent_of_the_capacity(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    add(&d, &p, 0, KW(1100), 1);
    add(&d, &p, 60, KW(1100.000001), 1);
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[0].good_ms, 60000);
    assert_int_equal(q[0].wh, 275000);
    case_close(&d);
}

static void live__goes_by_the_capacity_of_the_points_day(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    case_open(&d, "2025-06-07", 2);
    for (int k = 0; k < 2; k++) {
        mt_plant plant = case_plant("A", MT_WIND, k ? 1000000 : 2000000);
        int file = case_origin(&d, k ? "new" : "old", d.start + (k ? 30 : 1) * MT_US_HOUR, MT_DAY_NONE);
        case_ok(&d, d.taker->plant(&d.cx, d.taker->arg, file, &plant));
    }
    minutes(&d, &p, 1440 - 15, 1440 + 15, KW(1500));
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[95].wh, 375000);
    assert_int_equal(q[95].good_ms, 900000);
    assert_int_equal(q[96].good_ms, 0);
    case_close(&d);
}

static void live__counts_from_80_percent_of_the_quarter_on(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    minutes(&d, &p, 0, 11, KW(100));
    add(&d, &p, 11 * 60, KW(100), 1);
    add(&d, &p, 12 * 60, KW(100), 0);
    minutes(&d, &p, 15, 26, KW(100));
    add(&d, &p, 26 * 60, KW(100), 1);
    add(&d, &p, 27 * 60 - 0.001, KW(100), 0); /* a millisecond less */
    give(&d, case_file(&d, "live"), &p);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].live[0].good_ms, 720000);
    assert_true(mt_desk_live_counts(desk, &desk->asset[0], 0));
    assert_int_equal(desk->asset[0].live[1].good_ms, 719999);
    assert_false(mt_desk_live_counts(desk, &desk->asset[0], 1));
    assert_int_equal(case_finding(desk, MT_F_LIVE_GAP, "A", NULL)->count, 95);
    case_close(&d);
}

static void live__joins_the_files_of_an_asset(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0}, late = {.n = 0}, before = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    minutes(&d, &p, 0, 14, KW(100));
    minutes(&d, &late, 16, 30, KW(200)); /* minute 13 stands to 15, minute 14 is missing */
    add(&d, &before, -60, KW(400), 1);   /* of the day before: stands to second 60, but 0 has a point */
    give(&d, case_origin(&d, "b", MT_TIME_NONE, d.options.first + 1), &late);
    give(&d, case_origin(&d, "a", MT_TIME_NONE, d.options.first), &p);
    give(&d, case_origin(&d, "0", MT_TIME_NONE, d.options.first - 1), &before);
    const mt_desk *desk = case_finish(&d);
    const mt_live_quarter *q = desk->asset[0].live;
    assert_int_equal(q[0].good_ms, 900000);
    assert_int_equal(q[0].wh, 25000);
    assert_string_equal(desk->origin[q[0].origin].name, "a");
    assert_int_equal(q[1].good_ms, 840000);
    assert_int_equal(q[1].wh, 50000);
    assert_string_equal(desk->origin[q[1].origin].name, "b");
    case_close(&d);
}

static void live__stands_over_from_the_day_before(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    add(&d, &p, -60, KW(400), 1);
    add(&d, &p, -30, KW(500), 1);
    const mt_live_quarter *q = finish(&d, &p);
    assert_int_equal(q[0].good_ms, 90000);
    assert_int_equal(q[0].wh, 125000);
    case_close(&d);
}

static void live__puts_points_in_order_and_takes_the_last_of_one_time(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    add(&d, &p, 60, KW(200), 1);
    add(&d, &p, 0, KW(100), 1);
    add(&d, &p, 60, KW(300), 1);
    give(&d, case_file(&d, "live"), &p);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].live[0].good_ms, 180000);
    assert_int_equal(desk->asset[0].live[0].wh, 58333); /* (100 x 60 + 300 x 120) / 180 x 250 */
    assert_int_equal(case_finding(desk, MT_F_DISORDER, "A", "live")->count, 1);
    assert_int_equal(case_finding(desk, MT_F_DUPLICATE_TIME, "A", "live")->count, 1);
    case_close(&d);
}

static void live__tells_of_points_once_a_kind_and_file(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    open_with(&d, "2025-06-08", 1000000);
    minutes(&d, &p, 0, 5, KW(-3));
    minutes(&d, &p, 5, 7, KW(1200));
    add(&d, &p, 420, KW(1), 0.1);
    give(&d, case_file(&d, "live"), &p);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(case_finding(desk, MT_F_NEGATIVE, "A", "live")->count, 5);
    assert_int_equal(case_finding(desk, MT_F_ABOVE_CAPACITY, "A", "live")->count, 2);
    assert_int_equal(case_finding(desk, MT_F_BAD_QUALITY, "A", "live")->count, 1);
    assert_int_equal(case_finding(desk, MT_F_ABOVE_CAPACITY, "A", "live")->time,
                     d.start + 300 * MT_US_SECOND);
    case_close(&d);
}

/* The same rule, spelled out millisecond by millisecond. */
static void fold_slowly(const case_desk *d, const point_list *p, int64_t *wh, int *good_ms)
{
    for (int q = 0; q < 96; q++) {
        mt_wide sum = 0;
        int ms = 0;
        for (size_t k = 0; k < p->n; k++) {
            mt_time from = p->time[k], to = from + 120 * MT_US_SECOND, start = case_quarter(d, q);
            if (k + 1 < p->n && p->time[k + 1] < to) to = p->time[k + 1];
            if (p->kw[k] == GAP || p->kw[k] > KW(1100) || p->quality[k] < 500000) continue;
            if (from < start) from = start;
            if (to > start + MT_QUARTER) to = start + MT_QUARTER;
            if (from >= to) continue;
            sum += (mt_wide)p->kw[k] * ((to - from) / 1000);
            ms += (int)((to - from) / 1000);
        }
        good_ms[q] = ms;
        if (ms == 0) continue;
        mt_wide below = (mt_wide)ms * 1000000, above = sum * 250;
        wh[q] = (int64_t)((above + (above < 0 ? -below / 2 : below / 2)) / below);
    }
}

static void live__agrees_with_the_rule_spelled_out(void **state)
{
    (void)state;
    static point_list p;
    unsigned seed = 7;
    case_desk d;
    p.n = 0;
    open_with(&d, "2025-06-08", 1000000);
    for (double second = -100; p.n < 1500;) {
        seed = seed * 1103515245 + 12345;
        second += 0.001 * (seed >> 8 & 0x3FFFF);
        mt_micro kw = seed >> 5 & 1 ? (mt_micro)(seed % 1300000) * 1000 : (mt_micro)seed - KW(200);
        add(&d, &p, second, seed % 53 == 0 ? GAP : kw, seed % 31 == 0 ? 0.3 : 1);
    }
    int64_t wh[96];
    int ms[96];
    fold_slowly(&d, &p, wh, ms);
    const mt_live_quarter *q = finish(&d, &p);
    for (int k = 0; k < 96; k++) {
        assert_int_equal(q[k].good_ms, ms[k]);
        if (ms[k]) assert_int_equal(q[k].wh, wh[k]);
    }
    case_close(&d);
}

static void live__folds_of_threads_are_added_once(void **state)
{
    (void)state;
    case_desk d;
    point_list p = {.n = 0};
    mt_live_fold *fold, *second;
    open_with(&d, "2025-06-08", 1000000);
    minutes(&d, &p, 0, 15, KW(100));
    const mt_live_points points = {p.n, p.time, p.kw, NULL};
    int file = case_file(&d, "live");
    case_ok(&d, mt_desk_live_fold(&d.cx, &fold, d.maker));
    case_ok(&d, mt_desk_live_fold(&d.cx, &second, d.maker));
    case_ok(&d, mt_live_fold_add(&d.cx, fold, &points));
    case_ok(&d, mt_desk_live_add(&d.cx, d.maker, file, "A", fold));
    assert_int_equal(mt_desk_live_add(&d.cx, d.maker, file, "A", second), MT_E_CONFLICT);
    mt_live_fold_close(NULL);
    assert_int_equal(case_finish(&d)->asset[0].live[0].wh, 25000);
    case_close(&d);
}

/* ---- threads */

enum { WORKERS = 4, FOLDS = 12 };

typedef struct fold_job {
    const mt_desk_maker *maker;
    const point_list *points;
    mt_ctx cx;
    mt_live_fold *fold;
    mt_code code;
} fold_job;

static void run_fold(void *arg, int worker)
{
    fold_job *job = arg;
    const mt_live_points points = {job->points->n, job->points->time, job->points->kw, NULL};
    (void)worker;
    job->code = mt_desk_live_fold(&job->cx, &job->fold, job->maker);
    for (int k = 0; k < 20 && job->code == MT_OK; k++)
        job->code = mt_live_fold_add(&job->cx, job->fold, &points);
}

static void live__folds_side_by_side(void **state)
{
    (void)state;
    case_desk d;
    mt_pool *pool;
    fold_job job[FOLDS];
    mt_contract c[FOLDS];
    static point_list p;
    p.n = 0;
    case_open(&d, "2025-06-08", 1);
    for (int k = 0; k < FOLDS; k++) {
        const char *id;
        case_ok(&d, mt_text_format(&d.cx, &id, "A%02d", k));
        c[k] = case_contract(&d, id, MT_WIND, 1000000);
        job[k] = (fold_job){.maker = d.maker, .points = &p};
        mt_ctx_init(&job[k].cx, NULL);
    }
    case_contracts(&d, c, FOLDS);
    minutes(&d, &p, 0, 1440, KW(100));
    case_ok(&d, mt_pool_open(&d.cx, &pool, WORKERS, FOLDS));
    for (int k = 0; k < FOLDS; k++) case_ok(&d, mt_pool_submit(&d.cx, pool, run_fold, &job[k]));
    mt_pool_close(pool);
    for (int k = 0; k < FOLDS; k++) {
        assert_int_equal(job[k].code, MT_OK);
        case_ok(&d, mt_desk_live_add(&d.cx, d.maker, case_file(&d, "live"), c[k].asset_id, job[k].fold));
        mt_ctx_close(&job[k].cx);
    }
    const mt_desk *desk = case_finish(&d);
    for (int k = 0; k < FOLDS; k++) {
        assert_int_equal(desk->asset[k].live[95].wh, 25000);
        assert_int_equal(case_finding(desk, MT_F_DUPLICATE_TIME, c[k].asset_id, NULL)->count, 19 * 1440);
    }
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live__weighs_powers_by_the_time_they_stand),
        cmocka_unit_test(live__rounds_halves_away_from_zero),
        cmocka_unit_test(live__takes_points_of_half_quality_for_good),
        cmocka_unit_test(live__leaves_out_more_than_110_percent_of_the_capacity),
        cmocka_unit_test(live__goes_by_the_capacity_of_the_points_day),
        cmocka_unit_test(live__counts_from_80_percent_of_the_quarter_on),
        cmocka_unit_test(live__joins_the_files_of_an_asset),
        cmocka_unit_test(live__stands_over_from_the_day_before),
        cmocka_unit_test(live__puts_points_in_order_and_takes_the_last_of_one_time),
        cmocka_unit_test(live__tells_of_points_once_a_kind_and_file),
        cmocka_unit_test(live__agrees_with_the_rule_spelled_out),
        cmocka_unit_test(live__folds_of_threads_are_added_once),
        cmocka_unit_test(live__folds_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
