/* Answers kept for a while: in this process, in Redis, or not at all.
 *
 * Purpose   Asking again costs a provider's patience; what was asked a moment ago is given from here.
 * Shapes    Keys are 64 digits (a hash), so that no key to a provider can be in them. In this process at most
 *           `bytes` bytes, the least recently used goes first. In Redis: SETEX "merit:http:KEY".
 * Errors    A cache never fails its user: an unreachable Redis is a cache that holds nothing; that is logged
 *           once a minute. mt_cache_open: MT_E_INPUT  no such kind of cache.
 * Ownership mt_cache_open/_close. What mt_cache_get gives is the caller's to drop.
 * Threads   Any thread.
 * Cost      O(1) in this process; a round trip of at most 0.25 s to Redis, and none for 5 s after one failed.
 */
#ifndef MT_SOURCES_HTTP_CACHE_H
#define MT_SOURCES_HTTP_CACHE_H

#include "sources/http/packed.h"

MT_BEGIN_DECLS

typedef struct mt_cache mt_cache;

/* What a kind of cache can do; every member is set. First member of its struct. */
typedef struct mt_cache_ops {
    mt_packed *(*get)(mt_cache *cache, mt_ctx *cx, const char *key, mt_time now);
    void (*put)(mt_cache *cache, mt_ctx *cx, const char *key, mt_packed *packed, mt_time now, mt_time keep);
    void (*close)(mt_cache *cache);
} mt_cache_ops;

struct mt_cache {
    const mt_cache_ops *ops;
};

/* `url` NULL or "memory", "none" (*out is NULL then), "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]". */
MT_MUST_USE mt_code mt_cache_open(mt_ctx *cx, mt_cache **out, const char *url, uint64_t bytes);
void mt_cache_close(mt_cache *cache); /* NULL allowed, also below */

/* NULL: nothing there. `now` is any clock, the same in every call; cx is for logs alone. */
mt_packed *mt_cache_get(mt_cache *cache, mt_ctx *cx, const char *key, mt_time now);
void mt_cache_put(mt_cache *cache, mt_ctx *cx, const char *key, mt_packed *packed, mt_time now, mt_time keep);

/* The kinds. */
MT_MUST_USE mt_code mt_cache_memory_open(mt_ctx *cx, mt_cache **out, uint64_t bytes);
MT_MUST_USE mt_code mt_cache_redis_open(mt_ctx *cx, mt_cache **out, const char *url);

MT_END_DECLS
#endif
