/* needs: base terms io formats vpp
 *
 * Trade file to typed trades, and on to the VWAP of every quarter: rows a second, one thread, beside
 * DuckDB's CSV reader (and its GROUP BY) on the same file, the careful way, and the roof of merely reading
 * it. Then the same trades in memory to VWAP, beside reading them. Then live points of plants, pretty-printed
 * JSON, beside reading every byte and a tree of the same bytes. Argument: number of trades (4,000,000). The
 * files are made in /dev/shm or /tmp and removed. */
#include "bench.h"
#include "duckdb.h"

#include "formats/trade_file.h"
#include "formats/vpp/json/column_document.h"
#include "io/json.h"
#include "vpp/trade_fold.h"

#include <fcntl.h>
#include <unistd.h>

enum { RUNS = 5, POINTS = 1440, DOCUMENTS = 150 };

typedef mt_code bench_way(mt_ctx *cx, mt_bytes *bytes, int64_t *check);

static uint32_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static FILE *open_new(const char *path)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) perror(path), exit(1);
    return out;
}

static void close_new(FILE *out, const char *path)
{
    if (fclose(out) != 0) perror(path), exit(1);
}

/* The layout of an exchange's export: hourly and quarter-hourly deliveries of one day. */
static void make_trades(const char *path, long rows)
{
    FILE *out = open_new(path);
    uint64_t state = 1;
    fputs("# Public Trades - 2025-06-08 - 2025-06-09;;;;;;;;\n"
          "TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n",
          out);
    for (long row = 0; row < rows; row++) {
        unsigned quarter = draw(&state) % 88, length = draw(&state) % 5 < 3 ? 4 : 1;
        unsigned start = length == 4 ? quarter / 4 * 4 : quarter, end = start + length;
        unsigned second = (unsigned)(row * 57600 / rows), price = draw(&state) % 18350;
        fprintf(out,
                "%ld;%s;2025-06-08 %02u:%02u:00+00:00;2025-06-08 %02u:%02u:00+00:00;"
                "2025-06-07 %02u:%02u:%02u.%03u000+00:00;%.2f;EUR;%u.%u;MWH\n",
                2042884497 + row, draw(&state) & 1 ? "SELL" : "BUY", start / 4, start % 4 * 15, end / 4,
                end % 4 * 15, second / 3600, second / 60 % 60, second % 60, draw(&state) % 1000,
                (double)price / 100 - 64.5, draw(&state) % 3, draw(&state) % 9 + 1);
    }
    close_new(out, path);
}

/* One plant's day after another: what pandas and json.dumps(indent=4) write. */
static void make_points(const char *path)
{
    FILE *out = open_new(path);
    uint64_t state = 1;
    fputs("{\n    \"key\": {\n        \"asset_id\": \"WND-DE-002\",\n        \"type_id\": "
          "\"power-measurement-live\"\n    },\n    \"column_ids\": [\n        \"timestamp\",\n"
          "        \"value\",\n"
          "        \"quality\"\n    ],\n    \"units\": [\n        \"ms\",\n        \"kW\",\n"
          "        \"factor\"\n"
          "    ],\n    \"values\": [\n",
          out);
    for (int column = 0; column < 3; column++) {
        fputs(column > 0 ? ",\n        [\n" : "        [\n", out);
        for (long k = 0; k < (long)POINTS * DOCUMENTS; k++) {
            if (k > 0) fputs(",\n", out);
            if (column == 0) fprintf(out, "            %ld.0", 1749333600000 + k * 60000);
            if (column == 1) fprintf(out, "            %.3f", draw(&state) % 6744500 / 1000.0);
            if (column == 2) fputs("            1.0", out);
        }
        fputs("\n        ]", out);
    }
    fputs("\n    ]\n}\n", out);
    close_new(out, path);
}

static mt_code read_trades(mt_ctx *cx, mt_bytes *bytes, int64_t *check, mt_trade_file_options options)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    MT_TRY(mt_trade_file_open(cx, &file, bytes, &options));
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        *check += (int64_t)batch.n;
        for (size_t k = 0; k < batch.n; k += 64) {
            const mt_trade *t = &batch.trade[k];
            *check +=
                t->price ^ t->energy_wh ^ t->delivery_start ^ t->delivery_end ^ t->execution_time ^ t->id[3];
        }
    } while (batch.n > 0 || batch.n_bad > 0);
    *check += (int64_t)mt_trade_file_about(file)->bad * 1000003;
    return MT_OK;
}

static mt_code read_fast(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    return read_trades(cx, bytes, check, (mt_trade_file_options){.size = sizeof(mt_trade_file_options)});
}

static mt_code read_portable(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    return read_trades(cx, bytes, check,
                       (mt_trade_file_options){.size = sizeof(mt_trade_file_options), .portable = true});
}

static mt_code read_careful(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    return read_trades(cx, bytes, check,
                       (mt_trade_file_options){.size = sizeof(mt_trade_file_options), .careful = true});
}

static mt_code open_fold(mt_ctx *cx, mt_trade_fold *fold)
{
    const mt_grid day = {1749340800 * MT_US_SECOND, MT_QUARTER, 96}; /* 2025-06-08 */
    return mt_trade_fold_init(cx, fold, day);
}

static int64_t sum_vwap(const mt_trade_fold *fold)
{
    int64_t sum = fold->trades;
    for (size_t q = 0; q < 96; q++) sum = sum * 31 + mt_trade_vwap(&fold->quarter[q]);
    return sum;
}

/* To the VWAP of every quarter. */
static mt_code read_vwap(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    mt_trade_fold fold;
    const mt_trade_file_options options = {.size = sizeof options};
    MT_TRY(mt_trade_file_open(cx, &file, bytes, &options));
    MT_TRY(open_fold(cx, &fold));
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        mt_trade_fold_add(&fold, batch.trade, batch.n);
    } while (batch.n > 0 || batch.n_bad > 0);
    *check = sum_vwap(&fold);
    return MT_OK;
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

static mt_code read_columns(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    mt_column_document document;
    MT_TRY(mt_column_document_read(cx, &document, bytes));
    *check += (int64_t)document.n;
    for (size_t k = 0; k < document.n; k++) *check += document.column[1].value[k];
    return MT_OK;
}

static mt_code read_tree(mt_ctx *cx, mt_bytes *bytes, int64_t *check)
{
    const char *at;
    const mt_json *tree;
    size_t n = 0, used = 0, room = MT_JSON_BYTES_MAX;
    char *whole;
    bool last = false;
    MT_TRY(MT_NEW(cx, &whole, room));
    while (!last && used + n <= room) {
        MT_TRY(mt_bytes_next(cx, bytes, n, &at, &n, &last));
        size_t taken = used + n <= room ? n : room - used;
        memcpy(whole + used, at, taken);
        used += taken;
    }
    MT_TRY(mt_json_read(cx, &tree, "tree", whole, used));
    *check += tree->kind;
    return MT_OK;
}

static struct figure measure(const char *path, bench_way *way, int times)
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
        if (code != MT_OK) fprintf(stderr, "%s\n", cx.err), exit(1);
        mt_bytes_close(bytes);
        close(input.fd);
        mt_ctx_close(&cx);
    }
    return (struct figure){bench_least(runs.wall_s, runs.n), bench_least(runs.cpu_s, runs.n), check};
}

static double bytes_of(const char *path)
{
    FILE *file = fopen(path, "r");
    fseek(file, 0, SEEK_END);
    double bytes = (double)ftell(file);
    fclose(file);
    return bytes;
}

#define DUCKDB_FILE                                                                                          \
    "read_csv('%s', delim=';', header=true, skip=1, auto_detect=false, columns={'i':'VARCHAR',"              \
    "'s':'VARCHAR','a':'TIMESTAMPTZ','b':'TIMESTAMPTZ','e':'TIMESTAMPTZ','p':'DOUBLE','c':'VARCHAR',"        \
    "'v':'DOUBLE','u':'VARCHAR'})"

static void compare_duckdb(const char *path, double rows, struct figure ours, struct figure vwap)
{
#if defined(MERIT_DUCKDB_LIBRARY)
    struct duckdb_door door;
    duckdb_database database;
    duckdb_connection c;
    char sql[900];
    if (!open_door(&door) || door.open(NULL, &database) != DuckDBSuccess) return;
    if (door.connect(database, &c) != DuckDBSuccess) return;
    run_query(&door, c, "SET threads=1");
    snprintf(sql, sizeof sql,
             "SELECT count(*), max(i), max(s), max(a), max(b), max(e), sum(p), max(c), sum(v), max(u) "
             "FROM " DUCKDB_FILE,
             path);
    struct figure peer = measure_duckdb(&door, c, sql, 1);
    bench_print(&(bench_line){"to typed trades, cpu", "M rows/s", rows / ours.cpu_s * 1e-6,
                              "DuckDB into sums", rows / peer.cpu_s * 1e-6, 0, 4, false});
    snprintf(sql, sizeof sql, "SELECT a, b, count(*), sum(p * v) / sum(v) FROM " DUCKDB_FILE " GROUP BY a, b",
             path);
    peer = measure_duckdb(&door, c, sql, 1);
    bench_print(&(bench_line){"to VWAP of quarters, cpu", "M rows/s", rows / vwap.cpu_s * 1e-6,
                              "DuckDB, group by period", rows / peer.cpu_s * 1e-6, 5, 3, false});
#else
    (void)path, (void)rows, (void)ours, (void)vwap;
    printf("  DuckDB: not built in\n");
#endif
}

/* Trades in memory, without their texts. */
struct held {
    mt_trade *trade;
    size_t n;
};

static mt_code hold_trades(mt_ctx *cx, const char *path, struct held *held, size_t room)
{
    mt_bytes *bytes;
    mt_trade_file *file;
    mt_trade_batch batch;
    const mt_trade_file_options options = {.size = sizeof options};
    mt_input input = {path, open(path, O_RDONLY)};
    MT_TRY(mt_bytes_open(cx, &bytes, &input));
    MT_TRY(mt_trade_file_open(cx, &file, bytes, &options));
    held->n = 0;
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        if (held->n + batch.n > room) return mt_fail(cx, MT_E_TOO_LARGE, "more trades than rows");
        memcpy(held->trade + held->n, batch.trade, batch.n * sizeof *batch.trade);
        held->n += batch.n;
    } while (batch.n > 0 || batch.n_bad > 0);
    mt_bytes_close(bytes);
    close(input.fd);
    return MT_OK;
}

static int64_t fold_held(mt_ctx *cx, const struct held *held, bench_runs *runs)
{
    mt_trade_fold fold;
    if (open_fold(cx, &fold) != MT_OK) exit(1);
    bench_span start = bench_now();
    mt_trade_fold_add(&fold, held->trade, held->n);
    bench_add(runs, bench_since(start));
    int64_t check = sum_vwap(&fold);
    return check;
}

static void read_held(const struct held *held, bench_runs *runs)
{
    volatile int64_t kept;
    int64_t sum = 0;
    bench_span start = bench_now();
    for (size_t k = 0; k < held->n; k++)
        sum += held->trade[k].price * held->trade[k].energy_wh + held->trade[k].delivery_start;
    bench_add(runs, bench_since(start));
    kept = sum;
    (void)kept;
}

static bool bench_memory(const char *path, long rows, int64_t wanted)
{
    mt_ctx cx;
    bench_runs ours = {.n = 0}, peer = {.n = 0};
    int64_t check = 0;
    struct held held = {malloc((size_t)rows * sizeof(mt_trade)), 0};
    mt_ctx_init(&cx, NULL);
    if (!held.trade || hold_trades(&cx, path, &held, (size_t)rows) != MT_OK) exit(1);
    for (int run = 0; run < RUNS; run++) check = fold_held(&cx, &held, &ours), read_held(&held, &peer);
    double n = (double)held.n;
    bench_print(&(bench_line){"to VWAP from memory, cpu", "M rows/s",
                              n / bench_least(ours.cpu_s, ours.n) * 1e-6, "reading them",
                              n / bench_least(peer.cpu_s, peer.n) * 1e-6, 20, 0, false});
    free(held.trade);
    mt_ctx_close(&cx);
    return bench_agree("  the same VWAP from file and memory", check == wanted);
}

static bool bench_trades(const char *path, long n)
{
    char title[120];
    make_trades(path, n);
    double rows = (double)n;
    snprintf(title, sizeof title, "Trade file of an exchange, %ld rows, %.0f MB; one thread, best of %d", n,
             bytes_of(path) * 1e-6, RUNS);
    bench_title(title);
    struct figure roof = measure(path, read_only, RUNS), ours = measure(path, read_fast, RUNS),
                  portable = measure(path, read_portable, 2), slow = measure(path, read_careful, 1),
                  vwap = measure(path, read_vwap, RUNS);
    double roof_speed = rows / roof.cpu_s * 1e-6;
    bench_print(&(bench_line){"to typed trades, cpu", "M rows/s", rows / ours.cpu_s * 1e-6,
                              "reading every byte", roof_speed, 5, 0, false});
    bench_print(&(bench_line){"the same without AVX2", "M rows/s", rows / portable.cpu_s * 1e-6,
                              "reading every byte", roof_speed, 5, 0, false});
    bench_print(&(bench_line){"to typed trades, cpu", "M rows/s", rows / ours.cpu_s * 1e-6,
                              "the careful way alone", rows / slow.cpu_s * 1e-6, 0, 0, false});
    bench_print(&(bench_line){"to VWAP of quarters, cpu", "M rows/s", rows / vwap.cpu_s * 1e-6,
                              "reading every byte", roof_speed, 5, 0, false});
    compare_duckdb(path, rows, ours, vwap);
    bool same = bench_memory(path, n, vwap.check);
    return bench_agree("  all ways agree", ours.check == slow.check && ours.check == portable.check) && same;
}

static bool bench_points(const char *path)
{
    char title[120];
    make_points(path);
    double bytes = bytes_of(path);
    snprintf(title, sizeof title, "\nLive points as pretty JSON, %d points, %.0f MB; one thread, best of %d",
             POINTS * DOCUMENTS, bytes * 1e-6, RUNS);
    bench_title(title);
    struct figure roof = measure(path, read_only, RUNS), ours = measure(path, read_columns, RUNS),
                  tree = measure(path, read_tree, 1);
    bench_print(&(bench_line){"columns of points, cpu", "MB/s", bytes / ours.cpu_s * 1e-6,
                              "reading every byte", bytes / roof.cpu_s * 1e-6, 300, 0, false});
    bench_print(&(bench_line){"columns of points, cpu", "MB/s", bytes / ours.cpu_s * 1e-6, "a tree of them",
                              bytes / tree.cpu_s * 1e-6, 0, 0, false});
    return true;
}

int main(int argc, char **argv)
{
    long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 4000000;
    char folder[] = "/dev/shm/merit-bench-XXXXXX", other[] = "/tmp/merit-bench-XXXXXX", path[80];
    const char *made = mkdtemp(folder);
    if (made == NULL) made = mkdtemp(other);
    if (made == NULL || rows <= 0) return 1;
    snprintf(path, sizeof path, "%s/input", made);
    bool agree = bench_trades(path, rows);
    agree = bench_points(path) && agree;
    remove(path);
    rmdir(made);
    return agree ? 0 : 1;
}
