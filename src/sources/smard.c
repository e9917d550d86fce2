/* SMARD of the Bundesnetzagentur: prices, generation, load and their forecasts for Germany and its
 * neighbours. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "terms/area.h"

#include <string.h>

static const mt_source_dataset datasets[] = {{.name = "price",
                                              .doc = "day-ahead prices of Germany and its neighbours",
                                              .kinds = "spot_price",
                                              .area_form = "DE-LU, AT, FR, DK1, …",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = MT_US_DAY},
                                             {.name = "generation",
                                              .doc = "generation by type",
                                              .kinds = "production plant_consumption",
                                              .area_form = "DE-LU, DE, AT",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = 15 * MT_US_MINUTE,
                                              .lag = MT_US_HOUR,
                                              .look_back = 14 * MT_US_DAY},
                                             {.name = "load",
                                              .doc = "load of the grid",
                                              .kinds = "load",
                                              .area_form = "DE-LU, DE, AT",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = 15 * MT_US_MINUTE,
                                              .lag = MT_US_HOUR,
                                              .look_back = 14 * MT_US_DAY},
                                             {.name = "forecast",
                                              .doc = "day-ahead forecasts of wind, solar and load",
                                              .kinds = "production_forecast load_forecast",
                                              .area_form = "DE-LU, DE, AT",
                                              .step = 15 * MT_US_MINUTE,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = 2 * MT_US_DAY},
                                             {0}};

enum dataset { PRICE, GENERATION, LOAD, FORECAST };

/* One of SMARD's series ("filter"). Numbers from its own pages, as the public descriptions of the API give
 * them. */
static const struct filter {
    int number;
    enum dataset dataset;
    mt_kind kind;
    const char *detail;
    const char *zone; /* of a price */
} filters[] = {{4169, PRICE, MT_KIND_SPOT_PRICE, "", "DE-LU"},
               {4170, PRICE, MT_KIND_SPOT_PRICE, "", "AT"},
               {4996, PRICE, MT_KIND_SPOT_PRICE, "", "BE"},
               {4997, PRICE, MT_KIND_SPOT_PRICE, "", "NO2"},
               {252, PRICE, MT_KIND_SPOT_PRICE, "", "DK1"},
               {253, PRICE, MT_KIND_SPOT_PRICE, "", "DK2"},
               {254, PRICE, MT_KIND_SPOT_PRICE, "", "FR"},
               {255, PRICE, MT_KIND_SPOT_PRICE, "", "IT-NORD"},
               {256, PRICE, MT_KIND_SPOT_PRICE, "", "NL"},
               {257, PRICE, MT_KIND_SPOT_PRICE, "", "PL"},
               {258, PRICE, MT_KIND_SPOT_PRICE, "", "SE4"},
               {259, PRICE, MT_KIND_SPOT_PRICE, "", "CH"},
               {260, PRICE, MT_KIND_SPOT_PRICE, "", "SI"},
               {261, PRICE, MT_KIND_SPOT_PRICE, "", "CZ"},
               {262, PRICE, MT_KIND_SPOT_PRICE, "", "HU"},
               {1223, GENERATION, MT_KIND_PRODUCTION, "Lignite", NULL},
               {1224, GENERATION, MT_KIND_PRODUCTION, "Nuclear", NULL},
               {1225, GENERATION, MT_KIND_PRODUCTION, "Wind Offshore", NULL},
               {1226, GENERATION, MT_KIND_PRODUCTION, "Hydro", NULL},
               {1227, GENERATION, MT_KIND_PRODUCTION, "Other conventional", NULL},
               {1228, GENERATION, MT_KIND_PRODUCTION, "Other renewable", NULL},
               {4066, GENERATION, MT_KIND_PRODUCTION, "Biomass", NULL},
               {4067, GENERATION, MT_KIND_PRODUCTION, "Wind Onshore", NULL},
               {4068, GENERATION, MT_KIND_PRODUCTION, "Solar", NULL},
               {4069, GENERATION, MT_KIND_PRODUCTION, "Hard coal", NULL},
               {4070, GENERATION, MT_KIND_PRODUCTION, "Pumped storage", NULL},
               {4071, GENERATION, MT_KIND_PRODUCTION, "Gas", NULL},
               {410, LOAD, MT_KIND_LOAD, "", NULL},
               {123, FORECAST, MT_KIND_PRODUCTION_FORECAST, "Wind Onshore", NULL},
               {3791, FORECAST, MT_KIND_PRODUCTION_FORECAST, "Wind Offshore", NULL},
               {125, FORECAST, MT_KIND_PRODUCTION_FORECAST, "Solar", NULL},
               {411, FORECAST, MT_KIND_LOAD_FORECAST, "", NULL}};

enum { FILTERS = sizeof filters / sizeof *filters };

/* No limit is published; these keep a client polite (a figure of ours). */
static const mt_http_policy policy = {.provider = "smard", .rate_per_s = 5, .burst = 10};

/* One series of one region. */
struct series {
    const struct filter *filter;
    const char *region; /* of the address: "DE" */
    const char *area;   /* of the rows */
    const char *resolution;
    mt_time step;
    mt_ctx *keep;   /* where the list of files lives */
    mt_time *start; /* of the files, ascending */
    size_t n;
};

static mt_code read_index(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct series *series = arg;
    const mt_json *top, *stamps;
    mt_time *start = NULL;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "timestamps", &stamps));
    MT_TRY(mt_page_times(page, stamps, "timestamps", MT_US_SECOND / 1000, &start));
    for (size_t k = 1; k < stamps->count; k++)
        if (start[k] <= start[k - 1])
            return mt_page_fail(page, MT_E_REMOTE, "\"timestamps\" should ascend, but element %zu does not",
                                k + 1);
    MT_TRY(MT_NEW(series->keep, &series->start, stamps->count + 1));
    memcpy(series->start, start, stamps->count * sizeof *start);
    series->n = stamps->count;
    return MT_OK;
}

/* {"series":[[milliseconds, value or null], …]}: what is still to come stands there as null. */
static mt_code read_series(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct series *series = arg;
    const mt_json *top, *pairs;
    int64_t at;
    mt_observation row = {.kind = mt_kind_name(series->filter->kind),
                          .area = series->area,
                          .detail = series->filter->detail,
                          .unit = mt_kind_unit(series->filter->kind),
                          .step = series->step};
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "series", &pairs));
    for (const mt_json *pair = pairs->first; pair; pair = pair->next) {
        const mt_json *time = mt_json_element(pair, 0), *value = mt_json_element(pair, 1);
        if (!time || time->kind != MT_JSON_NUMBER || !mt_int_parse(time->text.at, time->text.length, &at) ||
            at > INT64_MAX / 2000 || at < INT64_MIN / 2000)
            return mt_page_fail(page, MT_E_REMOTE,
                                "\"series\" should hold pairs of milliseconds and a value");
        MT_TRY(mt_page_number(page, value, "series", &row.value));
        row.start = at * 1000;
        if (value->kind != MT_JSON_NULL || row.start + row.step <= page->ask->call->now)
            MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

/* A file holds what begins at its start until the next one's; the last one at most a week and a clock
 * change. */
static bool is_needed(const struct series *series, size_t k, const mt_source_query *query)
{
    mt_time end = k + 1 < series->n ? series->start[k + 1] : series->start[k] + 8 * MT_US_DAY;
    return series->start[k] < query->to && end > query->from;
}

static mt_code fetch_series(mt_ctx *cx, mt_page_ask *ask, struct series *series, mt_sink *out)
{
    int number = series->filter->number;
    const char *base = ask->call->base_url;
    ask->arg = series;
    ask->read = read_index;
    series->n = 0;
    MT_TRY(mt_text_format(cx, &ask->url, "%s/app/chart_data/%d/%s/index_%s.json", base, number,
                          series->region, series->resolution));
    MT_TRY(mt_page_fetch(cx, ask, out));
    ask->read = read_series;
    for (size_t k = 0; k < series->n; k++) {
        if (!is_needed(series, k, ask->query)) continue;
        MT_TRY(mt_text_format(cx, &ask->url, "%s/app/chart_data/%d/%s/%d_%s_%s_%lld.json", base, number,
                              series->region, number, series->region, series->resolution,
                              (long long)(series->start[k] / 1000)));
        MT_TRY(mt_page_fetch(cx, ask, out));
    }
    return MT_OK;
}

/* Prices stand under the region DE, whatever their zone; the rest under its own. Germany without Luxembourg
 * is an
 * area of its own, so that its values do not mix with those of the zone. */
static mt_code name_place(mt_ctx *cx, struct series *series, enum dataset dataset, const char *word)
{
    const mt_area *area;
    series->area = series->region = "DE";
    if (dataset != PRICE && word && mt_text_equal_nocase(mt_text_of(word), "DE")) return MT_OK;
    MT_TRY(mt_area_get(cx, &area, word ? word : "DE-LU"));
    series->area = area->name;
    if (dataset != PRICE) series->region = strcmp(area->name, "DE-LU") == 0 ? "DE-LU" : area->country;
    return MT_OK;
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    enum dataset dataset = (enum dataset)mt_dataset_index(&mt_source_smard, query);
    struct series series = {.resolution = "quarterhour", .step = 15 * MT_US_MINUTE, .keep = cx};
    mt_page_ask ask = {
        .source = &mt_source_smard, .call = call, .query = query, .from = query->from, .to = query->to};
    int found = 0;
    MT_TRY(name_place(cx, &series, dataset, query->area));
    if (query->extra && strcmp(query->extra, "resolution=hour") == 0) {
        series.resolution = "hour";
        series.step = MT_US_HOUR;
    }
    for (size_t k = 0; k < FILTERS; k++) {
        series.filter = &filters[k];
        if (filters[k].dataset != dataset) continue;
        if (filters[k].zone && strcmp(filters[k].zone, series.area) != 0) continue;
        found++;
        MT_TRY(fetch_series(cx, &ask, &series, out));
    }
    if (found) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT, "smard has no %s of %s", query->dataset->name, series.area);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_smard, call, "price", "DE-LU");
    mt_sink *none;
    struct series series = {.filter = filters, .region = "DE", .resolution = "hour", .keep = cx};
    mt_page_ask ask = {.source = &mt_source_smard, .call = call, .query = &query, .read = read_index};
    ask.arg = &series;
    MT_TRY(mt_check_sink(cx, &none));
    MT_TRY(mt_text_format(cx, &ask.url, "%s/app/chart_data/4169/DE/index_hour.json", call->base_url));
    return mt_page_fetch(cx, &ask, none);
}

const mt_source mt_source_smard = {
    .name = "smard",
    .title = "SMARD (Bundesnetzagentur)",
    .base_url = "https://www.smard.de",
    .licence = "CC BY 4.0",
    .licence_url = "https://creativecommons.org/licenses/by/4.0/",
    .attribution = "Source: Bundesnetzagentur | SMARD.de",
    .redistribute = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
