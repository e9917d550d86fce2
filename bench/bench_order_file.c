/* needs: base terms io formats
 *
 * Order file to typed columns: rows a second, one thread, beside DuckDB's CSV reader on the same file and
 * the roof of merely reading it. Argument: number of rows (10,000,000). The file is made in /dev/shm or
 * /tmp and removed. */
#include "bench.h"

#include "formats/order_file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#if defined(MERIT_DUCKDB_LIBRARY)
#include <duckdb.h>
#endif

enum { RUNS = 5 };

struct figure {
    double wall_s, cpu_s; /* the best of the runs */
    int64_t check;
};

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

static struct figure measure(const char *path, mt_code (*way)(mt_ctx *, mt_bytes *, int64_t *))
{
    struct figure best = {1e9, 1e9, 0};
    for (int run = 0; run < RUNS; run++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        mt_bytes *bytes = NULL;
        mt_input input = {path, open(path, O_RDONLY)};
        int64_t check = 0;
        bench_span start = bench_now();
        mt_code code = mt_bytes_open(&cx, &bytes, &input);
        if (code == MT_OK) code = way(&cx, bytes, &check);
        bench_span taken = bench_since(start);
        if (code != MT_OK) fprintf(stderr, "%s\n", cx.err);
        if (taken.wall_s < best.wall_s) best.wall_s = taken.wall_s;
        if (taken.cpu_s < best.cpu_s) best.cpu_s = taken.cpu_s;
        best.check = check;
        mt_bytes_close(bytes);
        close(input.fd);
        mt_ctx_close(&cx);
    }
    return best;
}

static void print_figure(const char *name, struct figure f, double rows, double bytes)
{
    printf("  %-34s %7.1f ms wall %7.1f ms cpu  %6.2f M rows/s wall %6.2f M rows/s cpu", name, f.wall_s * 1e3,
           f.cpu_s * 1e3, rows / f.wall_s * 1e-6, rows / f.cpu_s * 1e-6);
    if (bytes > 0) printf("  %5.2f GB/s", bytes / f.cpu_s * 1e-9);
    printf("\n");
}

#if defined(MERIT_DUCKDB_LIBRARY)
struct duckdb_door {
    duckdb_state (*open)(const char *, duckdb_database *);
    duckdb_state (*connect)(duckdb_database, duckdb_connection *);
    duckdb_state (*query)(duckdb_connection, const char *, duckdb_result *);
    const char *(*error)(duckdb_result *);
    void (*destroy)(duckdb_result *);
};

static bool open_door(struct duckdb_door *door)
{
    void *library = dlopen(MERIT_DUCKDB_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        printf("  DuckDB: not there (%s)\n", dlerror());
        return false;
    }
    *(void **)&door->open = dlsym(library, "duckdb_open");
    *(void **)&door->connect = dlsym(library, "duckdb_connect");
    *(void **)&door->query = dlsym(library, "duckdb_query");
    *(void **)&door->error = dlsym(library, "duckdb_result_error");
    *(void **)&door->destroy = dlsym(library, "duckdb_destroy_result");
    return true;
}

static bool run_query(const struct duckdb_door *door, duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    bool done = door->query(connection, sql, &result) == DuckDBSuccess;
    if (!done) printf("  DuckDB: %s\n", door->error(&result));
    door->destroy(&result);
    return done;
}

/* The faster of its two ways: into a table, and into sums of every column. */
static double measure_duckdb(const struct duckdb_door *door, duckdb_connection c, const char *path,
                             const struct layout *layout, double rows)
{
    static const char *const ways[] = {
        "CREATE OR REPLACE TEMP TABLE t AS SELECT *",
        "SELECT count(*), max(timestamp), sum(price), sum(volume), max(side)",
    };
    double best_cpu = 1e9;
    for (size_t w = 0; w < 2; w++) {
        struct figure f = {1e9, 1e9, 0};
        char sql[800];
        snprintf(sql, sizeof sql,
                 "%s FROM read_csv('%s', delim=',', header=true, auto_detect=false, columns=%s)", ways[w],
                 path, layout->duckdb_columns);
        for (int run = 0; run < 2; run++) {
            bench_span start = bench_now();
            if (!run_query(door, c, sql)) return best_cpu;
            bench_span taken = bench_since(start);
            if (taken.wall_s < f.wall_s) f.wall_s = taken.wall_s;
            if (taken.cpu_s < f.cpu_s) f.cpu_s = taken.cpu_s;
        }
        print_figure(w == 0 ? "DuckDB read_csv into a table" : "DuckDB read_csv into sums", f, rows, 0);
        if (f.cpu_s < best_cpu) best_cpu = f.cpu_s;
    }
    return best_cpu;
}

static void compare_duckdb(const char *path, const struct layout *layout, double rows, struct figure ours)
{
    struct duckdb_door door;
    duckdb_database database;
    duckdb_connection connection;
    if (!open_door(&door) || door.open(NULL, &database) != DuckDBSuccess) return;
    if (door.connect(database, &connection) != DuckDBSuccess) return;
    printf(" peer, threads by default:\n");
    measure_duckdb(&door, connection, path, layout, rows);
    printf(" peer, one thread:\n");
    run_query(&door, connection, "SET threads=1");
    double cpu = measure_duckdb(&door, connection, path, layout, rows);
    printf("  ratio to DuckDB on one thread: %.1f x (cpu)\n", cpu / ours.cpu_s);
}
#else
static void compare_duckdb(const char *path, const struct layout *layout, double rows, struct figure ours)
{
    (void)path, (void)layout, (void)rows, (void)ours;
    printf("  DuckDB: not built in\n");
}
#endif

static void bench_layout(const char *path, const struct layout *layout, long rows)
{
    make_file(path, layout, rows);
    FILE *file = fopen(path, "r");
    fseek(file, 0, SEEK_END);
    double bytes = (double)ftell(file);
    fclose(file);
    printf("%s: %ld rows, %.1f MB, best of %d\n", layout->title, rows, bytes * 1e-6, RUNS);
    struct figure roof = measure(path, read_only), ours = measure(path, read_fast),
                  slow = measure(path, read_careful);
    print_figure("order file, one thread", ours, (double)rows, bytes);
    print_figure("the careful way alone", slow, (double)rows, bytes);
    print_figure("roof: reading every byte", roof, (double)rows, bytes);
    printf("  ratio to the roof: %.2f; fast and careful agree: %s\n", roof.cpu_s / ours.cpu_s,
           ours.check == slow.check ? "yes" : "NO");
    compare_duckdb(path, layout, (double)rows, ours);
}

int main(int argc, char **argv)
{
    long rows = argc > 1 ? atol(argv[1]) : 10000000;
    char folder[] = "/dev/shm/merit-bench-XXXXXX", other[] = "/tmp/merit-bench-XXXXXX", path[80];
    const char *made = mkdtemp(folder);
    if (made == NULL) made = mkdtemp(other);
    if (made == NULL || rows <= 0) return 1;
    snprintf(path, sizeof path, "%s/orders.csv", made);
    for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++) bench_layout(path, &layouts[k], rows);
    remove(path);
    rmdir(made);
    return 0;
}
