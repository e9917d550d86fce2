/* Rows as one JSON document, or as a line of JSON for each.
 *
 * Purpose   The sinks behind --output json and ndjson, .json files and answers over HTTP.
 * Shapes    JSON:   {"name":…, "head":{…}?, "units":{column: unit}?, "rows":[{…},…]}, one row a line.
 *           NDJSON: {"head":{…}} first where there is a head, then one object a row. A column called "head"
 *           or "error" does not arise: both words are kept for these lines.
 * Missing   Null. NaN and the infinities are null; integers beyond 2^53-1 are strings; invalid UTF-8
 *           becomes U+FFFD.
 * Time      RFC 3339 in UTC; days YYYY-MM-DD.
 * Ownership The sink lives in cx and owns nothing: close it, then `out`. finish finishes `out`.
 */
#ifndef MT_IO_SINKS_JSON_ROWS_H
#define MT_IO_SINKS_JSON_ROWS_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_json_sink(mt_ctx *cx, mt_sink **sink, mt_out *out);
MT_MUST_USE mt_code mt_ndjson_sink(mt_ctx *cx, mt_sink **sink, mt_out *out);

/* Ends a result that failed on its way. When rows have left already, the line {"error":{"code":…,"text":…}}
 * follows them, with the failure cx holds, and `out` is finished; else nothing is written. Either way only
 * the close of both follows. */
void mt_ndjson_fail(mt_ctx *cx, mt_out *out);

MT_END_DECLS
#endif
