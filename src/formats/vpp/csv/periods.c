/* Schedules (what was sold of an asset) and outages: a power over periods. */
#include "formats/vpp/csv/table.h"

struct power_row {
    mt_time start, end;
    mt_micro power_kw;
    uint64_t line;
};

static const char *const start_names[] = {"deliverystartutc", "deliverystart", "start", NULL};
static const char *const end_names[] = {"deliveryendutc", "deliveryend", "end", NULL};
static const char *const outage_start_names[] = {"outagestartutc", "outagestart", "startutc", "start", NULL};
static const char *const outage_end_names[] = {"outageendutc", "outageend", "endutc", "end", NULL};
static const char *const power_names[] = {"powerkw", "powermw", "powerw", "power", NULL};

#define POWER                                                                                                \
    {                                                                                                        \
        {MT_VPP_COL_POWER, power_names, false}, MT_VPP_DECIMAL,                                              \
            .offset = offsetof(struct power_row, power_kw), .scale = mt_vpp_power_kw                         \
    }

static const mt_vpp_column schedule_columns[] = {
    {{MT_VPP_COL_START, start_names, false},
     MT_VPP_INSTANT,
     .offset = offsetof(struct power_row, start),
     .needed = true},
    {{MT_VPP_COL_END, end_names, true}, MT_VPP_INSTANT, .offset = offsetof(struct power_row, end)},
    POWER,
};

static const mt_vpp_column outage_columns[] = {
    {{MT_VPP_COL_OUTAGE_START, outage_start_names, false},
     MT_VPP_INSTANT,
     .offset = offsetof(struct power_row, start),
     .needed = true},
    {{MT_VPP_COL_OUTAGE_END, outage_end_names, false},
     MT_VPP_INSTANT,
     .offset = offsetof(struct power_row, end),
     .needed = true},
    POWER,
};

static const struct power_row blank = {MT_TIME_NONE, MT_TIME_NONE, MT_MICRO_NONE, 0};

static const mt_vpp_table schedule_table = {.column = schedule_columns,
                                            .n_column = sizeof schedule_columns / sizeof *schedule_columns,
                                            .row_bytes = sizeof(struct power_row),
                                            .blank = &blank,
                                            .line_offset = offsetof(struct power_row, line),
                                            .name_column = MT_COLUMN_ABSENT};

static const mt_vpp_table outage_table = {.column = outage_columns,
                                          .n_column = sizeof outage_columns / sizeof *outage_columns,
                                          .row_bytes = sizeof(struct power_row),
                                          .blank = &blank,
                                          .line_offset = offsetof(struct power_row, line),
                                          .name_column = MT_COLUMN_ABSENT};

/* Drops rows without power and those outside what is asked for; those that do not end are told. */
static mt_code sift(mt_vpp_reader *reader, struct power_row *row, size_t *n)
{
    size_t kept = 0;
    for (size_t k = 0; k < *n; k++) {
        struct power_row one = row[k];
        if (one.end == MT_TIME_NONE) one.end = one.start + 15 * MT_US_MINUTE;
        if (one.end <= one.start)
            MT_TRY(mt_vpp_bad_row(reader, reader->file->subject, one.line,
                                  "the period does not end after its start"));
        else if (one.power_kw != MT_MICRO_NONE && mt_vpp_wanted(reader, one.start, one.end))
            row[kept++] = one;
    }
    *n = kept;
    return MT_OK;
}

static mt_code read_powers(mt_vpp_reader *reader, const mt_vpp_table *table, struct power_row **row,
                           size_t *n)
{
    if (reader->file->subject == NULL)
        return mt_fail(&reader->own, MT_E_INPUT, "%s names no asset; expected %s_<asset>_….csv",
                       mt_vpp_file_name(reader), mt_vpp_file_kind_name(reader->file->kind));
    MT_TRY(mt_vpp_table_read(reader, table, row, n));
    return sift(reader, *row, n);
}

mt_code mt_vpp_read_schedule(mt_vpp_reader *reader)
{
    struct power_row *row;
    mt_forecast_value *value;
    size_t n;
    MT_TRY(read_powers(reader, &schedule_table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) value[k] = (mt_forecast_value){row[k].start, row[k].end, row[k].power_kw};
    return n == 0 ? MT_OK : MT_VPP_GIVE(reader, schedule, reader->file->subject, value, n);
}

mt_code mt_vpp_read_outage(mt_vpp_reader *reader)
{
    struct power_row *row;
    mt_outage_value *value;
    size_t n;
    MT_TRY(read_powers(reader, &outage_table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) value[k] = (mt_outage_value){row[k].start, row[k].end, row[k].power_kw};
    return n == 0 ? MT_OK : MT_VPP_GIVE(reader, outage, reader->file->subject, value, n);
}
