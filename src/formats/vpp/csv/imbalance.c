/* Imbalance prices: the final ones for short and long balancing groups, and their estimate. */
#include "formats/vpp/csv/table.h"

#include "base/zone.h"

#include <string.h>

struct price_row {
    mt_day day;
    const char *zone, *from, *until, *unit;
    mt_micro price[2];
    uint64_t line;
};

static const char *const day_names[] = {"datum", "date", NULL};
static const char *const zone_names[] = {"zeitzone", "timezone", NULL};
static const char *const from_names[] = {"von", "from", NULL};
static const char *const until_names[] = {"bis", "until", "to", NULL};
static const char *const unit_names[] = {"einheit", "unit", NULL};
static const char *const short_names[] = {"rebapunterdeckt", "unterdeckt", NULL};
static const char *const long_names[] = {"rebapueberdeckt",
                                         "rebap\xC3\xBC"
                                         "berdeckt",
                                         "rebap\xFC"
                                         "berdeckt",
                                         "ueberdeckt", NULL};
static const char *const estimate_names[] = {"aepsch\xC3\xA4tzer", "aepsch\xE4tzer", "aepschaetzer",
                                             "aepschatzer", NULL};

#define AT(member) .offset = offsetof(struct price_row, member)
#define COMMON                                                                                               \
    {{MT_VPP_COL_DAY, day_names, false}, MT_VPP_DAY, AT(day), .needed = true},                               \
        {{MT_VPP_COL_ZONE, zone_names, false}, MT_VPP_TEXT, AT(zone)},                                       \
        {{MT_VPP_COL_FROM, from_names, false}, MT_VPP_TEXT, AT(from)},                                       \
        {{MT_VPP_COL_UNTIL, until_names, false}, MT_VPP_TEXT, AT(until)},                                    \
    {                                                                                                        \
        {MT_VPP_COL_UNIT, unit_names, true}, MT_VPP_TEXT, AT(unit)                                           \
    }

static const mt_vpp_column rebap_columns[] = {
    COMMON,
    {{MT_VPP_COL_SHORT, short_names, false}, MT_VPP_DECIMAL, AT(price[0])},
    {{MT_VPP_COL_LONG, long_names, false}, MT_VPP_DECIMAL, AT(price[1])},
};
static const mt_vpp_column estimate_columns[] = {
    COMMON,
    {{MT_VPP_COL_ESTIMATE, estimate_names, false}, MT_VPP_DECIMAL, AT(price[0])},
};

static const struct price_row blank = {
    MT_DAY_NONE, NULL, NULL, NULL, NULL, {MT_MICRO_NONE, MT_MICRO_NONE}, 0};

static const mt_vpp_table rebap_table = {.column = rebap_columns,
                                         .n_column = sizeof rebap_columns / sizeof *rebap_columns,
                                         .row_bytes = sizeof(struct price_row),
                                         .blank = &blank,
                                         .line_offset = offsetof(struct price_row, line),
                                         .mark = ',',
                                         .name_column = MT_COLUMN_ABSENT};
static const mt_vpp_table estimate_table = {.column = estimate_columns,
                                            .n_column = sizeof estimate_columns / sizeof *estimate_columns,
                                            .row_bytes = sizeof(struct price_row),
                                            .blank = &blank,
                                            .line_offset = offsetof(struct price_row, line),
                                            .mark = ',',
                                            .name_column = MT_COLUMN_ABSENT};

/* Where the file stands: of the hour that comes twice in autumn, its order tells which it is. */
struct clock {
    const mt_zone *berlin;
    mt_time before;
    bool summer; /* CEST was said: CET is standard time */
};

static bool is_any(const char *word, const char *a, const char *b)
{
    mt_text text = mt_text_of(word);
    return mt_text_equal_nocase(text, a) || mt_text_equal_nocase(text, b);
}

/* Minutes of "00:15", or -1. */
static int read_minutes(const char *text)
{
    int64_t hour, minute;
    if (text == NULL || strlen(text) < 5 || text[2] != ':') return -1;
    if (strlen(text) != 5 && strcmp(text + 5, ":00") != 0) return -1;
    if (!mt_int_parse(text, 2, &hour) || !mt_int_parse(text + 3, 2, &minute)) return -1;
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour * 60 + minute > 1440) return -1;
    return (int)(hour * 60 + minute);
}

/* The instants with that wall clock of Berlin. */
static int find_instants(const struct clock *clock, mt_day day, int minutes, mt_time out[2])
{
    mt_date date = mt_day_date(day + minutes / 1440);
    mt_civil civil = {date.year, date.month, date.day, minutes % 1440 / 60, minutes % 60, 0, 0};
    return mt_zone_instants(clock->berlin, civil, out);
}

static bool read_start(struct clock *clock, const struct price_row *row, int minutes, mt_time *out)
{
    mt_time instant[2];
    if (is_any(row->zone, "UTC", "GMT")) {
        *out = row->day * MT_US_DAY + minutes * MT_US_MINUTE;
        return true;
    }
    bool summer = is_any(row->zone, "CEST", "MESZ");
    if (!summer && !is_any(row->zone, "CET", "MEZ")) return false;
    clock->summer |= summer;
    int n = find_instants(clock, row->day, minutes, instant);
    if (n == 0) return false;
    bool second = n == 2 && !summer &&
                  (clock->summer || (clock->before != MT_TIME_NONE && instant[0] <= clock->before));
    *out = clock->before = instant[second ? 1 : 0];
    return true;
}

/* `bis` 00:00 is the next midnight; a clock that was set back gives the first instant behind the start. */
static bool read_end(const struct clock *clock, const struct price_row *row, int minutes, mt_time start,
                     mt_time *out)
{
    mt_time instant[2];
    bool utc = is_any(row->zone, "UTC", "GMT");
    for (int day = 0; day < 2; day++, minutes += 1440) {
        int n = utc ? 1 : find_instants(clock, row->day, minutes, instant);
        if (utc) instant[0] = row->day * MT_US_DAY + minutes * MT_US_MINUTE;
        for (int k = 0; k < n; k++)
            if (instant[k] > start) return *out = instant[k], true;
    }
    return false;
}

static mt_code read_period(mt_vpp_reader *reader, struct clock *clock, const struct price_row *row,
                           mt_price_value *out)
{
    int from = read_minutes(row->from), until = read_minutes(row->until);
    bool right = from >= 0 && until >= 0 && row->zone != NULL && read_start(clock, row, from, &out->start) &&
                 read_end(clock, row, until, out->start, &out->end) && out->end - out->start <= MT_US_HOUR;
    bool unit =
        row->unit == NULL || mt_vpp_scale_find(mt_text_of(row->unit), mt_vpp_eur_mwh) == mt_vpp_eur_mwh;
    if (right && unit) return MT_OK;
    *out = (mt_price_value){MT_TIME_NONE, MT_TIME_NONE, MT_MICRO_NONE};
    return mt_vpp_bad_row(reader, NULL, row->line,
                          right ? "Einheit is not EUR/MWh"
                                : "Datum, von, bis and Zeitzone (UTC, CET or CEST) are no period");
}

static mt_code give_column(mt_vpp_reader *reader, mt_vpp_price kind, const struct price_row *row, int column,
                           const mt_price_value *period, size_t n)
{
    mt_price_value *value;
    size_t kept = 0;
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) {
        if (period[k].start == MT_TIME_NONE || row[k].price[column] == MT_MICRO_NONE) continue;
        if (!mt_vpp_wanted(reader, period[k].start, period[k].end)) continue;
        value[kept] = period[k];
        value[kept++].price = row[k].price[column];
    }
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, price, kind, value, kept);
}

mt_code mt_vpp_read_imbalance(mt_vpp_reader *reader)
{
    struct price_row *row;
    mt_price_value *period;
    size_t n;
    struct clock clock = {.before = MT_TIME_NONE};
    bool final = reader->file->kind == MT_VPP_REBAP;
    MT_TRY(mt_vpp_table_read(reader, final ? &rebap_table : &estimate_table, &row, &n));
    MT_TRY(mt_zone_read(&reader->own, &clock.berlin, "Europe/Berlin", NULL));
    MT_TRY(MT_NEW(&reader->own, &period, n + 1));
    for (size_t k = 0; k < n; k++) MT_TRY(read_period(reader, &clock, &row[k], &period[k]));
    if (!final) return give_column(reader, MT_PRICE_OF_ESTIMATE, row, 0, period, n);
    MT_TRY(give_column(reader, MT_PRICE_OF_SHORT, row, 0, period, n));
    return give_column(reader, MT_PRICE_OF_LONG, row, 1, period, n);
}
