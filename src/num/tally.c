/* A hash table of values with their counts, and the sorted form of it from which quantiles are read. */
#include "num/tally.h"

#include <math.h>
#include <stdlib.h>

#define EMPTY INT64_MIN

enum { SLOTS_FIRST = 1 << 8 };

struct slot {
    int64_t value;
    uint64_t times;
};

struct mt_tally {
    struct slot *slot; /* 2^bits of them, at most half full */
    int bits;
    size_t distinct;
    uint64_t n;
    struct slot *sorted; /* `distinct` of them with running counts; NULL: not up to date */
};

static struct slot *find_slot(const struct mt_tally *t, int64_t value)
{
    size_t mask = ((size_t)1 << t->bits) - 1;
    size_t k = (size_t)((uint64_t)value * UINT64_C(0x9E3779B97F4A7C15) >> (64 - t->bits));
    while (t->slot[k].value != EMPTY && t->slot[k].value != value) k = (k + 1) & mask;
    return &t->slot[k];
}

static mt_code new_slots(mt_ctx *cx, struct slot **out, size_t n)
{
    struct slot *slot = mt_arena_raw(&cx->arena, n * sizeof *slot);
    if (!slot) return mt_fail(cx, MT_E_MEMORY, "no memory to tally %zu different values", n / 2);
    for (size_t k = 0; k < n; k++) slot[k] = (struct slot){EMPTY, 0};
    *out = slot;
    return MT_OK;
}

static mt_code grow(mt_ctx *cx, struct mt_tally *t)
{
    struct mt_tally larger = *t;
    if (t->distinct >= MT_TALLY_MAX) {
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "more than %d different values in one column; so many cannot be tallied",
                       MT_TALLY_MAX);
    }
    larger.bits++;
    MT_TRY(new_slots(cx, &larger.slot, (size_t)1 << larger.bits));
    for (size_t k = 0; k < (size_t)1 << t->bits; k++) {
        if (t->slot[k].value != EMPTY) *find_slot(&larger, t->slot[k].value) = t->slot[k];
    }
    *t = larger;
    return MT_OK;
}

static int by_value(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* The values in order; `times` becomes how many values stand up to and with this one. */
static mt_code sort_tally(mt_ctx *cx, struct mt_tally *t)
{
    if (t->sorted || t->n == 0) return MT_OK;
    struct slot *sorted = mt_arena_raw(&cx->arena, t->distinct * sizeof *sorted);
    if (!sorted) return mt_fail(cx, MT_E_MEMORY, "no memory to sort %zu different values", t->distinct);
    size_t n = 0;
    for (size_t k = 0; k < (size_t)1 << t->bits; k++) {
        if (t->slot[k].value != EMPTY) sorted[n++] = t->slot[k];
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t k = 1; k < n; k++) sorted[k].times += sorted[k - 1].times;
    t->sorted = sorted;
    return MT_OK;
}

/* The value at rank k, from 0. */
static int64_t at_rank(const struct mt_tally *t, uint64_t k)
{
    size_t lo = 0, hi = t->distinct - 1;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->sorted[mid].times > k)
            hi = mid;
        else
            lo = mid + 1;
    }
    return t->sorted[lo].value;
}

mt_code mt_tally_new(mt_ctx *cx, mt_tally **out)
{
    mt_tally *t;
    MT_TRY(MT_NEW(cx, &t, 1));
    t->bits = 8;
    MT_TRY(new_slots(cx, &t->slot, SLOTS_FIRST));
    *out = t;
    return MT_OK;
}

mt_code mt_tally_add(mt_ctx *cx, mt_tally *t, int64_t value, uint64_t times)
{
    if (value == EMPTY) return mt_fail(cx, MT_E_INPUT, "a missing value cannot be tallied");
    if (times == 0) return MT_OK;
    struct slot *slot = find_slot(t, value);
    if (slot->value == EMPTY) {
        if (t->distinct * 2 >= (size_t)1 << t->bits) {
            MT_TRY(grow(cx, t));
            slot = find_slot(t, value);
        }
        slot->value = value;
        t->distinct++;
    }
    slot->times += times;
    t->n += times;
    t->sorted = NULL;
    return MT_OK;
}

mt_code mt_tally_merge(mt_ctx *cx, mt_tally *t, const mt_tally *from)
{
    for (size_t k = 0; k < (size_t)1 << from->bits; k++) {
        if (from->slot[k].value != EMPTY)
            MT_TRY(mt_tally_add(cx, t, from->slot[k].value, from->slot[k].times));
    }
    return MT_OK;
}

uint64_t mt_tally_n(const mt_tally *t)
{
    return t->n;
}

size_t mt_tally_distinct(const mt_tally *t)
{
    return t->distinct;
}

mt_code mt_tally_quantile(mt_ctx *cx, double *out, mt_tally *t, double q)
{
    if (!(q >= 0 && q <= 1)) return mt_fail(cx, MT_E_INPUT, "quantile %g; a quantile lies from 0 to 1", q);
    MT_TRY(sort_tally(cx, t));
    if (t->n == 0) {
        *out = NAN;
        return MT_OK;
    }
    double at = (double)(t->n - 1) * q;
    uint64_t k = (uint64_t)at;
    double part = at - (double)k, low = (double)at_rank(t, k);
    double high = part > 0 ? (double)at_rank(t, k + 1) : low;
    *out = low + (high - low) * part;
    return MT_OK;
}

mt_tally_count mt_tally_split(const mt_tally *t, double low, double high)
{
    mt_tally_count count = {0, 0, 0};
    for (size_t k = 0; k < (size_t)1 << t->bits; k++) {
        double value = (double)t->slot[k].value;
        if (t->slot[k].value == EMPTY) continue;
        *(value < low ? &count.below : value > high ? &count.above : &count.inside) += t->slot[k].times;
    }
    return count;
}
