/* Energy that a plant would have fed in during a redispatch measure: by forecast, flat, or by weather.
 *
 * Purpose   One quarter at a time; the room that walks the measures says where each began.
 * Units     Wh of the quarter, micro-kW, factors in millionths.
 * Time      The table of plant factors is in UTC+1 all year.
 * Missing   MT_WH_NONE where even the forecast is missing. Where an input of `flat` or `weather` is missing
 *           (capacity, the quarter before the measure, weather, a plant at rest before it) `forecast` stands
 *           in, and `rule` says so.
 * Cost      O(1) a quarter.
 * Source    Federal network agency BK6-23-241: lost work of wind and solar plants. docs/guides/vpp.md.
 * Example   merit vpp redispatch --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_SCHEME_LOST_H
#define MT_VPP_SCHEME_LOST_H

#include "vpp/infeed.h"

MT_BEGIN_DECLS

typedef struct mt_lost_input {
    const mt_desk *desk;
    const mt_desk_asset *asset;
    mt_technology technology;
    const mt_forecast_quarter *latest; /* of the grid */
    const mt_infeed_quarter *infeed;   /* of the grid */
} mt_lost_input;

typedef struct mt_lost {
    mt_lost_rule rule;   /* by which it was found */
    int64_t expected_wh; /* without the measure */
    int64_t wh;          /* expected less the setpoint, at least 0 */
} mt_lost;

/* before: the last quarter before the measure, or SIZE_MAX when the measure began before the grid. */
MT_API mt_lost mt_lost_at(const mt_lost_input *input, mt_lost_rule rule, size_t quarter, size_t before);

/* Energy of a quarter at full capacity of its day; missing where the capacity is unknown. */
MT_API int64_t mt_capacity_wh(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter);

/* Energy of the quarter, at most the asset's capacity of its day; as it is where the capacity is unknown. */
MT_API int64_t mt_limit_to_capacity(const mt_desk *desk, const mt_desk_asset *asset, int64_t wh,
                                    size_t quarter);

/* Plant factor of solar in millionths. */
MT_API mt_micro mt_solar_plant_factor(mt_time quarter_start);

MT_END_DECLS
#endif
