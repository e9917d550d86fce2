/* The desk from opening to closing, and how rooms look at it. */
#include "vpp/desk.h"

#include "vpp/desk/maker.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_MAX = 400 };

static mt_code check_options(mt_ctx *cx, const mt_desk_options *o)
{
    char first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    if (mt_day_text(o->first, first) == 0 || mt_day_text(o->last, last) == 0)
        return mt_fail(cx, MT_E_INPUT, "a desk needs its first and its last day");
    if (!o->zone)
        return mt_fail(cx, MT_E_INPUT, "a desk needs the zone of its delivery days, e.g. Europe/Berlin");
    if (o->first > o->last)
        return mt_fail(cx, MT_E_INPUT, "the first day %s is after the last day %s", first, last);
    if (o->last - o->first >= DAYS_MAX)
        return mt_fail(cx, MT_E_INPUT, "%s to %s are %lld days; right would be at most %d", first, last,
                       (long long)o->last - o->first + 1, DAYS_MAX);
    return MT_OK;
}

/* The grid of quarters and where its days begin. */
static mt_code lay_grid(mt_ctx *cx, mt_desk_maker *m)
{
    const mt_desk_options *o = &m->desk.options;
    size_t *day_at, n = 0;
    m->n_days = (size_t)(o->last - o->first) + 1;
    MT_TRY(mt_maker_pass(cx, m, mt_ctx_alloc(&m->own, &day_at, m->n_days + 1, sizeof *day_at)));
    for (size_t d = 0; d < m->n_days; d++) {
        mt_grid day;
        MT_TRY(mt_day_grid(cx, &day, o->zone, o->first + (mt_day)d, MT_QUARTER));
        if (day.start % MT_QUARTER)
            return mt_fail(cx, MT_E_INPUT, "days of %s do not begin on quarter hours of UTC",
                           mt_zone_name(o->zone));
        if (d == 0) m->desk.grid.start = day.start;
        day_at[d] = n;
        n += day.n;
    }
    day_at[m->n_days] = n;
    m->day_at = day_at;
    m->desk.grid.step = MT_QUARTER;
    m->desk.grid.n = n;
    return MT_OK;
}

mt_code mt_desk_open(mt_ctx *cx, mt_desk_maker **out, const mt_desk_options *options)
{
    mt_desk_options o = {.as_of = MT_TIME_NONE};
    memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    if (o.live_hold <= 0) o.live_hold = 120 * MT_US_SECOND;
    if (o.live_share <= 0) o.live_share = MT_MICRO_ONE * 8 / 10;
    MT_TRY(check_options(cx, &o));
    mt_desk_maker *m = calloc(1, sizeof *m);
    if (!m) return mt_fail(cx, MT_E_MEMORY, "no memory for a desk");
    const mt_ctx_options plain = {.size = sizeof plain, .allocator = cx->options.allocator};
    mt_ctx_init(&m->own, &plain);
    mt_ctx_init(&m->raw, &plain);
    mt_ctx_init(&m->scratch, &plain);
    m->desk.options = o;
    m->contracts_of = -1;
    mt_desk_taker_init(m);
    mt_code code = lay_grid(cx, m);
    if (code != MT_OK) {
        mt_desk_close(m);
        return code;
    }
    *out = m;
    return MT_OK;
}

static void drop_raw(mt_desk_maker *m)
{
    for (size_t k = 0; k < m->n_list; k++) mt_raw_close(m->list[k]);
    m->n_list = 0;
    free(m->id);
    m->id = NULL;
    mt_ctx_close(&m->raw);
    mt_ctx_close(&m->scratch);
}

void mt_desk_close(mt_desk_maker *m)
{
    if (!m) return;
    drop_raw(m);
    mt_ctx_close(&m->own);
    free(m);
}

const mt_vpp_taker *mt_desk_taker(mt_desk_maker *m)
{
    return &m->taker;
}

/* ---- finishing */

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_findings(const void *a, const void *b)
{
    const mt_finding *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int by_asset = compare_texts(x->asset_id, y->asset_id);
    return by_asset ? by_asset : compare_texts(x->file, y->file);
}

static int compare_values(const void *a, const void *b)
{
    const mt_market_value *x = a, *y = b;
    if (x->year != y->year) return x->year < y->year ? -1 : 1;
    if (x->month != y->month) return x->month < y->month ? -1 : 1;
    return (x->technology > y->technology) - (x->technology < y->technology);
}

/* Of one month and technology the newest file's value, of one file's the last. */
static mt_code show_market_values(mt_desk_maker *m)
{
    mt_market_value *out;
    uint32_t *rank;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(&m->own, &out, m->n_value, sizeof *out));
    MT_TRY(mt_ctx_alloc(&m->raw, &rank, m->n_value, sizeof *rank));
    for (size_t k = 0; k < m->n_value; k++) {
        const mt_seen_value *v = &m->value[k];
        size_t at = 0;
        if (m->origin[v->origin].out) continue;
        while (at < n && compare_values(&out[at], &v->value) != 0) at++;
        if (at < n && m->origin[v->origin].rank < rank[at]) continue;
        out[at] = v->value;
        rank[at] = m->origin[v->origin].rank;
        n += at == n;
    }
    qsort(out, n, sizeof *out, compare_values);
    m->desk.market_value = out;
    m->desk.n_market_value = n;
    return MT_OK;
}

static mt_code finish_asset(mt_ctx *cx, mt_desk_maker *m, mt_asset_work *w)
{
    MT_TRY(mt_ctx_check(cx));
    MT_TRY(mt_maker_pass(cx, m, mt_desk_columns(m, w)));
    MT_TRY(mt_maker_pass(cx, m, mt_desk_live_column(m, w)));
    return mt_maker_pass(cx, m, mt_desk_forecasts(m, w));
}

static mt_code finish(mt_ctx *cx, mt_desk_maker *m)
{
    static mt_code (*const before[])(mt_desk_maker *) = {
        mt_maker_rank,         mt_desk_master,     mt_desk_subjects,   mt_maker_settle_files,
        mt_desk_price_columns, show_market_values, mt_desk_fold_trades};
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) MT_TRY(mt_maker_pass(cx, m, before[k](m)));
    for (size_t k = 0; k < m->desk.n_asset; k++) {
        mt_ctx_progress(cx, "assets", k, m->desk.n_asset, "assets");
        MT_TRY(finish_asset(cx, m, &m->work[k]));
    }
    return mt_maker_pass(cx, m, mt_desk_judge(m));
}

mt_code mt_desk_finish(mt_ctx *cx, mt_desk_maker *m, const mt_desk **out)
{
    if (m->finished) return mt_fail(cx, MT_E_CONFLICT, "the desk is finished already");
    m->finished = true;
    MT_TRY(finish(cx, m));
    qsort(m->finding, m->n_finding, sizeof *m->finding, compare_findings);
    m->desk.finding = m->finding;
    m->desk.n_finding = m->n_finding;
    drop_raw(m);
    *out = &m->desk;
    return MT_OK;
}

/* ---- looking at it */

const mt_desk_asset *mt_desk_asset_find(const mt_desk *desk, const char *asset_id)
{
    size_t low = 0, high = desk->n_asset;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(desk->asset[middle].asset_id, asset_id);
        if (order == 0) return &desk->asset[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Whoever has a desk has its maker. */
static const mt_desk_maker *maker_of(const mt_desk *desk)
{
    return (const mt_desk_maker *)(const void *)desk;
}

size_t mt_desk_day_index(const mt_desk *desk, size_t quarter)
{
    return mt_maker_day_of(maker_of(desk), quarter);
}

const mt_contract *mt_desk_contract_at(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    mt_day day = desk->options.first + (mt_day)mt_desk_day_index(desk, quarter);
    for (size_t k = 0; k < asset->n_contract; k++) {
        const mt_contract *c = asset->contract[k];
        if (c->begin <= day && (c->end == MT_DAY_NONE || c->end >= day)) return c;
    }
    return NULL;
}

const mt_party *mt_desk_party_find(const mt_desk *desk, const char *party_id)
{
    for (size_t k = 0; k < desk->n_party; k++) {
        if (strcmp(desk->party[k].party_id, party_id) == 0) return &desk->party[k];
    }
    return NULL;
}

mt_micro mt_desk_price_at(const mt_desk *desk, mt_vpp_price kind, size_t quarter)
{
    const mt_micro *price = desk->price[kind].price;
    return price ? price[quarter] : MT_MICRO_NONE;
}

mt_micro mt_desk_day_ahead_near(const mt_desk *desk, ptrdiff_t quarter)
{
    const mt_micro *beside = maker_of(desk)->beside;
    bool held = quarter >= -MT_BESIDE && quarter < (ptrdiff_t)desk->grid.n + MT_BESIDE;
    return beside && held ? beside[quarter + MT_BESIDE] : MT_MICRO_NONE;
}

mt_micro mt_desk_vwap_at(const mt_desk *desk, size_t quarter)
{
    const mt_micro *vwap = maker_of(desk)->vwap;
    return vwap ? vwap[quarter] : MT_MICRO_NONE;
}

bool mt_desk_live_counts(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    if (!asset->live || asset->live[quarter].wh == MT_WH_NONE) return false;
    return asset->live[quarter].good_ms * (int64_t)MT_MICRO_ONE >= 900000 * (int64_t)desk->options.live_share;
}

int64_t mt_desk_measured_wh(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    if (asset->meter_wh && asset->meter_wh[quarter] != MT_WH_NONE) return asset->meter_wh[quarter];
    return mt_desk_live_counts(desk, asset, quarter) ? asset->live[quarter].wh : MT_WH_NONE;
}
