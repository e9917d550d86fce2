/* Open-Meteo: weather and its forecasts at a place, from the world's weather services.
 *
 * Time      Asked in UTC, as seconds since 1970. Radiation, rain and snow are told at the end of the hour
 *           over which they were measured and stand at its start here, as every value of Merit does; what
 *           holds at an instant (temperature, wind, clouds) stands at that instant, for the hour after it.
 * Source    open-meteo.com, "Weather Forecast API" and "Historical Weather API": /v1/forecast and /v1/archive
 *           with hourly=…, timezone, timeformat and wind_speed_unit; limits of the free use 600 a minute,
 *           5,000 an hour, 10,000 a day. Hosts of customers begin with "customer-".
 */
#include "sources/backend.h"

#include "formats/series/open_meteo.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "terms/area.h"

#include <stdio.h>
#include <string.h>

#define PLACES "DK1, DE-LU, …, or LATITUDE,LONGITUDE in degrees"

static const mt_source_dataset datasets[] = {{.name = "forecast",
                                              .doc = "the newest forecast, to 16 days ahead",
                                              .kinds = "weather_forecast",
                                              .area_form = PLACES,
                                              .step = MT_US_HOUR,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = MT_US_DAY,
                                              .most = 31 * MT_US_DAY},
                                             {.name = "archive",
                                              .doc = "reanalysis of the weather that was, since 1940",
                                              .kinds = "weather",
                                              .area_form = PLACES,
                                              .step = MT_US_HOUR,
                                              .publish_every = 6 * MT_US_HOUR,
                                              .lag = 5 * MT_US_DAY,
                                              .look_back = 7 * MT_US_DAY,
                                              .most = 366 * MT_US_DAY},
                                             {.name = "historical-forecast",
                                              .doc = "the first hours of each forecast, joined, since 2021",
                                              .kinds = "weather_forecast",
                                              .area_form = PLACES,
                                              .step = MT_US_HOUR,
                                              .publish_every = 6 * MT_US_HOUR,
                                              .look_back = 2 * MT_US_DAY,
                                              .most = 366 * MT_US_DAY},
                                             {0}};

static const mt_http_policy policy = {.provider = "openmeteo",
                                      .key_variable = "OPENMETEO_KEY",
                                      .secret = "apikey",
                                      .rate_per_s = 10,
                                      .burst = 20,
                                      .window_max = 5000,
                                      .window = MT_US_HOUR,
                                      .timeout = 60 * MT_US_SECOND};

/* In the order of the datasets. `ahead`: days that may be asked for beyond today. */
static const struct way {
    const char *host, *path;
    mt_kind kind;
    int ahead;
} ways[] = {{"api.open-meteo.com", "forecast", MT_KIND_WEATHER_FORECAST, 15},
            {"archive-api.open-meteo.com", "archive", MT_KIND_WEATHER, 0},
            {"historical-forecast-api.open-meteo.com", "forecast", MT_KIND_WEATHER_FORECAST, 15}};

static const char *const quantities[] = {
    "temperature_2m",    "relative_humidity_2m", "surface_pressure",
    "wind_speed_10m",    "wind_speed_100m",      "wind_direction_100m",
    "wind_gusts_10m",    "shortwave_radiation",  "direct_normal_irradiance",
    "diffuse_radiation", "cloud_cover",          "precipitation",
    "snowfall"};

enum { QUANTITIES = sizeof quantities / sizeof *quantities };

struct question {
    const struct way *way;
    const char *area, *latitude, *longitude;
};

/* As the reader of Open-Meteo's files spells them. */
static const char *spell_unit(const char *unit)
{
    static const char *const spelled[][2] = {
        {"°C", "degC"}, {"°", "deg"}, {"W/m²", "W/m2"}, {"km/h", "km/h"}};
    for (size_t k = 0; k < sizeof spelled / sizeof *spelled; k++)
        if (strcmp(unit, spelled[k][0]) == 0) return spelled[k][1];
    return unit;
}

/* One quantity of the answer; one that the model does not have is not there at all. */
static mt_code add_quantity(mt_page *page, const char *quantity, const mt_json *top, const mt_json *hourly,
                            const mt_time *time, size_t n)
{
    const struct question *question = page->ask->arg;
    const mt_json *values, *units = mt_json_member(top, "hourly_units");
    const char *unit;
    size_t k = 0;
    if (!mt_json_member(hourly, quantity)) return MT_OK;
    MT_TRY(mt_page_array(page, hourly, quantity, &values));
    MT_TRY(mt_page_text(page, units, quantity, &unit));
    if (values->count != n)
        return mt_page_fail(page, MT_E_REMOTE, "\"%s\" has %zu values for %zu times", quantity, values->count,
                            n);
    mt_observation row = {.kind = mt_kind_name(question->way->kind),
                          .area = question->area,
                          .detail = quantity,
                          .unit = spell_unit(unit),
                          .step = MT_US_HOUR};
    for (const mt_json *value = values->first; value; value = value->next, k++) {
        MT_TRY(mt_page_number(page, value, quantity, &row.value));
        row.start = time[k] - mt_open_meteo_shift(quantity, MT_US_HOUR);
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const mt_json *top, *times, *error;
    mt_time *time = NULL;
    (void)cx, (void)arg;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    error = mt_json_member(top, "reason");
    if (error && error->kind == MT_JSON_STRING)
        return mt_page_fail(page, MT_E_INPUT, "refused: %.300s", error->text.at);
    const mt_json *hourly = mt_json_member(top, "hourly");
    MT_TRY(mt_page_array(page, hourly, "time", &times));
    MT_TRY(mt_page_times(page, times, "time", MT_US_SECOND, &time));
    if (times->count > 1 && mt_page_step(time, times->count, MT_US_HOUR) != MT_US_HOUR)
        return mt_page_fail(page, MT_E_REMOTE, "values of each hour were expected");
    for (size_t k = 0; k < QUANTITIES; k++)
        MT_TRY(add_quantity(page, quantities[k], top, hourly, time, times->count));
    return MT_OK;
}

/* "55.68,12.57" as two texts that are degrees. */
static bool read_degrees(mt_ctx *cx, struct question *question, const char *word)
{
    const char *comma = strchr(word, ',');
    double latitude, longitude;
    if (!comma) return false;
    mt_text north = mt_text_trim((mt_text){word, (size_t)(comma - word)}),
            east = mt_text_trim(mt_text_of(comma + 1));
    if (!mt_real_parse(north.at, north.length, &latitude) ||
        !mt_real_parse(east.at, east.length, &longitude) || latitude < -90 || latitude > 90 ||
        longitude < -180 || longitude > 180)
        return false;
    return mt_text_copy(cx, &question->latitude, north) == MT_OK &&
           mt_text_copy(cx, &question->longitude, east) == MT_OK &&
           mt_text_format(cx, &question->area, "%s,%s", question->latitude, question->longitude) == MT_OK;
}

static mt_code find_place(mt_ctx *cx, struct question *question, const char *word)
{
    const mt_area *area;
    if (!word) word = "DE-LU";
    if (strchr(word, ',')) {
        if (read_degrees(cx, question, word)) return MT_OK;
        return mt_fail(cx, MT_E_INPUT,
                       "openmeteo: a place is LATITUDE,LONGITUDE in degrees, for example 55.68,12.57, not "
                       "%.60s",
                       word);
    }
    MT_TRY(mt_area_get(cx, &area, word));
    question->area = area->name;
    MT_TRY(mt_text_format(cx, &question->latitude, "%g", area->latitude));
    return mt_text_format(cx, &question->longitude, "%g", area->longitude);
}

/* The provider's hosts differ by dataset and customer; a mirror has all under one address. */
static mt_code name_base(mt_ctx *cx, const char **out, const mt_source_call *call, const struct way *way)
{
    if (strcmp(call->base_url, mt_source_openmeteo.base_url) != 0)
        return mt_text_format(cx, out, "%s/v1/%s", call->base_url, way->path);
    return mt_text_format(cx, out, "https://%s%s/v1/%s", call->key ? "customer-" : "", way->host, way->path);
}

static mt_code name_url(mt_ctx *cx, mt_page_ask *ask)
{
    const struct question *question = ask->arg;
    char first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    const char *base, *key, *names = "", *extra = ask->query->extra;
    mt_day end = (mt_day)(ask->to / MT_US_DAY), bound = (mt_day)(ask->call->now / MT_US_DAY);
    bound += question->way->ahead;
    mt_day_text((mt_day)(mt_time_floor(ask->from, MT_US_DAY) / MT_US_DAY), first);
    mt_day_text(end < bound ? end : bound, last); /* the hour before `to` may be told at `to` */
    for (size_t k = 0; k < QUANTITIES; k++)
        MT_TRY(mt_text_format(cx, &names, "%s%s%s", names, k ? "," : "", quantities[k]));
    MT_TRY(name_base(cx, &base, ask->call, question->way));
    MT_TRY(mt_http_encode(cx, &key, ask->call->key ? ask->call->key : ""));
    return mt_text_format(cx, &ask->url,
                          "%s?latitude=%s&longitude=%s&hourly=%s&start_date=%s&end_date=%s&timezone=UTC"
                          "&timeformat=unixtime&wind_speed_unit=ms%s%s%s%s",
                          base, question->latitude, question->longitude, names, first, last,
                          *key ? "&apikey=" : "", key, extra && *extra ? "&" : "", extra ? extra : "");
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.way = &ways[mt_dataset_index(&mt_source_openmeteo, query)]};
    mt_page_ask ask = {.source = &mt_source_openmeteo, .call = call, .query = query, .read = read_answer};
    mt_time at = query->from, end = query->to;
    mt_time bound = mt_time_floor(call->now, MT_US_DAY) + (question.way->ahead + 1) * MT_US_DAY;
    ask.arg = &question;
    MT_TRY(find_place(cx, &question, query->area));
    if (end > bound) end = bound; /* beyond it nothing is known, and asking is refused */
    while (mt_span_cut(&at, end, query->dataset->most, &ask.from, &ask.to)) {
        MT_TRY(name_url(cx, &ask));
        MT_TRY(mt_page_fetch(cx, &ask, out));
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_openmeteo, call, "forecast", "DK1");
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

const mt_source mt_source_openmeteo = {
    .name = "openmeteo",
    .title = "Open-Meteo",
    .base_url = "https://api.open-meteo.com",
    .licence = "CC BY 4.0; the free service is for non-commercial use",
    .licence_url = "https://open-meteo.com/en/license",
    .attribution = "Weather data by Open-Meteo.com (https://open-meteo.com/)",
    .redistribute = true,
    .key_variable = "OPENMETEO_KEY",
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
