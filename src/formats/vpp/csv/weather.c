/* Weather at a plant, measured or forecast. */
#include "formats/vpp/csv/table.h"

#include <math.h>

struct weather_row {
    mt_weather_value value;
    uint64_t line;
};

static const char *const start_names[] = {"startutc", "start", "deliverystartutc", NULL};
static const char *const end_names[] = {"endutc", "end", "deliveryendutc", NULL};
static const char *const irradiance_names[] = {"irradiancewperm2", "irradiance", NULL};
static const char *const wind_names[] = {"windspeedmpers", "windspeed", NULL};
static const char *const height_names[] = {"windheightm", "windheight", NULL};
static const char *const temperature_names[] = {"temperaturec", "temperature", NULL};
static const char *const cloud_names[] = {"cloudshare", "cloud", NULL};

#define AT(member) .offset = offsetof(struct weather_row, value.member)

static const mt_vpp_column columns[] = {
    {{MT_VPP_COL_WEATHER_START, start_names, false}, MT_VPP_INSTANT, AT(start), .needed = true},
    {{MT_VPP_COL_WEATHER_END, end_names, false}, MT_VPP_INSTANT, AT(end), .needed = true},
    {{MT_VPP_COL_IRRADIANCE, irradiance_names, true}, MT_VPP_REAL, AT(irradiance_w_m2)},
    {{MT_VPP_COL_WIND_SPEED, wind_names, true}, MT_VPP_REAL, AT(wind_m_s)},
    {{MT_VPP_COL_WIND_HEIGHT, height_names, true}, MT_VPP_REAL, AT(wind_height_m)},
    {{MT_VPP_COL_TEMPERATURE, temperature_names, true}, MT_VPP_REAL, AT(temperature_c)},
    {{MT_VPP_COL_CLOUD, cloud_names, true}, MT_VPP_REAL, AT(cloud_share)},
};

static const struct weather_row blank = {{MT_TIME_NONE, MT_TIME_NONE, NAN, NAN, NAN, NAN, NAN}, 0};

static const mt_vpp_table table = {.column = columns,
                                   .n_column = sizeof columns / sizeof *columns,
                                   .row_bytes = sizeof(struct weather_row),
                                   .blank = &blank,
                                   .line_offset = offsetof(struct weather_row, line),
                                   .name_column = MT_COLUMN_ABSENT};

mt_code mt_vpp_read_weather(mt_vpp_reader *reader)
{
    struct weather_row *row;
    mt_weather_value *value;
    size_t n, kept = 0;
    const char *asset = reader->file->subject;
    if (asset == NULL)
        return mt_fail(&reader->own, MT_E_INPUT,
                       "%s names no asset; expected weather_<asset>_YYYYMMDD_HHMMSS.csv",
                       mt_vpp_file_name(reader));
    MT_TRY(mt_vpp_table_read(reader, &table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) {
        const mt_weather_value *one = &row[k].value;
        if (one->end <= one->start)
            MT_TRY(mt_vpp_bad_row(reader, asset, row[k].line, "the period does not end after its start"));
        else if (mt_vpp_wanted(reader, one->start, one->end))
            value[kept++] = *one;
    }
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, weather, asset, value, kept);
}
