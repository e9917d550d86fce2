/* The monotonic clock of the store's waits: for locks, connections and groups of writes. */
#ifndef MT_STORE_CLOCK_H
#define MT_STORE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since some moment of this boot. */
static inline int64_t mt_clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif
