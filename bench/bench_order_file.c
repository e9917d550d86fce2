/* needs: base terms io formats
 *
 * Order file to typed columns: rows a second, one thread, beside DuckDB's CSV reader on the same file and
 * the roof of merely reading it. Argument: number of rows (10,000,000). The file is made in /dev/shm or
 * /tmp and removed. */
#include "bench.h"
#include "duckdb.h"

#include "formats/order_file.h"

#include <fcntl.h>
#include <unistd.h>

enum { RUNS = 5 };

struct layout {
    const char *title, *header, *duckdb_columns;
    bool iso;
};

static const struct layout layouts[] = {
    {"timestamp,side,price,volume (ISO, Z)", "timestamp,side,price,volume\n",
     "{'timestamp':'TIMESTAMPTZ','side':'VARCHAR','price':'DOUBLE','volume':'DOUBLE'}", true},
    {"Timestamp,Price,Volume,Sell_Buy (offsets)", "Timestamp,Price,Volume,Sell_Buy\n",
     "{'timestamp':'TIMESTAMPTZ','price':'DOUBLE','volume':'DOUBLE','side':'VARCHAR'}", false},
};

static uint32_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void write_row(FILE *out, const struct layout *layout, long row, uint64_t *state)
{
    unsigned day = (unsigned)(row / 400000) % 28 + 1, second = (unsigned)(row % 400000 * 86400 / 400000);
    unsigned hour = second / 3600, minute = second / 60 % 60, price = draw(state) % 12000,
             volume = draw(state) % 1000;
    const char *side = draw(state) & 1 ? "buy" : "sell";
    if (layout->iso)
        fprintf(out, "2024-01-%02uT%02u:%02u:%02uZ,%s,%u.%02u,%u.%u\n", day, hour, minute, second % 60, side,
                price / 100, price % 100, volume / 10, volume % 10);
    else
        fprintf(out, "2024-01-%02u %02u:%02u:%02u+0%u:00,%u.%02u,%u.0,%s\n", day, hour, minute, second % 60,
                (unsigned)(row / 100 % 2), price / 100, price % 100, volume, side);
}

static void make_file(const char *path, const struct layout *layout, long rows)
{
    FILE *out = fopen(path, "w");
    uint64_t state = 1;
    if (out == NULL) {
        perror(path);
        exit(1);
    }
    fputs(layout->header, out);
    for (long row = 0; row < rows; row++) write_row(out, layout, row, &state);
    if (fclose(out) != 0) {
        perror(path);
        exit(1);
    }
}

static mt_code read_orders(mt_ctx *cx, mt_bytes *bytes, int64_t *check, bool careful)
{
    mt_order_file *file;
    mt_order_batch batch;
    mt_order_file_options options = {.size = sizeof options, .careful = careful};
    MT_TRY(mt_order_file_open(cx, &file, bytes, &options));
    do {
        MT_TRY(mt_order_file_next(cx, file, &batch));
        *check += (int64_t)batch.n;
        for (size_t k = 0; k < batch.n; k += 512) *check += batch.price[k] ^ batch.volume[k] ^ batch.time[k];
    } while (batch.n > 0);
    *check += (int64_t)mt_order_file_about(file)->bad * 1000003;
    return MT_OK;
}

static mt_code read_careful(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    return read_orders(cx, bytes, check, true);
}

static mt_code read_fast(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    return read_orders(cx, bytes, check, false);
}

/* The roof: every byte loaded once, nothing understood. */
static mt_code read_only(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    const char *at;
    size_t n = 0;
    bool last = false;
    while (!last) {
        MT_TRY(mt_bytes_next(cx, bytes, n, &at, &n, &last));
        for (size_t k = 0; k + 8 <= n; k += 8) {
            int64_t word;
            memcpy(&word, at + k, 8);
            *check += word;
        }
    }
    return MT_OK;
}

static struct figure measure(const char *path, mt_code (*way)(mt_ctx *, mt_bytes *, int64_t *), int times)
{
    bench_runs runs = {.n = 0};
    int64_t check = 0;
    for (int run = 0; run < times; run++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        mt_bytes *bytes = NULL;
        mt_input input = {path, open(path, O_RDONLY)};
        check = 0;
        bench_span start = bench_now();
        mt_code code = mt_bytes_open(&cx, &bytes, &input);
        if (code == MT_OK) code = way(&cx, bytes, &check);
        bench_add(&runs, bench_since(start));
        if (code != MT_OK) {
            fprintf(stderr, "%s\n", cx.err);
            exit(1);
        }
        mt_bytes_close(bytes);
        close(input.fd);
        mt_ctx_close(&cx);
    }
    return (struct figure){bench_least(runs.wall_s, runs.n), bench_least(runs.cpu_s, runs.n), check};
}

#if defined(MERIT_DUCKDB_LIBRARY)
/* Its two ways: into a table, and into sums of every column; on one thread in processor time, and with as
 * many threads as it likes by the clock on the wall. */
static void measure_ways(const struct duckdb_door *door, duckdb_connection c, const char *path,
                         const struct layout *layout, double rows, struct figure ours)
{
    static const struct {
        const char *sql, *one, *many;
    } ways[] = {
        {"CREATE OR REPLACE TEMP TABLE t AS SELECT *", "DuckDB into a table", "DuckDB, its own threads"},
        {"SELECT count(*), max(timestamp), sum(price), sum(volume), max(side)", "DuckDB into sums",
         "the same into sums"},
    };
    for (size_t w = 0; w < 2; w++) {
        char sql[800];
        snprintf(sql, sizeof sql,
                 "%s FROM read_csv('%s', delim=',', header=true, auto_detect=false, columns=%s)", ways[w].sql,
                 path, layout->duckdb_columns);
        run_query(door, c, "SET threads=1");
        struct figure one = measure_duckdb(door, c, sql, 2);
        run_query(door, c, "RESET threads");
        struct figure many = measure_duckdb(door, c, sql, 1);
        bench_print(&(bench_line){"to typed columns, cpu", "M rows/s", rows / ours.cpu_s * 1e-6, ways[w].one,
                                  rows / one.cpu_s * 1e-6, 0, 8, false});
        bench_print(&(bench_line){"to typed columns, wall", "M rows/s", rows / ours.wall_s * 1e-6,
                                  ways[w].many, rows / many.wall_s * 1e-6, 0, 0, false});
    }
}

static void compare_duckdb(const char *path, const struct layout *layout, double rows, struct figure ours)
{
    struct duckdb_door door;
    duckdb_database database;
    duckdb_connection connection;
    if (!open_door(&door) || door.open(NULL, &database) != DuckDBSuccess) return;
    if (door.connect(database, &connection) != DuckDBSuccess) return;
    measure_ways(&door, connection, path, layout, rows, ours);
}
#else
static void compare_duckdb(const char *path, const struct layout *layout, double rows, struct figure ours)
{
    (void)path, (void)layout, (void)rows, (void)ours;
    printf("  DuckDB: not built in\n");
}
#endif

static bool bench_layout(const char *path, const struct layout *layout, long n)
{
    char title[160];
    make_file(path, layout, n);
    FILE *file = fopen(path, "r");
    fseek(file, 0, SEEK_END);
    double rows = (double)n, megabytes = (double)ftell(file) * 1e-6;
    fclose(file);
    snprintf(title, sizeof title, "Order file %s, %ld rows, %.0f MB; one thread unless said, best of %d",
             layout->title, n, megabytes, RUNS);
    bench_title(title);
    struct figure roof = measure(path, read_only, RUNS), ours = measure(path, read_fast, RUNS),
                  slow = measure(path, read_careful, 1);
    double roof_speed = rows / roof.cpu_s * 1e-6;
    bench_print(&(bench_line){"to typed columns, cpu", "M rows/s", rows / ours.cpu_s * 1e-6,
                              "reading every byte", roof_speed, 45, 0, false});
    bench_print(&(bench_line){"the careful way alone, cpu", "M rows/s", rows / slow.cpu_s * 1e-6,
                              "reading every byte", roof_speed, 0, 0, false});
    bool agree = bench_agree("  fast and careful ways agree", ours.check == slow.check);
    compare_duckdb(path, layout, rows, ours);
    printf("\n");
    return agree;
}

int main(int argc, char **argv)
{
    long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 10000000;
    char folder[] = "/dev/shm/merit-bench-XXXXXX", other[] = "/tmp/merit-bench-XXXXXX", path[80];
    const char *made = mkdtemp(folder);
    bool agree = true;
    if (made == NULL) made = mkdtemp(other);
    if (made == NULL || rows <= 0) return 1;
    snprintf(path, sizeof path, "%s/orders.csv", made);
    for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++)
        agree = bench_layout(path, &layouts[k], rows) && agree;
    remove(path);
    rmdir(made);
    return agree ? 0 : 1;
}
