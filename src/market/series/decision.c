/* The decision rule, its windows, totals and scores. */
#include "market/series/decision.h"

#include <math.h>

#define DECISION_NAME(symbol, name) name,
static const char *const word_name[] = {MT_DECISION_LIST(DECISION_NAME) NULL};
static const char *const reason_text[] = {MT_DECISION_REASON_LIST(DECISION_NAME)};
static const char *const window_name[] = {MT_DECISION_WINDOW_LIST(DECISION_NAME) NULL};

enum { WINDOW_DAYS_MAX = 3660 };

const char *const *mt_decision_names(void)
{
    return word_name;
}

const char *const *mt_decision_window_names(void)
{
    return window_name;
}

const char *mt_decision_reason_text(mt_decision_reason reason)
{
    return (size_t)reason < sizeof reason_text / sizeof *reason_text ? reason_text[reason] : "unknown";
}

mt_decision_rule mt_decision_rule_default(void)
{
    return (mt_decision_rule){sizeof(mt_decision_rule), MT_WINDOW_PREVIOUS, 30, 7};
}

mt_code mt_decision_rule_check(mt_ctx *cx, const mt_decision_rule *rule)
{
    if (rule->days < 1 || rule->days > WINDOW_DAYS_MAX)
        return mt_fail(cx, MT_E_INPUT, "days: a window of %d days; 1 to %d are possible", rule->days,
                       WINDOW_DAYS_MAX);
    if (rule->minimum < 1 || rule->minimum > rule->days)
        return mt_fail(cx, MT_E_INPUT, "minimum: %d of %d days; at least 1 and at most the window's days",
                       rule->minimum, rule->days);
    return MT_OK;
}

static bool in_window(const mt_decision_rule *rule, mt_day day, mt_day candidate)
{
    if (rule->window == MT_WINDOW_ALL) return true;
    return candidate < day && candidate >= day - rule->days;
}

static void fill_window(mt_decision *out, const mt_decision_rule *rule, mt_day day,
                        const mt_delivery_day *history, size_t n)
{
    double price = 0, production = 0;
    for (size_t k = 0; k < n; k++) {
        const mt_delivery_day *h = &history[k];
        if (!in_window(rule, day, h->day) || !mt_delivery_day_complete(h)) continue;
        price += h->price.value;
        production += h->production.value;
        if (out->window_days++ == 0) out->window_from = h->day;
        out->window_to = h->day;
    }
    if (out->window_days == 0) return;
    out->mean_price = price / (double)out->window_days;
    out->mean_production_mwh = production / (double)out->window_days;
}

static mt_decision_reason reason_of(const mt_decision_rule *rule, const mt_delivery_day *day,
                                    size_t window_days)
{
    size_t least = rule->window == MT_WINDOW_ALL ? 1 : (size_t)rule->minimum;
    if (!(day->price.hours > 0)) return MT_UNDECIDED_PRICE;
    if (!(day->production.hours > 0)) return MT_UNDECIDED_PRODUCTION;
    if (!mt_delivery_day_complete(day)) return MT_UNDECIDED_INCOMPLETE;
    return window_days < least ? MT_UNDECIDED_WINDOW : MT_DECIDED;
}

static mt_decision_word compare(double price, double production, double mean_price, double mean_production)
{
    if (price < mean_price && production > mean_production) return MT_DECISION_BUY;
    if (price > mean_price && production < mean_production) return MT_DECISION_AVOID;
    return MT_DECISION_MONITOR;
}

void mt_decide(mt_decision *out, const mt_decision_rule *rule, const mt_delivery_day *day,
               const mt_delivery_day *history, size_t n)
{
    *out = (mt_decision){.word = MT_DECISION_NONE,
                         .mean_price = NAN,
                         .mean_production_mwh = NAN,
                         .window_from = MT_DAY_NONE,
                         .window_to = MT_DAY_NONE,
                         .looks_ahead = rule->window == MT_WINDOW_ALL};
    fill_window(out, rule, day->day, history, n);
    out->reason = reason_of(rule, day, out->window_days);
    if (out->reason != MT_DECIDED) return;
    out->word =
        (int)compare(day->price.value, day->production.value, out->mean_price, out->mean_production_mwh);
}

void mt_decision_totals_of(mt_decision_totals *out, const mt_delivery_day *day, const mt_decision *decision,
                           size_t n)
{
    mt_decision_totals t = {.production_mwh = NAN, .mean_price = NAN, .mean_production_mwh = NAN};
    double price = 0, production = 0;
    for (size_t k = 0; k < n; k++) {
        if (decision[k].word != MT_DECISION_NONE) t.decided++, t.word[decision[k].word]++;
        if (day[k].forecast) {
            t.forecasts++;
        } else if (!mt_delivery_day_complete(&day[k])) {
            t.incomplete++;
        } else {
            t.days++;
            price += day[k].price.value;
            production += day[k].production.value;
        }
    }
    if (t.days) {
        t.production_mwh = production;
        t.mean_production_mwh = production / (double)t.days;
        t.mean_price = price / (double)t.days;
    }
    *out = t;
}

/* Money over energy of the days of one word; word MT_DECISION_NONE: of all. */
static double weighted_price(const mt_settled_day *day, size_t n, int word, size_t *count)
{
    double money = 0, energy = 0;
    *count = 0;
    for (size_t k = 0; k < n; k++) {
        if (day[k].came == MT_DECISION_NONE || (word != MT_DECISION_NONE && day[k].word != word)) continue;
        ++*count;
        money += day[k].price * day[k].production_mwh;
        energy += day[k].production_mwh;
    }
    return energy > 0 ? money / energy : NAN;
}

void mt_decision_score_of(mt_decision_score *out, const mt_settled_day *day, size_t n)
{
    mt_decision_score s = {.hit_rate = NAN};
    for (size_t k = 0; k < n; k++) {
        if (day[k].came == MT_DECISION_NONE || day[k].said == MT_DECISION_NONE) continue;
        s.said++;
        s.hits += day[k].said == day[k].came;
    }
    if (s.said) s.hit_rate = (double)s.hits / (double)s.said;
    s.mean_price = weighted_price(day, n, MT_DECISION_NONE, &s.settled);
    s.buy_price = weighted_price(day, n, MT_DECISION_BUY, &s.buys);
    s.avoid_price = weighted_price(day, n, MT_DECISION_AVOID, &s.avoids);
    s.price_advantage = s.mean_price - s.buy_price;
    s.avoid_cost = s.avoid_price - s.mean_price;
    *out = s;
}
