/* World Bank commodity prices (the "Pink Sheet"): coal, gas and oil by the month, since 1960.
 *
 * Units     As the sheet tells them: USD/bbl and USD/t; gas in USD/MMBtu becomes USD/MWh (of its gross
 *           calorific value), the told value stays in the payload.
 * Time      A month of UTC. Prices are means of the month and come in the first days of the next.
 * Source    worldbank.org, "Commodity Markets", CMO-Historical-Data-Monthly.xlsx, sheet "Monthly Prices":
 *           titles, a row of names, a row of units, then rows "2024M01". Names and units are searched for,
 *           because columns and rows have moved; asterisks behind names mark notes. That a value that is
 *           missing stands as "…" or ".." is from memory.
 */
#include "sources/backend.h"

#include "io/xlsx_read.h"
#include "sources/answer.h"
#include "sources/list.h"
#include "sources/workbook.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The number changes when the bank moves the file; --url takes the whole address of the newest. */
#define FILE_PATH                                                                                            \
    "/en/doc/18675f1d1639c7a34d463f59263ba0a2-0050012025/related/CMO-Historical-Data-Monthly.xlsx"

static const double MWH_OF_MMBTU = 0.29307107;

static const mt_source_dataset datasets[] = {
    {.name = "monthly",
     .doc = "prices of coal, natural gas and crude oil by the month",
     .kinds = "fuel_price",
     .area_form = "Natural gas; a word that begins the name: Natural gas, Coal, Crude oil, …",
     .publish_every = 12 * MT_US_HOUR,
     .lag = 5 * MT_US_DAY,
     .look_back = 62 * MT_US_DAY},
    {0}};

static const mt_http_policy policy = {
    .provider = "worldbank", .rate_per_s = 1, .burst = 3, .timeout = 120 * MT_US_SECOND};

static const char *const fuels[] = {"Crude oil, average",
                                    "Crude oil, Brent",
                                    "Crude oil, Dubai",
                                    "Crude oil, WTI",
                                    "Coal, Australian",
                                    "Coal, South African",
                                    "Natural gas, US",
                                    "Natural gas, Europe",
                                    "Natural gas index",
                                    "Coal, Colombian",
                                    "Liquefied natural gas, Japan"};

enum { FUELS = sizeof fuels / sizeof *fuels };

/* A column that is read. */
struct column {
    size_t at;
    const char *fuel, *unit;
    double factor;
    bool keep; /* the told value, in the payload */
};

struct table {
    mt_page *page;
    struct column column[FUELS];
    size_t n;
    bool units;
    size_t months;
};

/* "Natural gas, Europe **" -> "Natural gas, Europe" */
static mt_text plain_name(mt_text cell)
{
    cell = mt_text_trim(cell);
    while (cell.length && strchr("* ", cell.at[cell.length - 1])) cell.length--;
    return cell;
}

static void find_columns(struct table *table, const mt_xlsx_row *row)
{
    for (size_t k = 1; k < row->n && table->n < FUELS; k++) {
        mt_text name = plain_name(row->cell[k]);
        for (size_t i = 0; name.at && i < FUELS; i++) {
            if (!mt_text_equal_nocase(name, fuels[i])) continue;
            table->column[table->n++] = (struct column){.at = k, .fuel = fuels[i]};
            break;
        }
    }
}

static bool is_unit(mt_text cell, const char *unit)
{
    char told[24];
    size_t n = 0;
    for (size_t k = 0; k < cell.length && n < sizeof told - 1; k++)
        if (!strchr("() ", cell.at[k])) told[n++] = cell.at[k];
    told[n] = 0;
    return strcasecmp(told, unit) == 0;
}

/* The row of units stands under the names; an index has no money and is not read. */
static mt_code read_units(struct table *table, const mt_xlsx_row *row)
{
    size_t kept = 0;
    for (size_t k = 0; k < table->n; k++) {
        struct column column = table->column[k];
        mt_text cell = column.at < row->n ? row->cell[column.at] : (mt_text){"", 0};
        if (!cell.at) cell = (mt_text){"", 0};
        column.factor = 1;
        if (is_unit(cell, "$/mmbtu"))
            column.unit = "USD/MWh", column.factor = 1 / MWH_OF_MMBTU, column.keep = true;
        else if (is_unit(cell, "$/bbl"))
            column.unit = "USD/bbl";
        else if (is_unit(cell, "$/mt"))
            column.unit = "USD/t";
        else if (strstr(column.fuel, "index"))
            continue;
        else
            return mt_page_fail(table->page, MT_E_REMOTE,
                                "row %llu: a unit such as ($/mmbtu) was expected for %s, not \"%.*s\"",
                                (unsigned long long)row->row, column.fuel,
                                (int)(cell.length < 40 ? cell.length : 40), cell.at);
        table->column[kept++] = column;
    }
    table->n = kept;
    table->units = true;
    return MT_OK;
}

/* "2024M01" */
static bool read_month(mt_text cell, mt_observation *row)
{
    int64_t year, month;
    if (!cell.at || cell.length != 7 || cell.at[4] != 'M' || !mt_int_parse(cell.at, 4, &year) ||
        !mt_int_parse(cell.at + 5, 2, &month) || year < 1900 || year > 2200 || month < 1 || month > 12)
        return false;
    row->start = (mt_time)mt_day_of((int)year, (int)month, 1) * MT_US_DAY;
    int next_year = (int)year + (month == 12), next = month == 12 ? 1 : (int)month + 1;
    row->step = (mt_time)mt_day_of(next_year, next, 1) * MT_US_DAY - row->start;
    return true;
}

/* Does the name begin with the asked word? */
static bool is_asked(const char *fuel, const char *asked)
{
    return !asked || strncasecmp(fuel, asked, strlen(asked)) == 0;
}

static mt_code read_price(struct table *table, const struct column *column, mt_text cell, uint64_t line,
                          mt_observation *row)
{
    static const char *const missing[] = {"", "…", "...", "..", "n.a.", "-"};
    row->value = NAN;
    row->payload = NULL;
    if (!cell.at) return MT_OK;
    cell = mt_text_trim(cell);
    for (size_t k = 0; k < sizeof missing / sizeof *missing; k++)
        if (mt_text_equal(cell, missing[k])) return MT_OK;
    if (!mt_real_parse(cell.at, cell.length, &row->value))
        return mt_page_fail(table->page, MT_E_REMOTE, "row %llu: %s should be a number, but is \"%.*s\"",
                            (unsigned long long)line, column->fuel,
                            (int)(cell.length < 40 ? cell.length : 40), cell.at);
    if (column->keep)
        MT_TRY(mt_text_format(table->page->cx, &row->payload, "{\"value\":%.10g,\"unit\":\"USD/MMBtu\"}",
                              row->value));
    row->value *= column->factor;
    return MT_OK;
}

static mt_code add_month(struct table *table, const mt_xlsx_row *cells, mt_observation *row)
{
    for (size_t k = 0; k < table->n; k++) {
        const struct column *column = &table->column[k];
        mt_text cell = column->at < cells->n ? cells->cell[column->at] : (mt_text){NULL, 0};
        if (!is_asked(column->fuel, table->page->ask->query->area)) continue;
        MT_TRY(read_price(table, column, cell, cells->row, row));
        row->kind = mt_kind_name(MT_KIND_FUEL_PRICE);
        row->area = column->fuel;
        row->unit = column->unit;
        MT_TRY(mt_page_add(table->page, row));
    }
    table->months++;
    return MT_OK;
}

static mt_code read_rows(mt_ctx *cx, struct table *table, mt_xlsx *xlsx)
{
    mt_xlsx_row cells;
    mt_observation row = {.detail = ""};
    for (;;) {
        MT_TRY(mt_xlsx_next(cx, xlsx, &cells));
        if (cells.n == 0) return MT_OK;
        if (table->n == 0)
            find_columns(table, &cells);
        else if (!table->units)
            MT_TRY(read_units(table, &cells));
        else if (read_month(cells.cell[0], &row))
            MT_TRY(add_month(table, &cells, &row));
    }
}

static mt_code read_workbook(mt_ctx *cx, struct table *table, mt_text bytes)
{
    mt_xlsx *xlsx;
    MT_TRY(mt_workbook_sheet(cx, &bytes, "the answer", bytes, "Monthly Prices"));
    MT_TRY(mt_xlsx_open(cx, &xlsx, "the answer", bytes));
    mt_code code = read_rows(cx, table, xlsx);
    mt_xlsx_close(xlsx);
    return code;
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct table table = {.page = page};
    char why[300];
    (void)arg;
    if (answer->body.length < 4 || memcmp(answer->body.at, "PK", 2) != 0)
        return mt_page_unexpected(page, answer, "a workbook");
    mt_code code = read_workbook(cx, &table, answer->body);
    if (code == MT_OK && table.months == 0)
        return mt_page_fail(
            page, MT_E_REMOTE,
            "a sheet with names such as \"%s\", units and months such as 2024M01 was expected", fuels[1]);
    if (code != MT_E_INPUT) return code;
    snprintf(why, sizeof why, "%.299s", cx->err);
    return mt_page_fail(page, MT_E_REMOTE, "a workbook was expected, but %s", why);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    mt_page_ask ask = {.source = &mt_source_worldbank,
                       .call = call,
                       .query = query,
                       .from = query->from,
                       .to = query->to,
                       .read = read_answer};
    size_t n = strlen(call->base_url);
    bool whole = n > 5 && strcasecmp(call->base_url + n - 5, ".xlsx") == 0;
    MT_TRY(mt_text_format(cx, &ask.url, "%s%s", call->base_url, whole ? "" : FILE_PATH));
    return mt_page_fetch(cx, &ask, out);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_worldbank, call, "monthly", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: the bank's data is CC BY 4.0 unless its owner is another, and prices of this sheet
 * have other owners. So nothing is passed on. */
const mt_source mt_source_worldbank = {
    .name = "worldbank",
    .title = "World Bank commodity prices (Pink Sheet)",
    .base_url = "https://thedocs.worldbank.org",
    .licence = "CC BY 4.0, except for prices that belong to others",
    .licence_url = "https://www.worldbank.org/en/about/legal/terms-of-use-for-datasets",
    .attribution = "Source: World Bank Commodity Price Data (The Pink Sheet)",
    .redistribute = false,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
