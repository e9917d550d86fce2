/* Messages of several topics become observations; hours that come twice or never lose nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ingest/testing.h"
#include "store/data/series_store.h"

#include <inttypes.h>
#include <math.h>

/* One batch straight through the consumer, as mt_consume would do it. */
static void take(testing *t, const mt_consumer *consumer, const mt_message *message, size_t n,
                 const char **fault)
{
    mt_batch *batch;
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    mt_code code = consumer->take(&t->cx, consumer->arg, batch, message, n, fault);
    if (code == MT_OK) code = mt_batch_commit(&t->cx, batch, NULL, NULL);
    consumer->done(&t->cx, consumer->arg, code == MT_OK);
    mt_batch_close(batch);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
}

static mt_message message_of(const char *topic, const char *value)
{
    return (mt_message){.topic = mt_text_of(topic),
                        .time = 1700000000 * MT_US_SECOND,
                        .value = value ? mt_text_of(value) : (mt_text){NULL, 0}};
}

static int64_t count(testing *t, const char *source)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT CAST(count(*) AS BIGINT) FROM observation o JOIN series s ON s.id = o.series_id WHERE "
             "s.source = '%s'",
             source);
    return testing_count(t, sql);
}

static void mapped__takes_each_topic_by_its_mapping(void **state)
{
    testing *t = *state;
    mt_mapped_topics *mapped;
    const char *fault[4] = {NULL, NULL, NULL, NULL};
    mt_mapping readings = {.source = "by-topic",
                           .time_field = "t",
                           .epoch = MT_EPOCH_SECONDS,
                           .area_field = "site",
                           .value = reading_value,
                           .n_value = 1};
    mt_mapping others = readings;
    others.source = "by-star";
    const mt_topic_mapping topic[] = {{"*", &others}, {"meters", &readings}};
    const mt_message message[] = {message_of("meters", "{\"t\":1,\"site\":\"a\",\"v\":1}"),
                                  message_of("sites", "{\"t\":1,\"site\":\"a\",\"v\":2,\"extra\":\"kept\"}"),
                                  message_of("sites", "{\"t\":2,\"site\":\"a\",\"v\":3}"),
                                  message_of("sites", "{\"t\":3,\"site\":\"a\",\"v\":null}")};
    assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, topic, 2), MT_OK);
    mt_consumer consumer = mt_mapped_consumer(mapped);
    take(t, &consumer, message, 4, fault);
    for (size_t k = 0; k < 3; k++) assert_null(fault[k]);
    assert_int_equal(count(t, "by-topic"), 1);
    assert_int_equal(testing_count(t, "SELECT CAST(count(*) AS BIGINT) FROM observation WHERE payload LIKE "
                                      "'%\"extra\":\"kept\"%'"),
                     1);
    assert_int_equal(mt_mapped_counts(mapped).added, (uint64_t)(1 + count(t, "by-star")));
    mt_mapped_close(mapped);
}

static void mapped__knows_the_topics_of_a_filter(void **state)
{
    testing *t = *state;
    static const struct {
        const char *filter, *topic;
        bool matches;
    } word[] = {{"site/+/meter", "site/7/meter", true},
                {"site/+/meter", "site/7/8/meter", false},
                {"site/+/meter", "site/7/meters", false},
                {"site/#", "site/7/meter", true},
                {"site/#", "site", true},
                {"site/#", "sites/7", false},
                {"#", "any/thing", true},
                {"+", "a/b", false},
                {"$share/g/site/+/m", "site/1/m", true},
                {"site/+", "site", false},
                {"site/+/meter", "site//meter", true}};
    mt_mapping readings = {.source = "by-filter",
                           .time_field = "t",
                           .epoch = MT_EPOCH_SECONDS,
                           .area_field = "site",
                           .value = reading_value,
                           .n_value = 1};
    for (size_t k = 0; k < sizeof word / sizeof *word; k++) {
        const mt_topic_mapping topic[] = {{word[k].filter, &readings}};
        const mt_message message[] = {message_of(word[k].topic, "{\"t\":1,\"site\":\"a\",\"v\":1}")};
        const char *fault[1] = {NULL};
        mt_mapped_topics *mapped;
        assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, topic, 1), MT_OK);
        mt_consumer consumer = mt_mapped_consumer(mapped);
        take(t, &consumer, message, 1, fault);
        if ((fault[0] == NULL) != word[k].matches) fail_msg("%s and %s", word[k].filter, word[k].topic);
        mt_mapped_close(mapped);
    }
}

static void mapped__says_why_a_message_gives_nothing(void **state)
{
    testing *t = *state;
    mt_mapped_topics *mapped;
    const char *fault[4] = {NULL, NULL, NULL, NULL};
    const mt_topic_mapping topic = {"elspot_topic", mt_mapping_find("elspot_topic")};
    const mt_message message[] = {message_of("elspot_topic", NULL), message_of("elspot_topic", " \t "),
                                  message_of("elspot_topic", "[1]"), message_of("weather", "{}")};
    assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, &topic, 1), MT_OK);
    mt_consumer consumer = mt_mapped_consumer(mapped);
    take(t, &consumer, message, 4, fault);
    assert_string_equal(fault[0], "the message has no value (a tombstone)");
    assert_string_equal(fault[1], "the message is empty");
    assert_non_null(fault[2]);
    assert_non_null(strstr(fault[3], "weather"));
    assert_int_equal(mt_mapped_counts(mapped).given, 0);
    mt_mapped_close(mapped);
}

static void mapped__refuses_a_topic_without_a_mapping(void **state)
{
    testing *t = *state;
    mt_mapped_topics *mapped;
    const mt_topic_mapping topic = {"prices", NULL};
    assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, &topic, 1), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "prices"));
    assert_non_null(strstr(t->cx.err, "Elspotprices"));
    mt_ctx_forgive(&t->cx);
}

static void mapped__a_message_read_twice_gives_the_same_rows(void **state)
{
    testing *t = *state;
    mt_mapped_topics *mapped;
    const char *fault[1] = {NULL};
    const mt_topic_mapping topic = {"elspot_topic", mt_mapping_find("elspot_topic")};
    const mt_message message = message_of(
        "elspot_topic", "{\"HourUTC\":\"2031-01-01T00:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":-3.5}");
    assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, &topic, 1), MT_OK);
    mt_consumer consumer = mt_mapped_consumer(mapped);
    take(t, &consumer, &message, 1, fault);
    take(t, &consumer, &message, 1, fault);
    assert_int_equal(mt_mapped_counts(mapped).added, 1);
    assert_int_equal(mt_mapped_counts(mapped).unchanged, 1);
    assert_int_equal(mt_mapped_counts(mapped).kept, 0);
    mt_mapped_close(mapped);
}

/* --- the days of 23 and 25 hours ------------------------------------------------------------------------ */

struct day {
    mt_time from; /* local midnight, UTC */
    int quarters;
};

/* 2025-03-30 begins at 23:00Z the day before and has 23 hours; the last Sundays of October begin at 22:00Z
 * and have 25 (EU Directive 2000/84/EC: changes at 01:00Z). Copenhagen and Berlin agree. */
static const struct day days[] = {
    {1743289200 * MT_US_SECOND, 92}, {1761429600 * MT_US_SECOND, 100}, {1729980000 * MT_US_SECOND, 100}};

/* Millionths, so that sums are exact. */
static int64_t value_of(int day, int quarter)
{
    return (int64_t)day * 1000003 + (int64_t)quarter * 271828 - 9000000;
}

static void put_quarter(FILE *file, int day, int quarter, const char *area)
{
    char utc[40];
    char value[MT_ERR_TEXT_MAX];
    mt_time_text(days[day].from + quarter * 15 * MT_US_MINUTE, utc);
    value[mt_micro_text(value_of(day, quarter), 0, value)] = 0;
    fprintf(file,
            "{\"TimeUTC\":\"%.19s\",\"TimeDK\":\"local\",\"PriceArea\":\"%s\",\"DayAheadPriceEUR\":%s}\n",
            utc, area, value);
}

static int64_t sum_of_rows(testing *t, const char *area, int64_t *n, const struct day *day)
{
    mt_sink *sink;
    mt_table *table;
    int64_t sum = 0;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = "spot_price";
    filter.area = area;
    filter.from = day->from;
    filter.to = day->from + day->quarters * 15 * MT_US_MINUTE;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_series_read(&t->cx, t->store, &filter, sink), MT_OK);
    mt_sink_close(sink);
    int value = mt_table_column(table, "value");
    for (size_t k = 0; k < table->n; k++) sum += llround(mt_table_real(table, k, value) * 1e6);
    *n = (int64_t)table->n;
    return sum;
}

static void mapped__conserves_count_and_sum_over_clock_changes(void **state)
{
    static const char *const area[] = {"DK1", "DE"};
    reading r;
    reading_open(&r, *state, "clock");
    const mt_topic_mapping topic = {"*", mt_mapping_find("DayAheadPrices")};
    mt_mapped_close(r.mapped);
    assert_int_equal(mt_mapped_open(&r.cx, &r.mapped, r.t->store, &topic, 1), MT_OK);
    r.options.consumer = mt_mapped_consumer(r.mapped);
    r.options.batch_max = 37;
    FILE *file = fopen(r.path, "w");
    assert_non_null(file);
    for (int day = 0; day < 3; day++)
        for (int quarter = 0; quarter < days[day].quarters; quarter++)
            for (int k = 0; k < 2; k++) put_quarter(file, day, quarter, area[k]);
    assert_int_equal(fclose(file), 0);
    reading_run(&r);
    for (int k = 0; k < 6; k++) {
        int day = k / 2;
        int64_t sum = 0, n;
        for (int quarter = 0; quarter < days[day].quarters; quarter++) sum += value_of(day, quarter);
        assert_int_equal(sum_of_rows(r.t, area[k % 2], &n, &days[day]), sum);
        assert_int_equal(n, days[day].quarters);
    }
    reading_close(&r);
}

/* Local times alone cannot tell the two hours of autumn apart: the second of them would overwrite the first,
 * so all eight quarters are kept as dead letters. In spring no time is lost. */
static void mapped__keeps_ambiguous_local_times_as_dead_letters(void **state)
{
    static const int hour[] = {1, 2, 2, 3};
    reading r;
    reading_open(&r, *state, "twice");
    r.mapping.time_zone = "Europe/Copenhagen";
    r.mapping.epoch = MT_EPOCH_TEXT;
    mt_mapped_close(r.mapped);
    const mt_topic_mapping topic = {"*", &r.mapping};
    assert_int_equal(mt_mapped_open(&r.cx, &r.mapped, r.t->store, &topic, 1), MT_OK);
    r.options.consumer = mt_mapped_consumer(r.mapped);
    FILE *file = fopen(r.path, "w");
    assert_non_null(file);
    for (int k = 0; k < 16; k++)
        fprintf(file, "{\"t\":\"2025-10-26T%02d:%02d:00\",\"site\":\"a\",\"v\":%d}\n", hour[k / 4],
                k % 4 * 15, k);
    for (int k = 0; k < 8; k++)
        fprintf(file, "{\"t\":\"2025-03-30T%02d:%02d:00\",\"site\":\"a\",\"v\":%d}\n", k < 4 ? 1 : 3,
                k % 4 * 15, k);
    assert_int_equal(fclose(file), 0);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 24);
    assert_int_equal(r.counts.dead, 8);
    assert_int_equal(reading_count(&r, "count(*)"), 16);
    assert_int_equal(reading_letters(&r, "message LIKE '%2025-10-26T02:%'"), 8);
    reading_close(&r);
}

/* Messages of sites that were never met, without a value: they give names and no rows. */
static mt_message *make_sites(int from, int n)
{
    enum { LENGTH = 48 };
    mt_message *message = calloc((size_t)n, sizeof *message);
    char *text = malloc((size_t)n * LENGTH);
    assert_non_null(message);
    assert_non_null(text);
    for (int k = 0; k < n; k++) {
        char *at = text + (size_t)k * LENGTH;
        snprintf(at, LENGTH, "{\"t\":1,\"site\":\"s%d\",\"v\":null}", from + k);
        message[k] = message_of("meters", at);
    }
    return message;
}

static void free_sites(mt_message *message)
{
    free((char *)(uintptr_t)message->value.at);
    free(message);
}

/* More names than a mapper has room for, in many batches: each still counts. In one batch they are too many,
 * and the batch comes back in halves. */
static void mapped__never_runs_out_of_names(void **state)
{
    enum { BATCH = 1 << 17, LARGE = (1 << 20) + 8 };
    testing *t = *state;
    mt_mapped_topics *mapped;
    mt_batch *batch;
    mt_mapping readings = {.name = "readings",
                           .source = "names",
                           .time_field = "t",
                           .epoch = MT_EPOCH_SECONDS,
                           .area_field = "site",
                           .value = reading_value,
                           .n_value = 1};
    const mt_topic_mapping topic[] = {{"meters", &readings}};
    const char **fault = calloc(LARGE, sizeof *fault);
    assert_non_null(fault);
    assert_int_equal(mt_mapped_open(&t->cx, &mapped, t->store, topic, 1), MT_OK);
    mt_consumer consumer = mt_mapped_consumer(mapped);
    for (int from = 0; from < LARGE; from += BATCH) {
        mt_message *message = make_sites(from, BATCH);
        take(t, &consumer, message, BATCH, fault);
        for (int k = 0; k < BATCH; k++)
            if (fault[k]) fail_msg("site %d: %s", from + k, fault[k]);
        free_sites(message);
    }
    mt_message *message = make_sites(1 << 24, LARGE);
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    assert_int_equal(consumer.take(&t->cx, consumer.arg, batch, message, LARGE, fault), MT_E_TOO_LARGE);
    consumer.done(&t->cx, consumer.arg, false);
    mt_batch_close(batch);
    free_sites(message);
    mt_ctx_forgive(&t->cx);
    mt_message last = message_of("meters", "{\"t\":1,\"site\":\"the last\",\"v\":1}");
    fault[0] = NULL;
    take(t, &consumer, &last, 1, fault);
    assert_null(fault[0]);
    assert_int_equal(count(t, "names"), 1);
    mt_mapped_close(mapped);
    free(fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapped__takes_each_topic_by_its_mapping),
        cmocka_unit_test(mapped__knows_the_topics_of_a_filter),
        cmocka_unit_test(mapped__says_why_a_message_gives_nothing),
        cmocka_unit_test(mapped__refuses_a_topic_without_a_mapping),
        cmocka_unit_test(mapped__a_message_read_twice_gives_the_same_rows),
        cmocka_unit_test(mapped__conserves_count_and_sum_over_clock_changes),
        cmocka_unit_test(mapped__keeps_ambiguous_local_times_as_dead_letters),
        cmocka_unit_test(mapped__never_runs_out_of_names),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "mapped");
}
