/* Columns: meters, flags, schedules, outages, weather and prices laid onto the grid of quarters, the
 * newest file last. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <string.h>

mt_code mt_laying_open(mt_desk_maker *m, mt_laying *l)
{
    *l = (mt_laying){.m = m, .grid = m->desk.grid};
    return mt_ctx_alloc(&m->scratch, &l->stamp, l->grid.n, sizeof *l->stamp);
}

void mt_laying_begin(mt_laying *l)
{
    l->file++;
    l->last = MT_TIME_NONE;
    memset(l->spot, 0, sizeof l->spot);
}

bool mt_laying_place(mt_laying *l, const mt_price_value *v, size_t *from, size_t *to)
{
    mt_time grid_end = l->grid.start + (mt_time)l->grid.n * MT_QUARTER, start = v->start, end = v->end;
    double value = (double)v->price / 1e6;
    if (v->price == MT_MICRO_NONE) value = NAN;
    if (start < l->last) mt_spot_add(&l->spot[MT_F_DISORDER], start, value);
    l->last = start;
    if (start % MT_QUARTER != 0) return mt_spot_add(&l->spot[MT_F_OFF_GRID], start, value), false;
    if (end == MT_TIME_NONE) end = start + MT_QUARTER;
    if (end <= start) return mt_spot_add(&l->spot[MT_F_BAD_ROW], start, value), false;
    if (start < l->grid.start) start = l->grid.start;
    if (end > grid_end) end = grid_end;
    if (start >= end) return false;
    *from = (size_t)((start - l->grid.start) / MT_QUARTER);
    *to = (size_t)((end - l->grid.start + MT_QUARTER - 1) / MT_QUARTER);
    if (l->stamp[*from] == l->file) mt_spot_add(&l->spot[MT_F_DUPLICATE_TIME], start, value);
    return true;
}

mt_code mt_laying_end(mt_laying *l, const mt_raw *raw, const char *subject)
{
    return mt_maker_spots(l->m, l->spot, subject, mt_maker_origin(l->m, raw->origin)->name);
}

/* From here on another column. */
static void clear_stamps(mt_laying *l)
{
    memset(l->stamp, 0, l->grid.n * sizeof *l->stamp);
}

static mt_code fill_wh(mt_desk_maker *m, int64_t **out)
{
    MT_TRY(mt_ctx_alloc(&m->own, out, m->desk.grid.n, sizeof **out));
    for (size_t k = 0; k < m->desk.grid.n; k++) (*out)[k] = INT64_MIN; /* MT_WH_NONE, MT_MICRO_NONE */
    return MT_OK;
}

static mt_code fill_origin(mt_desk_maker *m, int32_t **out)
{
    MT_TRY(mt_ctx_alloc(&m->own, out, m->desk.grid.n, sizeof **out));
    for (size_t k = 0; k < m->desk.grid.n; k++) (*out)[k] = -1;
    return MT_OK;
}

/* ---- metering */

static void judge_meter(mt_laying *l, const mt_desk_asset *a, size_t q, const mt_meter_value *v)
{
    int64_t capacity_w = a->capacity_by_day[mt_maker_day_of(l->m, q)], most;
    double kw = (double)v->power_kw / 1e6;
    bool limited = capacity_w != MT_MICRO_NONE && !__builtin_mul_overflow(capacity_w, 1000, &most);
    if (limited && v->power_kw > most) mt_spot_add(&l->spot[MT_F_ABOVE_CAPACITY], v->start, kw);
    if (v->power_kw < 0)
        mt_spot_add(&l->spot[mt_maker_night(a->plant, v->start) ? MT_F_NIGHT : MT_F_NEGATIVE], v->start, kw);
}

static void lay_meter(mt_laying *l, const mt_asset_work *w, const mt_raw *raw, int64_t *wh, int32_t *origin)
{
    const mt_meter_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        size_t q, end;
        if (v[k].start < l->grid.start || v[k].power_kw == MT_MICRO_NONE) continue; /* or history */
        if (!mt_laying_place(l, &(mt_price_value){v[k].start, MT_TIME_NONE, v[k].power_kw}, &q, &end))
            continue;
        if (w->meter_of_day[mt_maker_day_of(l->m, q)] != raw->subject) continue;
        l->stamp[q] = l->file;
        wh[q] = mt_wh_of_kw(v[k].power_kw);
        origin[q] = l->m->origin[raw->origin].shown;
        judge_meter(l, w->asset, q, &v[k]);
    }
}

/* Each metering point of the asset once. */
static const char *next_meter(const mt_desk_maker *m, const mt_asset_work *w, size_t *day)
{
    for (; *day < m->n_days; ++*day) {
        const char *name = w->meter_of_day[*day];
        bool known = name == NULL;
        for (size_t d = 0; d < *day && !known; d++) known = w->meter_of_day[d] == name;
        if (!known) return ++*day, name;
    }
    return NULL;
}

static mt_code meter_column(mt_desk_maker *m, mt_asset_work *w, mt_laying *l)
{
    int64_t *wh = NULL;
    int32_t *origin = NULL;
    mt_raw *const *raw;
    size_t day = 0;
    for (const char *name; (name = next_meter(m, w, &day)) != NULL;) {
        size_t n = mt_maker_range(m, MT_RAW_METER, name, &raw);
        if (n && !wh) {
            MT_TRY(fill_wh(m, &wh));
            MT_TRY(fill_origin(m, &origin));
        }
        for (size_t k = 0; k < n; k++) {
            mt_laying_begin(l);
            lay_meter(l, w, raw[k], wh, origin);
            MT_TRY(mt_laying_end(l, raw[k], w->asset->asset_id));
        }
    }
    w->asset->meter_wh = wh;
    w->asset->meter_origin = origin;
    return MT_OK;
}

void mt_desk_history(mt_desk_maker *m, const mt_asset_work *w, mt_grid window, int64_t *wh)
{
    mt_raw *const *raw;
    const char *name = w->meter_of_day[0];
    size_t n = name ? mt_maker_range(m, MT_RAW_METER, name, &raw) : 0;
    for (size_t k = 0; k < window.n; k++) wh[k] = MT_WH_NONE;
    for (size_t k = 0; k < n; k++) {
        const mt_meter_value *v = raw[k]->value;
        for (size_t i = 0; i < raw[k]->n; i++) {
            ptrdiff_t q = mt_grid_index(window, v[i].start);
            if (q < 0 || v[i].start % MT_QUARTER || v[i].power_kw == MT_MICRO_NONE) continue;
            wh[q] = mt_wh_of_kw(v[i].power_kw);
        }
    }
}

/* ---- redispatch */

typedef struct flags {
    uint8_t *redispatched;
    mt_micro *setpoint_kw;
    int32_t *origin;
} flags;

static void set_flag(mt_laying *l, const flags *to, const mt_raw *raw, const mt_redispatch_value *v, size_t q)
{
    bool other = l->stamp[q] != 0 && l->stamp[q] != l->file &&
                 (to->redispatched[q] != (v->redispatched ? 1 : 0) || to->setpoint_kw[q] != v->setpoint_kw);
    if (other) {
        mt_time start = l->grid.start + (mt_time)q * MT_QUARTER;
        mt_spot_add(&l->spot[MT_F_REDISPATCH], start, v->redispatched ? 1 : 0);
    }
    l->stamp[q] = l->file;
    to->redispatched[q] = v->redispatched ? 1 : 0;
    to->setpoint_kw[q] = v->setpoint_kw;
    to->origin[q] = l->m->origin[raw->origin].shown;
}

static void lay_flags(mt_laying *l, const mt_asset_work *w, const mt_raw *raw, const flags *to)
{
    const mt_redispatch_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        size_t from, end;
        if (!mt_laying_place(l, &(mt_price_value){v[k].start, v[k].end, v[k].setpoint_kw}, &from, &end))
            continue;
        for (size_t q = from; q < end; q++) {
            if (w->meter_of_day[mt_maker_day_of(l->m, q)] == raw->subject) set_flag(l, to, raw, &v[k], q);
        }
    }
}

static mt_code open_flags(mt_desk_maker *m, mt_asset_work *w, flags *to)
{
    MT_TRY(mt_ctx_alloc(&m->own, &to->redispatched, m->desk.grid.n, 1));
    MT_TRY(fill_wh(m, &to->setpoint_kw));
    MT_TRY(fill_origin(m, &to->origin));
    w->asset->redispatched = to->redispatched;
    w->asset->setpoint_kw = to->setpoint_kw;
    w->asset->redispatch_origin = to->origin;
    return MT_OK;
}

static mt_code flag_columns(mt_desk_maker *m, mt_asset_work *w, mt_laying *l)
{
    flags to = {NULL, NULL, NULL};
    mt_raw *const *raw;
    size_t day = 0;
    for (const char *name; (name = next_meter(m, w, &day)) != NULL;) {
        size_t n = mt_maker_range(m, MT_RAW_REDISPATCH, name, &raw);
        for (size_t k = 0; k < n; k++) {
            if (raw[k]->n == 0) continue;
            if (!to.redispatched) MT_TRY(open_flags(m, w, &to));
            mt_laying_begin(l);
            lay_flags(l, w, raw[k], &to);
            MT_TRY(mt_laying_end(l, raw[k], w->asset->asset_id));
        }
    }
    return MT_OK;
}

/* ---- schedules, outages, weather: of the asset itself */

static void lay_schedule(mt_laying *l, const mt_raw *raw, int64_t *wh)
{
    const mt_forecast_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        size_t from, end;
        if (v[k].power_kw == MT_MICRO_NONE) continue;
        if (!mt_laying_place(l, &(mt_price_value){v[k].start, v[k].end, v[k].power_kw}, &from, &end))
            continue;
        for (size_t q = from; q < end; q++) {
            l->stamp[q] = l->file;
            wh[q] = mt_wh_of_kw(v[k].power_kw);
        }
    }
}

/* Mean power out of service in each quarter; outages of one file add up, a newer file's stand for an
 * older's. */
static void lay_outage(mt_laying *l, const mt_raw *raw, mt_micro *kw)
{
    const mt_outage_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        mt_time grid_end = l->grid.start + (mt_time)l->grid.n * MT_QUARTER;
        mt_time start = v[k].start > l->grid.start ? v[k].start : l->grid.start;
        mt_time end = v[k].end == MT_TIME_NONE || v[k].end > grid_end ? grid_end : v[k].end;
        if (v[k].power_kw == MT_MICRO_NONE) continue;
        for (mt_time t = start, until; t < end; t = until) {
            size_t q = (size_t)((t - l->grid.start) / MT_QUARTER);
            until = l->grid.start + (mt_time)(q + 1) * MT_QUARTER;
            if (until > end) until = end;
            if (l->stamp[q] != l->file || kw[q] == MT_MICRO_NONE) kw[q] = 0;
            l->stamp[q] = l->file;
            kw[q] += mt_exact_ratio(v[k].power_kw, until - t, MT_QUARTER);
        }
    }
}

static bool is_missing(const mt_weather_value *v)
{
    return isnan(v->irradiance_w_m2) && isnan(v->wind_m_s) && isnan(v->temperature_c) &&
           isnan(v->cloud_share);
}

static void lay_weather(mt_laying *l, const mt_raw *raw, mt_weather_value *weather)
{
    const mt_weather_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        size_t from, end;
        if (is_missing(&v[k])) continue;
        if (!mt_laying_place(l, &(mt_price_value){v[k].start, v[k].end, MT_MICRO_NONE}, &from, &end))
            continue;
        for (size_t q = from; q < end; q++) {
            l->stamp[q] = l->file;
            weather[q] = v[k];
            weather[q].start = l->grid.start + (mt_time)q * MT_QUARTER;
            weather[q].end = weather[q].start + MT_QUARTER;
        }
    }
}

static mt_code open_weather(mt_desk_maker *m, mt_weather_value **out)
{
    MT_TRY(mt_ctx_alloc(&m->own, out, m->desk.grid.n, sizeof **out));
    for (size_t q = 0; q < m->desk.grid.n; q++) {
        mt_time start = m->desk.grid.start + (mt_time)q * MT_QUARTER;
        (*out)[q] = (mt_weather_value){start, start + MT_QUARTER, NAN, NAN, NAN, NAN, NAN};
    }
    return MT_OK;
}

static size_t count_values(mt_raw *const *raw, size_t n)
{
    size_t total = 0;
    for (size_t k = 0; k < n; k++) total += raw[k]->n;
    return total;
}

/* The column of one kind; NULL stays where nobody delivered one. */
static mt_code own_column(mt_desk_maker *m, mt_asset_work *w, mt_laying *l, mt_raw_kind kind)
{
    mt_raw *const *raw;
    mt_weather_value *weather = NULL;
    int64_t *value = NULL;
    size_t n = mt_maker_range(m, kind, w->asset->asset_id, &raw);
    if (count_values(raw, n) == 0) return MT_OK;
    if (kind == MT_RAW_WEATHER)
        MT_TRY(open_weather(m, &weather));
    else
        MT_TRY(fill_wh(m, &value));
    for (size_t k = 0; k < n; k++) {
        mt_laying_begin(l);
        if (kind == MT_RAW_WEATHER)
            lay_weather(l, raw[k], weather);
        else if (kind == MT_RAW_OUTAGE)
            lay_outage(l, raw[k], value);
        else
            lay_schedule(l, raw[k], value);
        MT_TRY(mt_laying_end(l, raw[k], w->asset->asset_id));
    }
    if (kind == MT_RAW_WEATHER)
        w->asset->weather = weather;
    else if (kind == MT_RAW_OUTAGE)
        w->asset->outage_kw = value;
    else
        w->asset->sold_wh = value;
    return MT_OK;
}

mt_code mt_desk_columns(mt_desk_maker *m, mt_asset_work *w)
{
    static const mt_raw_kind own[] = {MT_RAW_SCHEDULE, MT_RAW_OUTAGE, MT_RAW_WEATHER};
    mt_mark mark = mt_arena_mark(&m->scratch.arena);
    mt_laying l;
    MT_TRY(mt_laying_open(m, &l));
    MT_TRY(meter_column(m, w, &l));
    for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
        clear_stamps(&l);
        MT_TRY(own_column(m, w, &l, own[k]));
    }
    clear_stamps(&l);
    MT_TRY(flag_columns(m, w, &l));
    mt_arena_reset(&m->scratch.arena, mark);
    return MT_OK;
}

/* ---- prices */

static void lay_price(mt_laying *l, const mt_raw *raw, mt_micro *price, int32_t *origin)
{
    const mt_price_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        size_t from, end;
        if (v[k].price == MT_MICRO_NONE || !mt_laying_place(l, &v[k], &from, &end)) continue;
        for (size_t q = from; q < end; q++) {
            l->stamp[q] = l->file;
            price[q] = v[k].price;
            origin[q] = l->m->origin[raw->origin].shown;
        }
    }
}

static mt_code price_column(mt_desk_maker *m, mt_laying *l, mt_vpp_price kind, const char *subject)
{
    mt_raw *const *raw;
    mt_micro *price;
    int32_t *origin;
    size_t n = subject ? mt_maker_range(m, MT_RAW_PRICE, subject, &raw) : 0;
    if (n == 0 || count_values(raw, n) == 0) return MT_OK;
    MT_TRY(fill_wh(m, &price));
    MT_TRY(fill_origin(m, &origin));
    clear_stamps(l);
    for (size_t k = 0; k < n; k++) {
        mt_laying_begin(l);
        lay_price(l, raw[k], price, origin);
        MT_TRY(mt_laying_end(l, raw[k], subject));
    }
    m->desk.price[kind] = (mt_desk_prices){price, origin};
    return MT_OK;
}

static void lay_beside(const mt_desk_maker *m, const mt_raw *raw, mt_micro *beside)
{
    mt_time first = m->desk.grid.start - MT_BESIDE * MT_QUARTER;
    mt_time last = mt_maker_end(m) + MT_BESIDE * MT_QUARTER;
    const mt_price_value *v = raw->value;
    for (size_t k = 0; k < raw->n; k++) {
        mt_time end = v[k].end == MT_TIME_NONE ? v[k].start + MT_QUARTER : v[k].end;
        if (v[k].price == MT_MICRO_NONE || v[k].start % MT_QUARTER != 0) continue;
        for (mt_time t = v[k].start < first ? first : v[k].start; t < end && t < last; t += MT_QUARTER)
            beside[(t - first) / MT_QUARTER] = v[k].price;
    }
}

/* What is unusual in these prices was told when they were laid onto the range. */
static mt_code beside_column(mt_desk_maker *m)
{
    mt_raw *const *raw;
    mt_micro *beside;
    const char *subject;
    MT_TRY(mt_maker_name(m, &subject, mt_maker_price_name(MT_PRICE_OF_DAY_AHEAD)));
    size_t room = m->desk.grid.n + (size_t)2 * MT_BESIDE, n = mt_maker_range(m, MT_RAW_BESIDE, subject, &raw);
    if (count_values(raw, n) == 0) return MT_OK;
    MT_TRY(mt_ctx_alloc(&m->own, &beside, room, sizeof *beside));
    for (size_t k = 0; k < room; k++) beside[k] = MT_MICRO_NONE;
    for (size_t k = 0; k < n; k++) lay_beside(m, raw[k], beside);
    m->beside = beside;
    return MT_OK;
}

mt_code mt_desk_price_columns(mt_desk_maker *m)
{
    mt_laying l;
    MT_TRY(mt_laying_open(m, &l));
    for (int kind = 0; kind < MT_VPP_PRICE_COUNT; kind++) {
        const char *subject;
        MT_TRY(mt_maker_name(m, &subject, mt_maker_price_name((mt_vpp_price)kind)));
        MT_TRY(price_column(m, &l, (mt_vpp_price)kind, subject));
    }
    return beside_column(m);
}
