/* Bars side by side: quantities by name, and how often values occur. */
#include <math.h>
#include <stdio.h>

#include "io/page/svg/canvas.h"

enum { BINS_MAX = 60, BINS_WANTED = 24 };

static const char *const bar_class[MT_CHART_SERIES_MAX] = {"mt-bar mt-s1", "mt-bar mt-s2", "mt-bar mt-s3",
                                                           "mt-bar mt-s4", "mt-bar mt-s5", "mt-bar mt-s6",
                                                           "mt-bar mt-s7", "mt-bar mt-s8"};

/* Bars start at zero, so zero belongs to their axis. */
static bool find_range(mt_canvas *canvas, const mt_chart_series *series, size_t n_series, size_t n,
                       double range[2])
{
    bool any = false;
    range[0] = range[1] = 0;
    for (size_t s = 0; s < n_series; s++) {
        for (size_t k = 0; k < n; k++) {
            double value = series[s].value[k];
            if (!isfinite(value)) continue;
            any = true;
            range[0] = fmin(range[0], value);
            range[1] = fmax(range[1], value);
            mt_cell_look(&canvas->style, MT_REAL, (mt_value){.present = true, .as.real = value});
        }
    }
    return any;
}

static void put_bar(mt_canvas *canvas, size_t s, double x, double width, double value, const char *title)
{
    double zero = mt_canvas_y(canvas, 0), y = mt_canvas_y(canvas, value);
    mt_canvas_put(canvas, "<g><title>");
    mt_canvas_escape(canvas, title);
    mt_canvas_put(canvas, ": ");
    mt_canvas_value(canvas, value);
    mt_canvas_put(canvas, "</title>");
    mt_canvas_rect(canvas, bar_class[s % MT_CHART_SERIES_MAX], x, fmin(zero, y), width,
                   fmax(fabs(zero - y), 0.5));
    mt_canvas_put(canvas, "</g>\n");
}

/* A name under its bars, cut to the room it has. */
static void put_name(mt_canvas *canvas, double middle, double room, const char *name)
{
    char text[64];
    int keep = (int)sizeof text - 8;
    for (; keep > 1; keep--) {
        int n = snprintf(text, sizeof text, "%.*s", keep, name);
        while (n > 0 && name[n] && ((unsigned char)name[n] & 0xC0) == 0x80)
            text[--n] = 0; /* no half characters */
        if (name[n]) snprintf(text + n, sizeof text - (size_t)n, "…");
        if (mt_canvas_text_width(text) <= room || n == 0) break;
    }
    mt_canvas_text(canvas, "mt-mid", middle, canvas->bottom + 19, text);
}

static void put_group(mt_canvas *canvas, const char *label, size_t k, const mt_chart_series *series,
                      size_t n_series)
{
    double slot = (canvas->right - canvas->left) / canvas->x.high, gap = fmin(slot * 0.25, 24);
    double width = (slot - gap) / (double)n_series, x = canvas->left + (double)k * slot + gap / 2;
    for (size_t s = 0; s < n_series; s++) {
        char title[160];
        if (!isfinite(series[s].value[k])) continue;
        bool named = n_series > 1 && series[s].name;
        snprintf(title, sizeof title, named ? "%s, %s" : "%s", label, named ? series[s].name : "");
        put_bar(canvas, s, x + (double)s * width, fmax(width - (n_series > 1 ? 1 : 0), 1),
                series[s].value[k], title);
    }
}

static void put_bars(mt_canvas *canvas, const char *const *label, size_t n, const mt_chart_series *series,
                     size_t n_series)
{
    double slot = (canvas->right - canvas->left) / (double)n;
    size_t stride = slot < 34 ? (size_t)ceil(34 / slot) : 1;
    canvas->x.high = (double)n;
    for (size_t k = 0; k < n; k++) {
        put_group(canvas, label ? label[k] : "", k, series, n_series);
        double middle = canvas->left + ((double)k + 0.5) * slot;
        if (label && k % stride == 0) put_name(canvas, middle, slot * (double)stride - 2, label[k]);
    }
}

mt_code mt_chart_bars(mt_ctx *cx, mt_out *out, const char *const *label, size_t n,
                      const mt_chart_series *series, size_t n_series, const mt_chart_options *options)
{
    const char *name[MT_CHART_SERIES_MAX];
    char summary[160];
    double range[2];
    mt_canvas canvas, probe = {0};
    if (n_series > MT_CHART_SERIES_MAX) n_series = MT_CHART_SERIES_MAX;
    if (!find_range(&probe, series, n_series, n, range)) return mt_canvas_nothing(cx, out, options);
    for (size_t s = 0; s < n_series; s++) name[s] = series[s].name ? series[s].name : "";
    snprintf(summary, sizeof summary, "%zu bars in %zu series between %.6g and %.6g.", n * n_series,
             n_series, range[0], range[1]);
    mt_canvas_open(cx, &canvas, out, options, summary, name, n_series);
    canvas.style = probe.style;
    mt_canvas_one_label_row(&canvas);
    bool given = canvas.options.low < canvas.options.high;
    mt_canvas_value_axis(&canvas, given ? fmin(canvas.options.low, 0) : range[0],
                         given ? fmax(canvas.options.high, 0) : range[1]);
    put_bars(&canvas, label, n, series, n_series);
    mt_canvas_x_title(&canvas);
    mt_canvas_zero_line(&canvas);
    return mt_canvas_close(&canvas);
}

struct bins {
    double low, step;
    int n;
    double count[BINS_MAX];
    double below, above; /* values outside of given bounds */
    size_t total;
};

static bool find_bounds(const double *value, size_t n, const mt_chart_options *options, double bound[2])
{
    bound[0] = INFINITY;
    bound[1] = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(value[k])) continue;
        bound[0] = fmin(bound[0], value[k]);
        bound[1] = fmax(bound[1], value[k]);
    }
    bool any = bound[0] <= bound[1];
    if (any && options->low < options->high) {
        bound[0] = options->low;
        bound[1] = options->high;
    }
    return any;
}

static void fill_bins(struct bins *bins, const double *value, size_t n, const double bound[2])
{
    mt_ticks ticks;
    mt_ticks_values(&ticks, bound[0], bound[1], BINS_WANTED, true);
    *bins = (struct bins){.low = ticks.low, .step = ticks.step};
    bins->n = (int)fmin(BINS_MAX, nearbyint((ticks.high - ticks.low) / ticks.step));
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(value[k])) continue;
        bins->total++;
        double place = floor((value[k] - bins->low) / bins->step);
        if (place == bins->n && value[k] <= bins->low + bins->n * bins->step)
            place--; /* the upper edge itself */
        if (place < 0) bins->below++;
        else if (place >= bins->n) bins->above++;
        else bins->count[(int)place]++;
    }
}

static void put_bins(mt_canvas *canvas, const struct bins *bins)
{
    double largest = fmax(fabs(bins->low), fabs(bins->low + bins->n * bins->step));
    for (int k = 0; k < bins->n; k++) {
        char from[MT_TICK_TEXT], to[MT_TICK_TEXT], title[128];
        double low = bins->low + k * bins->step;
        mt_tick_text(from, low, bins->step, largest);
        mt_tick_text(to, low + bins->step, bins->step, largest);
        snprintf(title, sizeof title, "%s to %s", from, to);
        double x = mt_canvas_x(canvas, low), end = mt_canvas_x(canvas, low + bins->step);
        if (bins->count[k] > 0) put_bar(canvas, 0, x + 0.5, end - x - 1, bins->count[k], title);
    }
}

mt_code mt_chart_histogram(mt_ctx *cx, mt_out *out, const double *value, size_t n,
                           const mt_chart_options *options)
{
    struct bins bins;
    double bound[2], most = 0;
    char summary[200];
    mt_canvas canvas;
    if (!find_bounds(value, n, options, bound)) return mt_canvas_nothing(cx, out, options);
    fill_bins(&bins, value, n, bound);
    for (int k = 0; k < bins.n; k++) most = fmax(most, bins.count[k]);
    snprintf(summary, sizeof summary,
             "How %zu values are spread in steps of %.6g; %.0f lie below, %.0f above what is shown.",
             bins.total, bins.step, bins.below, bins.above);
    mt_canvas_open(cx, &canvas, out, options, summary, NULL, 0);
    canvas.options.unit = NULL; /* bars are counts */
    mt_canvas_one_label_row(&canvas);
    mt_canvas_value_axis(&canvas, 0, fmax(most, 1));
    mt_canvas_x_values(&canvas, bins.low, bins.low + bins.n * bins.step);
    put_bins(&canvas, &bins);
    mt_canvas_x_title(&canvas);
    mt_canvas_zero_line(&canvas);
    return mt_canvas_close(&canvas);
}
