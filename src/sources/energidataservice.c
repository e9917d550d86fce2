/* Energi Data Service: prices, production and balance of the Danish system, from Energinet. */
#include "sources/backend.h"

#include "sources/list.h"

static const mt_source_dataset datasets[] = {
    {.name = "prices", .doc = "day-ahead prices", .kinds = "spot_price", .area_form = "DK1, DK2"}, {0}};

static const mt_http_policy policy = {
    .provider = "energidataservice", .window_max = 40, .window = 10 * MT_US_SECOND};

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    (void)call;
    (void)out;
    return mt_fail(cx, MT_E_ABSENT, "%s cannot be fetched", query->dataset->name);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_http_answer answer;
    mt_http_request request = {.policy = &policy};
    MT_TRY(mt_text_format(cx, &request.url, "%s/meta/dataset/Elspotprices", call->base_url));
    return mt_http_fetch(cx, call->http, &request, &answer);
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
