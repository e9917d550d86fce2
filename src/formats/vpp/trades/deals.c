/* Trades on their way to the taker, whichever file they come from. */
#include "formats/vpp/trades/deals.h"

#include "base/money.h"
#include "formats/order_file.h"

#include <string.h>

enum { SHOWN = 80, CENTS = 100 };

static const char *const day_names[] = {"deliveryday", NULL}, *const hour_names[] = {"deliveryhour", NULL};

void mt_deals_columns(mt_wanted_column out[MT_DEAL_COLUMNS])
{
    memcpy(out, mt_trade_columns, sizeof mt_trade_columns);
    out[MT_DEAL_DAY] = (mt_wanted_column){"delivery_day", day_names, true};
    out[MT_DEAL_HOUR] = (mt_wanted_column){"delivery_hour", hour_names, true};
    for (size_t k = 0; k < MT_DEAL_COLUMNS; k++)
        out[k].optional = k != MT_TRADE_PRICE && k != MT_TRADE_VOLUME;
}

mt_code mt_deals_open(mt_vpp_reader *reader, mt_deals *out)
{
    mt_ctx *own = &reader->own;
    *out = (mt_deals){.reader = reader, .is_public = reader->file->kind == MT_VPP_PUBLIC_TRADES};
    out->rules.options =
        (mt_trade_file_options){.size = sizeof out->rules.options, .unit = reader->options.volume_unit};
    MT_TRY(mt_trade_texts_open(own, &out->texts, MT_TRADE_BATCH_ROWS));
    return MT_NEW(own, &out->trade, MT_TRADE_BATCH_ROWS);
}

mt_code mt_deals_bad(mt_deals *deals, mt_order_fault fault, uint64_t line, mt_text raw)
{
    char shown[SHOWN];
    mt_header_show(shown, sizeof shown, raw);
    return mt_vpp_find(deals->reader, MT_F_BAD_ROW, NULL, mt_vpp_at_line(line), "%s line %llu: %s: %s",
                       mt_vpp_file_name(deals->reader), (unsigned long long)line, mt_order_fault_text(fault),
                       shown);
}

/* A clock of two digits and perhaps ":00" or a letter; *second is set by a 'b'. */
static int take_hour(mt_text *text, bool *second)
{
    int hour = 0;
    size_t k = 0;
    for (; k < text->length && k < 2 && text->at[k] >= '0' && text->at[k] <= '9'; k++)
        hour = hour * 10 + (text->at[k] - '0');
    if (k == 0) return -1;
    if (k + 3 <= text->length && memcmp(text->at + k, ":00", 3) == 0) k += 3;
    if (k < text->length && (text->at[k] | 0x20) == 'b') *second = true;
    if (k < text->length && ((text->at[k] | 0x20) == 'a' || (text->at[k] | 0x20) == 'b')) k++;
    *text = (mt_text){text->at + k, text->length - k};
    return hour;
}

static bool read_hour(mt_text text, int *hour, bool *second)
{
    *second = false;
    *hour = take_hour(&text, second);
    if (*hour < 0 || *hour > 23) return false;
    if (text.length == 0) return true;
    text = mt_text_trim(text);
    if (text.length == 0 || text.at[0] != '-') return false;
    text = mt_text_trim((mt_text){text.at + 1, text.length - 1});
    int end = take_hour(&text, second);
    return text.length == 0 && (end == *hour + 1 || (*hour == 23 && end == 0) || end == *hour);
}

/* The delivery hour's beginning; *twice: it is one of two, and the file does not say which. */
static mt_order_fault read_delivery(const mt_deals *deals, const mt_text *cell, mt_trade *out, bool *twice)
{
    mt_day day;
    mt_time instant[2];
    int hour;
    bool second;
    if (cell[MT_DEAL_DAY].length == 0 || cell[MT_DEAL_HOUR].length == 0) return MT_FAULT_TIME_MISSING;
    if (mt_vpp_day(cell[MT_DEAL_DAY], &day) != MT_VPP_RIGHT) return MT_FAULT_TIME_BAD;
    if (!read_hour(cell[MT_DEAL_HOUR], &hour, &second)) return MT_FAULT_TIME_BAD;
    mt_date date = mt_day_date(day);
    mt_civil civil = {date.year, date.month, date.day, hour, 0, 0, 0};
    int n = mt_zone_instants(deals->berlin, civil, instant);
    if (n == 0 || (second && n == 1)) return MT_FAULT_TIME_BAD;
    *twice = n == 2 && memchr(cell[MT_DEAL_HOUR].at, 'a', cell[MT_DEAL_HOUR].length) == NULL &&
             memchr(cell[MT_DEAL_HOUR].at, 'A', cell[MT_DEAL_HOUR].length) == NULL && !second;
    out->delivery_start = instant[second ? 1 : 0];
    out->delivery_end = out->delivery_start + MT_US_HOUR;
    return MT_FAULT_NONE;
}

static mt_order_fault read_execution(const mt_deals *deals, mt_text cell, mt_time *out)
{
    bool has_offset;
    mt_time instant[2];
    if (cell.length == 0) return MT_FAULT_NONE;
    if (!mt_time_parse(cell.at, cell.length, out, &has_offset)) return MT_FAULT_TIME_BAD;
    if (has_offset) return MT_FAULT_NONE;
    if (mt_zone_instants(deals->berlin, mt_time_civil(*out), instant) == 0) return MT_FAULT_TIME_BAD;
    *out = instant[0];
    return MT_FAULT_NONE;
}

static mt_order_fault read_amounts(const mt_text *cell, mt_trade *out)
{
    char mark = 0;
    mt_micro cents, power;
    mt_vpp_found price = mt_vpp_decimal(cell[MT_TRADE_PRICE], &mark, &cents);
    mt_vpp_found volume = mt_vpp_decimal(cell[MT_TRADE_VOLUME], &mark, &power);
    if (price != MT_VPP_RIGHT) return price == MT_VPP_MISSING ? MT_FAULT_PRICE_MISSING : MT_FAULT_PRICE_BAD;
    if (volume != MT_VPP_RIGHT)
        return volume == MT_VPP_MISSING ? MT_FAULT_VOLUME_MISSING : MT_FAULT_VOLUME_BAD;
    out->price = mt_div_round(cents, CENTS);
    if (out->price > MT_PRICE_BOUND_MICRO || out->price < -MT_PRICE_BOUND_MICRO) return MT_FAULT_PRICE_RANGE;
    bool right = power > 0 && power <= MT_VOLUME_BOUND_WH && mt_trade_energy(out, power, &out->energy_wh);
    return right ? MT_FAULT_NONE : MT_FAULT_VOLUME_RANGE;
}

/* A row of the trades API. */
static mt_order_fault read_hourly(const mt_deals *deals, const mt_text *cell, mt_trade *out, bool *twice)
{
    *out = (mt_trade){.execution_time = MT_TIME_NONE, .side = mt_side_parse(cell[MT_TRADE_SIDE])};
    mt_order_fault fault = read_delivery(deals, cell, out, twice);
    if (fault == MT_FAULT_NONE) fault = read_execution(deals, cell[MT_TRADE_EXECUTED], &out->execution_time);
    if (fault == MT_FAULT_NONE && out->side == MT_SIDE_NONE)
        fault = cell[MT_TRADE_SIDE].length == 0 ? MT_FAULT_SIDE_MISSING : MT_FAULT_SIDE_BAD;
    return fault == MT_FAULT_NONE ? read_amounts(cell, out) : fault;
}

static bool touches(const mt_vpp_reader *reader, const mt_trade *trade)
{
    return mt_vpp_wanted(reader, trade->delivery_start, trade->delivery_end);
}

mt_code mt_deals_give(mt_deals *deals, const mt_trade *trade, size_t n)
{
    mt_vpp_reader *reader = deals->reader;
    size_t k = 0;
    while (k < n) {
        while (k < n && !touches(reader, &trade[k])) k++;
        size_t first = k;
        while (k < n && touches(reader, &trade[k])) k++;
        if (k > first) MT_TRY(MT_VPP_GIVE(reader, trades, deals->is_public, trade + first, k - first));
    }
    return mt_vpp_given(reader, mt_ctx_check(reader->cx));
}

static mt_code give_batch(mt_deals *deals)
{
    size_t n = deals->n;
    deals->n = 0;
    MT_TRY(mt_deals_give(deals, deals->trade, n));
    deals->texts.used = 0;
    deals->texts.trader = deals->texts.strategy = NULL;
    return MT_OK;
}

mt_code mt_deals_add(mt_deals *deals, const mt_text *cell, uint64_t line)
{
    mt_trade *trade = &deals->trade[deals->n];
    bool hourly = cell[MT_DEAL_DAY].at != NULL || cell[MT_DEAL_HOUR].at != NULL, twice = false;
    if (hourly && deals->berlin == NULL)
        MT_TRY(mt_zone_read(&deals->reader->own, &deals->berlin, "Europe/Berlin", NULL));
    mt_order_fault fault =
        hourly ? read_hourly(deals, cell, trade, &twice) : mt_trade_row_read(&deals->rules, cell, trade);
    if (fault == MT_FAULT_NONE) fault = mt_trade_row_texts(&deals->texts, cell, trade);
    if (fault != MT_FAULT_NONE) return mt_deals_bad(deals, fault, line, cell[MT_TRADE_ID]);
    MT_TRY(mt_trade_rules_keep(&deals->reader->own, &deals->rules, cell));
    if (twice)
        MT_TRY(mt_vpp_find(deals->reader, MT_F_CLOCK_CHANGE, NULL, mt_vpp_at_line(line),
                           "%s line %llu: the delivery hour comes twice on that day; the first is taken",
                           mt_vpp_file_name(deals->reader), (unsigned long long)line));
    return ++deals->n == MT_TRADE_BATCH_ROWS ? give_batch(deals) : MT_OK;
}

mt_code mt_deals_end(mt_deals *deals)
{
    MT_TRY(give_batch(deals));
    if (deals->rules.unit == NULL || deals->rules.options.unit != MT_VOLUME_AS_FILE) return MT_OK;
    return mt_vpp_find(
        deals->reader, MT_F_UNIT, deals->rules.unit, mt_vpp_at_line(0),
        "%s: volumes are taken as %s, as the file says; name another unit where it means another",
        mt_vpp_file_name(deals->reader), deals->rules.unit);
}
