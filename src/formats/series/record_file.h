/* Files of records: downloads of data services, messages in lines, line protocol, series of Merit itself.
 *
 * Purpose   Turns the bytes of any such file into batches of observations, and every record that is none into
 *           a counted fault.
 * Shapes    Delimited text with a header (, ; tab |), NDJSON, a JSON list or a document with "records", line
 *           protocol; packed with gzip or zstd or not. What the records mean says a mapping, or the file is
 *           recognised by its names: the built-in datasets, "observations" (columns of mt_observation_col),
 *           "open-meteo" and "line-protocol". Columns are called as the fields, to the letter. The decimal
 *           mark of a delimited file is the first that stands in one of its values; a number with the other
 *           one is a fault. Blank cells are missing. Records never stop a file.
 * Errors    MT_E_INPUT  half of a JSON document, found at its end, so that its user stores nothing of it;
 *           nothing fits, or the columns that the mapping needs are not there (with the nearest);
 *           those of io/bytes.h and, of line protocol, of line_protocol.h.
 * Ownership mt_record_file_open/_close, and it lives in cx; `bytes` stays the caller's and must outlive it. A
 *           batch is borrowed until the next call, but names keep their address for the file's life.
 * Cost      One pass; memory flat.
 * Example   merit data ingest Elspotprices_DK2.csv.gz
 */
#ifndef MT_FORMATS_SERIES_RECORD_FILE_H
#define MT_FORMATS_SERIES_RECORD_FILE_H

#include "formats/series/line_protocol.h"
#include "formats/series/mapping.h"
#include "io/bytes.h"

MT_BEGIN_DECLS

enum { MT_RECORD_BATCH_ROWS = 2048 };

/* Files that no fixed mapping describes: X(symbol, name, what it is). */
/* clang-format off */
#define MT_LAYOUT_LIST(X) \
    X(MT_LAYOUT_OBSERVATIONS, "observations", "series in the columns that Merit writes") \
    X(MT_LAYOUT_OPEN_METEO, "open-meteo", "weather of Open-Meteo") \
    X(MT_LAYOUT_LINES, "line-protocol", "InfluxDB line protocol")
/* clang-format on */

#define MT_LAYOUT_SYMBOL(symbol, name, meaning) symbol,
typedef enum mt_layout { MT_LAYOUT_MAPPED, MT_LAYOUT_LIST(MT_LAYOUT_SYMBOL) MT_LAYOUT_COUNT } mt_layout;
#undef MT_LAYOUT_SYMBOL

typedef struct mt_record_options {
    size_t size;        /* sizeof(mt_record_options) */
    mt_time known_at;   /* of records that name no moment themselves */
    const char *as;     /* a dataset's or a layout's name; NULL: recognised, unless a mapping is given */
    const char *source; /* instead of the mapping's; NULL: the mapping's */
    const char *zones;  /* where the zone files are; NULL: the system's */
    mt_line_precision precision; /* of line protocol */
} mt_record_options;

/* A record that gave nothing. */
typedef struct mt_record_bad {
    uint64_t line;
    const char *reason; /* one sentence */
    mt_text raw;        /* its first bytes */
} mt_record_bad;

typedef struct mt_record_batch {
    const mt_observation *at;
    size_t n;
    const mt_record_bad *bad;
    size_t n_bad;
} mt_record_batch;

/* What is known so far; counts grow as batches are read. */
typedef struct mt_record_facts {
    const char *name; /* of the file */
    const char *as;   /* "Elspotprices", "observations", … or the mapping's name */
    mt_layout layout;
    bool json;
    char delimiter, decimal; /* 0: none met */
    uint64_t records, bad, observations;
} mt_record_facts;

typedef struct mt_record_file mt_record_file;

/* `mapping` NULL: see options->as. */
MT_MUST_USE mt_code mt_record_file_open(mt_ctx *cx, mt_record_file **out, mt_bytes *bytes,
                                        const mt_mapping *mapping, const mt_record_options *options);
void mt_record_file_close(mt_record_file *file); /* NULL allowed */

/* The next batch; n == 0 and n_bad == 0 at the end. */
MT_MUST_USE mt_code mt_record_file_next(mt_ctx *cx, mt_record_file *file, mt_record_batch *out);

const mt_record_facts *mt_record_file_about(const mt_record_file *file);

/* What the beginning of a file shows; as NULL: nothing that is known. */
typedef struct mt_record_look {
    const char *as;
    const mt_mapping *mapping; /* of a dataset */
    mt_layout layout;
    bool json;
} mt_record_look;

/* From the first window; nothing is consumed. */
MT_MUST_USE mt_code mt_record_look_at(mt_ctx *cx, mt_record_look *out, mt_text window, bool last);

/* The layout or dataset of that name; as NULL: there is none. */
mt_record_look mt_record_look_of(const char *name);

MT_END_DECLS
#endif
