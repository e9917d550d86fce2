/* The desk's report as one page for a screen. */
#include "ops/vpp/render/report_html.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "base/rows/emit.h"
#include "io/page/chart.h"
#include "io/page/html.h"

static const char *word(const mt_report_view *view, mt_word which)
{
    return mt_word_in(view->input->language, which);
}

static mt_chart_options chart_of(const mt_report_view *view, const char *title, const char *unit, int width,
                                 int height)
{
    return (mt_chart_options){.size = sizeof(mt_chart_options),
                              .title = title,
                              .y_title = unit,
                              .unit = unit,
                              .width = width,
                              .height = height,
                              .zone = view->input->zone};
}

static mt_code draw_infeed(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const mt_report_view *view = arg;
    mt_chart_series series[MT_INFEED_SOURCES];
    mt_chart_options options = chart_of(view, word(view, MT_W_POWER_SOURCE), "MW", width, height);
    size_t n = 0;
    for (int s = 0; s < MT_INFEED_SOURCES; s++) {
        if (!view->infeed_mw[s]) continue;
        series[n++] = (mt_chart_series){word(view, mt_word_of_source((mt_infeed_source)s)),
                                        view->infeed_mw[s], MT_CHART_STACK};
    }
    return mt_chart_time(cx, out, view->time, view->n_time, series, n, &options);
}

static mt_code draw_price(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const mt_report_view *view = arg;
    const mt_chart_series series = {word(view, MT_W_DAY_AHEAD), view->price, MT_CHART_STEP};
    mt_chart_options options = chart_of(view, series.name, "EUR/MWh", width, height);
    return mt_chart_time(cx, out, view->time, view->n_time, &series, 1, &options);
}

static mt_code draw_imbalance(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const mt_report_view *view = arg;
    const mt_chart_series series = {word(view, MT_W_IMBALANCE), view->imbalance_mwh, MT_CHART_STEP};
    mt_chart_options options = chart_of(view, series.name, "MWh", width, height);
    return mt_chart_time(cx, out, view->time, view->n_time, &series, 1, &options);
}

static void put_tiles(mt_html *page, const mt_report_view *view)
{
    mt_html_tile tile[MT_REPORT_TILES];
    for (size_t k = 0; k < view->n_tile; k++)
        tile[k] = (mt_html_tile){view->tile[k].label, view->tile[k].value, view->tile[k].unit,
                                 view->tile[k].note, MT_HTML_PLAIN};
    mt_html_tiles(page, tile, view->n_tile);
    for (size_t k = 0; k < view->n_caveat; k++) mt_html_note(page, MT_HTML_WARN, view->caveat[k]);
}

static void put_charts(mt_html *page, mt_report_view *view)
{
    if (view->n_time == 0) return;
    if (view->input->infeed) mt_html_figure(page, word(view, MT_W_POWER_SOURCE), draw_infeed, view);
    if (view->price) mt_html_figure(page, word(view, MT_W_DAY_AHEAD), draw_price, view);
    if (view->imbalance_mwh) mt_html_figure(page, word(view, MT_W_IMBALANCE), draw_imbalance, view);
}

/* The row with as many decimals as its columns show: the exact figures are in the other outputs. */
static mt_report_row round_row(const mt_report_view *view, const mt_report_table *table, size_t i)
{
    mt_report_row row = view->row[i];
    for (size_t k = 0; k < table->n; k++) {
        const mt_report_column *column = &table->col[k];
        char *member = (char *)&row + column->field.offset;
        double power = pow(10, column->places), real;
        int64_t micro, step = (int64_t)(1e6 / power);
        if (column->field.type == MT_REAL) {
            memcpy(&real, member, sizeof real);
            real = round(real * power) / power;
            memcpy(member, &real, sizeof real);
        } else if (column->field.type == MT_MICRO) {
            memcpy(&micro, member, sizeof micro);
            if (micro == MT_MICRO_NONE) continue;
            micro = mt_div_round(micro, step) * step;
            memcpy(member, &micro, sizeof micro);
        }
    }
    return row;
}

static mt_code fill_table(mt_ctx *cx, mt_sink *sink, const mt_report_view *view, const mt_report_table *table)
{
    mt_field field[MT_REPORT_COLUMNS + 1] = {{0}};
    mt_emit *emit;
    for (size_t k = 0; k < table->n; k++) {
        field[k] = table->col[k].field;
        field[k].name = word(view, table->col[k].word);
    }
    MT_TRY(mt_emit_begin(cx, &emit, sink, "report", field, NULL, NULL));
    for (size_t i = 0; i < view->n; i++) {
        mt_report_row row = round_row(view, table, i);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code put_tables(mt_ctx *cx, mt_html *page, const mt_report_view *view)
{
    for (size_t k = 0; k < MT_REPORT_TABLES; k++) {
        mt_sink *sink;
        mt_table *table;
        MT_TRY(mt_table_sink(cx, &sink, &table, 0));
        mt_code code = fill_table(cx, sink, view, &mt_report_tables[k]);
        mt_sink_close(sink);
        if (code != MT_OK) return code;
        mt_html_table(page, word(view, mt_report_tables[k].title), table, view->n);
    }
    return MT_OK;
}

mt_code mt_report_html(mt_ctx *cx, mt_out *out, const mt_report_input *input)
{
    mt_report_input own = {.created = MT_TIME_NONE};
    mt_report_view view;
    mt_html page;
    memcpy(&own, input, input->size < sizeof own ? input->size : sizeof own);
    MT_TRY(mt_report_view_make(cx, &view, &own));
    const char *const contents[] = {word(&view, MT_W_OVERVIEW), word(&view, MT_W_COURSE),
                                    word(&view, MT_W_BY_ASSET), NULL};
    mt_html_open(cx, &page, out,
                 &(mt_html_options){.size = sizeof(mt_html_options),
                                    .title = view.title,
                                    .kicker = own.issuer,
                                    .style = mt_chart_style(),
                                    .contents = contents,
                                    .language = mt_language_word[own.language]});
    mt_html_section(&page, contents[0]);
    put_tiles(&page, &view);
    mt_html_section(&page, contents[1]);
    put_charts(&page, &view);
    mt_html_section(&page, contents[2]);
    MT_TRY(put_tables(cx, &page, &view));
    return mt_html_close(&page, word(&view, MT_W_MADE));
}
