/* A Parquet file as the text that every reader of records takes.
 *
 * Purpose   What a file's records mean is said once, by names of columns; so columns of a Parquet file become
 *           a CSV file without a name, and are read as any other.
 * Units     As in the file. Instants come in UTC, lengths of time in microseconds.
 * Errors    MT_E_IO  it cannot be read, or the temporary folder is full.
 * Ownership _open/_close; the original descriptor stays the caller's.
 * Cost      One pass; the text stands in /tmp meanwhile.
 */
#ifndef MT_OPS_FEED_PARQUET_TEXT_H
#define MT_OPS_FEED_PARQUET_TEXT_H

#include "ops/world.h"

MT_BEGIN_DECLS

typedef struct mt_parquet_text {
    mt_input input; /* to be read; the original where that is no Parquet file */
    int fd;         /* of the text; -1: none was needed */
} mt_parquet_text;

/* `input` is a plain file. */
MT_MUST_USE mt_code mt_parquet_text_open(mt_ctx *cx, mt_parquet_text *out, const mt_world *world,
                                         const mt_input *input);
void mt_parquet_text_close(mt_parquet_text *text);

MT_END_DECLS
#endif
