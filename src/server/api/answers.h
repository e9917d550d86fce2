/* Results that were just computed, kept for those who ask the same again.
 *
 * Purpose   A small query that repeats is answered from memory as long as the data did not change.
 * Shapes    A key is whatever determines the answer besides the data (operation, arguments, format). A kept
 *           answer counts while the data's version is the same and it is younger than `ttl_us`; the least
 *           recently used go when there are more than `bytes_max` or MT_ANSWERS_MAX.
 * Ownership mt_answers_open/_close. An answer is shared: who got it from new or find releases it.
 * Threads   Any thread.
 * Cost      O(1); nothing is copied on a hit.
 */
#ifndef MT_SERVER_API_ANSWERS_H
#define MT_SERVER_API_ANSWERS_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_ANSWERS_MAX = 4096, MT_ETAG_TEXT = 40 };

typedef struct mt_answer {
    char etag[MT_ETAG_TEXT]; /* of the bytes, with its quotes */
    const char *type;        /* media type; constant text */
    bool findings;           /* a check found something */
    int holders;
    size_t n;
    char bytes[];
} mt_answer;

typedef struct mt_answers mt_answers;

MT_MUST_USE mt_code mt_answers_open(mt_ctx *cx, mt_answers **out, size_t bytes_max, int64_t ttl_us);
void mt_answers_close(mt_answers *answers); /* NULL allowed */

/* `n` bytes to be filled by the caller, who then calls mt_answer_seal. NULL: no memory. */
mt_answer *mt_answer_new(size_t n, const char *type);
void mt_answer_seal(mt_answer *answer); /* makes the etag */
void mt_answer_release(void *answer);

/* NULL when there is none. */
mt_answer *mt_answers_find(mt_answers *answers, const char *key, uint64_t version, int64_t now_us);

/* Shares the answer. Too large ones are not kept. */
void mt_answers_keep(mt_answers *answers, const char *key, uint64_t version, int64_t now_us,
                     mt_answer *answer);

MT_END_DECLS
#endif
