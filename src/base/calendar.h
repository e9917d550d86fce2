/* Delivery days, market time units and trading calendars of bidding zones.
 *
 * Purpose   The only place where local days meet instants: a delivery day has 23, 24 or 25 hours.
 * Units     Instants in microseconds UTC; a market time unit is 5, 15, 30 or 60 minutes (mt_time,
 *           microseconds).
 * Shapes    A day's periods are numbered from 1 in order of time; a 25-hour day in quarters has 100 of them.
 * Errors    MT_E_INPUT  the step is no market time unit;  MT_E_SHAPE  the day is not a whole number of units.
 * Source    Delivery day = local calendar day of the bidding zone (Nord Pool, EPEX SPOT product
 *           specifications).
 */
#ifndef MT_BASE_CALENDAR_H
#define MT_BASE_CALENDAR_H

#include "base/zone.h"

MT_BEGIN_DECLS

/* A half-open interval of time cut into n equal periods; the last step ends at the first instant outside. */
typedef struct mt_grid {
    mt_time start;
    mt_time step;
    size_t n;
} mt_grid;

MT_API mt_time mt_day_start(const mt_zone *zone, mt_day day); /* first instant of the local day */
MT_API mt_day mt_day_at(const mt_zone *zone, mt_time t);      /* the local day that contains t */
MT_API int mt_day_hours(const mt_zone *zone, mt_day day);     /* 23, 24 or 25; in whole hours */
MT_API bool mt_step_valid(mt_time step);                      /* 5, 15, 30 or 60 minutes */
MT_API MT_MUST_USE mt_code mt_day_grid(mt_ctx *cx, mt_grid *out, const mt_zone *zone, mt_day day,
                                       mt_time step);

/* Period k (from 1) of the day that contains t, and back: MT_E_ABSENT when the day has no such period. */
MT_API MT_MUST_USE mt_code mt_day_period(mt_ctx *cx, int *out, const mt_zone *zone, mt_time t, mt_time step);
MT_API MT_MUST_USE mt_code mt_day_instant(mt_ctx *cx, mt_time *out, const mt_zone *zone, mt_day day,
                                          int period, mt_time step);

/* The index of the grid period that contains t, or -1 outside. */
MT_API ptrdiff_t mt_grid_index(mt_grid grid, mt_time t);

MT_END_DECLS
#endif
