/* Flatpeak: what a kilowatt-hour costs at a site whose tariff was connected there.
 *
 * Units     Told per kWh in the tariff's currency, given per MWh ("GBP/MWh"); the told numbers stay in the
 *           payload.
 * Time      Periods as told (valid_from, valid_to), with their offsets.
 * Source    docs.flatpeak.com and public clients of it: /login with account id and secret (Basic) is answered
 *           by {"bearer_token"}, /tariffs/rates/LOCATION?direction&start_time&end_time by {"currency_code",
 *           "data":[{"valid_from","valid_to","tariff":{"rate","confidence"}}]}; 100 requests a minute. That
 *           the price is called "rate" is from memory; "value" and "price" are taken too.
 */
#include "sources/backend.h"

#include "sources/answer.h"
#include "sources/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const mt_source_dataset datasets[] = {
    {.name = "import",
     .doc = "price of a kWh taken from the grid, as far as it is known",
     .kinds = "tariff",
     .area_form = "LOCATION, the id of a connected site",
     .publish_every = 15 * MT_US_MINUTE,
     .look_back = MT_US_DAY,
     .most = 7 * MT_US_DAY},
    {.name = "export",
     .doc = "price of a kWh fed into the grid, as far as it is known",
     .kinds = "tariff",
     .area_form = "LOCATION, the id of a connected site",
     .publish_every = 15 * MT_US_MINUTE,
     .look_back = MT_US_DAY,
     .most = 7 * MT_US_DAY},
    {0}};

static const char *const direction[] = {"IMPORT", "EXPORT"};

static const mt_http_policy policy = {
    .provider = "flatpeak", .key_variable = "FLATPEAK_KEY", .window_max = 100, .window = MT_US_MINUTE};

/* The price of one period, as it stands. */
static mt_code find_price(mt_page *page, const mt_json *record, const mt_json **out)
{
    static const char *const names[] = {"rate", "value", "price"};
    const mt_json *tariff = mt_json_member(record, "tariff");
    *out = NULL;
    for (size_t k = 0; tariff && tariff->kind == MT_JSON_OBJECT && k < sizeof names / sizeof *names && !*out;
         k++)
        *out = mt_json_member(tariff, names[k]);
    if (*out) return MT_OK;
    return mt_page_fail(page, MT_E_REMOTE, "\"tariff\" with its \"rate\" should be there, but is not");
}

static mt_code write_payload(mt_page *page, const mt_json *record, const mt_json *price, const char *currency,
                             const char **out)
{
    mt_out *memory;
    mt_json_writer json;
    const mt_json *confidence = mt_json_member(mt_json_member(record, "tariff"), "confidence");
    MT_TRY(mt_out_memory(page->cx, &memory));
    mt_json_open(page->cx, &json, memory, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, "price"), mt_json_text(&json, price->text.at);
    mt_json_key(&json, "unit"), mt_json_text(&json, "kWh");
    mt_json_key(&json, "currency"), mt_json_text(&json, currency);
    if (confidence && confidence->kind == MT_JSON_NUMBER)
        mt_json_key(&json, "confidence"), mt_json_real(&json, confidence->real);
    mt_json_end(&json);
    return mt_document_text(page->cx, &json, memory, out);
}

static mt_code add_period(mt_page *page, const mt_json *record, const char *currency, mt_observation *row)
{
    mt_time end;
    const mt_json *price;
    MT_TRY(mt_page_time(page, record, "valid_from", &row->start));
    MT_TRY(mt_page_time(page, record, "valid_to", &end));
    if (end <= row->start)
        return mt_page_fail(page, MT_E_REMOTE, "\"valid_to\" should be after \"valid_from\", but is not");
    row->step = end - row->start;
    MT_TRY(find_price(page, record, &price));
    MT_TRY(mt_page_number(page, price, "rate", &row->value));
    row->payload = NULL;
    if (!isnan(row->value)) MT_TRY(write_payload(page, record, price, currency, &row->payload));
    row->value *= 1000;
    return mt_page_add(page, row);
}

static mt_code read_rates(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const mt_json *top, *data;
    const char *currency;
    mt_observation row = {.kind = mt_kind_name(MT_KIND_TARIFF), .area = arg};
    row.detail = page->ask->query->dataset->name;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_array(page, top, "data", &data));
    MT_TRY(mt_page_text(page, top, "currency_code", &currency));
    if (strlen(currency) != 3)
        return mt_page_fail(page, MT_E_REMOTE, "a currency such as GBP was expected, not %.40s", currency);
    MT_TRY(mt_text_format(cx, &row.unit, "%s/MWh", currency));
    for (const mt_json *record = data->first; record; record = record->next)
        MT_TRY(add_period(page, record, currency, &row));
    return MT_OK;
}

static mt_code split_key(mt_ctx *cx, const char *key, const char **id, const char **secret)
{
    const char *colon = key ? strchr(key, ':') : NULL;
    if (!colon)
        return mt_fail(cx, MT_E_AUTH,
                       "flatpeak: FLATPEAK_KEY should hold \"id:secret\", the account's id and its API key");
    MT_TRY(mt_text_copy(cx, id, (mt_text){key, (size_t)(colon - key)}));
    *secret = colon + 1;
    return MT_OK;
}

/* The answer is never kept: it holds a token. */
static mt_code sign_in(mt_ctx *cx, const mt_page_ask *about, const char **token)
{
    mt_page_ask ask = *about;
    mt_page page = {.ask = &ask, .cx = cx};
    mt_http_answer answer;
    const mt_json *top;
    mt_http_request request = {.policy = &policy, .tries = about->call->tries};
    MT_TRY(split_key(cx, about->call->key, &request.user, &request.password));
    MT_TRY(mt_text_format(cx, &request.url, "%s/login", about->call->base_url));
    if (about->call->pages) ++*about->call->pages;
    MT_TRY(mt_http_fetch(cx, about->call->http, &request, &answer));
    ask.holds_token = true;
    MT_TRY(mt_page_json(&page, &answer, MT_JSON_OBJECT, &top));
    return mt_page_text(&page, top, "bearer_token", token);
}

static mt_code name_url(mt_ctx *cx, mt_page_ask *ask, const char *location)
{
    char from[24], to[24];
    const char *encoded, *extra = ask->query->extra;
    mt_stamp_minutes(ask->from, from);
    mt_stamp_minutes(ask->to + MT_US_MINUTE - 1, to);
    from[16] = to[16] = 0; /* without the Z: seconds follow */
    MT_TRY(mt_http_encode(cx, &encoded, location));
    return mt_text_format(cx, &ask->url,
                          "%s/tariffs/rates/%s?direction=%s&start_time=%s:00Z&end_time=%s:00Z"
                          "&include_tariff=true%s%s",
                          ask->call->base_url, encoded,
                          direction[mt_dataset_index(&mt_source_flatpeak, ask->query)], from, to,
                          extra && *extra ? "&" : "", extra ? extra : "");
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    mt_http_header header = {.name = "Authorization"};
    mt_page_ask ask = {.source = &mt_source_flatpeak, .call = call, .query = query, .read = read_rates};
    mt_time at = query->from;
    const char *location, *token;
    if (!query->area || !*query->area)
        return mt_fail(cx, MT_E_INPUT, "flatpeak: the id of a connected site is needed as area");
    MT_TRY(mt_text_copy(cx, &location, mt_text_of(query->area)));
    ask.arg = (void *)(uintptr_t)location; /* read only */
    MT_TRY(sign_in(cx, &ask, &token));
    MT_TRY(mt_text_format(cx, &header.value, "Bearer %s", token));
    ask.header = &header;
    ask.n_header = 1;
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to)) {
        MT_TRY(name_url(cx, &ask, location));
        MT_TRY(mt_page_fetch(cx, &ask, out));
    }
    return MT_OK;
}

/* Signing in shows that the key is right; a site is not known here. */
static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_flatpeak, call, "import", NULL);
    mt_page_ask ask = {.source = &mt_source_flatpeak, .call = call, .query = &query};
    const char *token;
    return sign_in(cx, &ask, &token);
}

const mt_source mt_source_flatpeak = {
    .name = "flatpeak",
    .title = "Flatpeak",
    .base_url = "https://api.flatpeak.com",
    .licence = "by contract with Flatpeak",
    .licence_url = "https://flatpeak.com/terms",
    .redistribute = false,
    .key_variable = "FLATPEAK_KEY",
    .key_required = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
