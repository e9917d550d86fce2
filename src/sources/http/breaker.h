/* A circuit breaker: whether a provider that keeps failing is asked again, and when.
 *
 * Purpose   Closed: everything passes; `failures` failures in a row open it. Open: nothing passes for
 *           `open_for`, then it is half open. Half open: at most `probes` requests at once pass; `successes`
 *           good ones close it, one failure opens it again.
 * Units     Microseconds of a monotonic clock.
 * Shapes    A request that was let through tells its end with the ticket it was given, once. What was let
 *           through before the breaker last changed its state counts no more.
 * Threads   None of its own: the client calls it under its lock.
 */
#ifndef MT_SOURCES_HTTP_BREAKER_H
#define MT_SOURCES_HTTP_BREAKER_H

#include "base/time.h"

MT_BEGIN_DECLS

typedef enum mt_breaker_state { MT_BREAKER_CLOSED, MT_BREAKER_HALF_OPEN, MT_BREAKER_OPEN } mt_breaker_state;

typedef struct mt_breaker_rule {
    int failures;     /* 0: 5 */
    int successes;    /* 0: 2 */
    mt_time open_for; /* 0: 60 s */
    int probes;       /* 0: 3 */
} mt_breaker_rule;

/* What became of a request: neither where its own caller stopped it. */
typedef enum mt_breaker_end { MT_BREAKER_GOOD, MT_BREAKER_BAD, MT_BREAKER_NEITHER } mt_breaker_end;

typedef struct mt_breaker {
    mt_breaker_rule rule;
    mt_breaker_state state;
    uint64_t epoch; /* counts changes of state; a ticket is the epoch it was given in */
    int failed, succeeded, probing;
    mt_time until; /* open: to this moment */
} mt_breaker;

void mt_breaker_init(mt_breaker *breaker, mt_breaker_rule rule);

/* May a request start? *ticket is for mt_breaker_end; refused: *retry_at is when to ask again. */
bool mt_breaker_enter(mt_breaker *breaker, mt_time now, uint64_t *ticket, mt_time *retry_at);
void mt_breaker_leave(mt_breaker *breaker, mt_time now, uint64_t ticket, mt_breaker_end end);

/* The state as the next request would find it. */
mt_breaker_state mt_breaker_now(const mt_breaker *breaker, mt_time now);
const char *mt_breaker_word(mt_breaker_state state); /* "closed", "half open", "open" */

MT_END_DECLS
#endif
