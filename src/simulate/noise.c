/* Weather's memory: a stationary Ornstein-Uhlenbeck process that can be entered on any day. */
#include "simulate/noise.h"
#include "num/portable.h"

#include <math.h>

MT_SAME_BITS

enum { MEMORIES_BACK = 6, HOURS = 24 };

void mt_sim_noise_hours(double out[MT_SIM_MARKS], const mt_rng *stream, mt_day utc_day, double memory_h)
{
    double keep = mt_portable_exp(-1.0 / memory_h);
    double fresh = sqrt(1.0 - keep * keep);
    int back = (int)(MEMORIES_BACK * memory_h / HOURS) + 1;
    double x = 0.0;
    for (mt_day day = utc_day - back; day <= utc_day; day++) {
        mt_rng rng = mt_rng_split(stream, (uint64_t)(int64_t)day);
        for (int hour = 0; hour < HOURS; hour++) {
            out[hour] = x; /* the last day's marks stay */
            x = keep * x + fresh * mt_rng_normal(&rng);
        }
    }
    out[HOURS] = x;
}

double mt_sim_noise_day(const mt_rng *stream, mt_day day, double memory_d)
{
    double keep = mt_portable_exp(-1.0 / memory_d);
    double fresh = sqrt(1.0 - keep * keep);
    int back = (int)(MEMORIES_BACK * memory_d) + 1;
    double x = 0.0;
    for (mt_day at = day - back; at <= day; at++) {
        mt_rng rng = mt_rng_split(stream, (uint64_t)(int64_t)at);
        x = keep * x + fresh * mt_rng_normal(&rng);
    }
    return x;
}
