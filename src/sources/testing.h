/* What the tests of data providers share: a recorded server, a clock that runs fast, a fetch in three lines.
 *
 * Purpose   Included by tests only, after cmocka.h. http/testing.h says what a route can do.
 * Shapes    The wall clock stands where the test puts it (`now`) and goes on from there; both clocks run
 *           `speed` times as fast as real time (50 at first), so that back-off, limits of rate and time-outs
 *           are waited for in a test. Everything logged is in `log`.
 * Example   static const testing_route routes[] = {{.match = "/api*", .file = "tests/http/x/day.json"}, {0}};
 *           testing t;
 *           testing_begin(&t, &mt_source_x, routes);
 *           mt_table *rows = testing_fetch(&t, "Dataset", "DK1", "2024-10-27T00:00Z", "2024-10-28T00:00Z");
 *           assert_int_equal(testing_rows(rows, "spot_price", "DK1", ""), 25);
 *           testing_end(&t);
 */
#ifndef MT_SOURCES_TESTING_H
#define MT_SOURCES_TESTING_H

#include "sources/http/testing.h"

#include "base/rows/table.h"
#include "sources/source.h"

#include <math.h>

enum { TESTING_LOG_BYTES = 1 << 18 };

#define TESTING_SECRET_START "s3cret-k3y"
#define TESTING_SECRET       TESTING_SECRET_START "-of-the-test"
#define TESTING_KEY          "test:" TESTING_SECRET /* some are a name and a secret */

typedef struct testing {
    const mt_source *source;
    testing_server *server;
    mt_http *http;
    mt_ctx cx;
    mt_source_call call; /* base_url, key and now may be changed by the test */
    int64_t pages;
    mt_time now; /* at the start of the test */
    int64_t started;
    int speed;
    pthread_mutex_t log_lock;
    size_t log_bytes;
    char log[TESTING_LOG_BYTES];
} testing;

TESTING int64_t testing_real_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

TESTING int64_t testing_monotonic(void *arg)
{
    const testing *t = arg;
    return t->started + (testing_real_us() - t->started) * t->speed;
}

TESTING mt_time testing_wall(void *arg)
{
    const testing *t = arg;
    return t->now + testing_monotonic(arg) - t->started;
}

TESTING void testing_take_log(void *arg, mt_log_level level, const char *text)
{
    testing *t = arg;
    (void)level;
    pthread_mutex_lock(&t->log_lock);
    int n = snprintf(t->log + t->log_bytes, sizeof t->log - t->log_bytes, "%s\n", text);
    if (n > 0 && t->log_bytes + (size_t)n < sizeof t->log) t->log_bytes += (size_t)n;
    pthread_mutex_unlock(&t->log_lock);
}

TESTING void testing_context(testing *t, mt_ctx *cx)
{
    mt_ctx_options options = {
        .size = sizeof options, .log = testing_take_log, .monotonic_us = testing_monotonic, .arg = t};
    mt_ctx_init(cx, &options);
}

/* "2024-10-27T00:00Z"; a day alone is its start in UTC. */
TESTING mt_time testing_time(const char *text)
{
    mt_time t = MT_TIME_NONE;
    mt_day day;
    bool has_offset;
    if (mt_day_parse(text, strlen(text), &day)) return (mt_time)day * MT_US_DAY;
    if (!mt_time_parse(text, strlen(text), &t, &has_offset)) fail_msg("no time: %s", text);
    return t;
}

TESTING void testing_options(testing *t, mt_http_options *options)
{
    *options = (mt_http_options){.size = sizeof *options,
                                 .cache_url = "none",
                                 .now = testing_wall,
                                 .monotonic_us = testing_monotonic,
                                 .arg = t,
                                 .seed = 7,
                                 .log = testing_take_log};
}

/* `source` may be NULL for a test of the client alone; the server answers with `routes`. */
TESTING void testing_begin(testing *t, const mt_source *source, const testing_route *routes)
{
    mt_http_options options;
    memset(t, 0, sizeof *t);
    t->source = source;
    t->speed = 50;
    t->now = testing_time("2025-11-20T12:00Z");
    t->started = testing_real_us();
    pthread_mutex_init(&t->log_lock, NULL);
    t->server = testing_server_start(routes);
    testing_context(t, &t->cx);
    testing_options(t, &options);
    assert_int_equal(mt_http_open(&t->cx, &t->http, &options), MT_OK);
    t->call = (mt_source_call){t->http, t->server->url, source && source->key_variable ? TESTING_KEY : NULL,
                               t->now,  &t->pages,      0};
}

TESTING void testing_end(testing *t)
{
    mt_http_close(t->http);
    testing_server_stop(t->server);
    mt_ctx_close(&t->cx);
    pthread_mutex_destroy(&t->log_lock);
}

/* The code of a fetch through the door; *out is set on success. The sentence is in t->cx.err. */
TESTING mt_code testing_try(testing *t, mt_table **out, const mt_source_query *query)
{
    mt_sink *sink;
    mt_table *table = NULL;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = mt_source_fetch(&t->cx, t->source, &t->call, query, sink);
    mt_sink_close(sink);
    if (code == MT_OK && out) *out = table;
    return code;
}

/* All rows; fails the test with the provider's sentence. area NULL: the dataset's usual ones. */
TESTING mt_table *testing_fetch(testing *t, const char *dataset, const char *area, const char *from,
                                const char *to)
{
    mt_source_query query = {.area = area, .from = testing_time(from), .to = testing_time(to)};
    mt_table *table = NULL;
    if (mt_source_dataset_find(&t->cx, &query.dataset, t->source, dataset) != MT_OK ||
        testing_try(t, &table, &query) != MT_OK)
        fail_msg("%s %s: %s", t->source->name, dataset, t->cx.err);
    return table;
}

/* Whom a test asks, and what for; area NULL: the dataset's usual ones. */
typedef struct testing_question {
    const mt_source *source;
    const char *area, *from, *to;
} testing_question;

/* What a fetch says of a wrong answer: its code and a sentence, but never the beginning of the key. */
TESTING void testing_refuse(const testing_question *asked, const testing_route *routes, const char *dataset,
                            mt_code wanted, const char *says)
{
    testing t;
    testing_begin(&t, asked->source, routes);
    mt_source_query query = {
        .area = asked->area, .from = testing_time(asked->from), .to = testing_time(asked->to)};
    assert_int_equal(mt_source_dataset_find(&t.cx, &query.dataset, t.source, dataset), MT_OK);
    mt_code code = testing_try(&t, NULL, &query);
    if (code != wanted) fail_msg("code %d, not %d: %s", code, wanted, t.cx.err);
    if (!strstr(t.cx.err, says)) fail_msg("\"%s\" does not say \"%s\"", t.cx.err, says);
    assert_null(strstr(t.cx.err, TESTING_SECRET_START));
    assert_null(strstr(t.log, TESTING_SECRET_START));
    testing_end(&t);
}

/* Is the row of this kind, area and detail? NULL: any. */
TESTING bool testing_is(const mt_table *rows, size_t k, const char *kind, const char *area,
                        const char *detail)
{
    const char *const want[] = {kind, area, detail};
    static const char *const column[] = {"kind", "area", "detail"};
    for (int i = 0; i < 3; i++) {
        mt_value value = mt_table_get(rows, k, mt_table_column(rows, column[i]));
        if (want[i] && !mt_text_equal(value.as.text, want[i])) return false;
    }
    return true;
}

TESTING size_t testing_rows(const mt_table *rows, const char *kind, const char *area, const char *detail)
{
    size_t n = 0;
    for (size_t k = 0; k < rows->n; k++) n += testing_is(rows, k, kind, area, detail);
    return n;
}

/* The value of the last such row that starts at `start`; NaN: missing, or no such row (see testing_rows). */
TESTING double testing_value(const mt_table *rows, const char *kind, const char *area, const char *detail,
                             const char *start)
{
    double value = NAN;
    for (size_t k = 0; k < rows->n; k++) {
        int64_t at = mt_table_get(rows, k, mt_table_column(rows, "start")).as.integer;
        if (at == testing_time(start) && testing_is(rows, k, kind, area, detail))
            value = mt_table_real(rows, k, mt_table_column(rows, "value"));
    }
    return value;
}

#endif
