/* Tests of the client: what it does with every way in which a provider answers. */
#include "sources/http/client.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/testing.h"

static const mt_http_policy plain = {.provider = "plain", .retries = -1, .timeout = 20 * MT_US_SECOND};
static const mt_http_policy usual = {.provider = "usual", .key_variable = "USUAL_KEY", .secret = "key,token"};

static mt_code ask(testing *t, const mt_http_policy *policy, const char *path, mt_http_answer *answer)
{
    mt_http_request request = {.policy = policy};
    mt_ctx_forgive(&t->cx);
    assert_int_equal(mt_text_format(&t->cx, &request.url, "%s%s", t->server->url, path), MT_OK);
    return mt_http_fetch(&t->cx, t->http, &request, answer);
}

static void client__gives_an_answer_with_its_headers(void **state)
{
    static const testing_route routes[] = {{.match = "/a*",
                                            .body = "{\"x\":1}",
                                            .etag = "\"v1\"",
                                            .headers = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"},
                                           {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    assert_int_equal(ask(&t, &plain, "/a?b=c", &answer), MT_OK);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.length, 7);
    assert_string_equal(answer.body.at, "{\"x\":1}");
    assert_string_equal(answer.content_type, "application/json");
    assert_string_equal(answer.etag, "\"v1\"");
    assert_string_equal(answer.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_false(answer.cached);
    assert_true(testing_saw(t.server, "User-Agent: merit/"));
    assert_true(testing_saw(t.server, "Accept-Encoding: "));
    testing_end(&t);
}

static void client__tries_again_until_it_works(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .status = 429, .headers = "Retry-After: 2\r\n", .times = 1},
        {.match = "/a", .status = 503, .times = 2},
        {.match = "/a", .body = "good"},
        {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    int64_t before = testing_monotonic(&t);
    if (ask(&t, &usual, "/a", &answer) != MT_OK) fail_msg("%s", t.cx.err);
    assert_string_equal(answer.body.at, "good");
    assert_int_equal(testing_hits(t.server, "/a"), 4);
    assert_true(testing_monotonic(&t) - before >= 2 * MT_US_SECOND); /* Retry-After at the least */
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__gives_an_answer_with_its_headers),
        cmocka_unit_test(client__tries_again_until_it_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
