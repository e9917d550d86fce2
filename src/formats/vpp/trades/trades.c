/* Trade files of a portfolio: exchange exports, files of the trades API, and JSON. */
#include "formats/vpp/columns.h"
#include "formats/vpp/name.h"
#include "formats/vpp/trades/deals.h"
#include "formats/vpp/trades/objects.h"

#include <string.h>

/* Files of an exchange go the fast way. */
static mt_code read_exchange(mt_deals *deals)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    mt_vpp_reader *reader = deals->reader;
    MT_TRY(mt_trade_file_open(&reader->own, &file, reader->bytes, &deals->rules.options));
    do {
        MT_TRY(mt_trade_file_next(&reader->own, file, &batch));
        MT_TRY(mt_deals_give(deals, batch.trade, batch.n));
        for (size_t k = 0; k < batch.n_bad; k++)
            MT_TRY(mt_deals_bad(deals, batch.bad[k].fault, batch.bad[k].line, batch.bad[k].raw));
    } while (batch.n > 0 || batch.n_bad > 0);
    deals->rules.unit = mt_trade_file_about(file)->unit;
    return MT_OK;
}

/* A table on its way. */
struct hours {
    mt_records records;
    mt_header header;
    mt_text field[MT_RECORD_FIELDS];
};

static mt_code add_record(mt_deals *deals, const struct hours *hours, const mt_record *record)
{
    mt_text cell[MT_DEAL_COLUMNS];
    if (record->too_long) return mt_deals_bad(deals, MT_FAULT_ROW_LONG, record->line, record->raw);
    if (record->n != hours->header.n)
        return mt_deals_bad(deals, MT_FAULT_ROW_SHAPE, record->line, record->raw);
    for (size_t k = 0; k < MT_DEAL_COLUMNS; k++) {
        size_t at = hours->header.at[k];
        cell[k] = at != MT_COLUMN_ABSENT ? mt_text_trim(hours->field[at]) : (mt_text){NULL, 0};
    }
    return mt_deals_add(deals, cell, record->line);
}

static mt_code read_hours(mt_deals *deals)
{
    mt_wanted_column wanted[MT_DEAL_COLUMNS];
    struct hours *hours;
    mt_record record;
    mt_ctx *own = &deals->reader->own;
    bool end;
    MT_TRY(MT_NEW(own, &hours, 1));
    mt_deals_columns(wanted);
    mt_records_init(&hours->records, deals->reader->bytes, ',');
    MT_TRY(mt_header_read(own, &hours->records, wanted, MT_DEAL_COLUMNS, &hours->header));
    for (;;) {
        MT_TRY(mt_records_next(own, &hours->records, hours->field, &record, &end));
        if (end) return MT_OK;
        MT_TRY(add_record(deals, hours, &record));
    }
}

/* Whether the header has delivery days and hours; the bytes are read again afterwards. */
static mt_code has_hours(mt_vpp_reader *reader, bool *out)
{
    mt_wanted_column wanted[MT_DEAL_COLUMNS];
    const char *at;
    size_t n;
    bool last;
    MT_TRY(mt_bytes_next(&reader->own, reader->bytes, 0, &at, &n, &last));
    while (n > 0 && (*at == '#' || *at == '\n' || *at == '\r')) {
        const char *line = *at == '#' ? memchr(at, '\n', n) : at;
        size_t skipped = line != NULL ? (size_t)(line - at) + 1 : n;
        at += skipped;
        n -= skipped;
    }
    const char *end = n > 0 ? memchr(at, '\n', n) : NULL;
    mt_deals_columns(wanted);
    mt_text line = {at, end != NULL ? (size_t)(end - at) : n};
    *out = mt_header_score(line, &wanted[MT_DEAL_DAY], 2) == 2;
    return MT_OK;
}

mt_code mt_vpp_read_trades(mt_vpp_reader *reader)
{
    mt_deals deals;
    bool hours;
    if (reader->taker->trades == NULL) return MT_OK;
    MT_TRY(mt_deals_open(reader, &deals));
    if (mt_vpp_name_read(mt_text_of(mt_vpp_file_name(reader))).json) {
        MT_TRY(mt_vpp_read_objects(&deals));
        return mt_deals_end(&deals);
    }
    MT_TRY(has_hours(reader, &hours));
    MT_TRY(hours ? read_hours(&deals) : read_exchange(&deals));
    return mt_deals_end(&deals);
}
