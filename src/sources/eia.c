/* U.S. Energy Information Administration: hourly load, generation and exchange, and the price of gas.
 *
 * Time      The period of an hour is its end ("2024-01-01T00" ends at midnight UTC); here it stands at its
 *           start. A day of the price of gas is the day at 00:00 UTC.
 * Units     Energy in MWh. Net interchange is positive when it flows out, exchange here when it flows in. The
 *           price of gas is told in USD/MMBtu and becomes USD/MWh (of its gross calorific value).
 * Source    eia.gov, "Open Data", API v2: /v2/ROUTE/data with frequency, data[], facets, start and end (both
 *           included), sort, offset and length (at most 5,000), answered by {"response":{"total","data"}},
 *           numbers as texts. "About the EIA-930 data": the hour ending. One MMBtu is 0.29307107 MWh.
 */
#include "sources/backend.h"

#include "sources/answer.h"
#include "sources/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BALANCING "US48, PJM, CISO, ERCO, MISO, NYIS, … (respondents)"

enum { PAGE_RECORDS = 5000, PAGES_MAX = 2000 };

static const double MWH_OF_MMBTU = 0.29307107;

static const mt_source_dataset datasets[] = {
    {.name = "region-data",
     .doc = "demand, its forecast, net generation and exchange by the hour",
     .kinds = "load load_forecast net_generation exchange",
     .area_form = BALANCING,
     .step = MT_US_HOUR,
     .publish_every = 15 * MT_US_MINUTE,
     .lag = 2 * MT_US_HOUR,
     .look_back = 3 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {.name = "fuel-type-data",
     .doc = "net generation by energy source and hour",
     .kinds = "production",
     .area_form = BALANCING,
     .step = MT_US_HOUR,
     .publish_every = 15 * MT_US_MINUTE,
     .lag = 2 * MT_US_HOUR,
     .look_back = 3 * MT_US_DAY,
     .most = 31 * MT_US_DAY},
    {.name = "gas-spot",
     .doc = "Henry Hub natural gas spot price by the day",
     .kinds = "fuel_price",
     .step = MT_US_DAY,
     .publish_every = 6 * MT_US_HOUR,
     .lag = 3 * MT_US_DAY,
     .look_back = 14 * MT_US_DAY,
     .most = 3660 * MT_US_DAY},
    {0}};

enum dataset { REGION, FUEL_TYPE, GAS };

/* A limit is not published; 5 a second is what it has borne (from memory). */
static const mt_http_policy policy = {.provider = "eia",
                                      .key_variable = "EIA_API_KEY",
                                      .secret = "api_key",
                                      .rate_per_s = 5,
                                      .burst = 5,
                                      .timeout = 60 * MT_US_SECOND};

static const struct type {
    const char *code;
    const char *kind;
    double sign;
} types[] = {{"D", "load", 1},
             {"DF", "load_forecast", 1},
             {"NG", "net_generation", 1}, /* the sum of fuel-type-data: no production beside it */
             {"TI", "exchange", -1}};

struct question {
    enum dataset dataset;
    const char *respondent;
    int64_t records, total; /* of the last page; of all */
};

/* "2024-01-01T00" is 2024-01-01T00:00Z. */
static bool read_hour(mt_text text, mt_time *out)
{
    char stamp[32];
    bool has_offset;
    if (text.length != 13 || text.at[10] != 'T') return false;
    snprintf(stamp, sizeof stamp, "%.13s:00Z", text.at);
    return mt_time_parse(stamp, strlen(stamp), out, &has_offset);
}

static mt_code read_period(mt_page *page, const mt_json *record, mt_observation *row)
{
    const char *period;
    mt_day day;
    const struct question *question = page->ask->arg;
    MT_TRY(mt_page_text(page, record, "period", &period));
    mt_text text = mt_text_of(period);
    if (question->dataset == GAS ? mt_day_parse(text.at, text.length, &day) : read_hour(text, &row->start)) {
        row->step = question->dataset == GAS ? MT_US_DAY : MT_US_HOUR;
        row->start = question->dataset == GAS ? (mt_time)day * MT_US_DAY : row->start - MT_US_HOUR;
        return MT_OK;
    }
    return mt_page_fail(page, MT_E_REMOTE, "a period such as %s was expected, not %.40s",
                        question->dataset == GAS ? "2024-01-02" : "2024-01-01T00", period);
}

static mt_code read_unit(mt_page *page, const mt_json *record, const char *name, const char *expected)
{
    const char *unit;
    MT_TRY(mt_page_text(page, record, name, &unit));
    if (strcasecmp(unit, expected) == 0) return MT_OK;
    return mt_page_fail(page, MT_E_REMOTE, "values in %s were expected, not in %.40s", expected, unit);
}

/* false: a type that is not known here. */
static bool name_type(const char *code, mt_observation *row)
{
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        if (strcmp(types[k].code, code) != 0) continue;
        row->kind = types[k].kind;
        row->value *= types[k].sign;
        return true;
    }
    return false;
}

static mt_code add_energy(mt_page *page, const mt_json *record, mt_observation *row)
{
    const struct question *question = page->ask->arg;
    const char *type;
    row->unit = "MWh";
    MT_TRY(mt_page_text(page, record, "respondent", &row->area));
    MT_TRY(read_unit(page, record, "value-units", "megawatthours"));
    if (question->dataset == FUEL_TYPE) {
        row->kind = mt_kind_name(MT_KIND_PRODUCTION);
        MT_TRY(mt_page_text(page, record, "type-name", &row->detail));
        return mt_page_add(page, row);
    }
    MT_TRY(mt_page_text(page, record, "type", &type));
    return name_type(type, row) ? mt_page_add(page, row) : MT_OK;
}

static mt_code add_price(mt_page *page, const mt_json *record, mt_observation *row)
{
    char told[32];
    MT_TRY(read_unit(page, record, "units", "$/MMBTU"));
    *row = (mt_observation){.kind = mt_kind_name(MT_KIND_FUEL_PRICE),
                            .area = "Natural gas, Henry Hub",
                            .unit = "USD/MWh",
                            .start = row->start,
                            .step = row->step,
                            .value = row->value};
    if (!isnan(row->value)) {
        mt_real_text(row->value, told);
        MT_TRY(mt_text_format(page->cx, &row->payload, "{\"value\":%s,\"unit\":\"USD/MMBtu\"}", told));
        row->value /= MWH_OF_MMBTU;
    }
    return mt_page_add(page, row);
}

static mt_code add_record(mt_page *page, const mt_json *record)
{
    const struct question *question = page->ask->arg;
    mt_observation row = {.detail = ""};
    MT_TRY(read_period(page, record, &row));
    if (!mt_json_member(record, "value")) return MT_OK; /* nothing was said */
    MT_TRY(mt_page_real(page, record, "value", false, &row.value));
    return question->dataset == GAS ? add_price(page, record, &row) : add_energy(page, record, &row);
}

/* {"error":{"code","message"}} or {"error":"…","code":400}, also with status 200. */
static mt_code judge(mt_page *page, const mt_json *top)
{
    const mt_json *error = mt_json_member(top, "error"), *message = mt_json_member(error, "message");
    if (error && error->kind == MT_JSON_STRING) message = error;
    if (!message || message->kind != MT_JSON_STRING) return MT_OK;
    return mt_page_fail(page, MT_E_INPUT, "refused: %.300s", message->text.at);
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct question *question = arg;
    const mt_json *top, *data;
    double total;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(judge(page, top));
    const mt_json *response = mt_json_member(top, "response");
    MT_TRY(mt_page_array(page, response, "data", &data));
    MT_TRY(mt_page_real(page, response, "total", false, &total));
    if (!(total >= (double)data->count && total < 1e12))
        return mt_page_fail(page, MT_E_REMOTE, "%zu records came of %g in all", data->count, total);
    question->records = (int64_t)data->count;
    question->total = (int64_t)total;
    for (const mt_json *record = data->first; record; record = record->next) MT_TRY(add_record(page, record));
    return MT_OK;
}

/* "2024-01-01T01": hours are named by their ends, days by themselves. */
static void stamp(mt_time t, bool day, char out[24])
{
    mt_civil c = mt_time_civil(t);
    int n = snprintf(out, 24, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
    if (!day) snprintf(out + n, 24 - (size_t)n, "T%02d", c.hour % 100);
}

/* The question without its page: route, facets, order. Brackets are encoded: not every server takes them. */
static mt_code name_route(mt_ctx *cx, const char **out, const struct question *question,
                          const mt_source_call *call)
{
    const char *respondent;
    if (question->dataset == GAS)
        return mt_text_format(cx, out,
                              "%s/v2/natural-gas/pri/fut/data/?frequency=daily&facets%%5Bseries%%5D%%5B%%5D="
                              "RNGWHHD&sort%%5B0%%5D%%5Bcolumn%%5D=period&sort%%5B0%%5D%%5Bdirection%%5D=asc",
                              call->base_url);
    MT_TRY(mt_http_encode(cx, &respondent, question->respondent));
    return mt_text_format(
        cx, out,
        "%s/v2/electricity/rto/%s/data/?frequency=hourly&facets%%5Brespondent%%5D%%5B%%5D=%s"
        "&sort%%5B0%%5D%%5Bcolumn%%5D=period&sort%%5B0%%5D%%5Bdirection%%5D=asc"
        "&sort%%5B1%%5D%%5Bcolumn%%5D=%s&sort%%5B1%%5D%%5Bdirection%%5D=asc",
        call->base_url, datasets[question->dataset].name, respondent,
        question->dataset == REGION ? "type" : "fueltype");
}

static mt_code ask_page(mt_ctx *cx, mt_page_ask *ask, const char *route, int64_t offset, mt_sink *out)
{
    const struct question *question = ask->arg;
    char from[24], to[24];
    const char *key, *extra = ask->query->extra;
    bool day = question->dataset == GAS;
    stamp(day ? ask->from : mt_time_floor(ask->from, MT_US_HOUR) + MT_US_HOUR, day, from);
    stamp(day ? ask->to - 1 : mt_time_floor(ask->to - 1, MT_US_HOUR) + MT_US_HOUR, day, to);
    MT_TRY(mt_http_encode(cx, &key, ask->call->key ? ask->call->key : ""));
    MT_TRY(mt_text_format(
        cx, &ask->url, "%s&data%%5B0%%5D=value&start=%s&end=%s&offset=%lld&length=%d%s%s&api_key=%s", route,
        from, to, (long long)offset, PAGE_RECORDS, extra && *extra ? "&" : "", extra ? extra : "", key));
    return mt_page_fetch(cx, ask, out);
}

/* New hours may come between two pages: they are sorted to the end, so that pages fit each other. */
static mt_code ask_pages(mt_ctx *cx, mt_page_ask *ask, const char *route, mt_sink *out)
{
    struct question *question = ask->arg;
    int64_t offset = 0;
    for (int k = 0; k < PAGES_MAX; k++) {
        MT_TRY(ask_page(cx, ask, route, offset, out));
        offset += question->records;
        if (offset >= question->total) return MT_OK;
        if (question->records == 0) break;
    }
    return mt_fail(cx, MT_E_REMOTE, "eia, %s: %lld records are told and %lld came", ask->query->dataset->name,
                   (long long)question->total, (long long)offset);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.dataset = (enum dataset)mt_dataset_index(&mt_source_eia, query),
                                .respondent = query->area && *query->area ? query->area : "US48"};
    mt_page_ask ask = {.source = &mt_source_eia, .call = call, .query = query, .read = read_answer};
    mt_time at = query->from;
    const char *route;
    ask.arg = &question;
    MT_TRY(name_route(cx, &route, &question, call));
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to))
        MT_TRY(ask_pages(cx, &ask, route, out));
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_eia, call, "region-data", "US48");
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

const mt_source mt_source_eia = {
    .name = "eia",
    .title = "U.S. Energy Information Administration",
    .base_url = "https://api.eia.gov",
    .licence = "public domain (U.S. government)",
    .licence_url = "https://www.eia.gov/about/copyrights_reuse.php",
    .attribution = "Source: U.S. Energy Information Administration",
    .redistribute = true,
    .key_variable = "EIA_API_KEY",
    .key_required = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
