/* Order files: delimited text with a time, a price, a volume and a side a row. The careful way;
 * order_fast.c is the other. */
#include "formats/order_file.h"

#include "formats/decimal.h"
#include "formats/header.h"
#include "formats/order_fast.h"

enum { TIME_COLUMN, PRICE_COLUMN, VOLUME_COLUMN, SIDE_COLUMN, COLUMNS };

static const char *const time_names[] = {"timestamp", "time", "datetime", "start", "deliverystart", NULL};
static const char *const price_names[] = {"price",       "limit",          "limitprice",
                                          "priceeurmwh", "priceeurpermwh", NULL};
static const char *const volume_names[] = {"volume", "quantity", "mwh", "volumemwh", "quantitymwh", NULL};
static const char *const side_names[] = {"sellbuy", "side", "direction", "buysell", NULL};

static const mt_wanted_column columns[COLUMNS] = {
    [TIME_COLUMN] = {.name = "Timestamp", .synonym = time_names},
    [PRICE_COLUMN] = {.name = "Price", .synonym = price_names},
    [VOLUME_COLUMN] = {.name = "Volume", .synonym = volume_names},
    [SIDE_COLUMN] = {.name = "Sell_Buy", .synonym = side_names},
};

static const struct {
    const char *word;
    mt_side side;
} side_words[] = {
    {"buy", MT_BUY}, {"b", MT_BUY},     {"bid", MT_BUY},  {"purchase", MT_BUY}, {"sell", MT_SELL},
    {"s", MT_SELL},  {"sale", MT_SELL}, {"ask", MT_SELL}, {"offer", MT_SELL},
};

/* What a number's column allows and how its faults are called. */
static const struct number_rule {
    int64_t low, high;
    mt_order_fault missing, bad, range;
} price_rule = {-MT_PRICE_BOUND_MICRO, MT_PRICE_BOUND_MICRO, MT_FAULT_PRICE_MISSING, MT_FAULT_PRICE_BAD,
                MT_FAULT_PRICE_RANGE},
  volume_rule = {0, MT_VOLUME_BOUND_WH, MT_FAULT_VOLUME_MISSING, MT_FAULT_VOLUME_BAD, MT_FAULT_VOLUME_RANGE};

struct mt_order_file {
    mt_records records;
    mt_order_file_options options;
    mt_order_file_facts facts;
    mt_order_fast fast;
    mt_order_columns row; /* MT_ORDER_BATCH_ROWS of each */
    mt_order_bad *bad;
    size_t n, n_bad; /* in the batch at hand */
    mt_text field[MT_RECORD_FIELDS];
};

mt_side mt_side_parse(mt_text text)
{
    text = mt_text_trim(text);
    for (size_t k = 0; k < sizeof side_words / sizeof *side_words; k++)
        if (mt_text_equal_nocase(text, side_words[k].word)) return side_words[k].side;
    return MT_SIDE_NONE;
}

static mt_order_fault read_time(const mt_order_file *file, mt_text text, mt_time *out)
{
    mt_time t;
    bool has_offset;
    *out = MT_TIME_NONE;
    if (text.length == 0) return MT_FAULT_TIME_MISSING;
    if (!mt_time_parse(text.at, text.length, &t, &has_offset)) return MT_FAULT_TIME_BAD;
    if (!has_offset && !file->options.has_default_offset) return MT_FAULT_TIME_BAD;
    *out = has_offset ? t : t - file->options.default_offset_s * MT_US_SECOND;
    return MT_FAULT_NONE;
}

/* The word is plain from now on. */
static mt_order_fault read_side(mt_order_file *file, mt_text text, uint8_t *out)
{
    mt_side side = mt_side_parse(text);
    *out = (uint8_t)side;
    if (text.length == 0) return MT_FAULT_SIDE_MISSING;
    if (side == MT_SIDE_NONE) return MT_FAULT_SIDE_BAD;
    file->fast.side_word[side] = mt_order_fast_word(text);
    return MT_FAULT_NONE;
}

static mt_order_fault read_number(mt_order_file *file, mt_text text, const struct number_rule *rule,
                                  int64_t *out)
{
    mt_micro value = 0;
    *out = MT_MICRO_NONE;
    if (text.length == 0) return rule->missing;
    mt_decimal decimal = mt_decimal_read(text, &file->facts.decimal, &value);
    file->fast.decimal = file->facts.decimal;
    if (decimal == MT_DECIMAL_WRONG) return rule->bad;
    if (decimal == MT_DECIMAL_HUGE || value < rule->low || value > rule->high) return rule->range;
    *out = value;
    return MT_FAULT_NONE;
}

static mt_order_fault first_fault(const mt_order_fault *fault, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (fault[k] != MT_FAULT_NONE) return fault[k];
    return MT_FAULT_NONE;
}

/* The fields of a row into row `k` of the batch. */
static mt_order_fault read_fields(mt_order_file *file, size_t k)
{
    const mt_order_file_facts *at = &file->facts;
    const mt_order_columns *row = &file->row;
    mt_order_fault fault[COLUMNS];
    fault[0] = read_time(file, mt_text_trim(file->field[at->time_at]), &row->time[k]);
    fault[1] = read_side(file, mt_text_trim(file->field[at->side_at]), &row->side[k]);
    fault[2] = read_number(file, mt_text_trim(file->field[at->price_at]), &price_rule, &row->price[k]);
    fault[3] = read_number(file, mt_text_trim(file->field[at->volume_at]), &volume_rule, &row->volume[k]);
    return first_fault(fault, COLUMNS);
}

static void add_record(mt_order_file *file, const mt_record *record)
{
    size_t k = file->n++;
    mt_order_fault fault = record->too_long ? MT_FAULT_ROW_LONG : MT_FAULT_ROW_SHAPE;
    if (!record->too_long && record->n == file->facts.n_columns) {
        fault = read_fields(file, k);
    } else {
        file->row.time[k] = MT_TIME_NONE;
        file->row.price[k] = file->row.volume[k] = MT_MICRO_NONE;
        file->row.side[k] = MT_SIDE_NONE;
    }
    if (fault == MT_FAULT_NONE) return;
    file->bad[file->n_bad++] =
        (mt_order_bad){.row = k, .line = record->line, .fault = fault, .raw = record->raw};
}

/* Rows in the plain form from the window's position on. */
static void take_plain_rows(mt_order_file *file)
{
    mt_records *records = &file->records;
    if (file->options.careful || records->skipping || records->pos == records->n) return;
    mt_order_columns to = {file->row.time + file->n, file->row.price + file->n, file->row.volume + file->n,
                           file->row.side + file->n};
    size_t consumed = 0;
    size_t rows = mt_order_fast_rows(&file->fast, records->at + records->pos, records->n - records->pos, to,
                                     MT_ORDER_BATCH_ROWS - file->n, &consumed);
    records->pos += consumed;
    records->line += rows;
    file->n += rows;
}

/* Rows until the batch is full or the window is used up; what it gives is borrowed from the window. */
static mt_take fill_batch(mt_order_file *file)
{
    mt_take take = MT_TAKE_RECORD;
    while (take == MT_TAKE_RECORD) {
        take_plain_rows(file);
        if (file->n == MT_ORDER_BATCH_ROWS) break;
        mt_record record;
        take = mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record);
        if (take == MT_TAKE_RECORD) add_record(file, &record);
        if (file->n == MT_ORDER_BATCH_ROWS) break;
    }
    return take;
}

mt_code mt_order_file_next(mt_ctx *cx, mt_order_file *file, mt_order_batch *out)
{
    file->n = file->n_bad = 0;
    while (fill_batch(file) == MT_TAKE_MORE && file->n == 0) {
        MT_TRY(mt_records_refill(cx, &file->records));
        mt_order_fast_forget(&file->fast);
    }
    file->facts.rows += file->n;
    file->facts.bad += file->n_bad;
    *out = (mt_order_batch){.n = file->n,
                            .time = file->row.time,
                            .price = file->row.price,
                            .volume = file->row.volume,
                            .side = file->row.side,
                            .n_bad = file->n_bad,
                            .bad = file->bad};
    return MT_OK;
}

static mt_code next_of_source(void *self, mt_ctx *cx, mt_order_batch *out)
{
    return mt_order_file_next(cx, self, out);
}

static mt_code make_room(mt_ctx *cx, mt_order_file *file)
{
    MT_TRY(MT_NEW(cx, &file->row.time, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->row.price, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->row.volume, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->row.side, MT_ORDER_BATCH_ROWS));
    return MT_NEW(cx, &file->bad, MT_ORDER_BATCH_ROWS);
}

static void set_layout(mt_order_file *file, const mt_header *header)
{
    mt_order_file_facts *facts = &file->facts;
    *facts = (mt_order_file_facts){.name = mt_bytes_name(file->records.bytes),
                                   .n_columns = header->n,
                                   .column = header->name,
                                   .time_at = header->at[TIME_COLUMN],
                                   .price_at = header->at[PRICE_COLUMN],
                                   .volume_at = header->at[VOLUME_COLUMN],
                                   .side_at = header->at[SIDE_COLUMN],
                                   .delimiter = file->records.delimiter};
    mt_order_fast *fast = &file->fast;
    mt_order_fast_init(fast);
    fast->columns = header->n;
    fast->time_at = facts->time_at;
    fast->price_at = facts->price_at;
    fast->volume_at = facts->volume_at;
    fast->side_at = facts->side_at;
    fast->delimiter = facts->delimiter;
    fast->portable = file->options.portable;
}

mt_code mt_order_file_open(mt_ctx *cx, mt_order_file **out, mt_bytes *bytes,
                           const mt_order_file_options *options)
{
    mt_order_file *file;
    mt_header header;
    MT_TRY(MT_NEW(cx, &file, 1));
    if (options != NULL) file->options = *options;
    mt_records_init(&file->records, bytes, ',');
    MT_TRY(mt_header_read(cx, &file->records, columns, COLUMNS, &header));
    set_layout(file, &header);
    MT_TRY(make_room(cx, file));
    *out = file;
    return MT_OK;
}

mt_order_source mt_order_file_source(mt_order_file *file)
{
    return (mt_order_source){.next = next_of_source, .self = file};
}

const mt_order_file_facts *mt_order_file_about(mt_order_file *file)
{
    file->facts.lines = file->records.line - 1;
    return &file->facts;
}

size_t mt_order_file_score(mt_text line)
{
    return mt_header_score(line, columns, COLUMNS);
}
