/* Answers kept in Redis, for many processes at once; without it there is simply no cache. */
#include "sources/http/cache.h"

#include "sources/http/redis_api.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_MAX = 256, WORD_MAX = 128, PORT_USUAL = 6379, TIMEOUT_MS = 250 };

#define QUIET_AFTER_FAILURE (5 * MT_US_SECOND)
#define QUIET_LOG           MT_US_MINUTE

typedef struct redis_cache {
    mt_cache base;
    pthread_mutex_t lock; /* of what follows: one connection, one command at a time */
    mt_redis_api api;
    redisContext *link; /* NULL: not connected */
    mt_time failed_at, logged_at;
    int port;
    char host[HOST_MAX], user[WORD_MAX], password[WORD_MAX], db[16];
} redis_cache;

/* Drops the connection; the next try comes in a while. The address is logged without its password. */
static void lose(redis_cache *c, mt_ctx *cx, mt_time now, const char *why)
{
    if (c->logged_at == MT_TIME_NONE || now - c->logged_at >= QUIET_LOG) {
        mt_log(cx, MT_LOG_WARN, "cache redis://%s:%d/%s does not work (%s): going on without it", c->host,
               c->port, c->db, why);
        c->logged_at = now;
    }
    if (c->link) c->api.redisFree(c->link);
    c->link = NULL;
    c->failed_at = now;
}

/* The reply, or NULL after the connection was given up. */
static redisReply *command(redis_cache *c, mt_ctx *cx, mt_time now, const mt_text *word, int n)
{
    const char *at[4];
    size_t length[4];
    for (int k = 0; k < n; k++) {
        at[k] = word[k].at;
        length[k] = word[k].length;
    }
    redisReply *reply = c->api.redisCommandArgv(c->link, n, at, length);
    if (!reply) {
        lose(c, cx, now, c->link->errstr);
    } else if (reply->type == REDIS_REPLY_ERROR) {
        c->api.freeReplyObject(reply);
        lose(c, cx, now, "it refuses the command");
        reply = NULL;
    }
    return reply;
}

static bool greet(redis_cache *c, mt_ctx *cx, mt_time now, const mt_text *word, int n)
{
    redisReply *reply = command(c, cx, now, word, n);
    if (reply) c->api.freeReplyObject(reply);
    return reply != NULL;
}

static bool sign_in(redis_cache *c, mt_ctx *cx, mt_time now)
{
    if (!c->password[0]) return true;
    mt_text with_user[] = {mt_text_of("AUTH"), mt_text_of(c->user), mt_text_of(c->password)};
    mt_text alone[] = {mt_text_of("AUTH"), mt_text_of(c->password)};
    return c->user[0] ? greet(c, cx, now, with_user, 3) : greet(c, cx, now, alone, 2);
}

static bool connected(redis_cache *c, mt_ctx *cx, mt_time now)
{
    struct timeval timeout = {.tv_usec = TIMEOUT_MS * 1000};
    if (c->link) return true;
    if (c->failed_at != MT_TIME_NONE && now - c->failed_at < QUIET_AFTER_FAILURE) return false;
    c->link = c->api.redisConnectWithTimeout(c->host, c->port, timeout);
    if (!c->link || c->link->err) {
        lose(c, cx, now, c->link ? c->link->errstr : "no memory");
        return false;
    }
    c->api.redisSetTimeout(c->link, timeout);
    mt_text select[] = {mt_text_of("SELECT"), mt_text_of(c->db)};
    return sign_in(c, cx, now) && greet(c, cx, now, select, 2);
}

/* "merit:http:KEY" */
static mt_text name_of(const char *key, char name[WORD_MAX])
{
    static const char prefix[] = "merit:http:";
    size_t n = strnlen(key, WORD_MAX - sizeof prefix);
    memcpy(name, prefix, sizeof prefix - 1);
    memcpy(name + sizeof prefix - 1, key, n);
    return (mt_text){name, sizeof prefix - 1 + n};
}

static mt_packed *redis_get(mt_cache *cache, mt_ctx *cx, const char *key, mt_time now)
{
    redis_cache *c = (redis_cache *)cache;
    mt_packed *found = NULL;
    char name[WORD_MAX];
    mt_text word[] = {mt_text_of("GET"), name_of(key, name)};
    pthread_mutex_lock(&c->lock);
    redisReply *reply = connected(c, cx, now) ? command(c, cx, now, word, 2) : NULL;
    if (reply && reply->type == REDIS_REPLY_STRING) found = mt_packed_of(reply->str, reply->len);
    if (reply) c->api.freeReplyObject(reply);
    pthread_mutex_unlock(&c->lock);
    return found;
}

static void redis_put(mt_cache *cache, mt_ctx *cx, const char *key, mt_packed *packed, mt_time now,
                      mt_time keep)
{
    redis_cache *c = (redis_cache *)cache;
    char name[WORD_MAX], seconds[32];
    mt_micro whole = (keep + MT_US_SECOND - 1) / MT_US_SECOND;
    size_t n = mt_micro_text((whole > 0 ? whole : 1) * MT_MICRO_ONE, 0, seconds);
    mt_text word[] = {mt_text_of("SETEX"), name_of(key, name), {seconds, n}, mt_packed_bytes(packed)};
    pthread_mutex_lock(&c->lock);
    redisReply *reply = connected(c, cx, now) ? command(c, cx, now, word, 4) : NULL;
    if (reply) c->api.freeReplyObject(reply);
    pthread_mutex_unlock(&c->lock);
}

static void redis_close(mt_cache *cache)
{
    redis_cache *c = (redis_cache *)cache;
    if (c->link) c->api.redisFree(c->link);
    mt_redis_unload(&c->api);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static const mt_cache_ops redis_ops = {redis_get, redis_put, redis_close};

static bool take_part(char *to, size_t room, const char *from, size_t n)
{
    if (n >= room) return false;
    memcpy(to, from, n);
    to[n] = 0;
    return true;
}

static bool is_number(const char *text, size_t n, int64_t most, int64_t *out)
{
    return mt_int_parse(text, n, out) && *out >= 0 && *out <= most;
}

/* "[[USER]:PASSWORD@]HOST[:PORT][/DB]" */
static bool take_address(redis_cache *c, const char *text)
{
    size_t n = strcspn(text, "/");
    const char *db = text[n] == '/' && text[n + 1] ? text + n + 1 : "0";
    const char *at = memrchr(text, '@', n);
    int64_t number = PORT_USUAL;
    if (at) {
        const char *colon = memchr(text, ':', (size_t)(at - text));
        if (!colon || !take_part(c->user, sizeof c->user, text, (size_t)(colon - text)) ||
            !take_part(c->password, sizeof c->password, colon + 1, (size_t)(at - colon - 1)))
            return false;
        n -= (size_t)(at + 1 - text);
        text = at + 1;
    }
    const char *colon = memrchr(text, ':', n);
    if (colon && !is_number(colon + 1, n - (size_t)(colon + 1 - text), 65535, &number)) return false;
    c->port = (int)number;
    return take_part(c->host, sizeof c->host, text, colon ? (size_t)(colon - text) : n) && c->host[0] &&
           is_number(db, strlen(db), 1 << 20, &number) && take_part(c->db, sizeof c->db, db, strlen(db));
}

mt_code mt_cache_redis_open(mt_ctx *cx, mt_cache **out, const char *url)
{
    redis_cache *c = calloc(1, sizeof *c);
    if (!c) return mt_fail(cx, MT_E_MEMORY, "no memory for a cache");
    c->base.ops = &redis_ops;
    c->failed_at = c->logged_at = MT_TIME_NONE;
    mt_code code = MT_OK;
    if (strncmp(url, "redis://", 8) != 0 || !take_address(c, url + 8))
        code = mt_fail(cx, MT_E_INPUT, "the cache's address is not redis://[USER:PASSWORD@]HOST:PORT/DB");
    if (code == MT_OK) code = mt_redis_load(cx, &c->api, NULL);
    if (code != MT_OK) {
        free(c);
        return code;
    }
    pthread_mutex_init(&c->lock, NULL);
    *out = &c->base;
    return MT_OK;
}
