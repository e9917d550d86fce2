/* Tests of the whole server over real sockets: rows, messages, operations, probes, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/server.h"
#include "server/server_case.h"

#include "base/rows/table.h"
#include "ops/ops.h"
#include "store/store.h"

static void server__runs_operations_in_the_format_asked_for(void **state)
{
    testing_server *t = *state;
    char value[256];
    testing_reply reply = testing_tell(t, "GET " PERIODS, "Accept: text/csv\r\n", NULL);
    assert_int_equal(reply.status, 200);
    assert_string_equal(testing_header(&reply, "Content-Type", value), "text/csv; charset=utf-8");
    assert_int_equal(strncmp(reply.body, "period,start,end,local,offset_h\n1,2025-06-07T22:00:00Z,", 55), 0);
    testing_free(&reply);
    testing_expect(t, "GET " PERIODS, NULL, 200, "{\"name\":\"calendar.periods\"");
    testing_expect(t, "GET " PERIODS "&output=ndjson", NULL, 200, "{\"period\":96,");
    reply = testing_tell(t, "GET " PERIODS "&output=parquet", "", NULL);
    assert_true(reply.status == 200 && reply.n > 8 && memcmp(reply.body, "PAR1", 4) == 0);
    testing_free(&reply);
    testing_expect(t, "GET /api/v1/data/datasets", NULL, 200, "\"rows\":[");
}

static void server__tells_problems_with_the_status_of_their_code(void **state)
{
    testing_server *t = *state;
    char value[256];
    testing_reply reply = testing_tell(t, "GET /api/v1/calendar/periods?day=soon", "", NULL);
    assert_int_equal(reply.status, 400);
    assert_string_equal(testing_header(&reply, "Content-Type", value), "application/problem+json");
    assert_non_null(strstr(reply.body, "\"type\":\"urn:merit:MT_E_INPUT\""));
    assert_non_null(strstr(reply.body, "soon"));
    testing_free(&reply);
    testing_expect(t, "GET /api/v1/calendar/period", NULL, 404, "calendar.periods");
    testing_expect(t, "GET /api/v1/calendar/periods?dai=1", NULL, 400, "did you mean");
    testing_expect(t, "GET /api/v1/market/clear?orders=/etc/passwd", NULL, 403, "@NAME");
    testing_expect(t, "GET /api/v1/market/clear?orders=@none", NULL, 404, "none");
    testing_expect(t, "POST " PERIODS, "{}", 405, "GET");
    testing_expect(t, "GET /nowhere", NULL, 404, "/api/v1");
    testing_expect(t, "POST /livez", "", 405, "GET");
    testing_expect(t, "GET /api/v1/a%2Fb/c", NULL, 400, "slash");
}

static void server__answers_probes_and_lists_what_it_knows(void **state)
{
    testing_server *t = *state;
    testing_expect(t, "GET /livez", NULL, 200, "alive");
    testing_expect(t, "GET /readyz", NULL, 200, "ready");
    testing_expect(t, "GET /ping", NULL, 204, NULL);
    testing_expect(t, "GET /api/v1", NULL, 200, "\"name\":\"calendar.periods\",\"method\":\"GET\"");
    testing_expect(t, "GET /api/v1/server/schedule", NULL, 200, "{\"entries\":[]}");
    testing_expect(t, "GET /api/v1/server/services", NULL, 200, "{\"services\":[]}");
    testing_expect(t, "GET /metrics", NULL, 200, "merit_http_requests_total{code=\"2xx\"} ");
}

static void server__keeps_small_results_until_the_data_change(void **state)
{
    testing_server *t = *state;
    char tag[256], header[512], value[256];
    testing_reply reply = testing_tell(t, "GET /api/v1/data/datasets", "", NULL);
    assert_non_null(testing_header(&reply, "ETag", tag));
    testing_free(&reply);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    reply = testing_tell(t, "GET /api/v1/data/datasets", header, NULL);
    assert_int_equal(reply.status, 304);
    assert_string_equal(testing_header(&reply, "ETag", value), tag);
    testing_free(&reply);
    testing_expect(t, "GET /metrics", NULL, 200, "merit_answers_total{from=\"memory\"} 1\n");
    testing_expect(t, "POST /api/v2/write?bucket=b&precision=s", "m v=1 1749384000\n", 204, NULL);
    reply =
        testing_tell(t, "GET /api/v1/data/datasets", header, NULL); /* computed again, and still the same */
    assert_int_equal(reply.status, 304);
    testing_free(&reply);
    testing_expect(t, "GET /metrics", NULL, 200, "merit_answers_total{from=\"work\"} 2\n");
}

/* Joined by line ends these two would be one key; the second is wrong and must be told so. */
static void server__keeps_no_result_under_the_key_of_another(void **state)
{
    testing_server *t = *state;
    testing_expect(t, "GET /api/v1/calendar/periods?day=2025-06-08&step=1h", NULL, 200, "\"rows\"");
    testing_expect(t, "GET /api/v1/calendar/periods?day=2025-06-08%0Astep%3D1h", NULL, 400, "day");
    testing_expect(t, "GET /api/v1/calendar/periods?day=2025-06-08%0A4:step2:1h", NULL, 400, "day");
    testing_expect(t, "GET /api/v1/calendar/periods?day=2025-06-08&step=1h", NULL, 200, "\"rows\"");
}

static void server__takes_no_body_with_a_get(void **state)
{
    testing_server *t = *state;
    const char *line = "GET /api/v1/calendar/periods?step=1h";
    testing_expect(t, line, "{\"day\":\"2025-06-08\"}", 400, "POST");
    testing_expect(t, "GET " PERIODS, "{}", 400, "POST");
    testing_reply reply = testing_tell(t, "HEAD " PERIODS, "", "{}");
    assert_int_equal(reply.status, 400);
    testing_free(&reply);
    reply = testing_tell(t, "GET " PERIODS, "Content-Length: 0\r\n", NULL);
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
            testing_expect(t, line, op[k]->effect == MT_READ ? NULL : "", 403,
                           "place of the server's machine");
            refused++;
        }
    }
    assert_true(refused > 0);
}

static void server__opens_no_place_that_a_body_names(void **state)
{
    testing_server *t = *state;
    testing_expect(t, "POST /api/v1/data/fetch", "{\"url\":\"file:///etc/passwd\"}", 403, "command line");
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
    testing_expect(t, "POST /api/v2/write?bucket=meters&precision=s",
                   "m,area=DK1 v=1,w=2i 1749384000\nm,area=DK1 v=3 1749384060\n", 204, NULL);
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 3);
    testing_expect(t, "POST /write?db=meters&precision=ms", "m,area=DK1 v=1 1749384000000\n", 204, NULL);
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 3); /* the same again */
    testing_expect(t, "POST /write?db=meters", "", 204, NULL);
}

static void server__tells_the_first_bad_line(void **state)
{
    testing_server *t = *state;
    testing_expect(t, "POST /api/v2/write?bucket=b&precision=s", "nonsense\n", 400, "\"line\":1");
    testing_expect(t, "POST /api/v2/write?bucket=b&precision=s", "m v=1 1749384000\nm v= 1\n", 400,
                   "\"error\":\"partial write: line 2: ");
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), 1);
    testing_expect(t, "POST /api/v2/write?bucket=b&precision=h", "m v=1 1\n", 400, "precision");
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
    testing_expect(t, line, MESSAGE("10", "45.5"), 200, "\"messages\":1,\"bad\":0");
    testing_expect(t, line, "[" MESSAGE("11", "1") "," MESSAGE("12", "2") "]", 200, "\"messages\":2");
    int64_t rows = count_rows(t, "SELECT count(*) AS n FROM observation");
    assert_true(rows >= 3);
    testing_expect(t, line, MESSAGE("11", "1") "\n" MESSAGE("12", "2") "\n", 200,
                   "\"added\":0,\"changed\":0");
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM observation"), rows);
}

static void server__keeps_messages_it_cannot_use(void **state)
{
    testing_server *t = *state;
    const char *line = "POST /api/v1/streams/elspot_topic";
    testing_expect(t, line, "[{\"x\":1}," MESSAGE("10", "45.5") "]", 200, "\"bad\":1");
    testing_expect(t, line, "{\"x\":1}", 400, "none of the messages");
    testing_expect(t, line, "{\"x\":1}", 400, "none of the messages"); /* the same letter again */
    assert_int_equal(count_rows(t, "SELECT count(*) AS n FROM dead_letter"), 2);
    testing_expect(t, line, "[{", 400, "no end");
    testing_expect(t, "POST /api/v1/streams/unknown_topic", "{}", 404,
                   "a line \\\"mapping TOPIC FILE\\\" of the server");
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
        testing_reply reply = testing_tell(t, "GET /livez", asked[k].headers, NULL);
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

static void server__never_logs_what_was_sent(void **state)
{
    testing_server *t = *state;
    testing_expect(t, "POST /api/v2/write?bucket=b&precision=s", "secret_word\n", 400, NULL);
    testing_expect(t, "POST /api/v1/streams/elspot_topic", "{\"secret_word\":1", 400, NULL);
    assert_null(strstr(t->log, "secret_word"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(server__runs_operations_in_the_format_asked_for, testing_set_up),
        WITH(server__tells_problems_with_the_status_of_their_code, testing_set_up),
        WITH(server__answers_probes_and_lists_what_it_knows, testing_set_up),
        WITH(server__keeps_small_results_until_the_data_change, testing_set_up),
        WITH(server__keeps_no_result_under_the_key_of_another, testing_set_up),
        WITH(server__takes_no_body_with_a_get, testing_set_up),
        WITH(server__opens_no_place_that_a_request_names, testing_set_up),
        WITH(server__opens_no_place_that_a_body_names, testing_set_up),
        WITH(server__acknowledges_lines_after_their_commit, testing_set_up),
        WITH(server__tells_the_first_bad_line, testing_set_up),
        WITH(server__takes_packed_bodies, testing_set_up),
        WITH(server__takes_messages_as_object_array_or_lines, testing_set_up),
        WITH(server__keeps_messages_it_cannot_use, testing_set_up),
        WITH(server__refuses_pages_of_other_sites, testing_set_up),
        WITH(server__answers_under_its_own_names_only, testing_set_up_later),
        WITH(server__never_logs_what_was_sent, testing_set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
