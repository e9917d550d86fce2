/* Values gathered by local delivery day: sums by day and series first, then one feed a day. */
#include "market/series/delivery_day.h"

#include <math.h>
#include <string.h>

/* A source in one unit and step; its series are the details. */
struct feed {
    const char *source, *unit;
    mt_time step;
    const char *detail; /* the first met, which names the account */
    bool parts;         /* of types: details with ';' */
    double hours;       /* of all days: the rank */
};

struct series {
    const char *detail;
    size_t feed;
    size_t type; /* the first series of the same feed and type */
};

/* One series on one day. */
struct cell {
    double sum, hours;
    mt_time known_at;
};

/* How many of a unit, over `hours` where it is power, are so many MWh. Whole numbers, so that a division by
 * them is as exact as can be. */
static const struct {
    const char *unit;
    double by, through;
    bool power;
} energy_unit[] = {{"MWh", 1, 1, false},  {"", 1, 1, false},  {"kWh", 1, 1e3, false}, {"GWh", 1e3, 1, false},
                   {"Wh", 1, 1e6, false}, {"MW", 1, 1, true}, {"kW", 1, 1e3, true},   {"GW", 1e3, 1, true}};
enum { ENERGY_UNITS = sizeof energy_unit / sizeof *energy_unit };

struct gather {
    const mt_zone *zone;
    bool mean;
    const char *other_unit; /* the first met that is no energy */
    mt_day first, last;
    mt_time day_start, day_end; /* of the day looked up last */
    mt_day day;
    struct feed feed[MT_DAY_SERIES_MAX];
    struct series series[MT_DAY_SERIES_MAX];
    size_t n_feed, n_series;
    struct cell *cell; /* [day][series] */
};

static bool same_text(const char *a, const char *b)
{
    return a == b || strcmp(a, b) == 0;
}

static bool is_listed(const char *const *list, const char *word)
{
    for (; list && *list; list++)
        if (strcmp(*list, word) == 0) return true;
    return list == NULL;
}

static size_t find_unit(const char *unit)
{
    size_t k = 0;
    while (k < ENERGY_UNITS && !same_text(unit, energy_unit[k].unit)) k++;
    return k;
}

static double to_mwh(double value, const char *unit, double hours)
{
    size_t k = find_unit(unit);
    if (energy_unit[k].power) value *= hours;
    return value * energy_unit[k].by / energy_unit[k].through;
}

static bool belongs(const mt_observation *v, const char *kind, const char *const *only)
{
    return same_text(v->kind, kind) && !isnan(v->value) && v->step > 0 && v->step <= MT_US_HOUR &&
           (!only || is_listed(only, v->detail)) && !strstr(v->detail, ";horizon=");
}

static bool counts(struct gather *g, const mt_observation *v, const char *kind, const char *const *only)
{
    if (!belongs(v, kind, only)) return false;
    if (g->mean || find_unit(v->unit) < ENERGY_UNITS) return true;
    if (!g->other_unit) g->other_unit = v->unit;
    return false;
}

/* Values come by the day, so the day before is looked at first. */
static mt_day day_of(struct gather *g, mt_time t)
{
    if (t >= g->day_start && t < g->day_end) return g->day;
    g->day = mt_day_at(g->zone, t);
    g->day_start = mt_day_start(g->zone, g->day);
    g->day_end = mt_day_start(g->zone, g->day + 1);
    return g->day;
}

static bool same_feed(const struct feed *feed, const mt_observation *v)
{
    return feed->step == v->step && same_text(feed->source, v->source) && same_text(feed->unit, v->unit);
}

/* What follows ";account=", or nothing. */
static mt_text account_of(const char *detail)
{
    const char *at = strstr(detail, ";account=");
    if (!at) return (mt_text){"", 0};
    at += strlen(";account=");
    return (mt_text){at, strcspn(at, ";")};
}

static bool same_account(const char *a, const char *b)
{
    mt_text x = account_of(a), y = account_of(b);
    return x.length == y.length && memcmp(x.at, y.at, x.length) == 0;
}

static size_t feed_of(struct gather *g, const mt_observation *v)
{
    bool parts = strchr(v->detail, ';') != NULL;
    for (size_t k = 0; k < g->n_feed; k++)
        if (same_feed(&g->feed[k], v) && g->feed[k].parts == parts &&
            same_account(g->feed[k].detail, v->detail))
            return k;
    g->feed[g->n_feed] = (struct feed){v->source, v->unit, v->step, v->detail, parts, 0};
    return g->n_feed++;
}

static bool same_type(const char *a, const char *b)
{
    size_t n = strcspn(a, ";");
    return n == strcspn(b, ";") && memcmp(a, b, n) == 0;
}

static size_t add_series(struct gather *g, const mt_observation *v)
{
    struct series s = {v->detail, feed_of(g, v), g->n_series};
    for (size_t k = 0; k < g->n_series && s.type == g->n_series; k++)
        if (g->series[k].feed == s.feed && same_type(g->series[k].detail, v->detail)) s.type = k;
    g->series[g->n_series] = s;
    return g->n_series++;
}

/* `last` is the series of the value before, which mostly is this one's too. */
static size_t series_of(struct gather *g, const mt_observation *v, size_t last)
{
    if (last < g->n_series) {
        const struct feed *feed = &g->feed[g->series[last].feed];
        bool same = g->series[last].detail == v->detail && feed->step == v->step;
        if (same && feed->source == v->source && feed->unit == v->unit) return last;
    }
    for (size_t k = 0; k < g->n_series; k++) {
        if (same_feed(&g->feed[g->series[k].feed], v) && same_text(g->series[k].detail, v->detail)) return k;
    }
    return g->n_series == MT_DAY_SERIES_MAX ? MT_DAY_SERIES_MAX : add_series(g, v);
}

/* Which days and series there are. */
static mt_code survey(mt_ctx *cx, struct gather *g, const mt_observation *value, size_t n, const char *kind,
                      const char *const *only)
{
    size_t s = 0;
    for (size_t i = 0; i < n; i++) {
        if (!counts(g, &value[i], kind, only)) continue;
        mt_day day = day_of(g, value[i].start);
        bool none = g->n_series == 0;
        s = series_of(g, &value[i], s);
        if (s == MT_DAY_SERIES_MAX)
            return mt_fail(cx, MT_E_TOO_LARGE, "more than %d series of %s; name a source", MT_DAY_SERIES_MAX,
                           kind);
        if (none || day < g->first) g->first = day;
        if (none || day > g->last) g->last = day;
    }
    if (g->n_series && g->last - g->first >= MT_DAYS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s over more than %d days; name a shorter range", kind,
                       MT_DAYS_MAX);
    return MT_OK;
}

static void add_values(struct gather *g, const mt_observation *value, size_t n, const char *kind,
                       const char *const *only)
{
    size_t s = 0;
    for (size_t i = 0; i < n; i++) {
        const mt_observation *v = &value[i];
        if (!counts(g, v, kind, only)) continue;
        double hours = (double)v->step / (double)MT_US_HOUR;
        s = series_of(g, v, s);
        struct cell *cell = &g->cell[(size_t)(day_of(g, v->start) - g->first) * g->n_series + s];
        cell->sum += g->mean ? v->value * hours : to_mwh(v->value, v->unit, hours);
        cell->hours += hours;
        if (cell->known_at == 0 || v->known_at > cell->known_at) cell->known_at = v->known_at;
        g->feed[g->series[s].feed].hours += hours;
    }
}

/* Hours of a type: of its part that has most. */
static double type_hours(const struct gather *g, const struct cell *cell, size_t type)
{
    double hours = 0;
    for (size_t s = type; s < g->n_series; s++)
        if (g->series[s].type == type && cell[s].hours > hours) hours = cell[s].hours;
    return hours;
}

/* What one feed says of a day. The mean of several details (two borders' prices) is of all their hours. */
static mt_day_value fold_feed(const struct gather *g, const struct cell *cell, size_t feed)
{
    double sum = 0, hours = 0;
    mt_day_value v = {NAN, 0, g->feed[feed].source, g->feed[feed].step, MT_TIME_NONE, 0};
    for (size_t s = 0; s < g->n_series; s++) {
        if (g->series[s].feed != feed || cell[s].hours == 0) continue;
        double of_type = type_hours(g, cell, g->series[s].type);
        sum += cell[s].sum;
        hours += cell[s].hours;
        if (v.details++ == 0 || of_type < v.hours) v.hours = of_type;
        if (cell[s].known_at > v.known_at) v.known_at = cell[s].known_at;
    }
    if (v.details) v.value = g->mean ? sum / hours : sum;
    return v;
}

static mt_day_value choose_feed(const struct gather *g, const struct cell *cell)
{
    mt_day_value best = {NAN, 0, NULL, 0, MT_TIME_NONE, 0};
    double rank = -1;
    for (size_t k = 0; k < g->n_feed; k++) {
        mt_day_value v = fold_feed(g, cell, k);
        if (v.details == 0) continue;
        bool better = v.hours > best.hours + 1e-9 || (v.hours > best.hours - 1e-9 && g->feed[k].hours > rank);
        if (!better) continue;
        best = v;
        rank = g->feed[k].hours;
    }
    return best;
}

mt_code mt_day_values_of(mt_ctx *cx, mt_day_values *out, const mt_observation *value, size_t n,
                         const mt_zone *zone, const char *kind, const char *const *only)
{
    struct gather *g;
    mt_day_value *at;
    MT_TRY(MT_NEW(cx, &g, 1));
    g->zone = zone;
    g->mean = mt_kind_fold(kind) != MT_FOLD_SUM;
    MT_TRY(survey(cx, g, value, n, kind, only));
    size_t days = g->n_series ? (size_t)(g->last - g->first) + 1 : 0;
    MT_TRY(MT_NEW(cx, &at, days));
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(MT_NEW(cx, &g->cell, days * g->n_series));
    add_values(g, value, n, kind, only);
    for (size_t k = 0; k < days; k++) at[k] = choose_feed(g, g->cell + k * g->n_series);
    mt_arena_reset(&cx->arena, mark);
    *out = (mt_day_values){g->first, days, at, g->other_unit};
    return MT_OK;
}

static mt_day_value value_at(const mt_day_values *values, mt_day day)
{
    if (values->n && day >= values->first && (size_t)(day - values->first) < values->n)
        return values->at[day - values->first];
    return (mt_day_value){NAN, 0, NULL, 0, MT_TIME_NONE, 0};
}

mt_code mt_delivery_days(mt_ctx *cx, mt_delivery_day **out, size_t *n, const mt_day_values *price,
                         const mt_day_values *production, const mt_zone *zone)
{
    const mt_day_values *one = price->n ? price : production, *other = price->n ? production : price;
    mt_day first = one->first, end = one->first + (mt_day)one->n;
    mt_delivery_day *row;
    if (other->n && other->first < first) first = other->first;
    if (other->n && other->first + (mt_day)other->n > end) end = other->first + (mt_day)other->n;
    if (end - first > MT_DAYS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "price and production lie more than %d days apart", MT_DAYS_MAX);
    MT_TRY(MT_NEW(cx, &row, (size_t)(end - first)));
    for (mt_day day = first; day < end; day++) {
        mt_time start = mt_day_start(zone, day), stop = mt_day_start(zone, day + 1);
        row[day - first] = (mt_delivery_day){.day = day,
                                             .hours = (double)(stop - start) / (double)MT_US_HOUR,
                                             .price = value_at(price, day),
                                             .production = value_at(production, day)};
    }
    *out = row;
    *n = (size_t)(end - first);
    return MT_OK;
}

bool mt_delivery_day_complete(const mt_delivery_day *day)
{
    return day->price.hours > day->hours - 1e-6 && day->production.hours > day->hours - 1e-6;
}
