/* Tests of URLs: their parts, their origins, and that no secret is shown. */
#include "sources/http/url.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const mt_http_policy policy = {.provider = "p", .secret = "api_key, securityToken"};

static void url__is_split_into_its_parts(void **state)
{
    mt_url url;
    (void)state;
    assert_true(mt_url_split("https://me:pw@Host.example:8443/a/b?x=1&y=2#end", &url));
    assert_true(mt_text_equal(url.scheme, "https"));
    assert_true(mt_text_equal(url.user_info, "me:pw"));
    assert_true(mt_text_equal(url.host, "Host.example:8443"));
    assert_true(mt_text_equal(url.path, "/a/b"));
    assert_true(mt_text_equal(url.query, "x=1&y=2"));
    assert_true(mt_url_split("http://h?q", &url));
    assert_int_equal(url.path.length, 0);
    assert_true(mt_text_equal(url.query, "q"));
    assert_true(mt_url_split("http://h#a?b", &url));
    assert_null(url.query.at);
}

static void url__refuses_what_is_not_http(void **state)
{
    static const char *const bad[] = {"",          "h/a",  "file:///etc/passwd", "ftp://h/",
                                      "http:///a", "://h", "https://me@"};
    mt_url url;
    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) assert_false(mt_url_split(bad[k], &url));
}

static void url__says_what_an_escape_stands_for(void **state)
{
    (void)state;
    assert_int_equal(mt_url_byte("%2Fa"), '/');
    assert_int_equal(mt_url_byte("%c3"), 0xC3);
    assert_int_equal(mt_url_byte("%00"), 0);
    assert_int_equal(mt_url_byte("%2"), -1);
    assert_int_equal(mt_url_byte("%"), -1);
    assert_int_equal(mt_url_byte("%g0"), -1);
    assert_int_equal(mt_url_byte("2F"), -1);
    assert_int_equal(mt_url_byte(""), -1);
}

static void url__has_an_origin_of_scheme_host_and_port(void **state)
{
    (void)state;
    assert_true(mt_url_same_origin("https://h/a?b", "HTTPS://H/c"));
    assert_true(mt_url_same_origin("https://me:pw@h/a", "https://h"));
    assert_false(mt_url_same_origin("https://h/a", "http://h/a"));
    assert_false(mt_url_same_origin("https://h/a", "https://h:444/a"));
    assert_false(mt_url_same_origin("https://h/a", "https://h.evil/a"));
    assert_false(mt_url_same_origin("https://h/a", "https://h@evil/a"));
}

static void url__shows_no_secret_parameter(void **state)
{
    static const char *const row[][2] = {{"https://h/a?api_key=S&b=1", "/a?b=1"},
                                         {"https://u:p@h/a?b=1&SECURITYTOKEN=S", "/a?b=1"},
                                         {"https://h/a?api_key=S", "/a"},
                                         {"https://h/a?api_key_id=7&&c", "/a?api_key_id=7&&c"},
                                         {"https://h", ""}};
    mt_ctx cx;
    const char *shown;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        assert_int_equal(mt_url_shown(&cx, &shown, row[k][0], policy.secret), MT_OK);
        assert_string_equal(shown, row[k][1]);
    }
    assert_true(mt_url_has("https://h/a?b=1&api_key=S", policy.secret));
    assert_false(mt_url_has("https://h/api_key?b=1", policy.secret));
    assert_false(mt_url_has("https://h/a?b=1", NULL));
    mt_ctx_close(&cx);
}

static void url__hides_every_secret_of_a_request(void **state)
{
    const mt_http_header header[] = {{"Accept", "application/json"},
                                     {"Authorization", "Bearer t0ken-in-head"}};
    const mt_http_request request = {.policy = &policy,
                                     .url = "https://me:pw-of-url@h/a?api_key=se%2Bcr%20et",
                                     .header = header,
                                     .n_header = 2,
                                     .password = "pass-word"};
    const char *const *secret, *clean;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_secrets_of(&cx, &secret, &request), MT_OK);
    const char *text =
        "key se%2Bcr%20et or se+cr et, t0ken-in-head, Bearer t0ken-in-head, pass-word, me:pw-of-url, "
        "application/json";
    assert_int_equal(mt_secrets_hide(&cx, &clean, mt_text_of(text), secret), MT_OK);
    assert_string_equal(clean, "key *** or ***, ***, ***, ***, ***, application/json");
    assert_int_equal(mt_secrets_hide(&cx, &clean, mt_text_of("t0ken-in-h\", cut; t0ken-i"), secret), MT_OK);
    assert_string_equal(clean, "***\", cut; t0ken-i");
    assert_int_equal(mt_fail(&cx, MT_E_REMOTE, "it says pass-word"), MT_E_REMOTE);
    assert_int_equal(mt_http_hush(&cx, MT_E_REMOTE, &request), MT_E_REMOTE);
    assert_string_equal(cx.err, "it says ***");
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url__is_split_into_its_parts),
        cmocka_unit_test(url__refuses_what_is_not_http),
        cmocka_unit_test(url__says_what_an_escape_stands_for),
        cmocka_unit_test(url__has_an_origin_of_scheme_host_and_port),
        cmocka_unit_test(url__shows_no_secret_parameter),
        cmocka_unit_test(url__hides_every_secret_of_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
