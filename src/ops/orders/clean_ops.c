/* Operations that clean orders: data.clean, data.quarantine, data.cleaning. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"

#include <math.h>
#include <string.h>

enum { RAW_MAX = 4096 };

static const mt_field clean_arg[] = {MT_ARG_ORDERS, MT_ARG_POLICY, MT_ARG_END};

static const char *const side_name[] = {"sell", "buy", NULL};

struct order_row {
    mt_time timestamp;
    mt_micro price, volume; /* the volume in Wh is the one in MWh in millionths */
    int side;
    bool outlier;
};

static const mt_field order_col[] = {
    {.name = "timestamp", MT_TIME_AT(order_row, timestamp), .doc = "UTC"},
    {.name = "price", MT_MICRO_AT(order_row, price), .unit = MT_UNIT_MONEY_PER_MWH, .doc = "limit"},
    {.name = "volume", MT_MICRO_AT(order_row, volume), .unit = MT_UNIT_MWH, .doc = "energy"},
    {.name = "sell_buy", MT_CHOICE_AT(order_row, side), .choice = side_name, .doc = "of the order"},
    {.name = "price_outlier_flag",
     MT_BOOL_AT(order_row, outlier),
     .doc = "outside 1.5 interquartile ranges of the quartiles; flagged, never changed"},
    {.name = NULL}};

/* Outlier bounds need all prices, so the input is read twice. */
static mt_code find_bounds(mt_ctx *cx, mt_orders *orders, double bound[2])
{
    mt_quality *quality;
    mt_quality_report report;
    MT_TRY(mt_market_quality(cx, orders, &quality));
    MT_TRY(mt_quality_of(cx, &report, quality));
    bound[0] = report.price.low;
    bound[1] = report.price.high;
    return MT_OK;
}

static mt_code put_orders(mt_emit *emit, const mt_order_batch *batch, const double bound[2])
{
    for (size_t i = 0; i < batch->n; i++) {
        double price = (double)batch->price[i] / 1e6;
        struct order_row row = {batch->time[i], batch->price[i], batch->volume[i], batch->side[i],
                                price < bound[0] || price > bound[1]};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code emit_orders(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args, mt_sink *out)
{
    mt_order_source source;
    mt_order_batch batch;
    mt_cleaning cleaning = {.bad = NULL};
    mt_emit *emit;
    double bound[2];
    MT_TRY(find_bounds(cx, orders, bound));
    MT_TRY(mt_market_clean(cx, orders, args, &source, &cleaning));
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.clean", order_col, NULL, NULL));
    do {
        MT_TRY(source.next(source.self, cx, &batch));
        MT_TRY(put_orders(emit, &batch, bound));
        mt_ctx_progress(cx, "cleaning", cleaning.counts.rows_in, 0, "rows");
    } while (batch.n);
    return mt_emit_end(emit);
}

static mt_code with_orders(mt_ctx *cx, const mt_world *world, const struct mt_market_args *args, mt_sink *out,
                           mt_code (*run)(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args,
                                          mt_sink *out))
{
    mt_orders *orders;
    MT_TRY(mt_market_orders(cx, world, &orders, args, true));
    mt_code code = run(cx, orders, args, out);
    mt_orders_close(orders);
    return code;
}

static mt_code clean_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return with_orders(cx, world, args, out, emit_orders);
}

static const char clean_doc[] = "Policy quarantine (the usual one) puts every row aside that lacks a valid "
                                "time, side, price or volume, and invents nothing: data.quarantine lists "
                                "those rows with line and reason. Policy fill-median is the rule of an "
                                "earlier system, kept for comparison: missing prices and volumes become "
                                "the column's median, volumes are clipped to their outlier bounds, "
                                "negative numbers become 0.\n\nRows keep the order of the file.";

const mt_op mt_op_data_clean = {
    .name = "data.clean",
    .summary = "the orders that can be traded, in UTC and one spelling",
    .doc = clean_doc,
    .example = "--orders tests/data/orders.csv --policy quarantine",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = clean_arg,
    .col = order_col,
    .run = clean_run,
};

static const mt_field quarantine_arg[] = {MT_ARG_ORDERS, MT_ARG_END};

struct bad_row {
    int64_t line;
    const char *reason, *sentence, *raw;
};

static const mt_field bad_col[] = {
    {.name = "line",
     MT_INT_AT(bad_row, line),
     .unit = MT_UNIT_COUNT,
     .doc = "in the file, from 1; the header is line 1"},
    {.name = "reason", MT_TEXT_AT(bad_row, reason), .doc = "the fault by name"},
    {.name = "sentence", MT_TEXT_AT(bad_row, sentence), .doc = "the fault in words"},
    {.name = "raw", MT_TEXT_AT(bad_row, raw), .doc = "the row as it stood, cut at 4096 bytes"},
    {.name = NULL}};

/* The filter calls back without a way to fail, so the first failure waits here. */
struct bad_taker {
    mt_emit *emit;
    mt_code code;
    char raw[RAW_MAX + 1];
};

static mt_code put_bad(struct bad_taker *taker, const mt_order_bad *bad)
{
    struct bad_row row = {(int64_t)bad->line, mt_order_fault_name(bad->fault),
                          mt_order_fault_text(bad->fault), NULL};
    if (!bad->line) row.line = INT64_MIN;
    if (bad->raw.at) {
        size_t n = bad->raw.length < RAW_MAX ? bad->raw.length : RAW_MAX;
        memcpy(taker->raw, bad->raw.at, n);
        taker->raw[n] = 0;
        row.raw = taker->raw;
    }
    return mt_emit_put(taker->emit, &row);
}

static void take_bad(void *arg, const mt_order_batch *batch, const mt_order_bad *bad)
{
    struct bad_taker *taker = arg;
    (void)batch;
    if (taker->code == MT_OK) taker->code = put_bad(taker, bad);
}

static mt_code emit_quarantine(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args, mt_sink *out)
{
    struct bad_taker taker = {.code = MT_OK};
    mt_order_source source, clean;
    mt_order_batch batch;
    mt_clean_counts counts = {0};
    (void)args;
    MT_TRY(mt_emit_begin(cx, &taker.emit, out, "data.quarantine", bad_col, NULL, NULL));
    MT_TRY(mt_orders_source(cx, orders, &source));
    MT_TRY(mt_clean_quarantine(cx, &clean, &source, take_bad, &taker, &counts));
    do {
        MT_TRY(clean.next(clean.self, cx, &batch));
        MT_TRY(taker.code);
    } while (batch.n);
    return mt_emit_end(taker.emit);
}

static mt_code quarantine_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return with_orders(cx, world, args, out, emit_quarantine);
}

const mt_op mt_op_data_quarantine = {
    .name = "data.quarantine",
    .summary = "the rows that are no orders, with line and reason",
    .example = "--orders tests/data/orders.csv",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = quarantine_arg,
    .col = bad_col,
    .run = quarantine_run,
};

struct cleaning_row {
    const char *source;
    int policy;
    int64_t rows_in, rows_out, put_aside, filled_price, filled_volume, clipped_volume, zeroed;
    double fill_price, fill_volume, volume_low, volume_high, price_low, price_high;
};

static const mt_field cleaning_col[] = {
    {.name = "source", MT_TEXT_AT(cleaning_row, source), .doc = "where the orders came from"},
    {.name = "policy",
     MT_CHOICE_AT(cleaning_row, policy),
     .choice = mt_policy_name,
     .doc = "what was done with incomplete rows"},
    {.name = "rows_in", MT_INT_AT(cleaning_row, rows_in), .unit = MT_UNIT_COUNT, .doc = "rows of the file"},
    {.name = "rows_out", MT_INT_AT(cleaning_row, rows_out), .unit = MT_UNIT_COUNT, .doc = "orders kept"},
    {.name = "put_aside",
     MT_INT_AT(cleaning_row, put_aside),
     .unit = MT_UNIT_COUNT,
     .doc = "rows in quarantine"},
    {.name = "filled_price",
     MT_INT_AT(cleaning_row, filled_price),
     .unit = MT_UNIT_COUNT,
     .doc = "prices that are a median"},
    {.name = "filled_volume",
     MT_INT_AT(cleaning_row, filled_volume),
     .unit = MT_UNIT_COUNT,
     .doc = "volumes that are a median"},
    {.name = "clipped_volume",
     MT_INT_AT(cleaning_row, clipped_volume),
     .unit = MT_UNIT_COUNT,
     .doc = "moved to a bound"},
    {.name = "zeroed",
     MT_INT_AT(cleaning_row, zeroed),
     .unit = MT_UNIT_COUNT,
     .doc = "negative numbers made 0"},
    {.name = "fill_price",
     MT_REAL_AT(cleaning_row, fill_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "median used; null: none"},
    {.name = "fill_volume",
     MT_REAL_AT(cleaning_row, fill_volume),
     .unit = MT_UNIT_MWH,
     .doc = "median used; null: none"},
    {.name = "volume_low",
     MT_REAL_AT(cleaning_row, volume_low),
     .unit = MT_UNIT_MWH,
     .doc = "lower bound used; null: none"},
    {.name = "volume_high",
     MT_REAL_AT(cleaning_row, volume_high),
     .unit = MT_UNIT_MWH,
     .doc = "upper bound used; null: none"},
    {.name = "price_outlier_low",
     MT_REAL_AT(cleaning_row, price_low),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "bound of the flag"},
    {.name = "price_outlier_high",
     MT_REAL_AT(cleaning_row, price_high),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "bound of the flag"},
    {.name = NULL}};

static mt_code drain(mt_ctx *cx, mt_order_source *source)
{
    mt_order_batch batch;
    do MT_TRY(source->next(source->self, cx, &batch));
    while (batch.n);
    return MT_OK;
}

static mt_code emit_cleaning(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args, mt_sink *out)
{
    mt_order_source source;
    mt_cleaning cleaning = {.bad = NULL};
    const mt_clean_counts *counts = &cleaning.counts;
    const mt_clean_fill *fill = &cleaning.fill;
    double bound[2];
    bool filled = args->policy == MT_POLICY_FILL_MEDIAN;
    MT_TRY(find_bounds(cx, orders, bound));
    MT_TRY(mt_market_clean(cx, orders, args, &source, &cleaning));
    MT_TRY(drain(cx, &source));
    struct cleaning_row row = {mt_orders_name(orders),
                               args->policy,
                               (int64_t)counts->rows_in,
                               (int64_t)counts->rows_out,
                               (int64_t)(counts->rows_in - counts->rows_out),
                               (int64_t)counts->filled_price,
                               (int64_t)counts->filled_volume,
                               (int64_t)counts->clipped_volume,
                               (int64_t)counts->zeroed,
                               NAN,
                               NAN,
                               NAN,
                               NAN,
                               bound[0],
                               bound[1]};
    if (filled) row.fill_price = (double)fill->price / 1e6, row.fill_volume = (double)fill->volume / 1e6;
    if (filled) row.volume_low = fill->volume_low / 1e6, row.volume_high = fill->volume_high / 1e6;
    return mt_emit_one(cx, out, "data.cleaning", cleaning_col, &row);
}

static mt_code cleaning_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return with_orders(cx, world, args, out, emit_cleaning);
}

const mt_op mt_op_data_cleaning = {
    .name = "data.cleaning",
    .summary = "what cleaning did, in one row",
    .doc = clean_doc,
    .example = "--orders tests/data/orders.csv --policy fill-median",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = clean_arg,
    .col = cleaning_col,
    .run = cleaning_run,
};
