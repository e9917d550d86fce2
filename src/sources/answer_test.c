/* Answers: a page is whole or nothing, its rows are within its span, spans are cut, a cancelled page ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/answer.h"
#include "sources/testing.h"

static const mt_http_policy policy = {.provider = "invented"};
static const mt_source_dataset datasets[] = {{.name = "numbers", .doc = "numbers", .kinds = "reading"}, {0}};

struct question {
    int rows;      /* to be staged, an hour apart */
    mt_code after; /* what reading ends with */
    mt_ctx *cancel;
};

static mt_code read_numbers(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct question *question = arg;
    (void)answer;
    for (int k = 0; k < question->rows; k++) {
        mt_observation row = {.kind = "reading", .start = k * MT_US_HOUR, .step = MT_US_HOUR, .value = k};
        MT_TRY(mt_text_format(cx, &row.detail, "row %d", k)); /* texts of the page live until it is pushed */
        MT_TRY(mt_page_add(page, &row));
    }
    if (question->cancel) mt_ctx_cancel(question->cancel);
    if (question->after != MT_OK) return mt_page_fail(page, question->after, "the last line is missing");
    return mt_ctx_check(cx);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out);

static const mt_source source = {.name = "invented",
                                 .title = "Invented",
                                 .base_url = "http://127.0.0.1:1",
                                 .policy = &policy,
                                 .dataset = datasets,
                                 .fetch = fetch};

static mt_code ask(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out,
                   struct question *question)
{
    mt_page_ask page = {
        .source = &source, .call = call, .query = query, .from = query->from, .to = query->to};
    page.read = read_numbers;
    page.arg = question;
    MT_TRY(mt_text_format(cx, &page.url, "%s/numbers", call->base_url));
    return mt_page_fetch(cx, &page, out);
}

/* `extra` says how many rows. */
static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.rows = (int)strtol(query->extra, NULL, 10)};
    return ask(cx, call, query, out, &question);
}

static const testing_route routes[] = {{.match = "/numbers", .body = "{}"}, {0}};

static void answer__pushes_pages_of_many_chunks_with_their_texts(void **state)
{
    testing t;
    mt_table *rows = NULL;
    (void)state;
    testing_begin(&t, &source, routes);
    mt_source_query query = {.dataset = datasets, .from = 0, .to = 5001 * MT_US_HOUR, .extra = "5001"};
    assert_int_equal(testing_try(&t, &rows, &query), MT_OK);
    assert_int_equal(rows->n, 5001);
    assert_true(testing_is(rows, 5000, "reading", "", "row 5000"));
    assert_true(mt_table_real(rows, 2048, mt_table_column(rows, "value")) == 2048);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "known_at")).as.integer, t.call.now);
    assert_true(mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "source")).as.text, "invented"));
    assert_false(mt_table_get(rows, 0, mt_table_column(rows, "payload")).present);
    testing_end(&t);
}

static void answer__keeps_rows_whose_period_meets_the_span(void **state)
{
    testing t;
    mt_table *rows = NULL;
    (void)state;
    testing_begin(&t, &source, routes);
    mt_source_query query = {
        .dataset = datasets, .from = 90 * MT_US_MINUTE, .to = 4 * MT_US_HOUR, .extra = "10"};
    assert_int_equal(testing_try(&t, &rows, &query), MT_OK);
    assert_int_equal(rows->n, 3); /* hours 1 (begun before), 2 and 3 */
    assert_non_null(strstr(t.log, "invented, numbers: 7 values lie outside"));
    testing_end(&t);
}

static void answer__pushes_nothing_of_a_page_that_fails_late(void **state)
{
    testing t;
    mt_sink *sink;
    mt_table *table;
    struct question question = {.rows = 4000, .after = MT_E_REMOTE};
    (void)state;
    testing_begin(&t, &source, routes);
    mt_source_query query = {.dataset = datasets, .from = 0, .to = MT_US_DAY};
    assert_int_equal(mt_table_sink(&t.cx, &sink, &table, 0), MT_OK);
    assert_int_equal(ask(&t.cx, &t.call, &query, sink, &question), MT_E_REMOTE);
    assert_string_equal(t.cx.err, "invented, numbers: the last line is missing");
    mt_sink_close(sink);
    testing_end(&t);
}

static void answer__ends_when_its_caller_is_cancelled(void **state)
{
    testing t;
    mt_sink *none;
    struct question question = {.rows = 1};
    (void)state;
    testing_begin(&t, &source, routes);
    question.cancel = &t.cx;
    mt_source_query query = {.dataset = datasets, .from = 0, .to = MT_US_DAY};
    assert_int_equal(mt_check_sink(&t.cx, &none), MT_OK);
    assert_int_equal(ask(&t.cx, &t.call, &query, none, &question), MT_E_CANCELLED);
    testing_end(&t);
}

static void answer__cuts_spans_without_gap_or_overlap(void **state)
{
    mt_time at = 5, from, to, last = 5;
    int pieces = 0;
    (void)state;
    while (mt_span_cut(&at, 105, 30, &from, &to)) {
        assert_int_equal(from, last);
        assert_true(to - from <= 30);
        last = to;
        pieces++;
    }
    assert_int_equal(pieces, 4);
    assert_int_equal(last, 105);
    at = 5;
    assert_true(mt_span_cut(&at, 105, 0, &from, &to));
    assert_true(from == 5 && to == 105);
    assert_false(mt_span_cut(&at, 105, 0, &from, &to));
}

static void answer__takes_the_smallest_distance_as_the_step(void **state)
{
    static const mt_time hours[] = {0, MT_US_HOUR, 5 * MT_US_HOUR};
    (void)state;
    assert_int_equal(mt_page_step(hours, 3, 1), MT_US_HOUR);
    assert_int_equal(mt_page_step(hours, 1, 15 * MT_US_MINUTE), 15 * MT_US_MINUTE);
    assert_true(mt_energy_mwh(400, 15 * MT_US_MINUTE) == 100);
}

/* Steps of starts that stand `minutes` apart; a 0 ends them. */
static void expect_steps(const int *minutes, const int *expected)
{
    mt_ctx cx;
    mt_page page = {.cx = &cx};
    mt_time start[32] = {1759269600LL * MT_US_SECOND}, *step; /* 2025-09-30T22:00Z */
    size_t n = 1;
    mt_ctx_init(&cx, NULL);
    for (; minutes[n - 1]; n++) start[n] = start[n - 1] + minutes[n - 1] * MT_US_MINUTE;
    assert_int_equal(mt_page_steps(&page, start, n, 15 * MT_US_MINUTE, &step), MT_OK);
    for (size_t k = 0; k < n; k++) {
        if (step[k] != expected[k] * MT_US_MINUTE)
            fail_msg("row %zu of %zu lasts %lld s, not %d min", k, n, (long long)(step[k] / MT_US_SECOND),
                     expected[k]);
    }
    mt_ctx_close(&cx);
}

static void answer__gives_each_row_the_step_of_its_time(void **state)
{
    (void)state;
    /* hours, then quarters; and back */
    expect_steps((const int[]){60, 60, 15, 15, 15, 15, 15, 15, 0},
                 (const int[]){60, 60, 15, 15, 15, 15, 15, 15, 15});
    expect_steps((const int[]){15, 15, 15, 15, 60, 60, 60, 0}, (const int[]){15, 15, 15, 15, 60, 60, 60, 60});
    /* gaps of one, three and many quarters, at an hour and not, twice in a row */
    expect_steps((const int[]){15, 15, 15, 15, 60, 15, 15, 15, 0},
                 (const int[]){15, 15, 15, 15, 15, 15, 15, 15, 15});
    expect_steps((const int[]){15, 15, 15, 30, 30, 15, 15, 15, 0},
                 (const int[]){15, 15, 15, 15, 15, 15, 15, 15, 15});
    expect_steps((const int[]){15, 15, 15, 15, 600, 15, 15, 15, 0},
                 (const int[]){15, 15, 15, 15, 15, 15, 15, 15, 15});
    expect_steps((const int[]){15, 15, 15, 60, 0}, (const int[]){15, 15, 15, 15, 15});
    /* a gap of hours, and one just before the change */
    expect_steps((const int[]){60, 60, 60, 180, 60, 60, 0}, (const int[]){60, 60, 60, 60, 60, 60, 60});
    expect_steps((const int[]){60, 60, 60, 60, 120, 15, 15, 15, 15, 0},
                 (const int[]){60, 60, 60, 60, 60, 15, 15, 15, 15, 15});
    /* a page that ends just behind the change */
    expect_steps((const int[]){60, 60, 60, 15, 0}, (const int[]){60, 60, 60, 15, 15});
    /* two rows, one row, days */
    expect_steps((const int[]){60, 0}, (const int[]){60, 60});
    expect_steps((const int[]){0}, (const int[]){15});
    expect_steps((const int[]){1440, 1440, 0}, (const int[]){1440, 1440, 1440});
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(answer__pushes_pages_of_many_chunks_with_their_texts),
        cmocka_unit_test(answer__keeps_rows_whose_period_meets_the_span),
        cmocka_unit_test(answer__pushes_nothing_of_a_page_that_fails_late),
        cmocka_unit_test(answer__ends_when_its_caller_is_cancelled),
        cmocka_unit_test(answer__cuts_spans_without_gap_or_overlap),
        cmocka_unit_test(answer__takes_the_smallest_distance_as_the_step),
        cmocka_unit_test(answer__gives_each_row_the_step_of_its_time),
    };
    return cmocka_run_group_tests_name("answer", test, NULL, NULL);
}
