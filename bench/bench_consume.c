/* needs: base terms io crypto formats store stream ingest
 *
 * JSON messages of a file stream to durable rows, exactly once, beside the bare merge of the same rows from
 * memory in batches of the same size; into the embedded engine, and into a private PostgreSQL server beside
 * commits row by row. Arguments: messages (1,000,000), messages for the server (300,000). Wall clock, because
 * engine and disk work beside the calling thread; the best of two runs of each, taken in turn. Files are made
 * in a folder under /tmp and removed, the server is stopped, also after a failure. */
#include "bench.h"
#include "server.h"

#include "base/rows/table.h"
#include "ingest/mapped.h"
#include "store/data/series_store.h"

#include <ftw.h>
#include <inttypes.h>
#include <math.h>
#include <sys/stat.h>

enum { AREAS = 5, BATCH = 20000, RUNS = 2, SINGLE_ROWS = 1500, COLUMNS = MT_OBSERVATION_COLUMNS };

#define START ((mt_time)631152000 * MT_US_SECOND)

/* Thousands of messages a second. */
static const double embedded_aim = 120, server_aim = 90, embedded_ratio = 0.5;

static const char *const areas[AREAS] = {"DK1", "DK2", "SE3", "NO2", "DE"};

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

/* --- the same rows as messages and as columns --------------------------------------------------------- */

static double price_of(int64_t k)
{
    return (double)(k * 7919 % 40000 - 5000) / 100;
}

static mt_time start_of(int64_t k)
{
    return START + k / AREAS * MT_US_HOUR;
}

static int print_payload(char *out, size_t room, int64_t k)
{
    char hour[40];
    mt_time_text(start_of(k) + MT_US_HOUR, hour);
    return snprintf(out, room, "\"HourDK\":\"%.19s\",\"SpotPriceDKK\":%.2f", hour, price_of(k) * 7.46);
}

static int64_t write_messages(const char *path, int64_t n)
{
    char hour[40], payload[120];
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    for (int64_t k = 0; k < n; k++) {
        mt_time_text(start_of(k), hour);
        print_payload(payload, sizeof payload, k);
        fprintf(file, "{\"HourUTC\":\"%.19s\",%s,\"PriceArea\":\"%s\",\"SpotPriceEUR\":%.2f}\n", hour,
                payload, areas[k % AREAS], price_of(k));
    }
    int64_t bytes = ftell(file);
    if (fclose(file) != 0) exit(1);
    return bytes;
}

struct rows {
    mt_text *text[5], *payload;
    int64_t *step, *start, *known_at;
    double *value;
    char *bytes;
};

static void *room(int64_t n, size_t size)
{
    void *at = malloc((size_t)n * size);
    if (!at) exit(1);
    return at;
}

static struct rows *make_rows(int64_t n)
{
    enum { PAYLOAD = 96 };
    struct rows *r = room(1, sizeof *r);
    for (int k = 0; k < 5; k++) r->text[k] = room(n, sizeof *r->text[k]);
    r->payload = room(n, sizeof *r->payload);
    r->step = room(n, sizeof *r->step);
    r->start = room(n, sizeof *r->start);
    r->known_at = room(n, sizeof *r->known_at);
    r->value = room(n, sizeof *r->value);
    r->bytes = room(n, PAYLOAD);
    for (int64_t k = 0; k < n; k++) {
        char payload[120], *at = r->bytes + k * PAYLOAD;
        print_payload(payload, sizeof payload, k);
        const char *const name[] = {"spot_price", areas[k % AREAS], "", "EUR/MWh", "energidataservice"};
        for (int j = 0; j < 5; j++) r->text[j][k] = mt_text_of(name[j]);
        r->payload[k] = (mt_text){at, (size_t)snprintf(at, PAYLOAD, "{%s}", payload)};
        r->step[k] = MT_US_HOUR;
        r->start[k] = start_of(k);
        r->known_at[k] = START;
        r->value[k] = round(price_of(k) * 100) / 100;
    }
    return r;
}

/* --- one run of each ---------------------------------------------------------------------------------- */

static int64_t monotonic_us(void *arg)
{
    (void)arg;
    return (int64_t)(bench_clock_s(CLOCK_MONOTONIC) * 1e6);
}

static double consume(mt_ctx *cx, mt_store *store, const char *url, int64_t n)
{
    mt_mapped_topics *mapped;
    mt_consume_counts counts;
    const mt_topic_mapping topic = {"*", mt_mapping_find("elspot_topic")};
    stop(cx, mt_mapped_open(cx, &mapped, store, &topic, 1));
    const mt_consume_options options = {
        .size = sizeof options,
        .store = store,
        .stream = {.size = sizeof options.stream, .url = url, .until_end = true},
        .consumer = mt_mapped_consumer(mapped),
        .monotonic_us = monotonic_us};
    bench_span start = bench_now();
    stop(cx, mt_consume(cx, &options, &counts));
    double taken_s = bench_since(start).wall_s;
    mt_mapped_close(mapped);
    if ((int64_t)counts.messages != n || counts.dead) exit(1);
    return taken_s;
}

static mt_code push(mt_ctx *cx, mt_sink *sink, const struct rows *r, int64_t from, int64_t n)
{
    const mt_schema schema = {.name = "observation", .col = mt_observation_col, .n_col = COLUMNS};
    MT_TRY(mt_sink_schema(sink, cx, &schema));
    for (int64_t k = from; k < from + n; k += MT_CHUNK_ROWS) {
        int64_t left = from + n - k;
        const mt_column col[COLUMNS] = {
            {r->text[0] + k, NULL},  {r->text[1] + k, NULL}, {r->text[2] + k, NULL}, {r->text[3] + k, NULL},
            {r->text[4] + k, NULL},  {r->step + k, NULL},    {r->start + k, NULL},   {r->value + k, NULL},
            {r->known_at + k, NULL}, {r->payload + k, NULL}};
        const mt_chunk chunk = {(size_t)(left < MT_CHUNK_ROWS ? left : MT_CHUNK_ROWS), col};
        MT_TRY(mt_sink_push(sink, cx, &chunk));
    }
    return mt_sink_finish(sink, cx);
}

static double merge(mt_ctx *cx, mt_store *store, const struct rows *r, int64_t n)
{
    bench_span start = bench_now();
    for (int64_t k = 0; k < n; k += BATCH) {
        mt_sink *sink;
        stop(cx, mt_series_sink(cx, &sink, NULL, store));
        stop(cx, push(cx, sink, r, k, n - k < BATCH ? n - k : BATCH));
        mt_sink_close(sink);
    }
    return bench_since(start).wall_s;
}

struct single {
    const struct rows *rows;
    int64_t k;
};

static mt_code insert_one(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct single *s = arg;
    const mt_param param[] = {mt_param_int(s->k % AREAS), mt_param_time(s->rows->start[s->k]),
                              mt_param_real(s->rows->value[s->k]), mt_param_time(s->rows->known_at[s->k]),
                              mt_param_text_of(s->rows->payload[s->k])};
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO observation (series_id, start, value, known_at, payload) VALUES ($1, $2, "
                      "$3, $4, $5) ON CONFLICT (series_id, start) DO UPDATE SET value = excluded.value",
                      param, 5);
}

/* As the earlier system did. */
static double insert_singly(mt_ctx *cx, mt_store *store, const struct rows *r)
{
    bench_span start = bench_now();
    for (int64_t k = 0; k < SINGLE_ROWS; k++) {
        struct single s = {r, k};
        stop(cx, mt_store_write(cx, store, insert_one, &s));
    }
    return bench_since(start).wall_s;
}

/* --- results ------------------------------------------------------------------------------------------ */

static mt_store *open_store(mt_ctx *cx, const char *url)
{
    mt_store *store;
    const mt_store_options options = {.size = sizeof options, .url = url};
    stop(cx, mt_store_open(cx, &store, &options));
    return store;
}

static bool holds(mt_ctx *cx, mt_store *store, const struct rows *r, int64_t n)
{
    mt_sink *sink;
    mt_table *table;
    double sum = 0;
    int64_t bytes = 0;
    stop(cx, mt_table_sink(cx, &sink, &table, 1));
    stop(cx,
         mt_store_query(cx, store,
                        "SELECT CAST(count(*) AS BIGINT), sum(value), CAST(sum(length(payload)) AS BIGINT) "
                        "FROM observation",
                        NULL, 0, sink));
    mt_sink_close(sink);
    for (int64_t k = 0; k < n; k++) {
        sum += r->value[k];
        bytes += (int64_t)r->payload[k].length;
    }
    return mt_table_real(table, 0, 0) == (double)n && fabs(mt_table_real(table, 0, 1) - sum) < 0.01 &&
           mt_table_real(table, 0, 2) == (double)bytes;
}

static bool bench_embedded(mt_ctx *cx, const struct rows *r, const char *stream, int64_t n)
{
    double consume_s = INFINITY, merge_s = INFINITY;
    bool agree = true;
    for (int run = 0; run < RUNS; run++) {
        char url[100];
        snprintf(url, sizeof url, "duckdb:%s/consumed-%d", made_folder, run);
        mt_store *store = open_store(cx, url);
        consume_s = fmin(consume_s, consume(cx, store, stream, n));
        agree &= holds(cx, store, r, n);
        mt_store_close(store);
        snprintf(url, sizeof url, "duckdb:%s/merged-%d", made_folder, run);
        store = open_store(cx, url);
        merge_s = fmin(merge_s, merge(cx, store, r, n));
        agree &= holds(cx, store, r, n);
        mt_store_close(store);
    }
    bench_print(&(bench_line){.what = "consume a file into DuckDB",
                              .unit = "k messages/s",
                              .figure = (double)n / consume_s / 1e3,
                              .peer = "bare merge of these rows",
                              .peer_figure = (double)n / merge_s / 1e3,
                              .aim = embedded_aim,
                              .aim_ratio = embedded_ratio});
    return agree;
}

static bool bench_postgres(mt_ctx *cx, const struct rows *r, const char *stream, int64_t n)
{
    if (!bench_server_start(&server, made_folder)) {
        printf("PostgreSQL's programs are not installed: left out\n");
        return true;
    }
    mt_store *store = open_store(cx, server.url);
    double consume_s = consume(cx, store, stream, n);
    bool agree = holds(cx, store, r, n);
    double single_s = insert_singly(cx, store, r);
    mt_store_close(store);
    bench_print(&(bench_line){.what = "consume a file into PostgreSQL",
                              .unit = "k messages/s",
                              .figure = (double)n / consume_s / 1e3,
                              .peer = "a commit for every row",
                              .peer_figure = (double)SINGLE_ROWS / single_s / 1e3,
                              .aim = server_aim});
    return agree;
}

int main(int argc, char **argv)
{
    int64_t n = argc > 1 ? atoll(argv[1]) : 1000000, n_server = argc > 2 ? atoll(argv[2]) : 300000;
    mt_ctx cx;
    char path[100], stream[120], title[128];
    mt_ctx_init(&cx, NULL);
    make_folder();
    struct rows *rows = make_rows(n > n_server ? n : n_server);
    snprintf(title, sizeof title, "%" PRId64 " JSON messages of a file to durable rows, batches of %d", n,
             BATCH);
    bench_title(title);
    snprintf(path, sizeof path, "%s/messages.ndjson", made_folder);
    snprintf(stream, sizeof stream, "file:%s", path);
    write_messages(path, n);
    bool agree = bench_embedded(&cx, rows, stream, n);
    write_messages(path, n_server);
    if (n_server) agree &= bench_postgres(&cx, rows, stream, n_server);
    mt_ctx_close(&cx);
    return bench_agree("every message stands as one row", agree) ? 0 : 1;
}
