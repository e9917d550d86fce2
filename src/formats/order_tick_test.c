/* Tests of order ticks: what a message means, and the sentence for each that means nothing. */
#include "formats/order_tick.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void order_tick__numbers_are_exact_and_the_start_is_its_period(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_order_tick tick;
    const char *fault;
    mt_ctx_init(&cx, NULL);
    mt_text text = mt_text_of("{\"id\":17,\"start\":\"2025-06-08T10:07:00+02:00\",\"side\":\"SELL\","
                              "\"price\":-12.345678,\"volume\":\"0.1\"}");
    assert_int_equal(mt_order_tick_read(&cx, &tick, &fault, text, MT_US_HOUR), MT_OK);
    assert_null(fault);
    assert_int_equal(tick.action, MT_TICK_ADD);
    assert_true(mt_text_equal(tick.id, "17"));
    assert_int_equal(tick.start, mt_time_of((mt_civil){2025, 6, 8, 8, 0, 0, 0}));
    assert_int_equal(tick.side, MT_SELL);
    assert_int_equal(tick.price, -12345678);
    assert_int_equal(tick.volume_wh, 100000);
    text = mt_text_of("{\"id\":\"a\",\"action\":\"cancel\",\"delivery_start\":\"2025-06-08T10:00Z\"}");
    assert_int_equal(mt_order_tick_read(&cx, &tick, &fault, text, MT_US_HOUR), MT_OK);
    assert_null(fault);
    assert_int_equal(tick.action, MT_TICK_CANCEL);
    mt_ctx_close(&cx);
}

static void order_tick__each_mistake_has_its_sentence(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "empty"},
        {"[1]", "no JSON object"},
        {"{\"id\":", "line 1"},
        {"{\"start\":\"2025-06-08T10:00Z\"}", "no id"},
        {"{\"id\":\"\"}", "no id"},
        {"{\"id\":\"b\\u0000x\"}", "zero byte"},
        {"{\"id\":1,\"action\":\"drop\"}", "action"},
        {"{\"id\":1,\"action\":null}", "action"},
        {"{\"id\":1,\"start\":\"2025-06-08T10:00\"}", "start"},
        {"{\"id\":1,\"start\":\"2025-06-08T10:00Z\",\"side\":\"both\"}", "side"},
        {"{\"id\":1,\"start\":\"2025-06-08T10:00Z\",\"side\":\"buy\",\"price\":\"NaN\"}", "price"},
        {"{\"id\":1,\"start\":\"2025-06-08T10:00Z\",\"side\":\"buy\",\"price\":100001}", "price"},
        {"{\"id\":1,\"start\":\"2025-06-08T10:00Z\",\"side\":\"buy\",\"price\":1,\"volume\":-1}", "volume"}};
    mt_ctx cx;
    mt_order_tick tick;
    const char *fault;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(mt_order_tick_read(&cx, &tick, &fault, mt_text_of(bad[k][0]), MT_US_HOUR), MT_OK);
        assert_non_null(fault);
        if (!strstr(fault, bad[k][1])) fail_msg("%s: %s", bad[k][0], fault);
    }
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_tick__numbers_are_exact_and_the_start_is_its_period),
        cmocka_unit_test(order_tick__each_mistake_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
