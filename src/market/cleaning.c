/* Cleaning policies, one batch at a time. */
#include "market/cleaning.h"

#include <math.h>

struct filter {
    const mt_order_source *from;
    mt_order_bad_fn *bad;
    void *arg;
    mt_clean_counts *counts;
    mt_clean_counts own;       /* where the caller wants none */
    const mt_clean_fill *fill; /* NULL: quarantine */
    mt_clean_fill values;
    /* The batch given out. */
    size_t room;
    mt_time *time;
    mt_micro *price;
    int64_t *volume;
    uint8_t *side;
};

/* The fault of a row that must not go on, MT_FAULT_NONE for one that may. */
static mt_order_fault fault_of(const mt_order_batch *batch, size_t row, mt_order_fault given)
{
    if (given != MT_FAULT_NONE) return given;
    if (batch->time[row] == MT_TIME_NONE) return MT_FAULT_TIME_MISSING;
    if (batch->side[row] > MT_BUY) return MT_FAULT_SIDE_MISSING;
    if (batch->price[row] == MT_MICRO_NONE) return MT_FAULT_PRICE_MISSING;
    if (batch->volume[row] == MT_MICRO_NONE) return MT_FAULT_VOLUME_MISSING;
    return batch->volume[row] < 0 ? MT_FAULT_VOLUME_RANGE : MT_FAULT_NONE;
}

/* What fill_median cannot repair: no time, no side, not a row at all. */
static mt_order_fault unusable_fault(const mt_order_batch *batch, size_t row, mt_order_fault given)
{
    if (given == MT_FAULT_ROW_SHAPE || given == MT_FAULT_ROW_LONG) return given;
    bool has_time = batch->time[row] != MT_TIME_NONE, has_side = batch->side[row] <= MT_BUY;
    if (has_time && has_side) return MT_FAULT_NONE;
    if (given != MT_FAULT_NONE) return given;
    return has_time ? MT_FAULT_SIDE_MISSING : MT_FAULT_TIME_MISSING;
}

static mt_micro filled_price(struct filter *f, mt_micro price)
{
    if (price != MT_MICRO_NONE) return price;
    f->counts->filled_price++;
    return f->fill->price;
}

static int64_t filled_volume(struct filter *f, int64_t volume)
{
    if (volume == MT_MICRO_NONE) {
        f->counts->filled_volume++;
        volume = f->fill->volume;
    }
    if ((double)volume > f->fill->volume_high) {
        f->counts->clipped_volume++;
        volume = llround(f->fill->volume_high);
    } else if ((double)volume < f->fill->volume_low) {
        f->counts->clipped_volume++;
        volume = llround(f->fill->volume_low);
    }
    if (volume >= 0) return volume;
    f->counts->zeroed++;
    return 0;
}

static void put_row(struct filter *f, size_t k, const mt_order_batch *batch, size_t row)
{
    f->time[k] = batch->time[row];
    f->side[k] = batch->side[row];
    f->price[k] = f->fill ? filled_price(f, batch->price[row]) : batch->price[row];
    f->volume[k] = f->fill ? filled_volume(f, batch->volume[row]) : batch->volume[row];
}

/* Puts a row aside; `given` is the reader's own word on it, with line and text, or NULL. */
static void set_aside(struct filter *f, const mt_order_batch *batch, size_t row, mt_order_fault fault,
                      const mt_order_bad *given)
{
    mt_order_bad bad = given ? *given : (mt_order_bad){.row = row};
    bad.fault = fault;
    f->counts->by_fault[fault]++;
    if (f->bad) f->bad(f->arg, batch, &bad);
}

static size_t filter_batch(struct filter *f, const mt_order_batch *batch)
{
    size_t k = 0, next_bad = 0;
    for (size_t row = 0; row < batch->n; row++) {
        bool given = next_bad < batch->n_bad && batch->bad[next_bad].row == row;
        const mt_order_bad *bad = given ? &batch->bad[next_bad++] : NULL;
        mt_order_fault said = given ? bad->fault : MT_FAULT_NONE;
        mt_order_fault fault = f->fill ? unusable_fault(batch, row, said) : fault_of(batch, row, said);
        if (fault != MT_FAULT_NONE)
            set_aside(f, batch, row, fault, bad);
        else
            put_row(f, k++, batch, row);
    }
    f->counts->rows_in += batch->n;
    f->counts->rows_out += k;
    return k;
}

static mt_code make_room(mt_ctx *cx, struct filter *f, size_t n)
{
    if (n <= f->room) return MT_OK;
    MT_TRY(mt_ctx_alloc(cx, &f->time, n, sizeof *f->time));
    MT_TRY(mt_ctx_alloc(cx, &f->price, n, sizeof *f->price));
    MT_TRY(mt_ctx_alloc(cx, &f->volume, n, sizeof *f->volume));
    MT_TRY(mt_ctx_alloc(cx, &f->side, n, sizeof *f->side));
    f->room = n;
    return MT_OK;
}

static mt_code next_clean(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct filter *f = self;
    mt_order_batch batch;
    for (;;) {
        MT_TRY(f->from->next(f->from->self, cx, &batch));
        MT_TRY(make_room(cx, f, batch.n));
        size_t n = filter_batch(f, &batch);
        if (n == 0 && batch.n > 0) continue;
        *out = (mt_order_batch){
            .n = n, .time = f->time, .price = f->price, .volume = f->volume, .side = f->side};
        return MT_OK;
    }
}

static mt_code new_filter(mt_ctx *cx, struct filter **out, const mt_order_source *from, mt_order_bad_fn *bad,
                          void *arg, mt_clean_counts *counts)
{
    struct filter *f;
    MT_TRY(MT_NEW(cx, &f, 1));
    f->from = from;
    f->bad = bad;
    f->arg = arg;
    f->counts = counts ? counts : &f->own;
    *f->counts = (mt_clean_counts){0};
    MT_TRY(make_room(cx, f, MT_ORDER_BATCH_ROWS));
    *out = f;
    return MT_OK;
}

mt_code mt_clean_quarantine(mt_ctx *cx, mt_order_source *out, const mt_order_source *from,
                            mt_order_bad_fn *bad, void *arg, mt_clean_counts *counts)
{
    struct filter *f;
    MT_TRY(new_filter(cx, &f, from, bad, arg, counts));
    *out = (mt_order_source){.next = next_clean, .self = f};
    return MT_OK;
}

mt_code mt_clean_fill_from(mt_ctx *cx, mt_clean_fill *out, mt_quality *quality)
{
    mt_quality_values v = mt_quality_usable(quality);
    double price, volume, q1, q3;
    mt_tally *filled;
    if (mt_tally_n(v.price) == 0 || mt_tally_n(v.volume) == 0) {
        return mt_fail(cx, MT_E_INPUT,
                       "no row has a %s, so there is no median to fill with; take the policy quarantine",
                       mt_tally_n(v.price) ? "volume" : "price");
    }
    MT_TRY(mt_tally_quantile(cx, &price, v.price, 0.5));
    MT_TRY(mt_tally_quantile(cx, &volume, v.volume, 0.5));
    MT_TRY(mt_tally_new(cx, &filled));
    MT_TRY(mt_tally_merge(cx, filled, v.volume));
    MT_TRY(mt_tally_add(cx, filled, llround(volume), v.volume_missing));
    MT_TRY(mt_tally_quantile(cx, &q1, filled, 0.25));
    MT_TRY(mt_tally_quantile(cx, &q3, filled, 0.75));
    *out = (mt_clean_fill){.price = llround(price),
                           .volume = llround(volume),
                           .volume_low = q1 - 1.5 * (q3 - q1),
                           .volume_high = q3 + 1.5 * (q3 - q1)};
    return MT_OK;
}

mt_code mt_clean_fill_median(mt_ctx *cx, mt_order_source *out, const mt_order_source *from,
                             const mt_clean_fill *fill, mt_order_bad_fn *bad, void *arg,
                             mt_clean_counts *counts)
{
    struct filter *f;
    MT_TRY(new_filter(cx, &f, from, bad, arg, counts));
    f->values = *fill;
    f->fill = &f->values;
    *out = (mt_order_source){.next = next_clean, .self = f};
    return MT_OK;
}
