/* needs: base terms io store ingest ops server
 *
 * Line protocol over HTTP in bodies of 10,000 lines, each acknowledged after its commit, beside the same
 * bodies given to ingest/lines.h without HTTP; and a small read (8 series x 12 h) again and again, from the
 * store and from the server's memory. Argument: bodies (60). Files are made in a folder under /tmp and
 * removed. Wall clock: server, engine and clients share this machine; one run of each. */
#include "bench.h"

#include "ingest/lines.h"
#include "server/testing.h"

#include <sys/stat.h>

enum { LINES = 10000, SERIES = 1000, READS = 400, ASSETS = 8, MINUTES = 720 };

/* Rows a second; seconds. */
static const double write_aim = 300000, kept_aim_ms = 2, store_aim_ms = 10;

struct body {
    char *at;
    size_t n;
};

/* Body k of many: no value comes twice, times go on. */
static struct body make_body(int k)
{
    struct body body = {malloc((size_t)LINES * 64), 0};
    if (!body.at) exit(1);
    for (int i = 0; i < LINES; i++) {
        long at = 1749384000L + ((long)k * LINES + i) / SERIES * 60;
        int n = snprintf(body.at + body.n, 64, "load,area=a%d value=%d.%02d %ld\n", i % SERIES, i % 977,
                         k % 100, at);
        body.n += (size_t)n;
    }
    return body;
}

/* One connection and the bodies it sends, one after another. */
struct sender {
    const char *address;
    const struct body *body;
    int n, step, first, bad;
};

static void *send_bodies(void *arg)
{
    struct sender *s = arg;
    testing_client *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->fd = testing_connect(s->address);
    for (int k = s->first; k < s->n; k += s->step) {
        testing_reply reply =
            testing_ask(c, "POST /api/v2/write?bucket=bench&precision=s", "", s->body[k].at, s->body[k].n);
        s->bad += reply.status != 204;
        testing_free(&reply);
    }
    close(c->fd);
    free(c);
    return NULL;
}

static int begin(testing_server *t)
{
    if (testing_begin(t) && testing_start(t)) return 0;
    fprintf(stderr, "the server does not start: %s\n", t->cx.err);
    return 1;
}

/* Rows a second over HTTP; *good when every body was taken. */
static double measure_http(const struct body *body, int n, int connections, bool *good)
{
    testing_server t;
    struct sender sender[4];
    pthread_t thread[4];
    if (begin(&t)) exit(1);
    bench_span start = bench_now();
    for (int k = 0; k < connections; k++) {
        sender[k] = (struct sender){mt_server_address(t.server), body, n, connections, k, 0};
        pthread_create(&thread[k], NULL, send_bodies, &sender[k]);
    }
    for (int k = 0; k < connections; k++) {
        pthread_join(thread[k], NULL);
        *good = *good && sender[k].bad == 0;
    }
    double seconds = bench_since(start).wall_s;
    testing_end(&t);
    return n * (double)LINES / seconds;
}

static double measure_direct(const struct body *body, int n, bool *good)
{
    testing_server t;
    mt_store *store;
    if (!testing_begin(&t) || mt_world_store(&t.cx, t.world, &store) != MT_OK) exit(1);
    bench_span start = bench_now();
    for (int k = 0; k < n; k++) {
        mt_ctx cx;
        mt_line_written written;
        mt_line_write write = {"bench", {body[k].at, body[k].n}, MT_LINE_S, t.now};
        mt_ctx_init(&cx, NULL);
        *good = *good && mt_lines_write(&cx, store, &write, &written) == MT_OK && written.rows == LINES;
        mt_ctx_close(&cx);
    }
    double seconds = bench_since(start).wall_s;
    testing_end(&t);
    return n * (double)LINES / seconds;
}

static void print_write(const char *what, double figure, double direct)
{
    bench_line line = {.what = what, .unit = "k rows/s", .figure = figure / 1e3, .aim = write_aim / 1e3};
    line.peer = "the same without HTTP";
    line.peer_figure = direct / 1e3;
    bench_print(&line);
}

/* Eight assets, a value a minute for twelve hours. */
static void fill(testing_server *t)
{
    struct body body = {malloc((size_t)ASSETS * MINUTES * 64), 0};
    if (!body.at) exit(1);
    for (int i = 0; i < ASSETS * MINUTES; i++)
        body.n += (size_t)snprintf(body.at + body.n, 64, "load,area=a%d value=%d %ld\n", i / MINUTES, i % 977,
                                   1749384000L + i % MINUTES * 60L);
    struct sender sender = {mt_server_address(t->server), &body, 1, 1, 0, 0};
    send_bodies(&sender);
    if (sender.bad) exit(1);
    free(body.at);
}

/* Milliseconds of the middle one of READS requests; `fresh`: the data count as changed before each. */
static double measure_reads(testing_server *t, testing_client *c, bool fresh, bool *good)
{
    double ms[READS];
    for (int k = 0; k < READS; k++) {
        if (fresh) mt_server_changed(t->server);
        bench_span start = bench_now();
        testing_reply reply = testing_ask(
            c, "GET /api/v1/data/buckets?kind=load&bucket=1h&from=2025-06-08T12:00Z&to=2025-06-09T00:00Z", "",
            NULL, 0);
        ms[k] = bench_since(start).wall_s * 1e3;
        *good = *good && reply.status == 200 && reply.n > 1000;
        testing_free(&reply);
    }
    qsort(ms, READS, sizeof *ms, bench_compare);
    return ms[READS / 2];
}

static bool bench_reads(void)
{
    testing_server t;
    bool good = true;
    testing_client *c = calloc(1, sizeof *c);
    if (!c || begin(&t)) exit(1);
    fill(&t);
    c->fd = testing_connect(mt_server_address(t.server));
    double store = measure_reads(&t, c, true, &good), kept = measure_reads(&t, c, false, &good);
    bench_print(&(bench_line){.what = "8 series x 12 h, hourly, from the store, p50",
                              .unit = "ms",
                              .figure = store,
                              .aim = store_aim_ms,
                              .at_most = true});
    bench_print(&(bench_line){.what = "the same from the server's memory, p50",
                              .unit = "ms",
                              .figure = kept,
                              .peer = "from the store",
                              .peer_figure = store,
                              .aim = kept_aim_ms,
                              .at_most = true});
    close(c->fd);
    free(c);
    testing_end(&t);
    return good;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 60;
    bool good = true;
    struct body *body = calloc((size_t)n, sizeof *body);
    if (!body) return 1;
    for (int k = 0; k < n; k++) body[k] = make_body(k);
    bench_title("server: line protocol acknowledged after commit, bodies of 10,000 lines; small reads");
    double direct = measure_direct(body, n, &good);
    print_write("written over 1 connection", measure_http(body, n, 1, &good), direct);
    print_write("written over 4 connections", measure_http(body, n, 4, &good), direct);
    good = bench_reads() && good;
    for (int k = 0; k < n; k++) free(body[k].at);
    free(body);
    return bench_agree("every body and every read answered", good) ? 0 : 1;
}
