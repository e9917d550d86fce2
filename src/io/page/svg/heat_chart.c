/* A field of cells: the pattern of hours and days. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/page/svg/canvas.h"

enum { SHADES = 9, TITLES_MAX = 800, SCALE_WIDTH = 180, CELL_LEAST = 13 };

static const char *const shade_class[SHADES] = {"mt-cell mt-h0", "mt-cell mt-h1", "mt-cell mt-h2",
                                                "mt-cell mt-h3", "mt-cell mt-h4", "mt-cell mt-h5",
                                                "mt-cell mt-h6", "mt-cell mt-h7", "mt-cell mt-h8"};

struct scale { double low, high; };

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* From the second to the ninety-eighth hundredth, so that one extreme hour does not fade all others. */
static mt_code find_scale(mt_ctx *cx, mt_canvas *probe, const mt_chart_matrix *matrix,
                          const mt_chart_options *options, struct scale *scale)
{
    size_t n = 0, total = matrix->rows * matrix->columns;
    double *value;
    mt_mark mark = mt_arena_mark(&cx->arena);
    *scale = (struct scale){NAN, NAN};
    MT_TRY(MT_NEW(cx, &value, total));
    for (size_t k = 0; k < total; k++) {
        if (!isfinite(matrix->value[k])) continue;
        value[n++] = matrix->value[k];
        mt_cell_look(&probe->style, MT_REAL, (mt_value){.present = true, .as.real = matrix->value[k]});
    }
    qsort(value, n, sizeof *value, compare);
    if (n > 0) *scale = (struct scale){value[n / 50], value[n - 1 - n / 50]};
    if (n > 0 && options->low < options->high) *scale = (struct scale){options->low, options->high};
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

static int shade_of(const struct scale *scale, double value)
{
    double part = scale->high > scale->low ? (value - scale->low) / (scale->high - scale->low) : 0.5;
    return (int)fmin(fmax(floor(part * SHADES), 0), SHADES - 1);
}

/* The colours and what they stand for, above the field at its right. */
static void put_scale(mt_canvas *canvas, const struct scale *scale)
{
    char text[MT_TICK_TEXT], low[MT_TICK_TEXT + 8], high[MT_TICK_TEXT + 8];
    double span = fmax(scale->high - scale->low, 1e-9), largest = fmax(fabs(scale->low), fabs(scale->high));
    double step = pow(10, floor(log10(span)) - 1);
    mt_tick_text(text, scale->low, step, largest);
    snprintf(low, sizeof low, "≤ %s", text); /* the outermost shades hold what lies beyond as well */
    mt_tick_text(text, scale->high, step, largest);
    snprintf(high, sizeof high, "≥ %s", text);
    double y = canvas->top - 18, width = fmin(SCALE_WIDTH, canvas->width / 3);
    double x = canvas->right - mt_canvas_text_width(high) - 6 - width;
    mt_canvas_text(canvas, "mt-end", x - 6, y + 10, low);
    for (int k = 0; k < SHADES; k++) {
        mt_canvas_rect(canvas, shade_class[k], x + k * width / SHADES, y, width / SHADES + 0.3, 12);
    }
    mt_canvas_text(canvas, "mt-end", canvas->right, y + 10, high);
}

static void put_title(mt_canvas *canvas, const mt_chart_matrix *matrix, size_t row, size_t column,
                      double value)
{
    mt_canvas_put(canvas, "<title>");
    if (matrix->column_label) mt_canvas_escape(canvas, matrix->column_label[column]);
    if (matrix->column_label && matrix->row_label) mt_canvas_put(canvas, ", ");
    if (matrix->row_label) mt_canvas_escape(canvas, matrix->row_label[row]);
    mt_canvas_put(canvas, ": ");
    mt_canvas_value(canvas, value);
    mt_canvas_put(canvas, "</title>");
}

struct cell_size { double width, height; };

/* One element a cell, with its own tooltip. */
static void put_cells(mt_canvas *canvas, const mt_chart_matrix *matrix, const struct scale *scale,
                      struct cell_size size)
{
    double gap = size.width > 8 && size.height > 6 ? 1 : 0;
    for (size_t k = 0; k < matrix->rows * matrix->columns; k++) {
        size_t row = k / matrix->columns, column = k % matrix->columns;
        double value = matrix->value[k];
        mt_canvas_put(canvas, "<g>");
        put_title(canvas, matrix, row, column, value);
        const char *class_name = isfinite(value) ? shade_class[shade_of(scale, value)] : "mt-blank";
        mt_canvas_rect(canvas, class_name, canvas->left + (double)column * size.width,
                       canvas->top + (double)row * size.height, size.width - gap, size.height - gap);
        mt_canvas_put(canvas, "</g>\n");
    }
}

/* A year of hours is too much for that: one path a shade. */
static void put_shades(mt_canvas *canvas, const mt_chart_matrix *matrix, const struct scale *scale,
                       struct cell_size size)
{
    for (int shade = 0; shade < SHADES; shade++) {
        char text[32];
        snprintf(text, sizeof text, "<path class=\"mt-h%d\" d=\"", shade);
        mt_canvas_put(canvas, text);
        for (size_t k = 0; k < matrix->rows * matrix->columns; k++) {
            if (!isfinite(matrix->value[k]) || shade_of(scale, matrix->value[k]) != shade) continue;
            mt_canvas_put(canvas, "M");
            mt_canvas_number(canvas, canvas->left + (double)(k % matrix->columns) * size.width);
            mt_canvas_put(canvas, ",");
            mt_canvas_number(canvas, canvas->top + (double)(k / matrix->columns) * size.height);
            mt_canvas_put(canvas, "h");
            mt_canvas_number(canvas, size.width + 0.2);
            mt_canvas_put(canvas, "v");
            mt_canvas_number(canvas, size.height + 0.2);
            mt_canvas_put(canvas, "h-");
            mt_canvas_number(canvas, size.width + 0.2);
            mt_canvas_put(canvas, "z");
        }
        mt_canvas_put(canvas, "\"/>\n");
    }
}

static size_t stride_for(double size, double room)
{
    return size < room ? (size_t)ceil(room / size) : 1;
}

static double widest_label(const char *const *label, size_t n)
{
    double widest = 0;
    for (size_t k = 0; label && k < n; k++) widest = fmax(widest, mt_canvas_text_width(label[k]));
    return widest;
}

static void put_labels(mt_canvas *canvas, const mt_chart_matrix *matrix, struct cell_size size)
{
    size_t stride = stride_for(size.height, CELL_LEAST);
    if (stride > 1 && stride < 3) stride = 3; /* hours in threes, sixes, twelves read well */
    if (stride > 3) stride = (stride + 5) / 6 * 6;
    for (size_t k = 0; matrix->row_label && k < matrix->rows; k += stride) {
        mt_canvas_text(canvas, "mt-end", canvas->left - 8, canvas->top + ((double)k + 0.5) * size.height + 4,
                       matrix->row_label[k]);
    }
    double room = widest_label(matrix->column_label, matrix->columns) + 10;
    stride = stride_for(size.width, room);
    for (size_t k = 0; matrix->column_label && k < matrix->columns; k += stride) {
        double half = mt_canvas_text_width(matrix->column_label[k]) / 2;
        double x = canvas->left + ((double)k + 0.5) * size.width;
        x = fmin(fmax(x, half), canvas->width - half);
        mt_canvas_text(canvas, "mt-mid", x, canvas->bottom + 18, matrix->column_label[k]);
    }
}

mt_code mt_chart_heatmap(mt_ctx *cx, mt_out *out, const mt_chart_matrix *matrix,
                         const mt_chart_options *options)
{
    struct scale scale;
    char summary[200];
    mt_canvas canvas, probe = {0};
    MT_TRY(find_scale(cx, &probe, matrix, options, &scale));
    if (!(scale.low <= scale.high)) return mt_canvas_nothing(cx, out, options);
    snprintf(summary, sizeof summary, "%zu rows by %zu columns, shades from %.6g to %.6g.", matrix->rows,
             matrix->columns, scale.low, scale.high);
    mt_canvas_open(cx, &canvas, out, options, summary, NULL, 0);
    canvas.style = probe.style;
    if (!canvas.options.y_title) canvas.top += 16;
    mt_canvas_one_label_row(&canvas);
    canvas.left = widest_label(matrix->row_label, matrix->rows) + 10;
    struct cell_size size = {(canvas.right - canvas.left) / (double)matrix->columns,
                             (canvas.bottom - canvas.top) / (double)matrix->rows};
    put_scale(&canvas, &scale);
    if (matrix->rows * matrix->columns <= TITLES_MAX) {
        put_cells(&canvas, matrix, &scale, size);
    } else {
        put_shades(&canvas, matrix, &scale, size);
    }
    put_labels(&canvas, matrix, size);
    mt_canvas_x_title(&canvas);
    return mt_canvas_close(&canvas);
}
