/* Redispatch flags: in which quarters the grid operator switched a plant off or down. */
#include "formats/vpp/csv/table.h"

struct flag_row {
    mt_redispatch_value value;
    int flag;
    uint64_t line;
};

static const char *const start_names[] = {"deliverystart", "deliverystartutc", "start", NULL};
static const char *const end_names[] = {"deliveryend", "deliveryendutc", "end", NULL};
static const char *const flag_names[] = {"isredispatched", "redispatched", NULL};
static const char *const setpoint_names[] = {"setpointkw", "setpointmw", "setpointw", "setpoint", NULL};

static const mt_vpp_column columns[] = {
    {{MT_VPP_COL_FLAG_START, start_names, false},
     MT_VPP_INSTANT,
     .offset = offsetof(struct flag_row, value.start),
     .needed = true},
    {{MT_VPP_COL_FLAG_END, end_names, true}, MT_VPP_INSTANT, .offset = offsetof(struct flag_row, value.end)},
    {{MT_VPP_COL_FLAG, flag_names, false},
     MT_VPP_YES_NO,
     .offset = offsetof(struct flag_row, flag),
     .needed = true},
    {{MT_VPP_COL_SETPOINT, setpoint_names, true},
     MT_VPP_DECIMAL,
     .offset = offsetof(struct flag_row, value.setpoint_kw),
     .scale = mt_vpp_power_kw},
};

static const struct flag_row blank = {{MT_TIME_NONE, MT_TIME_NONE, false, MT_MICRO_NONE}, 0, 0};

static const mt_vpp_table table = {.column = columns,
                                   .n_column = sizeof columns / sizeof *columns,
                                   .row_bytes = sizeof(struct flag_row),
                                   .blank = &blank,
                                   .line_offset = offsetof(struct flag_row, line),
                                   .name_column = MT_COLUMN_ABSENT};

mt_code mt_vpp_read_redispatch(mt_vpp_reader *reader)
{
    struct flag_row *row;
    mt_redispatch_value *value;
    size_t n, kept = 0;
    const char *point = reader->file->subject;
    if (point == NULL)
        return mt_fail(&reader->own, MT_E_INPUT,
                       "%s names no metering point; expected redispatch_flag_<metering "
                       "point>_YYYYMMDD_HHMM.csv",
                       mt_vpp_file_name(reader));
    MT_TRY(mt_vpp_table_read(reader, &table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) {
        mt_redispatch_value *one = &row[k].value;
        one->redispatched = row[k].flag == 1;
        if (one->end == MT_TIME_NONE) one->end = one->start + 15 * MT_US_MINUTE;
        if (one->end <= one->start)
            MT_TRY(mt_vpp_bad_row(reader, point, row[k].line, "the period does not end after its start"));
        else if (mt_vpp_wanted(reader, one->start, one->end))
            value[kept++] = *one;
    }
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, redispatch, point, value, kept);
}
