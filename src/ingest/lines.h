/* Line protocol into the store: a body is acknowledged after its rows are on disk.
 *
 * Purpose   What an HTTP write and `data ingest` of a line-protocol file call.
 * Shapes    A body is one transaction: all its good lines, and its bad ones as dead letters (stream "lines",
 *           topic: the database or bucket, part 0, position: a number made from the body's content), or
 *           nothing. Of more than MT_LINES_LETTERS_MAX bad lines in a body the rest are counted only.
 * Errors    MT_E_BUSY  the store's queue is full: try again later;  MT_E_TOO_LARGE;  what the store says.
 * Threads   mt_lines_write from any number of threads at once; they share one transaction where they meet.
 */
#ifndef MT_INGEST_LINES_H
#define MT_INGEST_LINES_H

#include "formats/series/line_protocol.h"
#include "store/store.h"

MT_BEGIN_DECLS

enum { MT_LINES_LETTERS_MAX = 10000 };

typedef struct mt_line_write {
    const char *bucket; /* becomes the source: "lines" where NULL or "" */
    mt_text body;
    mt_line_precision precision;
    mt_time received_at;
} mt_line_write;

typedef struct mt_line_written {
    uint64_t rows, bad;
    mt_merge_counts counts;
    uint64_t first_bad_line; /* 0: none */
    const char *first_bad;   /* its reason, in cx */
} mt_line_written;

MT_MUST_USE mt_code mt_lines_write(mt_ctx *cx, mt_store *store, const mt_line_write *write,
                                   mt_line_written *out);

MT_END_DECLS
#endif
