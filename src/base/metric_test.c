/* Tests of counters, gauges, histograms and their text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/metric.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct fixture {
    mt_ctx cx;
    mt_metrics *metrics;
};

static int set_up(void **state)
{
    static struct fixture f;
    mt_ctx_init(&f.cx, NULL);
    *state = &f;
    return mt_metrics_open(&f.cx, &f.metrics) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mt_metrics_close(f->metrics);
    mt_ctx_close(&f->cx);
    return 0;
}

/* The exposition with a final 0. */
static const char *text_of(struct fixture *f)
{
    mt_text text;
    const char *copy;
    assert_int_equal(mt_metrics_text(&f->cx, &text, f->metrics), MT_OK);
    assert_int_equal(mt_text_copy(&f->cx, &copy, text), MT_OK);
    return copy;
}

static void metric__does_nothing_without_a_registry(void **state)
{
    (void)state;
    mt_metric *metric = mt_metric_counter(NULL, "merit_x_total", "x", NULL);
    assert_null(metric);
    mt_metric_add(metric, 1);
    mt_metric_set(metric, 1);
    mt_metric_observe(metric, 1);
    assert_true(mt_metric_value(metric) == 0);
}

static void metric__is_the_same_for_the_same_series(void **state)
{
    struct fixture *f = *state;
    mt_metric *a = mt_metric_counter(f->metrics, "merit_a_total", "a", "k=\"1\"");
    mt_metric_add(a, 2);
    assert_ptr_equal(a, mt_metric_counter(f->metrics, "merit_a_total", "a", "k=\"1\""));
    assert_ptr_not_equal(a, mt_metric_counter(f->metrics, "merit_a_total", "a", "k=\"2\""));
    assert_null(mt_metric_gauge(f->metrics, "merit_a_total", "a", "k=\"1\""));
    assert_null(mt_metric_gauge(f->metrics, "no blanks", "a", NULL));
    assert_true(mt_metric_value(a) == 2);
}

/* The layout is that of the text exposition format 0.0.4. */
static void metric__text_has_help_type_and_families_in_order(void **state)
{
    struct fixture *f = *state;
    mt_metric_set(mt_metric_gauge(f->metrics, "merit_b", "line\nbreak \\", NULL), -1.5);
    mt_metric_add(mt_metric_counter(f->metrics, "merit_a_total", "first", "k=\"2\""), 3);
    mt_metric_add(mt_metric_counter(f->metrics, "merit_a_total", "first", "k=\"1\""), 4);
    assert_string_equal(text_of(f), "# HELP merit_a_total first\n# TYPE merit_a_total counter\n"
                                    "merit_a_total{k=\"1\"} 4\nmerit_a_total{k=\"2\"} 3\n"
                                    "# HELP merit_b line\\nbreak \\\\\n# TYPE merit_b gauge\nmerit_b -1.5\n"
                                    "# HELP merit_metrics_dropped_total Series that were not kept because "
                                    "there are too many\n# TYPE merit_metrics_dropped_total counter\n"
                                    "merit_metrics_dropped_total 0\n");
}

static void metric__histogram_buckets_are_cumulative(void **state)
{
    struct fixture *f = *state;
    mt_metric *seconds = mt_metric_seconds(f->metrics, "merit_x_seconds", "x", "k=\"v\"");
    mt_metric_observe(seconds, 0.0005); /* a bound is in its bucket */
    mt_metric_observe(seconds, 0.25);
    mt_metric_observe(seconds, 100);
    const char *text = text_of(f);
    assert_non_null(strstr(text, "merit_x_seconds_bucket{k=\"v\",le=\"0.0005\"} 1\n"));
    assert_non_null(strstr(text, "merit_x_seconds_bucket{k=\"v\",le=\"0.1\"} 1\n"));
    assert_non_null(strstr(text, "merit_x_seconds_bucket{k=\"v\",le=\"0.25\"} 2\n"));
    assert_non_null(strstr(text, "merit_x_seconds_bucket{k=\"v\",le=\"60\"} 2\n"));
    assert_non_null(strstr(text, "merit_x_seconds_bucket{k=\"v\",le=\"+Inf\"} 3\n"));
    assert_non_null(strstr(text, "merit_x_seconds_sum{k=\"v\"} 100.2505\n"));
    assert_non_null(strstr(text, "merit_x_seconds_count{k=\"v\"} 3\n"));
}

static void metric__label_escapes_what_comes_from_outside(void **state)
{
    struct fixture *f = *state;
    const char *label;
    assert_int_equal(mt_metric_label(&f->cx, &label, "op", "a\"b\\c\nd"), MT_OK);
    assert_string_equal(label, "op=\"a\\\"b\\\\c\\nd\"");
}

static void metric__counts_series_that_do_not_fit(void **state)
{
    struct fixture *f = *state;
    char label[32];
    int refused = 0;
    for (int k = 0; k < MT_METRIC_SERIES_MAX + 9; k++) {
        snprintf(label, sizeof label, "k=\"%d\"", k);
        refused += mt_metric_counter(f->metrics, "merit_many_total", "many", label) == NULL;
    }
    assert_int_equal(refused, 10); /* the counter of the dropped has a place too */
    assert_non_null(strstr(text_of(f), "\nmerit_metrics_dropped_total 10\n"));
}

static void *count_up(void *arg)
{
    struct fixture *f = arg;
    for (int k = 0; k < 20000; k++) {
        mt_metric_add(mt_metric_counter(f->metrics, "merit_shared_total", "shared", NULL), 1);
        mt_metric_observe(mt_metric_seconds(f->metrics, "merit_shared_seconds", "shared", NULL), 0.001);
    }
    return NULL;
}

static void metric__loses_no_count_between_threads(void **state)
{
    struct fixture *f = *state;
    pthread_t thread[4];
    for (int k = 0; k < 4; k++) assert_int_equal(pthread_create(&thread[k], NULL, count_up, f), 0);
    for (int k = 0; k < 4; k++) pthread_join(thread[k], NULL);
    assert_true(mt_metric_value(mt_metric_counter(f->metrics, "merit_shared_total", "shared", NULL)) ==
                80000);
    assert_non_null(strstr(text_of(f), "merit_shared_seconds_count 80000\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metric__does_nothing_without_a_registry),
        cmocka_unit_test_setup_teardown(metric__is_the_same_for_the_same_series, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metric__text_has_help_type_and_families_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metric__histogram_buckets_are_cumulative, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metric__label_escapes_what_comes_from_outside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metric__counts_series_that_do_not_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metric__loses_no_count_between_threads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
