/* The days before a day as they were known when it began: what a decision made then had to go by.
 *
 * Purpose   --known when-known of decision.daily and decision.summary.
 * Time      Of each period the version counts that was the last one known before the local day began, by
 *           known_at; a period of which nothing was known then is missing. A day that lacked one of the
 *           series that the same feed has now was not known then: it counts as incomplete, although the
 *           series that were there cover all its hours.
 * Ownership Everything lives in cx; versions are borrowed.
 * Cost      A sort of the versions once, and for each day asked for a pass over those of its window.
 */
#ifndef MT_OPS_SERIES_KNOWN_DAYS_H
#define MT_OPS_SERIES_KNOWN_DAYS_H

#include "market/series/delivery_day.h"
#include "ops/series/series_in.h"

MT_BEGIN_DECLS

/* Every version of an area's values, ordered by start (mt_known_order). */
typedef struct mt_known_values {
    const mt_zone *zone;
    mt_series_in price, production, forecast;
} mt_known_values;

/* A sorted copy. */
MT_MUST_USE mt_code mt_known_order(mt_ctx *cx, mt_series_in *values);

/* The values of the `days` days before `day` that were known when it began, as they were then. */
MT_MUST_USE mt_code mt_known_before(mt_ctx *cx, mt_known_values *out, const mt_known_values *values,
                                    mt_day day, int days);

/* Makes those of the n days incomplete that lack a series of what stands now. Both ascend by day. */
void mt_known_drop_partial(mt_delivery_day *day, size_t n, const mt_delivery_day *standing,
                           size_t n_standing);

MT_END_DECLS
#endif
