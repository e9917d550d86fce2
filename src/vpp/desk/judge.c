/* What the quality report tells when everything lies in its place: days, contracts, capacities, gaps,
 * prices. */
#include "vpp/desk/maker.h"

#include "vpp/infeed.h"

#include <math.h>
#include <string.h>

static mt_time quarter_start(const mt_desk_maker *m, size_t q)
{
    return m->desk.grid.start + (mt_time)q * MT_QUARTER;
}

static mt_time day_start(const mt_desk_maker *m, size_t day)
{
    return quarter_start(m, m->day_at[day]);
}

static mt_code tell_clock_changes(mt_desk_maker *m)
{
    for (size_t d = 0; d < m->n_days; d++) {
        size_t n = m->day_at[d + 1] - m->day_at[d];
        char day[MT_TIME_TEXT_MAX];
        if (n == 96) continue;
        mt_day_text(m->desk.options.first + (mt_day)d, day);
        const char *name;
        MT_TRY(mt_maker_name(m, &name, day));
        mt_finding f = {
            .kind = MT_F_CLOCK_CHANGE, .asset_id = name, .time = day_start(m, d), .value = (double)n};
        MT_TRY(mt_maker_find(m, &f, "%s has %zu quarters; all are settled", day, n));
    }
    return MT_OK;
}

/* ---- contracts and data sheets */

static mt_code tell_no_contract(mt_desk_maker *m, const mt_desk_asset *a)
{
    mt_finding f = {.kind = MT_F_NO_CONTRACT, .asset_id = a->asset_id, .value = NAN};
    for (size_t d = 0; d < m->n_days; d++) {
        if (mt_desk_contract_at(&m->desk, a, m->day_at[d])) continue;
        if (f.count++ == 0) f.time = day_start(m, d);
    }
    if (f.count == 0) return MT_OK;
    return mt_maker_find(m, &f, "%s has no contract on %lld days: it is settled, not invoiced", a->asset_id,
                         (long long)f.count);
}

static mt_code tell_ends(mt_desk_maker *m, const mt_desk_asset *a)
{
    const mt_desk_options *o = &m->desk.options;
    for (size_t k = 0; k < a->n_contract; k++) {
        const mt_contract *c = a->contract[k];
        bool begins = c->begin > o->first, ends = c->end != MT_DAY_NONE && c->end < o->last;
        char day[MT_TIME_TEXT_MAX];
        if (!begins && !ends) continue;
        mt_day_text(begins ? c->begin : c->end, day);
        mt_finding f = {.kind = MT_F_ENDS_INSIDE,
                        .asset_id = c->contract_id,
                        .value = NAN,
                        .time = mt_day_start(o->zone, begins ? c->begin : c->end)};
        MT_TRY(mt_maker_find(m, &f, "contract %s of %s %s on %s, inside the period: its days are settled",
                             c->contract_id, a->asset_id, begins ? "begins" : "ends", day));
    }
    return MT_OK;
}

static const mt_plant *plant_on(const mt_desk_maker *m, const mt_asset_work *w, size_t day)
{
    return mt_desk_plant_in(m, m->plants_of[day], w->asset->asset_id);
}

static mt_code tell_capacity(mt_desk_maker *m, const mt_asset_work *w)
{
    const mt_desk_asset *a = w->asset;
    mt_finding f = {.kind = MT_F_CAPACITY, .asset_id = a->asset_id};
    int64_t before = 0;
    for (size_t d = 1; d < m->n_days; d++) {
        const int64_t *by_day = a->capacity_by_day;
        if (by_day[d] == by_day[d - 1] || !plant_on(m, w, d)) continue;
        if (f.count++ > 0) continue;
        f.time = day_start(m, d);
        f.value = (double)by_day[d] / 1000;
        f.file = mt_maker_origin(m, m->plants_of[d])->name;
        before = by_day[d - 1];
    }
    if (f.count == 0) return MT_OK;
    return mt_maker_find(m, &f, "the capacity of %s is %.9g kW, before that %.9g kW", a->asset_id, f.value,
                         before == MT_MICRO_NONE ? 0 : (double)before / 1000);
}

static mt_code tell_capacity_differs(mt_desk_maker *m, const mt_desk_asset *a)
{
    const mt_contract *c = mt_desk_contract_at(&m->desk, a, m->desk.grid.n - 1);
    if (!c || !a->plant || c->capacity_w <= 0 || a->plant->capacity_w <= 0) return MT_OK;
    if (c->capacity_w == a->plant->capacity_w) return MT_OK;
    mt_finding f = {.kind = MT_F_CAPACITY_DIFFERS,
                    .asset_id = a->asset_id,
                    .time = MT_TIME_NONE,
                    .value = (double)a->plant->capacity_w / 1000};
    return mt_maker_find(m, &f,
                         "contract %s of %s says %.9g kW, the data sheet %.9g kW: fees use the contract, "
                         "limits the data sheet",
                         c->contract_id, a->asset_id, (double)c->capacity_w / 1000, f.value);
}

/* The asset is in the file that counts, but not in the oldest of that kind. */
static mt_code tell_appears(mt_desk_maker *m, const char *asset_id, int counts, int oldest)
{
    if (counts < 0 || counts == oldest) return MT_OK;
    const char *file = mt_maker_origin(m, counts)->name, *old = mt_maker_origin(m, oldest)->name;
    mt_finding f = {
        .kind = MT_F_APPEARS, .asset_id = asset_id, .file = file, .time = MT_TIME_NONE, .value = NAN};
    return mt_maker_find(m, &f, "%s is in %s, but not in %s", asset_id, file, old);
}

static int older(const mt_desk_maker *m, int a, int b)
{
    if (m->origin[a].out) return b;
    return b < 0 || m->origin[a].rank < m->origin[b].rank ? a : b;
}

static bool in_contracts(const mt_desk_maker *m, int origin, const char *asset_id)
{
    for (size_t k = 0; k < m->n_contract; k++) {
        if (m->contract[k].origin == origin && m->contract[k].contract.asset_id == asset_id) return true;
    }
    return false;
}

static mt_code tell_appearances(mt_desk_maker *m)
{
    int contracts = -1, sheets = -1;
    for (size_t k = 0; k < m->n_contract; k++) contracts = older(m, m->contract[k].origin, contracts);
    for (size_t k = 0; k < m->n_plant; k++) sheets = older(m, m->plant[k].origin, sheets);
    for (size_t k = 0; k < m->desk.n_asset; k++) {
        const mt_asset_work *w = &m->work[k];
        const char *id = w->asset->asset_id;
        if (w->n_all && !in_contracts(m, contracts, id))
            MT_TRY(tell_appears(m, id, m->contracts_of, contracts));
        if (w->asset->plant && !mt_desk_plant_in(m, sheets, id))
            MT_TRY(tell_appears(m, id, m->plants_of[m->n_days - 1], sheets));
    }
    return MT_OK;
}

/* ---- quarters of an asset */

static void judge_infeed(const mt_desk_maker *m, const mt_desk_asset *a, const mt_infeed_quarter *infeed,
                         mt_spot spot[MT_FINDING_COUNT])
{
    for (size_t q = 0; q < m->desk.grid.n; q++) {
        mt_time t = quarter_start(m, q);
        bool metered = infeed[q].source == MT_INFEED_METER;
        if (!metered) mt_spot_add(&spot[MT_F_MISSING_METER], t, NAN);
        if (!metered && a->live && infeed[q].source != MT_INFEED_LIVE)
            mt_spot_add(&spot[MT_F_LIVE_GAP], t, (double)a->live[q].good_ms / 900000);
        if (infeed[q].source == MT_INFEED_GAP) mt_spot_add(&spot[MT_F_GAP], t, NAN);
    }
}

static void judge_forecast(const mt_desk_maker *m, const mt_forecast_quarter *latest,
                           mt_spot spot[MT_FINDING_COUNT])
{
    for (size_t q = 0; q < m->desk.grid.n; q++) {
        mt_time t = quarter_start(m, q);
        if (latest[q].wh == MT_WH_NONE)
            mt_spot_add(&spot[MT_F_NO_FORECAST], t, NAN);
        else if (!latest[q].modelled && latest[q].version < t - MT_US_HOUR)
            mt_spot_add(&spot[MT_F_OLD_FORECAST], t, (double)((t - latest[q].version) / MT_US_MINUTE));
    }
}

static mt_micro market_value(const mt_desk_maker *m, const mt_contract *c, size_t q)
{
    mt_date d = mt_day_date(m->desk.options.first + (mt_day)mt_maker_day_of(m, q));
    int month = c->price_model == MT_PRICE_MARKET_VALUE_YEAR ? 0 : d.month;
    for (size_t k = 0; k < m->desk.n_market_value; k++) {
        const mt_market_value *v = &m->desk.market_value[k];
        if (v->year == d.year && v->month == month && v->technology == c->technology) return v->value_ct_kwh;
    }
    return MT_MICRO_NONE;
}

/* The name of a price that the quarter needs and nobody delivered; NULL: none is missing. */
static const char *missing_price(const mt_desk_maker *m, const mt_contract *c, size_t q)
{
    bool of_vwap = c->price_model == MT_PRICE_MARKET || c->price_model == MT_PRICE_PERCENT ||
                   c->fee_model == MT_FEE_PERCENT;
    bool of_value = c->price_model == MT_PRICE_MARKET_VALUE || c->price_model == MT_PRICE_MARKET_VALUE_YEAR;
    if (of_vwap && mt_desk_vwap_at(&m->desk, q) == MT_MICRO_NONE) return "public VWAP";
    if (of_value && market_value(m, c, q) == MT_MICRO_NONE) return "market value";
    if (c->price_model == MT_PRICE_DAY_AHEAD &&
        mt_desk_price_at(&m->desk, MT_PRICE_OF_DAY_AHEAD, q) == MT_MICRO_NONE)
        return "day-ahead price";
    return NULL;
}

static mt_code judge_prices(mt_desk_maker *m, const mt_desk_asset *a, const mt_infeed_quarter *infeed)
{
    mt_finding f = {.kind = MT_F_NO_PRICE, .asset_id = a->asset_id, .value = NAN};
    const char *first = NULL;
    for (size_t q = 0; q < m->desk.grid.n; q++) {
        const mt_contract *c = infeed[q].wh > 0 ? mt_desk_contract_at(&m->desk, a, q) : NULL;
        const char *name = c ? missing_price(m, c, q) : NULL;
        if (!name) continue;
        if (f.count++ == 0) f.time = quarter_start(m, q), first = name;
    }
    if (f.count == 0) return MT_OK;
    return mt_maker_find(m, &f, "%lld quarters of %s are not priced: the %s is missing", (long long)f.count,
                         a->asset_id, first);
}

static mt_code judge_asset(mt_desk_maker *m, const mt_asset_work *w)
{
    mt_mark mark = mt_arena_mark(&m->scratch.arena);
    mt_spot *spot;
    const mt_infeed_quarter *infeed;
    const mt_forecast_quarter *latest;
    MT_TRY(mt_ctx_alloc(&m->scratch, &spot, MT_FINDING_COUNT, sizeof *spot));
    MT_TRY(mt_infeed(&m->scratch, &infeed, &m->desk, w->asset));
    MT_TRY(mt_forecast_choose(&m->scratch, &latest, &m->desk, w->asset, MT_FORECAST_LATEST, MT_TIME_NONE));
    judge_infeed(m, w->asset, infeed, spot);
    judge_forecast(m, latest, spot);
    MT_TRY(mt_maker_spots(m, spot, w->asset->asset_id, NULL));
    MT_TRY(judge_prices(m, w->asset, infeed));
    mt_arena_reset(&m->scratch.arena, mark);
    MT_TRY(tell_no_contract(m, w->asset));
    MT_TRY(tell_ends(m, w->asset));
    MT_TRY(tell_capacity(m, w));
    return tell_capacity_differs(m, w->asset);
}

/* ---- imbalance prices, which every quarter needs */

static mt_code judge_imbalance(mt_desk_maker *m)
{
    mt_spot spot[MT_FINDING_COUNT] = {{0}};
    for (size_t q = 0; q < m->desk.grid.n; q++) {
        bool is_final = mt_desk_price_at(&m->desk, MT_PRICE_OF_SHORT, q) != MT_MICRO_NONE &&
                        mt_desk_price_at(&m->desk, MT_PRICE_OF_LONG, q) != MT_MICRO_NONE;
        mt_micro estimate = mt_desk_price_at(&m->desk, MT_PRICE_OF_ESTIMATE, q);
        if (is_final) continue;
        bool estimated = estimate != MT_MICRO_NONE;
        mt_spot_add(&spot[estimated ? MT_F_ESTIMATE : MT_F_NO_PRICE], quarter_start(m, q),
                    estimated ? (double)estimate / 1e6 : NAN);
    }
    return mt_maker_spots(m, spot, "imbalance price", NULL);
}

mt_code mt_desk_judge(mt_desk_maker *m)
{
    MT_TRY(tell_clock_changes(m));
    MT_TRY(tell_appearances(m));
    MT_TRY(judge_imbalance(m));
    for (size_t k = 0; k < m->desk.n_asset; k++) MT_TRY(judge_asset(m, &m->work[k]));
    return MT_OK;
}
