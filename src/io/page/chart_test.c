/* What charts promise: round marks, gaps, negative values, escaped texts, few tooltips, the same words for
 * all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/page/chart.h"
#include "io/page/svg/ticks.h"

struct fixture {
    mt_ctx cx;
    mt_out *out;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    mt_ctx_init(&f->cx, NULL);
    *state = f;
    return mt_out_memory(&f->cx, &f->out) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mt_out_close(f->out);
    mt_ctx_close(&f->cx);
    free(f);
    return 0;
}

static const char *drawn(struct fixture *f)
{
    assert_int_equal(mt_out_write(&f->cx, f->out, "", 1), MT_OK);
    return mt_out_bytes(f->out).at;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) n++;
    return n;
}

/* Every element that opens also closes, in order: what an XML reader demands first. */
static void expect_balanced(const char *text)
{
    char open[32][16];
    int depth = 0;
    for (const char *at = text; (at = strchr(at, '<')) != NULL; at++) {
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (end[-1] == '/') continue;
        size_t n = strcspn(at + 1 + (at[1] == '/'), " >\n");
        const char *name = at + 1 + (at[1] == '/');
        assert_true(n < sizeof open[0]);
        if (at[1] == '/') {
            assert_true(depth > 0);
            depth--;
            assert_memory_equal(open[depth], name, n);
        } else {
            assert_true(depth < 32);
            memcpy(open[depth], name, n);
            depth++;
        }
    }
    assert_int_equal(depth, 0);
}

#define OPTIONS(...) (&(mt_chart_options){.size = sizeof(mt_chart_options), .title = "Price", __VA_ARGS__})

static void hours(mt_time *time, size_t n)
{
    for (size_t k = 0; k < n; k++) time[k] = 1704067200000000 + (mt_time)k * MT_US_HOUR; /* 2024-01-01 */
}

static void chart__draws_a_step_line_with_a_gap_and_a_zero_axis(void **state)
{
    struct fixture *f = *state;
    mt_time time[4];
    const double value[] = {10, NAN, -5, 20};
    const mt_chart_series series = {"price", value, MT_CHART_STEP};
    hours(time, 4);
    assert_int_equal(mt_chart_time(&f->cx, f->out, time, 4, &series, 1,
                                   OPTIONS(.y_title = "EUR/MWh", .unit = "EUR/MWh")),
                     MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    const char *path = strstr(text, "<path class=\"mt-line mt-s1\" d=\"");
    assert_non_null(path);
    size_t length = strcspn(path, ">");
    size_t moves = 0;
    for (size_t k = 31; k < length; k++) moves += path[k] == 'M';
    assert_int_equal(moves, 2); /* before and after the gap */
    assert_non_null(strstr(text, "class=\"mt-zero\""));
    assert_non_null(strstr(text, "<title>2024-01-01 01:00 UTC\nprice: no value</title>"));
    assert_non_null(strstr(text, "<title>2024-01-01 02:00 UTC\nprice: -5 EUR/MWh</title>"));
    assert_null(strstr(text, "nan"));
    assert_non_null(strstr(text, "role=\"img\""));
    assert_non_null(strstr(text, "<title>Price</title><desc>1 series of 4 values"));
}

static void chart__names_its_series_only_when_there_are_several(void **state)
{
    struct fixture *f = *state;
    mt_time time[2];
    const double value[] = {1, 2};
    const mt_chart_series series[] = {{"a<b", value, MT_CHART_LINE}, {"c\xff", value, MT_CHART_LINE}};
    hours(time, 2);
    assert_int_equal(mt_chart_time(&f->cx, f->out, time, 2, series, 2, OPTIONS(0)), MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    assert_int_equal(count(text, "class=\"mt-name\""), 2);
    assert_non_null(strstr(text, "a&lt;b"));
    assert_non_null(strstr(text, "c\xEF\xBF\xBD"));
}

static void chart__refuses_times_that_do_not_ascend(void **state)
{
    struct fixture *f = *state;
    const mt_time time[] = {0, 0};
    const double value[] = {1, 2};
    assert_int_equal(mt_chart_time(&f->cx, f->out, time, 2, &(mt_chart_series){"x", value, MT_CHART_LINE},
                                   1, OPTIONS(0)),
                     MT_E_INPUT);
}

static void chart__says_that_there_is_nothing_to_show(void **state)
{
    struct fixture *f = *state;
    const double none[] = {NAN, NAN};
    assert_int_equal(mt_chart_time(&f->cx, f->out, NULL, 0, NULL, 0, OPTIONS(0)), MT_OK);
    assert_int_equal(mt_chart_bars(&f->cx, f->out, NULL, 2, &(mt_chart_series){"x", none, MT_CHART_LINE}, 1,
                                   OPTIONS(0)),
                     MT_OK);
    assert_int_equal(mt_chart_histogram(&f->cx, f->out, none, 2, OPTIONS(0)), MT_OK);
    assert_int_equal(mt_chart_heatmap(&f->cx, f->out,
                                      &(mt_chart_matrix){.value = none, .rows = 1, .columns = 2},
                                      OPTIONS(0)),
                     MT_OK);
    assert_int_equal(mt_chart_curves(&f->cx, f->out, &(mt_chart_curve){0}, &(mt_chart_curve){0}, NULL,
                                     OPTIONS(0)),
                     MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    assert_int_equal(count(text, ">nothing to show<"), 5);
}

static void chart__thins_tooltips_and_points_of_a_long_series(void **state)
{
    struct fixture *f = *state;
    enum { N = 100000 };
    mt_time *time = calloc(N, sizeof *time);
    double *value = calloc(N, sizeof *value);
    hours(time, N);
    for (int k = 0; k < N; k++) value[k] = sin(k / 10.0);
    value[54321] = 500; /* an extreme that must stay */
    assert_int_equal(mt_chart_time(&f->cx, f->out, time, N, &(mt_chart_series){"x", value, MT_CHART_LINE},
                                   1, OPTIONS(0)),
                     MT_OK);
    const char *text = drawn(f);
    assert_true(count(text, "class=\"mt-hit\"") <= 500);
    assert_true(strlen(text) < 200000);
    assert_non_null(strstr(text, ">500<"));
    const char *path = strstr(text, "mt-line mt-s1");
    assert_true(strstr(path, ",26L") || strstr(path, ",10L")); /* the top of the plot is reached */
    free(time);
    free(value);
}

static void chart__stands_series_of_a_stack_on_each_other(void **state)
{
    struct fixture *f = *state;
    mt_time time[2];
    const double below[] = {10, 20}, above[] = {5, NAN};
    const mt_chart_series series[] = {{"metered", below, MT_CHART_STACK}, {"live", above, MT_CHART_STACK}};
    hours(time, 2);
    assert_int_equal(mt_chart_time(&f->cx, f->out, time, 2, series, 2, OPTIONS(.unit = "MW")), MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    const char *first = strstr(text, "<path class=\"mt-key mt-s1\" d=\"M"),
               *second = strstr(text, "<path class=\"mt-key mt-s2\" d=\"M");
    assert_true(first && second && first < second);
    /* where the second has no value its upper edge is the lower one: the height of 20 is found in both */
    const char *at20 = strchr(strchr(first, 'L') + 1, 'L'); /* the second period of the first series */
    char height[16] = {0};
    memcpy(height, strchr(at20, ',') + 1, strcspn(strchr(at20, ',') + 1, "LZ"));
    assert_non_null(strstr(second, height));
    assert_non_null(strstr(text, "metered: 20 MW\nlive: no value"));
    assert_int_equal(count(text, "mt-zero"), 1); /* the axis stands over the areas */
    assert_null(strstr(text, "nan"));
}

static void chart__draws_curves_with_their_crossing(void **state)
{
    struct fixture *f = *state;
    const double volume[] = {100, 200, 300}, sell[] = {30, 40, 50}, buy[] = {60, 50, 4000};
    assert_int_equal(mt_chart_curves(&f->cx, f->out, &(mt_chart_curve){"supply", volume, sell, 3},
                                     &(mt_chart_curve){"demand", volume, buy, 3},
                                     &(mt_chart_crossing){200, 45, "45 EUR/MWh & 200 MWh"},
                                     OPTIONS(.x_title = "MWh")),
                     MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    assert_int_equal(count(text, "mt-guide"), 3);
    assert_non_null(strstr(text, "45 EUR/MWh &amp; 200 MWh"));
    assert_non_null(strstr(text, ">MWh<"));
}

static void chart__counts_every_value_of_a_histogram(void **state)
{
    struct fixture *f = *state;
    const double value[] = {0, 0.5, 1, 9.99, 10, NAN, -100, 100};
    assert_int_equal(mt_chart_histogram(&f->cx, f->out, value, 8, OPTIONS(.low = 0, .high = 10)), MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    assert_non_null(strstr(text, "How 7 values are spread in steps of 0.5; 1 lie below, 1 above"));
    assert_non_null(strstr(text, "<title>9.5 to 10.0: 2</title>"));
}

static void chart__leaves_missing_cells_of_a_heat_map_blank(void **state)
{
    struct fixture *f = *state;
    const double value[] = {1, 2, NAN, 4};
    static const char *const row[] = {"00:00", "01:00"}, *const column[] = {"1 Jan", "2 Jan"};
    assert_int_equal(mt_chart_heatmap(&f->cx, f->out, &(mt_chart_matrix){value, 2, 2, row, column},
                                      OPTIONS(.unit = "MW")),
                     MT_OK);
    const char *text = drawn(f);
    expect_balanced(text);
    assert_int_equal(count(text, "mt-blank"), 1);
    assert_non_null(strstr(text, "<title>1 Jan, 01:00: no value</title>"));
    assert_non_null(strstr(text, "<title>2 Jan, 01:00: 4 MW</title>"));
}

static void chart__stands_alone_when_asked(void **state)
{
    struct fixture *f = *state;
    const double value[] = {1};
    static const char *const label[] = {"a"};
    assert_int_equal(mt_chart_bars(&f->cx, f->out, label, 1, &(mt_chart_series){"x", value, MT_CHART_LINE}, 1,
                                   OPTIONS(.standalone = true, .width = 300, .height = 200)),
                     MT_OK);
    const char *text = drawn(f);
    assert_non_null(strstr(text, "xmlns=\"http://www.w3.org/2000/svg\""));
    assert_non_null(strstr(text, "<style>"));
    assert_non_null(strstr(text, "viewBox=\"0 0 300 200\""));
}

static void ticks__are_round(void **state)
{
    (void)state;
    mt_ticks ticks;
    mt_ticks_values(&ticks, -3, 97, 6, true);
    assert_true(ticks.low == -20 && ticks.high == 100 && ticks.step == 20);
    assert_string_equal(ticks.tick[0].text, "−20");
    mt_ticks_values(&ticks, 0.1, 0.35, 5, true);
    assert_true(fabs(ticks.step - 0.05) < 1e-12);
    assert_string_equal(ticks.tick[0].text, "0.10");
    mt_ticks_values(&ticks, 0, 12000, 4, true);
    assert_string_equal(ticks.tick[ticks.n - 1].text, "15\u202f000");
    mt_ticks_values(&ticks, 0, 3.2e6, 4, true);
    assert_string_equal(ticks.tick[1].text, "1M");
    mt_ticks_values(&ticks, 7, 7, 4, true);
    assert_true(ticks.low < 7 && ticks.high > 7);
}

static void ticks__follow_hours_days_and_years(void **state)
{
    (void)state;
    mt_ticks ticks;
    mt_time start = 1704067200000000; /* 2024-01-01T00:00Z, a Monday */
    mt_ticks_times(&ticks, start, start + MT_US_DAY, 3 * MT_US_HOUR, NULL);
    assert_int_equal(ticks.n, 9);
    assert_string_equal(ticks.tick[0].text, "00:00");
    assert_string_equal(ticks.tick[0].below, "Mon 1 Jan");
    assert_string_equal(ticks.tick[1].text, "03:00");
    assert_string_equal(ticks.tick[1].below, "");
    mt_ticks_times(&ticks, start, start + 30 * MT_US_DAY, 5 * MT_US_DAY, NULL);
    assert_string_equal(ticks.tick[0].text, "1 Jan");
    assert_string_equal(ticks.tick[0].below, "2024");
    assert_string_equal(ticks.tick[1].text, "8 Jan"); /* Mondays */
    mt_ticks_times(&ticks, start, start + 366 * MT_US_DAY, 25 * MT_US_DAY, NULL);
    assert_int_equal(ticks.n, 13);
    assert_string_equal(ticks.tick[12].below, "2025");
    mt_ticks_times(&ticks, start, start + 366 * 40 * MT_US_DAY, 900 * MT_US_DAY, NULL);
    assert_string_equal(ticks.tick[0].text, "2025");
}

static void ticks__stand_on_the_wall_clock_of_a_zone(void **state)
{
    struct fixture *f = *state;
    mt_ticks ticks;
    const mt_zone *zone;
    if (mt_zone_read(&f->cx, &zone, "Europe/Berlin", NULL) != MT_OK) {
        print_message("%s\n", f->cx.err);
        skip();
    }
    mt_time start = 1711839600000000; /* 2024-03-31T00:00+01:00: the clock jumps from 2 to 3 */
    mt_ticks_times(&ticks, start, start + 23 * MT_US_HOUR, MT_US_HOUR, zone);
    assert_int_equal(ticks.n, 24); /* 23 hours and the midnight that ends them */
    assert_string_equal(ticks.tick[1].text, "01:00");
    assert_string_equal(ticks.tick[2].text, "03:00");
    assert_string_equal(ticks.tick[23].below, "Mon 1 Apr");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chart__draws_a_step_line_with_a_gap_and_a_zero_axis, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chart__names_its_series_only_when_there_are_several, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chart__refuses_times_that_do_not_ascend, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__says_that_there_is_nothing_to_show, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__thins_tooltips_and_points_of_a_long_series, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chart__stands_series_of_a_stack_on_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__draws_curves_with_their_crossing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__counts_every_value_of_a_histogram, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__leaves_missing_cells_of_a_heat_map_blank, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chart__stands_alone_when_asked, set_up, tear_down),
        cmocka_unit_test(ticks__are_round),
        cmocka_unit_test(ticks__follow_hours_days_and_years),
        cmocka_unit_test_setup_teardown(ticks__stand_on_the_wall_clock_of_a_zone, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
