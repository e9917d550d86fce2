/* The steps of the fast way through order files on processors with AVX2: 32 bytes at a time.
 *
 * Purpose   The same as their portable namesakes of order_fast_step.h, which the tests compare with them.
 * Ownership Private to order_fast.c and trade_fast.c. Empty on other processors.
 */
#ifndef MT_FORMATS_ORDER_FAST_AVX2_H
#define MT_FORMATS_ORDER_FAST_AVX2_H

#include "formats/order_fast_step.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

AVX2 static inline uint64_t join_bits(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
}

/* Eight ends at once, whether or not there are so many: what is too much is overwritten by the next. */
AVX2 static inline uint64_t put_ends(uint16_t *end, size_t begin, uint64_t bits)
{
#define PUT_END(k) end[k] = (uint16_t)(begin + _tzcnt_u64(bits)), bits = _blsr_u64(bits)
    PUT_END(0), PUT_END(1), PUT_END(2), PUT_END(3), PUT_END(4), PUT_END(5), PUT_END(6), PUT_END(7);
#undef PUT_END
    return bits;
}

AVX2 static size_t map_avx2(mt_order_fast *fast, const char *at, size_t blocks, bool *quotes)
{
    const __m256i newline = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"');
    const __m256i delimiter = _mm256_set1_epi8(fast->delimiter);
    __m256i quoted = _mm256_setzero_si256();
    uint16_t *end = fast->end + 1;
    size_t newlines = 0;
    for (size_t b = 0; b < blocks; b++) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(at + b * BLOCK));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + b * BLOCK + 32));
        __m256i line_low = _mm256_cmpeq_epi8(low, newline), line_high = _mm256_cmpeq_epi8(high, newline);
        __m256i quote_low = _mm256_cmpeq_epi8(low, quote), quote_high = _mm256_cmpeq_epi8(high, quote);
        __m256i stop_low = _mm256_or_si256(line_low, quote_low),
                stop_high = _mm256_or_si256(line_high, quote_high);
        quoted = _mm256_or_si256(quoted, _mm256_or_si256(quote_low, quote_high));
        newlines += (size_t)_mm_popcnt_u64(join_bits(line_low, line_high));
        uint64_t bits = join_bits(_mm256_or_si256(stop_low, _mm256_cmpeq_epi8(low, delimiter)),
                                  _mm256_or_si256(stop_high, _mm256_cmpeq_epi8(high, delimiter)));
        uint16_t *to = end;
        end += _mm_popcnt_u64(bits);
        bits = put_ends(to, b * BLOCK + 1, bits);
        while (bits != 0) bits = put_ends(to += 8, b * BLOCK + 1, bits);
    }
    fast->n_ends = (size_t)(end - fast->end) - 1;
    *quotes = _mm256_testz_si256(quoted, quoted) == 0;
    return newlines;
}

AVX2 static inline __m256i two_halves(const void *low, const void *high)
{
    __m128i first = _mm_loadu_si128((const __m128i *)low), second = _mm_loadu_si128((const __m128i *)high);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}

/* Two numbers of eight digits in each half of the word. */
AVX2 static inline __m256i sixteen_digits(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
    __m256i packed = _mm256_packus_epi32(fours, fours);
    return _mm256_madd_epi16(packed, _mm256_set1_epi32(0x00012710));
}

/* Where the digits of a number come from when it is laid out with ten places before the mark and six behind
 * it; by the digits before its mark (up to 7), then by the characters from the mark on (up to 7). -128 and
 * below zero: a 0. */
#define BEHIND(whole, rest, k) ((k) + 1 < (rest) ? (whole) + 1 + (k) : -128)
#define LAYOUT(whole, rest)                                                                                  \
    {                                                                                                        \
        (whole) - 10, (whole)-9, (whole)-8, (whole)-7, (whole)-6, (whole)-5, (whole)-4, (whole)-3,           \
            (whole)-2, (whole)-1, BEHIND(whole, rest, 0), BEHIND(whole, rest, 1), BEHIND(whole, rest, 2),    \
            BEHIND(whole, rest, 3), BEHIND(whole, rest, 4), BEHIND(whole, rest, 5)                           \
    }
#define LAYOUTS(whole)                                                                                       \
    {                                                                                                        \
        LAYOUT(whole, 0), LAYOUT(whole, 1), LAYOUT(whole, 2), LAYOUT(whole, 3), LAYOUT(whole, 4),            \
            LAYOUT(whole, 5), LAYOUT(whole, 6), LAYOUT(whole, 7)                                             \
    }
static const int8_t layouts[8][8][16] = {LAYOUTS(0), LAYOUTS(1), LAYOUTS(2), LAYOUTS(3),
                                         LAYOUTS(4), LAYOUTS(5), LAYOUTS(6), LAYOUTS(7)};

/* Both numbers at once: every digit is shuffled to its decimal place, so that none is looked at alone. At
 * most five digits before the mark of a price and seven of a volume, so that neither can be out of range. */
AVX2 static inline bool pair_avx2(struct span price, struct span volume, char decimal, int64_t out[2])
{
    bool minus = *price.at == '-'; /* of an empty field it is the delimiter */
    if (__builtin_expect(minus, 0)) price = (struct span){price.at + 1, price.n - 1};
    __m256i text = two_halves(price.at, volume.at);
    uint32_t marks = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(decimal)));
    size_t point = (size_t)__builtin_ctz(marks | 1u << (price.n & 31));
    size_t volume_point = (size_t)__builtin_ctz(marks >> 16 | 1u << (volume.n & 31));
    if (point - 1 >= 5 || volume_point - 1 >= 7) return false;
    if (((price.n - point) | (volume.n - volume_point)) >= 8) return false;
    __m256i layout =
        two_halves(layouts[point][price.n - point], layouts[volume_point][volume.n - volume_point]);
    __m256i digits = _mm256_shuffle_epi8(_mm256_xor_si256(text, _mm256_set1_epi8('0')), layout);
    __m256i wrong = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    __m256i eights = sixteen_digits(digits);
    __m256i value = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000));
    value = _mm256_add_epi64(value, _mm256_srli_epi64(eights, 32));
    _mm_storel_epi64((__m128i *)(void *)&out[0], _mm256_castsi256_si128(value));
    _mm_storel_epi64((__m128i *)(void *)&out[1], _mm256_extracti128_si256(value, 1));
    if (__builtin_expect(minus, 0)) out[0] = -out[0];
    return _mm256_testz_si256(wrong, wrong);
}

AVX2 static inline bool same_time_avx2(const mt_fast_time *known, const char *at)
{
    __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i wanted = _mm256_loadu_si256((const __m256i *)(const void *)known->text);
    __m256i matter = _mm256_loadu_si256((const __m256i *)(const void *)known->matter);
    return _mm256_testz_si256(_mm256_xor_si256(text, wanted), matter);
}

AVX2 static inline __m128i two_clocks(const struct group *group, size_t k, size_t time_at)
{
    const char *first = field_of(group, k, time_at).at, *second = field_of(group, k + 1, time_at).at;
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(first + CLOCK_AT)),
                              _mm_loadl_epi64((const __m128i *)(const void *)(second + CLOCK_AT)));
}

/* Four rows at once: the digits of "HH:MM:SS" become hours, ten minutes, minutes and seconds, then seconds.
 * */
AVX2 static inline void add_clocks_avx2(struct group *group, size_t time_at, mt_time *out)
{
    const __m256i zero = _mm256_set1_epi64x(0x30303A30303A3030),
                  highest = _mm256_set1_epi64x(0x0905000905000902);
    const __m256i tens = _mm256_set1_epi64x(0x010A00010A00010A),
                  most = _mm256_set1_epi64x(0x0063006300630017);
    const __m256i seconds = _mm256_set1_epi64x(0x0001003C003C0E10);
    size_t k = 0;
    for (; k + 4 <= group->n; k += 4) {
        __m256i digits = _mm256_inserti128_si256(_mm256_castsi128_si256(two_clocks(group, k, time_at)),
                                                 two_clocks(group, k + 2, time_at), 1);
        digits = _mm256_xor_si256(digits, zero);
        __m256i parts = _mm256_maddubs_epi16(digits, tens);
        __m256i right = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, highest), digits);
        right = _mm256_cmpeq_epi64(_mm256_andnot_si256(_mm256_cmpgt_epi16(parts, most), right),
                                   _mm256_set1_epi8(-1));
        __m256i sum = _mm256_madd_epi16(parts, seconds);
        sum = _mm256_mul_epu32(_mm256_add_epi32(sum, _mm256_srli_epi64(sum, 32)),
                               _mm256_set1_epi64x(MT_US_SECOND));
        __m256i *to = (__m256i *)(void *)(out + k);
        _mm256_storeu_si256(to, _mm256_add_epi64(_mm256_loadu_si256(to), sum));
        int bits = _mm256_movemask_pd(_mm256_castsi256_pd(right));
        for (int row = 0; bits != 15 && row < 4; row++)
            group->right[k + (size_t)row] &= (uint8_t)(bits >> row & 1);
    }
    add_clocks_from(group, k, time_at, out);
}

#endif
#endif
