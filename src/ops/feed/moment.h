/* A moment as people type it: an instant, a day, or a distance from now.
 *
 * Purpose   The arguments --from, --until, --as-of and --known-at of operations on time series.
 * Shapes    "2024-08-28T22:00Z" and other RFC 3339 texts with an offset; "2024-08-28", the start of that
 *           local day; "now", "now-2d", "now+36h"; "today", "today-7d", "tomorrow": the start of those days.
 *           As the end of a span a day is included, a moment is not: --from 2024-08-28 --until 2024-08-28 is
 *           that day.
 * Time      Local days are those of `zone`; NULL: UTC days.
 * Errors    MT_E_INPUT  none of these, with the forms; a span that ends before it begins.
 */
#ifndef MT_OPS_FEED_MOMENT_H
#define MT_OPS_FEED_MOMENT_H

#include "base/calendar.h"
#include "base/text.h"

MT_BEGIN_DECLS

/* `text` NULL: MT_TIME_NONE. `name` is the argument's, for messages. */
MT_MUST_USE mt_code mt_moment_parse(mt_ctx *cx, mt_time *out, const char *name, const char *text, mt_time now,
                                    const mt_zone *zone);

/* What the field's help says about both ends. */
#define MT_MOMENT_UNTIL_DOC "a local day, which is included, or a moment, which is not"

/* *until is the first moment that is not included. Either text may be NULL. */
MT_MUST_USE mt_code mt_moment_span(mt_ctx *cx, mt_time *from, mt_time *until, const char *from_text,
                                   const char *until_text, mt_time now, const mt_zone *zone);

/* That a span does not end before it begins; MT_TIME_NONE is open. */
MT_MUST_USE mt_code mt_moment_check(mt_ctx *cx, mt_time from, mt_time until);

MT_END_DECLS
#endif
