/* JSON documents of a portfolio. */
#include "formats/vpp/write/documents.h"

#include "base/rows/field.h"
#include "formats/vpp/columns.h"
#include "formats/vpp/write/put.h"
#include "io/json.h"

#include <math.h>

enum { ROW_ROOM = 1 << 14, NUMBER_ROOM = 40 };

static const char number_indent[] = "\n      ";

/* Numbers of a document's column, gathered before they leave. */
struct row {
    mt_ctx *cx;
    mt_out *out;
    size_t n;
    char text[ROW_ROOM + NUMBER_ROOM];
};

static mt_code let_go(struct row *row)
{
    size_t n = row->n;
    row->n = 0;
    return mt_out_write(row->cx, row->out, row->text, n);
}

static mt_code put_number(struct row *row, mt_micro value, int places, bool first)
{
    char *to = row->text + row->n;
    if (!first) *to++ = ',';
    memcpy(to, number_indent, sizeof number_indent - 1);
    to = mt_put_micro(to + sizeof number_indent - 1, value, places);
    row->n = (size_t)(to - row->text);
    return row->n < ROW_ROOM ? MT_OK : let_go(row);
}

/* Tenths and other fine parts have no place in milliseconds: a whole number with ".0" where places is 1. */
static mt_code put_whole(struct row *row, int64_t value, int places, bool first)
{
    char *to = row->text + row->n;
    if (!first) *to++ = ',';
    memcpy(to, number_indent, sizeof number_indent - 1);
    to = mt_put_int(to + sizeof number_indent - 1, value);
    if (places) to = mt_put_text(to, ".0");
    row->n = (size_t)(to - row->text);
    return row->n < ROW_ROOM ? MT_OK : let_go(row);
}

static mt_code open_column(struct row *row, bool first)
{
    row->n = (size_t)(mt_put_text(row->text + row->n, first ? "\n    [" : "\n    ],\n    [") - row->text);
    return MT_OK;
}

static mt_code close_columns(struct row *row)
{
    row->n = (size_t)(mt_put_text(row->text + row->n, "\n    ]\n  ]\n}\n") - row->text);
    return let_go(row);
}

mt_code mt_vpp_write_live(mt_ctx *cx, mt_out *out, const mt_vpp_live_look *look, const mt_live_points *points)
{
    struct row row = {.cx = cx, .out = out};
    mt_time unit = look->seconds ? MT_US_SECOND : 1000;
    MT_TRY(mt_out_format(
        cx, out,
        "{\n  \"" MT_VPP_KEY_KEY "\": {\n    \"%s\": \"%s\",\n    \"" MT_VPP_KEY_TYPE_ID
        "\": \"" MT_VPP_TYPE_LIVE "\"\n  },\n  \"" MT_VPP_KEY_COLUMN_IDS "\": [\n    \"" MT_VPP_ID_TIMESTAMP
        "\",\n    \"" MT_VPP_ID_VALUE "\",\n    \"" MT_VPP_ID_QUALITY "\"\n  ],\n  \"" MT_VPP_KEY_UNITS
        "\": [\n    \"ms\",\n    \"%s\",\n    \"factor\"\n  ],\n  \"" MT_VPP_KEY_VALUES "\": [",
        look->entity_key ? MT_VPP_KEY_ENTITY_ID : MT_VPP_KEY_ASSET_ID, look->asset_id,
        look->megawatts ? "MW" : "kW"));
    MT_TRY(open_column(&row, true));
    for (size_t k = 0; k < points->n; k++) MT_TRY(put_whole(&row, points->time[k] / unit, 1, k == 0));
    MT_TRY(open_column(&row, false));
    for (size_t k = 0; k < points->n; k++) {
        mt_micro power = look->megawatts ? points->power_kw[k] / 1000 : points->power_kw[k];
        MT_TRY(put_number(&row, power, 1, k == 0));
    }
    MT_TRY(open_column(&row, false));
    for (size_t k = 0; k < points->n; k++) {
        mt_micro quality = points->quality ? points->quality[k] : MT_MICRO_ONE;
        MT_TRY(put_number(&row, quality, 1, k == 0));
    }
    return close_columns(&row);
}

static mt_code put_times(struct row *row, const mt_forecast_value *value, size_t n, bool ends)
{
    MT_TRY(open_column(row, !ends));
    for (size_t k = 0; k < n; k++)
        MT_TRY(put_whole(row, (ends ? value[k].end : value[k].start) / MT_US_SECOND, 0, k == 0));
    return MT_OK;
}

mt_code mt_vpp_write_forecast(mt_ctx *cx, mt_out *out, const mt_vpp_forecast_look *look,
                              const mt_forecast_value *value, size_t n)
{
    struct row row = {.cx = cx, .out = out};
    MT_TRY(mt_out_format(
        cx, out,
        "{\n  \"" MT_VPP_KEY_KEY "\": {\n    \"" MT_VPP_KEY_ASSET_ID "\": \"%s\",\n    \"" MT_VPP_KEY_TYPE_ID
        "\": \"%s\"\n  },\n  \"" MT_VPP_KEY_COLUMN_IDS "\": [\n    \"" MT_VPP_ID_START
        "\",\n    \"" MT_VPP_ID_END "\",\n    \"" MT_VPP_ID_VERSION "\",\n    \"" MT_VPP_ID_POWER
        "\"\n  ],\n  \"" MT_VPP_KEY_UNITS
        "\": [\n    \"ms\",\n    \"ms\",\n    \"ms\",\n    \"%s\"\n  ],\n  \"" MT_VPP_KEY_VALUES "\": [",
        look->asset_id, look->solar ? MT_VPP_TYPE_FORECAST : "wind-forecast-real", look->watts ? "W" : "kW"));
    MT_TRY(put_times(&row, value, n, false));
    MT_TRY(put_times(&row, value, n, true));
    MT_TRY(open_column(&row, false));
    for (size_t k = 0; k < n; k++) MT_TRY(put_whole(&row, look->version / MT_US_SECOND, 0, k == 0));
    MT_TRY(open_column(&row, false));
    for (size_t k = 0; k < n; k++)
        MT_TRY(put_number(&row, look->watts ? value[k].power_kw * 1000 : value[k].power_kw, 1, k == 0));
    return close_columns(&row);
}

static void put_named(mt_json_writer *json, const char *name, const char *text)
{
    if (!text) return;
    mt_json_key(json, name);
    mt_json_text(json, text);
}

static void put_day(mt_json_writer *json, const char *name, mt_day day)
{
    char text[MT_TIME_TEXT_MAX];
    if (day == MT_DAY_NONE) return;
    mt_day_text(day, text);
    put_named(json, name, text);
}

static void put_real(mt_json_writer *json, const char *name, double value)
{
    if (isnan(value)) return;
    mt_json_key(json, name);
    mt_json_real(json, value);
}

/* 1088 or 1088.0 */
static void put_capacity(mt_json_writer *json, const mt_plant *p, bool whole_kw)
{
    bool whole = p->capacity_w % 1000 == 0;
    mt_json_key(json, MT_VPP_KEY_CAPACITY_KW);
    if (!whole) {
        mt_json_value(json, MT_MICRO, (mt_value){.present = true, .as.integer = p->capacity_w * 1000});
        return;
    }
    mt_json_int(json, p->capacity_w / 1000);
    if (!whole_kw && json->code == MT_OK) json->code = mt_out_text(json->cx, json->out, ".0");
}

static void put_attributes(mt_json_writer *json, const mt_plant *p, bool whole_kw)
{
    bool solar = p->technology == MT_SOLAR;
    mt_json_key(json, MT_VPP_KEY_ATTRIBUTES);
    mt_json_object(json);
    put_capacity(json, p, whole_kw);
    put_named(json, solar ? MT_VPP_KEY_PANEL : MT_VPP_KEY_TURBINE, p->model);
    if (solar) put_named(json, MT_VPP_KEY_TRACKING, p->tracking);
    if (p->turbines != INT64_MIN) {
        mt_json_key(json, MT_VPP_KEY_TURBINES);
        mt_json_int(json, p->turbines);
    }
    put_real(json, MT_VPP_KEY_HUB_HEIGHT, p->hub_height_m);
    put_real(json, MT_VPP_KEY_TILT, p->tilt_deg);
    put_real(json, MT_VPP_KEY_AZIMUTH, p->azimuth_deg);
    put_day(json, MT_VPP_KEY_COMMISSIONED, p->commissioned);
    mt_json_end(json);
}

static void put_plant(mt_json_writer *json, const mt_plant *p, bool whole_kw)
{
    mt_json_object(json);
    put_named(json, MT_VPP_KEY_ASSET_ID, p->asset_id);
    put_named(json, MT_VPP_KEY_NAME, p->name);
    put_named(json, MT_VPP_KEY_TYPE, mt_technology_word(p->technology));
    mt_json_key(json, MT_VPP_KEY_LOCATION);
    mt_json_object(json);
    put_real(json, MT_VPP_KEY_LATITUDE, p->latitude);
    put_real(json, MT_VPP_KEY_LONGITUDE, p->longitude);
    put_named(json, MT_VPP_KEY_TIMEZONE, p->zone);
    mt_json_end(json);
    put_attributes(json, p, whole_kw);
    put_named(json, MT_VPP_KEY_STATUS, p->status);
    mt_json_key(json, MT_VPP_KEY_OWNER);
    mt_json_object(json);
    put_named(json, MT_VPP_KEY_NAME, p->owner);
    mt_json_end(json);
    mt_json_end(json);
}

mt_code mt_vpp_write_sheets(mt_ctx *cx, mt_out *out, const mt_plant *plant, size_t n, bool whole_kw)
{
    mt_json_writer json;
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, MT_VPP_KEY_ASSETS);
    mt_json_array(&json);
    for (size_t k = 0; k < n; k++) put_plant(&json, &plant[k], whole_kw);
    mt_json_end(&json);
    mt_json_end(&json);
    return mt_json_done(&json);
}

static const struct {
    const char *name;
    size_t offset;
} party_text[] = {
    {"party_id", offsetof(mt_party, party_id)},
    {"name", offsetof(mt_party, name)},
    {"street", offsetof(mt_party, street)},
    {"postcode", offsetof(mt_party, postcode)},
    {"city", offsetof(mt_party, city)},
    {"country", offsetof(mt_party, country)},
    {"vat_id", offsetof(mt_party, vat_id)},
    {"tax_number", offsetof(mt_party, tax_number)},
    {"register_id", offsetof(mt_party, register_id)},
    {"contact_name", offsetof(mt_party, contact_name)},
    {"contact_phone", offsetof(mt_party, contact_phone)},
    {"contact_email", offsetof(mt_party, contact_email)},
    {"electronic_address", offsetof(mt_party, electronic_address)},
    {"electronic_scheme", offsetof(mt_party, electronic_scheme)},
    {"buyer_reference", offsetof(mt_party, buyer_reference)},
    {"iban", offsetof(mt_party, iban)},
    {"bic", offsetof(mt_party, bic)},
    {"market_id", offsetof(mt_party, market_id)},
    {"datev_account", offsetof(mt_party, datev_account)},
};

static void put_party(mt_json_writer *json, const mt_party *p)
{
    mt_json_object(json);
    for (size_t k = 0; k < sizeof party_text / sizeof *party_text; k++) {
        const char *const *text = (const char *const *)(const void *)((const char *)p + party_text[k].offset);
        put_named(json, party_text[k].name, *text);
    }
    put_day(json, "reseller_from", p->reseller_from);
    put_day(json, "reseller_until", p->reseller_until);
    mt_json_key(json, "small_business");
    mt_json_bool(json, p->small_business);
    mt_json_end(json);
}

mt_code mt_vpp_write_parties(mt_ctx *cx, mt_out *out, const mt_party *party, size_t n)
{
    mt_json_writer json;
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, MT_VPP_KEY_ISSUER);
    put_party(&json, &party[0]);
    mt_json_key(&json, MT_VPP_KEY_OWNERS);
    mt_json_array(&json);
    for (size_t k = 1; k < n; k++) put_party(&json, &party[k]);
    mt_json_end(&json);
    mt_json_end(&json);
    return mt_json_done(&json);
}
