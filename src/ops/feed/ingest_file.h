/* One file into the store: recognised, read, judged, stored, in one transaction.
 *
 * Purpose   What `data ingest` does with each file it is given and `data watch` with each that arrives.
 * Shapes    Records become time series; orders and curves a data set named after the file. Rows that are of
 *           no use become dead letters: stream "file", topic the file's name, part a number made from its
 *           whole path, position the line.
 * Errors    MT_E_INPUT  nothing that is known, trades, or lines whose times are in no nanoseconds while
 *           nothing said what they are in;  those of the readers and of the store.
 */
#ifndef MT_OPS_FEED_INGEST_FILE_H
#define MT_OPS_FEED_INGEST_FILE_H

#include "formats/series/mapping.h"
#include "ops/world.h"

MT_BEGIN_DECLS

typedef struct mt_ingesting {
    const mt_world *world;
    const char *as;            /* NULL: recognised */
    const mt_mapping *mapping; /* NULL: by name or by looking */
    const char *source;        /* instead of the usual one; NULL: that */
    int precision;             /* of line protocol: mt_line_precision, -1: not said */
    mt_time known_at;          /* of records that name no moment */
    bool judge;                /* set suspicious days aside */
} mt_ingesting;

typedef struct mt_ingested {
    const char *file, *as;
    int64_t records, bad, given, added, changed, unchanged, set_aside;
} mt_ingested;

/* Words of --precision, in the order of mt_line_precision. */
extern const char *const mt_ingest_precision[];

MT_MUST_USE mt_code mt_ingest_file(mt_ctx *cx, mt_ingested *row, const mt_ingesting *in,
                                   const mt_input *input);

MT_END_DECLS
#endif
