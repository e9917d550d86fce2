/* Counting the flaws of each series by day: first over all versions, then over what stands. */
#include "market/series/series_quality.h"

#include "market/series/checks.h"
#include "num/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ISSUE_NAME(symbol, name, weight)   name,
#define ISSUE_WEIGHT(symbol, name, weight) weight,
static const char *const issue_name[] = {MT_ISSUE_LIST(ISSUE_NAME)};
static const double issue_weight[] = {MT_ISSUE_LIST(ISSUE_WEIGHT)};

#define DEVIATION       1.4826 /* of a normal distribution, in median absolute deviations */
#define OUTLIER_FACTOR  6
#define LATE_FACTOR     3
#define SPREAD_FLOOR    0.05
#define FROZEN_LEAST_US (6 * MT_US_HOUR)

enum { HOURS_OF_DAY = 24, HAMPEL_DAYS = 7, HAMPEL_LEAST = 5, FROZEN_LEAST = 6, PEERS_MAX = 8 };

struct check {
    mt_ctx *cx;
    const mt_series_quality_options *options;
    mt_points *series; /* of the second pass: thinned */
    size_t n_series;
    mt_points *p; /* in hand */
    mt_series_quality *out;
    mt_quality_day *day;
    mt_time due[HOURS_OF_DAY]; /* after the start, by its local hour; where out->delay is known */
    double spread;
    const mt_points *peer[PEERS_MAX];
    size_t n_peer;
    mt_day cached; /* day of the instants [cached_start, cached_end) */
    mt_time cached_start, cached_end;
};

static mt_quality_day *day_of(struct check *c, mt_time t)
{
    if (t < c->cached_start || t >= c->cached_end) {
        c->cached = mt_day_at(c->options->zone, t);
        c->cached_start = mt_day_start(c->options->zone, c->cached);
        c->cached_end = mt_day_start(c->options->zone, c->cached + 1);
    }
    mt_day first = c->day[0].day;
    if (c->cached < first || (size_t)(c->cached - first) >= c->out->days) return NULL;
    return &c->day[c->cached - first];
}

static void count_issue(struct check *c, mt_time start, mt_issue issue)
{
    mt_quality_day *day = day_of(c, start);
    if (day) day->count[issue]++;
}

/* Periods of the day that should have a value by now. */
static size_t expected_of(const struct check *c, mt_day day, mt_time first, mt_time last)
{
    const mt_series_quality_options *o = c->options;
    mt_time step = c->p->name->step, start = mt_day_start(o->zone, day), end = mt_day_start(o->zone, day + 1);
    if (step <= 0 || step > MT_US_HOUR) return 0;
    if (o->from == MT_DAY_NONE && start < first) start = first;
    if (o->to == MT_DAY_NONE && end > last + step) end = last + step;
    if (o->now != MT_TIME_NONE && c->out->delay != MT_TIME_NONE && end > o->now - c->out->delay)
        end = o->now - c->out->delay;
    return end > start ? (size_t)((end - start + step - 1) / step) : 0;
}

static mt_code make_days(struct check *c)
{
    const mt_series_quality_options *o = c->options;
    mt_time first = c->p->at[0].of->start, last = c->p->at[c->p->n - 1].of->start;
    mt_day from = o->from != MT_DAY_NONE ? o->from : mt_day_at(o->zone, first);
    mt_day to = o->to != MT_DAY_NONE ? o->to : mt_day_at(o->zone, last);
    if (to < from) to = from;
    if (to - from >= MT_QUALITY_DAYS_MAX)
        return mt_fail(c->cx, MT_E_TOO_LARGE, "a series of more than %d days; name a shorter range",
                       MT_QUALITY_DAYS_MAX);
    c->out->days = (size_t)(to - from) + 1;
    MT_TRY(MT_NEW(c->cx, &c->day, c->out->days));
    for (size_t k = 0; k < c->out->days; k++) {
        c->day[k].day = from + (mt_day)k;
        c->day[k].expected = expected_of(c, c->day[k].day, first, last);
    }
    c->out->day = c->day;
    return MT_OK;
}

struct lag {
    double us;
    int hour;
};

static int hour_of(const struct check *c, mt_time t)
{
    return mt_zone_civil(c->options->zone, t).hour;
}

/* How long after its start each period was first known; n 0 where all was loaded at a few moments. */
static mt_code read_lags(struct check *c, struct lag **out, size_t *n)
{
    struct lag *lag;
    size_t k = 0, moments = 0;
    mt_time known = MT_TIME_NONE;
    MT_TRY(MT_NEW(c->cx, &lag, c->p->n));
    for (size_t i = 0; i < c->p->n; i++) {
        const mt_observation *v = c->p->at[i].of;
        if (i && c->p->at[i - 1].of->start == v->start) continue;
        if (v->known_at == MT_TIME_NONE) continue;
        moments += v->known_at != known;
        known = v->known_at;
        lag[k++] = (struct lag){(double)(v->known_at - v->start), hour_of(c, v->start)};
    }
    mt_time span = c->p->at[c->p->n - 1].of->start - c->p->at[0].of->start;
    *n = moments >= (size_t)(span / MT_US_DAY) + 1 ? k : 0;
    *out = lag;
    return MT_OK;
}

/* The median lag of each hour; `all` is scratch of n, and holds how far each lag is from its median then. */
static mt_code learn_hours(struct check *c, double median[HOURS_OF_DAY], double *all, const struct lag *lag,
                           size_t n)
{
    for (int hour = 0; hour < HOURS_OF_DAY; hour++) {
        size_t k = 0;
        for (size_t i = 0; i < n; i++)
            if (lag[i].hour == hour) all[k++] = lag[i].us;
        MT_TRY(mt_quantile(c->cx, &median[hour], all, k, 0.5));
    }
    for (size_t i = 0; i < n; i++) all[i] = fabs(lag[i].us - median[lag[i].hour]);
    return MT_OK;
}

static mt_code learn_delay(struct check *c)
{
    struct lag *lag;
    double median[HOURS_OF_DAY], deviation, *all;
    size_t n;
    c->out->delay = c->options->delay;
    for (int hour = 0; hour < HOURS_OF_DAY; hour++) c->due[hour] = c->options->delay;
    if (c->out->delay != MT_TIME_NONE) return MT_OK;
    MT_TRY(read_lags(c, &lag, &n));
    if (n == 0) return MT_OK;
    MT_TRY(MT_NEW(c->cx, &all, n));
    MT_TRY(learn_hours(c, median, all, lag, n));
    MT_TRY(mt_quantile(c->cx, &deviation, all, n, 0.5));
    for (int hour = 0; hour < HOURS_OF_DAY; hour++) {
        double slack = fmax(LATE_FACTOR * DEVIATION * deviation, (double)MT_US_HOUR);
        if (isnan(median[hour])) continue;
        c->due[hour] = (mt_time)(median[hour] + slack);
        if (c->due[hour] > c->out->delay) c->out->delay = c->due[hour];
    }
    return MT_OK;
}

static bool is_late(const struct check *c, const mt_observation *v)
{
    if (c->out->delay == MT_TIME_NONE || v->known_at == MT_TIME_NONE) return false;
    return v->known_at > v->start + c->due[hour_of(c, v->start)];
}

static bool same_value(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* What the versions of the periods tell: late, revised, twice. */
static void count_versions(struct check *c)
{
    bool revised = false;
    for (size_t i = 0; i < c->p->n; i++) {
        const mt_observation *v = c->p->at[i].of, *before = i ? c->p->at[i - 1].of : NULL;
        bool again = before && before->start == v->start;
        if (!again) {
            if (is_late(c, v)) count_issue(c, v->start, MT_ISSUE_LATE);
            revised = false;
            continue;
        }
        if (same_value(v->value, before->value) || v->known_at == before->known_at)
            count_issue(c, v->start, MT_ISSUE_DUPLICATE);
        if (!same_value(v->value, before->value) && !revised) {
            count_issue(c, v->start, MT_ISSUE_REVISED);
            revised = true;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The range of nine tenths of the values. */
static mt_code learn_spread(struct check *c)
{
    double low, high, *value;
    mt_mark mark = mt_arena_mark(&c->cx->arena);
    MT_TRY(MT_NEW(c->cx, &value, c->p->n));
    for (size_t i = 0; i < c->p->n; i++) value[i] = c->p->at[i].of->value;
    MT_TRY(mt_quantile(c->cx, &low, value, c->p->n, 0.05));
    MT_TRY(mt_quantile(c->cx, &high, value, c->p->n, 0.95));
    c->spread = c->p->n ? high - low : 0;
    mt_arena_reset(&c->cx->arena, mark);
    return MT_OK;
}

static bool is_outlier(const struct check *c, size_t i)
{
    double value[2 * HAMPEL_DAYS], v = c->p->at[i].of->value;
    size_t n = 0;
    for (int day = -HAMPEL_DAYS; day <= HAMPEL_DAYS; day++) {
        ptrdiff_t j = day ? mt_points_find(c->p, c->p->at[i].of->start + day * MT_US_DAY) : -1;
        if (j >= 0) value[n++] = c->p->at[j].of->value;
    }
    if (n < HAMPEL_LEAST) return false;
    qsort(value, n, sizeof *value, by_size);
    double median = mt_quantile_sorted(value, n, 0.5);
    for (size_t k = 0; k < n; k++) value[k] = fabs(value[k] - median);
    qsort(value, n, sizeof *value, by_size);
    double deviation = fmax(DEVIATION * mt_quantile_sorted(value, n, 0.5), SPREAD_FLOOR * c->spread);
    return fabs(v - median) > OUTLIER_FACTOR * deviation;
}

static void count_frozen(struct check *c)
{
    mt_time step = c->p->name->step;
    for (size_t i = 0, end; i < c->p->n; i = end) {
        const mt_observation *v = c->p->at[i].of;
        for (end = i + 1; end < c->p->n && c->p->at[end].of->value == v->value; end++)
            if (c->p->at[end].of->start - c->p->at[end - 1].of->start > (step ? step : MT_US_DAY)) break;
        mt_time length = c->p->at[end - 1].of->start - v->start + step;
        if (v->value == 0 || end - i < FROZEN_LEAST || length < FROZEN_LEAST_US) continue;
        for (size_t k = i; k < end; k++) count_issue(c, c->p->at[k].of->start, MT_ISSUE_FROZEN);
    }
}

static bool is_contradicted(const struct check *c, const mt_observation *v)
{
    for (size_t k = 0; k < c->n_peer; k++) {
        ptrdiff_t j = mt_points_find(c->peer[k], v->start);
        if (j >= 0 && mt_check_disagrees(v->value, c->peer[k]->at[j].of->value, 0)) return true;
    }
    return false;
}

static void find_peers(struct check *c)
{
    const mt_observation *a = c->p->name;
    c->n_peer = 0;
    for (size_t k = 0; k < c->n_series && c->n_peer < PEERS_MAX; k++) {
        const mt_observation *b = c->series[k].name;
        bool same = strcmp(a->kind, b->kind) == 0 && strcmp(a->area, b->area) == 0 &&
                    strcmp(a->detail, b->detail) == 0 && strcmp(a->unit, b->unit) == 0 && a->step == b->step;
        if (same && strcmp(a->source, b->source) != 0) c->peer[c->n_peer++] = &c->series[k];
    }
}

static mt_code count_values(struct check *c, mt_sun_view *sun)
{
    MT_TRY(learn_spread(c));
    MT_TRY(mt_check_sun(c->cx, sun, c->p, c->options->latitude, c->options->longitude, INT64_MAX));
    find_peers(c);
    for (size_t i = 0; i < c->p->n; i++) {
        const mt_observation *v = c->p->at[i].of;
        mt_quality_day *day = day_of(c, v->start);
        if (!day) continue;
        day->present++;
        day->count[MT_ISSUE_BOUNDS] += mt_check_bounds(v);
        day->count[MT_ISSUE_OUTLIER] += is_outlier(c, i);
        day->count[MT_ISSUE_SUN] += mt_check_night(sun, c->p, i);
        day->count[MT_ISSUE_DISAGREES] += is_contradicted(c, v);
    }
    count_frozen(c);
    return MT_OK;
}

/* Shares and score from the counts; what cannot be judged is marked. */
static void score_day(const struct check *c, mt_quality_day *day, mt_sun_kind sun)
{
    double sum = 0, weight = 0;
    bool judged[MT_ISSUE_COUNT];
    for (int k = 0; k < MT_ISSUE_COUNT; k++) judged[k] = day->present > 0;
    if (day->expected > day->present) day->count[MT_ISSUE_GAP] = (int64_t)(day->expected - day->present);
    judged[MT_ISSUE_GAP] = day->expected > 0;
    judged[MT_ISSUE_LATE] = day->present > 0 && c->out->delay != MT_TIME_NONE;
    judged[MT_ISSUE_SUN] = day->present > 0 && sun != MT_SUN_NONE;
    judged[MT_ISSUE_DISAGREES] = day->present > 0 && c->n_peer > 0;
    for (int k = 0; k < MT_ISSUE_COUNT; k++) {
        double of = (double)(k == MT_ISSUE_GAP ? day->expected : day->present);
        day->part[k] = judged[k] ? fmax(0, 1 - (double)day->count[k] / of) : NAN;
        if (!judged[k]) {
            day->count[k] = INT64_MIN;
            continue;
        }
        sum += issue_weight[k] * day->part[k];
        weight += issue_weight[k];
    }
    day->score = weight > 0 ? sum / weight : NAN;
}

static void add_day(mt_quality_day *whole, const mt_quality_day *day)
{
    whole->expected += day->expected;
    whole->present += day->present;
    for (int k = 0; k < MT_ISSUE_COUNT; k++) whole->count[k] += day->count[k];
}

static mt_code check_series(struct check *c)
{
    mt_sun_view sun;
    mt_series_quality *s = c->out;
    mt_points_thin(c->p);
    MT_TRY(count_values(c, &sun));
    s->whole.day = MT_DAY_NONE;
    for (size_t k = 0; k < s->days; k++) add_day(&s->whole, &c->day[k]);
    score_day(c, &s->whole, sun.kind);
    for (size_t k = 0; k < s->days; k++) score_day(c, &c->day[k], sun.kind);
    s->on_time = s->whole.part[MT_ISSUE_LATE];
    s->sla_met = s->on_time >= c->options->share;
    return MT_OK;
}

const char *mt_issue_name(mt_issue issue)
{
    return (unsigned)issue < MT_ISSUE_COUNT ? issue_name[issue] : "unknown";
}

double mt_issue_weight(mt_issue issue)
{
    return (unsigned)issue < MT_ISSUE_COUNT ? issue_weight[issue] : 0;
}

mt_code mt_series_quality_of(mt_ctx *cx, mt_series_quality **out, size_t *n_out, const mt_observation *value,
                             size_t n, const mt_series_quality_options *options)
{
    struct check *c;
    mt_series_quality *report;
    size_t n_series;
    mt_points *series;
    MT_TRY(mt_points_group(cx, &series, &n_series, value, n, NULL, 0));
    MT_TRY(MT_NEW(cx, &report, n_series));
    MT_TRY(MT_NEW(cx, &c, n_series));
    for (size_t k = 0; k < n_series; k++) {
        c[k] = (struct check){.cx = cx, .options = options, .p = &series[k], .out = &report[k]};
        c[k].series = series, c[k].n_series = n_series;
        report[k].name = series[k].name;
        MT_TRY(learn_delay(&c[k]));
        MT_TRY(make_days(&c[k]));
        count_versions(&c[k]);
    }
    for (size_t k = 0; k < n_series; k++) mt_points_thin(&series[k]); /* peers are asked for what stands */
    for (size_t k = 0; k < n_series; k++) MT_TRY(check_series(&c[k]));
    *out = report;
    *n_out = n_series;
    return MT_OK;
}
