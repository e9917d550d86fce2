/* Tests of what the client guards: keys, certificates, limits of rate, providers that are broken. */
#include "sources/http/client.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "sources/http/client_case.h"

/* Opens the client anew with a cache. */
static void use_cache(testing *t, const char *url, uint64_t bytes, mt_metrics *metrics)
{
    mt_http_options options;
    testing_options(t, &options);
    options.cache_url = url;
    options.cache_bytes = bytes;
    options.metrics = metrics;
    mt_http_close(t->http);
    assert_int_equal(mt_http_open(&t->cx, &t->http, &options), MT_OK);
}

/* Keys stay with the host they were meant for. */
static void client__carries_no_key_to_another_host(void **state)
{
    static const testing_route there[] = {{.match = "/there*", .body = "found"}, {0}};
    char same[128], other[128], leak[160], file[64] = "Location: file:///etc/passwd\r\n";
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_server *elsewhere = testing_server_start(there);
    snprintf(same, sizeof same, "Location: /here\r\n");
    snprintf(other, sizeof other, "Location: %s/there\r\n", elsewhere->url);
    snprintf(leak, sizeof leak, "Location: %s/there?key=" SECRET "\r\n", elsewhere->url);
    testing_route routes[] = {{.match = "/same*", .status = 302, .headers = same},
                              {.match = "/other*", .status = 302, .headers = other},
                              {.match = "/leak*", .status = 301, .headers = leak},
                              {.match = "/file*", .status = 302, .headers = file},
                              {.match = "/body*", .status = 307, .headers = other},
                              {.match = "/round*", .status = 302, .headers = "Location: /round\r\n"},
                              {.match = "/here*", .body = "here"},
                              {0}};
    const mt_http_header header[] = {{"X-Key", SECRET}, {"Accept", "text/csv"}};
    mt_http_request request = {
        .policy = &client_once, .header = header, .n_header = 2, .user = "me", .password = SECRET};
    testing_begin(&t, NULL, routes);
    assert_int_equal(client_ask_with(&t, &request, "/same?key=" SECRET, &answer), MT_OK);
    assert_string_equal(answer.body.at, "here");
    assert_int_equal(client_ask_with(&t, &request, "/other?key=" SECRET, &answer), MT_OK);
    assert_string_equal(answer.body.at, "found");
    assert_true(testing_saw(elsewhere, "Accept: text/csv"));
    assert_int_equal(client_ask_with(&t, &request, "/leak?key=" SECRET, &answer), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "with its key on to another host"));
    assert_int_equal(client_ask_with(&t, &request, "/file", &answer), MT_E_INPUT);
    assert_int_equal(client_ask_with(&t, &request, "/round", &answer), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "redirects more than 5 times"));
    assert_int_equal(testing_hits(t.server, "/round"), 6);
    request.body = mt_text_of("key=" SECRET);
    request.method = "POST";
    assert_int_equal(client_ask_with(&t, &request, "/body", &answer), MT_E_REMOTE);
    assert_false(testing_saw(elsewhere, SECRET));
    assert_false(testing_saw(elsewhere, "Authorization"));
    assert_int_equal(testing_hits(elsewhere, "*"), 1);
    testing_end(&t);
    testing_server_stop(elsewhere);
}

static const mt_http_policy chatty = {.provider = "chatty",
                                      .key_variable = "CHATTY_KEY",
                                      .secret = "key",
                                      .retries = 1,
                                      .failures_to_open = 1000};

/* Everything the client ever says, over every way of failing, without the key. */
static void client__never_says_a_key(void **state)
{
    static const testing_route routes[] = {
        {.match = "/echo*",
         .status = 401,
         .body = "the key " SECRET " and the token b3arer-t0ken are unknown"},
        {.match = "/bad*", .status = 400, .body = "GET /bad?key=" SECRET "&a=b is no question"},
        {.match = "/busy*", .status = 503, .body = SECRET},
        {.match = "/close*", .way = TESTING_CLOSE},
        {.match = "/good*", .body = "x"},
        {0}};
    static const char *const path[] = {"/good", "/echo", "/bad", "/busy", "/close", "/none"};
    const mt_http_header header[] = {{"Authorization", "Bearer b3arer-t0ken"}};
    mt_http_request request = {.policy = &chatty, .header = header, .n_header = 1, .fresh_for = MT_US_HOUR};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory", 0, NULL);
    for (size_t k = 0; k < 2 * sizeof path / sizeof *path; k++) {
        char full[128];
        snprintf(full, sizeof full, "%s?key=" SECRET "&a=b", path[k / 2]);
        mt_code code = client_ask_with(&t, &request, full, &answer);
        assert_int_equal(code == MT_OK, k / 2 == 0);
        if (strstr(t.cx.err, SECRET) || strstr(t.cx.err, "b3arer")) fail_msg("%s", t.cx.err);
    }
    assert_true(testing_saw(t.server, SECRET)); /* the provider got it */
    assert_non_null(strstr(t.log, "fetch provider=chatty method=GET path=/good?a=b status=200 ms="));
    assert_non_null(strstr(t.log, "tries=0 cached=yes"));
    assert_non_null(strstr(t.log, "path=/busy?a=b status=503"));
    if (strstr(t.log, SECRET) || strstr(t.log, "b3arer")) fail_msg("%s", t.log);
    testing_end(&t);
}

static const mt_http_policy fragile = {
    .provider = "fragile", .retries = -1, .failures_to_open = 3, .open_for = 30 * MT_US_SECOND};

static void client__leaves_a_broken_provider_alone_and_comes_back(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .status = 500, .times = 3}, {.match = "/a", .body = "x"}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    assert_string_equal(mt_http_breaker(t.http, "fragile"), "closed");
    for (int k = 0; k < 3; k++) assert_int_equal(client_ask(&t, &fragile, "/a", &answer), MT_E_REMOTE);
    assert_string_equal(mt_http_breaker(t.http, "fragile"), "open");
    assert_int_equal(client_ask(&t, &fragile, "/a", &answer), MT_E_BUSY);
    assert_non_null(strstr(t.cx.err, "fragile failed too often and is not asked before 2025-11-20T12:0"));
    assert_int_equal(testing_hits(t.server, "/a"), 3);
    assert_int_equal(client_ask(&t, &client_once, "/a", &answer), MT_OK); /* others go on */
    while (strcmp(mt_http_breaker(t.http, "fragile"), "half open") != 0) testing_pause(-1, 10);
    for (int k = 0; k < 5; k++) assert_int_equal(client_ask(&t, &fragile, "/a", &answer), MT_OK);
    assert_string_equal(mt_http_breaker(t.http, "fragile"), "closed");
    testing_end(&t);
}

/* A wrong address given once does not keep the provider itself from being asked. */
static void client__judges_each_address_of_a_provider_by_itself(void **state)
{
    static const testing_route routes[] = {{.match = "/a", .body = "x"}, {0}};
    const mt_http_request wrong = {.policy = &fragile, .url = "http://127.0.0.1:1/a"};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    for (int k = 0; k < 3; k++) assert_int_equal(mt_http_fetch(&t.cx, t.http, &wrong, &answer), MT_E_REMOTE);
    assert_int_equal(mt_http_fetch(&t.cx, t.http, &wrong, &answer), MT_E_BUSY);
    assert_string_equal(mt_http_breaker(t.http, "fragile"), "open");
    assert_int_equal(client_ask(&t, &fragile, "/a", &answer), MT_OK);
    assert_string_equal(mt_http_breaker(t.http, "fragile"), "open"); /* the wrong one still is */
    testing_end(&t);
}

static void client__keeps_to_the_limit_of_rate(void **state)
{
    static const mt_http_policy limited = {
        .provider = "limited", .rate_per_s = 100, .burst = 2, .window_max = 5, .window = 10 * MT_US_SECOND};
    static const testing_route routes[] = {{.match = "/a", .body = "x"}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    int64_t before = testing_monotonic(&t);
    for (int k = 0; k < 11; k++) assert_int_equal(client_ask(&t, &limited, "/a", &answer), MT_OK);
    assert_true(testing_monotonic(&t) - before >= 20 * MT_US_SECOND); /* 5, 5, 1 */
    testing_end(&t);
}

static void client__counts_what_it_does(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .status = 503, .times = 1}, {.match = "/a", .body = "x"}, {0}};
    mt_http_request request = {.policy = &client_usual, .fresh_for = MT_US_HOUR};
    testing t;
    mt_http_answer answer;
    mt_metrics *metrics;
    const char *name = "provider=\"usual\"";
    (void)state;
    testing_begin(&t, NULL, routes);
    assert_int_equal(mt_metrics_open(&t.cx, &metrics), MT_OK);
    use_cache(&t, "memory", 0, metrics);
    for (int k = 0; k < 3; k++) assert_int_equal(client_ask_with(&t, &request, "/a", &answer), MT_OK);
    mt_metric *bad =
        mt_metric_counter(metrics, "merit_fetch_requests_total", "", "provider=\"usual\",status=\"503\"");
    mt_metric *good =
        mt_metric_counter(metrics, "merit_fetch_requests_total", "", "provider=\"usual\",status=\"200\"");
    assert_float_equal(mt_metric_value(bad), 1, 0);
    assert_float_equal(mt_metric_value(good), 1, 0);
    assert_float_equal(mt_metric_value(mt_metric_counter(metrics, "merit_fetch_retries_total", "", name)), 1,
                       0);
    assert_float_equal(mt_metric_value(mt_metric_counter(metrics, "merit_fetch_cache_hits_total", "", name)),
                       2, 0);
    assert_float_equal(mt_metric_value(mt_metric_gauge(metrics, "merit_fetch_breaker_state", "", name)), 0,
                       0);
    testing_end(&t);
    mt_metrics_close(metrics);
}

static int run_openssl(const char *const *argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) _exit(126);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

/* A server with a certificate that nobody vouches for gets no request, let alone a key. */
static void client__trusts_no_certificate_of_its_own_making(void **state)
{
    static const testing_route none[] = {{0}};
    const mt_http_header header[] = {{"X-Key", SECRET}};
    mt_http_request request = {.policy = &client_once, .header = header, .n_header = 1};
    char dir[] = "/tmp/merit-tls-XXXXXX", key[64], cert[64], port[16];
    testing t;
    mt_http_answer answer;
    mt_code code = MT_OK;
    (void)state;
    if (access("/usr/bin/openssl", X_OK) != 0) {
        print_message("skipped: openssl is not installed\n");
        skip();
    }
    assert_non_null(mkdtemp(dir));
    snprintf(key, sizeof key, "%s/key", dir);
    snprintf(cert, sizeof cert, "%s/cert", dir);
    const char *const make[] = {"/usr/bin/openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-keyout",
                                key,
                                "-out",
                                cert,
                                "-subj",
                                "/CN=127.0.0.1",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                NULL};
    assert_int_equal(waitpid(run_openssl(make), NULL, 0) > 0, 1);
    testing_begin(&t, NULL, none);
    snprintf(port, sizeof port, "%d", t.server->port);
    testing_server_stop(t.server); /* its port is free now */
    t.server = testing_server_start(none);
    const char *const serve[] = {"/usr/bin/openssl", "s_server", "-key", key, "-cert", cert,
                                 "-accept",          port,       "-www", NULL};
    pid_t server = run_openssl(serve);
    assert_int_equal(mt_text_format(&t.cx, &request.url, "https://127.0.0.1:%s/", port), MT_OK);
    for (int k = 0; k < 300; k++) { /* until it listens */
        mt_ctx_forgive(&t.cx);
        code = mt_http_fetch(&t.cx, t.http, &request, &answer);
        if (strstr(t.cx.err, "ertificate") || strstr(t.cx.err, "SSL")) break;
        testing_pause(-1, 10);
    }
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    remove(key);
    remove(cert);
    rmdir(dir);
    assert_int_equal(code, MT_E_REMOTE);
    if (!strstr(t.cx.err, "SSL peer certificate")) fail_msg("%s", t.cx.err);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client__carries_no_key_to_another_host),
        cmocka_unit_test(client__never_says_a_key),
        cmocka_unit_test(client__leaves_a_broken_provider_alone_and_comes_back),
        cmocka_unit_test(client__judges_each_address_of_a_provider_by_itself),
        cmocka_unit_test(client__keeps_to_the_limit_of_rate),
        cmocka_unit_test(client__counts_what_it_does),
        cmocka_unit_test(client__trusts_no_certificate_of_its_own_making),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
