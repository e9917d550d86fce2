/* Quantities over time in a document: lines of steps, or areas that stand on each other, drawn as vectors.
 *
 * Purpose   The pictures of printed reports; the page on a screen has its own in io/page/chart.h and shares
 *           ticks and colours.
 * Units     Values as they are drawn; `unit` names theirs. Height in points.
 * Shapes    n period starts, ascending; the last period is as long as the one before it. At most
 *           MT_PLOT_SERIES_MAX series. Few periods stand apart as bars.
 * Missing   NaN is a gap of a line and nothing in a stack. Nothing to draw gives a frame that says so.
 * Time      UTC in, labels on the wall clock of `zone`, in the document's language ("de", else English).
 * Errors    As for all parts of a document (page.h).
 * Cost      O(n); a point of a series takes some ten bytes in the file.
 */
#ifndef MT_IO_PDF_PLOT_H
#define MT_IO_PDF_PLOT_H

#include "base/zone.h"
#include "io/pdf/page.h"

MT_BEGIN_DECLS

enum { MT_PLOT_SERIES_MAX = 8 };

typedef struct mt_pdf_series {
    const char *name;
    const double *value;
} mt_pdf_series;

typedef struct mt_pdf_plot {
    const char *title;
    const char *unit;
    const mt_time *time;
    size_t n;
    const mt_pdf_series *series;
    size_t n_series;
    bool stacked;        /* values are at least 0 */
    double height;       /* of the plot without title and labels; 0: 130 */
    const mt_zone *zone; /* NULL: UTC */
} mt_pdf_plot;

void mt_pdf_draw(mt_pdf *pdf, const mt_pdf_plot *plot);

MT_END_DECLS
#endif
