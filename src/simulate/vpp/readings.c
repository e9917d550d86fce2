/* Live points and meter values of one plant and day. */
#include "simulate/vpp/readings.h"

#include "num/portable.h"

#include <stdlib.h>
#include <string.h>

MT_SAME_BITS

enum { MINUTES_OF_DAY = 1440, QUARTERS_OF_DAY = 96, GAPS_MAX = 3 };

static const mt_micro live_grid = 100000, meter_grid = 1000;

static bool trapped(const mt_sim_asset *asset, mt_sim_trap trap)
{
    return asset->traps >> trap & 1;
}

static mt_micro on_grid(double kw, mt_micro grid)
{
    double steps = kw * 1e6 / (double)grid;
    return (mt_micro)(steps + (steps < 0.0 ? -0.5 : 0.5)) * grid;
}

/* Minutes left out: up to three gaps, in the thirds of the day, of one, two or three minutes. */
static void draw_gaps(bool *missing, size_t minutes, int count, mt_rng *rng)
{
    static const int length[7][GAPS_MAX] = {{0}, {1}, {2}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}};
    memset(missing, 0, minutes);
    for (int g = 0; g < GAPS_MAX && count > 0 && count < 7; g++) {
        size_t third = minutes / GAPS_MAX, at = third * (size_t)g + 10 + mt_rng_below(rng, third - 20);
        for (int k = 0; k < length[count][g]; k++) missing[at + (size_t)k] = true;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which the wanted number of points is dark, and how many that equal it are dark too. */
static double find_dark(const mt_sim_live *live, size_t want, size_t *equal)
{
    double sorted[MT_SIM_LIVE_MAX];
    memcpy(sorted, live->kw, live->n * sizeof *sorted);
    qsort(sorted, live->n, sizeof *sorted, by_value);
    double edge = sorted[want - 1];
    *equal = want;
    for (size_t k = 0; k < live->n && sorted[k] < edge; k++) --*equal;
    return edge;
}

static mt_micro below_zero(mt_rng *rng)
{
    return -live_grid * (mt_micro)(1 + mt_rng_below(rng, 19));
}

static void darken(mt_sim_live *live, const mt_sim_asset *asset, mt_rng *rng)
{
    size_t equal = 0;
    double edge = 1e-9;
    if (asset->negative_points >= 0)
        edge = find_dark(live, (size_t)asset->negative_points * live->n / 1437, &equal);
    for (size_t k = 0; k < live->n; k++) {
        bool dark = live->kw[k] < edge || (equal && live->kw[k] <= edge);
        if (dark && live->kw[k] >= edge) equal--;
        if (dark) live->power_kw[k] = below_zero(rng);
    }
}

static void raise_peak(mt_sim_live *live, double peak_kw)
{
    size_t top = 0;
    for (size_t k = 1; k < live->n; k++) top = live->power_kw[k] > live->power_kw[top] ? k : top;
    live->power_kw[top] = on_grid(peak_kw, live_grid);
}

static int minute_of(mt_time t)
{
    return (int)(t % MT_US_DAY / MT_US_MINUTE);
}

/* 118 % of the capacity for half an hour: no good points; 105 % for ten minutes: good ones. */
static void go_above(mt_sim_live *live, const mt_sim_asset *asset)
{
    double capacity_kw = (double)asset->plant.capacity_w / 1000.0;
    for (size_t k = 0; k < live->n; k++) {
        int minute = minute_of(live->time[k]);
        if (minute >= 720 && minute < 750) live->power_kw[k] = on_grid(1.18 * capacity_kw, live_grid);
        if (minute >= 750 && minute < 760) live->power_kw[k] = on_grid(1.05 * capacity_kw, live_grid);
    }
}

/* Bad for half an hour, just good, bad for 6 and for 2 of 15 minutes; silent for 40 minutes. */
static void lower_quality(mt_sim_live *live)
{
    size_t kept = 0;
    for (size_t k = 0; k < live->n; k++) {
        int minute = minute_of(live->time[k]);
        if (minute >= 840 && minute < 880) continue;
        mt_micro quality = live->quality[k];
        if (minute >= 480 && minute < 510) quality = 400000;
        if (minute >= 510 && minute < 525) quality = 500000;
        if ((minute >= 540 && minute < 546) || (minute >= 615 && minute < 617)) quality = 0;
        live->time[kept] = live->time[k];
        live->power_kw[kept] = live->power_kw[k];
        live->quality[kept++] = quality;
    }
    live->n = kept;
}

static void swap_points(mt_sim_live *live, size_t a, size_t b)
{
    mt_time time = live->time[a];
    mt_micro power_kw = live->power_kw[a];
    live->time[a] = live->time[b];
    live->power_kw[a] = live->power_kw[b];
    live->time[b] = time;
    live->power_kw[b] = power_kw;
}

/* Twenty points backwards; four times twice, the second time with another value, one of them at the end. */
static void disorder(mt_sim_live *live)
{
    for (size_t k = 0; k < 10; k++) swap_points(live, 400 + k, 419 - k);
    for (size_t k = 0; k < 4; k++) {
        size_t from = 600 + 37 * k, to = live->n++;
        live->time[to] = live->time[from];
        live->power_kw[to] = live->power_kw[from] / live_grid / 2 * live_grid;
        live->quality[to] = live->quality[from];
    }
}

static void spoil_live(mt_sim_live *live, const mt_sim_asset *asset)
{
    if (trapped(asset, MT_TRAP_ABOVE_CAPACITY)) go_above(live, asset);
    if (trapped(asset, MT_TRAP_LOW_QUALITY)) lower_quality(live);
    if (trapped(asset, MT_TRAP_DISORDER)) disorder(live);
}

void mt_sim_live_day(mt_sim_live *out, const mt_sim_air *air, const mt_sim_asset *asset, mt_day day)
{
    mt_time start = mt_sim_day_start(&air->rule->market, day),
            end = mt_sim_day_start(&air->rule->market, day + 1);
    size_t minutes = (size_t)((end - start) / MT_US_MINUTE);
    bool missing[MT_SIM_LIVE_MAX];
    double kw[MT_SIM_LIVE_MAX];
    mt_rng rng = mt_sim_vpp_stream(air->rule, MT_SIM_VPP_READING, asset->key, day);
    mt_sim_limit limit = mt_sim_limit_of(asset);
    mt_sim_power(kw, air, asset, start, minutes);
    draw_gaps(missing, minutes, asset->missing_minutes, &rng);
    out->n = 0;
    for (size_t k = 0; k < minutes; k++) {
        mt_time t = start + (mt_time)k * MT_US_MINUTE;
        if (missing[k]) continue;
        out->time[out->n] = t;
        out->kw[out->n] = mt_sim_limited_kw(&limit, t, kw[k]);
        out->power_kw[out->n] = on_grid(out->kw[out->n], live_grid);
        out->quality[out->n++] = MT_MICRO_ONE;
    }
    if (asset->plant.technology == MT_SOLAR) darken(out, asset, &rng);
    if (asset->peak_kw > 0.0) raise_peak(out, asset->peak_kw);
    spoil_live(out, asset);
}

static double metered_kw(const double *kw, const mt_sim_limit *limit, mt_time start)
{
    double sum = 0.0;
    for (int k = 0; k < 15; k++) sum += mt_sim_limited_kw(limit, start + k * MT_US_MINUTE, kw[k]);
    return sum / 15.0;
}

static void spoil_value(mt_meter_value *value, const mt_sim_asset *asset)
{
    int minute = minute_of(value->start);
    mt_micro capacity = asset->plant.capacity_w * 1000;
    if (trapped(asset, MT_TRAP_ABOVE_CAPACITY) && minute >= 660 && minute < 720)
        value->power_kw = capacity / 100 * 112;
    if (trapped(asset, MT_TRAP_NEGATIVE_NIGHT) && value->power_kw <= 0)
        value->power_kw = -1800000 - minute % 7 * 10000;
    if (trapped(asset, MT_TRAP_OFF_GRID) && (minute == 675 || minute == 705))
        value->start += 7 * MT_US_MINUTE;
}

static size_t drop_quarters(mt_meter_value *value, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        int minute = minute_of(value[k].start);
        if ((minute < 720 || minute >= 780) && minute != 495) value[kept++] = value[k];
    }
    return kept;
}

/* Eight rows backwards; three times again at the end with another value. */
static size_t disorder_rows(mt_meter_value *value, size_t n)
{
    for (size_t k = 0; k < 4; k++) {
        mt_meter_value first = value[40 + k];
        value[40 + k] = value[47 - k];
        value[47 - k] = first;
    }
    for (size_t k = 0; k < 3; k++) {
        value[n] = value[44 + 5 * k];
        value[n++].power_kw /= 4;
    }
    return n;
}

mt_code mt_sim_meter_day(mt_ctx *cx, mt_meter_value **out, size_t *n, const mt_sim_air *air,
                         const mt_sim_asset *asset, mt_day utc_day)
{
    mt_meter_value *value;
    double kw[MINUTES_OF_DAY];
    MT_TRY(MT_NEW(cx, &value, QUARTERS_OF_DAY + 4));
    mt_sim_limit limit = mt_sim_limit_of(asset);
    mt_sim_power(kw, air, asset, utc_day * MT_US_DAY, MINUTES_OF_DAY);
    for (size_t k = 0; k < QUARTERS_OF_DAY; k++) {
        value[k].start = utc_day * MT_US_DAY + (mt_time)k * 15 * MT_US_MINUTE;
        value[k].power_kw = on_grid(metered_kw(&kw[15 * k], &limit, value[k].start), meter_grid);
        spoil_value(&value[k], asset);
    }
    *n = QUARTERS_OF_DAY;
    if (trapped(asset, MT_TRAP_MISSING_QUARTERS)) *n = drop_quarters(value, *n);
    if (trapped(asset, MT_TRAP_DISORDER)) *n = disorder_rows(value, *n);
    *out = value;
    return MT_OK;
}
