/* A consumer that kills itself where it is told to: what the fault campaign runs, again and again.
 *
 * Purpose   consumer KEY=VALUE… reads a stream into a store by the campaign's mapping:
 *               store=URL stream=URL          where to and from
 *               topic=NAME group=NAME         of a broker
 *               settings=PATH                 of the broker's client
 *               dead=NAME                     a topic for dead letters
 *               batch=N                       messages in a batch at most
 *               make=1                        only makes the store and its table of tallies
 *               end=1                         ends at the stream's end; else at SIGTERM
 *               point=WORD count=N            dies by SIGKILL the N-th time it comes to received,
 *                                             inside, committed or rebalance
 *           Every batch leaves a row in fault_tally inside its transaction: a batch that is stored twice
 *           shows there, although merged rows would not change. Its last line is "messages N dead N dropped N
 *           retries N".
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "faults/messages.h"
#include "ingest/mapped.h"

static const char *const points[MT_CONSUME_POINTS] = {"received", "inside", "committed", "rebalance"};

struct consumer {
    const char *store, *stream, *topic, *group, *settings, *dead;
    long batch, end, count, make;
    int point; /* -1: none */
    long met;
    mt_consumer mapped;
    int64_t messages, sum; /* of the batch in hand */
    mt_ctx cx;
};

static int64_t monotonic_us(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void log_line(void *arg, mt_log_level level, const char *text)
{
    (void)arg;
    if (level >= MT_LOG_INFO) fprintf(stderr, "consumer %ld: %s\n", (long)getpid(), text);
}

static void die_there(void *arg, mt_consume_point point)
{
    struct consumer *c = arg;
    if ((int)point == c->point && ++c->met == c->count) kill(getpid(), SIGKILL);
}

static mt_code take(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                    const char **fault)
{
    struct consumer *c = arg;
    c->messages = (int64_t)n;
    c->sum = 0;
    for (size_t k = 0; k < n; k++) c->sum += message_number(message[k].value);
    return c->mapped.take(cx, c->mapped.arg, batch, message, n, fault);
}

static mt_code commit(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct consumer *c = arg;
    const mt_param param[] = {mt_param_int(c->messages), mt_param_int(c->sum)};
    return mt_tx_exec(cx, tx, NULL, "INSERT INTO fault_tally (messages, numbers) VALUES ($1, $2)", param, 2);
}

static void done(mt_ctx *cx, void *arg, bool ok)
{
    const struct consumer *c = arg;
    c->mapped.done(cx, c->mapped.arg, ok);
}

static void read_arguments(struct consumer *c, int argc, char **argv)
{
    const struct {
        const char *key;
        const char **text;
        long *number;
    } known[] = {{"store", &c->store, NULL}, {"stream", &c->stream, NULL},     {"topic", &c->topic, NULL},
                 {"group", &c->group, NULL}, {"settings", &c->settings, NULL}, {"batch", NULL, &c->batch},
                 {"end", NULL, &c->end},     {"count", NULL, &c->count},       {"make", NULL, &c->make},
                 {"dead", &c->dead, NULL}};
    for (int k = 1; k < argc; k++) {
        char *value = strchr(argv[k], '=');
        if (!value) continue;
        *value++ = 0;
        for (size_t j = 0; j < sizeof known / sizeof *known; j++) {
            if (strcmp(known[j].key, argv[k]) != 0) continue;
            if (known[j].text) *known[j].text = value;
            if (known[j].number) *known[j].number = strtol(value, NULL, 10);
        }
        for (int j = 0; j < MT_CONSUME_POINTS; j++)
            if (strcmp(argv[k], "point") == 0 && strcmp(value, points[j]) == 0) c->point = j;
    }
}

static mt_code consume(struct consumer *c, mt_store *store)
{
    mt_mapped_topics *mapped;
    mt_consume_counts counts = {0, 0, 0, 0, 0};
    const mt_topic_mapping topic = {"*", &message_mapping};
    MT_TRY(mt_mapped_open(&c->cx, &mapped, store, &topic, 1));
    c->mapped = mt_mapped_consumer(mapped);
    const mt_consume_options options = {.size = sizeof options,
                                        .store = store,
                                        .stream = {.size = sizeof options.stream,
                                                   .url = c->stream,
                                                   .topic = c->topic ? &c->topic : NULL,
                                                   .n_topic = c->topic ? 1 : 0,
                                                   .group = c->group,
                                                   .settings_path = c->settings,
                                                   .until_end = c->end},
                                        .dead_topic = c->dead,
                                        .consumer = {.take = take, .commit = commit, .done = done, .arg = c},
                                        .batch_max = (size_t)c->batch,
                                        .batch_wait_us = 20000,
                                        .monotonic_us = monotonic_us,
                                        .probe = die_there,
                                        .probe_arg = c};
    mt_code code = mt_consume(&c->cx, &options, &counts);
    mt_mapped_close(mapped);
    printf("messages %llu dead %llu dropped %llu retries %llu\n", (unsigned long long)counts.messages,
           (unsigned long long)counts.dead, (unsigned long long)counts.dropped,
           (unsigned long long)counts.retries);
    return code;
}

/* Cancelling takes locks, so a thread waits for the signal. */
static void *wait_for_end(void *arg)
{
    int got;
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigwait(&wanted, &got);
    mt_ctx_cancel(arg);
    return NULL;
}

static mt_code make_tally(mt_ctx *cx, mt_tx *tx, void *arg)
{
    (void)arg;
    return mt_tx_exec(cx, tx, NULL, "CREATE TABLE fault_tally (messages BIGINT, numbers BIGINT)", NULL, 0);
}

static int run(struct consumer *c)
{
    mt_store *store = NULL;
    const mt_store_options options = {
        .size = sizeof options, .url = c->store, .temp_dir = "/tmp", .threads = 1};
    mt_code code = mt_store_open(&c->cx, &store, &options);
    if (code == MT_OK && c->make) code = mt_store_write(&c->cx, store, make_tally, NULL);
    if (code == MT_OK && !c->make) code = consume(c, store);
    if (code != MT_OK) fprintf(stderr, "consumer %ld: %s\n", (long)getpid(), c->cx.err);
    mt_store_close(store);
    return mt_code_exit(code);
}

int main(int argc, char **argv)
{
    struct consumer c = {.group = "faults", .batch = 50, .count = 1, .point = -1};
    const mt_ctx_options options = {.size = sizeof options, .log = log_line};
    pthread_t thread;
    sigset_t wanted;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write */
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    read_arguments(&c, argc, argv);
    if (!c.store || (!c.stream && !c.make)) return 2;
    mt_ctx_init(&c.cx, &options);
    if (pthread_create(&thread, NULL, wait_for_end, &c.cx) != 0) return 1;
    int status = run(&c);
    fflush(stdout);
    _exit(status); /* the waiting thread has nothing to give back */
}
