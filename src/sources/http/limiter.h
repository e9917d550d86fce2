/* How many requests a provider gets in a time: a token bucket and a sliding window, both at once.
 *
 * Purpose   Gives every request the earliest moment at which neither limit is broken, and books it.
 * Units     Microseconds of a monotonic clock.
 * Shapes    Bucket: in any span d at most burst + rate x d starts. Window: in any span of `window`
 *           (half-open) at most window_max. A rate or window of 0 is no limit.
 * Threads   None of its own: the client calls it under its lock. Who asks first is given the earlier moment,
 *           so nobody starves.
 * Cost      O(1) a request; window_max moments of memory.
 * Source    The bucket is the generic cell rate algorithm (ITU-T I.371), exact in whole nanoseconds.
 */
#ifndef MT_SOURCES_HTTP_LIMITER_H
#define MT_SOURCES_HTTP_LIMITER_H

#include "base/ctx.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_limiter {
    int64_t interval_ns; /* between two tokens; 0: no bucket */
    int64_t slack_ns;    /* how far ahead of the rate a burst may run */
    int64_t due_ns;      /* when the bucket would be full again */
    mt_time window;
    int window_max, used, next;
    mt_time *given; /* the last window_max moments, a ring */
    mt_time last;   /* moments are given in order */
    mt_time pause;  /* nothing before this, because the provider said so */
} mt_limiter;

/* MT_E_MEMORY; mt_limiter_close gives the ring back. */
MT_MUST_USE mt_code mt_limiter_init(mt_ctx *cx, mt_limiter *limiter, double rate_per_s, int burst,
                                    int window_max, mt_time window);
void mt_limiter_close(mt_limiter *limiter);

/* Books the next moment, if it is not after `latest`: true, and *at says when the request may start. Else
 * nothing is booked and *at says when it could have. */
bool mt_limiter_take(mt_limiter *limiter, mt_time now, mt_time latest, mt_time *at);

/* The provider asked for silence until `until`. */
void mt_limiter_pause(mt_limiter *limiter, mt_time until);

MT_END_DECLS
#endif
