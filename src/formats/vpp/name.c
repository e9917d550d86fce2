/* What the name of a portfolio's file says: its kind, whom it is about, its day and its version. */
#include "formats/vpp/name.h"

#include "formats/vpp/columns.h"

#include <string.h>

enum { YEAR_FIRST = 2000, YEAR_LAST = 2199 };

/* In which files a name's first word means what. A prefix NULL: the folder alone says it. */
static const struct rule {
    const char *prefix, *folder;
    mt_vpp_file_kind kind;
    bool text, json; /* endings */
    bool by_day;     /* its date is the day that it is about */
    bool subject;    /* the rest of the name says whom it is about */
} rules[] = {
    {"asset_contracts", NULL, MT_VPP_CONTRACTS, true, false, false, false},
    {"parties", NULL, MT_VPP_PARTIES, false, true, false, false},
    {"technical_data", NULL, MT_VPP_TECHNICAL, false, true, false, false},
    {"final_production_", NULL, MT_VPP_METERING, true, false, true, true},
    {"redispatch_flag_", NULL, MT_VPP_REDISPATCH, true, false, false, true},
    {"redispatch_compensation", NULL, MT_VPP_COMPENSATION, true, false, true, false},
    {"imbalance_price_final", NULL, MT_VPP_REBAP, true, false, true, false},
    {"imbalance_price_estimation", NULL, MT_VPP_ESTIMATE, true, false, true, false},
    {"day_ahead_price", NULL, MT_VPP_DAY_AHEAD, true, false, true, false},
    {"intraday_index", NULL, MT_VPP_INDEX, true, false, true, false},
    {"market_values", NULL, MT_VPP_MARKET_VALUES, true, false, false, false},
    {"schedule_", NULL, MT_VPP_SCHEDULE, true, false, true, true},
    {"outage_", NULL, MT_VPP_OUTAGE, true, false, false, true},
    {"weather_", NULL, MT_VPP_WEATHER, true, false, true, true},
    {"private_trades", NULL, MT_VPP_PRIVATE_TRADES, true, true, true, false},
    {"epex_trades", NULL, MT_VPP_PRIVATE_TRADES, true, true, true, false},
    {"public_trades", NULL, MT_VPP_PUBLIC_TRADES, true, true, true, false},
    {NULL, "live_measured_infeed", MT_VPP_LIVE, false, true, true, true},
    {NULL, "forecasts", MT_VPP_FORECAST, false, true, false, true},
};

/* What the first bytes of a file without a known name show. */
static const struct sign {
    const char *word;
    mt_vpp_file_kind kind;
    bool json;
} signs[] = {
    {MT_VPP_TYPE_LIVE, MT_VPP_LIVE, true},
    {"-forecast", MT_VPP_FORECAST, true},
    {"\"" MT_VPP_KEY_ASSETS "\"", MT_VPP_TECHNICAL, true},
    {"\"" MT_VPP_KEY_ISSUER "\"", MT_VPP_PARTIES, true},
    {"\"" MT_VPP_KEY_OWNERS "\"", MT_VPP_PARTIES, true},
    {"# Private Trades", MT_VPP_PRIVATE_TRADES, false},
    {"# Public Trades", MT_VPP_PUBLIC_TRADES, false},
    {MT_VPP_COL_CONTRACT_ID ",", MT_VPP_CONTRACTS, false},
    {"reBAP unterdeckt", MT_VPP_REBAP, false},
    {";AEP-Sch", MT_VPP_ESTIMATE, false},
    {",trader_id,execution_time", MT_VPP_PRIVATE_TRADES, false},
    {MT_VPP_HEADER_MARKET_VALUES, MT_VPP_MARKET_VALUES, false},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char fold(char c)
{
    return (char)(c == '-' ? '_' : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool starts_with(mt_text text, const char *prefix)
{
    size_t n = strlen(prefix);
    if (text.length < n) return false;
    for (size_t k = 0; k < n; k++)
        if (fold(text.at[k]) != prefix[k]) return false;
    return true;
}

static bool ends_with(mt_text text, const char *end)
{
    size_t n = strlen(end);
    return text.length >= n && mt_text_equal_nocase((mt_text){text.at + text.length - n, n}, end);
}

static bool cut_end(mt_text *text, const char *end)
{
    if (!ends_with(*text, end)) return false;
    text->length -= strlen(end);
    return true;
}

/* n digits at k as a number, or -1. */
static int take_digits(mt_text text, size_t *k, size_t n)
{
    int value = 0;
    if (*k + n > text.length) return -1;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(text.at[*k + i])) return -1;
        value = value * 10 + (text.at[*k + i] - '0');
    }
    *k += n;
    return value;
}

/* A date at *k, which is then behind it. */
static bool take_date(mt_text text, size_t *k, mt_day *out)
{
    size_t at = *k;
    int year = take_digits(text, &at, 4);
    bool dashed = at < text.length && text.at[at] == '-';
    at += dashed;
    int month = year < 0 ? -1 : take_digits(text, &at, 2);
    if (dashed && (at >= text.length || text.at[at++] != '-')) return false;
    int day = month < 0 ? -1 : take_digits(text, &at, 2);
    if (day < 0 || (at < text.length && is_digit(text.at[at]))) return false;
    if (year < YEAR_FIRST || year > YEAR_LAST || !mt_date_valid(year, month, day)) return false;
    *out = mt_day_of(year, month, day);
    *k = at;
    return true;
}

static void pass_mark(mt_text text, size_t *k)
{
    bool mark = *k < text.length && (text.at[*k] == ':' || text.at[*k] == '-' || text.at[*k] == '.');
    if (mark && *k + 1 < text.length && is_digit(text.at[*k + 1])) ++*k;
}

/* Thousandths that stand behind the seconds; others are passed over. */
static int take_millis(mt_text text, size_t *k)
{
    int millis = 0, n = 0;
    if (*k + 1 < text.length && (text.at[*k] == '.' || text.at[*k] == ',') && is_digit(text.at[*k + 1])) ++*k;
    for (; *k < text.length && is_digit(text.at[*k]); ++*k)
        if (n++ < 3) millis = millis * 10 + (text.at[*k] - '0');
    for (; n > 0 && n < 3; n++) millis *= 10;
    return millis;
}

/* A clock behind a date at k: "_1201", "T00:05:16.000Z"; -1: none. */
static mt_time take_clock(mt_text text, size_t k)
{
    mt_day other;
    if (k >= text.length || memchr("T_ -", text.at[k], 4) == NULL) return -1;
    size_t again = ++k;
    if (take_date(text, &again, &other)) return -1;
    int hour = take_digits(text, &k, 2);
    if (hour < 0 || hour > 23) return -1;
    pass_mark(text, &k);
    int minute = take_digits(text, &k, 2);
    if (minute < 0 || minute > 59) return -1;
    pass_mark(text, &k);
    int second = take_digits(text, &k, 2), millis = 0;
    if (second > 59) return -1;
    if (second >= 0) millis = take_millis(text, &k);
    if (k < text.length && is_digit(text.at[k])) return -1;
    return ((mt_time)hour * 3600 + minute * 60 + (second < 0 ? 0 : second)) * MT_US_SECOND +
           (mt_time)millis * 1000;
}

/* Dates and moments of a name, and where the first stands. */
struct dates {
    mt_day plain, first; /* a date without a clock; any */
    mt_time moment;
    size_t at;
};

static struct dates find_dates(mt_text stem)
{
    struct dates dates = {MT_DAY_NONE, MT_DAY_NONE, MT_TIME_NONE, stem.length};
    for (size_t k = 0; k < stem.length; k++) {
        mt_day day;
        size_t begin = k;
        if ((k > 0 && is_word(stem.at[k - 1])) || !take_date(stem, &k, &day)) continue;
        mt_time clock = take_clock(stem, k);
        if (dates.first == MT_DAY_NONE) {
            dates.first = day;
            dates.at = begin;
        }
        if (clock >= 0 && dates.moment == MT_TIME_NONE) dates.moment = day * MT_US_DAY + clock;
        if (clock < 0 && dates.plain == MT_DAY_NONE) dates.plain = day;
        k--;
    }
    return dates;
}

/* Behind the last mark, seconds or milliseconds since 1970. */
static mt_time find_epoch(mt_text stem, size_t *at)
{
    size_t k = stem.length;
    int64_t value;
    while (k > 0 && is_digit(stem.at[k - 1])) k--;
    size_t n = stem.length - k;
    if (k == 0 || is_word(stem.at[k - 1]) || (n != 10 && n != 13)) return MT_TIME_NONE;
    if (!mt_int_parse(stem.at + k, n, &value)) return MT_TIME_NONE;
    *at = k;
    return value * (n == 10 ? MT_US_SECOND : 1000);
}

static size_t last_mark(mt_text stem)
{
    size_t k = stem.length;
    while (k > 0 && stem.at[k - 1] != '_') k--;
    return k > 0 ? k : stem.length;
}

static void read_stem(mt_vpp_name *out, const struct rule *rule, mt_text stem)
{
    struct dates dates = find_dates(stem);
    size_t end = dates.at, begin = rule->prefix != NULL ? strlen(rule->prefix) : 0;
    out->version = dates.moment;
    if (out->version == MT_TIME_NONE && dates.first != MT_DAY_NONE) out->version = dates.first * MT_US_DAY;
    if (out->version == MT_TIME_NONE) out->version = find_epoch(stem, &end);
    if (rule->by_day) out->day = dates.plain != MT_DAY_NONE ? dates.plain : dates.first;
    if (!rule->subject) return;
    if (out->version == MT_TIME_NONE) end = last_mark(stem);
    while (end > begin && (stem.at[end - 1] == '_' || stem.at[end - 1] == '-')) end--;
    if (end > begin) out->subject = (mt_text){stem.at + begin, end - begin};
}

/* Whether one of the folders that lead to the file has that name. */
static bool lies_in(mt_text folders, const char *wanted)
{
    size_t n = strlen(wanted);
    for (size_t k = 0; k + n < folders.length; k++) {
        bool begins = k == 0 || folders.at[k - 1] == '/';
        if (begins && folders.at[k + n] == '/' && starts_with((mt_text){folders.at + k, n}, wanted))
            return true;
    }
    return false;
}

static bool fits(const struct rule *rule, mt_text folders, mt_text stem, const mt_vpp_name *name)
{
    if (!(rule->text && name->text) && !(rule->json && name->json)) return false;
    if (rule->prefix != NULL) return starts_with(stem, rule->prefix);
    return lies_in(folders, rule->folder);
}

mt_vpp_name mt_vpp_name_read(mt_text name)
{
    mt_vpp_name out = {.kind = MT_VPP_UNKNOWN, .version = MT_TIME_NONE, .day = MT_DAY_NONE};
    size_t base = name.length;
    while (base > 0 && name.at[base - 1] != '/') base--;
    mt_text folders = {name.at, base}, stem = {name.at + base, name.length - base};
    if (!cut_end(&stem, ".gz")) (void)cut_end(&stem, ".zst");
    if (stem.length == 0 || stem.at[0] == '.') return out;
    out.text = cut_end(&stem, ".csv");
    out.json =
        !out.text && (cut_end(&stem, ".json") || cut_end(&stem, ".ndjson") || cut_end(&stem, ".jsonl"));
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        if (!fits(&rules[k], folders, stem, &out)) continue;
        out.kind = rules[k].kind;
        read_stem(&out, &rules[k], stem);
        break;
    }
    return out;
}

static bool contains(mt_text text, const char *word)
{
    size_t n = strlen(word);
    for (size_t k = 0; k + n <= text.length; k++)
        if (text.at[k] == word[0] && memcmp(text.at + k, word, n) == 0) return true;
    return false;
}

mt_vpp_file_kind mt_vpp_name_guess(const mt_vpp_name *name, mt_text first)
{
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
        bool fit = signs[k].json ? name->json : name->text;
        if (fit && contains(first, signs[k].word)) return signs[k].kind;
    }
    return MT_VPP_UNKNOWN;
}
