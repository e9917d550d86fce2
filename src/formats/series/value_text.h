/* Numbers and instants of feeds, read fast where they look as usual and carefully where they do not.
 *
 * Shapes    A number is decimal with an optional exponent; the result is the double nearest to it. Instants:
 *           "2024-11-06 22:00", "2024-11-06T22:00:00", and all that base/time.h reads; a day alone is its
 *           midnight.
 * Cost      A usual number: one multiplication or division (both operands are exact then); a usual instant:
 *           a comparison with the day before it.
 * Source    W. D. Clinger, "How to read floating point numbers accurately" (1990), for the exact fast way.
 */
#ifndef MT_FORMATS_SERIES_VALUE_TEXT_H
#define MT_FORMATS_SERIES_VALUE_TEXT_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef enum mt_number {
    MT_NUMBER_NONE,  /* no number stands there */
    MT_NUMBER_LOOSE, /* a number, but not as JSON writes them: "+3", ".5", "007" */
    MT_NUMBER_JSON,
    MT_NUMBER_HUGE /* beyond what a double holds, or longer than is read */
} mt_number;

/* The number at the start of `at`, whose decimal mark is `mark`; *behind is where it ends. */
mt_number mt_number_scan(const char *at, const char *end, char mark, const char **behind, double *out);

/* The whole text is a number that a double holds. */
bool mt_number_read(mt_text text, char mark, double *out);

/* The day met last. */
typedef struct mt_instant_cache {
    char date[10];
    mt_time day;
} mt_instant_cache;

bool mt_instant_read(mt_text text, mt_instant_cache *cache, mt_time *out, bool *has_offset);

MT_END_DECLS
#endif
