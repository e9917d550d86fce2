/* The operation market.vwap: average prices of continuous trades. */
#include "market/vwap.h"

#include "base/rows/emit.h"
#include "formats/trade_file.h"
#include "ops/market/clearing_rows.h"
#include "ops/orders/kept_input.h"

struct vwap_args {
    mt_input trades;
    mt_time period;
    int unit;
};

static const char *const unit_name[] = {"file", "mwh", "mw", NULL}; /* in the order of mt_volume_unit */

static const mt_field vwap_arg[] = {
    {.name = "trades",
     MT_INPUT_AT(vwap_args, trades),
     .required = true,
     .doc = "trade file, - for standard input"},
    {.name = "period",
     MT_SPAN_AT(vwap_args, period),
     .fallback = "15min",
     .doc = "delivery period: 5min, 15min, 30min or 1h"},
    {.name = "volume_unit",
     MT_CHOICE_AT(vwap_args, unit),
     .choice = unit_name,
     .fallback = "file",
     .doc = "what a volume is; file: as its column says, mwh where it says nothing"},
    {.name = NULL}};

struct vwap_row {
    mt_time start;
    double price, price_min, price_max, volume;
    int64_t trades;
};

static const mt_field vwap_col[] = {
    {.name = "start", MT_TIME_AT(vwap_row, start), .doc = "start of the delivery period, UTC"},
    {.name = "price",
     MT_REAL_AT(vwap_row, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "weighted by volume; null: no trade"},
    {.name = "price_min",
     MT_REAL_AT(vwap_row, price_min),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest trade"},
    {.name = "price_max",
     MT_REAL_AT(vwap_row, price_max),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest trade"},
    {.name = "volume", MT_REAL_AT(vwap_row, volume), .unit = MT_UNIT_MWH, .doc = "delivered in this period"},
    {.name = "trades",
     MT_INT_AT(vwap_row, trades),
     .unit = MT_UNIT_COUNT,
     .doc = "that deliver in this period"},
    {.name = NULL}};

struct vwap_head {
    const char *source, *currency;
    mt_time period;
    int64_t trades, quarantined;
};

static const mt_field vwap_head[] = {
    {.name = "source", MT_TEXT_AT(vwap_head, source), .doc = "where the trades came from"},
    {.name = "currency",
     MT_TEXT_AT(vwap_head, currency),
     .doc = "of prices, ISO 4217; null: the file names none"},
    {.name = "period", MT_SPAN_AT(vwap_head, period), .doc = "length of a delivery period"},
    {.name = "trades", MT_INT_AT(vwap_head, trades), .unit = MT_UNIT_COUNT, .doc = "trades taken"},
    {.name = "quarantined",
     MT_INT_AT(vwap_head, quarantined),
     .unit = MT_UNIT_COUNT,
     .doc = "rows that are no trades"},
    {.name = NULL}};

/* What the deliveries span: found by a first pass, because the average needs its grid before the first
 * trade. */
struct span {
    mt_time from, to;
};

enum { GRID_MAX = 4000000 };

static mt_code widen(mt_ctx *cx, struct span *span, const mt_trade_batch *batch, mt_time step)
{
    for (size_t k = 0; k < batch->n; k++) {
        mt_time from = mt_time_floor(batch->trade[k].delivery_start, step);
        if (from < span->from) span->from = from;
        if (batch->trade[k].delivery_end > span->to) span->to = batch->trade[k].delivery_end;
    }
    if (span->to > span->from && (span->to - span->from) / step > GRID_MAX) {
        return mt_fail(cx, MT_E_TOO_LARGE, "the deliveries span more than %d periods", GRID_MAX);
    }
    return MT_OK;
}

static mt_code open_trades(mt_ctx *cx, const struct vwap_args *args, mt_bytes *bytes, mt_trade_file **out)
{
    mt_trade_file_options options = {.size = sizeof options, .unit = (mt_volume_unit)args->unit};
    return mt_trade_file_open(cx, out, bytes, &options);
}

static mt_code measure(mt_ctx *cx, const struct vwap_args *args, mt_bytes *bytes, struct span *span)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    *span = (struct span){INT64_MAX, INT64_MIN};
    MT_TRY(open_trades(cx, args, bytes, &file));
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        MT_TRY(widen(cx, span, &batch, args->period));
    } while (batch.n || batch.n_bad);
    return MT_OK;
}

static mt_code add_all(mt_ctx *cx, const struct vwap_args *args, mt_bytes *bytes, mt_vwap *vwap,
                       struct vwap_head *head)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    MT_TRY(open_trades(cx, args, bytes, &file));
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        MT_TRY(mt_vwap_add(cx, vwap, batch.trade, batch.n));
        head->trades += (int64_t)batch.n;
        head->quarantined += (int64_t)batch.n_bad;
        mt_ctx_progress(cx, "trades", (uint64_t)head->trades, 0, "rows");
    } while (batch.n || batch.n_bad);
    const char *currency = mt_trade_file_about(file)->currency;
    head->currency = NULL;
    return currency ? mt_text_copy(cx, &head->currency, mt_text_of(currency)) : MT_OK;
}

static mt_code emit_vwap(mt_ctx *cx, const mt_vwap_row *row, size_t n, const struct vwap_head *head,
                         mt_sink *out)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.vwap", vwap_col, vwap_head, head));
    for (size_t k = 0; k < n; k++) {
        struct vwap_row put = {
            row[k].start, row[k].price, row[k].price_min, row[k].price_max, mt_mwh(row[k].energy_wh),
            row[k].trades};
        MT_TRY(mt_emit_put(emit, &put));
    }
    return mt_emit_end(emit);
}

static mt_code read_span(mt_ctx *cx, const struct vwap_args *args, const mt_input *input, struct span *span)
{
    mt_bytes *bytes;
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    mt_code code = measure(cx, args, bytes, span);
    mt_bytes_close(bytes);
    return code;
}

static mt_code read_trades(mt_ctx *cx, const struct vwap_args *args, const mt_input *input, mt_vwap *vwap,
                           struct vwap_head *head)
{
    mt_bytes *bytes;
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    mt_code code = add_all(cx, args, bytes, vwap, head);
    mt_bytes_close(bytes);
    return code;
}

static mt_code average(mt_ctx *cx, const struct vwap_args *args, const mt_input *input, mt_sink *out)
{
    struct vwap_head head = {.source = input->name, .period = args->period};
    const mt_vwap_row *row = NULL;
    struct span span;
    mt_vwap *vwap;
    mt_grid grid = {0, args->period, 0};
    MT_TRY(read_span(cx, args, input, &span));
    if (span.to > span.from) {
        grid.start = span.from;
        grid.n = (size_t)((span.to - span.from + args->period - 1) / args->period);
    }
    MT_TRY(mt_vwap_new(cx, &vwap, grid));
    MT_TRY(read_trades(cx, args, input, vwap, &head));
    MT_TRY(mt_vwap_rows(cx, &row, vwap));
    return emit_vwap(cx, row, grid.n, &head, out);
}

static mt_code vwap_run(mt_ctx *cx, const struct mt_world *world, const void *args, mt_sink *out)
{
    const struct vwap_args *a = args;
    mt_kept_input kept;
    (void)world;
    if (!mt_step_valid(a->period))
        return mt_fail(cx, MT_E_INPUT, "period: a delivery period has 5, 15, 30 or 60 minutes");
    MT_TRY(mt_kept_input_open(cx, &kept, &a->trades));
    mt_code code = average(cx, a, &kept.input, out);
    mt_kept_input_close(&kept);
    return code;
}

const mt_op mt_op_market_vwap = {
    .name = "market.vwap",
    .summary = "volume-weighted average price of continuous trades, by delivery period",
    .doc = "A trade over several periods counts in each with its part of the energy: an hourly trade is "
           "four quarters of the same power. Buys and sells weigh alike. A period without a trade has no "
           "price.",
    .example = "--trades tests/data/trades.csv --period 15min",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct vwap_args),
    .arg = vwap_arg,
    .col = vwap_col,
    .head = vwap_head,
    .run = vwap_run,
};
