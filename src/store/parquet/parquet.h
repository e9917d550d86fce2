/* Parquet files: any result as one file, orders as one file a day, and back.
 *
 * Purpose   Column files that every other tool reads, with units and head values in their metadata.
 * Shapes    BOOL boolean, INT int64, REAL double, MICRO decimal(18,6), TEXT utf8, TIME timestamp with UTC,
 *           DAY date, SPAN int64 microseconds. Compressed with zstd. Key-value metadata: "merit.name",
 *           "merit.unit.COLUMN", "merit.doc.COLUMN", "merit.head.FIELD".
 * Errors    MT_E_IO  a file cannot be written or read;  MT_E_TOO_LARGE  a decimal beyond 18 digits;
 *           MT_E_ABSENT  no such file.
 * Ownership mt_engine_open/_close. A file is written under a temporary name, synced and renamed at finish;
 *           close without finish leaves nothing.
 * Threads   An engine may be shared by threads; a sink belongs to one.
 * Cost      Opening an engine takes about 20 ms, so one serves all files of a process. Memory is bounded by
 *           its limit (default 512 MiB); what is more is spilled to its temporary folder.
 */
#ifndef MT_STORE_PARQUET_PARQUET_H
#define MT_STORE_PARQUET_PARQUET_H

#include "base/rows/sink.h"
#include "terms/order.h"

MT_BEGIN_DECLS

typedef struct mt_engine mt_engine;

typedef struct mt_engine_options {
    size_t size;           /* sizeof(mt_engine_options) */
    const char *library;   /* as in mt_store_options */
    const char *temp_dir;  /* NULL: /tmp */
    int threads;           /* 0: 2 */
    uint64_t memory_bytes; /* 0: 512 MiB */
} mt_engine_options;

MT_MUST_USE mt_code mt_engine_open(mt_ctx *cx, mt_engine **out,
                                   const mt_engine_options *options /* NULL: defaults */);
void mt_engine_close(mt_engine *engine); /* NULL allowed; after all its sinks */

MT_MUST_USE mt_code mt_parquet_sink(mt_ctx *cx, mt_sink **out, mt_engine *engine, const char *path);

/* All rows of a file; columns without a type of ours come as text. Units and docs come back from the
 * metadata. */
MT_MUST_USE mt_code mt_parquet_read(mt_ctx *cx, mt_engine *engine, const char *path, mt_sink *sink);

/* One day's file of mt_parquet_partition. */
typedef struct mt_partition {
    mt_day day;       /* UTC */
    const char *path; /* "DIR/2024-01-01/data.parquet" */
    int64_t rows, buys, sells;
    mt_time first, last;
    mt_micro price_min, price_max;              /* micro-currency per MWh; MT_MICRO_NONE without a price */
    int64_t volume_min, volume_max, volume_sum; /* Wh; MT_MICRO_NONE without a volume */
} mt_partition;

/* Writes the orders that have a time to DIR/YYYY-MM-DD/data.parquet, one file a UTC day, sorted by time, then
 * by their place in the source. Columns: time, side, price (currency/MWh), volume (MWh), row_no (from 0).
 * *untimed: orders that have no time. */
MT_MUST_USE mt_code mt_parquet_partition(mt_ctx *cx, mt_partition **out, size_t *n, uint64_t *untimed,
                                         mt_engine *engine, const char *dir, const mt_order_source *orders);

MT_END_DECLS
#endif
