/* U.S. utility rates by place, from the national laboratory's developer network (NREL, now NLR).
 *
 * Units     Told in USD/kWh, given in USD/MWh; the told number stays in the payload.
 * Time      The service tells yearly means of 2012 and says that they will not be renewed: the rows are of
 *           that year whatever span was asked for, so that nobody takes them for today's.
 * Source    developer.nlr.gov (developer.nrel.gov), "Utility Rates", /api/utility_rates/v3.json with lat and
 *           lon or address; 1,000 requests an hour.
 */
#include "sources/backend.h"

#include "sources/answer.h"
#include "sources/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RATES_YEAR = 2012 };

static const mt_source_dataset datasets[] = {
    {.name = "utility_rates",
     .doc = "mean rate of homes, businesses and industry at a place, of 2012",
     .kinds = "tariff",
     .area_form = "39.74,-105.17 (LATITUDE,LONGITUDE) or an address",
     .publish_every = 7 * MT_US_DAY},
    {0}};

static const mt_http_policy policy = {.provider = "nrel",
                                      .key_variable = "NLR_API_KEY",
                                      .secret = "api_key",
                                      .window_max = 1000,
                                      .window = MT_US_HOUR};

static const char *const sectors[] = {"residential", "commercial", "industrial"};

/* The first of the document's own complaints. */
static mt_code judge(mt_page *page, const mt_json *top)
{
    const mt_json *errors = mt_json_member(top, "errors"), *error = mt_json_member(top, "error");
    const mt_json *message = mt_json_member(error, "message");
    if (errors && errors->kind == MT_JSON_ARRAY && errors->first && errors->first->kind == MT_JSON_STRING)
        message = errors->first;
    if (!message || message->kind != MT_JSON_STRING) return MT_OK;
    return mt_page_fail(page, MT_E_INPUT, "refused: %.300s", message->text.at);
}

static mt_code write_payload(mt_page *page, const mt_json *outputs, const char *rate, const char **out)
{
    mt_out *memory;
    mt_json_writer json;
    const mt_json *utility = mt_json_member(outputs, "utility_name");
    MT_TRY(mt_out_memory(page->cx, &memory));
    mt_json_open(page->cx, &json, memory, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, "price"), mt_json_text(&json, rate);
    mt_json_key(&json, "unit"), mt_json_text(&json, "kWh");
    mt_json_key(&json, "currency"), mt_json_text(&json, "USD");
    mt_json_key(&json, "supplier");
    mt_json_text(&json, utility && utility->kind == MT_JSON_STRING ? utility->text.at : NULL);
    mt_json_end(&json);
    return mt_document_text(page->cx, &json, memory, out);
}

/* A rate is a number, or a text such as "no data". */
static mt_code add_rate(mt_page *page, const mt_json *outputs, const char *sector, mt_observation *row)
{
    const mt_json *rate = mt_json_member(outputs, sector);
    row->detail = sector;
    row->value = NAN;
    row->payload = NULL;
    if (!rate) return MT_OK; /* nothing was said */
    if (rate->kind == MT_JSON_NUMBER) {
        row->value = rate->real * 1000;
        MT_TRY(write_payload(page, outputs, rate->text.at, &row->payload));
    } else if (rate->kind != MT_JSON_NULL &&
               !(rate->kind == MT_JSON_STRING && mt_text_equal_nocase(rate->text, "no data"))) {
        return mt_page_fail(page, MT_E_REMOTE, "\"%s\" should be a number or \"no data\"", sector);
    }
    return mt_page_add(page, row);
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const mt_json *top;
    (void)cx;
    mt_observation row = {.kind = mt_kind_name(MT_KIND_TARIFF), .area = arg, .unit = "USD/MWh"};
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(judge(page, top));
    const mt_json *outputs = mt_json_member(top, "outputs");
    if (!outputs || outputs->kind != MT_JSON_OBJECT)
        return mt_page_fail(page, MT_E_REMOTE, "\"outputs\" should be a JSON object, but is not");
    row.start = (mt_time)mt_day_of(RATES_YEAR, 1, 1) * MT_US_DAY;
    row.step = (mt_time)mt_day_of(RATES_YEAR + 1, 1, 1) * MT_US_DAY - row.start;
    for (size_t k = 0; k < sizeof sectors / sizeof *sectors; k++)
        MT_TRY(add_rate(page, outputs, sectors[k], &row));
    return MT_OK;
}

/* "lat=39.74&lon=-105.17", or "address=…". */
static mt_code name_place(mt_ctx *cx, const char **out, const char *word)
{
    const char *comma = strchr(word, ','), *address;
    double degrees;
    mt_text north = comma ? mt_text_trim((mt_text){word, (size_t)(comma - word)}) : (mt_text){word, 0};
    mt_text east = comma ? mt_text_trim(mt_text_of(comma + 1)) : (mt_text){word, 0};
    if (comma && mt_real_parse(north.at, north.length, &degrees) &&
        mt_real_parse(east.at, east.length, &degrees))
        return mt_text_format(cx, out, "lat=%.*s&lon=%.*s", (int)north.length, north.at, (int)east.length,
                              east.at);
    MT_TRY(mt_http_encode(cx, &address, word));
    return mt_text_format(cx, out, "address=%s", address);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    const char *place, *key, *extra = query->extra;
    mt_page_ask ask = {.source = &mt_source_nrel,
                       .call = call,
                       .query = query,
                       .from = MT_TIME_NONE,
                       .to = MT_TIME_NONE,
                       .read = read_answer};
    if (!query->area || !*query->area)
        return mt_fail(cx, MT_E_INPUT,
                       "nrel: a place is needed, for example 39.74,-105.17 or an address in the USA");
    MT_TRY(name_place(cx, &place, query->area));
    MT_TRY(mt_http_encode(cx, &key, call->key ? call->key : ""));
    MT_TRY(mt_text_format(cx, &ask.url, "%s/api/utility_rates/v3.json?%s%s%s&api_key=%s", call->base_url,
                          place, extra && *extra ? "&" : "", extra ? extra : "", key));
    const char *area;
    MT_TRY(mt_text_copy(cx, &area, mt_text_of(query->area)));
    ask.arg = (void *)(uintptr_t)area; /* read only */
    return mt_page_fetch(cx, &ask, out);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_nrel, call, "utility_rates", "39.74,-105.17");
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

const mt_source mt_source_nrel = {
    .name = "nrel",
    .title = "National Laboratory of the Rockies (NREL), utility rates",
    .base_url = "https://developer.nlr.gov",
    .licence = "free to use with the source named; rates are from Ventyx Research and the EIA",
    .licence_url = "https://developer.nlr.gov/docs/electricity/utility-rates-v3/",
    .attribution = "Source: National Laboratory of the Rockies, Utility Rates",
    .redistribute = false,
    .key_variable = "NLR_API_KEY",
    .key_alias = "NREL_API_KEY",
    .key_required = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
