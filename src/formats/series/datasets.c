/* The datasets that are known without a mapping file. */
#include "formats/series/mapping.h"

#include <string.h>

#define SOURCE      "energidataservice"
#define N_OF(table) (sizeof(table) / sizeof *(table))

/* Negative prices are prices; the bounds are far outside what the auction allows (-500 and 4,000 EUR/MWh,
 * raised step by step) and catch a price in another unit. */
#define PRICE_BOUNDS .minimum = -10000, .maximum = 20000
#define GENERATED(name)                                                                                      \
    {                                                                                                        \
        .field = name, .kind = "production", .unit = "MWh", .detail = name                                   \
    }
#define EXCHANGED(name, border)                                                                              \
    {                                                                                                        \
        .field = name, .kind = "exchange", .unit = "MWh", .detail = border                                   \
    }

static const mt_map_value spot_price[] = {
    {.field = "SpotPriceEUR", .kind = "spot_price", .unit = "EUR/MWh", .detail = "", PRICE_BOUNDS}};

static const mt_map_value day_ahead_price[] = {
    {.field = "DayAheadPriceEUR", .kind = "spot_price", .unit = "EUR/MWh", .detail = "", PRICE_BOUNDS}};

/* The same production stands in the answer once for each way of dividing a plant's fuel between heat and
 * power: "All" where there is nothing to divide (wind, sun), else "Total", "125%", "200%" and others. All and
 * Total together are each plant once. The groups and deliveries that remain are parts of the type's
 * production: each is a series of its own, so that their sum is the type's. The balance has the same energy
 * once more under the same source: the account keeps the two apart (market/series/delivery_day.h). Editions
 * of an hour ("Version") give the same series, where the later known one stands instead of the earlier, and
 * of one answer the final. */
static const mt_map_value declared[] = {
    {.field = "Production_MWh", .kind = "production", .unit = "MWh", .detail = ";account=declaration"}};
static const char *const each_plant_once[] = {"All", "Total", NULL};
static const mt_map_only declared_only[] = {{"FuelAllocationMethod", each_plant_once}, {NULL, NULL}};
static const char *const declared_editions[] = {"Preliminary", "Final", NULL};
static const char *const declared_parts[] = {"ReportGrpCode", "DeliveryType", NULL};

/* Production is the sum of the generation columns; load and exchange are other kinds and never in it. */
static const mt_map_value balance[] = {
    {.field = "TotalLoad", .kind = "load", .unit = "MWh", .detail = ""},
    GENERATED("Biomass"),
    GENERATED("FossilGas"),
    GENERATED("FossilHardCoal"),
    GENERATED("FossilOil"),
    GENERATED("HydroPower"),
    GENERATED("OtherRenewable"),
    GENERATED("SolarPower"),
    GENERATED("Waste"),
    GENERATED("OnshoreWindPower"),
    GENERATED("OffshoreWindPower"),
    EXCHANGED("ExchangeContinent", "Continent"),
    EXCHANGED("ExchangeGreatBelt", "GreatBelt"),
    EXCHANGED("ExchangeNordicCountries", "NordicCountries"),
    EXCHANGED("ExchangeGreatBritain", "GreatBritain"),
};

/* Power of a minute, as energy of that minute. Exchange_Sum is the sum of the borders and Exchange_DK1_DK2
 * lies inside Denmark: neither is a border of its own, both stay in the payload. */
#define FLOW(name, border)                                                                                   \
    {                                                                                                        \
        .field = name, .kind = "exchange", .unit = "MW", .detail = border                                    \
    }
#define POWER(name)                                                                                          \
    {                                                                                                        \
        .field = name, .kind = "production", .unit = "MW", .detail = name                                    \
    }
static const mt_map_value right_now[] = {
    {.field = "CO2Emission", .kind = "emission", .unit = "g/kWh", .detail = ""},
    POWER("ProductionGe100MW"),
    POWER("ProductionLt100MW"),
    POWER("SolarPower"),
    POWER("OffshoreWindPower"),
    POWER("OnshoreWindPower"),
    FLOW("Exchange_DK1_DE", "DK1_DE"),
    FLOW("Exchange_DK1_NL", "DK1_NL"),
    FLOW("Exchange_DK1_GB", "DK1_GB"),
    FLOW("Exchange_DK1_NO", "DK1_NO"),
    FLOW("Exchange_DK1_SE", "DK1_SE"),
    FLOW("Exchange_DK2_DE", "DK2_DE"),
    FLOW("Exchange_DK2_SE", "DK2_SE"),
    FLOW("Exchange_Bornholm_SE", "Bornholm_SE"),
    {.field = "ImbalanceDK1", .kind = "balance", .unit = "MW", .detail = "DK1"},
    {.field = "ImbalanceDK2", .kind = "balance", .unit = "MW", .detail = "DK2"},
};

/* The current forecast is the series of the type; what was said earlier about the same hour are series beside
 * it and not parts of a sum. All were known at the record's moment at the latest. */
#define EXPECTED(name, horizon)                                                                              \
    {                                                                                                        \
        .field = name, .kind = "production_forecast", .unit = "MWh", .detail = horizon                       \
    }
static const mt_map_value expected[] = {
    EXPECTED("ForecastCurrent", NULL),
    EXPECTED("ForecastDayAhead", ";horizon=day_ahead"),
    EXPECTED("ForecastIntraday", ";horizon=intraday"),
    EXPECTED("Forecast5Hour", ";horizon=5h"),
    EXPECTED("Forecast1Hour", ";horizon=1h"),
};

#define HOURLY .source = SOURCE, .time_field = "HourUTC", .step = MT_US_HOUR, .area_field = "PriceArea"
#define SPOT   HOURLY, .value = spot_price, .n_value = N_OF(spot_price)
#define DECLARED                                                                                             \
    HOURLY, .detail_field = "ProductionType", .detail_also = declared_parts, .only = declared_only,          \
            .value = declared, .n_value = N_OF(declared), .rank_field = "Version",                           \
            .rank_order = declared_editions

static const mt_mapping mappings[] = {
    {.name = "Elspotprices", SPOT, .doc = "day-ahead prices by the hour, to September 2025"},
    {.name = "DayAheadPrices",
     .source = SOURCE,
     .time_field = "TimeUTC",
     .step = 15 * MT_US_MINUTE,
     .area_field = "PriceArea",
     .value = day_ahead_price,
     .n_value = N_OF(day_ahead_price),
     .doc = "day-ahead prices by the quarter of an hour, since October 2025"},
    {.name = "DeclarationProduction", DECLARED, .doc = "production by type, hour and delivery"},
    {.name = "ElectricityBalanceNonv",
     HOURLY,
     .value = balance,
     .n_value = N_OF(balance),
     .doc = "load, production by type and exchange by the hour, not validated"},
    {.name = "PowerSystemRightNow",
     .source = SOURCE,
     .time_field = "Minutes1UTC",
     .step = MT_US_MINUTE,
     .area = "DK",
     .value = right_now,
     .n_value = N_OF(right_now),
     .doc = "production, exchange and emission by the minute"},
    {.name = "Forecasts_Hour",
     HOURLY,
     .known_field = "TimestampUTC",
     .detail_field = "ForecastType",
     .value = expected,
     .n_value = N_OF(expected),
     .doc = "expected production of wind and sun by the hour"},
    {.name = "elspot_topic", SPOT, .doc = "messages with records of Elspotprices"},
    {.name = "declaration_topic", DECLARED, .doc = "messages with records of DeclarationProduction"},
};

const mt_mapping *mt_mappings(size_t *n)
{
    *n = N_OF(mappings);
    return mappings;
}

const mt_mapping *mt_mapping_find(const char *name)
{
    for (size_t k = 0; k < N_OF(mappings); k++)
        if (strcmp(mappings[k].name, name) == 0) return &mappings[k];
    return NULL;
}

static bool has_name(const char *const *name, size_t n, const char *wanted)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(name[k], wanted) == 0) return true;
    return false;
}

/* Counts the field, if there is one; false: it is wanted and missing. */
static bool count_field(const char *const *name, size_t n, const char *wanted, size_t *score)
{
    bool found = wanted != NULL && has_name(name, n, wanted);
    *score += found;
    return found || wanted == NULL;
}

size_t mt_mapping_score(const mt_mapping *mapping, const char *const *name, size_t n, bool *enough)
{
    size_t score = 0, values = 0;
    bool all = count_field(name, n, mapping->time_field, &score);
    all = count_field(name, n, mapping->area_field, &score) && all;
    all = count_field(name, n, mapping->detail_field, &score) && all;
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++)
        all = count_field(name, n, only->field, &score) && all;
    for (size_t k = 0; k < mapping->n_value; k++)
        (void)count_field(name, n, mapping->value[k].field, &values);
    (void)count_field(name, n, mapping->known_field, &score);
    (void)count_field(name, n, mapping->rank_field, &score);
    for (const char *const *also = mapping->detail_also; also != NULL && *also != NULL; also++)
        (void)count_field(name, n, *also, &score);
    *enough = all && values > 0;
    return score + values;
}
