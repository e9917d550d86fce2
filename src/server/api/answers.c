/* A table by hash with a list by use. */
#include "server/api/answers.h"

#include "crypto/hash.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, SHARE = 8 /* one answer takes at most this part of all room */ };

struct kept {
    struct kept *chain;         /* of the slot */
    struct kept *newer, *older; /* by use */
    size_t slot, bytes;
    uint64_t version;
    int64_t since_us;
    mt_answer *answer;
    char key[];
};

struct mt_answers {
    pthread_mutex_t lock;
    size_t bytes_max, bytes;
    int64_t ttl_us;
    int n;
    struct kept *newest, *oldest;
    struct kept *slot[SLOTS];
};

mt_code mt_answers_open(mt_ctx *cx, mt_answers **out, size_t bytes_max, int64_t ttl_us)
{
    mt_answers *answers = calloc(1, sizeof *answers);
    if (!answers) return mt_fail(cx, MT_E_MEMORY, "no memory for kept answers");
    answers->bytes_max = bytes_max;
    answers->ttl_us = ttl_us;
    pthread_mutex_init(&answers->lock, NULL);
    *out = answers;
    return MT_OK;
}

mt_answer *mt_answer_new(size_t n, const char *type)
{
    mt_answer *answer = malloc(sizeof *answer + n + 1);
    if (!answer) return NULL;
    *answer = (mt_answer){.type = type, .holders = 1, .n = n};
    return answer;
}

void mt_answer_seal(mt_answer *answer)
{
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    mt_hash_bytes(answer->bytes, answer->n, digest);
    mt_hash_hex(digest, hex);
    snprintf(answer->etag, sizeof answer->etag, "\"%.32s\"", hex);
}

void mt_answer_release(void *held)
{
    mt_answer *answer = held;
    if (answer && __atomic_sub_fetch(&answer->holders, 1, __ATOMIC_ACQ_REL) == 0) free(answer);
}

static size_t slot_of(const char *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *key; key++) hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
    return (size_t)((hash ^ hash >> 31) % SLOTS);
}

/* The next four are called with the lock held. */
static void unlink_use(mt_answers *answers, struct kept *kept)
{
    *(kept->newer ? &kept->newer->older : &answers->newest) = kept->older;
    *(kept->older ? &kept->older->newer : &answers->oldest) = kept->newer;
}

static void link_use(mt_answers *answers, struct kept *kept)
{
    kept->newer = NULL;
    kept->older = answers->newest;
    *(answers->newest ? &answers->newest->newer : &answers->oldest) = kept;
    answers->newest = kept;
}

static void drop(mt_answers *answers, struct kept *kept)
{
    struct kept **at = &answers->slot[kept->slot];
    while (*at != kept) at = &(*at)->chain;
    *at = kept->chain;
    unlink_use(answers, kept);
    answers->bytes -= kept->bytes;
    answers->n--;
    mt_answer_release(kept->answer);
    free(kept);
}

static struct kept *find(mt_answers *answers, const char *key, size_t slot)
{
    struct kept *kept = answers->slot[slot];
    while (kept && strcmp(kept->key, key) != 0) kept = kept->chain;
    return kept;
}

void mt_answers_close(mt_answers *answers)
{
    if (!answers) return;
    while (answers->newest) drop(answers, answers->newest);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

mt_answer *mt_answers_find(mt_answers *answers, const char *key, uint64_t version, int64_t now_us)
{
    mt_answer *found = NULL;
    pthread_mutex_lock(&answers->lock);
    struct kept *kept = find(answers, key, slot_of(key));
    if (kept && (kept->version != version || now_us - kept->since_us > answers->ttl_us)) {
        drop(answers, kept);
    } else if (kept) {
        unlink_use(answers, kept);
        link_use(answers, kept);
        found = kept->answer;
        __atomic_add_fetch(&found->holders, 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&answers->lock);
    return found;
}

void mt_answers_keep(mt_answers *answers, const char *key, uint64_t version, int64_t now_us,
                     mt_answer *answer)
{
    size_t n = strlen(key), bytes = sizeof(struct kept) + n + 1 + sizeof *answer + answer->n;
    struct kept *kept = bytes <= answers->bytes_max / SHARE ? malloc(sizeof *kept + n + 1) : NULL;
    if (!kept) return;
    *kept = (struct kept){.slot = slot_of(key), .bytes = bytes, .version = version, .since_us = now_us};
    memcpy(kept->key, key, n + 1);
    kept->answer = answer;
    __atomic_add_fetch(&answer->holders, 1, __ATOMIC_RELAXED);
    pthread_mutex_lock(&answers->lock);
    struct kept *before = find(answers, key, kept->slot);
    if (before) drop(answers, before);
    kept->chain = answers->slot[kept->slot];
    answers->slot[kept->slot] = kept;
    link_use(answers, kept);
    answers->bytes += bytes;
    answers->n++;
    while (answers->bytes > answers->bytes_max || answers->n > MT_ANSWERS_MAX) drop(answers, answers->oldest);
    pthread_mutex_unlock(&answers->lock);
}
