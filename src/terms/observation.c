/* One value of a time series: its columns and the list of kinds. */
#include "terms/observation.h"

#include <string.h>

const mt_field mt_observation_col[] = {
    {.name = "kind", MT_TEXT_AT(mt_observation, kind), .doc = "what it measures, e.g. spot_price"},
    {.name = "area", MT_TEXT_AT(mt_observation, area), .doc = "bidding zone, station, device or currency"},
    {.name = "detail", MT_TEXT_AT(mt_observation, detail), .doc = "type within the kind, e.g. SolarPower"},
    {.name = "unit", MT_TEXT_AT(mt_observation, unit), .doc = "of the value"},
    {.name = "source", MT_TEXT_AT(mt_observation, source), .doc = "who said so"},
    {.name = "step_us",
     MT_INT_AT(mt_observation, step),
     .doc = "length of the period in microseconds; 0: an instant"},
    {.name = "start", MT_TIME_AT(mt_observation, start), .doc = "start of the period, UTC"},
    {.name = "value",
     MT_REAL_AT(mt_observation, value),
     .unit = MT_UNIT_OF_ROW,
     .doc = "empty: there is none"},
    {.name = "known_at", MT_TIME_AT(mt_observation, known_at), .doc = "published, or else received, UTC"},
    {.name = "payload", MT_TEXT_AT(mt_observation, payload), .doc = "what the feed said besides, JSON"},
    {.name = NULL}};

struct kind_row {
    const char *name, *unit;
    mt_fold fold;
    const char *meaning;
};

static const struct kind_row kinds[MT_KIND_COUNT] = {
#define KIND_ROW(symbol, name, unit, fold, meaning) [symbol] = {name, unit, fold, meaning},
    MT_KIND_LIST(KIND_ROW)
#undef KIND_ROW
};

const char *mt_kind_name(mt_kind kind)
{
    return kinds[kind].name;
}

const char *mt_kind_unit(mt_kind kind)
{
    return kinds[kind].unit;
}

const char *mt_kind_meaning(mt_kind kind)
{
    return kinds[kind].meaning;
}

mt_fold mt_kind_fold(const char *name)
{
    for (int k = 0; k < MT_KIND_COUNT; k++)
        if (strcmp(kinds[k].name, name) == 0) return kinds[k].fold;
    return MT_FOLD_MEAN;
}
