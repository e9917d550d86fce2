/* Records of delimited text, one after another, from windows of bytes.
 *
 * Purpose   The one careful splitter under order files, exchange curves and trade files.
 * Shapes    A record ends at a newline (CR before it is dropped) outside quotes, or at the end of the
 *           input. Fields may be quoted as in RFC 4180, also over several lines; a quote inside an unquoted
 *           field is a plain character. Blank lines are passed over. A stray quote never swallows the rows
 *           behind it: a quoted record that is not closed within 64 KiB, goes on behind its closing quote,
 *           or spans lines without having the header's number of fields is read again as one line with
 *           literal quotes. A record longer than MT_BYTES_WINDOW is given once, as too_long with its first
 *           bytes, and skipped to its end in bounded memory.
 * Errors    Those of mt_bytes_next.
 * Ownership Fields and raw text are borrowed from the window: they die at the next mt_records_refill.
 * Source    RFC 4180 (quotes, line ends).
 */
#ifndef MT_FORMATS_RECORDS_H
#define MT_FORMATS_RECORDS_H

#include "base/text.h"
#include "io/bytes.h"

MT_BEGIN_DECLS

enum { MT_RECORD_RAW = 4096, MT_RECORD_FIELDS = 256 };

typedef struct mt_records {
    mt_bytes *bytes;
    const char *at; /* the window */
    size_t n;
    size_t pos;    /* of the next record in it */
    bool last;     /* no byte follows the window */
    bool skipping; /* inside the rest of a record that was too long */
    char delimiter;
    size_t columns; /* of the header; 0: not known */
    uint64_t line;  /* of the next record, from 1 */
} mt_records;

typedef struct mt_record {
    mt_text raw;   /* without its newline, cut at MT_RECORD_RAW bytes */
    uint64_t line; /* where it begins */
    size_t n;      /* fields, also those beyond `max` */
    bool too_long; /* has no fields */
} mt_record;

typedef enum mt_take {
    MT_TAKE_RECORD,
    MT_TAKE_MORE, /* call mt_records_refill: what was borrowed dies */
    MT_TAKE_END
} mt_take;

void mt_records_init(mt_records *records, mt_bytes *bytes, char delimiter);

/* The next record in the window; the first `max` of its fields are written. */
mt_take mt_records_take(mt_records *records, mt_text *field, size_t max, mt_record *out);

MT_MUST_USE mt_code mt_records_refill(mt_ctx *cx, mt_records *records);

/* Takes, and refills as often as needed, for readers that keep nothing; *end is true after the last record.
 * */
MT_MUST_USE mt_code mt_records_next(mt_ctx *cx, mt_records *records, mt_text *field, mt_record *out,
                                    bool *end);

MT_END_DECLS
#endif
