/* Text that is borrowed, compared, made and turned into exact numbers.
 *
 * Purpose   A pointer-and-length text for borrowed bytes, formatted text in the arena, exact decimal
 *           numbers, and the "did you mean" of every face.
 * Units     mt_micro: an exact decimal held as an integer count of millionths (62.03 is 62,030,000).
 * Errors    Parsers return false and leave *out alone.
 * Ownership mt_text borrows; mt_text_copy and mt_text_format put zero-terminated text into the context's
 * arena.
 */
#ifndef MT_BASE_TEXT_H
#define MT_BASE_TEXT_H

#include "base/ctx.h"

MT_BEGIN_DECLS

typedef int64_t mt_micro;
#define MT_MICRO_NONE INT64_MIN
#define MT_MICRO_ONE  ((mt_micro)1000000)

/* Borrowed bytes, not zero-terminated; at == NULL means missing, length 0 with an address means empty. */
typedef struct mt_text {
    const char *at;
    size_t length;
} mt_text;

MT_API mt_text mt_text_of(const char *zero_terminated);
MT_API bool mt_text_equal(mt_text a, const char *b);
MT_API bool mt_text_equal_nocase(mt_text a, const char *b); /* ASCII letters only */
MT_API mt_text mt_text_trim(mt_text text);                  /* without blanks and tabs at both ends */
MT_API MT_MUST_USE mt_code mt_text_copy(mt_ctx *cx, const char **out, mt_text text);
MT_API MT_MUST_USE mt_code mt_text_format(mt_ctx *cx, const char **out, const char *format, ...)
    MT_PRINTF(3, 4);

/* Exact decimal: "-12.345678", "1125.0", "+3", "1e3"; at most six places that are not 0, |value| < 9.2e12. */
MT_API bool mt_micro_parse(const char *text, size_t length, mt_micro *out);

/* Shortest text, at least `places` decimals: 62030000 -> "62.03". At most 32 bytes with the final 0. */
MT_API size_t mt_micro_text(mt_micro value, int places, char *out);

/* The shortest decimal text that reads back as the same double. At most 32 bytes; "NaN" never: caller
 * writes null. */
MT_API size_t mt_real_text(double value, char *out);
MT_API bool mt_real_parse(const char *text, size_t length, double *out); /* finite numbers only */
MT_API bool mt_int_parse(const char *text, size_t length, int64_t *out);

/* The index of the candidate nearest to `word` (edit distance, at most a third of its length), or -1. */
MT_API int mt_text_nearest(const char *word, const char *const *candidate, size_t n);

MT_END_DECLS
#endif
