/* Prices by quarter from the merit order, with deviations of their own. */
#include "simulate/vpp/prices.h"

#include "num/portable.h"
#include "simulate/stack.h"

#include <math.h>

MT_SAME_BITS

enum { DAYS_BEFORE = 6, DAYS_AFTER = 5, QUARTERS_OF_DAY = 96 };

static const mt_time quarter = 15 * MT_US_MINUTE;
static const mt_micro cent = 10000;

static mt_micro to_cent(double eur_mwh)
{
    return (mt_micro)(eur_mwh * 100.0 + (eur_mwh < 0.0 ? -0.5 : 0.5)) * cent;
}

/* The auction has quarters since delivery 2025-10-01, hours before. */
static void hold_hours(mt_micro *price, size_t n, mt_day day)
{
    if (day >= mt_day_of(2025, 10, 1)) return;
    for (size_t k = 0; k + 4 <= n; k += 4) {
        mt_micro mean = (price[k] + price[k + 1] + price[k + 2] + price[k + 3]) / 4 / cent * cent;
        for (size_t j = 0; j < 4; j++) price[k + j] = mean;
    }
}

/* The model's low prices are milder than those of a real summer's noon: they are drawn out. */
static double draw_out(double eur_mwh)
{
    const double mild = 15.0;
    return eur_mwh < mild ? mild - 3.5 * (mild - eur_mwh) : eur_mwh;
}

static mt_code fill_auction(mt_ctx *cx, mt_sim_prices *out, mt_day first, mt_day until)
{
    mt_sim_day *day;
    mt_sim_stack *stack;
    MT_TRY(mt_sim_day_new(cx, &day, &out->rule->market));
    MT_TRY(mt_sim_stack_new(cx, &stack));
    for (mt_day d = first; d < until; d++) {
        MT_TRY(mt_sim_day_fill(cx, day, d));
        mt_micro *price = &out->day_ahead[(day->state[0].start - out->start) / quarter];
        for (size_t k = 0; k < day->n; k++) {
            mt_sim_stack_fill(stack, day, k);
            price[k] = to_cent(draw_out(mt_sim_stack_price_eur_mwh(stack)));
        }
        hold_hours(price, day->n, d);
        MT_TRY(mt_ctx_check(cx));
    }
    return MT_OK;
}

/* The continuous market wanders around the auction, imbalance around both; each UTC day begins anew. */
static void fill_others(mt_sim_prices *out)
{
    mt_rng rng = {{0}};
    double drift = 0.0, balance = 0.0, lost = 0.0;
    for (size_t k = 0; k < out->n; k++) {
        mt_time t = out->start + (mt_time)k * quarter;
        if (k == 0 || t % MT_US_DAY == 0)
            rng = mt_sim_vpp_stream(out->rule, MT_SIM_VPP_PRICE, 0, (mt_day)(t / MT_US_DAY));
        double auction = (double)out->day_ahead[k] / 1e6;
        drift = 0.96 * drift + 1.6 * mt_rng_normal(&rng);
        balance = 0.8 * balance + 0.6 * mt_rng_normal(&rng);
        lost = 0.7 * lost + 0.5 * mt_rng_normal(&rng);
        double saw = (k % 4 == 0 ? 4.0 : k % 4 == 3 ? -4.0 : 0.0); /* ramps within the hour */
        double now = auction + drift + saw, final = now + 28.0 * balance * fabs(balance);
        out->continuous[k] = to_cent(now);
        out->final[k] = to_cent(final);
        out->estimate[k] = to_cent(final + 3.0 * mt_rng_normal(&rng));
        out->compensation[k] = to_cent(now + 45.0 * lost * fabs(lost));
    }
}

static void forget_quarters(mt_sim_prices *out)
{
    bool trapped = mt_sim_trapped(out->rule, MT_TRAP_MISSING_PRICE);
    for (size_t k = 0; k < out->n; k++) {
        mt_time t = out->start + (mt_time)k * quarter;
        int minute = (int)(t % MT_US_DAY / MT_US_MINUTE);
        bool published = minute < 120 || (minute > 210 && minute < 1050) || minute > 1080;
        if (!published) out->final[k] = MT_MICRO_NONE;
        if (!trapped) continue;
        if (minute == 165) out->estimate[k] = MT_MICRO_NONE;
        if (minute == 60) out->day_ahead[k] = MT_MICRO_NONE;
        if (minute == 795) out->compensation[k] = MT_MICRO_NONE;
        if (minute == 30) out->continuous[k] = MT_MICRO_NONE;
    }
}

mt_code mt_sim_prices_new(mt_ctx *cx, mt_sim_prices *out, const mt_sim_vpp_rule *rule)
{
    mt_day first = rule->market.first_day - DAYS_BEFORE,
           until = rule->market.first_day + (mt_day)rule->market.days + DAYS_AFTER;
    mt_time start = mt_sim_day_start(&rule->market, first), end = mt_sim_day_start(&rule->market, until);
    *out = (mt_sim_prices){.rule = rule, .start = start, .n = (size_t)((end - start) / quarter)};
    MT_TRY(MT_NEW(cx, &out->day_ahead, out->n));
    MT_TRY(MT_NEW(cx, &out->continuous, out->n));
    MT_TRY(MT_NEW(cx, &out->final, out->n));
    MT_TRY(MT_NEW(cx, &out->estimate, out->n));
    MT_TRY(MT_NEW(cx, &out->compensation, out->n));
    MT_TRY(fill_auction(cx, out, first, until));
    fill_others(out);
    forget_quarters(out);
    return MT_OK;
}

mt_micro mt_sim_price_at(const mt_sim_prices *prices, const mt_micro *of, mt_time t)
{
    ptrdiff_t k = (ptrdiff_t)((t - prices->start) / quarter);
    return t < prices->start || k >= (ptrdiff_t)prices->n ? MT_MICRO_NONE : of[k];
}

/* Sunshine is worth less in summer, wind a little less than the mean; a year is the mean of its months. */
static mt_micro value_of(const mt_sim_vpp_rule *rule, int year, int month, mt_technology technology)
{
    mt_rng rng = mt_sim_vpp_stream(rule, MT_SIM_VPP_PRICE, 1 + (uint64_t)technology, year * 12 + month);
    double summer = -mt_portable_cos_turns((month - 0.5) / 12.0); /* 1 in July */
    double base = 8.2 - 1.4 * summer + 0.5 * mt_rng_normal(&rng);
    double factor = technology == MT_SOLAR ? 0.74 - 0.28 * summer : technology == MT_WIND ? 0.86 : 0.91;
    double value = base * factor;
    return (mt_micro)(value * 1000.0 + 0.5) * 1000;
}

static mt_market_value value_row(const mt_sim_vpp_rule *rule, int year, int month, mt_technology technology)
{
    mt_market_value out = {.year = year, .month = month, .technology = technology};
    mt_micro sum = 0;
    if (month) return out.value_ct_kwh = value_of(rule, year, month, technology), out;
    for (int m = 1; m <= 12; m++) sum += value_of(rule, year, m, technology);
    return out.value_ct_kwh = (sum / 12 + 500) / 1000 * 1000, out;
}

mt_code mt_sim_market_values(mt_ctx *cx, mt_market_value **out, size_t *n, const mt_sim_vpp_rule *rule)
{
    mt_date first = mt_day_date(rule->market.first_day),
            last = mt_day_date(rule->market.first_day + (mt_day)rule->market.days - 1);
    size_t years = (size_t)(last.year - first.year + 2), count = 0;
    mt_market_value *value;
    MT_TRY(MT_NEW(cx, &value, years * 13 * MT_TECHNOLOGY_COUNT));
    for (int year = first.year - 1; year <= last.year; year++) {
        for (int month = 0; month <= (year == last.year ? last.month : 12); month++) {
            for (int k = 0; k < MT_TECHNOLOGY_COUNT; k++)
                value[count++] = value_row(rule, year, month, (mt_technology)k);
        }
    }
    *out = value;
    *n = count;
    return MT_OK;
}
