/* A market ready to be cleared: orders read, cleaned, put into periods, with the rule they are cleared by.
 *
 * Purpose   What every operation on an order book starts with, and the arguments they share.
 * Units     shift_mwh in MWh a period; floor, cap, tick in money per MWh (exact decimals).
 * Ownership mt_market_open/_close. A period's bids are borrowed until the next call of mt_market_period.
 */
#ifndef MT_OPS_ORDERS_MARKET_IN_H
#define MT_OPS_ORDERS_MARKET_IN_H

#include "market/book.h"
#include "market/cleaning.h"
#include "ops/orders/orders_in.h"

MT_BEGIN_DECLS

typedef enum mt_policy { MT_POLICY_QUARANTINE, MT_POLICY_FILL_MEDIAN } mt_policy;

extern const char *const mt_policy_name[]; /* ends with NULL */
extern const char *const mt_price_rule_choice[];
extern const char *const mt_curve_choice[];

/* Arguments of operations on orders; each operation describes those it takes. */
struct mt_market_args {
    mt_input orders;
    int format, curve, policy, price_rule;
    const char *area, *dataset;
    mt_time period, start;
    mt_micro floor, cap, tick;
    double shift_mwh, shift_percent;
    mt_output into;
    int64_t failed_tasks;
};

/* clang-format off */
#define MT_ARG_ORDERS \
    {.name = "orders", MT_INPUT_AT(mt_market_args, orders), .required = true, \
     .doc = "order file, - for standard input, or @NAME for a data set of the store"}, \
    {.name = "format", MT_CHOICE_AT(mt_market_args, format), .choice = mt_orders_form_name, \
     .fallback = "auto", .doc = "form of the file"}, \
    {.name = "curve", MT_CHOICE_AT(mt_market_args, curve), .choice = mt_curve_choice, .fallback = "matched", \
     .doc = "which curve of a curve-omie file"}, \
    {.name = "area", MT_TEXT_AT(mt_market_args, area), .doc = "zone of a curve file that holds several"}
#define MT_ARG_POLICY \
    {.name = "policy", MT_CHOICE_AT(mt_market_args, policy), .choice = mt_policy_name, \
     .fallback = "quarantine", \
     .doc = "incomplete rows are put aside, or filled with medians as an earlier system did"}
#define MT_ARG_PERIOD \
    {.name = "period", MT_SPAN_AT(mt_market_args, period), \
     .doc = "delivery period: 5min, 15min, 30min or 1h; missing: 1h, or that of the curve file"}
#define MT_ARG_RULE \
    {.name = "price_rule", MT_CHOICE_AT(mt_market_args, price_rule), .choice = mt_price_rule_choice, \
     .doc = "price where a whole interval clears; missing: mid, or what the exchange does"}, \
    {.name = "floor", MT_MICRO_AT(mt_market_args, floor), .unit = MT_UNIT_MONEY_PER_MWH, \
     .doc = "lowest price allowed"}, \
    {.name = "cap", MT_MICRO_AT(mt_market_args, cap), .unit = MT_UNIT_MONEY_PER_MWH, \
     .doc = "highest price allowed"}, \
    {.name = "tick", MT_MICRO_AT(mt_market_args, tick), .unit = MT_UNIT_MONEY_PER_MWH, \
     .doc = "price step; missing: 0.01, or finer where the orders are"}
#define MT_ARG_SHIFT \
    {.name = "shift_mwh", MT_REAL_AT(mt_market_args, shift_mwh), .unit = MT_UNIT_MWH, \
     .doc = "energy added to and taken from the supply of each period; missing: 2000"}, \
    {.name = "shift_percent", MT_REAL_AT(mt_market_args, shift_percent), .unit = MT_UNIT_PERCENT, \
     .doc = "the same in percent of what is offered, instead of shift_mwh"}
#define MT_ARG_END {.name = NULL}
/* clang-format on */

/* What is known of the whole before the first row: the head of results. */
struct mt_market_head {
    const char *source, *currency, *policy, *price_rule, *note;
    const char *area, *published_unit; /* of curve files; else NULL */
    int64_t published_factor;
    mt_time period;
    mt_micro tick;
    int64_t orders, quarantined, off_tick;
};

extern const mt_field mt_market_head_field[];

/* What a cleaning leaves behind beside the clean orders. */
typedef struct mt_cleaning {
    mt_order_bad_fn *bad; /* gets what is put aside; NULL: it is only counted */
    void *arg;
    mt_clean_counts counts;
    mt_clean_fill fill; /* of MT_POLICY_FILL_MEDIAN */
} mt_cleaning;

typedef struct mt_market {
    mt_book *book;
    mt_clear_rule rule;
    mt_cleaning cleaning;
    struct mt_market_head head;
    size_t n;       /* periods */
    mt_ctx scratch; /* of one period; reset to `mark` for the next */
    mt_mark mark;
} mt_market;

MT_MUST_USE mt_code mt_market_open(mt_ctx *cx, const mt_world *world, mt_market **out,
                                   const struct mt_market_args *args);

/* The same from opened orders, which stay the caller's. */
MT_MUST_USE mt_code mt_market_from(mt_ctx *cx, mt_orders *orders, mt_market **out,
                                   const struct mt_market_args *args);
void mt_market_close(mt_market *market); /* NULL allowed */

/* Period k and its clearing. `clearing` may be NULL. */
MT_MUST_USE mt_code mt_market_period(mt_ctx *cx, mt_market *market, size_t k, mt_period *period,
                                     mt_clearing *clearing);

/* Clean orders by the policy of `args`, from opened orders; `cleaning` lives as long as the source. */
MT_MUST_USE mt_code mt_market_clean(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args,
                                    mt_order_source *out, mt_cleaning *cleaning);

/* Reads all of a source under the quality check. */
MT_MUST_USE mt_code mt_market_quality(mt_ctx *cx, mt_orders *orders, mt_quality **out);

MT_MUST_USE mt_code mt_market_orders(mt_ctx *cx, const mt_world *world, mt_orders **out,
                                     const struct mt_market_args *args, bool twice);

MT_END_DECLS
#endif
