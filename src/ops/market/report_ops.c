/* The operation market.report: the page of a cleared market. */
#include "ops/market/market_report.h"

#include "base/rows/emit.h"

static const mt_field report_arg[] = {
    MT_ARG_ORDERS, MT_ARG_PERIOD,
    MT_ARG_POLICY, MT_ARG_SHIFT,
    MT_ARG_RULE,   {.name = "into", MT_OUTPUT_AT(mt_market_args, into), .required = true, .doc = "HTML file"},
    MT_ARG_END};

struct report_row {
    const char *path;
    int64_t periods, bytes;
};

static const mt_field report_col[] = {
    {.name = "path", MT_TEXT_AT(report_row, path), .doc = "of the page"},
    {.name = "periods", MT_INT_AT(report_row, periods), .unit = MT_UNIT_COUNT, .doc = "in it"},
    {.name = "bytes", MT_INT_AT(report_row, bytes), .unit = MT_UNIT_BYTE, .doc = "its size"},
    {.name = NULL}};

/* The page is made in memory first, so that its size is known and nothing is written when a chart fails. */
static mt_code write_page(mt_ctx *cx, const mt_market_report *report, const char *path, int64_t *bytes)
{
    mt_out *page = NULL, *file = NULL;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(cx, &page));
    MT_TRY_OUT(mt_market_report_write(cx, page, report));
    mt_text text = mt_out_bytes(page);
    *bytes = (int64_t)text.length;
    MT_TRY_OUT(mt_out_file(cx, &file, path));
    MT_TRY_OUT(mt_out_write(cx, file, text.at, text.length));
    MT_TRY_OUT(mt_out_finish(cx, file));
out:
    mt_out_close(file);
    mt_out_close(page);
    return code;
}

static mt_code make_report(mt_ctx *cx, mt_orders *orders, mt_market_report *report, int64_t *bytes)
{
    mt_quality *quality;
    mt_quality_report checked;
    mt_period_view *view;
    MT_TRY(mt_market_quality(cx, orders, &quality));
    MT_TRY(mt_quality_of(cx, &checked, quality));
    MT_TRY(mt_market_from(cx, orders, &report->market, report->args));
    MT_TRY(mt_period_views(cx, report->market, report->args, &view));
    report->quality = &checked;
    report->view = view;
    return write_page(cx, report, report->args->into.path, bytes);
}

static mt_code report_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_market_args *a = args;
    mt_market_report report = {.args = a, .made_at = mt_world_now(world)};
    struct report_row row = {.path = a->into.path};
    mt_orders *orders;
    MT_TRY(mt_market_orders(cx, world, &orders, a, true));
    mt_code code = make_report(cx, orders, &report, &row.bytes);
    if (code == MT_OK) row.periods = (int64_t)report.market->n;
    mt_market_close(report.market);
    mt_orders_close(orders);
    return code == MT_OK ? mt_emit_one(cx, out, "market.report", report_col, &row) : code;
}

const mt_op mt_op_market_report = {
    .name = "market.report",
    .summary = "a page with key figures, charts and tables of a cleared market",
    .doc = "One self-contained HTML file: prices, energy, supply and demand curves, renewable scenarios, "
           "quality. It needs no network and follows the reader's light or dark theme.",
    .example = "--orders tests/data/orders.csv --into out/report.html",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .args_size = sizeof(struct mt_market_args),
    .arg = report_arg,
    .col = report_col,
    .run = report_run,
};
