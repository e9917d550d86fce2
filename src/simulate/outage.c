/* Unavailable plants: forced outages and planned overhauls. */
#include "simulate/outage.h"
#include "num/portable.h"

MT_SAME_BITS

enum { QUARTERS_A_DAY = 96 };

static const mt_time quarter = 15 * MT_US_MINUTE;
static const double overhauls_per_year = 0.92;

/* Turns a chance of starting today into an outage, or none. */
static bool outage_on(mt_sim_outage *out, uint64_t key, const mt_sim_plant *plant, size_t index, mt_day day)
{
    double u = mt_rng_unit(mt_rng_at(key, (uint64_t)(int64_t)day));
    double forced = plant->failures_per_year / 365.0;
    if (u >= forced + 2.001 * overhauls_per_year / 365.0) return false; /* whatever the season */
    /* Twice a year the season for overhauls: April to May and September to October. */
    double season = 1.0 - mt_portable_cos_turns(2.0 * ((double)day - 20.0) / 365.2425);
    double planned = overhauls_per_year / 365.0 * season;
    if (u >= forced + planned) return false;
    mt_rng root = mt_rng_new(key), rng = mt_rng_split(&root, (uint64_t)(int64_t)day);
    out->plant = index;
    out->planned = u >= forced;
    out->start = day * MT_US_DAY + (mt_time)mt_rng_below(&rng, QUARTERS_A_DAY) * quarter;
    double hours = out->planned ? 192.0 + 288.0 * mt_rng_uniform(&rng) : mt_rng_lognormal(&rng, 40.0, 1.1);
    if (hours > 24.0 * MT_SIM_OUTAGE_DAYS) hours = 24.0 * MT_SIM_OUTAGE_DAYS;
    out->end = out->start + (1 + (mt_time)(hours * 4.0)) * quarter;
    double share = out->planned || mt_rng_uniform(&rng) < 0.7 ? 1.0 : 0.5;
    out->unavailable_mw = mt_portable_round(plant->capacity_mw * share, 10.0);
    return true;
}

/* Calls `take` with every outage that overlaps [from, to). */
typedef void take_outage(void *arg, const mt_sim_outage *outage);

static void each_outage(const mt_sim_rule *rule, const mt_sim_plant *plant, size_t n_plants,
                        const mt_time window[2], take_outage *take, void *arg)
{
    mt_rng stream = mt_sim_stream(rule, MT_SIM_SERIES_OUTAGE);
    mt_day first = (mt_day)(mt_time_floor(window[0], MT_US_DAY) / MT_US_DAY) - MT_SIM_OUTAGE_DAYS - 1;
    mt_day last = (mt_day)(mt_time_floor(window[1] - 1, MT_US_DAY) / MT_US_DAY);
    for (size_t k = 0; k < n_plants; k++) {
        mt_rng of_plant = mt_rng_split(&stream, k);
        uint64_t key = mt_rng_next(&of_plant);
        for (mt_day day = first; day <= last; day++) {
            mt_sim_outage outage;
            if (!outage_on(&outage, key, &plant[k], k, day)) continue;
            if (outage.start < window[1] && outage.end > window[0]) take(arg, &outage);
        }
    }
}

struct list {
    mt_sim_outage *outage;
    size_t n;
};

static void take_count(void *arg, const mt_sim_outage *outage)
{
    struct list *list = arg;
    if (list->outage) list->outage[list->n] = *outage;
    list->n++;
}

mt_code mt_sim_outages(mt_ctx *cx, mt_sim_outage **out, size_t *n, const mt_sim_rule *rule, mt_time from,
                       mt_time to)
{
    MT_TRY(mt_sim_rule_check(cx, rule));
    mt_sim_plant *plant;
    size_t n_plants;
    MT_TRY(mt_sim_plants(cx, &plant, &n_plants, rule));
    mt_time window[2] = {from, to};
    struct list counted = {0}, filled = {0};
    each_outage(rule, plant, n_plants, window, take_count, &counted);
    MT_TRY(MT_NEW(cx, &filled.outage, counted.n));
    each_outage(rule, plant, n_plants, window, take_count, &filled);
    *out = filled.outage;
    *n = filled.n;
    return MT_OK;
}

struct fill {
    double *lost;
    const mt_sim_plant *plant;
    size_t n_plants, n;
    mt_time start, step;
};

static void take_fill(void *arg, const mt_sim_outage *outage)
{
    const struct fill *f = arg;
    double capacity = f->plant[outage->plant].capacity_mw;
    for (size_t i = 0; i < f->n; i++) {
        mt_time t = f->start + (mt_time)i * f->step;
        if (t < outage->start || t >= outage->end) continue;
        double *lost = &f->lost[i * f->n_plants + outage->plant];
        *lost += outage->unavailable_mw;
        if (*lost > capacity) *lost = capacity;
    }
}

void mt_sim_outage_fill(double *lost, const mt_sim_rule *rule, const mt_sim_plant *plant, size_t n_plants,
                        mt_time start, mt_time step, size_t n)
{
    for (size_t i = 0; i < n * n_plants; i++) lost[i] = 0.0;
    struct fill fill = {lost, plant, n_plants, n, start, step};
    mt_time window[2] = {start, start + (mt_time)n * step};
    each_outage(rule, plant, n_plants, window, take_fill, &fill);
}
