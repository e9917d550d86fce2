/* The two curves of a period: a merit order of supply and a demand that hardly bends. */
#include "simulate/stack.h"
#include "num/portable.h"

#include <string.h>

MT_SAME_BITS

/* A block of power cut into equal steps with prices from first to last. */
struct tier {
    double share, first, last;
    int steps;
};

/* Renewables: a fixed tariff takes any price, a premium is given up step by step, the rest wants zero. */
static const struct tier renewable_tier[] = {
    {0.38, MT_SIM_PRICE_FLOOR, MT_SIM_PRICE_FLOOR, 1},
    {0.24, -95.0, -30.0, 6},
    {0.24, -25.0, -1.0, 8},
    {0.14, -0.5, 3.0, 4},
};
/* Must-run biomass and rivers, as shares of what they can give now. */
static const struct tier biomass_tier[] = {{0.50, MT_SIM_PRICE_FLOOR, MT_SIM_PRICE_FLOOR, 1},
                                           {0.50, -60.0, 30.0, 6}};
static const struct tier river_tier[] = {{0.7, -20.0, -1.0, 4}, {0.3, 0.0, 5.0, 2}};
/* Consumers, as shares of load: nearly all pay any price; industry and flexible devices do not. */
static const struct tier load_tier[] = {
    {0.900, MT_SIM_PRICE_CAP, MT_SIM_PRICE_CAP, 1},
    {0.02, 2500.0, 600.0, 4},
    {0.045, 420.0, 150.0, 10},
    {0.030, 145.0, 60.0, 10},
    {0.020, 55.0, -10.0, 8},
    {0.015, -12.0, -130.0, 6},
};
/* Prices as multiples of a reference: stored water, pumps, neighbours. */
static const struct tier reservoir_tier[] = {{0.25, 0.10, 0.45, 3}, {0.75, 0.60, 1.60, 12}};
static const struct tier turbine_tier[] = {{1.0, 1.00, 1.75, 8}};
static const struct tier pump_tier[] = {{1.0, 0.75, 0.05, 8}};
static const struct tier import_tier[] = {
    {0.15, -0.10, 0.55, 4}, {0.60, 0.70, 1.30, 10}, {0.25, 1.40, 2.80, 6}};
static const struct tier export_tier[] = {
    {0.30, 1.50, 1.00, 6}, {0.45, 0.95, 0.30, 8}, {0.25, 0.20, -0.25, 5}};

#define TIERS(table) table, sizeof table / sizeof *table

static void put_step(mt_sim_step *curve, size_t *n, double price_eur_mwh, double power_mw)
{
    double power = mt_portable_round(power_mw, 10.0);
    double price = mt_portable_round(price_eur_mwh, 100.0);
    if (power <= 0.0 || *n >= MT_SIM_STEPS_MAX) return;
    if (price < MT_SIM_PRICE_FLOOR) price = MT_SIM_PRICE_FLOOR;
    if (price > MT_SIM_PRICE_CAP) price = MT_SIM_PRICE_CAP;
    curve[(*n)++] = (mt_sim_step){price, power};
}

/* Prices of the tiers times `scale`, powers times power_mw. */
struct block {
    double power_mw, scale;
};

static void put_tiers(mt_sim_step *curve, size_t *n, struct block block, const struct tier *tier,
                      size_t n_tiers)
{
    for (size_t i = 0; i < n_tiers; i++) {
        const struct tier *t = &tier[i];
        for (int k = 0; k < t->steps; k++) {
            double place = t->steps > 1 ? (double)k / (t->steps - 1) : 0.0;
            double price = (t->first + (t->last - t->first) * place) * block.scale;
            put_step(curve, n, price, block.power_mw * t->share / t->steps);
        }
    }
}

/* A gas-fired neighbour's cost, dearer where load is high and cheaper where the weather that areas share
 * gives power: the continent can cover about three quarters of its load from full sun and as much from
 * full wind. */
static double reference_price(const mt_sim_area *area, const mt_sim_state *state)
{
    double gas = (state->fuel.gas_eur_mwh + 0.202 * state->fuel.carbon_eur_t) / 0.54 + 2.5;
    double mean_load = area->load_mw + 4.0 * area->heating_mw_k;
    double strain = state->load_mw / mean_load - 1.0;
    double clean =
        0.8 * state->weather.radiation_w_m2 / 1000.0 + 0.7 * mt_sim_wind_share(state->weather.wind_100m_m_s);
    double tight = strain - 0.6 * clean + 0.02;
    double level = 1.3 + 0.9 * strain - 1.35 * clean + (tight > 0.0 ? 7.0 * tight * tight : 0.0);
    return gas * (level < -0.2 ? -0.2 : level > 3.0 ? 3.0 : level);
}

/* Rivers and reservoirs carry most in early summer. */
static double melt(mt_time t)
{
    return 0.5 - 0.14 * mt_portable_cos_turns(((double)t / 86400e6 + 25.0) / 365.2425);
}

static void put_plants(mt_sim_stack *stack, const mt_sim_day *day, size_t period)
{
    const mt_sim_state *state = &day->state[period];
    const double *lost = &day->lost_mw[period * day->n_plants];
    for (size_t k = 0; k < day->n_plants; k++) {
        const mt_sim_plant *plant = &day->plant[k];
        double available = plant->capacity_mw - lost[k];
        double must = available * plant->must_run_share;
        put_step(stack->supply, &stack->n_supply, plant->must_run_eur_mwh, must);
        put_step(stack->supply, &stack->n_supply, mt_sim_plant_cost_eur_mwh(plant, &state->fuel),
                 available - must);
    }
}

static void put_supply(mt_sim_stack *stack, const mt_sim_area *area, const mt_sim_state *state,
                       double reference)
{
    mt_sim_step *curve = stack->supply;
    size_t *n = &stack->n_supply;
    const double *mw = area->installed_mw;
    double weather_mw = state->solar_mw + state->onshore_mw + state->offshore_mw;
    double water = reference * 0.5 + 0.5 * 90.0; /* stored water follows the market's level slowly */
    put_step(curve, n, MT_SIM_PRICE_FLOOR, 0.1);
    put_step(curve, n, MT_SIM_PRICE_CAP, 0.002 * area->load_mw); /* what is held back for the end */
    put_tiers(curve, n, (struct block){weather_mw, 1.0}, TIERS(renewable_tier));
    put_tiers(curve, n, (struct block){0.62 * mw[MT_SIM_BIOMASS], 1.0}, TIERS(biomass_tier));
    put_tiers(curve, n, (struct block){melt(state->start) * mw[MT_SIM_RIVER], 1.0}, TIERS(river_tier));
    put_tiers(curve, n, (struct block){0.8 * mw[MT_SIM_RESERVOIR], water * area->water_level},
              TIERS(reservoir_tier));
    put_tiers(curve, n, (struct block){0.75 * mw[MT_SIM_PUMPED], reference}, TIERS(turbine_tier));
    put_tiers(curve, n, (struct block){0.8 * area->import_mw, reference * area->border_level},
              TIERS(import_tier));
}

static void put_demand(mt_sim_stack *stack, const mt_sim_area *area, const mt_sim_state *state,
                       double reference)
{
    mt_sim_step *curve = stack->demand;
    size_t *n = &stack->n_demand;
    put_step(curve, n, MT_SIM_PRICE_FLOOR, 0.1);
    put_step(curve, n, MT_SIM_PRICE_CAP, 0.1);
    put_tiers(curve, n, (struct block){state->load_mw, 1.0}, TIERS(load_tier));
    put_tiers(curve, n, (struct block){0.75 * area->installed_mw[MT_SIM_PUMPED], reference},
              TIERS(pump_tier));
    put_tiers(curve, n, (struct block){0.8 * area->export_mw, reference * area->border_level},
              TIERS(export_tier));
}

/* Two runs in order, [at, middle) and [middle, end), into one; of equal rows the left one comes first. */
static void merge_runs(mt_sim_step *out, const mt_sim_step *in, size_t at, size_t middle, size_t end,
                       double sign)
{
    size_t a = at, b = middle;
    for (size_t k = at; k < end; k++) {
        bool left = a < middle && (b >= end || sign * in[a].price_eur_mwh <= sign * in[b].price_eur_mwh);
        out[k] = left ? in[a++] : in[b++];
    }
}

/* Stable merge sort by sign * price, ascending: equal rows in, equal rows out, whatever the C library. */
static void sort_steps(mt_sim_step *curve, mt_sim_step *scratch, size_t n, double sign)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t middle = at + width < n ? at + width : n, end = at + 2 * width < n ? at + 2 * width : n;
            merge_runs(scratch, curve, at, middle, end, sign);
        }
        memcpy(curve, scratch, n * sizeof *curve);
    }
}

static size_t merge_equal(mt_sim_step *curve, size_t n)
{
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) {
        if (curve[i].price_eur_mwh == curve[kept].price_eur_mwh) {
            curve[kept].power_mw = mt_portable_round(curve[kept].power_mw + curve[i].power_mw, 10.0);
        } else {
            curve[++kept] = curve[i];
        }
    }
    return kept + 1;
}

mt_code mt_sim_stack_new(mt_ctx *cx, mt_sim_stack **out)
{
    return MT_NEW(cx, out, 1);
}

void mt_sim_stack_fill(mt_sim_stack *stack, const mt_sim_day *day, size_t period)
{
    const mt_sim_area *area = mt_sim_area_at(day->rule->area);
    const mt_sim_state *state = &day->state[period];
    double reference = reference_price(area, state);
    stack->n_supply = stack->n_demand = 0;
    put_supply(stack, area, state, reference);
    put_plants(stack, day, period);
    put_demand(stack, area, state, reference);
    sort_steps(stack->supply, stack->scratch, stack->n_supply, 1.0);
    sort_steps(stack->demand, stack->scratch, stack->n_demand, -1.0);
    stack->n_supply = merge_equal(stack->supply, stack->n_supply);
    stack->n_demand = merge_equal(stack->demand, stack->n_demand);
}

double mt_sim_stack_price_eur_mwh(const mt_sim_stack *stack)
{
    double needed = 0.0, offered = 0.0;
    for (size_t j = 0; j < stack->n_demand; j++) needed += stack->demand[j].power_mw;
    size_t j = stack->n_demand; /* demand[0 … j) stands above the price in hand */
    for (size_t i = 0; i < stack->n_supply; i++) {
        /* Between two supply prices demand may fall under what is offered already: a buyer sets the price. */
        while (j > 0 && stack->demand[j - 1].price_eur_mwh <= stack->supply[i].price_eur_mwh) {
            needed -= stack->demand[--j].power_mw;
            if (offered >= needed - 0.05) return stack->demand[j].price_eur_mwh;
        }
        offered += stack->supply[i].power_mw;
        if (offered >= needed - 0.05) return stack->supply[i].price_eur_mwh;
    }
    return MT_SIM_PRICE_CAP;
}
