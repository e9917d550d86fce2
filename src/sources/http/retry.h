/* What is tried again, and after how long.
 *
 * Purpose   The list of statuses worth another try, exponential back-off with jitter, and Retry-After.
 * Shapes    Wait k (from 0) is base x 2^k, at most 60 s, times a number between 0.5 and 1.5.
 * Time      Retry-After is a number of seconds or a date in one of the three forms of HTTP; a date that has
 *           passed is no wait.
 * Errors    The parsers return false and leave *out alone.
 * Source    RFC 9110 sections 5.6.7 (dates) and 10.2.3 (Retry-After).
 */
#ifndef MT_SOURCES_HTTP_RETRY_H
#define MT_SOURCES_HTTP_RETRY_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

#define MT_RETRY_WAIT_MAX  (60 * MT_US_SECOND)
#define MT_RETRY_AFTER_MAX (10 * MT_US_MINUTE)

bool mt_retry_status(int status); /* 408, 425, 429, 500, 502, 503, 504 */

/* `seed` is drawn from and moved on. */
mt_time mt_retry_wait(mt_time base, int k, uint64_t *seed);

/* "120" or "Sun, 06 Nov 1994 08:49:37 GMT": how long from `now`. At most 100 years. */
bool mt_retry_after(mt_text value, mt_time now, mt_time *out);

/* "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"; a year of
 * two digits is the one nearest to `now`. */
bool mt_http_date_parse(mt_text text, mt_time now, mt_time *out);

MT_END_DECLS
#endif
