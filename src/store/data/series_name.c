/* Names of series as rows give them, turned into ids. */
#include "store/data/series_name.h"

#include "crypto/hash.h"

#include <stdlib.h>
#include <string.h>

enum { RECENT = 256, FIRST_ROOM = 64 };

struct recent {
    uint64_t turn; /* of the chunk its addresses are from */
    mt_series_name name;
    int64_t id;
};

struct mt_series_names {
    mt_series_met *met;
    size_t n, room;
    uint32_t *slot; /* of a table twice as large as `room`: index in met + 1; 0: free */
    uint64_t turn;
    struct recent recent[RECENT];
};

int64_t mt_series_name_id(const mt_series_name *name)
{
    mt_hash hash;
    uint8_t digest[MT_HASH_BYTES], step[8];
    uint64_t id = 0;
    mt_hash_init(&hash);
    for (int k = 0; k < MT_SERIES_TEXTS; k++) {
        mt_hash_update(&hash, name->text[k].at, name->text[k].length);
        mt_hash_update(&hash, "", 1);
    }
    for (int k = 0; k < 8; k++) step[k] = (uint8_t)((uint64_t)name->step_us >> 8 * k);
    mt_hash_update(&hash, step, sizeof step);
    mt_hash_final(&hash, digest);
    for (int k = 0; k < 8; k++) id |= (uint64_t)digest[k] << 8 * k;
    return (int64_t)(id & INT64_MAX);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static uint64_t hash_text(uint64_t hash, mt_text text)
{
    uint64_t word = 0;
    size_t k = 0;
    for (; k + 8 <= text.length; k += 8) {
        memcpy(&word, text.at + k, 8);
        hash = mix(hash, word);
    }
    word = 0;
    if (k < text.length) memcpy(&word, text.at + k, text.length - k);
    return mix(mix(hash, word), text.length);
}

static uint64_t hash_content(const mt_series_name *name)
{
    uint64_t hash = (uint64_t)name->step_us;
    for (int k = 0; k < MT_SERIES_TEXTS; k++) hash = hash_text(hash, name->text[k]);
    return hash;
}

static size_t hash_addresses(const mt_series_name *name)
{
    uint64_t hash = (uint64_t)name->step_us;
    for (int k = 0; k < MT_SERIES_TEXTS; k++) hash = mix(hash, (uint64_t)(uintptr_t)name->text[k].at);
    return (size_t)(hash % RECENT);
}

static bool same_addresses(const mt_series_name *a, const mt_series_name *b)
{
    for (int k = 0; k < MT_SERIES_TEXTS; k++)
        if (a->text[k].at != b->text[k].at || a->text[k].length != b->text[k].length) return false;
    return a->step_us == b->step_us;
}

static bool same_content(const mt_series_name *a, const mt_series_name *b)
{
    for (int k = 0; k < MT_SERIES_TEXTS; k++) {
        size_t n = a->text[k].length;
        if (n != b->text[k].length || (n && memcmp(a->text[k].at, b->text[k].at, n) != 0)) return false;
    }
    return a->step_us == b->step_us;
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *find_slot(const mt_series_names *names, const mt_series_name *name)
{
    size_t mask = 2 * names->room - 1;
    for (size_t at = hash_content(name) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &names->slot[at];
        if (!*slot || same_content(&names->met[*slot - 1].name, name)) return slot;
    }
}

static mt_code grow(mt_ctx *cx, mt_series_names *names)
{
    size_t room = names->room ? 2 * names->room : FIRST_ROOM;
    uint32_t *slot = calloc(2 * room, sizeof *slot);
    mt_series_met *met = slot ? realloc(names->met, room * sizeof *met) : NULL;
    if (!met) {
        free(slot);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for the names of %zu series", names->n);
    }
    free(names->slot);
    names->met = met;
    names->slot = slot;
    names->room = room;
    for (size_t k = 0; k < names->n; k++) *find_slot(names, &met[k].name) = (uint32_t)(k + 1);
    return MT_OK;
}

/* All five texts in one piece, which begins with the first. */
static mt_code copy_name(mt_ctx *cx, mt_series_name *out, const mt_series_name *name)
{
    size_t n = 1;
    for (int k = 0; k < MT_SERIES_TEXTS; k++) n += name->text[k].length;
    char *at = malloc(n);
    if (!at) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the name of a series");
    out->step_us = name->step_us;
    for (int k = 0; k < MT_SERIES_TEXTS; k++) {
        size_t length = name->text[k].length;
        if (length) memcpy(at, name->text[k].at, length);
        out->text[k] = (mt_text){at, length};
        at += length;
    }
    return MT_OK;
}

static mt_code add(mt_ctx *cx, mt_series_names *names, size_t *place, const mt_series_name *name)
{
    if (names->n == names->room) MT_TRY(grow(cx, names));
    mt_series_met *met = &names->met[names->n];
    MT_TRY(copy_name(cx, &met->name, name));
    met->id = mt_series_name_id(name);
    *find_slot(names, name) = (uint32_t)(names->n + 1);
    *place = names->n++;
    return MT_OK;
}

mt_code mt_series_names_id(mt_ctx *cx, mt_series_names *names, int64_t *id, const mt_series_name *name)
{
    struct recent *recent = &names->recent[hash_addresses(name)];
    if (recent->turn != names->turn || !same_addresses(&recent->name, name)) {
        uint32_t slot = names->room ? *find_slot(names, name) : 0;
        size_t place = slot - 1;
        if (!slot) MT_TRY(add(cx, names, &place, name));
        *recent = (struct recent){names->turn, *name, names->met[place].id};
    }
    *id = recent->id;
    return MT_OK;
}

void mt_series_names_turn(mt_series_names *names)
{
    names->turn++;
}

const mt_series_met *mt_series_names_met(const mt_series_names *names, size_t *n)
{
    *n = names->n;
    return names->met;
}

mt_code mt_series_names_open(mt_ctx *cx, mt_series_names **out)
{
    mt_series_names *names = calloc(1, sizeof *names);
    if (!names) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the names of series");
    names->turn = 1; /* nothing recent is from it */
    *out = names;
    return MT_OK;
}

void mt_series_names_close(mt_series_names *names)
{
    if (!names) return;
    for (size_t k = 0; k < names->n; k++) free((void *)(uintptr_t)names->met[k].name.text[0].at);
    free(names->met);
    free(names->slot);
    free(names);
}
