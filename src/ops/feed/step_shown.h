/* The length of a period as people read it: "1h", not 3600000000.
 *
 * Purpose   Inside, and in the store's tables, it is the column step_us in microseconds; what operations
 *           show is the column step, a length of time.
 * Ownership The sink lives in cx; closing it closes `inner`.
 */
#ifndef MT_OPS_FEED_STEP_SHOWN_H
#define MT_OPS_FEED_STEP_SHOWN_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

/* The columns of an observation, as they come out of mt_step_shown. */
extern const mt_field mt_observation_shown[];

/* Passes everything on; a column step_us becomes step. */
MT_MUST_USE mt_code mt_step_shown(mt_ctx *cx, mt_sink **out, mt_sink *inner);

/* How many rows went through a sink of mt_step_shown. */
uint64_t mt_step_shown_rows(const mt_sink *sink);

MT_END_DECLS
#endif
