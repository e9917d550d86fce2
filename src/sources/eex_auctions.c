/* EEX auctions of emission allowances: what an allowance of the European Union cost, auction by auction.
 *
 * Time      A price stands at the day of its auction in Central European time, from its first instant on,
 *           and is known since the auction itself (its "Time", mostly 11:00; 11:00 where there is none).
 * Units     EUR per tonne of carbon dioxide (an allowance is one tonne).
 * Source    eex.com, "Emission Spot Primary Market Auction Report", a workbook a year, and an archive
 *           (.zip) of past years that --url may name instead; sheet "Primary Market Auction": titles, then
 *           Date, Time, Auction Name, Contract, Status, "Auction Price €/tCO2", "Auction Volume tCO2" and
 *           more, from column B on. Columns are searched for by their names. Reports before 2020 are .xls,
 *           which are not read.
 */
#include "sources/backend.h"

#include "base/calendar.h"
#include "io/xlsx_read.h"
#include "io/zip.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "sources/workbook.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define REPORT "eex/eua-auction-report/emission-spot-primary-market-auction-report-%d-data.xlsx"

static const mt_source_dataset datasets[] = {{.name = "auctions",
                                              .doc = "clearing prices of the auctions of allowances",
                                              .kinds = "co2_price",
                                              .area_form = "EUA, EUAA (of aviation)",
                                              .step = MT_US_DAY,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = 14 * MT_US_DAY},
                                             {0}};

static const mt_http_policy policy = {
    .provider = "eex_auctions", .rate_per_s = 1, .burst = 3, .timeout = 60 * MT_US_SECOND};

enum column { DAY, CLOCK, NAME, CONTRACT, STATUS, PRICE, VOLUME, COVER, COLUMNS };

/* How each begins; NULL marks those that a report may lack. */
static const struct {
    const char *name;
    bool optional;
} heads[COLUMNS] = {{"Date", false},          {"Time", true},       {"Auction Name", false},
                    {"Contract", true},       {"Status", true},     {"Auction Price", false},
                    {"Auction Volume", true}, {"Cover Ratio", true}};

struct table {
    mt_page *page;
    const mt_zone *zone;
    int at[COLUMNS]; /* -1: not there */
    bool open;
};

static bool begins(mt_text cell, const char *word)
{
    size_t n = strlen(word);
    cell = cell.at ? mt_text_trim(cell) : cell;
    return cell.at && cell.length >= n && strncasecmp(cell.at, word, n) == 0;
}

static void find_columns(struct table *table, const mt_xlsx_row *row)
{
    int found = 0;
    for (int c = 0; c < COLUMNS; c++) {
        table->at[c] = -1;
        for (size_t k = row->n; k-- > 0;)
            if (begins(row->cell[k], heads[c].name)) table->at[c] = (int)k;
        found += table->at[c] >= 0 || heads[c].optional;
    }
    table->open = found == COLUMNS;
}

static mt_text cell_of(const struct table *table, const mt_xlsx_row *row, enum column column)
{
    int at = table->at[column];
    return at >= 0 && (size_t)at < row->n ? row->cell[at] : (mt_text){NULL, 0};
}

/* The clock of "45292.458333", "0.458333" or "11:00"; 11:00 where none is told. */
static mt_time read_clock(mt_text cell)
{
    double days;
    mt_time whole;
    if (cell.at && mt_real_parse(cell.at, cell.length, &days) && days >= 0)
        return (mt_time)llround((days - floor(days)) * 1440) % 1440 * MT_US_MINUTE;
    if (cell.at && mt_xlsx_time(cell, &whole)) return whole - mt_time_floor(whole, MT_US_DAY);
    if (cell.at && cell.length >= 5 && cell.at[2] == ':') {
        int64_t hour, minute;
        if (mt_int_parse(cell.at, 2, &hour) && mt_int_parse(cell.at + 3, 2, &minute) && hour >= 0 &&
            hour < 24 && minute >= 0 && minute < 60)
            return hour * MT_US_HOUR + minute * MT_US_MINUTE;
    }
    return 11 * MT_US_HOUR;
}

/* False: the row is no auction (a note, a total). */
static bool read_moment(const struct table *table, const mt_xlsx_row *cells, mt_observation *row)
{
    mt_time wall, at[2];
    if (!mt_xlsx_time(cell_of(table, cells, DAY), &wall)) return false;
    mt_day day = (mt_day)(mt_time_floor(wall, MT_US_DAY) / MT_US_DAY);
    row->start = mt_day_start(table->zone, day);
    row->step = mt_day_start(table->zone, day + 1) - row->start;
    mt_time clock = (mt_time)day * MT_US_DAY + read_clock(cell_of(table, cells, CLOCK));
    row->known_at = mt_zone_instants(table->zone, mt_time_civil(clock), at) > 0 ? at[0] : MT_TIME_NONE;
    return true;
}

static mt_code read_price(const struct table *table, const mt_xlsx_row *cells, mt_observation *row)
{
    mt_text cell = cell_of(table, cells, PRICE);
    row->value = NAN;
    if (!cell.at || mt_text_trim(cell).length == 0) return MT_OK;
    cell = mt_text_trim(cell);
    if (mt_real_parse(cell.at, cell.length, &row->value)) return MT_OK;
    return mt_page_fail(table->page, MT_E_REMOTE, "row %llu: the price should be a number, but is \"%.*s\"",
                        (unsigned long long)cells->row, (int)(cell.length < 40 ? cell.length : 40), cell.at);
}

/* Numbers as they stand, so that nothing is rounded. */
static mt_code write_payload(const struct table *table, const mt_xlsx_row *cells, mt_observation *row)
{
    double volume, cover;
    mt_text told = cell_of(table, cells, VOLUME), ratio = cell_of(table, cells, COVER);
    const char *text = "";
    mt_ctx *cx = table->page->cx;
    if (told.at && mt_real_parse(told.at, told.length, &volume))
        MT_TRY(mt_text_format(cx, &text, "\"volume_t\":%.15g", volume));
    if (ratio.at && mt_real_parse(ratio.at, ratio.length, &cover))
        MT_TRY(mt_text_format(cx, &text, "%s%s\"cover_ratio\":%.15g", text, *text ? "," : "", cover));
    return *text ? mt_text_format(cx, &row->payload, "{%s}", text) : MT_OK;
}

static bool is_failed(mt_text status)
{
    return status.at && mt_text_trim(status).length && !begins(status, "successful");
}

static mt_code add_auction(struct table *table, const mt_xlsx_row *cells)
{
    mt_observation row = {.kind = mt_kind_name(MT_KIND_CO2_PRICE), .area = "EUA", .unit = "EUR/t"};
    mt_text name = cell_of(table, cells, NAME), contract = cell_of(table, cells, CONTRACT);
    const char *asked = table->page->ask->query->area;
    mt_ctx *cx = table->page->cx;
    if (!name.at || !read_moment(table, cells, &row)) return MT_OK;
    if (is_failed(cell_of(table, cells, STATUS))) return MT_OK; /* called off: there is no price */
    MT_TRY(mt_text_copy(cx, &row.detail, mt_text_trim(name)));
    if (strcasestr(row.detail, "EUAA") || begins(contract, "EAA")) row.area = "EUAA";
    if (asked && strcasecmp(asked, row.area) != 0) return MT_OK;
    MT_TRY(read_price(table, cells, &row));
    MT_TRY(write_payload(table, cells, &row));
    return mt_page_add(table->page, &row);
}

static mt_code read_rows(mt_ctx *cx, struct table *table, mt_xlsx *xlsx)
{
    mt_xlsx_row row;
    table->open = false;
    for (;;) {
        MT_TRY(mt_xlsx_next(cx, xlsx, &row));
        if (row.n == 0 && table->open) return MT_OK;
        if (row.n == 0)
            return mt_page_fail(table->page, MT_E_REMOTE,
                                "a sheet with Date, Auction Name and Auction Price was expected");
        if (table->open)
            MT_TRY(add_auction(table, &row));
        else
            find_columns(table, &row);
    }
}

static mt_code read_workbook(mt_ctx *cx, struct table *table, const char *name, mt_text bytes)
{
    mt_xlsx *xlsx;
    MT_TRY(mt_workbook_sheet(cx, &bytes, name, bytes, "Primary Market Auction"));
    MT_TRY(mt_xlsx_open(cx, &xlsx, name, bytes));
    mt_code code = read_rows(cx, table, xlsx);
    mt_xlsx_close(xlsx);
    return code;
}

/* A report, or an archive of some. */
static mt_code read_bytes(mt_ctx *cx, struct table *table, mt_text bytes)
{
    mt_zip *zip;
    mt_text report;
    size_t n, reports = 0;
    MT_TRY(mt_zip_open(cx, &zip, "the answer", bytes));
    if (mt_zip_find(zip, "xl/workbook.xml")) return read_workbook(cx, table, "the answer", bytes);
    const mt_zip_entry *entry = mt_zip_entries(zip, &n);
    for (size_t k = 0; k < n; k++) {
        size_t length = strlen(entry[k].name);
        if (length < 5 || strcasecmp(entry[k].name + length - 5, ".xlsx") != 0) continue;
        MT_TRY(mt_zip_read(cx, zip, &entry[k], &report));
        MT_TRY(read_workbook(cx, table, entry[k].name, report));
        reports++;
    }
    return reports ? MT_OK : mt_fail(cx, MT_E_INPUT, "the answer is an archive without a workbook (.xlsx)");
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct table table = {.page = page, .zone = arg};
    char why[300];
    if (!mt_zip_is(answer->body)) return mt_page_unexpected(page, answer, "a workbook");
    mt_code code = read_bytes(cx, &table, answer->body);
    if (code != MT_E_INPUT) return code;
    snprintf(why, sizeof why, "%.299s", cx->err);
    return mt_page_fail(page, MT_E_REMOTE, "a workbook was expected, but %s", why);
}

static bool names_a_file(const char *url)
{
    size_t n = strlen(url);
    return n > 5 && (strcasecmp(url + n - 5, ".xlsx") == 0 || strcasecmp(url + n - 4, ".zip") == 0);
}

/* The report of a year that has begun without an auction is not there yet; that of an older one is missed. */
static mt_code judge_absent(mt_ctx *cx, const mt_source_call *call, int year, mt_code code)
{
    if (code != MT_E_ABSENT) return code;
    if (year < mt_time_civil(call->now).year)
        return mt_fail(
            cx, MT_E_ABSENT,
            "eex_auctions: the report of %d is not there; past years are in an archive whose "
            "address --url takes (eex.com, Markets, Environmentals, archive of the auction reports)",
            year);
    mt_ctx_forgive(cx);
    return MT_OK;
}

static mt_code fetch_years(mt_ctx *cx, mt_page_ask *ask, mt_sink *out)
{
    const mt_zone *zone = ask->arg;
    const mt_source_query *query = ask->query;
    int last = mt_zone_civil(zone, query->to - 1).year, now = mt_time_civil(ask->call->now).year;
    for (int year = mt_zone_civil(zone, query->from).year; year <= last && year <= now; year++) {
        MT_TRY(mt_text_format(cx, &ask->url, "%s/" REPORT, ask->call->base_url, year));
        mt_time from = mt_day_start(zone, mt_day_of(year, 1, 1)),
                to = mt_day_start(zone, mt_day_of(year + 1, 1, 1));
        ask->from = query->from > from ? query->from : from;
        ask->to = query->to < to ? query->to : to;
        MT_TRY(judge_absent(cx, ask->call, year, mt_page_fetch(cx, ask, out)));
    }
    return MT_OK;
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    const mt_zone *zone;
    mt_page_ask ask = {.source = &mt_source_eex_auctions,
                       .call = call,
                       .query = query,
                       .from = query->from,
                       .to = query->to,
                       .url = call->base_url,
                       .read = read_answer};
    if (query->area && strcasecmp(query->area, "EUA") != 0 && strcasecmp(query->area, "EUAA") != 0)
        return mt_fail(cx, MT_E_ABSENT, "eex_auctions has prices of EUA and EUAA, not of %.40s", query->area);
    MT_TRY(mt_zone_read(cx, &zone, "Europe/Berlin", NULL));
    ask.arg = (void *)(uintptr_t)zone; /* read only */
    if (names_a_file(call->base_url)) return mt_page_fetch(cx, &ask, out);
    return fetch_years(cx, &ask, out);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_eex_auctions, call, "auctions", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: the reports may be read freely; passing them on needs a licence for market data. */
const mt_source mt_source_eex_auctions = {
    .name = "eex_auctions",
    .title = "EEX emission allowance auctions",
    .base_url = "https://public.eex-group.com",
    .licence = "free to read; passing on needs a licence of EEX",
    .licence_url = "https://www.eex.com/en/markets/environmental-markets/eu-ets-auctions",
    .attribution = "Source: European Energy Exchange AG (EEX)",
    .redistribute = false,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
