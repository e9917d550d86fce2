/* Memory that is given back all at once: the store of every value a request makes.
 *
 * Purpose   Allocation by bumping a pointer; one release at the end of the request, or back to a mark after
 *           each chunk.
 * Shapes    Every address is aligned for any type (16 bytes). Size 0 gives a valid, unique-enough address.
 * Errors    NULL when the allocator fails, the arena's limit is reached, or the test hook says so. The
 *           caller with a context uses mt_ctx_alloc (ctx.h), which turns NULL into MT_E_MEMORY with a
 *           sentence.
 * Ownership The arena owns its blocks; values in it die at reset, release or mt_arena_close.
 * Cost      O(1) an allocation; a value larger than a block gets a block of its own.
 */
#ifndef MT_BASE_ARENA_H
#define MT_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

/* Where the arena gets its blocks; both members or neither (then malloc and free). */
typedef struct mt_allocator {
    void *(*get)(void *arg, size_t size);
    void (*put)(void *arg, void *block, size_t size);
    void *arg;
} mt_allocator;

struct mt_arena_block;

typedef struct mt_arena {
    struct mt_arena_block *block; /* newest first */
    mt_allocator allocator;
    size_t limit_bytes;   /* 0: none */
    size_t held_bytes;    /* in blocks now */
    uint64_t allocations; /* calls so far; the torture test counts them */
    uint64_t fail_at;     /* 0: never; else the allocation with this number and all later ones fail */
} mt_arena;

/* A place to come back to. */
typedef struct mt_mark {
    struct mt_arena_block *block;
    size_t used;
} mt_mark;

MT_API void mt_arena_init(mt_arena *arena, const mt_allocator *allocator, size_t limit_bytes);
MT_API void mt_arena_close(mt_arena *arena);

/* Zeroed memory of `size` bytes, or NULL. */
MT_API void *mt_arena_get(mt_arena *arena, size_t size);

/* Room for `size` bytes, contents unspecified, or NULL. */
MT_API void *mt_arena_raw(mt_arena *arena, size_t size);

/* Remember this point; mt_arena_reset frees everything taken since. */
MT_API mt_mark mt_arena_mark(const mt_arena *arena);
MT_API void mt_arena_reset(mt_arena *arena, mt_mark mark);

MT_END_DECLS
#endif
