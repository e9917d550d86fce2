/* Own and public trades of one delivery day. */
#include "simulate/vpp/deals.h"

#include "num/portable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

MT_SAME_BITS

static const mt_time quarter = 15 * MT_US_MINUTE, hour = MT_US_HOUR;
static const mt_time closure = 5 * MT_US_MINUTE; /* before delivery */
static const mt_time auction = 9 * MT_US_HOUR;   /* 15:00 of the day before */
static const mt_micro cent = 10000, own_grid = 50000;
static const int64_t quarters_most = 100; /* of a day: each is traded */

/* Mean price of the quarters that have one; false: a quarter has none. */
static bool mean_price(double *out, const mt_sim_prices *prices, mt_time start, mt_time end)
{
    double sum = 0.0;
    int n = 0;
    bool whole = true;
    for (mt_time t = start; t < end; t += quarter) {
        mt_micro price = mt_sim_price_at(prices, prices->continuous, t);
        whole = whole && price != MT_MICRO_NONE;
        if (price != MT_MICRO_NONE) sum += (double)price / 1e6, n++;
    }
    *out = n ? sum / n : 40.0;
    return whole;
}

static mt_micro to_cent(double eur_mwh)
{
    return (mt_micro)(eur_mwh * 100.0 + (eur_mwh < 0.0 ? -0.5 : 0.5)) * cent;
}

/* Hours or quarters from `from` to `until`. */
static size_t list_products(mt_sim_product *out, const mt_sim_prices *prices, mt_time from, mt_time until,
                            mt_time length)
{
    size_t n = 0;
    for (mt_time t = from; t + length <= until; t += length) {
        out[n].start = t;
        out[n].end = t + length;
        mean_price(&out[n++].price_eur_mwh, prices, t, t + length);
    }
    return n;
}

/* Parts `total` by weight, each at least 1; what rounding leaves goes to the first ones. */
static void part_count(int64_t *count, const double *weight, size_t n, int64_t total)
{
    double sum = 0.0;
    int64_t left = total - (int64_t)n;
    for (size_t k = 0; k < n; k++) sum += weight[k];
    for (size_t k = 0; k < n; k++) {
        int64_t part = (int64_t)((double)(total - (int64_t)n) * weight[k] / sum);
        count[k] = 1 + part;
        left -= part;
    }
    for (size_t k = 0; left > 0; k = (k + 1) % n, left--) count[k]++;
}

static int by_execution(const void *a, const void *b)
{
    const mt_trade *x = a, *y = b;
    if (x->execution_time != y->execution_time) return x->execution_time < y->execution_time ? -1 : 1;
    if (x->delivery_start != y->delivery_start) return x->delivery_start < y->delivery_start ? -1 : 1;
    if (x->delivery_end != y->delivery_end) return x->delivery_end < y->delivery_end ? -1 : 1;
    if (x->price != y->price) return x->price < y->price ? -1 : 1;
    return (x->energy_wh > y->energy_wh) - (x->energy_wh < y->energy_wh);
}

static int64_t draw_energy(mt_rng *rng, double mean_wh, int64_t scale)
{
    int64_t steps = (int64_t)(mt_rng_lognormal(rng, mean_wh / (double)own_grid, 0.6) + 0.5);
    int64_t most = 20 * scale;
    return own_grid * (steps < 1 ? 1 : steps > most ? most : steps);
}

struct own {
    const mt_sim_prices *prices;
    mt_rng rng;
    mt_time day_start, opens;
    const double *sold_kw;
    int64_t scale; /* of volumes: a larger portfolio makes larger trades, not more */
    mt_trade *trade;
    size_t n;
};

static double sold_wh(const struct own *own, const mt_sim_product *p)
{
    double sum = 1.0;
    for (mt_time t = p->start; t < p->end; t += quarter)
        sum += own->sold_kw[(t - own->day_start) / quarter] * 250.0;
    return sum;
}

static void add_deals(struct own *own, const mt_sim_product *p, int64_t count, double energy_wh)
{
    for (int64_t k = 0; k < count; k++) {
        double late = mt_rng_uniform(&own->rng);
        mt_time length = p->start - closure - own->opens;
        mt_time early = (mt_time)((double)length * late * late / 1000.0) * 1000;
        own->trade[own->n++] =
            (mt_trade){.delivery_start = p->start,
                       .delivery_end = p->end,
                       .execution_time = p->start - closure - early,
                       .price = to_cent(p->price_eur_mwh + 2.5 * mt_rng_normal(&own->rng)),
                       .energy_wh = draw_energy(&own->rng, energy_wh / (double)count, own->scale),
                       .side = MT_SELL};
    }
}

/* Hours carry 85 % of what is sold, quarters the rest. */
static void fill_products(struct own *own, mt_time from, mt_time until, mt_time length, int64_t total)
{
    mt_sim_product product[MT_SIM_DEALS_PRODUCTS];
    double weight[MT_SIM_DEALS_PRODUCTS];
    int64_t count[MT_SIM_DEALS_PRODUCTS];
    size_t n = list_products(product, own->prices, from, until, length);
    for (size_t k = 0; k < n; k++) weight[k] = sold_wh(own, &product[k]);
    part_count(count, weight, n, total);
    for (size_t k = 0; k < n; k++)
        add_deals(own, &product[k], count[k], weight[k] * (length == hour ? 0.85 : 0.15));
}

static mt_code name_deals(mt_ctx *cx, struct own *own, mt_day day)
{
    int64_t first = 2042884497 + (int64_t)(day - mt_day_of(2025, 6, 8)) * 100000;
    for (size_t k = 0; k < own->n; k++)
        MT_TRY(mt_text_format(cx, &own->trade[k].id, "%lld", (long long)(first + (int64_t)k)));
    return MT_OK;
}

/* Every ninth is a purchase; three numbers come again, with another price; traders and strategies. */
static void mix_sides(struct own *own)
{
    static const char *const trader[] = {"TRD-1", "TRD-2", "TRD-3"}, *const strategy[] = {"close", "spread"};
    for (size_t k = 0; k < own->n; k++) {
        own->trade[k].trader = trader[k % 3];
        own->trade[k].strategy = k % 4 ? strategy[k % 2] : NULL;
    }
    size_t apart = own->n < 250 ? own->n / 5 : 50;
    for (size_t k = 4; k < own->n; k += 9) own->trade[k].side = MT_BUY;
    for (size_t k = 0; k < 3; k++) own->trade[own->n - 1 - k].id = own->trade[(2 + k) * apart].id;
}

mt_code mt_sim_own_deals(mt_ctx *cx, mt_trade **out, size_t *n, const mt_sim_prices *prices, mt_day day,
                         const double *sold_kw)
{
    const mt_sim_vpp_rule *rule = prices->rule;
    struct own own = {.prices = prices,
                      .rng = mt_sim_vpp_stream(rule, MT_SIM_VPP_OWN_TRADE, 0, day),
                      .day_start = mt_sim_day_start(&rule->market, day),
                      .sold_kw = sold_kw,
                      .scale = rule->assets / 5};
    mt_time from = day * MT_US_DAY, until = mt_sim_day_start(&rule->market, day + 1);
    int64_t hourly = (rule->own_trades * 2001 + 1674) / 3349;
    if (hourly > rule->own_trades - quarters_most) hourly = rule->own_trades - quarters_most;
    own.opens = own.day_start - auction;
    MT_TRY(MT_NEW(cx, &own.trade, (size_t)rule->own_trades));
    fill_products(&own, from, until, hour, hourly);
    fill_products(&own, from, until, quarter, rule->own_trades - hourly);
    own.trade[0].energy_wh = own_grid * 20 * own.scale; /* the largest there may be */
    qsort(own.trade, own.n, sizeof *own.trade, by_execution);
    MT_TRY(name_deals(cx, &own, day));
    if (mt_sim_trapped(rule, MT_TRAP_MIXED_SIDES)) mix_sides(&own);
    *out = own.trade;
    *n = own.n;
    return MT_OK;
}

static int by_start(const void *a, const void *b)
{
    const mt_sim_product *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Products that may be traded: one whose price is taken away has no trades at all. */
static void open_products(mt_sim_public_deals *d, mt_time from, mt_time until)
{
    size_t n = list_products(d->product, d->prices, from, until, hour), kept = 0;
    n += list_products(d->product + n, d->prices, from, until, quarter);
    for (size_t k = 0; k < n; k++) {
        double price;
        if (!mean_price(&price, d->prices, d->product[k].start, d->product[k].end)) continue;
        d->product[kept] = d->product[k];
        d->product[kept++].shift_eur_mwh = 4.0 * mt_rng_normal(&d->rng);
    }
    qsort(d->product, kept, sizeof *d->product, by_start);
    d->n_products = kept;
}

mt_code mt_sim_public_deals_new(mt_ctx *cx, mt_sim_public_deals **out, const mt_sim_prices *prices,
                                mt_day day)
{
    const mt_sim_vpp_rule *rule = prices->rule;
    mt_time from = mt_sim_day_start(&rule->market, day), until = mt_sim_day_start(&rule->market, day + 1);
    mt_sim_public_deals *d;
    MT_TRY(MT_NEW(cx, &d, 1));
    d->prices = prices;
    d->day = day;
    d->rng = mt_sim_vpp_stream(rule, MT_SIM_VPP_PUBLIC_TRADE, 0, day);
    d->count = rule->public_trades;
    d->opens = from - auction;
    d->closes = until - quarter - closure;
    open_products(d, from, until);
    *out = d;
    return MT_OK;
}

/* The first product that can still be traded; each call looks a little further at most. */
static size_t first_open(const mt_sim_public_deals *d, mt_time t)
{
    size_t low = 0, high = d->n_products - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (d->product[middle].start - closure > t) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static const mt_sim_product *choose_product(mt_sim_public_deals *d, mt_time t)
{
    if (d->done < (int64_t)d->n_products) return &d->product[d->done];
    size_t first = first_open(d, t);
    return &d->product[first + mt_rng_below(&d->rng, d->n_products - first)];
}

/* The first of each product come at once, then time passes evenly. */
static void draw_deal(mt_sim_public_deals *d, mt_trade *trade)
{
    double passed = (double)d->done / (double)d->count;
    mt_time t = d->opens + (mt_time)((double)(d->closes - d->opens) * passed / 1000.0) * 1000;
    const mt_sim_product *p = choose_product(d, t);
    uint64_t bits = mt_rng_next(&d->rng);
    double noise = (double)(bits & 0xffff) / 65536.0 + (double)(bits >> 16 & 0xffff) / 65536.0 - 1.0;
    uint64_t tenths = 1 + (bits >> 32 & 0x3f) * (bits >> 38 & 0x3f) / 32;
    trade->delivery_start = p->start;
    trade->delivery_end = p->end;
    trade->execution_time = t < p->start - closure ? t : p->start - closure;
    trade->price = to_cent(p->price_eur_mwh + p->shift_eur_mwh * (1.0 - passed) + 6.0 * noise);
    trade->energy_wh = (int64_t)tenths * (p->end - p->start == hour ? 100000 : 25000);
    trade->side = bits >> 63 ? MT_BUY : MT_SELL;
}

/* Digits of a number that does not begin with 0. */
static void put_id(char *to, int64_t number)
{
    char digit[MT_SIM_DEAL_ID];
    size_t n = 0;
    for (; number; number /= 10) digit[n++] = (char)('0' + number % 10);
    for (size_t k = 0; k < n; k++) to[k] = digit[n - 1 - k];
    to[n] = 0;
}

size_t mt_sim_public_deals_next(mt_sim_public_deals *d)
{
    size_t n = 0;
    int64_t first = ((int64_t)d->day + 100000) * 10000000000;
    for (; n < MT_SIM_DEALS_BATCH && d->done < d->count; n++, d->done++) {
        draw_deal(d, &d->trade[n]);
        put_id(d->id[n], first + d->done);
        d->trade[n].id = d->id[n];
    }
    return n;
}
