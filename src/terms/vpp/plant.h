/* A plant of a portfolio: what its technical data sheet says.
 *
 * Purpose   The noun that technical data files, the simulated portfolio and the desk share.
 * Units     capacity_w: W at the connection point; angles in degrees (azimuth clockwise from north, so 180
 *           is south; tilt 0 is flat); hub height in m.
 * Missing   Texts NULL, reals NaN, days MT_DAY_NONE, capacity MT_MICRO_NONE.
 * Ownership Texts are borrowed from whoever made the plant.
 */
#ifndef MT_TERMS_VPP_PLANT_H
#define MT_TERMS_VPP_PLANT_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

/* X(symbol, word in files) */
#define MT_TECHNOLOGY_LIST(X)                                                                                \
    X(MT_SOLAR, "solar")                                                                                     \
    X(MT_WIND, "wind")                                                                                       \
    X(MT_WIND_OFFSHORE, "wind_offshore")

#define MT_TECHNOLOGY_SYMBOL(symbol, word) symbol,
typedef enum mt_technology { MT_TECHNOLOGY_LIST(MT_TECHNOLOGY_SYMBOL) MT_TECHNOLOGY_COUNT } mt_technology;
#undef MT_TECHNOLOGY_SYMBOL

MT_API const char *mt_technology_word(mt_technology technology);
MT_API bool mt_technology_find(mt_text word, mt_technology *out); /* also pv, onshore, offshore */

typedef struct mt_plant {
    const char *asset_id;
    const char *name;
    mt_technology technology;
    double latitude, longitude;
    const char *zone; /* "Europe/Berlin" */
    int64_t capacity_w;
    const char *model;    /* of the panels or the turbine */
    const char *tracking; /* "fixed", "single_axis"; NULL: fixed */
    int64_t turbines;     /* wind; INT64_MIN: not told */
    double hub_height_m;
    double tilt_deg, azimuth_deg;
    mt_day commissioned;
    const char *status; /* "active", … */
    const char *owner;
} mt_plant;

MT_END_DECLS
#endif
