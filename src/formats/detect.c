/* What kind of file an input is, told from its first window. */
#include "formats/detect.h"

#include "formats/curve.h"
#include "formats/header.h"
#include "formats/order_file.h"
#include "formats/series/list.h"
#include "formats/series/record_file.h"
#include "formats/trade_file.h"

#include <string.h>

enum { LINES_MAX = 6, LINE_MAX_BYTES = 4096, SHOWN = 80, SCORE_MIN = 3 };

static const struct {
    const char *name, *meaning;
} forms[MT_FORM_COUNT] = {[MT_FORM_ORDERS] = {"orders", "an order file"},
                          [MT_FORM_TRADES] = {"trades", "a trade file"},
#define FORM_ROW(symbol, name, meaning, entry) [MT_FORM_CURVE + symbol] = {name, meaning},
                          MT_EXCHANGE_LIST(FORM_ROW)
#undef FORM_ROW
                              [MT_FORM_SERIES] = {"series", "records of time series"}};

#define EXCHANGE_NAME(symbol, name, meaning, entry) name,
#define DATASET_NAME(name)                          name,
#define LAYOUT_NAME(symbol, name, meaning)          name,
static const char *const names[] = {"orders", "trades",
                                    MT_EXCHANGE_LIST(EXCHANGE_NAME) MT_DATASET_LIST(DATASET_NAME)
                                        MT_LAYOUT_LIST(LAYOUT_NAME) NULL};
enum { NAMES = sizeof names / sizeof *names - 1 };

/* The kind the line shows, or MT_FORM_COUNT. Orders last: the headers of trades and of some curves hold
 * those of orders too. */
static mt_form judge_line(mt_text line)
{
    if (mt_trade_file_score(line) == 4) return MT_FORM_TRADES;
    for (int exchange = 0; exchange < MT_EXCHANGE_COUNT; exchange++) {
        if (mt_curve_exchange_of((mt_exchange)exchange)->is(line))
            return mt_form_curve((mt_exchange)exchange);
    }
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

/* The first of a few lines that shows an order file, a trade file or a curve, or MT_FORM_COUNT; `shown` is
 * the beginning of the first line. */
static mt_form judge_lines(mt_text window, char shown[SHOWN])
{
    const char *at = window.at, *end = at + window.length;
    shown[0] = '\0';
    if (window.length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
    for (int line = 0; line < LINES_MAX && at < end; line++) {
        mt_text text = next_line(&at, end);
        mt_form form = judge_line(text);
        if (form != MT_FORM_COUNT) return form;
        if (shown[0] == '\0') mt_header_show(shown, SHOWN, text);
    }
    return MT_FORM_COUNT;
}

mt_code mt_form_detect(mt_ctx *cx, mt_form *out, mt_bytes *bytes)
{
    const char *at, *name = mt_bytes_name(bytes);
    size_t n;
    bool last;
    char shown[SHOWN];
    MT_TRY(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    mt_form form = judge_lines((mt_text){at, n}, shown);
    if (n == 0)
        return mt_fail(cx, MT_E_INPUT, "%s is empty; expected orders, an exchange's curve or trades", name);
    if (form == MT_FORM_COUNT)
        return mt_fail(
            cx, MT_E_INPUT,
            "%s is neither an order file (Timestamp, Price, Volume, Sell_Buy) nor a curve of OMIE, "
            "JEPX or GME nor a "
            "trade file; it begins with \"%s\"",
            name, shown);
    *out = form;
    return MT_OK;
}

static mt_form_found found_of(mt_form form)
{
    return (mt_form_found){form, mt_form_name(form)};
}

/* Names to the letter show more than names that are like those of orders. */
mt_code mt_form_recognise(mt_ctx *cx, mt_form_found *out, mt_bytes *bytes)
{
    const char *at, *name = mt_bytes_name(bytes);
    size_t n;
    bool last;
    char shown[SHOWN];
    mt_record_look look;
    MT_TRY(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    if (n == 0)
        return mt_fail(cx, MT_E_INPUT, "%s is empty; expected orders, trades or records of series", name);
    MT_TRY(mt_record_look_at(cx, &look, (mt_text){at, n}, last));
    mt_form form = judge_lines((mt_text){at, n}, shown);
    if (look.as == NULL && form == MT_FORM_COUNT)
        return mt_fail(
            cx, MT_E_INPUT,
            "%s is %s, nor an order file, an exchange's curve or a trade file; it begins with \"%s\"", name,
            look.json ? "JSON of no known dataset" : "no known dataset, no line protocol", shown);
    *out = look.as != NULL ? (mt_form_found){MT_FORM_SERIES, look.as} : found_of(form);
    return MT_OK;
}

mt_code mt_form_of(mt_ctx *cx, mt_form_found *out, const char *as)
{
    mt_record_look look = mt_record_look_of(as);
    if (look.as != NULL) {
        *out = (mt_form_found){MT_FORM_SERIES, look.as};
        return MT_OK;
    }
    for (int form = 0; form < MT_FORM_SERIES; form++) {
        if (strcmp(forms[form].name, as) != 0) continue;
        *out = found_of((mt_form)form);
        return MT_OK;
    }
    int nearest = mt_text_nearest(as, names, NAMES);
    return mt_fail(cx, MT_E_INPUT, "no kind of file is called \"%.80s\"%s%s%s", as,
                   nearest >= 0 ? "; did you mean \"" : "", nearest >= 0 ? names[nearest] : "",
                   nearest >= 0 ? "\"?" : "");
}

const char *const *mt_form_names(size_t *n)
{
    *n = NAMES;
    return names;
}
