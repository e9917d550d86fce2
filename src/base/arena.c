/* Bump allocation in a chain of blocks. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define ALIGN       ((size_t)16)
#define FIRST_BLOCK ((size_t)16 << 10)
#define LARGEST_STEP ((size_t)1 << 20) /* blocks double up to this size */

struct mt_arena_block {
    struct mt_arena_block *older;
    size_t size; /* whole block with this header */
    size_t used; /* from the header's start */
};

static size_t round_up(size_t size)
{
    return (size + ALIGN - 1) & ~(ALIGN - 1);
}

static void *get_default(void *arg, size_t size)
{
    (void)arg;
    return malloc(size);
}

static void put_default(void *arg, void *block, size_t size)
{
    (void)arg;
    (void)size;
    free(block);
}

void mt_arena_init(mt_arena *arena, const mt_allocator *allocator, size_t limit_bytes)
{
    *arena = (mt_arena){.limit_bytes = limit_bytes};
    if (allocator && allocator->get) {
        arena->allocator = *allocator;
    } else {
        arena->allocator = (mt_allocator){.get = get_default, .put = put_default};
    }
}

static void drop_newest(mt_arena *arena)
{
    struct mt_arena_block *block = arena->block;
    arena->block = block->older;
    arena->held_bytes -= block->size;
    arena->allocator.put(arena->allocator.arg, block, block->size);
}

void mt_arena_close(mt_arena *arena)
{
    while (arena->block) drop_newest(arena);
}

/* A new newest block with room for `need` bytes; large values get exactly what they need. */
static struct mt_arena_block *add_block(mt_arena *arena, size_t need)
{
    size_t header = round_up(sizeof(struct mt_arena_block));
    size_t size = arena->block ? arena->block->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_STEP) size = LARGEST_STEP;
    if (size < header + need) size = header + need;
    if (arena->limit_bytes && (size > arena->limit_bytes || arena->held_bytes > arena->limit_bytes - size)) {
        size = header + need;
        if (size > arena->limit_bytes || arena->held_bytes > arena->limit_bytes - size) return NULL;
    }
    struct mt_arena_block *block = arena->allocator.get(arena->allocator.arg, size);
    if (!block) return NULL;
    *block = (struct mt_arena_block){.older = arena->block, .size = size, .used = header};
    arena->block = block;
    arena->held_bytes += size;
    return block;
}

void *mt_arena_raw(mt_arena *arena, size_t size)
{
    arena->allocations++;
    if (arena->fail_at && arena->allocations >= arena->fail_at) return NULL;
    if (size > PTRDIFF_MAX) return NULL; /* no object is larger */
    size_t need = round_up(size ? size : 1);
    struct mt_arena_block *block = arena->block;
    if (!block || block->size - block->used < need) block = add_block(arena, need);
    if (!block) return NULL;
    void *value = (char *)block + block->used;
    block->used += need;
    return value;
}

void *mt_arena_get(mt_arena *arena, size_t size)
{
    void *value = mt_arena_raw(arena, size);
    return value ? memset(value, 0, size) : NULL;
}

mt_mark mt_arena_mark(const mt_arena *arena)
{
    return (mt_mark){.block = arena->block, .used = arena->block ? arena->block->used : 0};
}

void mt_arena_reset(mt_arena *arena, mt_mark mark)
{
    while (arena->block && arena->block != mark.block) drop_newest(arena);
    if (arena->block) arena->block->used = mark.used;
}
