/* Tests of the whole server over real sockets: rows, messages, operations, probes, and an orderly end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/server.h"
#include "server/testing.h"

#include "base/rows/table.h"
#include "ops/ops.h"
#include "store/store.h"

#include <sys/un.h>

static int set_up(void **state)
{
    static testing_server t;
    *state = &t;
    return testing_begin(&t) && testing_start(&t) ? 0 : -1;
}

/* The test starts it itself. */
static int set_up_later(void **state)
{
    static testing_server t;
    *state = &t;
    return testing_begin(&t) ? 0 : -1;
}

static int tear_down(void **state)
{
    testing_end(*state);
    return 0;
}

static testing_reply once(testing_server *t, const char *line, const char *headers, const char *body)
{
    return testing_once(mt_server_address(t->server), line, headers, body);
}

static void expect(testing_server *t, const char *line, const char *body, int status, const char *part)
{
    testing_reply reply = once(t, line, "", body);
    if (reply.status != status || (part && !strstr(reply.body, part)))
        fail_msg("%s: %d %s", line, reply.status, reply.body);
    testing_free(&reply);
}

#define PERIODS "/api/v1/calendar/periods?day=2025-06-08&step=15min"

static void server__runs_operations_in_the_format_asked_for(void **state)
{
    testing_server *t = *state;
    char value[256];
    testing_reply reply = once(t, "GET " PERIODS, "Accept: text/csv\r\n", NULL);
    assert_int_equal(reply.status, 200);
    assert_string_equal(testing_header(&reply, "Content-Type", value), "text/csv; charset=utf-8");
    assert_int_equal(strncmp(reply.body, "period,start,end,local,offset_h\n1,2025-06-07T22:00:00Z,", 55), 0);
    testing_free(&reply);
    expect(t, "GET " PERIODS, NULL, 200, "{\"name\":\"calendar.periods\"");
    expect(t, "GET " PERIODS "&output=ndjson", NULL, 200, "{\"period\":96,");
    reply = once(t, "GET " PERIODS "&output=parquet", "", NULL);
    assert_true(reply.status == 200 && reply.n > 8 && memcmp(reply.body, "PAR1", 4) == 0);
    testing_free(&reply);
    expect(t, "GET /api/v1/data/datasets", NULL, 200, "\"rows\":[");
}

static void server__tells_problems_with_the_status_of_their_code(void **state)
{
    testing_server *t = *state;
    char value[256];
    testing_reply reply = once(t, "GET /api/v1/calendar/periods?day=soon", "", NULL);
    assert_int_equal(reply.status, 400);
    assert_string_equal(testing_header(&reply, "Content-Type", value), "application/problem+json");
    assert_non_null(strstr(reply.body, "\"type\":\"urn:merit:MT_E_INPUT\""));
    assert_non_null(strstr(reply.body, "soon"));
    testing_free(&reply);
    expect(t, "GET /api/v1/calendar/period", NULL, 404, "calendar.periods");
    expect(t, "GET /api/v1/calendar/periods?dai=1", NULL, 400, "did you mean");
    expect(t, "GET /api/v1/market/clear?orders=/etc/passwd", NULL, 403, "@NAME");
    expect(t, "GET /api/v1/market/clear?orders=@none", NULL, 404, "none");
    expect(t, "POST " PERIODS, "{}", 405, "GET");
    expect(t, "GET /nowhere", NULL, 404, "/api/v1");
    expect(t, "POST /livez", "", 405, "GET");
    expect(t, "GET /api/v1/a%2Fb/c", NULL, 400, "slash");
}

static void server__answers_probes_and_lists_what_it_knows(void **state)
{
    testing_server *t = *state;
    expect(t, "GET /livez", NULL, 200, "alive");
    expect(t, "GET /readyz", NULL, 200, "ready");
    expect(t, "GET /ping", NULL, 204, NULL);
    expect(t, "GET /api/v1", NULL, 200, "\"name\":\"calendar.periods\",\"method\":\"GET\"");
    expect(t, "GET /api/v1/server/schedule", NULL, 200, "{\"entries\":[]}");
    expect(t, "GET /api/v1/server/services", NULL, 200, "{\"services\":[]}");
    expect(t, "GET /metrics", NULL, 200, "merit_http_requests_total{code=\"2xx\"} ");
}

static void server__keeps_small_results_until_the_data_change(void **state)
{
    testing_server *t = *state;
    char tag[256], header[512], value[256];
    testing_reply reply = once(t, "GET /api/v1/data/datasets", "", NULL);
    assert_non_null(testing_header(&reply, "ETag", tag));
    testing_free(&reply);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    reply = once(t, "GET /api/v1/data/datasets", header, NULL);
    assert_int_equal(reply.status, 304);
    assert_string_equal(testing_header(&reply, "ETag", value), tag);
    testing_free(&reply);
    expect(t, "GET /metrics", NULL, 200, "merit_answers_total{from=\"memory\"} 1\n");
    expect(t, "POST /api/v2/write?bucket=b&precision=s", "m v=1 1749384000\n", 204, NULL);
    reply = once(t, "GET /api/v1/data/datasets", header, NULL); /* computed again, and still the same */
    assert_int_equal(reply.status, 304);
    testing_free(&reply);
    expect(t, "GET /metrics", NULL, 200, "merit_answers_total{from=\"work\"} 2\n");
}

/* Joined by line ends these two would be one key; the second is wrong and must be told so. */
static void server__keeps_no_result_under_the_key_of_another(void **state)
{
    testing_server *t = *state;
    expect(t, "GET /api/v1/calendar/periods?day=2025-06-08&step=1h", NULL, 200, "\"rows\"");
    expect(t, "GET /api/v1/calendar/periods?day=2025-06-08%0Astep%3D1h", NULL, 400, "day");
    expect(t, "GET /api/v1/calendar/periods?day=2025-06-08%0A4:step2:1h", NULL, 400, "day");
    expect(t, "GET /api/v1/calendar/periods?day=2025-06-08&step=1h", NULL, 200, "\"rows\"");
}

static void server__takes_no_body_with_a_get(void **state)
{
    testing_server *t = *state;
    const char *line = "GET /api/v1/calendar/periods?step=1h";
    expect(t, line, "{\"day\":\"2025-06-08\"}", 400, "POST");
    expect(t, "GET " PERIODS, "{}", 400, "POST");
    testing_reply reply = once(t, "HEAD " PERIODS, "", "{}");
    assert_int_equal(reply.status, 400);
    testing_free(&reply);
    reply = once(t, "GET " PERIODS, "Content-Length: 0\r\n", NULL);
    assert_int_equal(reply.status, 200);
    testing_free(&reply);
}

/* Every argument of every operation: who names a place of this machine is refused before anything runs. */
static void server__opens_no_place_that_a_request_names(void **state)
{
    static const char *const telling[] = {"url", "endpoint", "place", "path", "folder"};
    testing_server *t = *state;
    size_t n, refused = 0;
    const mt_op *const *op = mt_ops(&n);
    char line[256];
    for (size_t k = 0; k < n; k++) {
        for (const mt_field *field = op[k]->arg; field && field->name; field++) {
            for (size_t w = 0; w < sizeof telling / sizeof *telling && field->type == MT_TEXT; w++) {
                if (strcmp(field->name, telling[w]) == 0 && !field->local)
                    fail_msg("%s: %s is not marked local", op[k]->name, field->name);
            }
            if (!field->local) continue;
            const char *dot = strchr(op[k]->name, '.');
            snprintf(line, sizeof line, "%s /api/v1/%.*s/%s?%s=file:///etc/passwd",
                     op[k]->effect == MT_READ ? "GET" : "POST", (int)(dot - op[k]->name), op[k]->name,
                     dot + 1, field->name);
            expect(t, line, op[k]->effect == MT_READ ? NULL : "", 403, "place of the server's machine");
            refused++;
        }
    }
    assert_true(refused > 0);
}

static void server__opens_no_place_that_a_body_names(void **state)
{
    testing_server *t = *state;
    expect(t, "POST /api/v1/data/fetch", "{\"url\":\"file:///etc/passwd\"}", 403, "command line");
}

static int64_t count_rows(testing_server *t, const char *sql)
{
    mt_store *store;
    mt_sink *sink;
    mt_table *table = NULL;
    assert_int_equal(mt_world_store(&t->cx, t->world, &store), MT_OK);
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    if (mt_store_query(&t->cx, store, sql, NULL, 0, sink) != MT_OK) fail_msg("%s", t->cx.err);
    mt_sink_close(sink);
    return mt_table_get(table, 0, 0).as.integer;
}

static void server__acknowledges_lines_after_their_commit(void **state)
{
    testing_server *t = *state;
    expect(t, "POST /api/v2/write?bucket=meters&precision=s",
           "m,area=DK1 v=1,w=2i 1749384000\nm,area=DK1 v=3 1749384060\n", 204, NULL);
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 3);
    expect(t, "POST /write?db=meters&precision=ms", "m,area=DK1 v=1 1749384000000\n", 204, NULL);
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 3); /* the same again */
    expect(t, "POST /write?db=meters", "", 204, NULL);
}

static void server__tells_the_first_bad_line(void **state)
{
    testing_server *t = *state;
    expect(t, "POST /api/v2/write?bucket=b&precision=s", "nonsense\n", 400, "\"line\":1");
    expect(t, "POST /api/v2/write?bucket=b&precision=s", "m v=1 1749384000\nm v= 1\n", 400,
           "\"error\":\"partial write: line 2: ");
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 1);
    expect(t, "POST /api/v2/write?bucket=b&precision=h", "m v=1 1\n", 400, "precision");
}

/* "m v=1 1749384000\n" packed by Python's gzip module */
static const char packed_line[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\x55\x28\xb3\x35\x54\x30\x34"
    "\x37\xb1\x34\xb6\x30\x31\x30\x30\xe0\x02\x00\xbf\x99\x9b\x01\x11\x00\x00\x00";

static void server__takes_packed_bodies(void **state)
{
    testing_server *t = *state;
    testing_client *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->fd = testing_connect(mt_server_address(t->server));
    const char line[] = "POST /api/v2/write?bucket=b&precision=s";
    testing_reply reply =
        testing_ask(c, line, "Content-Encoding: gzip\r\n", packed_line, sizeof packed_line - 1);
    if (reply.status != 204) fail_msg("%d %s", reply.status, reply.body);
    testing_free(&reply);
    reply = testing_ask(c, line, "Content-Encoding: gzip\r\n", "no gzip", 7);
    assert_int_equal(reply.status, 400);
    testing_free(&reply);
    close(c->fd);
    free(c);
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 1);
}

#define MESSAGE(hour, price)                                                                                 \
    "{\"HourUTC\":\"2025-06-08T" hour ":00:00\",\"HourDK\":\"2025-06-08T" hour                               \
    ":00:00\",\"PriceArea\":\"DK1\",\"SpotPriceDKK\":1,\"SpotPriceEUR\":" price "}"

static void server__takes_messages_as_object_array_or_lines(void **state)
{
    testing_server *t = *state;
    const char *line = "POST /api/v1/streams/elspot_topic";
    expect(t, line, MESSAGE("10", "45.5"), 200, "\"messages\":1,\"bad\":0");
    expect(t, line, "[" MESSAGE("11", "1") "," MESSAGE("12", "2") "]", 200, "\"messages\":2");
    int64_t rows = count_rows(t, "SELECT count(*) AS n FROM observation");
    assert_true(rows >= 3);
    expect(t, line, MESSAGE("11", "1") "\n" MESSAGE("12", "2") "\n", 200, "\"added\":0,\"changed\":0");
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), rows);
}

static void server__keeps_messages_it_cannot_use(void **state)
{
    testing_server *t = *state;
    const char *line = "POST /api/v1/streams/elspot_topic";
    expect(t, line, "[{\"x\":1}," MESSAGE("10", "45.5") "]", 200, "\"bad\":1");
    expect(t, line, "{\"x\":1}", 400, "none of the messages");
    expect(t, line, "{\"x\":1}", 400, "none of the messages"); /* the same letter again */
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM dead_letter"), 2);
    expect(t, line, "[{", 400, "no end");
    expect(t, "POST /api/v1/streams/unknown_topic", "{}", 404, "no mapping");
}

static void server__refuses_pages_of_other_sites(void **state)
{
    static const struct {
        const char *headers;
        int status;
    } asked[] = {{"", 200},
                 {"Origin: http://localhost\r\n", 200},
                 {"Origin: http://evil.example\r\n", 403},
                 {"Sec-Fetch-Site: cross-site\r\n", 403},
                 {"Sec-Fetch-Site: same-origin\r\n", 200}};
    testing_server *t = *state;
    for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
        testing_reply reply = once(t, "GET /livez", asked[k].headers, NULL);
        assert_int_equal(reply.status, asked[k].status);
        testing_free(&reply);
    }
    testing_client *c = calloc(1, sizeof *c);
    assert_non_null(c);
    const char raw[] = "GET /livez HTTP/1.1\r\nHost: rebound.example\r\n\r\n";
    c->fd = testing_connect(mt_server_address(t->server));
    assert_true(testing_send(c->fd, raw, sizeof raw - 1));
    testing_reply reply = testing_read(c, false);
    assert_int_equal(reply.status, 403);
    testing_free(&reply);
    close(c->fd);
    free(c);
}

static int ask_as(testing_server *t, const char *host, const char *origin)
{
    testing_client *c = calloc(1, sizeof *c);
    char raw[512];
    assert_non_null(c);
    int n = snprintf(raw, sizeof raw, "GET /livez HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n", host,
                     *origin ? "Origin: http://" : "", origin, *origin ? "\r\n" : "");
    c->fd = testing_connect(mt_server_address(t->server));
    assert_true(testing_send(c->fd, raw, (size_t)n));
    testing_reply reply = testing_read(c, false);
    int status = reply.status;
    testing_free(&reply);
    close(c->fd);
    free(c);
    return status;
}

/* Being public takes no name off the list: a page that points its own name here is still not answered. */
static void server__answers_under_its_own_names_only(void **state)
{
    static const char *const name[] = {"merit", "market.example"};
    testing_server *t = *state;
    char bound[80];
    t->options.listen = "0.0.0.0:0";
    t->options.allow_public = true;
    t->options.name = name;
    t->options.n_name = 2;
    assert_true(testing_start(t));
    snprintf(bound, sizeof bound, "%s", mt_server_address(t->server));
    assert_int_equal(ask_as(t, "localhost:1", ""), 200);
    assert_int_equal(ask_as(t, "[::1]:1", ""), 200);
    assert_int_equal(ask_as(t, bound, ""), 200);
    assert_int_equal(ask_as(t, "MERIT:8686", "merit:8686"), 200);
    assert_int_equal(ask_as(t, "market.example", "market.example"), 200);
    assert_int_equal(ask_as(t, "rebound.example", "rebound.example"), 403);
    assert_int_equal(ask_as(t, "rebound.example", ""), 403);
    assert_int_equal(ask_as(t, "merit.rebound.example", ""), 403);
    assert_int_equal(ask_as(t, "market.example.", ""), 403);
    assert_int_equal(ask_as(t, "merit", "rebound.example"), 403);
    assert_int_equal(ask_as(t, "127.0.0.1.rebound.example", ""), 403);
}

/* --- many at once ------------------------------------------------------------------------------------ */

struct client {
    testing_server *t;
    char address[64];
    int asks, good, refused, failed; /* failed: on a connection that was taken came no whole answer */
    int late;                        /* connected while the port closed: no byte came on a new connection */
    bool *stop;                      /* atomic */
};

/* Writes and reads in turn on one connection, opened again when an answer closed it. */
static void *ask_on(void *arg)
{
    struct client *client = arg;
    testing_client *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->fd = -1;
    for (int k = 0; k < client->asks && !__atomic_load_n(client->stop, __ATOMIC_RELAXED); k++) {
        bool fresh = c->fd < 0;
        if (fresh) *c = (testing_client){.fd = testing_connect(client->address)};
        if (c->fd < 0) break; /* no longer listening */
        testing_reply reply =
            k % 2 ? testing_ask(c, "GET " PERIODS, "", NULL, 0)
                  : testing_ask(c, "POST /write?db=b&precision=s", "", "m v=1 1749384000\n", 17);
        bool good = reply.whole && (reply.status == 200 || reply.status == 204);
        client->good += good;
        client->refused += reply.whole && reply.status == 503;
        client->late += fresh && !reply.status;
        client->failed += !good && reply.status != 503 && !(fresh && !reply.status);
        if (reply.closed) close(c->fd), c->fd = -1;
        testing_free(&reply);
    }
    if (c->fd >= 0) close(c->fd);
    free(c);
    return NULL;
}

static void server__serves_fifty_connections_side_by_side(void **state)
{
    enum { N = 50 };
    testing_server *t = *state;
    static struct client client[N];
    pthread_t thread[N];
    bool stop = false;
    for (int k = 0; k < N; k++) {
        client[k] = (struct client){.t = t, .asks = 20, .stop = &stop};
        snprintf(client[k].address, sizeof client[k].address, "%s", mt_server_address(t->server));
        assert_int_equal(pthread_create(&thread[k], NULL, ask_on, &client[k]), 0);
    }
    for (int k = 0; k < N; k++) {
        pthread_join(thread[k], NULL);
        assert_int_equal(client[k].good, 20);
    }
}

static void server__fails_no_accepted_request_when_it_stops(void **state)
{
    enum { N = 12 };
    testing_server *t = *state;
    static struct client client[N];
    pthread_t thread[N];
    bool stop = false;
    int good = 0, failed = 0, late = 0;
    for (int k = 0; k < N; k++) {
        client[k] = (struct client){.t = t, .asks = 1000000, .stop = &stop};
        snprintf(client[k].address, sizeof client[k].address, "%s", mt_server_address(t->server));
        assert_int_equal(pthread_create(&thread[k], NULL, ask_on, &client[k]), 0);
    }
    usleep(500000);
    int64_t start = testing_now_us();
    testing_stop(t);
    int64_t took_us = testing_now_us() - start;
    for (int k = 0; k < N; k++) {
        pthread_join(thread[k], NULL);
        good += client[k].good;
        failed += client[k].failed;
        late += client[k].late;
    }
    print_message("%d requests answered, %d failed, %d came too late, stopped in %lld ms\n", good, failed,
                  late, (long long)took_us / 1000);
    assert_true(good > N);
    assert_int_equal(failed, 0);
    assert_in_range(took_us, 0, 9000000);
}

static void *probe_while_draining(void *arg)
{
    testing_client *c = arg;
    for (int k = 0; k < 200; k++) {
        testing_reply reply = testing_ask(c, "GET /readyz", "", NULL, 0);
        int status = reply.status;
        testing_free(&reply);
        if (status == 503) return arg;
        if (status != 200) break;
        usleep(5000);
    }
    return NULL;
}

static void server__is_not_ready_while_it_drains(void **state)
{
    testing_server *t = *state;
    testing_client *c = calloc(1, sizeof *c);
    pthread_t thread;
    void *seen;
    assert_non_null(c);
    c->fd = testing_connect(mt_server_address(t->server));
    testing_reply reply = testing_ask(c, "GET /readyz", "", NULL, 0);
    assert_int_equal(reply.status, 200);
    testing_free(&reply);
    assert_int_equal(pthread_create(&thread, NULL, probe_while_draining, c), 0);
    usleep(50000);
    testing_stop(t);
    assert_int_equal(t->ran, MT_OK);
    pthread_join(thread, &seen);
    assert_non_null(seen);
    close(c->fd);
    free(c);
}

static void server__tells_the_service_manager(void **state)
{
    testing_server *t = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char words[64] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {5, 0};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", t->dir);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    t->options.notify_path = address.sun_path;
    t->options.watchdog_us = 100000;
    assert_true(testing_start(t));
    assert_int_equal(recv(fd, words, sizeof words, 0), 7);
    assert_memory_equal(words, "READY=1", 7);
    assert_int_equal(recv(fd, words, sizeof words, 0), 10);
    assert_memory_equal(words, "WATCHDOG=1", 10);
    testing_stop(t);
    ssize_t n;
    do n = recv(fd, words, sizeof words, 0);
    while (n == 10 && memcmp(words, "WATCHDOG=1", 10) == 0);
    assert_memory_equal(words, "STOPPING=1", 10);
    close(fd);
}

static void server__refuses_an_address_others_can_reach(void **state)
{
    testing_server *t = *state;
    t->options.world = t->world;
    t->options.listen = "0.0.0.0:0";
    assert_int_equal(mt_server_open(&t->cx, &t->server, &t->options), MT_E_DENIED);
    assert_non_null(strstr(t->cx.err, "sign-in"));
    t->server = NULL;
    t->options.allow_public = true;
    assert_int_equal(mt_server_open(&t->cx, &t->server, &t->options), MT_OK);
}

static void server__never_logs_what_was_sent(void **state)
{
    testing_server *t = *state;
    expect(t, "POST /api/v2/write?bucket=b&precision=s", "secret_word\n", 400, NULL);
    expect(t, "POST /api/v1/streams/elspot_topic", "{\"secret_word\":1", 400, NULL);
    assert_null(strstr(t->log, "secret_word"));
}

/* --- what it does by itself -------------------------------------------------------------------------- */

struct fragile {
    int runs; /* atomic */
};

static mt_code fail_twice(mt_ctx *cx, void *arg)
{
    struct fragile *fragile = arg;
    if (__atomic_add_fetch(&fragile->runs, 1, __ATOMIC_SEQ_CST) < 3)
        return mt_fail(cx, MT_E_REMOTE, "broker is away");
    while (mt_ctx_check(cx) == MT_OK) usleep(2000);
    return MT_OK;
}

static void services__are_started_again_and_stopped(void **state)
{
    struct fragile fragile = {.runs = 0};
    const mt_service service = {"orders", fail_twice, &fragile};
    testing_server *t = *state;
    mt_services *services;
    mt_metrics *metrics;
    mt_services_options options = {.service = &service, .n = 1, .first_wait_us = 10000};
    assert_int_equal(mt_metrics_open(&t->cx, &metrics), MT_OK);
    options.metrics = metrics;
    options.monotonic_us = testing_clock; /* stands still: every run is short */
    options.clock_arg = &t->now;
    assert_int_equal(mt_services_open(&t->cx, &services, &options), MT_OK);
    for (int k = 0; k < 500 && __atomic_load_n(&fragile.runs, __ATOMIC_SEQ_CST) < 3; k++) usleep(10000);
    assert_int_equal(__atomic_load_n(&fragile.runs, __ATOMIC_SEQ_CST), 3);
    mt_services_close(services); /* returns because the context is cancelled */
    assert_true(mt_metric_value(mt_metric_counter(metrics, "merit_service_failures_total", "",
                                                  "service=\"orders\"")) == 2);
    mt_metrics_close(metrics);
}

static bool wait_for(testing_server *t, const char *line, const char *part)
{
    bool found = false;
    for (int k = 0; k < 500 && !found; k++) {
        testing_reply reply = once(t, line, "", NULL);
        found = strstr(reply.body, part) != NULL;
        testing_free(&reply);
        if (!found) usleep(20000);
    }
    return found;
}

static void schedule__runs_what_is_due_and_remembers(void **state)
{
    testing_server *t = *state;
    char path[128];
    const mt_given given = {"day", "2025-06-08"};
    mt_schedule_entry entry = {
        .text = "every 1h calendar.periods --day 2025-06-08", .given = &given, .n_given = 1};
    assert_int_equal(mt_due_every(&t->cx, &entry.due, "1h", NULL), MT_OK);
    assert_int_equal(mt_ops_get(&t->cx, &entry.op, "calendar.periods"), MT_OK);
    snprintf(path, sizeof path, "%s/schedule.json", t->dir);
    t->options.entry = &entry;
    t->options.n_entry = 1;
    t->options.schedule_state_path = path;
    assert_true(testing_start(t));
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"done\",\"next\":\"2025-06-08T13:00:00Z\""));
    expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"rows\":24,\"runs\":1,\"skipped\":0");
    __atomic_store_n(&t->now, t->now + MT_US_HOUR, __ATOMIC_RELAXED);
    assert_true(wait_for(t, "GET /api/v1/server/schedule", "\"runs\":2,"));
    testing_stop(t);
    assert_true(testing_start(t)); /* nothing was missed */
    usleep(400000);
    expect(t, "GET /api/v1/server/schedule", NULL, 200,
           "\"state\":\"never\",\"next\":\"2025-06-08T14:00:00Z\"");
    testing_stop(t);
    __atomic_store_n(&t->now, t->now + 5 * MT_US_HOUR, __ATOMIC_RELAXED);
    assert_true(testing_start(t)); /* five were missed: one run */
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"done\",\"next\":\"2025-06-08T19:00:00Z\""));
    expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"runs\":1,\"skipped\":0");
}

/* What the file says while it runs is what a killed server would find. */
static void schedule__runs_again_what_did_not_end_well(void **state)
{
    testing_server *t = *state;
    static char path[128];
    const mt_given given = {"orders", "@none"};
    mt_schedule_entry entry = {.text = "every 1d market.clear --orders @none", .given = &given, .n_given = 1};
    assert_int_equal(mt_due_every(&t->cx, &entry.due, "1d", NULL), MT_OK);
    assert_int_equal(mt_ops_get(&t->cx, &entry.op, "market.clear"), MT_OK);
    snprintf(path, sizeof path, "%s/schedule.json", t->dir);
    t->options.entry = &entry;
    t->options.n_entry = 1;
    t->options.schedule_state_path = path;
    for (int k = 0; k < 2; k++) {
        assert_true(testing_start(t));
        assert_true(wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"failed\""));
        expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"runs\":1,");
        testing_stop(t);
    }
}

static void schedule__keeps_the_sentence_of_a_failed_run(void **state)
{
    testing_server *t = *state;
    const mt_given given = {"orders", "@none"};
    mt_schedule_entry entry = {.text = "every 1h market.clear --orders @none", .given = &given, .n_given = 1};
    assert_int_equal(mt_due_every(&t->cx, &entry.due, "1h", NULL), MT_OK);
    assert_int_equal(mt_ops_get(&t->cx, &entry.op, "market.clear"), MT_OK);
    t->options.entry = &entry;
    t->options.n_entry = 1;
    assert_true(testing_start(t));
    assert_true(wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"failed\""));
    expect(t, "GET /api/v1/server/schedule", NULL, 200, "none");
    expect(t, "GET /metrics", NULL, 200,
           "merit_schedule_failures_total{entry=\"every 1h market.clear --orders @none\"} 1\n");
}

#define WITH(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(server__runs_operations_in_the_format_asked_for, set_up),
        WITH(server__tells_problems_with_the_status_of_their_code, set_up),
        WITH(server__answers_probes_and_lists_what_it_knows, set_up),
        WITH(server__keeps_small_results_until_the_data_change, set_up),
        WITH(server__keeps_no_result_under_the_key_of_another, set_up),
        WITH(server__takes_no_body_with_a_get, set_up),
        WITH(server__opens_no_place_that_a_request_names, set_up),
        WITH(server__opens_no_place_that_a_body_names, set_up),
        WITH(server__acknowledges_lines_after_their_commit, set_up),
        WITH(server__tells_the_first_bad_line, set_up),
        WITH(server__takes_packed_bodies, set_up),
        WITH(server__takes_messages_as_object_array_or_lines, set_up),
        WITH(server__keeps_messages_it_cannot_use, set_up),
        WITH(server__refuses_pages_of_other_sites, set_up),
        WITH(server__answers_under_its_own_names_only, set_up_later),
        WITH(server__serves_fifty_connections_side_by_side, set_up),
        WITH(server__fails_no_accepted_request_when_it_stops, set_up),
        WITH(server__is_not_ready_while_it_drains, set_up),
        WITH(server__tells_the_service_manager, set_up_later),
        WITH(server__refuses_an_address_others_can_reach, set_up_later),
        WITH(server__never_logs_what_was_sent, set_up),
        WITH(services__are_started_again_and_stopped, set_up_later),
        WITH(schedule__runs_what_is_due_and_remembers, set_up_later),
        WITH(schedule__runs_again_what_did_not_end_well, set_up_later),
        WITH(schedule__keeps_the_sentence_of_a_failed_run, set_up_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
