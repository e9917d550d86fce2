/* Tests of rebalances: partitions move between readers, one is killed, nothing is lost or read twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/kafka/cluster_case.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

static cluster the_cluster;

/* The record that all readers share, as a store would keep it, with the faults that were seen. */
static struct record {
    pthread_mutex_t lock;
    struct {
        int64_t next;
        int owner; /* 0: nobody */
    } part[PARTS];
    bool seen[MANY];
    int n, twice, stolen, foreign, gaps;
} record;

struct member {
    int id;
    char topic[64], settings[96];
    atomic_bool stop;
    atomic_int held; /* partitions */
    int revoked, lost;
    char failure[256];
    testing_log log;
    pthread_t thread;
};

static mt_code member_assigned(mt_ctx *cx, void *arg, mt_position *position, size_t n)
{
    struct member *m = arg;
    (void)cx;
    pthread_mutex_lock(&record.lock);
    for (size_t k = 0; k < n; k++) {
        record.stolen += record.part[position[k].part].owner != 0;
        record.part[position[k].part].owner = m->id;
        position[k].next = record.part[position[k].part].next;
    }
    m->held += (int)n;
    pthread_mutex_unlock(&record.lock);
    return MT_OK;
}

static mt_code member_revoked(mt_ctx *cx, void *arg, const mt_position *position, size_t n, bool lost)
{
    struct member *m = arg;
    (void)cx;
    pthread_mutex_lock(&record.lock);
    for (size_t k = 0; k < n; k++) {
        if (record.part[position[k].part].owner == m->id) record.part[position[k].part].owner = 0;
    }
    m->held -= (int)n;
    m->revoked++;
    m->lost += lost;
    pthread_mutex_unlock(&record.lock);
    return MT_OK;
}

static void record_message(const struct member *m, const mt_message *message)
{
    char text[24];
    snprintf(text, sizeof text, "%.*s", (int)message->value.length, message->value.at);
    int64_t i = strtol(text, NULL, 10);
    pthread_mutex_lock(&record.lock);
    record.foreign += record.part[message->part].owner != m->id;
    record.gaps += record.part[message->part].next != MT_POSITION_START &&
                   record.part[message->part].next != message->position;
    record.part[message->part].next = message->next;
    record.twice += record.seen[i];
    record.seen[i] = true;
    record.n++;
    pthread_mutex_unlock(&record.lock);
}

static int64_t poll_member(mt_ctx *cx, mt_stream *stream, struct member *m)
{
    mt_messages got;
    mt_code code = mt_stream_poll(cx, stream, &got, 50, 20000);
    if (code != MT_OK) {
        snprintf(m->failure, sizeof m->failure, "%.200s", cx->err);
        return -1;
    }
    for (size_t k = 0; k < got.n; k++) record_message(m, &got.at[k]);
    if (got.n > 0) {
        mt_position done = {m->topic, got.at[got.n - 1].part, got.at[got.n - 1].next};
        mt_stream_commit(cx, stream, &done, 1);
    }
    return (int64_t)got.n;
}

static mt_stream *open_member(mt_ctx *cx, struct member *m)
{
    const char *topic = m->topic;
    mt_stream *stream = NULL;
    mt_stream_options options = {.size = sizeof options,
                                 .url = the_cluster.url,
                                 .topic = &topic,
                                 .n_topic = 1,
                                 .group = topic,
                                 .settings_path = m->settings,
                                 .events = {member_assigned, member_revoked, m}};
    if (mt_stream_open(cx, &stream, &options) != MT_OK)
        snprintf(m->failure, sizeof m->failure, "%.200s", cx->err);
    return stream;
}

static void *run_member(void *arg)
{
    struct member *m = arg;
    mt_ctx cx;
    testing_ctx(&cx, &m->log);
    mt_stream *stream = open_member(&cx, m);
    while (stream && !m->stop && poll_member(&cx, stream, m) >= 0) continue;
    mt_stream_close(stream);
    mt_ctx_close(&cx);
    return NULL;
}

static void start_member(struct member *m, int id, const char *topic, const char *settings)
{
    memset(m, 0, sizeof *m);
    m->id = id;
    snprintf(m->topic, sizeof m->topic, "%s", topic);
    snprintf(m->settings, sizeof m->settings, "%s", settings);
    assert_int_equal(pthread_create(&m->thread, NULL, run_member, m), 0);
}

static void stop_member(struct member *m)
{
    m->stop = true;
    pthread_join(m->thread, NULL);
    if (*m->failure) fail_msg("reader %d: %s", m->id, m->failure);
}

static bool wait_until_held(const struct member *m, int n)
{
    for (int k = 0; k < 500 && m->held != n; k++) testing_sleep_ms(50);
    return m->held == n;
}

static void clear_record(void)
{
    memset(&record, 0, sizeof record);
    pthread_mutex_init(&record.lock, NULL);
    for (int k = 0; k < PARTS; k++) record.part[k].next = MT_POSITION_START;
}

static int count_read(void)
{
    pthread_mutex_lock(&record.lock);
    int n = record.n;
    pthread_mutex_unlock(&record.lock);
    return n;
}

static void wait_until_read(int n)
{
    for (int k = 0; k < 500 && count_read() < n; k++) testing_sleep_ms(50);
}

static void expect_no_fault(int n)
{
    print_message("          %d sent, %d read, %d twice, %d gaps, %d parts taken before they were given up\n",
                  n, record.n, record.twice, record.gaps, record.stolen);
    assert_int_equal(record.n, n);
    assert_int_equal(record.twice, 0);
    assert_int_equal(record.gaps, 0);
    assert_int_equal(record.stolen, 0);
    assert_int_equal(record.foreign, 0);
}

/* Two readers share the partitions while messages come; then one leaves. */
static void share_and_leave(const char *strategy)
{
    session s;
    char path[96], text[256];
    static struct member first, second;
    begin(&s, "share");
    clear_record();
    snprintf(path, sizeof path, "%s/%s.conf", the_cluster.dir, strategy);
    snprintf(text, sizeof text,
             "partition.assignment.strategy=%s\nsession.timeout.ms=6000\nheartbeat.interval.ms=200\n",
             strategy);
    testing_write_file(path, text);
    open_producer(&s, &the_cluster);
    send_numbers(&s, 0, 500);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    start_member(&first, 1, s.topic, path);
    assert_true(wait_until_held(&first, PARTS));
    start_member(&second, 2, s.topic, path);
    for (int i = 500; i < MANY; i += 100) { /* messages come while the partitions move */
        send_numbers(&s, i, i + 100);
        TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
        testing_sleep_ms(100);
    }
    assert_true(wait_until_held(&first, PARTS / 2));
    assert_true(wait_until_held(&second, PARTS / 2));
    wait_until_read(MANY);
    assert_true(first.revoked > 0);
    /* A commit that crosses a cooperative rebalance may still cost the partitions; they come back. */
    if (strcmp(strategy, "range") == 0) assert_int_equal(first.lost, 0);
    stop_member(&second);
    stop_member(&first);
    expect_no_fault(MANY);
    end(&s);
}

static void rebalance__moves_partitions_without_loss_eagerly(void **state)
{
    (void)state;
    share_and_leave("range");
}

static void rebalance__moves_partitions_without_loss_cooperatively(void **state)
{
    (void)state;
    share_and_leave("cooperative-sticky");
}

/* --- a reader that is killed --------------------------------------------------------------------------- */

/* The child reads and tells the first number it saw, until it is killed; what it read it never kept. */
static pid_t start_victim(const char *topic, const char *settings, int *from)
{
    int out[2];
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        static struct member m;
        mt_ctx cx;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        testing_ctx(&cx, NULL);
        m.id = 9;
        snprintf(m.topic, sizeof m.topic, "%s", topic);
        snprintf(m.settings, sizeof m.settings, "%s", settings);
        mt_stream *stream = open_member(&cx, &m);
        while (stream) {
            if (poll_member(&cx, stream, &m) > 0 && write(out[1], "!", 1) != 1) _exit(1);
        }
        _exit(1);
    }
    close(out[1]);
    *from = out[0];
    return pid;
}

static void rebalance__gives_a_killed_readers_partitions_to_the_living(void **state)
{
    (void)state;
    session s;
    static struct member survivor;
    char path[96], command[128], sign;
    int from;
    begin(&s, "killed");
    clear_record();
    snprintf(path, sizeof path, "%s/killed.conf", the_cluster.dir);
    testing_write_file(path, "session.timeout.ms=6000\nheartbeat.interval.ms=200\n");
    snprintf(command, sizeof command, "topic %s %d", s.topic, PARTS);
    if (the_cluster.part.to) testing_say(&the_cluster.part, command);
    pid_t victim = start_victim(s.topic, path, &from); /* before this process has threads of the library */
    open_producer(&s, &the_cluster);
    send_numbers(&s, 0, MANY);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    struct pollfd wanted = {.fd = from, .events = POLLIN};
    assert_int_equal(poll(&wanted, 1, PATIENCE_US / 1000), 1);
    assert_int_equal(read(from, &sign, 1), 1); /* it holds partitions and is in the middle of them */
    start_member(&survivor, 1, s.topic, path);
    testing_sleep_ms(500);
    kill(victim, SIGKILL);
    waitpid(victim, NULL, 0);
    close(from);
    assert_true(wait_until_held(&survivor, PARTS));
    wait_until_read(MANY);
    stop_member(&survivor);
    expect_no_fault(MANY); /* what the victim had in hand was never kept, so the survivor reads it all */
    end(&s);
}

/* Each case waits most of its time for clusters to settle: they run side by side, each with its own. */
static const struct CMUnitTest cases[] = {
    cmocka_unit_test(rebalance__gives_a_killed_readers_partitions_to_the_living),
    cmocka_unit_test(rebalance__moves_partitions_without_loss_eagerly),
    cmocka_unit_test(rebalance__moves_partitions_without_loss_cooperatively),
};

enum { CASES = sizeof cases / sizeof *cases };

static int chosen;

static int run(void)
{
    const struct CMUnitTest tests[] = {cases[chosen]};
    return cmocka_run_group_tests_name(cases[chosen].name, tests, NULL, NULL);
}

int main(void)
{
    pid_t child[CASES];
    int failed = 0;
    for (chosen = 0; chosen < CASES; chosen++) {
        child[chosen] = fork();
        if (child[chosen] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            exit(run_on_cluster(&the_cluster, run, true));
        }
    }
    for (int k = 0; k < CASES; k++) {
        int status = 0;
        waitpid(child[k], &status, 0);
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        failed = code > failed ? code : failed;
    }
    return failed;
}
