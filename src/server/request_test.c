/* Tests of what goes over the local socket. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/request.h"

#include <string.h>

static void request__comes_back_as_it_was(void **state)
{
    const mt_request_given given[] = {
        {{"orders", "a \"b\".csv"}, 2, NULL}, {{"out", "x/y"}, 3, "y"}, {{"n", "1"}, -1, NULL}};
    const mt_request sent = {.operation = "market.clear",
                             .given = given,
                             .n = 3,
                             .format = MT_FORMAT_NDJSON,
                             .width = 80,
                             .colour = true,
                             .head = true,
                             .timeout_us = 5000000};
    mt_request got;
    mt_text text;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_request_write(&cx, &text, &sent), MT_OK);
    assert_int_equal(mt_request_read(&cx, &got, text, 4), MT_OK);
    assert_string_equal(got.operation, "market.clear");
    assert_null(got.sql);
    assert_int_equal(got.n, 3);
    assert_string_equal(got.given[0].given.value, "a \"b\".csv");
    assert_true(got.given[0].file == 2 && !got.given[0].rest && got.given[2].file == -1);
    assert_string_equal(got.given[1].rest, "y");
    assert_true(got.format == MT_FORMAT_NDJSON && got.width == 80 && got.colour && !got.utf8 && got.head);
    assert_true(got.timeout_us == 5000000);
    assert_int_equal(mt_request_read(&cx, &got, text, 3), MT_E_INPUT); /* file 3 did not come */
    mt_ctx_close(&cx);
}

static void request__needs_a_place_for_the_result(void **state)
{
    mt_request sent = {.sql = "SELECT 1", .format = MT_FORMAT_CSV}, got;
    mt_text text;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_request_write(&cx, &text, &sent), MT_OK);
    assert_int_equal(mt_request_read(&cx, &got, text, 0), MT_E_INPUT);
    assert_int_equal(mt_request_read(&cx, &got, text, 1), MT_OK);
    assert_string_equal(got.sql, "SELECT 1");
    assert_int_equal(mt_request_read(&cx, &got, mt_text_of("{\"sql\":1}"), 1), MT_E_INPUT);
    assert_int_equal(mt_request_read(&cx, &got, mt_text_of("[]"), 1), MT_E_INPUT);
    mt_ctx_close(&cx);
}

static void request__events_come_back_as_they_were(void **state)
{
    const mt_event sent[] = {
        {.kind = MT_EVENT_PROGRESS, .text = "reading", .unit = "rows", .done = 7, .total = 9},
        {.kind = MT_EVENT_LOG, .text = "beware", .level = MT_LOG_WARN},
        {.kind = MT_EVENT_CANCEL},
        {.kind = MT_EVENT_END, .text = "no such day", .code = MT_E_ABSENT}};
    mt_event got;
    mt_text text;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < 4; k++) {
        assert_int_equal(mt_event_write(&cx, &text, &sent[k]), MT_OK);
        assert_int_equal(mt_event_read(&cx, &got, text), MT_OK);
        assert_int_equal(got.kind, sent[k].kind);
        assert_string_equal(got.text, sent[k].text ? sent[k].text : "");
        assert_true(got.done == sent[k].done && got.total == sent[k].total && got.level == sent[k].level);
        assert_int_equal(got.code, sent[k].code);
    }
    assert_int_equal(mt_event_read(&cx, &got, mt_text_of("{\"x\":1}")), MT_E_INPUT);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request__comes_back_as_it_was),
        cmocka_unit_test(request__needs_a_place_for_the_result),
        cmocka_unit_test(request__events_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
