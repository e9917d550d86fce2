/* Wall clock and monotonic clock of the system. */
#include "cli/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec * MT_US_SECOND + now.tv_nsec / 1000;
}

mt_time mt_clock_utc(void *arg)
{
    const char *fixed = getenv("MERIT_NOW");
    mt_time t;
    bool has_offset;
    (void)arg;
    if (fixed && mt_time_parse(fixed, strlen(fixed), &t, &has_offset)) return t;
    return read_clock(CLOCK_REALTIME);
}

int64_t mt_clock_monotonic(void *arg)
{
    (void)arg;
    return read_clock(CLOCK_MONOTONIC);
}
