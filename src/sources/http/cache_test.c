/* Tests of the cache: freshness, size, one request for many, refreshes in the background, Redis. */
#include "sources/http/cache.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "sources/testing.h"

static const mt_http_policy policy = {.provider = "cached", .secret = "key", .failures_to_open = 1000};

static mt_packed *pack(const char *body, size_t n)
{
    mt_http_answer answer = {.status = 200,
                             .body = {body, n},
                             .content_type = "text/csv",
                             .etag = "\"e\"",
                             .last_modified = "",
                             .received_at = 1234567};
    mt_packed *packed = mt_packed_new(&answer);
    assert_non_null(packed);
    return packed;
}

static void use_cache(testing *t, const char *url)
{
    mt_http_options options;
    testing_options(t, &options);
    options.cache_url = url;
    mt_http_close(t->http);
    t->http = NULL;
    assert_int_equal(mt_http_open(&t->cx, &t->http, &options), MT_OK);
}

static void ask_in(testing *t, mt_ctx *cx, const char *path, mt_time fresh_for, mt_http_answer *answer)
{
    mt_http_request request = {.policy = &policy, .fresh_for = fresh_for};
    assert_int_equal(mt_text_format(cx, &request.url, "%s%s", t->server->url, path), MT_OK);
    if (mt_http_fetch(cx, t->http, &request, answer) != MT_OK) fail_msg("%s\n%s", cx->err, t->log);
}

static void ask(testing *t, const char *path, mt_time fresh_for, mt_http_answer *answer)
{
    ask_in(t, &t->cx, path, fresh_for, answer);
}

static void cache__gives_back_what_was_put(void **state)
{
    mt_ctx cx;
    mt_cache *cache;
    mt_http_answer answer;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_cache_open(&cx, &cache, "memory", 0), MT_OK);
    mt_packed *packed = pack("a\0b", 3);
    mt_cache_put(cache, &cx, "k", packed, 100, 50);
    mt_packed_drop(packed);
    assert_null(mt_cache_get(cache, &cx, "other", 100));
    packed = mt_cache_get(cache, &cx, "k", 149);
    assert_non_null(packed);
    mt_packed_read(packed, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.length, 3);
    assert_memory_equal(answer.body.at, "a\0b", 4);
    assert_string_equal(answer.content_type, "text/csv");
    assert_string_equal(answer.etag, "\"e\"");
    assert_int_equal(answer.received_at, 1234567);
    assert_null(mt_cache_get(cache, &cx, "k", 150)); /* its time is over */
    mt_packed_drop(packed);                          /* what was got outlives the cache's own */
    mt_cache_close(cache);
    mt_ctx_close(&cx);
}

/* 10,000 answers of 1 KiB into 100 KiB: the last ones stay, and the one that is used all the time. */
static void cache__drops_what_was_not_used_for_longest(void **state)
{
    static char body[1024];
    mt_ctx cx;
    mt_cache *cache;
    char key[32];
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_cache_open(&cx, &cache, NULL, 100 << 10), MT_OK);
    mt_packed *packed = pack(body, sizeof body);
    mt_cache_put(cache, &cx, "favourite", packed, 0, MT_US_DAY);
    for (int k = 0; k < 10000; k++) {
        snprintf(key, sizeof key, "k%d", k);
        mt_cache_put(cache, &cx, key, packed, 0, MT_US_DAY);
        if (k % 10 == 0) mt_packed_drop(mt_cache_get(cache, &cx, "favourite", 0));
    }
    mt_packed_drop(packed);
    for (int k = 0; k < 10000; k++) {
        snprintf(key, sizeof key, "k%d", k);
        packed = mt_cache_get(cache, &cx, key, 0);
        assert_true(packed ? k > 9890 : k < 9930);
        mt_packed_drop(packed);
    }
    packed = mt_cache_get(cache, &cx, "favourite", 0);
    assert_non_null(packed);
    mt_packed_drop(packed);
    mt_cache_close(cache);
    mt_ctx_close(&cx);
}

static void cache__looks_through_bytes_from_outside(void **state)
{
    mt_packed *packed = pack("body", 4);
    mt_text whole = mt_packed_bytes(packed);
    char copy[256];
    (void)state;
    assert_true(whole.length < sizeof copy);
    mt_packed *again = mt_packed_of(whole.at, whole.length);
    assert_non_null(again);
    mt_packed_drop(again);
    for (size_t n = 0; n < whole.length; n++) assert_null(mt_packed_of(whole.at, n));
    for (size_t k = 16; k < 40; k++) { /* every byte of the lengths */
        memcpy(copy, whole.at, whole.length);
        copy[k] = (char)(copy[k] + 1);
        again = mt_packed_of(copy, whole.length);
        if (k < 28 || k >= 32) assert_null(again); /* between them four bytes of no meaning */
        mt_packed_drop(again);
    }
    mt_packed_drop(packed);
}

static void cache__answers_without_asking_while_fresh(void **state)
{
    static const testing_route routes[] = {{.match = "/a*", .body = "x"}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    ask(&t, "/a?key=one", MT_US_HOUR, &answer);
    assert_false(answer.cached);
    ask(&t, "/a?key=two", MT_US_HOUR, &answer); /* the key has no part in what is asked */
    assert_true(answer.cached);
    assert_true(answer.age >= 0);
    assert_string_equal(answer.body.at, "x");
    assert_string_equal(answer.content_type, "application/json");
    ask(&t, "/a?b=1", MT_US_HOUR, &answer);
    ask(&t, "/a?key=one", 0, &answer); /* who wants no cache gets none */
    assert_int_equal(testing_hits(t.server, "*"), 3);
    while (testing_monotonic(&t) - t.started < 10 * MT_US_SECOND) testing_pause(-1, 10);
    ask(&t, "/a?key=one", MT_US_SECOND, &answer); /* too old for this one */
    assert_false(answer.cached);
    testing_end(&t);
}

static void cache__confirms_a_stale_answer(void **state)
{
    static const testing_route routes[] = {{.match = "/a", .body = "long body", .etag = "\"v7\""}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    ask(&t, "/a", MT_US_SECOND, &answer);
    mt_time first = answer.received_at;
    testing_pause(-1, 50);
    ask(&t, "/a", MT_US_SECOND, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body.at, "long body");
    assert_string_equal(answer.etag, "\"v7\"");
    assert_true(answer.received_at > first); /* fresh again */
    assert_true(testing_saw(t.server, "If-None-Match: \"v7\""));
    assert_int_equal(testing_hits(t.server, "/a"), 2);
    testing_end(&t);
}

/* Fresh for 20 s, that is 400 ms of the test: after 15 s the next one who asks is answered at once, and a
 * second request runs behind its back. */
static void cache__refreshes_in_the_background(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .body = "old", .times = 1}, {.match = "/a", .body = "new"}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    ask(&t, "/a", 20 * MT_US_SECOND, &answer);
    mt_time first = answer.received_at;
    ask(&t, "/a", 20 * MT_US_SECOND, &answer);
    assert_int_equal(testing_hits(t.server, "/a"), 1);
    while (testing_wall(&t) < first + 15500000) testing_pause(-1, 1);
    ask(&t, "/a", 20 * MT_US_SECOND, &answer);
    assert_string_equal(answer.body.at, "old");
    assert_true(answer.cached);
    for (int k = 0; k < 500 && testing_hits(t.server, "/a") < 2; k++) testing_pause(-1, 2);
    for (int k = 0; k < 500 && strcmp(answer.body.at, "old") == 0; k++) {
        testing_pause(-1, 2);
        ask(&t, "/a", MT_US_HOUR, &answer);
    }
    assert_string_equal(answer.body.at, "new");
    assert_true(answer.cached);
    assert_int_equal(testing_hits(t.server, "/a"), 2);
    testing_end(&t);
}

static void cache__stops_a_refresh_when_it_closes(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .body = "old", .times = 1}, {.match = "/a", .way = TESTING_HANG}, {0}};
    testing t;
    mt_http_answer answer;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    ask(&t, "/a", 5 * MT_US_SECOND, &answer);
    while (testing_wall(&t) < answer.received_at + 4 * MT_US_SECOND) testing_pause(-1, 1);
    ask(&t, "/a", 5 * MT_US_SECOND, &answer);
    for (int k = 0; k < 500 && testing_hits(t.server, "/a") < 2; k++) testing_pause(-1, 2);
    int64_t before = testing_real_us();
    mt_http_close(t.http);
    t.http = NULL;
    assert_true(testing_real_us() - before < 100000);
    testing_end(&t);
}

typedef struct asker {
    testing *t;
    pthread_t thread;
    const char *path;
    mt_code code;
    bool right;
} asker;

static void *ask_once(void *arg)
{
    asker *a = arg;
    mt_ctx cx;
    mt_http_answer answer;
    mt_http_request request = {.policy = &policy, .fresh_for = MT_US_HOUR};
    testing_context(a->t, &cx);
    a->code = mt_text_format(&cx, &request.url, "%s%s", a->t->server->url, a->path);
    if (a->code == MT_OK) a->code = mt_http_fetch(&cx, a->t->http, &request, &answer);
    a->right = a->code == MT_OK && strcmp(answer.body.at, "shared") == 0;
    mt_ctx_close(&cx);
    return NULL;
}

enum { ASKERS = 24 };

static void ask_side_by_side(testing *t, asker all[ASKERS], const char *path)
{
    for (int k = 0; k < ASKERS; k++) {
        all[k] = (asker){.t = t, .path = path};
        assert_int_equal(pthread_create(&all[k].thread, NULL, ask_once, &all[k]), 0);
    }
    for (int k = 0; k < ASKERS; k++) pthread_join(all[k].thread, NULL);
}

static void cache__makes_one_request_of_many(void **state)
{
    static const testing_route routes[] = {
        {.match = "/slow", .body = "shared", .way = TESTING_LATE, .pause_ms = 150},
        {.match = "/bad", .status = 404, .way = TESTING_LATE, .pause_ms = 150},
        {0}};
    testing t;
    asker all[ASKERS];
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    ask_side_by_side(&t, all, "/slow");
    for (int k = 0; k < ASKERS; k++) assert_true(all[k].right);
    assert_int_equal(testing_hits(t.server, "/slow"), 1);
    ask_side_by_side(&t, all, "/bad"); /* a failure is shared too */
    for (int k = 0; k < ASKERS; k++) assert_int_equal(all[k].code, MT_E_ABSENT);
    assert_true(testing_hits(t.server, "/bad") <= 3);
    testing_end(&t);
}

static void *cancel_it(void *arg)
{
    testing_pause(-1, 60);
    mt_ctx_cancel(arg);
    return NULL;
}

/* The one who asked first is stopped; the others still get their answer. */
static void cache__goes_on_when_the_first_is_stopped(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .body = "shared", .way = TESTING_LATE, .pause_ms = 200}, {0}};
    testing t;
    asker other = {.path = "/a"};
    mt_http_answer answer;
    pthread_t canceller;
    (void)state;
    testing_begin(&t, NULL, routes);
    use_cache(&t, "memory");
    mt_http_request request = {.policy = &policy, .fresh_for = MT_US_HOUR};
    assert_int_equal(mt_text_format(&t.cx, &request.url, "%s/a", t.server->url), MT_OK);
    other.t = &t;
    assert_int_equal(pthread_create(&canceller, NULL, cancel_it, &t.cx), 0);
    testing_pause(-1, 1);
    pthread_t late;
    assert_int_equal(pthread_create(&late, NULL, ask_once, &other), 0);
    mt_code code = mt_http_fetch(&t.cx, t.http, &request, &answer);
    pthread_join(canceller, NULL);
    pthread_join(late, NULL);
    assert_int_equal(code, MT_E_CANCELLED);
    assert_true(other.right);
    testing_end(&t);
}

/* A Redis of the test's own, which writes no file. */
typedef struct redis {
    pid_t pid;
    int port;
    char url[96];
} redis;

static int free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static bool answers(int port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool yes = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return yes;
}

static bool start_redis(redis *r)
{
    char port[16];
    memset(r, 0, sizeof *r);
    if (access("/usr/bin/redis-server", X_OK) != 0) return false;
    r->port = free_port();
    snprintf(port, sizeof port, "%d", r->port);
    snprintf(r->url, sizeof r->url, "redis://:pass-w0rd@127.0.0.1:%d/3", r->port);
    r->pid = fork();
    if (r->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        dup2(null, 2);
        execl("/usr/bin/redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
              "--appendonly", "no", "--dir", "/tmp", "--requirepass", "pass-w0rd", (char *)NULL);
        _exit(127);
    }
    for (int k = 0; k < 500 && !answers(r->port); k++) testing_pause(-1, 10);
    return true;
}

static void stop_redis(redis *r)
{
    if (r->pid <= 0) return;
    kill(r->pid, SIGKILL);
    waitpid(r->pid, NULL, 0);
    r->pid = 0;
}

static void cache__is_shared_through_redis(void **state)
{
    static const testing_route routes[] = {
        {.match = "/a", .body = "in\0redis", .body_bytes = 8, .etag = "\"r\"", .times = 1}, {0}};
    testing t, u;
    redis r;
    mt_http_answer answer;
    (void)state;
    if (!start_redis(&r)) {
        print_message("skipped: redis-server is not installed\n");
        skip();
    }
    testing_begin(&t, NULL, routes);
    testing_begin(&u, NULL, routes); /* another process, as it were */
    use_cache(&t, r.url);
    use_cache(&u, r.url);
    u.server->url[0] = 0;
    snprintf(u.server->url, sizeof u.server->url, "%s", t.server->url);
    ask(&t, "/a", MT_US_HOUR, &answer);
    assert_false(answer.cached);
    ask(&u, "/a", MT_US_HOUR, &answer);
    assert_true(answer.cached);
    assert_int_equal(answer.body.length, 8);
    assert_memory_equal(answer.body.at, "in\0redis", 9);
    assert_string_equal(answer.etag, "\"r\"");
    assert_int_equal(answer.status, 200);
    assert_int_equal(testing_hits(t.server, "/a"), 1);
    assert_null(strstr(t.log, "does not work"));
    testing_end(&u);
    testing_end(&t);
    stop_redis(&r);
}

static void cache__does_without_redis_and_says_so_once_a_minute(void **state)
{
    static const testing_route routes[] = {{.match = "/a", .body = "x"}, {0}};
    testing t;
    redis r;
    mt_http_answer answer;
    (void)state;
    if (!start_redis(&r)) {
        print_message("skipped: redis-server is not installed\n");
        skip();
    }
    testing_begin(&t, NULL, routes);
    use_cache(&t, r.url);
    ask(&t, "/a", MT_US_HOUR, &answer);
    stop_redis(&r); /* in the middle of things */
    for (int k = 0; k < 20; k++) {
        ask(&t, "/a", MT_US_HOUR, &answer);
        assert_false(answer.cached);
    }
    assert_int_equal(testing_hits(t.server, "/a"), 21);
    const char *said = strstr(t.log, "does not work");
    assert_non_null(said);
    assert_null(strstr(said + 1, "does not work"));
    while (testing_monotonic(&t) - t.started < 75 * MT_US_SECOND) testing_pause(-1, 10);
    ask(&t, "/a", MT_US_HOUR, &answer);
    assert_non_null(strstr(said + 1, "does not work"));
    assert_null(strstr(t.log, "pass-w0rd"));
    testing_end(&t);
}

static void cache__refuses_an_address_it_does_not_know(void **state)
{
    static const char *const bad[] = {
        "disk", "redis:", "redis://", "redis://h:port", "redis://h:70000", "redis://h/x", "redis://word@h"};
    mt_ctx cx;
    mt_cache *cache = NULL;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(mt_cache_open(&cx, &cache, bad[k], 0), MT_E_INPUT);
        assert_null(cache);
    }
    assert_int_equal(mt_cache_open(&cx, &cache, "none", 0), MT_OK);
    assert_null(cache);
    assert_null(mt_cache_get(cache, &cx, "k", 0));
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cache__gives_back_what_was_put),
        cmocka_unit_test(cache__drops_what_was_not_used_for_longest),
        cmocka_unit_test(cache__looks_through_bytes_from_outside),
        cmocka_unit_test(cache__answers_without_asking_while_fresh),
        cmocka_unit_test(cache__confirms_a_stale_answer),
        cmocka_unit_test(cache__refreshes_in_the_background),
        cmocka_unit_test(cache__stops_a_refresh_when_it_closes),
        cmocka_unit_test(cache__makes_one_request_of_many),
        cmocka_unit_test(cache__goes_on_when_the_first_is_stopped),
        cmocka_unit_test(cache__is_shared_through_redis),
        cmocka_unit_test(cache__does_without_redis_and_says_so_once_a_minute),
        cmocka_unit_test(cache__refuses_an_address_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
