/* Master data: which contracts and data sheets count on which day, and which assets the desk shows. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_newer(const mt_desk_maker *m, int a, int b)
{
    return b < 0 || m->origin[a].rank > m->origin[b].rank;
}

static int newest_contracts(const mt_desk_maker *m)
{
    int newest = -1;
    for (size_t k = 0; k < m->n_contract; k++) {
        int o = m->contract[k].origin;
        if (!m->origin[o].out && is_newer(m, o, newest)) newest = o;
    }
    return newest;
}

/* The newest data sheets from before the end of each day; where all are later, the oldest. */
static mt_code choose_sheets(mt_desk_maker *m)
{
    int *of;
    const mt_zone *zone = m->desk.options.zone;
    MT_TRY(mt_ctx_alloc(&m->raw, &of, m->n_days, sizeof *of));
    for (size_t d = 0; d < m->n_days; d++) {
        int best = -1, oldest = -1;
        mt_time end = mt_day_start(zone, m->desk.options.first + (mt_day)d + 1);
        for (size_t k = 0; k < m->n_plant; k++) {
            int o = m->plant[k].origin;
            if (m->origin[o].out) continue;
            if (m->origin[o].origin.version < end && is_newer(m, o, best)) best = o;
            if (oldest < 0 || m->origin[o].rank < m->origin[oldest].rank) oldest = o;
        }
        of[d] = best >= 0 ? best : oldest;
    }
    m->plants_of = of;
    return MT_OK;
}

static bool on_day(const mt_contract *c, mt_day day)
{
    return c->begin <= day && (c->end == MT_DAY_NONE || c->end >= day);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the counting contracts or any data sheet name, each once. */
static mt_code name_assets(mt_desk_maker *m, const char ***out, size_t *n_out)
{
    const char **name;
    size_t n = 0, kept = 0;
    MT_TRY(mt_ctx_alloc(&m->raw, &name, m->n_contract + m->n_plant, sizeof *name));
    for (size_t k = 0; k < m->n_contract; k++) {
        if (m->contract[k].origin == m->contracts_of) name[n++] = m->contract[k].contract.asset_id;
    }
    for (size_t k = 0; k < m->n_plant; k++) {
        if (!m->origin[m->plant[k].origin].out) name[n++] = m->plant[k].plant.asset_id;
    }
    qsort(name, n, sizeof *name, compare_names);
    for (size_t k = 0; k < n; k++) {
        if (kept == 0 || name[kept - 1] != name[k]) name[kept++] = name[k];
    }
    *out = name;
    *n_out = kept;
    return MT_OK;
}

/* Days from the contract to `day`; 0: it is valid on it. */
static int64_t distance(const mt_contract *c, mt_day day)
{
    if (day < c->begin) return (int64_t)c->begin - day;
    return on_day(c, day) ? 0 : (int64_t)day - c->end;
}

const mt_contract *mt_contract_near(const mt_asset_work *w, mt_day day)
{
    const mt_contract *best = NULL;
    for (size_t k = 0; k < w->n_all; k++) {
        const mt_contract *c = w->all[k];
        int64_t far = distance(c, day), least = best ? distance(best, day) : INT64_MAX;
        bool better = best && far == least && (far ? c->begin < best->begin : c->begin > best->begin);
        if (far < least || better) best = c;
    }
    return best;
}

/* NULL: no contract is valid on that day. */
static const mt_contract *contract_on(const mt_asset_work *w, mt_day day)
{
    const mt_contract *c = mt_contract_near(w, day);
    return c && on_day(c, day) ? c : NULL;
}

/* The whole contract, or the part of it that other contracts leave. */
static mt_code add_piece(mt_desk_maker *m, mt_asset_work *w, const mt_contract *c, mt_day from, mt_day to)
{
    const mt_desk_options *o = &m->desk.options;
    const mt_contract **list = (const mt_contract **)w->asset->contract;
    mt_contract *piece;
    /* Where the piece begins or ends within the range for another's sake, it is a contract of its own. */
    bool cut_begin = from > c->begin && from > o->first, cut_end = to < o->last && !(to == c->end);
    list[w->asset->n_contract] = c;
    if (cut_begin || cut_end) {
        MT_TRY(MT_NEW(&m->own, &piece, 1));
        *piece = *c;
        if (cut_begin) piece->begin = from;
        if (cut_end) piece->end = to;
        list[w->asset->n_contract] = piece;
    }
    w->asset->n_contract++;
    return MT_OK;
}

/* Day by day the contract that counts; runs of one contract are one piece. */
static mt_code lay_contracts(mt_desk_maker *m, mt_asset_work *w)
{
    const mt_desk_options *o = &m->desk.options;
    const mt_contract **list, *last = NULL;
    mt_day from = o->first;
    if (w->n_all == 0) return MT_OK;
    MT_TRY(mt_ctx_alloc(&m->own, &list, m->n_days, sizeof *list));
    w->asset->contract = list;
    for (mt_day day = o->first; day <= o->last + 1; day++) {
        const mt_contract *c = day > o->last ? NULL : contract_on(w, day);
        if (c == last) continue;
        if (last) MT_TRY(add_piece(m, w, last, from, day - 1));
        last = c;
        from = day;
    }
    return MT_OK;
}

static mt_code tell_overlaps(mt_desk_maker *m, const mt_asset_work *w)
{
    if (w->n_all < 2) return MT_OK;
    const mt_desk_options *o = &m->desk.options;
    mt_finding f = {.kind = MT_F_OVERLAP,
                    .asset_id = w->asset->asset_id,
                    .file = mt_maker_origin(m, m->contracts_of)->name,
                    .value = NAN};
    const mt_contract *two[2] = {NULL, NULL};
    for (mt_day day = o->first; day <= o->last; day++) {
        const mt_contract *first = NULL, *second = NULL;
        for (size_t k = 0; k < w->n_all; k++) {
            if (!on_day(w->all[k], day)) continue;
            if (!first)
                first = w->all[k];
            else if (!second)
                second = w->all[k];
        }
        if (!second) continue;
        if (f.count++ == 0) f.time = mt_day_start(o->zone, day), two[0] = first, two[1] = second;
    }
    if (f.count == 0) return MT_OK;
    const mt_contract *counts = two[1]->begin > two[0]->begin ? two[1] : two[0];
    return mt_maker_find(m, &f,
                         "contracts %s and %s of %s overlap on %lld days: %s, which begins later, counts",
                         two[0]->contract_id, two[1]->contract_id, w->asset->asset_id, (long long)f.count,
                         counts->contract_id);
}

static int compare_plants(const void *a, const void *b)
{
    const mt_seen_plant *x = a, *y = b;
    int by_name = x->plant.asset_id == y->plant.asset_id ? 0 : strcmp(x->plant.asset_id, y->plant.asset_id);
    if (by_name) return by_name;
    if (x->origin != y->origin) return x->origin < y->origin ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

const mt_plant *mt_desk_plant_in(const mt_desk_maker *m, int origin, const char *asset_id)
{
    const mt_seen_plant key = {.plant.asset_id = asset_id, .origin = origin, .at = SIZE_MAX};
    size_t low = 0, high = m->n_plant; /* the first one after the key */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_plants(&m->plant[middle], &key) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    if (origin < 0 || low == 0) return NULL;
    const mt_seen_plant *p = &m->plant[low - 1];
    return p->origin == origin && p->plant.asset_id == asset_id ? &p->plant : NULL;
}

static int64_t known_capacity(int64_t capacity_w)
{
    return capacity_w > 0 ? capacity_w : MT_MICRO_NONE;
}

static mt_code lay_capacity(mt_desk_maker *m, mt_asset_work *w)
{
    int64_t *by_day;
    mt_desk_asset *a = w->asset;
    MT_TRY(mt_ctx_alloc(&m->own, &by_day, m->n_days, sizeof *by_day));
    MT_TRY(mt_ctx_alloc(&m->raw, &w->meter_of_day, m->n_days, sizeof *w->meter_of_day));
    for (size_t d = 0; d < m->n_days; d++) {
        bool same = d > 0 && m->plants_of[d] == m->plants_of[d - 1];
        const mt_contract *c = mt_contract_near(w, m->desk.options.first + (mt_day)d);
        if (!same) a->plant = mt_desk_plant_in(m, m->plants_of[d], a->asset_id);
        by_day[d] = a->plant ? known_capacity(a->plant->capacity_w) : MT_MICRO_NONE;
        if (by_day[d] == MT_MICRO_NONE && c) by_day[d] = known_capacity(c->capacity_w);
        w->meter_of_day[d] = c ? c->metering_point_id : NULL;
    }
    a->capacity_by_day = by_day;
    a->capacity_w = by_day[m->n_days - 1];
    return MT_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* The newest party for which `of` says so. */
static const char *owner_named(const mt_desk_maker *m, const char *plant_owner, const char *email)
{
    const mt_seen_party *best = NULL;
    for (size_t k = 0; k < m->n_party; k++) {
        const mt_seen_party *p = &m->party[k];
        bool named = plant_owner
                         ? same_text(p->party.party_id, plant_owner) || same_text(p->party.name, plant_owner)
                         : same_text(p->party.contact_email, email);
        if (named && !p->issuer && !m->origin[p->origin].out &&
            (!best || is_newer(m, p->origin, best->origin)))
            best = p;
    }
    return best ? best->party.party_id : NULL;
}

/* As the contract says, else by the plant's owner, else by the e-mail. */
static const char *find_owner(const mt_desk_maker *m, const mt_asset_work *w)
{
    const mt_contract *c = mt_contract_near(w, m->desk.options.last);
    const mt_plant *plant = w->asset->plant;
    const char *owner = c ? c->owner_id : NULL;
    if (!owner && plant && plant->owner) owner = owner_named(m, plant->owner, NULL);
    if (!owner && c && c->email) owner = owner_named(m, NULL, c->email);
    return owner;
}

static mt_code gather_contracts(mt_desk_maker *m, mt_asset_work *w)
{
    size_t n = 0;
    for (size_t k = 0; k < m->n_contract; k++)
        n += m->contract[k].origin == m->contracts_of &&
             m->contract[k].contract.asset_id == w->asset->asset_id;
    MT_TRY(mt_ctx_alloc(&m->raw, &w->all, n, sizeof *w->all));
    for (size_t k = 0; k < m->n_contract; k++) {
        const mt_seen_contract *c = &m->contract[k];
        if (c->origin == m->contracts_of && c->contract.asset_id == w->asset->asset_id)
            w->all[w->n_all++] = &c->contract;
    }
    return MT_OK;
}

static bool is_seen(const mt_desk_maker *m, const mt_desk_asset *a)
{
    const mt_desk_options *o = &m->desk.options;
    return o->all_assets || (o->sees && o->sees(o->arg, a->asset_id, a->owner_id));
}

static mt_code make_assets(mt_desk_maker *m, const char **name, size_t n)
{
    mt_desk_asset *asset;
    MT_TRY(mt_ctx_alloc(&m->own, &asset, n, sizeof *asset));
    MT_TRY(mt_ctx_alloc(&m->raw, &m->work, n, sizeof *m->work));
    m->desk.asset = asset;
    for (size_t k = 0; k < n; k++) {
        mt_asset_work *w = &m->work[m->desk.n_asset];
        *w = (mt_asset_work){.asset = &asset[m->desk.n_asset]};
        *w->asset = (mt_desk_asset){.asset_id = name[k]};
        MT_TRY(gather_contracts(m, w));
        MT_TRY(lay_capacity(m, w));
        w->asset->owner_id = find_owner(m, w);
        if (!is_seen(m, w->asset)) continue;
        MT_TRY(lay_contracts(m, w));
        MT_TRY(tell_overlaps(m, w));
        m->desk.n_asset++;
    }
    return MT_OK;
}

/* ---- parties */

static int compare_parties(const void *a, const void *b)
{
    return strcmp(((const mt_party *)a)->party_id, ((const mt_party *)b)->party_id);
}

static bool owns_something(const mt_desk_maker *m, const char *party_id)
{
    if (m->desk.options.all_assets) return true;
    for (size_t k = 0; k < m->desk.n_asset; k++) {
        if (same_text(m->desk.asset[k].owner_id, party_id)) return true;
        for (size_t c = 0; c < m->desk.asset[k].n_contract; c++) {
            if (same_text(m->desk.asset[k].contract[c]->owner_id, party_id)) return true;
        }
    }
    return false;
}

/* Of one party the newest file's, of one file's the last. */
static bool is_newest_party(const mt_desk_maker *m, size_t k)
{
    const mt_seen_party *p = &m->party[k];
    for (size_t j = 0; j < m->n_party; j++) {
        const mt_seen_party *q = &m->party[j];
        bool same = q->issuer == p->issuer && (p->issuer || q->party.party_id == p->party.party_id);
        if (j == k || !same || m->origin[q->origin].out) continue;
        if (is_newer(m, q->origin, p->origin) || (q->origin == p->origin && j > k)) return false;
    }
    return true;
}

static mt_code show_parties(mt_desk_maker *m)
{
    mt_party *party, *issuer;
    MT_TRY(mt_ctx_alloc(&m->own, &party, m->n_party, sizeof *party));
    m->desk.party = party;
    for (size_t k = 0; k < m->n_party; k++) {
        const mt_seen_party *p = &m->party[k];
        if (m->origin[p->origin].out || !is_newest_party(m, k)) continue;
        if (p->issuer) {
            MT_TRY(MT_NEW(&m->own, &issuer, 1));
            *issuer = p->party;
            m->desk.issuer = issuer;
        } else if (owns_something(m, p->party.party_id)) {
            party[m->desk.n_party++] = p->party;
        }
    }
    qsort(party, m->desk.n_party, sizeof *party, compare_parties);
    return MT_OK;
}

mt_code mt_desk_master(mt_desk_maker *m)
{
    const char **name;
    size_t n;
    if (m->n_plant) qsort(m->plant, m->n_plant, sizeof *m->plant, compare_plants);
    m->contracts_of = newest_contracts(m);
    MT_TRY(choose_sheets(m));
    MT_TRY(name_assets(m, &name, &n));
    MT_TRY(make_assets(m, name, n));
    return show_parties(m);
}
