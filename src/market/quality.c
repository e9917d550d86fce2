/* Counting what is wrong with a set of orders, in memory that does not grow with the rows. */
#include "market/quality.h"

#include <math.h>
#include <stdlib.h>

enum { HASHES_FIRST = 1 << 10, HOURS_FIRST = 1 << 8 };

/* The first and the last order of an hour: a gap longer than an hour can only lie between two of these. */
struct hour {
    int64_t number; /* since 1970 */
    mt_time first, last;
    bool used;
};

struct column {
    mt_tally *usable, *other; /* of rows with a time and a side; of the rest */
    uint64_t missing, usable_missing, negative;
};

struct mt_quality {
    uint64_t rows, sides[3], time_missing;
    struct column price, volume;
    uint64_t extreme, doubled, by_fault[MT_ORDER_FAULT_COUNT];
    uint64_t *hash; /* of rows seen; 0: free */
    size_t hashes, hash_room;
    struct hour *hour;
    size_t hours, hour_room;
    size_t recent; /* the hour used last */
};

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 29 ^ h >> 47;
}

static uint64_t hash_row(const mt_order_batch *batch, size_t row)
{
    uint64_t h = mix(UINT64_C(0x9E3779B97F4A7C15), (uint64_t)batch->time[row]);
    h = mix(h, (uint64_t)batch->price[row]);
    h = mix(h, (uint64_t)batch->volume[row]);
    h = mix(h, batch->side[row]) * UINT64_C(0x94D049BB133111EB);
    return h ? h : 1;
}

static uint64_t *find_hash(uint64_t *hash, size_t room, uint64_t h)
{
    size_t k = (size_t)(h >> 20) & (room - 1);
    while (hash[k] && hash[k] != h) k = (k + 1) & (room - 1);
    return &hash[k];
}

static mt_code grow_hashes(mt_ctx *cx, mt_quality *q)
{
    size_t room = q->hash_room ? 2 * q->hash_room : HASHES_FIRST;
    uint64_t *larger;
    MT_TRY(mt_ctx_alloc(cx, &larger, room, sizeof *larger));
    for (size_t k = 0; k < q->hash_room; k++) {
        if (q->hash[k]) *find_hash(larger, room, q->hash[k]) = q->hash[k];
    }
    q->hash = larger;
    q->hash_room = room;
    return MT_OK;
}

static mt_code note_row(mt_ctx *cx, mt_quality *q, uint64_t h)
{
    if (2 * q->hashes >= q->hash_room && q->hashes < MT_QUALITY_ROWS_MAX) MT_TRY(grow_hashes(cx, q));
    uint64_t *entry = find_hash(q->hash, q->hash_room, h);
    q->doubled += *entry == h;
    if (*entry == 0 && q->hashes < MT_QUALITY_ROWS_MAX) {
        *entry = h;
        q->hashes++;
    }
    return MT_OK;
}

static struct hour *find_hour(struct hour *hour, size_t room, int64_t number)
{
    size_t k = (size_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (room - 1);
    while (hour[k].used && hour[k].number != number) k = (k + 1) & (room - 1);
    return &hour[k];
}

static mt_code grow_hours(mt_ctx *cx, mt_quality *q)
{
    size_t room = q->hour_room ? 2 * q->hour_room : HOURS_FIRST;
    struct hour *larger;
    MT_TRY(mt_ctx_alloc(cx, &larger, room, sizeof *larger));
    for (size_t k = 0; k < q->hour_room; k++) {
        if (q->hour[k].used) *find_hour(larger, room, q->hour[k].number) = q->hour[k];
    }
    q->hour = larger;
    q->hour_room = room;
    return MT_OK;
}

static mt_code note_time(mt_ctx *cx, mt_quality *q, mt_time t)
{
    struct hour *h = q->hours ? &q->hour[q->recent] : NULL;
    if (!h || t < h->first || t > h->last) {
        int64_t number = mt_time_floor(t, MT_US_HOUR) / MT_US_HOUR;
        if (2 * q->hours >= q->hour_room) MT_TRY(grow_hours(cx, q));
        h = find_hour(q->hour, q->hour_room, number);
        if (!h->used) {
            *h = (struct hour){.number = number, .first = t, .last = t, .used = true};
            q->hours++;
        }
        if (t < h->first) h->first = t;
        if (t > h->last) h->last = t;
        q->recent = (size_t)(h - q->hour);
    }
    return MT_OK;
}

static mt_code note_value(mt_ctx *cx, struct column *c, int64_t value, bool usable)
{
    if (value == MT_MICRO_NONE) {
        c->missing++;
        c->usable_missing += usable;
        return MT_OK;
    }
    c->negative += value < 0;
    return mt_tally_add(cx, usable ? c->usable : c->other, value, 1);
}

static mt_code add_row(mt_ctx *cx, mt_quality *q, const mt_order_batch *batch, size_t row)
{
    mt_time t = batch->time[row];
    uint8_t side = batch->side[row] <= MT_BUY ? batch->side[row] : MT_SIDE_NONE;
    bool usable = t != MT_TIME_NONE && side != MT_SIDE_NONE;
    q->rows++;
    q->sides[side]++;
    q->extreme += batch->price[row] > MT_QUALITY_PRICE_EXTREME;
    MT_TRY(note_value(cx, &q->price, batch->price[row], usable));
    MT_TRY(note_value(cx, &q->volume, batch->volume[row], usable));
    if (t == MT_TIME_NONE)
        q->time_missing++;
    else
        MT_TRY(note_time(cx, q, t));
    return note_row(cx, q, hash_row(batch, row));
}

static mt_code new_column(mt_ctx *cx, struct column *c)
{
    MT_TRY(mt_tally_new(cx, &c->usable));
    return mt_tally_new(cx, &c->other);
}

static double percent(uint64_t part, uint64_t all)
{
    return all ? (double)part / (double)all * 100 : 0;
}

/* Figures of a column, in millionths of its unit until here. */
static mt_code column_of(mt_ctx *cx, mt_quality_column *out, const struct column *c, uint64_t rows)
{
    static const double at[] = {0, 0.25, 0.5, 0.75, 1};
    double v[5];
    mt_tally *all = c->usable;
    if (mt_tally_n(c->other)) {
        MT_TRY(mt_tally_new(cx, &all));
        MT_TRY(mt_tally_merge(cx, all, c->usable));
        MT_TRY(mt_tally_merge(cx, all, c->other));
    }
    for (size_t k = 0; k < 5; k++) MT_TRY(mt_tally_quantile(cx, &v[k], all, at[k]));
    double low = v[1] - 1.5 * (v[3] - v[1]), high = v[3] + 1.5 * (v[3] - v[1]);
    mt_tally_count count = mt_tally_split(all, low, high);
    *out = (mt_quality_column){
        .missing = c->missing,
        .missing_percent = percent(c->missing, rows),
        .min = v[0] / 1e6,
        .q1 = v[1] / 1e6,
        .median = v[2] / 1e6,
        .q3 = v[3] / 1e6,
        .max = v[4] / 1e6,
        .low = low / 1e6,
        .high = high / 1e6,
        .outliers = count.below + count.above,
        .outliers_percent = percent(count.below + count.above, rows),
        .negative = c->negative,
    };
    return MT_OK;
}

static int by_number(const void *a, const void *b)
{
    const struct hour *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Orders next to each other in time and far apart are the last of one hour and the first of the next that
 * has any. */
static void measure_gaps(mt_quality_report *r, const struct hour *hour, size_t n)
{
    mt_time gaps = 0, longest = 0, span = hour[n - 1].last - hour[0].first;
    for (size_t k = 1; k < n; k++) {
        mt_time gap = hour[k].first - hour[k - 1].last;
        if (gap <= MT_QUALITY_GAP) continue;
        r->gaps++;
        gaps += gap;
        if (gap > longest) longest = gap;
    }
    r->first = hour[0].first;
    r->last = hour[n - 1].last;
    r->gap_minutes = (double)gaps / (double)MT_US_MINUTE;
    r->longest_gap_minutes = (double)longest / (double)MT_US_MINUTE;
    r->continuity_percent = span > 0 ? (double)(span - gaps) / (double)span * 100 : 100;
}

static mt_code find_gaps(mt_ctx *cx, mt_quality_report *r, const mt_quality *q)
{
    struct hour *sorted;
    size_t n = 0;
    if (q->hours == 0) return MT_OK;
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_ctx_alloc(cx, &sorted, q->hours, sizeof *sorted));
    for (size_t k = 0; k < q->hour_room; k++) {
        if (q->hour[k].used) sorted[n++] = q->hour[k];
    }
    qsort(sorted, n, sizeof *sorted, by_number);
    measure_gaps(r, sorted, n);
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

mt_code mt_quality_new(mt_ctx *cx, mt_quality **out)
{
    mt_quality *q;
    MT_TRY(MT_NEW(cx, &q, 1));
    MT_TRY(new_column(cx, &q->price));
    MT_TRY(new_column(cx, &q->volume));
    *out = q;
    return MT_OK;
}

mt_code mt_quality_add(mt_ctx *cx, mt_quality *q, const mt_order_batch *batch)
{
    for (size_t k = 0; k < batch->n_bad; k++) {
        if ((unsigned)batch->bad[k].fault < MT_ORDER_FAULT_COUNT) q->by_fault[batch->bad[k].fault]++;
    }
    for (size_t row = 0; row < batch->n; row++) MT_TRY(add_row(cx, q, batch, row));
    return MT_OK;
}

mt_code mt_quality_fill(mt_ctx *cx, mt_quality *q, const mt_order_source *source)
{
    mt_order_batch batch;
    for (;;) {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(source->next(source->self, cx, &batch));
        if (batch.n == 0) return MT_OK;
        MT_TRY(mt_quality_add(cx, q, &batch));
    }
}

mt_code mt_quality_of(mt_ctx *cx, mt_quality_report *out, mt_quality *q)
{
    mt_quality_report r = {
        .rows = q->rows,
        .buys = q->sides[MT_BUY],
        .sells = q->sides[MT_SELL],
        .time_missing = q->time_missing,
        .side_missing = q->sides[MT_SIDE_NONE],
        .time_missing_percent = percent(q->time_missing, q->rows),
        .side_missing_percent = percent(q->sides[MT_SIDE_NONE], q->rows),
        .price_extreme = q->extreme,
        .doubled = q->doubled,
        .doubled_complete = q->hashes < MT_QUALITY_ROWS_MAX,
        .first = MT_TIME_NONE,
        .last = MT_TIME_NONE,
        .continuity_percent = NAN,
    };
    for (size_t k = 0; k < MT_ORDER_FAULT_COUNT; k++) r.by_fault[k] = q->by_fault[k];
    MT_TRY(column_of(cx, &r.price, &q->price, q->rows));
    MT_TRY(column_of(cx, &r.volume, &q->volume, q->rows));
    MT_TRY(find_gaps(cx, &r, q));
    r.passed = q->rows > 0 && r.price.missing_percent <= MT_QUALITY_MISSING_MAX &&
               r.volume.missing_percent <= MT_QUALITY_MISSING_MAX;
    *out = r;
    return MT_OK;
}

mt_quality_values mt_quality_usable(mt_quality *q)
{
    return (mt_quality_values){.price = q->price.usable,
                               .volume = q->volume.usable,
                               .price_missing = q->price.usable_missing,
                               .volume_missing = q->volume.usable_missing};
}
