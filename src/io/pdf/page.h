/* A document for paper and screen, part by part from top to bottom: the drawing door.
 *
 * Purpose   Headings, paragraphs, facts, tiles, tables and charts on A4 pages that number themselves
 *           ("1 / 2"); what belongs together stays on one page, a table repeats its head on the next.
 * Units     Points (1/72 inch), from the upper left corner, y downwards.
 * Shapes    Open, any parts in order, close. Texts are UTF-8 and wrap; figures stand to the right, and all
 *           digits are equally wide.
 * Missing   A NULL text takes no room; a NULL cell is "–".
 * Errors    The document remembers the first failure, further calls do nothing, mt_pdf_close tells it.
 * Ownership The document is the caller's variable; it borrows the press, and texts for the call. Notes of
 *           places lie in cx until the caller resets it. After a failed open or part, close as well.
 * Threads   That of the press.
 * Cost      About 20 us a text; 2 ms a page with its fonts.
 * Example   mt_pdf_open(cx, &pdf, press, &(mt_pdf_options){.size = sizeof(mt_pdf_options), .about = about});
 *           mt_pdf_text(&pdf, MT_LETTER_TITLE, "Day 2025-06-08");
 *           MT_TRY(mt_pdf_close(&pdf, out));
 */
#ifndef MT_IO_PDF_PAGE_H
#define MT_IO_PDF_PAGE_H

#include "io/pdf/sheet.h"

MT_BEGIN_DECLS

typedef struct mt_pdf_options {
    size_t size; /* sizeof(mt_pdf_options) */
    mt_pdf_about about;
    const char *const *footer; /* columns at the foot of every page, lines parted by "\n" */
    size_t n_footer;
    const char *running; /* at the top of the second page and all later; NULL: none */
} mt_pdf_options;

/* Members are the document's own. */
typedef struct mt_pdf {
    mt_sheet sheet;
    mt_pdf_options options;
    double left, right, top, bottom; /* of what pages hold */
    double y;                        /* where the next part begins */
    bool fresh;                      /* nothing stands on this page yet */
} mt_pdf;

typedef struct mt_pdf_fact {
    const char *label, *value;
    const char *unit; /* NULL: none */
    const char *note; /* tiles: small, below; NULL: none */
} mt_pdf_fact;

typedef struct mt_pdf_column {
    const char *title; /* "\n" allowed */
    mt_align align;
    bool grows; /* takes the room that is left; its texts wrap */
} mt_pdf_column;

typedef struct mt_pdf_row {
    const char *const *cell; /* one a column */
    const char *below;       /* small, under the first cell that grows; NULL: none */
    bool strong;             /* a sum */
} mt_pdf_row;

void mt_pdf_open(mt_ctx *cx, mt_pdf *pdf, mt_press *press, const mt_pdf_options *options);
void mt_pdf_text(mt_pdf *pdf, mt_letter letter, const char *text);
void mt_pdf_heading(mt_pdf *pdf, const char *text); /* stays with what follows */
void mt_pdf_space(mt_pdf *pdf, double height);      /* none at the top of a page */
void mt_pdf_rule(mt_pdf *pdf);
void mt_pdf_need(mt_pdf *pdf, double height); /* another page when this one has less */
void mt_pdf_break(mt_pdf *pdf);               /* another page, unless this one is fresh */

/* At a place of its own, outside the flow; returns its height. width 0: no wrapping. */
double mt_pdf_text_at(mt_pdf *pdf, mt_spot spot, double width, mt_letter letter, const char *text);
/* One line to the left, to the right or around the place; returns its width. */
double mt_pdf_line_at(mt_pdf *pdf, mt_spot spot, mt_align align, mt_letter letter, const char *text);
void mt_pdf_bar(mt_pdf *pdf, mt_spot corner, double width, double height, uint32_t colour);

/* Label and value in two columns, in the box's width from its left upper corner; returns the height. */
double mt_pdf_facts_at(mt_pdf *pdf, mt_spot spot, double width, const mt_pdf_fact *fact, size_t n);
void mt_pdf_facts(mt_pdf *pdf, const mt_pdf_fact *fact, size_t n);

/* At most four in a row. */
void mt_pdf_tiles(mt_pdf *pdf, const mt_pdf_fact *tile, size_t n);

void mt_pdf_table(mt_pdf *pdf, const mt_pdf_column *column, size_t n_column, const mt_pdf_row *row,
                  size_t n_row);

/* Prints the document into `out`, which is not finished, and closes it. */
MT_MUST_USE mt_code mt_pdf_close(mt_pdf *pdf, mt_out *out);
void mt_pdf_abandon(mt_pdf *pdf); /* instead, when it is not wanted any more */

MT_END_DECLS
#endif
