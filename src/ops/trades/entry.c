/* One trade as people and programs tell it, made exact. */
#include "ops/trades/entry.h"

#include "io/json.h"
#include "store/plain_text.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 255, CENT_BOUND = 10000000, MW_BOUND = 1000000, SHOWN = 40 };

const char *const mt_entry_name[MT_ENTRY_FIELDS + 1] = {
    "id",        "price",          "quantity", "direction", "delivery_day", "delivery_hour",
    "trader_id", "execution_time", "strategy", NULL};

/* What a field should be; in faults. */
static const char *const right[MT_ENTRY_FIELDS] = {
    "a text of at most 255 bytes",
    "a whole number of euro-cents per MWh, e.g. 8129, within 100,000 EUR/MWh",
    "a whole number of MW above 0, e.g. 5",
    "buy or sell",
    "a day, e.g. 2025-06-08",
    "an hour of the day, e.g. 08-09",
    "a text of at most 255 bytes",
    "a moment, e.g. 2025-06-07T15:03:44Z",
    "a text of at most 255 bytes"};

static mt_code say(mt_ctx *cx, const char **fault, int which, mt_text text)
{
    mt_text shown = {text.at, text.length < SHOWN ? text.length : SHOWN};
    if (!text.length)
        return mt_text_format(cx, fault, "%s is missing; right would be %s", mt_entry_name[which],
                              right[which]);
    MT_TRY(mt_plain_text_make(cx, &shown, shown));
    return mt_text_format(cx, fault, "%s is \"%.*s\"; right would be %s", mt_entry_name[which],
                          (int)shown.length, shown.at, right[which]);
}

/* --- the hour ---------------------------------------------------------------------------------------- */

struct hour {
    int from;
    char which; /* 'A', 'B'; 0: not told */
};

static bool take_digits(mt_text *text, int *out)
{
    size_t k = 0;
    *out = 0;
    for (; k < text->length && k < 2 && text->at[k] >= '0' && text->at[k] <= '9'; k++)
        *out = *out * 10 + (text->at[k] - '0');
    *text = (mt_text){text->at + k, text->length - k};
    return k > 0;
}

static bool parse_hour(mt_text text, struct hour *out)
{
    int until;
    out->which = 0;
    if (!take_digits(&text, &out->from) || out->from > 23) return false;
    if (!text.length || *text.at != '-') return false;
    text = (mt_text){text.at + 1, text.length - 1};
    if (!take_digits(&text, &until)) return false;
    if (text.length == 1 && strchr("ABab", *text.at)) out->which = (char)(*text.at & ~0x20);
    if (text.length && !out->which) return false;
    return until == out->from + 1 || (out->from == 23 && until == 0);
}

static int find_instants(const mt_zone *zone, mt_day day, int hour, mt_time out[2])
{
    mt_date date = mt_day_date(day);
    return mt_zone_instants(zone, (mt_civil){date.year, date.month, date.day, hour, 0, 0, 0}, out);
}

static mt_code read_hour(mt_ctx *cx, mt_stored_trade *out, const char **fault, mt_text text,
                         const mt_zone *zone)
{
    struct hour hour;
    mt_time instant[2];
    char day[MT_TIME_TEXT_MAX];
    if (!parse_hour(text, &hour)) return say(cx, fault, MT_ENTRY_HOUR, text);
    int n = find_instants(zone, out->delivery_day, hour.from, instant);
    mt_day_text(out->delivery_day, day);
    if (n == 0)
        return mt_text_format(cx, fault, "%s has no hour %02d-%02d: the clocks go forward over it", day,
                              hour.from, hour.from + 1);
    if (n == 2 && !hour.which)
        return mt_text_format(cx, fault, "%s has the hour %02d-%02d twice: say %02d-%02dA or %02d-%02dB", day,
                              hour.from, hour.from + 1, hour.from, hour.from + 1, hour.from, hour.from + 1);
    if (n == 1 && hour.which)
        return mt_text_format(cx, fault, "%s has the hour %02d-%02d once: leave the %c away", day, hour.from,
                              hour.from + 1, hour.which);
    out->delivery_start = instant[hour.which == 'B' ? 1 : 0];
    out->delivery_end = out->delivery_start + MT_US_HOUR;
    char name[8];
    mt_entry_hour_name(name, out->delivery_start, zone);
    return mt_text_copy(cx, &out->delivery_hour, mt_text_of(name));
}

void mt_entry_hour_name(char *out, mt_time start, const mt_zone *zone)
{
    mt_time instant[2];
    mt_civil civil = mt_zone_civil(zone, start);
    unsigned hour = (unsigned)civil.hour % 24;
    int n = mt_zone_instants(zone, civil, instant);
    snprintf(out, 8, "%02u-%02u%s", hour, hour + 1, n < 2 ? "" : instant[0] == start ? "A" : "B");
}

/* --- the other fields -------------------------------------------------------------------------------- */

/* NULL text: the field may be missing and is. */
static bool read_text(mt_ctx *cx, const char **out, mt_text text, mt_code *code)
{
    if (!text.length || text.length > NAME_MAX_BYTES || !mt_plain_text_is(text)) return false;
    *code = mt_text_copy(cx, out, text);
    return true;
}

static bool read_number(mt_text text, int64_t least, int64_t most, int64_t *out)
{
    return text.length && mt_int_parse(text.at, text.length, out) && *out >= least && *out <= most;
}

static bool read_direction(mt_text text, const char **out)
{
    *out = mt_text_equal_nocase(text, "buy") ? "buy" : mt_text_equal_nocase(text, "sell") ? "sell" : NULL;
    return *out != NULL;
}

static bool read_moment(mt_text text, const mt_zone *zone, mt_time *out)
{
    bool has_offset;
    mt_time instant[2];
    if (!text.length || !mt_time_parse(text.at, text.length, out, &has_offset)) return false;
    if (has_offset) return true;
    if (mt_zone_instants(zone, mt_time_civil(*out), instant) == 0) return false;
    *out = instant[0];
    return true;
}

static bool read_field(mt_ctx *cx, mt_stored_trade *out, int which, mt_text text, mt_code *code)
{
    switch (which) {
    case MT_ENTRY_ID:
        return read_text(cx, &out->id, text, code);
    case MT_ENTRY_PRICE:
        return read_number(text, -CENT_BOUND, CENT_BOUND, &out->price_cent);
    case MT_ENTRY_QUANTITY:
        return read_number(text, 1, MW_BOUND, &out->quantity_mw);
    case MT_ENTRY_DIRECTION:
        return read_direction(text, &out->direction);
    case MT_ENTRY_DAY:
        return text.length && mt_day_parse(text.at, text.length, &out->delivery_day);
    case MT_ENTRY_TRADER:
        return read_text(cx, &out->trader_id, text, code);
    case MT_ENTRY_STRATEGY:
        return !text.length || read_text(cx, &out->strategy, text, code);
    default:
        return true;
    }
}

mt_code mt_entry_read(mt_ctx *cx, mt_stored_trade *out, const char **fault,
                      const mt_text field[MT_ENTRY_FIELDS], const mt_zone *zone)
{
    mt_stored_trade trade = {.delivery_day = MT_DAY_NONE};
    mt_code code = MT_OK;
    *fault = NULL;
    for (int k = 0; k < MT_ENTRY_FIELDS; k++) {
        mt_text text = field[k].at ? mt_text_trim(field[k]) : field[k];
        bool good = k == MT_ENTRY_EXECUTED ? read_moment(text, zone, &trade.execution_time)
                                           : read_field(cx, &trade, k, text, &code);
        MT_TRY(code);
        if (!good) return say(cx, fault, k, text);
        if (k == MT_ENTRY_HOUR) MT_TRY(read_hour(cx, &trade, fault, text, zone));
        if (*fault) return MT_OK;
    }
    *out = trade;
    return MT_OK;
}

/* --- confirmations ----------------------------------------------------------------------------------- */

static mt_text member_text(const mt_json *object, const char *name)
{
    const mt_json *member = mt_json_member(object, name);
    bool usable = member && (member->kind == MT_JSON_STRING || member->kind == MT_JSON_NUMBER);
    return usable ? member->text : (mt_text){NULL, 0};
}

mt_code mt_entry_confirmation(mt_ctx *cx, mt_stored_trade *out, const char **fault, mt_text message,
                              const mt_zone *zone)
{
    const mt_json *document, *trade;
    mt_text field[MT_ENTRY_FIELDS];
    *fault = "the message is empty";
    if (!message.at || !message.length) return MT_OK;
    mt_code code = mt_json_read(cx, &document, "message", message.at, message.length);
    if (code == MT_E_INPUT || code == MT_E_TOO_LARGE) {
        MT_TRY(mt_text_copy(cx, fault, mt_text_of(cx->err)));
        mt_ctx_forgive(cx);
        return MT_OK;
    }
    MT_TRY(code);
    trade = mt_json_member(document, "trade_confirmation");
    *fault = "the message is no {\"trade_confirmation\": {…}}";
    if (!trade || trade->kind != MT_JSON_OBJECT) return MT_OK;
    for (int k = 0; k < MT_ENTRY_FIELDS; k++) field[k] = member_text(trade, mt_entry_name[k]);
    return mt_entry_read(cx, out, fault, field, zone);
}
