/* The schedule of a balancing group as ScheduleMessage and as a table. */
#include "formats/document/ess.h"

#include "base/money.h"
#include "base/rows/emit.h"
#include "formats/document/amount.h"
#include "formats/document/xml_write.h"
#include "io/sinks/csv.h"

#include <stdio.h>
#include <string.h>

enum { CODE_MAX = 35, VERSION_MAX = 999, KW_DECIMALS = 3 };

static const char active_power[] = "8716867000016"; /* the product code of ESS */
static const char eic[] = "A01";                    /* the coding scheme of EIC */

static const struct {
    const char *code, *words;
} business[] = {
#define BUSINESS_ROW(symbol, code, words) {code, words},
    MT_ESS_BUSINESS_LIST(BUSINESS_ROW)
#undef BUSINESS_ROW
};

/* --- checks --- */

static mt_code check_code(mt_ctx *cx, const char *what, const char *code)
{
    size_t n = code ? strlen(code) : 0;
    if (n >= 1 && n <= CODE_MAX) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "schedule: %s \"%.50s\"; 1 to %d characters were expected", what,
                   code ? code : "", CODE_MAX);
}

static mt_code check_series(mt_ctx *cx, const mt_ess_series *series, mt_grid grid)
{
    MT_TRY(check_code(cx, "series", series->series_id));
    for (size_t k = 0; k < grid.n; k++) {
        if (series->power_kw[k] == MT_MICRO_NONE)
            return mt_fail(cx, MT_E_INPUT,
                           "schedule series %s, position %zu: no value; every quarter is told",
                           series->series_id, k + 1);
        if (series->power_kw[k] < 0)
            return mt_fail(
                cx, MT_E_INPUT,
                "schedule series %s, position %zu: negative power; in and out are exchanged instead",
                series->series_id, k + 1);
    }
    return MT_OK;
}

static mt_code check_message(mt_ctx *cx, const mt_ess_message *message)
{
    MT_TRY(check_code(cx, "message", message->message_id));
    MT_TRY(check_code(cx, "sender", message->sender));
    MT_TRY(check_code(cx, "receiver", message->receiver));
    MT_TRY(check_code(cx, "process", message->process));
    if (message->version < 1 || message->version > VERSION_MAX)
        return mt_fail(cx, MT_E_INPUT, "schedule %s: version %d; 1 to %d were expected", message->message_id,
                       message->version, VERSION_MAX);
    if (message->grid.n == 0 || !mt_step_valid(message->grid.step))
        return mt_fail(cx, MT_E_INPUT, "schedule %s: no periods, or none of 5 to 60 minutes",
                       message->message_id);
    for (size_t k = 0; k < message->n_series; k++)
        MT_TRY(check_series(cx, &message->series[k], message->grid));
    return MT_OK;
}

/* --- the message: values stand in the attribute v --- */

static void put_value(mt_xml_writer *xml, const char *name, const char *value)
{
    mt_xml_empty_with(xml, name, (const char *const[]){"v", value, NULL});
}

static void put_number(mt_xml_writer *xml, const char *name, int64_t value)
{
    char text[32];
    (void)mt_amount_text(value, 0, 0, text);
    put_value(xml, name, text);
}

/* Nothing where there is no code. */
static void put_coded(mt_xml_writer *xml, const char *name, const char *code)
{
    if (code) mt_xml_empty_with(xml, name, (const char *const[]){"v", code, "codingScheme", eic, NULL});
}

static size_t write_minute(mt_time t, char *out, size_t room)
{
    mt_civil at = mt_time_civil(t);
    int n = snprintf(out, room, "%04d-%02d-%02dT%02d:%02dZ", at.year, at.month, at.day, at.hour, at.minute);
    return n > 0 ? (size_t)n : 0;
}

static void put_interval(mt_xml_writer *xml, const char *name, mt_grid grid)
{
    char text[80];
    size_t n = write_minute(grid.start, text, sizeof text);
    text[n++] = '/';
    (void)write_minute(grid.start + (mt_time)grid.n * grid.step, text + n, sizeof text - n);
    put_value(xml, name, text);
}

static void put_power(char out[MT_AMOUNT_TEXT_MAX], mt_micro power_kw)
{
    (void)mt_amount_text(mt_div_round(power_kw, MT_MICRO_ONE), KW_DECIMALS, KW_DECIMALS, out);
}

static void write_period(mt_xml_writer *xml, const mt_ess_series *series, mt_grid grid)
{
    char text[MT_AMOUNT_TEXT_MAX], step[16];
    (void)snprintf(step, sizeof step, "PT%dM", (int)(grid.step / MT_US_MINUTE));
    mt_xml_group(xml, "Period", NULL);
    put_interval(xml, "TimeInterval", grid);
    put_value(xml, "Resolution", step);
    for (size_t k = 0; k < grid.n; k++) {
        mt_xml_group(xml, "Interval", NULL);
        put_number(xml, "Pos", (int64_t)k + 1);
        put_power(text, series->power_kw[k]);
        put_value(xml, "Qty", text);
        mt_xml_end(xml);
    }
    mt_xml_end(xml);
}

static void write_series(mt_xml_writer *xml, const mt_ess_series *series, const mt_ess_message *message)
{
    mt_xml_group(xml, "ScheduleTimeSeries", NULL);
    put_value(xml, "SendersTimeSeriesIdentification", series->series_id);
    put_number(xml, "SendersTimeSeriesVersion", message->version);
    put_value(xml, "BusinessType", business[series->business].code);
    put_value(xml, "Product", active_power);
    put_value(xml, "ObjectAggregation", "A03"); /* by party */
    put_coded(xml, "InArea", series->in_area);
    put_coded(xml, "OutArea", series->out_area);
    put_coded(xml, "InParty", series->in_party);
    put_coded(xml, "OutParty", series->out_party);
    put_value(xml, "MeasurementUnit", "MAW");
    write_period(xml, series, message->grid);
    mt_xml_end(xml);
}

mt_code mt_ess_write(mt_ctx *cx, mt_out *out, const mt_ess_message *message)
{
    mt_xml_writer xml;
    char created[MT_TIME_TEXT_MAX];
    MT_TRY(check_message(cx, message));
    (void)mt_time_text(mt_time_floor(message->created, MT_US_SECOND), created);
    mt_xml_start(cx, &xml, out);
    mt_xml_group(&xml, "ScheduleMessage", "DtdVersion=\"2\" DtdRelease=\"3\"");
    put_value(&xml, "MessageIdentification", message->message_id);
    put_number(&xml, "MessageVersion", message->version);
    put_value(&xml, "MessageType", "A01"); /* a balance responsible party's schedule */
    put_value(&xml, "ProcessType", message->process);
    put_value(&xml, "ScheduleClassificationType", "A01");
    put_coded(&xml, "SenderIdentification", message->sender);
    put_value(&xml, "SenderRole", "A01"); /* trade responsible party */
    put_coded(&xml, "ReceiverIdentification", message->receiver);
    put_value(&xml, "ReceiverRole", "A04"); /* system operator */
    put_value(&xml, "MessageDateTime", created);
    put_interval(&xml, "ScheduleTimeInterval", message->grid);
    for (size_t k = 0; k < message->n_series; k++) write_series(&xml, &message->series[k], message);
    mt_xml_end(&xml);
    return mt_xml_done(&xml);
}

/* --- the table --- */

struct ess_row {
    const char *series, *business, *in_area, *out_area, *in_party, *out_party;
    int64_t position;
    mt_time start;
    int64_t power_mw;
};

static const mt_field ess_col[] = {
    {.name = "series", MT_TEXT_AT(ess_row, series), .doc = "the time series"},
    {.name = "business", MT_TEXT_AT(ess_row, business), .doc = "what it is"},
    {.name = "in_area", MT_TEXT_AT(ess_row, in_area), .doc = "EIC; empty: none"},
    {.name = "out_area", MT_TEXT_AT(ess_row, out_area), .doc = "EIC; empty: none"},
    {.name = "in_party", MT_TEXT_AT(ess_row, in_party), .doc = "who gets the energy"},
    {.name = "out_party", MT_TEXT_AT(ess_row, out_party), .doc = "who gives the energy"},
    {.name = "position", MT_INT_AT(ess_row, position), .doc = "of the period, from 1"},
    {.name = "delivery_start", MT_TIME_AT(ess_row, start), .doc = "start of the period"},
    {.name = "power_mw", MT_MICRO_AT(ess_row, power_mw), .unit = MT_UNIT_MW, .doc = "mean power"},
    {.name = NULL}};

static mt_code put_rows(mt_emit *emit, const mt_ess_series *series, mt_grid grid)
{
    struct ess_row row = {.series = series->series_id,
                          .business = business[series->business].words,
                          .in_area = series->in_area,
                          .out_area = series->out_area,
                          .in_party = series->in_party,
                          .out_party = series->out_party};
    for (size_t k = 0; k < grid.n; k++) {
        row.position = (int64_t)k + 1;
        row.start = grid.start + (mt_time)k * grid.step;
        row.power_mw = mt_div_round(series->power_kw[k], MT_MICRO_ONE) * 1000; /* kW in millionths of MW */
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

mt_code mt_ess_csv(mt_ctx *cx, mt_out *out, const mt_ess_message *message)
{
    mt_sink *sink = NULL;
    mt_emit *emit = NULL;
    MT_TRY(check_message(cx, message));
    MT_TRY(mt_csv_sink(cx, &sink, out, NULL));
    MT_TRY(mt_emit_begin(cx, &emit, sink, "schedule", ess_col, NULL, NULL));
    for (size_t k = 0; k < message->n_series; k++) MT_TRY(put_rows(emit, &message->series[k], message->grid));
    return mt_emit_end(emit);
}
