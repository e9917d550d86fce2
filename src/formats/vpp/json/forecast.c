/* Forecasts: power by period, one version a file (or more, one behind another). */
#include "formats/vpp/columns.h"
#include "formats/vpp/json/column_document.h"
#include "formats/vpp/reader.h"

#include <string.h>

enum { STEP_MINUTES = 15 };

/* The columns in hand; end and version NULL: not told. */
struct forecast {
    const char *asset;
    mt_number_column *start, *end, *version, *power;
    bool seconds;
    mt_forecast_value *value; /* of one version */
    size_t n;
    mt_time at;
};

static mt_code open_forecast(mt_vpp_reader *reader, mt_column_document *document, struct forecast *out)
{
    const char *file = mt_vpp_file_name(reader);
    *out = (struct forecast){.asset = document->asset_id,
                             .start = mt_column_find(document, MT_VPP_ID_START, MT_VPP_ID_TIMESTAMP),
                             .end = mt_column_find(document, MT_VPP_ID_END, NULL),
                             .version = mt_column_find(document, MT_VPP_ID_VERSION, NULL),
                             .power = mt_column_find(document, MT_VPP_ID_POWER, MT_VPP_ID_VALUE),
                             .at = MT_TIME_NONE};
    if (out->asset == NULL)
        return mt_fail(&reader->own, MT_E_INPUT, "%s: its key has neither asset_id nor entity_id", file);
    if (out->start == NULL || out->power == NULL)
        return mt_fail(&reader->own, MT_E_INPUT,
                       "%s has no column \"%s\"; expected start, end, version, power", file,
                       out->start == NULL ? MT_VPP_ID_START : MT_VPP_ID_POWER);
    if (out->version == NULL && reader->file->origin.version == MT_TIME_NONE)
        return mt_fail(&reader->own, MT_E_INPUT, "%s says no version, neither in a column nor in its name",
                       file);
    MT_TRY(MT_NEW(&reader->own, &out->value, document->n + 1));
    return mt_column_to_kw(&reader->own, out->power, file);
}

static mt_code give_version(mt_vpp_reader *reader, struct forecast *forecast)
{
    size_t n = forecast->n;
    forecast->n = 0;
    if (n == 0) return MT_OK;
    return MT_VPP_GIVE(reader, forecast, forecast->asset, forecast->at, forecast->value, n);
}

static mt_code add_value(mt_vpp_reader *reader, struct forecast *forecast, size_t k)
{
    bool *seconds = &forecast->seconds;
    mt_forecast_value value = {.start = mt_vpp_number_time(forecast->start->value[k], seconds),
                               .power_kw = forecast->power->value[k]};
    mt_time version = reader->file->origin.version;
    value.end = value.start != MT_TIME_NONE ? value.start + STEP_MINUTES * MT_US_MINUTE : MT_TIME_NONE;
    if (forecast->end != NULL) value.end = mt_vpp_number_time(forecast->end->value[k], seconds);
    if (forecast->version != NULL) version = mt_vpp_number_time(forecast->version->value[k], seconds);
    if (version == MT_TIME_NONE || value.start == MT_TIME_NONE || value.end <= value.start)
        return mt_vpp_find(reader, MT_F_BAD_ROW, forecast->asset, mt_vpp_at_line(0),
                           "%s: value %zu of %s has no period of the years 2000 to 2199, or no version",
                           mt_vpp_file_name(reader), k + 1, forecast->asset);
    if (value.power_kw == MT_MICRO_NONE || !mt_vpp_wanted(reader, value.start, value.end)) return MT_OK;
    if (version != forecast->at) MT_TRY(give_version(reader, forecast));
    forecast->at = version;
    forecast->value[forecast->n++] = value;
    return MT_OK;
}

static mt_code tell_seconds(mt_vpp_reader *reader, const struct forecast *forecast)
{
    const char *unit = forecast->start->unit;
    if (!forecast->seconds || (unit != NULL && strcmp(unit, "s") == 0)) return MT_OK;
    return mt_vpp_find(reader, MT_F_SECONDS, forecast->asset, mt_vpp_at_line(0),
                       "%s: times of %s are seconds although \"%s\" is said", mt_vpp_file_name(reader),
                       forecast->asset, unit != NULL ? unit : "ms");
}

mt_code mt_vpp_read_forecast(mt_vpp_reader *reader)
{
    mt_column_document document;
    struct forecast forecast;
    MT_TRY(mt_column_document_read(&reader->own, &document, reader->bytes));
    MT_TRY(open_forecast(reader, &document, &forecast));
    for (size_t k = 0; k < document.n; k++) MT_TRY(add_value(reader, &forecast, k));
    MT_TRY(give_version(reader, &forecast));
    return tell_seconds(reader, &forecast);
}
