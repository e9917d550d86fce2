/* Bounds, strangeness and the sun, value by value. */
#include "market/series/checks.h"

#include "market/series/sun.h"
#include "num/stats.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEARN_QUANTILE    0.9
#define STRANGE_FACTOR    4.0
#define STRANGE_OF_SPREAD 0.3
#define NIGHT_SHARE       0.03
#define NIGHT_BELOW_DEG   (-1.0)
#define DAY_ABOVE_DEG     5.0
#define BRIGHT_FACTOR     1.5
#define BRIGHT_HIGHER_DEG 5
#define ENVELOPE_FROM_DEG (-5)
#define POWER_MOST_MW     300000.0 /* more than any area of Europe */

enum { NEIGHBOURS = 2, ENVELOPE = sizeof((mt_sun_view *)NULL)->envelope / sizeof(double) };

/* In the kind's usual unit; energy kinds: MW over the step. */
struct bound {
    mt_kind kind;
    bool power;
    double low, high;
};

static const struct bound bounds[] = {
    {MT_KIND_SPOT_PRICE, false, -600, 6000},
    {MT_KIND_INTRADAY_PRICE, false, -9999, 9999},
    {MT_KIND_IMBALANCE_PRICE, false, -100000, 100000},
    {MT_KIND_MARKET_VALUE, false, -600, 6000},
    {MT_KIND_TARIFF, false, -1000, 10000},
    {MT_KIND_PRODUCTION, true, -POWER_MOST_MW, POWER_MOST_MW},
    {MT_KIND_PRODUCTION_FORECAST, true, -POWER_MOST_MW, POWER_MOST_MW},
    {MT_KIND_LOAD, true, 0, POWER_MOST_MW},
    {MT_KIND_LOAD_FORECAST, true, 0, POWER_MOST_MW},
    {MT_KIND_EXCHANGE, true, -POWER_MOST_MW, POWER_MOST_MW},
    {MT_KIND_CAPACITY, false, 0, 10 * POWER_MOST_MW},
    {MT_KIND_EMISSION, false, 0, 3000},
    {MT_KIND_FUEL_PRICE, false, -100, 5000},
    {MT_KIND_CO2_PRICE, false, 0, 2000},
    {MT_KIND_FX_RATE, false, 1e-6, 1e9},
};

bool mt_check_bounds(const mt_observation *v)
{
    double hours = (double)v->step / (double)MT_US_HOUR;
    if (isnan(v->value)) return false;
    if (!isfinite(v->value)) return true;
    for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
        const struct bound *b = &bounds[k];
        double scale = b->power && hours > 0 ? hours : 1;
        if (strcmp(mt_kind_name(b->kind), v->kind) != 0) continue;
        if (strcmp(mt_kind_unit(b->kind), v->unit) != 0) return false; /* another currency, another scale */
        return v->value < b->low * scale || v->value > b->high * scale;
    }
    return false;
}

/* The nearest of the points around place i, if they are near in time. */
static double nearest_neighbour(const mt_points *p, size_t i)
{
    const mt_observation *v = p->at[i].of;
    mt_time reach = NEIGHBOURS * (v->step > 0 ? v->step : MT_US_HOUR);
    double nearest = INFINITY;
    for (int k = -NEIGHBOURS; k <= NEIGHBOURS; k++) {
        size_t j = i + (size_t)k; /* wraps below 0 and is refused then */
        if (k == 0 || j >= p->n) continue;
        mt_time apart = p->at[j].of->start - v->start;
        if (apart > reach || apart < -reach) continue;
        nearest = fmin(nearest, fabs(p->at[j].of->value - v->value));
    }
    return nearest;
}

double mt_check_strangeness(const mt_points *p, size_t i)
{
    const mt_observation *v = p->at[i].of;
    double nearest = nearest_neighbour(p, i);
    for (int day = 1; day <= MT_CHECK_LAG_DAYS; day++) {
        ptrdiff_t j = mt_points_find(p, v->start - day * MT_US_DAY);
        if (j >= 0) nearest = fmin(nearest, fabs(p->at[j].of->value - v->value));
    }
    return isinf(nearest) ? NAN : nearest;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_past(const mt_point *p, mt_time until)
{
    return !p->fresh || p->of->start < until;
}

/* The greatest strangeness of each day before `until`, days counted backwards. */
static size_t daily_strangeness(const mt_points *p, mt_time until, double *of_day, double *value, size_t *n)
{
    size_t days = 0;
    bool seen[MT_CHECK_LEARN_DAYS] = {false};
    mt_time from = until - MT_CHECK_LEARN_DAYS * MT_US_DAY;
    for (size_t i = 0; i < p->n; i++) {
        mt_time start = p->at[i].of->start;
        if (start < from || start >= until || !is_past(&p->at[i], until)) continue;
        size_t day = (size_t)((until - 1 - start) / MT_US_DAY);
        double strange = mt_check_strangeness(p, i);
        value[(*n)++] = p->at[i].of->value;
        if (isnan(strange)) continue;
        if (!seen[day] || strange > of_day[day]) of_day[day] = strange;
        seen[day] = true;
    }
    for (size_t k = 0; k < MT_CHECK_LEARN_DAYS; k++)
        if (seen[k]) of_day[days++] = of_day[k];
    return days;
}

mt_code mt_check_habit(mt_ctx *cx, mt_habit *out, const mt_points *p, mt_time until)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    double of_day[MT_CHECK_LEARN_DAYS] = {0}, *value;
    size_t n = 0;
    *out = (mt_habit){NAN, NAN};
    MT_TRY(MT_NEW(cx, &value, p->n));
    size_t days = daily_strangeness(p, until, of_day, value, &n);
    if (days >= MT_CHECK_LEARN_LEAST) {
        qsort(of_day, days, sizeof *of_day, by_size);
        qsort(value, n, sizeof *value, by_size);
        out->spread = mt_quantile_sorted(value, n, 0.95) - mt_quantile_sorted(value, n, 0.05);
        out->strange = fmax(STRANGE_FACTOR * mt_quantile_sorted(of_day, days, LEARN_QUANTILE),
                            STRANGE_OF_SPREAD * out->spread);
    }
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; *text; text++) {
        size_t k = 0;
        while (k < n && tolower((unsigned char)text[k]) == word[k]) k++;
        if (k == n) return true;
    }
    return false;
}

mt_sun_kind mt_check_sun_kind(const mt_observation *name)
{
    static const char *const ray[] = {"radiation", "irradiance", "ghi"};
    if (strncmp(name->kind, "production", 10) == 0)
        return has_word(name->detail, "solar") || has_word(name->detail, "photovolt") ? MT_SUN_PRODUCTION
                                                                                      : MT_SUN_NONE;
    if (strncmp(name->kind, "weather", 7) != 0 || strcmp(name->unit, "W/m2") != 0) return MT_SUN_NONE;
    if (has_word(name->detail, "terrestrial") || has_word(name->detail, "normal")) return MT_SUN_NONE;
    for (size_t k = 0; k < sizeof ray / sizeof *ray; k++)
        if (has_word(name->detail, ray[k])) return MT_SUN_IRRADIANCE;
    return MT_SUN_NONE;
}

static size_t envelope_place(double height_deg)
{
    double k = floor(height_deg) - ENVELOPE_FROM_DEG;
    return k < 0 ? 0 : k >= ENVELOPE ? ENVELOPE - 1 : (size_t)k;
}

mt_code mt_check_sun(mt_ctx *cx, mt_sun_view *out, const mt_points *p, double latitude, double longitude,
                     mt_time until)
{
    *out = (mt_sun_view){.kind = isnan(latitude) ? MT_SUN_NONE : mt_check_sun_kind(p->name),
                         .highest = NAN,
                         .highest_given = NAN};
    if (out->kind == MT_SUN_NONE) return MT_OK;
    MT_TRY(MT_NEW(cx, &out->height_deg, p->n));
    for (size_t i = 0; i < p->n; i++) {
        const mt_observation *v = p->at[i].of;
        double height = mt_sun_highest_deg(latitude, longitude, v->start, v->step);
        bool past = is_past(&p->at[i], until), day = height > DAY_ABOVE_DEG;
        out->height_deg[i] = height;
        if (day && !(v->value <= out->highest_given)) out->highest_given = v->value;
        if (day && past && !(v->value <= out->highest)) out->highest = v->value;
        size_t k = envelope_place(height);
        if (past) out->envelope[k] = fmax(out->envelope[k], v->value);
    }
    for (size_t k = 1; k < ENVELOPE; k++) out->envelope[k] = fmax(out->envelope[k], out->envelope[k - 1]);
    return MT_OK;
}

bool mt_check_night(const mt_sun_view *view, const mt_points *p, size_t i)
{
    if (view->kind == MT_SUN_NONE || view->height_deg[i] > NIGHT_BELOW_DEG) return false;
    double value = p->at[i].of->value;
    if (view->kind == MT_SUN_IRRADIANCE) return value > mt_sun_most_w_m2(view->height_deg[i]);
    return value > NIGHT_SHARE * (isnan(view->highest) ? view->highest_given : view->highest);
}

bool mt_check_too_bright(const mt_sun_view *view, const mt_points *p, size_t i)
{
    double value = view->kind == MT_SUN_NONE ? 0 : p->at[i].of->value;
    if (view->kind == MT_SUN_IRRADIANCE) return value > mt_sun_most_w_m2(view->height_deg[i]);
    if (view->kind == MT_SUN_NONE || isnan(view->highest)) return false;
    double seen = view->envelope[envelope_place(view->height_deg[i] + BRIGHT_HIGHER_DEG)];
    return value > BRIGHT_FACTOR * seen && value > NIGHT_SHARE * view->highest;
}

bool mt_check_disagrees(double a, double b, double spread)
{
    return fabs(a - b) > fmax(0.02 * fabs(b), isnan(spread) ? 0 : 0.1 * spread);
}
