/* Tests of the client: what it makes of every way in which a provider answers. */
#include "sources/http/client.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/http/client_case.h"

static void client__gives_an_answer_with_its_headers(void **state)
{
    static const testing_route routes[] = {{.match = "/a[?]b=c",
                                            .body = "{\"x\":1}",
                                            .etag = "\"v1\"",
                                            .headers = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"},
                                           {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    if (client_ask(&t, &client_once, "/a?b=c", &answer) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.length, 7);
    assert_string_equal(answer.body.at, "{\"x\":1}");
    assert_string_equal(answer.content_type, "application/json");
    assert_string_equal(answer.etag, "\"v1\"");
    assert_string_equal(answer.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_false(answer.cached);
    assert_true(testing_saw(t.server, "User-Agent: merit/"));
    assert_true(testing_saw(t.server, "gzip"));
    testing_end(&t);
}

static void client__sends_method_body_and_headers(void **state)
{
    static const testing_route routes[] = {{.match = "/p", .body = "ok", .status = 201}, {0}};
    const mt_http_header header[] = {{"Content-Type", "application/xml"}, {"X-Key", SECRET}};
    mt_http_request request = {
        .policy = &client_once, .method = "PUT", .header = header, .n_header = 2, .body = mt_text_of("<a/>")};
    const mt_http_header bad[] = {{"X-Key", "a\r\nHost: evil"}};
    mt_http_request smuggle = {.policy = &client_once, .header = bad, .n_header = 1};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    assert_int_equal(client_ask_with(&t, &request, "/p", &answer), MT_OK);
    assert_int_equal(answer.status, 201);
    assert_true(testing_saw(t.server, "PUT /p HTTP/1.1\r\n"));
    assert_true(testing_saw(t.server, "Content-Type: application/xml\r\n"));
    assert_true(testing_saw(t.server, "X-Key: " SECRET "\r\n"));
    assert_true(testing_saw(t.server, "\r\n\r\n<a/>"));
    assert_int_equal(client_ask_with(&t, &smuggle, "/p", &answer), MT_E_INPUT);
    testing_end(&t);
}

static void client__keeps_its_connection(void **state)
{
    static const testing_route routes[] = {{.match = "/*", .body = "x"}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    for (int k = 0; k < 20; k++) assert_int_equal(client_ask(&t, &client_once, "/a", &answer), MT_OK);
    assert_int_equal(t.server->connections, 1);
    testing_end(&t);
}

static void client__tries_again_until_it_works(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .status = 429, .headers = "Retry-After: 2\r\n", .times = 1},
        {.match = "/a", .status = 503, .times = 1},
        {.match = "/a", .way = TESTING_HALF, .body = "half of it", .times = 1},
        {.match = "/a", .body = "good"},
        {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    int64_t before = testing_monotonic(&t);
    if (client_ask(&t, &client_usual, "/a", &answer) != MT_OK) fail_msg("%s", t.cx.err);
    assert_string_equal(answer.body.at, "good");
    assert_int_equal(testing_hits(t.server, "/a"), 4);
    assert_true(testing_monotonic(&t) - before >= 2 * MT_US_SECOND + MT_US_SECOND + 2 * MT_US_SECOND);
    testing_end(&t);
}

static void client__waits_as_long_as_retry_after_says(void **state)
{
    static const testing_route routes[] = {
        {.match = "/date",
         .status = 503,
         .headers = "Retry-After: Thu, 20 Nov 2025 12:01:00 GMT\r\n",
         .times = 1},
        {.match = "/date", .body = "good"},
        {.match = "/day", .status = 429, .headers = "Retry-After: 86400\r\n"},
        {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes); /* the test's clock starts at 12:00 */
    assert_int_equal(client_ask(&t, &client_usual, "/date", &answer), MT_OK);
    assert_true(testing_wall(&t) >= testing_time("2025-11-20T12:00:59Z"));
    assert_int_equal(client_ask(&t, &client_usual, "/day", &answer),
                     MT_E_LIMIT); /* longer than 10 min: at once */
    assert_int_equal(testing_hits(t.server, "/day"), 1);
    testing_end(&t);
}

/* Each status: the code, the words, how often it was asked. */
static void client__says_what_a_status_means(void **state)
{
    static const struct {
        int status;
        mt_code code;
        const char *words;
        int tries;
    } row[] = {{400, MT_E_INPUT, "status 400: the date is bad", 1},
               {401, MT_E_AUTH, "is USUAL_KEY right? It says: the date is bad", 1},
               {403, MT_E_AUTH, "is USUAL_KEY right?", 1},
               {404, MT_E_ABSENT, "status 404", 1},
               {410, MT_E_ABSENT, "status 410", 1},
               {422, MT_E_INPUT, "status 422", 1},
               {429, MT_E_LIMIT, "status 429 (4 tries): the date is bad", 4},
               {418, MT_E_REMOTE, "status 418", 1},
               {501, MT_E_REMOTE, "status 501", 1},
               {500, MT_E_REMOTE, "status 500 (4 tries)", 4}};
    (void)state;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        testing_route routes[] = {{.match = "/a*", .status = row[k].status, .body = " the\n date is  bad"},
                                  {0}};
        testing t;
        mt_http_answer answer;
        testing_begin(&t, NULL, routes);
        assert_int_equal(client_ask(&t, &client_usual, "/a?key=" SECRET "&d=1", &answer), row[k].code);
        if (!strstr(t.cx.err, row[k].words) || !strstr(t.cx.err, "usual")) fail_msg("%s", t.cx.err);
        assert_int_equal(testing_hits(t.server, "*"), row[k].tries);
        testing_end(&t);
    }
}

/* Every way of not answering ends within the time-out, with a sentence. */
static void client__ends_what_hangs_breaks_or_trickles(void **state)
{
    static const struct {
        testing_way way;
        int pause_ms;
        const char *words;
    } row[] = {{TESTING_HALF, 0, "does not answer /a"},
               {TESTING_CLOSE, 0, "does not answer /a"},
               {TESTING_HANG, 0, "no whole answer within 20s"},
               {TESTING_HANG_IN_BODY, 0, "no whole answer within 20s"},
               {TESTING_TRICKLE, 40, "no whole answer within 20s"},
               {TESTING_TRICKLE_IN_HEAD, 40, "no whole answer within 20s"}};
    (void)state;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        testing_route routes[] = {{.match = "/a",
                                   .way = row[k].way,
                                   .pause_ms = row[k].pause_ms,
                                   .body = "a body of some length, which takes its time to come"},
                                  {0}};
        testing t;
        mt_http_answer answer;
        testing_begin(&t, NULL, routes);
        int64_t before = testing_real_us();
        assert_int_equal(client_ask(&t, &client_once, "/a", &answer), MT_E_REMOTE);
        if (!strstr(t.cx.err, row[k].words)) fail_msg("way %d: %s", row[k].way, t.cx.err);
        assert_true(testing_real_us() - before < 700000);
        testing_end(&t);
    }
}

/* A server that drips may not hold a long time-out open either. */
static void client__gives_up_a_body_that_stalls(void **state)
{
    static const mt_http_policy patient = {.provider = "patient", .retries = -1, .timeout = MT_US_HOUR};
    static const testing_route routes[] = {{.match = "/a",
                                            .way = TESTING_TRICKLE,
                                            .pause_ms = 20,
                                            .file = "tests/http/client/ten_mib_of_zeros.gz"},
                                           {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    assert_int_equal(client_ask(&t, &patient, "/a", &answer), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "less than 1 KiB in 20 s"));
    testing_end(&t);
}

static void client__reads_no_further_than_its_limit(void **state)
{
    static const testing_route routes[] = {{.match = "/endless", .way = TESTING_ENDLESS},
                                           {.match = "/bomb", /* 10 KB that unpack to 10 MiB */
                                            .headers = "Content-Encoding: gzip\r\n",
                                            .file = "tests/http/client/ten_mib_of_zeros.gz"},
                                           {.match = "/error", .status = 404, .way = TESTING_ENDLESS},
                                           {0}};
    testing t;
    mt_http_answer answer;
    mt_http_request small = {.policy = &client_once, .limit_bytes = 1 << 20},
                    large = {.policy = &client_once};
    (void)state;
    testing_begin(&t, NULL, routes);
    t.speed = 1;
    assert_int_equal(client_ask_with(&t, &small, "/endless", &answer), MT_E_TOO_LARGE);
    assert_non_null(strstr(t.cx.err, "once answers with more than 1048576 bytes"));
    assert_int_equal(client_ask_with(&t, &small, "/bomb", &answer), MT_E_TOO_LARGE);
    assert_int_equal(client_ask_with(&t, &large, "/bomb", &answer), MT_OK);
    assert_int_equal(answer.body.length, 10 << 20);
    assert_int_equal(client_ask_with(&t, &large, "/error", &answer), MT_E_TOO_LARGE);
    testing_end(&t);
}

typedef struct stopper {
    mt_ctx *cx;
    int after_ms;
    int64_t stopped;
} stopper;

static void *stop_later(void *arg)
{
    stopper *s = arg;
    nanosleep(&(struct timespec){.tv_nsec = (long)s->after_ms * 1000000}, NULL);
    s->stopped = testing_real_us();
    mt_ctx_cancel(s->cx);
    return NULL;
}

static const mt_http_policy slow = {.provider = "slow", .rate_per_s = 0.01, .burst = 1};

/* In the head, in the body, while waiting for a second try, for the limit of rate, for another's answer. */
static void client__stops_within_50_ms(void **state)
{
    static const testing_route routes[] = {
        {.match = "/hang", .way = TESTING_HANG},
        {.match = "/body", .way = TESTING_HANG_IN_BODY, .body = "xx"},
        {.match = "/again", .status = 503, .headers = "Retry-After: 300\r\n"},
        {.match = "/good", .body = "x"},
        {0}};
    static const char *const path[] = {"/hang", "/body", "/again", "/good"};
    (void)state;
    for (size_t k = 0; k < sizeof path / sizeof *path; k++) {
        testing t;
        mt_http_answer answer;
        pthread_t thread;
        testing_begin(&t, NULL, routes);
        t.speed = 1;
        const mt_http_policy *policy = k == 3 ? &slow : &client_usual;
        if (k == 3)
            assert_int_equal(client_ask(&t, policy, path[k], &answer), MT_OK); /* takes the only token */
        stopper s = {&t.cx, 100, 0};
        assert_int_equal(pthread_create(&thread, NULL, stop_later, &s), 0);
        assert_int_equal(client_ask(&t, policy, path[k], &answer), MT_E_CANCELLED);
        int64_t took = testing_real_us() - s.stopped;
        pthread_join(thread, NULL);
        if (took > 50000) fail_msg("%s: %lld us", path[k], (long long)took);
        testing_end(&t);
    }
}

static void client__waits_no_longer_than_its_deadline(void **state)
{
    static const testing_route routes[] = {
        {.match = "/hang", .way = TESTING_HANG},
        {.match = "/again", .status = 503, .headers = "Retry-After: 300\r\n"},
        {.match = "/good", .body = "x"},
        {0}};
    static const struct {
        const char *path;
        mt_code code;
    } row[] = {{"/hang", MT_E_DEADLINE}, {"/again", MT_E_REMOTE}, {"/good", MT_E_LIMIT}};
    (void)state;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        testing t;
        mt_http_answer answer;
        testing_begin(&t, NULL, routes);
        const mt_http_policy *policy = k == 2 ? &slow : &client_usual;
        if (k == 2) assert_int_equal(client_ask(&t, policy, row[k].path, &answer), MT_OK);
        int64_t before = testing_real_us();
        t.cx.options.deadline_us = testing_monotonic(&t) + 5 * MT_US_SECOND;
        assert_int_equal(client_ask(&t, policy, row[k].path, &answer), row[k].code);
        assert_true(testing_real_us() - before < 250000);
        testing_end(&t);
    }
}

static void client__encodes_a_value_of_a_query(void **state)
{
    mt_ctx cx;
    const char *text;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_http_encode(&cx, &text, "{\"A\":[1]} &=+\xc3\xa9~-._"), MT_OK);
    assert_string_equal(text, "%7B%22A%22%3A%5B1%5D%7D%20%26%3D%2B%C3%A9~-._");
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__gives_an_answer_with_its_headers),
        cmocka_unit_test(client__sends_method_body_and_headers),
        cmocka_unit_test(client__keeps_its_connection),
        cmocka_unit_test(client__tries_again_until_it_works),
        cmocka_unit_test(client__waits_as_long_as_retry_after_says),
        cmocka_unit_test(client__says_what_a_status_means),
        cmocka_unit_test(client__ends_what_hangs_breaks_or_trickles),
        cmocka_unit_test(client__gives_up_a_body_that_stalls),
        cmocka_unit_test(client__reads_no_further_than_its_limit),
        cmocka_unit_test(client__stops_within_50_ms),
        cmocka_unit_test(client__waits_no_longer_than_its_deadline),
        cmocka_unit_test(client__encodes_a_value_of_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
