/* A circuit breaker: whether a provider that keeps failing is asked again, and when. */
#include "sources/http/breaker.h"

#include <string.h>

void mt_breaker_init(mt_breaker *breaker, mt_breaker_rule rule)
{
    memset(breaker, 0, sizeof *breaker);
    breaker->rule.failures = rule.failures > 0 ? rule.failures : 5;
    breaker->rule.successes = rule.successes > 0 ? rule.successes : 2;
    breaker->rule.open_for = rule.open_for > 0 ? rule.open_for : 60 * MT_US_SECOND;
    breaker->rule.probes = rule.probes > 0 ? rule.probes : 3;
}

static void change(mt_breaker *breaker, mt_breaker_state state, mt_time now)
{
    breaker->state = state;
    breaker->epoch++;
    breaker->failed = breaker->succeeded = breaker->probing = 0;
    breaker->until = now + breaker->rule.open_for;
}

mt_breaker_state mt_breaker_now(const mt_breaker *breaker, mt_time now)
{
    if (breaker->state == MT_BREAKER_OPEN && now >= breaker->until) return MT_BREAKER_HALF_OPEN;
    return breaker->state;
}

bool mt_breaker_enter(mt_breaker *breaker, mt_time now, uint64_t *ticket, mt_time *retry_at)
{
    /* The state that is told is the state that is kept: else good probes are counted by nobody. */
    if (breaker->state != mt_breaker_now(breaker, now)) change(breaker, MT_BREAKER_HALF_OPEN, now);
    *retry_at = breaker->state == MT_BREAKER_OPEN ? breaker->until : now + MT_US_SECOND;
    if (breaker->state == MT_BREAKER_OPEN) return false;
    if (breaker->state == MT_BREAKER_HALF_OPEN && breaker->probing >= breaker->rule.probes) return false;
    breaker->probing++;
    *ticket = breaker->epoch;
    return true;
}

void mt_breaker_leave(mt_breaker *breaker, mt_time now, uint64_t ticket, mt_breaker_end end)
{
    if (ticket != breaker->epoch) return; /* let through in another state */
    breaker->probing--;
    if (end == MT_BREAKER_NEITHER) return;
    if (breaker->state == MT_BREAKER_CLOSED) {
        breaker->failed = end == MT_BREAKER_BAD ? breaker->failed + 1 : 0;
        if (breaker->failed >= breaker->rule.failures) change(breaker, MT_BREAKER_OPEN, now);
    } else if (end == MT_BREAKER_BAD) {
        change(breaker, MT_BREAKER_OPEN, now);
    } else if (++breaker->succeeded >= breaker->rule.successes) {
        change(breaker, MT_BREAKER_CLOSED, now);
    }
}

const char *mt_breaker_word(mt_breaker_state state)
{
    static const char *const word[] = {"closed", "half open", "open"};
    return word[state];
}
