/* When something is due: every so often, or by a cron expression on the clock of a zone.
 *
 * Purpose   The moments of a schedule, without running anything.
 * Shapes    every: multiples of a span since 1970 (UTC), shifted by an offset: "every 15min offset 2min" is
 *           :02, :17, :32, :47. cron: minute hour day-of-month month day-of-week; lists, ranges, steps, names
 *           of months and days, 7 is Sunday; where both days are given either is enough.
 * Time      A clock that is put forward skips no run: what falls into the gap is due at its end. One that is
 *           put back runs nothing twice: the first of two equal moments counts; only where the hour is "*" or
 *           a step of it, runs follow the time that passes, in both hours.
 * Errors    MT_E_INPUT  what is wrong with which field;  MT_E_ABSENT  no such zone.
 * Ownership Plain values; the zone lives in the context it was read with.
 * Source    POSIX.1-2017, crontab; clock changes after Vixie cron's manual.
 */
#ifndef MT_SERVER_CRON_H
#define MT_SERVER_CRON_H

#include "base/calendar.h"

MT_BEGIN_DECLS

typedef struct mt_due {
    mt_time every, offset;                      /* every 0: the rest counts */
    uint64_t minute, hour, day, month, weekday; /* bit k: k is meant; weekday bit 0: Sunday */
    bool any_day, any_weekday, any_hour;        /* the field starts with a star */
    const mt_zone *zone;
} mt_due;

MT_MUST_USE mt_code mt_due_every(mt_ctx *cx, mt_due *out, const char *span, const char *offset /* NULL: 0 */);
MT_MUST_USE mt_code mt_due_cron(mt_ctx *cx, mt_due *out, const char *expression, const mt_zone *zone);

/* The first moment after `after`; MT_TIME_NONE when there is none within some years (30 February). */
mt_time mt_due_next(const mt_due *due, mt_time after);

MT_END_DECLS
#endif
