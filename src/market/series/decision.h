/* Buy, avoid or monitor: one word a day from price and production against a comparison window.
 *
 * Purpose   A day that is cheaper and windier than usual is one to buy on; what "usual" was is part of the
 *           answer.
 * Units     EUR/MWh (or the currency of the prices), MWh.
 * Rule      BUY where price < mean price and production > mean production of the window; AVOID where both
 *           are reversed; else MONITOR. Strict: a tie is MONITOR. Negative prices are prices.
 * Window    previous: the complete days among the `days` calendar days before the day, the day itself not
 *           among them, at least `minimum` of them. all: every complete day there is, also later ones and
 *           the day itself; this is an earlier system's rule, it looks ahead, and is marked so.
 * Days      An incomplete day (delivery_day.h) is never averaged: it gets no decision and enters no window
 *           and no total. What was known when is the caller's: he gives the days as they were known.
 * Forecasts A day whose production is a forecast is decided like any other, but against days of the same
 *           making: forecasts of earlier days, or measured days of the same types.
 * Missing   word MT_DECISION_NONE with the reason; means NaN and window days MT_DAY_NONE where no window is.
 * Ownership Days are borrowed.
 * Cost      O(days in the window) a day.
 */
#ifndef MT_MARKET_SERIES_DECISION_H
#define MT_MARKET_SERIES_DECISION_H

#include "market/series/delivery_day.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_DECISION_LIST(X)            \
    X(MT_DECISION_BUY, "BUY")          \
    X(MT_DECISION_AVOID, "AVOID")      \
    X(MT_DECISION_MONITOR, "MONITOR")

#define MT_DECISION_REASON_LIST(X)                                                  \
    X(MT_DECIDED, "decided")                                                        \
    X(MT_UNDECIDED_PRICE, "no price is known")                                      \
    X(MT_UNDECIDED_PRODUCTION, "no production is known")                            \
    X(MT_UNDECIDED_INCOMPLETE, "hours of the day are missing")                      \
    X(MT_UNDECIDED_WINDOW, "too few complete days to compare with")

#define MT_DECISION_WINDOW_LIST(X)     \
    X(MT_WINDOW_PREVIOUS, "previous")  \
    X(MT_WINDOW_ALL, "all")
/* clang-format on */

#define MT_DECISION_SYMBOL(symbol, name) symbol,
typedef enum mt_decision_word { MT_DECISION_LIST(MT_DECISION_SYMBOL) MT_DECISION_COUNT } mt_decision_word;
typedef enum mt_decision_reason { MT_DECISION_REASON_LIST(MT_DECISION_SYMBOL) } mt_decision_reason;
typedef enum mt_decision_window { MT_DECISION_WINDOW_LIST(MT_DECISION_SYMBOL) } mt_decision_window;
#undef MT_DECISION_SYMBOL
#define MT_DECISION_NONE (-1)

MT_API const char *const *mt_decision_names(void); /* "BUY", …, NULL: for choices */
MT_API const char *const *mt_decision_window_names(void);
MT_API const char *mt_decision_reason_text(mt_decision_reason reason);

typedef struct mt_decision_rule {
    size_t size; /* sizeof(mt_decision_rule), so that the struct may grow */
    mt_decision_window window;
    int days;    /* 1 to 3660 */
    int minimum; /* 1 to days */
} mt_decision_rule;

MT_API mt_decision_rule mt_decision_rule_default(void); /* previous, 30, 7 */

/* MT_E_INPUT names what is out of bounds. */
MT_API MT_MUST_USE mt_code mt_decision_rule_check(mt_ctx *cx, const mt_decision_rule *rule);

typedef struct mt_decision {
    int word; /* mt_decision_word or MT_DECISION_NONE */
    mt_decision_reason reason;
    double mean_price, mean_production_mwh;
    size_t window_days;            /* that count */
    mt_day window_from, window_to; /* the first and the last of them */
    bool looks_ahead;
} mt_decision;

/* `history` ascends by day; of window previous, days from `day` on are passed over. */
MT_API void mt_decide(mt_decision *out, const mt_decision_rule *rule, const mt_delivery_day *day,
                      const mt_delivery_day *history, size_t n);

/* What an area's days add up to. Forecasts and incomplete days are counted, but not added. */
typedef struct mt_decision_totals {
    size_t days; /* complete and measured */
    size_t incomplete, forecasts;
    double production_mwh; /* of `days` */
    double mean_price;     /* mean of their daily means */
    double mean_production_mwh;
    size_t decided, word[MT_DECISION_COUNT]; /* of all rows */
} mt_decision_totals;

MT_API void mt_decision_totals_of(mt_decision_totals *out, const mt_delivery_day *day,
                                  const mt_decision *decision, size_t n);

/* A settled day: what was said before it, and what came. */
typedef struct mt_settled_day {
    int said;     /* before the day, from a forecast; MT_DECISION_NONE: nothing, or not beforehand */
    int word;     /* the decision that the day has: `said`, or what its own measurements gave */
    int came;     /* by the day's own measurements against the same rule */
    double price; /* realised */
    double production_mwh;
} mt_settled_day;

/* hit_rate: share of the days with a word said beforehand on which the same word came; NaN where nothing was
 * said beforehand (a decision made from the day's own measurements cannot miss). price_advantage: mean price
 * of all settled days minus that of the BUY days, each weighted by the day's production: what a MWh bought on
 * BUY days was cheaper than one bought on every day; NaN without a BUY day. avoid_cost: the same for AVOID
 * days, what a MWh there was dearer. Days without `came` are not settled. */
typedef struct mt_decision_score {
    size_t settled, said, hits;
    double hit_rate;
    size_t buys, avoids;
    double mean_price, buy_price, avoid_price; /* weighted by production */
    double price_advantage, avoid_cost;
} mt_decision_score;

MT_API void mt_decision_score_of(mt_decision_score *out, const mt_settled_day *day, size_t n);

MT_END_DECLS
#endif
