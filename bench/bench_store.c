/* needs: base terms io store
 *
 * Orders into the embedded store: loaded, merged with themselves, read back; beside a bare loop over the
 * engine's own appender and beside COPY from a CSV file, in the same run. Argument: number of rows
 * (10,000,000). Files are made in a folder under /tmp and removed, also after a failure. Wall clock, because
 * engine and disk work beside the calling thread; one run of each, half a minute in total. */
#include "bench.h"

#include "store/duckdb/api.h"
#include "store/data/order_store.h"
#include "store/parquet/parquet.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VECTOR = 2048 };

/* Millions of rows a second. */
static const double load_aim = 2, merge_aim = 0.6;

#define START ((mt_time)1704067200 * MT_US_SECOND)

struct orders {
    int64_t rows, at;
    int64_t change_every; /* 0: never; else every so many-th price differs */
    mt_time time[MT_ORDER_BATCH_ROWS];
    mt_micro price[MT_ORDER_BATCH_ROWS];
    int64_t volume[MT_ORDER_BATCH_ROWS];
    uint8_t side[MT_ORDER_BATCH_ROWS];
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static mt_code next(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct orders *o = self;
    (void)cx;
    int64_t left = o->rows - o->at;
    size_t n = left < MT_ORDER_BATCH_ROWS ? (size_t)left : MT_ORDER_BATCH_ROWS;
    for (size_t i = 0; i < n; i++, o->at++) {
        uint64_t x = mix((uint64_t)o->at + 1);
        o->time[i] = START + o->at * 3 * MT_US_SECOND;
        o->price[i] = (int64_t)(x % 20000) * 10000 - (o->change_every && o->at % o->change_every == 0);
        o->volume[i] = (int64_t)(x >> 32 & 0xffff) * 1000;
        o->side[i] = (uint8_t)(x >> 63);
    }
    *out = (mt_order_batch){n, o->time, o->price, o->volume, o->side, 0, NULL};
    return MT_OK;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static char made_folder[] = "/tmp/merit-bench-XXXXXX"; /* atexit hands nothing through */

static void remove_made(void)
{
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

/* Rows a second beside those of the appender (0: this is the appender). */
static void print_speed(const char *what, int64_t rows, double taken_s, double appender_s, double aim)
{
    bench_print(&(bench_line){.what = what,
                              .unit = "M rows/s",
                              .figure = (double)rows / taken_s / 1e6,
                              .peer = appender_s > 0 ? "the engine's appender" : NULL,
                              .peer_figure = appender_s > 0 ? (double)rows / appender_s / 1e6 : 0,
                              .aim = aim});
}

static void stop(mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

/* --- peers --- */

static void run(mt_duckdb_api *api, duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    if (api->duckdb_query(connection, sql, &result) != DuckDBSuccess) {
        fprintf(stderr, "%s\n", api->duckdb_result_error(&result));
        exit(1);
    }
    api->duckdb_destroy_result(&result);
}

static void open_peer(mt_duckdb_api *api, const char *path, duckdb_database *database,
                      duckdb_connection *connection)
{
    duckdb_config config;
    api->duckdb_create_config(&config);
    api->duckdb_set_config(config, "threads", "2");
    if (api->duckdb_open_ext(path, database, config, NULL) != DuckDBSuccess) exit(1);
    api->duckdb_destroy_config(&config);
    api->duckdb_connect(*database, connection);
    run(api, *connection,
        "CREATE TABLE t (dataset_id BIGINT, row_no BIGINT, time TIMESTAMPTZ, side TEXT, price BIGINT, "
        "volume BIGINT)");
}

static void fill_chunk(mt_duckdb_api *api, duckdb_data_chunk chunk, const mt_order_batch *b, size_t from,
                       size_t n, int64_t row)
{
    static const char *const name[] = {"sell", "buy"};
    void *data[6];
    for (idx_t k = 0; k < 6; k++)
        data[k] = api->duckdb_vector_get_data(api->duckdb_data_chunk_get_vector(chunk, k));
    for (size_t i = 0; i < n; i++) {
        ((int64_t *)data[0])[i] = 1;
        ((int64_t *)data[1])[i] = row + (int64_t)i;
        api->duckdb_vector_assign_string_element_len(api->duckdb_data_chunk_get_vector(chunk, 3), i,
                                                     name[b->side[from + i]], b->side[from + i] ? 3 : 4);
    }
    memcpy(data[2], b->time + from, n * 8);
    memcpy(data[4], b->price + from, n * 8);
    memcpy(data[5], b->volume + from, n * 8);
    api->duckdb_data_chunk_set_size(chunk, n);
}

static double bare_appender(mt_ctx *cx, mt_duckdb_api *api, const char *path, struct orders *orders)
{
    duckdb_database database;
    duckdb_connection connection;
    duckdb_appender appender;
    duckdb_logical_type type[6];
    open_peer(api, path, &database, &connection);
    bench_span start = bench_now();
    run(api, connection, "BEGIN");
    api->duckdb_appender_create_ext(connection, NULL, "main", "t", &appender);
    for (idx_t k = 0; k < 6; k++) type[k] = api->duckdb_appender_column_type(appender, k);
    duckdb_data_chunk chunk = api->duckdb_create_data_chunk(type, 6);
    for (int64_t row = 0;;) {
        mt_order_batch batch;
        stop(cx, next(orders, cx, &batch));
        if (!batch.n) break;
        for (size_t from = 0; from < batch.n; from += VECTOR) {
            size_t n = batch.n - from < VECTOR ? batch.n - from : VECTOR;
            api->duckdb_data_chunk_reset(chunk);
            fill_chunk(api, chunk, &batch, from, n, row);
            if (api->duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess) exit(1);
            row += (int64_t)n;
        }
    }
    api->duckdb_appender_close(appender);
    run(api, connection, "COMMIT");
    double taken = bench_since(start).wall_s;
    api->duckdb_appender_destroy(&appender);
    api->duckdb_destroy_data_chunk(&chunk);
    for (idx_t k = 0; k < 6; k++) api->duckdb_destroy_logical_type(&type[k]);
    api->duckdb_disconnect(&connection);
    api->duckdb_close(&database);
    return taken;
}

static void write_csv(mt_ctx *cx, const char *path, struct orders *orders)
{
    static const char *const name[] = {"sell", "buy"};
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    for (int64_t row = 0;;) {
        mt_order_batch b;
        stop(cx, next(orders, cx, &b));
        if (!b.n) break;
        for (size_t i = 0; i < b.n; i++, row++) {
            char time[MT_TIME_TEXT_MAX];
            mt_time_text(b.time[i], time);
            fprintf(file, "1,%lld,%s,%s,%lld,%lld\n", (long long)row, time, name[b.side[i]],
                    (long long)b.price[i], (long long)b.volume[i]);
        }
    }
    if (fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static double copy_csv(mt_duckdb_api *api, const char *path, const char *csv)
{
    duckdb_database database;
    duckdb_connection connection;
    char sql[256];
    open_peer(api, path, &database, &connection);
    snprintf(sql, sizeof sql, "COPY t FROM '%s' (FORMAT csv, HEADER false)", csv);
    bench_span start = bench_now();
    run(api, connection, sql);
    double taken = bench_since(start).wall_s;
    api->duckdb_disconnect(&connection);
    api->duckdb_close(&database);
    return taken;
}

/* --- ours --- */

static double save(mt_ctx *cx, mt_store *store, struct orders *orders, int64_t change_every,
                   mt_order_saved *saved)
{
    mt_dataset dataset = {.name = "bench"};
    mt_order_source source = {next, orders};
    orders->at = 0;
    orders->change_every = change_every;
    bench_span start = bench_now();
    stop(cx, mt_order_store_save(cx, saved, store, &dataset, &source));
    return bench_since(start).wall_s;
}

static double read_back(mt_ctx *cx, mt_store *store, int64_t rows)
{
    mt_order_reader *reader;
    bench_span start = bench_now();
    stop(cx, mt_order_store_open(cx, &reader, store, "bench"));
    mt_order_source source = mt_order_store_source(reader);
    int64_t n = 0;
    for (mt_order_batch batch;; n += (int64_t)batch.n) {
        stop(cx, source.next(source.self, cx, &batch));
        if (!batch.n) break;
    }
    mt_order_store_close(reader);
    if (n != rows) exit(1);
    return bench_since(start).wall_s;
}

static double partition(mt_ctx *cx, struct orders *orders)
{
    mt_engine *engine;
    mt_partition *day;
    size_t n;
    uint64_t untimed;
    char path[128];
    mt_order_source source = {next, orders};
    snprintf(path, sizeof path, "%s/days", made_folder);
    orders->at = 0;
    stop(cx, mt_engine_open(cx, &engine, NULL));
    bench_span start = bench_now();
    stop(cx, mt_parquet_partition(cx, &day, &n, &untimed, engine, path, &source));
    double taken = bench_since(start).wall_s;
    mt_engine_close(engine);
    return taken;
}

/* The engine's own ways; returns the seconds of its appender. */
static double bench_peers(mt_ctx *cx, struct orders *orders)
{
    mt_duckdb_api api;
    char path[64], csv[64];
    stop(cx, mt_duckdb_load(cx, &api, NULL));
    snprintf(path, sizeof path, "%s/appender", made_folder);
    double appender_s = bare_appender(cx, &api, path, orders);
    print_speed("the engine's appender, bare", orders->rows, appender_s, 0, 0);
    snprintf(csv, sizeof csv, "%s/orders.csv", made_folder);
    snprintf(path, sizeof path, "%s/copy", made_folder);
    orders->at = 0;
    write_csv(cx, csv, orders);
    print_speed("the engine's COPY from a CSV file", orders->rows, copy_csv(&api, path, csv), appender_s, 0);
    unlink(csv);
    mt_duckdb_unload(&api);
    return appender_s;
}

/* False: another number of rows was changed than differed. */
static bool bench_store(mt_ctx *cx, struct orders *orders, double appender_s)
{
    mt_store *store;
    mt_order_saved saved;
    char url[80];
    int64_t rows = orders->rows;
    snprintf(url, sizeof url, "duckdb:%s/store", made_folder);
    mt_store_options options = {.size = sizeof options, .url = url};
    stop(cx, mt_store_open(cx, &store, &options));
    print_speed("load into an empty range", rows, save(cx, store, orders, 0, &saved), appender_s, load_aim);
    print_speed("the same again (all unchanged)", rows, save(cx, store, orders, 0, &saved), appender_s,
                merge_aim);
    bool agree = saved.orders.changed == 0;
    print_speed("again, every 100th row changed", rows, save(cx, store, orders, 100, &saved), appender_s,
                merge_aim);
    agree &= (int64_t)saved.orders.changed == (rows + 99) / 100;
    print_speed("read back as a source of batches", rows, read_back(cx, store, rows), appender_s, 0);
    mt_store_close(store);
    print_speed("one sorted Parquet file a day", rows, partition(cx, orders), appender_s, 0);
    return bench_agree("as many rows changed as differed", agree);
}

int main(int argc, char **argv)
{
    static struct orders orders;
    mt_ctx cx;
    char title[128];
    orders.rows = argc > 1 ? atoll(argv[1]) : 10000000;
    mt_ctx_init(&cx, NULL);
    make_folder();
    snprintf(title, sizeof title, "%lld orders and the embedded store; wall clock, one run of each",
             (long long)orders.rows);
    bench_title(title);
    double appender_s = bench_peers(&cx, &orders);
    bool agree = bench_store(&cx, &orders, appender_s);
    mt_ctx_close(&cx);
    return agree ? 0 : 1;
}
