/* needs: base terms io crypto store
 *
 * A million observations out of a private PostgreSQL server into a sink that only counts them, beside what
 * psql's COPY takes for the same rows, in text and in the server's binary form. Arguments: rows (1,000,000).
 * Wall clock, because the server works beside the reader; the median of five runs that take turns. Files are
 * made in a folder under /tmp and removed, the server is stopped, also after a failure. */
#include "bench.h"
#include "server.h"

#include "store/data/series_store.h"

#include <ftw.h>
#include <sys/stat.h>

enum { RUNS = 5, SMALL_READS = 201 };

static const double read_aim = 1, read_ratio = 0.5, small_aim_ms = 1;

#define COLUMNS "series_id, start, value, known_at, payload"

static char made_folder[] = "/tmp/merit-bench-XXXXXX"; /* atexit hands nothing through */
static bench_server server;                            /* the same */

static void stop(mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void remove_made(void)
{
    bench_server_stop(&server);
    nftw(made_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_folder(void)
{
    if (!mkdtemp(made_folder)) {
        perror(made_folder);
        exit(1);
    }
    atexit(remove_made);
}

/* Made by the server itself: how rows come in is another benchmark (series). */
static mt_code fill(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const int64_t *rows = arg;
    const mt_param n = mt_param_int(*rows - 1);
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO observation (" COLUMNS ") SELECT k % 64, to_timestamp(1704067200 + k / 64 "
                      "* 60), CAST(k * 7919 % 100003 AS DOUBLE PRECISION) / 100, to_timestamp(1704067200 + k "
                      "/ 64 * 60), CASE WHEN k % 16 = 0 THEN '{\"n\":4}' END FROM generate_series(CAST(0 AS "
                      "BIGINT), $1) AS k",
                      &n, 1);
}

/* Counts and adds, and keeps nothing: what is measured is the store. */
struct counter {
    mt_sink sink;
    size_t rows;
    double sum;
};

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)cx;
    (void)schema;
    ((struct counter *)sink)->rows = 0;
    ((struct counter *)sink)->sum = 0;
    return MT_OK;
}

static mt_code count_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct counter *c = (struct counter *)sink;
    const double *value = chunk->col[2].data;
    (void)cx;
    c->rows += chunk->n;
    for (size_t i = 0; i < chunk->n; i++) c->sum += value[i];
    return MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void close_sink(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops counting = {take_schema, count_rows, finish, close_sink};

static double read_all(mt_ctx *cx, mt_store *store, struct counter *counter)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    bench_span start = bench_now();
    stop(cx, mt_store_query(cx, store, "SELECT " COLUMNS " FROM observation", NULL, 0, &counter->sink));
    double taken = bench_since(start).wall_s;
    mt_arena_reset(&cx->arena, mark);
    return taken;
}

/* What psql takes to copy the rows into nothing. */
static double copy_all(bool binary)
{
    const char *psql[] = {POSTGRES_BIN "/psql", "-X", "-q", "-o", "/dev/null", "-c", NULL, server.url, NULL};
    psql[6] = binary ? "COPY (SELECT " COLUMNS " FROM observation) TO STDOUT (FORMAT binary)"
                     : "COPY (SELECT " COLUMNS " FROM observation) TO STDOUT";
    bench_span start = bench_now();
    if (!bench_wait_program(bench_start_program(made_folder, psql))) exit(1);
    return bench_since(start).wall_s;
}

static double read_small_ms(mt_ctx *cx, mt_store *store, struct counter *counter)
{
    bench_span start = bench_now();
    for (int k = 0; k < SMALL_READS; k++) {
        const mt_param id = mt_param_int(k % 64);
        mt_mark mark = mt_arena_mark(&cx->arena);
        stop(cx, mt_store_query(cx, store,
                                "SELECT " COLUMNS " FROM observation WHERE series_id = $1 ORDER BY start "
                                "NULLS LAST LIMIT 24",
                                &id, 1, &counter->sink));
        mt_arena_reset(&cx->arena, mark);
    }
    return bench_since(start).wall_s * 1e3 / SMALL_READS;
}

static void print_speeds(int64_t rows, const double *ours, const double *binary, const double *text)
{
    double speed = (double)rows / bench_median(ours, RUNS) / 1e6;
    bench_line line = {.what = "rows of observation into a sink",
                       .unit = "M rows/s",
                       .figure = speed,
                       .peer = "psql, COPY in binary form",
                       .peer_figure = (double)rows / bench_median(binary, RUNS) / 1e6,
                       .aim = read_aim,
                       .aim_ratio = read_ratio};
    bench_print(&line);
    line.peer = "psql, COPY as text";
    line.peer_figure = (double)rows / bench_median(text, RUNS) / 1e6;
    line.aim = line.aim_ratio = 0;
    bench_print(&line);
}

static bool bench_reads(mt_ctx *cx, mt_store *store, int64_t rows)
{
    struct counter counter = {.sink = {&counting}};
    double ours[RUNS], binary[RUNS], text[RUNS], expected = 0;
    for (int64_t k = 0; k < rows; k++) expected += (double)(k * 7919 % 100003) / 100;
    bool agree = true;
    for (int k = 0; k < RUNS; k++) {
        ours[k] = read_all(cx, store, &counter);
        binary[k] = copy_all(true);
        text[k] = copy_all(false);
        agree &= counter.rows == (size_t)rows && counter.sum > expected * (1 - 1e-9) &&
                 counter.sum < expected * (1 + 1e-9);
    }
    print_speeds(rows, ours, binary, text);
    bench_print(&(bench_line){.what = "24 rows of one series, mean of 201 reads",
                              .unit = "ms",
                              .figure = read_small_ms(cx, store, &counter),
                              .aim = small_aim_ms,
                              .at_most = true});
    return agree;
}

int main(int argc, char **argv)
{
    mt_ctx cx;
    mt_store *store;
    char title[128];
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    make_folder();
    if (!bench_server_start(&server, made_folder)) {
        printf("PostgreSQL's programs are not installed: nothing is measured with it\n");
        return 0;
    }
    mt_ctx_init(&cx, NULL);
    mt_store_options options = {.size = sizeof options, .url = server.url};
    stop(&cx, mt_store_open(&cx, &store, &options));
    stop(&cx, mt_store_write(&cx, store, fill, &rows));
    snprintf(title, sizeof title, "%lld observations out of PostgreSQL; wall clock, median of %d runs",
             (long long)rows, RUNS);
    bench_title(title);
    fflush(stdout);
    bool agree = bench_agree("every row, and the sum of its values", bench_reads(&cx, store, rows));
    mt_store_close(store);
    mt_ctx_close(&cx);
    return agree ? 0 : 1;
}
