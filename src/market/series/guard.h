/* The judge before the store's door: is this batch of observations plausible?
 *
 * Purpose   A feed that sends wrong numbers inside the bounds poisons every figure after it. Suspicious
 *           batches are set aside with their reasons, to be looked at and let in later: never dropped.
 * Shapes    `batch` and `beside` in any order, of any number of series. `beside` is what is stored already:
 *           at least MT_GUARD_DAYS days before the batch of the same series, and other sources' values of the
 *           same periods. reason[i] is a set of MT_SUSPECT bits of batch row i; 0: nothing was found.
 * Rule      Each row is looked at by kind's bounds; by its strangeness (checks.h) where at least 14 days are
 *           stored; by the sun; by other sources. A row that another source confirms is not strange: so real
 *           peaks come through. One suspicious row makes the batch suspicious.
 * Missing   Rows of NaN are never suspicious. `unlearned` counts rows whose series is too young to be judged
 *           by strangeness: they passed the other checks only.
 * Errors    MT_E_MEMORY.
 * Ownership The reasons live in cx; everything else is borrowed.
 * Cost      O((n + m) log (n + m)); about 2 us a value.
 * Limits    A wrong value that lies near one of the eleven it is compared with cannot be seen. guard_test.c
 *           prints what is found and what is refused wrongly.
 */
#ifndef MT_MARKET_SERIES_GUARD_H
#define MT_MARKET_SERIES_GUARD_H

#include "base/ctx.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

enum { MT_GUARD_DAYS = 35 };

/* clang-format off */
#define MT_SUSPECT_LIST(X)                                                                              \
    X(MT_SUSPECT_BOUNDS, 0, "bounds", "outside what a value of this kind can be")                       \
    X(MT_SUSPECT_STRANGE, 1, "strange", "far from its neighbours and from the days before")     \
    X(MT_SUSPECT_NIGHT, 2, "night", "solar while the sun is down")                                      \
    X(MT_SUSPECT_BRIGHT, 3, "bright", "more than the sun gives at that height")                         \
    X(MT_SUSPECT_DISAGREES, 4, "disagrees", "another source says otherwise")                            \
    X(MT_SUSPECT_TWICE, 5, "twice", "the batch has another value for the same period")
/* clang-format on */

#define MT_SUSPECT_SYMBOL(symbol, bit, name, text) symbol = 1 << (bit),
typedef enum mt_suspect { MT_SUSPECT_LIST(MT_SUSPECT_SYMBOL) } mt_suspect;
#undef MT_SUSPECT_SYMBOL
enum { MT_SUSPECT_BITS = 6 };

MT_API const char *mt_suspect_name(int bit); /* "bounds" */
MT_API const char *mt_suspect_text(int bit);

/* "night, bright"; "" for 0. */
MT_API MT_MUST_USE mt_code mt_suspect_words(mt_ctx *cx, const char **out, uint32_t reason);

typedef struct mt_guard_options {
    size_t size;                /* sizeof(mt_guard_options), so that the struct may grow */
    double latitude, longitude; /* of all the batch's areas; NaN: not known, no check by the sun */
} mt_guard_options;

typedef struct mt_batch_verdict {
    bool quarantine;
    size_t suspicious; /* rows */
    size_t unlearned;
    size_t by[MT_SUSPECT_BITS];
    const uint32_t *reason; /* one a row */
} mt_batch_verdict;

MT_API MT_MUST_USE mt_code mt_batch_judge(mt_ctx *cx, mt_batch_verdict *out, const mt_observation *batch,
                                          size_t n, const mt_observation *beside, size_t m,
                                          const mt_guard_options *options);

MT_END_DECLS
#endif
