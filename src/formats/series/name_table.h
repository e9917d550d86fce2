/* Texts that are kept once: equal names are equal addresses.
 *
 * Purpose   Readers of feeds meet the same few areas and details a million times; who takes their rows
 *           compares addresses instead of texts.
 * Shapes    At most MT_NAMES_MAX texts and MT_NAMES_BYTES bytes, so that a hostile feed ends in a fault
 *           instead of in all memory.
 * Errors    NULL when memory or one of these limits is reached; `full` tells which.
 * Ownership The table is its owner's variable and has an arena of its own: contexts may be reset meanwhile.
 *           mt_names_close gives everything back.
 * Cost      One hash of the text; O(1).
 */
#ifndef MT_FORMATS_SERIES_NAME_TABLE_H
#define MT_FORMATS_SERIES_NAME_TABLE_H

#include <string.h>

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_NAMES_MAX = 1 << 20, MT_NAMES_BYTES = 64 << 20 };

typedef struct mt_name_slot {
    uint64_t hash;
    const char *at; /* NULL: free */
    size_t length;
} mt_name_slot;

typedef struct mt_names {
    mt_arena arena;
    mt_name_slot *slot;
    size_t slots; /* a power of two */
    size_t n, bytes;
    uint64_t seed;
    bool full; /* a limit was reached, not the end of memory */
} mt_names;

/* Takes allocator and limit from cx. */
void mt_names_init(mt_names *names, const mt_ctx *cx);
void mt_names_close(mt_names *names);

/* The one address of that text, with a 0 byte behind it. */
const char *mt_names_keep(mt_names *names, mt_text text);

/* An arena with the allocator and the limit of cx, but a life of its own. */
static inline void mt_arena_beside(mt_arena *arena, const mt_ctx *cx)
{
    mt_arena_init(arena, &cx->options.allocator, cx->options.limit_bytes);
}

static inline uint64_t mt_hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of bytes that an adversary may have chosen; the seed is his riddle. */
static inline uint64_t mt_hash_bytes(const char *at, size_t n, uint64_t seed)
{
    uint64_t hash = seed ^ (n * 0x9E3779B97F4A7C15u), word;
    for (; n >= 8; at += 8, n -= 8) {
        memcpy(&word, at, 8);
        hash = mt_hash_mix(hash ^ word, 0xD6E8FEB86659FD93u);
    }
    word = 0;
    for (size_t k = 0; k < n; k++) word |= (uint64_t)(unsigned char)at[k] << (8 * k);
    hash = mt_hash_mix(hash ^ word, 0xA0761D6478BD642Fu);
    return hash ^ (hash >> 29);
}

MT_END_DECLS
#endif
