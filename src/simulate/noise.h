/* Weather's memory: a stationary Ornstein-Uhlenbeck process that can be entered on any day.
 *
 * Purpose   Gives hour-by-hour deviations with mean 0 and variance 1 whose correlation falls as
 *           exp(-hours/memory).
 * Shapes    The 25 hour marks of one UTC day; mark 24 continues as mark 0 of the next day.
 * Time      Each day's innovations come from a stream of their own. A day starts from rest six memories
 *           earlier, so any day is computed alone; what is forgotten is e^-6 (0.25 %) of the state.
 * Source    x(t+1) = a x(t) + sqrt(1-a^2) e, a = exp(-1/memory): the exact discretisation of the process (D.
 *           Gillespie, Physical Review E 54, 1996).
 */
#ifndef MT_SIMULATE_NOISE_H
#define MT_SIMULATE_NOISE_H

#include "base/time.h"
#include "num/rng.h"

MT_BEGIN_DECLS

enum { MT_SIM_MARKS = 25 };

/* `memory_h` is 1 … 1000 hours. */
MT_API void mt_sim_noise_hours(double out[MT_SIM_MARKS], const mt_rng *stream, mt_day utc_day,
                               double memory_h);

/* The same on a grid of days: the value of one day. `memory_d` is 1 … 100 days. */
MT_API double mt_sim_noise_day(const mt_rng *stream, mt_day day, double memory_d);

MT_END_DECLS
#endif
