/* The program's clocks: the only place where the house reads the time.
 *
 * Units     Microseconds; UTC since 1970, or monotonic since some start.
 */
#ifndef MT_CLI_CLOCK_H
#define MT_CLI_CLOCK_H

#include "base/time.h"

mt_time mt_clock_utc(void *arg); /* MERIT_NOW (RFC 3339) fixes it, for tests and examples that repeat */
int64_t mt_clock_monotonic(void *arg);

#endif
