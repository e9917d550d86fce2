/* Trades: public ones are folded when they come, private ones kept, and of one number the first counts. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

enum { BLOCK = 64, LANES = 64, FIRST_IDS = 4096 };

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* A number of up to 18 digits is its own key, other texts have a hash of 63 bits. 0: no number. */
static uint64_t key_of(const char *id)
{
    uint64_t number = 0, hash = UINT64_C(0xCBF29CE484222325);
    size_t n = 0;
    if (!id || !*id) return 0;
    while (n < 18 && id[n] >= '0' && id[n] <= '9') number = number * 10 + (uint64_t)(id[n++] - '0');
    if (id[n] == 0 && (id[0] != '0' || n == 1)) return number + 1;
    for (n = 0; id[n]; n++) hash = (hash ^ (unsigned char)id[n]) * UINT64_C(0x100000001B3);
    return mix(hash) | UINT64_C(1) << 63;
}

/* Numbers that follow each other lie side by side, because files have them almost in order: runs of LANES
 * of them. A taken place is left for the next run but one place, so that runs do not crowd each other. */
static size_t place_of(const mt_desk_maker *m, uint64_t key)
{
    return (size_t)(mix(key / LANES) * LANES + key % LANES) & (m->id_room - 1);
}

static mt_trade_id *find_id(const mt_desk_maker *m, uint64_t key, bool is_public)
{
    for (size_t k = place_of(m, key);; k = (k + LANES + 1) & (m->id_room - 1)) {
        mt_trade_id *id = &m->id[k];
        if (id->key == 0 || (id->key == key && id->is_public == is_public)) return id;
    }
}

static mt_code make_room(mt_desk_maker *m, size_t n)
{
    size_t room = m->id_room ? m->id_room : FIRST_IDS, old_room = m->id_room;
    while ((m->id_used + n) * 2 > room) room *= 2;
    if (room == m->id_room) return MT_OK;
    mt_trade_id *old = m->id, *more = calloc(room, sizeof *more);
    if (!more) return mt_fail(&m->raw, MT_E_MEMORY, "no memory for the numbers of %zu trades", room / 2);
    m->id = more;
    m->id_room = room;
    for (size_t k = 0; k < old_room; k++) {
        if (old[k].key) *find_id(m, old[k].key, old[k].is_public) = old[k];
    }
    free(old);
    return MT_OK;
}

static mt_code find_stem(mt_desk_maker *m, const char **out, int origin)
{
    const char *name = mt_maker_origin(m, origin)->name, *text;
    size_t n = strcspn(name, DIGITS);
    MT_TRY(mt_text_copy(&m->raw, &text, (mt_text){name, n}));
    return mt_maker_name(m, out, text);
}

/* The same thing and day: one of the two files will stand for the other. */
static bool same_thing(const mt_desk_maker *m, int there, const mt_raw *raw)
{
    const char *name = mt_maker_origin(m, there)->name;
    size_t n = strlen(raw->subject);
    mt_day day = mt_maker_origin(m, there)->day;
    if (day == MT_DAY_NONE || day != mt_maker_origin(m, raw->origin)->day) return false;
    return strcspn(name, DIGITS) == n && strncmp(name, raw->subject, n) == 0;
}

/* True: a trade of that number was there before. Room was made. */
static bool is_double(mt_desk_maker *m, uint64_t key, bool is_public, const mt_raw *raw)
{
    if (key == 0) return false;
    mt_trade_id *id = find_id(m, key, is_public);
    if (id->key) {
        bool other = id->origin != raw->origin && same_thing(m, id->origin, raw);
        if (!other) return true;
        id->origin = raw->origin;
        return false;
    }
    *id = (mt_trade_id){key, raw->origin, is_public};
    m->id_used++;
    return false;
}

static bool known_later(const mt_desk_maker *m, const mt_trade *t)
{
    mt_time as_of = m->desk.options.as_of;
    return as_of != MT_TIME_NONE && t->execution_time != MT_TIME_NONE && t->execution_time > as_of;
}

static mt_code tell_doubles(mt_desk_maker *m, const mt_raw *raw, int64_t n)
{
    mt_finding f = {.kind = MT_F_DUPLICATE_TRADE,
                    .file = mt_maker_origin(m, raw->origin)->name,
                    .time = MT_TIME_NONE,
                    .value = NAN,
                    .count = n};
    return n == 0 ? MT_OK : mt_maker_find(m, &f, NULL);
}

static mt_code fold_public(mt_desk_maker *m, mt_raw *raw, const mt_trade *trade, size_t n)
{
    uint64_t key[BLOCK];
    int64_t doubles = 0;
    MT_TRY(make_room(m, n));
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t here = n - at < BLOCK ? n - at : BLOCK;
        for (size_t k = 0; k < here; k++) {
            key[k] = key_of(trade[at + k].id);
            __builtin_prefetch(&m->id[place_of(m, key[k])]);
        }
        for (size_t k = 0; k < here; k++) {
            const mt_trade *t = &trade[at + k];
            if (known_later(m, t)) continue;
            if (is_double(m, key[k], true, raw))
                doubles++;
            else
                mt_trade_fold_add(raw->fold, t, 1);
        }
    }
    return tell_doubles(m, raw, doubles);
}

static mt_code open_fold(mt_desk_maker *m, mt_raw *raw)
{
    if (raw->fold) return MT_OK;
    MT_TRY(MT_NEW(&m->raw, &raw->fold, 1));
    raw->fold->grid = m->desk.grid;
    /* Pages that no trade touches cost nothing: a file has trades of a day or two. */
    raw->fold->quarter = calloc(m->desk.grid.n, sizeof *raw->fold->quarter);
    if (!raw->fold->quarter)
        return mt_fail(&m->raw, MT_E_MEMORY, "no memory for %zu quarters", m->desk.grid.n);
    return MT_OK;
}

static mt_code keep_private(mt_desk_maker *m, mt_raw *raw, const mt_trade *trade, size_t n)
{
    if (raw->n + n > raw->room) {
        size_t room = raw->room * 2 > raw->n + n ? raw->room * 2 : raw->n + n;
        mt_trade *more;
        MT_TRY(mt_ctx_alloc(&m->raw, &more, room, sizeof *more));
        if (raw->n) memcpy(more, raw->value, raw->n * sizeof *more);
        raw->value = more;
        raw->room = room;
    }
    for (size_t k = 0; k < n; k++) {
        mt_trade t = trade[k];
        if (known_later(m, &t)) continue;
        if (t.id) MT_TRY(mt_text_copy(&m->own, &t.id, mt_text_of(t.id)));
        MT_TRY(mt_maker_name(m, &t.trader, t.trader));
        MT_TRY(mt_maker_name(m, &t.strategy, t.strategy));
        ((mt_trade *)raw->value)[raw->n++] = t;
    }
    return MT_OK;
}

mt_code mt_desk_take_trades(mt_desk_maker *m, int origin, bool is_public, const mt_trade *trade, size_t n)
{
    mt_raw *raw,
        key = {.kind = is_public ? MT_RAW_ALL_TRADES : MT_RAW_OWN_TRADES, .origin = origin, .counts = true};
    MT_TRY(find_stem(m, &key.subject, origin));
    MT_TRY(mt_maker_raw(m, &raw, &key));
    if (!is_public) return keep_private(m, raw, trade, n);
    MT_TRY(open_fold(m, raw));
    return fold_public(m, raw, trade, n);
}

/* ---- when all were taken */

static mt_code tell_bad(mt_desk_maker *m, const mt_raw *raw, const mt_trade *first, int64_t n)
{
    bool off_grid = first->energy_wh > 0 && first->price != MT_MICRO_NONE && first->side != MT_SIDE_NONE &&
                    first->delivery_start != MT_TIME_NONE && first->delivery_end > first->delivery_start;
    mt_finding f = {.kind = off_grid ? MT_F_OFF_GRID : MT_F_BAD_ROW,
                    .file = mt_maker_origin(m, raw->origin)->name,
                    .time = first->delivery_start,
                    .value = NAN,
                    .count = n};
    if (n == 0) return MT_OK;
    return mt_maker_find(m, &f,
                         "%lld trades of %s are left out: they have no volume, price or side, or deliver "
                         "no whole quarters",
                         (long long)n, f.file);
}

/* The raws of a kind, in the order of their files whatever their stem. */
static int compare_ranks(const void *a, const void *b)
{
    const mt_raw *x = *(mt_raw *const *)a, *y = *(mt_raw *const *)b;
    return (x->version > y->version) - (x->version < y->version); /* the rank, borrowed */
}

static mt_code in_order(mt_desk_maker *m, mt_raw_kind kind, mt_raw ***out, size_t *n_out)
{
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(&m->raw, out, m->n_list, sizeof **out));
    for (size_t k = 0; k < m->n_list; k++) {
        if (m->list[k]->kind != kind) continue;
        m->list[k]->version = m->origin[m->list[k]->origin].rank;
        (*out)[n++] = m->list[k];
    }
    qsort(*out, n, sizeof **out, compare_ranks);
    *n_out = n;
    return MT_OK;
}

/* The good trades of a file that are no second ones, appended. */
static mt_code choose_private(mt_desk_maker *m, const mt_raw *raw, mt_trade *to, size_t *n_to)
{
    const mt_trade *trade = raw->value;
    mt_trade bad = {.id = NULL};
    int64_t doubles = 0, n_bad = 0;
    mt_trade_parts parts;
    MT_TRY(make_room(m, raw->n));
    for (size_t k = 0; k < raw->n; k++) {
        if (trade[k].side == MT_SIDE_NONE || !mt_trade_parts_of(&parts, &trade[k], m->desk.grid)) {
            if (n_bad++ == 0) bad = trade[k];
        } else if (is_double(m, key_of(trade[k].id), false, raw)) {
            doubles++;
        } else {
            to[(*n_to)++] = trade[k];
        }
    }
    MT_TRY(tell_bad(m, raw, &bad, n_bad));
    return tell_doubles(m, raw, doubles);
}

static mt_code show(mt_desk_maker *m, mt_desk_trades *out, const mt_trade_fold *fold)
{
    int64_t **column[] = {&out->bought_wh, &out->sold_wh, &out->bought_ueur, &out->sold_ueur, &out->count};
    if (fold->overflow)
        return mt_fail(&m->own, MT_E_INPUT, "the trades of one quarter add up to more than 64 bits hold");
    for (size_t k = 0; k < sizeof column / sizeof *column; k++)
        MT_TRY(mt_ctx_alloc(&m->own, column[k], fold->grid.n, sizeof **column[k]));
    for (size_t q = 0; q < fold->grid.n; q++) {
        const mt_trade_sums *s = &fold->quarter[q];
        out->bought_wh[q] = s->bought_wh;
        out->sold_wh[q] = s->sold_wh;
        out->bought_ueur[q] = s->bought_ueur;
        out->sold_ueur[q] = s->sold_ueur;
        out->count[q] = s->count;
    }
    out->trades = fold->trades;
    out->hourly = fold->hourly;
    out->quarterly = fold->quarterly;
    return MT_OK;
}

static mt_code show_private(mt_desk_maker *m)
{
    mt_raw **raw;
    mt_trade_fold fold;
    mt_trade *trade;
    size_t n, total = 0, kept = 0;
    MT_TRY(in_order(m, MT_RAW_OWN_TRADES, &raw, &n));
    for (size_t k = 0; k < n; k++) total += raw[k]->n;
    MT_TRY(mt_ctx_alloc(&m->own, &trade, total, sizeof *trade));
    for (size_t k = 0; k < n; k++) MT_TRY(choose_private(m, raw[k], trade, &kept));
    MT_TRY(mt_trade_fold_init(&m->raw, &fold, m->desk.grid));
    mt_trade_fold_add(&fold, trade, kept);
    m->desk.own.trade = trade;
    m->desk.own.n = kept;
    return show(m, &m->desk.own, &fold);
}

static mt_code show_public(mt_desk_maker *m)
{
    mt_raw **raw;
    mt_trade_fold fold;
    mt_micro *vwap;
    size_t n;
    MT_TRY(in_order(m, MT_RAW_ALL_TRADES, &raw, &n));
    MT_TRY(mt_trade_fold_init(&m->raw, &fold, m->desk.grid));
    for (size_t k = 0; k < n; k++) {
        mt_trade_fold_merge(&fold, raw[k]->fold);
        MT_TRY(tell_bad(m, raw[k], &raw[k]->fold->first_bad, raw[k]->fold->bad));
    }
    MT_TRY(show(m, &m->desk.all, &fold));
    if (fold.trades == 0) return MT_OK;
    MT_TRY(mt_ctx_alloc(&m->own, &vwap, m->desk.grid.n, sizeof *vwap));
    for (size_t q = 0; q < m->desk.grid.n; q++) vwap[q] = mt_trade_vwap(&fold.quarter[q]);
    m->vwap = vwap;
    return MT_OK;
}

mt_code mt_desk_fold_trades(mt_desk_maker *m)
{
    MT_TRY(show_private(m));
    return show_public(m);
}
