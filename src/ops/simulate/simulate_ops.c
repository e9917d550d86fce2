/* The operation data.simulate: a seeded market, written into a folder in the formats that the readers know.
 */
#include "ops/simulate/portfolio_files.h"

#include "base/rows/emit.h"
#include "io/folder.h"
#include "ops/world.h"

#include <string.h>

struct simulate_args {
    int64_t seed, days, orders_per_period;
    mt_output into;
    const char *zone;
    mt_day start;
    mt_time period;
    double trades, flaws, gas, wind, solar, load;
    bool vpp, extras;
    mt_day day;
    int64_t assets, versions, own_trades, public_trades;
    const char *traps;
};

static const mt_field simulate_arg[] = {
    {.name = "into",
     MT_OUTPUT_AT(simulate_args, into),
     .required = true,
     .doc = "folder for the files; made where needed"},
    {.name = "seed",
     MT_INT_AT(simulate_args, seed),
     .fallback = "1",
     .doc = "the same seed gives the same bytes"},
    {.name = "days",
     MT_INT_AT(simulate_args, days),
     .unit = MT_UNIT_COUNT,
     .doc = "number of delivery days; 7, of a portfolio 1"},
    {.name = "start",
     MT_DAY_AT(simulate_args, start),
     .fallback = "2025-06-01",
     .doc = "first local delivery day"},
    {.name = "zone",
     MT_TEXT_AT(simulate_args, zone),
     .fallback = "DE",
     .doc = "bidding zones, e.g. DE or DE,FR,DK1"},
    {.name = "period",
     MT_SPAN_AT(simulate_args, period),
     .fallback = "1h",
     .doc = "delivery period: 15min, 30min or 1h"},
    {.name = "orders_per_period",
     MT_INT_AT(simulate_args, orders_per_period),
     .fallback = "200",
     .unit = MT_UNIT_COUNT,
     .doc = "orders of both sides in each period"},
    {.name = "trades",
     MT_REAL_AT(simulate_args, trades),
     .fallback = "40",
     .unit = MT_UNIT_COUNT,
     .doc = "mean number of continuous trades of a product"},
    {.name = "flaws",
     MT_REAL_AT(simulate_args, flaws),
     .fallback = "0.03",
     .unit = MT_UNIT_ONE,
     .doc = "share of order rows written with a flaw, to see quarantine at work"},
    {.name = "gas",
     MT_REAL_AT(simulate_args, gas),
     .fallback = "1",
     .unit = MT_UNIT_ONE,
     .doc = "factor on the gas price"},
    {.name = "wind",
     MT_REAL_AT(simulate_args, wind),
     .fallback = "1",
     .unit = MT_UNIT_ONE,
     .doc = "factor on wind power"},
    {.name = "solar",
     MT_REAL_AT(simulate_args, solar),
     .fallback = "1",
     .unit = MT_UNIT_ONE,
     .doc = "factor on solar power"},
    {.name = "load",
     MT_REAL_AT(simulate_args, load),
     .fallback = "1",
     .unit = MT_UNIT_ONE,
     .doc = "factor on load"},
    {.name = "vpp",
     MT_BOOL_AT(simulate_args, vpp),
     .doc = "write the files of a portfolio instead of a market's"},
    {.name = "day",
     MT_DAY_AT(simulate_args, day),
     .fallback = "2025-06-08",
     .doc = "portfolio: first local delivery day"},
    {.name = "assets",
     MT_INT_AT(simulate_args, assets),
     .fallback = "5",
     .unit = MT_UNIT_COUNT,
     .doc = "portfolio: number of plants, those of traps not counted"},
    {.name = "traps",
     MT_TEXT_AT(simulate_args, traps),
     .fallback = "none",
     .doc = "portfolio: what is wrong in its files: all, none, or names such as late_file,overlap"},
    {.name = "extras",
     MT_BOOL_AT(simulate_args, extras),
     .doc = "portfolio: also weather, schedules and outages of every plant"},
    {.name = "versions",
     MT_INT_AT(simulate_args, versions),
     .fallback = "96",
     .unit = MT_UNIT_COUNT,
     .doc = "portfolio: forecasts of a plant and day, 1 to 96"},
    {.name = "own_trades",
     MT_INT_AT(simulate_args, own_trades),
     .fallback = "3349",
     .unit = MT_UNIT_COUNT,
     .doc = "portfolio: private trades a day"},
    {.name = "public_trades",
     MT_INT_AT(simulate_args, public_trades),
     .fallback = "20000",
     .unit = MT_UNIT_COUNT,
     .doc = "portfolio: public trades a day"},
    {.name = NULL}};

static const mt_field simulate_col[] = {
    {.name = "zone", MT_TEXT_AT(mt_simulated_file, zone), .doc = "bidding zone"},
    {.name = "file", MT_TEXT_AT(mt_simulated_file, path), .doc = "where it was written"},
    {.name = "rows", MT_INT_AT(mt_simulated_file, rows), .unit = MT_UNIT_COUNT, .doc = "without the header"},
    {.name = "content", MT_TEXT_AT(mt_simulated_file, content), .doc = "what the file holds"},
    {.name = NULL}};

static mt_code make_rule(mt_ctx *cx, mt_sim_rule *rule, const struct simulate_args *a, const char *zone)
{
    const mt_zone *clock;
    *rule = mt_sim_rule_default();
    MT_TRY(mt_sim_area_find(cx, &rule->area, zone));
    MT_TRY(mt_zone_read(cx, &clock, mt_sim_area_at(rule->area)->clock, NULL));
    rule->seed = (uint64_t)a->seed;
    rule->clock = clock;
    rule->first_day = a->start;
    rule->days = a->days == INT64_MIN ? 7 : a->days;
    rule->step = a->period;
    rule->orders_per_period = a->orders_per_period;
    rule->trades_per_product = a->trades;
    rule->flaw_share = a->flaws;
    rule->gas_factor = a->gas;
    rule->wind_factor = a->wind;
    rule->solar_factor = a->solar;
    rule->load_factor = a->load;
    return mt_sim_rule_check(cx, rule);
}

/* With one zone the files stand in the folder itself, with several in a folder each. */
static mt_code simulate_zone(mt_ctx *cx, mt_emit *emit, const struct simulate_args *a, const char *zone,
                             bool alone)
{
    const char *folder = a->into.path;
    mt_simulated_file *file;
    size_t n;
    mt_sim_rule rule;
    MT_TRY(make_rule(cx, &rule, a, zone));
    if (!alone) MT_TRY(mt_text_format(cx, &folder, "%s/%s", a->into.path, zone));
    MT_TRY(mt_folder_make(cx, folder));
    MT_TRY(mt_simulate_files(cx, &file, &n, &rule, folder));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_emit_put(emit, &file[k]));
    return MT_OK;
}

/* The portfolio's market is Germany's; the scenario's factors count for it too. */
static mt_code simulate_vpp(mt_ctx *cx, mt_emit *emit, const struct simulate_args *a)
{
    mt_sim_vpp_rule rule = mt_sim_vpp_rule_default();
    mt_simulated_file *file;
    size_t n;
    MT_TRY(make_rule(cx, &rule.market, a, "DE"));
    rule.market.first_day = a->day;
    rule.market.days = a->days == INT64_MIN ? 1 : a->days;
    rule.market.step = 15 * MT_US_MINUTE;
    rule.assets = a->assets;
    rule.versions = a->versions;
    rule.own_trades = a->own_trades;
    rule.public_trades = a->public_trades;
    rule.extras = a->extras;
    MT_TRY(mt_sim_traps_read(cx, &rule.traps, a->traps));
    MT_TRY(mt_folder_make(cx, a->into.path));
    MT_TRY(mt_simulate_portfolio(cx, &file, &n, &rule, a->into.path));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_emit_put(emit, &file[k]));
    return mt_emit_end(emit);
}

static mt_code simulate_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct simulate_args *a = args;
    mt_emit *emit;
    bool alone = !strchr(a->zone, ',');
    (void)world;
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.simulate", simulate_col, NULL, NULL));
    if (a->vpp) return simulate_vpp(cx, emit, a);
    for (const char *rest = a->zone; rest;) {
        const char *comma = strchr(rest, ','), *zone;
        MT_TRY(mt_text_copy(cx, &zone,
                            mt_text_trim((mt_text){rest, comma ? (size_t)(comma - rest) : strlen(rest)})));
        MT_TRY(simulate_zone(cx, emit, a, zone, alone));
        rest = comma ? comma + 1 : NULL;
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_data_simulate = {
    .name = "data.simulate",
    .summary = "write a seeded, physically plausible market: orders, trades, weather, power, outages",
    .doc = "Every number follows from the seed: weather, load, wind and solar power, fuel prices and "
           "outages make a merit order; order books are cut from it, continuous trades walk around the "
           "auction's price. A longer run continues a shorter one, and no zone depends on another. The "
           "guide \"simulated market\" has the equations. With --vpp the folder holds a portfolio's files "
           "instead, as a route-to-market desk gets them: contracts, data sheets, live points, forecasts, "
           "metering, redispatch, trades and imbalance prices; --traps adds bad input by name.",
    .example = "--seed 1 --days 2 --into out/data",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .args_size = sizeof(struct simulate_args),
    .arg = simulate_arg,
    .col = simulate_col,
    .run = simulate_run,
};
