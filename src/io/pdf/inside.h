/* What the rooms of this folder know of a press. */
#ifndef MT_IO_PDF_INSIDE_H
#define MT_IO_PDF_INSIDE_H

#include "io/pdf/api.h"
#include "io/pdf/press.h"

MT_BEGIN_DECLS

struct mt_press {
    mt_pdf_api api;
    PangoFontMap *fonts;
    PangoContext *context;
    PangoFontDescription *letter[MT_LETTER_COUNT];
    mt_text profile; /* sRGB, ICC */
};

uint32_t mt_letter_colour(mt_letter letter);
double mt_letter_lines(mt_letter letter); /* factor from one line to the next */

MT_END_DECLS
#endif
