/* The one pass over bids that the clearing kernel is made of; inside of market/ only.
 *
 * Purpose   Everything that touches every bid of an auction stands here, once in plain C and once for
 *           processors with 512-bit vectors; both give the same integers.
 * Units     As in clearing.h: ticks and Wh; `value` in ticks x Wh.
 * Shapes    n bids in any order; n may be 0. In the money: a sell below the window, a buy above it. Sums
 *           are modulo 2^64 until the caller has seen, by `volume_bits`, that they fit.
 * Cost      O(n), no scratch; near the speed at which memory is read.
 */
#ifndef MT_MARKET_SWEEP_H
#define MT_MARKET_SWEEP_H

#include "market/clearing.h"
#include "num/wide.h"

MT_BEGIN_DECLS

enum {
    MT_SWEEP_SLACK = 8,         /* bids past `room` that a sweep may overwrite in `kept` */
    MT_SWEEP_PRODUCT_BITS = 53, /* the widest tick x Wh: 1024 of them, a chunk, add up to less than 2^63 */
};

/* What one sweep is asked: the window is [lo, hi]. */
typedef struct mt_sweep_job {
    const mt_bid *bid;
    size_t n;
    int32_t lo, hi;
    mt_bid *kept;     /* gets the first `room` bids inside the window; may be `bid`; NULL: none is kept */
    size_t room;      /* unless room >= n, MT_SWEEP_SLACK elements after it may be overwritten */
    int product_bits; /* where kept is bid: mt_sweep_product_bits of an earlier sweep */
} mt_sweep_job;

typedef struct mt_sweep {
    uint64_t offered, wanted;   /* Wh of all sells, of all buys */
    uint64_t sells_below;       /* Wh of the sells below the window */
    uint64_t buys_above;        /* Wh of the buys above the window */
    uint64_t sells_in, buys_in; /* Wh inside the window */
    uint64_t volume_bits;       /* OR of all volumes: bounds them, and shows a negative one */
    uint64_t tick_bits;         /* OR of all |tick|: bit 31 shows MT_TICK_NONE */
    uint32_t side_bits;         /* OR of all sides */
    int32_t best_bid, best_ask; /* of bids with volume; INT32_MIN, INT32_MAX: none */
    size_t buys;                /* bids that buy */
    size_t kept;                /* bids inside the window, also those without room */
    mt_wide value;              /* tick x Wh of the buys above, minus that of the sells below the window */
} mt_sweep;

void mt_sweep_bids(mt_sweep *out, const mt_sweep_job *job);

/* tick x Wh of one bid fits so many bits, sign excluded. */
static inline int mt_sweep_product_bits(const mt_sweep *s)
{
    return 128 - __builtin_clzll(s->volume_bits | 1) - __builtin_clzll(s->tick_bits | 1);
}

/* Plain C, for any processor and for tests. */
void mt_sweep_plain(mt_sweep *out, const mt_sweep_job *job);

#if defined(__x86_64__)
bool mt_sweep_has_avx512(void);
void mt_sweep_avx512(mt_sweep *out, const mt_sweep_job *job);
#endif

MT_END_DECLS
#endif
