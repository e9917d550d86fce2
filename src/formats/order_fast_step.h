/* One step of the fast way through order files on any processor: eight bytes at a time.
 *
 * Purpose   What order_fast.c does to a chunk and to its rows, and what order_fast_avx2.h does faster.
 * Shapes    Functions of one kind have one type (struct way), so that the walk is written once.
 * Ownership Private to order_fast.c and trade_fast.c.
 */
#ifndef MT_FORMATS_ORDER_FAST_STEP_H
#define MT_FORMATS_ORDER_FAST_STEP_H

#include "formats/order_fast.h"

#include <string.h>

enum {
    BLOCK = 64,
    DATE_LENGTH = 10,
    CLOCK_AT = 11,
    OFFSET_AT = 19,
    UTC_LENGTH = 20,
    FULL_LENGTH = 25,
    GROUP = 64
};

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define EACH_BYTE(c)  (0x0101010101010101u * (uint64_t)(uint8_t)(c))
#define LOW_BITS      0x7F7F7F7F7F7F7F7Fu
#define HIGH_BITS     0x8080808080808080u
#define CASE_BITS     0x2020202020202020u
#define OFFSET_MASK   0xFFFFFFFFFFFFu
#define NO_MARK       '\n' /* stands in no field */

static const int64_t power_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 0};

/* A field of a row. */
struct span {
    const char *at;
    size_t n;
};

/* Rows on their way. One column is read for all of them before the next: a processor then works on many
 * rows side by side, where row by row it would wait for each one's chain of steps. */
struct group {
    size_t n;
    const char *base;
    const uint16_t *end; /* of the first row's fields; end[-1] is where it begins */
    size_t columns;
    bool cr;
    uint8_t right[GROUP]; /* 0: not plain */
};

/* Where rows go. */
struct target {
    mt_order_columns out;
    size_t room;
};

/* What differs between processors. `map` finds the ends in a few blocks; returns how many newlines are
 * among them, and true in *quotes if there is a quote. */
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

static ALWAYS_INLINE bool same_time_portable(const mt_fast_time *known, const char *at)
{
    uint64_t wrong = 0;
    for (size_t k = 0; k < sizeof known->text; k += 8)
        wrong |= (load_word(at + k) ^ load_word(known->text + k)) & load_word(known->matter + k);
    return wrong == 0;
}

/* The place of a field of row k. The last one's line end may be CR LF. */
static ALWAYS_INLINE struct span field_of(const struct group *group, size_t k, size_t column)
{
    const uint16_t *end = group->end + k * group->columns + column;
    size_t trail = 1 + (group->cr && column + 1 == group->columns);
    return (struct span){group->base + end[-1], (size_t)(end[0] - end[-1]) - trail};
}

static ALWAYS_INLINE bool read_clock(const char *at, mt_time *out)
{
    uint64_t digits = load_word(at) ^ 0x30303A30303A3030u;    /* "00:00:00" */
    uint64_t wrong = (digits + 0x76767F76767F7676u) | digits; /* above 9; above 0 where a colon stands */
    digits = digits * 10 + (digits >> 8);                     /* hour, minute, second in bytes 0, 3, 6 */
    digits &= 0x00FF0000FF0000FFu;
    wrong |= digits + 0x0044000044000068u; /* above 59; hours above 23 */
    uint64_t minutes = (digits * (60u << 24 | 1)) >> 24 & 0xFFFF;
    *out += (mt_time)(minutes * 60 + (digits >> 48)) * MT_US_SECOND;
    return (wrong & HIGH_BITS) == 0;
}

/* Adds the time of day to each row's midnight, from row k on. */
static ALWAYS_INLINE void add_clocks_from(struct group *group, size_t k, size_t time_at, mt_time *out)
{
    for (; k < group->n; k++)
        group->right[k] &= read_clock(field_of(group, k, time_at).at + CLOCK_AT, &out[k]);
}

static ALWAYS_INLINE void add_clocks_portable(struct group *group, size_t time_at, mt_time *out)
{
    add_clocks_from(group, 0, time_at, out);
}

#endif
