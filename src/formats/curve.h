/* What the curve file's door and the exchanges behind it share.
 *
 * Purpose   An exchange says how its file begins and what a row means; batches, faults, periods and filters
 *           are common.
 * Shapes    `open` sees the first window and leaves the position at the first row; `row` adds at most
 *           MT_CURVE_ROW_MAX orders; `end` adds what is still pending after the last row.
 * Ownership mt_curve_file.own is the exchange's own state in cx.
 */
#ifndef MT_FORMATS_CURVE_H
#define MT_FORMATS_CURVE_H

#include "base/calendar.h"
#include "formats/curve_file.h"
#include "formats/records.h"

MT_BEGIN_DECLS

enum { MT_CURVE_ROW_MAX = 4, MT_CURVE_AREA_BYTES = 32 };

typedef struct mt_curve_row {
    const mt_text *field;
    size_t n;
    const mt_record *record;
} mt_curve_row;

typedef struct mt_curve_order {
    mt_time time;
    mt_micro price;
    int64_t volume;
    mt_side side;
} mt_curve_order;

typedef struct mt_curve_exchange {
    bool (*is)(mt_text line); /* does one of the first lines show such a file? */
    mt_code (*open)(mt_ctx *cx, mt_curve_file *file);
    mt_code (*row)(mt_ctx *cx, mt_curve_file *file, const mt_curve_row *row);
    mt_code (*end)(mt_ctx *cx, mt_curve_file *file); /* NULL: nothing is ever pending */
    bool cumulated; /* a row left out would falsify the steps beside it: what cannot be read stops the file */
} mt_curve_exchange;

#define MT_EXCHANGE_ENTRY(symbol, name, meaning, entry) extern const mt_curve_exchange entry;
MT_EXCHANGE_LIST(MT_EXCHANGE_ENTRY)
#undef MT_EXCHANGE_ENTRY

const mt_curve_exchange *mt_curve_exchange_of(mt_exchange exchange);

struct mt_curve_file {
    const mt_curve_exchange *exchange;
    mt_records records;
    mt_curve_options options;
    mt_curve_info info;
    const mt_zone *zone;
    void *own;
    bool ended;
    /* the batch at hand */
    size_t n, n_bad;
    mt_time *time;
    mt_micro *price;
    int64_t *volume;
    uint8_t *side;
    mt_order_bad *bad;
    /* the period looked up last */
    mt_day day;
    int period;
    mt_time start;
    /* the area of the period at hand, and whether the wanted one was met */
    char area[MT_CURVE_AREA_BYTES];
    bool area_met;
    mt_text field[MT_RECORD_FIELDS];
};

/* An order of the period; one of volume 0 is left out. */
void mt_curve_add(mt_curve_file *file, mt_curve_order order);

/* The row is no order; `order` holds what could be read. Of a cumulated curve: MT_E_INPUT. */
MT_MUST_USE mt_code mt_curve_add_fault(mt_ctx *cx, mt_curve_file *file, const mt_record *record,
                                       mt_order_fault fault, mt_curve_order order);

/* Start of a local period; false: that day has no such period. */
MT_MUST_USE mt_code mt_curve_start(mt_ctx *cx, mt_curve_file *file, mt_day day, int period, mt_time *out,
                                   bool *found);

/* "3.922,0" with thousands marks and decimal comma, or "3922.0"; exact. */
bool mt_curve_number(mt_text text, bool comma, mt_micro *out);

/* MW over the period, in millionths, into Wh; false when that is no whole number. */
bool mt_curve_energy(mt_micro power, mt_time period, int64_t *out);

/* Keeps the names of up to `max` different texts; returns the new count. */
size_t mt_curve_collect(mt_text *seen, size_t n, size_t max, mt_text text);

/* "A, B, C" in cx. */
MT_MUST_USE mt_code mt_curve_list(mt_ctx *cx, const char **out, const mt_text *seen, size_t n);

/* MT_E_INPUT with file and line before the sentence. */
mt_code mt_curve_fail(mt_ctx *cx, const mt_curve_file *file, uint64_t line, const char *sentence);

MT_END_DECLS
#endif
