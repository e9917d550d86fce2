/* The fast way through the rows of a trade file that have the plain form. */
#include "formats/trade_fast.h"

#include "formats/order_fast_avx2.h"
#include "formats/order_fast_walk.h"

#include <string.h>

enum { DATE_BYTES = 11, TIME_MAX = 32, FRACTION_AT = 19, WORD_MAX = 8 };

#define MW_WORD  0x776DU   /* "mw" */
#define MWH_WORD 0x68776DU /* "mwh" */

/* 0002-01-01 and 9999-01-01 */
#define TIME_FIRST (-62104060800 * MT_US_SECOND)
#define TIME_LAST  (253370764800 * MT_US_SECOND)

/* A group of rows on its way. */
struct batch {
    mt_trade_fast *fast;
    struct group *group;
    mt_trade *out;
};

static ALWAYS_INLINE uint64_t keep_bytes(uint64_t word, size_t n)
{
    return n >= 8 ? word : word & ~(~(uint64_t)0 << (8 * n));
}

static ALWAYS_INLINE uint64_t short_word(struct span field)
{
    return field.n <= WORD_MAX ? keep_bytes(load_word(field.at), field.n) : 0;
}

static ALWAYS_INLINE uint64_t mix(const uint64_t text[4])
{
    uint64_t hash = text[0] * 0x9E3779B97F4A7C15u ^ text[1] * 0xC2B2AE3D27D4EB4Fu;
    hash ^= text[2] * 0x165667B19E3779F9u ^ text[3];
    return hash ^ hash >> 29;
}

static __attribute__((noinline)) bool learn_time(const mt_trade_rules *rules, mt_trade_time *slot,
                                                 struct span field, const uint64_t text[4])
{
    bool has_offset;
    mt_time t;
    if (!mt_time_parse(field.at, field.n, &t, &has_offset)) return false;
    if (!has_offset && !rules->options.has_default_offset) return false;
    if (!has_offset) t -= rules->options.default_offset_s * MT_US_SECOND;
    memcpy(slot->text, text, sizeof slot->text);
    slot->length = field.n;
    slot->time = t;
    return true;
}

/* Deliveries have few times: each is understood once. */
static ALWAYS_INLINE bool read_known(mt_trade_fast *fast, struct span field, mt_time *out)
{
    uint64_t text[4] = {0};
    if (field.n - 1 >= TIME_MAX) return false;
    for (size_t k = 0; k < 4 && 8 * k < field.n; k++)
        text[k] = keep_bytes(load_word(field.at + 8 * k), field.n - 8 * k);
    mt_trade_time *slot = &fast->known[mix(text) % MT_TRADE_TIMES];
    bool same = ((slot->text[0] ^ text[0]) | (slot->text[1] ^ text[1]) | (slot->text[2] ^ text[2]) |
                 (slot->text[3] ^ text[3]) | (slot->length ^ field.n)) == 0;
    if (!same && !learn_time(fast->rules, slot, field, text)) return false;
    *out = slot->time;
    return true;
}

static ALWAYS_INLINE void read_deliveries(const struct batch *batch)
{
    mt_trade_fast *fast = batch->fast;
    struct group *group = batch->group;
    for (size_t k = 0; k < group->n; k++) {
        mt_trade *trade = &batch->out[k];
        bool right = read_known(fast, field_of(group, k, fast->at[MT_TRADE_START]), &trade->delivery_start);
        right = right && read_known(fast, field_of(group, k, fast->at[MT_TRADE_END]), &trade->delivery_end);
        group->right[k] = right && trade->delivery_end > trade->delivery_start;
    }
}

/* Another date or offset than in the row before. */
static __attribute__((noinline)) bool learn_midnight(mt_trade_fast *fast, const char *at, mt_text offset)
{
    char text[DATE_BYTES + 8 + WORD_MAX] = "";
    bool has_offset;
    mt_time t;
    memcpy(text, at, DATE_BYTES);
    memcpy(text + DATE_BYTES, "00:00:00", 8);
    memcpy(text + DATE_BYTES + 8, offset.at, offset.length);
    if (!mt_time_parse(text, DATE_BYTES + 8 + offset.length, &t, &has_offset) || !has_offset) return false;
    if (t < TIME_FIRST || t > TIME_LAST) return false; /* its clock might lead out of the calendar */
    fast->date[0] = load_word(at);
    fast->date[1] = keep_bytes(load_word(at + 8), DATE_BYTES - 8);
    fast->offset = keep_bytes(load_word(offset.at), offset.length);
    fast->midnight = t;
    return true;
}

/* Up to six decimals of a second, with their point; *n becomes how many characters they take. */
static ALWAYS_INLINE bool read_fraction(const char *at, size_t *n, mt_time *out)
{
    mt_time value = 0;
    size_t k = 1;
    *out = 0;
    *n = 0;
    if (*at != '.') return true;
    for (; k <= 6 && at[k] >= '0' && at[k] <= '9'; k++) value = value * 10 + (at[k] - '0');
    *n = k;
    *out = value * power_of_ten[7 - k];
    return k > 1 && !(at[k] >= '0' && at[k] <= '9');
}

static ALWAYS_INLINE bool read_moment(mt_trade_fast *fast, struct span field, mt_time *out)
{
    mt_time clock = 0, fraction;
    size_t n;
    *out = MT_TIME_NONE;
    if (field.n == 0) return true;
    if (field.n - 20 > 12) return false; /* 20 to 32 characters */
    bool right = read_fraction(field.at + FRACTION_AT, &n, &fraction);
    right = read_clock(field.at + DATE_BYTES, &clock) && right;
    mt_text offset = {field.at + FRACTION_AT + n, field.n - FRACTION_AT - n};
    if (!right || offset.length - 1 >= WORD_MAX) return false;
    bool same = load_word(field.at) == fast->date[0] &&
                keep_bytes(load_word(field.at + 8), DATE_BYTES - 8) == fast->date[1] &&
                keep_bytes(load_word(offset.at), offset.length) == fast->offset;
    if (!same && !learn_midnight(fast, field.at, offset)) return false;
    *out = fast->midnight + clock + fraction;
    return true;
}

static ALWAYS_INLINE void read_executions(const struct batch *batch)
{
    struct group *group = batch->group;
    size_t at = batch->fast->at[MT_TRADE_EXECUTED];
    for (size_t k = 0; k < group->n; k++) {
        batch->out[k].execution_time = MT_TIME_NONE;
        if (at != MT_COLUMN_ABSENT)
            group->right[k] &=
                read_moment(batch->fast, field_of(group, k, at), &batch->out[k].execution_time);
    }
}

static ALWAYS_INLINE void read_numbers(const struct batch *batch, read_pair *pair)
{
    const mt_trade_fast *fast = batch->fast;
    struct group *group = batch->group;
    char decimal = fast->rules->decimal != 0 ? fast->rules->decimal : NO_MARK;
    size_t price_at = fast->at[MT_TRADE_PRICE], volume_at = fast->at[MT_TRADE_VOLUME];
    for (size_t k = 0; k < group->n; k++) {
        int64_t number[2] = {0, 0};
        group->right[k] &= pair(field_of(group, k, price_at), field_of(group, k, volume_at), decimal, number);
        group->right[k] &= number[1] > 0;
        batch->out[k].price = number[0];
        batch->out[k].energy_wh = number[1];
    }
}

static ALWAYS_INLINE void read_sides(const struct batch *batch)
{
    const mt_trade_fast *fast = batch->fast;
    struct group *group = batch->group;
    size_t at = fast->at[MT_TRADE_SIDE];
    uint64_t buy_word = fast->side_word[MT_BUY], sell_word = fast->side_word[MT_SELL];
    for (size_t k = 0; k < group->n; k++) {
        batch->out[k].side = MT_SIDE_NONE;
        if (at == MT_COLUMN_ABSENT) continue;
        struct span side = field_of(group, k, at);
        uint64_t word = short_word(side) | keep_bytes(CASE_BITS, side.n);
        bool buy = word == buy_word, sell = word == sell_word;
        batch->out[k].side = buy ? MT_BUY : MT_SELL;
        group->right[k] &= (buy | sell) & (side.n - 1 < WORD_MAX);
    }
}

/* All rows have the currency that was met, or none. */
static ALWAYS_INLINE void check_currencies(const struct batch *batch)
{
    const mt_trade_fast *fast = batch->fast;
    struct group *group = batch->group;
    size_t at = fast->at[MT_TRADE_CURRENCY];
    if (at == MT_COLUMN_ABSENT) return;
    const char *currency = fast->rules->currency;
    size_t n = currency != NULL ? strlen(currency) : 0;
    for (size_t k = 0; k < group->n; k++) {
        struct span field = field_of(group, k, at);
        group->right[k] &= n > 0 && field.n == n && memcmp(field.at, currency, n) == 0;
    }
}

/* Whether the volumes of the file's rows are energy, power, or told by each row. */
static ALWAYS_INLINE void turn_power(const struct batch *batch)
{
    const mt_trade_fast *fast = batch->fast;
    struct group *group = batch->group;
    size_t at = fast->at[MT_TRADE_UNIT];
    mt_volume_unit unit = fast->rules->options.unit;
    if (unit == MT_VOLUME_AS_FILE && at == MT_COLUMN_ABSENT) unit = MT_VOLUME_MWH;
    if (unit == MT_VOLUME_MWH) return;
    for (size_t k = 0; k < group->n; k++) {
        mt_trade *trade = &batch->out[k];
        bool power = true;
        if (unit == MT_VOLUME_AS_FILE) {
            struct span field = field_of(group, k, at);
            uint64_t word = short_word(field) | keep_bytes(CASE_BITS, field.n);
            power = word == MW_WORD;
            group->right[k] &= power | (word == MWH_WORD);
        }
        if (power && group->right[k])
            group->right[k] = mt_trade_energy(trade, trade->energy_wh, &trade->energy_wh);
    }
}

/* Neither begins nor ends with what the careful way would take off. */
static ALWAYS_INLINE bool is_trimmed(struct span field)
{
    char first = field.at[0], last = field.at[field.n - 1];
    return first != ' ' && first != '\t' && last != ' ' && last != '\t';
}

/* The text in the pool; false: it is not plain. */
static ALWAYS_INLINE bool keep_text(mt_trade_texts *texts, struct span field, const char **out)
{
    *out = NULL;
    if (field.n == 0) return true;
    if (field.n > MT_TRADE_ID_MAX || !is_trimmed(field)) return false;
    char *to = texts->at + texts->used;
    if (field.n <= 32)
        memcpy(to, field.at, 32); /* both sides have room for it */
    else
        memcpy(to, field.at, field.n);
    to[field.n] = '\0';
    texts->used += field.n + 1;
    *out = to;
    return true;
}

static bool keep_shared(mt_trade_texts *texts, struct span field, const char **last, const char **out)
{
    *out = NULL;
    if (field.n == 0) return true;
    bool same = *last != NULL && mt_text_equal((mt_text){field.at, field.n}, *last);
    if (!same && !keep_text(texts, field, last)) return false;
    *out = *last;
    return true;
}

static ALWAYS_INLINE bool keep_texts(const struct batch *batch, size_t k)
{
    const mt_trade_fast *fast = batch->fast;
    mt_trade *trade = &batch->out[k];
    const size_t *at = fast->at;
    bool right = true;
    trade->id = trade->trader = trade->strategy = NULL;
    if (at[MT_TRADE_ID] != MT_COLUMN_ABSENT)
        right = keep_text(fast->texts, field_of(batch->group, k, at[MT_TRADE_ID]), &trade->id);
    if (right && at[MT_TRADE_TRADER] != MT_COLUMN_ABSENT)
        right = keep_shared(fast->texts, field_of(batch->group, k, at[MT_TRADE_TRADER]), &fast->texts->trader,
                            &trade->trader);
    if (right && at[MT_TRADE_STRATEGY] != MT_COLUMN_ABSENT)
        right = keep_shared(fast->texts, field_of(batch->group, k, at[MT_TRADE_STRATEGY]),
                            &fast->texts->strategy, &trade->strategy);
    return right;
}

/* Texts of the rows that are right so far; returns how many rows are right to the end. */
static ALWAYS_INLINE size_t finish_rows(const struct batch *batch)
{
    size_t n = count_right(batch->group);
    for (size_t k = 0; k < n; k++) {
        mt_trade_texts before = *batch->fast->texts;
        if (keep_texts(batch, k)) continue;
        *batch->fast->texts = before;
        return k;
    }
    return n;
}

static ALWAYS_INLINE size_t read_group(const struct batch *batch, read_pair *pair)
{
    read_deliveries(batch);
    read_executions(batch);
    read_numbers(batch, pair);
    read_sides(batch);
    check_currencies(batch);
    turn_power(batch);
    if (batch->group->cr) check_cr(batch->group);
    return finish_rows(batch);
}

static ALWAYS_INLINE size_t read_rows(mt_trade_fast *fast, mt_text text, mt_trade *out, size_t room,
                                      const struct way way)
{
    mt_order_fast *map = &fast->map;
    size_t rows = 0, right, wanted;
    const char *end = text.at + text.length;
    if (!find_cursor(map, text.at)) map_chunk(map, text.at, text.length, way.map);
    do {
        bool used_up = map->n_ends - map->cursor < map->columns && map->next > map->base;
        if (used_up && map->mapped < end) map_chunk(map, map->next, (size_t)(end - map->next), way.map);
        struct group group = take_group(map, room - rows);
        struct batch batch = {fast, &group, out + rows};
        wanted = group.n;
        right = read_group(&batch, way.pair);
        rows += right;
        map->cursor += right * map->columns;
        map->next = map->base + map->end[map->cursor];
    } while (right == wanted && right > 0 && rows < room);
    return rows;
}

#if defined(__x86_64__)
AVX2 static size_t rows_avx2(mt_trade_fast *fast, mt_text text, mt_trade *out, size_t room)
{
    return read_rows(fast, text, out, room, (struct way){.map = map_avx2, .pair = pair_avx2});
}
#endif

static size_t rows_portable(mt_trade_fast *fast, mt_text text, mt_trade *out, size_t room)
{
    return read_rows(fast, text, out, room, (struct way){.map = map_portable, .pair = pair_portable});
}

void mt_trade_fast_init(mt_trade_fast *fast)
{
    memset(fast, 0, sizeof *fast);
    mt_order_fast_init(&fast->map);
}

void mt_trade_fast_learn(mt_trade_fast *fast, mt_side side, mt_text word)
{
    if (side != MT_SIDE_NONE) fast->side_word[side] = mt_order_fast_word(word);
}

size_t mt_trade_fast_rows(mt_trade_fast *fast, mt_text text, mt_trade *out, size_t room, size_t *consumed)
{
    mt_order_fast *map = &fast->map;
    *consumed = 0;
    if (map->columns > MT_FAST_COLUMNS || room == 0 || text.length == 0) return 0;
    map->next = text.at;
#if defined(__x86_64__)
    bool can = !map->portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    size_t rows = can ? rows_avx2(fast, text, out, room) : rows_portable(fast, text, out, room);
#else
    size_t rows = rows_portable(fast, text, out, room);
#endif
    *consumed = (size_t)(map->next - text.at);
    return rows;
}
