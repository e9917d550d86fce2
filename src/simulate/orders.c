/* Order books cut from the merit order: an endless-looking source of batches in flat memory. */
#include "simulate/orders.h"
#include "num/portable.h"

#include <string.h>

MT_SAME_BITS

enum { GUIDE = 512, TENTHS_PER_MWH = 10 };

static const int64_t tenth_wh = 100000;   /* 0.1 MWh */
static const mt_micro cent_micro = 10000; /* 0.01 EUR/MWh */
static const double far_weight = 0.25;    /* of volume that never sets a price */

/* One side's curve prepared for slicing: weight runs along the curve, volume and price follow from it. */
struct ladder {
    size_t n; /* steps */
    uint64_t orders;
    double weight_a_slice;
    double guide_scale;                  /* guide buckets a unit of weight */
    double weight[MT_SIM_STEPS_MAX + 1]; /* where step i begins; the last is the total */
    double volume[MT_SIM_STEPS_MAX + 1]; /* tenths of a MWh below step i */
    double slope[MT_SIM_STEPS_MAX];      /* tenths a unit of weight */
    double price[MT_SIM_STEPS_MAX];      /* cents */
    uint16_t guide[GUIDE + 1];           /* the step at the start of each bucket */
    uint64_t cut_key, draw_key;
};

struct orders {
    mt_sim_rule rule;
    mt_sim_day *day;
    mt_sim_stack *stack;
    mt_rng stream;
    mt_shuffle shuffle;
    struct ladder side[2]; /* by mt_side */
    mt_day next_day;
    size_t period; /* in hand */
    int64_t done;  /* orders given of it */
    bool open;     /* a period is in hand */
    mt_time time[MT_ORDER_BATCH_ROWS];
    mt_micro price[MT_ORDER_BATCH_ROWS];
    int64_t volume[MT_ORDER_BATCH_ROWS];
    uint8_t kind[MT_ORDER_BATCH_ROWS];
};

static void lay_guide(struct ladder *ladder)
{
    double total = ladder->weight[ladder->n];
    size_t step = 0;
    ladder->guide_scale = GUIDE / total;
    for (size_t b = 0; b <= GUIDE; b++) {
        double start = total * (double)b / GUIDE;
        while (step + 1 < ladder->n && ladder->weight[step + 1] <= start) step++;
        ladder->guide[b] = (uint16_t)step;
    }
}

static void lay_ladder(struct ladder *ladder, const mt_sim_step *curve, size_t n, double hours,
                       uint64_t orders)
{
    double weight = 0.0, volume = 0.0;
    for (size_t i = 0; i < n; i++) {
        double price = curve[i].price_eur_mwh, tenths = curve[i].power_mw * hours * TENTHS_PER_MWH;
        double factor = price > -200.0 && price < 600.0 ? 1.0 : far_weight;
        ladder->weight[i] = weight;
        ladder->volume[i] = volume;
        ladder->slope[i] = 1.0 / factor;
        ladder->price[i] = price * 100.0;
        weight += tenths * factor;
        volume += tenths;
    }
    ladder->n = n;
    ladder->orders = orders;
    ladder->weight[n] = weight;
    ladder->volume[n] = volume;
    ladder->weight_a_slice = weight / (double)orders;
    lay_guide(ladder);
}

static size_t step_at(const struct ladder *ladder, double weight)
{
    size_t bucket = (size_t)(weight * ladder->guide_scale);
    size_t step = ladder->guide[bucket < GUIDE ? bucket : GUIDE];
    /* Rounding may put the guide one step too far. */
    while (step > 0 && ladder->weight[step] > weight) step--;
    while (step + 1 < ladder->n && ladder->weight[step + 1] <= weight) step++;
    return step;
}

/* Where slice j begins, on the axis of weight: even cuts, each moved at random by less than half a slice. */
static double cut_at(const struct ladder *ladder, uint64_t j)
{
    if (j == 0) return 0.0;
    if (j >= ladder->orders) return ladder->weight[ladder->n];
    double shift = 0.9 * (mt_rng_unit(mt_rng_at(ladder->cut_key, j)) - 0.5);
    return ((double)j + shift) * ladder->weight_a_slice;
}

static double volume_at(const struct ladder *ladder, double weight)
{
    size_t step = step_at(ladder, weight);
    return ladder->volume[step] + (weight - ladder->weight[step]) * ladder->slope[step];
}

/* The sum of four 16-bit draws, scaled to variance 1: normal enough, bounded by 3.5, without a logarithm. */
static double bell(uint64_t bits)
{
    double sum = (double)((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48));
    return (sum * (1.0 / 65536.0) - 2.0) * 1.7320508075688772;
}

static mt_micro price_of(double cents, uint64_t bits)
{
    const double floor = MT_SIM_PRICE_FLOOR * 100.0, cap = MT_SIM_PRICE_CAP * 100.0;
    if (cents > floor && cents < cap) {
        double size = cents < 0.0 ? -cents : cents;
        cents += bell(bits) * (30.0 + 0.015 * size);
        cents = cents < floor ? floor : cents > cap ? cap : cents;
    }
    return (mt_micro)(cents < 0.0 ? cents - 0.5 : cents + 0.5) * cent_micro;
}

static void put_order(struct orders *o, size_t at, mt_time start, int64_t k)
{
    uint64_t place = mt_shuffle_at(&o->shuffle, (uint64_t)k);
    mt_side side = place < o->side[MT_SELL].orders ? MT_SELL : MT_BUY;
    const struct ladder *ladder = &o->side[side];
    uint64_t j = side == MT_SELL ? place : place - o->side[MT_SELL].orders;
    uint64_t draw = mt_rng_at(ladder->draw_key, 2 * j), noise = mt_rng_at(ladder->draw_key, 2 * j + 1);
    double low = cut_at(ladder, j), high = cut_at(ladder, j + 1);
    int64_t tenths = (int64_t)(volume_at(ladder, high) + 0.5) - (int64_t)(volume_at(ladder, low) + 0.5);
    double there = low + (high - low) * mt_rng_unit(draw);
    int64_t seconds = o->rule.step / MT_US_SECOND;
    double part = ((double)k + mt_rng_unit(noise)) / (double)o->rule.orders_per_period;
    int64_t second = (int64_t)(part * (double)seconds);
    o->time[at] = start + (second < seconds ? second : seconds - 1) * MT_US_SECOND;
    o->price[at] = price_of(ladder->price[step_at(ladder, there)], noise);
    o->volume[at] = (tenths > 0 ? tenths : 1) * tenth_wh;
    o->kind[at] = (uint8_t)side;
}

/* Prepares the period in hand: curves, ladders, a fresh shuffle. */
static void open_period(struct orders *o)
{
    const mt_sim_state *state = &o->day->state[o->period];
    mt_rng rng = mt_rng_split(&o->stream, (uint64_t)(state->start / MT_US_SECOND));
    uint64_t n = (uint64_t)o->rule.orders_per_period, buys = n / 2;
    double hours = (double)o->rule.step / (double)MT_US_HOUR;
    mt_sim_stack_fill(o->stack, o->day, o->period);
    lay_ladder(&o->side[MT_SELL], o->stack->supply, o->stack->n_supply, hours, n - buys);
    lay_ladder(&o->side[MT_BUY], o->stack->demand, o->stack->n_demand, hours, buys);
    for (int side = 0; side < 2; side++) {
        o->side[side].cut_key = mt_rng_next(&rng);
        o->side[side].draw_key = mt_rng_next(&rng);
    }
    o->shuffle = mt_shuffle_new(mt_rng_next(&rng), n);
    o->done = 0;
    o->open = true;
}

/* The next period, on a new day where the last one ended; *open is false behind the last day. */
static mt_code turn_period(struct orders *o, mt_ctx *cx)
{
    o->open = false;
    o->period++;
    if (o->next_day == o->rule.first_day || o->period >= o->day->n) {
        if (o->next_day - o->rule.first_day >= o->rule.days) return MT_OK;
        MT_TRY(mt_sim_day_fill(cx, o->day, o->next_day++));
        o->period = 0;
    }
    open_period(o);
    return MT_OK;
}

static mt_code next_batch(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct orders *o = self;
    size_t n = 0;
    MT_TRY(mt_ctx_check(cx));
    while (n < MT_ORDER_BATCH_ROWS) {
        if (!o->open || o->done >= o->rule.orders_per_period) {
            MT_TRY(turn_period(o, cx));
            if (!o->open) break;
        }
        mt_time start = o->day->state[o->period].start;
        int64_t left = o->rule.orders_per_period - o->done;
        size_t room = MT_ORDER_BATCH_ROWS - n, take = left < (int64_t)room ? (size_t)left : room;
        for (size_t i = 0; i < take; i++) put_order(o, n + i, start, o->done + (int64_t)i);
        o->done += (int64_t)take;
        n += take;
    }
    *out = (mt_order_batch){.n = n, .time = o->time, .price = o->price, .volume = o->volume, .side = o->kind};
    return MT_OK;
}

mt_code mt_sim_orders(mt_ctx *cx, mt_order_source *out, const mt_sim_rule *rule)
{
    struct orders *o;
    MT_TRY(mt_sim_rule_check(cx, rule));
    MT_TRY(MT_NEW(cx, &o, 1));
    o->rule = *rule;
    MT_TRY(mt_sim_day_new(cx, &o->day, &o->rule));
    MT_TRY(mt_sim_stack_new(cx, &o->stack));
    o->stream = mt_sim_stream(rule, MT_SIM_SERIES_ORDER);
    o->next_day = rule->first_day;
    *out = (mt_order_source){.next = next_batch, .self = o};
    return MT_OK;
}
