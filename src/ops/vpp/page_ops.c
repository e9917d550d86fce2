/* The report as a page: vpp.page writes it as HTML or PDF. */
#include "io/out.h"
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/performance.h"
#include "ops/vpp/render/report_html.h"
#include "ops/vpp/render/report_pdf.h"
#include "ops/vpp/vpp_ops.h"

#include <string.h>

static const mt_field page_arg[] = {MT_ARG_DESK_DATA,
                                    {.name = "into",
                                     MT_OUTPUT_AT(mt_desk_args, into),
                                     .required = true,
                                     .doc = "the page; its ending says what it is: .html or .pdf"},
                                    {.name = "language",
                                     MT_CHOICE_AT(mt_desk_args, language),
                                     .choice = mt_language_word,
                                     .fallback = "en",
                                     .doc = "of the page"},
                                    MT_ARG_DESK_RULES,
                                    {.name = NULL}};

struct page_row {
    const char *path;
    int64_t assets, bytes;
};

static const mt_field page_col[] = {
    {.name = "path", MT_TEXT_AT(page_row, path), .doc = "of the page"},
    {.name = "assets", MT_INT_AT(page_row, assets), .unit = MT_UNIT_COUNT, .doc = "in it"},
    {.name = "bytes", MT_INT_AT(page_row, bytes), .unit = MT_UNIT_BYTE, .doc = "its size"},
    {.name = NULL}};

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* What the charts show: the portfolio's quarters. */
static mt_code add_series(mt_ctx *cx, const mt_portfolio *p, mt_report_input *input)
{
    mt_portfolio_views all;
    const mt_desk *desk = p->desk;
    MT_TRY(mt_portfolio_all(cx, p, &all));
    MT_TRY(mt_infeed_portfolio(cx, &input->infeed, desk, all.infeed));
    input->grid = desk->grid;
    input->zone = p->zone;
    input->price = desk->price[MT_PRICE_OF_DAY_AHEAD].price;
    mt_against against = desk->own.n ? MT_AGAINST_SOLD : MT_AGAINST_TRADEABLE;
    return mt_imbalance_portfolio(cx, &input->imbalance, desk, all.infeed, all.redispatch, against);
}

static mt_code draw(mt_ctx *cx, mt_out *out, const mt_report_input *input, const char *path)
{
    mt_press *press = NULL;
    if (ends_with(path, ".html")) return mt_report_html(cx, out, input);
    if (!ends_with(path, ".pdf")) return mt_fail(cx, MT_E_INPUT, "%s: a page is .html or .pdf", path);
    MT_TRY(mt_press_open(cx, &press));
    mt_code code = mt_report_pdf(cx, press, out, input);
    mt_press_close(press);
    return code;
}

/* Made in memory first, so that nothing is written when it cannot be drawn. */
static mt_code write_page(mt_ctx *cx, const mt_report_input *input, const char *path, int64_t *bytes)
{
    mt_out *page = NULL, *file = NULL;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(cx, &page));
    MT_TRY_OUT(draw(cx, page, input, path));
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

static mt_code make_page(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                         bool owners)
{
    mt_report_input input = {.size = sizeof input,
                             .language = (mt_language)a->language,
                             .created = MT_TIME_NONE,
                             .first = p->first,
                             .last = p->last,
                             .issuer = p->desk->issuer ? p->desk->issuer->name : NULL};
    struct page_row row = {.path = a->into.path, .assets = (int64_t)p->desk->n_asset};
    MT_TRY((owners ? mt_performance_of_owner : mt_performance)(cx, p, &input.row, &input.n));
    MT_TRY(add_series(cx, p, &input));
    if (owners) input.imbalance = NULL;
    MT_TRY(write_page(cx, &input, a->into.path, &row.bytes));
    return mt_emit_put(emit, &row);
}

static mt_code put_page(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return make_page(cx, emit, p, a, false);
}

static mt_code put_owners_page(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return make_page(cx, emit, p, a, true);
}

static mt_code page_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_page, args, out,
                        mt_performance_is_owners(world) ? put_owners_page : put_page);
}

const mt_op mt_op_vpp_page = {
    .name = "vpp.page",
    .summary = "the report as one page with charts: HTML for a screen, PDF for paper",
    .doc = "The HTML is one self-contained file that needs no network. Both show the numbers of vpp.report.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --into out/report.html",
    .effect = MT_WRITE,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = page_arg,
    .col = page_col,
    .run = page_run,
};
