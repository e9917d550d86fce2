/* Tests of Parquet files: what is written is read back, with units; one file a day; nothing half-written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "store/parquet/parquet.h"
#include "store/testing.h"

#include <dirent.h>
#include <math.h>

struct result {
    int64_t start;
    double price;
    int64_t exact;
    int64_t count;
    int32_t day;
    bool good;
    const char *note;
};

struct head {
    const char *currency;
};

static const mt_field columns[] = {
    {.name = "start", MT_TIME_AT(result, start), .doc = "start of the period"},
    {.name = "price", MT_REAL_AT(result, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "it's the price"},
    {.name = "exact", MT_MICRO_AT(result, exact), .unit = MT_UNIT_MWH},
    {.name = "count", MT_INT_AT(result, count)},
    {.name = "day", MT_DAY_AT(result, day)},
    {.name = "good", MT_BOOL_AT(result, good)},
    {.name = "note \"x\"", MT_TEXT_AT(result, note)},
    {.name = NULL},
};

static const mt_field heads[] = {{.name = "currency", MT_TEXT_AT(head, currency)}, {.name = NULL}};

struct fixture {
    mt_ctx cx;
    mt_engine *engine;
    char dir[64];
};

static int begin(void **state)
{
    static struct fixture f;
    mt_engine_options options = {.size = sizeof options, .memory_bytes = (uint64_t)128 << 20};
    memset(&f, 0, sizeof f);
    mt_ctx_init(&f.cx, NULL);
    snprintf(f.dir, sizeof f.dir, "/tmp/merit-parquet-XXXXXX");
    *state = &f;
    if (!mkdtemp(f.dir)) return -1;
    if (mt_engine_open(&f.cx, &f.engine, &options) == MT_OK) return 0;
    print_error("%s\n", f.cx.err);
    return -1;
}

static int end(void **state)
{
    struct fixture *f = *state;
    mt_engine_close(f->engine);
    mt_ctx_close(&f->cx);
    testing_remove(f->dir);
    return 0;
}

static struct result make_row(int64_t k)
{
    struct result row = {.start = k * 1000000,
                         .price = (double)k / 3,
                         .exact = k * 7 - 1,
                         .count = INT64_MAX - k,
                         .day = (int32_t)k,
                         .good = k % 2,
                         .note = k % 3 ? "caf\xC3\xA9 with a long tail" : NULL};
    if (k % 5 == 0) row.price = NAN;
    return row;
}

static mt_code write_rows(struct fixture *f, const char *path, int64_t n, bool finish)
{
    mt_sink *sink;
    mt_emit *emit;
    struct head head = {"it's EUR"};
    MT_TRY(mt_parquet_sink(&f->cx, &sink, f->engine, path));
    mt_code code = mt_emit_begin(&f->cx, &emit, sink, "market.test", columns, heads, &head);
    for (int64_t k = 0; k < n && code == MT_OK; k++) {
        struct result row = make_row(k);
        code = mt_emit_put(emit, &row);
    }
    if (code == MT_OK && finish) code = mt_emit_end(emit);
    mt_sink_close(sink);
    return code;
}

static mt_table *read_rows(struct fixture *f, const char *path)
{
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(mt_table_sink(&f->cx, &sink, &table, 0), MT_OK);
    if (mt_parquet_read(&f->cx, f->engine, path, sink) != MT_OK) fail_msg("%s", f->cx.err);
    mt_sink_close(sink);
    return table;
}

static int count_files(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; (entry = readdir(d));) n += entry->d_name[0] != '.';
    closedir(d);
    return n;
}

static void parquet__gives_back_what_was_written(void **state)
{
    struct fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/it's.parquet", f->dir);
    if (write_rows(f, path, 5000, true) != MT_OK) fail_msg("%s", f->cx.err);
    mt_table *table = read_rows(f, path);
    assert_int_equal(table->n, 5000);
    for (size_t c = 0; c < 7; c++) assert_int_equal(table->schema.col[c].type, columns[c].type);
    for (size_t k = 0; k < 5000; k++) {
        struct result want = make_row((int64_t)k);
        for (int c = 0; c < 7; c++) {
            mt_value a = mt_table_get(table, k, c), b = mt_field_get(&columns[c], &want);
            assert_int_equal(a.present, b.present);
            if (!b.present) continue;
            if (columns[c].type == MT_TEXT)
                assert_int_equal(a.as.text.length, b.as.text.length);
            else if (columns[c].type == MT_REAL)
                assert_true(a.as.real == b.as.real);
            else if (columns[c].type == MT_BOOL)
                assert_int_equal(a.as.boolean, b.as.boolean);
            else
                assert_true(a.as.integer == b.as.integer);
        }
    }
}

static void parquet__keeps_units_docs_and_name(void **state)
{
    struct fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/units.parquet", f->dir);
    assert_int_equal(write_rows(f, path, 0, true), MT_OK);
    mt_table *table = read_rows(f, path);
    assert_int_equal(table->n, 0);
    assert_string_equal(table->schema.name, "market.test");
    assert_int_equal(table->schema.col[1].unit, MT_UNIT_EUR_PER_MWH);
    assert_string_equal(table->schema.col[1].doc, "it's the price");
    assert_string_equal(table->schema.col[6].name, "note \"x\"");
}

static void parquet__leaves_nothing_of_an_unfinished_file(void **state)
{
    struct fixture *f = *state;
    char dir[128], path[192];
    snprintf(dir, sizeof dir, "%s/unfinished", f->dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    snprintf(path, sizeof path, "%s/a.parquet", dir);
    assert_int_equal(write_rows(f, path, 10000, false), MT_OK);
    assert_int_equal(count_files(dir), 0);
    snprintf(path, sizeof path, "%s/missing/a.parquet", dir);
    assert_int_equal(write_rows(f, path, 1, true), MT_E_IO);
    assert_non_null(strstr(f->cx.err, path));
    assert_int_equal(count_files(dir), 0);
}

static void parquet__refuses_a_decimal_of_more_than_18_digits(void **state)
{
    struct fixture *f = *state;
    static const mt_field col[] = {{.name = "exact", .type = MT_MICRO}, {.name = NULL}};
    const mt_schema schema = {.name = "x", .col = col, .n_col = 1};
    char path[128];
    int64_t value = INT64_MAX;
    mt_column column = {&value, NULL};
    mt_chunk chunk = {1, &column};
    mt_sink *sink;
    snprintf(path, sizeof path, "%s/large.parquet", f->dir);
    assert_int_equal(mt_parquet_sink(&f->cx, &sink, f->engine, path), MT_OK);
    assert_int_equal(mt_sink_schema(sink, &f->cx, &schema), MT_OK);
    assert_int_equal(mt_sink_push(sink, &f->cx, &chunk), MT_E_TOO_LARGE);
    mt_sink_close(sink);
}

static void parquet__says_when_there_is_no_file_or_none_of_its_kind(void **state)
{
    struct fixture *f = *state;
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(mt_table_sink(&f->cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_parquet_read(&f->cx, f->engine, "/nowhere.parquet", sink), MT_E_ABSENT);
    assert_int_not_equal(mt_parquet_read(&f->cx, f->engine, "/etc/passwd", sink), MT_OK);
    assert_non_null(strstr(f->cx.err, "/etc/passwd"));
    mt_sink_close(sink);
}

/* --- one file a day --- */

struct orders {
    size_t left, at;
    bool scattered;
    mt_time time[MT_ORDER_BATCH_ROWS];
    mt_micro price[MT_ORDER_BATCH_ROWS];
    int64_t volume[MT_ORDER_BATCH_ROWS];
    uint8_t side[MT_ORDER_BATCH_ROWS];
};

#define START ((mt_time)1704067200 * MT_US_SECOND) /* 2024-01-01T00:00:00Z */

static mt_code next_orders(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct orders *o = self;
    (void)cx;
    size_t n = o->left < MT_ORDER_BATCH_ROWS ? o->left : MT_ORDER_BATCH_ROWS;
    for (size_t i = 0; i < n; i++, o->at++) {
        int64_t k = (int64_t)(o->scattered ? o->at * 7919 % 86400 : o->at);
        o->time[i] = START - MT_US_HOUR + k * 40 * MT_US_SECOND;
        o->price[i] = o->at % 11 ? k * 1000 : MT_MICRO_NONE;
        o->volume[i] = 1000000 + k;
        o->side[i] = (uint8_t)(o->at % 2);
        if (o->at % 100 == 99) o->time[i] = MT_TIME_NONE;
    }
    o->left -= n;
    *out = (mt_order_batch){n, o->time, o->price, o->volume, o->side, 0, NULL};
    return MT_OK;
}

static void check_day(struct fixture *f, const mt_partition *day)
{
    mt_table *table = read_rows(f, day->path);
    assert_int_equal(table->n, day->rows);
    assert_int_equal(day->buys + day->sells, day->rows);
    int64_t sum = 0, least = INT64_MAX;
    for (size_t k = 0; k < table->n; k++) {
        mt_time time = mt_table_get(table, k, 0).as.integer;
        assert_true(mt_time_floor(time, MT_US_DAY) == day->day * MT_US_DAY);
        if (k) assert_true(time >= mt_table_get(table, k - 1, 0).as.integer);
        sum += mt_table_get(table, k, 3).as.integer;
        mt_value price = mt_table_get(table, k, 2);
        if (price.present && price.as.integer < least) least = price.as.integer;
    }
    assert_true(sum == day->volume_sum);
    assert_true(least == day->price_min);
    assert_true(mt_table_get(table, 0, 0).as.integer == day->first);
}

static void write_days(struct fixture *f, const char *name, bool scattered, size_t days)
{
    static struct orders orders;
    orders = (struct orders){.left = 20000, .scattered = scattered};
    mt_order_source source = {next_orders, &orders};
    char dir[128];
    mt_partition *day;
    size_t n;
    uint64_t untimed;
    snprintf(dir, sizeof dir, "%s/%s", f->dir, name);
    if (mt_parquet_partition(&f->cx, &day, &n, &untimed, f->engine, dir, &source) != MT_OK)
        fail_msg("%s", f->cx.err);
    assert_int_equal(untimed, 200);
    assert_int_equal(n, days);
    assert_int_equal(count_files(dir), days);
    int64_t rows = 0;
    for (size_t k = 0; k < n; k++) {
        rows += day[k].rows;
        if (k < 3) check_day(f, &day[k]);
    }
    assert_int_equal(rows, 19800);
    assert_int_equal(day[0].day, mt_day_of(2023, 12, 31));
    char want[192];
    snprintf(want, sizeof want, "%s/2023-12-31/data.parquet", dir);
    assert_string_equal(day[0].path, want);
}

static void partition__writes_one_sorted_file_a_utc_day(void **state)
{
    write_days(*state, "scattered", true,
               41); /* 86,400 steps of 40 s from 23:00: 40 days, the first an hour */
}

static void partition__writes_the_same_of_orders_in_order(void **state)
{
    write_days(*state, "in-order", false,
               11); /* 20,000 steps of 40 s from 23:00: an hour, nine days and a bit */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parquet__gives_back_what_was_written),
        cmocka_unit_test(parquet__keeps_units_docs_and_name),
        cmocka_unit_test(parquet__leaves_nothing_of_an_unfinished_file),
        cmocka_unit_test(parquet__refuses_a_decimal_of_more_than_18_digits),
        cmocka_unit_test(parquet__says_when_there_is_no_file_or_none_of_its_kind),
        cmocka_unit_test(partition__writes_one_sorted_file_a_utc_day),
        cmocka_unit_test(partition__writes_the_same_of_orders_in_order),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
