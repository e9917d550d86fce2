/* Orders by delivery period: pieces of 16-byte records, found by period through a hash table. */
#include "market/book.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_FIRST = 16, PIECE_MOST = 1 << 16, SLOTS_FIRST = 64, TICK_COARSEST = 10000 };

/* An order while prices are still exact decimals, and the bid that takes its place when the tick is known. */
union record {
    struct {
        int64_t price_and_side; /* price * 2 + side */
        int64_t volume;
    } order;
    mt_bid bid;
};

struct piece {
    struct piece *next;
    size_t n, room;
    union record at[];
};

/* A period that saw an order. */
struct slot {
    int64_t number; /* period, counted from 1970 */
    size_t n;
    struct piece *first, *last;
};

struct mt_book {
    mt_book_options options;
    struct slot *slot; /* in order of arrival; after sealing in order of time */
    size_t slots, slots_room;
    uint32_t *table; /* index of a slot + 1; 2 * slots_room of them, a power of two */
    size_t recent;   /* the slot used last */
    mt_micro tick;
    mt_micro largest; /* |price| */
    uint64_t orders, off_tick;
    bool sealed;
};

static size_t home_of(const struct mt_book *b, int64_t number)
{
    uint64_t spread = (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(spread >> 32) & (2 * b->slots_room - 1);
}

/* The table's entry for that period: its slot, or 0 where it belongs. */
static uint32_t *find_entry(const struct mt_book *b, int64_t number)
{
    size_t k = home_of(b, number);
    while (b->table[k] && b->slot[b->table[k] - 1].number != number) k = (k + 1) & (2 * b->slots_room - 1);
    return &b->table[k];
}

static mt_code grow_slots(mt_ctx *cx, struct mt_book *b)
{
    struct mt_book larger = *b;
    larger.slots_room = b->slots_room ? 2 * b->slots_room : SLOTS_FIRST;
    MT_TRY(mt_ctx_alloc(cx, &larger.slot, larger.slots_room, sizeof *larger.slot));
    MT_TRY(mt_ctx_alloc(cx, &larger.table, 2 * larger.slots_room, sizeof *larger.table));
    if (b->slots) memcpy(larger.slot, b->slot, b->slots * sizeof *b->slot);
    for (size_t k = 0; k < b->slots; k++) *find_entry(&larger, b->slot[k].number) = (uint32_t)k + 1;
    *b = larger;
    return MT_OK;
}

/* The slot of the period that contains t, new if need be. */
static mt_code find_slot(mt_ctx *cx, struct mt_book *b, struct slot **out, mt_time t)
{
    mt_time step = b->options.step;
    struct slot *recent = b->slots ? &b->slot[b->recent] : NULL;
    if (recent && t >= recent->number * step && t - recent->number * step < step) {
        *out = recent;
        return MT_OK;
    }
    if (b->slots == b->slots_room) MT_TRY(grow_slots(cx, b));
    int64_t number = mt_time_floor(t, step) / step;
    uint32_t *entry = find_entry(b, number);
    if (!*entry) {
        if (b->slots >= MT_BOOK_PERIODS_MAX) {
            return mt_fail(cx, MT_E_TOO_LARGE,
                           "orders in more than %d periods; take a longer period or less time",
                           MT_BOOK_PERIODS_MAX);
        }
        b->slot[b->slots++].number = number;
        *entry = (uint32_t)b->slots;
    }
    b->recent = *entry - 1;
    *out = &b->slot[b->recent];
    return MT_OK;
}

static mt_code add_piece(mt_ctx *cx, struct slot *s)
{
    size_t quarter = s->n / 4; /* so at most a fifth of a period's room is idle, beyond the first pieces */
    size_t room = quarter < PIECE_FIRST ? PIECE_FIRST : quarter > PIECE_MOST ? PIECE_MOST : quarter;
    struct piece *piece = mt_arena_raw(&cx->arena, sizeof *piece + room * sizeof *piece->at);
    if (!piece) return mt_fail(cx, MT_E_MEMORY, "no memory for more than %zu orders in one period", s->n);
    *piece = (struct piece){.room = room};
    *(s->last ? &s->last->next : &s->first) = piece;
    s->last = piece;
    return MT_OK;
}

static bool is_multiple(mt_micro price, mt_micro tick)
{
    return tick == TICK_COARSEST ? price % TICK_COARSEST == 0 : price % tick == 0;
}

/* False when the price does not fit the given tick; else the tick is made finer where it must be. */
static bool fit_tick(struct mt_book *b, mt_micro price)
{
    if (b->options.tick) return is_multiple(price, b->options.tick);
    while (!is_multiple(price, b->tick)) b->tick /= 10;
    return true;
}

static mt_code add_order(mt_ctx *cx, struct mt_book *b, const mt_order_batch *batch, size_t row)
{
    struct slot *s = NULL;
    mt_micro price = batch->price[row];
    if (!fit_tick(b, price)) {
        mt_order_bad bad = {.row = row, .fault = MT_FAULT_PRICE_TICK};
        b->off_tick++;
        if (b->options.bad) b->options.bad(b->options.arg, batch, &bad);
        return MT_OK;
    }
    MT_TRY(find_slot(cx, b, &s, batch->time[row]));
    if (!s->last || s->last->n == s->last->room) MT_TRY(add_piece(cx, s));
    union record *r = &s->last->at[s->last->n++];
    r->order.price_and_side = price * 2 + (batch->side[row] == MT_BUY);
    r->order.volume = batch->volume[row];
    mt_micro size = price < 0 ? -price : price;
    if (size > b->largest) b->largest = size;
    s->n++;
    b->orders++;
    return MT_OK;
}

static bool is_complete(const mt_order_batch *batch, size_t row)
{
    mt_micro price = batch->price[row];
    return batch->time[row] != MT_TIME_NONE && batch->side[row] <= MT_BUY && batch->volume[row] >= 0 &&
           price > -(INT64_MAX / 2) && price < INT64_MAX / 2;
}

static void seal_slot(struct slot *s, mt_micro tick)
{
    for (struct piece *piece = s->first; piece; piece = piece->next) {
        for (size_t i = 0; i < piece->n; i++) {
            union record r = piece->at[i];
            uint32_t side = r.order.price_and_side & 1 ? MT_BUY : MT_SELL;
            mt_micro price = (r.order.price_and_side - (side == MT_BUY)) / 2;
            int32_t ticks = (int32_t)(tick == TICK_COARSEST ? price / TICK_COARSEST : price / tick);
            piece->at[i].bid = (mt_bid){.tick = ticks, .side = side, .volume = r.order.volume};
        }
    }
}

static int by_number(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static mt_code check_sealable(mt_ctx *cx, const struct mt_book *b)
{
    if (b->largest / b->tick > INT32_MAX) {
        char price[32], tick[32];
        mt_micro_text(b->largest, 2, price);
        mt_micro_text(b->tick, 2, tick);
        return mt_fail(cx, MT_E_INPUT,
                       "the price %s is too far from 0 for the tick of %s that the prices need; give a "
                       "coarser tick",
                       price, tick);
    }
    int64_t periods = b->slots ? b->slot[b->slots - 1].number - b->slot[0].number + 1 : 0;
    if (periods > MT_BOOK_PERIODS_MAX) {
        char first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
        mt_time_text(b->slot[0].number * b->options.step, first);
        mt_time_text(b->slot[b->slots - 1].number * b->options.step, last);
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "orders from %s to %s are %lld periods apart, more than %d; is one of these "
                       "times wrong?",
                       first, last, (long long)periods, MT_BOOK_PERIODS_MAX);
    }
    return MT_OK;
}

/* The bids of a slot in one piece: as they stand, or joined in cx. */
static mt_code join_pieces(mt_ctx *cx, const mt_bid **out, const struct slot *s)
{
    if (!s->first->next) {
        *out = &s->first->at[0].bid;
        return MT_OK;
    }
    mt_bid *bid = mt_arena_raw(&cx->arena, s->n * sizeof *bid);
    if (!bid) return mt_fail(cx, MT_E_MEMORY, "no memory for the %zu orders of one period", s->n);
    size_t n = 0;
    for (const struct piece *piece = s->first; piece; n += piece->n, piece = piece->next) {
        memcpy(bid + n, piece->at, piece->n * sizeof *bid);
    }
    *out = bid;
    return MT_OK;
}

mt_code mt_book_new(mt_ctx *cx, mt_book **out, const mt_book_options *options)
{
    mt_book *b;
    if (options->step <= 0) {
        return mt_fail(cx, MT_E_INPUT, "a period of %lld us; a period is longer than 0",
                       (long long)options->step);
    }
    if (options->tick < 0) {
        return mt_fail(cx, MT_E_INPUT, "a tick of %lld millionths; a tick is more than 0",
                       (long long)options->tick);
    }
    MT_TRY(MT_NEW(cx, &b, 1));
    memcpy(&b->options, options, options->size < sizeof b->options ? options->size : sizeof b->options);
    b->tick = options->tick ? options->tick : TICK_COARSEST;
    *out = b;
    return MT_OK;
}

mt_code mt_book_add(mt_ctx *cx, mt_book *b, const mt_order_batch *batch)
{
    size_t bad = 0;
    if (b->sealed) return mt_fail(cx, MT_E_BUG, "an order came after its book was sealed");
    for (size_t row = 0; row < batch->n; row++) {
        bool faulty = bad < batch->n_bad && batch->bad[bad].row == row;
        bad += faulty;
        if (!faulty && is_complete(batch, row)) MT_TRY(add_order(cx, b, batch, row));
    }
    return MT_OK;
}

mt_code mt_book_fill(mt_ctx *cx, mt_book *b, const mt_order_source *source)
{
    mt_order_batch batch;
    for (;;) {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(source->next(source->self, cx, &batch));
        if (batch.n == 0) return mt_book_seal(cx, b);
        MT_TRY(mt_book_add(cx, b, &batch));
    }
}

mt_code mt_book_seal(mt_ctx *cx, mt_book *b)
{
    if (b->sealed) return MT_OK;
    if (b->slots) qsort(b->slot, b->slots, sizeof *b->slot, by_number);
    MT_TRY(check_sealable(cx, b));
    for (size_t k = 0; k < b->slots; k++) seal_slot(&b->slot[k], b->tick);
    b->sealed = true;
    return MT_OK;
}

mt_micro mt_book_tick(const mt_book *b)
{
    return b->tick;
}

size_t mt_book_periods(const mt_book *b)
{
    return b->slots ? (size_t)(b->slot[b->slots - 1].number - b->slot[0].number) + 1 : 0;
}

uint64_t mt_book_orders(const mt_book *b)
{
    return b->orders;
}

uint64_t mt_book_off_tick(const mt_book *b)
{
    return b->off_tick;
}

mt_code mt_book_period(mt_ctx *cx, mt_period *out, const mt_book *b, size_t k)
{
    if (!b->sealed) return mt_fail(cx, MT_E_BUG, "a period was asked of a book that is not sealed");
    if (k >= mt_book_periods(b)) {
        return mt_fail(cx, MT_E_ABSENT, "period %zu of a book of %zu", k + 1, mt_book_periods(b));
    }
    struct slot wanted = {.number = b->slot[0].number + (int64_t)k};
    const struct slot *s = bsearch(&wanted, b->slot, b->slots, sizeof *b->slot, by_number);
    mt_period period = {.start = wanted.number * b->options.step};
    if (s) {
        MT_TRY(join_pieces(cx, &period.bid, s));
        period.n = s->n;
    }
    *out = period;
    return MT_OK;
}
