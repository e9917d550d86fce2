/* What plots promise: gaps, stacks, nothing to draw, any number of periods, a page that holds them. What
 * stands in them is read in ops/vpp/render. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "io/pdf/pdf_case.h"
#include "io/pdf/plot.h"

enum { QUARTERS = 3000 };

struct series {
    mt_time time[QUARTERS];
    double low[QUARTERS], high[QUARTERS];
};

static struct series *make_series(void)
{
    struct series *series = NULL;
    assert_int_equal(MT_NEW(&ctx_case, &series, 1), MT_OK);
    for (int k = 0; k < QUARTERS; k++) {
        series->time[k] = case_at("2025-06-07T22:00:00Z") + k * 15 * MT_US_MINUTE;
        series->low[k] = 1 + k % 7;
        series->high[k] = k % 5 ? 2.5 : NAN;
    }
    return series;
}

/* The bytes of a document with that plot. */
static mt_text plotted(const struct series *from, size_t n, bool stacked, size_t n_series)
{
    const mt_pdf_series series[] = {{"metered", from->low}, {"live", from->high}};
    mt_pdf_plot plot = {.title = "Infeed",
                        .unit = "MW",
                        .time = from->time,
                        .n = n,
                        .series = series,
                        .n_series = n_series,
                        .stacked = stacked,
                        .zone = case_zone(&ctx_case, "Europe/Berlin")};
    mt_pdf pdf;
    open_case(&pdf);
    double top = pdf.y;
    mt_pdf_draw(&pdf, &plot);
    assert_true(pdf.y > top + 40 && pdf.y < pdf.bottom);
    return printed_case(&pdf);
}

static void plot__draws_any_number_of_periods(void **state)
{
    static const size_t count[] = {1, 2, 30, 62, 63, 96, QUARTERS};
    (void)state;
    NEEDS_PRESS();
    const struct series *series = make_series();
    size_t before = 0;
    for (size_t k = 0; k < sizeof count / sizeof *count; k++) {
        mt_text bytes = plotted(series, count[k], true, 2);
        assert_true(plotted(series, count[k], false, 2).length > 1000);
        if (count[k] == QUARTERS) assert_true(bytes.length > before); /* its points are there */
        before = bytes.length;
    }
}

static void plot__says_that_there_is_nothing_to_show(void **state)
{
    (void)state;
    NEEDS_PRESS();
    struct series *series = make_series();
    for (int k = 0; k < QUARTERS; k++) series->low[k] = NAN;
    mt_text none = plotted(series, 96, false, 1), no_period = plotted(series, 0, true, 2);
    mt_text no_series = plotted(series, 96, true, 0);
    assert_true(none.length > 1000 && no_period.length > 1000 && no_series.length > 1000);
}

static void plot__moves_whole_to_the_next_page(void **state)
{
    (void)state;
    NEEDS_PRESS();
    const struct series *series = make_series();
    const mt_pdf_series one = {"metered", series->low};
    const mt_pdf_plot plot = {
        .title = "Infeed", .time = series->time, .n = 96, .series = &one, .n_series = 1, .height = 200};
    mt_pdf pdf;
    open_case(&pdf);
    for (int k = 0; k < 4; k++) mt_pdf_draw(&pdf, &plot);
    assert_int_equal(pdf.sheet.n_page, 2); /* 260 points each, some 670 a page: two and two */
    (void)printed_case(&pdf);
}

static void plot__is_the_same_bytes_each_time(void **state)
{
    (void)state;
    NEEDS_PRESS();
    const struct series *series = make_series();
    mt_text a = plotted(series, 96, true, 2), b = plotted(series, 96, true, 2),
            c = plotted(series, 97, true, 2);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.at, b.at, a.length);
    assert_true(a.length != c.length || memcmp(a.at, c.at, a.length) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PRESS(plot__draws_any_number_of_periods),
        ON_PRESS(plot__says_that_there_is_nothing_to_show),
        ON_PRESS(plot__moves_whole_to_the_next_page),
        ON_PRESS(plot__is_the_same_bytes_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
