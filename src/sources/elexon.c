/* Elexon Insights: prices, generation, demand and forecasts of Great Britain in half-hours of settlement. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "sources/answer.h"
#include "sources/list.h"

#include <math.h>
#include <string.h>

#define HALF_HOUR (30 * MT_US_MINUTE)

static const mt_source_dataset datasets[] = {{.name = "market-index",
                                              .doc = "market index prices of the power exchanges",
                                              .kinds = "intraday_price",
                                              .area_form = "GB",
                                              .step = HALF_HOUR,
                                              .publish_every = HALF_HOUR,
                                              .look_back = 2 * MT_US_DAY,
                                              .most = 7 * MT_US_DAY},
                                             {.name = "system-prices",
                                              .doc = "imbalance prices and the volume of imbalance",
                                              .kinds = "imbalance_price balance",
                                              .area_form = "GB",
                                              .step = HALF_HOUR,
                                              .publish_every = HALF_HOUR,
                                              .look_back = 5 * MT_US_DAY,
                                              .most = MT_US_DAY},
                                             {.name = "generation-per-type",
                                              .doc = "generation by type",
                                              .kinds = "production",
                                              .area_form = "GB",
                                              .step = HALF_HOUR,
                                              .publish_every = HALF_HOUR,
                                              .lag = 2 * MT_US_HOUR,
                                              .look_back = 7 * MT_US_DAY,
                                              .most = 7 * MT_US_DAY},
                                             {.name = "demand-outturn",
                                              .doc = "initial national demand",
                                              .kinds = "load",
                                              .area_form = "GB",
                                              .step = HALF_HOUR,
                                              .publish_every = HALF_HOUR,
                                              .look_back = 2 * MT_US_DAY,
                                              .most = 7 * MT_US_DAY},
                                             {.name = "wind-and-solar-forecast",
                                              .doc = "day-ahead forecast of wind and solar generation",
                                              .kinds = "production_forecast",
                                              .area_form = "GB",
                                              .step = HALF_HOUR,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = MT_US_DAY,
                                              .most = 7 * MT_US_DAY},
                                             {0}};

enum dataset { MARKET_INDEX, SYSTEM_PRICES, PER_TYPE, DEMAND, FORECAST };

/* No limit is published; these keep a client polite (a figure of ours). */
static const mt_http_policy policy = {.provider = "elexon", .rate_per_s = 5, .burst = 10};

/* The half-hour of a record: its startTime, and the settlement period, which has to exist on its day (46,
 * 48 or
 * 50 of them in Europe/London) and alone counts where there is no startTime. */
static mt_code find_start(mt_page *page, const mt_json *record, const mt_zone *london, mt_time *out)
{
    int64_t period = 0;
    const char *text;
    mt_day day;
    mt_time start = 0;
    MT_TRY(mt_page_text(page, record, "settlementDate", &text));
    if (!mt_day_parse(text, strlen(text), &day))
        return mt_page_fail(page, MT_E_REMOTE, "\"settlementDate\" should be a day, but is %.40s", text);
    const mt_json *number = mt_json_member(record, "settlementPeriod");
    if (!number || !number->text.at || !mt_int_parse(number->text.at, number->text.length, &period) ||
        period < 1 || period > 50 ||
        mt_day_instant(page->cx, &start, london, day, (int)period, HALF_HOUR) != MT_OK)
        return mt_page_fail(page, MT_E_REMOTE, "%.10s has no settlement period %lld", text,
                            (long long)period);
    if (mt_json_member(record, "startTime")) MT_TRY(mt_page_time(page, record, "startTime", &start));
    *out = start;
    return MT_OK;
}

static mt_observation make_row(mt_kind kind, const char *detail, mt_time start)
{
    return (mt_observation){.kind = mt_kind_name(kind),
                            .area = "GB",
                            .detail = detail,
                            .unit =
                                strcmp(mt_kind_unit(kind), "EUR/MWh") == 0 ? "GBP/MWh" : mt_kind_unit(kind),
                            .start = start,
                            .step = HALF_HOUR};
}

/* An exchange without a trade reports price 0 and volume 0: that is no price. */
static mt_code add_index(mt_page *page, const mt_json *record, mt_time start)
{
    double volume;
    const char *exchange;
    MT_TRY(mt_page_text(page, record, "dataProvider", &exchange));
    mt_observation row = make_row(MT_KIND_INTRADAY_PRICE, exchange, start);
    MT_TRY(mt_page_real(page, record, "price", false, &row.value));
    MT_TRY(mt_page_real(page, record, "volume", true, &volume));
    if (volume == 0) row.value = NAN;
    return mt_page_add(page, &row);
}

/* Their imbalance is positive when the system is short; ours is then negative. */
static mt_code add_system(mt_page *page, const mt_json *record, mt_time start)
{
    static const char *const member[] = {"systemBuyPrice", "systemSellPrice"};
    static const char *const detail[] = {"short", "long"};
    mt_observation row;
    mt_time created = MT_TIME_NONE;
    if (mt_json_member(record, "createdDateTime"))
        MT_TRY(mt_page_time(page, record, "createdDateTime", &created));
    for (int k = 0; k < 2; k++) {
        row = make_row(MT_KIND_IMBALANCE_PRICE, detail[k], start);
        row.known_at = created;
        MT_TRY(mt_page_real(page, record, member[k], false, &row.value));
        MT_TRY(mt_page_add(page, &row));
    }
    row = make_row(MT_KIND_BALANCE, "", start);
    row.known_at = created;
    MT_TRY(mt_page_real(page, record, "netImbalanceVolume", true, &row.value));
    row.value = 0 - row.value;
    return mt_page_add(page, &row);
}

static mt_code add_types(mt_page *page, const mt_json *record, mt_time start)
{
    const mt_json *types;
    mt_observation row = make_row(MT_KIND_PRODUCTION, "", start);
    MT_TRY(mt_page_array(page, record, "data", &types));
    for (const mt_json *type = types->first; type; type = type->next) {
        MT_TRY(mt_page_text(page, type, "psrType", &row.detail));
        MT_TRY(mt_page_real(page, type, "quantity", false, &row.value));
        row.value = mt_energy_mwh(row.value, HALF_HOUR);
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code add_demand(mt_page *page, const mt_json *record, mt_time start)
{
    mt_observation row = make_row(MT_KIND_LOAD, "", start);
    MT_TRY(mt_page_real(page, record, "initialDemandOutturn", false, &row.value));
    row.value = mt_energy_mwh(row.value, HALF_HOUR);
    if (mt_json_member(record, "publishTime"))
        MT_TRY(mt_page_time(page, record, "publishTime", &row.known_at));
    return mt_page_add(page, &row);
}

static mt_code add_forecast(mt_page *page, const mt_json *record, mt_time start)
{
    const char *process;
    mt_observation row = make_row(MT_KIND_PRODUCTION_FORECAST, "", start);
    MT_TRY(mt_page_text(page, record, "processType", &process));
    if (!mt_text_equal_nocase(mt_text_of(process), "Day Ahead")) return MT_OK;
    MT_TRY(mt_page_text(page, record, "psrType", &row.detail));
    MT_TRY(mt_page_real(page, record, "quantity", false, &row.value));
    MT_TRY(mt_page_time(page, record, "publishTime", &row.known_at));
    row.value = mt_energy_mwh(row.value, HALF_HOUR);
    return mt_page_add(page, &row);
}

typedef mt_code add_record(mt_page *page, const mt_json *record, mt_time start);
static add_record *const adder[] = {add_index, add_system, add_types, add_demand, add_forecast};

struct question {
    enum dataset dataset;
    const mt_zone *london;
};

static mt_code read_records(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct question *question = arg;
    const mt_json *top, *data;
    mt_time start = 0;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "data", &data));
    for (const mt_json *record = data->first; record; record = record->next) {
        MT_TRY(find_start(page, record, question->london, &start));
        MT_TRY(adder[question->dataset](page, record, start));
    }
    return MT_OK;
}

static mt_code name_url(mt_ctx *cx, mt_page_ask *ask, const struct question *question)
{
    const char *base = ask->call->base_url;
    char from[24], to[24], first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    mt_stamp_minutes(ask->from, from);
    mt_stamp_minutes(ask->to, to);
    mt_day_text(mt_day_at(question->london, ask->from), first);
    mt_day_text(mt_day_at(question->london, ask->to - 1), last);
    switch (question->dataset) {
    case MARKET_INDEX:
        return mt_text_format(cx, &ask->url,
                              "%s/bmrs/api/v1/balancing/pricing/market-index?from=%s&to=%s&format=json", base,
                              from, to);
    case SYSTEM_PRICES:
        return mt_text_format(
            cx, &ask->url, "%s/bmrs/api/v1/balancing/settlement/system-prices/%s?format=json", base, first);
    case PER_TYPE:
        return mt_text_format(cx, &ask->url,
                              "%s/bmrs/api/v1/generation/actual/per-type?from=%s&to=%s&format=json", base,
                              from, to);
    case DEMAND:
        return mt_text_format(
            cx, &ask->url,
            "%s/bmrs/api/v1/demand/outturn?settlementDateFrom=%s&settlementDateTo=%s&format=json", base,
            first, last);
    default:
        return mt_text_format(cx, &ask->url,
                              "%s/bmrs/api/v1/forecast/generation/wind-and-solar/day-ahead?from=%s&to=%s"
                              "&processType=day%%20ahead&format=json",
                              base, from, to);
    }
}

/* Settlement days are asked for whole: a piece ends where its London day does. */
static void end_with_day(mt_page_ask *ask, const mt_zone *london, mt_time *at)
{
    mt_time next = mt_day_start(london, mt_day_at(london, ask->from) + 1);
    if (next < ask->query->to)
        ask->to = next;
    else
        ask->to = ask->query->to;
    *at = ask->to;
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.dataset = (enum dataset)mt_dataset_index(&mt_source_elexon, query)};
    mt_page_ask ask = {.source = &mt_source_elexon, .call = call, .query = query};
    mt_time at = query->from;
    if (query->area && !mt_text_equal_nocase(mt_text_of(query->area), "GB"))
        return mt_fail(cx, MT_E_ABSENT, "elexon knows the area GB only, not %.40s", query->area);
    MT_TRY(mt_zone_read(cx, &question.london, "Europe/London", NULL));
    ask.read = read_records;
    ask.arg = &question;
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to)) {
        if (question.dataset == SYSTEM_PRICES) end_with_day(&ask, question.london, &at);
        MT_TRY(name_url(cx, &ask, &question));
        MT_TRY(mt_page_fetch(cx, &ask, out));
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_elexon, call, "market-index", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: the BMRS data licence lets data be copied, published and passed on with the
 * attribution. */
const mt_source mt_source_elexon = {
    .name = "elexon",
    .title = "Elexon Insights (BMRS)",
    .base_url = "https://data.elexon.co.uk",
    .licence = "BMRS Data Licence Terms",
    .licence_url =
        "https://www.elexon.co.uk/data/balancing-mechanism-reporting-agent/copyright-licence-bmrs-data/",
    .attribution = "Contains BMRS data (c) Elexon Limited copyright and database right",
    .redistribute = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
