/* Frames, axes, legends. */
#include "io/page/svg/canvas.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/page/markup.h"
#include "io/utf8.h"

enum { WIDTH = 960, HEIGHT = 320, LEGEND_ROW = 20, TICK_ROOM = 44, CHARACTER = 7 };

void mt_canvas_put(mt_canvas *canvas, const char *markup)
{
    if (canvas->code == MT_OK) canvas->code = mt_out_text(canvas->cx, canvas->out, markup);
}

void mt_canvas_escape(mt_canvas *canvas, const char *text)
{
    if (canvas->code == MT_OK) canvas->code = mt_markup_text(canvas->cx, canvas->out, mt_text_of(text));
}

void mt_canvas_number(mt_canvas *canvas, double place)
{
    char text[MT_CELL_MAX];
    double bounded = fmin(fmax(place, -99999), 99999);
    mt_cell_real(nearbyint(bounded * 10) / 10, text);
    mt_canvas_put(canvas, text);
}

static void put_attribute(mt_canvas *canvas, const char *name, double place)
{
    mt_canvas_put(canvas, name);
    mt_canvas_number(canvas, place);
    mt_canvas_put(canvas, "\"");
}

static void put_class(mt_canvas *canvas, const char *tag, const char *class_name)
{
    mt_canvas_put(canvas, tag);
    if (!class_name[0]) return;
    mt_canvas_put(canvas, " class=\"");
    mt_canvas_put(canvas, class_name);
    mt_canvas_put(canvas, "\"");
}

void mt_canvas_rect(mt_canvas *canvas, const char *class_name, double x, double y, double width,
                    double height)
{
    put_class(canvas, "<rect", class_name);
    put_attribute(canvas, " x=\"", x);
    put_attribute(canvas, " y=\"", y);
    put_attribute(canvas, " width=\"", fmax(width, 0));
    put_attribute(canvas, " height=\"", fmax(height, 0));
    mt_canvas_put(canvas, "/>");
}

void mt_canvas_line(mt_canvas *canvas, const char *class_name, double x1, double y1, double x2, double y2)
{
    put_class(canvas, "<line", class_name);
    put_attribute(canvas, " x1=\"", x1);
    put_attribute(canvas, " y1=\"", y1);
    put_attribute(canvas, " x2=\"", x2);
    put_attribute(canvas, " y2=\"", y2);
    mt_canvas_put(canvas, "/>");
}

void mt_canvas_text(mt_canvas *canvas, const char *class_name, double x, double y, const char *text)
{
    put_class(canvas, "<text", class_name);
    put_attribute(canvas, " x=\"", x);
    put_attribute(canvas, " y=\"", y);
    mt_canvas_put(canvas, ">");
    mt_canvas_escape(canvas, text);
    mt_canvas_put(canvas, "</text>\n");
}

/* Of the usual sans-serif faces at 12 px, on the wide side: labels rather stand apart than touch. */
static double character_width(uint32_t point)
{
    if (point < 0x80 && strchr("il.,:;|!' jftr()", (int)point)) return 4.2;
    if (point == 0x202F) return 3;
    if (point < 0x80 && strchr("mwMW@%", (int)point)) return 10.8;
    if ((point >= 'A' && point <= 'Z') || point == 0x2026) return 8.4;
    return CHARACTER * mt_utf8_width(point);
}

double mt_canvas_text_width(const char *text)
{
    double width = 0;
    for (size_t n = strlen(text), took; n > 0; n -= took, text += took) {
        int well = 1;
        uint32_t point = mt_utf8_next(text, n, &took, &well);
        width += character_width(point);
    }
    return width;
}

static const char *series_class(size_t k)
{
    static const char *const name[MT_CHART_SERIES_MAX] = {"mt-key mt-s1", "mt-key mt-s2", "mt-key mt-s3",
                                                          "mt-key mt-s4", "mt-key mt-s5", "mt-key mt-s6",
                                                          "mt-key mt-s7", "mt-key mt-s8"};
    return name[k % MT_CHART_SERIES_MAX];
}

static void put_legend(mt_canvas *canvas, const char *const *name, size_t n)
{
    double x = 0, y = 10;
    for (size_t k = 0; k < n; k++) {
        double width = 20 + mt_canvas_text_width(name[k]) + 18;
        if (x > 0 && x + width - 18 > canvas->width) {
            x = 0;
            y += LEGEND_ROW;
        }
        mt_canvas_rect(canvas, series_class(k), x, y - 5, 14, 4);
        mt_canvas_text(canvas, "mt-name", x + 20, y + 1, name[k]);
        x += width;
    }
    canvas->top = y + LEGEND_ROW - 4;
}

/* Options of an older caller are shorter; what it does not know is zero. */
static void take_options(mt_canvas *canvas, const mt_chart_options *options)
{
    mt_chart_options *own = &canvas->options;
    memcpy(own, options, options->size < sizeof *own ? options->size : sizeof *own);
    canvas->width = own->width > 0 ? own->width : WIDTH;
    canvas->height = own->height > 0 ? own->height : HEIGHT;
    if (!own->title) own->title = "Chart";
}

static void put_start(mt_canvas *canvas, const char *summary)
{
    const mt_chart_options *options = &canvas->options;
    mt_canvas_put(canvas, "<svg class=\"mt-chart\" role=\"img\"");
    if (options->standalone) mt_canvas_put(canvas, " xmlns=\"http://www.w3.org/2000/svg\"");
    mt_canvas_put(canvas, " viewBox=\"0 0 ");
    mt_canvas_number(canvas, canvas->width);
    mt_canvas_put(canvas, " ");
    mt_canvas_number(canvas, canvas->height);
    mt_canvas_put(canvas, "\">\n<title>");
    mt_canvas_escape(canvas, options->title);
    mt_canvas_put(canvas, "</title><desc>");
    mt_canvas_escape(canvas, options->description ? options->description : summary);
    mt_canvas_put(canvas, "</desc>\n");
    if (options->standalone) {
        mt_canvas_put(canvas, "<style>");
        mt_canvas_put(canvas, mt_chart_style());
        mt_canvas_put(canvas, "</style>\n");
    }
}

void mt_canvas_open(mt_ctx *cx, mt_canvas *canvas, mt_out *out, const mt_chart_options *options,
                    const char *summary, const char *const *name, size_t n_name)
{
    *canvas = (mt_canvas){.cx = cx, .out = out, .top = 2};
    take_options(canvas, options);
    put_start(canvas, summary);
    if (n_name > 1) put_legend(canvas, name, n_name);
    if (canvas->options.y_title) {
        mt_canvas_text(canvas, "mt-soft", 0, canvas->top + 11, canvas->options.y_title);
        canvas->top += 18;
    }
    canvas->top += 8;
    canvas->right = canvas->width - 2;
    canvas->bottom = canvas->height - TICK_ROOM;
}

void mt_canvas_one_label_row(mt_canvas *canvas)
{
    if (!canvas->options.x_title) canvas->bottom += 16;
}

mt_code mt_canvas_close(mt_canvas *canvas)
{
    mt_canvas_put(canvas, "</svg>\n");
    return canvas->code;
}

double mt_canvas_x(const mt_canvas *canvas, double value)
{
    double part = (value - canvas->x.low) / (canvas->x.high - canvas->x.low);
    return canvas->left + part * (canvas->right - canvas->left);
}

double mt_canvas_y(const mt_canvas *canvas, double value)
{
    double part = (value - canvas->y.low) / (canvas->y.high - canvas->y.low);
    return canvas->bottom - part * (canvas->bottom - canvas->top);
}

void mt_canvas_value_axis(mt_canvas *canvas, double low, double high)
{
    double widest = 0;
    mt_ticks_values(&canvas->y, low, high, (int)((canvas->bottom - canvas->top) / 38), true);
    for (size_t k = 0; k < canvas->y.n; k++) {
        widest = fmax(widest, mt_canvas_text_width(canvas->y.tick[k].text));
    }
    canvas->left = widest + 10;
    for (size_t k = 0; k < canvas->y.n; k++) {
        double y = mt_canvas_y(canvas, canvas->y.tick[k].at);
        mt_canvas_line(canvas, "mt-grid", canvas->left, y, canvas->right, y);
        mt_canvas_text(canvas, "mt-end", canvas->left - 8, y + 4, canvas->y.tick[k].text);
    }
}

/* The label of a mark near the edge would stick out: it is moved inside. */
static void put_label(mt_canvas *canvas, double x, double y, const char *text)
{
    double half = mt_canvas_text_width(text) / 2;
    x = fmin(fmax(x, half), canvas->width - half);
    mt_canvas_text(canvas, "mt-mid", x, y, text);
}

static void put_x_marks(mt_canvas *canvas)
{
    double y = canvas->bottom;
    for (size_t k = 0; k < canvas->x.n; k++) {
        const mt_tick *tick = &canvas->x.tick[k];
        double x = mt_canvas_x(canvas, tick->at);
        mt_canvas_line(canvas, tick->below[0] ? "mt-mark mt-day" : "mt-mark", x, y, x,
                       y + (tick->below[0] ? 8 : 5));
        put_label(canvas, x, y + 19, tick->text);
        if (tick->below[0]) put_label(canvas, x, y + 35, tick->below);
    }
}

void mt_canvas_x_values(mt_canvas *canvas, double low, double high)
{
    mt_ticks_values(&canvas->x, low, high, (int)((canvas->right - canvas->left) / 72), false);
    put_x_marks(canvas);
}

void mt_canvas_x_times(mt_canvas *canvas, mt_time low, mt_time high)
{
    double pixels = canvas->right - canvas->left;
    mt_time apart = (mt_time)((double)(high - low) * 54 / fmax(pixels, 1));
    mt_ticks_times(&canvas->x, low, high, apart, canvas->options.zone);
    put_x_marks(canvas);
    const char *zone = canvas->options.zone ? mt_zone_name(canvas->options.zone) : "UTC";
    if (canvas->options.y_title)
        mt_canvas_text(canvas, "mt-soft mt-end", canvas->right, canvas->top - 15, zone);
}

void mt_canvas_x_title(mt_canvas *canvas)
{
    if (!canvas->options.x_title) return;
    mt_canvas_text(canvas, "mt-soft mt-end", canvas->right, canvas->bottom + 36, canvas->options.x_title);
}

void mt_canvas_zero_line(mt_canvas *canvas)
{
    if (canvas->y.low > 0 || canvas->y.high < 0) return;
    double y = mt_canvas_y(canvas, 0);
    mt_canvas_line(canvas, "mt-zero", canvas->left, y, canvas->right, y);
}

void mt_canvas_value(mt_canvas *canvas, double value)
{
    char text[MT_CELL_MAX];
    if (!isfinite(value)) {
        mt_canvas_put(canvas, "no value");
        return;
    }
    mt_cell_shown(&canvas->style, MT_REAL, (mt_value){.present = true, .as.real = value}, text);
    mt_canvas_put(canvas, text);
    if (!canvas->options.unit) return;
    mt_canvas_put(canvas, " ");
    mt_canvas_escape(canvas, canvas->options.unit);
}

void mt_canvas_clip(mt_canvas *canvas)
{
    double x = canvas->left, y = canvas->top - 4, width = canvas->right - x, height = canvas->bottom + 4 - y;
    put_attribute(canvas, "<svg x=\"", x);
    put_attribute(canvas, " y=\"", y);
    put_attribute(canvas, " width=\"", width);
    put_attribute(canvas, " height=\"", height);
    mt_canvas_put(canvas, " viewBox=\"");
    const double box[] = {x, y, width, height};
    for (int k = 0; k < 4; k++) {
        if (k) mt_canvas_put(canvas, " ");
        mt_canvas_number(canvas, box[k]);
    }
    mt_canvas_put(canvas, "\">\n");
}

void mt_canvas_clip_end(mt_canvas *canvas)
{
    mt_canvas_put(canvas, "</svg>\n");
}

mt_code mt_canvas_nothing(mt_ctx *cx, mt_out *out, const mt_chart_options *options)
{
    mt_canvas canvas;
    mt_canvas_open(cx, &canvas, out, options, "There is nothing to show.", NULL, 0);
    canvas.bottom = canvas.height - 2;
    mt_canvas_rect(&canvas, "mt-void", 0.5, canvas.top, canvas.width - 1, canvas.bottom - canvas.top);
    mt_canvas_text(&canvas, "mt-mid", canvas.width / 2, (canvas.top + canvas.bottom) / 2 + 4,
                   "nothing to show");
    return mt_canvas_close(&canvas);
}
