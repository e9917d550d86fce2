/* InfluxDB line protocol: one measured point a line.
 *
 * Purpose   Meters, Telegraf, Home Assistant and Node-RED speak it; each field of a line is an observation.
 * Shapes    measurement,tag=value field=1.5,other=3i 1717200000000000000
 *           kind: "reading", or the measurement where that is a word of MT_KIND_LIST;  area: the tag `area`,
 *           else `device`, `host`, `asset` or `name`, else the measurement;  detail: the field's name, before
 *           it the measurement and a dot unless that is the kind (and after it the other tags as
 *           ";tag=value", in order of their names);  unit: the tag `unit`;  source: the caller's. A field
 *           called "value" is left out of detail. Numbers, integers (3i, 3u) and booleans (1, 0) are values;
 *           a text field goes into the payload of the line's observations.
 * Time      Precision ns, us, ms or s; a line without a time gets the caller's moment. step is 0.
 * Errors    None of the code: bad lines are counted, the first few are told with line and reason.
 * Ownership Names keep their address for the reader's life; payloads until the next call.
 * Cost      One pass, no copy of values; aim 3 M lines/s and more.
 * Source    InfluxDB documentation, "Line protocol reference", version 2.
 */
#ifndef MT_FORMATS_SERIES_LINE_PROTOCOL_H
#define MT_FORMATS_SERIES_LINE_PROTOCOL_H

#include "terms/observation.h"

MT_BEGIN_DECLS

enum { MT_LINE_BATCH = 4096, MT_LINE_FAULTS_MAX = 16, MT_LINE_SERIES_MAX = 1 << 20 };

typedef enum mt_line_precision { MT_LINE_NS, MT_LINE_US, MT_LINE_MS, MT_LINE_S } mt_line_precision;

typedef struct mt_line_fault {
    uint64_t line; /* from 1 */
    const char *reason;
} mt_line_fault;

typedef struct mt_line_batch {
    const mt_observation *at;
    size_t n;
    const mt_line_fault *fault; /* of this batch */
    size_t n_fault;
} mt_line_batch;

typedef struct mt_lines mt_lines;

/* Lives in cx; `source` is borrowed for its life. MT_E_TOO_LARGE when it meets more names than
 * MT_LINE_SERIES_MAX. */
MT_MUST_USE mt_code mt_lines_open(mt_ctx *cx, mt_lines **out, const char *source);
void mt_lines_close(mt_lines *lines); /* NULL allowed */

/* A new text, which is borrowed until it is read through; line numbers start at 1. */
void mt_lines_text(mt_lines *lines, mt_text text, mt_line_precision precision, mt_time received_at);

/* The next observations, at most MT_LINE_BATCH lines' worth; n 0 and n_fault 0 at the end of the text. */
MT_MUST_USE mt_code mt_lines_next(mt_ctx *cx, mt_lines *lines, mt_line_batch *out);

MT_END_DECLS
#endif
