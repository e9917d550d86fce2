/* The bidding zones of the simulated market: place, climate, load, borders and installed capacity.
 *
 * Purpose   The constants behind every simulated number; a zone is one row of the table in area.c.
 * Units     MW, degrees Celsius, degrees of latitude and longitude (north and east positive), m/s at 100 m.
 * Source    Orders of magnitude of about 2024, rounded by hand, after what ENTSO-E's Transparency Platform,
 *           national grid operators and Open Power System Data publish. Typical, not exact: no figure here is
 *           a statistic.
 */
#ifndef MT_SIMULATE_AREA_H
#define MT_SIMULATE_AREA_H

#include "base/ctx.h"

MT_BEGIN_DECLS

/* X(symbol, name) in the order of the capacities of area.c */
/* clang-format off */
#define MT_SIM_TECH_LIST(X)              \
    X(MT_SIM_NUCLEAR,   "nuclear")       \
    X(MT_SIM_LIGNITE,   "lignite")       \
    X(MT_SIM_COAL,      "hard_coal")     \
    X(MT_SIM_CCGT,      "gas_ccgt")      \
    X(MT_SIM_OCGT,      "gas_turbine")   \
    X(MT_SIM_OIL,       "oil")           \
    X(MT_SIM_BIOMASS,   "biomass")       \
    X(MT_SIM_RIVER,     "run_of_river")  \
    X(MT_SIM_RESERVOIR, "reservoir")     \
    X(MT_SIM_PUMPED,    "pumped_hydro")  \
    X(MT_SIM_SOLAR,     "solar")         \
    X(MT_SIM_ONSHORE,   "wind_onshore")  \
    X(MT_SIM_OFFSHORE,  "wind_offshore")
/* clang-format on */

#define MT_SIM_TECH_SYMBOL(symbol, name) symbol,
typedef enum mt_sim_tech { MT_SIM_TECH_LIST(MT_SIM_TECH_SYMBOL) MT_SIM_TECH_COUNT } mt_sim_tech;
#undef MT_SIM_TECH_SYMBOL

/* Plants that burn fuel come first: tech < MT_SIM_THERMAL_COUNT has units, efficiencies and outages. */
enum { MT_SIM_THERMAL_COUNT = MT_SIM_BIOMASS };

typedef struct mt_sim_area {
    const char *name;      /* "DE" */
    const char *country;   /* of base/holiday.h */
    const char *clock;     /* IANA zone name */
    int standard_offset_s; /* local standard time east of UTC */
    double latitude, longitude;
    double temperature_c; /* mean of the year */
    double season_c;      /* half the range of the monthly means */
    double diurnal_c;     /* half the daily range under a clear sky */
    double wind_m_s;      /* mean at 100 m over land */
    double cloud;         /* mean of the logit of cloud cover */
    double load_mw;       /* mean load without heating and cooling */
    double heating_mw_k;  /* per kelvin below 15 */
    double cooling_mw_k;  /* per kelvin above 22 */
    double import_mw, export_mw;
    double border_level; /* neighbours' price level, 1 = a gas-fired neighbour */
    double water_level;  /* value of stored water, same scale */
    double installed_mw[MT_SIM_TECH_COUNT];
} mt_sim_area;

MT_API size_t mt_sim_area_count(void);
MT_API const mt_sim_area *mt_sim_area_at(size_t index); /* index < mt_sim_area_count() */
MT_API const char *mt_sim_tech_name(mt_sim_tech tech);

/* The index of the area with that name; else MT_E_ABSENT with the nearest and all known names. */
MT_API MT_MUST_USE mt_code mt_sim_area_find(mt_ctx *cx, size_t *out, const char *name);

MT_END_DECLS
#endif
