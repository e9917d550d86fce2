/* Values over time. */
#include <math.h>
#include <stdio.h>

#include "io/page/svg/canvas.h"

enum { PLACES_MAX = 500, DOTS_MAX = 1500, PATH_POINTS = 2000, FINE_POINTS = 700 };

struct data {
    const mt_time *time;
    size_t n;
    const mt_chart_series *series;
    size_t n_series;
    mt_time end; /* where the last period ends; without steps the last instant */
    double low, high;
    double *base; /* what series that were drawn stand up to; NULL: none are stacked */
};

static const char *const area_class[MT_CHART_SERIES_MAX] = {"mt-key mt-s1", "mt-key mt-s2", "mt-key mt-s3",
                                                            "mt-key mt-s4", "mt-key mt-s5", "mt-key mt-s6",
                                                            "mt-key mt-s7", "mt-key mt-s8"};
static const char *const line_class[MT_CHART_SERIES_MAX] = {"mt-line mt-s1", "mt-line mt-s2", "mt-line mt-s3",
                                                            "mt-line mt-s4", "mt-line mt-s5", "mt-line mt-s6",
                                                            "mt-line mt-s7", "mt-line mt-s8"};

/* The height of each stack belongs to the range, not that of its parts. */
static void look_at_stacks(struct data *data)
{
    for (size_t k = 0; k < data->n; k++) {
        double sum = 0;
        for (size_t s = 0; s < data->n_series; s++) {
            double value = data->series[s].value[k];
            if (data->series[s].shape == MT_CHART_STACK && isfinite(value)) sum += value;
        }
        data->high = fmax(data->high, sum);
        data->low = fmin(data->low, 0);
    }
}

static bool has_stack(const struct data *data)
{
    for (size_t s = 0; s < data->n_series; s++) {
        if (data->series[s].shape == MT_CHART_STACK) return true;
    }
    return false;
}

/* The range of the values; zero belongs to it when it is near. False when there is no value at all. */
static bool find_range(mt_canvas *canvas, struct data *data, const mt_chart_options *options)
{
    data->low = INFINITY;
    data->high = -INFINITY;
    for (size_t s = 0; s < data->n_series; s++) {
        for (size_t k = 0; k < data->n; k++) {
            double value = data->series[s].value[k];
            if (!isfinite(value)) continue;
            data->low = fmin(data->low, value);
            data->high = fmax(data->high, value);
            mt_cell_look(&canvas->style, MT_REAL, (mt_value){.present = true, .as.real = value});
        }
    }
    if (!(data->low <= data->high)) return false;
    if (has_stack(data)) look_at_stacks(data);
    if (options->low < options->high) {
        data->low = options->low;
        data->high = options->high;
    } else {
        if (data->low > 0 && data->low < 0.6 * data->high) data->low = 0;
        if (data->high < 0 && data->high > 0.6 * data->low) data->high = 0;
    }
    return true;
}

static mt_code check_times(mt_ctx *cx, struct data *data)
{
    bool steps = false;
    for (size_t k = 1; k < data->n; k++) {
        if (data->time[k] > data->time[k - 1]) continue;
        return mt_fail(cx, MT_E_INPUT, "the times of a chart do not ascend at its point %zu", k + 1);
    }
    for (size_t s = 0; s < data->n_series; s++) steps = steps || data->series[s].shape != MT_CHART_LINE;
    if (data->n == 0) return MT_OK;
    mt_time last = data->time[data->n - 1], step = data->n > 1 ? last - data->time[data->n - 2] : MT_US_HOUR;
    data->end = steps || data->n == 1 ? last + step : last;
    return MT_OK;
}

static mt_time end_of(const struct data *data, size_t k)
{
    return k + 1 < data->n ? data->time[k + 1] : data->end;
}

static void put_place(mt_canvas *canvas, char command, double x, double y)
{
    const char text[2] = {command, 0};
    mt_canvas_put(canvas, text);
    mt_canvas_number(canvas, x);
    mt_canvas_put(canvas, ",");
    mt_canvas_number(canvas, y);
}

static double place_y(const mt_canvas *canvas, double value)
{
    double beyond = canvas->y.high - canvas->y.low; /* far outside is drawn just outside, and clipped */
    return mt_canvas_y(canvas, fmin(fmax(value, canvas->y.low - beyond), canvas->y.high + beyond));
}

static void put_path_point(mt_canvas *canvas, const struct data *data, const mt_chart_series *series,
                           size_t k, bool pen_down)
{
    double x = mt_canvas_x(canvas, (double)data->time[k]), y = place_y(canvas, series->value[k]);
    bool alone = !pen_down && (k + 1 == data->n || !isfinite(series->value[k + 1]));
    put_place(canvas, pen_down ? 'L' : 'M', x, y);
    if (series->shape == MT_CHART_STEP) {
        put_place(canvas, 'L', mt_canvas_x(canvas, (double)end_of(data, k)), y);
    } else if (alone) {
        mt_canvas_put(canvas, "h0"); /* round caps make it a dot */
    }
}

/* Of many points the first, lowest, highest and last of each stretch of a pixel or two make the same
 * picture. */
struct stretch {
    size_t from, to, low, high;
};

static struct stretch find_stretch(const struct data *data, const double *value, size_t from, size_t length)
{
    struct stretch stretch = {from, from + length < data->n ? from + length : data->n, from, from};
    for (size_t i = from; i < stretch.to; i++) {
        if (value[i] < value[stretch.low]) stretch.low = i;
        if (value[i] > value[stretch.high]) stretch.high = i;
    }
    return stretch;
}

static bool is_needed(const struct stretch *stretch, size_t k)
{
    return k == stretch->from || k + 1 == stretch->to || k == stretch->low || k == stretch->high;
}

static void put_path(mt_canvas *canvas, const struct data *data, size_t s)
{
    const mt_chart_series *series = &data->series[s];
    size_t length = data->n > PATH_POINTS ? (data->n * 4 + PATH_POINTS - 1) / PATH_POINTS : 1;
    struct stretch stretch = {0};
    bool pen_down = false;
    mt_canvas_put(canvas, "<path class=\"");
    mt_canvas_put(canvas, line_class[s % MT_CHART_SERIES_MAX]);
    mt_canvas_put(canvas, data->n > FINE_POINTS ? " mt-fine\" d=\"" : "\" d=\"");
    for (size_t k = 0; k < data->n; k++) {
        bool has = isfinite(series->value[k]);
        if (k == stretch.to) stretch = find_stretch(data, series->value, k, length);
        if (has && length > 1 && !is_needed(&stretch, k)) continue;
        if (has) put_path_point(canvas, data, series, k, pen_down);
        pen_down = has;
    }
    mt_canvas_put(canvas, "\"/>\n");
}

static double level_of(const struct data *data, const mt_chart_series *series, size_t k, bool upper)
{
    return data->base[k] + (upper && isfinite(series->value[k]) ? series->value[k] : 0);
}

/* Along the upper edge, and back along what the series stands on. */
static void put_stack(mt_canvas *canvas, const struct data *data, size_t s)
{
    const mt_chart_series *series = &data->series[s];
    mt_canvas_put(canvas, "<path class=\"");
    mt_canvas_put(canvas, area_class[s % MT_CHART_SERIES_MAX]);
    mt_canvas_put(canvas, "\" d=\"");
    for (size_t k = 0; k < data->n; k++) {
        double y = place_y(canvas, level_of(data, series, k, true));
        put_place(canvas, k ? 'L' : 'M', mt_canvas_x(canvas, (double)data->time[k]), y);
        put_place(canvas, 'L', mt_canvas_x(canvas, (double)end_of(data, k)), y);
    }
    for (size_t k = data->n; k-- > 0;) {
        double y = place_y(canvas, level_of(data, series, k, false));
        put_place(canvas, 'L', mt_canvas_x(canvas, (double)end_of(data, k)), y);
        put_place(canvas, 'L', mt_canvas_x(canvas, (double)data->time[k]), y);
        data->base[k] = level_of(data, series, k, true);
    }
    mt_canvas_put(canvas, "Z\"/>\n");
}

/* A soft ground under a single series of periods, down to zero: without zero in sight it would mislead. */
static void put_area(mt_canvas *canvas, const struct data *data)
{
    const mt_chart_series *series = &data->series[0];
    double ground = mt_canvas_y(canvas, 0);
    if (data->n_series != 1 || series->shape != MT_CHART_STEP || data->n > PATH_POINTS) return;
    if (canvas->y.low > 0 || canvas->y.high < 0) return;
    mt_canvas_put(canvas, "<path class=\"mt-area mt-s1\" d=\"");
    for (size_t k = 0; k < data->n; k++) {
        if (!isfinite(series->value[k])) continue;
        bool starts = k == 0 || !isfinite(series->value[k - 1]);
        bool ends = k + 1 == data->n || !isfinite(series->value[k + 1]);
        double x = mt_canvas_x(canvas, (double)data->time[k]),
               end = mt_canvas_x(canvas, (double)end_of(data, k));
        double y = place_y(canvas, series->value[k]);
        if (starts) put_place(canvas, 'M', x, ground);
        put_place(canvas, 'L', x, y);
        put_place(canvas, 'L', end, y);
        if (ends) put_place(canvas, 'L', end, ground);
    }
    mt_canvas_put(canvas, "\"/>\n");
}

static void put_tooltip(mt_canvas *canvas, const struct data *data, size_t k)
{
    char when[MT_TICK_TEXT];
    mt_tick_instant(when, data->time[k], canvas->options.zone);
    mt_canvas_put(canvas, "<title>");
    mt_canvas_put(canvas, when);
    for (size_t s = 0; s < data->n_series; s++) {
        mt_canvas_put(canvas, "\n");
        if (data->n_series > 1 || data->series[s].name) {
            mt_canvas_escape(canvas, data->series[s].name ? data->series[s].name : "");
            mt_canvas_put(canvas, ": ");
        }
        mt_canvas_value(canvas, data->series[s].value[k]);
    }
    mt_canvas_put(canvas, "</title>");
}

static void put_dots(mt_canvas *canvas, const struct data *data, size_t k)
{
    for (size_t s = 0; s < data->n_series; s++) {
        double value = data->series[s].value[k];
        char class_name[16];
        if (data->series[s].shape == MT_CHART_STACK) continue; /* it ends elsewhere */
        if (!(value >= canvas->y.low && value <= canvas->y.high)) continue;
        double end = data->series[s].shape == MT_CHART_STEP ? (double)end_of(data, k) : (double)data->time[k];
        snprintf(class_name, sizeof class_name, "mt-s%zu", s % MT_CHART_SERIES_MAX + 1);
        mt_canvas_put(canvas, "<circle class=\"");
        mt_canvas_put(canvas, class_name);
        mt_canvas_put(canvas, "\" r=\"4\" cx=\"");
        mt_canvas_number(canvas, mt_canvas_x(canvas, ((double)data->time[k] + end) / 2));
        mt_canvas_put(canvas, "\" cy=\"");
        mt_canvas_number(canvas, mt_canvas_y(canvas, value));
        mt_canvas_put(canvas, "\"/>");
    }
}

/* Bands over the whole height that answer the pointer: a period each, or every so many. */
static void put_bands(mt_canvas *canvas, const struct data *data)
{
    size_t stride = (data->n + PLACES_MAX - 1) / PLACES_MAX;
    bool dots = data->n / stride * data->n_series <= DOTS_MAX;
    for (size_t k = 0; k < data->n; k += stride) {
        size_t next = k + stride < data->n ? k + stride : data->n;
        double from = mt_canvas_x(canvas, (double)data->time[k]);
        double to = next < data->n ? mt_canvas_x(canvas, (double)data->time[next]) : canvas->right;
        mt_canvas_put(canvas, "<g class=\"mt-hit\">");
        put_tooltip(canvas, data, k);
        mt_canvas_rect(canvas, "", from, canvas->top, to - from, canvas->bottom - canvas->top);
        if (dots) put_dots(canvas, data, k);
        mt_canvas_put(canvas, "</g>\n");
    }
}

static void put_all(mt_canvas *canvas, const struct data *data)
{
    mt_canvas_value_axis(canvas, data->low, data->high);
    mt_canvas_x_times(canvas, data->time[0], data->end);
    mt_canvas_x_title(canvas);
    if (!data->base) mt_canvas_zero_line(canvas);
    mt_canvas_clip(canvas);
    put_area(canvas, data);
    for (size_t s = 0; s < data->n_series; s++) {
        if (data->series[s].shape == MT_CHART_STACK)
            put_stack(canvas, data, s);
        else
            put_path(canvas, data, s);
    }
    put_bands(canvas, data);
    mt_canvas_clip_end(canvas);
    if (data->base) mt_canvas_zero_line(canvas);
}

mt_code mt_chart_time(mt_ctx *cx, mt_out *out, const mt_time *time, size_t n, const mt_chart_series *series,
                      size_t n_series, const mt_chart_options *options)
{
    struct data data = {.time = time, .n = n, .series = series, .n_series = n_series};
    const char *name[MT_CHART_SERIES_MAX];
    char summary[256], from[MT_TICK_TEXT], to[MT_TICK_TEXT];
    mt_canvas canvas = {0}, probe = {0};
    if (n_series > MT_CHART_SERIES_MAX) data.n_series = MT_CHART_SERIES_MAX;
    MT_TRY(check_times(cx, &data));
    if (!find_range(&probe, &data, options)) return mt_canvas_nothing(cx, out, options);
    if (has_stack(&data)) MT_TRY(MT_NEW(cx, &data.base, n));
    for (size_t s = 0; s < data.n_series; s++) name[s] = series[s].name ? series[s].name : "";
    mt_tick_instant(from, time[0], options->zone);
    mt_tick_instant(to, time[n - 1], options->zone);
    snprintf(summary, sizeof summary, "%zu series of %zu values from %s to %s, between %.6g and %.6g.",
             data.n_series, n, from, to, data.low, data.high);
    mt_canvas_open(cx, &canvas, out, options, summary, name, data.n_series);
    canvas.style = probe.style;
    put_all(&canvas, &data);
    return mt_canvas_close(&canvas);
}
