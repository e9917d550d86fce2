/* Market values of technologies, by month or year. */
#include "formats/vpp/csv/table.h"

#include <string.h>

struct value_row {
    const char *period;
    int technology;
    mt_micro value;
    uint64_t line;
};

static const char *const period_names[] = {"period", "month", NULL};
static const char *const technology_names[] = {"technology", NULL};
static const char *const value_names[] = {"valuectperkwh", "valueeuropermwh", "valueeurpermwh", "value",
                                          NULL};

static const mt_vpp_column columns[] = {
    {{MT_VPP_COL_PERIOD, period_names, false},
     MT_VPP_TEXT,
     .offset = offsetof(struct value_row, period),
     .needed = true},
    {{MT_VPP_COL_TECHNOLOGY, technology_names, false},
     MT_VPP_TECHNOLOGY,
     .offset = offsetof(struct value_row, technology),
     .needed = true},
    {{MT_VPP_COL_MARKET_VALUE, value_names, false},
     MT_VPP_DECIMAL,
     .offset = offsetof(struct value_row, value),
     .scale = mt_vpp_ct_kwh},
};

static const struct value_row blank = {NULL, 0, MT_MICRO_NONE, 0};

static const mt_vpp_table table = {.column = columns,
                                   .n_column = sizeof columns / sizeof *columns,
                                   .row_bytes = sizeof(struct value_row),
                                   .blank = &blank,
                                   .line_offset = offsetof(struct value_row, line),
                                   .name_column = MT_COLUMN_ABSENT};

/* "2025-06" or "2025". */
static bool read_period(const char *text, int *year, int *month)
{
    int64_t number[2] = {0, 0};
    size_t n = text != NULL ? strlen(text) : 0;
    if ((n != 4 && n != 7) || (n == 7 && text[4] != '-')) return false;
    if (!mt_int_parse(text, 4, &number[0]) || (n == 7 && !mt_int_parse(text + 5, 2, &number[1])))
        return false;
    *year = (int)number[0];
    *month = (int)number[1];
    return *year >= 1900 && *month >= (n == 7) && *month <= 12;
}

mt_code mt_vpp_read_market_values(mt_vpp_reader *reader)
{
    struct value_row *row;
    mt_market_value *value;
    size_t n, kept = 0;
    MT_TRY(mt_vpp_table_read(reader, &table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) {
        mt_market_value one = {.technology = (mt_technology)row[k].technology, .value_ct_kwh = row[k].value};
        if (!read_period(row[k].period, &one.year, &one.month))
            MT_TRY(
                mt_vpp_bad_row(reader, NULL, row[k].line, "period is neither a month (2025-06) nor a year"));
        else if (one.value_ct_kwh != MT_MICRO_NONE)
            value[kept++] = one;
    }
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, market_value, value, kept);
}
