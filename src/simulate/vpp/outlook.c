/* Truth plus a deviation that fades as delivery comes near. */
#include "simulate/vpp/outlook.h"

#include "num/portable.h"

#include <math.h>

MT_SAME_BITS

static const mt_time quarter = 15 * MT_US_MINUTE;
static const double keeps = 0.965; /* of a quarter's deviation in the next */

static void draw_deviations(mt_sim_outlook *out)
{
    mt_rng rng = {{0}};
    double deviation = 0.0, renews = sqrt(1.0 - keeps * keeps);
    mt_time first = mt_time_floor(out->start, MT_US_DAY);
    for (mt_time t = first; t < out->start + (mt_time)out->n * quarter; t += quarter) {
        if (t % MT_US_DAY == 0) {
            rng = mt_sim_vpp_stream(out->air->rule, MT_SIM_VPP_FORECAST, out->asset->key,
                                    (mt_day)(t / MT_US_DAY));
            deviation = mt_rng_normal(&rng);
        }
        deviation = keeps * deviation + renews * mt_rng_normal(&rng);
        if (t >= out->start) out->deviation[(t - out->start) / quarter] = deviation;
    }
}

mt_code mt_sim_outlook_new(mt_ctx *cx, mt_sim_outlook *out, const mt_sim_air *air, const mt_sim_asset *asset)
{
    mt_time start = mt_sim_vpp_start(air->rule), end = mt_sim_vpp_end(air->rule);
    *out = (mt_sim_outlook){.air = air,
                            .asset = asset,
                            .start = start,
                            .n = (size_t)((end - start) / quarter) + MT_SIM_OUTLOOK_QUARTERS};
    MT_TRY(MT_NEW(cx, &out->kw, out->n));
    MT_TRY(MT_NEW(cx, &out->deviation, out->n));
    mt_sim_power_quarters(out->kw, air, asset, start, out->n);
    draw_deviations(out);
    return MT_OK;
}

/* Share of the capacity (wind) or of the value (solar) by which forecasts err so long before. */
static double error_size(double lead_h, bool solar)
{
    double grows = 1.0 - mt_portable_exp(-lead_h / 9.0);
    return solar ? 0.03 + 0.22 * grows : 0.015 + 0.13 * grows;
}

void mt_sim_outlook_at(mt_forecast_value out[MT_SIM_OUTLOOK_QUARTERS], const mt_sim_outlook *outlook,
                       mt_time version)
{
    bool solar = outlook->asset->plant.technology == MT_SOLAR;
    double capacity_kw = (double)outlook->asset->plant.capacity_w / 1000.0;
    size_t first = (size_t)((version - outlook->start) / quarter);
    uint64_t key = outlook->asset->key * 0x9e3779b97f4a7c15u + (uint64_t)(version / quarter);
    for (size_t k = 0; k < MT_SIM_OUTLOOK_QUARTERS; k++) {
        double truth = outlook->kw[first + k];
        double noise = mt_rng_unit(mt_rng_at(key, k)) - 0.5;
        double error = error_size((double)k / 4.0, solar) * outlook->deviation[first + k] + 0.01 * noise;
        double kw = truth + error * (solar ? truth : capacity_kw);
        kw = kw < 0.0 ? 0.0 : kw > capacity_kw ? capacity_kw : kw;
        out[k].start = version + (mt_time)k * quarter;
        out[k].end = out[k].start + quarter;
        out[k].power_kw = (mt_micro)(kw * 1000.0 + 0.5) * 1000;
    }
}
