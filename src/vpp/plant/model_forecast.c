/* Weather, history, clear sky: the first that can tell. */
#include "vpp/plant/model_forecast.h"

#include <math.h>

mt_time mt_model_version(mt_grid day)
{
    return day.start - MT_QUARTER;
}

static mt_micro from_weather(const mt_model_plant *p, mt_time start, const mt_weather_value *w)
{
    if (!w) return MT_MICRO_NONE;
    if (p->technology != MT_SOLAR) return mt_wind_power_kw(p->plant, p->capacity_w, w);
    if (isnan(w->irradiance_w_m2) && isnan(w->cloud_share)) return MT_MICRO_NONE;
    return mt_solar_power_kw(p->plant, p->capacity_w, start, w);
}

/* Mean of the quarters one, two, … days before that were measured by `known`. */
static mt_micro from_history(const mt_model_plant *p, mt_time start, mt_time known)
{
    int64_t sum = 0, n = 0;
    for (mt_time t = start - MT_US_DAY; p->measured_wh && t >= p->measured_from; t -= MT_US_DAY) {
        size_t k = (size_t)((t - p->measured_from) / MT_QUARTER);
        if (t + MT_QUARTER > known || k >= p->n_measured || p->measured_wh[k] == MT_WH_NONE) continue;
        sum += p->measured_wh[k];
        n++;
    }
    /* Wh of a quarter are a quarter of the mean power in W. */
    return n ? mt_exact_ratio(sum, 4 * 1000, n) : MT_MICRO_NONE;
}

static mt_micro power_at(const mt_model_plant *p, mt_grid day, size_t k)
{
    mt_time start = day.start + (mt_time)k * day.step;
    mt_micro kw = from_weather(p, start, p->weather ? &p->weather[k] : NULL);
    if (kw == MT_MICRO_NONE) kw = from_history(p, start, mt_model_version(day));
    if (kw == MT_MICRO_NONE && p->technology == MT_SOLAR)
        kw = mt_solar_power_kw(p->plant, p->capacity_w, start, NULL);
    return kw;
}

mt_code mt_model_forecast(mt_ctx *cx, const mt_micro **out, const mt_model_plant *plant, mt_grid day)
{
    mt_micro *kw;
    MT_TRY(mt_ctx_alloc(cx, &kw, day.n, sizeof *kw));
    for (size_t k = 0; k < day.n; k++) kw[k] = power_at(plant, day, k);
    *out = kw;
    return MT_OK;
}
