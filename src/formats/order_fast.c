/* The fast way through the rows of an order file that have the plain form: the walk from chunk to chunk, and
 * what is learned on it. */
#include "formats/order_fast.h"

#include "formats/order_fast_avx2.h"
#include "formats/order_fast_step.h"

#include <string.h>

/* 0001-01-01 and 9999-12-31 */
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 };

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

static ALWAYS_INLINE void read_numbers(const mt_order_fast *fast, struct group *group, mt_order_columns out,
                                       read_pair *pair)
{
    char decimal = fast->decimal != 0 ? fast->decimal : NO_MARK;
    size_t price_at = fast->price_at, volume_at = fast->volume_at;
    for (size_t k = 0; k < group->n; k++) {
        int64_t number[2] = {0, 0};
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
    return (struct group){
        .n = rows, .base = fast->base, .end = end, .columns = fast->columns, .cr = fast->cr};
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

static ALWAYS_INLINE size_t read_rows(mt_order_fast *fast, struct span text, struct target to,
                                      const struct way way)
{
    size_t rows = 0, right, wanted;
    const char *end = text.at + text.n;
    if (!find_cursor(fast, text.at)) map_chunk(fast, text.at, text.n, way.map);
    do {
        bool used_up = fast->n_ends - fast->cursor < fast->columns && fast->next > fast->base;
        if (used_up && fast->mapped < end) map_chunk(fast, fast->next, (size_t)(end - fast->next), way.map);
        mt_order_columns out = {to.out.time + rows, to.out.price + rows, to.out.volume + rows,
                                to.out.side + rows};
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
    return read_rows(fast, text, to, (struct way){map_avx2, pair_avx2, same_time_avx2, add_clocks_avx2});
}
#endif

static size_t rows_portable(mt_order_fast *fast, struct span text, struct target to)
{
    return read_rows(fast, text, to,
                     (struct way){map_portable, pair_portable, same_time_portable, add_clocks_portable});
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
    struct span text = {at, n};
    struct target to = {out, room};
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
