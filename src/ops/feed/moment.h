/* A moment as people type it: an instant, a day, or a distance from now.
 *
 * Purpose   The arguments --from, --to, --as-of and --known-at of operations on time series.
 * Shapes    "2024-08-28T22:00Z" and other RFC 3339 texts with an offset; "2024-08-28", the start of that
 *           local day; "now", "now-2d", "now+36h"; "today", "today-7d", "tomorrow": the start of those days.
 * Time      Local days are those of `zone`; NULL: UTC days.
 * Errors    MT_E_INPUT  none of these, with the forms.
 */
#ifndef MT_OPS_FEED_MOMENT_H
#define MT_OPS_FEED_MOMENT_H

#include "base/calendar.h"
#include "base/text.h"

MT_BEGIN_DECLS

/* `text` NULL: MT_TIME_NONE. `name` is the argument's, for messages. */
MT_MUST_USE mt_code mt_moment_parse(mt_ctx *cx, mt_time *out, const char *name, const char *text, mt_time now,
                                    const mt_zone *zone);

MT_END_DECLS
#endif
