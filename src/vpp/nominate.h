/* The schedule a balancing group nominates: per quarter what it feeds in, buys and sells, balanced.
 *
 * Purpose   Forecast infeed plus purchases equals sales plus a position that must be 0: the rest is
 *           shown as open until it is traded. The deadline monitor says what can still be changed at a
 *           moment.
 * Units     micro-kW of mean power in the quarter, as schedules are told.
 * Shapes    One entry a quarter; deadlines by time.
 * Time      Deadlines are wall clock of `zone`; a quarter's own is 15 minutes before it begins. Working
 *           days are Monday to Friday without the public holidays of all of Germany.
 * Missing   MT_MICRO_NONE where no forecast reaches the quarter. Without trades 0 is bought and sold.
 * Ownership Results live in cx.
 * Source    ENTSO-E Scheduling System 2.3; German schedule rules: nomination 14:30 the day before,
 *           changes until 15 minutes before each quarter, corrections inside a control area until 16:00
 *           of the next working day; intraday auctions since 2024-06-13. Times are rows of a table with
 *           their validity.
 * Example   merit vpp nominate --data DIR --day 2025-06-08 --into schedule.xml
 */
#ifndef MT_VPP_NOMINATE_H
#define MT_VPP_NOMINATE_H

#include "vpp/forecast.h"

MT_BEGIN_DECLS

typedef struct mt_nomination_quarter {
    mt_time start;
    mt_micro production_kw, bought_kw, sold_kw;
    mt_micro open_kw; /* production + bought - sold */
} mt_nomination_quarter;

MT_API MT_MUST_USE mt_code mt_nominate(mt_ctx *cx, const mt_nomination_quarter **out, const mt_desk *desk,
                                       mt_forecast_choice choice, mt_time as_of);

typedef struct mt_deadline {
    const char *name; /* "day-ahead nomination", "last change of 10:15", … */
    mt_time until;
    mt_time left; /* from `now`; negative: it has passed */
    bool passed;
} mt_deadline;

MT_API MT_MUST_USE mt_code mt_deadlines(mt_ctx *cx, const mt_deadline **out, size_t *n, const mt_zone *zone,
                                        mt_day day, mt_time now);

/* The first day after `day` that is a working day. */
MT_API MT_MUST_USE mt_code mt_next_working_day(mt_ctx *cx, mt_day *out, mt_day day);

MT_END_DECLS
#endif
