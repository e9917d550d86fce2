/* Final production of grid operators: quarter hours of metering points, which the header names. */
#include "formats/vpp/csv/table.h"

#include <string.h>

enum { START, END, WANTED };

static const char *const start_names[] = {"deliverystartutc", "deliverystart", NULL};
static const char *const end_names[] = {"deliveryendutc", "deliveryend", NULL};

static const mt_wanted_column wanted[WANTED] = {
    [START] = {.name = MT_VPP_COL_START, .synonym = start_names},
    [END] = {.name = MT_VPP_COL_END, .synonym = end_names, .optional = true},
};

/* A metering point's column. */
struct meter {
    const char *point;
    size_t at;
    const mt_vpp_scale *scale;
    mt_meter_value *value;
    size_t n, room;
};

struct state {
    mt_vpp_reader *reader;
    mt_records records;
    mt_header header;
    struct meter *meter;
    size_t n_meter;
    bool utc;
    char mark;
    mt_text field[MT_RECORD_FIELDS];
};

static mt_code add_meter(struct state *state, size_t at)
{
    bool stated;
    mt_ctx *own = &state->reader->own;
    mt_text name = mt_text_of(state->header.name[at]);
    struct meter *meter = &state->meter[state->n_meter++];
    meter->at = at;
    meter->scale = mt_vpp_scale_of(name, mt_vpp_quarter_kw, &stated);
    MT_TRY(mt_text_copy(own, &meter->point, mt_vpp_name_of(name)));
    if (meter->scale == NULL)
        return mt_fail(own, MT_E_UNIT,
                       "%s line %llu: column \"%s\" has a unit that is not known; expected "
                       "<metering point>__kw_ (or w, mw, wh, kwh, mwh)",
                       mt_vpp_file_name(state->reader), (unsigned long long)state->header.line, name.at);
    if (stated) return MT_OK;
    return mt_vpp_find(state->reader, MT_F_UNIT, meter->point, mt_vpp_at_line(state->header.line),
                       "%s line %llu: column \"%s\" says no unit; kW is taken",
                       mt_vpp_file_name(state->reader), (unsigned long long)state->header.line, name.at);
}

static mt_code open_meters(struct state *state)
{
    mt_ctx *own = &state->reader->own;
    mt_records_init(&state->records, state->reader->bytes, ',');
    MT_TRY(mt_header_read(own, &state->records, wanted, WANTED, &state->header));
    MT_TRY(MT_NEW(own, &state->meter, state->header.n));
    const char *start = state->header.name[state->header.at[START]];
    state->utc = strstr(start, "utc") != NULL || strstr(start, "UTC") != NULL;
    for (size_t k = 0; k < state->header.n; k++)
        if (k != state->header.at[START] && k != state->header.at[END]) MT_TRY(add_meter(state, k));
    return MT_OK;
}

static mt_code add_value(struct state *state, struct meter *meter, mt_time start, uint64_t line)
{
    mt_meter_value value = {.start = start};
    mt_vpp_found found = mt_vpp_decimal(state->field[meter->at], &state->mark, &value.power_kw);
    if (found == MT_VPP_MISSING) return MT_OK;
    if (found == MT_VPP_WRONG || !mt_vpp_scale_apply(meter->scale, &value.power_kw))
        return mt_vpp_bad_row(state->reader, meter->point, line, "the value is no decimal number");
    MT_TRY(mt_ctx_grow(&state->reader->own, &meter->value, meter->n, &meter->room, sizeof value));
    meter->value[meter->n++] = value;
    return MT_OK;
}

static mt_code add_record(struct state *state, const mt_record *record)
{
    mt_time start;
    const char *subject = state->reader->file->subject;
    if (record->too_long || record->n != state->header.n)
        return mt_vpp_bad_row(state->reader, subject, record->line,
                              "the row has another number of fields than the header");
    if (mt_vpp_instant(state->field[state->header.at[START]], state->utc, &start) != MT_VPP_RIGHT)
        return mt_vpp_bad_row(state->reader, subject, record->line,
                              "the start is no instant; expected 2025-06-08 00:00:00 UTC");
    if (!mt_vpp_wanted(state->reader, start, start + 15 * MT_US_MINUTE)) return MT_OK;
    for (size_t k = 0; k < state->n_meter; k++)
        MT_TRY(add_value(state, &state->meter[k], start, record->line));
    return MT_OK;
}

mt_code mt_vpp_read_metering(mt_vpp_reader *reader)
{
    struct state *state;
    mt_record record;
    bool end;
    MT_TRY(MT_NEW(&reader->own, &state, 1));
    state->reader = reader;
    MT_TRY(open_meters(state));
    for (;;) {
        MT_TRY(mt_records_next(&reader->own, &state->records, state->field, &record, &end));
        if (end) break;
        MT_TRY(add_record(state, &record));
    }
    for (size_t k = 0; k < state->n_meter; k++) {
        const struct meter *meter = &state->meter[k];
        if (meter->n > 0) MT_TRY(MT_VPP_GIVE(reader, meter, meter->point, meter->value, meter->n));
    }
    return MT_OK;
}
