/* Text of unknown origin, made safe to show.
 *
 * Purpose   Decodes UTF-8, replaces what is none with U+FFFD, and counts the columns a terminal gives to a
 *           text.
 * Source    The Unicode Standard 15, section 3.9 (one U+FFFD for each maximal part of an ill-formed
 *           sequence) and East Asian Width (UAX #11: wide and fullwidth count two).
 */
#ifndef MT_IO_UTF8_H
#define MT_IO_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

#define MT_UTF8_REPLACEMENT ((uint32_t)0xFFFD)

/* The code point at `at` (n >= 1 bytes follow) and how many bytes it took, at least 1. Ill-formed bytes
 * give U+FFFD and set *well to 0; otherwise *well is left alone. */
uint32_t mt_utf8_next(const char *at, size_t n, size_t *took, int *well);

/* Is all of it well-formed? */
bool mt_utf8_is_well(const char *at, size_t n);

/* The same, and without a zero byte, which C and databases would end it at? */
bool mt_utf8_is_clean(const char *at, size_t n);

/* Bytes of well-formed text at the start of `at` that need no escape: stops before controls, `"`, `\`, `&`,
 * `<`, `>` and ill-formed bytes. */
size_t mt_utf8_plain(const char *at, size_t n);

/* Writes the code point as UTF-8 and returns its length, 1 to 4. */
size_t mt_utf8_put(uint32_t point, char out[4]);

/* Columns on a terminal: 0 for combining marks, 2 for wide characters, 1 else; controls count 1. */
int mt_utf8_width(uint32_t point);

MT_END_DECLS
#endif
