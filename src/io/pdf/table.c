/* Tables: columns as wide as what stands in them, a head on every page, figures to the right. */
#include <math.h>

#include "io/pdf/page.h"

static const double wide_gap = 12, narrow_gap = 6, pad = 4.2, least_share = 0.22;

struct cells {
    const mt_pdf_column *column;
    size_t n_column;
    mt_written *head;  /* one a column */
    mt_written *cell;  /* row by row */
    mt_written *below; /* one a row */
    double *width;     /* one a column */
    double gap;        /* between columns */
    size_t grows;      /* the column under whose cells `below` stands */
};

static void write_cells(mt_pdf *pdf, struct cells *cells, const mt_pdf_row *row, size_t n_row)
{
    size_t n = cells->n_column;
    for (size_t k = 0; k < n; k++) {
        cells->head[k] = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, cells->column[k].title, 0);
        cells->width[k] = cells->head[k].width;
    }
    for (size_t i = 0; i < n_row; i++) {
        mt_letter letter = row[i].strong ? MT_LETTER_SUM : MT_LETTER_CELL;
        for (size_t k = 0; k < n; k++) {
            mt_written *cell = &cells->cell[i * n + k];
            *cell = mt_sheet_write(&pdf->sheet, letter, row[i].cell[k] ? row[i].cell[k] : "–", 0);
            cells->width[k] = fmax(cells->width[k], cell->width);
        }
        cells->below[i] = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, row[i].below, 0);
        if (row[i].below)
            cells->width[cells->grows] = fmax(cells->width[cells->grows], cells->below[i].width);
    }
}

/* What is left goes to the columns that grow, what is missing is taken from them; where that is not enough,
 * columns stand closer. */
static void share_width(const mt_pdf *pdf, struct cells *cells)
{
    double room = pdf->right - pdf->left, gaps = (double)(cells->n_column - 1), growing = 0, fixed = 0;
    for (size_t k = 0; k < cells->n_column; k++) {
        if (cells->column[k].grows)
            growing += cells->width[k];
        else
            fixed += cells->width[k];
    }
    double least = fmin(growing, room * least_share);
    cells->gap = fixed + least + gaps * wide_gap > room ? narrow_gap : wide_gap;
    double rest = fmax(room - gaps * cells->gap - fixed, least);
    for (size_t k = 0; k < cells->n_column; k++) {
        if (cells->column[k].grows)
            cells->width[k] *= rest / growing;
        else if (growing <= 0)
            cells->width[k] += rest / (double)cells->n_column;
    }
}

static void fit_cells(mt_pdf *pdf, struct cells *cells, size_t n_row)
{
    for (size_t k = 0; k < cells->n_column; k++) {
        if (cells->head[k].width > cells->width[k])
            mt_sheet_fit(&pdf->sheet, &cells->head[k], cells->width[k]);
    }
    for (size_t i = 0; i < n_row; i++) {
        for (size_t k = 0; k < cells->n_column; k++) {
            mt_written *cell = &cells->cell[i * cells->n_column + k];
            if (cell->width > cells->width[k]) mt_sheet_fit(&pdf->sheet, cell, cells->width[k]);
        }
        if (cells->below[i].width > cells->width[cells->grows])
            mt_sheet_fit(&pdf->sheet, &cells->below[i], cells->width[cells->grows]);
    }
}

static void place_line(mt_pdf *pdf, const struct cells *cells, const mt_written *cell, bool at_bottom,
                       double height)
{
    double x = pdf->left;
    for (size_t k = 0; k < cells->n_column; k++) {
        double y = at_bottom ? pdf->y + height - cell[k].height : pdf->y;
        double edge = cells->column[k].align == MT_ALIGN_LEFT    ? x
                      : cells->column[k].align == MT_ALIGN_RIGHT ? x + cells->width[k]
                                                                 : x + cells->width[k] / 2;
        mt_sheet_place(&pdf->sheet, &cell[k], (mt_spot){edge, y}, cells->column[k].align);
        x += cells->width[k] + cells->gap;
    }
}

static double height_of(const struct cells *cells, const mt_written *cell)
{
    double height = 0;
    for (size_t k = 0; k < cells->n_column; k++) height = fmax(height, cell[k].height);
    return height;
}

static void put_head(mt_pdf *pdf, const struct cells *cells)
{
    double height = height_of(cells, cells->head);
    place_line(pdf, cells, cells->head, true, height);
    pdf->y += height + pad;
    mt_sheet_fill(&pdf->sheet, (mt_spot){pdf->left, pdf->y}, pdf->right - pdf->left, 0.8, MT_INK_LINE);
    pdf->y += pad;
    pdf->fresh = false;
}

static double left_of(const mt_pdf *pdf, const struct cells *cells, size_t column)
{
    double x = pdf->left;
    for (size_t k = 0; k < column; k++) x += cells->width[k] + cells->gap;
    return x;
}

static void put_row(mt_pdf *pdf, const struct cells *cells, size_t i, bool last)
{
    const mt_written *cell = &cells->cell[i * cells->n_column], *below = &cells->below[i];
    double own = cell[cells->grows].height, height = height_of(cells, cell);
    if (below->layout) height = fmax(height, own + 1.5 + below->height);
    if (pdf->y + height + pad > pdf->bottom) {
        mt_pdf_break(pdf);
        put_head(pdf, cells);
    }
    place_line(pdf, cells, cell, false, height);
    mt_sheet_place(&pdf->sheet, below, (mt_spot){left_of(pdf, cells, cells->grows), pdf->y + own + 1.5},
                   MT_ALIGN_LEFT);
    pdf->y += height + pad;
    mt_sheet_fill(&pdf->sheet, (mt_spot){pdf->left, pdf->y}, pdf->right - pdf->left, last ? 0.8 : 0.5,
                  last ? MT_INK_LINE : MT_INK_HAIR);
    pdf->y += pad;
}

void mt_pdf_table(mt_pdf *pdf, const mt_pdf_column *column, size_t n_column, const mt_pdf_row *row,
                  size_t n_row)
{
    struct cells cells = {.column = column, .n_column = n_column};
    mt_ctx *cx = pdf->sheet.cx;
    mt_code *code = &pdf->sheet.code;
    if (n_column == 0) return;
    if (*code == MT_OK) *code = MT_NEW(cx, &cells.head, n_column);
    if (*code == MT_OK) *code = MT_NEW(cx, &cells.width, n_column);
    if (*code == MT_OK) *code = MT_NEW(cx, &cells.cell, n_column * (n_row ? n_row : 1));
    if (*code == MT_OK) *code = MT_NEW(cx, &cells.below, n_row ? n_row : 1);
    if (*code != MT_OK) return;
    while (cells.grows + 1 < n_column && !column[cells.grows].grows) cells.grows++;
    if (!column[cells.grows].grows) cells.grows = 0;
    write_cells(pdf, &cells, row, n_row);
    share_width(pdf, &cells);
    fit_cells(pdf, &cells, n_row);
    mt_pdf_need(pdf, height_of(&cells, cells.head) + 50);
    put_head(pdf, &cells);
    for (size_t i = 0; i < n_row; i++) put_row(pdf, &cells, i, i + 1 == n_row);
}
