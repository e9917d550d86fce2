/* Instants and days: microseconds UTC, whole days, and their text.
 *
 * Purpose   One number for every instant. Local time exists only in calendar.h and at the faces.
 * Units     mt_time: microseconds since 1970-01-01T00:00:00Z, no leap seconds. mt_day: days since 1970-01-01.
 * Shapes    Valid instants lie in years 0001 to 9999; MT_TIME_NONE and MT_DAY_NONE mean missing.
 * Errors    Parsers return false and leave *out alone; the caller knows file and line and makes the sentence.
 * Source    Civil-day arithmetic after the proleptic Gregorian calendar (ISO 8601-1:2019); text after RFC
 *           3339.
 */
#ifndef MT_BASE_TIME_H
#define MT_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

typedef int64_t mt_time;
typedef int32_t mt_day;

#define MT_TIME_NONE INT64_MIN
#define MT_DAY_NONE  INT32_MIN

#define MT_US_SECOND ((mt_time)1000000)
#define MT_US_MINUTE (60 * MT_US_SECOND)
#define MT_US_HOUR   (60 * MT_US_MINUTE)
#define MT_US_DAY    (24 * MT_US_HOUR)

enum { MT_TIME_TEXT_MAX = 36 };

typedef struct mt_date {
    int year, month, day;
} mt_date; /* month 1..12, day 1..31 */
typedef struct mt_civil {
    int year, month, day, hour, minute, second, micro;
} mt_civil;

MT_API mt_day mt_day_of(int year, int month, int day); /* no check: use mt_date_valid for outside data */
MT_API mt_date mt_day_date(mt_day day);
MT_API bool mt_date_valid(int year, int month, int day);
MT_API int mt_day_weekday(mt_day day); /* ISO: 1 = Monday … 7 = Sunday */
MT_API mt_time mt_time_of(mt_civil utc);
MT_API mt_civil mt_time_civil(mt_time t); /* in UTC */

/* The greatest multiple of `step` (counted from 1970) not after t; step > 0, in microseconds. */
MT_API mt_time mt_time_floor(mt_time t, mt_time step);

/* RFC 3339 and its relatives: "2024-01-01 00:02:22+01:00", "2024-01-01T00:02Z", ".123456", "+0100", "+01".
 * A text without an offset sets *has_offset to false and is read as UTC; the caller decides whether that is
 * allowed. */
MT_API bool mt_time_parse(const char *text, size_t length, mt_time *out, bool *has_offset);
MT_API bool mt_day_parse(const char *text, size_t length, mt_day *out); /* YYYY-MM-DD or YYYYMMDD */

/* Writes at most MT_TIME_TEXT_MAX bytes with the final 0; returns the length. "2024-01-01T00:02:22Z", with
 * microseconds only where there are some. */
MT_API size_t mt_time_text(mt_time t, char *out);
MT_API size_t mt_day_text(mt_day day, char *out);

/* A length of time: "15min", "1h", "30s", "2d", "PT15M", "P1D". */
MT_API bool mt_span_parse(const char *text, size_t length, mt_time *out);
MT_API size_t mt_span_text(mt_time span, char *out); /* "15min", "1h" */

MT_END_DECLS
#endif
