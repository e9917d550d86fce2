/* The fast way through the rows of an order file that have the plain form: the walk from chunk to chunk, and
 * what is learned on it. */
#include "formats/order_fast.h"

#include "formats/order_fast_avx2.h"
#include "formats/order_fast_walk.h"

#include <string.h>

/* 0001-01-01 and 9999-12-31 */
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 };

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
