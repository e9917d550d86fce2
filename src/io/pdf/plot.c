/* Quantities over time, as vectors. */
#include "io/pdf/plot.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/page/svg/ticks.h"

enum { BARS_MAX = 62 };
static const double usual_height = 130, label_room = 24;

/* The colours of mt_chart_style on light paper. */
static const uint32_t colour[MT_PLOT_SERIES_MAX] = {0x0B66A8, 0xCF5A08, 0x0A8A66, 0xAD5A8C,
                                                    0xA87300, 0x3A93CF, 0x5B6470, 0x7250B8};

struct frame {
    mt_pdf *pdf;
    const mt_pdf_plot *plot;
    size_t n_series;
    double left, right, top, bottom;
    mt_ticks x, y;
    mt_time end;
    double *base; /* of stacks: what stands below; one a period */
    mt_spot *spot;
    bool german;
};

static double value_of(const struct frame *frame, size_t s, size_t k)
{
    double value = frame->plot->series[s].value[k];
    return frame->plot->stacked && !isfinite(value) ? 0 : value;
}

static bool find_range(const struct frame *frame, double range[2])
{
    const mt_pdf_plot *plot = frame->plot;
    bool any = false;
    range[0] = range[1] = 0;
    for (size_t k = 0; k < plot->n; k++) {
        double sum = 0;
        for (size_t s = 0; s < frame->n_series; s++) {
            if (!isfinite(plot->series[s].value[k])) continue;
            any = true;
            sum = plot->stacked ? sum + plot->series[s].value[k] : plot->series[s].value[k];
            range[0] = fmin(range[0], sum);
            range[1] = fmax(range[1], sum);
        }
    }
    return any;
}

static double x_of(const struct frame *frame, mt_time t)
{
    return frame->left +
           ((double)t - frame->x.low) / (frame->x.high - frame->x.low) * (frame->right - frame->left);
}

static double y_of(const struct frame *frame, double value)
{
    return frame->bottom -
           (value - frame->y.low) / (frame->y.high - frame->y.low) * (frame->bottom - frame->top);
}

static mt_time end_of(const struct frame *frame, size_t k)
{
    return k + 1 < frame->plot->n ? frame->plot->time[k + 1] : frame->end;
}

/* "0.5" as "0,5"; "8 Jun" as "8.6."; "Mon 9 Jun" as "Mo 9.6.": as a German reader expects them. */
static void translate(char text[MT_TICK_TEXT], mt_time t, const mt_zone *zone)
{
    static const char *const month[] = {"Jan", "Feb", "Mär", "Apr", "Mai", "Jun",
                                        "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"};
    static const char *const weekday[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
    mt_civil civil = zone ? mt_zone_civil(zone, t) : mt_time_civil(t);
    if (!text[0] || strchr(text, ':') || !strpbrk(text, "abcdefghijklmnopqrstuvwxyz")) return;
    if (isdigit((unsigned char)text[0])) {
        snprintf(text, MT_TICK_TEXT, "%d.%d.", civil.day, civil.month);
    } else if (strchr(text, ' ')) {
        int day = mt_day_weekday(mt_day_of(civil.year, civil.month, civil.day));
        snprintf(text, MT_TICK_TEXT, "%s %d.%d.", weekday[day - 1], civil.day, civil.month);
    } else {
        snprintf(text, MT_TICK_TEXT, "%s", month[civil.month - 1]);
    }
}

static void use_comma(char text[MT_TICK_TEXT])
{
    for (char *c = text; *c; c++) {
        if (*c == '.') *c = ',';
    }
}

static void put_label(struct frame *frame, const char *text, mt_spot spot, mt_align align)
{
    mt_written label = mt_sheet_write(&frame->pdf->sheet, MT_LETTER_FINE, text, 0);
    if (align == MT_ALIGN_RIGHT) spot.y -= label.height / 2;
    if (align == MT_ALIGN_MIDDLE) /* inside of the page's edges */
        spot.x = fmax(fmin(spot.x, frame->pdf->right - label.width / 2), frame->pdf->left + label.width / 2);
    mt_sheet_place(&frame->pdf->sheet, &label, spot, align);
}

static void put_value_axis(struct frame *frame, const double range[2])
{
    double widest = 0;
    mt_ticks_values(&frame->y, range[0], range[1], (int)((frame->bottom - frame->top) / 21), true);
    for (size_t k = 0; k < frame->y.n; k++) {
        if (frame->german) use_comma(frame->y.tick[k].text);
        mt_written label = mt_sheet_write(&frame->pdf->sheet, MT_LETTER_FINE, frame->y.tick[k].text, 0);
        widest = fmax(widest, label.width);
    }
    frame->left = frame->pdf->left + widest + 6;
    for (size_t k = 0; k < frame->y.n; k++) {
        double y = y_of(frame, frame->y.tick[k].at);
        bool zero = fabs(frame->y.tick[k].at) < frame->y.step / 1000;
        mt_sheet_fill(&frame->pdf->sheet, (mt_spot){frame->left, y - 0.25}, frame->right - frame->left,
                      zero ? 0.7 : 0.5, zero ? MT_INK_SOFT : MT_INK_HAIR);
        put_label(frame, frame->y.tick[k].text, (mt_spot){frame->left - 5, y}, MT_ALIGN_RIGHT);
    }
}

/* The name of a day stands below its bar, that of an hour where it begins. */
static double shift_of(const struct frame *frame)
{
    mt_time period = frame->end - frame->plot->time[frame->plot->n - 1];
    if (!frame->plot->stacked || frame->plot->n > BARS_MAX || period < 20 * MT_US_HOUR) return 0;
    return (x_of(frame, frame->end) - x_of(frame, frame->end - period)) / 2;
}

static void put_time_axis(struct frame *frame)
{
    mt_time low = frame->plot->time[0];
    double width = frame->right - frame->left;
    mt_ticks_times(&frame->x, low, frame->end, (mt_time)((double)(frame->end - low) * 34 / width),
                   frame->plot->zone);
    double shift = shift_of(frame);
    for (size_t k = 0; k < frame->x.n; k++) {
        mt_tick *tick = &frame->x.tick[k];
        double x = x_of(frame, (mt_time)tick->at) + shift;
        if (x > frame->right) continue;
        if (frame->german) {
            translate(tick->text, (mt_time)tick->at, frame->plot->zone);
            translate(tick->below, (mt_time)tick->at, frame->plot->zone);
        }
        mt_sheet_fill(&frame->pdf->sheet, (mt_spot){x - 0.25, frame->bottom}, 0.5, 3, MT_INK_SOFT);
        put_label(frame, tick->text, (mt_spot){x, frame->bottom + 4.5}, MT_ALIGN_MIDDLE);
        put_label(frame, tick->below, (mt_spot){x, frame->bottom + 13}, MT_ALIGN_MIDDLE);
    }
}

static void flush_line(struct frame *frame, size_t *n, size_t s)
{
    mt_sheet_path(&frame->pdf->sheet, frame->spot, *n, frame->plot->n > 400 ? 0.6 : 1.1, colour[s]);
    *n = 0;
}

static void put_line(struct frame *frame, size_t s)
{
    size_t n = 0;
    for (size_t k = 0; k < frame->plot->n; k++) {
        double value = value_of(frame, s, k);
        if (!isfinite(value)) {
            flush_line(frame, &n, s);
            continue;
        }
        frame->spot[n++] = (mt_spot){x_of(frame, frame->plot->time[k]), y_of(frame, value)};
        frame->spot[n++] = (mt_spot){x_of(frame, end_of(frame, k)), y_of(frame, value)};
    }
    flush_line(frame, &n, s);
}

static void put_bars(struct frame *frame, size_t s)
{
    for (size_t k = 0; k < frame->plot->n; k++) {
        double value = value_of(frame, s, k), from = x_of(frame, frame->plot->time[k]);
        double width = x_of(frame, end_of(frame, k)) - from, gap = fmin(width * 0.22, 6);
        double foot = y_of(frame, frame->base[k]), head = y_of(frame, frame->base[k] + value);
        frame->base[k] += value;
        if (value != 0) /* nothing stands nowhere */
            mt_sheet_fill(&frame->pdf->sheet, (mt_spot){from + gap / 2, fmin(foot, head)}, width - gap,
                          fabs(foot - head), colour[s]);
    }
}

/* One area a series: along its upper edge, and back along what it stands on. */
static void put_area(struct frame *frame, size_t s)
{
    size_t count = frame->plot->n, n = 0;
    bool any = false;
    for (size_t k = 0; k < count; k++) {
        double top = y_of(frame, frame->base[k] + value_of(frame, s, k));
        any = any || value_of(frame, s, k) != 0;
        frame->spot[n++] = (mt_spot){x_of(frame, frame->plot->time[k]), top};
        frame->spot[n++] = (mt_spot){x_of(frame, end_of(frame, k)), top};
    }
    for (size_t k = count; k-- > 0;) {
        double foot = y_of(frame, frame->base[k]);
        frame->spot[n++] = (mt_spot){x_of(frame, end_of(frame, k)), foot};
        frame->spot[n++] = (mt_spot){x_of(frame, frame->plot->time[k]), foot};
        frame->base[k] += value_of(frame, s, k);
    }
    if (any) mt_sheet_path(&frame->pdf->sheet, frame->spot, n, 0, colour[s]);
}

static void put_legend(struct frame *frame)
{
    mt_pdf *pdf = frame->pdf;
    double x = pdf->left;
    for (size_t s = 0; s < frame->n_series && frame->n_series > 1; s++) {
        mt_written name = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, frame->plot->series[s].name, 0);
        if (x + name.width + 12 > pdf->right) {
            x = pdf->left;
            pdf->y += name.height + 2;
        }
        mt_sheet_fill(&pdf->sheet, (mt_spot){x, pdf->y + name.baseline - 5.2}, 8, 5, colour[s]);
        mt_sheet_place(&pdf->sheet, &name, (mt_spot){x + 12, pdf->y}, MT_ALIGN_LEFT);
        x += name.width + 28;
    }
    pdf->y += frame->n_series > 1 ? 15 : 0;
}

static void put_title(struct frame *frame)
{
    mt_pdf *pdf = frame->pdf;
    mt_written title = mt_sheet_write(&pdf->sheet, MT_LETTER_STRONG, frame->plot->title, 0);
    mt_written unit = mt_sheet_write(&pdf->sheet, MT_LETTER_LABEL, frame->plot->unit, 0);
    mt_sheet_place(&pdf->sheet, &title, (mt_spot){pdf->left, pdf->y}, MT_ALIGN_LEFT);
    mt_sheet_place(&pdf->sheet, &unit,
                   (mt_spot){pdf->left + title.width + 7, pdf->y + title.baseline - unit.baseline},
                   MT_ALIGN_LEFT);
    pdf->y += title.height + 5;
    pdf->fresh = false;
    put_legend(frame);
}

static void put_nothing(struct frame *frame)
{
    mt_pdf *pdf = frame->pdf;
    mt_sheet_fill(&pdf->sheet, (mt_spot){pdf->left, pdf->y}, pdf->right - pdf->left, 40, MT_INK_STRIPE);
    put_label(frame, frame->german ? "keine Werte" : "nothing to show",
              (mt_spot){(pdf->left + pdf->right) / 2, pdf->y + 15}, MT_ALIGN_MIDDLE);
    pdf->y += 40;
}

static mt_code get_room(struct frame *frame)
{
    mt_ctx *cx = frame->pdf->sheet.cx;
    MT_TRY(MT_NEW(cx, &frame->base, frame->plot->n));
    return MT_NEW(cx, &frame->spot, 4 * frame->plot->n);
}

static void put_series(struct frame *frame)
{
    for (size_t s = 0; s < frame->n_series; s++) {
        if (!frame->plot->stacked)
            put_line(frame, s);
        else if (frame->plot->n <= BARS_MAX)
            put_bars(frame, s);
        else
            put_area(frame, s);
    }
}

void mt_pdf_draw(mt_pdf *pdf, const mt_pdf_plot *plot)
{
    struct frame frame = {.pdf = pdf, .plot = plot, .right = pdf->right};
    const char *language = pdf->options.about.language;
    double range[2], height = plot->height > 0 ? plot->height : usual_height;
    frame.german = language && strncmp(language, "de", 2) == 0;
    frame.n_series = plot->n_series < MT_PLOT_SERIES_MAX ? plot->n_series : MT_PLOT_SERIES_MAX;
    mt_pdf_need(pdf, height + label_room + 45);
    put_title(&frame);
    if (pdf->sheet.code == MT_OK && plot->n) pdf->sheet.code = get_room(&frame);
    if (pdf->sheet.code != MT_OK) return;
    if (!find_range(&frame, range)) {
        put_nothing(&frame);
        return;
    }
    mt_time last = plot->time[plot->n - 1];
    frame.end = last + (plot->n > 1 ? last - plot->time[plot->n - 2] : MT_US_HOUR);
    frame.top = pdf->y + 4;
    frame.bottom = frame.top + height;
    put_value_axis(&frame, range);
    put_time_axis(&frame);
    put_series(&frame);
    pdf->y = frame.bottom + label_room;
}
