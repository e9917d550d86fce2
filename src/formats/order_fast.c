/* The fast way through the rows of an order file that have the plain form. */
#include "formats/order_fast.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#endif

enum { BLOCK = 64, DATE_LENGTH = 10, CLOCK_AT = 11, OFFSET_AT = 19, UTC_LENGTH = 20, FULL_LENGTH = 25, GROUP = 64 };

/* 0001-01-01 and 9999-12-31 */
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 };

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define EACH_BYTE(c) (0x0101010101010101u * (uint64_t)(uint8_t)(c))
#define LOW_BITS  0x7F7F7F7F7F7F7F7Fu
#define HIGH_BITS 0x8080808080808080u
#define CASE_BITS 0x2020202020202020u
#define OFFSET_MASK 0xFFFFFFFFFFFFu
#define NO_MARK '\n' /* stands in no field */

static const int64_t power_of_ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 0 };

/* A field of a row. */
struct span {
    const char *at;
    size_t n;
};

/* Rows on their way. One column is read for all of them before the next: a processor then works on many rows side by
 * side, where row by row it would wait for each one's chain of steps. */
struct group {
    size_t n;
    const char *base;
    const uint16_t *end;    /* of the first row's fields; end[-1] is where it begins */
    size_t columns;
    bool cr;
    uint8_t right[GROUP];   /* 0: not plain */
};

/* Where rows go. */
struct target {
    mt_order_columns out;
    size_t room;
};

/* What differs between processors. `map` finds the ends in a few blocks; returns how many newlines are among them, and
 * true in *quotes if there is a quote. */
typedef size_t map_blocks(mt_order_fast *fast, const char *at, size_t blocks, bool *quotes);
typedef bool read_pair(struct span price, struct span volume, char decimal, int64_t out[2]);
typedef bool same_time(const mt_fast_time *known, const char *at);
typedef void add_clocks(struct group *group, size_t time_at, mt_time *out);

struct way {
    map_blocks *map;
    read_pair *pair;
    same_time *same;
    add_clocks *clocks;
};

static inline uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* 0x80 in every byte of `word` that is zero, nothing elsewhere. */
static inline uint64_t zero_bytes(uint64_t word)
{
    return ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS);
}

/* The high bits of eight bytes side by side. */
static inline uint64_t gather_bits(uint64_t high)
{
    return ((high >> 7) * 0x0102040810204080u) >> 56;
}

static size_t map_portable(mt_order_fast *fast, const char *at, size_t blocks, bool *quotes)
{
    uint64_t delimiter = EACH_BYTE(fast->delimiter), quoted = 0;
    uint16_t *end = fast->end + 1;
    size_t newlines = 0;
    for (size_t k = 0; k < blocks * BLOCK; k += 8) {
        uint64_t word = load_word(at + k);
        uint64_t newline = zero_bytes(word ^ EACH_BYTE('\n')), quote = zero_bytes(word ^ EACH_BYTE('"'));
        uint64_t bits = gather_bits(zero_bytes(word ^ delimiter) | newline | quote);
        for (; bits != 0; bits &= bits - 1) *end++ = (uint16_t)(k + (size_t)__builtin_ctzll(bits) + 1);
        newlines += (size_t)__builtin_popcountll(newline);
        quoted |= quote;
    }
    fast->n_ends = (size_t)(end - fast->end) - 1;
    *quotes = quoted != 0;
    return newlines;
}

#if defined(__x86_64__)
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
        __m256i stop_low = _mm256_or_si256(line_low, quote_low), stop_high = _mm256_or_si256(line_high, quote_high);
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
#endif

/* Whether the ends stand as the header's number of fields wants it, with no other newline among them. */
static ALWAYS_INLINE bool is_regular(const mt_order_fast *fast, size_t newlines)
{
    size_t rows = fast->n_ends / fast->columns;
    const uint16_t *end = fast->end + fast->columns;
    bool regular = newlines == rows;
    for (size_t k = 0; k < rows; k++, end += fast->columns) regular &= fast->base[*end - 1] == '\n';
    return regular;
}

/* The ends of all fields from `at` on. */
static ALWAYS_INLINE void map_chunk(mt_order_fast *fast, const char *at, size_t n, map_blocks *map)
{
    bool quotes;
    if (n > MT_FAST_BYTES) n = MT_FAST_BYTES;
    size_t newlines = map(fast, at, (n + BLOCK - 1) / BLOCK, &quotes);
    while (fast->n_ends > 0 && fast->end[fast->n_ends] > n) { /* of the bytes behind the last */
        newlines -= at[fast->end[fast->n_ends] - 1] == '\n';
        fast->n_ends--;
    }
    fast->base = at;
    fast->mapped = at + n;
    fast->cursor = 0;
    fast->regular = is_regular(fast, newlines) && !quotes;
    fast->cr = fast->n_ends >= fast->columns && fast->end[fast->columns] >= 2 &&
               at[fast->end[fast->columns] - 2] == '\r';
}

/* Bytes 0..9 become a number; the first byte is the most significant digit. */
static ALWAYS_INLINE uint64_t eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    uint64_t high = (digits & 0x000000FF000000FFu) * 0x000F424000000064u;
    uint64_t low = ((digits >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u;
    return (high + low) >> 32;
}

static ALWAYS_INLINE bool all_digits(uint64_t digits)
{
    return (((digits + EACH_BYTE(0x76)) | digits) & HIGH_BITS) == 0;
}

/* A number of more than 8 characters without sign, one after another. */
static bool read_long_number(const char *at, size_t n, char decimal, int64_t *out)
{
    int64_t value = 0;
    size_t whole = 0, places = 0;
    bool point = false;
    if (n > 15) return false;
    for (size_t k = 0; k < n; k++) {
        unsigned digit = (unsigned)(uint8_t)at[k] - '0';
        if (digit <= 9) {
            value = value * 10 + (int64_t)digit;
            places += point;
            whole += !point;
        } else if (at[k] == decimal && !point) {
            point = true;
        } else {
            return false;
        }
    }
    if (whole == 0 || whole > 8 || places > 6) return false;
    *out = value * power_of_ten[6 - places];
    return true;
}

/* A number of at most 8 characters without sign, all at once. */
static ALWAYS_INLINE bool read_short_number(const char *at, size_t n, char decimal, int64_t *out)
{
    uint64_t word = load_word(at), keep = ~(uint64_t)0 >> (64 - 8 * n);
    uint64_t digits = (word ^ EACH_BYTE('0')) & keep;
    uint64_t other = word ^ EACH_BYTE(decimal);
    uint64_t points = (other - EACH_BYTE(1)) & ~other & HIGH_BITS & keep; /* right up to the lowest one */
    size_t places = 0;
    if (points != 0) {
        uint64_t before = ((points & -points) >> 7) - 1;
        digits = (digits & before) | (digits >> 8 & ~before);
        places = n - (size_t)__builtin_ctzll(points) / 8 - 1;
        if (--n == 0) return false;
    }
    digits <<= 64 - 8 * n;
    *out = (int64_t)eight_digits(digits) * power_of_ten[(6 - places) & 7];
    return all_digits(digits) && places <= 6;
}

static ALWAYS_INLINE bool read_number(const char *at, size_t n, char decimal, int64_t *out)
{
    bool minus = *at == '-'; /* of an empty field it is the delimiter */
    at += minus;
    n -= minus;
    if (n == 0) return false;
    bool done = n <= 8 ? read_short_number(at, n, decimal, out) : read_long_number(at, n, decimal, out);
    if (minus) *out = -*out;
    return done;
}

static ALWAYS_INLINE bool pair_portable(struct span price, struct span volume, char decimal, int64_t out[2])
{
    bool right = read_number(price.at, price.n, decimal, &out[0]);
    right &= read_number(volume.at, volume.n, decimal, &out[1]);
    right &= (uint64_t)(out[0] + MT_PRICE_BOUND_MICRO) <= 2 * (uint64_t)MT_PRICE_BOUND_MICRO;
    return right & ((uint64_t)out[1] <= (uint64_t)MT_VOLUME_BOUND_WH);
}

#if defined(__x86_64__)
AVX2 static inline __m256i two_halves(const void *low, const void *high)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1);
}

/* Two numbers of eight digits in each half of the word. */
AVX2 static inline __m256i sixteen_digits(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
    __m256i packed = _mm256_packus_epi32(fours, fours);
    return _mm256_madd_epi16(packed, _mm256_set1_epi32(0x00012710));
}

/* Where the digits of a number come from when it is laid out with ten places before the mark and six behind it; by the
 * digits before its mark (up to 7), then by the characters from the mark on (up to 7). -128 and below zero: a 0. */
#define BEHIND(whole, rest, k) ((k) + 1 < (rest) ? (whole) + 1 + (k) : -128)
#define LAYOUT(whole, rest)                                                                                          \
    { (whole) - 10, (whole) - 9, (whole) - 8, (whole) - 7, (whole) - 6, (whole) - 5, (whole) - 4, (whole) - 3,       \
      (whole) - 2, (whole) - 1, BEHIND(whole, rest, 0), BEHIND(whole, rest, 1), BEHIND(whole, rest, 2),              \
      BEHIND(whole, rest, 3), BEHIND(whole, rest, 4), BEHIND(whole, rest, 5) }
#define LAYOUTS(whole)                                                                                               \
    { LAYOUT(whole, 0), LAYOUT(whole, 1), LAYOUT(whole, 2), LAYOUT(whole, 3), LAYOUT(whole, 4), LAYOUT(whole, 5),    \
      LAYOUT(whole, 6), LAYOUT(whole, 7) }
static const int8_t layouts[8][8][16] = { LAYOUTS(0), LAYOUTS(1), LAYOUTS(2), LAYOUTS(3),
                                          LAYOUTS(4), LAYOUTS(5), LAYOUTS(6), LAYOUTS(7) };

/* Both numbers at once: every digit is shuffled to its decimal place, so that none is looked at alone. At most five
 * digits before the mark of a price and seven of a volume, so that neither can be out of range. */
AVX2 static inline bool pair_avx2(struct span price, struct span volume, char decimal, int64_t out[2])
{
    bool minus = *price.at == '-'; /* of an empty field it is the delimiter */
    if (__builtin_expect(minus, 0)) price = (struct span){ price.at + 1, price.n - 1 };
    __m256i text = two_halves(price.at, volume.at);
    uint32_t marks = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(decimal)));
    size_t point = (size_t)__builtin_ctz(marks | 1u << (price.n & 31));
    size_t volume_point = (size_t)__builtin_ctz(marks >> 16 | 1u << (volume.n & 31));
    if (point - 1 >= 5 || volume_point - 1 >= 7) return false;
    if (((price.n - point) | (volume.n - volume_point)) >= 8) return false;
    __m256i layout = two_halves(layouts[point][price.n - point], layouts[volume_point][volume.n - volume_point]);
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
#endif

static ALWAYS_INLINE bool same_time_portable(const mt_fast_time *known, const char *at)
{
    uint64_t wrong = 0;
    for (size_t k = 0; k < sizeof known->text; k += 8)
        wrong |= (load_word(at + k) ^ load_word(known->text + k)) & load_word(known->matter + k);
    return wrong == 0;
}

#if defined(__x86_64__)
AVX2 static inline bool same_time_avx2(const mt_fast_time *known, const char *at)
{
    __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i wanted = _mm256_loadu_si256((const __m256i *)(const void *)known->text);
    __m256i matter = _mm256_loadu_si256((const __m256i *)(const void *)known->matter);
    return _mm256_testz_si256(_mm256_xor_si256(text, wanted), matter);
}
#endif

static __attribute__((noinline)) bool learn_offset(mt_order_fast *fast, const char *at, mt_time *out)
{
    char text[FULL_LENGTH + 1] = "1970-01-02T00:00:00";
    uint64_t word = load_word(at) & OFFSET_MASK;
    mt_time t;
    bool has_offset;
    for (size_t k = 0; k < 2; k++) {
        if (word != fast->offset_word[k]) continue;
        *out = fast->offset_us[k];
        return true;
    }
    memcpy(text + OFFSET_AT, at, FULL_LENGTH - OFFSET_AT);
    if (at[3] != ':' || !mt_time_parse(text, FULL_LENGTH, &t, &has_offset) || !has_offset) return false;
    fast->offset_word[1] = fast->offset_word[0];
    fast->offset_us[1] = fast->offset_us[0];
    fast->offset_word[0] = word;
    *out = fast->offset_us[0] = MT_US_DAY - t;
    return true;
}

/* Another date or offset than in the row before: known from now on. */
static __attribute__((noinline)) bool learn_time(mt_order_fast *fast, const char *at, size_t n)
{
    mt_day day;
    mt_time offset = 0;
    if (n != UTC_LENGTH && n != FULL_LENGTH) return false;
    if (at[DATE_LENGTH] != ' ' && at[DATE_LENGTH] != 'T') return false;
    if (at[4] != '-' || !mt_day_parse(at, DATE_LENGTH, &day)) return false;
    if (day <= DAY_FIRST || day >= DAY_LAST) return false; /* an offset might lead out of the calendar */
    if (n == FULL_LENGTH ? !learn_offset(fast, at + OFFSET_AT, &offset) : at[OFFSET_AT] != 'Z') return false;
    memcpy(fast->time.text, at, n);
    memset(fast->time.matter, 0, sizeof fast->time.matter);
    memset(fast->time.matter, 0xFF, CLOCK_AT);
    memset(fast->time.matter + OFFSET_AT, 0xFF, n - OFFSET_AT);
    fast->time.n = n;
    fast->time.base_us = day * MT_US_DAY - offset;
    return true;
}

/* The place of a field of row k. The last one's line end may be CR LF. */
static ALWAYS_INLINE struct span field_of(const struct group *group, size_t k, size_t column)
{
    const uint16_t *end = group->end + k * group->columns + column;
    size_t trail = 1 + (group->cr && column + 1 == group->columns);
    return (struct span){ group->base + end[-1], (size_t)(end[0] - end[-1]) - trail };
}

static ALWAYS_INLINE void read_numbers(const mt_order_fast *fast, struct group *group, mt_order_columns out,
                                       read_pair *pair)
{
    char decimal = fast->decimal != 0 ? fast->decimal : NO_MARK;
    size_t price_at = fast->price_at, volume_at = fast->volume_at;
    for (size_t k = 0; k < group->n; k++) {
        int64_t number[2] = { 0, 0 };
        group->right[k] = pair(field_of(group, k, price_at), field_of(group, k, volume_at), decimal, number);
        out.price[k] = number[0];
        out.volume[k] = number[1];
    }
}

/* The midnights of the rows' dates, in UTC. */
static ALWAYS_INLINE void read_dates(mt_order_fast *fast, struct group *group, mt_time *out, same_time *same)
{
    size_t time_at = fast->time_at;
    for (size_t k = 0; k < group->n; k++) {
        struct span time = field_of(group, k, time_at);
        bool right = time.n == fast->time.n && same(&fast->time, time.at);
        if (!right && !learn_time(fast, time.at, time.n)) group->right[k] = 0;
        out[k] = fast->time.base_us;
    }
}

static ALWAYS_INLINE bool read_clock(const char *at, mt_time *out)
{
    uint64_t digits = load_word(at) ^ 0x30303A30303A3030u; /* "00:00:00" */
    uint64_t wrong = (digits + 0x76767F76767F7676u) | digits;     /* above 9; above 0 where a colon stands */
    digits = digits * 10 + (digits >> 8);                         /* hour, minute, second in bytes 0, 3, 6 */
    digits &= 0x00FF0000FF0000FFu;
    wrong |= digits + 0x0044000044000068u;                        /* above 59; hours above 23 */
    uint64_t minutes = (digits * (60u << 24 | 1)) >> 24 & 0xFFFF;
    *out += (mt_time)(minutes * 60 + (digits >> 48)) * MT_US_SECOND;
    return (wrong & HIGH_BITS) == 0;
}

/* Adds the time of day to each row's midnight, from row k on. */
static ALWAYS_INLINE void add_clocks_from(struct group *group, size_t k, size_t time_at, mt_time *out)
{
    for (; k < group->n; k++) group->right[k] &= read_clock(field_of(group, k, time_at).at + CLOCK_AT, &out[k]);
}

static ALWAYS_INLINE void add_clocks_portable(struct group *group, size_t time_at, mt_time *out)
{
    add_clocks_from(group, 0, time_at, out);
}

#if defined(__x86_64__)
AVX2 static inline __m128i two_clocks(const struct group *group, size_t k, size_t time_at)
{
    const char *first = field_of(group, k, time_at).at, *second = field_of(group, k + 1, time_at).at;
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(first + CLOCK_AT)),
                              _mm_loadl_epi64((const __m128i *)(const void *)(second + CLOCK_AT)));
}

/* Four rows at once: the digits of "HH:MM:SS" become hours, ten minutes, minutes and seconds, then seconds. */
AVX2 static inline void add_clocks_avx2(struct group *group, size_t time_at, mt_time *out)
{
    const __m256i zero = _mm256_set1_epi64x(0x30303A30303A3030), highest = _mm256_set1_epi64x(0x0905000905000902);
    const __m256i tens = _mm256_set1_epi64x(0x010A00010A00010A), most = _mm256_set1_epi64x(0x0063006300630017);
    const __m256i seconds = _mm256_set1_epi64x(0x0001003C003C0E10);
    size_t k = 0;
    for (; k + 4 <= group->n; k += 4) {
        __m256i digits = _mm256_inserti128_si256(_mm256_castsi128_si256(two_clocks(group, k, time_at)),
                                                 two_clocks(group, k + 2, time_at), 1);
        digits = _mm256_xor_si256(digits, zero);
        __m256i parts = _mm256_maddubs_epi16(digits, tens);
        __m256i right = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, highest), digits);
        right = _mm256_cmpeq_epi64(_mm256_andnot_si256(_mm256_cmpgt_epi16(parts, most), right), _mm256_set1_epi8(-1));
        __m256i sum = _mm256_madd_epi16(parts, seconds);
        sum = _mm256_mul_epu32(_mm256_add_epi32(sum, _mm256_srli_epi64(sum, 32)), _mm256_set1_epi64x(MT_US_SECOND));
        __m256i *to = (__m256i *)(void *)(out + k);
        _mm256_storeu_si256(to, _mm256_add_epi64(_mm256_loadu_si256(to), sum));
        int bits = _mm256_movemask_pd(_mm256_castsi256_pd(right));
        for (int row = 0; bits != 15 && row < 4; row++) group->right[k + (size_t)row] &= (uint8_t)(bits >> row & 1);
    }
    add_clocks_from(group, k, time_at, out);
}
#endif

static ALWAYS_INLINE void read_sides(const mt_order_fast *fast, struct group *group, uint8_t *out)
{
    size_t side_at = fast->side_at;
    uint64_t buy_word = fast->side_word[MT_BUY], sell_word = fast->side_word[MT_SELL];
    for (size_t k = 0; k < group->n; k++) {
        struct span side = field_of(group, k, side_at);
        uint64_t keep = ~(uint64_t)0 >> ((64 - 8 * side.n) & 63);
        uint64_t word = (load_word(side.at) | CASE_BITS) & keep;
        unsigned buy = word == buy_word, sell = word == sell_word;
        out[k] = (uint8_t)buy;
        group->right[k] &= (uint8_t)((buy | sell) & (side.n - 1 < 8));
    }
}

/* Rows of a file with CR LF must all end so. */
static void check_cr(struct group *group)
{
    for (size_t k = 0; k < group->n; k++)
        group->right[k] &= group->base[group->end[(k + 1) * group->columns - 1] - 2] == '\r';
}

/* How many rows are right before the first that is not. */
static ALWAYS_INLINE size_t count_right(const struct group *group)
{
    size_t n = 0;
    while (n < group->n && group->right[n]) n++;
    return n;
}

/* In a chunk that is not regular: how many rows have the right shape before the first that has not. */
static size_t count_shapely(const mt_order_fast *fast, const uint16_t *end, size_t rows)
{
    for (size_t k = 0; k < rows; k++, end += fast->columns) {
        for (size_t column = 0; column < fast->columns; column++) {
            char wanted = column + 1 == fast->columns ? '\n' : fast->delimiter;
            if (fast->base[end[column] - 1] != wanted) return k;
        }
    }
    return rows;
}

/* Rows of the right shape that stand in the chunk from the cursor on, at most `room`. */
static ALWAYS_INLINE struct group take_group(const mt_order_fast *fast, size_t room)
{
    size_t rows = (fast->n_ends - fast->cursor) / fast->columns;
    if (rows > room) rows = room;
    if (rows > GROUP) rows = GROUP;
    const uint16_t *end = fast->end + 1 + fast->cursor;
    if (!fast->regular) rows = count_shapely(fast, end, rows);
    return (struct group){ .n = rows, .base = fast->base, .end = end, .columns = fast->columns, .cr = fast->cr };
}

/* Moves the cursor to `at` in the chunk; false: it is no place behind a field there. */
static bool find_cursor(mt_order_fast *fast, const char *at)
{
    if (fast->base == NULL || at < fast->base || at >= fast->mapped) return false;
    size_t place = (size_t)(at - fast->base), skipped = fast->cursor;
    while (fast->cursor < fast->n_ends && fast->end[fast->cursor] < place) fast->cursor++;
    fast->regular &= (fast->cursor - skipped) % fast->columns == 0;
    return fast->end[fast->cursor] == place;
}

static ALWAYS_INLINE size_t read_rows(mt_order_fast *fast, struct span text, struct target to, const struct way way)
{
    size_t rows = 0, right, wanted;
    const char *end = text.at + text.n;
    if (!find_cursor(fast, text.at)) map_chunk(fast, text.at, text.n, way.map);
    do {
        bool used_up = fast->n_ends - fast->cursor < fast->columns && fast->next > fast->base;
        if (used_up && fast->mapped < end) map_chunk(fast, fast->next, (size_t)(end - fast->next), way.map);
        mt_order_columns out = { to.out.time + rows, to.out.price + rows, to.out.volume + rows, to.out.side + rows };
        struct group group = take_group(fast, to.room - rows);
        read_numbers(fast, &group, out, way.pair);
        read_dates(fast, &group, out.time, way.same);
        way.clocks(&group, fast->time_at, out.time);
        read_sides(fast, &group, out.side);
        if (group.cr) check_cr(&group);
        wanted = group.n;
        right = count_right(&group);
        rows += right;
        fast->cursor += right * fast->columns;
        fast->next = fast->base + fast->end[fast->cursor];
    } while (right == wanted && right > 0 && rows < to.room);
    return rows;
}

#if defined(__x86_64__)
AVX2 static size_t rows_avx2(mt_order_fast *fast, struct span text, struct target to)
{
    return read_rows(fast, text, to, (struct way){ map_avx2, pair_avx2, same_time_avx2, add_clocks_avx2 });
}
#endif

static size_t rows_portable(mt_order_fast *fast, struct span text, struct target to)
{
    return read_rows(fast, text, to,
                     (struct way){ map_portable, pair_portable, same_time_portable, add_clocks_portable });
}

void mt_order_fast_init(mt_order_fast *fast)
{
    memset(fast, 0, sizeof *fast);
    fast->offset_word[0] = fast->offset_word[1] = UINT64_MAX;
}

void mt_order_fast_forget(mt_order_fast *fast)
{
    fast->base = fast->mapped = NULL;
}

size_t mt_order_fast_rows(mt_order_fast *fast, const char *at, size_t n, mt_order_columns out, size_t room,
                          size_t *consumed)
{
    struct span text = { at, n };
    struct target to = { out, room };
    *consumed = 0;
    if (fast->columns > MT_FAST_COLUMNS || room == 0 || n == 0) return 0;
    fast->next = at;
#if defined(__x86_64__)
    bool can = !fast->portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    size_t rows = can ? rows_avx2(fast, text, to) : rows_portable(fast, text, to);
#else
    size_t rows = rows_portable(fast, text, to);
#endif
    *consumed = (size_t)(fast->next - at);
    return rows;
}

uint64_t mt_order_fast_word(mt_text side)
{
    uint64_t word = 0;
    if (side.length == 0 || side.length > 8) return 0;
    for (size_t k = 0; k < side.length; k++) word |= (uint64_t)(uint8_t)(side.at[k] | 0x20) << (8 * k);
    return word;
}
