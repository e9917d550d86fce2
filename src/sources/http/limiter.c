/* How many requests a provider gets in a time: a token bucket and a sliding window, both at once. */
#include "sources/http/limiter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NANO = 1000 };

mt_code mt_limiter_init(mt_ctx *cx, mt_limiter *limiter, double rate_per_s, int burst, int window_max,
                        mt_time window)
{
    memset(limiter, 0, sizeof *limiter);
    limiter->last = limiter->pause = INT64_MIN;
    limiter->due_ns = INT64_MIN / 2;
    if (rate_per_s > 0) {
        limiter->interval_ns = (int64_t)ceil(1e9 / rate_per_s);
        limiter->slack_ns = (burst > 1 ? burst - 1 : 0) * limiter->interval_ns;
    }
    if (window_max > 0 && window > 0) {
        limiter->given = calloc((size_t)window_max, sizeof *limiter->given);
        if (!limiter->given) return mt_fail(cx, MT_E_MEMORY, "no memory for a limit of %d", window_max);
        limiter->window = window;
        limiter->window_max = window_max;
    }
    return MT_OK;
}

void mt_limiter_close(mt_limiter *limiter)
{
    free(limiter->given);
    limiter->given = NULL;
}

static mt_time later(mt_time a, mt_time b)
{
    return a > b ? a : b;
}

/* Whole microseconds not before the bucket has a token. */
static mt_time bucket_ready(const mt_limiter *limiter)
{
    if (!limiter->interval_ns) return INT64_MIN;
    int64_t ready_ns = limiter->due_ns - limiter->slack_ns;
    return ready_ns >= 0 ? (ready_ns + NANO - 1) / NANO : ready_ns / NANO;
}

static mt_time window_ready(const mt_limiter *limiter)
{
    if (limiter->used < limiter->window_max || !limiter->window_max) return INT64_MIN;
    return limiter->given[limiter->next] + limiter->window; /* the oldest of a full ring */
}

static void book(mt_limiter *limiter, mt_time at)
{
    limiter->last = at;
    if (limiter->interval_ns) {
        int64_t at_ns = at * NANO;
        limiter->due_ns = (limiter->due_ns > at_ns ? limiter->due_ns : at_ns) + limiter->interval_ns;
    }
    if (limiter->window_max) {
        limiter->given[limiter->next] = at;
        limiter->next = (limiter->next + 1) % limiter->window_max;
        if (limiter->used < limiter->window_max) limiter->used++;
    }
}

bool mt_limiter_take(mt_limiter *limiter, mt_time now, mt_time latest, mt_time *at)
{
    mt_time ready = later(later(now, limiter->pause), limiter->last);
    ready = later(ready, later(bucket_ready(limiter), window_ready(limiter)));
    *at = ready;
    if (ready > latest) return false;
    book(limiter, ready);
    return true;
}

void mt_limiter_pause(mt_limiter *limiter, mt_time until)
{
    limiter->pause = later(limiter->pause, until);
}
