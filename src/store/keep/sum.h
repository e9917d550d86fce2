/* A number that tells whether two tables hold the same rows, in whatever order.
 *
 * Purpose   Backups and copies between engines are compared by it.
 * Shapes    Every row is hashed with the names of its columns (64 bits); the sum of all hashes modulo 2^64
 *           does not depend on the order of rows or columns, and a row that is there twice counts twice. Not
 *           made against forgers.
 * Ownership The sink passes everything on to `inner` (NULL: nowhere); it is released by its close, which
 *           leaves `inner` open.
 */
#ifndef MT_STORE_KEEP_SUM_H
#define MT_STORE_KEEP_SUM_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef struct mt_table_sum {
    uint64_t rows, sum;
} mt_table_sum;

MT_MUST_USE mt_code mt_sum_sink(mt_ctx *cx, mt_sink **out, mt_table_sum *sum, mt_sink *inner);

MT_END_DECLS
#endif
