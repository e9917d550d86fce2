/* Documents as bookings in DATEV's format: checked first, then written line by line. */
#include "formats/document/datev.h"

#include "formats/document/amount.h"
#include "formats/document/datev_columns.h"
#include "io/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 36, TEXT_MAX = 60, TITLE_MAX = 30, FORMAT_VERSION = 13 };

/* Columns that are filled, from 1. */
enum {
    AMOUNT = 1,
    SIDE = 2,
    CURRENCY = 3,
    ACCOUNT = 7,
    CONTRA = 8,
    TAX_KEY = 9,
    DAY = 10,
    NUMBER = 11,
    DUE_FIELD = 12,
    TEXT = 14,
    LOCK = 114,
    SERVICE_DAY = 115,
    DUE = 117
};

/* --- characters --- */

/* Windows-1252 between 0x80 and 0x9F; the rest of Latin-1 is itself. */
static const uint16_t special[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static char ansi_of(uint32_t point)
{
    if ((point >= 0x20 && point < 0x7F) || (point >= 0xA0 && point <= 0xFF))
        return (char)(unsigned char)point;
    for (size_t k = 0; k < 32 && point > 0xFF; k++)
        if (special[k] == point) return (char)(unsigned char)(0x80 + k);
    return '?';
}

/* A text in quotes, at most `most` characters; a quote inside is doubled. */
static mt_code put_quoted(mt_ctx *cx, mt_out *out, const char *text, size_t most)
{
    size_t left = text ? strlen(text) : 0;
    MT_TRY(mt_out_text(cx, out, "\""));
    for (size_t k = 0; left > 0 && k < most; k++) {
        size_t took = 0;
        int well = 1;
        char c = ansi_of(mt_utf8_next(text, left, &took, &well));
        MT_TRY(mt_out_write(cx, out, c == '"' ? "\"\"" : &c, c == '"' ? 2 : 1));
        text += took;
        left -= took;
    }
    return mt_out_text(cx, out, "\"");
}

/* --- the head --- */

static void put_day(char out[16], mt_day day, const char *form)
{
    mt_date date = mt_day_date(day);
    out[0] = '\0';
    if (day == MT_DAY_NONE) return;
    char whole[16];
    (void)snprintf(whole, sizeof whole, "%04d%02d%02d", date.year % 10000, date.month % 100, date.day % 100);
    if (strcmp(form, "YYYYMMDD") == 0)
        memcpy(out, whole, 9);
    else if (strcmp(form, "DDMM") == 0)
        (void)snprintf(out, 16, "%.2s%.2s", whole + 6, whole + 4);
    else if (strcmp(form, "DDMMYY") == 0)
        (void)snprintf(out, 16, "%.2s%.2s%.2s", whole + 6, whole + 4, whole + 2);
    else
        (void)snprintf(out, 16, "%.2s%.2s%.4s", whole + 6, whole + 4, whole);
}

/* The 31 fields of the first line; the days are those of the documents. */
static mt_code write_head(mt_ctx *cx, mt_out *out, const mt_datev_options *options, mt_day from, mt_day until)
{
    char year[16], first[16], last[16];
    mt_civil at = mt_time_civil(options->created);
    put_day(year, options->fiscal_year, "YYYYMMDD");
    put_day(first, from, "YYYYMMDD");
    put_day(last, until, "YYYYMMDD");
    MT_TRY(mt_out_format(cx, out, "\"EXTF\";700;21;\"Buchungsstapel\";%d;%04d%02d%02d%02d%02d%02d%03d;;",
                         FORMAT_VERSION, at.year, at.month, at.day, at.hour, at.minute, at.second,
                         at.micro / 1000));
    MT_TRY(mt_out_format(cx, out, "\"RE\";\"\";\"\";%" PRId64 ";%" PRId64 ";%s;%d;%s;%s;", options->adviser,
                         options->client, year, options->account_digits, first, last));
    MT_TRY(put_quoted(cx, out, options->title, TITLE_MAX));
    return mt_out_text(cx, out, ";\"\";1;0;0;\"EUR\";;\"\";;;\"\";;;\"\";\"\"\r\n");
}

static mt_code put_name(mt_ctx *cx, mt_out *out, const char *name, bool first)
{
    char ansi[64];
    size_t n = 0, left = strlen(name);
    while (left > 0 && n < sizeof ansi - 1) {
        size_t took = 0;
        int well = 1;
        ansi[n++] = ansi_of(mt_utf8_next(name, left, &took, &well));
        name += took;
        left -= took;
    }
    ansi[n] = '\0';
    return mt_out_format(cx, out, "%s%s", first ? "" : ";", ansi);
}

static mt_code put_pairs(mt_ctx *cx, mt_out *out, const char *title, int n)
{
    for (int k = 1; k <= n; k++)
        MT_TRY(mt_out_format(cx, out, ";%s - Art %d;%s - Inhalt %d", title, k, title, k));
    return MT_OK;
}

static mt_code write_names(mt_ctx *cx, mt_out *out)
{
#define NAME_ITEM(name) name,
    static const char *const first[] = {MT_DATEV_FIRST(NAME_ITEM)};
    static const char *const middle[] = {MT_DATEV_AFTER_BELEG(NAME_ITEM)};
    static const char *const last[] = {MT_DATEV_LAST(NAME_ITEM)};
#undef NAME_ITEM
    _Static_assert(sizeof first / sizeof *first + sizeof middle / sizeof *middle +
                           sizeof last / sizeof *last + 2 * (MT_DATEV_BELEG_PAIRS + MT_DATEV_ZUSATZ_PAIRS) ==
                       MT_DATEV_COLUMNS,
                   "as many names as columns");
    for (size_t k = 0; k < sizeof first / sizeof *first; k++) MT_TRY(put_name(cx, out, first[k], k == 0));
    MT_TRY(put_pairs(cx, out, "Beleginfo", MT_DATEV_BELEG_PAIRS));
    for (size_t k = 0; k < sizeof middle / sizeof *middle; k++) MT_TRY(put_name(cx, out, middle[k], false));
    MT_TRY(put_pairs(cx, out, "Zusatzinformation", MT_DATEV_ZUSATZ_PAIRS));
    for (size_t k = 0; k < sizeof last / sizeof *last; k++) MT_TRY(put_name(cx, out, last[k], false));
    return mt_out_text(cx, out, "\r\n");
}

/* --- bookings --- */

static bool is_bought(const mt_invoice *invoice, const mt_datev_options *options)
{
    return invoice->buyer.party_id && strcmp(invoice->buyer.party_id, options->owner_id) == 0;
}

static bool is_account(const char *account)
{
    size_t n = account ? strspn(account, "0123456789") : 0;
    return n > 0 && n <= 9 && account[n] == '\0';
}

static const mt_datev_account *account_of(const mt_invoice *invoice, size_t k,
                                          const mt_datev_options *options)
{
    const mt_datev_account *side = is_bought(invoice, options) ? options->expense : options->revenue;
    return &side[invoice->vat[k].category];
}

static const mt_party *partner_of(const mt_invoice *invoice, const mt_datev_options *options)
{
    return is_bought(invoice, options) ? &invoice->seller : &invoice->buyer;
}

static mt_code check_accounts(mt_ctx *cx, const mt_invoice *invoice, const mt_datev_options *options)
{
    const mt_party *partner = partner_of(invoice, options);
    if (!is_account(partner->datev_account))
        return mt_fail(cx, MT_E_INPUT, "document %s: %s has no account in the books (datev_account)",
                       invoice->number, partner->name ? partner->name : "its party");
    for (size_t k = 0; k < invoice->n_vat; k++)
        if (!is_account(account_of(invoice, k, options)->account))
            return mt_fail(cx, MT_E_INPUT, "document %s: no account of VAT category %s for what is %s",
                           invoice->number, mt_vat_code(invoice->vat[k].category),
                           is_bought(invoice, options) ? "bought" : "sold");
    return MT_OK;
}

/* A fiscal year begins at its first day and ends before the same day of the next. */
static bool is_in_year(mt_day day, mt_day first)
{
    mt_date date = mt_day_date(first);
    return day >= first && day < mt_day_of(date.year + 1, date.month, date.day);
}

static mt_code check_document(mt_ctx *cx, const mt_invoice *invoice, const mt_datev_options *options)
{
    char day[MT_TIME_TEXT_MAX] = "";
    bool sold = invoice->seller.party_id && strcmp(invoice->seller.party_id, options->owner_id) == 0;
    if (!invoice->number || !*invoice->number || invoice->issued == MT_DAY_NONE)
        return mt_fail(cx, MT_E_INPUT, "a draft (contract %s) cannot be booked: it has no number or no day",
                       invoice->contract_id ? invoice->contract_id : "unknown");
    if (strlen(invoice->number) > NUMBER_MAX)
        return mt_fail(cx, MT_E_INPUT, "document %s: a number of at most %d characters can be booked",
                       invoice->number, NUMBER_MAX);
    if (!is_bought(invoice, options) && !sold)
        return mt_fail(cx, MT_E_INPUT, "document %s is of others than %s, whose books these are",
                       invoice->number, options->owner_id);
    if (!invoice->currency || strcmp(invoice->currency, "EUR") != 0)
        return mt_fail(cx, MT_E_INPUT, "document %s is in %s; EUR is booked", invoice->number,
                       invoice->currency ? invoice->currency : "no currency");
    (void)mt_day_text(invoice->issued, day);
    if (!is_in_year(invoice->issued, options->fiscal_year))
        return mt_fail(cx, MT_E_INPUT, "document %s of %s is outside of the fiscal year", invoice->number,
                       day);
    return check_accounts(cx, invoice, options);
}

static mt_code check_options(mt_ctx *cx, const mt_datev_options *options)
{
    if (!options->owner_id || options->fiscal_year == MT_DAY_NONE)
        return mt_fail(cx, MT_E_INPUT, "the books need an owner and the first day of their fiscal year");
    if (options->adviser < 1001 || options->adviser > 9999999 || options->client < 1 ||
        options->client > 99999)
        return mt_fail(cx, MT_E_INPUT,
                       "adviser %" PRId64 ", client %" PRId64
                       "; 1001 to 9999999 and 1 to 99999 were expected",
                       options->adviser, options->client);
    if (options->account_digits < 4 || options->account_digits > 8)
        return mt_fail(cx, MT_E_INPUT, "accounts of %d digits; 4 to 8 were expected",
                       options->account_digits);
    return MT_OK;
}

struct booking {
    char amount[MT_AMOUNT_TEXT_MAX], day[16], due[16], due_long[16], service[16];
    const char *side, *account, *contra, *tax_key, *number, *text;
};

static struct booking booking_of(const mt_invoice *invoice, size_t k, const mt_datev_options *options)
{
    const mt_datev_account *account = account_of(invoice, k, options);
    const mt_party *partner = partner_of(invoice, options);
    int64_t cents = invoice->vat[k].taxable_cent + invoice->vat[k].vat_cent;
    bool bought = is_bought(invoice, options);
    struct booking of = {.side = cents < 0 ? "H" : "S",
                         .account = bought ? account->account : partner->datev_account,
                         .contra = bought ? partner->datev_account : account->account,
                         .tax_key = account->tax_key,
                         .number = invoice->number,
                         .text = partner->name};
    (void)mt_amount_text(cents < 0 ? -cents : cents, 2, 2, of.amount);
    of.amount[strlen(of.amount) - 3] = ',';
    put_day(of.day, invoice->issued, "DDMM");
    put_day(of.due, invoice->due, "DDMMYY");
    put_day(of.due_long, invoice->due, "DDMMYYYY");
    put_day(of.service, invoice->until, "DDMMYYYY");
    return of;
}

static mt_code put_cell(mt_ctx *cx, mt_out *out, int column, const struct booking *of)
{
    switch (column) {
    case AMOUNT:
        return mt_out_text(cx, out, of->amount);
    case SIDE:
        return put_quoted(cx, out, of->side, 1);
    case CURRENCY:
        return put_quoted(cx, out, "EUR", 3);
    case ACCOUNT:
        return mt_out_text(cx, out, of->account);
    case CONTRA:
        return mt_out_text(cx, out, of->contra);
    case TAX_KEY:
        return put_quoted(cx, out, of->tax_key, 4);
    case DAY:
        return mt_out_text(cx, out, of->day);
    case NUMBER:
        return put_quoted(cx, out, of->number, NUMBER_MAX);
    case DUE_FIELD:
        return put_quoted(cx, out, of->due, 6);
    case TEXT:
        return put_quoted(cx, out, of->text, TEXT_MAX);
    case LOCK:
        return mt_out_text(cx, out, "0");
    case SERVICE_DAY:
        return mt_out_text(cx, out, of->service);
    case DUE:
        return mt_out_text(cx, out, of->due_long);
    default:
        return MT_OK;
    }
}

static mt_code write_booking(mt_ctx *cx, mt_out *out, const struct booking *of)
{
    for (int column = 1; column <= MT_DATEV_COLUMNS; column++) {
        if (column > 1) MT_TRY(mt_out_text(cx, out, ";"));
        MT_TRY(put_cell(cx, out, column, of));
    }
    return mt_out_text(cx, out, "\r\n");
}

mt_code mt_datev_write(mt_ctx *cx, mt_out *out, const mt_invoice *const *invoice, size_t n,
                       const mt_datev_options *options)
{
    mt_day from = MT_DAY_NONE, until = MT_DAY_NONE;
    MT_TRY(check_options(cx, options));
    for (size_t k = 0; k < n; k++) {
        MT_TRY(check_document(cx, invoice[k], options));
        if (from == MT_DAY_NONE || invoice[k]->issued < from) from = invoice[k]->issued;
        if (until == MT_DAY_NONE || invoice[k]->issued > until) until = invoice[k]->issued;
    }
    if (n == 0) from = until = options->fiscal_year;
    MT_TRY(write_head(cx, out, options, from, until));
    MT_TRY(write_names(cx, out));
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < invoice[k]->n_vat; i++) {
            struct booking of = booking_of(invoice[k], i, options);
            MT_TRY(write_booking(cx, out, &of));
        }
    return MT_OK;
}
