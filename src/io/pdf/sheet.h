/* Sheets of paper: texts, areas and lines at their places, kept until all pages are known, then printed.
 *
 * Purpose   What stands on the first page may depend on the last ("1 / 3"): places are noted first and
 *           drawn once at the end.
 * Units     Points (1/72 inch) from the upper left corner of an A4 page, y downwards. Colours 0xRRGGBB.
 * Shapes    Texts are UTF-8; what is none is shown as U+FFFD, a control as a blank; "\n" ends a line.
 * Errors    The sheet remembers the first failure, further calls do nothing, mt_sheet_print tells it.
 * Ownership mt_sheet_open/_close; it borrows the press; notes live in cx.
 * Cost      About 20 us a text.
 */
#ifndef MT_IO_PDF_SHEET_H
#define MT_IO_PDF_SHEET_H

#include "io/out.h"
#include "io/pdf/inside.h"

MT_BEGIN_DECLS

#define MT_SHEET_WIDTH  595.276
#define MT_SHEET_HEIGHT 841.89

typedef enum mt_align { MT_ALIGN_LEFT, MT_ALIGN_RIGHT, MT_ALIGN_MIDDLE } mt_align;

/* A text that has its shape but no place yet. */
typedef struct mt_written {
    PangoLayout *layout; /* the sheet's; NULL: no text */
    double width, height;
    double baseline; /* of the first line, from the top */
    uint32_t colour; /* of its letter; may be changed before it is placed */
} mt_written;

typedef struct mt_spot {
    double x, y;
} mt_spot;

struct mt_sheet_mark;

typedef struct mt_sheet_page {
    struct mt_sheet_mark *first, **last;
} mt_sheet_page;

/* Members are the sheet's own, but `code`. */
typedef struct mt_sheet {
    mt_ctx *cx;
    mt_press *press;
    mt_code code;
    mt_sheet_page *page;
    size_t n_page, page_room, at; /* at: the page that is written on */
    PangoLayout **layout;
    size_t n_layout, layout_room;
} mt_sheet;

void mt_sheet_open(mt_ctx *cx, mt_sheet *sheet, mt_press *press);
void mt_sheet_close(mt_sheet *sheet);

void mt_sheet_begin(mt_sheet *sheet);             /* one more page, and writes on it */
void mt_sheet_turn(mt_sheet *sheet, size_t page); /* writes on that page, from 0 */

/* width 0: the text breaks only where it says so. */
mt_written mt_sheet_write(mt_sheet *sheet, mt_letter letter, const char *text, double width);
void mt_sheet_fit(mt_sheet *sheet, mt_written *written, double width); /* breaks it anew */

/* x is the left edge, the right edge or the middle, as `align` says; y the top. */
void mt_sheet_place(mt_sheet *sheet, const mt_written *written, mt_spot spot, mt_align align);

void mt_sheet_fill(mt_sheet *sheet, mt_spot corner, double width, double height, uint32_t colour);

/* Points are copied. thickness 0: an area. */
void mt_sheet_path(mt_sheet *sheet, const mt_spot *spot, size_t n, double thickness, uint32_t colour);

MT_MUST_USE mt_code mt_sheet_print(mt_sheet *sheet, mt_out *out, const mt_pdf_about *about);

MT_END_DECLS
#endif
