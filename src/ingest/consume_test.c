/* Exactly once: what mt_consume promises, with real files, real engines and failures on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ingest/testing.h"

#include <pthread.h>

/* A consumer around the mapped one that fails where a test says so. */
struct around {
    mt_consumer inner;
    reading *r;
    int fail_commits;   /* the next commits say that the store is away */
    const char *poison; /* take refuses messages with this text */
    mt_code refusal;    /* take says this of everything; MT_OK: nothing */
    bool taken;         /* the last take succeeded, and its done has not come */
    int bare_commits;   /* without such a take */
    const char *clash;  /* the commit of a message with this text breaks a constraint, every time */
    bool clashes;       /* the batch in hand has one */
    bool steal;         /* after a failed commit another consumer stores the same messages */
    int kept, let_go;   /* calls of done */
};

static mt_code around_take(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                           const char **fault)
{
    struct around *a = arg;
    if (a->refusal != MT_OK) return mt_fail(cx, a->refusal, "nothing is taken here");
    for (size_t k = 0; a->poison && k < n; k++)
        if (memmem(message[k].value.at, message[k].value.length, a->poison, strlen(a->poison)))
            return mt_fail(cx, MT_E_INPUT, "somebody put %s in it", a->poison);
    a->taken = true;
    a->clashes = false;
    for (size_t k = 0; a->clash && k < n; k++)
        a->clashes |=
            memmem(message[k].value.at, message[k].value.length, a->clash, strlen(a->clash)) != NULL;
    return a->inner.take(cx, a->inner.arg, batch, message, n, fault);
}

static mt_code around_commit(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct around *a = arg;
    (void)tx;
    a->bare_commits += !a->taken;
    if (a->clashes) return mt_fail(cx, MT_E_CONFLICT, "a row breaks the rule of the house");
    return a->fail_commits-- > 0 ? mt_fail(cx, MT_E_IO, "the disk is on holiday") : MT_OK;
}

/* All that is there, as another process with the same group would. */
static void steal(const reading *r)
{
    reading other = *r;
    const mt_topic_mapping topic = {"*", &other.mapping};
    mt_ctx_init(&other.cx, NULL);
    assert_int_equal(mt_mapped_open(&other.cx, &other.mapped, r->t->store, &topic, 1), MT_OK);
    other.options.consumer = mt_mapped_consumer(other.mapped);
    other.options.probe = NULL;
    other.options.committed = NULL;
    reading_run(&other);
    mt_mapped_close(other.mapped);
    mt_ctx_close(&other.cx);
}

static void around_done(mt_ctx *cx, void *arg, bool ok)
{
    struct around *a = arg;
    a->inner.done(cx, a->inner.arg, ok);
    a->taken = false;
    a->kept += ok;
    a->let_go += !ok;
    if (!ok && a->steal) steal(a->r);
    a->steal = false;
}

static struct around go_around(reading *r)
{
    return (struct around){.inner = r->options.consumer, .r = r};
}

static void set_around(reading *r, struct around *a)
{
    r->options.consumer =
        (mt_consumer){.take = around_take, .commit = around_commit, .done = around_done, .arg = a};
}

static void consume__stores_every_message_once(void **state)
{
    reading r;
    reading_open(&r, *state, "once");
    r.options.batch_max = 700;
    reading_produce(&r, 0, 5000);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 5000);
    assert_true(r.counts.batches >= 8);
    reading_check(&r, 5000);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 0);
    reading_check(&r, 5000);
    assert_int_equal(mt_mapped_counts(r.mapped).added, 5000);
    reading_close(&r);
}

static void consume__goes_on_where_the_store_says(void **state)
{
    reading r;
    reading_open(&r, *state, "on");
    reading_produce(&r, 0, 100);
    reading_run(&r);
    reading_produce(&r, 100, 250);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 150);
    reading_check(&r, 250);
    reading_close(&r);
}

static void consume__keeps_what_it_cannot_use_with_the_reason(void **state)
{
    reading r;
    reading_open(&r, *state, "letters");
    reading_produce(&r, 0, 10);
    reading_write(&r, "{\"t\":1,\n\n{\"t\":\"soon\",\"site\":\"a\",\"v\":1}\n\xff{\"t\":5}\n");
    reading_produce(&r, 10, 20);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 24);
    assert_int_equal(r.counts.dead, 4);
    reading_check(&r, 20);
    assert_int_equal(reading_letters(&r, "length(reason) > 5"), 4);
    assert_int_equal(reading_letters(&r, "message = '{\"t\":1,'"), 1);
    assert_int_equal(reading_letters(&r, "message = '' AND reason LIKE '%empty%'"), 1);
    assert_int_equal(reading_letters(&r, "message LIKE '%{\"t\":5}'"), 1);
    reading_run(&r);
    assert_int_equal(reading_letters(&r, "1 = 1"), 4);
    reading_close(&r);
}

static void consume__tries_again_while_the_store_is_away(void **state)
{
    reading r;
    reading_open(&r, *state, "away");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.fail_commits = 3;
    reading_produce(&r, 0, 300);
    reading_run(&r);
    assert_int_equal(r.counts.retries, 3);
    assert_int_equal(a.let_go, 3);
    assert_int_equal(a.kept, r.counts.batches);
    reading_check(&r, 300);
    reading_close(&r);
}

struct once {
    reading *r;
    bool over;
};

static void steal_first(void *arg, mt_consume_point point)
{
    struct once *once = arg;
    if (once->over || point != MT_CONSUME_RECEIVED) return;
    once->over = true;
    steal(once->r);
}

static void consume__drops_what_another_consumer_has_stored(void **state)
{
    reading r;
    reading_open(&r, *state, "other");
    struct once once = {&r, false};
    r.options.batch_max = 100;
    r.options.probe = steal_first;
    r.options.probe_arg = &once;
    reading_produce(&r, 0, 1000);
    reading_run(&r);
    assert_int_equal(r.counts.dropped, 1);
    assert_int_equal(r.counts.messages, 0);
    reading_check(&r, 1000);
    reading_close(&r);
}

static void consume__finds_a_batch_stored_whose_answer_was_lost(void **state)
{
    reading r;
    reading_open(&r, *state, "answer");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.fail_commits = 1;
    a.steal = true;
    reading_produce(&r, 0, 400);
    reading_run(&r);
    assert_int_equal(r.counts.dropped, 0);
    assert_int_equal(r.counts.messages, 400);
    assert_int_equal(a.kept, 1);
    reading_check(&r, 400);
    reading_close(&r);
}

static void cancel_inside(void *arg, mt_consume_point point)
{
    if (point == MT_CONSUME_INSIDE) mt_ctx_cancel(arg);
}

static void consume__finishes_the_batch_in_hand_when_cancelled(void **state)
{
    reading r;
    reading_open(&r, *state, "cancel");
    r.options.batch_max = 100;
    r.options.stream.until_end = false;
    r.options.probe = cancel_inside;
    r.options.probe_arg = &r.cx;
    reading_produce(&r, 0, 1000);
    reading_run(&r);
    assert_int_equal(r.cx.code, MT_OK);
    assert_int_equal(r.counts.messages, 100);
    assert_int_equal(reading_count(&r, "count(*)"), 100);
    mt_ctx_close(&r.cx);
    mt_ctx_init(&r.cx, NULL);
    r.options.stream.until_end = true;
    r.options.probe = NULL;
    reading_run(&r);
    reading_check(&r, 1000);
    reading_close(&r);
}

static void *cancel_soon(void *arg)
{
    nanosleep(&(struct timespec){0, 150000000}, NULL);
    mt_ctx_cancel(arg);
    return NULL;
}

static void consume__ends_when_cancelled_while_the_store_is_away(void **state)
{
    reading r;
    pthread_t thread;
    reading_open(&r, *state, "patience");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.fail_commits = 1000000;
    reading_produce(&r, 0, 10);
    int64_t start = reading_clock(NULL);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &r.cx), 0);
    reading_run(&r);
    pthread_join(thread, NULL);
    assert_true(reading_clock(NULL) - start < 3000000);
    assert_int_equal(r.counts.messages, 0);
    assert_int_equal(a.kept, 0);
    assert_int_equal(reading_count(&r, "count(*)"), 0);
    reading_close(&r);
}

static void consume__finds_the_one_message_that_is_refused(void **state)
{
    reading r;
    reading_open(&r, *state, "poison");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.poison = "arsenic";
    reading_produce(&r, 0, 333);
    reading_write(&r, "{\"t\":1,\"site\":\"arsenic\",\"v\":1}\n");
    reading_produce(&r, 333, 500);
    reading_run(&r);
    assert_int_equal(r.counts.messages, 501);
    assert_int_equal(r.counts.dead, 1);
    assert_int_equal(reading_letters(&r, "reason = 'somebody put arsenic in it'"), 1);
    assert_int_equal(a.bare_commits, 0); /* nothing was taken of it: the consumer has nothing to commit */
    assert_int_equal(mt_mapped_counts(r.mapped).given, 500);
    reading_check(&r, 500);
    reading_close(&r);
}

/* A conflict that is no moved position does not pass: it is not waited for for ever. */
static void consume__finds_the_one_message_that_breaks_a_constraint(void **state)
{
    reading r;
    reading_open(&r, *state, "clash");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.clash = "clash";
    reading_produce(&r, 0, 20);
    reading_write(&r, "{\"t\":1,\"site\":\"clash\",\"v\":1}\n");
    reading_produce(&r, 20, 30);
    r.cx.options.monotonic_us = reading_clock;
    r.cx.options.deadline_us = reading_clock(NULL) + 20000000;
    reading_run(&r);
    assert_int_equal(r.counts.messages, 31);
    assert_int_equal(r.counts.dead, 1);
    assert_int_equal(r.counts.dropped, 0);
    assert_int_equal(reading_letters(&r, "reason = 'a row breaks the rule of the house'"), 1);
    reading_check(&r, 30);
    reading_close(&r);
}

static void consume__ends_when_everything_is_refused(void **state)
{
    reading r;
    reading_open(&r, *state, "refused");
    struct around a = go_around(&r);
    set_around(&r, &a);
    a.refusal = MT_E_SHAPE;
    reading_produce(&r, 0, 200);
    assert_int_equal(mt_consume(&r.cx, &r.options, &r.counts), MT_E_SHAPE);
    assert_string_equal(r.cx.err, "nothing is taken here");
    assert_int_equal(r.counts.dead, 100);
    reading_close(&r);
}

static void consume__refuses_a_dead_letter_topic_that_would_come_back(void **state)
{
    reading r;
    const char *const topic[] = {"prices"};
    reading_open(&r, *state, "loop");
    reading_produce(&r, 0, 1);
    r.options.dead_topic = "dead";
    assert_int_equal(mt_consume(&r.cx, &r.options, &r.counts), MT_E_INPUT);
    r.options.stream = (mt_stream_options){
        .size = sizeof r.options.stream, .url = "kafka://127.0.0.1:1", .topic = topic, .n_topic = 1};
    r.options.dead_topic = "prices";
    assert_int_equal(mt_consume(&r.cx, &r.options, &r.counts), MT_E_INPUT);
    reading_close(&r);
}

static void consume__keeps_no_memory_of_batches(void **state)
{
    reading r;
    reading_open(&r, *state, "memory");
    r.options.batch_max = 20;
    reading_produce(&r, 0, 20);
    reading_run(&r);
    size_t held = r.cx.arena.held_bytes;
    reading_produce(&r, 20, 1500);
    reading_run(&r);
    assert_true(r.counts.batches >= 74);
    assert_true(r.cx.arena.held_bytes <= held + 65536);
    reading_check(&r, 1500);
    reading_close(&r);
}

static void consume__shows_what_it_does(void **state)
{
    reading r;
    mt_metrics *metrics;
    reading_open(&r, *state, "watched");
    assert_int_equal(mt_metrics_open(&r.cx, &metrics), MT_OK);
    r.options.metrics = metrics;
    reading_produce(&r, 0, 50);
    reading_write(&r, "no json\n");
    reading_run(&r);
    const char *label = "group=\"watched\"";
    assert_int_equal(mt_metric_value(mt_metric_counter(metrics, "merit_consume_messages_total", "", label)),
                     51);
    assert_int_equal(mt_metric_value(mt_metric_counter(metrics, "merit_consume_rows_total", "", label)), 50);
    assert_int_equal(mt_metric_value(mt_metric_counter(metrics, "merit_consume_dead_total", "", label)), 1);
    assert_int_equal(mt_metric_value(mt_metric_counter(metrics, "merit_consume_batches_total", "", label)),
                     r.counts.batches);
    assert_int_equal(mt_metric_value(mt_metric_gauge(metrics, "merit_consume_lag_messages", "", label)), 0);
    mt_metrics_close(metrics);
    reading_close(&r);
}

/* Two of one group that read different topics show what each of them does. */
static void consume__tells_consumers_of_one_group_apart(void **state)
{
    reading r;
    mt_metrics *metrics;
    reading_open(&r, *state, "shared");
    assert_int_equal(mt_metrics_open(&r.cx, &metrics), MT_OK);
    r.options.metrics = metrics;
    for (int k = 0; k < 2; k++) {
        char label[80];
        r.options.name = k ? "kafka://h a" : "kafka://h b";
        reading_produce(&r, k * 50, k * 50 + 50 + k);
        reading_run(&r);
        snprintf(label, sizeof label, "group=\"shared\",consumer=\"%s\"", r.options.name);
        assert_int_equal(
            mt_metric_value(mt_metric_counter(metrics, "merit_consume_messages_total", "", label)), 50 + k);
    }
    mt_metrics_close(metrics);
    reading_close(&r);
}

static void consume__takes_revisions_in_any_batches(void **state)
{
    reading r;
    reading_open(&r, *state, "revised");
    r.options.batch_max = 3;
    reading_write(&r, "{\"t\":10,\"site\":\"a\",\"v\":1}\n{\"t\":10,\"site\":\"a\",\"v\":2}\n"
                      "{\"t\":20,\"site\":\"a\",\"v\":7}\n{\"t\":10,\"site\":\"a\",\"v\":3}\n");
    reading_run(&r);
    assert_int_equal(reading_count(&r, "count(*)"), 2);
    assert_int_equal(reading_count(&r, "max(o.value)"), 7);
    reading_close(&r);
}

/* --- with a server that is stopped --------------------------------------------------------------------- */

struct outage {
    testing *t;
    pthread_t thread;
    bool over;
};

static void *start_again(void *arg)
{
    testing *t = arg;
    char data[96], options[160];
    snprintf(data, sizeof data, "%s/data", t->dir);
    snprintf(options, sizeof options, "-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=off",
             t->dir);
    const char *start[] = {POSTGRES_BIN "/pg_ctl", "-D", data, "-w", "-o", options, "start", NULL};
    nanosleep(&(struct timespec){0, 200000000}, NULL);
    testing_run(t, start);
    return NULL;
}

static void stop_inside(void *arg, mt_consume_point point)
{
    struct outage *o = arg;
    if (o->over || point != MT_CONSUME_INSIDE) return;
    o->over = true;
    testing_stop_server(o->t);
    o->t->server = true; /* it will run again */
    pthread_create(&o->thread, NULL, start_again, o->t);
}

static void consume__outlives_the_servers_end_in_mid_write(void **state)
{
    reading r;
    struct outage o = {.t = *state};
    if (!o.t->server) skip();
    reading_open(&r, *state, "outage");
    r.options.batch_max = 500;
    r.options.probe = stop_inside;
    r.options.probe_arg = &o;
    reading_produce(&r, 0, 2000);
    reading_run(&r);
    pthread_join(o.thread, NULL);
    assert_true(r.counts.retries > 0);
    assert_int_equal(r.counts.messages, 2000);
    reading_check(&r, 2000);
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consume__stores_every_message_once),
        cmocka_unit_test(consume__goes_on_where_the_store_says),
        cmocka_unit_test(consume__keeps_what_it_cannot_use_with_the_reason),
        cmocka_unit_test(consume__tries_again_while_the_store_is_away),
        cmocka_unit_test(consume__drops_what_another_consumer_has_stored),
        cmocka_unit_test(consume__finds_a_batch_stored_whose_answer_was_lost),
        cmocka_unit_test(consume__finishes_the_batch_in_hand_when_cancelled),
        cmocka_unit_test(consume__ends_when_cancelled_while_the_store_is_away),
        cmocka_unit_test(consume__finds_the_one_message_that_is_refused),
        cmocka_unit_test(consume__finds_the_one_message_that_breaks_a_constraint),
        cmocka_unit_test(consume__ends_when_everything_is_refused),
        cmocka_unit_test(consume__refuses_a_dead_letter_topic_that_would_come_back),
        cmocka_unit_test(consume__keeps_no_memory_of_batches),
        cmocka_unit_test(consume__shows_what_it_does),
        cmocka_unit_test(consume__tells_consumers_of_one_group_apart),
        cmocka_unit_test(consume__takes_revisions_in_any_batches),
        cmocka_unit_test(consume__outlives_the_servers_end_in_mid_write),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "consume");
}
