/* Where an axis is marked, and what stands there.
 *
 * Purpose   Round numbers (1-2-5) for values; hours, days, months or years on the wall clock for times.
 * Shapes    At most MT_TICKS_MAX marks, ascending, inside the axis.
 */
#ifndef MT_IO_PAGE_SVG_TICKS_H
#define MT_IO_PAGE_SVG_TICKS_H

#include "base/zone.h"

MT_BEGIN_DECLS

enum { MT_TICKS_MAX = 64, MT_TICK_TEXT = 32 };

typedef struct mt_tick {
    double at;
    char text[MT_TICK_TEXT];
    char below[MT_TICK_TEXT]; /* a second line: the day under hours, the year under days; "" for most */
} mt_tick;

typedef struct mt_ticks {
    double low, high; /* of the axis; values may widen it to round numbers */
    double step;      /* of values */
    size_t n;
    mt_tick tick[MT_TICKS_MAX];
} mt_ticks;

/* About `wanted` marks for values from low to high, both of which become round when `widen`. */
void mt_ticks_values(mt_ticks *ticks, double low, double high, int wanted, bool widen);

/* Marks for times at least `apart` microseconds from each other. */
void mt_ticks_times(mt_ticks *ticks, mt_time low, mt_time high, mt_time apart, const mt_zone *zone);

/* "1 200", "−0.5", "12k": a value as it stands at an axis whose marks are `step` apart and end at
 * `largest`. */
void mt_tick_text(char out[MT_TICK_TEXT], double value, double step, double largest);

/* "2024-01-01 05:00 CET": the wall clock for a tooltip. */
void mt_tick_instant(char out[MT_TICK_TEXT], mt_time t, const mt_zone *zone);

MT_END_DECLS
#endif
