/* The tables of observations and of the names of their series, for those who merge rows into them. */
#include "store/data/series_plan.h"

const mt_field mt_observation_stored[] = {
    [MT_STORED_SERIES_ID] = {.name = "series_id", .type = MT_INT},
    [MT_STORED_START] = {.name = "start", .type = MT_TIME},
    [MT_STORED_VALUE] = {.name = "value", .type = MT_REAL},
    [MT_STORED_KNOWN_AT] = {.name = "known_at", .type = MT_TIME},
    [MT_STORED_PAYLOAD] = {.name = "payload", .type = MT_TEXT},
    [MT_STORED_COLUMNS] = {.name = NULL},
};

const mt_field mt_series_stored[] = {
    {.name = "id", .type = MT_INT},      {.name = "kind", .type = MT_TEXT},
    {.name = "area", .type = MT_TEXT},   {.name = "detail", .type = MT_TEXT},
    {.name = "unit", .type = MT_TEXT},   {.name = "source", .type = MT_TEXT},
    {.name = "step_us", .type = MT_INT}, {.name = NULL},
};

static const char *const observation_key[] = {"series_id", "start", NULL};
static const char *const observation_range[] = {"start", NULL};
static const char *const observation_quiet[] = {"payload", NULL};

#define OBSERVATION                                                                                          \
    .table = "observation", .key = observation_key, .range = observation_range, .version = "known_at",       \
    .history = "observation_history"

const mt_merge_plan mt_observation_plan = {OBSERVATION, .quiet = observation_quiet};
const mt_merge_plan mt_roll_up_plan = {OBSERVATION};

static const char *const series_key[] = {"id", NULL};
const mt_merge_plan mt_series_plan = {
    .table = "series", .key = series_key, .distinct = true, .constant = true};
