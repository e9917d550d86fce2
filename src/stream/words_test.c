/* Tests of what client libraries say: it is logged by our thread, and a flood is cut short and counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/testing.h"
#include "stream/words.h"

#include <pthread.h>

static void *say_much(void *arg)
{
    for (int k = 0; k < 500; k++) mt_words_say(arg, MT_LOG_WARN, "Kafka", "connection refused");
    return NULL;
}

static void words__of_other_threads_are_logged_here_and_a_flood_is_counted(void **state)
{
    (void)state;
    mt_ctx cx;
    testing_log log;
    mt_words words;
    pthread_t thread[2];
    size_t lines = 0;
    testing_ctx(&cx, &log);
    mt_words_open(&words);
    for (int k = 0; k < 2; k++) assert_int_equal(pthread_create(&thread[k], NULL, say_much, &words), 0);
    for (int k = 0; k < 2; k++) pthread_join(thread[k], NULL);
    mt_words_log(&cx, &words);
    for (const char *c = log.text; (c = strstr(c, "Kafka: connection refused\n")) != NULL; c++) lines++;
    assert_int_equal(lines, MT_WORDS_MAX);
    assert_int_equal(words.left_out, 1000 - MT_WORDS_MAX);
    words.since -= 11000000; /* the span is over */
    mt_words_log(&cx, &words);
    assert_non_null(strstr(log.text, "980 more lines of the client library were left out"));
    mt_words_close(&words);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words__of_other_threads_are_logged_here_and_a_flood_is_counted),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
