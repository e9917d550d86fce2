/* One value of a time series, as every feed gives it: what, where, from when on, how much, known since when.
 *
 * Purpose   The noun that data providers, streams, files, the store and the analyses share.
 * Units     In `unit`, as text ("EUR/MWh"); energy is per step, never a rate: a reader that gets MW over an
 *           hour gives MWh. "" where the feed names none.
 * Shapes    kind, area, detail, unit, step and source name a series; start finds the value in it. `area`
 *           and `detail` may be "" but never missing. A series of one kind and area may exist from several
 *           sources and in several steps side by side.
 * Time      start is the start of the period in UTC, step its length (0: an instant). known_at is when the
 *           feed had published the value, as far as that is told; else when it was received. Two values of
 *           one start are revisions: the one known later stands, the earlier stays to be asked for.
 * Missing   value NaN: the feed says that there is none; no observation at all: nothing was said.
 * Ownership Texts are borrowed from whoever made the observation.
 */
#ifndef MT_TERMS_OBSERVATION_H
#define MT_TERMS_OBSERVATION_H

#include "base/rows/field.h"

MT_BEGIN_DECLS

/* How values of a kind are brought to a coarser step. */
typedef enum mt_fold { MT_FOLD_MEAN, MT_FOLD_SUM, MT_FOLD_LAST } mt_fold;

/* X(symbol, name, usual unit, fold, meaning) */
/* clang-format off */
#define MT_KIND_LIST(X) \
    X(MT_KIND_SPOT_PRICE, "spot_price", "EUR/MWh", MT_FOLD_MEAN, "day-ahead auction price") \
    X(MT_KIND_INTRADAY_PRICE, "intraday_price", "EUR/MWh", MT_FOLD_MEAN, "index of intraday trades") \
    X(MT_KIND_IMBALANCE_PRICE, "imbalance_price", "EUR/MWh", MT_FOLD_MEAN, "price of imbalance energy") \
    X(MT_KIND_MARKET_VALUE, "market_value", "EUR/MWh", MT_FOLD_MEAN, "technology market value") \
    X(MT_KIND_TARIFF, "tariff", "EUR/MWh", MT_FOLD_MEAN, "retail or network price") \
    X(MT_KIND_PRODUCTION, "production", "MWh", MT_FOLD_SUM, "generation; detail: type") \
    X(MT_KIND_PRODUCTION_FORECAST, "production_forecast", "MWh", MT_FOLD_SUM, \
      "expected generation; detail: type") \
    X(MT_KIND_PLANT_CONSUMPTION, "plant_consumption", "MW", MT_FOLD_MEAN, "taken by plants; detail: type") \
    X(MT_KIND_LOAD, "load", "MWh", MT_FOLD_SUM, "consumption of the area") \
    X(MT_KIND_LOAD_FORECAST, "load_forecast", "MWh", MT_FOLD_SUM, "expected consumption") \
    X(MT_KIND_EXCHANGE, "exchange", "MWh", MT_FOLD_SUM, "import positive; detail: border") \
    X(MT_KIND_CAPACITY, "capacity", "MW", MT_FOLD_MEAN, "installed or offered power") \
    X(MT_KIND_OUTAGE, "outage", "MW", MT_FOLD_MEAN, "power not available; detail: unit") \
    X(MT_KIND_BALANCE, "balance", "MWh", MT_FOLD_SUM, "imbalance of the area, short negative") \
    X(MT_KIND_RESERVE_PRICE, "reserve_price", "EUR/MW", MT_FOLD_MEAN, \
      "price of balancing reserve; detail: product") \
    X(MT_KIND_RESERVE_POWER, "reserve_power", "MW", MT_FOLD_MEAN, "balancing reserve; detail: product") \
    X(MT_KIND_FREQUENCY, "frequency", "Hz", MT_FOLD_MEAN, "of the grid") \
    X(MT_KIND_EMISSION, "emission", "g/kWh", MT_FOLD_MEAN, "carbon dioxide of a kWh") \
    X(MT_KIND_FUEL_PRICE, "fuel_price", "EUR/MWh", MT_FOLD_LAST, "area: fuel") \
    X(MT_KIND_CO2_PRICE, "co2_price", "EUR/t", MT_FOLD_LAST, "allowance") \
    X(MT_KIND_FX_RATE, "fx_rate", "", MT_FOLD_LAST, "area: currency; its units for one EUR") \
    X(MT_KIND_WEATHER, "weather", "", MT_FOLD_MEAN, "detail: quantity") \
    X(MT_KIND_WEATHER_FORECAST, "weather_forecast", "", MT_FOLD_MEAN, "detail: quantity") \
    X(MT_KIND_READING, "reading", "", MT_FOLD_MEAN, "meter or device; area: its name, detail: field")
/* clang-format on */

#define MT_KIND_SYMBOL(symbol, name, unit, fold, meaning) symbol,
typedef enum mt_kind { MT_KIND_LIST(MT_KIND_SYMBOL) MT_KIND_COUNT } mt_kind;
#undef MT_KIND_SYMBOL

/* A word outside the list is allowed as a kind; it folds as MT_FOLD_MEAN. */
MT_API const char *mt_kind_name(mt_kind kind);
MT_API const char *mt_kind_unit(mt_kind kind);
MT_API const char *mt_kind_meaning(mt_kind kind);
MT_API mt_fold mt_kind_fold(const char *name);

typedef struct mt_observation {
    const char *kind;
    const char *area;
    const char *detail;
    const char *unit;
    const char *source;
    mt_time step;
    mt_time start;
    double value;
    mt_time known_at;
    const char *payload; /* a JSON object of what the feed said besides; NULL: nothing */
} mt_observation;

/* The same as columns: kind, area, detail, unit, source, step_us, start, value, known_at, payload. */
MT_API extern const mt_field mt_observation_col[];
enum { MT_OBSERVATION_COLUMNS = 10 };

MT_END_DECLS
#endif
