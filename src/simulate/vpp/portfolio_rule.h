/* What portfolio to simulate: seed, days, assets, sizes, and which traps its files hold.
 *
 * Purpose   The one argument of every room of this folder. Equal rules give equal records on every machine.
 * Time      Days are local delivery days of the market's clock (Europe/Berlin).
 * Errors    MT_E_INPUT  a member lies outside its range, or a trap has no such name (with the nearest).
 * Ownership The clock in `market` is borrowed and must outlive what is made from the rule.
 */
#ifndef MT_SIMULATE_VPP_PORTFOLIO_RULE_H
#define MT_SIMULATE_VPP_PORTFOLIO_RULE_H

#include "simulate/rule.h"

MT_BEGIN_DECLS

/* X(symbol, name, what is wrong in the files) */
/* clang-format off */
#define MT_SIM_TRAP_LIST(X) \
    X(MT_TRAP_MODELS, "models", "plants under every price, fee, scheme, lost and VAT rule") \
    X(MT_TRAP_LATE_FILE, "late_file", "metering and final imbalance prices that come weeks later") \
    X(MT_TRAP_DUPLICATE_FILE, "duplicate_file", "the same bytes under two names") \
    X(MT_TRAP_TWO_FILES, "two_files", "two files of one thing and day that differ") \
    X(MT_TRAP_UNKNOWN_ASSET, "unknown_asset", \
      "live points, forecasts and metering of a plant nobody knows") \
    X(MT_TRAP_OVERLAP, "overlap", "two contracts of one plant that overlap") \
    X(MT_TRAP_CONTRACT_ENDS, "contract_ends", \
      "contracts that end and begin inside the month; one ended the day before") \
    X(MT_TRAP_CAPACITY_CHANGE, "capacity_change", "a newer data sheet with another capacity") \
    X(MT_TRAP_ABOVE_CAPACITY, "above_capacity", "metered and live power above the capacity") \
    X(MT_TRAP_NEGATIVE_NIGHT, "negative_night", \
      "a solar plant that takes power at night, also by its meter") \
    X(MT_TRAP_CLOCK_CHANGE, "clock_change", \
      "imbalance prices on the local clock, both autumn hours by their order") \
    X(MT_TRAP_SECONDS, "seconds", "live points in seconds where milliseconds are promised") \
    X(MT_TRAP_MISSING_QUARTERS, "missing_quarters", "metering without some quarters") \
    X(MT_TRAP_MISSING_PRICE, "missing_price", \
      "quarters without trades, day-ahead, imbalance and compensation price") \
    X(MT_TRAP_DAMAGED_FILE, "damaged_file", "files cut short, empty, or of noise") \
    X(MT_TRAP_BAD_ROWS, "bad_rows", "rows that are none among good ones") \
    X(MT_TRAP_DISORDER, "disorder", "times out of order and twice") \
    X(MT_TRAP_LOW_QUALITY, "low_quality", "live points of low quality, and long gaps") \
    X(MT_TRAP_OFF_GRID, "off_grid", "metering and prices that start inside a quarter") \
    X(MT_TRAP_MIXED_SIDES, "mixed_sides", "private purchases, and trades with a number twice") \
    X(MT_TRAP_VOLUME_MW, "volume_mw", "private trades, some with their volume as power") \
    X(MT_TRAP_UNITS, "units", "live points in MW, a forecast in W") \
    X(MT_TRAP_LATE_FORECAST, "late_forecast", \
      "forecasts that begin at noon, neither live points nor metering") \
    X(MT_TRAP_REDISPATCH, "redispatch", "setpoints, and two flags for one quarter that disagree") \
    X(MT_TRAP_DIALECT, "dialect", "byte order mark and carriage returns")
/* clang-format on */
#define MT_SIM_TRAP_SYMBOL(symbol, name, meaning) symbol,
typedef enum mt_sim_trap { MT_SIM_TRAP_LIST(MT_SIM_TRAP_SYMBOL) MT_SIM_TRAPS } mt_sim_trap;
#undef MT_SIM_TRAP_SYMBOL

MT_API const char *mt_sim_trap_name(mt_sim_trap trap);
MT_API const char *mt_sim_trap_meaning(mt_sim_trap trap);

/* "all", "none", or names with commas -> bit k for trap k. */
MT_API MT_MUST_USE mt_code mt_sim_traps_read(mt_ctx *cx, uint64_t *out, const char *text);

typedef struct mt_sim_vpp_rule {
    size_t size;        /* sizeof(mt_sim_vpp_rule), so that the struct may grow */
    mt_sim_rule market; /* seed, clock, first day, days; its step is a quarter hour */
    int64_t assets;     /* 5 … 10,000, those of traps not counted */
    int64_t versions;   /* forecasts of an asset and day, 1 … 96, evenly over the day */
    int64_t own_trades; /* a day, at least one for every product that is traded */
    int64_t public_trades;
    uint64_t traps;
    bool extras; /* also weather, schedules and outages of every plant */
} mt_sim_vpp_rule;

/* Seed 1, 2025-06-08, one day, 5 assets, 96 versions, 3,349 own and 20,000 public trades, no traps. */
MT_API mt_sim_vpp_rule mt_sim_vpp_rule_default(void);
MT_API MT_MUST_USE mt_code mt_sim_vpp_rule_check(mt_ctx *cx, const mt_sim_vpp_rule *rule);

MT_API bool mt_sim_trapped(const mt_sim_vpp_rule *rule, mt_sim_trap trap);
MT_API mt_time mt_sim_vpp_start(const mt_sim_vpp_rule *rule); /* of the first day, */
MT_API mt_time mt_sim_vpp_end(const mt_sim_vpp_rule *rule);   /* and of the day after the last */

/* A stream of chance of its own for a subject and a number, e.g. an asset or a day of it. */
typedef enum mt_sim_vpp_series {
    MT_SIM_VPP_PLANT,
    MT_SIM_VPP_GUST,
    MT_SIM_VPP_READING,
    MT_SIM_VPP_FORECAST,
    MT_SIM_VPP_PRICE,
    MT_SIM_VPP_OWN_TRADE,
    MT_SIM_VPP_PUBLIC_TRADE,
    MT_SIM_VPP_CLOCK,
    MT_SIM_VPP_PARTY
} mt_sim_vpp_series;
MT_API mt_rng mt_sim_vpp_stream(const mt_sim_vpp_rule *rule, mt_sim_vpp_series series, uint64_t number,
                                mt_day day);

MT_END_DECLS
#endif
