/* Time series of the store: values with all that was known before, asked as of any moment.
 *
 * Purpose   One sink takes observations from every feed; the same ones again change nothing; a different
 *           value becomes a revision, and what stood before is kept.
 * Shapes    Table `series` (id, kind, area, detail, unit, step_us, source) names; table `observation`
 *           (series_id, start, value, known_at, payload) holds what stands; `observation_history` (the same
 *           columns) what stood before. The id is made from the name, so that every process makes the same.
 *           Unique: (series_id, start), and with known_at in the history. View `energi_records`: timestamp,
 *           price_area, production_mwh, spot_price_eur, production_type, source, payload.
 * Time      Of two different values of one start the one with the later known_at stands; the other goes to
 *           the history, also when it arrives later. Of two values known at the same moment the later to
 *           arrive stands (in one batch the later row); its known_at is one microsecond later, and the other
 *           goes to the history. An equal value is unchanged, whatever its payload, and keeps its first
 *           known_at. What cannot be told from a repetition: request.h.
 * Errors    MT_E_INPUT  a row without kind or start; what the store says.
 * Ownership Sinks take rows of mt_observation_col (by name; detail, unit, step_us, known_at, payload may be
 *           absent: "", "", 0, the store's clock, none) and copy nothing that they do not keep.
 * Cost      A row costs no look-up of texts when neighbouring rows give the same addresses for their names,
 *           or the sink has seen those addresses before in this chunk.
 */
#ifndef MT_STORE_DATA_SERIES_STORE_H
#define MT_STORE_DATA_SERIES_STORE_H

#include "store/store.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

/* Everything at finish, in one transaction; *counts (NULL allowed) is written then. */
MT_MUST_USE mt_code mt_series_sink(mt_ctx *cx, mt_sink **out, mt_merge_counts *counts, mt_store *store);

/* The same as a part of a larger transaction, which also holds offsets or dead letters: rows are staged, and
 * merged by mt_batch_commit. *counts is written by the commit and is borrowed until mt_batch_close. */
MT_MUST_USE mt_code mt_series_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts);

/* What to read. A missing text or time asks for all. */
typedef struct mt_series_filter {
    const char *kind, *area, *detail, *source, *unit;
    mt_time from, to; /* MT_TIME_NONE: no bound; from <= start < to */
    mt_time as_of;    /* only what was known at this moment, and as it was; MT_TIME_NONE: what stands */
    mt_time step;     /* INT64_MIN: every step */
} mt_series_filter;

#define MT_SERIES_FILTER_ALL                                                                                 \
    ((mt_series_filter){NULL, NULL, NULL, NULL, NULL, MT_TIME_NONE, MT_TIME_NONE, MT_TIME_NONE, INT64_MIN})

/* Rows of mt_observation_col by kind, area, detail, source, unit, step_us, start. */
MT_MUST_USE mt_code mt_series_read(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                                   mt_sink *sink);

/* One row a series: its name, n, first, last (TIMESTAMPTZ), last_known_at, revisions. */
MT_MUST_USE mt_code mt_series_list(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                                   mt_sink *sink);

/* Values brought to a coarser step, computed in the engine: name, start (of the bucket, from 1970-01-01T00Z),
 * n, mean, sum, min, max. For buckets of local days read the rows instead. */
MT_MUST_USE mt_code mt_series_buckets(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                                      mt_time bucket, mt_sink *sink);

/* Every version of every value, the standing one last: mt_observation_col by series, start, known_at. */
MT_MUST_USE mt_code mt_series_versions(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                                       mt_sink *sink);

/* The id of a series, the same in every process: 63 bits of the digest (crypto/hash.h) of its name. */
int64_t mt_series_id(const mt_observation *name);

MT_END_DECLS
#endif
