/* regelleistung.net: results of the German tenders for balancing reserve, from the published workbooks. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "io/xlsx_read.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "terms/area.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROW(name_, doc_, kinds_, step_)                                                                      \
    {                                                                                                        \
        .name = name_, .doc = doc_, .kinds = kinds_, .area_form = "DE-LU, AT, FR, NL, …", .step = step_,     \
        .publish_every = MT_US_HOUR, .look_back = MT_US_DAY, .most = MT_US_DAY                               \
    }

static const mt_source_dataset datasets[] = {
    ROW("fcr-capacity", "frequency containment reserve: settlement price and demand",
        "reserve_price reserve_power", 4 * MT_US_HOUR),
    ROW("afrr-capacity", "automatic restoration reserve: prices of power", "reserve_price reserve_power",
        4 * MT_US_HOUR),
    ROW("mfrr-capacity", "manual restoration reserve: prices of power", "reserve_price reserve_power",
        4 * MT_US_HOUR),
    ROW("afrr-energy", "automatic restoration reserve: prices of energy", "reserve_price reserve_power",
        15 * MT_US_MINUTE),
    ROW("mfrr-energy", "manual restoration reserve: prices of energy", "reserve_price reserve_power",
        15 * MT_US_MINUTE),
    {0}};

/* In the order of the datasets. */
static const struct tender {
    const char *product, *market;
} tenders[] = {
    {"FCR", "CAPACITY"}, {"aFRR", "CAPACITY"}, {"mFRR", "CAPACITY"}, {"aFRR", "ENERGY"}, {"mFRR", "ENERGY"}};

/* No limit is published; integrators wait two seconds between requests. */
static const mt_http_policy policy = {.provider = "regelleistung", .rate_per_s = 0.5, .burst = 2};

/* How workbooks call a country: by its name in newer ones, by its code in others. */
static const struct country {
    const char *code, *name;
} countries[] = {{"DE", "GERMANY"},     {"AT", "AUSTRIA"},  {"FR", "FRANCE"},
                 {"NL", "NETHERLANDS"}, {"BE", "BELGIUM"},  {"CH", "SWITZERLAND"},
                 {"DK", "DENMARK"},     {"SI", "SLOVENIA"}, {"CZ", "CZECH_REPUBLIC"}};

enum { COUNTRIES = sizeof countries / sizeof *countries };

/* What stands behind "GERMANY_" in the head of a column. */
static const struct measure {
    const char *column;
    mt_kind kind;
    const char *detail, *unit;
} measures[] = {{"SETTLEMENTCAPACITY_PRICE_[EUR/MW]", MT_KIND_RESERVE_PRICE, "", "EUR/MW"},
                {"AVERAGE_CAPACITY_PRICE_[(EUR/MW)/h]", MT_KIND_RESERVE_PRICE, " average", "EUR/MW/h"},
                {"MARGINAL_CAPACITY_PRICE_[(EUR/MW)/h]", MT_KIND_RESERVE_PRICE, " marginal", "EUR/MW/h"},
                {"MIN_CAPACITY_PRICE_[(EUR/MW)/h]", MT_KIND_RESERVE_PRICE, " minimum", "EUR/MW/h"},
                {"AVERAGE_ENERGY_PRICE_[EUR/MWh]", MT_KIND_RESERVE_PRICE, " energy average", "EUR/MWh"},
                {"MARGINAL_ENERGY_PRICE_[EUR/MWh]", MT_KIND_RESERVE_PRICE, " energy marginal", "EUR/MWh"},
                {"MIN_ENERGY_PRICE_[EUR/MWh]", MT_KIND_RESERVE_PRICE, " energy minimum", "EUR/MWh"},
                {"DEMAND_[MW]", MT_KIND_RESERVE_POWER, " demand", "MW"},
                {"SUM_OF_OFFERED_CAPACITY_[MW]", MT_KIND_RESERVE_POWER, " offered", "MW"}};

enum { MEASURES = sizeof measures / sizeof *measures, NONE = MT_XLSX_COLUMNS };

struct question {
    const struct tender *tender;
    const struct country *country;
    const char *area;
    const mt_zone *berlin;
    size_t day, product, value[MEASURES]; /* columns; NONE: not there */
};

static bool is_column(mt_text head, const struct country *country, const char *column)
{
    char wanted[96];
    snprintf(wanted, sizeof wanted, "%s_%s", country->name, column);
    if (mt_text_equal(head, wanted)) return true;
    snprintf(wanted, sizeof wanted, "%s_%s", country->code, column);
    return mt_text_equal(head, wanted);
}

/* The head of the sheet: which column is what. */
static mt_code read_head(mt_page *page, struct question *question, const mt_xlsx_row *head)
{
    size_t values = 0;
    question->day = question->product = NONE;
    for (size_t m = 0; m < MEASURES; m++) question->value[m] = NONE;
    for (size_t k = 0; k < head->n; k++) {
        mt_text cell = head->cell[k];
        if (!cell.at) continue;
        if (mt_text_equal(cell, "DATE_FROM") || mt_text_equal(cell, "DELIVERY_DATE")) question->day = k;
        if (mt_text_equal(cell, "PRODUCTNAME") || mt_text_equal(cell, "PRODUCT")) question->product = k;
        for (size_t m = 0; m < MEASURES; m++) {
            if (!is_column(cell, question->country, measures[m].column)) continue;
            question->value[m] = k;
            values++;
        }
    }
    if (question->day == NONE || question->product == NONE || values == 0)
        return mt_page_fail(page, MT_E_REMOTE,
                            "columns for the day, the product and values of %s were expected; "
                            "the sheet begins with \"%.*s\"",
                            question->country->name,
                            head->n && head->cell[0].at ? (int)(head->cell[0].length % 60) : 0,
                            head->n && head->cell[0].at ? head->cell[0].at : "");
    return MT_OK;
}

static mt_time local_hour(const mt_zone *zone, mt_day day, int hour)
{
    mt_date date = mt_day_date(day);
    mt_time at[2];
    mt_civil civil = {.year = date.year, .month = date.month, .day = date.day, .hour = hour};
    if (hour == 24) return mt_day_start(zone, day + 1);
    return mt_zone_instants(zone, civil, at) ? at[0] : MT_TIME_NONE;
}

/* "NEGPOS_00_04" is a block of local hours, "POS_001" the first quarter of the day; *side is what stands
 * before. */
static bool read_product(mt_ctx *cx, const struct question *question, mt_text product, mt_day day,
                         mt_observation *row, mt_text *side)
{
    int64_t first, last;
    const char *cut = memchr(product.at, '_', product.length);
    if (!cut) return false;
    *side = (mt_text){product.at, (size_t)(cut - product.at)};
    mt_text rest = {cut + 1, product.length - side->length - 1};
    if (rest.length == 3) {
        row->step = 15 * MT_US_MINUTE;
        return mt_int_parse(rest.at, 3, &first) && first >= 1 && first <= 100 &&
               mt_day_instant(cx, &row->start, question->berlin, day, (int)first, row->step) == MT_OK;
    }
    if (rest.length != 5 || rest.at[2] != '_' || !mt_int_parse(rest.at, 2, &first) ||
        !mt_int_parse(rest.at + 3, 2, &last) || first < 0 || last > 24 || first >= last)
        return false;
    row->start = local_hour(question->berlin, day, (int)first);
    mt_time end = local_hour(question->berlin, day, (int)last);
    row->step = end - row->start;
    return row->start != MT_TIME_NONE && end != MT_TIME_NONE;
}

/* A price is a number or a text of one, with either decimal mark; "-" says that nothing was cleared. */
static bool read_value(mt_text cell, double *out)
{
    char plain[40];
    *out = NAN;
    if (!cell.at || mt_text_equal(cell, "-") || mt_text_equal(cell, "n.a.")) return true;
    if (cell.length >= sizeof plain) return false;
    for (size_t k = 0; k < cell.length; k++) plain[k] = (char)(cell.at[k] == ',' ? '.' : cell.at[k]);
    return mt_real_parse(plain, cell.length, out);
}

static mt_code add_row(mt_page *page, const struct question *question, const mt_xlsx_row *cells)
{
    mt_text side, product = cells->cell[question->product];
    mt_time at;
    mt_observation row = {.area = question->area};
    if (question->product >= cells->n || !product.at) return MT_OK; /* an empty line or a sum */
    if (question->day >= cells->n || !mt_xlsx_time(cells->cell[question->day], &at) ||
        !read_product(page->cx, question, product, (mt_day)(mt_time_floor(at, MT_US_DAY) / MT_US_DAY), &row,
                      &side))
        return mt_page_fail(page, MT_E_REMOTE,
                            "row %llu: a day and a product such as POS_00_04 were expected, but the "
                            "product is %.*s",
                            (unsigned long long)cells->row, (int)(product.length % 40), product.at);
    for (size_t m = 0; m < MEASURES; m++) {
        if (question->value[m] == NONE) continue;
        mt_text cell = question->value[m] < cells->n ? cells->cell[question->value[m]] : (mt_text){NULL, 0};
        if (!read_value(cell, &row.value))
            return mt_page_fail(page, MT_E_REMOTE,
                                "row %llu: a number was expected, but the cell is \"%.*s\"",
                                (unsigned long long)cells->row, (int)(cell.length % 40), cell.at);
        if (isnan(row.value)) continue; /* of several tenders of a product only one has a result */
        row.kind = mt_kind_name(measures[m].kind);
        row.unit = measures[m].unit;
        MT_TRY(mt_text_format(page->cx, &row.detail, "%s %.*s%s", question->tender->product, (int)side.length,
                              side.at, measures[m].detail));
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code read_sheet(mt_page *page, struct question *question, mt_xlsx *xlsx)
{
    mt_xlsx_row row;
    MT_TRY(mt_xlsx_next(page->cx, xlsx, &row));
    if (row.n == 0) return MT_OK; /* a day that is not published yet */
    MT_TRY(read_head(page, question, &row));
    for (;;) {
        MT_TRY(mt_xlsx_next(page->cx, xlsx, &row));
        if (row.n == 0) return MT_OK;
        MT_TRY(add_row(page, question, &row));
    }
}

static mt_code read_workbook(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    mt_xlsx *xlsx;
    char why[300];
    if (answer->body.length == 0 || memcmp(answer->body.at, "PK", 2) != 0)
        return mt_page_unexpected(page, answer, "a workbook (.xlsx)");
    mt_code code = mt_xlsx_open(cx, &xlsx, "the answer", answer->body);
    if (code == MT_OK) {
        code = read_sheet(page, arg, xlsx);
        mt_xlsx_close(xlsx);
    }
    if (code != MT_E_INPUT) return code;
    snprintf(why, sizeof why, "%.299s", cx->err);
    return mt_page_fail(page, MT_E_REMOTE, "a workbook was expected, but %s", why);
}

static mt_code find_country(mt_ctx *cx, struct question *question, const char *word)
{
    const mt_area *area;
    MT_TRY(mt_area_get(cx, &area, word ? word : "DE-LU"));
    question->area = area->name;
    for (size_t k = 0; k < COUNTRIES; k++)
        if (strcmp(countries[k].code, area->country) == 0) question->country = &countries[k];
    if (question->country) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT, "regelleistung has no tenders of %s", area->name);
}

/* A workbook holds one delivery day of Berlin. */
static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.tender = &tenders[mt_dataset_index(&mt_source_regelleistung, query)]};
    mt_page_ask ask = {
        .source = &mt_source_regelleistung, .call = call, .query = query, .read = read_workbook};
    char text[MT_TIME_TEXT_MAX];
    ask.arg = &question;
    ask.from = query->from;
    ask.to = query->to;
    MT_TRY(find_country(cx, &question, query->area));
    MT_TRY(mt_zone_read(cx, &question.berlin, "Europe/Berlin", NULL));
    mt_day last = mt_day_at(question.berlin, query->to - 1);
    for (mt_day day = mt_day_at(question.berlin, query->from); day <= last; day++) {
        mt_day_text(day, text);
        MT_TRY(mt_text_format(cx, &ask.url,
                              "%s/apps/cpp-publisher/api/v1/download/tenders/resultsoverview?date=%s"
                              "&exportFormat=xlsx&market=%s&productTypes=%s",
                              call->base_url, text, question.tender->market, question.tender->product));
        MT_TRY(mt_page_fetch(cx, &ask, out));
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_regelleistung, call, "fcr-capacity", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* No licence is named on the site (from memory): nothing is passed on. */
const mt_source mt_source_regelleistung = {
    .name = "regelleistung",
    .title = "regelleistung.net (German transmission system operators)",
    .base_url = "https://www.regelleistung.net",
    .licence = "not stated",
    .licence_url = "https://www.regelleistung.net/",
    .attribution = "Source: regelleistung.net",
    .redistribute = false,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
