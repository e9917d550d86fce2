/* Tests of the context: its sentence, its deadline, its cancel flag across threads, its memory. */
#include "base/ctx.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>
#include <cmocka.h>

static void ctx__a_failure_returns_its_code_and_keeps_its_sentence(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(cx.code, MT_OK);
    assert_string_equal(cx.err, "");
    assert_int_equal(mt_fail(&cx, MT_E_SHAPE, "line %d: %s", 7, "too short"), MT_E_SHAPE);
    assert_int_equal(cx.code, MT_E_SHAPE);
    assert_string_equal(cx.err, "line 7: too short");
    /* its own text may be an argument */
    assert_int_equal(mt_fail(&cx, MT_E_INPUT, "worse: %s", cx.err), MT_E_INPUT);
    assert_string_equal(cx.err, "worse: line 7: too short");
    mt_ctx_forgive(&cx);
    assert_int_equal(cx.code, MT_OK);
    assert_string_equal(cx.err, "");
    mt_ctx_close(&cx);
}

static void ctx__a_place_is_put_before_the_sentence(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    (void)mt_fail(&cx, MT_E_IO, "no such file");
    assert_int_equal(mt_fail_at(&cx, "orders.csv, line %d", 12), MT_E_IO);
    assert_string_equal(cx.err, "orders.csv, line 12: no such file");
    mt_ctx_close(&cx);
}

static void ctx__a_sentence_too_long_is_cut_and_ended(void **state)
{
    (void)state;
    mt_ctx cx;
    char word[3 * MT_ERR_TEXT_MAX];
    memset(word, 'w', sizeof word);
    word[sizeof word - 1] = 0;
    mt_ctx_init(&cx, NULL);
    (void)mt_fail(&cx, MT_E_INPUT, "%s", word);
    assert_int_equal(strlen(cx.err), MT_ERR_TEXT_MAX - 1);
    assert_int_equal(mt_fail_at(&cx, "here"), MT_E_INPUT);
    assert_int_equal(strlen(cx.err), MT_ERR_TEXT_MAX - 1);
    assert_memory_equal(cx.err, "here: www", 9);
    assert_int_equal(mt_fail_at(&cx, "%s", word), MT_E_INPUT);
    assert_int_equal(strlen(cx.err), MT_ERR_TEXT_MAX - 1);
    mt_ctx_close(&cx);
}

static int64_t read_fake_clock(void *arg)
{
    return *(int64_t *)arg;
}

static void ctx__the_deadline_is_kept_on_the_owners_clock(void **state)
{
    (void)state;
    int64_t now_us = 1000;
    mt_ctx_options options = {
        .size = sizeof options, .monotonic_us = read_fake_clock, .deadline_us = 5000, .arg = &now_us};
    mt_ctx cx;
    mt_ctx_init(&cx, &options);
    assert_int_equal(mt_ctx_check(&cx), MT_OK);
    now_us = 5000;
    assert_int_equal(mt_ctx_check(&cx), MT_OK);
    now_us = 5001;
    assert_int_equal(mt_ctx_check(&cx), MT_E_DEADLINE);
    assert_string_equal(cx.err, "the time allowed ran out");
    mt_ctx_close(&cx);
    options.deadline_us = 0;
    mt_ctx_init(&cx, &options);
    assert_int_equal(mt_ctx_check(&cx), MT_OK); /* 0: none */
    mt_ctx_close(&cx);
}

static void ctx__options_of_an_older_caller_are_understood(void **state)
{
    (void)state;
    /* Such a caller knows the members up to limit_bytes; what lies behind is not his. */
    mt_ctx_options options;
    memset(&options, 0x5A, sizeof options);
    options.allocator = (mt_allocator){0};
    options.limit_bytes = 50000;
    options.size = offsetof(mt_ctx_options, progress);
    mt_ctx cx;
    char *value;
    mt_ctx_init(&cx, &options);
    mt_ctx_progress(&cx, "rows", 1, 2, "rows");
    mt_log(&cx, MT_LOG_INFO, "quiet");
    assert_int_equal(mt_ctx_check(&cx), MT_OK);
    assert_int_equal(MT_NEW(&cx, &value, 60000), MT_E_MEMORY);
    mt_ctx_close(&cx);
}

static void count_call(void *arg)
{
    ++*(int *)arg;
}

static void ctx__cancel_calls_each_hook_once(void **state)
{
    (void)state;
    mt_ctx cx;
    int a = 0, b = 0, late = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &a), MT_OK);
    assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &b), MT_OK);
    mt_ctx_off_cancel(&cx, count_call, &a);
    assert_int_equal(mt_ctx_check(&cx), MT_OK);
    mt_ctx_cancel(&cx);
    mt_ctx_cancel(&cx);
    assert_int_equal(a, 0);
    assert_int_equal(b, 1);
    assert_int_equal(mt_ctx_check(&cx), MT_E_CANCELLED);
    assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &late), MT_OK);
    assert_int_equal(late, 1); /* too late to wait for it */
    mt_ctx_close(&cx);
}

static void ctx__cancel_comes_before_the_deadline(void **state)
{
    (void)state;
    int64_t now_us = 10;
    mt_ctx_options options = {
        .size = sizeof options, .monotonic_us = read_fake_clock, .deadline_us = 5, .arg = &now_us};
    mt_ctx cx;
    mt_ctx_init(&cx, &options);
    mt_ctx_cancel(&cx);
    assert_int_equal(mt_ctx_check(&cx), MT_E_CANCELLED);
    mt_ctx_close(&cx);
}

static void ctx__has_a_known_number_of_hooks(void **state)
{
    (void)state;
    mt_ctx cx;
    int calls = 0;
    mt_ctx_init(&cx, NULL);
    for (int k = 0; k < MT_CANCEL_HOOKS_MAX; k++)
        assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &calls), MT_OK);
    assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &calls), MT_E_BUG);
    mt_ctx_off_cancel(&cx, count_call, &calls);
    assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &calls), MT_OK);
    mt_ctx_off_cancel(&cx, count_call, &cx); /* never registered: nothing happens */
    mt_ctx_cancel(&cx);
    assert_int_equal(calls, MT_CANCEL_HOOKS_MAX);
    mt_ctx_close(&cx);
}

static void set_flag(void *arg)
{
    __atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
}

static void *cancel_it(void *arg)
{
    mt_ctx_cancel(arg);
    return NULL;
}

static void ctx__cancel_reaches_work_on_another_thread(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++) {
        mt_ctx cx;
        pthread_t thread;
        int stopped = 0;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(pthread_create(&thread, NULL, cancel_it, &cx), 0);
        while (mt_ctx_check(&cx) == MT_OK) {
            /* Work that comes and goes while the cancel may arrive: after off_cancel its flag may die. */
            int blocking_call = 0;
            assert_int_equal(mt_ctx_on_cancel(&cx, set_flag, &blocking_call), MT_OK);
            mt_ctx_off_cancel(&cx, set_flag, &blocking_call);
        }
        assert_int_equal(mt_ctx_on_cancel(&cx, set_flag, &stopped), MT_OK);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(stopped, 1);
        assert_int_equal(cx.code, MT_E_CANCELLED);
        mt_ctx_close(&cx);
    }
}

static void ctx__of_many_cancellers_one_calls_the_hooks(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        mt_ctx cx;
        pthread_t thread[4];
        int calls = 0;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_ctx_on_cancel(&cx, count_call, &calls), MT_OK);
        for (int k = 0; k < 4; k++) assert_int_equal(pthread_create(&thread[k], NULL, cancel_it, &cx), 0);
        for (int k = 0; k < 4; k++) assert_int_equal(pthread_join(thread[k], NULL), 0);
        assert_int_equal(calls, 1);
        mt_ctx_close(&cx);
    }
}

static void ctx__memory_is_zeroed_and_its_lack_has_a_sentence(void **state)
{
    (void)state;
    mt_ctx cx;
    int64_t *value = NULL, *same;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(MT_NEW(&cx, &value, 1000), MT_OK);
    for (int k = 0; k < 1000; k++) assert_int_equal(value[k], 0);
    same = value;
    assert_int_equal(MT_NEW(&cx, &value, SIZE_MAX / 4), MT_E_MEMORY); /* count x size wraps around */
    assert_ptr_equal(value, same);
    assert_non_null(strstr(cx.err, "no memory for 4611686018427387903 values of 8 bytes"));
    cx.arena.fail_at = cx.arena.allocations + 1;
    assert_int_equal(MT_NEW(&cx, &value, 1), MT_E_MEMORY);
    assert_ptr_equal(value, same);
    mt_ctx_close(&cx);
}

struct heard {
    char what[32];
    uint64_t done, total;
    mt_log_level level;
    char text[64];
};

static void ctx__a_list_grows_with_what_it_holds(void **state)
{
    (void)state;
    mt_ctx cx;
    int64_t *list = NULL;
    size_t room = 0;
    mt_ctx_init(&cx, NULL);
    for (size_t n = 0; n < 1000; n++) {
        assert_int_equal(mt_ctx_grow(&cx, &list, n, &room, sizeof *list), MT_OK);
        assert_true(room > n);
        list[n] = (int64_t)n;
    }
    for (size_t k = 0; k < 1000; k++) assert_int_equal(list[k], k);
    room = 0;
    assert_int_equal(mt_ctx_grow(&cx, &list, 0, &room, SIZE_MAX), MT_E_MEMORY);
    assert_int_equal(room, 0);
    assert_int_equal(list[999], 999);
    mt_ctx_close(&cx);
}

static void hear_progress(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct heard *heard = arg;
    strncat(heard->what, what, 15);
    strncat(heard->what, unit, 15);
    heard->done = done;
    heard->total = total;
}

static void hear_log(void *arg, mt_log_level level, const char *text)
{
    struct heard *heard = arg;
    heard->level = level;
    strncat(heard->text, text, sizeof heard->text - 1);
}

static void ctx__progress_and_log_reach_the_owner(void **state)
{
    (void)state;
    struct heard heard = {0};
    mt_ctx_options options = {
        .size = sizeof options, .progress = hear_progress, .log = hear_log, .arg = &heard};
    mt_ctx cx;
    mt_ctx_init(&cx, &options);
    mt_ctx_progress(&cx, "reading ", 5, 10, "rows");
    mt_log(&cx, MT_LOG_WARN, "%d rows late", 3);
    assert_string_equal(heard.what, "reading rows");
    assert_int_equal(heard.done, 5);
    assert_int_equal(heard.total, 10);
    assert_int_equal(heard.level, MT_LOG_WARN);
    assert_string_equal(heard.text, "3 rows late");
    mt_ctx_close(&cx);
    mt_ctx_init(&cx, NULL); /* without an owner's functions nothing is said */
    mt_ctx_progress(&cx, "x", 0, 0, "");
    mt_log(&cx, MT_LOG_ERROR, "x");
    mt_ctx_close(&cx);
}

static mt_code leave_at_once(mt_ctx *cx, int *reached)
{
    MT_TRY(mt_fail(cx, MT_E_ABSENT, "first"));
    *reached = 1;
    return MT_OK;
}

static mt_code leave_by_the_door(mt_ctx *cx, int *released)
{
    mt_code code;
    MT_TRY_OUT(mt_fail(cx, MT_E_BUSY, "second"));
    *released = 100;
out:
    ++*released;
    return code;
}

static void ctx__try_passes_the_code_on(void **state)
{
    (void)state;
    mt_ctx cx;
    int reached = 0, released = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(leave_at_once(&cx, &reached), MT_E_ABSENT);
    assert_int_equal(reached, 0);
    assert_int_equal(leave_by_the_door(&cx, &released), MT_E_BUSY);
    assert_int_equal(released, 1);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(ctx__a_failure_returns_its_code_and_keeps_its_sentence),
        cmocka_unit_test(ctx__a_place_is_put_before_the_sentence),
        cmocka_unit_test(ctx__a_sentence_too_long_is_cut_and_ended),
        cmocka_unit_test(ctx__the_deadline_is_kept_on_the_owners_clock),
        cmocka_unit_test(ctx__options_of_an_older_caller_are_understood),
        cmocka_unit_test(ctx__cancel_calls_each_hook_once),
        cmocka_unit_test(ctx__cancel_comes_before_the_deadline),
        cmocka_unit_test(ctx__has_a_known_number_of_hooks),
        cmocka_unit_test(ctx__cancel_reaches_work_on_another_thread),
        cmocka_unit_test(ctx__of_many_cancellers_one_calls_the_hooks),
        cmocka_unit_test(ctx__memory_is_zeroed_and_its_lack_has_a_sentence),
        cmocka_unit_test(ctx__a_list_grows_with_what_it_holds),
        cmocka_unit_test(ctx__progress_and_log_reach_the_owner),
        cmocka_unit_test(ctx__try_passes_the_code_on),
    };
    return cmocka_run_group_tests_name("ctx", test, NULL, NULL);
}
