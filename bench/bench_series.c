/* needs: base terms io crypto store
 *
 * Observations into the store and back: batches with fsync'ed commits from several writers, beside the
 * engine's own staging and anti-join, on the embedded engine and on a private PostgreSQL server; buckets; the
 * small read. Arguments: rows (2,000,000), rows for the server (400,000). Wall clock, because engine, writer
 * thread and disk work beside the calling threads; one run of each write, the median of 31 reads, half a
 * minute in total. Files are made in a folder under /tmp and removed, the server is stopped, also after a
 * failure. */
#include "bench.h"
#include "server.h"

#include "store/data/series_store.h"
#include "store/duckdb/api.h"

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

enum { SERIES = 64, CHUNK = 2048, WRITERS_MAX = 4, SMALL_READS = 31, SINGLE_ROWS = 1500, DATA_COLUMNS = 9 };

#define START ((mt_time)1704067200 * MT_US_SECOND)

/* Thousands of rows a second, except where said. */
static const double small_aim = 300, large_aim = 500, server_aim = 90;
static const double buckets_aim_ms = 25, read_aim_ms = 10;

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
    remove(path); /* what cannot go must not keep the rest */
    return 0;
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

/* --- rows: every minute a value of each of 64 series --- */

static const mt_field named_col[DATA_COLUMNS + 1] = {
    {.name = "kind", .type = MT_TEXT},   {.name = "area", .type = MT_TEXT},
    {.name = "unit", .type = MT_TEXT},   {.name = "source", .type = MT_TEXT},
    {.name = "step_us", .type = MT_INT}, {.name = "start", .type = MT_TIME},
    {.name = "value", .type = MT_REAL},  {.name = "known_at", .type = MT_TIME}};

static const mt_field bare_col[] = {
    {.name = "series_id", .type = MT_INT}, {.name = "start", .type = MT_TIME},
    {.name = "value", .type = MT_REAL},    {.name = "known_at", .type = MT_TIME},
    {.name = "payload", .type = MT_TEXT},  {.name = NULL}};

struct chunk {
    mt_text kind[CHUNK], area[CHUNK], unit[CHUNK], source[CHUNK], none[CHUNK];
    int64_t id[CHUNK], step[CHUNK], start[CHUNK], known_at[CHUNK];
    double value[CHUNK];
    uint64_t nothing[CHUNK / 64];
};

struct names {
    const char *kind[SERIES];
    char area[SERIES][16];
    int64_t id[SERIES];
};

static struct names make_names(void)
{
    static const char *const kind[] = {"load",    "wind",  "sun",     "price",
                                       "reserve", "river", "outages", "balance"};
    struct names names;
    for (int k = 0; k < SERIES; k++) {
        names.kind[k] = kind[k % 8];
        snprintf(names.area[k], sizeof names.area[k], "station %d", k);
        mt_observation name = {.area = names.area[k], .unit = "MWh", .source = "bench"};
        name.kind = names.kind[k];
        name.step = MT_US_MINUTE;
        names.id[k] = mt_series_id(&name);
    }
    return names;
}

static void fill(struct chunk *c, const struct names *names, int64_t from, size_t n, int64_t change_every)
{
    for (size_t i = 0; i < n; i++) {
        int64_t row = from + (int64_t)i;
        bool changed = change_every && row % change_every == 0;
        size_t series = (size_t)(row % SERIES);
        c->kind[i] = (mt_text){names->kind[series], strlen(names->kind[series])};
        c->area[i] = (mt_text){names->area[series], strlen(names->area[series])};
        c->unit[i] = (mt_text){"MWh", 3};
        c->source[i] = (mt_text){"bench", 5};
        c->id[i] = names->id[series];
        c->step[i] = MT_US_MINUTE;
        c->start[i] = START + row / SERIES * MT_US_MINUTE;
        c->value[i] = (double)(row * 7919 % 100003) / 100 + (changed ? 1 : 0);
        c->known_at[i] = c->start[i] + (changed ? MT_US_HOUR : 0);
    }
}

/* --- writers --- */

struct load {
    mt_store *store;
    struct names names;
    int64_t rows, batch_rows, change_every;
    bool bare; /* rows with ids straight into the table, without names or revisions */
    _Atomic int64_t next;
    mt_merge_counts counts; /* of all, under the lock */
    pthread_mutex_t lock;
};

static void push_named(mt_ctx *cx, mt_sink *sink, struct chunk *c, size_t n)
{
    const mt_column col[] = {{c->kind, NULL}, {c->area, NULL},  {c->unit, NULL},  {c->source, NULL},
                             {c->step, NULL}, {c->start, NULL}, {c->value, NULL}, {c->known_at, NULL}};
    stop(cx, mt_sink_push(sink, cx, &(mt_chunk){n, col}));
}

static void push_bare(mt_ctx *cx, mt_sink *sink, struct chunk *c, size_t n)
{
    const mt_column col[] = {
        {c->id, NULL}, {c->start, NULL}, {c->value, NULL}, {c->known_at, NULL}, {c->none, c->nothing}};
    stop(cx, mt_sink_push(sink, cx, &(mt_chunk){n, col}));
}

static void send_rows(mt_ctx *cx, struct load *load, mt_sink *sink, int64_t from, int64_t to)
{
    struct chunk *c = calloc(1, sizeof *c);
    const mt_schema named = {.name = "named", .col = named_col, .n_col = 8};
    const mt_schema bare = {.name = "bare", .col = bare_col, .n_col = 5};
    if (!c) exit(1);
    stop(cx, mt_sink_schema(sink, cx, load->bare ? &bare : &named));
    for (size_t n; from < to; from += (int64_t)n) {
        n = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        fill(c, &load->names, from, n, load->change_every);
        (load->bare ? push_bare : push_named)(cx, sink, c, n);
    }
    stop(cx, mt_sink_finish(sink, cx));
    free(c);
}

static mt_merge_counts write_batch(mt_ctx *cx, struct load *load, int64_t from, int64_t to)
{
    static const char *const key[] = {"series_id", "start", NULL}, *const range[] = {"start", NULL};
    static const mt_merge_plan plan = {.table = "bare", .key = key, .range = range};
    mt_batch *batch;
    mt_sink *sink;
    mt_merge_counts counts;
    stop(cx, mt_batch_open(cx, &batch, load->store));
    stop(cx, load->bare ? mt_batch_merge(cx, batch, &sink, &counts, &plan)
                        : mt_series_merge(cx, batch, &sink, &counts));
    send_rows(cx, load, sink, from, to);
    mt_sink_close(sink);
    stop(cx, mt_batch_commit(cx, batch, NULL, NULL));
    mt_batch_close(batch);
    return counts;
}

static void *write_batches(void *arg)
{
    struct load *load = arg;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (;;) {
        int64_t from = atomic_fetch_add(&load->next, load->batch_rows);
        if (from >= load->rows) break;
        int64_t to = from + load->batch_rows < load->rows ? from + load->batch_rows : load->rows;
        mt_mark mark = mt_arena_mark(&cx.arena);
        mt_merge_counts counts = write_batch(&cx, load, from, to);
        mt_arena_reset(&cx.arena, mark);
        pthread_mutex_lock(&load->lock);
        load->counts.added += counts.added;
        load->counts.changed += counts.changed;
        load->counts.unchanged += counts.unchanged;
        load->counts.kept += counts.kept;
        pthread_mutex_unlock(&load->lock);
    }
    mt_ctx_close(&cx);
    return NULL;
}

/* Thousands of rows a second. */
static double run_load(struct load *load, int writers)
{
    pthread_t thread[WRITERS_MAX];
    load->next = 0;
    load->counts = (mt_merge_counts){0};
    bench_span start = bench_now();
    for (int k = 0; k < writers; k++)
        if (pthread_create(&thread[k], NULL, write_batches, load) != 0) exit(1);
    for (int k = 0; k < writers; k++) pthread_join(thread[k], NULL);
    return (double)load->rows / bench_since(start).wall_s / 1e3;
}

static mt_code run_text(mt_ctx *cx, mt_tx *tx, void *arg)
{
    return mt_tx_exec(cx, tx, NULL, arg, NULL, 0);
}

static void run(mt_ctx *cx, mt_store *store, const char *sql)
{
    stop(cx, mt_store_write(cx, store, run_text, (void *)(uintptr_t)sql));
}

static void print_speed(const char *what, double figure, const char *peer, double peer_figure, double aim)
{
    bench_print(&(bench_line){.what = what,
                              .unit = "k rows/s",
                              .figure = figure,
                              .peer = peer,
                              .peer_figure = peer_figure,
                              .aim = aim});
}

/* --- the embedded engine --- */

static void must(mt_duckdb_api *api, duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    if (api->duckdb_query(connection, sql, &result) != DuckDBSuccess) {
        fprintf(stderr, "%s\n", api->duckdb_result_error(&result));
        exit(1);
    }
    api->duckdb_destroy_result(&result);
}

static void append_rows(mt_duckdb_api *api, duckdb_connection connection, const struct names *names,
                        int64_t from, int64_t to)
{
    duckdb_appender appender;
    duckdb_logical_type type[4];
    struct chunk *c = calloc(1, sizeof *c);
    if (!c || api->duckdb_appender_create_ext(connection, NULL, "main", "s", &appender) != DuckDBSuccess)
        exit(1);
    for (idx_t k = 0; k < 4; k++) type[k] = api->duckdb_appender_column_type(appender, k);
    duckdb_data_chunk chunk = api->duckdb_create_data_chunk(type, 4);
    for (size_t n; from < to; from += (int64_t)n) {
        n = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        fill(c, names, from, n, 0);
        const void *column[] = {c->id, c->start, c->value, c->known_at};
        api->duckdb_data_chunk_reset(chunk);
        for (idx_t k = 0; k < 4; k++)
            memcpy(api->duckdb_vector_get_data(api->duckdb_data_chunk_get_vector(chunk, k)), column[k],
                   n * 8);
        api->duckdb_data_chunk_set_size(chunk, n);
        if (api->duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess) exit(1);
    }
    api->duckdb_appender_close(appender);
    api->duckdb_appender_destroy(&appender);
    api->duckdb_destroy_data_chunk(&chunk);
    for (idx_t k = 0; k < 4; k++) api->duckdb_destroy_logical_type(&type[k]);
    free(c);
}

/* The engine's own words, one connection: a stage of the same shape kept open, an anti-join over the batch's
 * range of time, a commit for each batch. */
static double peer_merge(mt_ctx *cx, int64_t rows, int64_t batch_rows)
{
    mt_duckdb_api api;
    duckdb_database database;
    duckdb_connection connection;
    duckdb_config config;
    char path[64];
    struct names names = make_names();
    stop(cx, mt_duckdb_load(cx, &api, NULL));
    snprintf(path, sizeof path, "%s/peer-%lld", made_folder, (long long)batch_rows);
    api.duckdb_create_config(&config);
    api.duckdb_set_config(config, "threads", "2");
    if (api.duckdb_open_ext(path, &database, config, NULL) != DuckDBSuccess) exit(1);
    api.duckdb_destroy_config(&config);
    api.duckdb_connect(database, &connection);
    must(&api, connection,
         "CREATE TABLE t (id BIGINT, start TIMESTAMPTZ, value DOUBLE, known_at TIMESTAMPTZ)");
    must(&api, connection, "CREATE TEMP TABLE s AS FROM t LIMIT 0");
    bench_span start = bench_now();
    for (int64_t from = 0; from < rows; from += batch_rows) {
        must(&api, connection, "BEGIN");
        append_rows(&api, connection, &names, from, from + batch_rows < rows ? from + batch_rows : rows);
        must(&api, connection,
             "INSERT INTO t SELECT * FROM s WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.id = "
             "s.id AND t.start = s.start AND t.start >= (SELECT min(start) FROM s))");
        must(&api, connection, "DELETE FROM s");
        must(&api, connection, "COMMIT");
    }
    double taken = bench_since(start).wall_s;
    api.duckdb_disconnect(&connection);
    api.duckdb_close(&database);
    mt_duckdb_unload(&api);
    return (double)rows / taken / 1e3;
}

/* Counts rows and keeps none: what is measured is the store, not its reader. */
struct counter {
    mt_sink sink;
    size_t rows;
};

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)cx;
    (void)schema;
    ((struct counter *)sink)->rows = 0;
    return MT_OK;
}

static mt_code count_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    (void)cx;
    ((struct counter *)sink)->rows += chunk->n;
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

/* A statement, or a question about series. */
struct question {
    const char *sql;
    mt_series_filter filter;
    mt_time bucket;
};

static mt_code ask(mt_ctx *cx, mt_store *store, const struct question *q, mt_sink *sink)
{
    if (q->sql) return mt_store_query(cx, store, q->sql, NULL, 0, sink);
    if (q->bucket) return mt_series_buckets(cx, store, &q->filter, q->bucket, sink);
    return mt_series_read(cx, store, &q->filter, sink);
}

static double median_ms(mt_ctx *cx, mt_store *store, const struct question *q, size_t *rows)
{
    static const mt_sink_ops ops = {take_schema, count_rows, finish, close_sink};
    struct counter counter = {.sink = {&ops}};
    double taken[SMALL_READS];
    for (int k = 0; k < SMALL_READS; k++) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        bench_span start = bench_now();
        stop(cx, ask(cx, store, q, &counter.sink));
        taken[k] = bench_since(start).wall_s * 1e3;
        mt_arena_reset(&cx->arena, mark);
    }
    *rows = counter.rows;
    return bench_median(taken, SMALL_READS);
}

static void print_ms(const char *what, double figure, const char *peer, double peer_figure, double aim)
{
    bench_print(&(bench_line){.what = what,
                              .unit = "ms",
                              .figure = figure,
                              .peer = peer,
                              .peer_figure = peer_figure,
                              .aim = aim,
                              .at_most = true});
}

static bool bench_reads(mt_ctx *cx, mt_store *store, int64_t rows)
{
    size_t n, n_small, n_peer;
    struct question q = {.filter = MT_SERIES_FILTER_ALL, .bucket = MT_US_HOUR};
    const struct question grouped = {.sql = "SELECT series_id, date_trunc('hour', start) AS hour, avg(value) "
                                            "AS mean FROM observation GROUP BY 1, 2"};
    const struct question looked = {.sql = "SELECT sum(value) AS sum FROM observation"};
    double peer_ms = median_ms(cx, store, &grouped, &n_peer);
    print_ms("hourly mean, sum, min, max of all", median_ms(cx, store, &q, &n), "mean by date_trunc", peer_ms,
             buckets_aim_ms);
    q.bucket = 0;
    q.filter.kind = "balance";
    q.filter.from = START + rows / SERIES / 2 * MT_US_MINUTE;
    q.filter.to = q.filter.from + 12 * MT_US_HOUR;
    peer_ms = median_ms(cx, store, &looked, &n_peer);
    print_ms("8 series x 12 h of minutes, p50", median_ms(cx, store, &q, &n_small), "adding up every value",
             peer_ms, read_aim_ms);
    return n == (size_t)((rows / SERIES + 59) / 60) * SERIES && n_small == (size_t)8 * 720;
}

/* Speeds of one store; `every` of a load that was not there, the same again, some of it revised. */
static bool bench_loads(struct load *load, const char *peer, double small_peer, double large_peer, bool aims)
{
    bool agree = true;
    load->batch_rows = 50000;
    load->change_every = 0;
    print_speed("series, batches of 50,000, 3 writers", run_load(load, 3), peer, large_peer,
                aims ? large_aim : server_aim);
    agree &= load->counts.added == (uint64_t)load->rows;
    load->batch_rows = 10000;
    print_speed("the same again (all unchanged)", run_load(load, 3), peer, small_peer, 0);
    agree &= load->counts.unchanged == (uint64_t)load->rows;
    load->change_every = 100;
    print_speed("again, every 100th value revised", run_load(load, 3), peer, small_peer, 0);
    return agree && load->counts.changed == (uint64_t)((load->rows + 99) / 100) &&
           load->counts.kept == load->counts.changed;
}

static void empty(mt_ctx *cx, mt_store *store)
{
    run(cx, store, "DELETE FROM observation");
    run(cx, store, "DELETE FROM observation_history");
}

static mt_store *open_store(mt_ctx *cx, const char *url)
{
    mt_store *store;
    mt_store_options options = {.size = sizeof options, .url = url};
    stop(cx, mt_store_open(cx, &store, &options));
    run(cx, store,
        "CREATE TABLE bare (series_id BIGINT, start TIMESTAMPTZ, value DOUBLE PRECISION, known_at "
        "TIMESTAMPTZ, payload TEXT)");
    return store;
}

/* A store of its own for each load: rows that were deleted would be read past. */
static mt_store *fresh_store(mt_ctx *cx)
{
    static const char *const parts[] = {"", ".wal", ".lock"};
    char path[64], url[80], part[80];
    snprintf(path, sizeof path, "%s/store", made_folder);
    snprintf(url, sizeof url, "duckdb:%s", path);
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        snprintf(part, sizeof part, "%s%s", path, parts[k]);
        unlink(part);
    }
    return open_store(cx, url);
}

static double run_fresh(mt_ctx *cx, struct load *load, int writers)
{
    load->store = fresh_store(cx);
    double speed = run_load(load, writers);
    mt_store_close(load->store);
    return speed;
}

static bool bench_embedded(mt_ctx *cx, int64_t rows)
{
    double small_peer = peer_merge(cx, rows, 10000), large_peer = peer_merge(cx, rows, 50000);
    const char *peer = "the engine's own merge";
    struct load load = {.names = make_names(), .rows = rows, .batch_rows = 10000, .bare = true};
    pthread_mutex_init(&load.lock, NULL);
    print_speed("bare merge, batches of 10,000, 1 writer", run_fresh(cx, &load, 1), peer, small_peer, 0);
    print_speed("bare merge, batches of 10,000, 3 writers", run_fresh(cx, &load, 3), peer, small_peer, 0);
    load.bare = false;
    for (int writers = 1; writers <= WRITERS_MAX; writers++) {
        char what[64];
        snprintf(what, sizeof what, "series, batches of 10,000, %d writer%s", writers,
                 writers > 1 ? "s" : "");
        print_speed(what, run_fresh(cx, &load, writers), peer, small_peer, writers > 1 ? small_aim : 0);
    }
    load.store = fresh_store(cx);
    bool agree = bench_loads(&load, peer, small_peer, large_peer, true);
    agree &= bench_reads(cx, load.store, rows);
    mt_store_close(load.store);
    pthread_mutex_destroy(&load.lock);
    return agree;
}

/* --- a server of one's own --- */

struct single {
    const struct names *names;
    int64_t row;
};

/* What the earlier system did for every row. */
static mt_code insert_one(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct single *s = arg;
    const mt_param row[] = {mt_param_int(s->names->id[s->row % SERIES]),
                            mt_param_time(START + s->row / SERIES * MT_US_MINUTE), mt_param_real(1),
                            mt_param_time(START)};
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO observation (series_id, start, value, known_at) VALUES ($1, $2, $3, $4) "
                      "ON CONFLICT (series_id, start) DO UPDATE SET value = excluded.value",
                      row, 4);
}

static double insert_singly(mt_ctx *cx, mt_store *store, const struct names *names)
{
    bench_span start = bench_now();
    for (int64_t row = 0; row < SINGLE_ROWS; row++) {
        struct single single = {names, row};
        stop(cx, mt_store_write(cx, store, insert_one, &single));
    }
    return SINGLE_ROWS / bench_since(start).wall_s / 1e3;
}

static bool bench_postgres(mt_ctx *cx, int64_t rows)
{
    const char *peer = "a commit for each row";
    if (!bench_server_start(&server, made_folder)) {
        printf("PostgreSQL's programs are not installed: nothing is measured with it\n");
        return true;
    }
    struct load load = {.store = open_store(cx, server.url), .names = make_names(), .rows = rows};
    pthread_mutex_init(&load.lock, NULL);
    printf("PostgreSQL, fsync on, unique keys; %lld observations\n", (long long)rows);
    double single = insert_singly(cx, load.store, &load.names);
    empty(cx, load.store);
    load.batch_rows = 10000;
    for (int writers = 1; writers <= WRITERS_MAX; writers += 2) {
        char what[64];
        snprintf(what, sizeof what, "series, batches of 10,000, %d writer%s", writers,
                 writers > 1 ? "s" : "");
        print_speed(what, run_load(&load, writers), peer, single, server_aim);
        run(cx, load.store, "TRUNCATE observation");
    }
    bool agree = bench_loads(&load, peer, single, single, false);
    mt_store_close(load.store);
    pthread_mutex_destroy(&load.lock);
    return agree;
}

int main(int argc, char **argv)
{
    mt_ctx cx;
    char title[128];
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 2000000;
    int64_t server_rows = argc > 2 ? strtoll(argv[2], NULL, 10) : 400000;
    mt_ctx_init(&cx, NULL);
    make_folder();
    snprintf(title, sizeof title, "%lld observations of 64 series; wall clock, one run of each",
             (long long)rows);
    bench_title(title);
    bool agree = rows > 0 ? bench_embedded(&cx, rows) : true;
    if (server_rows) agree &= bench_postgres(&cx, server_rows);
    agree = bench_agree("as many added, changed, kept as differed", agree);
    mt_ctx_close(&cx);
    return agree ? 0 : 1;
}
