/* needs: base io
 *
 * Rows out: rows a second of each renderer, one thread, into /dev/null, beside a hand-written loop of
 * fprintf over the same rows. Argument: number of rows (500,000; a sheet takes a fifth). */
#include "bench.h"

#include "base/rows/emit.h"
#include "io/sinks/csv.h"
#include "io/sinks/json_rows.h"
#include "io/sinks/terminal.h"
#include "io/sinks/xlsx.h"

enum { RUNS = 3, DISTINCT = 4096 };

struct row {
    mt_time start;
    double price, price_low, price_high;
    int64_t volume;
    int64_t buys;
    const char *status;
};

static const mt_field col[] = {
    {.name = "start", MT_TIME_AT(row, start)},
    {.name = "price", MT_REAL_AT(row, price), .unit = MT_UNIT_EUR_PER_MWH},
    {.name = "price_low", MT_REAL_AT(row, price_low), .unit = MT_UNIT_EUR_PER_MWH},
    {.name = "price_high", MT_REAL_AT(row, price_high), .unit = MT_UNIT_EUR_PER_MWH},
    {.name = "volume", MT_MICRO_AT(row, volume), .unit = MT_UNIT_MWH},
    {.name = "buys", MT_INT_AT(row, buys), .unit = MT_UNIT_COUNT},
    {.name = "status", MT_TEXT_AT(row, status)},
    {0}};

static struct row row[DISTINCT];

static void make_rows(void)
{
    uint64_t x = 1;
    for (int i = 0; i < DISTINCT; i++) {
        x = x * UINT64_C(6364136223846793005) + 1;
        double price = (double)(int64_t)(x >> 40 & 0x3FFF) / 100 - 20;
        row[i] = (struct row){1704067200000000 + i * MT_US_HOUR,
                              price,
                              price - 0.25,
                              price + 1.0 / 3,
                              (int64_t)(x >> 33) * 500,
                              (int64_t)(x >> 50),
                              i % 9 ? "cleared" : "no_cross"};
    }
}

static mt_code make_csv(mt_ctx *cx, mt_sink **sink, mt_out *out)
{
    return mt_csv_sink(cx, sink, out, NULL);
}

static mt_code make_table(mt_ctx *cx, mt_sink **sink, mt_out *out)
{
    return mt_terminal_sink(cx, sink, out,
                            &(mt_terminal_options){.size = sizeof(mt_terminal_options), .utf8 = true});
}

static mt_code make_xlsx(mt_ctx *cx, mt_sink **sink, mt_out *out)
{
    return mt_xlsx_sink(cx, sink, out, NULL);
}

typedef mt_code make_fn(mt_ctx *cx, mt_sink **sink, mt_out *out);

static mt_code write_rows(mt_ctx *cx, make_fn *make, mt_out *out, size_t n)
{
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(make(cx, &sink, out));
    mt_code code = mt_emit_begin(cx, &emit, sink, "bench", col, NULL, NULL);
    for (size_t i = 0; i < n && code == MT_OK; i++) code = mt_emit_put(emit, &row[i % DISTINCT]);
    if (code == MT_OK) code = mt_emit_end(emit);
    mt_sink_close(sink);
    return code;
}

static double measure(make_fn *make, const char *path, size_t n)
{
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) {
        mt_ctx cx;
        mt_out *out;
        mt_ctx_init(&cx, NULL);
        bench_span start = bench_now();
        mt_code code = mt_out_file(&cx, &out, path);
        if (code == MT_OK) code = write_rows(&cx, make, out, n);
        if (code != MT_OK) {
            fprintf(stderr, "%s\n", cx.err);
            exit(1);
        }
        bench_add(&runs, bench_since(start));
        mt_out_close(out);
        mt_ctx_close(&cx);
    }
    return bench_least(runs.cpu_s, runs.n);
}

static double measure_peer(size_t n)
{
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) {
        FILE *file = fopen("/dev/null", "w");
        bench_span start = bench_now();
        for (size_t i = 0; file && i < n; i++) {
            const struct row *r = &row[i % DISTINCT];
            char time[MT_TIME_TEXT_MAX];
            mt_time_text(r->start, time);
            fprintf(file, "%s,%.15g,%.15g,%.15g,%.6f,%lld,%s\n", time, r->price, r->price_low, r->price_high,
                    (double)r->volume / 1e6, (long long)r->buys, r->status);
        }
        bench_add(&runs, bench_since(start));
        if (file) fclose(file);
    }
    return bench_least(runs.cpu_s, runs.n);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        make_fn *make;
        size_t share;
    } sink[] = {{"csv", make_csv, 1},
                {"json", mt_json_sink, 1},
                {"ndjson", mt_ndjson_sink, 1},
                {"table", make_table, 1},
                {"xlsx", make_xlsx, 5}};
    size_t n = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 500000;
    char title[128];
    make_rows();
    double peer = (double)n / measure_peer(n);
    snprintf(title, sizeof title,
             "%zu rows of 7 columns into /dev/null; one thread, processor time, best of %d", n, RUNS);
    bench_title(title);
    for (size_t k = 0; k < sizeof sink / sizeof sink[0]; k++) {
        size_t rows = n / sink[k].share;
        double speed = (double)rows / measure(sink[k].make, "/dev/null", rows);
        bench_print(&(bench_line){sink[k].name, "M rows/s", speed / 1e6, "fprintf", peer / 1e6, 0, 0, false});
    }
    return 0;
}
