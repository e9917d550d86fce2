/* Energy-Charts of Fraunhofer ISE: prices, production, forecasts, capacity and frequency of European
 * countries. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "terms/area.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const mt_source_dataset datasets[] = {{.name = "price",
                                              .doc = "day-ahead prices",
                                              .kinds = "spot_price",
                                              .area_form = "DE-LU, AT, DK1, …",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = MT_US_DAY,
                                              .most = 92 * MT_US_DAY},
                                             {.name = "public_power",
                                              .doc = "generation by type, load and trade across borders",
                                              .kinds = "production load exchange plant_consumption",
                                              .area_form = "DE, FR, AT, …",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = 15 * MT_US_MINUTE,
                                              .lag = MT_US_HOUR,
                                              .look_back = 7 * MT_US_DAY,
                                              .most = 31 * MT_US_DAY},
                                             {.name = "public_power_forecast",
                                              .doc = "day-ahead forecasts of solar, wind and load",
                                              .kinds = "production_forecast load_forecast",
                                              .area_form = "DE, FR, AT, …",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = MT_US_DAY,
                                              .most = 92 * MT_US_DAY},
                                             {.name = "installed_power",
                                              .doc = "installed power by type and year",
                                              .kinds = "capacity",
                                              .area_form = "DE, FR, AT, …",
                                              .publish_every = MT_US_DAY,
                                              .look_back = 400 * MT_US_DAY},
                                             {.name = "frequency",
                                              .doc = "frequency of the grid, each second",
                                              .kinds = "frequency",
                                              .area_form = "DE-Freiburg",
                                              .step = MT_US_SECOND,
                                              .publish_every = MT_US_MINUTE,
                                              .look_back = MT_US_MINUTE,
                                              .most = MT_US_DAY},
                                             {0}};

/* No limit is published; these keep a client polite (a figure of ours). */
static const mt_http_policy policy = {
    .provider = "energycharts", .rate_per_s = 2, .burst = 5, .timeout = 60 * MT_US_SECOND};

/* Where a page's rows belong. */
struct place {
    const char *area;
    const char *forecast; /* the production type asked for */
    const mt_zone *zone;
};

/* When the values of a page begin and how long each lasts; step NULL: as long as the row says. */
struct grid {
    mt_time *start, *step;
};

/* "EUR / MWh" -> "EUR/MWh". */
static mt_code close_up(mt_ctx *cx, const char **out, const char *text)
{
    char *to;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &to, strlen(text) + 1));
    for (; *text; text++)
        if (*text != ' ') to[n++] = *text;
    *out = to;
    return MT_OK;
}

/* Starts and one value each, which have to be as many. */
static mt_code read_series(mt_page *page, const mt_json *top, const char *name, mt_time **start,
                           const mt_json **value)
{
    const mt_json *seconds;
    MT_TRY(mt_page_array(page, top, "unix_seconds", &seconds));
    MT_TRY(mt_page_array(page, top, name, value));
    if (seconds->count != (*value)->count)
        return mt_page_fail(page, MT_E_REMOTE,
                            "\"unix_seconds\" has %zu elements, \"%s\" has %zu: as many "
                            "were expected",
                            seconds->count, name, (*value)->count);
    return mt_page_times(page, seconds, "unix_seconds", MT_US_SECOND, start);
}

/* One row an element; energy kinds are given in MW and become MWh, what plants take becomes positive. */
static mt_code add_series(mt_page *page, mt_observation row, const struct grid *grid, const mt_json *values,
                          const char *name)
{
    size_t k = 0;
    bool energy = strcmp(row.unit, "MWh") == 0, taken = strcmp(row.kind, "plant_consumption") == 0;
    for (const mt_json *value = values->first; value; value = value->next, k++) {
        MT_TRY(mt_page_number(page, value, name, &row.value));
        if (taken) row.value = 0 - row.value; /* and no -0 */
        if (grid->step) row.step = grid->step[k];
        if (energy) row.value = mt_energy_mwh(row.value, row.step);
        row.start = grid->start[k];
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code read_price(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct place *place = arg;
    const mt_json *top, *value;
    const char *unit;
    struct grid grid = {NULL, NULL};
    mt_observation row = {.kind = mt_kind_name(MT_KIND_SPOT_PRICE), .area = place->area};
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(read_series(page, top, "price", &grid.start, &value));
    MT_TRY(mt_page_text(page, top, "unit", &unit));
    MT_TRY(close_up(cx, &row.unit, unit));
    MT_TRY(mt_page_steps(page, grid.start, value->count, 15 * MT_US_MINUTE, &grid.step));
    const mt_json *licence = mt_json_member(top, "license_info");
    if (licence && licence->kind == MT_JSON_STRING)
        mt_log(cx, MT_LOG_INFO, "energycharts says of the prices of %s: %.200s", place->area,
               licence->text.at);
    return add_series(page, row, &grid, value, "price");
}

/* What a production type of public_power is; false for shares and what follows from the others. */
static bool name_series(const char *name, mt_observation *row)
{
    *row = (mt_observation){.kind = mt_kind_name(MT_KIND_PRODUCTION), .detail = name, .unit = "MWh"};
    if (strstr(name, "share") || strstr(name, "Residual")) return false;
    if (strcmp(name, "Load") == 0) {
        row->kind = mt_kind_name(MT_KIND_LOAD);
        row->detail = "";
    } else if (strstr(name, "Cross border")) { /* import positive, as ours */
        row->kind = mt_kind_name(MT_KIND_EXCHANGE);
        row->detail = "";
    } else if (strstr(name, "consumption")) { /* pumping is no production; theirs is negative */
        row->kind = "plant_consumption";
        row->unit = "MW";
    }
    return true;
}

static mt_code read_power(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct place *place = arg;
    const mt_json *top, *seconds, *types, *data;
    const char *name;
    struct grid grid = {NULL, NULL};
    mt_observation row;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "unix_seconds", &seconds));
    MT_TRY(mt_page_times(page, seconds, "unix_seconds", MT_US_SECOND, &grid.start));
    MT_TRY(mt_page_array(page, top, "production_types", &types));
    MT_TRY(mt_page_steps(page, grid.start, seconds->count, 15 * MT_US_MINUTE, &grid.step));
    for (const mt_json *type = types->first; type; type = type->next) {
        MT_TRY(mt_page_text(page, type, "name", &name));
        MT_TRY(mt_page_array(page, type, "data", &data));
        if (data->count != seconds->count)
            return mt_page_fail(page, MT_E_REMOTE, "\"%s\" has %zu values for %zu times", name, data->count,
                                seconds->count);
        if (!name_series(name, &row)) continue;
        row.area = place->area;
        MT_TRY(add_series(page, row, &grid, data, name));
    }
    return MT_OK;
}

static mt_code read_forecast(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct place *place = arg;
    const mt_json *top, *value;
    struct grid grid = {NULL, NULL};
    bool load = strcmp(place->forecast, "load") == 0;
    mt_observation row = {.kind = mt_kind_name(load ? MT_KIND_LOAD_FORECAST : MT_KIND_PRODUCTION_FORECAST),
                          .area = place->area,
                          .detail = load ? "" : place->forecast,
                          .unit = "MWh"};
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(read_series(page, top, "forecast_values", &grid.start, &value));
    MT_TRY(mt_page_steps(page, grid.start, value->count, 15 * MT_US_MINUTE, &grid.step));
    return add_series(page, row, &grid, value, "forecast_values");
}

static mt_code read_years(mt_page *page, const struct place *place, const mt_json *times, mt_time **out)
{
    mt_time *at;
    size_t k = 0;
    int64_t year;
    MT_TRY(MT_NEW(page->cx, &at, times->count + 2));
    for (const mt_json *time = times->first; time; time = time->next, k++) {
        if (!time->text.at || !mt_int_parse(time->text.at, time->text.length, &year) || year < 1900 ||
            year > 2200)
            return mt_page_fail(page, MT_E_REMOTE, "\"time\" should be years, but element %zu is none",
                                k + 1);
        at[k] = mt_day_start(place->zone, mt_day_of((int)year, 1, 1));
    }
    *out = at;
    return MT_OK;
}

static mt_code read_capacity(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct place *place = arg;
    const mt_json *top, *times, *types, *data, *value;
    const char *name;
    mt_time *start = NULL;
    mt_observation row = {.kind = mt_kind_name(MT_KIND_CAPACITY), .area = place->area, .unit = "MW"};
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "time", &times));
    MT_TRY(read_years(page, place, times, &start));
    MT_TRY(mt_page_array(page, top, "production_types", &types));
    for (const mt_json *type = types->first; type; type = type->next) {
        MT_TRY(mt_page_text(page, type, "name", &name));
        MT_TRY(mt_page_array(page, type, "data", &data));
        if (strstr(name, "capacity")) continue; /* of batteries, in GWh */
        row.detail = name;
        value = data->first;
        for (size_t k = 0; k < times->count && value; k++, value = value->next) {
            MT_TRY(mt_page_number(page, value, name, &row.value));
            row.value *= 1000; /* from GW */
            row.start = start[k];
            row.step =
                mt_day_start(place->zone, mt_day_of(mt_zone_civil(place->zone, start[k]).year + 1, 1, 1)) -
                start[k];
            MT_TRY(mt_page_add(page, &row));
        }
    }
    return MT_OK;
}

static mt_code read_frequency(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct place *place = arg;
    const mt_json *top, *value;
    struct grid grid = {NULL, NULL};
    mt_observation row = {.kind = "frequency", .area = place->area, .unit = "Hz", .step = MT_US_SECOND};
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(read_series(page, top, "data", &grid.start, &value));
    return add_series(page, row, &grid, value, "data");
}

enum dataset { PRICE, POWER, FORECAST, CAPACITY, FREQUENCY };

static mt_page_read *const reader[] = {read_price, read_power, read_forecast, read_capacity, read_frequency};

/* How an area is asked for, and what it is called in the rows: a country with one zone by that zone's name,
 * so
 * that its production meets its prices; one with several by its code. */
static mt_code find_place(mt_ctx *cx, struct place *place, const char **asked, enum dataset dataset,
                          const char *word)
{
    const mt_area *area;
    size_t n, zones = 0;
    if (dataset == FREQUENCY) {
        place->area = word ? word : "DE-Freiburg";
        return mt_http_encode(cx, asked, place->area);
    }
    MT_TRY(mt_area_get(cx, &area, word ? word : "DE-LU"));
    MT_TRY(mt_zone_read(cx, &place->zone, area->zone, NULL));
    place->area = area->name;
    if (dataset == PRICE) return mt_http_encode(cx, asked, area->name);
    const mt_area *all = mt_areas(&n);
    for (size_t k = 0; k < n; k++) zones += strcmp(all[k].country, area->country) == 0;
    if (zones > 1 && strcmp(area->name, "DE-LU") != 0) place->area = area->country;
    char code[3] = {(char)(area->country[0] | 32), (char)(area->country[1] | 32), 0};
    return mt_text_format(cx, asked, "%s", code);
}

static mt_code name_url(mt_ctx *cx, mt_page_ask *ask, enum dataset dataset, const char *asked)
{
    const struct place *place = ask->arg;
    const char *base = ask->call->base_url;
    char from[24], to[24];
    mt_stamp_minutes(ask->from, from);
    mt_stamp_minutes(ask->to, to);
    switch (dataset) {
    case PRICE:
        return mt_text_format(cx, &ask->url, "%s/price?bzn=%s&start=%s&end=%s", base, asked, from, to);
    case POWER:
        return mt_text_format(cx, &ask->url, "%s/public_power?country=%s&start=%s&end=%s", base, asked, from,
                              to);
    case FORECAST:
        return mt_text_format(cx, &ask->url,
                              "%s/public_power_forecast?country=%s&production_type=%s&forecast_type=day-ahead"
                              "&start=%s&end=%s",
                              base, asked, place->forecast, from, to);
    case CAPACITY:
        return mt_text_format(cx, &ask->url, "%s/installed_power?country=%s&time_step=yearly", base, asked);
    default:
        return mt_text_format(cx, &ask->url, "%s/frequency?region=%s&start=%s&end=%s", base, asked, from, to);
    }
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    static const char *const types[] = {"solar", "wind_onshore", "wind_offshore", "load"};
    enum dataset dataset = (enum dataset)mt_dataset_index(&mt_source_energycharts, query);
    struct place place = {.forecast = types[0]};
    const char *asked;
    mt_time at = query->from;
    mt_page_ask ask = {.source = &mt_source_energycharts, .call = call, .query = query, .arg = &place};
    ask.read = reader[dataset];
    MT_TRY(find_place(cx, &place, &asked, dataset, query->area));
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to)) {
        for (size_t k = 0; k < (dataset == FORECAST ? sizeof types / sizeof *types : 1); k++) {
            place.forecast = types[k];
            MT_TRY(name_url(cx, &ask, dataset, asked));
            MT_TRY(mt_page_fetch(cx, &ask, out));
        }
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_energycharts, call, "price", "DE-LU");
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: data CC BY 4.0; prices of zones other than those from SMARD "for private and internal
 * use only", as the answer's license_info says, which is logged. So nothing is passed on. */
const mt_source mt_source_energycharts = {
    .name = "energycharts",
    .title = "Energy-Charts (Fraunhofer ISE)",
    .base_url = "https://api.energy-charts.info",
    .licence = "CC BY 4.0; prices of some zones for private and internal use only",
    .licence_url = "https://api.energy-charts.info/",
    .attribution = "Source: Energy-Charts, Fraunhofer ISE (energy-charts.info)",
    .redistribute = false,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
