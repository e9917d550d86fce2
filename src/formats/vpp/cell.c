/* What stands in one cell of a portfolio's files: decimals, instants, days, units. */
#include "formats/vpp/cell.h"

#include <string.h>

enum { UNIT_MAX = 32, CELL_MAX = 64, EXPONENT_MAX = 400 };

#define MS_BOUND   ((int64_t)100000000000) /* below it a number counts seconds */
#define TIME_FIRST (946684800 * MT_US_SECOND)
#define TIME_END   (7258118400 * MT_US_SECOND)

__extension__ typedef __int128 wide;

const mt_vpp_scale mt_vpp_power_kw[] = {
    {"kw", 1, 1}, {"w", 1, 1000}, {"mw", 1000, 1}, {"gw", 1000000, 1}, {NULL, 1, 1}};
const mt_vpp_scale mt_vpp_power_w[] = {
    {"mw", 1, 1}, {"kw", 1, 1000}, {"w", 1, 1000000}, {"gw", 1000, 1}, {NULL, 1, 1}};
const mt_vpp_scale mt_vpp_quarter_kw[] = {{"kw", 1, 1},  {"w", 1, 1000},   {"mw", 1000, 1}, {"wh", 4, 1000},
                                          {"kwh", 4, 1}, {"mwh", 4000, 1}, {NULL, 1, 1}};
const mt_vpp_scale mt_vpp_eur_mwh[] = {
    {"eur/mwh", 1, 1}, {"ct/kwh", 10, 1}, {"eur/kwh", 1000, 1}, {NULL, 1, 1}};
const mt_vpp_scale mt_vpp_ct_kwh[] = {
    {"ct/kwh", 1, 1}, {"eur/mwh", 1, 10}, {"eur/kwh", 100, 1}, {NULL, 1, 1}};
const mt_vpp_scale mt_vpp_percent[] = {{"%", 1, 1}, {"percent", 1, 1}, {NULL, 1, 1}};

static const char *const missing_words[] = {"n.a.", "n.e.", "n/a", "nan", "null", "-"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits of a number with the place of its mark, for those that the short way does not take. */
struct digits {
    char at[CELL_MAX];
    size_t n;
    int64_t whole; /* digits before the mark, moved by the exponent */
    bool behind;
};

static bool add_digit(struct digits *digits, char c)
{
    bool leading = digits->n == 0 && c == '0';
    if (digits->behind && leading) digits->whole--;
    if (leading) return true;
    if (!digits->behind) digits->whole++;
    if (digits->n < CELL_MAX) digits->at[digits->n++] = c;
    return true;
}

static const char *take_exponent(const char *at, const char *end, int64_t *out)
{
    bool minus = at < end && *at == '-';
    int64_t value = 0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end || !is_digit(*at)) return NULL;
    for (; at < end && is_digit(*at); at++) value = value < EXPONENT_MAX ? value * 10 + (*at - '0') : value;
    *out += minus ? -value : value;
    return at;
}

/* The first `wanted` digits as a number, rounded by the next. */
static bool round_digits(const struct digits *digits, int64_t wanted, uint64_t *out)
{
    uint64_t value = 0;
    *out = 0;
    if (digits->n == 0 || wanted < 0) return true;
    for (int64_t k = 0; k < wanted; k++) {
        uint64_t digit = k < (int64_t)digits->n ? (uint64_t)(digits->at[k] - '0') : 0;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value + (wanted < (int64_t)digits->n && digits->at[wanted] >= '5');
    return *out <= INT64_MAX;
}

static const char *read_long(const char *at, const char *end, char mark, int places, uint64_t *out)
{
    struct digits digits = {.n = 0};
    bool any = false;
    for (; at < end && (is_digit(*at) || (*at == mark && !digits.behind)); at++) {
        if (*at == mark)
            digits.behind = true;
        else
            any = add_digit(&digits, *at);
    }
    if (any && at < end && (*at == 'e' || *at == 'E')) at = take_exponent(at + 1, end, &digits.whole);
    if (!any || at == NULL || !round_digits(&digits, digits.whole + places, out)) return NULL;
    return at;
}

/* At most 19 digits and no exponent; NULL for the others. Milliseconds of our years have 13, and six places
 * behind them. */
static const char *read_short(const char *at, const char *end, char mark, int places, uint64_t *out)
{
    uint64_t value = 0;
    const char *first = at;
    for (; at < end && is_digit(*at); at++) value = value * 10 + (uint64_t)(*at - '0');
    ptrdiff_t n = at - first;
    if (n == 0 || n + places > 19) return NULL;
    if (at < end && *at == mark) {
        for (at++; at < end && is_digit(*at) && places > 0; at++, places--)
            value = value * 10 + (uint64_t)(*at - '0');
        if (at < end && is_digit(*at)) {
            value += *at >= '5';
            while (at < end && is_digit(*at)) at++;
        }
    }
    if (at < end && (*at == 'e' || *at == 'E')) return NULL;
    for (; places > 0; places--) value *= 10;
    *out = value;
    return value <= INT64_MAX ? at : NULL;
}

const char *mt_vpp_number(const char *at, const char *end, char mark, int places, int64_t *out)
{
    uint64_t value;
    bool minus = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    const char *behind = read_short(at, end, mark, places, &value);
    if (behind == NULL) behind = read_long(at, end, mark, places, &value);
    if (behind == NULL) return NULL;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return behind;
}

static bool is_missing(mt_text cell)
{
    if (cell.length == 0) return true;
    for (size_t k = 0; k < sizeof missing_words / sizeof *missing_words; k++)
        if (mt_text_equal_nocase(cell, missing_words[k])) return true;
    return false;
}

/* "1.234.567,8" without its points; false where they part no thousands. */
static bool drop_thousands(mt_text *cell, char out[CELL_MAX])
{
    const char *comma = memchr(cell->at, ',', cell->length);
    size_t n = 0, whole = (size_t)(comma - cell->at);
    for (size_t k = 0; k < cell->length; k++) {
        bool point = cell->at[k] == '.', sign = k == 0 && (*cell->at == '-' || *cell->at == '+');
        bool due = k < whole && (whole - k) % 4 == 0;
        if ((point != due && !sign) || (point && k == 0)) return false;
        if (!point) out[n++] = cell->at[k];
    }
    *cell = (mt_text){out, n};
    return true;
}

mt_vpp_found mt_vpp_decimal(mt_text cell, char *mark, mt_micro *out)
{
    char plain[CELL_MAX];
    cell = mt_text_trim(cell);
    if (is_missing(cell)) return MT_VPP_MISSING;
    if (cell.length > CELL_MAX) return MT_VPP_WRONG;
    bool comma = memchr(cell.at, ',', cell.length) != NULL;
    bool point = memchr(cell.at, '.', cell.length) != NULL;
    char own = (char)(comma ? ',' : point ? '.' : 0);
    if (own != 0 && *mark != 0 && own != *mark) return MT_VPP_WRONG;
    if (comma && point && !drop_thousands(&cell, plain)) return MT_VPP_WRONG;
    const char *end = cell.at + cell.length;
    if (mt_vpp_number(cell.at, end, own != 0 ? own : '.', MT_VPP_PLACES, out) != end) return MT_VPP_WRONG;
    if (own != 0) *mark = own;
    return MT_VPP_RIGHT;
}

mt_vpp_found mt_vpp_instant(mt_text cell, bool utc, mt_time *out)
{
    bool has_offset;
    mt_time t;
    cell = mt_text_trim(cell);
    if (is_missing(cell)) return MT_VPP_MISSING;
    if (cell.length > 4 && memcmp(cell.at + cell.length - 4, " UTC", 4) == 0) {
        cell.length -= 4;
        utc = true;
    }
    if (!mt_time_parse(cell.at, cell.length, &t, &has_offset) || (!has_offset && !utc)) return MT_VPP_WRONG;
    *out = t;
    return MT_VPP_RIGHT;
}

static bool read_german_day(const char *at, mt_day *out)
{
    int number[10];
    for (int k = 0; k < 10; k++) {
        if (k == 2 || k == 5 ? at[k] != '.' : !is_digit(at[k])) return false;
        number[k] = at[k] - '0';
    }
    int year = number[6] * 1000 + number[7] * 100 + number[8] * 10 + number[9];
    int month = number[3] * 10 + number[4], day = number[0] * 10 + number[1];
    if (!mt_date_valid(year, month, day)) return false;
    *out = mt_day_of(year, month, day);
    return true;
}

mt_vpp_found mt_vpp_day(mt_text cell, mt_day *out)
{
    cell = mt_text_trim(cell);
    if (is_missing(cell)) return MT_VPP_MISSING;
    if (cell.length > 10 && (cell.at[10] == 'T' || cell.at[10] == ' ')) cell.length = 10;
    bool right =
        mt_day_parse(cell.at, cell.length, out) || (cell.length == 10 && read_german_day(cell.at, out));
    return right ? MT_VPP_RIGHT : MT_VPP_WRONG;
}

mt_time mt_vpp_number_time(mt_micro value, bool *seconds)
{
    if (value == MT_MICRO_NONE) return MT_TIME_NONE;
    if (value < 0) return MT_TIME_NONE;
    bool small = value < MS_BOUND * MT_MICRO_ONE;
    mt_time t = small ? (value + 500) / 1000 * 1000 : (value + 500000) / 1000000 * 1000;
    if (t < TIME_FIRST || t >= TIME_END) return MT_TIME_NONE;
    if (small) *seconds = true;
    return t;
}

/* The unit's word in a name, and where the name ends before it. */
static mt_text unit_of(mt_text name, size_t *rest)
{
    *rest = name.length;
    for (size_t k = 0; k < name.length; k++) {
        if (name.at[k] != '(' && name.at[k] != '[') continue;
        size_t end = name.length;
        while (end > k + 1 && name.at[end - 1] != ')' && name.at[end - 1] != ']') end--;
        *rest = k;
        return (mt_text){name.at + k + 1, end > k + 1 ? end - k - 2 : 0};
    }
    size_t end = name.length;
    while (end > 0 && name.at[end - 1] == '_') end--;
    for (size_t k = end; k >= 2; k--) {
        if (name.at[k - 1] != '_' || name.at[k - 2] != '_') continue;
        *rest = k - 2;
        return (mt_text){name.at + k, end - k};
    }
    return (mt_text){NULL, 0};
}

static size_t put_word(char *out, size_t n, const char *word)
{
    size_t length = strlen(word);
    if (n + length >= UNIT_MAX) return n;
    memcpy(out + n, word, length + 1);
    return n + length;
}

/* "euro_per_mwh", "EUR / MWh", "€/MWh" are one unit. */
static void plain_unit(char out[UNIT_MAX], mt_text unit)
{
    static const struct {
        const char *word, *instead;
    } words[] = {{"_per_", "/"},          {" per ", "/"}, {"euro", "eur"},
                 {"\xE2\x82\xAC", "eur"}, {"_", ""},      {" ", ""}};
    size_t n = 0;
    out[0] = '\0';
    for (size_t k = 0; k < unit.length && n + 2 < UNIT_MAX;) {
        size_t w = 0, count = sizeof words / sizeof *words;
        for (; w < count; w++) {
            size_t length = strlen(words[w].word);
            mt_text part = {unit.at + k, length};
            if (k + length <= unit.length && mt_text_equal_nocase(part, words[w].word)) break;
        }
        if (w < count) {
            n = put_word(out, n, words[w].instead);
            k += strlen(words[w].word);
            continue;
        }
        char c = unit.at[k++];
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        out[n] = '\0';
    }
}

const mt_vpp_scale *mt_vpp_scale_find(mt_text unit, const mt_vpp_scale *scale)
{
    char plain[UNIT_MAX];
    plain_unit(plain, mt_text_trim(unit));
    for (; scale->unit != NULL; scale++)
        if (strcmp(plain, scale->unit) == 0) return scale;
    return NULL;
}

const mt_vpp_scale *mt_vpp_scale_of(mt_text name, const mt_vpp_scale *scale, bool *stated)
{
    size_t rest, end = name.length;
    mt_text unit = unit_of(name, &rest);
    *stated = unit.length > 0;
    if (*stated) return mt_vpp_scale_find(unit, scale);
    while (end > 0 && name.at[end - 1] != '_' && name.at[end - 1] != ' ') end--;
    const mt_vpp_scale *found = NULL;
    if (end > 0) found = mt_vpp_scale_find((mt_text){name.at + end, name.length - end}, scale);
    *stated = found != NULL;
    return found != NULL ? found : scale;
}

mt_text mt_vpp_name_of(mt_text name)
{
    size_t rest;
    (void)unit_of(name, &rest);
    return mt_text_trim((mt_text){name.at, rest});
}

bool mt_vpp_scale_apply(const mt_vpp_scale *scale, mt_micro *value)
{
    wide scaled = (wide)*value * scale->times, half = scale->over / 2;
    scaled = (scaled + (scaled < 0 ? -half : half)) / scale->over;
    if (scaled > INT64_MAX || scaled <= INT64_MIN) return false;
    *value = (int64_t)scaled;
    return true;
}
