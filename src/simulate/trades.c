/* Trades of the continuous market around the auction's price, one delivery day at a time. */
#include "simulate/trades.h"
#include "num/portable.h"

#include <math.h>
#include <stdlib.h>

MT_SAME_BITS

enum {
    QUARTERS_MAX = MT_SIM_PERIODS_MAX,
    PRODUCTS_MAX = QUARTERS_MAX + QUARTERS_MAX / 4,
    ID_TRADES = 10000000
};

static const mt_time quarter = 15 * MT_US_MINUTE;
static const mt_time gate_closure = 5 * MT_US_MINUTE;
static const mt_time open_hours_before = 9 * MT_US_HOUR; /* 15:00 before the delivery day's midnight */
static const mt_time open_quarters_before = 8 * MT_US_HOUR;

/* One contract: what is delivered when, what the auction said, how many trades there will be. */
struct product {
    mt_time start, end, opens;
    double auction_eur_mwh;
    size_t n;
    mt_rng rng;
};

struct session {
    mt_rng stream;
    mt_time day_start;
    double drift_eur_mwh; /* forecast errors of the whole day */
    struct product product[PRODUCTS_MAX];
    size_t n_products, n_trades;
};

/* More trading where the day's forecast errors bite: morning and evening. */
static double liquidity(mt_time delivery, mt_time day_start)
{
    double hour = (double)(delivery - day_start) / 3600e6;
    return 1.0 - 0.45 * mt_portable_cos_turns((hour - 5.0) / 14.0);
}

static void add_product(struct session *s, const mt_sim_rule *rule, mt_time start, mt_time length,
                        double auction)
{
    struct product *p = &s->product[s->n_products++];
    mt_time before = length == quarter ? open_quarters_before : open_hours_before;
    uint64_t key = (uint64_t)(start / MT_US_SECOND) * 2 + (length == quarter);
    *p = (struct product){.start = start,
                          .end = start + length,
                          .opens = s->day_start - before,
                          .auction_eur_mwh = auction,
                          .rng = mt_rng_split(&s->stream, key)};
    p->n = (size_t)mt_rng_poisson(&p->rng, rule->trades_per_product * liquidity(start, s->day_start));
    s->n_trades += p->n;
}

static mt_code make_products(mt_ctx *cx, struct session *s, const mt_sim_rule *rule, mt_day delivery_day)
{
    mt_sim_rule quarters = *rule;
    mt_sim_day *day;
    mt_sim_stack *stack;
    double price[QUARTERS_MAX];
    quarters.step = quarter;
    MT_TRY(mt_sim_day_new(cx, &day, &quarters));
    MT_TRY(mt_sim_stack_new(cx, &stack));
    MT_TRY(mt_sim_day_fill(cx, day, delivery_day));
    s->day_start = day->state[0].start;
    for (size_t i = 0; i < day->n; i++) {
        mt_sim_stack_fill(stack, day, i);
        price[i] = mt_sim_stack_price_eur_mwh(stack);
        add_product(s, rule, day->state[i].start, quarter, price[i]);
    }
    for (size_t i = 0; i + 4 <= day->n; i += 4) {
        double mean = (price[i] + price[i + 1] + price[i + 2] + price[i + 3]) / 4.0;
        add_product(s, rule, day->state[i].start, 4 * quarter, mean);
    }
    return MT_OK;
}

/* Every field counts, so that what compares equal is equal and any sort gives the same rows. */
static int by_execution(const void *left, const void *right)
{
    const mt_trade *a = left, *b = right;
    if (a->execution_time != b->execution_time) return a->execution_time < b->execution_time ? -1 : 1;
    if (a->delivery_start != b->delivery_start) return a->delivery_start < b->delivery_start ? -1 : 1;
    if (a->delivery_end != b->delivery_end) return a->delivery_end < b->delivery_end ? -1 : 1;
    if (a->price != b->price) return a->price < b->price ? -1 : 1;
    if (a->energy_wh != b->energy_wh) return a->energy_wh < b->energy_wh ? -1 : 1;
    return (int)a->side - (int)b->side;
}

/* Execution of the trades of one product, ascending: late ones are many. */
static void fill_times(mt_trade *trade, struct product *p)
{
    double length = (double)(p->start - gate_closure - p->opens);
    for (size_t i = 0; i < p->n; i++) {
        double u = mt_rng_uniform(&p->rng);
        mt_time early = (mt_time)(length * u * u * u / 1000.0) * 1000;
        trade[i].execution_time = p->start - gate_closure - early;
    }
    qsort(trade, p->n, sizeof *trade, by_execution);
}

static int64_t energy_of(mt_rng *rng, mt_time length)
{
    double mw = mt_rng_lognormal(rng, 4.0, 1.0);
    int64_t tenths = (int64_t)(mw * 10.0 + 0.5);
    tenths = tenths < 1 ? 1 : tenths > 1000 ? 1000 : tenths;
    return tenths * (length / quarter) * 25000; /* 0.1 MW for a quarter is 0.025 MWh */
}

static void fill_prices(mt_trade *trade, struct product *p, double drift)
{
    double size = fabs(p->auction_eur_mwh);
    double target = p->auction_eur_mwh + drift + (2.0 + 0.05 * size) * mt_rng_normal(&p->rng);
    double wander = 1.5 + 0.05 * size;
    double middle = p->auction_eur_mwh, last = 0.0;
    double session = (double)(p->start - gate_closure - p->opens);
    double width = p->end - p->start == quarter ? 1.8 : 1.0;
    for (size_t i = 0; i < p->n; i++) {
        double now = (double)(trade[i].execution_time - p->opens) / session;
        double passed = now - last;
        middle += (target - p->auction_eur_mwh) * passed + wander * sqrt(passed) * mt_rng_normal(&p->rng);
        last = now;
        bool bought = mt_rng_next(&p->rng) >> 63;
        double half_spread = width * (0.15 + 1.1 * now * now) * (0.5 + mt_rng_uniform(&p->rng));
        double price = bought ? middle + half_spread : middle - half_spread;
        trade[i].price =
            (mt_micro)(mt_portable_round(price, 100.0) * 100.0 + (price < 0.0 ? -0.5 : 0.5)) * 10000;
        trade[i].side = bought ? MT_BUY : MT_SELL;
        trade[i].energy_wh = energy_of(&p->rng, p->end - p->start);
        trade[i].delivery_start = p->start;
        trade[i].delivery_end = p->end;
    }
}

static mt_code name_trades(mt_ctx *cx, mt_trade *trade, size_t n, const mt_sim_rule *rule, mt_day day)
{
    int64_t first = ((int64_t)(rule->area + 1) * 100000 + day) * ID_TRADES;
    for (size_t i = 0; i < n; i++)
        MT_TRY(mt_text_format(cx, &trade[i].id, "%lld", (long long)(first + (int64_t)i)));
    return MT_OK;
}

mt_code mt_sim_trades(mt_ctx *cx, mt_trade **out, size_t *n, const mt_sim_rule *rule, mt_day delivery_day)
{
    struct session *s;
    mt_trade *trade;
    MT_TRY(mt_sim_rule_check(cx, rule));
    MT_TRY(MT_NEW(cx, &s, 1));
    mt_rng all = mt_sim_stream(rule, MT_SIM_SERIES_TRADE);
    s->stream = mt_rng_split(&all, (uint64_t)(int64_t)delivery_day);
    mt_rng mood = s->stream;
    s->drift_eur_mwh = 3.0 * mt_rng_normal(&mood);
    MT_TRY(make_products(cx, s, rule, delivery_day));
    MT_TRY(MT_NEW(cx, &trade, s->n_trades));
    size_t at = 0;
    for (size_t i = 0; i < s->n_products; i++) {
        struct product *p = &s->product[i];
        fill_times(trade + at, p);
        fill_prices(trade + at, p, s->drift_eur_mwh);
        at += p->n;
    }
    qsort(trade, s->n_trades, sizeof *trade, by_execution);
    MT_TRY(name_trades(cx, trade, s->n_trades, rule, delivery_day));
    *out = trade;
    *n = s->n_trades;
    return MT_OK;
}
