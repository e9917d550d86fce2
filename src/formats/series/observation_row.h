/* Records that are observations already: columns called as those of mt_observation_col.
 *
 * Purpose   What Merit itself writes (series as CSV, NDJSON, JSON) can be read again, and anybody can write
 *           it.
 * Shapes    Needed: kind, start, value. Known besides: area, detail, unit, source, step (or step_us; a length
 *           such as 1h, or microseconds), known_at, payload (a JSON object). A missing or blank value is an
 *           observation that says there is none.
 * Time      Times without an offset are UTC.
 * Errors    A record that does not fit: mt_mapped.fault.
 * Ownership As mt_mapper.
 */
#ifndef MT_FORMATS_SERIES_OBSERVATION_ROW_H
#define MT_FORMATS_SERIES_OBSERVATION_ROW_H

#include "formats/series/mapping.h"

MT_BEGIN_DECLS

typedef struct mt_observed mt_observed;

/* `source` for records that name none. */
MT_MUST_USE mt_code mt_observed_open(mt_ctx *cx, mt_observed **out, const char *source);
void mt_observed_close(mt_observed *observed); /* NULL allowed */

MT_MUST_USE mt_code mt_observed_columns(mt_ctx *cx, mt_observed *observed, const char *const *name, size_t n);
MT_MUST_USE mt_code mt_observed_row(mt_ctx *cx, mt_observed *observed, const mt_text *field, bool comma,
                                    mt_time known_at, mt_mapped *out);
MT_MUST_USE mt_code mt_observed_json(mt_ctx *cx, mt_observed *observed, mt_text message, mt_time known_at,
                                     mt_mapped *out);

/* Whether these names are those of observations. */
bool mt_observed_is(const char *const *name, size_t n);

MT_END_DECLS
#endif
