/* Parts of a document, one below the other. */
#include "io/pdf/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Margins after DIN 5008: 25 mm left, 20 mm right. */
static const double left_margin = 70.9, right_margin = 56.7, top_margin = 56.7, foot_margin = 34,
                    foot_gap = 22, running_height = 26;

static double width_of(const mt_pdf *pdf)
{
    return pdf->right - pdf->left;
}

/* The columns at the foot of the page, whose height is what the flow leaves free. */
static double foot_height(mt_pdf *pdf)
{
    double tallest = 0;
    size_t n = pdf->options.n_footer;
    for (size_t k = 0; k < n; k++) {
        mt_written text = mt_sheet_write(&pdf->sheet, MT_LETTER_FINE, pdf->options.footer[k],
                                         (width_of(pdf) - 12.0 * (double)(n - 1)) / (double)n);
        tallest = fmax(tallest, text.height);
    }
    return fmax(tallest, 9) + (n ? 8 : 0);
}

void mt_pdf_open(mt_ctx *cx, mt_pdf *pdf, mt_press *press, const mt_pdf_options *options)
{
    *pdf = (mt_pdf){.left = left_margin, .right = MT_SHEET_WIDTH - right_margin, .top = top_margin};
    memcpy(&pdf->options, options, options->size < sizeof pdf->options ? options->size : sizeof pdf->options);
    mt_sheet_open(cx, &pdf->sheet, press);
    const char *language = pdf->options.about.language ? pdf->options.about.language : "en";
    press->api.pango_context_set_language(press->context, press->api.pango_language_from_string(language));
    pdf->bottom = MT_SHEET_HEIGHT - foot_margin - foot_height(pdf) - foot_gap;
    mt_sheet_begin(&pdf->sheet);
    pdf->y = pdf->top;
    pdf->fresh = true;
}

void mt_pdf_break(mt_pdf *pdf)
{
    if (pdf->fresh) return;
    mt_sheet_begin(&pdf->sheet);
    pdf->y = pdf->top + (pdf->options.running ? running_height : 0);
    pdf->fresh = true;
}

void mt_pdf_need(mt_pdf *pdf, double height)
{
    if (pdf->y + height > pdf->bottom) mt_pdf_break(pdf);
}

void mt_pdf_space(mt_pdf *pdf, double height)
{
    if (!pdf->fresh) pdf->y += height;
}

/* A text longer than a page goes on where it reaches beyond: texts of documents are never that long. */
static void put_flowing(mt_pdf *pdf, mt_letter letter, const char *text, double keep)
{
    mt_written written = mt_sheet_write(&pdf->sheet, letter, text, width_of(pdf));
    if (!written.layout) return;
    mt_pdf_need(pdf, written.height + keep);
    mt_sheet_place(&pdf->sheet, &written, (mt_spot){pdf->left, pdf->y}, MT_ALIGN_LEFT);
    pdf->y += written.height;
    pdf->fresh = false;
}

void mt_pdf_text(mt_pdf *pdf, mt_letter letter, const char *text)
{
    put_flowing(pdf, letter, text, 0);
}

void mt_pdf_heading(mt_pdf *pdf, const char *text)
{
    mt_pdf_space(pdf, 20);
    put_flowing(pdf, MT_LETTER_HEADING, text, 60);
    pdf->y += 6;
}

void mt_pdf_rule(mt_pdf *pdf)
{
    mt_sheet_fill(&pdf->sheet, (mt_spot){pdf->left, pdf->y}, width_of(pdf), 0.6, MT_INK_LINE);
    pdf->fresh = false;
}

double mt_pdf_text_at(mt_pdf *pdf, mt_spot spot, double width, mt_letter letter, const char *text)
{
    mt_written written = mt_sheet_write(&pdf->sheet, letter, text, width);
    mt_sheet_place(&pdf->sheet, &written, spot, MT_ALIGN_LEFT);
    pdf->fresh = false;
    return written.height;
}

double mt_pdf_line_at(mt_pdf *pdf, mt_spot spot, mt_align align, mt_letter letter, const char *text)
{
    mt_written written = mt_sheet_write(&pdf->sheet, letter, text, 0);
    mt_sheet_place(&pdf->sheet, &written, spot, align);
    pdf->fresh = false;
    return written.width;
}

void mt_pdf_bar(mt_pdf *pdf, mt_spot corner, double width, double height, uint32_t colour)
{
    mt_sheet_fill(&pdf->sheet, corner, width, height, colour);
    pdf->fresh = false;
}

double mt_pdf_facts_at(mt_pdf *pdf, mt_spot spot, double width, const mt_pdf_fact *fact, size_t n)
{
    double labels = 0, y = spot.y;
    for (size_t k = 0; k < n; k++) {
        mt_written label = mt_sheet_write(&pdf->sheet, MT_LETTER_CELL, fact[k].label, 0);
        labels = fmax(labels, label.width);
    }
    labels = fmin(labels, width * 0.5) + 14;
    for (size_t k = 0; k < n; k++) {
        if (!fact[k].value) continue;
        mt_written label = mt_sheet_write(&pdf->sheet, MT_LETTER_CELL, fact[k].label, labels - 14);
        mt_written value = mt_sheet_write(&pdf->sheet, MT_LETTER_CELL, fact[k].value, width - labels);
        label.colour = MT_INK_SOFT;
        value.colour = MT_INK;
        mt_sheet_place(&pdf->sheet, &label, (mt_spot){spot.x, y}, MT_ALIGN_LEFT);
        mt_sheet_place(&pdf->sheet, &value, (mt_spot){spot.x + labels, y}, MT_ALIGN_LEFT);
        y += fmax(label.height, value.height) + 3;
    }
    pdf->fresh = false;
    return y - spot.y;
}

void mt_pdf_facts(mt_pdf *pdf, const mt_pdf_fact *fact, size_t n)
{
    mt_pdf_need(pdf, 14.0 * (double)n);
    pdf->y += mt_pdf_facts_at(pdf, (mt_spot){pdf->left, pdf->y}, width_of(pdf), fact, n);
}

enum { TILES_IN_ROW = 4, TILE_GAP = 8, TILE_PAD = 9 };

static double tile_width(const mt_pdf *pdf, size_t in_row)
{
    return (width_of(pdf) - TILE_GAP * (double)(in_row - 1)) / (double)in_row;
}

static void put_tile(mt_pdf *pdf, const mt_pdf_fact *tile, mt_spot spot, double width, double height)
{
    double inner = width - 2 * TILE_PAD;
    mt_written label = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, tile->label, inner);
    mt_written value = mt_sheet_write(&pdf->sheet, MT_LETTER_FIGURE, tile->value ? tile->value : "–", 0);
    mt_written unit = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, tile->value ? tile->unit : NULL, 0);
    mt_written note = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, tile->note, inner);
    double x = spot.x + TILE_PAD, y = spot.y + TILE_PAD;
    mt_sheet_fill(&pdf->sheet, spot, width, height, MT_INK_STRIPE);
    mt_sheet_fill(&pdf->sheet, spot, 2, height, MT_INK_ACCENT);
    mt_sheet_place(&pdf->sheet, &label, (mt_spot){x, y}, MT_ALIGN_LEFT);
    y += label.height + 3;
    mt_sheet_place(&pdf->sheet, &value, (mt_spot){x, y}, MT_ALIGN_LEFT);
    mt_sheet_place(&pdf->sheet, &unit, (mt_spot){x + value.width + 4, y + value.baseline - unit.baseline},
                   MT_ALIGN_LEFT);
    mt_sheet_place(&pdf->sheet, &note, (mt_spot){x, y + value.height + 2}, MT_ALIGN_LEFT);
}

/* Label and note wrap: the tallest tile of the row decides. */
static double tile_height(mt_pdf *pdf, const mt_pdf_fact *tile, size_t n, double width)
{
    double tallest = 0;
    for (size_t k = 0; k < n; k++) {
        mt_written label = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, tile[k].label, width - 2 * TILE_PAD);
        mt_written note = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, tile[k].note, width - 2 * TILE_PAD);
        tallest = fmax(tallest, label.height + (note.layout ? note.height + 2 : 0));
    }
    return tallest + mt_letter_size(MT_LETTER_FIGURE) * 1.2 + 3 + 2 * TILE_PAD;
}

void mt_pdf_tiles(mt_pdf *pdf, const mt_pdf_fact *tile, size_t n)
{
    size_t rows = (n + TILES_IN_ROW - 1) / TILES_IN_ROW, in_row = rows ? (n + rows - 1) / rows : 1;
    double width = tile_width(pdf, in_row);
    for (size_t k = 0; k < n; k += in_row) {
        size_t count = n - k < in_row ? n - k : in_row;
        double height = tile_height(pdf, tile + k, count, width);
        mt_pdf_need(pdf, height);
        for (size_t i = 0; i < count; i++)
            put_tile(pdf, &tile[k + i], (mt_spot){pdf->left + (double)i * (width + TILE_GAP), pdf->y}, width,
                     height);
        pdf->y += height + TILE_GAP;
        pdf->fresh = false;
    }
}

static void put_foot(mt_pdf *pdf, size_t page)
{
    char number[48];
    double y = pdf->bottom + foot_gap, n = (double)pdf->options.n_footer;
    double width = n > 0 ? (width_of(pdf) - 12 * (n - 1)) / n : 0;
    mt_sheet_turn(&pdf->sheet, page);
    if (n > 0) mt_sheet_fill(&pdf->sheet, (mt_spot){pdf->left, y - 8}, width_of(pdf), 0.5, MT_INK_LINE);
    for (size_t k = 0; k < pdf->options.n_footer; k++)
        (void)mt_pdf_text_at(pdf, (mt_spot){pdf->left + (double)k * (width + 12), y}, width, MT_LETTER_FINE,
                             pdf->options.footer[k]);
    snprintf(number, sizeof number, "%zu / %zu", page + 1, pdf->sheet.n_page);
    mt_written written = mt_sheet_write(&pdf->sheet, MT_LETTER_FINE, number, 0);
    mt_sheet_place(&pdf->sheet, &written, (mt_spot){pdf->right, MT_SHEET_HEIGHT - foot_margin + 2},
                   MT_ALIGN_RIGHT);
    if (page == 0) return;
    (void)mt_pdf_text_at(pdf, (mt_spot){pdf->left, top_margin - 4}, width_of(pdf), MT_LETTER_LABEL,
                         pdf->options.running);
}

void mt_pdf_abandon(mt_pdf *pdf)
{
    mt_sheet_close(&pdf->sheet);
}

mt_code mt_pdf_close(mt_pdf *pdf, mt_out *out)
{
    for (size_t p = 0; p < pdf->sheet.n_page; p++) put_foot(pdf, p);
    mt_code code = mt_sheet_print(&pdf->sheet, out, &pdf->options.about);
    mt_sheet_close(&pdf->sheet);
    return code;
}
