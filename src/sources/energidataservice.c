/* Energi Data Service: prices, production, balance and forecasts of the Danish system, from Energinet.
 *
 * Time      Asked in UTC (timezone=UTC): the hour that comes twice in a Danish autumn night is two records.
 *           Prices by the hour (Elspotprices) end with the hour of 2025-09-30T21:00Z, those by the quarter
 *           (DayAheadPrices) start at 22:00Z; "prices" is both.
 * Source    Energi Data Service, "API guides": /dataset/NAME with start, end, timezone, limit, offset, sort
 *           and filter, answered by {"total","limit","dataset","records"}. 40 requests in 10 s is what
 *           integrators report as its limit.
 */
#include "sources/list.h"
#include "sources/listing.h"

#include "formats/series/mapping.h"
#include "sources/answer.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { PAGE_RECORDS = 10000, STARTS_OVER_MAX = 3 };

#define PRICE_AREAS "DK1, DK2, DE, NO2, SE3, SE4, SYSTEM"
#define BOTH_AREAS  "DK1, DK2"

static const mt_source_dataset datasets[] = {
    {.name = "prices",
     .doc = "day-ahead prices, by the hour and since October 2025 by the quarter",
     .kinds = "spot_price",
     .area_form = PRICE_AREAS,
     .step = 15 * MT_US_MINUTE,
     .publish_every = 15 * MT_US_MINUTE,
     .look_back = 2 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {.name = "Elspotprices",
     .doc = "day-ahead prices by the hour, to September 2025",
     .kinds = "spot_price",
     .area_form = PRICE_AREAS,
     .step = MT_US_HOUR,
     .publish_every = MT_US_DAY,
     .look_back = 2 * MT_US_DAY,
     .most = 92 * MT_US_DAY},
    {.name = "DayAheadPrices",
     .doc = "day-ahead prices by the quarter, since October 2025",
     .kinds = "spot_price",
     .area_form = PRICE_AREAS,
     .step = 15 * MT_US_MINUTE,
     .publish_every = 15 * MT_US_MINUTE,
     .look_back = 2 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {.name = "DeclarationProduction",
     .doc = "production by type, settled",
     .kinds = "production",
     .area_form = BOTH_AREAS,
     .step = MT_US_HOUR,
     .publish_every = 6 * MT_US_HOUR,
     .lag = 10 * MT_US_DAY,
     .look_back = 31 * MT_US_DAY,
     .most = 4 * MT_US_DAY},
    {.name = "PowerSystemRightNow",
     .doc = "production, exchange and emission by the minute",
     .kinds = "production exchange emission balance",
     .step = MT_US_MINUTE,
     .publish_every = MT_US_MINUTE,
     .look_back = MT_US_HOUR,
     .most = 4 * MT_US_DAY},
    {.name = "Forecasts_Hour",
     .doc = "expected production of wind and sun",
     .kinds = "production_forecast",
     .area_form = BOTH_AREAS,
     .step = MT_US_HOUR,
     .publish_every = 5 * MT_US_MINUTE,
     .look_back = 2 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {.name = "ElectricityBalanceNonv",
     .doc = "load, production by type and exchange, not validated",
     .kinds = "load production exchange",
     .area_form = BOTH_AREAS,
     .step = MT_US_HOUR,
     .publish_every = MT_US_HOUR,
     .lag = MT_US_HOUR,
     .look_back = 7 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {0}};

static const char *const price_areas[] = {"DK1", "DK2", "DE", "NO2", "SE3", "SE4", "SYSTEM"};
static const char *const both_areas[] = {"DK1", "DK2"};
static const char *const whole_country[] = {"DK"};

/* How a dataset is asked: the order that makes pages stable is its key. */
typedef struct form {
    const char *name, *sort;
    const char *const *area;
    size_t n_area;
    const char *usual; /* areas where none is asked for; NULL: all, without a filter */
} form;

static const form forms[] = {
    {"Elspotprices", "HourUTC,PriceArea", price_areas, COUNT(price_areas), "DK1,DK2"},
    {"DayAheadPrices", "TimeUTC,PriceArea", price_areas, COUNT(price_areas), "DK1,DK2"},
    {"DeclarationProduction",
     "HourUTC,PriceArea,Version,FuelAllocationMethod,ReportGrpCode,ProductionType,DeliveryType", both_areas,
     COUNT(both_areas), NULL},
    {"PowerSystemRightNow", "Minutes1UTC", whole_country, COUNT(whole_country), NULL},
    {"Forecasts_Hour", "HourUTC,PriceArea,ForecastType", both_areas, COUNT(both_areas), NULL},
    {"ElectricityBalanceNonv", "HourUTC,PriceArea", both_areas, COUNT(both_areas), NULL},
};

static const mt_http_policy policy = {
    .provider = "energidataservice", .window_max = 40, .window = 10 * MT_US_SECOND, .timeout = MT_US_MINUTE};

/* 2025-09-30T22:00Z, the start of the first of October in Denmark. */
static mt_time quarters_start(void)
{
    return mt_time_of((mt_civil){.year = 2025, .month = 9, .day = 30, .hour = 22});
}

/* One dataset of the service over one span, asked in windows and pages. */
typedef struct asking {
    mt_ctx *cx;
    const mt_source_call *call;
    const mt_source_query *query;
    const form *form;
    mt_mapper *mapper;
    const char *filter; /* "&filter=…" or "" */
    mt_sink *out;
    mt_time from, to; /* the window */
    mt_time fresh_for;
    mt_ctx window; /* memory of the window's rows */
    mt_observation *row;
    size_t n, room, outside, broken, records;
    const char *fault; /* of the first broken record */
} asking;

static mt_code keep_row(asking *a, const mt_observation *row)
{
    if (row->start < a->from || row->start >= a->to) {
        a->outside++;
        return MT_OK;
    }
    MT_TRY(mt_ctx_grow(&a->window, &a->row, a->n, &a->room, sizeof *a->row));
    mt_observation *kept = &a->row[a->n++];
    *kept = *row;
    if (row->payload) MT_TRY(mt_text_copy(&a->window, &kept->payload, mt_text_of(row->payload)));
    return MT_OK;
}

static mt_code read_record(asking *a, mt_text record)
{
    mt_mapped mapped;
    MT_TRY(mt_mapper_json(a->cx, a->mapper, record, a->call->now, &mapped));
    a->records++;
    if (mapped.fault) {
        if (!a->broken++) MT_TRY(mt_text_copy(&a->window, &a->fault, mt_text_of(mapped.fault)));
        return MT_OK;
    }
    for (size_t k = 0; k < mapped.n; k++) {
        mt_code code = keep_row(a, &mapped.at[k]);
        if (code != MT_OK) return mt_fail(a->cx, code, "%s", a->window.err);
    }
    return MT_OK;
}

/* A page of the service: how many records it holds and how many there are in all. */
static mt_code read_page(asking *a, mt_text body, int64_t *n, int64_t *total)
{
    mt_listing listing;
    mt_text record, name;
    const char *who;
    MT_TRY(mt_text_format(a->cx, &who, "energidataservice %s", a->form->name));
    MT_TRY(mt_listing_open(a->cx, &listing, who, body, "records"));
    if (!mt_listing_int(&listing, "total", total) || *total < 0)
        return mt_fail(a->cx, MT_E_REMOTE, "%s: the answer names no total of records", who);
    if (mt_listing_text(&listing, "dataset", &name) && !mt_text_equal(name, a->form->name))
        return mt_fail(a->cx, MT_E_REMOTE, "%s: the answer is of the dataset %.*s", who,
                       (int)(name.length < 40 ? name.length : 40), name.at);
    *n = 0;
    while (mt_listing_next(&listing, &record)) {
        MT_TRY(read_record(a, record));
        ++*n;
    }
    return MT_OK;
}

/* "2024-10-26T22:00" */
static mt_code stamp(mt_ctx *cx, const char **out, mt_time t)
{
    mt_civil c = mt_time_civil(t);
    return mt_text_format(cx, out, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static mt_code ask_page(asking *a, int64_t offset, int64_t *n, int64_t *total)
{
    const char *from, *to, *sort, *extra = a->query->extra;
    mt_http_answer answer;
    mt_http_request request = {.policy = &policy, .fresh_for = a->fresh_for, .tries = a->call->tries};
    mt_mark mark = mt_arena_mark(&a->cx->arena);
    MT_TRY(stamp(a->cx, &from, mt_time_floor(a->from, MT_US_MINUTE)));
    MT_TRY(stamp(a->cx, &to, mt_time_floor(a->to + MT_US_MINUTE - 1, MT_US_MINUTE)));
    MT_TRY(mt_http_encode(a->cx, &sort, a->form->sort));
    MT_TRY(mt_text_format(a->cx, &request.url,
                          "%s/dataset/%s?start=%s&end=%s&timezone=UTC&limit=%d&offset=%lld&sort=%s%s%s%s",
                          a->call->base_url, a->form->name, from, to, PAGE_RECORDS, (long long)offset, sort,
                          a->filter, extra && *extra ? "&" : "", extra ? extra : ""));
    MT_TRY(mt_http_fetch(a->cx, a->call->http, &request, &answer));
    ++*a->call->pages;
    MT_TRY(read_page(a, answer.body, n, total));
    mt_arena_reset(&a->cx->arena, mark);
    return MT_OK;
}

static void forget_rows(asking *a)
{
    mt_arena_reset(&a->window.arena, (mt_mark){0});
    a->row = NULL;
    a->n = a->room = a->outside = a->broken = a->records = 0;
    a->fault = NULL;
}

/* All pages, as long as they speak of the same total; *same is false when they do not. */
static mt_code ask_pages(asking *a, bool *same)
{
    int64_t total = -1, n = 0, now;
    for (int64_t offset = 0; offset < total || total < 0; offset += n) {
        MT_TRY(ask_page(a, offset, &n, &now));
        *same = total < 0 || now == total;
        if (!*same) return MT_OK;
        total = now;
        if (n == 0 && offset < total)
            return mt_fail(a->cx, MT_E_REMOTE, "energidataservice %s: %lld records are told and %lld came",
                           a->form->name, (long long)total, (long long)offset);
    }
    return MT_OK;
}

/* What is left out is told; an answer that is mostly wrong is none. */
static mt_code judge_window(asking *a)
{
    char from[MT_TIME_TEXT_MAX];
    mt_time_text(a->from, from);
    if (a->broken * 2 > a->records)
        return mt_fail(a->cx, MT_E_REMOTE, "energidataservice %s: %zu of %zu records cannot be read: %s",
                       a->form->name, a->broken, a->records, a->fault);
    if (a->outside && !a->n)
        return mt_fail(a->cx, MT_E_REMOTE,
                       "energidataservice %s: asked from %s on, it answers with other times", a->form->name,
                       from);
    if (a->broken)
        mt_log(a->cx, MT_LOG_WARN, "energidataservice %s from %s: %zu of %zu records left out: %s",
               a->form->name, from, a->broken, a->records, a->fault);
    if (a->outside)
        mt_log(a->cx, MT_LOG_WARN, "energidataservice %s from %s: %zu values of other times left out",
               a->form->name, from, a->outside);
    return MT_OK;
}

static mt_code ask_window(asking *a)
{
    bool same = false;
    a->fresh_for = a->query->dataset->publish_every;
    for (int k = 0; k < STARTS_OVER_MAX && !same; k++) {
        forget_rows(a);
        MT_TRY(ask_pages(a, &same));
        a->fresh_for = 0; /* an old first page does not fit a new second one */
    }
    if (!same)
        return mt_fail(a->cx, MT_E_REMOTE,
                       "energidataservice %s: the number of records changed between pages, %d times in a row",
                       a->form->name, STARTS_OVER_MAX);
    MT_TRY(judge_window(a));
    return mt_page_push(a->cx, a->out, &a->window, a->row, a->n);
}

/* Is it one of the dataset's? */
static mt_code check_area(mt_ctx *cx, const form *how, const char *area)
{
    for (size_t k = 0; k < how->n_area; k++) {
        if (strcmp(how->area[k], area) == 0) return MT_OK;
    }
    int nearest = mt_text_nearest(area, how->area, how->n_area);
    return mt_fail(cx, MT_E_ABSENT, "energidataservice %s has no area %.40s; %s %s%s", how->name, area,
                   nearest < 0 ? "it has" : "did you mean", how->area[nearest < 0 ? 0 : nearest],
                   nearest < 0 ? (how->n_area > 1 ? " and others" : "") : "?");
}

/* "&filter={"PriceArea":["DK1","DK2"]}", encoded, of "DK1, DK2"; "" for all. */
static mt_code make_filter(mt_ctx *cx, const char **out, const form *how, const char *areas)
{
    const char *list = "", *area, *encoded;
    if (!areas || !*areas) areas = how->usual;
    *out = "";
    while (areas && *areas) {
        size_t n = strcspn(areas, ",");
        MT_TRY(mt_text_copy(cx, &area, mt_text_trim((mt_text){areas, n})));
        MT_TRY(check_area(cx, how, area));
        MT_TRY(mt_text_format(cx, &list, "%s%s\"%s\"", list, *list ? "," : "", area));
        areas += n + (areas[n] == ',');
    }
    if (!*list || how->area == whole_country) return MT_OK;
    MT_TRY(mt_text_format(cx, &list, "{\"PriceArea\":[%s]}", list));
    MT_TRY(mt_http_encode(cx, &encoded, list));
    return mt_text_format(cx, out, "&filter=%s", encoded);
}

static mt_code ask_windows(asking *a)
{
    mt_time from = a->from, to = a->to, most = a->query->dataset->most;
    for (mt_time at = from; at < to; at = a->to) {
        a->from = at;
        a->to = to - at > most ? at + most : to;
        MT_TRY(ask_window(a));
    }
    return MT_OK;
}

static const form *find_form(const char *name)
{
    const form *found = forms;
    while (strcmp(found->name, name) != 0) found++;
    return found;
}

/* One dataset over [from, to). */
static mt_code ask_dataset(mt_ctx *cx, const asking *about, const char *name, mt_time from, mt_time to)
{
    asking a = *about;
    const mt_mapping *mapping = mt_mapping_find(name);
    if (from >= to) return MT_OK;
    if (!mapping) return mt_fail(cx, MT_E_BUG, "no mapping is called %s", name);
    a.form = find_form(name);
    a.from = from;
    a.to = to;
    MT_TRY(make_filter(cx, &a.filter, a.form, a.query->area));
    MT_TRY(mt_mapper_open(cx, &a.mapper, mapping, NULL));
    mt_ctx_init(&a.window, NULL);
    mt_code code = ask_windows(&a);
    mt_ctx_close(&a.window);
    mt_mapper_close(a.mapper);
    return code;
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    asking a = {.cx = cx, .call = call, .query = query, .out = out};
    const char *name = query->dataset->name;
    mt_time cut = quarters_start();
    if (strcmp(name, "prices") == 0) {
        mt_time hours_end = query->to < cut ? query->to : cut;
        mt_time quarters = query->from > cut ? query->from : cut;
        MT_TRY(ask_dataset(cx, &a, "Elspotprices", query->from, hours_end));
        MT_TRY(ask_dataset(cx, &a, "DayAheadPrices", quarters, query->to));
    } else {
        MT_TRY(ask_dataset(cx, &a, name, query->from, query->to));
    }
    return MT_OK;
}

/* One record of yesterday's prices. */
static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_http_answer answer;
    mt_listing listing;
    mt_http_request request = {.policy = &policy, .tries = call->tries};
    MT_TRY(mt_text_format(cx, &request.url, "%s/dataset/DayAheadPrices?limit=1", call->base_url));
    MT_TRY(mt_http_fetch(cx, call->http, &request, &answer));
    ++*call->pages;
    return mt_listing_open(cx, &listing, "energidataservice DayAheadPrices", answer.body, "records");
}

const mt_source mt_source_energidataservice = {
    .name = "energidataservice",
    .title = "Energi Data Service (Energinet)",
    .base_url = "https://api.energidataservice.dk",
    .licence = "CC BY 4.0",
    .licence_url = "https://creativecommons.org/licenses/by/4.0/",
    .attribution = "Source: Energinet (Energi Data Service)",
    .redistribute = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
