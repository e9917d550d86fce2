/* NESO, the system operator of Great Britain: generation mix, demand and embedded forecasts. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "sources/answer.h"
#include "sources/list.h"

#include <math.h>
#include <string.h>

#define HALF_HOUR (30 * MT_US_MINUTE)

static const mt_source_dataset datasets[] = {
    {.name = "generation-mix",
     .doc = "generation by fuel and its carbon intensity, since 2009",
     .kinds = "production emission exchange",
     .area_form = "GB",
     .step = HALF_HOUR,
     .publish_every = HALF_HOUR,
     .lag = HALF_HOUR,
     .look_back = 2 * MT_US_DAY,
     .most = 60 * MT_US_DAY},
    {.name = "demand",
     .doc = "national demand",
     .kinds = "load load_forecast",
     .area_form = "GB",
     .step = HALF_HOUR,
     .publish_every = MT_US_DAY,
     .look_back = 7 * MT_US_DAY,
     .most = 60 * MT_US_DAY},
    {.name = "embedded-forecast",
     .doc = "forecast of wind and solar behind the meter",
     .kinds = "production_forecast",
     .area_form = "GB",
     .step = HALF_HOUR,
     .publish_every = MT_US_HOUR,
     .look_back = MT_US_DAY,
     .most = 60 * MT_US_DAY},
    {0}};

/* The portal asks for no more than two requests a minute to its tables (from memory). */
static const mt_http_policy policy = {
    .provider = "neso", .window_max = 2, .window = MT_US_MINUTE, .timeout = 60 * MT_US_SECOND};

/* A value of a record. */
struct value {
    const char *field;
    mt_kind kind;
    const char *detail;
};

static const struct value mix[] = {{"GAS", MT_KIND_PRODUCTION, "Gas"},
                                   {"COAL", MT_KIND_PRODUCTION, "Coal"},
                                   {"NUCLEAR", MT_KIND_PRODUCTION, "Nuclear"},
                                   {"WIND", MT_KIND_PRODUCTION, "Wind"},
                                   {"WIND_EMB", MT_KIND_PRODUCTION, "Wind embedded"},
                                   {"HYDRO", MT_KIND_PRODUCTION, "Hydro"},
                                   {"BIOMASS", MT_KIND_PRODUCTION, "Biomass"},
                                   {"OTHER", MT_KIND_PRODUCTION, "Other"},
                                   {"SOLAR", MT_KIND_PRODUCTION, "Solar"},
                                   {"STORAGE", MT_KIND_PRODUCTION, "Storage"},
                                   {"IMPORTS", MT_KIND_EXCHANGE, ""},
                                   {"CARBON_INTENSITY", MT_KIND_EMISSION, ""},
                                   {0}};
static const struct value demand[] = {{"ND", MT_KIND_LOAD, ""}, {0}};
static const struct value embedded[] = {
    {"EMBEDDED_WIND_FORECAST", MT_KIND_PRODUCTION_FORECAST, "Wind embedded"},
    {"EMBEDDED_SOLAR_FORECAST", MT_KIND_PRODUCTION_FORECAST, "Solar embedded"},
    {0}};

/* In the order of the datasets: the table's identifier and its time. Tables of settlement periods count
 * them by
 * London days. Identifiers as public code names them. */
static const struct table {
    const char *resource;
    const char *time;
    bool periods;
    const struct value *value;
} tables[] = {{"f93d1835-75bc-43e5-84ad-12472b180a98", "DATETIME", false, mix},
              {"177f6fa4-ae49-4182-81ea-0c6b35f26ca6", "SETTLEMENT_DATE", true, demand},
              {"db6c038f-98af-4570-ab60-24d71ebd0ae5", "SETTLEMENT_DATE", true, embedded}};

enum { PAGE_RECORDS = 5000, PAGES_MAX = 1000 };

struct question {
    const struct table *table;
    const mt_zone *london;
    size_t records; /* of the last page */
};

static mt_code find_start(mt_page *page, const struct question *question, const mt_json *record, mt_time *out)
{
    mt_time at;
    int64_t period = 0;
    MT_TRY(mt_page_time(page, record, question->table->time, &at));
    *out = at;
    if (!question->table->periods) return MT_OK;
    mt_day day = (mt_day)(mt_time_floor(at, MT_US_DAY) / MT_US_DAY);
    const mt_json *number = mt_json_member(record, "SETTLEMENT_PERIOD");
    if (!number || !number->text.at || !mt_int_parse(number->text.at, number->text.length, &period) ||
        period < 1 || period > 50 ||
        mt_day_instant(page->cx, out, question->london, day, (int)period, HALF_HOUR) != MT_OK)
        return mt_page_fail(page, MT_E_REMOTE, "that day has no settlement period %lld", (long long)period);
    return MT_OK;
}

static mt_code add_values(mt_page *page, const struct table *table, const mt_json *record, mt_time start)
{
    const mt_json *flag = mt_json_member(record, "FORECAST_ACTUAL_INDICATOR");
    bool forecast = flag && flag->kind == MT_JSON_STRING && mt_text_equal(flag->text, "F");
    for (const struct value *value = table->value; value->field; value++) {
        mt_kind kind = forecast && value->kind == MT_KIND_LOAD ? MT_KIND_LOAD_FORECAST : value->kind;
        mt_observation row = {.kind = mt_kind_name(kind),
                              .area = "GB",
                              .detail = value->detail,
                              .unit = mt_kind_unit(kind),
                              .start = start,
                              .step = HALF_HOUR};
        MT_TRY(mt_page_real(page, record, value->field, false, &row.value));
        if (kind != MT_KIND_EMISSION) row.value = mt_energy_mwh(row.value, HALF_HOUR);
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code read_records(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct question *question = arg;
    const mt_json *top, *records;
    mt_time start = 0;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    const mt_json *success = mt_json_member(top, "success");
    if (!success || success->kind != MT_JSON_BOOL || !success->boolean)
        return mt_page_unexpected(page, answer, "\"success\": true");
    MT_TRY(mt_page_array(page, mt_json_member(top, "result"), "records", &records));
    question->records = records->count;
    for (const mt_json *record = records->first; record; record = record->next) {
        MT_TRY(find_start(page, question, record, &start));
        MT_TRY(add_values(page, question->table, record, start));
    }
    return MT_OK;
}

/* The filter of the plain search knows equality only; this one is the same search, in words. */
static mt_code name_url(mt_ctx *cx, mt_page_ask *ask, const struct question *question, size_t offset)
{
    const struct table *table = question->table;
    char from[MT_TIME_TEXT_MAX], to[MT_TIME_TEXT_MAX];
    const char *words, *encoded;
    mt_time_text(ask->from, from);
    mt_time_text(ask->to, to);
    if (table->periods) {
        mt_day_text(mt_day_at(question->london, ask->from), from);
        mt_day_text(mt_day_at(question->london, ask->to - 1) + 1, to);
    }
    from[strcspn(from, "Z")] = to[strcspn(to, "Z")] = '\0';
    MT_TRY(mt_text_format(
        cx, &words,
        "SELECT * FROM \"%s\" WHERE \"%s\" >= '%s' AND \"%s\" < '%s' ORDER BY \"_id\" LIMIT %d "
        "OFFSET %zu",
        table->resource, table->time, from, table->time, to, PAGE_RECORDS, offset));
    MT_TRY(mt_http_encode(cx, &encoded, words));
    return mt_text_format(cx, &ask->url, "%s/api/3/action/datastore_search_sql?sql=%s", ask->call->base_url,
                          encoded);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.table = &tables[mt_dataset_index(&mt_source_neso, query)]};
    mt_page_ask ask = {.source = &mt_source_neso, .call = call, .query = query};
    mt_time at = query->from;
    if (query->area && !mt_text_equal_nocase(mt_text_of(query->area), "GB"))
        return mt_fail(cx, MT_E_ABSENT, "neso knows the area GB only, not %.40s", query->area);
    MT_TRY(mt_zone_read(cx, &question.london, "Europe/London", NULL));
    ask.read = read_records;
    ask.arg = &question;
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to)) {
        question.records = PAGE_RECORDS;
        for (size_t k = 0; question.records == PAGE_RECORDS && k < PAGES_MAX; k++) {
            MT_TRY(name_url(cx, &ask, &question, k * PAGE_RECORDS));
            MT_TRY(mt_page_fetch(cx, &ask, out));
        }
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_neso, call, "generation-mix", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory. */
const mt_source mt_source_neso = {
    .name = "neso",
    .title = "NESO data portal (National Energy System Operator)",
    .base_url = "https://api.neso.energy",
    .licence = "NESO Open Data Licence",
    .licence_url = "https://www.neso.energy/data-portal/neso-open-licence",
    .attribution = "Supported by National Energy SO Open Data",
    .redistribute = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
