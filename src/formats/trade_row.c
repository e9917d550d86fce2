/* One trade from the cells of its row: the careful way, which alone judges. */
#include "formats/trade_row.h"

#include "formats/decimal.h"
#include "formats/order_file.h"

#include <string.h>

__extension__ typedef __int128 wide;

static const char *const start_names[] = {"deliverystart", NULL}, *const end_names[] = {"deliveryend", NULL};
static const char *const price_names[] = {"price", NULL};
static const char *const volume_names[] = {"volume", "quantity", NULL};
static const char *const id_names[] = {"tradeid", "id", NULL};
static const char *const side_names[] = {"side", "direction", "sellbuy", NULL};
static const char *const executed_names[] = {"executiontime", "tradetime", NULL};
static const char *const currency_names[] = {"currency", NULL};
static const char *const unit_names[] = {"volumeunit", "unit", NULL};
static const char *const trader_names[] = {"traderid", "trader", NULL};
static const char *const strategy_names[] = {"strategy", "strategyid", NULL};

const mt_wanted_column mt_trade_columns[MT_TRADE_COLUMNS] = {
    [MT_TRADE_START] = {.name = "DeliveryStart", .synonym = start_names},
    [MT_TRADE_END] = {.name = "DeliveryEnd", .synonym = end_names},
    [MT_TRADE_PRICE] = {.name = "Price", .synonym = price_names},
    [MT_TRADE_VOLUME] = {.name = "Volume", .synonym = volume_names},
    [MT_TRADE_ID] = {.name = "TradeId", .synonym = id_names, .optional = true},
    [MT_TRADE_SIDE] = {.name = "Side", .synonym = side_names, .optional = true},
    [MT_TRADE_EXECUTED] = {.name = "ExecutionTime", .synonym = executed_names, .optional = true},
    [MT_TRADE_CURRENCY] = {.name = "Currency", .synonym = currency_names, .optional = true},
    [MT_TRADE_UNIT] = {.name = "VolumeUnit", .synonym = unit_names, .optional = true},
    [MT_TRADE_TRADER] = {.name = "TraderId", .synonym = trader_names, .optional = true},
    [MT_TRADE_STRATEGY] = {.name = "Strategy", .synonym = strategy_names, .optional = true},
};

static mt_order_fault read_time(const mt_trade_rules *rules, const mt_text *cell, size_t column, mt_time *out)
{
    mt_text text = cell[column];
    mt_time t;
    bool has_offset;
    if (text.length == 0) return column == MT_TRADE_EXECUTED ? MT_FAULT_NONE : MT_FAULT_TIME_MISSING;
    if (!mt_time_parse(text.at, text.length, &t, &has_offset)) return MT_FAULT_TIME_BAD;
    if (!has_offset && !rules->options.has_default_offset) return MT_FAULT_TIME_BAD;
    *out = has_offset ? t : t - rules->options.default_offset_s * MT_US_SECOND;
    return MT_FAULT_NONE;
}

static mt_order_fault read_times(const mt_trade_rules *rules, const mt_text *cell, mt_trade *trade)
{
    mt_order_fault fault = read_time(rules, cell, MT_TRADE_START, &trade->delivery_start);
    if (fault == MT_FAULT_NONE) fault = read_time(rules, cell, MT_TRADE_END, &trade->delivery_end);
    if (fault == MT_FAULT_NONE) fault = read_time(rules, cell, MT_TRADE_EXECUTED, &trade->execution_time);
    if (fault != MT_FAULT_NONE) return fault;
    return trade->delivery_end > trade->delivery_start ? MT_FAULT_NONE : MT_FAULT_TIME_BAD;
}

/* A file without the column says nothing about sides; with it, an empty one is a fault. */
static mt_order_fault read_side(const mt_text *cell, mt_side *out)
{
    mt_text text = cell[MT_TRADE_SIDE];
    if (text.at == NULL) return MT_FAULT_NONE;
    *out = mt_side_parse(text);
    if (text.length == 0) return MT_FAULT_SIDE_MISSING;
    return *out != MT_SIDE_NONE ? MT_FAULT_NONE : MT_FAULT_SIDE_BAD;
}

static mt_order_fault read_price(mt_trade_rules *rules, const mt_text *cell, mt_micro *out)
{
    mt_text text = cell[MT_TRADE_PRICE], currency = cell[MT_TRADE_CURRENCY];
    if (text.length == 0) return MT_FAULT_PRICE_MISSING;
    mt_decimal decimal = mt_decimal_read(text, &rules->decimal, out);
    if (decimal == MT_DECIMAL_WRONG) return MT_FAULT_PRICE_BAD;
    if (decimal == MT_DECIMAL_HUGE || *out > MT_PRICE_BOUND_MICRO || *out < -MT_PRICE_BOUND_MICRO)
        return MT_FAULT_PRICE_RANGE;
    bool other = currency.length > 0 && rules->currency != NULL && !mt_text_equal(currency, rules->currency);
    return other ? MT_FAULT_PRICE_BAD : MT_FAULT_NONE;
}

/* Whether volumes are power; *right is false where the unit is none known. */
static bool is_power(mt_trade_rules *rules, mt_text unit, bool *right)
{
    bool power = unit.length > 0 && mt_text_equal_nocase(unit, "MW");
    *right = power || unit.length == 0 || mt_text_equal_nocase(unit, "MWH");
    if (rules->options.unit != MT_VOLUME_AS_FILE) {
        *right = true;
        power = rules->options.unit == MT_VOLUME_MW;
    }
    if (*right && rules->unit == NULL) rules->unit = power ? "MW" : "MWh";
    return power;
}

bool mt_trade_energy(const mt_trade *trade, mt_micro power_mw, int64_t *energy_wh)
{
    wide span = trade->delivery_end - trade->delivery_start;
    wide energy = ((wide)power_mw * span + MT_US_HOUR / 2) / MT_US_HOUR;
    if (energy > MT_VOLUME_BOUND_WH) return false;
    *energy_wh = (int64_t)energy;
    return true;
}

static mt_order_fault read_volume(mt_trade_rules *rules, const mt_text *cell, mt_trade *trade)
{
    mt_text text = cell[MT_TRADE_VOLUME];
    mt_micro value;
    bool right, power = is_power(rules, cell[MT_TRADE_UNIT], &right);
    if (text.length == 0) return MT_FAULT_VOLUME_MISSING;
    mt_decimal decimal = mt_decimal_read(text, &rules->decimal, &value);
    if (decimal == MT_DECIMAL_WRONG || !right) return MT_FAULT_VOLUME_BAD;
    if (decimal == MT_DECIMAL_HUGE || value < 0 || value > MT_VOLUME_BOUND_WH) return MT_FAULT_VOLUME_RANGE;
    if (power && !mt_trade_energy(trade, value, &value)) return MT_FAULT_VOLUME_RANGE;
    trade->energy_wh = value;
    return value > 0 ? MT_FAULT_NONE : MT_FAULT_VOLUME_RANGE;
}

mt_order_fault mt_trade_row_read(mt_trade_rules *rules, const mt_text *cell, mt_trade *out)
{
    *out = (mt_trade){.delivery_start = MT_TIME_NONE,
                      .delivery_end = MT_TIME_NONE,
                      .execution_time = MT_TIME_NONE,
                      .price = MT_MICRO_NONE,
                      .side = MT_SIDE_NONE};
    mt_order_fault fault = read_times(rules, cell, out);
    if (fault == MT_FAULT_NONE) fault = read_side(cell, &out->side);
    if (fault == MT_FAULT_NONE) fault = read_price(rules, cell, &out->price);
    if (fault == MT_FAULT_NONE) fault = read_volume(rules, cell, out);
    return fault;
}

mt_code mt_trade_texts_open(mt_ctx *cx, mt_trade_texts *out, size_t rows)
{
    size_t bytes = rows * MT_TRADE_TEXTS_ROW + MT_TRADE_TEXT_SLACK;
    *out = (mt_trade_texts){.at = mt_arena_raw(&cx->arena, bytes)}; /* most of it is never touched */
    return out->at != NULL ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for %zu bytes of texts", bytes);
}

const char *mt_trade_text_keep(mt_trade_texts *texts, mt_text text)
{
    char *to = texts->at + texts->used;
    memcpy(to, text.at, text.length);
    to[text.length] = '\0';
    texts->used += text.length + 1;
    return to;
}

static const char *keep_shared(mt_trade_texts *texts, mt_text text, const char **last)
{
    if (text.length == 0) return NULL;
    if (*last == NULL || !mt_text_equal(text, *last)) *last = mt_trade_text_keep(texts, text);
    return *last;
}

mt_order_fault mt_trade_row_texts(mt_trade_texts *texts, const mt_text *cell, mt_trade *out)
{
    mt_text id = cell[MT_TRADE_ID], trader = cell[MT_TRADE_TRADER], strategy = cell[MT_TRADE_STRATEGY];
    if (id.length > MT_TRADE_ID_MAX || trader.length > MT_TRADE_ID_MAX || strategy.length > MT_TRADE_ID_MAX)
        return MT_FAULT_ROW_LONG;
    out->id = id.length > 0 ? mt_trade_text_keep(texts, id) : NULL;
    out->trader = keep_shared(texts, trader, &texts->trader);
    out->strategy = keep_shared(texts, strategy, &texts->strategy);
    return MT_FAULT_NONE;
}

mt_code mt_trade_rules_keep(mt_ctx *cx, mt_trade_rules *rules, const mt_text *cell)
{
    mt_text currency = cell[MT_TRADE_CURRENCY];
    if (rules->currency != NULL || currency.length == 0) return MT_OK;
    return mt_text_copy(cx, &rules->currency, currency);
}
