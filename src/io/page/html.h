/* One page that needs nothing else: a report to keep, mail and print.
 *
 * Purpose   Header, key figures, paragraphs, tables, drawings, footer, in one file without script or
 *           outside request.
 * Shapes    Open, any parts in order, close. A section lasts until the next. Drawings are made twice, for
 *           wide and for narrow screens; the page shows the one that fits.
 * Missing   Nulls in tables are "–".
 * Time      Table times are UTC, as their header says.
 * Safety    Every text is escaped; the page forbids itself everything but its own style
 *           (Content-Security-Policy).
 * Errors    The page remembers the first failure, further calls do nothing, mt_html_close tells it.
 * Ownership The page is the caller's variable; it borrows `out` and does not finish it.
 * Example   mt_html_open(cx, &page, out, &(mt_html_options){.size = sizeof(mt_html_options), .title =
 *           "Day"});
 *           mt_html_section(&page, "Prices");
 *           mt_html_figure(&page, "Price by hour", draw_prices, &prices);
 *           MT_TRY(mt_html_close(&page, "Made by Merit"));
 */
#ifndef MT_IO_PAGE_HTML_H
#define MT_IO_PAGE_HTML_H

#include "base/rows/table.h"
#include "io/out.h"

MT_BEGIN_DECLS

typedef struct mt_html_options {
    size_t size;
    const char *title;           /* needed */
    const char *kicker;          /* a few words above the title; NULL: none */
    const char *subtitle;        /* a sentence below it; NULL: none */
    const char *style;           /* more CSS, for the drawings; constant text of the program, not escaped */
    const char *const *contents; /* titles of the sections to come, NULL-terminated, for links; NULL: none */
    const char *language;        /* of the texts; NULL: "en"; figures of "de" have a decimal comma */
} mt_html_options;

typedef enum mt_html_tone { MT_HTML_PLAIN, MT_HTML_GOOD, MT_HTML_WARN, MT_HTML_BAD } mt_html_tone;

typedef struct mt_html_tile {
    const char *label;
    const char *value; /* NULL: "–" */
    const char *unit;  /* NULL: none */
    const char *note;  /* small, below; NULL: none */
    mt_html_tone tone;
} mt_html_tile;

/* Draws into a place of that width (CSS pixels); the height is a suggestion. */
typedef mt_code mt_html_draw_fn(mt_ctx *cx, mt_out *out, void *arg, int width, int height);

/* Members are the page's own. */
typedef struct mt_html {
    mt_ctx *cx;
    mt_out *out;
    mt_code code;
    int sections;
    char decimal_mark;
} mt_html;

void mt_html_open(mt_ctx *cx, mt_html *page, mt_out *out, const mt_html_options *options);
void mt_html_section(mt_html *page, const char *title);
void mt_html_paragraph(mt_html *page, const char *text);
void mt_html_note(mt_html *page, mt_html_tone tone, const char *text);
void mt_html_tiles(mt_html *page, const mt_html_tile *tile, size_t n);
void mt_html_facts(mt_html *page, const mt_html_tile *fact, size_t n); /* label, value, unit as a list */
void mt_html_figure(mt_html *page, const char *caption, mt_html_draw_fn *draw, void *arg);

/* At most rows_max rows (0: 500), and a line that tells how many there are. */
void mt_html_table(mt_html *page, const char *caption, const mt_table *table, size_t rows_max);

MT_MUST_USE mt_code mt_html_close(mt_html *page, const char *footer);

MT_END_DECLS
#endif
