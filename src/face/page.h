/* Text laid out for a reader: headings, paragraphs and two columns, broken at the width of the terminal.
 *
 * Purpose   What the writers of help and documents share: putting text without asking after every line
 *           whether it worked, and breaking lines.
 * Shapes    Widths count columns of a terminal; a word wider than the line stands alone on it.
 * Errors    The first failure is kept in `code` and every later call does nothing; look once, at the end.
 *           Ownership A value of the caller; borrows cx and out.
 */
#ifndef MT_FACE_PAGE_H
#define MT_FACE_PAGE_H

#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_PAGE_WIDTH = 80, MT_PAGE_WIDTH_LEAST = 40, MT_PAGE_WIDTH_MOST = 110 };

typedef struct mt_page {
    mt_ctx *cx;
    mt_out *out;
    int width;
    bool colour;
    mt_code code;
} mt_page;

/* `width` 0 means MT_PAGE_WIDTH; others are kept between the least and the most that reads well. */
mt_page mt_page_open(mt_ctx *cx, mt_out *out, int width, bool colour);

void mt_page_put(mt_page *page, const char *text);
void mt_page_format(mt_page *page, const char *format, ...) MT_PRINTF(2, 3);

/* The two texts behind each other, made to stand out. */
void mt_page_title(mt_page *page, const char *text, const char *more);

/* An empty line and a heading of its own, in capital letters. */
void mt_page_heading(mt_page *page, const char *text);

/* Paragraphs, separated by empty lines in `text`, indented by `indent` and broken. */
void mt_page_paragraphs(mt_page *page, int indent, const char *text);

/* "  NAME VALUE   text": the text starts in column `at` and goes on below itself; a wider name has a line of
 * its own. */
void mt_page_pair(mt_page *page, int at, const char *name, const char *value, const char *text);

/* Columns a terminal gives to the text. */
int mt_page_columns(const char *text);

MT_END_DECLS
#endif
