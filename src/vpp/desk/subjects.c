/* Whose values they are: what no asset of the desk names is left out, what is not to be seen leaves no
 * trace. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_addresses(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const char *const *)a, y = (uintptr_t) * (const char *const *)b;
    return (x > y) - (x < y);
}

/* Names of the maker, sorted by address. */
typedef struct names {
    const char **name;
    size_t n;
} names;

static bool has(const names *list, const char *name)
{
    return list->n && bsearch(&name, list->name, list->n, sizeof *list->name, compare_addresses);
}

static void add(names *list, const char *name)
{
    if (name) list->name[list->n++] = name;
}

static void sort(names *list)
{
    if (list->n) qsort(list->name, list->n, sizeof *list->name, compare_addresses);
}

/* Assets, metering points and contracts that the desk shows. */
static mt_code name_shown(mt_desk_maker *m, names *out)
{
    size_t n = m->desk.n_asset;
    for (size_t k = 0; k < m->desk.n_asset; k++) n += 2 * m->work[k].n_all;
    MT_TRY(mt_ctx_alloc(&m->raw, &out->name, n, sizeof *out->name));
    for (size_t k = 0; k < m->desk.n_asset; k++) {
        const mt_asset_work *w = &m->work[k];
        add(out, w->asset->asset_id);
        for (size_t c = 0; c < w->n_all; c++) {
            add(out, w->all[c]->metering_point_id);
            add(out, w->all[c]->contract_id);
        }
    }
    sort(out);
    return MT_OK;
}

/* All that any file names as an asset or a metering point. */
static mt_code name_known(mt_desk_maker *m, names *out)
{
    MT_TRY(mt_ctx_alloc(&m->raw, &out->name, 2 * m->n_contract + m->n_plant, sizeof *out->name));
    for (size_t k = 0; k < m->n_contract; k++) {
        add(out, m->contract[k].contract.asset_id);
        add(out, m->contract[k].contract.metering_point_id);
    }
    for (size_t k = 0; k < m->n_plant; k++) add(out, m->plant[k].plant.asset_id);
    sort(out);
    return MT_OK;
}

/* May whoever looks be told of a subject that nobody knows? */
static bool may_tell(const mt_desk_maker *m, const names *known, const char *subject)
{
    const mt_desk_options *o = &m->desk.options;
    if (o->all_assets) return true;
    return !has(known, subject) && o->sees && o->sees(o->arg, subject, NULL);
}

static mt_code tell_unknown(mt_desk_maker *m, const mt_raw *raw)
{
    size_t n = raw->live ? mt_live_fold_n(raw->live) : raw->n;
    mt_finding f = {.kind = MT_F_UNKNOWN_ASSET,
                    .asset_id = raw->subject,
                    .file = mt_maker_origin(m, raw->origin)->name,
                    .time = MT_TIME_NONE,
                    .value = NAN,
                    .count = (int64_t)n};
    if (n == 0) return MT_OK;
    return mt_maker_find(m, &f, "%zu values of %s are left out: no contract and no data sheet names it", n,
                         raw->subject);
}

static bool is_of_market(const mt_raw *raw)
{
    return raw->kind == MT_RAW_PRICE || raw->kind == MT_RAW_BESIDE || raw->kind == MT_RAW_OWN_TRADES ||
           raw->kind == MT_RAW_ALL_TRADES;
}

static mt_code sort_out(mt_desk_maker *m, const names *shown, const names *known)
{
    for (size_t k = 0; k < m->n_list; k++) {
        mt_raw *raw = m->list[k];
        mt_seen_origin *o = &m->origin[raw->origin];
        if (is_of_market(raw)) continue;
        if (has(shown, raw->subject)) {
            o->of_seen = true;
            continue;
        }
        raw->counts = false;
        if (!o->out && may_tell(m, known, raw->subject)) MT_TRY(tell_unknown(m, raw));
    }
    return MT_OK;
}

/* Files of assets that are not shown are not shown; the others in the order of their moments. */
static mt_code show_origins(mt_desk_maker *m)
{
    mt_vpp_origin *out;
    mt_seen_origin **by;
    MT_TRY(mt_ctx_alloc(&m->own, &out, m->n_origin, sizeof *out));
    MT_TRY(mt_ctx_alloc(&m->raw, &by, m->n_origin, sizeof *by));
    for (size_t k = 0; k < m->n_origin; k++) by[m->origin[k].rank] = &m->origin[k];
    for (size_t k = 0; k < m->n_origin; k++) {
        mt_seen_origin *o = by[k];
        bool shown = m->desk.options.all_assets || o->of_master || o->of_market || o->of_seen;
        if (o->out || !shown) continue;
        o->shown = (int32_t)m->desk.n_origin;
        out[m->desk.n_origin++] = o->origin;
    }
    m->desk.origin = out;
    return MT_OK;
}

static bool asset_shown(const mt_desk_maker *m, const char *name)
{
    for (size_t k = 0; k < m->desk.n_asset; k++) {
        const mt_asset_work *w = &m->work[k];
        if (w->asset->asset_id == name) return true;
        for (size_t c = 0; c < w->n_all; c++) {
            if (w->all[c]->metering_point_id == name || w->all[c]->contract_id == name) return true;
        }
    }
    return false;
}

/* What readers found: about an asset that is shown, or in a file of its own or of the market. */
static bool may_be_told(const mt_desk_maker *m, const mt_finding *f)
{
    if (f->kind == MT_F_UNKNOWN_ASSET || asset_shown(m, f->asset_id)) return true;
    for (size_t k = 0; k < m->n_origin; k++) {
        const mt_seen_origin *o = &m->origin[k];
        if (o->origin.name == f->file && (o->of_market || (o->of_seen && !f->asset_id))) return true;
    }
    return false;
}

mt_code mt_desk_subjects(mt_desk_maker *m)
{
    names shown = {NULL, 0}, known = {NULL, 0};
    MT_TRY(name_shown(m, &shown));
    if (!m->desk.options.all_assets) MT_TRY(name_known(m, &known));
    MT_TRY(sort_out(m, &shown, &known));
    MT_TRY(show_origins(m));
    return m->desk.options.all_assets ? MT_OK : mt_maker_sift(m, may_be_told);
}
