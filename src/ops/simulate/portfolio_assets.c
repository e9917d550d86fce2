/* Files about one plant each: live points, forecasts, metering, flags, schedule, outage, weather. */
#include "ops/simulate/portfolio_job.h"

#include <stdio.h>
#include <string.h>

enum { NAME_ROOM = 160 };

static const mt_time quarter = 15 * MT_US_MINUTE;

/* Rows of metering that are none: no such hour, a word for a time, for a value, too few fields, too many. */
static const char bad_values[] = "2025-06-08 25:00:00.000000 UTC,100.0\n"
                                 "yesterday,5.0\n"
                                 "2025-06-08 10:00:00.000000 UTC,n/a\n"
                                 "2025-06-08 10:15:00.000000 UTC\n"
                                 "2025-06-08 10:30:00.000000 UTC,1.0,2.0\n";

/* What one file is about. */
struct subject {
    const mt_sim_asset *asset;
    const mt_sim_outlook *outlook;
    mt_day day;
    mt_time version;
    int percent; /* of the true values, in a second file; 0: all */
};

static bool trapped(const mt_sim_asset *asset, mt_sim_trap trap)
{
    return asset->traps >> trap & 1;
}

static mt_code write_live(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    const mt_sim_asset *asset = s->asset;
    mt_sim_live_day(&job->live, &job->air, asset, s->day);
    for (size_t k = 0; s->percent && k < job->live.n; k++)
        job->live.power_kw[k] = job->live.power_kw[k] / 10000000 * s->percent * 100000;
    mt_live_points points = {job->live.n, job->live.time, job->live.power_kw, job->live.quality};
    mt_vpp_live_look look = {.asset_id = asset->plant.asset_id,
                             .entity_key = asset->entity_key,
                             .seconds = trapped(asset, MT_TRAP_SECONDS),
                             .megawatts = trapped(asset, MT_TRAP_UNITS)};
    job->rows[MT_PF_LIVE] += (int64_t)points.n;
    return mt_vpp_write_live(job->cx, out, &look, &points);
}

static mt_code write_forecast(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_forecast_value value[MT_SIM_OUTLOOK_QUARTERS];
    mt_sim_outlook_at(value, s->outlook, s->version);
    mt_vpp_forecast_look look = {.asset_id = s->asset->plant.asset_id,
                                 .solar = s->asset->plant.technology == MT_SOLAR,
                                 .version = s->version,
                                 .watts = trapped(s->asset, MT_TRAP_UNITS)};
    job->rows[MT_PF_FORECASTS] += MT_SIM_OUTLOOK_QUARTERS;
    return mt_vpp_write_forecast(job->cx, out, &look, value, MT_SIM_OUTLOOK_QUARTERS);
}

static mt_code write_meter(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_meter_value *value;
    size_t n;
    MT_TRY(mt_sim_meter_day(job->cx, &value, &n, &job->air, s->asset, s->day));
    for (size_t k = 0; s->percent && k < n; k++) value[k].power_kw = value[k].power_kw / 100 * s->percent;
    job->rows[MT_PF_METERING] += (int64_t)n;
    MT_TRY(mt_vpp_write_meter(job->cx, out, s->asset->metering_point_id, value, n,
                              trapped(s->asset, MT_TRAP_UNITS)));
    return trapped(s->asset, MT_TRAP_BAD_ROWS) ? mt_out_text(job->cx, out, bad_values) : MT_OK;
}

static mt_code write_meter_dialect(mt_portfolio_job *job, mt_out *out, const void *what)
{
    return mt_portfolio_dialect(job, out, write_meter, what);
}

static mt_code write_flags(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_redispatch_value *value;
    size_t n;
    MT_TRY(mt_sim_redispatch(job->cx, &value, &n, s->asset, s->day, (int)s->version));
    job->rows[MT_PF_FLAGS] += (int64_t)n;
    return mt_vpp_write_redispatch(job->cx, out, value, n);
}

/* What is sold of a plant: the forecast of the day before, near enough. */
static double sold_kw(const mt_sim_outlook *o, size_t k)
{
    bool solar = o->asset->plant.technology == MT_SOLAR;
    double size = solar ? 0.12 * o->kw[k] : 0.05 * (double)o->asset->plant.capacity_w / 1000.0;
    double kw = o->kw[k] + size * o->deviation[k];
    return kw < 0.0 ? 0.0 : kw;
}

static mt_code write_schedule(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_time start = mt_sim_day_start(&job->rule->market, s->day),
            end = mt_sim_day_start(&job->rule->market, s->day + 1);
    mt_forecast_value value[MT_SIM_PERIODS_MAX];
    size_t n = 0;
    for (mt_time t = start; t < end; t += quarter, n++) {
        double kw = sold_kw(s->outlook, (size_t)((t - s->outlook->start) / quarter));
        value[n] = (mt_forecast_value){t, t + quarter, (mt_micro)(kw / 10.0 + 0.5) * 10000000};
    }
    job->rows[MT_PF_SCHEDULE] += (int64_t)n;
    return mt_vpp_write_schedule(job->cx, out, value, n);
}

static mt_code write_weather(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_time start = mt_sim_day_start(&job->rule->market, s->day),
            end = mt_sim_day_start(&job->rule->market, s->day + 1);
    mt_weather_value value[MT_SIM_PERIODS_MAX];
    size_t n = 0;
    bool gap = !strcmp(s->asset->plant.asset_id, "WND-DE-9912"); /* a quarter of its measure has no weather */
    mt_time unknown = gap ? s->day * MT_US_DAY + 645 * MT_US_MINUTE : MT_TIME_NONE;
    for (mt_time t = start; t < end; t += quarter) {
        if (t == unknown) continue;
        mt_sim_site_weather w = mt_sim_weather_of(&job->air, s->asset, t + quarter / 2);
        bool solar = s->asset->plant.technology == MT_SOLAR;
        value[n++] = (mt_weather_value){.start = t,
                                        .end = t + quarter,
                                        .irradiance_w_m2 = w.radiation_w_m2,
                                        .wind_m_s = w.wind_m_s,
                                        .wind_height_m = solar ? 100.0 : s->asset->plant.hub_height_m,
                                        .temperature_c = w.temperature_c,
                                        .cloud_share = w.cloud_share};
    }
    job->rows[MT_PF_WEATHER] += (int64_t)n;
    return mt_vpp_write_weather(job->cx, out, value, n);
}

/* A third of the plant is in service for two hours of the afternoon. */
static mt_code write_outage(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct subject *s = what;
    mt_time start = s->day * MT_US_DAY + 13 * MT_US_HOUR;
    mt_outage_value value = {start, start + 2 * MT_US_HOUR, s->asset->plant.capacity_w / 3000 * 1000000};
    job->rows[MT_PF_OUTAGE]++;
    return mt_vpp_write_outage(job->cx, out, &value, 1);
}

/* "20250608" */
static void put_date(char *to, size_t room, mt_day day)
{
    mt_date d = mt_day_date(day);
    snprintf(to, room, "%04d%02d%02d", d.year, d.month, d.day);
}

static mt_code write_versions(mt_portfolio_job *job, struct subject *s)
{
    mt_time start = mt_sim_day_start(&job->rule->market, s->day),
            end = mt_sim_day_start(&job->rule->market, s->day + 1);
    int64_t quarters = (end - start) / quarter, wanted = job->rule->versions;
    char name[NAME_ROOM], date[16];
    for (int64_t k = 0; k < quarters; k++) {
        /* 96 are all of them, also on days of 92 or 100 */
        if (wanted < 96 && k * wanted / quarters == (k - 1) * wanted / quarters && k) continue;
        s->version = start + k * quarter;
        mt_civil c = mt_time_civil(s->version);
        if (trapped(s->asset, MT_TRAP_LATE_FORECAST) && s->version < s->day * MT_US_DAY + 12 * MT_US_HOUR)
            continue;
        put_date(date, sizeof date, (mt_day)(mt_time_floor(s->version, MT_US_DAY) / MT_US_DAY));
        snprintf(name, sizeof name, "%s_%sT%02d%02d%02dZ.json", s->asset->plant.asset_id, date, c.hour,
                 c.minute, c.second);
        MT_TRY(mt_portfolio_write(job, MT_PF_FORECASTS, name, write_forecast, s));
    }
    return MT_OK;
}

static mt_code write_metering(mt_portfolio_job *job, struct subject *s)
{
    char name[NAME_ROOM], date[16], late[16];
    bool two = trapped(s->asset, MT_TRAP_TWO_FILES), same = trapped(s->asset, MT_TRAP_DUPLICATE_FILE);
    put_date(date, sizeof date, s->day + 1);
    put_date(late, sizeof late, s->day + 22);
    snprintf(name, sizeof name, "final_production_%s_%s.csv", s->asset->metering_point_id, date);
    if (trapped(s->asset, MT_TRAP_LATE_FILE)) {
        snprintf(name, sizeof name, "final_production_%s_%s_%sT091500Z.csv", s->asset->metering_point_id,
                 date, late);
    }
    MT_TRY(mt_portfolio_write(job, MT_PF_METERING, name,
                              trapped(s->asset, MT_TRAP_DIALECT) ? write_meter_dialect : write_meter, s));
    if (!two && !same) return MT_OK;
    s->percent = two ? 97 : 0;
    snprintf(name, sizeof name, "final_production_%s_%s_1530.csv", s->asset->metering_point_id, date);
    MT_TRY(mt_portfolio_write(job, MT_PF_METERING, name, write_meter, s));
    s->percent = 0;
    return MT_OK;
}

static mt_code write_measures(mt_portfolio_job *job, struct subject *s)
{
    static const char *const clock[] = {"1201", "1733"};
    mt_redispatch_value *value;
    char name[NAME_ROOM], date[16];
    put_date(date, sizeof date, s->day + 1);
    for (int revision = 0; revision < 2; revision++) {
        size_t n;
        MT_TRY(mt_sim_redispatch(job->cx, &value, &n, s->asset, s->day, revision));
        if (!n) continue;
        snprintf(name, sizeof name, "redispatch_flag_%s_%s_%s.csv", s->asset->metering_point_id, date,
                 clock[revision]);
        s->version = revision;
        MT_TRY(mt_portfolio_write(job, MT_PF_FLAGS, name, write_flags, s));
    }
    return MT_OK;
}

static mt_code write_extras(mt_portfolio_job *job, struct subject *s)
{
    char name[NAME_ROOM], date[16];
    if (!job->rule->extras && !trapped(s->asset, MT_TRAP_MODELS)) return MT_OK;
    put_date(date, sizeof date, s->day);
    snprintf(name, sizeof name, "weather_%s_%s_233000.csv", s->asset->plant.asset_id, date);
    MT_TRY(mt_portfolio_write(job, MT_PF_WEATHER, name, write_weather, s));
    snprintf(name, sizeof name, "schedule_%s_%s.csv", s->asset->plant.asset_id, date);
    MT_TRY(mt_portfolio_write(job, MT_PF_SCHEDULE, name, write_schedule, s));
    if (s->asset->index % 5 != 3) return MT_OK;
    snprintf(name, sizeof name, "outage_%s_%s.csv", s->asset->plant.asset_id, date);
    return mt_portfolio_write(job, MT_PF_OUTAGE, name, write_outage, s);
}

static mt_code write_asset_day(mt_portfolio_job *job, struct subject *s)
{
    char name[NAME_ROOM], date[16];
    put_date(date, sizeof date, s->day);
    if (s->asset->live) {
        snprintf(name, sizeof name, "%s_%s.json", s->asset->short_name, date);
        MT_TRY(mt_portfolio_write(job, MT_PF_LIVE, name, write_live, s));
    }
    if (trapped(s->asset, MT_TRAP_TWO_FILES)) {
        s->percent = 95;
        snprintf(name, sizeof name, "%s_%s_235900.json", s->asset->short_name, date);
        MT_TRY(mt_portfolio_write(job, MT_PF_LIVE, name, write_live, s));
        s->percent = 0;
    }
    if (s->asset->forecast) MT_TRY(write_versions(job, s));
    if (s->asset->metered) MT_TRY(write_metering(job, s));
    MT_TRY(write_measures(job, s));
    return write_extras(job, s);
}

static mt_code write_asset(mt_portfolio_job *job, const mt_sim_asset *asset)
{
    mt_sim_outlook outlook;
    size_t quarters = (size_t)((mt_sim_vpp_end(job->rule) - mt_sim_vpp_start(job->rule)) / quarter);
    MT_TRY(mt_sim_outlook_new(job->cx, &outlook, &job->air, asset));
    for (size_t k = 0; k < quarters; k++) job->sold_kw[k] += sold_kw(&outlook, k);
    for (int64_t d = 0; d < job->rule->market.days; d++) {
        mt_mark mark = mt_arena_mark(&job->cx->arena);
        struct subject subject = {
            .asset = asset, .outlook = &outlook, .day = job->rule->market.first_day + (mt_day)d};
        MT_TRY(write_asset_day(job, &subject));
        mt_arena_reset(&job->cx->arena, mark);
        MT_TRY(mt_ctx_check(job->cx));
    }
    return MT_OK;
}

mt_code mt_portfolio_assets(mt_portfolio_job *job)
{
    size_t quarters = (size_t)((mt_sim_vpp_end(job->rule) - mt_sim_vpp_start(job->rule)) / quarter);
    MT_TRY(MT_NEW(job->cx, &job->sold_kw, quarters));
    for (size_t k = 0; k < job->portfolio.n; k++) {
        mt_mark mark = mt_arena_mark(&job->cx->arena);
        MT_TRY(write_asset(job, &job->portfolio.asset[k]));
        mt_arena_reset(&job->cx->arena, mark);
        mt_ctx_progress(job->cx, "plants", k + 1, job->portfolio.n, "plants");
    }
    return MT_OK;
}
