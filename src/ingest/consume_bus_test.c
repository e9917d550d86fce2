/* Consuming from a bus: what an earlier subscription still brings becomes a dead letter, and is not lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ingest/testing.h"
#include "stream/testing.h"

struct scene {
    reading r;
    testing_part part;
    char url[300], settings[96];
    const char *topic;
};

static void open_scene(struct scene *s, const char *topic)
{
    s->topic = topic;
    mt_ctx_close(&s->r.cx);
    testing_ctx(&s->r.cx, NULL);
    s->r.options.stream.url = s->url;
    s->r.options.stream.topic = &s->topic;
    s->r.options.stream.n_topic = 1;
    s->r.options.stream.settings_path = s->settings;
}

static void send_readings(const struct scene *s, const char *topic, int from, int to)
{
    mt_ctx cx;
    mt_producer *producer = NULL;
    const mt_producer_options options = {.size = sizeof options, .url = s->url};
    testing_ctx(&cx, NULL);
    TESTING_OK(&cx, mt_producer_open(&cx, &producer, &options));
    for (int k = from; k < to; k++) {
        char text[80];
        snprintf(text, sizeof text, "{\"t\":%d,\"site\":\"a\",\"v\":1}", 1700000000 + k);
        TESTING_OK(&cx, mt_producer_send(&cx, producer, topic, (mt_text){NULL, 0}, mt_text_of(text)));
    }
    TESTING_OK(&cx, mt_producer_flush(&cx, producer));
    mt_producer_close(producer);
    mt_ctx_close(&cx);
}

/* Though the mapping is for every topic. */
static void bus__what_was_not_asked_for_is_a_dead_letter(void **state)
{
    testing *t = *state;
    static struct scene s;
    memset(&s, 0, sizeof s);
    reading_open(&s.r, t, "bus");
    if (!testing_start_mosquitto(&s.part, t->dir, "")) {
        testing_stop(&s.part, SIGKILL);
        reading_close(&s.r);
        print_message("skipped: mosquitto is not installed\n");
        skip();
    }
    snprintf(s.url, sizeof s.url, "mqtt://%s", s.part.address);
    snprintf(s.settings, sizeof s.settings, "%s/client.conf", t->dir);
    testing_write_file(s.settings, "client_id=desk\n");
    open_scene(&s, "old/#");
    reading_run(&s.r);
    send_readings(&s, "old/power", 0, 10);
    open_scene(&s, "new/#");
    reading_run(&s.r);
    send_readings(&s, "new/power", 10, 20);
    send_readings(&s, "old/power", 20, 30);
    send_readings(&s, "new/power", 30, 40);
    reading_run(&s.r);
    assert_int_equal(s.r.counts.messages, 30);
    assert_int_equal(s.r.counts.dead, 10);
    assert_int_equal(reading_count(&s.r, "count(*)"), 20);
    assert_int_equal(testing_count(t, "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE topic = "
                                      "'old/power' AND reason LIKE 'not asked for%'"),
                     20);
    testing_stop(&s.part, SIGKILL);
    reading_close(&s.r);
}

/* One engine is enough: sessions are no matter of the store. */
int main(void)
{
    testing t;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(bus__what_was_not_asked_for_is_a_dead_letter, &t),
    };
    int failed = 1;
    if (testing_begin(&t, &mt_backend_duckdb) && testing_set_up(&t) == 0)
        failed = cmocka_run_group_tests_name("a bus", tests, NULL, NULL);
    testing_end(&t);
    return failed;
}
