/* Live points: kept small while they come, folded into quarters when capacities are known.
 *
 * Whether a point is good depends on the capacity of its day, and data sheets may come after it; so points
 * are kept in 8 to 12 bytes each until the desk is finished, and then each is touched once. */
#include "vpp/desk/maker.h"

#include "num/wide.h"

#include <stdlib.h>
#include <string.h>

enum { US_MS = 1000, QUARTER_MS = 900000, FIRST_ROOM = 1440 };

#define SMALL_NONE    INT32_MIN
#define QUALITY_LEAST (MT_MICRO_ONE / 2)

struct mt_live_fold {
    size_t n, room;
    int64_t base_ms;     /* of the first point */
    int32_t *since_ms;   /* from base */
    int32_t *watt;       /* NULL: powers are not all whole W; SMALL_NONE: not good */
    mt_micro *kw;        /* then these; MT_MICRO_NONE: not good */
    mt_time from, until; /* points outside [from, until) are passed over */
    mt_time last;
    mt_spot disorder, bad_quality;
};

mt_code mt_desk_live_fold(mt_ctx *cx, mt_live_fold **out, const mt_desk_maker *m)
{
    mt_live_fold *f = calloc(1, sizeof *f);
    if (!f) return mt_fail(cx, MT_E_MEMORY, "no memory for live points");
    mt_time as_of = m->desk.options.as_of;
    f->from = m->desk.grid.start - m->desk.options.live_hold;
    f->until = mt_maker_end(m);
    if (as_of != MT_TIME_NONE && as_of < f->until) f->until = as_of + 1;
    f->last = MT_TIME_NONE;
    *out = f;
    return MT_OK;
}

void mt_live_fold_close(mt_live_fold *f)
{
    if (!f) return;
    free(f->since_ms);
    free(f->watt);
    free(f->kw);
    free(f);
}

size_t mt_live_fold_n(const mt_live_fold *f)
{
    return f->n;
}

static bool widen(void *column, size_t n, size_t size)
{
    void *old, *more;
    memcpy(&old, column, sizeof old);
    more = realloc(old, n * size);
    if (more) memcpy(column, &more, sizeof more);
    return more != NULL;
}

static mt_code make_room(mt_ctx *cx, mt_live_fold *f, size_t n)
{
    size_t room = f->room * 2 > f->n + n ? f->room * 2 : f->n + n;
    if (f->n + n <= f->room) return MT_OK;
    if (room < FIRST_ROOM) room = FIRST_ROOM;
    bool done = widen(&f->since_ms, room, sizeof *f->since_ms) &&
                (f->kw ? widen(&f->kw, room, sizeof *f->kw) : widen(&f->watt, room, sizeof *f->watt));
    if (!done) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu live points", room);
    f->room = room;
    return MT_OK;
}

static mt_micro power_at(const mt_live_fold *f, size_t k)
{
    if (f->kw) return f->kw[k];
    return f->watt[k] == SMALL_NONE ? MT_MICRO_NONE : (mt_micro)f->watt[k] * 1000;
}

/* Powers that are no whole W within 2 GW take 8 bytes each from here on. */
static mt_code use_long(mt_ctx *cx, mt_live_fold *f)
{
    mt_micro *kw = malloc(f->room * sizeof *kw);
    if (!kw) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu live points", f->room);
    for (size_t k = 0; k < f->n; k++) kw[k] = power_at(f, k);
    free(f->watt);
    f->watt = NULL;
    f->kw = kw;
    return MT_OK;
}

static mt_code put_power(mt_ctx *cx, mt_live_fold *f, mt_micro power_kw)
{
    if (!f->kw) {
        int64_t watt = power_kw / 1000;
        if (power_kw == MT_MICRO_NONE) return f->watt[f->n] = SMALL_NONE, MT_OK;
        if (watt * 1000 == power_kw && watt > SMALL_NONE && watt <= INT32_MAX)
            return f->watt[f->n] = (int32_t)watt, MT_OK;
        MT_TRY(use_long(cx, f));
    }
    f->kw[f->n] = power_kw;
    return MT_OK;
}

mt_code mt_live_fold_add(mt_ctx *cx, mt_live_fold *f, const mt_live_points *p)
{
    MT_TRY(make_room(cx, f, p->n));
    for (size_t k = 0; k < p->n; k++) {
        mt_time t = p->time[k];
        if (t < f->from || t >= f->until) continue; /* also what is missing */
        if (t < f->last) mt_spot_add(&f->disorder, t, (double)p->power_kw[k] / 1e6);
        f->last = t;
        mt_micro power = p->power_kw[k], quality = p->quality ? p->quality[k] : MT_MICRO_ONE;
        if (quality < QUALITY_LEAST) {
            mt_spot_add(&f->bad_quality, t, quality == MT_MICRO_NONE ? 0 : (double)quality / 1e6);
            power = MT_MICRO_NONE;
        }
        int64_t ms = mt_time_floor(t, US_MS) / US_MS;
        if (f->n == 0) f->base_ms = ms;
        int64_t since = ms - f->base_ms;
        if (since < INT32_MIN || since > INT32_MAX)
            return mt_fail(cx, MT_E_INPUT, "live points of one file lie more than 24 days apart");
        MT_TRY(put_power(cx, f, power));
        f->since_ms[f->n++] = (int32_t)since;
    }
    return MT_OK;
}

/* ---- folding */

typedef struct point {
    int64_t ms;
    mt_micro kw;
    uint32_t order; /* of the file among those of the asset, then of the point in it */
    uint32_t file;
} point;

typedef struct folding {
    mt_desk_maker *m;
    const mt_asset_work *work;
    mt_live_quarter *quarter;
    int64_t start_ms, end_ms, hold_ms;
    /* the point that stands */
    bool there, good;
    int64_t since_ms;
    mt_micro kw;
    int origin; /* of its file */
    /* the quarter in hand */
    size_t q;
    int64_t q_end_ms;
    mt_wide sum; /* micro-kW x ms */
    int32_t ms;
    /* the day in hand */
    int64_t day_from_ms, day_until_ms;
    mt_micro most_kw;
    /* the quarter that was asked for last */
    mt_time night_at;
    bool night;
    /* the file in hand */
    int file;
    mt_spot spot[MT_FINDING_COUNT];
} folding;

static void end_quarter(folding *f)
{
    if (f->ms == 0) return;
    mt_live_quarter *out = &f->quarter[f->q];
    mt_wide above = f->sum * 250, below = (mt_wide)f->ms * MT_MICRO_ONE;
    out->wh = (int64_t)((above + (above < 0 ? -below / 2 : below / 2)) / below);
    out->good_ms = f->ms;
    f->sum = 0;
    f->ms = 0;
}

static void begin_quarter(folding *f, int64_t ms)
{
    end_quarter(f);
    f->q = (size_t)((ms - f->start_ms) / QUARTER_MS);
    f->q_end_ms = f->start_ms + (int64_t)(f->q + 1) * QUARTER_MS;
}

/* The standing point's power from its time until `to`. */
static void stand_until(folding *f, int64_t to)
{
    int64_t from = f->since_ms;
    if (to > from + f->hold_ms) to = from + f->hold_ms;
    if (!f->there || !f->good) return;
    if (from < f->start_ms) from = f->start_ms;
    if (to > f->end_ms) to = f->end_ms;
    while (from < to) {
        if (from >= f->q_end_ms) begin_quarter(f, from);
        int64_t until = to < f->q_end_ms ? to : f->q_end_ms;
        f->sum += (mt_wide)f->kw * (until - from);
        f->ms += (int32_t)(until - from);
        f->quarter[f->q].origin = f->origin;
        from = until;
    }
}

/* What 110 % of the capacity are on the day of `ms`. */
static void enter_day(folding *f, int64_t ms)
{
    mt_desk_maker *m = f->m;
    int64_t q = ms < f->start_ms ? 0 : (ms - f->start_ms) / QUARTER_MS;
    size_t day = mt_maker_day_of(m, (size_t)q < m->desk.grid.n ? (size_t)q : m->desk.grid.n - 1);
    int64_t capacity_w = f->work->asset->capacity_by_day[day], most;
    f->day_from_ms = day == 0 ? INT64_MIN : f->start_ms + (int64_t)m->day_at[day] * QUARTER_MS;
    f->day_until_ms =
        day + 1 == m->n_days ? INT64_MAX : f->start_ms + (int64_t)m->day_at[day + 1] * QUARTER_MS;
    f->most_kw = INT64_MAX;
    if (capacity_w != MT_MICRO_NONE && !__builtin_mul_overflow(capacity_w, 1100, &most)) f->most_kw = most;
}

static void judge_point(folding *f, int64_t ms, mt_micro kw)
{
    mt_time t = ms * US_MS;
    if (ms < f->start_ms) return;
    if (kw > f->most_kw) mt_spot_add(&f->spot[MT_F_ABOVE_CAPACITY], t, (double)kw / 1e6);
    if (kw >= 0) return;
    mt_time quarter = mt_time_floor(t, MT_QUARTER);
    if (f->night_at != quarter) f->night = mt_maker_night(f->work->asset->plant, quarter);
    f->night_at = quarter;
    mt_spot_add(&f->spot[f->night ? MT_F_NIGHT : MT_F_NEGATIVE], t, (double)kw / 1e6);
}

static inline void fold_point(folding *f, int64_t ms, mt_micro kw)
{
    if (f->there && f->since_ms == ms) { /* of points with one time the last counts */
        mt_spot_add(&f->spot[MT_F_DUPLICATE_TIME], ms * US_MS, (double)kw / 1e6);
    } else {
        stand_until(f, ms);
    }
    if (ms < f->day_from_ms || ms >= f->day_until_ms) enter_day(f, ms);
    f->there = true;
    f->since_ms = ms;
    f->kw = kw;
    f->origin = f->file;
    f->good = kw != MT_MICRO_NONE && kw <= f->most_kw;
    if (kw != MT_MICRO_NONE && (kw < 0 || !f->good)) judge_point(f, ms, kw);
}

static mt_code tell_file(folding *f, const mt_raw *raw)
{
    mt_live_fold *live = raw->live;
    if (live) f->spot[MT_F_DISORDER] = live->disorder, f->spot[MT_F_BAD_QUALITY] = live->bad_quality;
    mt_code code =
        mt_maker_spots(f->m, f->spot, f->work->asset->asset_id, mt_maker_origin(f->m, raw->origin)->name);
    memset(f->spot, 0, sizeof f->spot);
    return code;
}

/* Files whose points follow each other are folded as they lie. */
static mt_code fold_in_place(folding *f, mt_raw *const *raw, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        mt_live_fold *live = raw[k]->live;
        f->file = f->m->origin[raw[k]->origin].shown;
        for (size_t p = 0; p < live->n; p++)
            fold_point(f, live->base_ms + live->since_ms[p], power_at(live, p));
        MT_TRY(tell_file(f, raw[k]));
    }
    return MT_OK;
}

static int compare_points(const void *a, const void *b)
{
    const point *x = a, *y = b;
    if (x->ms != y->ms) return x->ms < y->ms ? -1 : 1;
    if (x->file != y->file) return x->file < y->file ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* All points of the asset, put in order. */
static mt_code sort_points(folding *f, mt_raw *const *raw, size_t n, point **out, size_t *n_out)
{
    size_t total = 0;
    point *all;
    for (size_t k = 0; k < n; k++) total += raw[k]->live->n;
    MT_TRY(mt_ctx_alloc(&f->m->scratch, &all, total, sizeof *all));
    *out = all;
    for (size_t k = 0; k < n; k++) {
        const mt_live_fold *live = raw[k]->live;
        for (size_t p = 0; p < live->n; p++)
            *all++ = (point){live->base_ms + live->since_ms[p], power_at(live, p), (uint32_t)p, (uint32_t)k};
    }
    *n_out = total;
    qsort(*out, total, sizeof **out, compare_points);
    return MT_OK;
}

/* Findings are told by the last file of the points in hand: of duplicates that is the one that counts. */
static mt_code fold_sorted(folding *f, mt_raw *const *raw, size_t n)
{
    mt_mark mark = mt_arena_mark(&f->m->scratch.arena);
    mt_spot(*of_file)[MT_FINDING_COUNT];
    point *p;
    size_t n_points;
    MT_TRY(sort_points(f, raw, n, &p, &n_points));
    MT_TRY(mt_ctx_alloc(&f->m->scratch, &of_file, n, sizeof *of_file));
    for (size_t k = 0; k < n_points; k++) {
        size_t file = p[k].file;
        memcpy(f->spot, of_file[file], sizeof f->spot);
        f->file = f->m->origin[raw[file]->origin].shown;
        fold_point(f, p[k].ms, p[k].kw);
        memcpy(of_file[file], f->spot, sizeof f->spot);
    }
    for (size_t k = 0; k < n; k++) {
        memcpy(f->spot, of_file[k], sizeof f->spot);
        MT_TRY(tell_file(f, raw[k]));
    }
    mt_arena_reset(&f->m->scratch.arena, mark);
    return MT_OK;
}

static bool is_ordered(const mt_raw *raw, int64_t *last_ms)
{
    const mt_live_fold *live = raw->live;
    if (live->n == 0) return true;
    if (live->disorder.count || live->base_ms + live->since_ms[0] <= *last_ms) return false;
    *last_ms = live->base_ms + live->since_ms[live->n - 1];
    return true;
}

static mt_code fold_files(folding *f, mt_raw *const *raw, size_t n)
{
    bool ordered = true;
    int64_t last_ms = INT64_MIN;
    for (size_t k = 0; k < n; k++) ordered = ordered && is_ordered(raw[k], &last_ms);
    MT_TRY(ordered ? fold_in_place(f, raw, n) : fold_sorted(f, raw, n));
    if (f->there) stand_until(f, f->since_ms + f->hold_ms);
    end_quarter(f);
    return MT_OK;
}

mt_code mt_desk_live_column(mt_desk_maker *m, mt_asset_work *work)
{
    mt_raw *const *raw;
    mt_live_quarter *quarter;
    size_t n = mt_maker_range(m, MT_RAW_LIVE, work->asset->asset_id, &raw), points = 0;
    for (size_t k = 0; k < n; k++) points += raw[k]->live ? raw[k]->live->n : 0;
    if (points == 0) return MT_OK;
    MT_TRY(mt_ctx_alloc(&m->own, &quarter, m->desk.grid.n, sizeof *quarter));
    for (size_t k = 0; k < m->desk.grid.n; k++) quarter[k] = (mt_live_quarter){MT_WH_NONE, 0, -1};
    folding f = {.m = m, .work = work, .quarter = quarter};
    f.start_ms = m->desk.grid.start / US_MS;
    f.end_ms = mt_maker_end(m) / US_MS;
    f.hold_ms = m->desk.options.live_hold / US_MS;
    f.q_end_ms = INT64_MIN;
    f.day_from_ms = INT64_MAX;
    f.night_at = MT_TIME_NONE;
    MT_TRY(fold_files(&f, raw, n));
    work->asset->live = quarter;
    for (size_t k = 0; k < n; k++) {
        mt_live_fold_close(raw[k]->live);
        raw[k]->live = NULL;
    }
    return MT_OK;
}
