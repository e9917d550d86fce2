/* What all documents of one thread share: the libraries, the fonts, the colour profile.
 *
 * Purpose   Fonts are looked for and read once, not once a document: a thousand invoices need one press.
 * Shapes    Letters are DejaVu Sans; the scale below is all there is, so that documents of one house look
 *           like it.
 * Units     Sizes in points (1/72 inch); colours as 0xRRGGBB.
 * Errors    MT_E_ABSENT  a library or the font is not installed, with the package to install.
 * Ownership mt_press_open/_close; close every document before its press, the press before its context.
 * Threads   One press, one thread; several presses work side by side.
 * Cost      About 40 ms and 3 MB to open.
 */
#ifndef MT_IO_PDF_PRESS_H
#define MT_IO_PDF_PRESS_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

/* The colours of pages on a screen, as light paper shows them (io/page/html_style.h, svg/style.c). */
enum {
    MT_INK = 0x16202B,
    MT_INK_TEXT = 0x33404E,
    MT_INK_SOFT = 0x66717F,
    MT_INK_LINE = 0xD5DAE0,
    MT_INK_HAIR = 0xE6E9ED,
    MT_INK_STRIPE = 0xF5F7F9,
    MT_INK_ACCENT = 0x0B66A8,
    MT_INK_PAPER = 0xFFFFFF
};

/* clang-format off */
/* X(symbol, size, bold, monospaced, colour, distance of lines) */
#define MT_LETTER_LIST(X) \
    X(MT_LETTER_TITLE,   19,  true,  false, MT_INK,        1.15) \
    X(MT_LETTER_HEADING, 11,  true,  false, MT_INK,        1.25) \
    X(MT_LETTER_TEXT,     9,  false, false, MT_INK_TEXT,   1.35) \
    X(MT_LETTER_STRONG,   9,  true,  false, MT_INK,        1.35) \
    X(MT_LETTER_CELL,     8.2, false, false, MT_INK_TEXT,  1.25) \
    X(MT_LETTER_SUM,      8.2, true,  false, MT_INK,       1.25) \
    X(MT_LETTER_LABEL,    7.2, false, false, MT_INK_SOFT,  1.3) \
    X(MT_LETTER_KICKER,   7.6, true,  false, MT_INK_ACCENT, 1.2) \
    X(MT_LETTER_FIGURE,  14.5, true,  false, MT_INK,       1.1) \
    X(MT_LETTER_FINE,     6.6, false, false, MT_INK_SOFT,  1.35) \
    X(MT_LETTER_CODE,     5.8, false, true,  MT_INK_SOFT,  1.3)
/* clang-format on */
#define MT_LETTER_SYMBOL(symbol, size, bold, mono, colour, lines) symbol,
typedef enum mt_letter { MT_LETTER_LIST(MT_LETTER_SYMBOL) MT_LETTER_COUNT } mt_letter;
#undef MT_LETTER_SYMBOL

typedef struct mt_press mt_press;

MT_MUST_USE mt_code mt_press_open(mt_ctx *cx, mt_press **out);
void mt_press_close(mt_press *press); /* NULL allowed */

double mt_letter_size(mt_letter letter); /* points */

/* What a document says of itself. */
typedef struct mt_pdf_about {
    const char *title;    /* needed */
    const char *author;   /* NULL: none */
    const char *subject;  /* NULL: none */
    const char *language; /* "de", "en" */
    mt_time created;      /* the same moment gives the same bytes; no clock is asked */
} mt_pdf_about;

MT_END_DECLS
#endif
