/* International Energy Agency: monthly electricity statistics, from the file that it publishes.
 *
 * Shapes    There is no service to ask: a person loads the file (CSV or .xlsx) from the agency's page, and
 *           the provider reads it where --url says it is: file:///PATH, a plain path, or any address. Titles
 *           may stand before the header Country, Time, Balance, Product, Value, Unit. Text that is no UTF-8
 *           is taken for Latin-1.
 * Units     Told in GWh, given in MWh.
 * Time      A month of UTC ("January 2024", "Jan-24", "2024-01", or a workbook's date).
 * Kinds     Each source of "Net Electricity Production" is production; its sums ("Electricity", "Total …")
 *           are net_generation, so that no sum over production counts twice. Imports are positive exchange,
 *           exports negative. Losses, final consumption and what pumped storage takes are kinds of their own.
 * Source    iea.org, "Monthly Electricity Statistics"; columns and words as in its MES_mmyy.csv.
 */
#include "sources/backend.h"

#include "io/utf8.h"
#include "io/xlsx_read.h"
#include "io/zip.h"
#include "sources/answer.h"
#include "sources/http/url.h"
#include "sources/list.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 256 << 20, HEADER_ROWS = 40, CELLS = 32 };

static const mt_source_dataset datasets[] = {
    {.name = "monthly",
     .doc = "production by source, trade and consumption of a country by the month, from a file",
     .kinds = "production net_generation exchange losses end_use storage_use",
     .area_form = "Germany, Denmark, … (countries as the file calls them)",
     .publish_every = MT_US_DAY,
     .lag = 75 * MT_US_DAY,
     .look_back = 400 * MT_US_DAY},
    {0}};

static const mt_http_policy policy = {.provider = "iea", .rate_per_s = 1, .burst = 3};

enum column { COUNTRY, TIME, BALANCE, PRODUCT, VALUE, UNIT, COLUMNS };
static const char *const head[COLUMNS] = {"Country", "Time", "Balance", "Product", "Value", "Unit"};

static const struct balance {
    const char *begins, *kind, *detail; /* detail NULL: the product */
    double sign;
} balances[] = {{"Net Electricity Production", "production", NULL, 1},
                {"Total Imports", "exchange", "import", 1},
                {"Total Exports", "exchange", "export", -1},
                {"Distribution Losses", "losses", "", 1},
                {"Final Consumption", "end_use", "", 1},
                {"Used for pumped storage", "storage_use", "pumped storage", 1}};

/* The table while it is read. */
struct table {
    mt_page *page;
    int at[COLUMNS];
    bool open;
    uint64_t line, others; /* balances that are not known here */
};

static mt_code fail_cell(const struct table *table, const char *what, mt_text cell)
{
    return mt_page_fail(table->page, MT_E_INPUT, "line %llu: %s was expected, not \"%.*s\"",
                        (unsigned long long)table->line, what, (int)(cell.length < 40 ? cell.length : 40),
                        cell.at ? cell.at : "");
}

/* "January", "Jan" -> 1; 0: none. */
static int read_month_name(mt_text text)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int k = 0; k < 12; k++)
        if (text.length >= 3 && text.length <= strlen(names[k]) &&
            strncasecmp(text.at, names[k], text.length) == 0)
            return k + 1;
    return 0;
}

/* "January 2024", "Jan-24", "2024-01", a day or a workbook's number of days. */
static bool read_month(mt_text cell, int *year, int *month)
{
    size_t letters = 0;
    int64_t number, second;
    mt_time t;
    while (letters < cell.length && (unsigned char)((cell.at[letters] | 32) - 'a') < 26) letters++;
    if (letters) {
        if (cell.length < letters + 3 || !strchr(" -", cell.at[letters]) ||
            !mt_int_parse(cell.at + letters + 1, cell.length - letters - 1, &number) || number < 0)
            return false;
        *month = read_month_name((mt_text){cell.at, letters});
        *year = (int)(number < 100 ? 2000 + number : number % 10000);
        return *month > 0;
    }
    if (cell.length == 7 && cell.at[4] == '-') {
        if (!mt_int_parse(cell.at, 4, &number) || !mt_int_parse(cell.at + 5, 2, &second)) return false;
        *year = (int)number;
        *month = (int)second;
        return mt_date_valid(*year, *month, 1);
    }
    if (!mt_xlsx_time(cell, &t)) return false;
    mt_civil c = mt_time_civil(t);
    *year = c.year;
    *month = c.month;
    return true;
}

static bool is_sum(mt_text product)
{
    return mt_text_equal_nocase(product, "Electricity") ||
           (product.length >= 5 && strncasecmp(product.at, "Total", 5) == 0);
}

static const struct balance *find_balance(mt_text text)
{
    for (size_t k = 0; k < sizeof balances / sizeof *balances; k++) {
        size_t n = strlen(balances[k].begins);
        if (text.length >= n && strncasecmp(text.at, balances[k].begins, n) == 0) return &balances[k];
    }
    return NULL;
}

static mt_code read_value(struct table *table, mt_text value, mt_text unit, mt_observation *row)
{
    row->value = NAN;
    if (!mt_text_equal_nocase(unit, "GWh")) return fail_cell(table, "the unit GWh", unit);
    if (value.length == 0 || mt_text_equal(value, "..") || mt_text_equal(value, "c")) return MT_OK;
    if (!mt_real_parse(value.at, value.length, &row->value)) return fail_cell(table, "a number", value);
    row->value *= 1000;
    return MT_OK;
}

static mt_code add_row(struct table *table, const mt_text cell[COLUMNS])
{
    mt_observation row = {.unit = "MWh"};
    mt_page *page = table->page;
    int year = 0, month = 0;
    const char *asked = page->ask->query->area;
    if (asked && *asked && !mt_text_equal_nocase(cell[COUNTRY], asked)) return MT_OK;
    if (!read_month(cell[TIME], &year, &month) || !mt_date_valid(year, month, 1))
        return fail_cell(table, "a month such as January 2024", cell[TIME]);
    const struct balance *balance = find_balance(cell[BALANCE]);
    if (!balance) {
        table->others++;
        return MT_OK;
    }
    MT_TRY(read_value(table, cell[VALUE], cell[UNIT], &row));
    row.value *= balance->sign;
    row.kind = !balance->detail && is_sum(cell[PRODUCT]) ? "net_generation" : balance->kind;
    row.start = (mt_time)mt_day_of(year, month, 1) * MT_US_DAY;
    row.step = (mt_time)mt_day_of(year + (month == 12), month % 12 + 1, 1) * MT_US_DAY - row.start;
    MT_TRY(mt_text_copy(page->cx, &row.area, cell[COUNTRY]));
    row.detail = balance->detail;
    if (!row.detail) MT_TRY(mt_text_copy(page->cx, &row.detail, cell[PRODUCT]));
    return mt_page_add(page, &row);
}

static void find_columns(struct table *table, const mt_text *cell, size_t n)
{
    int found = 0;
    for (int c = 0; c < COLUMNS; c++) {
        table->at[c] = -1;
        for (size_t k = 0; k < n && table->at[c] < 0; k++)
            if (cell[k].at && mt_text_equal_nocase(mt_text_trim(cell[k]), head[c])) table->at[c] = (int)k;
        found += table->at[c] >= 0;
    }
    table->open = found == COLUMNS;
}

/* Any row: a title, the header, or values. */
static mt_code take_cells(struct table *table, const mt_text *cell, size_t n)
{
    mt_text own[COLUMNS];
    if (!table->open) {
        find_columns(table, cell, n);
        return MT_OK;
    }
    for (int c = 0; c < COLUMNS; c++) {
        mt_text text = (size_t)table->at[c] < n ? cell[table->at[c]] : (mt_text){"", 0};
        own[c] = text.at ? mt_text_trim(text) : (mt_text){"", 0};
    }
    return own[COUNTRY].length == 0 ? MT_OK : add_row(table, own); /* a line of notes has no country */
}

/* Cuts a line at its commas; a cell in quotes keeps them, doubled quotes are not in these files. */
static size_t cut_line(mt_text line, mt_text cell[CELLS])
{
    const char *at = line.at, *end = line.at + line.length;
    size_t n = 0;
    while (n < CELLS) {
        bool quoted = at < end && *at == '"';
        const char *from = quoted ? at + 1 : at;
        const char *stop = memchr(from, quoted ? '"' : ',', (size_t)(end - from));
        if (!stop) stop = end;
        cell[n++] = (mt_text){from, (size_t)(stop - from)};
        at = memchr(stop, ',', (size_t)(end - stop));
        if (!at) break;
        at++;
    }
    return n;
}

static mt_code read_lines(struct table *table, mt_text text)
{
    mt_text cell[CELLS];
    while (text.length && (table->open || table->line < HEADER_ROWS)) {
        const char *newline = memchr(text.at, '\n', text.length);
        mt_text line = {text.at, newline ? (size_t)(newline - text.at) : text.length};
        size_t took = line.length + (newline != NULL);
        text = (mt_text){text.at + took, text.length - took};
        if (line.length && line.at[line.length - 1] == '\r') line.length--;
        table->line++;
        MT_TRY(take_cells(table, cell, cut_line(line, cell)));
        if (table->line % 4096 == 0) MT_TRY(mt_ctx_check(table->page->cx));
    }
    return MT_OK;
}

static mt_code read_sheet(struct table *table, mt_xlsx *xlsx)
{
    mt_xlsx_row row;
    do {
        MT_TRY(mt_xlsx_next(table->page->cx, xlsx, &row));
        table->line = row.row;
        MT_TRY(take_cells(table, row.cell, row.n));
    } while (row.n && (table->open || table->line < HEADER_ROWS));
    return MT_OK;
}

/* Each byte beyond ASCII is a character of Latin-1. */
static mt_code widen(mt_ctx *cx, mt_text *text)
{
    char *to;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &to, text->length * 2 + 1));
    for (size_t k = 0; k < text->length; k++) {
        unsigned char c = (unsigned char)text->at[k];
        if (c >= 0x80) to[n++] = (char)(0xC0 | c >> 6), c = 0x80 | (c & 0x3F);
        to[n++] = (char)c;
    }
    *text = (mt_text){to, n};
    return MT_OK;
}

static mt_code read_bytes(struct table *table, const char *name, mt_text bytes)
{
    mt_ctx *cx = table->page->cx;
    mt_xlsx *xlsx;
    if (mt_zip_is(bytes)) {
        MT_TRY(mt_xlsx_open(cx, &xlsx, name, bytes));
        mt_code code = read_sheet(table, xlsx);
        mt_xlsx_close(xlsx);
        return code;
    }
    if (bytes.length >= 3 && memcmp(bytes.at, "\xEF\xBB\xBF", 3) == 0) bytes.at += 3, bytes.length -= 3;
    if (!mt_utf8_is_well(bytes.at, bytes.length)) MT_TRY(widen(cx, &bytes));
    return read_lines(table, bytes);
}

static mt_code read_file(mt_ctx *cx, int fd, const char *path, mt_text *out)
{
    struct stat about;
    char *bytes;
    size_t n = 0;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return mt_fail(cx, MT_E_INPUT, "iea: %s is no plain file", path);
    if (about.st_size > FILE_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "iea: %s has more than %d bytes", path, FILE_MAX);
    MT_TRY(MT_NEW(cx, &bytes, (size_t)about.st_size + 1));
    for (ssize_t got = 1; got > 0 && n < (size_t)about.st_size; n += (size_t)got) {
        got = pread(fd, bytes + n, (size_t)about.st_size - n, (off_t)n);
        if (got < 0) return mt_fail(cx, MT_E_IO, "iea: cannot read %s: %s", path, strerror(errno));
    }
    *out = (mt_text){bytes, n};
    return MT_OK;
}

/* "file:///a%20b" -> "/a b"; NULL: no path. */
static mt_code path_of(mt_ctx *cx, const char **out, const char *url)
{
    bool scheme = strncmp(url, "file://", 7) == 0;
    const char *from = scheme ? url + 7 : url;
    char *path;
    size_t n = 0;
    *out = NULL;
    if (*from != '/') return MT_OK;
    MT_TRY(MT_NEW(cx, &path, strlen(from) + 1));
    for (; *from; from++) {
        int byte = scheme ? mt_url_byte(from) : -1;
        path[n++] = (char)(byte >= 0 ? byte : *from);
        if (byte >= 0) from += 2;
    }
    *out = path;
    return MT_OK;
}

/* The bytes of the file, from this machine or from an address. */
static mt_code load(mt_ctx *cx, mt_page *page, mt_http_answer *answer)
{
    const mt_source_call *call = page->ask->call;
    mt_http_request request = {.policy = &policy, .url = call->base_url, .tries = call->tries};
    const char *path;
    *answer = (mt_http_answer){.content_type = ""};
    MT_TRY(path_of(cx, &path, call->base_url));
    if (!path) {
        if (call->pages) ++*call->pages;
        return mt_http_fetch(cx, call->http, &request, answer);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "iea: cannot open %s: %s", path, strerror(errno));
    mt_code code = read_file(cx, fd, path, &answer->body);
    close(fd);
    return code;
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer)
{
    struct table table = {.page = page};
    char why[300];
    mt_code code = read_bytes(&table, "the file", answer->body);
    if (code == MT_OK && !table.open)
        return mt_page_unexpected(
            page, answer,
            "a table with Country, Time, Balance, Product, Value and Unit (load the file "
            "from the agency's page and name it with --url file:///PATH)");
    if (table.others)
        mt_log(cx, MT_LOG_INFO, "iea, monthly: %llu rows of other balances are left out",
               (unsigned long long)table.others);
    if (code != MT_E_INPUT) return code;
    snprintf(why, sizeof why, "%.299s", cx->err);
    return mt_fail(cx, MT_E_REMOTE, "%s", why);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    mt_page_ask ask = {
        .source = &mt_source_iea, .call = call, .query = query, .from = query->from, .to = query->to};
    mt_page page = {.ask = &ask, .cx = cx};
    mt_http_answer answer;
    MT_TRY(load(cx, &page, &answer));
    MT_TRY(read_answer(cx, &page, &answer));
    if (page.n == 0 && page.outside)
        mt_log(cx, MT_LOG_WARN, "iea, monthly: none of %llu values lies inside the time that was asked for",
               (unsigned long long)page.outside);
    return mt_page_push(cx, out, cx, page.at, page.n);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_iea, call, "monthly", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* Licence from memory: these statistics are among the agency's freely available data, CC BY 4.0 only where it
 * says so. So nothing is passed on. */
const mt_source mt_source_iea = {
    .name = "iea",
    .title = "International Energy Agency, monthly electricity statistics",
    .base_url = "https://www.iea.org/data-and-statistics/data-product/monthly-electricity-statistics",
    .licence = "terms of the IEA: own use with the source named",
    .licence_url = "https://www.iea.org/terms",
    .attribution = "Source: IEA, Monthly Electricity Statistics",
    .redistribute = false,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
