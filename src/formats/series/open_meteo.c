/* Weather downloads of Open-Meteo: a mapping made from the file's own two headers. */
#include "formats/series/open_meteo.h"

#include <stdio.h>
#include <string.h>

enum { UNIT_MAX = 24, OFFSET_MAX_S = 18 * 3600 };

/* How the unit's text stands in the house. */
static const char *const respelled[][2] = {
    {"°C", "degC"}, {"°F", "degF"}, {"°", "deg"}, {"²", "2"}, {"³", "3"}};

/* From the service's list of hourly variables: those "of the preceding hour". */
static const char *const of_period[] = {"wind_gusts_10m",
                                        "shortwave_radiation",
                                        "direct_radiation",
                                        "direct_normal_irradiance",
                                        "diffuse_radiation",
                                        "global_tilted_irradiance",
                                        "terrestrial_radiation",
                                        "sunshine_duration",
                                        "precipitation",
                                        "precipitation_probability",
                                        "rain",
                                        "showers",
                                        "snowfall",
                                        "evapotranspiration",
                                        "et0_fao_evapotranspiration"};

static size_t find_name(const char *const *name, size_t n, const char *wanted)
{
    size_t k = 0;
    while (k < n && strcmp(name[k], wanted) != 0) k++;
    return k;
}

bool mt_open_meteo_is(const char *const *name, size_t n)
{
    return find_name(name, n, "latitude") < n && find_name(name, n, "longitude") < n &&
           find_name(name, n, "utc_offset_seconds") < n;
}

bool mt_open_meteo_is_of_period(const char *quantity)
{
    size_t n = sizeof of_period / sizeof *of_period;
    return find_name(of_period, n, quantity) < n;
}

mt_time mt_open_meteo_shift(const char *quantity, mt_time step)
{
    if (!mt_open_meteo_is_of_period(quantity)) return 0;
    return step < MT_US_HOUR ? step : MT_US_HOUR;
}

static mt_code fail_here(mt_ctx *cx, const mt_records *records, const mt_record *record, const char *what)
{
    return mt_fail(cx, MT_E_INPUT, "%s line %llu: %s", mt_bytes_name(records->bytes),
                   (unsigned long long)record->line, what);
}

/* Area and offset of the one place. */
static mt_code read_place(mt_ctx *cx, mt_records *records, const mt_header *head, mt_mapping *mapping)
{
    mt_text field[MT_RECORD_FIELDS];
    mt_record record;
    bool end;
    int64_t offset;
    MT_TRY(mt_records_next(cx, records, field, &record, &end));
    if (end || record.n != head->n) return fail_here(cx, records, &record, "expected the place's one line");
    mt_text latitude = field[find_name(head->name, head->n, "latitude")],
            longitude = field[find_name(head->name, head->n, "longitude")],
            seconds = field[find_name(head->name, head->n, "utc_offset_seconds")];
    double degrees;
    bool place = mt_real_parse(latitude.at, latitude.length, &degrees) &&
                 mt_real_parse(longitude.at, longitude.length, &degrees);
    if (!place || latitude.length + longitude.length > 60)
        return fail_here(cx, records, &record, "expected latitude and longitude in degrees");
    if (!mt_int_parse(seconds.at, seconds.length, &offset) || offset % 60 != 0 || offset < -OFFSET_MAX_S ||
        offset > OFFSET_MAX_S)
        return fail_here(cx, records, &record, "expected whole minutes as utc_offset_seconds");
    MT_TRY(mt_text_format(cx, &mapping->area, "%.*s,%.*s", (int)latitude.length, latitude.at,
                          (int)longitude.length, longitude.at));
    int minutes = (int)(offset < 0 ? -offset : offset) / 60;
    return mt_text_format(cx, &mapping->time_zone, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60,
                          minutes % 60);
}

/* "W/m²" as "W/m2". */
static mt_code spell_unit(mt_ctx *cx, const char **out, const char *unit, size_t n)
{
    char text[UNIT_MAX + 16];
    size_t used = 0;
    for (size_t k = 0; k < n && used < UNIT_MAX;) {
        size_t took = 1;
        const char *put = &unit[k];
        size_t length = 1;
        for (size_t j = 0; j < sizeof respelled / sizeof *respelled && took == 1; j++) {
            size_t m = strlen(respelled[j][0]);
            if (m > n - k || memcmp(unit + k, respelled[j][0], m) != 0) continue;
            took = m;
            put = respelled[j][1];
            length = strlen(put);
        }
        memcpy(text + used, put, length);
        used += length;
        k += took;
    }
    return mt_text_copy(cx, out, (mt_text){text, used});
}

/* "temperature_2m (°C)" is temperature_2m in degC. */
static mt_code read_quantity(mt_ctx *cx, mt_map_value *value, const char *column)
{
    const char *open = strstr(column, " ("), *close = open != NULL ? strchr(open, ')') : NULL;
    *value =
        (mt_map_value){.field = column, .kind = mt_kind_name(MT_KIND_WEATHER), .unit = "", .detail = column};
    if (close == NULL) return MT_OK;
    MT_TRY(mt_text_copy(cx, &value->detail, (mt_text){column, (size_t)(open - column)}));
    return spell_unit(cx, &value->unit, open + 2, (size_t)(close - open) - 2);
}

static mt_code read_columns(mt_ctx *cx, mt_records *records, mt_mapping *mapping, const char *const **name,
                            size_t *n)
{
    mt_text field[MT_RECORD_FIELDS];
    mt_record record;
    bool end;
    const char **copy;
    mt_map_value *value;
    records->columns = 0;
    MT_TRY(mt_records_next(cx, records, field, &record, &end));
    if (end || record.n < 2 || record.n > MT_MAPPED_MAX + 1 || !mt_text_equal(field[0], "time"))
        return fail_here(cx, records, &record,
                         "expected the columns time and 1 to 64 quantities of one place");
    MT_TRY(MT_NEW(cx, &copy, record.n));
    MT_TRY(MT_NEW(cx, &value, record.n));
    for (size_t k = 0; k < record.n; k++) {
        MT_TRY(mt_text_copy(cx, &copy[k], mt_text_trim(field[k])));
        if (k > 0) MT_TRY(read_quantity(cx, &value[k - 1], copy[k]));
    }
    mapping->value = value;
    mapping->n_value = record.n - 1;
    records->columns = *n = record.n;
    *name = copy;
    return MT_OK;
}

/* From the rows in the window, which are not consumed. */
static mt_time guess_step(const mt_records *records)
{
    mt_records ahead = *records;
    mt_text field[MT_RECORD_FIELDS];
    mt_record record;
    mt_time t[2];
    bool has_offset;
    for (int k = 0; k < 2; k++) {
        if (mt_records_take(&ahead, field, MT_RECORD_FIELDS, &record) != MT_TAKE_RECORD || record.too_long)
            return MT_US_HOUR;
        if (!mt_time_parse(field[0].at, field[0].length, &t[k], &has_offset)) return MT_US_HOUR;
    }
    return t[1] > t[0] && t[1] - t[0] <= MT_US_DAY ? t[1] - t[0] : MT_US_HOUR;
}

mt_code mt_open_meteo_begin(mt_ctx *cx, mt_records *records, const mt_header *head,
                            const mt_mapping **mapping, const char *const **name, size_t *n)
{
    mt_mapping *made;
    MT_TRY(MT_NEW(cx, &made, 1));
    *made = (mt_mapping){.name = "open-meteo", .source = "open-meteo", .time_field = "time"};
    MT_TRY(read_place(cx, records, head, made));
    MT_TRY(read_columns(cx, records, made, name, n));
    made->step = guess_step(records);
    *mapping = made;
    return MT_OK;
}
