/* Tests of the port: rules of HTTP, limits, streams, and who leaves too early. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/http/http.h"
#include "server/http/address.h"
#include "server/testing.h"

#include <sys/mman.h>

struct fixture {
    mt_ctx cx;
    mt_jobs *jobs;
    mt_httpd *http;
    mt_metrics *metrics;
    mt_httpd_options options;
    int cancelled, worked; /* atomic */
    testing_client client;
};

/* GET /quick at once, /work on a worker, /slow until cancelled, /stream/N many bytes, /broken a stream that
 * fails; anything else echoes its body. */
static void begin(void *arg, mt_exchange *x)
{
    (void)arg;
    if (strcmp(mt_exchange_path(x), "/quick") == 0)
        mt_exchange_answer(x, 200, "text/plain", mt_text_of("quick"));
    if (strcmp(mt_exchange_path(x), "/write") == 0) mt_exchange_takes_in(x);
    if (strcmp(mt_exchange_path(x), "/denied") == 0) mt_exchange_problem(x, MT_E_DENIED, 0, "not for you");
}

static void be_slow(struct fixture *f, mt_exchange *x)
{
    for (int k = 0; k < 1000 && mt_ctx_check(mt_exchange_cx(x)) == MT_OK; k++) usleep(10000);
    bool cancelled = mt_ctx_check(mt_exchange_cx(x)) == MT_E_CANCELLED;
    if (cancelled) __atomic_add_fetch(&f->cancelled, 1, __ATOMIC_SEQ_CST);
    mt_exchange_problem(x, MT_E_CANCELLED, 0, NULL);
}

/* Longer than the watch takes to look around. */
static void be_late(mt_exchange *x)
{
    usleep(700000);
    if (mt_ctx_check(mt_exchange_cx(x)) == MT_OK)
        mt_exchange_answer(x, 200, "text/plain", mt_text_of("late"));
    else
        mt_exchange_problem(x, MT_E_CANCELLED, 0, NULL);
}

static void stream(struct fixture *f, mt_exchange *x, uint64_t bytes, bool whole)
{
    static const char piece[1 << 16] = {'s'};
    int fd = memfd_create("test", MFD_CLOEXEC);
    uint64_t done = 0;
    mt_code code = MT_OK;
    mt_exchange_stream(x, 200, "application/octet-stream", fd);
    while (done < bytes && code == MT_OK) {
        done += write(fd, piece, sizeof piece) == sizeof piece ? sizeof piece : 0;
        code = mt_exchange_stream_upto(x, done);
    }
    if (code == MT_E_CANCELLED) __atomic_add_fetch(&f->cancelled, 1, __ATOMIC_SEQ_CST);
    mt_exchange_stream_end(x, done, whole && code == MT_OK);
}

static void work(void *arg, mt_exchange *x)
{
    struct fixture *f = arg;
    const char *path = mt_exchange_path(x);
    __atomic_add_fetch(&f->worked, 1, __ATOMIC_SEQ_CST);
    if (strcmp(path, "/slow") == 0)
        be_slow(f, x);
    else if (strncmp(path, "/stream/", 8) == 0)
        stream(f, x, strtoul(path + 8, NULL, 10), true);
    else if (strcmp(path, "/late") == 0)
        be_late(x);
    else if (strcmp(path, "/broken") == 0)
        stream(f, x, 1 << 20, false);
    else
        mt_exchange_answer(x, 200, "text/plain", mt_exchange_body(x));
}

static int open_port(struct fixture *f)
{
    if (mt_httpd_open(&f->cx, &f->http, &f->options) != MT_OK) return -1;
    f->client = (testing_client){.fd = testing_connect(mt_httpd_address(f->http))};
    return f->client.fd < 0 ? -1 : 0;
}

static int set_up(void **state)
{
    static struct fixture f;
    memset(&f, 0, sizeof f);
    mt_ctx_init(&f.cx, NULL);
    *state = &f;
    if (mt_metrics_open(&f.cx, &f.metrics) != MT_OK) return -1;
    if (mt_jobs_open(&f.cx, &f.jobs, 2, 4, f.metrics) != MT_OK) return -1;
    f.options = (mt_httpd_options){.size = sizeof f.options,
                                   .listen = "127.0.0.1:0",
                                   .jobs = f.jobs,
                                   .metrics = f.metrics,
                                   .begin = begin,
                                   .work = work,
                                   .arg = &f};
    f.options.limits.body_max = 100000;
    f.options.limits.spool_max = 64 << 20;
    return open_port(&f);
}

/* Short patience, so that a test need not have much. */
static int set_up_strict(void **state)
{
    if (set_up(state) != 0) return -1;
    struct fixture *f = *state;
    close(f->client.fd);
    mt_httpd_close(f->http);
    f->options.limits.header_us = 500000;
    f->options.limits.idle_us = 700000;
    f->options.limits.grace_us = 500000;
    f->options.limits.rate_min = 1000;
    return open_port(f);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    close(f->client.fd);
    mt_httpd_close(f->http);
    mt_jobs_close(f->jobs);
    mt_metrics_close(f->metrics);
    mt_ctx_close(&f->cx);
    return 0;
}

static void expect(struct fixture *f, const char *raw, int status, bool closed)
{
    char rest;
    assert_true(testing_send(f->client.fd, raw, strlen(raw)));
    testing_reply reply = testing_read(&f->client, false);
    if (reply.status != status) fail_msg("%d for %s", reply.status, raw);
    testing_free(&reply);
    if (closed) assert_true(recv(f->client.fd, &rest, 1, 0) <= 0);
}

static void http__keeps_a_connection_for_a_thousand_requests(void **state)
{
    struct fixture *f = *state;
    char body[64];
    for (int k = 0; k < 1000; k++) {
        int n = snprintf(body, sizeof body, "body %d", k);
        testing_reply reply = k % 2 ? testing_ask(&f->client, "GET /quick", "", NULL, 0)
                                    : testing_ask(&f->client, "POST /echo", "", body, (size_t)n);
        if (reply.status != 200 || reply.closed) fail_msg("request %d: %d", k, reply.status);
        assert_string_equal(reply.body, k % 2 ? "quick" : body);
        testing_free(&reply);
    }
    assert_int_equal(mt_httpd_connections(f->http), 1);
}

static void http__takes_chunked_bodies(void **state)
{
    struct fixture *f = *state;
    const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    testing_reply reply = testing_read(&f->client, false);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "abcde");
    testing_free(&reply);
}

static void http__refuses_two_lengths(void **state)
{
    expect(*state, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400,
           true);
}

static void http__refuses_length_beside_chunks(void **state)
{
    expect(*state,
           "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
           "0\r\n\r\nGET /quick "
           "HTTP/1.1\r\n\r\n",
           400, true);
}

static void http__refuses_other_codings_and_two_hosts(void **state)
{
    struct fixture *f = *state;
    expect(f, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, true);
    close(f->client.fd);
    f->client = (testing_client){.fd = testing_connect(mt_httpd_address(f->http))};
    expect(f, "GET /quick HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, true);
}

/* Whatever one reader takes for another header than the next is a way past him. */
static void http__refuses_headers_that_are_read_in_two_ways(void **state)
{
    static const struct {
        const char *raw;
        size_t n;
    } wrong[] = {
#define RAW(text) {text, sizeof text - 1}
        RAW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\r\nX(y): 1\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n"),
        RAW("GET /quick\0x HTTP/1.1\r\nHost: a\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nY: 1\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        RAW("GET /quick HTTP/1.1\nHost: a\r\n\r\n"),
#undef RAW
    };
    struct fixture *f = *state;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        testing_client *c = calloc(1, sizeof *c);
        assert_non_null(c);
        c->fd = testing_connect(mt_httpd_address(f->http));
        assert_true(testing_send(c->fd, wrong[k].raw, wrong[k].n));
        testing_reply reply = testing_read(c, false);
        if (reply.status != 400 || !reply.closed) fail_msg("%zu: %d for %s", k, reply.status, wrong[k].raw);
        testing_free(&reply);
        close(c->fd);
        free(c);
    }
    expect(f, "GET /quick?a=b HTTP/1.1\r\nHost:a\r\nX: \t b c\t \r\nEmpty:\r\nY: 1\r\n\r\n", 200, false);
}

static void http__survives_lines_that_are_no_http(void **state)
{
    static const char *const wrong[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET /quick\r\n\r\n",
        "nonsense\n\n\n",
        "GET /quick HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"};
    struct fixture *f = *state;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        int fd = testing_connect(mt_httpd_address(f->http));
        assert_true(testing_send(fd, wrong[k], strlen(wrong[k])));
        shutdown(fd, SHUT_WR);
        char bytes[512];
        while (recv(fd, bytes, sizeof bytes, 0) > 0) continue;
        close(fd);
    }
    close(f->client.fd); /* idle too long by now */
    f->client = (testing_client){.fd = testing_connect(mt_httpd_address(f->http))};
    expect(f, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n", 200, false);
}

static void http__refuses_a_body_that_says_it_is_too_large(void **state)
{
    struct fixture *f = *state;
    expect(f, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n", 413, true);
    assert_int_equal(__atomic_load_n(&f->worked, __ATOMIC_SEQ_CST), 0);
}

static void http__refuses_a_body_that_becomes_too_large(void **state)
{
    struct fixture *f = *state;
    char chunk[16400];
    const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    memset(chunk, 'x', sizeof chunk);
    memcpy(chunk, "4000\r\n", 6);
    memcpy(chunk + 6 + 16384, "\r\n", 2);
    assert_true(testing_send(f->client.fd, head, sizeof head - 1));
    for (int k = 0; k < 8; k++) assert_true(testing_send(f->client.fd, chunk, 16384 + 8));
    expect(f, "0\r\n\r\n", 413, true);
}

static void http__answers_503_when_the_queue_is_full(void **state)
{
    struct fixture *f = *state;
    int fd[16], busy = 0;
    static const char raw[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int k = 0; k < 16; k++) {
        fd[k] = testing_connect(mt_httpd_address(f->http));
        assert_true(testing_send(fd[k], raw, sizeof raw - 1));
    }
    usleep(300000);
    for (int k = 0; k < 16; k++) {
        char bytes[2048] = "";
        ssize_t n = recv(fd[k], bytes, sizeof bytes - 1, MSG_DONTWAIT);
        bool refused = n > 0 && strncmp(bytes, "HTTP/1.1 503", 12) == 0 && strstr(bytes, "Retry-After: 1");
        busy += refused;
        close(fd[k]);
    }
    assert_in_range(busy, 8, 14); /* two at work, four waiting */
}

static void http__answers_who_says_that_no_more_comes(void **state)
{
    struct fixture *f = *state;
    static const char raw[] = "GET /late HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    shutdown(f->client.fd, SHUT_WR);
    testing_reply reply = testing_read(&f->client, false);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "late");
    testing_free(&reply);
}

static void http__cancels_the_work_of_who_left(void **state)
{
    struct fixture *f = *state;
    close(f->client.fd);
    mt_httpd_close(f->http);
    f->options.limits.left_us = 300000;
    assert_int_equal(open_port(f), 0);
    static const char raw[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    usleep(100000);
    shutdown(f->client.fd, SHUT_RDWR);
    int64_t start = testing_now_us();
    while (!__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST) && testing_now_us() - start < 5000000)
        usleep(5000);
    assert_int_equal(__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST), 1);
    assert_in_range(testing_now_us() - start, 0, 1500000);
}

static void http__streams_more_than_it_holds(void **state)
{
    struct fixture *f = *state;
    testing_reply reply = testing_ask(&f->client, "GET /stream/33554432", "", NULL, 0);
    assert_int_equal(reply.status, 200);
    assert_true(reply.whole && reply.n == 33554432);
    testing_free(&reply);
    expect(f, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n", 200, false); /* and the connection goes on */
}

static void http__drops_a_stream_that_fails(void **state)
{
    struct fixture *f = *state;
    testing_reply reply = testing_ask(&f->client, "GET /broken", "", NULL, 0);
    assert_int_equal(reply.status, 200);
    assert_false(reply.whole);
    testing_free(&reply);
}

static void http__stops_a_stream_nobody_reads(void **state)
{
    struct fixture *f = *state;
    static const char raw[] = "GET /stream/1073741824 HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    int64_t start = testing_now_us();
    while (!__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST) && testing_now_us() - start < 10000000)
        usleep(5000);
    assert_int_equal(__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST), 1);
}

/* As many as there are workers, and as many again: nobody reads, and the server goes on. */
static void http__keeps_no_worker_behind_slow_readers(void **state)
{
    enum { N = 4 };
    struct fixture *f = *state;
    static const char raw[] = "GET /stream/12582912 HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd[N];
    for (int k = 0; k < N; k++) {
        fd[k] = testing_connect(mt_httpd_address(f->http));
        assert_true(testing_send(fd[k], raw, sizeof raw - 1));
    }
    usleep(200000);
    int64_t start = testing_now_us();
    expect(f, "POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 200, false);
    assert_in_range(testing_now_us() - start, 0, 1000000);
    expect(f, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n", 200, false);
    assert_in_range(testing_now_us() - start, 0, 2000000);
    for (int k = 0; k < N; k++) close(fd[k]);
}

/* Every worker for questions is taken, and more wait: rows still come in. */
static void http__takes_rows_in_while_all_workers_are_busy(void **state)
{
    struct fixture *f = *state;
    static const char raw[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd[8];
    for (int k = 0; k < 8; k++) {
        fd[k] = testing_connect(mt_httpd_address(f->http));
        assert_true(testing_send(fd[k], raw, sizeof raw - 1));
    }
    usleep(200000);
    int64_t start = testing_now_us();
    expect(f, "POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 200, false);
    assert_in_range(testing_now_us() - start, 0, 1000000);
    for (int k = 0; k < 8; k++) close(fd[k]);
}

/* Beyond the room for answers a reader who stalls loses his. */
static void http__gives_up_readers_beyond_the_room_for_answers(void **state)
{
    struct fixture *f = *state;
    static const char raw[] = "GET /stream/1073741824 HTTP/1.1\r\nHost: a\r\n\r\n";
    close(f->client.fd);
    mt_httpd_close(f->http);
    f->options.limits.spool_max = 1 << 20;
    f->options.limits.stall_us = 300000;
    assert_int_equal(open_port(f), 0);
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    int64_t start = testing_now_us();
    while (!__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST) && testing_now_us() - start < 5000000)
        usleep(5000);
    assert_int_equal(__atomic_load_n(&f->cancelled, __ATOMIC_SEQ_CST), 1);
    assert_in_range(testing_now_us() - start, 250000, 3000000);
}

static void http__answers_head_without_a_body(void **state)
{
    struct fixture *f = *state;
    testing_reply reply = testing_ask(&f->client, "HEAD /quick", "", NULL, 0);
    assert_int_equal(reply.status, 200);
    testing_free(&reply);
    expect(f, "GET /denied HTTP/1.1\r\nHost: a\r\n\r\n", 403, false);
}

/* Until the server shuts the connection that gets a byte now and then; its time. */
static int64_t trickle(struct fixture *f, const char *first, const char *byte)
{
    int64_t start = testing_now_us();
    assert_true(testing_send(f->client.fd, first, strlen(first)));
    while (testing_now_us() - start < 5000000) {
        char bytes[512];
        if (!testing_send(f->client.fd, byte, 1)) break;
        ssize_t n = recv(f->client.fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN)) break;
        usleep(50000);
    }
    return testing_now_us() - start;
}

static void http__shuts_a_header_that_trickles(void **state)
{
    assert_in_range(trickle(*state, "GET /quick HTTP/1.1\r\nX-", "x"), 400000, 1500000);
}

static void http__shuts_a_body_that_trickles(void **state)
{
    assert_in_range(trickle(*state, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n", "x"),
                    400000, 1500000);
}

static void http__shuts_an_idle_connection(void **state)
{
    struct fixture *f = *state;
    expect(f, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n", 200, false);
    assert_in_range(trickle(f, "G", "E"), 600000, 2000000);
}

static void http__lets_what_works_take_its_time(void **state)
{
    struct fixture *f = *state;
    static const char raw[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    char byte;
    assert_true(testing_send(f->client.fd, raw, sizeof raw - 1));
    usleep(1500000);
    assert_true(recv(f->client.fd, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
}

static void address__belongs_to_this_machine_unless_allowed(void **state)
{
    struct fixture *f = *state;
    mt_address address;
    static const char *const wrong[] = {
        "", "8686", "host:1", "127.0.0.1:65536", "127.0.0.1:x", "127.0.0.1:-1"};
    assert_int_equal(mt_address_listen(&f->cx, &address, "0.0.0.0:0", false), MT_E_DENIED);
    assert_int_equal(mt_address_listen(&f->cx, &address, "[::]:0", false), MT_E_DENIED);
    assert_int_equal(mt_address_listen(&f->cx, &address, mt_httpd_address(f->http), false), MT_E_CONFLICT);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        assert_int_equal(mt_address_listen(&f->cx, &address, wrong[k], false), MT_E_INPUT);
    assert_int_equal(mt_address_listen(&f->cx, &address, "localhost:0", false), MT_OK);
    assert_true(address.loopback && strncmp(address.text, "127.0.0.1:", 10) == 0);
    close(address.fd);
    assert_true(mt_address_is_local_name("localhost:1") && mt_address_is_local_name("127.0.0.1"));
    assert_true(mt_address_is_local_name("[::1]:8686") &&
                !mt_address_is_local_name("localhost.evil.example"));
    assert_false(mt_address_is_local_name("127.evil.example"));
}

#define WITH(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(http__keeps_a_connection_for_a_thousand_requests, set_up),
        WITH(http__takes_chunked_bodies, set_up),
        WITH(http__refuses_two_lengths, set_up),
        WITH(http__refuses_length_beside_chunks, set_up),
        WITH(http__refuses_other_codings_and_two_hosts, set_up),
        WITH(http__refuses_headers_that_are_read_in_two_ways, set_up),
        WITH(http__survives_lines_that_are_no_http, set_up_strict),
        WITH(http__refuses_a_body_that_says_it_is_too_large, set_up),
        WITH(http__refuses_a_body_that_becomes_too_large, set_up),
        WITH(http__answers_503_when_the_queue_is_full, set_up),
        WITH(http__answers_who_says_that_no_more_comes, set_up),
        WITH(http__cancels_the_work_of_who_left, set_up),
        WITH(http__streams_more_than_it_holds, set_up),
        WITH(http__drops_a_stream_that_fails, set_up),
        WITH(http__stops_a_stream_nobody_reads, set_up_strict),
        WITH(http__keeps_no_worker_behind_slow_readers, set_up),
        WITH(http__takes_rows_in_while_all_workers_are_busy, set_up),
        WITH(http__gives_up_readers_beyond_the_room_for_answers, set_up),
        WITH(http__answers_head_without_a_body, set_up),
        WITH(http__shuts_a_header_that_trickles, set_up_strict),
        WITH(http__shuts_a_body_that_trickles, set_up_strict),
        WITH(http__shuts_an_idle_connection, set_up_strict),
        WITH(http__lets_what_works_take_its_time, set_up_strict),
        WITH(address__belongs_to_this_machine_unless_allowed, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
