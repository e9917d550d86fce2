/* Answers kept for a while: in this process, in Redis, or not at all. */
#include "sources/http/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, KEY_MAX = 72 };

#define BYTES_USUAL ((uint64_t)64 << 20)

typedef struct entry {
    struct entry *same_bucket;
    struct entry *newer, *older; /* by last use */
    mt_packed *packed;
    mt_time until;
    char key[KEY_MAX];
} entry;

typedef struct memory_cache {
    mt_cache base;
    pthread_mutex_t lock;
    uint64_t bytes, bytes_max;
    entry *newest, *oldest;
    entry *bucket[BUCKETS];
} memory_cache;

/* FNV-1a (Fowler, Noll, Vo) */
static size_t bucket_of(const char *key)
{
    uint32_t h = 2166136261U;
    for (; *key; key++) h = (h ^ (uint8_t)*key) * 16777619U;
    return h % BUCKETS;
}

static uint64_t size_of(const entry *e)
{
    return sizeof *e + mt_packed_bytes(e->packed).length;
}

static entry **find_place(memory_cache *c, const char *key)
{
    entry **place = &c->bucket[bucket_of(key)];
    while (*place && strcmp((*place)->key, key) != 0) place = &(*place)->same_bucket;
    return place;
}

static void unlink_use(memory_cache *c, entry *e)
{
    *(e->newer ? &e->newer->older : &c->newest) = e->older;
    *(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void link_newest(memory_cache *c, entry *e)
{
    e->newer = NULL;
    e->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = e;
    c->newest = e;
}

static void remove_entry(memory_cache *c, const char *key)
{
    entry **place = find_place(c, key), *e = *place;
    if (!e) return;
    *place = e->same_bucket;
    unlink_use(c, e);
    c->bytes -= size_of(e);
    mt_packed_drop(e->packed);
    free(e);
}

static mt_packed *memory_get(mt_cache *cache, mt_ctx *cx, const char *key, mt_time now)
{
    memory_cache *c = (memory_cache *)cache;
    mt_packed *found = NULL;
    (void)cx;
    pthread_mutex_lock(&c->lock);
    entry *e = *find_place(c, key);
    if (e && now >= e->until) {
        remove_entry(c, key);
    } else if (e) {
        unlink_use(c, e);
        link_newest(c, e);
        found = mt_packed_keep(e->packed);
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

static void memory_put(mt_cache *cache, mt_ctx *cx, const char *key, mt_packed *packed, mt_time now,
                       mt_time keep)
{
    memory_cache *c = (memory_cache *)cache;
    entry *e = calloc(1, sizeof *e);
    (void)cx;
    if (!e || strlen(key) >= KEY_MAX) {
        free(e);
        return;
    }
    memcpy(e->key, key, strlen(key) + 1);
    e->packed = mt_packed_keep(packed);
    e->until = now + keep;
    pthread_mutex_lock(&c->lock);
    remove_entry(c, key);
    entry **place = &c->bucket[bucket_of(key)];
    e->same_bucket = *place;
    *place = e;
    link_newest(c, e);
    c->bytes += size_of(e);
    while (c->oldest && c->bytes > c->bytes_max) remove_entry(c, c->oldest->key);
    pthread_mutex_unlock(&c->lock);
}

static void memory_close(mt_cache *cache)
{
    memory_cache *c = (memory_cache *)cache;
    while (c->oldest) remove_entry(c, c->oldest->key);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static const mt_cache_ops memory_ops = {memory_get, memory_put, memory_close};

mt_code mt_cache_memory_open(mt_ctx *cx, mt_cache **out, uint64_t bytes)
{
    memory_cache *c = calloc(1, sizeof *c);
    if (!c) return mt_fail(cx, MT_E_MEMORY, "no memory for a cache");
    c->base.ops = &memory_ops;
    c->bytes_max = bytes ? bytes : BYTES_USUAL;
    pthread_mutex_init(&c->lock, NULL);
    *out = &c->base;
    return MT_OK;
}

mt_code mt_cache_open(mt_ctx *cx, mt_cache **out, const char *url, uint64_t bytes)
{
    if (!url || strcmp(url, "memory") == 0) return mt_cache_memory_open(cx, out, bytes);
    if (strncmp(url, "redis://", 8) == 0) return mt_cache_redis_open(cx, out, url);
    if (strcmp(url, "none") != 0)
        return mt_fail(cx, MT_E_INPUT,
                       "no cache of this kind: memory, none or redis://HOST:PORT/DB would be right");
    *out = NULL;
    return MT_OK;
}

void mt_cache_close(mt_cache *cache)
{
    if (cache) cache->ops->close(cache);
}

mt_packed *mt_cache_get(mt_cache *cache, mt_ctx *cx, const char *key, mt_time now)
{
    return cache ? cache->ops->get(cache, cx, key, now) : NULL;
}

void mt_cache_put(mt_cache *cache, mt_ctx *cx, const char *key, mt_packed *packed, mt_time now, mt_time keep)
{
    if (cache) cache->ops->put(cache, cx, key, packed, now, keep);
}
