/* ENTSO-E Transparency Platform: prices, load, generation, forecasts, flows, capacity and outages of
 * Europe. */
#include "sources/backend.h"

#include "io/zip.h"
#include "sources/answer.h"
#include "sources/entsoe_document.h"
#include "sources/list.h"
#include "terms/area.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define QUARTER (15 * MT_US_MINUTE)
#define ROW(name_, doc_, kinds_, area_, most_, back_)                                                        \
    {                                                                                                        \
        .name = name_, .doc = doc_, .kinds = kinds_, .area_form = area_, .step = QUARTER,                    \
        .publish_every = QUARTER, .look_back = back_, .most = most_                                          \
    }
#define ZONES "DE-LU, AT, FR, DK1, …, or an EIC code"

/* One request may span a year; what has many series is asked for in smaller pieces. */
static const mt_source_dataset datasets[] = {
    ROW("DayAheadPrices", "day-ahead prices", "spot_price", ZONES, 365 * MT_US_DAY, MT_US_DAY),
    ROW("ActualLoad", "actual total load", "load", ZONES, 365 * MT_US_DAY, 7 * MT_US_DAY),
    ROW("LoadForecast", "day-ahead forecast of the total load", "load_forecast", ZONES, 365 * MT_US_DAY,
        2 * MT_US_DAY),
    ROW("ActualGeneration", "actual generation by type", "production plant_consumption", ZONES,
        31 * MT_US_DAY, 7 * MT_US_DAY),
    ROW("WindSolarForecast", "day-ahead forecast of wind and solar", "production_forecast", ZONES,
        92 * MT_US_DAY, 2 * MT_US_DAY),
    ROW("WindSolarForecastIntraday", "intraday forecast of wind and solar", "production_forecast", ZONES,
        92 * MT_US_DAY, 2 * MT_US_DAY),
    ROW("WindSolarForecastCurrent", "current forecast of wind and solar", "production_forecast", ZONES,
        92 * MT_US_DAY, 2 * MT_US_DAY),
    ROW("GenerationForecast", "day-ahead forecast of all generation", "production_forecast", ZONES,
        365 * MT_US_DAY, 2 * MT_US_DAY),
    ROW("InstalledCapacity", "installed power by type and year", "capacity", ZONES, 365 * MT_US_DAY,
        365 * MT_US_DAY),
    ROW("Flows", "physical flows across a border, both ways", "exchange",
        "DK1/DE-LU: the area and its neighbour", 365 * MT_US_DAY, 7 * MT_US_DAY),
    ROW("GenerationOutages", "generation units that are not available", "outage", ZONES, 31 * MT_US_DAY,
        31 * MT_US_DAY),
    ROW("ProductionOutages", "production units that are not available", "outage", ZONES, 31 * MT_US_DAY,
        31 * MT_US_DAY),
    {0}};

enum domain { IN_AND_OUT, LOAD_ZONE, IN_ZONE, BORDER, OUTAGES };

/* What a dataset is in the platform's codes, in the same order. */
static const struct way {
    const char *document, *process;
    enum domain domain;
    mt_kind kind;
    const char *detail;
} ways[] = {{"A44", "", IN_AND_OUT, MT_KIND_SPOT_PRICE, ""},
            {"A65", "&processType=A16", LOAD_ZONE, MT_KIND_LOAD, ""},
            {"A65", "&processType=A01", LOAD_ZONE, MT_KIND_LOAD_FORECAST, ""},
            {"A75", "&processType=A16", IN_ZONE, MT_KIND_PRODUCTION, ""},
            {"A69", "&processType=A01", IN_ZONE, MT_KIND_PRODUCTION_FORECAST, ""},
            {"A69", "&processType=A40", IN_ZONE, MT_KIND_PRODUCTION_FORECAST, " intraday"},
            {"A69", "&processType=A18", IN_ZONE, MT_KIND_PRODUCTION_FORECAST, " current"},
            {"A71", "&processType=A01", IN_ZONE, MT_KIND_PRODUCTION_FORECAST, ""},
            {"A68", "&processType=A33", IN_ZONE, MT_KIND_CAPACITY, ""},
            {"A11", "", BORDER, MT_KIND_EXCHANGE, ""},
            {"A80", "", OUTAGES, MT_KIND_OUTAGE, ""},
            {"A77", "", OUTAGES, MT_KIND_OUTAGE, ""}};

/* B01 … B25 of the code list "AssetTypeList". */
static const char *const psr_name[] = {"Biomass",
                                       "Fossil Brown coal/Lignite",
                                       "Fossil Coal-derived gas",
                                       "Fossil Gas",
                                       "Fossil Hard coal",
                                       "Fossil Oil",
                                       "Fossil Oil shale",
                                       "Fossil Peat",
                                       "Geothermal",
                                       "Hydro Pumped Storage",
                                       "Hydro Run-of-river and pondage",
                                       "Hydro Water Reservoir",
                                       "Marine",
                                       "Nuclear",
                                       "Other renewable",
                                       "Solar",
                                       "Waste",
                                       "Wind Offshore",
                                       "Wind Onshore",
                                       "Other",
                                       "AC Link",
                                       "DC Link",
                                       "Substation",
                                       "Transformer",
                                       "Energy storage"};

enum { PSR_NAMES = sizeof psr_name / sizeof *psr_name, OUTAGE_PAGE = 200, OFFSET_MAX = 4800 };

/* 400 requests a minute, then a ban of ten minutes (the platform's guide). */
static const mt_http_policy policy = {.provider = "entsoe",
                                      .key_variable = "ENTSOE_TOKEN",
                                      .secret = "securityToken",
                                      .window_max = 400,
                                      .window = MT_US_MINUTE,
                                      .timeout = 120 * MT_US_SECOND};

/* One question: what is asked, and what its rows are. */
struct question {
    const struct way *way;
    const char *area, *detail;
    double sign;
    size_t documents; /* of the last answer */
    mt_page *page;
};

/* A type by its name; one that is not in the list by its code. */
static const char *name_type(const char *code)
{
    int64_t number;
    if (!code) return "";
    if (code[0] == 'B' && mt_int_parse(code + 1, strlen(code + 1), &number) && number >= 1 &&
        number <= PSR_NAMES)
        return psr_name[number - 1];
    return code;
}

static mt_code price_unit(mt_page *page, const mt_entsoe_series *series, const char **out)
{
    const char *per = series->price_unit ? series->price_unit : "MWH";
    if (!series->currency || strcmp(per, "MWH") != 0)
        return mt_page_fail(page, MT_E_REMOTE,
                            "a price should be in a currency per MWH, but is in %.20s per %.20s",
                            series->currency ? series->currency : "nothing", per);
    return mt_text_format(page->cx, out, "%s/MWh", series->currency);
}

/* Sequence 1 is the auction of the coupled market; others of the same zone stand beside it. */
static mt_code add_price(mt_page *page, mt_observation *row, const mt_entsoe_series *series)
{
    MT_TRY(price_unit(page, series, &row->unit));
    if (series->sequence && strcmp(series->sequence, "1") != 0)
        MT_TRY(mt_text_format(page->cx, &row->detail, "sequence %s", series->sequence));
    return mt_page_add(page, row);
}

/* MW over a step become MWh; what a plant consumes is told apart and stays power. */
static mt_code add_energy(mt_page *page, mt_observation *row, const struct question *question,
                          const mt_entsoe_series *series)
{
    if (series->unit && strcmp(series->unit, "MAW") != 0)
        return mt_page_fail(page, MT_E_REMOTE, "a quantity should be in MAW, but is in %.20s", series->unit);
    bool by_type = question->way->domain == IN_ZONE;
    if (by_type) row->detail = name_type(series->psr);
    if (by_type && *question->way->detail)
        MT_TRY(mt_text_format(page->cx, &row->detail, "%s%s", row->detail, question->way->detail));
    if (question->way->kind == MT_KIND_PRODUCTION && series->consumes) {
        row->kind = "plant_consumption";
        row->unit = "MW";
    } else if (question->way->kind != MT_KIND_CAPACITY) {
        row->value = question->sign * mt_energy_mwh(row->value, row->step);
    }
    return mt_page_add(page, row);
}

static mt_code write_outage(mt_ctx *cx, mt_observation *row, const mt_entsoe_block *block, double nominal)
{
    mt_out *out;
    mt_json_writer json;
    const mt_entsoe_head *head = block->head;
    MT_TRY(mt_out_memory(cx, &out));
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, "mrid"), mt_json_text(&json, head->mrid);
    mt_json_key(&json, "revision"), mt_json_text(&json, head->revision);
    mt_json_key(&json, "status"), mt_json_text(&json, head->status);
    mt_json_key(&json, "business"), mt_json_text(&json, block->series->business);
    mt_json_key(&json, "type"), mt_json_text(&json, name_type(block->series->psr));
    mt_json_key(&json, "nominal_mw"), mt_json_real(&json, nominal);
    mt_json_key(&json, "available_mw"), mt_json_real(&json, block->value);
    mt_json_end(&json);
    return mt_document_text(cx, &json, out, &row->payload);
}

/* Of a message that was cancelled (A09) or withdrawn (A13) nothing is out of service: a later word on the
 * same
 * period. Messages of one unit are told apart by their number. */
static mt_code add_outage(mt_page *page, mt_observation *row, const mt_entsoe_block *block)
{
    const mt_entsoe_series *series = block->series;
    const char *name = series->resource ? series->resource : series->plant, *status = block->head->status;
    double nominal = NAN;
    if (series->nominal && !mt_real_parse(series->nominal, strlen(series->nominal), &nominal))
        return mt_page_fail(page, MT_E_REMOTE, "a nominal power should be a number, but is %.40s",
                            series->nominal);
    bool gone = status && (strcmp(status, "A09") == 0 || strcmp(status, "A13") == 0);
    row->value = gone ? 0 : nominal - block->value;
    MT_TRY(mt_text_format(page->cx, &row->detail, "%s #%s", name ? name : "unknown unit",
                          block->head->mrid ? block->head->mrid : "?"));
    MT_TRY(write_outage(page->cx, row, block, nominal));
    return mt_page_add(page, row);
}

static mt_code take_block(void *arg, const mt_entsoe_block *block)
{
    const struct question *question = arg;
    mt_page *page = question->page;
    const char *revision = block->head->revision;
    mt_observation row = {.kind = mt_kind_name(question->way->kind),
                          .area = question->area,
                          .detail = question->detail,
                          .unit = mt_kind_unit(question->way->kind),
                          .start = block->start,
                          .step = block->step,
                          .value = block->value,
                          .known_at = block->head->created_at};
    if (question->way->kind == MT_KIND_OUTAGE) return add_outage(page, &row, block);
    if (revision && strcmp(revision, "1") != 0 && strspn(revision, "0123456789") == strlen(revision))
        MT_TRY(mt_text_format(page->cx, &row.payload, "{\"revision\":%s}", revision));
    if (question->way->kind == MT_KIND_SPOT_PRICE) return add_price(page, &row, block->series);
    return add_energy(page, &row, question, block->series);
}

/* An acknowledgement says why there is no data: that there is none is an answer. */
static mt_code judge(mt_page *page, const mt_entsoe_head *head)
{
    const char *text = head->reason_text ? head->reason_text : "no reason given";
    if (strcmp(head->root, "Acknowledgement_MarketDocument") != 0) return MT_OK;
    if (strstr(text, "No matching data found")) return MT_OK;
    return mt_page_fail(page, MT_E_INPUT, "refused with reason %.10s: %.300s",
                        head->reason_code ? head->reason_code : "?", text);
}

static mt_code read_document(mt_page *page, struct question *question, const char *name, mt_text bytes)
{
    mt_entsoe_head head;
    mt_entsoe_reader reader = {
        .take = take_block, .arg = question, .whole = question->way->kind == MT_KIND_OUTAGE};
    mt_code code = mt_entsoe_document(page->cx, &head, name, bytes, &reader);
    if (code == MT_E_INPUT) {
        char why[300];
        snprintf(why, sizeof why, "%.299s", page->cx->err);
        return mt_page_fail(page, MT_E_REMOTE, "a market document was expected, but %s", why);
    }
    if (code != MT_OK) return code;
    question->documents += strcmp(head.root, "Acknowledgement_MarketDocument") != 0;
    return judge(page, &head);
}

static mt_code read_archive(mt_page *page, struct question *question, mt_text bytes)
{
    mt_zip *zip;
    mt_text document;
    size_t n;
    mt_code code = mt_zip_open(page->cx, &zip, "the answer", bytes);
    if (code == MT_OK) {
        const mt_zip_entry *entry = mt_zip_entries(zip, &n);
        for (size_t k = 0; k < n; k++) {
            code = mt_zip_read(page->cx, zip, &entry[k], &document);
            if (code != MT_OK) break;
            MT_TRY(read_document(page, question, entry[k].name, document));
        }
    }
    if (code != MT_E_INPUT) return code;
    char why[300];
    snprintf(why, sizeof why, "%.299s", page->cx->err);
    return mt_page_fail(page, MT_E_REMOTE, "a zip archive of documents was expected, but %s", why);
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct question *question = arg;
    (void)cx;
    question->page = page;
    question->documents = 0;
    if (mt_zip_is(answer->body)) return read_archive(page, question, answer->body);
    mt_text start = mt_text_trim(answer->body);
    while (start.length && strchr("\r\n\xEF\xBB\xBF", *start.at)) start.at++, start.length--;
    bool xml = start.length > 1 && start.at[0] == '<' && strncasecmp(start.at, "<!doctype", 9) != 0 &&
               strncasecmp(start.at, "<html", 5) != 0;
    if (!xml) return mt_page_unexpected(page, answer, "a market document");
    return read_document(page, question, "the answer", answer->body);
}

static mt_code name_domain(mt_ctx *cx, const char **out, const struct way *way, const char *eic,
                           const char *other)
{
    switch (way->domain) {
    case IN_AND_OUT:
        return mt_text_format(cx, out, "in_Domain=%s&out_Domain=%s", eic, eic);
    case LOAD_ZONE:
        return mt_text_format(cx, out, "outBiddingZone_Domain=%s", eic);
    case IN_ZONE:
        return mt_text_format(cx, out, "in_Domain=%s", eic);
    case BORDER:
        return mt_text_format(cx, out, "in_Domain=%s&out_Domain=%s", eic, other);
    default:
        return mt_text_format(cx, out, "BiddingZone_Domain=%s", eic);
    }
}

/* "202406012200" */
static void stamp(mt_time t, char out[24])
{
    mt_civil c = mt_time_civil(t);
    snprintf(out, 24, "%04d%02d%02d%02d%02d", c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
             c.minute % 100);
}

static mt_code ask_page(mt_ctx *cx, mt_page_ask *ask, const char *domain, size_t offset, mt_sink *out)
{
    const struct question *question = ask->arg;
    char from[24], to[24], page[32] = "";
    const char *key;
    stamp(ask->from, from);
    stamp(ask->to, to);
    if (question->way->domain == OUTAGES) snprintf(page, sizeof page, "&offset=%zu", offset);
    MT_TRY(mt_http_encode(cx, &key, ask->call->key ? ask->call->key : ""));
    MT_TRY(mt_text_format(
        cx, &ask->url, "%s/api?documentType=%s%s&%s&periodStart=%s&periodEnd=%s%s&securityToken=%s",
        ask->call->base_url, question->way->document, question->way->process, domain, from, to, page, key));
    mt_code code = mt_page_fetch(cx, ask, out);
    /* The platform said "nothing there" with status 400 for years. */
    if (code != MT_E_INPUT || !strstr(cx->err, "No matching data found")) return code;
    mt_ctx_forgive(cx);
    return MT_OK;
}

/* Outages come in pages of 200 documents; the last page is not full. */
static mt_code ask_piece(mt_ctx *cx, mt_page_ask *ask, const char *domain, mt_sink *out)
{
    struct question *question = ask->arg;
    for (size_t offset = 0; offset <= OFFSET_MAX; offset += OUTAGE_PAGE) {
        question->documents = 0;
        MT_TRY(ask_page(cx, ask, domain, offset, out));
        if (question->way->domain != OUTAGES || question->documents < OUTAGE_PAGE) return MT_OK;
    }
    return mt_fail(cx, MT_E_TOO_LARGE, "entsoe, %s: more than %d documents from %zu days; ask for fewer days",
                   ask->query->dataset->name, OFFSET_MAX, (size_t)((ask->to - ask->from) / MT_US_DAY));
}

static mt_code ask_span(mt_ctx *cx, mt_page_ask *ask, const char *domain, mt_sink *out)
{
    mt_time at = ask->query->from;
    while (mt_span_cut(&at, ask->query->to, ask->query->dataset->most, &ask->from, &ask->to))
        MT_TRY(ask_piece(cx, ask, domain, out));
    return MT_OK;
}

/* A zone with its code, from a word of which `n` bytes are its name. */
static mt_code find_zone(mt_ctx *cx, const mt_area **out, const char *word, size_t n)
{
    const char *name;
    MT_TRY(mt_text_copy(cx, &name, (mt_text){word, n}));
    MT_TRY(mt_area_get(cx, out, name));
    if (*(*out)->eic) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT, "entsoe has no code for the area %s", (*out)->name);
}

/* Both ways across a border: what comes in is positive, what goes out negative. */
static mt_code fetch_border(mt_ctx *cx, mt_page_ask *ask, mt_sink *out)
{
    struct question *question = ask->arg;
    const char *word = ask->query->area, *cut = word ? strpbrk(word, "/>") : NULL, *domain;
    const mt_area *here, *there;
    if (!cut)
        return mt_fail(cx, MT_E_INPUT,
                       "flows need an area and its neighbour, for example DK1/DE-LU, not %.40s",
                       word ? word : "nothing");
    MT_TRY(find_zone(cx, &here, word, (size_t)(cut - word)));
    MT_TRY(find_zone(cx, &there, cut + 1, strlen(cut + 1)));
    question->area = here->name;
    MT_TRY(mt_text_format(cx, &question->detail, "from %s", there->name));
    MT_TRY(name_domain(cx, &domain, question->way, here->eic, there->eic));
    MT_TRY(ask_span(cx, ask, domain, out));
    question->sign = -1;
    MT_TRY(mt_text_format(cx, &question->detail, "to %s", there->name));
    MT_TRY(name_domain(cx, &domain, question->way, there->eic, here->eic));
    return ask_span(cx, ask, domain, out);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    const mt_area *zone;
    const char *domain, *word = query->area ? query->area : "DE-LU";
    struct question question = {
        .way = &ways[mt_dataset_index(&mt_source_entsoe, query)], .detail = "", .sign = 1};
    mt_page_ask ask = {.source = &mt_source_entsoe, .call = call, .query = query, .read = read_answer};
    ask.arg = &question;
    if (question.way->domain == BORDER) return fetch_border(cx, &ask, out);
    MT_TRY(find_zone(cx, &zone, word, strlen(word)));
    question.area = zone->name;
    MT_TRY(name_domain(cx, &domain, question.way, zone->eic, NULL));
    return ask_span(cx, &ask, domain, out);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_entsoe, call, "DayAheadPrices", "DE-LU");
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: what stands in the platform's "list of data available for free re-use" is CC BY 4.0;
 * prices
 * belong to the exchanges and are not in it. So nothing is passed on. */
const mt_source mt_source_entsoe = {
    .name = "entsoe",
    .title = "ENTSO-E Transparency Platform",
    .base_url = "https://web-api.tp.entsoe.eu",
    .licence = "CC BY 4.0 for the data of the list for free re-use; others by consent of their owners",
    .licence_url =
        "https://transparency.entsoe.eu/content/static_content/Static%20content/terms%20and%20conditions/"
        "terms%20and%20conditions.html",
    .attribution = "Source: ENTSO-E Transparency Platform",
    .redistribute = false,
    .key_variable = "ENTSOE_TOKEN",
    .key_required = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
