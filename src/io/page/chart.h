/* Charts as inline SVG text: no script, light and dark, readable without seeing.
 *
 * Purpose   The pictures of reports: series over time, bars, supply and demand, histograms, heat maps.
 * Units     Values come as they are drawn; the axis titles name their unit ("EUR/MWh").
 * Shapes    Each function writes one <svg> of `width` x `height` that shrinks with its place. Draw it
 *           twice, wide and narrow, where phones look on: html.h does. Colours are CSS variables of
 *           mt_chart_style, which stands once in the page, or in the drawing itself when it is `standalone`.
 * Missing   NaN is a gap, an empty cell, a bar that is not there. Nothing to draw gives a frame that says so.
 * Time      Period starts in UTC, ascending; labels on the wall clock of `zone`.
 * Errors    MT_E_INPUT  a time chart's times do not ascend;  what mt_out_write says.
 * Ownership Everything is borrowed for the call; `out` is not finished.
 * Cost      O(n); paths of more than 2,000 points keep the extremes of each pixel; at most 500 places have
 *           a tooltip.
 * Source    Colours after Okabe and Ito, "Color Universal Design" (2008), lightened for the dark page;
 *           ticks at 1-2-5 after Heckbert, "Nice Numbers for Graph Labels", Graphics Gems (1990).
 */
#ifndef MT_IO_PAGE_CHART_H
#define MT_IO_PAGE_CHART_H

#include "base/zone.h"
#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_CHART_SERIES_MAX = 8 };

typedef struct mt_chart_options {
    size_t size;
    const char *title;       /* what it shows, for those who hear the page; needed */
    const char *description; /* what one should see in it; NULL: made from the data */
    const char *x_title;     /* NULL: none */
    const char *y_title;     /* the quantity and its unit; NULL: none */
    const char *unit;        /* of the values in tooltips; NULL: none */
    int width, height;       /* 0: 960 x 320 */
    double low, high;        /* bounds of the values; both 0: found from the data */
    const mt_zone *zone;     /* of time axes; NULL: UTC */
    bool standalone;         /* a file of its own */
} mt_chart_options;

typedef enum mt_chart_shape {
    MT_CHART_LINE, /* the value of an instant */
    MT_CHART_STEP, /* the value of a period: level until the next begins */
    MT_CHART_STACK /* the same, at least 0, standing on the series of this shape before it; missing: 0 */
} mt_chart_shape;

typedef struct mt_chart_series {
    const char *name;
    const double *value;
    mt_chart_shape shape; /* time charts only */
} mt_chart_series;

/* A merit order: step k lies at price[k] and ends at volume[k], the volume summed up to there (ascending). */
typedef struct mt_chart_curve {
    const char *name;
    const double *volume;
    const double *price;
    size_t n;
} mt_chart_curve;

/* Where the curves meet; text is written beside it ("62.03 EUR/MWh, 11,250 MWh"). */
typedef struct mt_chart_crossing {
    double volume, price;
    const char *text;
} mt_chart_crossing;

/* value[row * columns + column]; labels may be NULL. Hour by day: 24 rows (25 in autumn), a column a day. */
typedef struct mt_chart_matrix {
    const double *value;
    size_t rows, columns;
    const char *const *row_label;
    const char *const *column_label;
} mt_chart_matrix;

MT_MUST_USE mt_code mt_chart_time(mt_ctx *cx, mt_out *out, const mt_time *time, size_t n,
                                  const mt_chart_series *series, size_t n_series,
                                  const mt_chart_options *options);
MT_MUST_USE mt_code mt_chart_bars(mt_ctx *cx, mt_out *out, const char *const *label, size_t n,
                                  const mt_chart_series *series, size_t n_series,
                                  const mt_chart_options *options);
MT_MUST_USE mt_code mt_chart_curves(mt_ctx *cx, mt_out *out, const mt_chart_curve *supply,
                                    const mt_chart_curve *demand,
                                    const mt_chart_crossing *crossing /* or NULL */,
                                    const mt_chart_options *options);
MT_MUST_USE mt_code mt_chart_histogram(mt_ctx *cx, mt_out *out, const double *value, size_t n,
                                       const mt_chart_options *options);
MT_MUST_USE mt_code mt_chart_heatmap(mt_ctx *cx, mt_out *out, const mt_chart_matrix *matrix,
                                     const mt_chart_options *options);

const char *mt_chart_style(void); /* CSS for the page; constant text */

MT_END_DECLS
#endif
