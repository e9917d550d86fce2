/* The two clocks of the streams: one for waits, one for the moment a message was read. */
#ifndef MT_STREAM_CLOCK_H
#define MT_STREAM_CLOCK_H

#include <time.h>

#include "base/time.h"

/* Microseconds since some moment of this boot. */
static inline int64_t mt_stream_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline mt_time mt_stream_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (mt_time)now.tv_sec * MT_US_SECOND + now.tv_nsec / 1000;
}

#endif
