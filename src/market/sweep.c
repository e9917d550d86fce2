/* The pass over all bids in plain C, and the choice between it and the one for wide vectors. */
#include "market/sweep.h"

void mt_sweep_plain(mt_sweep *out, const mt_sweep_job *job)
{
    /* A buy is turned upside down: with ~tick for tick and ~hi for lo, both sides are in the money below
     * their limit, and the best bid and the best ask are both the smallest of their side. */
    const int64_t limit[2] = {job->lo, ~(int64_t)job->hi};
    const uint64_t width = (uint64_t)((int64_t)job->hi - job->lo);
    int64_t best[2] = {INT32_MAX, INT32_MAX};
    uint64_t all = 0, wanted = 0, good = 0, good_buys = 0, in = 0, in_buys = 0, volume_bits = 0,
             tick_bits = 0;
    mt_wide value = 0;
    uint32_t side_bits = 0;
    size_t buys = 0, kept = 0, room = job->kept ? job->room : 0;
    for (size_t i = 0; i < job->n; i++) {
        mt_bid b = job->bid[i];
        unsigned side = b.side & 1;
        int64_t tick = b.tick, buy = -(int64_t)side, turned = tick ^ buy;
        uint64_t volume = (uint64_t)b.volume, bought = volume & (uint64_t)buy;
        int64_t is_good = (turned - limit[side]) >> 63;
        bool inside = (uint64_t)(tick - job->lo) <= width;
        uint64_t is_in = -(uint64_t)inside;
        all += volume;
        wanted += bought;
        good += volume & (uint64_t)is_good;
        good_buys += bought & (uint64_t)is_good;
        in += volume & is_in;
        in_buys += bought & is_in;
        value += (mt_wide)((buy - turned) & is_good) * b.volume;
        volume_bits |= volume;
        tick_bits |= (uint64_t)(tick < 0 ? -tick : tick);
        side_bits |= b.side;
        buys += side;
        if (turned < best[side] && volume) best[side] = turned;
        if (kept < room) job->kept[kept] = b;
        kept += inside;
    }
    *out = (mt_sweep){.offered = all - wanted,
                      .wanted = wanted,
                      .sells_below = good - good_buys,
                      .buys_above = good_buys,
                      .sells_in = in - in_buys,
                      .buys_in = in_buys,
                      .volume_bits = volume_bits,
                      .tick_bits = tick_bits,
                      .side_bits = side_bits,
                      .best_bid = (int32_t)~best[MT_BUY],
                      .best_ask = (int32_t)best[MT_SELL],
                      .buys = buys,
                      .kept = kept,
                      .value = value};
}

void mt_sweep_bids(mt_sweep *out, const mt_sweep_job *job)
{
#if defined(__x86_64__)
    bool readable_again = job->kept != job->bid || job->product_bits <= MT_SWEEP_PRODUCT_BITS;
    if (job->n >= 8 && readable_again && mt_sweep_has_avx512()) {
        mt_sweep_avx512(out, job);
        return;
    }
#endif
    mt_sweep_plain(out, job);
}
