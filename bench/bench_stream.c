/* Benchmark of streams: lines of a file as messages beside searching the same bytes; a real Kafka.
 *
 * Shapes    Messages of 150 bytes. The limit of the file stream is reading the file into one buffer and
 *           finding its line ends. Kafka: MERIT_TEST_KAFKA names HOST:PORT (scripts/kafka run); else a node
 *           is started where deps/kafka is there; its peer is the file stream of the same run.
 */
#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stream/stream.h"

enum { LENGTH = 150, RUNS = 5, BATCH = 20000 };

typedef struct bench_node {
    char dir[64], address[128];
    bool started;
} bench_node;

static void must(mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

static void make_line(char *line, size_t i)
{
    int n = snprintf(line, LENGTH,
                     "{\"HourUTC\":\"2024-01-01T00:00:00\",\"PriceArea\":\"DK1\",\"n\":%zu,\"note\":\"", i);
    memset(line + n, 'x', (size_t)(LENGTH - n));
    line[LENGTH - 3] = '"';
    line[LENGTH - 2] = '}';
    line[LENGTH - 1] = '\n';
}

static void write_file(const char *path, size_t n)
{
    char line[LENGTH + 1];
    FILE *file = fopen(path, "w");
    for (size_t i = 0; file && i < n; i++) {
        make_line(line, i);
        fwrite(line, 1, LENGTH, file);
    }
    if (!file || fclose(file) != 0) exit(1);
}

/* The limit: the same bytes read and searched by a loop that makes no messages. */
static size_t search_file(const char *path)
{
    static char buffer[2 << 20];
    size_t lines = 0;
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        for (const char *c = buffer; (c = memchr(c, '\n', (size_t)(buffer + n - c))) != NULL; c++) lines++;
    }
    close(fd);
    return lines;
}

static size_t read_stream(const mt_stream_options *options, size_t *bytes)
{
    mt_ctx cx;
    mt_stream *stream = NULL;
    mt_messages got = {.n = 0};
    size_t n = 0;
    mt_ctx_init(&cx, NULL);
    must(&cx, mt_stream_open(&cx, &stream, options));
    while (!got.end) {
        must(&cx, mt_stream_poll(&cx, stream, &got, BATCH, 1000000));
        for (size_t k = 0; k < got.n; k++) *bytes += got.at[k].value.length;
        n += got.n;
    }
    mt_stream_close(stream);
    mt_ctx_close(&cx);
    return n;
}

static double bench_file(const char *path, size_t n)
{
    char url[128];
    bench_runs stream = {.n = 0}, limit = {.n = 0};
    snprintf(url, sizeof url, "file:%s", path);
    mt_stream_options options = {.size = sizeof options, .url = url, .until_end = true};
    for (int run = 0; run < RUNS; run++) {
        size_t bytes = 0;
        bench_span start = bench_now();
        if (read_stream(&options, &bytes) != n || bytes != n * (LENGTH - 1)) exit(1);
        bench_add(&stream, bench_since(start));
        start = bench_now();
        if (search_file(path) != n) exit(1);
        bench_add(&limit, bench_since(start));
    }
    double figure = (double)n / bench_least(stream.wall_s, stream.n) / 1e6;
    bench_print(&(bench_line){"file stream, messages of 150 bytes", "M msg/s", figure,
                              "read + memchr, no messages",
                              (double)n / bench_least(limit.wall_s, limit.n) / 1e6, 3, 0, false});
    return figure;
}

/* The node's HOST:PORT from scripts/kafka, in *node; false: no Java, or nothing was fetched. */
static bool start_node(bench_node *node)
{
    const char *real = getenv("MERIT_TEST_KAFKA");
    int out[2];
    if (real && *real) {
        snprintf(node->address, sizeof node->address, "%s", real);
        return true;
    }
    if (access("deps/kafka", R_OK) != 0 || access("scripts/kafka", X_OK) != 0 || pipe2(out, O_CLOEXEC) != 0)
        return false;
    snprintf(node->dir, sizeof node->dir, "/tmp/merit-bench-kafka-XXXXXX");
    if (!mkdtemp(node->dir)) return false;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], 1);
        execl("scripts/kafka", "scripts/kafka", "start", node->dir, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    ssize_t n = read(out[0], node->address, sizeof node->address - 1);
    close(out[0]);
    node->started = true;
    node->address[n > 0 ? n : 0] = 0;
    node->address[strcspn(node->address, "\n")] = 0;
    waitpid(pid, NULL, 0);
    return n > 0;
}

static void run_and_wait(const char *const *argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static void stop_node(const bench_node *node)
{
    const char *stop[] = {"scripts/kafka", "stop", node->dir, NULL},
               *clear[] = {"rm", "-rf", node->dir, NULL};
    if (!node->started) return;
    run_and_wait(stop);
    run_and_wait(clear);
}

static double produce(const char *url, const char *topic, size_t n)
{
    mt_ctx cx;
    mt_producer *producer = NULL;
    char line[LENGTH + 1];
    mt_producer_options options = {.size = sizeof options, .url = url};
    mt_ctx_init(&cx, NULL);
    must(&cx, mt_producer_open(&cx, &producer, &options));
    bench_span start = bench_now();
    for (size_t i = 0; i < n; i++) {
        make_line(line, i);
        must(&cx, mt_producer_send(&cx, producer, topic, (mt_text){NULL, 0}, (mt_text){line, LENGTH - 1}));
    }
    must(&cx, mt_producer_flush(&cx, producer));
    double taken = bench_since(start).wall_s;
    mt_producer_close(producer);
    mt_ctx_close(&cx);
    return (double)n / taken / 1e6;
}

static void bench_kafka(size_t n, double peer)
{
    bench_node node = {.started = false};
    char url[160];
    const char *topic = "bench";
    size_t bytes = 0;
    if (!start_node(&node)) {
        printf("skipped: a real Kafka (scripts/kafka fetch brings it; Java is needed)\n");
        stop_node(&node);
        return;
    }
    snprintf(url, sizeof url, "kafka://%s", node.address);
    double written = produce(url, topic, n);
    mt_stream_options options = {
        .size = sizeof options, .url = url, .topic = &topic, .n_topic = 1, .until_end = true};
    bench_span start = bench_now();
    size_t read = read_stream(&options, &bytes);
    double taken = bench_since(start).wall_s;
    stop_node(&node);
    if (read != n) exit(1);
    bench_print(&(bench_line){"Kafka producer, idempotent, acks all", "M msg/s", written, "file stream", peer,
                              0, 0, false});
    bench_print(&(bench_line){"Kafka consumer, with joining the group", "M msg/s", (double)n / taken / 1e6,
                              "file stream", peer, 0, 0, false});
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 2000000;
    char dir[] = "/tmp/merit-bench-XXXXXX", path[64], title[128];
    if (!mkdtemp(dir)) return 1;
    snprintf(path, sizeof path, "%s/lines", dir);
    snprintf(title, sizeof title, "%zu messages; one thread, wall time, best of %d (Kafka: one run)", n,
             RUNS);
    bench_title(title);
    write_file(path, n);
    double peer = bench_file(path, n);
    unlink(path);
    rmdir(dir);
    bench_kafka(n, peer);
    return 0;
}
