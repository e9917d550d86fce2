/* Trade files: what an exchange or a trading desk says was traded. */
#include "formats/trade_file.h"

#include "formats/decimal.h"
#include "formats/header.h"
#include "formats/order_file.h"

#include <string.h>

enum { START, END, PRICE, VOLUME, NEEDED, ID = NEEDED, SIDE, EXECUTED, CURRENCY, UNIT, COLUMNS };

__extension__ typedef __int128 wide;

static const char *const start_names[] = {"deliverystart", NULL}, *const end_names[] = {"deliveryend", NULL};
static const char *const price_names[] = {"price", NULL};
static const char *const volume_names[] = {"volume", "quantity", NULL};
static const char *const id_names[] = {"tradeid", "id", NULL};
static const char *const side_names[] = {"side", "direction", "sellbuy", NULL};
static const char *const executed_names[] = {"executiontime", "tradetime", NULL};
static const char *const currency_names[] = {"currency", NULL};
static const char *const unit_names[] = {"volumeunit", "unit", NULL};

static const mt_wanted_column columns[COLUMNS] = {
    [START] = {.name = "DeliveryStart", .synonym = start_names},
    [END] = {.name = "DeliveryEnd", .synonym = end_names},
    [PRICE] = {.name = "Price", .synonym = price_names},
    [VOLUME] = {.name = "Volume", .synonym = volume_names},
    [ID] = {.name = "TradeId", .synonym = id_names, .optional = true},
    [SIDE] = {.name = "Side", .synonym = side_names, .optional = true},
    [EXECUTED] = {.name = "ExecutionTime", .synonym = executed_names, .optional = true},
    [CURRENCY] = {.name = "Currency", .synonym = currency_names, .optional = true},
    [UNIT] = {.name = "VolumeUnit", .synonym = unit_names, .optional = true},
};

struct mt_trade_file {
    mt_records records;
    mt_header header;
    mt_trade_file_options options;
    mt_trade_file_facts facts;
    size_t n, n_bad; /* in the batch at hand */
    mt_trade *trade; /* MT_TRADE_BATCH_ROWS of each */
    mt_order_bad *bad;
    char (*id)[MT_TRADE_ID_MAX + 1];
    mt_text field[MT_RECORD_FIELDS];
};

/* Empty where the file has no such column. */
static mt_text field_of(const mt_trade_file *file, size_t column)
{
    size_t at = file->header.at[column];
    return at != MT_COLUMN_ABSENT ? mt_text_trim(file->field[at]) : (mt_text){"", 0};
}

static mt_order_fault read_time(const mt_trade_file *file, size_t column, mt_time *out)
{
    mt_text text = field_of(file, column);
    mt_time t;
    bool has_offset;
    if (text.length == 0) return column == EXECUTED ? MT_FAULT_NONE : MT_FAULT_TIME_MISSING;
    if (!mt_time_parse(text.at, text.length, &t, &has_offset)) return MT_FAULT_TIME_BAD;
    if (!has_offset && !file->options.has_default_offset) return MT_FAULT_TIME_BAD;
    *out = has_offset ? t : t - file->options.default_offset_s * MT_US_SECOND;
    return MT_FAULT_NONE;
}

static mt_order_fault read_times(const mt_trade_file *file, mt_trade *trade)
{
    mt_order_fault fault = read_time(file, START, &trade->delivery_start);
    if (fault == MT_FAULT_NONE) fault = read_time(file, END, &trade->delivery_end);
    if (fault == MT_FAULT_NONE) fault = read_time(file, EXECUTED, &trade->execution_time);
    if (fault != MT_FAULT_NONE) return fault;
    return trade->delivery_end > trade->delivery_start ? MT_FAULT_NONE : MT_FAULT_TIME_BAD;
}

/* A file without the column says nothing about sides; with it, an empty one is a fault. */
static mt_order_fault read_side(const mt_trade_file *file, mt_side *out)
{
    mt_text text = field_of(file, SIDE);
    if (file->header.at[SIDE] == MT_COLUMN_ABSENT) return MT_FAULT_NONE;
    *out = mt_side_parse(text);
    if (text.length == 0) return MT_FAULT_SIDE_MISSING;
    return *out != MT_SIDE_NONE ? MT_FAULT_NONE : MT_FAULT_SIDE_BAD;
}

static mt_order_fault read_price(mt_trade_file *file, mt_micro *out)
{
    mt_text text = field_of(file, PRICE), currency = field_of(file, CURRENCY);
    if (text.length == 0) return MT_FAULT_PRICE_MISSING;
    mt_decimal decimal = mt_decimal_read(text, &file->facts.decimal, out);
    if (decimal == MT_DECIMAL_WRONG) return MT_FAULT_PRICE_BAD;
    if (decimal == MT_DECIMAL_HUGE || *out > MT_PRICE_BOUND_MICRO || *out < -MT_PRICE_BOUND_MICRO)
        return MT_FAULT_PRICE_RANGE;
    bool other =
        currency.length > 0 && file->facts.currency != NULL && !mt_text_equal(currency, file->facts.currency);
    return other ? MT_FAULT_PRICE_BAD : MT_FAULT_NONE;
}

/* Whether volumes are power; *right is false where the unit is none known. */
static bool is_power(const mt_trade_file *file, bool *right)
{
    mt_text unit = field_of(file, UNIT);
    *right = true;
    if (file->options.unit != MT_VOLUME_AS_FILE) return file->options.unit == MT_VOLUME_MW;
    if (unit.length == 0 || mt_text_equal_nocase(unit, "MWH")) return false;
    *right = mt_text_equal_nocase(unit, "MW");
    return *right;
}

static mt_order_fault read_volume(mt_trade_file *file, mt_trade *trade)
{
    mt_text text = field_of(file, VOLUME);
    mt_micro value;
    bool right, power = is_power(file, &right);
    if (text.length == 0) return MT_FAULT_VOLUME_MISSING;
    mt_decimal decimal = mt_decimal_read(text, &file->facts.decimal, &value);
    if (decimal == MT_DECIMAL_WRONG || !right) return MT_FAULT_VOLUME_BAD;
    if (decimal == MT_DECIMAL_HUGE || value < 0 || value > MT_VOLUME_BOUND_WH) return MT_FAULT_VOLUME_RANGE;
    if (power) {
        double wh =
            (double)value * ((double)(trade->delivery_end - trade->delivery_start) / (double)MT_US_HOUR);
        if (wh > (double)MT_VOLUME_BOUND_WH) return MT_FAULT_VOLUME_RANGE;
        value = (int64_t)(((wide)value * (trade->delivery_end - trade->delivery_start) + MT_US_HOUR / 2) /
                          MT_US_HOUR);
    }
    trade->energy_wh = value;
    return value > 0 ? MT_FAULT_NONE : MT_FAULT_VOLUME_RANGE;
}

static mt_order_fault read_id(mt_trade_file *file, mt_trade *trade)
{
    mt_text text = field_of(file, ID);
    if (text.length > MT_TRADE_ID_MAX) return MT_FAULT_ROW_LONG;
    if (text.length == 0) return MT_FAULT_NONE;
    char *id = file->id[file->n];
    memcpy(id, text.at, text.length);
    id[text.length] = '\0';
    trade->id = id;
    return MT_FAULT_NONE;
}

static mt_order_fault read_trade(mt_trade_file *file, mt_trade *trade)
{
    *trade = (mt_trade){.delivery_start = MT_TIME_NONE,
                        .delivery_end = MT_TIME_NONE,
                        .execution_time = MT_TIME_NONE,
                        .price = MT_MICRO_NONE,
                        .side = MT_SIDE_NONE};
    mt_order_fault fault = read_times(file, trade);
    if (fault == MT_FAULT_NONE) fault = read_side(file, &trade->side);
    if (fault == MT_FAULT_NONE) fault = read_price(file, &trade->price);
    if (fault == MT_FAULT_NONE) fault = read_volume(file, trade);
    if (fault == MT_FAULT_NONE) fault = read_id(file, trade);
    return fault;
}

static mt_code keep_currency(mt_ctx *cx, mt_trade_file *file)
{
    mt_text currency = field_of(file, CURRENCY);
    if (file->facts.currency != NULL || currency.length == 0) return MT_OK;
    return mt_text_copy(cx, &file->facts.currency, currency);
}

static mt_code add_record(mt_ctx *cx, mt_trade_file *file, const mt_record *record)
{
    mt_order_fault fault = record->too_long ? MT_FAULT_ROW_LONG : MT_FAULT_ROW_SHAPE;
    file->facts.rows++;
    if (!record->too_long && record->n == file->header.n) fault = read_trade(file, &file->trade[file->n]);
    if (fault == MT_FAULT_NONE) {
        file->n++;
        return keep_currency(cx, file);
    }
    file->facts.bad++;
    file->bad[file->n_bad++] =
        (mt_order_bad){.row = file->n, .line = record->line, .fault = fault, .raw = record->raw};
    return MT_OK;
}

static mt_code fill_batch(mt_ctx *cx, mt_trade_file *file, mt_take *take)
{
    mt_record record;
    *take = MT_TAKE_RECORD;
    while (*take == MT_TAKE_RECORD && file->n + file->n_bad < MT_TRADE_BATCH_ROWS) {
        *take = mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record);
        if (*take == MT_TAKE_RECORD) MT_TRY(add_record(cx, file, &record));
    }
    return MT_OK;
}

mt_code mt_trade_file_next(mt_ctx *cx, mt_trade_file *file, mt_trade_batch *out)
{
    mt_take take;
    file->n = file->n_bad = 0;
    for (;;) {
        MT_TRY(fill_batch(cx, file, &take));
        if (take != MT_TAKE_MORE || file->n + file->n_bad > 0) break;
        MT_TRY(mt_records_refill(cx, &file->records));
    }
    *out = (mt_trade_batch){.n = file->n, .trade = file->trade, .n_bad = file->n_bad, .bad = file->bad};
    return MT_OK;
}

mt_code mt_trade_file_open(mt_ctx *cx, mt_trade_file **out, mt_bytes *bytes,
                           const mt_trade_file_options *options)
{
    mt_trade_file *file;
    MT_TRY(MT_NEW(cx, &file, 1));
    if (options != NULL) file->options = *options;
    mt_records_init(&file->records, bytes, ';');
    MT_TRY(mt_header_read(cx, &file->records, columns, COLUMNS, &file->header));
    MT_TRY(MT_NEW(cx, &file->trade, MT_TRADE_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->bad, MT_TRADE_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->id, MT_TRADE_BATCH_ROWS));
    file->facts.name = mt_bytes_name(bytes);
    file->facts.delimiter = file->records.delimiter;
    *out = file;
    return MT_OK;
}

const mt_trade_file_facts *mt_trade_file_about(const mt_trade_file *file)
{
    return &file->facts;
}

size_t mt_trade_file_score(mt_text line)
{
    return mt_header_score(line, columns, NEEDED);
}
