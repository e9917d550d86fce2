/* What the tests of the client share: two policies, and a question with its answer.
 *
 * Purpose   Included by them only, after cmocka.h.
 */
#ifndef MT_SOURCES_HTTP_CLIENT_CASE_H
#define MT_SOURCES_HTTP_CLIENT_CASE_H

#include "sources/testing.h"

#define SECRET "v3ry-s3cret"

/* At the test's speed of 50 a time-out of 20 s passes in 0.4 s. */
static const mt_http_policy client_once = {.provider = "once",
                                           .key_variable = "ONCE_KEY",
                                           .secret = "key",
                                           .retries = -1,
                                           .failures_to_open = 1000,
                                           .timeout = 20 * MT_US_SECOND};
static const mt_http_policy client_usual = {
    .provider = "usual", .key_variable = "USUAL_KEY", .secret = "key", .timeout = 20 * MT_US_SECOND};

static inline mt_code client_ask_with(testing *t, mt_http_request *request, const char *path,
                                      mt_http_answer *answer)
{
    mt_ctx_forgive(&t->cx);
    assert_int_equal(mt_text_format(&t->cx, &request->url, "%s%s", t->server->url, path), MT_OK);
    return mt_http_fetch(&t->cx, t->http, request, answer);
}

static inline mt_code client_ask(testing *t, const mt_http_policy *policy, const char *path,
                                 mt_http_answer *answer)
{
    mt_http_request request = {.policy = policy};
    return client_ask_with(t, &request, path, answer);
}

#endif
