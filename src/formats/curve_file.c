/* Curve files as exchanges publish them, read as orders by delivery period: what all exchanges share. */
#include "formats/curve_file.h"

#include "formats/curve.h"

#include <string.h>

enum { NUMBER_MAX = 40 };

#define EXCHANGE_ENTRY(symbol, name, meaning, entry) [symbol] = &entry,
static const mt_curve_exchange *const exchanges[MT_EXCHANGE_COUNT] = {MT_EXCHANGE_LIST(EXCHANGE_ENTRY)};

const mt_curve_exchange *mt_curve_exchange_of(mt_exchange exchange)
{
    return exchanges[exchange];
}

static void put_order(mt_curve_file *file, mt_curve_order order)
{
    file->time[file->n] = order.time;
    file->price[file->n] = order.price;
    file->volume[file->n] = order.volume;
    file->side[file->n++] = (uint8_t)order.side;
}

void mt_curve_add(mt_curve_file *file, mt_curve_order order)
{
    if (order.volume != 0) put_order(file, order);
}

mt_code mt_curve_add_fault(mt_ctx *cx, mt_curve_file *file, const mt_record *record, mt_order_fault fault,
                           mt_curve_order order)
{
    if (file->exchange->cumulated)
        return mt_fail(
            cx, MT_E_INPUT, "%s line %llu: %s; without this row the cumulated curve would be wrong",
            mt_bytes_name(file->records.bytes), (unsigned long long)record->line, mt_order_fault_text(fault));
    file->bad[file->n_bad++] =
        (mt_order_bad){.row = file->n, .line = record->line, .fault = fault, .raw = record->raw};
    put_order(file, order);
    return MT_OK;
}

mt_code mt_curve_start(mt_ctx *cx, mt_curve_file *file, mt_day day, int period, mt_time *out, bool *found)
{
    *found = true;
    if (day != file->day || period != file->period) {
        mt_code code = mt_day_instant(cx, &file->start, file->zone, day, period, file->info.period);
        *found = code != MT_E_ABSENT;
        file->day = MT_DAY_NONE;
        if (code == MT_E_ABSENT) mt_ctx_forgive(cx);
        if (code != MT_OK) return code == MT_E_ABSENT ? MT_OK : code;
        file->day = day;
        file->period = period;
    }
    *out = file->start;
    return MT_OK;
}

/* Thousands marks must part groups of three before the comma. */
static bool drop_thousands(mt_text text, char out[NUMBER_MAX], size_t *n)
{
    size_t group = 0;
    bool marked = false, behind = false;
    *n = 0;
    for (size_t k = 0; k < text.length; k++) {
        char c = text.at[k];
        if (c == '.') {
            if (behind || group == 0 || group > 3 || (marked && group != 3)) return false;
            marked = true;
            group = 0;
            continue;
        }
        if (c == ',' && (behind || (marked && group != 3))) return false;
        behind |= c == ',';
        group += c >= '0' && c <= '9' && !behind;
        out[(*n)++] = (char)(c == ',' ? '.' : c);
    }
    return !marked || group == 3;
}

bool mt_curve_number(mt_text text, bool comma, mt_micro *out)
{
    char plain[NUMBER_MAX];
    size_t n;
    if (!comma) return mt_micro_parse(text.at, text.length, out);
    return text.length < NUMBER_MAX && drop_thousands(text, plain, &n) && mt_micro_parse(plain, n, out);
}

bool mt_curve_energy(mt_micro power, mt_time period, int64_t *out)
{
    int64_t parts = MT_US_HOUR / period; /* periods are an hour or a whole part of one */
    if (power % parts != 0) return false;
    *out = power / parts;
    return true;
}

size_t mt_curve_collect(mt_text *seen, size_t n, size_t max, mt_text text)
{
    for (size_t k = 0; k < n; k++)
        if (seen[k].length == text.length && memcmp(seen[k].at, text.at, text.length) == 0) return n;
    if (n == max) return n;
    seen[n] = text;
    return n + 1;
}

mt_code mt_curve_list(mt_ctx *cx, const char **out, const mt_text *seen, size_t n)
{
    const char *list = "";
    for (size_t k = 0; k < n; k++)
        MT_TRY(
            mt_text_format(cx, &list, "%s%s%.*s", list, k > 0 ? ", " : "", (int)seen[k].length, seen[k].at));
    *out = list;
    return MT_OK;
}

mt_code mt_curve_fail(mt_ctx *cx, const mt_curve_file *file, uint64_t line, const char *sentence)
{
    return mt_fail(cx, MT_E_INPUT, "%s line %llu: %s", mt_bytes_name(file->records.bytes),
                   (unsigned long long)line, sentence);
}

static bool is_empty_row(const mt_text *field, size_t n)
{
    for (size_t k = 0; k < n && k < MT_RECORD_FIELDS; k++)
        if (mt_text_trim(field[k]).length > 0) return false;
    return true;
}

static mt_code read_record(mt_ctx *cx, mt_curve_file *file, const mt_record *record)
{
    mt_curve_order nothing = {MT_TIME_NONE, MT_MICRO_NONE, MT_MICRO_NONE, MT_SIDE_NONE};
    mt_curve_row row = {file->field, record->n, record};
    if (record->too_long) return mt_curve_add_fault(cx, file, record, MT_FAULT_ROW_LONG, nothing);
    if (is_empty_row(file->field, record->n)) return MT_OK; /* a closing line of semicolons */
    if (file->records.columns != 0 && record->n != file->records.columns)
        return mt_curve_add_fault(cx, file, record, MT_FAULT_ROW_SHAPE, nothing);
    return file->exchange->row(cx, file, &row);
}

static mt_code end_file(mt_ctx *cx, mt_curve_file *file)
{
    if (file->ended) return MT_OK;
    file->ended = true;
    if (file->exchange->end != NULL) MT_TRY(file->exchange->end(cx, file));
    if (file->options.area == NULL || file->area_met) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT, "%s has no rows of area \"%s\"", mt_bytes_name(file->records.bytes),
                   file->options.area);
}

/* Rows until the batch is full or the window used up. */
static mt_code fill_batch(mt_ctx *cx, mt_curve_file *file, mt_take *take)
{
    mt_record record;
    *take = MT_TAKE_RECORD;
    while (*take == MT_TAKE_RECORD && file->n + MT_CURVE_ROW_MAX <= MT_ORDER_BATCH_ROWS) {
        *take = mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record);
        if (*take == MT_TAKE_RECORD) MT_TRY(read_record(cx, file, &record));
    }
    return *take == MT_TAKE_END ? end_file(cx, file) : MT_OK;
}

mt_code mt_curve_file_next(mt_ctx *cx, mt_curve_file *file, mt_order_batch *out)
{
    mt_take take;
    file->n = file->n_bad = 0;
    for (;;) {
        MT_TRY(fill_batch(cx, file, &take));
        if (take != MT_TAKE_MORE || file->n > 0) break;
        MT_TRY(mt_records_refill(cx, &file->records));
    }
    *out = (mt_order_batch){.n = file->n,
                            .time = file->time,
                            .price = file->price,
                            .volume = file->volume,
                            .side = file->side,
                            .n_bad = file->n_bad,
                            .bad = file->bad};
    return MT_OK;
}

static mt_code next_of_source(void *self, mt_ctx *cx, mt_order_batch *out)
{
    return mt_curve_file_next(cx, self, out);
}

static mt_code make_room(mt_ctx *cx, mt_curve_file *file)
{
    MT_TRY(MT_NEW(cx, &file->time, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->price, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->volume, MT_ORDER_BATCH_ROWS));
    MT_TRY(MT_NEW(cx, &file->side, MT_ORDER_BATCH_ROWS));
    return MT_NEW(cx, &file->bad, MT_ORDER_BATCH_ROWS);
}

mt_code mt_curve_file_open(mt_ctx *cx, mt_curve_file **out, mt_bytes *bytes, mt_exchange exchange,
                           const mt_curve_options *options)
{
    mt_curve_file *file;
    MT_TRY(MT_NEW(cx, &file, 1));
    if (options != NULL) file->options = *options;
    file->exchange = exchanges[exchange];
    file->day = MT_DAY_NONE;
    mt_records_init(&file->records, bytes, ',');
    MT_TRY(file->exchange->open(cx, file));
    MT_TRY(mt_zone_read(cx, &file->zone, file->info.time_zone, file->options.zone_directory));
    MT_TRY(make_room(cx, file));
    *out = file;
    return MT_OK;
}

mt_order_source mt_curve_file_source(mt_curve_file *file)
{
    return (mt_order_source){.next = next_of_source, .self = file};
}

const mt_curve_info *mt_curve_file_about(const mt_curve_file *file)
{
    return &file->info;
}
