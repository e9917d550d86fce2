/* A dense piece of bids, and a hash table from ids to their places in it. */
#include "market/live_book.h"

#include <string.h>

enum { ROOM_FIRST = 64, TICK_COARSEST = 10000, LEVELS = 5 };

/* What a bid does not hold: its order's id and exact price. Side by side with the bids. */
struct entry {
    mt_micro price;
    uint8_t length;
    char id[MT_LIVE_ID_MAX + 1];
};

struct mt_live_book {
    mt_micro given_tick, tick;
    mt_bid *bid;
    struct entry *entry;
    uint32_t *table; /* place + 1, or 0; 2 * room of them, a power of two */
    size_t n, room;
    size_t level[LEVELS]; /* orders whose price needs the tick TICK_COARSEST / 10^level */
};

/* FNV-1a with a last mixing, since the low bits choose the place. */
static size_t hash_id(const char *id, size_t length)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t k = 0; k < length; k++) h = (h ^ (unsigned char)id[k]) * UINT64_C(0x100000001b3);
    h ^= h >> 32;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 29);
}

static size_t home_of(const struct mt_live_book *b, const struct entry *e)
{
    return hash_id(e->id, e->length) & (2 * b->room - 1);
}

/* The table's entry of that id, or the empty one where it belongs. */
static size_t find_slot(const struct mt_live_book *b, mt_text id)
{
    size_t mask = 2 * b->room - 1, k = hash_id(id.at, id.length) & mask;
    for (; b->table[k]; k = (k + 1) & mask) {
        const struct entry *e = &b->entry[b->table[k] - 1];
        if (e->length == id.length && memcmp(e->id, id.at, id.length) == 0) break;
    }
    return k;
}

/* Empties a slot and moves up what its neighbours had to pass over because of it. */
static void empty_slot(struct mt_live_book *b, size_t hole)
{
    size_t mask = 2 * b->room - 1;
    for (size_t k = (hole + 1) & mask; b->table[k]; k = (k + 1) & mask) {
        size_t home = home_of(b, &b->entry[b->table[k] - 1]);
        if (((k - home) & mask) < ((k - hole) & mask)) continue;
        b->table[hole] = b->table[k];
        hole = k;
    }
    b->table[hole] = 0;
}

static mt_code grow(mt_ctx *cx, struct mt_live_book *b)
{
    struct mt_live_book larger = *b;
    if (b->n == MT_LIVE_ORDERS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "a live book of more than %d orders", MT_LIVE_ORDERS_MAX);
    larger.room = b->room ? 2 * b->room : ROOM_FIRST;
    MT_TRY(MT_NEW(cx, &larger.bid, larger.room));
    MT_TRY(MT_NEW(cx, &larger.entry, larger.room));
    MT_TRY(MT_NEW(cx, &larger.table, 2 * larger.room));
    if (b->n) {
        memcpy(larger.bid, b->bid, b->n * sizeof *b->bid);
        memcpy(larger.entry, b->entry, b->n * sizeof *b->entry);
    }
    for (size_t k = 0; k < b->n; k++) {
        const struct entry *e = &larger.entry[k];
        larger.table[find_slot(&larger, (mt_text){e->id, e->length})] = (uint32_t)k + 1;
    }
    *b = larger;
    return MT_OK;
}

static int level_of(mt_micro price)
{
    int level = 0;
    for (mt_micro tick = TICK_COARSEST; price % tick; tick /= 10) level++;
    return level;
}

/* The tick that the counted prices need. */
static mt_micro needed_tick(const struct mt_live_book *b)
{
    mt_micro tick = TICK_COARSEST, found = TICK_COARSEST;
    if (b->given_tick) return b->given_tick;
    for (int k = 0; k < LEVELS; k++, tick /= 10)
        if (b->level[k]) found = tick;
    return found;
}

static void use_tick(struct mt_live_book *b, mt_micro tick)
{
    if (tick == b->tick) return;
    b->tick = tick;
    for (size_t k = 0; k < b->n; k++) b->bid[k].tick = (int32_t)(b->entry[k].price / tick);
}

static bool fits_ticks(mt_micro price, mt_micro tick)
{
    mt_micro size = price < 0 ? -price : price;
    return size / tick <= INT32_MAX;
}

static mt_code fail_far(mt_ctx *cx, mt_micro price, mt_micro tick)
{
    char far_text[32], tick_text[32];
    mt_micro_text(price, 2, far_text);
    mt_micro_text(tick, 2, tick_text);
    return mt_fail(cx, MT_E_INPUT, "the price %s is too far from 0 for the tick of %s that the prices need",
                   far_text, tick_text);
}

/* Would all prices, this one too, fit into ticks? A finer tick is rare, so then everything is looked at. */
static mt_code check_range(mt_ctx *cx, const struct mt_live_book *b, mt_micro price)
{
    mt_micro tick = b->tick;
    if (!b->given_tick)
        while (price % tick) tick /= 10;
    if (!fits_ticks(price, tick)) return fail_far(cx, price, tick);
    if (tick == b->tick) return MT_OK;
    for (size_t k = 0; k < b->n; k++)
        if (!fits_ticks(b->entry[k].price, tick)) return fail_far(cx, b->entry[k].price, tick);
    return MT_OK;
}

static mt_code check_order(mt_ctx *cx, const struct mt_live_book *b, const mt_live_order *o)
{
    int shown = (int)(o->id.length < MT_LIVE_ID_MAX ? o->id.length : MT_LIVE_ID_MAX);
    if (!o->id.at || o->id.length == 0 || o->id.length > MT_LIVE_ID_MAX)
        return mt_fail(cx, MT_E_INPUT, "an order's id of %zu bytes; 1 to %d are possible", o->id.length,
                       MT_LIVE_ID_MAX);
    if (o->side != MT_BUY && o->side != MT_SELL)
        return mt_fail(cx, MT_E_INPUT, "order %.*s: no side; buy or sell is wanted", shown, o->id.at);
    if (o->volume < 0 || o->volume > MT_VOLUME_BOUND_WH)
        return mt_fail(cx, MT_E_INPUT, "order %.*s: a volume of %lld Wh; 0 to %lld are possible", shown,
                       o->id.at, (long long)o->volume, (long long)MT_VOLUME_BOUND_WH);
    if (o->price < -MT_PRICE_BOUND_MICRO || o->price > MT_PRICE_BOUND_MICRO)
        return mt_fail(cx, MT_E_INPUT, "order %.*s: no price, or one beyond 100,000 per MWh", shown,
                       o->id.at);
    if (b->given_tick && o->price % b->given_tick)
        return mt_fail(cx, MT_E_INPUT, "order %.*s: the price is no multiple of the tick", shown, o->id.at);
    return check_range(cx, b, o->price);
}

static void write_order(struct mt_live_book *b, size_t place, const mt_live_order *o)
{
    b->entry[place].price = o->price;
    b->level[level_of(o->price)]++;
    b->bid[place] =
        (mt_bid){.tick = (int32_t)(o->price / b->tick), .side = (uint32_t)o->side, .volume = o->volume};
}

static mt_code fail_absent(mt_ctx *cx, mt_text id)
{
    int shown = (int)(id.length < MT_LIVE_ID_MAX ? id.length : MT_LIVE_ID_MAX);
    return mt_fail(cx, MT_E_ABSENT, "no order %.*s is in the book", shown, id.at ? id.at : "");
}

static mt_code check_rule(mt_ctx *cx, const struct mt_live_book *b, const mt_clear_rule *rule)
{
    if (rule->tick_micro == b->tick) return MT_OK;
    return mt_fail(cx, MT_E_SHAPE, "a rule in ticks of %lld millionths; the book's tick is %lld",
                   (long long)rule->tick_micro, (long long)b->tick);
}

mt_code mt_live_book_new(mt_ctx *cx, mt_live_book **out, mt_micro tick)
{
    struct mt_live_book *b;
    if (tick < 0)
        return mt_fail(cx, MT_E_INPUT, "a tick of %lld millionths; it is more than 0", (long long)tick);
    MT_TRY(MT_NEW(cx, &b, 1));
    b->given_tick = tick;
    b->tick = tick ? tick : TICK_COARSEST;
    MT_TRY(grow(cx, b));
    *out = b;
    return MT_OK;
}

mt_code mt_live_book_add(mt_ctx *cx, mt_live_book *b, const mt_live_order *order)
{
    MT_TRY(check_order(cx, b, order));
    if (b->table[find_slot(b, order->id)])
        return mt_fail(cx, MT_E_CONFLICT, "order %.*s is in the book already", (int)order->id.length,
                       order->id.at);
    if (b->n == b->room) MT_TRY(grow(cx, b));
    struct entry *e = &b->entry[b->n];
    b->table[find_slot(b, order->id)] = (uint32_t)b->n + 1;
    e->length = (uint8_t)order->id.length;
    memcpy(e->id, order->id.at, order->id.length);
    write_order(b, b->n++, order);
    use_tick(b, needed_tick(b));
    return MT_OK;
}

mt_code mt_live_book_change(mt_ctx *cx, mt_live_book *b, const mt_live_order *order)
{
    MT_TRY(check_order(cx, b, order));
    uint32_t place = b->table[find_slot(b, order->id)];
    if (!place) return fail_absent(cx, order->id);
    b->level[level_of(b->entry[place - 1].price)]--;
    write_order(b, place - 1, order);
    use_tick(b, needed_tick(b));
    return MT_OK;
}

mt_code mt_live_book_cancel(mt_ctx *cx, mt_live_book *b, mt_text id)
{
    size_t slot = find_slot(b, id);
    if (!b->table[slot]) return fail_absent(cx, id);
    size_t place = b->table[slot] - 1, last = b->n - 1;
    b->level[level_of(b->entry[place].price)]--;
    empty_slot(b, slot);
    if (place != last) { /* the last order takes the place that is free */
        b->table[find_slot(b, (mt_text){b->entry[last].id, b->entry[last].length})] = (uint32_t)place + 1;
        b->entry[place] = b->entry[last];
        b->bid[place] = b->bid[last];
    }
    b->n--;
    use_tick(b, needed_tick(b));
    return MT_OK;
}

mt_micro mt_live_book_tick(const mt_live_book *book)
{
    return book->tick;
}

size_t mt_live_book_orders(const mt_live_book *book)
{
    return book->n;
}

const mt_bid *mt_live_book_bids(const mt_live_book *book)
{
    return book->bid;
}

bool mt_live_book_find(const mt_live_book *b, mt_text id, mt_live_order *out)
{
    uint32_t place = b->table[find_slot(b, id)];
    if (!place) return false;
    const struct entry *e = &b->entry[place - 1];
    const mt_bid *bid = &b->bid[place - 1];
    *out = (mt_live_order){{e->id, e->length}, bid->side == MT_BUY ? MT_BUY : MT_SELL, e->price, bid->volume};
    return true;
}

mt_code mt_live_book_clear(mt_ctx *cx, mt_clearing *out, const mt_live_book *book, const mt_clear_rule *rule)
{
    MT_TRY(check_rule(cx, book, rule));
    return mt_clear(cx, out, book->bid, book->n, rule);
}

mt_code mt_live_book_impact(mt_ctx *cx, mt_impact *out, const mt_live_book *book, const mt_clear_rule *rule,
                            const mt_shift *shift)
{
    MT_TRY(check_rule(cx, book, rule));
    return mt_impact_of(cx, out, book->bid, book->n, rule, shift);
}
