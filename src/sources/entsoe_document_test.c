/* Market documents: what a curve means, and what no document of theirs may say. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sources/entsoe_document.h"

struct taken {
    size_t n;
    mt_time start[64], step[64];
    double value[64];
};

static mt_code take(void *arg, const mt_entsoe_block *block)
{
    struct taken *taken = arg;
    assert_true(taken->n < 64);
    taken->start[taken->n] = block->start;
    taken->step[taken->n] = block->step;
    taken->value[taken->n++] = block->value;
    return MT_OK;
}

/* One period of one series, between 22:00 and 23:00. */
static mt_code read_period(mt_ctx *cx, struct taken *taken, const char *curve, const char *resolution,
                           const char *points)
{
    char text[2000];
    mt_entsoe_head head;
    mt_entsoe_reader reader = {.take = take, .arg = taken};
    memset(taken, 0, sizeof *taken);
    (void)snprintf(
        text, sizeof text,
        "<Publication_MarketDocument><mRID>m</mRID><createdDateTime>2025-10-14T11:00:00Z</createdDateTime>"
        "<TimeSeries><curveType>%s</curveType><Period><timeInterval><start>2025-10-14T22:00Z</start>"
        "<end>2025-10-14T23:00Z</end></timeInterval><resolution>%s</resolution>%s</Period></TimeSeries>"
        "</Publication_MarketDocument>",
        curve, resolution, points);
    return mt_entsoe_document(cx, &head, "doc", mt_text_of(text), &reader);
}

#define POINT(position, value)                                                                               \
    "<Point><position>" #position "</position><price.amount>" #value "</price.amount></Point>"

static void entsoe_document__repeats_values_in_a03_and_invents_none_in_a01(void **state)
{
    mt_ctx cx;
    struct taken got;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(read_period(&cx, &got, "A03", "PT15M", POINT(1, 5) POINT(3, -7)), MT_OK);
    assert_int_equal(got.n, 4);
    assert_true(got.value[1] == 5 && got.value[2] == -7 && got.value[3] == -7);
    assert_int_equal(got.start[3] - got.start[0], 45 * MT_US_MINUTE);
    assert_int_equal(read_period(&cx, &got, "A01", "PT15M", POINT(1, 5) POINT(3, -7)), MT_OK);
    assert_int_equal(got.n, 2);
    /* Nothing was said before the first position: no value is taken from behind. */
    assert_int_equal(read_period(&cx, &got, "A03", "PT15M", POINT(2, 5)), MT_OK);
    assert_int_equal(got.n, 3);
    assert_int_equal(read_period(&cx, &got, "A03", "PT30M", POINT(1, 5)), MT_OK);
    assert_int_equal(got.n, 2);
    assert_int_equal(read_period(&cx, &got, "A03", "P1Y", POINT(1, 5)), MT_OK);
    assert_int_equal(got.step[0], MT_US_HOUR); /* a calendar's step is its period */
    mt_ctx_close(&cx);
}

static void entsoe_document__keeps_a_point_without_value_missing(void **state)
{
    mt_ctx cx;
    struct taken got;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(read_period(&cx, &got, "A01", "PT60M", "<Point><position>1</position></Point>"), MT_OK);
    assert_int_equal(got.n, 1);
    assert_true(isnan(got.value[0]));
    mt_ctx_close(&cx);
}

static void entsoe_document__refuses_positions_and_numbers_that_cannot_be(void **state)
{
    static const struct {
        const char *resolution, *points, *says;
    } wrong[] = {{"PT15M", POINT(5, 1), "behind the end of its period"},
                 {"PT15M", POINT(0, 1), "ascend from 1"},
                 {"PT15M", POINT(2, 1) POINT(1, 1), "ascend from 1"},
                 {"PT15M", POINT(1, dear), "should be a number, but is dear"},
                 {"PT15M", POINT(one, 1), "whole number, but is one"},
                 {"quarter", POINT(1, 1), "a resolution such as PT15M"},
                 {"PT0M", POINT(1, 1), "a resolution"}};
    mt_ctx cx;
    struct taken got;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(read_period(&cx, &got, "A03", wrong[k].resolution, wrong[k].points), MT_E_INPUT);
        if (!strstr(cx.err, wrong[k].says)) fail_msg("\"%s\" does not say \"%s\"", cx.err, wrong[k].says);
        assert_non_null(strstr(cx.err, "line 1"));
    }
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(entsoe_document__repeats_values_in_a03_and_invents_none_in_a01),
        cmocka_unit_test(entsoe_document__keeps_a_point_without_value_missing),
        cmocka_unit_test(entsoe_document__refuses_positions_and_numbers_that_cannot_be),
    };
    return cmocka_run_group_tests_name("entsoe_document", test, NULL, NULL);
}
