/* A forecast for a plant of which nobody delivered one.
 *
 * Purpose   One local day from the best that is known: weather at the plant; else the mean of the same
 *           quarter of measured days before; else, for solar, a clear sky.
 * Units     micro-kW.
 * Shapes    One value a quarter of `day`; measured[k] is the energy of the quarter that starts k quarters
 *           after the one at `measured_from`.
 * Missing   MT_MICRO_NONE where none of the three can tell; MT_WH_NONE in what was measured.
 * Time      "The same quarter" is that of the same time of day in UTC. Only quarters that ended before
 *           the day's version (15 minutes before its start) are looked at.
 * Ownership The result lives in cx.
 */
#ifndef MT_VPP_PLANT_MODEL_FORECAST_H
#define MT_VPP_PLANT_MODEL_FORECAST_H

#include "base/calendar.h"
#include "vpp/exact.h"
#include "vpp/plant/solar_power.h"
#include "vpp/plant/wind_power.h"

MT_BEGIN_DECLS

typedef struct mt_model_plant {
    const mt_plant *plant; /* NULL: no data sheet */
    mt_technology technology;
    int64_t capacity_w;              /* of the day */
    const mt_weather_value *weather; /* by quarter of the day; NULL: none */
    const int64_t *measured_wh;      /* NULL: none */
    mt_time measured_from;
    size_t n_measured;
} mt_model_plant;

/* When the forecast of a day counts as made. */
MT_API mt_time mt_model_version(mt_grid day);
MT_API MT_MUST_USE mt_code mt_model_forecast(mt_ctx *cx, const mt_micro **out, const mt_model_plant *plant,
                                             mt_grid day);

MT_END_DECLS
#endif
