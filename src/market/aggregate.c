/* Plain figures of the orders of a period, from exact sums. */
#include "market/aggregate.h"

#include "num/wide.h"

#include <math.h>

struct sums {
    size_t n;
    int64_t ticks;    /* 2^31 ticks x 2^32 bids at most */
    mt_wide volume;   /* Wh */
    mt_wide weighted; /* tick x Wh */
    int32_t min, max;
};

static void add_bid(struct sums *s, mt_bid b)
{
    if (s->n == 0 || b.tick < s->min) s->min = b.tick;
    if (s->n == 0 || b.tick > s->max) s->max = b.tick;
    s->n++;
    s->ticks += b.tick;
    s->volume += b.volume;
    s->weighted += (mt_wide)b.tick * b.volume;
}

static mt_side_figures figures_of(const struct sums *s, double tick)
{
    if (s->n == 0) return (mt_side_figures){0, NAN, NAN, NAN, NAN, NAN, NAN};
    double volume = (double)s->volume, n = (double)s->n;
    return (mt_side_figures){
        .n = s->n,
        .price_mean = (double)s->ticks * tick / n / 1e6,
        .price_min = s->min * tick / 1e6,
        .price_max = s->max * tick / 1e6,
        .volume_sum = volume / 1e6,
        .volume_mean = volume / n / 1e6,
        .vwap = s->volume > 0 ? (double)s->weighted * tick / volume / 1e6 : NAN,
    };
}

mt_aggregate mt_aggregate_of(const mt_bid *bid, size_t n, mt_micro tick_micro)
{
    struct sums sum[2] = {{0}};
    for (size_t i = 0; i < n; i++) add_bid(&sum[bid[i].side == MT_BUY], bid[i]);
    mt_aggregate a;
    for (int side = 0; side < 2; side++) a.side[side] = figures_of(&sum[side], (double)tick_micro);
    a.spread = a.side[MT_BUY].price_mean - a.side[MT_SELL].price_mean;
    return a;
}
