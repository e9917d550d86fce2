/* Series of line protocol by their raw bytes. */
#include "formats/series/line_series.h"

#include "io/utf8.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

/* Where an area is looked for, in this order; the measurement is the last resort. */
static const char *const area_tags[] = {"area", "device", "host", "asset", "name"};

struct tag {
    mt_text name, value; /* without backslashes */
};

/* A series' part while it is taken apart. */
struct part {
    mt_text measurement;
    struct tag tag[MT_LINE_TAGS_MAX];
    size_t n;
    char plain[MT_LINE_PART_MAX]; /* the texts without backslashes */
    size_t used;
};

void mt_line_names_init(mt_line_names *names, const mt_ctx *cx)
{
    *names = (mt_line_names){.n = 0};
    mt_names_init(&names->names, cx);
}

void mt_line_names_close(mt_line_names *names)
{
    mt_names_close(&names->names);
}

/* Takes characters up to one of `stops`; a backslash before a character that would mean something gives that
 * character. */
static mt_text take_part(struct part *part, mt_text raw, size_t *at, const char *stops)
{
    char *first = part->plain + part->used;
    for (; *at < raw.length; (*at)++) {
        char c = raw.at[*at], next = *at + 1 < raw.length ? raw.at[*at + 1] : '\0';
        if (c == '\\' && (next == ',' || next == '=' || next == ' ' || next == '\\')) {
            c = next;
            (*at)++;
        } else if (c == stops[0] || (stops[0] != '\0' && c == stops[1])) {
            break;
        }
        part->plain[part->used++] = c;
    }
    return (mt_text){first, (size_t)(part->plain + part->used - first)};
}

static int compare_tags(const void *a, const void *b)
{
    mt_text x = ((const struct tag *)a)->name, y = ((const struct tag *)b)->name;
    int order = memcmp(x.at, y.at, x.length < y.length ? x.length : y.length);
    return order != 0 ? order : (x.length > y.length) - (x.length < y.length);
}

/* The reason why the part is none, or NULL. */
static const char *take_apart(struct part *part, mt_text raw)
{
    size_t at = 0;
    part->n = part->used = 0;
    if (raw.length >= MT_LINE_PART_MAX) return "measurement and tags are longer than 64 KiB";
    if (!mt_utf8_is_clean(raw.at, raw.length)) return "measurement or tags are no UTF-8";
    part->measurement = take_part(part, raw, &at, ",");
    if (part->measurement.length == 0) return "no measurement";
    while (at < raw.length) {
        if (part->n == MT_LINE_TAGS_MAX) return "more than 64 tags";
        struct tag *tag = &part->tag[part->n++];
        at++;
        tag->name = take_part(part, raw, &at, "=,");
        if (at == raw.length || raw.at[at] != '=' || tag->name.length == 0)
            return "a tag has no name or no =";
        at++;
        tag->value = take_part(part, raw, &at, ",=");
        if (at < raw.length && raw.at[at] == '=') return "a tag has two =";
        if (tag->value.length == 0) return "a tag has no value";
    }
    qsort(part->tag, part->n, sizeof *part->tag, compare_tags);
    for (size_t k = 1; k < part->n; k++)
        if (compare_tags(&part->tag[k - 1], &part->tag[k]) == 0) return "a tag stands twice";
    return NULL;
}

static const struct tag *find_tag(const struct part *part, const char *name)
{
    for (size_t k = 0; k < part->n; k++)
        if (mt_text_equal(part->tag[k].name, name)) return &part->tag[k];
    return NULL;
}

static const char *keep(mt_line_names *names, mt_text text)
{
    const char *kept = mt_names_keep(&names->names, text);
    if (kept == NULL) names->state = names->names.full ? MT_LINE_NAMES_FULL : MT_LINE_NAMES_MEMORY;
    return kept;
}

static void *get(mt_line_names *names, size_t size)
{
    void *at = mt_arena_get(&names->names.arena, size);
    if (at == NULL) names->state = MT_LINE_NAMES_MEMORY;
    return at;
}

static mt_text *put(mt_text *all, char *room, const char *at, size_t n)
{
    memcpy(room + all->length, at, n);
    all->length += n;
    return all;
}

/* ";room=cellar;site=north" of the tags that are neither the area nor the unit. */
static const char *other_tags(mt_line_names *names, const struct part *part, const struct tag *area)
{
    char *room = malloc(2 * MT_LINE_PART_MAX);
    mt_text all = {room, 0};
    if (room == NULL) {
        names->state = MT_LINE_NAMES_MEMORY;
        return NULL;
    }
    for (size_t k = 0; k < part->n; k++) {
        const struct tag *tag = &part->tag[k];
        if (tag == area || mt_text_equal(tag->name, "unit")) continue;
        put(&all, room, ";", 1);
        put(&all, room, tag->name.at, tag->name.length);
        put(&all, room, "=", 1);
        put(&all, room, tag->value.at, tag->value.length);
    }
    const char *kept = keep(names, all);
    free(room);
    return kept;
}

static const char *find_kind(mt_text measurement)
{
    for (int k = 0; k < MT_KIND_COUNT; k++)
        if (mt_text_equal(measurement, mt_kind_name((mt_kind)k))) return mt_kind_name((mt_kind)k);
    return NULL;
}

static bool understand(mt_line_names *names, mt_line_series *series, const struct part *part)
{
    const struct tag *area = NULL, *unit = find_tag(part, "unit");
    for (size_t k = 0; k < sizeof area_tags / sizeof *area_tags && area == NULL; k++)
        area = find_tag(part, area_tags[k]);
    const char *kind = find_kind(part->measurement);
    series->like.kind = kind != NULL ? kind : mt_kind_name(MT_KIND_READING);
    series->like.area = keep(names, area != NULL ? area->value : part->measurement);
    series->like.unit = unit != NULL ? keep(names, unit->value) : "";
    series->before = kind != NULL ? "" : keep(names, part->measurement);
    series->after = other_tags(names, part, area);
    return names->state == MT_LINE_NAMES_WELL;
}

static bool is_slot(const mt_line_slot *slot, const mt_line_series *series, mt_text raw)
{
    mt_text own = slot->field != NULL ? slot->field->raw : slot->series->raw;
    if ((slot->field != NULL ? slot->series : NULL) != series) return false;
    return own.length == raw.length && memcmp(own.at, raw.at, raw.length) == 0;
}

/* The slot of that series (`series` NULL) or of that field of it, or the free one where it belongs. */
static mt_line_slot *find_slot(mt_line_names *names, uint64_t hash, const mt_line_series *series, mt_text raw)
{
    size_t mask = names->slots - 1;
    for (size_t k = hash & mask;; k = (k + 1) & mask) {
        mt_line_slot *slot = &names->slot[k];
        if (slot->series == NULL || (slot->hash == hash && is_slot(slot, series, raw))) return slot;
    }
}

static bool make_room(mt_line_names *names)
{
    mt_line_names old = *names;
    if (names->n * 2 < names->slots) return true;
    size_t slots = old.slots != 0 ? old.slots * 2 : FIRST_SLOTS;
    names->slot = get(names, slots * sizeof *names->slot);
    if (names->slot == NULL) {
        names->slot = old.slot;
        return false;
    }
    names->slots = slots;
    for (size_t k = 0; k < old.slots; k++) {
        size_t to = old.slot[k].hash & (slots - 1);
        if (old.slot[k].series == NULL) continue;
        while (names->slot[to].series != NULL) to = (to + 1) & (slots - 1);
        names->slot[to] = old.slot[k];
    }
    return true;
}

/* A copy of the raw bytes, counted against the limits. */
static bool keep_raw(mt_line_names *names, mt_text raw, mt_text *out)
{
    if (names->n == MT_LINE_SERIES_MAX || raw.length > MT_LINE_RAW_BYTES - names->bytes) {
        names->state = MT_LINE_NAMES_FULL;
        return false;
    }
    char *at = get(names, raw.length + 1);
    if (at == NULL) return false;
    memcpy(at, raw.at, raw.length);
    *out = (mt_text){at, raw.length};
    names->bytes += raw.length;
    return true;
}

static mt_line_series *add_series(mt_line_names *names, mt_line_slot *slot, uint64_t hash, mt_text raw,
                                  const char **fault)
{
    struct part *part = malloc(sizeof *part);
    mt_line_series *series = NULL;
    *fault = "no memory";
    if (part == NULL) {
        names->state = MT_LINE_NAMES_MEMORY;
        return NULL;
    }
    *fault = take_apart(part, raw);
    if (*fault == NULL) {
        *fault = "too many different series";
        series = get(names, sizeof *series);
        if (series != NULL && (!keep_raw(names, raw, &series->raw) || !understand(names, series, part)))
            series = NULL;
    }
    free(part);
    if (series == NULL) return NULL;
    *slot = (mt_line_slot){hash, series, NULL};
    names->n++;
    return series;
}

mt_line_series *mt_line_series_find(mt_line_names *names, mt_text raw, const char **fault)
{
    if (!make_room(names)) return NULL;
    uint64_t hash = mt_hash_bytes(raw.at, raw.length, names->names.seed);
    mt_line_slot *slot = find_slot(names, hash, NULL, raw);
    return slot->series != NULL ? slot->series : add_series(names, slot, hash, raw, fault);
}

/* "measurement.field;tag=value", without the measurement where it is the kind, without "value". */
static const char *make_detail(mt_line_names *names, const mt_line_series *series, mt_text field)
{
    size_t before = strlen(series->before), after = strlen(series->after), n = 0;
    bool named = !mt_text_equal(field, "value");
    char *all = malloc(before + field.length + after + 2);
    if (all == NULL) {
        names->state = MT_LINE_NAMES_MEMORY;
        return NULL;
    }
    memcpy(all, series->before, before);
    n = before;
    if (named && before > 0) all[n++] = '.';
    if (named) memcpy(all + n, field.at, field.length);
    n += named ? field.length : 0;
    memcpy(all + n, series->after, after);
    const char *kept = keep(names, (mt_text){all, n + after});
    free(all);
    return kept;
}

static mt_line_field *add_field(mt_line_names *names, mt_line_series *series, mt_text raw, const char **fault)
{
    struct part *part = malloc(sizeof *part);
    mt_line_field *field = get(names, sizeof *field);
    size_t at = 0;
    *fault = "too many different fields";
    if (part == NULL) names->state = MT_LINE_NAMES_MEMORY;
    if (part != NULL && field != NULL && keep_raw(names, raw, &field->raw)) {
        part->used = 0;
        field->detail = make_detail(names, series, take_part(part, raw, &at, ""));
    }
    free(part);
    return field != NULL && field->detail != NULL ? field : NULL;
}

mt_line_field *mt_line_field_find(mt_line_names *names, mt_line_series *series, mt_text raw,
                                  const char **fault)
{
    *fault = "a field's name is longer than 64 KiB or no UTF-8";
    if (raw.length >= MT_LINE_PART_MAX || !make_room(names)) return NULL;
    uint64_t hash = mt_hash_bytes(raw.at, raw.length, names->names.seed ^ (uint64_t)(uintptr_t)series);
    mt_line_slot *slot = find_slot(names, hash, series, raw);
    if (slot->series != NULL) return slot->field;
    if (!mt_utf8_is_clean(raw.at, raw.length)) return NULL;
    mt_line_field *field = add_field(names, series, raw, fault);
    if (field == NULL) return NULL;
    *slot = (mt_line_slot){hash, series, field};
    names->n++;
    return field;
}

/* Without the backslashes before the characters of `special`; `out` has room for all. */
static size_t strip(mt_text text, const char *special, char *out)
{
    size_t n = 0;
    for (size_t k = 0; k < text.length; k++) {
        bool escape = text.at[k] == '\\' && k + 1 < text.length && text.at[k + 1] != '\0' &&
                      strchr(special, text.at[k + 1]) != NULL;
        k += escape;
        out[n++] = text.at[k];
    }
    return n;
}

bool mt_line_payload(mt_payload *payload, mt_text name, mt_text text)
{
    char *plain = malloc(name.length + text.length + 1);
    payload->failed = payload->failed || plain == NULL;
    if (plain == NULL) return false;
    size_t n = strip(name, ",= \\", plain);
    mt_text stripped = {plain + n, strip(text, "\"\\", plain + n)};
    mt_payload_text(payload, (mt_text){plain, n}, stripped);
    free(plain);
    return !payload->failed;
}

bool mt_line_payload_keep(mt_payload *payload, mt_arena *arena, const char **out)
{
    const char *made = mt_payload_end(payload);
    size_t n = payload->n;
    char *copy = made != NULL ? mt_arena_raw(arena, n + 1) : NULL;
    payload->failed = copy == NULL;
    if (copy == NULL) return false;
    memcpy(copy, made, n + 1);
    *out = copy;
    return true;
}

bool mt_line_count(const char *at, const char *end, int64_t *out)
{
    int64_t value = 0;
    bool minus = at < end && *at == '-';
    at += minus;
    size_t n = (size_t)(end - at);
    if (n == 0 || n > 19) return false;
    for (; at < end; at++) {
        unsigned digit = (unsigned char)*at - (unsigned)'0';
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = minus ? -value : value;
    return true;
}
