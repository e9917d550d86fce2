/* Files that traps add beside the good ones, and what is said of every trap. */
#include "ops/simulate/portfolio_job.h"

#include <stdio.h>
#include <string.h>

enum { NAME_ROOM = 160, NOISE = 4096 };

/* Where to look for a trap: the plants it brings, or the files it changes. */
static const char *const trap_place[MT_SIM_TRAPS] = {
    [MT_TRAP_MODELS] = "plants 9901 to 9916, in every folder",
    [MT_TRAP_LATE_FILE] = "metering of WND-DE-9944, imbalance_price_final",
    [MT_TRAP_DUPLICATE_FILE] = "metering of SOL-DE-9945, Private_Trades",
    [MT_TRAP_TWO_FILES] = "metering and live points of WND-DE-9946",
    [MT_TRAP_UNKNOWN_ASSET] = "WND-DE-9999, MP-WND-9999",
    [MT_TRAP_OVERLAP] = "contracts of WND-DE-9921 and SOL-DE-9922",
    [MT_TRAP_CONTRACT_ENDS] = "contracts of SOL-DE-9923, WND-DE-9924, WND-DE-9925",
    [MT_TRAP_CAPACITY_CHANGE] = "newest data sheet of WND-DE-9926",
    [MT_TRAP_ABOVE_CAPACITY] = "metering and live points of SOL-DE-9927, live points of WND-DE-9928",
    [MT_TRAP_NEGATIVE_NIGHT] = "metering of SOL-DE-9929",
    [MT_TRAP_CLOCK_CHANGE] = "imbalance_price_final, Zeitzone CET",
    [MT_TRAP_SECONDS] = "live points of WND-DE-9930",
    [MT_TRAP_MISSING_QUARTERS] = "metering of SOL-DE-9931 and WND-DE-9932",
    [MT_TRAP_MISSING_PRICE] = "public trades 00:30 UTC, day-ahead 01:00, estimate 02:45, compensation 13:15",
    [MT_TRAP_DAMAGED_FILE] = "live points, metering and flags of WND-DE-9935",
    [MT_TRAP_BAD_ROWS] = "metering of SOL-DE-9936, contracts, Private_Trades",
    [MT_TRAP_DISORDER] = "live points of WND-DE-9937, metering of SOL-DE-9938",
    [MT_TRAP_LOW_QUALITY] = "live points of WND-DE-9939",
    [MT_TRAP_OFF_GRID] = "metering of SOL-DE-9940, compensation of 14:00 UTC",
    [MT_TRAP_MIXED_SIDES] = "Private_Trades",
    [MT_TRAP_VOLUME_MW] = "Private_Trades, every seventh row",
    [MT_TRAP_UNITS] = "live points and forecasts of WND-DE-9941, metering and forecasts of SOL-DE-9942",
    [MT_TRAP_LATE_FORECAST] = "WND-DE-9943",
    [MT_TRAP_REDISPATCH] = "flags of WND-DE-9947 and SOL-DE-9948",
    [MT_TRAP_DIALECT] = "newest contracts, metering of SOL-DE-9949",
};

static const char *date_text(char *to, size_t room, mt_day day)
{
    mt_date d = mt_day_date(day);
    snprintf(to, room, "%04d%02d%02d", d.year, d.month, d.day);
    return to;
}

/* The day in hand and the plant that a file tells of. */
struct subject {
    mt_day day;
    const mt_sim_asset *asset;
};

static mt_code write_live(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_sim_live_day(&job->live, &job->air, s->asset, s->day);
    mt_live_points points = {job->live.n, job->live.time, job->live.power_kw, job->live.quality};
    mt_vpp_live_look look = {.asset_id = s->asset->plant.asset_id};
    return mt_vpp_write_live(job->cx, out, &look, &points);
}

static mt_code write_meter(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_meter_value *value;
    size_t n;
    MT_TRY(mt_sim_meter_day(job->cx, &value, &n, &job->air, s->asset, s->day));
    return mt_vpp_write_meter(job->cx, out, s->asset->metering_point_id, value, n, false);
}

static mt_code write_forecast(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_forecast_value value[MT_SIM_OUTLOOK_QUARTERS];
    mt_sim_outlook outlook;
    mt_vpp_forecast_look look = {.asset_id = s->asset->plant.asset_id, .version = s->day * MT_US_DAY};
    MT_TRY(mt_sim_outlook_new(job->cx, &outlook, &job->air, s->asset));
    mt_sim_outlook_at(value, &outlook, look.version);
    return mt_vpp_write_forecast(job->cx, out, &look, value, MT_SIM_OUTLOOK_QUARTERS);
}

/* A plant like the sample's third under a name that neither contract nor data sheet has. */
static mt_code add_unknown(mt_portfolio_job *job, mt_day day)
{
    mt_sim_asset stranger = job->portfolio.asset[2];
    struct subject s = {day, &stranger};
    char name[NAME_ROOM], date[16], next[16];
    stranger.plant.asset_id = "WND-DE-9999";
    stranger.metering_point_id = "MP-WND-9999";
    stranger.traps = 0;
    date_text(date, sizeof date, day);
    date_text(next, sizeof next, day + 1);
    snprintf(name, sizeof name, "WND9999_%s.json", date);
    MT_TRY(mt_portfolio_write(job, MT_PF_LIVE, name, write_live, &s));
    snprintf(name, sizeof name, "WND-DE-9999_%sT000000Z.json", date);
    MT_TRY(mt_portfolio_write(job, MT_PF_FORECASTS, name, write_forecast, &s));
    snprintf(name, sizeof name, "final_production_MP-WND-9999_%s.csv", next);
    return mt_portfolio_write(job, MT_PF_METERING, name, write_meter, &s);
}

/* Three fifths of a document. */
static mt_code write_cut_live(mt_portfolio_job *job, mt_out *out, const void *what)
{
    mt_out *whole = NULL;
    mt_code code;
    MT_TRY(mt_out_memory(job->cx, &whole));
    MT_TRY_OUT(write_live(job, whole, what));
    mt_text text = mt_out_bytes(whole);
    MT_TRY_OUT(mt_out_write(job->cx, out, text.at, text.length / 5 * 3));
out:
    mt_out_close(whole);
    return code;
}

static mt_code write_noise(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_rng rng = mt_sim_vpp_stream(job->rule, MT_SIM_VPP_READING, 0, s->day);
    char noise[NOISE];
    for (size_t k = 0; k < NOISE; k++) noise[k] = (char)(mt_rng_next(&rng) >> 56);
    return mt_out_write(job->cx, out, noise, NOISE);
}

static mt_code write_nothing(mt_portfolio_job *job, mt_out *out, const void *what)
{
    (void)what;
    return mt_out_write(job->cx, out, "", 0);
}

static const mt_sim_asset *find_trapped(const mt_portfolio_job *job, mt_sim_trap trap)
{
    for (size_t k = 0; k < job->portfolio.n; k++) {
        if (job->portfolio.asset[k].traps >> trap & 1) return &job->portfolio.asset[k];
    }
    return NULL;
}

static mt_code add_damaged(mt_portfolio_job *job, mt_day day)
{
    struct subject s = {day, find_trapped(job, MT_TRAP_DAMAGED_FILE)};
    char name[NAME_ROOM], date[16], next[16];
    date_text(date, sizeof date, day);
    date_text(next, sizeof next, day + 1);
    snprintf(name, sizeof name, "%s_%s.json", s.asset->short_name, date);
    MT_TRY(mt_portfolio_write(job, MT_PF_LIVE, name, write_cut_live, &s));
    snprintf(name, sizeof name, "final_production_%s_%s.csv", s.asset->metering_point_id, next);
    MT_TRY(mt_portfolio_write(job, MT_PF_METERING, name, write_noise, &s));
    snprintf(name, sizeof name, "redispatch_flag_%s_%s_1201.csv", s.asset->metering_point_id, next);
    return mt_portfolio_write(job, MT_PF_FLAGS, name, write_nothing, &s);
}

static mt_code add_of_day(mt_portfolio_job *job, mt_day day)
{
    if (mt_sim_trapped(job->rule, MT_TRAP_UNKNOWN_ASSET)) MT_TRY(add_unknown(job, day));
    return mt_sim_trapped(job->rule, MT_TRAP_DAMAGED_FILE) ? add_damaged(job, day) : MT_OK;
}

mt_code mt_portfolio_traps(mt_portfolio_job *job)
{
    for (int64_t d = 0; d < job->rule->market.days; d++) {
        mt_mark mark = mt_arena_mark(&job->cx->arena);
        MT_TRY(add_of_day(job, job->rule->market.first_day + (mt_day)d));
        mt_arena_reset(&job->cx->arena, mark);
    }
    for (int k = 0; k < MT_SIM_TRAPS; k++) {
        if (mt_sim_trapped(job->rule, (mt_sim_trap)k))
            MT_TRY(mt_portfolio_trapped(job, (mt_sim_trap)k, trap_place[k]));
    }
    return MT_OK;
}
