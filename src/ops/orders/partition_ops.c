/* The operation data.partition: orders into one Parquet file a UTC day, each with its lineage. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"
#include "io/json.h"
#include "io/out.h"
#include "store/parquet/parquet.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

static const mt_field partition_arg[] = {
    MT_ARG_ORDERS,
    MT_ARG_POLICY,
    {.name = "into", MT_OUTPUT_AT(mt_market_args, into), .required = true, .doc = "folder for the days"},
    MT_ARG_END};

struct partition_row {
    mt_day day;
    const char *path;
    int64_t rows, buys, sells;
    mt_time first, last;
    mt_micro price_min, price_max, volume_min, volume_max, volume_sum;
};

static const mt_field partition_col[] = {
    {.name = "day", MT_DAY_AT(partition_row, day), .doc = "UTC"},
    {.name = "path", MT_TEXT_AT(partition_row, path), .doc = "of the Parquet file"},
    {.name = "rows", MT_INT_AT(partition_row, rows), .unit = MT_UNIT_COUNT, .doc = "orders"},
    {.name = "buys", MT_INT_AT(partition_row, buys), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sells", MT_INT_AT(partition_row, sells), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "first", MT_TIME_AT(partition_row, first), .doc = "earliest order, UTC"},
    {.name = "last", MT_TIME_AT(partition_row, last), .doc = "latest order, UTC"},
    {.name = "price_min",
     MT_MICRO_AT(partition_row, price_min),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest limit"},
    {.name = "price_max",
     MT_MICRO_AT(partition_row, price_max),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest limit"},
    {.name = "volume_min",
     MT_MICRO_AT(partition_row, volume_min),
     .unit = MT_UNIT_MWH,
     .doc = "smallest order"},
    {.name = "volume_max",
     MT_MICRO_AT(partition_row, volume_max),
     .unit = MT_UNIT_MWH,
     .doc = "largest order"},
    {.name = "volume_sum", MT_MICRO_AT(partition_row, volume_sum), .unit = MT_UNIT_MWH, .doc = "all orders"},
    {.name = NULL}};

/* What stands in every lineage file: where the rows came from. */
struct lineage {
    const char *source, *policy;
    mt_time created_at;
    const mt_clean_counts *counts;
};

struct parquet_column {
    const char *name, *type, *unit;
};

static const struct parquet_column parquet_column[] = {{"time", "timestamp with time zone", "UTC"},
                                                       {"side", "text", ""},
                                                       {"price", "decimal(18,6)", "money/MWh"},
                                                       {"volume", "decimal(18,6)", "MWh"},
                                                       {"row_no", "integer", "count"}};

static void write_pair(mt_json_writer *json, const char *name, mt_type type, int64_t low, int64_t high)
{
    mt_value value = {.present = low != INT64_MIN, .as.integer = low};
    mt_json_key(json, name), mt_json_array(json);
    mt_json_value(json, type, value);
    value.as.integer = high;
    mt_json_value(json, type, value), mt_json_end(json);
}

static void write_columns(mt_json_writer *json)
{
    size_t n = sizeof parquet_column / sizeof *parquet_column;
    mt_json_key(json, "columns"), mt_json_array(json);
    for (size_t k = 0; k < n; k++) mt_json_text(json, parquet_column[k].name);
    mt_json_end(json);
    mt_json_key(json, "data_types"), mt_json_object(json);
    for (size_t k = 0; k < n; k++)
        mt_json_key(json, parquet_column[k].name), mt_json_text(json, parquet_column[k].type);
    mt_json_end(json);
    mt_json_key(json, "units"), mt_json_object(json);
    for (size_t k = 0; k < n; k++) {
        if (*parquet_column[k].unit)
            mt_json_key(json, parquet_column[k].name), mt_json_text(json, parquet_column[k].unit);
    }
    mt_json_end(json);
}

static void write_upstream(mt_json_writer *json, const struct lineage *lineage)
{
    mt_json_key(json, "upstream_lineage"), mt_json_object(json);
    mt_json_key(json, "source"), mt_json_text(json, lineage->source);
    mt_json_key(json, "operation"), mt_json_text(json, "data.partition");
    mt_json_key(json, "policy"), mt_json_text(json, lineage->policy);
    mt_json_key(json, "rows_in"), mt_json_int(json, (int64_t)lineage->counts->rows_in);
    mt_json_key(json, "rows_out"), mt_json_int(json, (int64_t)lineage->counts->rows_out);
    mt_json_end(json);
}

static mt_code write_document(mt_ctx *cx, mt_out *out, const mt_partition *part,
                              const struct lineage *lineage)
{
    mt_json_writer json;
    char day[MT_TIME_TEXT_MAX];
    mt_day_text(part->day, day);
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, "partition_date"), mt_json_text(&json, day);
    mt_json_key(&json, "record_count"), mt_json_int(&json, part->rows);
    write_columns(&json);
    write_pair(&json, "timestamp_range", MT_TIME, part->first, part->last);
    mt_json_key(&json, "created_at"),
        mt_json_value(&json, MT_TIME, (mt_value){true, {.integer = lineage->created_at}});
    mt_json_key(&json, "partition_summary"), mt_json_object(&json);
    mt_json_key(&json, "buy_orders"), mt_json_int(&json, part->buys);
    mt_json_key(&json, "sell_orders"), mt_json_int(&json, part->sells);
    write_pair(&json, "price_range", MT_MICRO, part->price_min, part->price_max);
    write_pair(&json, "volume_range", MT_MICRO, part->volume_min, part->volume_max);
    mt_json_end(&json);
    write_upstream(&json, lineage);
    mt_json_end(&json);
    return mt_json_done(&json);
}

static mt_code write_lineage(mt_ctx *cx, const mt_partition *part, const struct lineage *lineage)
{
    const char *path;
    mt_out *out = NULL;
    mt_code code;
    const char *slash = strrchr(part->path, '/');
    MT_TRY(mt_text_format(cx, &path, "%.*s/lineage.json", (int)(slash - part->path), part->path));
    MT_TRY(mt_out_file(cx, &out, path));
    MT_TRY_OUT(write_document(cx, out, part, lineage));
    MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

static bool is_partition(const char *name, const mt_partition *part, size_t n, bool *wanted)
{
    mt_day day;
    *wanted = false;
    if (strlen(name) != 10 || !mt_day_parse(name, 10, &day)) return false;
    for (size_t k = 0; k < n && !*wanted; k++) *wanted = part[k].day == day;
    return true;
}

/* Days of an earlier input would be read as part of this one. Only what this operation writes is removed; a
 * folder with anything else in it stays. */
static mt_code remove_old_days(mt_ctx *cx, const char *into, const mt_partition *part, size_t n)
{
    static const char *const own[] = {"lineage.json", "data.parquet"};
    const char *path;
    bool wanted;
    mt_code code = MT_OK;
    DIR *folder = opendir(into);
    for (struct dirent *entry; code == MT_OK && folder && (entry = readdir(folder)) != NULL;) {
        if (!is_partition(entry->d_name, part, n, &wanted) || wanted) continue;
        for (int k = 0; k < 2 && code == MT_OK; k++) {
            code = mt_text_format(cx, &path, "%s/%s/%s", into, entry->d_name, own[k]);
            if (code == MT_OK) unlink(path);
        }
        if (code == MT_OK) code = mt_text_format(cx, &path, "%s/%s", into, entry->d_name);
        if (code == MT_OK) rmdir(path);
    }
    if (folder) closedir(folder);
    return code;
}

static mt_code emit_parts(mt_ctx *cx, const mt_partition *part, size_t n, mt_sink *out)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.partition", partition_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const mt_partition *p = &part[k];
        struct partition_row row = {p->day,       p->path,       p->rows,       p->buys,
                                    p->sells,     p->first,      p->last,       p->price_min,
                                    p->price_max, p->volume_min, p->volume_max, p->volume_sum};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code partition(mt_ctx *cx, const mt_world *world, mt_orders *orders,
                         const struct mt_market_args *args, mt_sink *out)
{
    mt_engine *engine;
    mt_order_source source;
    mt_cleaning cleaning = {.bad = NULL};
    mt_partition *part;
    size_t n;
    uint64_t untimed;
    MT_TRY(mt_world_engine(cx, world, &engine));
    MT_TRY(mt_market_clean(cx, orders, args, &source, &cleaning));
    MT_TRY(mt_parquet_partition(cx, &part, &n, &untimed, engine, args->into.path, &source));
    struct lineage lineage = {mt_orders_name(orders), mt_policy_name[args->policy], mt_world_now(world),
                              &cleaning.counts};
    for (size_t k = 0; k < n; k++) MT_TRY(write_lineage(cx, &part[k], &lineage));
    MT_TRY(remove_old_days(cx, args->into.path, part, n));
    return emit_parts(cx, part, n, out);
}

static mt_code partition_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_market_args *a = args;
    mt_orders *orders;
    MT_TRY(mt_market_orders(cx, world, &orders, a, a->policy == MT_POLICY_FILL_MEDIAN));
    mt_code code = partition(cx, world, orders, a, out);
    mt_orders_close(orders);
    return code;
}

const mt_op mt_op_data_partition = {
    .name = "data.partition",
    .summary = "orders as one Parquet file a UTC day, each with its lineage",
    .doc = "Writes DIR/YYYY-MM-DD/data.parquet, sorted by time, and lineage.json beside it: counts, "
           "ranges, types, units and where the rows came from.",
    .example = "--orders tests/data/orders.csv --into out/processed_data",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .args_size = sizeof(struct mt_market_args),
    .arg = partition_arg,
    .col = partition_col,
    .run = partition_run,
};
