/* Taking records: each is copied to the values of its subject and file, when it touches the range. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <string.h>

mt_code mt_maker_pass(mt_ctx *cx, const mt_desk_maker *m, mt_code code)
{
    if (code == MT_OK) return MT_OK;
    return mt_fail(cx, code, "%s", m->own.code ? m->own.err : m->raw.code ? m->raw.err : m->scratch.err);
}

static mt_code check(mt_ctx *cx, const mt_desk_maker *m, int origin)
{
    if (m->finished) return mt_fail(cx, MT_E_CONFLICT, "the desk is finished and takes no more records");
    if (origin < 0 || (size_t)origin >= m->n_origin)
        return mt_fail(cx, MT_E_BUG, "origin %d was never begun; %zu were", origin, m->n_origin);
    return MT_OK;
}

static mt_code begin(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number)
{
    mt_desk_maker *m = arg;
    mt_time as_of = m->desk.options.as_of;
    if (m->finished) return mt_fail(cx, MT_E_CONFLICT, "the desk is finished and takes no more files");
    MT_TRY(mt_maker_pass(cx, m,
                         mt_ctx_grow(&m->raw, &m->origin, m->n_origin, &m->origin_room, sizeof *m->origin)));
    mt_seen_origin o = {.origin = *origin, .shown = -1};
    o.out = as_of != MT_TIME_NONE && origin->version != MT_TIME_NONE && origin->version > as_of;
    MT_TRY(mt_maker_pass(cx, m, mt_maker_name(m, &o.origin.name, origin->name ? origin->name : "")));
    MT_TRY(mt_maker_pass(cx, m, mt_maker_name(m, &o.origin.sha256, origin->sha256)));
    m->origin[m->n_origin] = o;
    *number = (int)m->n_origin++;
    return MT_OK;
}

/* True: records of this file are not to be known. */
static bool is_out(const mt_desk_maker *m, int origin)
{
    return m->origin[origin].out;
}

/* The values of a subject in a file. */
static mt_code open_raw(mt_desk_maker *m, mt_raw **out, mt_raw key)
{
    key.counts = true;
    MT_TRY(mt_maker_name(m, &key.subject, key.subject ? key.subject : ""));
    return mt_maker_raw(m, out, &key);
}

/* Room for n more values of `size` bytes. */
static mt_code make_room(mt_desk_maker *m, mt_raw *raw, size_t n, size_t size)
{
    if (raw->n + n <= raw->room) return MT_OK;
    size_t room = raw->room * 2 > raw->n + n ? raw->room * 2 : raw->n + n;
    void *value;
    MT_TRY(mt_ctx_alloc(&m->raw, &value, room, size));
    if (raw->n) memcpy(value, raw->value, raw->n * size);
    raw->value = value;
    raw->room = room;
    return MT_OK;
}

static bool touches(const mt_desk_maker *m, mt_time start, mt_time end)
{
    if (start == MT_TIME_NONE || start >= mt_maker_end(m)) return false;
    return (end > start ? end : start + MT_QUARTER) > m->desk.grid.start;
}

static mt_code add_bad_row(mt_desk_maker *m, int origin, const char *subject, mt_time time)
{
    mt_finding f = {.kind = MT_F_BAD_ROW,
                    .asset_id = subject,
                    .file = mt_maker_origin(m, origin)->name,
                    .time = time,
                    .value = NAN,
                    .count = 1};
    return mt_maker_find(m, &f, NULL);
}

/* Records with a start and an end, whatever follows them: those of the range are appended. */
#define TAKE(cx, m, key, type, value, count)                                                                 \
    do {                                                                                                     \
        mt_raw *raw_;                                                                                        \
        size_t n_ = 0;                                                                                       \
        if (is_out(m, (key).origin)) return MT_OK;                                                           \
        for (size_t k_ = 0; k_ < (count); k_++) n_ += touches(m, (value)[k_].start, (value)[k_].end);        \
        MT_TRY(mt_maker_pass(cx, m, open_raw(m, &raw_, key)));                                               \
        MT_TRY(mt_maker_pass(cx, m, make_room(m, raw_, n_, sizeof(type))));                                  \
        for (size_t k_ = 0; k_ < (count); k_++) {                                                            \
            if (touches(m, (value)[k_].start, (value)[k_].end))                                              \
                ((type *)raw_->value)[raw_->n++] = (value)[k_];                                              \
        }                                                                                                    \
        return MT_OK;                                                                                        \
    } while (0)

static mt_code take_meter(mt_ctx *cx, void *arg, int origin, const char *metering_point,
                          const mt_meter_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_time as_of = m->desk.options.as_of, from = m->desk.grid.start - MT_HISTORY;
    mt_raw *raw, key = {.kind = MT_RAW_METER, .origin = origin, .subject = metering_point};
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    MT_TRY(mt_maker_pass(cx, m, open_raw(m, &raw, key)));
    MT_TRY(mt_maker_pass(cx, m, make_room(m, raw, n, sizeof *value)));
    for (size_t k = 0; k < n; k++) {
        if (value[k].start < from || value[k].start >= mt_maker_end(m)) continue;
        if (as_of != MT_TIME_NONE && value[k].start > as_of - MT_QUARTER) continue;
        ((mt_meter_value *)raw->value)[raw->n++] = value[k];
    }
    return MT_OK;
}

static mt_code take_forecast(mt_ctx *cx, void *arg, int origin, const char *asset_id, mt_time version,
                             const mt_forecast_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_time as_of = m->desk.options.as_of;
    MT_TRY(check(cx, m, origin));
    if (version == MT_TIME_NONE) return mt_maker_pass(cx, m, add_bad_row(m, origin, asset_id, version));
    if (as_of != MT_TIME_NONE && version > as_of) return MT_OK;
    mt_raw key = {.kind = MT_RAW_FORECAST, .origin = origin, .subject = asset_id, .version = version};
    TAKE(cx, m, key, mt_forecast_value, value, n);
}

static mt_code take_redispatch(mt_ctx *cx, void *arg, int origin, const char *metering_point,
                               const mt_redispatch_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_raw key = {.kind = MT_RAW_REDISPATCH, .origin = origin, .subject = metering_point};
    MT_TRY(check(cx, m, origin));
    TAKE(cx, m, key, mt_redispatch_value, value, n);
}

static bool is_beside(const mt_desk_maker *m, const mt_price_value *v)
{
    mt_time end = v->end > v->start ? v->end : v->start + MT_QUARTER;
    return v->start != MT_TIME_NONE && v->start < mt_maker_end(m) + MT_BESIDE * MT_QUARTER &&
           end > m->desk.grid.start - MT_BESIDE * MT_QUARTER;
}

/* The range and a day on both sides of it. */
static mt_code take_beside(mt_desk_maker *m, int origin, const mt_price_value *value, size_t n)
{
    mt_raw *raw, key = {.kind = MT_RAW_BESIDE,
                        .origin = origin,
                        .subject = mt_maker_price_name(MT_PRICE_OF_DAY_AHEAD)};
    size_t wanted = 0;
    if (is_out(m, origin)) return MT_OK;
    for (size_t k = 0; k < n; k++) wanted += is_beside(m, &value[k]);
    MT_TRY(open_raw(m, &raw, key));
    MT_TRY(make_room(m, raw, wanted, sizeof *value));
    for (size_t k = 0; k < n; k++)
        if (is_beside(m, &value[k])) ((mt_price_value *)raw->value)[raw->n++] = value[k];
    return MT_OK;
}

static mt_code take_price(mt_ctx *cx, void *arg, int origin, mt_vpp_price kind, const mt_price_value *value,
                          size_t n)
{
    mt_desk_maker *m = arg;
    mt_raw key = {.kind = MT_RAW_PRICE, .origin = origin, .subject = mt_maker_price_name(kind)};
    MT_TRY(check(cx, m, origin));
    m->origin[origin].of_market = true;
    if (kind == MT_PRICE_OF_DAY_AHEAD) MT_TRY(mt_maker_pass(cx, m, take_beside(m, origin, value, n)));
    TAKE(cx, m, key, mt_price_value, value, n);
}

static mt_code take_schedule(mt_ctx *cx, void *arg, int origin, const char *asset_id,
                             const mt_forecast_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_raw key = {.kind = MT_RAW_SCHEDULE, .origin = origin, .subject = asset_id};
    MT_TRY(check(cx, m, origin));
    TAKE(cx, m, key, mt_forecast_value, value, n);
}

static mt_code take_outage(mt_ctx *cx, void *arg, int origin, const char *asset_id,
                           const mt_outage_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_raw key = {.kind = MT_RAW_OUTAGE, .origin = origin, .subject = asset_id};
    MT_TRY(check(cx, m, origin));
    TAKE(cx, m, key, mt_outage_value, value, n);
}

static mt_code take_weather(mt_ctx *cx, void *arg, int origin, const char *asset_id,
                            const mt_weather_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    mt_raw key = {.kind = MT_RAW_WEATHER, .origin = origin, .subject = asset_id};
    MT_TRY(check(cx, m, origin));
    TAKE(cx, m, key, mt_weather_value, value, n);
}

static mt_code take_live(mt_ctx *cx, void *arg, int origin, const char *asset_id,
                         const mt_live_points *points)
{
    mt_desk_maker *m = arg;
    mt_raw *raw, key = {.kind = MT_RAW_LIVE, .origin = origin, .subject = asset_id};
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    MT_TRY(mt_maker_pass(cx, m, open_raw(m, &raw, key)));
    if (!raw->live) MT_TRY(mt_desk_live_fold(cx, &raw->live, m));
    return mt_live_fold_add(cx, raw->live, points);
}

mt_code mt_desk_live_add(mt_ctx *cx, mt_desk_maker *m, int origin, const char *asset_id, mt_live_fold *fold)
{
    mt_raw *raw, key = {.kind = MT_RAW_LIVE, .origin = origin, .subject = asset_id};
    mt_code code = check(cx, m, origin);
    if (code == MT_OK && !is_out(m, origin)) {
        code = mt_maker_pass(cx, m, open_raw(m, &raw, key));
        if (code == MT_OK && raw->live)
            code = mt_fail(cx, MT_E_CONFLICT, "live points of %s in %s were added already", asset_id,
                           mt_maker_origin(m, origin)->name);
        if (code == MT_OK) {
            raw->live = fold;
            return MT_OK;
        }
    }
    mt_live_fold_close(fold);
    return code;
}

static mt_code name_contract(mt_desk_maker *m, mt_contract *c)
{
    MT_TRY(mt_maker_name(m, &c->contract_id, c->contract_id ? c->contract_id : ""));
    MT_TRY(mt_maker_name(m, &c->asset_id, c->asset_id ? c->asset_id : ""));
    MT_TRY(mt_maker_name(m, &c->metering_point_id, c->metering_point_id));
    MT_TRY(mt_maker_name(m, &c->email, c->email));
    return mt_maker_name(m, &c->owner_id, c->owner_id);
}

static mt_code take_contract(mt_ctx *cx, void *arg, int origin, const mt_contract *contract)
{
    mt_desk_maker *m = arg;
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    MT_TRY(mt_maker_pass(
        cx, m, mt_ctx_grow(&m->own, &m->contract, m->n_contract, &m->contract_room, sizeof *m->contract)));
    mt_seen_contract seen = {*contract, origin};
    m->origin[origin].of_master = true;
    MT_TRY(mt_maker_pass(cx, m, name_contract(m, &seen.contract)));
    m->contract[m->n_contract++] = seen;
    return MT_OK;
}

static mt_code name_plant(mt_desk_maker *m, mt_plant *p)
{
    const char **text[] = {&p->name, &p->zone, &p->model, &p->tracking, &p->status, &p->owner};
    MT_TRY(mt_maker_name(m, &p->asset_id, p->asset_id ? p->asset_id : ""));
    for (size_t k = 0; k < sizeof text / sizeof *text; k++) MT_TRY(mt_maker_name(m, text[k], *text[k]));
    return MT_OK;
}

static mt_code take_plant(mt_ctx *cx, void *arg, int origin, const mt_plant *plant)
{
    mt_desk_maker *m = arg;
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    MT_TRY(
        mt_maker_pass(cx, m, mt_ctx_grow(&m->own, &m->plant, m->n_plant, &m->plant_room, sizeof *m->plant)));
    mt_seen_plant seen = {*plant, origin, m->n_plant};
    m->origin[origin].of_master = true;
    MT_TRY(mt_maker_pass(cx, m, name_plant(m, &seen.plant)));
    m->plant[m->n_plant++] = seen;
    return MT_OK;
}

static mt_code name_party(mt_desk_maker *m, mt_party *p)
{
    const char **text[] = {&p->party_id,
                           &p->name,
                           &p->street,
                           &p->postcode,
                           &p->city,
                           &p->country,
                           &p->vat_id,
                           &p->tax_number,
                           &p->register_id,
                           &p->contact_name,
                           &p->contact_phone,
                           &p->contact_email,
                           &p->electronic_address,
                           &p->electronic_scheme,
                           &p->buyer_reference,
                           &p->iban,
                           &p->bic,
                           &p->market_id,
                           &p->datev_account};
    for (size_t k = 0; k < sizeof text / sizeof *text; k++) MT_TRY(mt_maker_name(m, text[k], *text[k]));
    return p->party_id ? MT_OK : mt_maker_name(m, &p->party_id, "");
}

static mt_code take_party(mt_ctx *cx, void *arg, int origin, const mt_party *party, bool issuer)
{
    mt_desk_maker *m = arg;
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    MT_TRY(
        mt_maker_pass(cx, m, mt_ctx_grow(&m->raw, &m->party, m->n_party, &m->party_room, sizeof *m->party)));
    mt_seen_party seen = {*party, origin, issuer};
    m->origin[origin].of_master = true;
    MT_TRY(mt_maker_pass(cx, m, name_party(m, &seen.party)));
    m->party[m->n_party++] = seen;
    return MT_OK;
}

static mt_code take_market_value(mt_ctx *cx, void *arg, int origin, const mt_market_value *value, size_t n)
{
    mt_desk_maker *m = arg;
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    m->origin[origin].of_market = true;
    for (size_t k = 0; k < n; k++) {
        if (value[k].value_ct_kwh == MT_MICRO_NONE) continue;
        MT_TRY(mt_maker_pass(cx, m,
                             mt_ctx_grow(&m->raw, &m->value, m->n_value, &m->value_room, sizeof *m->value)));
        m->value[m->n_value++] = (mt_seen_value){value[k], origin};
    }
    return MT_OK;
}

static mt_code take_trades(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade, size_t n)
{
    mt_desk_maker *m = arg;
    MT_TRY(check(cx, m, origin));
    if (is_out(m, origin)) return MT_OK;
    m->origin[origin].of_market = true;
    return mt_maker_pass(cx, m, mt_desk_take_trades(m, origin, is_public, trade, n));
}

static mt_code take_finding(mt_ctx *cx, void *arg, int origin, const mt_finding *finding)
{
    mt_desk_maker *m = arg;
    mt_finding f = *finding;
    if (m->finished) return mt_fail(cx, MT_E_CONFLICT, "the desk is finished and takes no more findings");
    if (origin >= 0 && (size_t)origin < m->n_origin) {
        if (is_out(m, origin)) return MT_OK;
        if (!f.file) f.file = mt_maker_origin(m, origin)->name;
    }
    return mt_maker_pass(cx, m, mt_maker_find(m, &f, NULL));
}

void mt_desk_taker_init(mt_desk_maker *m)
{
    m->taker = (mt_vpp_taker){.arg = m,
                              .begin = begin,
                              .contract = take_contract,
                              .party = take_party,
                              .plant = take_plant,
                              .meter = take_meter,
                              .live = take_live,
                              .forecast = take_forecast,
                              .redispatch = take_redispatch,
                              .price = take_price,
                              .market_value = take_market_value,
                              .schedule = take_schedule,
                              .outage = take_outage,
                              .weather = take_weather,
                              .trades = take_trades,
                              .finding = take_finding};
}
