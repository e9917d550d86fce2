/* The frame of every chart: its text, its axes, its legend, and the way from values to places.
 *
 * Purpose   Charts say what they draw in values; the canvas knows where that is and how it is written.
 * Shapes    Canvas units are CSS pixels at full size. The plot lies between left, right, top and bottom.
 * Errors    The canvas remembers the first failure, further calls do nothing, mt_canvas_close tells it.
 */
#ifndef MT_IO_PAGE_SVG_CANVAS_H
#define MT_IO_PAGE_SVG_CANVAS_H

#include "io/sinks/cell.h"
#include "io/page/chart.h"
#include "io/page/svg/ticks.h"

MT_BEGIN_DECLS

typedef struct mt_canvas {
    mt_ctx *cx;
    mt_out *out;
    mt_code code;
    mt_chart_options options;
    double width, height;
    double left, right, top, bottom; /* of the plot */
    mt_ticks x, y;                   /* axes: value ranges and marks */
    mt_cell_style style;             /* of the values in tooltips */
} mt_canvas;

/* <svg>, title, description. `series` (NULL: none) get a legend when there is more than one; `summary` is the
 * description when the options have none. Sets the plot's top, right and bottom. */
void mt_canvas_open(mt_ctx *cx, mt_canvas *canvas, mt_out *out, const mt_chart_options *options,
                    const char *summary, const char *const *name, size_t n_name);
MT_MUST_USE mt_code mt_canvas_close(mt_canvas *canvas);

/* Room below the plot is for two rows of labels; this one gives the second back where it stays empty. */
void mt_canvas_one_label_row(mt_canvas *canvas);

/* The value axis with its grid; sets left so that its labels fit. Then the other axis, below the plot. */
void mt_canvas_value_axis(mt_canvas *canvas, double low, double high);
void mt_canvas_x_values(mt_canvas *canvas, double low, double high);
void mt_canvas_x_times(mt_canvas *canvas, mt_time low, mt_time high);
void mt_canvas_x_title(mt_canvas *canvas);
void mt_canvas_zero_line(mt_canvas *canvas); /* over what was drawn, where zero lies inside the plot */

double mt_canvas_x(const mt_canvas *canvas, double value);
double mt_canvas_y(const mt_canvas *canvas, double value);

void mt_canvas_put(mt_canvas *canvas, const char *markup);
void mt_canvas_number(mt_canvas *canvas, double place);        /* with one decimal */
void mt_canvas_escape(mt_canvas *canvas, const char *text);
void mt_canvas_value(mt_canvas *canvas, double value); /* for a tooltip, with the unit; NaN: "no value" */

/* name="12.5" for each of: x y width height of a rectangle, or another tag's four places. */
void mt_canvas_rect(mt_canvas *canvas, const char *class_name, double x, double y, double width,
                    double height);
void mt_canvas_line(mt_canvas *canvas, const char *class_name, double x1, double y1, double x2, double y2);
void mt_canvas_text(mt_canvas *canvas, const char *class_name, double x, double y, const char *text);

/* What lies outside the plot is not seen between these two. */
void mt_canvas_clip(mt_canvas *canvas);
void mt_canvas_clip_end(mt_canvas *canvas);

/* About as wide as a text of that many characters stands. */
double mt_canvas_text_width(const char *text);

/* A frame with the words "nothing to show". */
MT_MUST_USE mt_code mt_canvas_nothing(mt_ctx *cx, mt_out *out, const mt_chart_options *options);

MT_END_DECLS
#endif
