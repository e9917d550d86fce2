/* Supply and demand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/page/svg/canvas.h"

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Prices between which most of the picture lies: a handful of orders far away would flatten all others. */
static mt_code find_prices(mt_ctx *cx, const mt_chart_curve *const curve[2], double range[2])
{
    size_t n = 0, total = curve[0]->n + curve[1]->n;
    double *price;
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(MT_NEW(cx, &price, total));
    for (int c = 0; c < 2; c++) {
        for (size_t k = 0; k < curve[c]->n; k++) {
            if (isfinite(curve[c]->price[k])) price[n++] = curve[c]->price[k];
        }
    }
    range[0] = range[1] = NAN;
    if (n > 0) {
        qsort(price, n, sizeof *price, compare);
        double low = price[n / 20], high = price[n - 1 - n / 20],
               room = 0.4 * fmax(high - low, fabs(high) / 4);
        range[0] = fmax(price[0], low - room);
        range[1] = fmin(price[n - 1], high + room);
    }
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

static double last_volume(const mt_chart_curve *curve)
{
    return curve->n ? curve->volume[curve->n - 1] : 0;
}

static void put_place(mt_canvas *canvas, const char *command, double place)
{
    mt_canvas_put(canvas, command);
    mt_canvas_number(canvas, place);
}

static double clamp_y(const mt_canvas *canvas, double price)
{
    return fmin(fmax(mt_canvas_y(canvas, price), canvas->top - 20), canvas->bottom + 20);
}

static void put_curve(mt_canvas *canvas, const mt_chart_curve *curve, const char *class_name)
{
    double from = 0;
    mt_canvas_put(canvas, "<path class=\"");
    mt_canvas_put(canvas, class_name);
    mt_canvas_put(canvas, "\" d=\"");
    for (size_t k = 0; k < curve->n; k++) {
        double y = clamp_y(canvas, curve->price[k]);
        if (!isfinite(curve->price[k])) continue;
        if (k == 0) {
            put_place(canvas, "M", mt_canvas_x(canvas, from));
            put_place(canvas, ",", y);
        } else {
            put_place(canvas, "V", y);
        }
        put_place(canvas, "H", mt_canvas_x(canvas, curve->volume[k]));
        from = curve->volume[k];
    }
    mt_canvas_put(canvas, "\"><title>");
    mt_canvas_escape(canvas, curve->name ? curve->name : "");
    mt_canvas_put(canvas, "</title></path>\n");
}

static void put_crossing(mt_canvas *canvas, const mt_chart_crossing *crossing)
{
    double x = mt_canvas_x(canvas, crossing->volume), y = clamp_y(canvas, crossing->price);
    mt_canvas_line(canvas, "mt-guide", canvas->left, y, x, y);
    mt_canvas_line(canvas, "mt-guide", x, y, x, canvas->bottom);
    mt_canvas_put(canvas, "<circle class=\"mt-point\" r=\"5\" cx=\"");
    mt_canvas_number(canvas, x);
    mt_canvas_put(canvas, "\" cy=\"");
    mt_canvas_number(canvas, y);
    mt_canvas_put(canvas, "\"/>");
    if (!crossing->text) return;
    double half = mt_canvas_text_width(crossing->text) / 2 + 8, middle = x, text_y = canvas->top + 14;
    middle = fmin(fmax(middle, canvas->left + half), canvas->right - half);
    if (y - canvas->top > 44) { /* above both curves nothing else stands */
        mt_canvas_line(canvas, "mt-guide", x, y - 8, x, text_y + 6);
    } else {
        text_y = y + 26;
    }
    mt_canvas_text(canvas, "mt-strong mt-mid", middle, text_y, crossing->text);
}

static void put_all(mt_canvas *canvas, const mt_chart_curve *const curve[2],
                    const mt_chart_crossing *crossing)
{
    mt_canvas_x_title(canvas);
    mt_canvas_zero_line(canvas);
    mt_canvas_clip(canvas);
    put_curve(canvas, curve[0], "mt-line mt-s1");
    put_curve(canvas, curve[1], "mt-line mt-s2");
    if (crossing && isfinite(crossing->price)) put_crossing(canvas, crossing);
    mt_canvas_clip_end(canvas);
}

mt_code mt_chart_curves(mt_ctx *cx, mt_out *out, const mt_chart_curve *supply, const mt_chart_curve *demand,
                        const mt_chart_crossing *crossing, const mt_chart_options *options)
{
    const mt_chart_curve *const curve[2] = {supply, demand};
    const char *const name[2] = {supply->name ? supply->name : "supply",
                                 demand->name ? demand->name : "demand"};
    char summary[200];
    double range[2];
    mt_canvas canvas;
    MT_TRY(find_prices(cx, curve, range));
    if (!(range[0] <= range[1])) return mt_canvas_nothing(cx, out, options);
    if (crossing && isfinite(crossing->price)) {
        range[0] = fmin(range[0], crossing->price);
        range[1] = fmax(range[1], crossing->price);
    }
    snprintf(summary, sizeof summary,
             "Supply of %.6g in %zu steps and demand of %.6g in %zu steps, prices from %.6g to %.6g.",
             last_volume(supply), supply->n, last_volume(demand), demand->n, range[0], range[1]);
    mt_canvas_open(cx, &canvas, out, options, summary, name, 2);
    bool given = canvas.options.low < canvas.options.high;
    mt_canvas_value_axis(&canvas, given ? canvas.options.low : range[0],
                         given ? canvas.options.high : range[1]);
    double most = fmax(last_volume(supply), last_volume(demand));
    mt_canvas_x_values(&canvas, 0, most > 0 ? most * 1.02 : 1);
    put_all(&canvas, curve, crossing);
    return mt_canvas_close(&canvas);
}
