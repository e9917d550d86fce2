/* What may be thought of one value of a series; inside of market/series only.
 *
 * Purpose   The checks that a batch before storing and a report on stored days share.
 * Shapes    Points are thinned (series_points.h). Missing answers are NaN.
 * Strangeness  The distance of a value to the nearest of its neighbours in time (two on each side) and of the
 *           same time on the seven days before: a real peak has a shoulder or a habit, a wrong number has
 *           neither. What is strange for a series is learned from its last 28 days: beyond four times the
 *           ninth decile of their daily maxima, and beyond three tenths of the range of nine tenths of the
 *           values.
 * Sun       A solar value at night is more than 3 % of the highest seen by day, or, where nothing is stored,
 *           of the highest given by day, while the sun stays below -1 degree (feeds show up to 1 % then).
 *           Production may exceed by half what was seen with the sun up to five degrees higher; irradiance
 *           obeys sun.h.
 * Source    Limits of day-ahead prices: ACER's harmonised maximum and minimum clearing prices, widened.
 *           Strangeness measured on a year of seven areas' prices, see guard_test.c.
 */
#ifndef MT_MARKET_SERIES_CHECKS_H
#define MT_MARKET_SERIES_CHECKS_H

#include "market/series/series_points.h"

MT_BEGIN_DECLS

enum { MT_CHECK_LAG_DAYS = 7, MT_CHECK_LEARN_DAYS = 28, MT_CHECK_LEARN_LEAST = 14 };

/* Outside what a value of that kind and unit can be? */
bool mt_check_bounds(const mt_observation *value);

double mt_check_strangeness(const mt_points *points, size_t i);

/* What the days before `until` teach; NaN in both where there are too few. */
typedef struct mt_habit {
    double strange; /* beyond this */
    double spread;  /* of nine tenths of the values */
} mt_habit;

MT_MUST_USE mt_code mt_check_habit(mt_ctx *cx, mt_habit *out, const mt_points *points, mt_time until);

typedef enum mt_sun_kind { MT_SUN_NONE, MT_SUN_PRODUCTION, MT_SUN_IRRADIANCE } mt_sun_kind;

/* By kind, detail and unit. */
mt_sun_kind mt_check_sun_kind(const mt_observation *name);

/* Heights of all points and what was seen before `until`, for a solar series. */
typedef struct mt_sun_view {
    mt_sun_kind kind;
    double *height_deg;   /* highest within the step */
    double highest;       /* by day, of what is not fresh or lies before `until`; NaN: none */
    double highest_given; /* by day, of all; NaN: none */
    double envelope[96];  /* the same by height, from -5 degrees in degrees, ascending */
} mt_sun_view;

MT_MUST_USE mt_code mt_check_sun(mt_ctx *cx, mt_sun_view *out, const mt_points *points, double latitude,
                                 double longitude, mt_time until);
bool mt_check_night(const mt_sun_view *view, const mt_points *points, size_t i);
bool mt_check_too_bright(const mt_sun_view *view, const mt_points *points, size_t i);

/* Do two sources say different things? `spread` NaN counts as 0. */
bool mt_check_disagrees(double a, double b, double spread);

MT_END_DECLS
#endif
