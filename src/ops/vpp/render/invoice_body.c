/* What a document of account says between its head and its foot: lines, taxes, sums, notes, appendix. */
#include "ops/vpp/render/invoice_parts.h"

#include <inttypes.h>
#include <string.h>

#include "io/pdf/plot.h"
#include "ops/vpp/render/terms_of.h"

static const char *word(const mt_invoice_sheet *sheet, mt_word which)
{
    return mt_word_in(sheet->options->language, which);
}

static const char *currency_of(const mt_invoice *invoice)
{
    if (!invoice->currency || strcmp(invoice->currency, "EUR") == 0) return "€";
    return invoice->currency;
}

mt_code mt_invoice_money(mt_ctx *cx, const char **out, const mt_invoice_sheet *sheet, int64_t cent)
{
    const char *number;
    MT_TRY(mt_number_in(cx, &number, sheet->options->language, cent, 2, 2));
    return mt_text_format(cx, out, "%s %s", number, currency_of(sheet->invoice));
}

static mt_code percent_in(mt_ctx *cx, const char **out, mt_language language, int64_t rate)
{
    const char *number;
    MT_TRY(mt_number_in(cx, &number, language, rate, 6, 0));
    return mt_text_format(cx, out, "%s %%", number);
}

/* What is under the name of a supply: how it is priced, else what the document says of it. */
static mt_code explain(mt_ctx *cx, const char **out, const mt_invoice_sheet *sheet,
                       const mt_invoice_line *line)
{
    const mt_contract *contract = sheet->options->contract;
    mt_language language = sheet->options->language;
    *out = NULL;
    if (contract) return mt_terms_of(cx, out, language, contract, line->kind);
    if (line->description && line->description[0])
        *out = line->description;
    else if (line->name && strcmp(line->name, mt_word_in(language, mt_word_of_line(line->kind))) != 0)
        *out = line->name;
    return MT_OK;
}

/* All decimals that the price has, at least cents. */
static mt_code price_in(mt_ctx *cx, const char **out, mt_language language, const mt_invoice_line *line)
{
    int64_t price = line->unit_net;
    int decimals = line->unit_net_decimals;
    for (; decimals < 2; decimals++) price *= 10;
    return mt_number_in(cx, out, language, price, decimals, 2);
}

enum { LINE_COLUMNS = 6 };

static mt_code write_line(mt_ctx *cx, mt_pdf_row *row, const mt_invoice_sheet *sheet, size_t k)
{
    const mt_invoice_line *line = &sheet->invoice->line[k];
    mt_language language = sheet->options->language;
    const char **cell, *quantity;
    MT_TRY(MT_NEW(cx, &cell, LINE_COLUMNS));
    MT_TRY(mt_text_format(cx, &cell[0], "%zu", k + 1));
    cell[1] = word(sheet, mt_word_of_line(line->kind));
    MT_TRY(mt_number_in(cx, &quantity, language, line->quantity_micro, 6, 0));
    MT_TRY(mt_text_format(cx, &cell[2], "%s %s", quantity, mt_line_unit(line->kind)));
    MT_TRY(price_in(cx, &cell[3], language, line));
    if (line->vat_category == MT_VAT_S) MT_TRY(percent_in(cx, &cell[4], language, line->vat_rate));
    MT_TRY(mt_number_in(cx, &cell[5], language, line->net_cent, 2, 2));
    *row = (mt_pdf_row){.cell = cell};
    return explain(cx, &row->below, sheet, line);
}

mt_code mt_invoice_put_lines(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    const char *price, *amount;
    mt_pdf_row *row;
    MT_TRY(mt_text_format(cx, &price, "%s\n%s", word(sheet, MT_W_PRICE), currency_of(invoice)));
    MT_TRY(mt_text_format(cx, &amount, "%s\n%s", word(sheet, MT_W_AMOUNT), currency_of(invoice)));
    const mt_pdf_column column[LINE_COLUMNS] = {
        {word(sheet, MT_W_POSITION), MT_ALIGN_LEFT, false},  {word(sheet, MT_W_SUPPLY), MT_ALIGN_LEFT, true},
        {word(sheet, MT_W_QUANTITY), MT_ALIGN_RIGHT, false}, {price, MT_ALIGN_RIGHT, false},
        {word(sheet, MT_W_VAT), MT_ALIGN_RIGHT, false},      {amount, MT_ALIGN_RIGHT, false}};
    MT_TRY(MT_NEW(cx, &row, invoice->n_line ? invoice->n_line : 1));
    for (size_t k = 0; k < invoice->n_line; k++) MT_TRY(write_line(cx, &row[k], sheet, k));
    mt_pdf_table(&sheet->pdf, column, LINE_COLUMNS, row, invoice->n_line);
    return MT_OK;
}

static const double sum_left = 300, sum_step = 16;

static void put_sum(mt_invoice_sheet *sheet, mt_letter letter, const char *label, const char *amount)
{
    mt_pdf *pdf = &sheet->pdf;
    (void)mt_pdf_line_at(pdf, (mt_spot){sum_left, pdf->y}, MT_ALIGN_LEFT, letter, label);
    (void)mt_pdf_line_at(pdf, (mt_spot){pdf->right, pdf->y}, MT_ALIGN_RIGHT, letter, amount);
    pdf->y += sum_step;
}

/* "Umsatzsteuer 19 % auf 1.000,00 €", or the category where no tax is charged; its reason stands in the
 * notes. */
static mt_code put_vat(mt_ctx *cx, mt_invoice_sheet *sheet, const mt_invoice_vat *vat)
{
    const char *label, *rate, *taxable, *amount;
    MT_TRY(percent_in(cx, &rate, sheet->options->language, vat->rate));
    MT_TRY(mt_invoice_money(cx, &taxable, sheet, vat->taxable_cent));
    MT_TRY(mt_invoice_money(cx, &amount, sheet, vat->vat_cent));
    if (vat->category == MT_VAT_S)
        MT_TRY(mt_text_format(cx, &label, "%s %s (%s)", word(sheet, MT_W_VAT_LONG), rate, taxable));
    else
        MT_TRY(mt_text_format(cx, &label, "%s (%s)", word(sheet, mt_word_of_vat(vat->category)), taxable));
    put_sum(sheet, MT_LETTER_CELL, label, amount);
    return MT_OK;
}

mt_code mt_invoice_put_sums(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    mt_pdf *pdf = &sheet->pdf;
    const char *amount;
    mt_pdf_need(pdf, sum_step * (double)(invoice->n_vat + 2) + 24);
    mt_pdf_space(pdf, 6);
    MT_TRY(mt_invoice_money(cx, &amount, sheet, invoice->net_cent));
    put_sum(sheet, MT_LETTER_CELL, word(sheet, MT_W_NET_TOTAL), amount);
    for (size_t k = 0; k < invoice->n_vat; k++) MT_TRY(put_vat(cx, sheet, &invoice->vat[k]));
    MT_TRY(mt_invoice_money(cx, &amount, sheet, invoice->gross_cent));
    mt_pdf_bar(pdf, (mt_spot){sum_left, pdf->y + 1}, pdf->right - sum_left, 1.2, MT_INK_ACCENT);
    pdf->y += 8;
    put_sum(sheet, MT_LETTER_HEADING, word(sheet, MT_W_GROSS_TOTAL), amount);
    return MT_OK;
}

mt_code mt_invoice_put_notes(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    mt_language language = sheet->options->language;
    const char *note[6 + MT_VAT_CATEGORIES];
    size_t n = 0;
    for (size_t k = 0; k < invoice->n_vat; k++) {
        const char *reason = mt_vat_reason_in(language, invoice->vat[k].category);
        if (reason) note[n++] = reason;
    }
    if (sheet->by_buyer && invoice->kind == MT_DOC_SELF_BILLED) note[n++] = word(sheet, MT_W_SELF_BILLING);
    if (invoice->note && invoice->note[0]) note[n++] = invoice->note;
    if (invoice->quarters_missing > 0)
        MT_TRY(mt_text_format(cx, &note[n++], "%" PRId64 " %s", invoice->quarters_missing,
                              word(sheet, MT_W_QUARTERS_MISS)));
    if (sheet->options->xml.at) note[n++] = word(sheet, MT_W_EMBEDDED);
    if (n == 0) return MT_OK;
    mt_pdf_heading(&sheet->pdf, word(sheet, MT_W_NOTES));
    for (size_t k = 0; k < n; k++) {
        mt_pdf_text(&sheet->pdf, MT_LETTER_CELL, note[k]);
        mt_pdf_space(&sheet->pdf, 3);
    }
    return MT_OK;
}

static void put_chart(mt_invoice_sheet *sheet, const mt_infeed_view *infeed)
{
    mt_pdf_series series[MT_INFEED_SOURCES];
    mt_pdf_plot plot = {.title = word(sheet, infeed->by_day ? MT_W_INFEED_DAY : MT_W_INFEED_QUARTER),
                        .unit = "MWh",
                        .time = infeed->time,
                        .n = infeed->n,
                        .series = series,
                        .stacked = true,
                        .height = 170,
                        .zone = infeed->zone};
    for (int s = 0; s < MT_INFEED_SOURCES; s++) {
        bool any = false;
        for (size_t k = 0; k < infeed->n; k++) any = any || infeed->mwh[s][k] > 0;
        if (any)
            series[plot.n_series++] =
                (mt_pdf_series){word(sheet, mt_word_of_source((mt_infeed_source)s)), infeed->mwh[s]};
    }
    mt_pdf_draw(&sheet->pdf, &plot);
    mt_pdf_space(&sheet->pdf, 10);
}

static mt_code put_sources(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    const mt_pdf_column column[] = {{word(sheet, MT_W_FILE), MT_ALIGN_LEFT, true},
                                    {word(sheet, MT_W_QUARTERS), MT_ALIGN_RIGHT, false}};
    mt_pdf_row *row;
    if (invoice->n_source == 0) return MT_OK;
    MT_TRY(MT_NEW(cx, &row, invoice->n_source));
    for (size_t k = 0; k < invoice->n_source; k++) {
        const char **cell;
        MT_TRY(MT_NEW(cx, &cell, 2));
        cell[0] = invoice->source[k].name;
        MT_TRY(mt_number_in(cx, &cell[1], sheet->options->language, invoice->source[k].quarters, 0, 0));
        row[k] = (mt_pdf_row){.cell = cell, .below = invoice->source[k].sha256};
    }
    mt_pdf_heading(&sheet->pdf, word(sheet, MT_W_SOURCES));
    mt_pdf_text(&sheet->pdf, MT_LETTER_CELL, word(sheet, MT_W_SOURCES_SAY));
    mt_pdf_space(&sheet->pdf, 8);
    mt_pdf_table(&sheet->pdf, column, 2, row, invoice->n_source);
    return MT_OK;
}

mt_code mt_invoice_put_appendix(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    mt_language language = sheet->options->language;
    const mt_infeed_view *infeed = sheet->options->infeed;
    mt_pdf *pdf = &sheet->pdf;
    const char *all = NULL, *missing = NULL;
    if (!(infeed && infeed->n) && invoice->n_source == 0) return MT_OK;
    if (invoice->quarters > 0) MT_TRY(mt_number_in(cx, &all, language, invoice->quarters, 0, 0));
    if (invoice->quarters > 0) MT_TRY(mt_number_in(cx, &missing, language, invoice->quarters_missing, 0, 0));
    mt_pdf_break(pdf);
    mt_pdf_text(pdf, MT_LETTER_TITLE, word(sheet, MT_W_APPENDIX));
    pdf->y += 10;
    const mt_pdf_fact fact[] = {{word(sheet, MT_W_ASSET), invoice->asset_id, NULL, NULL},
                                {word(sheet, MT_W_METER), invoice->metering_point_id, NULL, NULL},
                                {word(sheet, MT_W_PERIOD), sheet->period, NULL, NULL},
                                {word(sheet, MT_W_QUARTERS_ALL), all, NULL, NULL},
                                {word(sheet, MT_W_QUARTERS_NONE), missing, NULL, NULL}};
    mt_pdf_facts(pdf, fact, sizeof fact / sizeof *fact);
    mt_pdf_space(pdf, 14);
    if (infeed && infeed->n) put_chart(sheet, infeed);
    return put_sources(cx, sheet);
}
