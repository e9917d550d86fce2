/* Round numbers and wall clocks. */
#include "io/page/svg/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double nice_step(double rough)
{
    double power = pow(10, floor(log10(rough))), part = rough / power;
    return (part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10) * power;
}

/* Groups of three digits, apart by a narrow blank, and a real minus. */
static void group_digits(char out[MT_TICK_TEXT], const char *plain)
{
    size_t digits = strspn(plain + (*plain == '-'), "0123456789"), n = 0;
    if (*plain == '-') {
        memcpy(out, "−", sizeof "−" - 1);
        n = sizeof "−" - 1;
        plain++;
    }
    for (size_t k = 0; plain[k] && n + 5 < MT_TICK_TEXT; k++) {
        if (k > 0 && k < digits && digits > 3 && (digits - k) % 3 == 0) {
            memcpy(out + n, "\u202f", 3);
            n += 3;
        }
        out[n++] = plain[k] == ',' ? '.' : plain[k];
    }
    out[n] = 0;
}

void mt_tick_text(char out[MT_TICK_TEXT], double value, double step, double largest)
{
    const char *suffix = "";
    char plain[MT_TICK_TEXT];
    if (largest >= 1e6) {
        suffix = "M";
        value /= 1e6;
        step /= 1e6;
    } else if (largest >= 1e5 && step >= 100) {
        suffix = "k";
        value /= 1e3;
        step /= 1e3;
    }
    int places = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    if (places > 6 || largest >= 1e12) {
        snprintf(plain, sizeof plain, "%.3g%s", value, suffix);
    } else {
        snprintf(plain, sizeof plain, "%.*f%s", places, fabs(value) < step / 1000 ? 0 : value, suffix);
    }
    group_digits(out, plain);
}

void mt_ticks_values(mt_ticks *ticks, double low, double high, int wanted, bool widen)
{
    if (!(high > low)) { /* one value only */
        double room = low == 0 ? 1 : fabs(low) / 10;
        low -= room;
        high += room;
    }
    double step = nice_step((high - low) / (wanted > 1 ? wanted : 1));
    double first = widen ? floor(low / step + 1e-9) : ceil(low / step - 1e-9);
    double last = widen ? ceil(high / step - 1e-9) : floor(high / step + 1e-9);
    *ticks = (mt_ticks){.low = widen ? first * step : low, .high = widen ? last * step : high, .step = step};
    double largest = fmax(fabs(first), fabs(last)) * step;
    for (double k = first; k <= last && ticks->n < MT_TICKS_MAX; k++) {
        mt_tick *tick = &ticks->tick[ticks->n++];
        tick->at = k * step;
        mt_tick_text(tick->text, tick->at, step, largest);
    }
}

static mt_civil civil_of(const mt_zone *zone, mt_time t)
{
    return zone ? mt_zone_civil(zone, t) : mt_time_civil(t);
}

/* The instant of a wall clock; of two the first, of none the start of the gap's end. */
static mt_time instant_of(const mt_zone *zone, mt_civil civil)
{
    mt_time instant[2];
    if (!zone || mt_zone_instants(zone, civil, instant) == 0) {
        mt_time utc = mt_time_of(civil);
        return zone ? utc - (mt_time)mt_zone_offset_s(zone, utc) * MT_US_SECOND : utc;
    }
    return instant[0];
}

static const char *const month_name[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const weekday_name[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* A way of marking time: every so many minutes of a day, days, or months. */
struct stride { int minutes, days, months; mt_time length; };

#define MINUTES(n) {n, 0, 0, (n) * MT_US_MINUTE}
#define DAYS(n)    {0, n, 0, (n) * MT_US_DAY}
#define MONTHS(n)  {0, 0, n, (n) * 30 * MT_US_DAY}
static const struct stride strides[] = {
    MINUTES(1), MINUTES(5), MINUTES(15), MINUTES(30), MINUTES(60), MINUTES(120), MINUTES(180), MINUTES(360),
    MINUTES(720), DAYS(1), DAYS(2), DAYS(7), DAYS(14), MONTHS(1), MONTHS(2), MONTHS(3), MONTHS(6), MONTHS(12),
    MONTHS(24), MONTHS(60), MONTHS(120), MONTHS(600),
};

static const struct stride *pick_stride(mt_time low, mt_time high, mt_time apart)
{
    size_t k = 0, n = sizeof strides / sizeof strides[0];
    while (k + 1 < n && (strides[k].length < apart || (high - low) / strides[k].length > MT_TICKS_MAX - 4))
        k++;
    return &strides[k];
}

static void add_time(mt_ticks *ticks, mt_time t, mt_civil civil, const struct stride *stride, int *year)
{
    if ((double)t < ticks->low || (double)t > ticks->high || ticks->n == MT_TICKS_MAX) return;
    mt_tick *tick = &ticks->tick[ticks->n++];
    tick->at = (double)t;
    const char *month = month_name[civil.month - 1];
    if (stride->minutes) {
        snprintf(tick->text, MT_TICK_TEXT, "%02d:%02d", civil.hour % 100, civil.minute % 100);
        int weekday = mt_day_weekday(mt_day_of(civil.year, civil.month, civil.day));
        if (civil.hour == 0 && civil.minute == 0) {
            snprintf(tick->below, MT_TICK_TEXT, "%s %d %s", weekday_name[weekday - 1], civil.day, month);
        }
        return;
    }
    bool new_year = civil.year != *year;
    *year = civil.year;
    if (stride->months >= 12) {
        snprintf(tick->text, MT_TICK_TEXT, "%d", civil.year);
        return;
    }
    if (stride->days) snprintf(tick->text, MT_TICK_TEXT, "%d %s", civil.day, month);
    else snprintf(tick->text, MT_TICK_TEXT, "%s", month);
    if (new_year) snprintf(tick->below, MT_TICK_TEXT, "%d", civil.year);
}

static void mark_minutes(mt_ticks *ticks, mt_day day, const struct stride *stride, const mt_zone *zone)
{
    mt_date date = mt_day_date(day);
    mt_time before = INT64_MIN;
    int year = 0;
    for (int minute = 0; minute < 24 * 60; minute += stride->minutes) {
        mt_civil civil = {date.year, date.month, date.day, minute / 60, minute % 60, 0, 0};
        mt_time t = instant_of(zone, civil);
        if (t <= before) continue; /* an hour that the spring gap took away */
        before = t;
        add_time(ticks, t, civil_of(zone, t), stride, &year);
    }
}

static bool is_marked(mt_day day, mt_date date, const struct stride *stride)
{
    if (stride->months) {
        int months = date.year * 12 + date.month - 1;
        return date.day == 1 && months % stride->months == 0;
    }
    mt_day monday = day + 3; /* 1970-01-01 was a Thursday */
    return stride->days < 7 ? day % stride->days == 0 : monday % stride->days == 0;
}

void mt_ticks_times(mt_ticks *ticks, mt_time low, mt_time high, mt_time apart, const mt_zone *zone)
{
    const struct stride *stride = pick_stride(low, high, apart);
    mt_civil from = civil_of(zone, low), to = civil_of(zone, high);
    int year = 0;
    *ticks = (mt_ticks){.low = (double)low, .high = (double)high};
    mt_day last = mt_day_of(to.year, to.month, to.day);
    for (mt_day day = mt_day_of(from.year, from.month, from.day); day <= last; day++) {
        mt_date date = mt_day_date(day);
        if (stride->minutes) {
            mark_minutes(ticks, day, stride, zone);
        } else if (is_marked(day, date, stride)) {
            mt_civil civil = {date.year, date.month, date.day, 0, 0, 0, 0};
            add_time(ticks, instant_of(zone, civil), civil, stride, &year);
        }
    }
}

void mt_tick_instant(char out[MT_TICK_TEXT], mt_time t, const mt_zone *zone)
{
    mt_civil civil = civil_of(zone, t);
    const char *name = zone ? mt_zone_abbreviation(zone, t) : "UTC";
    snprintf(out, MT_TICK_TEXT, "%d-%02d-%02d %02d:%02d %.5s", civil.year % 10000, civil.month % 100,
             civil.day % 100, civil.hour % 100, civil.minute % 100, name);
}
