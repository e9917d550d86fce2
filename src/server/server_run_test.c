/* Tests of the whole server as it runs: many clients at once, an orderly end, services and the schedule. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/server.h"
#include "server/server_case.h"

#include "ops/ops.h"

#include <sys/un.h>

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
        testing_reply reply = testing_tell(t, line, "", NULL);
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
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"rows\":24,\"runs\":1,\"skipped\":0");
    __atomic_store_n(&t->now, t->now + MT_US_HOUR, __ATOMIC_RELAXED);
    assert_true(wait_for(t, "GET /api/v1/server/schedule", "\"runs\":2,"));
    testing_stop(t);
    assert_true(testing_start(t)); /* nothing was missed */
    usleep(400000);
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200,
                   "\"state\":\"never\",\"next\":\"2025-06-08T14:00:00Z\"");
    testing_stop(t);
    __atomic_store_n(&t->now, t->now + 5 * MT_US_HOUR, __ATOMIC_RELAXED);
    assert_true(testing_start(t)); /* five were missed: one run */
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"done\",\"next\":\"2025-06-08T19:00:00Z\""));
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"runs\":1,\"skipped\":0");
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
        testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"runs\":1,");
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
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "none");
    testing_expect(t, "GET /metrics", NULL, 200,
                   "merit_schedule_failures_total{entry=\"every 1h market.clear --orders @none\"} 1\n");
}

/* Fails as a provider that is away, `left` times. */
static int left;

static mt_code fail_as_outside(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    (void)world, (void)args, (void)out;
    if (__atomic_fetch_sub(&left, 1, __ATOMIC_SEQ_CST) <= 0) return MT_OK;
    return mt_fail(cx, MT_E_REMOTE, "the provider is away");
}

static void pass(testing_server *t, mt_time span)
{
    __atomic_store_n(&t->now, t->now + span, __ATOMIC_RELAXED);
}

static void schedule__tries_again_soon_what_failed_outside(void **state)
{
    static const mt_op away = {.name = "test.away", .effect = MT_READ, .run = fail_as_outside};
    testing_server *t = *state;
    mt_schedule_entry entry = {.text = "every 1d test.away", .op = &away};
    assert_int_equal(mt_due_every(&t->cx, &entry.due, "1d", NULL), MT_OK);
    t->options.entry = &entry;
    t->options.n_entry = 1;
    left = 2;
    assert_true(testing_start(t));
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"failed\",\"next\":\"2025-06-08T12:01:00Z\""));
    pass(t, MT_US_MINUTE);
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"failed\",\"next\":\"2025-06-08T12:03:00Z\""));
    pass(t, 2 * MT_US_MINUTE);
    assert_true(
        wait_for(t, "GET /api/v1/server/schedule", "\"state\":\"done\",\"next\":\"2025-06-09T00:00:00Z\""));
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "\"runs\":3,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(server__serves_fifty_connections_side_by_side, testing_set_up),
        WITH(server__fails_no_accepted_request_when_it_stops, testing_set_up),
        WITH(server__is_not_ready_while_it_drains, testing_set_up),
        WITH(server__tells_the_service_manager, testing_set_up_later),
        WITH(server__refuses_an_address_others_can_reach, testing_set_up_later),
        WITH(services__are_started_again_and_stopped, testing_set_up_later),
        WITH(schedule__runs_what_is_due_and_remembers, testing_set_up_later),
        WITH(schedule__runs_again_what_did_not_end_well, testing_set_up_later),
        WITH(schedule__keeps_the_sentence_of_a_failed_run, testing_set_up_later),
        WITH(schedule__tries_again_soon_what_failed_outside, testing_set_up_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
