/* Shares at the margin by largest remainder or in order of time. */
#include "market/allocation.h"

#include "num/wide.h"

#include <stdlib.h>

/* A bid at the margin; `rank` orders the group. */
struct marginal {
    size_t row;
    int64_t volume;
    int64_t rank; /* pro rata: the remainder; time: the instant */
};

static bool is_first(mt_share share, const struct marginal *a, const struct marginal *b)
{
    if (share == MT_SHARE_TIME) return a->rank != b->rank ? a->rank < b->rank : a->row < b->row;
    if (a->rank != b->rank) return a->rank > b->rank;
    return a->volume != b->volume ? a->volume > b->volume : a->row < b->row;
}

static int by_remainder(const void *a, const void *b)
{
    return is_first(MT_SHARE_PRO_RATA, a, b) ? -1 : 1;
}

static int by_time(const void *a, const void *b)
{
    return is_first(MT_SHARE_TIME, a, b) ? -1 : 1;
}

/* Rounds down, then one Wh more to the largest remainders: fewer than n are missing. */
static void share_pro_rata(int64_t *got, struct marginal *m, size_t n, int64_t rest, int64_t total)
{
    int64_t left = rest;
    for (size_t i = 0; i < n; i++) {
        mt_wide product = (mt_wide)m[i].volume * rest;
        got[m[i].row] = (int64_t)(product / total);
        m[i].rank = (int64_t)(product % total);
        left -= got[m[i].row];
    }
    if (left == 0) return;
    qsort(m, n, sizeof *m, by_remainder);
    for (size_t i = 0; i < n && left > 0; i++, left--) got[m[i].row]++;
}

static void share_by_time(int64_t *got, struct marginal *m, size_t n, int64_t rest)
{
    qsort(m, n, sizeof *m, by_time);
    for (size_t i = 0; i < n && rest > 0; i++) {
        int64_t share = m[i].volume < rest ? m[i].volume : rest;
        got[m[i].row] = share;
        rest -= share;
    }
}

/* Gives the bids in the money all they asked for, collects those at the margin. Returns what is left to
 * share. */
static int64_t serve_side(int64_t *got, const mt_allocation *a, uint32_t side, struct marginal *m,
                          size_t *n_out)
{
    int64_t rest = a->clearing->volume;
    size_t k = 0;
    for (size_t i = 0; i < a->n; i++) {
        mt_bid b = a->bid[i];
        if (b.side != side) continue;
        int32_t tick = mt_bid_tick(a->rule, b), low = a->clearing->low;
        bool good = side == MT_BUY ? tick > low : tick < low;
        if (good) {
            got[i] = b.volume;
            rest -= b.volume;
        } else if (tick == low && b.volume > 0) {
            m[k++] = (struct marginal){.row = i, .volume = b.volume, .rank = a->time ? a->time[i] : 0};
        }
    }
    *n_out = k;
    return rest;
}

static mt_code share_side(mt_ctx *cx, int64_t *got, const mt_allocation *a, uint32_t side, struct marginal *m)
{
    size_t n;
    int64_t rest = serve_side(got, a, side, m, &n), total = 0;
    for (size_t i = 0; i < n; i++) total += m[i].volume;
    if (rest < 0 || rest > total) {
        return mt_fail(cx, MT_E_SHAPE,
                       "%lld Wh cannot be shared among %zu bids of %lld Wh at the margin; the clearing is "
                       "not one of these bids",
                       (long long)rest, n, (long long)total);
    }
    if (n == 0 || rest == 0) return MT_OK;
    if (a->share == MT_SHARE_TIME)
        share_by_time(got, m, n, rest);
    else
        share_pro_rata(got, m, n, rest, total);
    return MT_OK;
}

mt_code mt_allocate(mt_ctx *cx, int64_t *got, const mt_allocation *a)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = MT_OK;
    for (size_t i = 0; i < a->n; i++) got[i] = 0;
    if (a->clearing->volume == 0) return MT_OK;
    struct marginal *m = mt_arena_raw(&cx->arena, a->n * sizeof *m);
    if (!m) return mt_fail(cx, MT_E_MEMORY, "no memory to share a volume among %zu bids", a->n);
    MT_TRY_OUT(share_side(cx, got, a, MT_SELL, m));
    MT_TRY_OUT(share_side(cx, got, a, MT_BUY, m));
out:
    mt_arena_reset(&cx->arena, mark);
    return code;
}
