/* The desk's report as a PDF. */
#include "ops/vpp/render/report_pdf.h"

#include <string.h>

#include "io/pdf/archive.h"
#include "io/pdf/plot.h"

static void put_tiles(mt_pdf *pdf, const mt_report_view *view)
{
    mt_pdf_fact fact[MT_REPORT_TILES];
    for (size_t k = 0; k < view->n_tile; k++)
        fact[k] =
            (mt_pdf_fact){view->tile[k].label, view->tile[k].value, view->tile[k].unit, view->tile[k].note};
    mt_pdf_tiles(pdf, fact, view->n_tile);
    for (size_t k = 0; k < view->n_caveat; k++) mt_pdf_text(pdf, MT_LETTER_CELL, view->caveat[k]);
}

static void draw_infeed(mt_pdf *pdf, const mt_report_view *view, mt_pdf_plot plot)
{
    mt_language language = view->input->language;
    mt_pdf_series series[MT_INFEED_SOURCES];
    plot.title = mt_word_in(language, MT_W_POWER_SOURCE);
    plot.unit = "MW";
    plot.series = series;
    plot.stacked = true;
    plot.height = 122;
    for (int s = 0; s < MT_INFEED_SOURCES; s++) {
        if (!view->infeed_mw[s]) continue;
        series[plot.n_series++] =
            (mt_pdf_series){mt_word_in(language, mt_word_of_source((mt_infeed_source)s)), view->infeed_mw[s]};
    }
    mt_pdf_draw(pdf, &plot);
    mt_pdf_space(pdf, 10);
}

static void draw_line(mt_pdf *pdf, mt_pdf_plot plot, const char *title, const char *unit, const double *value)
{
    const mt_pdf_series series = {title, value};
    if (!value) return;
    plot.title = title;
    plot.unit = unit;
    plot.series = &series;
    plot.n_series = 1;
    plot.height = 72;
    mt_pdf_draw(pdf, &plot);
    mt_pdf_space(pdf, 10);
}

static void put_charts(mt_pdf *pdf, const mt_report_view *view)
{
    mt_language language = view->input->language;
    const mt_pdf_plot plot = {.time = view->time, .n = view->n_time, .zone = view->input->zone};
    if (view->n_time == 0) return;
    mt_pdf_heading(pdf, mt_word_in(language, MT_W_COURSE));
    if (view->input->infeed) draw_infeed(pdf, view, plot);
    draw_line(pdf, plot, mt_word_in(language, MT_W_DAY_AHEAD), "€/MWh", view->price);
    draw_line(pdf, plot, mt_word_in(language, MT_W_IMBALANCE), "MWh", view->imbalance_mwh);
}

static mt_code write_row(mt_ctx *cx, mt_pdf_row *row, const mt_report_view *view,
                         const mt_report_table *table, size_t i)
{
    const char **cell;
    MT_TRY(MT_NEW(cx, &cell, table->n));
    for (size_t k = 0; k < table->n; k++)
        MT_TRY(mt_report_cell(cx, &cell[k], view, &table->col[k], &view->row[i]));
    *row = (mt_pdf_row){.cell = cell, .strong = i + 1 == view->n && view->n > 1};
    return MT_OK;
}

/* Headings are long and figures short: the unit stands below, and words of a heading below each other. */
static mt_code write_title(mt_ctx *cx, const char **out, const mt_report_view *view,
                           const mt_report_column *column)
{
    const char *unit = mt_report_unit(column);
    const char *word = mt_word_in(view->input->language, column->word);
    char *text;
    MT_TRY(mt_text_format(cx, out, unit[0] ? "%s\n%s" : "%s", word, unit));
    MT_TRY(mt_text_copy(cx, (const char **)&text, mt_text_of(*out)));
    for (char *blank = strchr(text, ' '); blank; blank = strchr(blank, ' ')) *blank = '\n';
    *out = text;
    return MT_OK;
}

static mt_code put_table(mt_ctx *cx, mt_pdf *pdf, const mt_report_view *view, const mt_report_table *table)
{
    mt_pdf_column column[MT_REPORT_COLUMNS];
    mt_pdf_row *row;
    MT_TRY(MT_NEW(cx, &row, view->n ? view->n : 1));
    for (size_t k = 0; k < table->n; k++) {
        bool text = table->col[k].field.type == MT_TEXT;
        column[k] = (mt_pdf_column){.align = text ? MT_ALIGN_LEFT : MT_ALIGN_RIGHT, .grows = text};
        MT_TRY(write_title(cx, &column[k].title, view, &table->col[k]));
    }
    for (size_t i = 0; i < view->n; i++) MT_TRY(write_row(cx, &row[i], view, table, i));
    mt_pdf_heading(pdf, mt_word_in(view->input->language, table->title));
    mt_pdf_table(pdf, column, table->n, row, view->n);
    return MT_OK;
}

static mt_code draw(mt_ctx *cx, mt_pdf *pdf, const mt_report_view *view)
{
    mt_language language = view->input->language;
    mt_pdf_bar(pdf, (mt_spot){pdf->left, pdf->y}, 26, 3, MT_INK_ACCENT);
    pdf->y += 14;
    mt_pdf_text(pdf, MT_LETTER_KICKER, view->input->issuer);
    mt_pdf_space(pdf, 4);
    mt_pdf_text(pdf, MT_LETTER_TITLE, mt_word_in(language, MT_W_REPORT));
    mt_pdf_text(pdf, MT_LETTER_TEXT, view->period);
    mt_pdf_space(pdf, 16);
    put_tiles(pdf, view);
    put_charts(pdf, view);
    mt_pdf_break(pdf);
    mt_pdf_text(pdf, MT_LETTER_TITLE, mt_word_in(language, MT_W_BY_ASSET));
    for (size_t k = 0; k < MT_REPORT_TABLES; k++) MT_TRY(put_table(cx, pdf, view, &mt_report_tables[k]));
    mt_pdf_space(pdf, 14);
    mt_pdf_text(pdf, MT_LETTER_LABEL, mt_word_in(language, MT_W_MADE));
    return MT_OK;
}

mt_code mt_report_pdf(mt_ctx *cx, mt_press *press, mt_out *out, const mt_report_input *input)
{
    mt_report_input own = {.created = MT_TIME_NONE};
    mt_report_view view;
    mt_pdf pdf;
    mt_out *drawn = NULL;
    mt_code code;
    memcpy(&own, input, input->size < sizeof own ? input->size : sizeof own);
    MT_TRY(mt_report_view_make(cx, &view, &own));
    MT_TRY(mt_out_memory(cx, &drawn));
    const mt_pdf_about about = {.title = view.title,
                                .author = own.issuer,
                                .language = mt_language_word[own.language],
                                .created = view.created};
    const mt_pdf_options options = {.size = sizeof options, .about = about, .running = view.title};
    const mt_pdf_archive_options archive = {.size = sizeof archive, .about = about};
    mt_pdf_open(cx, &pdf, press, &options);
    code = draw(cx, &pdf, &view);
    if (code != MT_OK)
        mt_pdf_abandon(&pdf);
    else
        code = mt_pdf_close(&pdf, drawn);
    if (code == MT_OK) code = mt_pdf_archive(cx, press, out, mt_out_bytes(drawn), &archive);
    mt_out_close(drawn);
    return code;
}
