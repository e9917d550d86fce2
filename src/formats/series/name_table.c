/* Texts that are kept once: open addressing over an arena. */
#include "formats/series/name_table.h"

enum { FIRST_SLOTS = 256 };

void mt_names_init(mt_names *names, const mt_ctx *cx)
{
    *names = (mt_names){.seed = mt_hash_mix((uint64_t)(uintptr_t)names, 0xE7037ED1A0B428DBu)};
    mt_arena_beside(&names->arena, cx);
}

void mt_names_close(mt_names *names)
{
    mt_arena_close(&names->arena);
}

/* The slot of that text, or the free one where it belongs. */
static mt_name_slot *find_slot(const mt_names *names, uint64_t hash, mt_text text)
{
    size_t mask = names->slots - 1;
    for (size_t k = hash & mask;; k = (k + 1) & mask) {
        mt_name_slot *slot = &names->slot[k];
        if (slot->at == NULL) return slot;
        if (slot->hash == hash && slot->length == text.length && memcmp(slot->at, text.at, text.length) == 0)
            return slot;
    }
}

/* Twice the slots; the old ones stay in the arena, together no more than the new ones. */
static bool grow(mt_names *names)
{
    mt_names old = *names;
    size_t slots = old.slots != 0 ? old.slots * 2 : FIRST_SLOTS;
    mt_name_slot *slot = mt_arena_get(&names->arena, slots * sizeof *slot);
    if (slot == NULL) return false;
    names->slot = slot;
    names->slots = slots;
    for (size_t k = 0; k < old.slots; k++) {
        mt_name_slot *from = &old.slot[k];
        if (from->at != NULL) *find_slot(names, from->hash, (mt_text){from->at, from->length}) = *from;
    }
    return true;
}

static const char *add(mt_names *names, mt_name_slot *slot, uint64_t hash, mt_text text)
{
    if (names->n == MT_NAMES_MAX || text.length > MT_NAMES_BYTES - names->bytes) {
        names->full = true;
        return NULL;
    }
    char *at = mt_arena_raw(&names->arena, text.length + 1);
    if (at == NULL) return NULL;
    if (text.length > 0) memcpy(at, text.at, text.length);
    at[text.length] = '\0';
    *slot = (mt_name_slot){hash, at, text.length};
    names->n++;
    names->bytes += text.length;
    return at;
}

const char *mt_names_keep(mt_names *names, mt_text text)
{
    if (names->n * 2 >= names->slots && !grow(names)) return NULL;
    uint64_t hash = mt_hash_bytes(text.at, text.length, names->seed);
    mt_name_slot *slot = find_slot(names, hash, text);
    return slot->at != NULL ? slot->at : add(names, slot, hash, text);
}
