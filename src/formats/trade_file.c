/* Trade files: what an exchange or a trading desk says was traded. */
#include "formats/trade_file.h"

#include "formats/trade_fast.h"

#include <string.h>

struct mt_trade_file {
    mt_records records;
    mt_header header;
    mt_trade_rules rules;
    mt_trade_file_facts facts;
    mt_trade_fast fast;
    mt_trade_texts texts;
    size_t n, n_bad; /* in the batch at hand */
    mt_trade *trade; /* MT_TRADE_BATCH_ROWS of each */
    mt_order_bad *bad;
    mt_text field[MT_RECORD_FIELDS];
};

/* The cells of a row by column. */
static void pick_cells(const mt_trade_file *file, mt_text cell[MT_TRADE_COLUMNS])
{
    for (size_t k = 0; k < MT_TRADE_COLUMNS; k++) {
        size_t at = file->header.at[k];
        cell[k] = at != MT_COLUMN_ABSENT ? mt_text_trim(file->field[at]) : (mt_text){NULL, 0};
    }
}

static mt_code add_trade(mt_ctx *cx, mt_trade_file *file, mt_order_fault *fault)
{
    mt_text cell[MT_TRADE_COLUMNS];
    mt_trade *trade = &file->trade[file->n];
    pick_cells(file, cell);
    *fault = mt_trade_row_read(&file->rules, cell, trade);
    if (*fault == MT_FAULT_NONE) *fault = mt_trade_row_texts(&file->texts, cell, trade);
    if (*fault != MT_FAULT_NONE) return MT_OK;
    mt_trade_fast_learn(&file->fast, trade->side, cell[MT_TRADE_SIDE]);
    file->n++;
    return mt_trade_rules_keep(cx, &file->rules, cell);
}

static mt_code add_record(mt_ctx *cx, mt_trade_file *file, const mt_record *record)
{
    mt_order_fault fault = record->too_long ? MT_FAULT_ROW_LONG : MT_FAULT_ROW_SHAPE;
    file->facts.rows++;
    if (!record->too_long && record->n == file->header.n) MT_TRY(add_trade(cx, file, &fault));
    if (fault == MT_FAULT_NONE) return MT_OK;
    file->facts.bad++;
    file->bad[file->n_bad++] =
        (mt_order_bad){.row = file->n, .line = record->line, .fault = fault, .raw = record->raw};
    return MT_OK;
}

/* Rows in the plain form from the window's position on. */
static void take_plain_rows(mt_trade_file *file)
{
    mt_records *records = &file->records;
    if (file->rules.unit == NULL) return; /* a first row tells */
    if (file->rules.options.careful || records->skipping || records->pos == records->n) return;
    mt_text text = {records->at + records->pos, records->n - records->pos};
    size_t consumed, room = MT_TRADE_BATCH_ROWS - file->n - file->n_bad;
    size_t rows = mt_trade_fast_rows(&file->fast, text, file->trade + file->n, room, &consumed);
    records->pos += consumed;
    records->line += rows;
    file->facts.rows += rows;
    file->n += rows;
}

static mt_code fill_batch(mt_ctx *cx, mt_trade_file *file, mt_take *take)
{
    mt_record record;
    *take = MT_TAKE_RECORD;
    while (*take == MT_TAKE_RECORD) {
        take_plain_rows(file);
        if (file->n + file->n_bad == MT_TRADE_BATCH_ROWS) break;
        *take = mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record);
        if (*take == MT_TAKE_RECORD) MT_TRY(add_record(cx, file, &record));
        if (file->n + file->n_bad == MT_TRADE_BATCH_ROWS) break;
    }
    return MT_OK;
}

static void begin_batch(mt_trade_file *file)
{
    file->n = file->n_bad = 0;
    file->texts.used = 0;
    file->texts.trader = file->texts.strategy = NULL;
}

mt_code mt_trade_file_next(mt_ctx *cx, mt_trade_file *file, mt_trade_batch *out)
{
    mt_take take;
    begin_batch(file);
    for (;;) {
        MT_TRY(fill_batch(cx, file, &take));
        if (take != MT_TAKE_MORE || file->n + file->n_bad > 0) break;
        MT_TRY(mt_records_refill(cx, &file->records));
        mt_order_fast_forget(&file->fast.map);
    }
    file->facts.currency = file->rules.currency;
    file->facts.decimal = file->rules.decimal;
    file->facts.unit = file->rules.unit;
    *out = (mt_trade_batch){.n = file->n, .trade = file->trade, .n_bad = file->n_bad, .bad = file->bad};
    return MT_OK;
}

static void set_layout(mt_trade_file *file)
{
    mt_trade_fast *fast = &file->fast;
    mt_trade_fast_init(fast);
    memcpy(fast->at, file->header.at, sizeof fast->at);
    fast->rules = &file->rules;
    fast->texts = &file->texts;
    fast->map.columns = file->header.n;
    fast->map.delimiter = file->records.delimiter;
    fast->map.portable = file->rules.options.portable;
}

mt_code mt_trade_file_open(mt_ctx *cx, mt_trade_file **out, mt_bytes *bytes,
                           const mt_trade_file_options *options)
{
    mt_trade_file *file;
    MT_TRY(MT_NEW(cx, &file, 1));
    if (options != NULL) file->rules.options = *options;
    mt_records_init(&file->records, bytes, ';');
    MT_TRY(mt_header_read(cx, &file->records, mt_trade_columns, MT_TRADE_COLUMNS, &file->header));
    MT_TRY(MT_NEW(cx, &file->trade, MT_TRADE_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->bad, MT_TRADE_BATCH_ROWS));
    MT_TRY(mt_trade_texts_open(cx, &file->texts, MT_TRADE_BATCH_ROWS));
    set_layout(file);
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
    return mt_header_score(line, mt_trade_columns, MT_TRADE_NEEDED);
}
