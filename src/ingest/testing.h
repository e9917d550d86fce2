/* What the tests of this folder share: a stream in a file, a mapping of readings, a run, what is stored.
 *
 * Purpose   Included by tests only, after store/testing.h. A test names itself; its file, its group and the
 *           source of its rows carry that name, so that tests share a store without meeting.
 */
#ifndef MT_INGEST_TESTING_H
#define MT_INGEST_TESTING_H

#include <fcntl.h>
#include <time.h>

#include "ingest/mapped.h"

typedef struct reading {
    testing *t;
    char path[160], url[176];
    const char *name;
    mt_mapping mapping;
    mt_mapped_topics *mapped;
    mt_ctx cx;
    mt_consume_options options;
    mt_consume_counts counts;
} reading;

static const mt_map_value reading_value[] = {{.field = "v", .kind = "reading", .unit = "kWh"}};

__attribute__((unused)) static int64_t reading_clock(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

__attribute__((unused)) static void reading_open(reading *r, testing *t, const char *name)
{
    memset(r, 0, sizeof *r);
    r->t = t;
    r->name = name;
    snprintf(r->path, sizeof r->path, "%s/%s.ndjson", t->dir, name);
    snprintf(r->url, sizeof r->url, "file:%s", r->path);
    r->mapping = (mt_mapping){.name = "readings",
                              .source = name,
                              .time_field = "t",
                              .epoch = MT_EPOCH_SECONDS,
                              .area_field = "site",
                              .value = reading_value,
                              .n_value = 1};
    mt_ctx_init(&r->cx, NULL);
    const mt_topic_mapping topic = {"*", &r->mapping};
    assert_int_equal(mt_mapped_open(&r->cx, &r->mapped, t->store, &topic, 1), MT_OK);
    r->options = (mt_consume_options){
        .size = sizeof r->options,
        .store = t->store,
        .stream = {.size = sizeof r->options.stream, .url = r->url, .group = name, .until_end = true},
        .consumer = mt_mapped_consumer(r->mapped),
        .batch_wait_us = 20000,
        .monotonic_us = reading_clock};
}

__attribute__((unused)) static void reading_close(reading *r)
{
    mt_mapped_close(r->mapped);
    mt_ctx_close(&r->cx);
    unlink(r->path);
}

__attribute__((unused)) static void reading_write(const reading *r, const char *text)
{
    FILE *file = fopen(r->path, "a");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Messages from … to - 1, each of another moment. */
__attribute__((unused)) static void reading_produce(const reading *r, int from, int to)
{
    FILE *file = fopen(r->path, "a");
    assert_non_null(file);
    for (int k = from; k < to; k++)
        fprintf(file, "{\"t\":%d,\"site\":\"s%d\",\"v\":%d.5}\n", 1700000000 + k, k % 7, k);
    assert_int_equal(fclose(file), 0);
}

__attribute__((unused)) static void reading_run(reading *r)
{
    mt_code code = mt_consume(&r->cx, &r->options, &r->counts);
    if (code != MT_OK) fail_msg("%s: %s", r->name, r->cx.err);
}

__attribute__((unused)) static int64_t reading_count(const reading *r, const char *what)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT CAST(%s AS BIGINT) FROM observation o JOIN series s ON s.id = o.series_id WHERE "
             "s.source = '%s'",
             what, r->name);
    return testing_count(r->t, sql);
}

__attribute__((unused)) static int64_t reading_letters(const reading *r, const char *where)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE topic = '%s.ndjson' AND %s", r->name,
             where);
    return testing_count(r->t, sql);
}

/* Rows 0 … n - 1, each once and with its own value; the position behind the file's last byte. */
__attribute__((unused)) static void reading_check(const reading *r, int64_t n)
{
    char sql[300];
    struct stat st;
    assert_int_equal(reading_count(r, "count(*)"), n);
    assert_int_equal(reading_count(r, "count(DISTINCT o.value)"), n);
    assert_int_equal(reading_count(r, "sum(o.value * 2)"), n * (n - 1) + n);
    snprintf(sql, sizeof sql, "SELECT next_offset FROM stream_offset WHERE consumer = '%s'", r->name);
    assert_int_equal(stat(r->path, &st), 0);
    assert_int_equal(testing_count(r->t, sql), st.st_size);
}

#endif
