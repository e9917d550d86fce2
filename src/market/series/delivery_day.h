/* Price and production of one area brought together by local delivery day.
 *
 * Purpose   Observations of any step and from any source go in; one row a day comes out, which says how much
 *           of the day it stands on and where it came from.
 * Units     EUR/MWh, MWh, hours; whatever currency the price has, it is kept. Energy may come in Wh, kWh, MWh
 *           ("" counts as that) or GWh, or as power (kW, MW, GW) over its step; values in another unit are
 *           passed over and the unit is told.
 * Shapes    Values in any order, each (kind, area, detail, unit, source, step, start) at most once. Days from
 *           the first to the last that has any value, without gaps in between.
 * Time      The day is the local calendar day of `zone` that contains the start of the value: 23, 24 or 25
 *           hours. A value's step counts in full for that day. Values without a step, or longer than an
 *           hour, belong to no hour of a day and are passed over.
 * Production is the sum over the details of one feed, a feed being a source in one unit and step; load and
 *           exchange are other kinds and never added. "Wind;group=2" is a part of the type "Wind"; a source
 *           that gives types and one that gives parts are two feeds, also under one name, and never added
 *           together. A source that publishes the same energy in several datasets names the account in the
 *           detail of all but one: "Wind;account=declaration" is of another feed than "Wind". Without that
 *           two datasets of one source, unit, step and shape would be added. "Solar;horizon=5h" is an earlier
 *           word on the same hours and passed over. `hours` is the fewest that any type of that day has: a
 *           type that stops in the middle of the day leaves the day incomplete. A type that has no value on a
 *           day at all is not missed.
 * Feeds     Where several have a day, the one with the most hours of the whole range stands first; another
 *           takes its place for a day only where it covers more of it.
 * Missing   A value of NaN is none. Price and production of a day without a value are NaN, hours 0. Nothing
 *           is filled in: a mean or sum of an incomplete day is of the hours that are there.
 * Errors    MT_E_TOO_LARGE more than MT_DAYS_MAX days or MT_DAY_SERIES_MAX series; MT_E_MEMORY.
 * Ownership Rows live in cx; their texts are those of the observations.
 * Cost      O(n) and days x series x 24 bytes.
 * Source    Delivery day: Nord Pool and EPEX SPOT product specifications.
 */
#ifndef MT_MARKET_SERIES_DELIVERY_DAY_H
#define MT_MARKET_SERIES_DELIVERY_DAY_H

#include "base/calendar.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

enum { MT_DAYS_MAX = 20000, MT_DAY_SERIES_MAX = 512 };

/* One kind on one day. */
typedef struct mt_day_value {
    double value; /* mean over time, or sum, as asked */
    double hours; /* covered by the type that has fewest */
    const char *source;
    mt_time step;
    mt_time known_at; /* of the value known last; MT_TIME_NONE: none */
    size_t details;   /* series that have a value on this day */
} mt_day_value;

typedef struct mt_day_values {
    mt_day first;
    size_t n;
    const mt_day_value *at; /* of day first + k */
    const char *other_unit; /* of a value that was passed over because it is no energy; NULL: none was */
} mt_day_values;

/* The days of `kind` (other kinds are passed over). MT_FOLD_SUM adds energies; else the mean weighted by the
 * length of the steps. `only`, unless NULL, is the details that count. */
MT_API MT_MUST_USE mt_code mt_day_values_of(mt_ctx *cx, mt_day_values *out, const mt_observation *value,
                                            size_t n, const mt_zone *zone, const char *kind,
                                            const char *const *only /* ends with NULL */);

/* A local day of an area. */
typedef struct mt_delivery_day {
    mt_day day;
    double hours; /* of the day: 23, 24 or 25 */
    mt_day_value price, production;
    bool forecast; /* production is a forecast */
} mt_delivery_day;

/* The days that have a price or a production. Either may be empty. */
MT_API MT_MUST_USE mt_code mt_delivery_days(mt_ctx *cx, mt_delivery_day **out, size_t *n,
                                            const mt_day_values *price, const mt_day_values *production,
                                            const mt_zone *zone);

/* All hours of the day have a price and a production of every type. */
MT_API bool mt_delivery_day_complete(const mt_delivery_day *day);

MT_END_DECLS
#endif
