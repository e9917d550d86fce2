/* What kind of file an input is, told from its first window. */
#include "formats/detect.h"

#include "formats/header.h"
#include "formats/order_file.h"
#include "formats/trade_file.h"

#include <string.h>

enum { LINES_MAX = 6, LINE_MAX_BYTES = 4096, SHOWN = 80, SCORE_MIN = 3 };

static const struct {
    const char *name, *meaning;
} forms[MT_FORM_COUNT] = {
#define FORM_ROW(symbol, name, meaning) [symbol] = {name, meaning},
    MT_FORM_LIST(FORM_ROW)
#undef FORM_ROW
};

static const char *const zone_names[] = {"zone", NULL}, *const price_names[] = {"priceeurpermwh", NULL};
static const char *const volume_names[] = {"quantitymwh", NULL};
static const mt_column gme_columns[] = {{.name = "zone", .synonym = zone_names},
                                        {.name = "price_eur_per_mwh", .synonym = price_names},
                                        {.name = "quantity_mwh", .synonym = volume_names}};

static bool holds(mt_text line, const char *word)
{
    return memmem(line.at, line.length, word, strlen(word)) != NULL;
}

static bool is_omie(mt_text line)
{
    bool title = holds(line, "Mercado diario") || holds(line, "Curva") || holds(line, "curva");
    bool operator_named = holds(line, "OMEL") || holds(line, "OMIE");
    return (operator_named && title) || holds(line, "(O)/Casada (C)");
}

/* 20250715,1,10.43,30804.0,30946.8, */
static bool is_jepx(mt_text line)
{
    mt_text field[8];
    mt_record record;
    mt_day day;
    mt_micro number;
    mt_records records = {.at = line.at, .n = line.length, .last = true, .delimiter = ',', .line = 1};
    if (mt_records_take(&records, field, 8, &record) != MT_TAKE_RECORD || record.n < 5 || record.n > 6)
        return false;
    if (field[0].length != 8 || !mt_day_parse(field[0].at, 8, &day)) return false;
    for (size_t k = 1; k < 5; k++)
        if (!mt_micro_parse(field[k].at, field[k].length, &number)) return false;
    return true;
}

/* The kind the line shows, or MT_FORM_COUNT. Trades and GME before orders: their headers hold those of
 * orders too. */
static mt_form judge_line(mt_text line)
{
    if (is_omie(line)) return MT_FORM_OMIE;
    if (is_jepx(line)) return MT_FORM_JEPX;
    if (mt_trade_file_score(line) == 4) return MT_FORM_TRADES;
    if (mt_header_score(line, gme_columns, 3) == 3) return MT_FORM_GME;
    if (mt_order_file_score(line) >= SCORE_MIN) return MT_FORM_ORDERS;
    return MT_FORM_COUNT;
}

static mt_text next_line(const char **at, const char *end)
{
    size_t left = (size_t)(end - *at);
    const char *newline = memchr(*at, '\n', left);
    mt_text line = {*at, newline != NULL ? (size_t)(newline - *at) : left};
    *at = newline != NULL ? newline + 1 : end;
    if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
    if (line.length > LINE_MAX_BYTES) line.length = LINE_MAX_BYTES;
    return line;
}

const char *mt_form_name(mt_form form)
{
    return (unsigned)form < MT_FORM_COUNT ? forms[form].name : "unknown";
}

const char *mt_form_meaning(mt_form form)
{
    return (unsigned)form < MT_FORM_COUNT ? forms[form].meaning : "an unknown kind of file";
}

mt_code mt_form_detect(mt_ctx *cx, mt_form *out, mt_bytes *bytes)
{
    const char *at, *name = mt_bytes_name(bytes);
    size_t n;
    bool last;
    char shown[SHOWN] = "";
    MT_TRY(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    const char *end = at + n;
    if (n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
    for (int line = 0; line < LINES_MAX && at < end; line++) {
        mt_text text = next_line(&at, end);
        mt_form form = judge_line(text);
        if (form != MT_FORM_COUNT) {
            *out = form;
            return MT_OK;
        }
        if (shown[0] == '\0') mt_header_show(shown, sizeof shown, text);
    }
    if (n == 0)
        return mt_fail(cx, MT_E_INPUT, "%s is empty; expected orders, an exchange's curve or trades", name);
    return mt_fail(cx, MT_E_INPUT,
                   "%s is neither an order file (Timestamp, Price, Volume, Sell_Buy) nor a curve of OMIE, "
                   "JEPX or GME nor a "
                   "trade file; it begins with \"%s\"",
                   name, shown);
}
