/* The units a quantity can be in: one row each, with its text.
 *
 * Purpose   Columns, arguments and messages name their unit from this list; a new unit is one row.
 * Shapes    X(symbol, text, meaning). The text is what stands in headers and documents.
 * Source    SI brochure (9th ed.) for spelling; currencies are ISO 4217 codes.
 */
#ifndef MT_BASE_UNIT_H
#define MT_BASE_UNIT_H

#include "base/attr.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_UNIT_LIST(X)                                                             \
    X(MT_UNIT_NONE,           "",              "no unit")                           \
    X(MT_UNIT_OF_ROW,         "of the row",    "the unit that the row itself names")     \
    X(MT_UNIT_ONE,            "1",             "a ratio")                           \
    X(MT_UNIT_PERCENT,        "%",             "a hundredth")                       \
    X(MT_UNIT_COUNT,          "count",         "a number of things")                \
    X(MT_UNIT_MW,             "MW",            "power")                             \
    X(MT_UNIT_KW,             "kW",            "power")                             \
    X(MT_UNIT_MWH,            "MWh",           "energy")                            \
    X(MT_UNIT_KWH,            "kWh",           "energy")                            \
    X(MT_UNIT_WH,             "Wh",            "energy, exact integer")             \
    X(MT_UNIT_EUR,            "EUR",           "money")                             \
    X(MT_UNIT_EUR_PER_MWH,    "EUR/MWh",       "price of energy")                   \
    X(MT_UNIT_EUR_PER_MWH_GW, "EUR/MWh/GW",    "price change for each GW")          \
    X(MT_UNIT_MONEY,          "money",         "money, in the currency named in the head") \
    X(MT_UNIT_MONEY_PER_MWH,  "money/MWh",     "price of energy, in the currency named in the head") \
    X(MT_UNIT_EUR_PER_T,      "EUR/t",         "price of emitted carbon dioxide")   \
    X(MT_UNIT_SECOND,         "s",             "duration")                          \
    X(MT_UNIT_MILLISECOND,    "ms",            "duration")                          \
    X(MT_UNIT_MINUTE,         "min",           "duration")                          \
    X(MT_UNIT_HOUR,           "h",             "duration")                          \
    X(MT_UNIT_BYTE,           "B",             "size of data")                      \
    X(MT_UNIT_CELSIUS,        "degC",          "temperature")                       \
    X(MT_UNIT_M_PER_S,        "m/s",           "wind speed")                        \
    X(MT_UNIT_W_PER_M2,       "W/m2",          "irradiance")
/* clang-format on */

#define MT_UNIT_SYMBOL(symbol, text, meaning) symbol,
typedef enum mt_unit { MT_UNIT_LIST(MT_UNIT_SYMBOL) MT_UNIT_TOTAL } mt_unit;
#undef MT_UNIT_SYMBOL

MT_API const char *mt_unit_text(mt_unit unit);    /* "EUR/MWh" */
MT_API const char *mt_unit_meaning(mt_unit unit); /* "price of energy" */

MT_END_DECLS
#endif
