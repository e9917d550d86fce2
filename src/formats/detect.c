/* What kind of file an input is, told from its first window. */
#include "formats/detect.h"

#include "formats/curve.h"
#include "formats/header.h"
#include "formats/order_file.h"
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
};

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
