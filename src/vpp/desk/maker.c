/* What the rooms of the desk share: names, files in their order, values by file, findings. */
#include "vpp/desk/maker.h"

#include "market/series/sun.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRICE_NAME(symbol, name, meaning) name,
static const char *const price_name[] = {MT_VPP_PRICE_LIST(PRICE_NAME)};

typedef bool same_fn(const mt_desk_maker *m, uint32_t index, const void *key);

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t hash_text(const char *text)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (const char *c = text; *c; c++) h = (h ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
    return mix(h);
}

static uint64_t hash_pointers(const void *a, const void *b, uint64_t c)
{
    return mix((uint64_t)(uintptr_t)a * 31 + mix((uint64_t)(uintptr_t)b + mix(c)));
}

/* The place of `key`: its index + 1 stands there, or 0. */
static uint32_t *find_slot(const mt_desk_maker *m, const mt_slots *s, uint64_t hash, same_fn *same,
                           const void *key)
{
    for (size_t k = (size_t)hash & (s->room - 1);; k = (k + 1) & (s->room - 1)) {
        if (s->slot[k] == 0 || same(m, s->slot[k] - 1, key)) return &s->slot[k];
    }
}

/* Room for one more; hashes are told again by the list. */
static mt_code grow_slots(mt_desk_maker *m, mt_slots *s, uint64_t (*hash_of)(const mt_desk_maker *, uint32_t))
{
    if (s->used * 2 < s->room) return MT_OK;
    mt_slots more = {.room = s->room ? s->room * 2 : 256, .used = s->used};
    MT_TRY(mt_ctx_alloc(&m->raw, &more.slot, more.room, sizeof *more.slot));
    for (size_t k = 0; k < s->room; k++) {
        if (s->slot[k] == 0) continue;
        size_t to = (size_t)hash_of(m, s->slot[k] - 1) & (more.room - 1);
        while (more.slot[to]) to = (to + 1) & (more.room - 1);
        more.slot[to] = s->slot[k];
    }
    *s = more;
    return MT_OK;
}

static bool same_name(const mt_desk_maker *m, uint32_t index, const void *key)
{
    return strcmp(m->name[index], key) == 0;
}

static uint64_t name_hash(const mt_desk_maker *m, uint32_t index)
{
    return hash_text(m->name[index]);
}

mt_code mt_maker_name(mt_desk_maker *m, const char **out, const char *text)
{
    *out = NULL;
    if (!text) return MT_OK;
    MT_TRY(grow_slots(m, &m->name_slots, name_hash));
    uint32_t *slot = find_slot(m, &m->name_slots, hash_text(text), same_name, text);
    if (*slot == 0) {
        MT_TRY(mt_ctx_grow(&m->raw, &m->name, m->n_name, &m->name_room, sizeof *m->name));
        MT_TRY(mt_text_copy(&m->own, &m->name[m->n_name], mt_text_of(text)));
        *slot = (uint32_t)++m->n_name;
        m->name_slots.used++;
    }
    *out = m->name[*slot - 1];
    return MT_OK;
}

static bool same_raw(const mt_desk_maker *m, uint32_t index, const void *key)
{
    const mt_raw *a = m->list[index], *b = key;
    return a->kind == b->kind && a->subject == b->subject && a->origin == b->origin &&
           a->version == b->version;
}

static uint64_t hash_raw(const mt_raw *raw)
{
    return hash_pointers(raw->subject, NULL,
                         (uint64_t)raw->version * 1000003 + (uint64_t)raw->origin * 16 + (uint64_t)raw->kind);
}

static uint64_t raw_hash(const mt_desk_maker *m, uint32_t index)
{
    return hash_raw(m->list[index]);
}

mt_code mt_maker_raw(mt_desk_maker *m, mt_raw **out, const mt_raw *key)
{
    MT_TRY(grow_slots(m, &m->list_slots, raw_hash));
    uint32_t *slot = find_slot(m, &m->list_slots, hash_raw(key), same_raw, key);
    if (*slot == 0) {
        mt_raw *raw;
        MT_TRY(mt_ctx_grow(&m->raw, &m->list, m->n_list, &m->list_room, sizeof *m->list));
        MT_TRY(MT_NEW(&m->raw, &raw, 1));
        *raw = *key;
        m->list[m->n_list] = raw;
        *slot = (uint32_t)++m->n_list;
        m->list_slots.used++;
    }
    *out = m->list[*slot - 1];
    return MT_OK;
}

void mt_raw_close(mt_raw *raw)
{
    mt_live_fold_close(raw->live);
    raw->live = NULL;
    if (raw->fold) free(raw->fold->quarter);
    raw->fold = NULL;
}

const char *mt_maker_price_name(mt_vpp_price kind)
{
    return price_name[kind];
}

bool mt_maker_night(const mt_plant *plant, mt_time start)
{
    if (!plant || plant->technology != MT_SOLAR) return false;
    return mt_sun_height_deg(plant->latitude, plant->longitude, start) < 0 &&
           mt_sun_height_deg(plant->latitude, plant->longitude, start + MT_QUARTER) < 0;
}

const mt_vpp_origin *mt_maker_origin(const mt_desk_maker *m, int origin)
{
    return &m->origin[origin].origin;
}

mt_time mt_maker_end(const mt_desk_maker *m)
{
    return m->desk.grid.start + (mt_time)m->desk.grid.n * MT_QUARTER;
}

size_t mt_maker_day_of(const mt_desk_maker *m, size_t quarter)
{
    size_t low = 0, high = m->n_days; /* day_at[low] <= quarter < day_at[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (m->day_at[middle] <= quarter)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool same_finding(const mt_desk_maker *m, uint32_t index, const void *key)
{
    const mt_finding *a = &m->finding[index], *b = key;
    return a->kind == b->kind && a->asset_id == b->asset_id && a->file == b->file;
}

static uint64_t hash_finding(const mt_finding *f)
{
    return hash_pointers(f->asset_id, f->file, f->kind);
}

static uint64_t finding_hash(const mt_desk_maker *m, uint32_t index)
{
    return hash_finding(&m->finding[index]);
}

/* Who, where, when, how much, and the rule that answers it. */
static void describe(const mt_finding *f, char *out, size_t room)
{
    char when[MT_TIME_TEXT_MAX] = "", value[48] = "", number[32];
    if (f->time != MT_TIME_NONE) mt_time_text(f->time, when);
    if (!isnan(f->value)) {
        mt_real_text(f->value, number);
        snprintf(value, sizeof value, ", %s", number);
    }
    snprintf(out, room, "%s%s%s%s%s%s: %s", f->asset_id ? f->asset_id : "",
             f->asset_id && f->file ? " in " : "", f->file ? f->file : "", *when ? " at " : "", when, value,
             mt_finding_rule(f->kind));
}

static bool told_earlier(const mt_finding *a, const mt_finding *b)
{
    if (a->line != b->line) return a->line < b->line;
    if (a->time != b->time) return a->time < b->time;
    return strcmp(a->sentence, b->sentence) < 0;
}

static mt_code add_finding(mt_desk_maker *m, mt_finding *f)
{
    MT_TRY(grow_slots(m, &m->finding_slots, finding_hash));
    uint32_t *slot = find_slot(m, &m->finding_slots, hash_finding(f), same_finding, f);
    if (*slot == 0) {
        MT_TRY(mt_text_copy(&m->own, &f->sentence, mt_text_of(f->sentence)));
        MT_TRY(mt_ctx_grow(&m->own, &m->finding, m->n_finding, &m->finding_room, sizeof *m->finding));
        m->finding[m->n_finding] = *f;
        *slot = (uint32_t)++m->n_finding;
        m->finding_slots.used++;
        return MT_OK;
    }
    mt_finding *there = &m->finding[*slot - 1];
    int64_t count = there->count + f->count;
    if (told_earlier(f, there)) {
        MT_TRY(mt_text_copy(&m->own, &f->sentence, mt_text_of(f->sentence)));
        *there = *f;
    }
    there->count = count;
    return MT_OK;
}

mt_code mt_maker_find(mt_desk_maker *m, const mt_finding *finding, const char *format, ...)
{
    mt_finding f = *finding;
    char text[512];
    if (f.count < 1) f.count = 1;
    if (format) {
        va_list values;
        va_start(values, format);
        vsnprintf(text, sizeof text, format, values);
        va_end(values);
        f.sentence = text;
    } else if (!f.sentence) {
        describe(&f, text, sizeof text);
        f.sentence = text;
    }
    MT_TRY(mt_maker_name(m, &f.asset_id, f.asset_id));
    MT_TRY(mt_maker_name(m, &f.file, f.file));
    return add_finding(m, &f);
}

mt_code mt_maker_sift(mt_desk_maker *m, bool (*keep)(const mt_desk_maker *, const mt_finding *))
{
    size_t n = m->n_finding;
    m->n_finding = m->finding_slots.used = 0;
    if (m->finding_slots.room) memset(m->finding_slots.slot, 0, m->finding_slots.room * sizeof(uint32_t));
    for (size_t k = 0; k < n; k++) {
        mt_finding f = m->finding[k];
        if (keep(m, &f)) MT_TRY(add_finding(m, &f));
    }
    return MT_OK;
}

mt_code mt_maker_spots(mt_desk_maker *m, const mt_spot spot[MT_FINDING_COUNT], const char *asset,
                       const char *file)
{
    for (int k = 0; k < MT_FINDING_COUNT; k++) {
        if (spot[k].count == 0) continue;
        mt_finding f = {.kind = (mt_finding_kind)k,
                        .asset_id = asset,
                        .file = file,
                        .time = spot[k].time,
                        .value = spot[k].value,
                        .count = spot[k].count};
        MT_TRY(mt_maker_find(m, &f, NULL));
    }
    return MT_OK;
}
