/* Live measured infeed: points of power with their quality, a file an asset and day. */
#include "formats/vpp/columns.h"
#include "formats/vpp/json/column_document.h"
#include "formats/vpp/reader.h"

#include "base/money.h"

#include <string.h>

/* The columns in hand. */
struct live {
    const char *asset;
    mt_number_column *time, *power, *quality; /* quality NULL: all are good */
};

static mt_code open_live(mt_vpp_reader *reader, mt_column_document *document, struct live *live)
{
    const char *file = mt_vpp_file_name(reader);
    live->asset = document->asset_id;
    live->time = mt_column_find(document, MT_VPP_ID_TIMESTAMP, "time");
    live->power = mt_column_find(document, MT_VPP_ID_VALUE, MT_VPP_ID_POWER);
    live->quality = mt_column_find(document, MT_VPP_ID_QUALITY, NULL);
    if (live->asset == NULL)
        return mt_fail(&reader->own, MT_E_INPUT, "%s: its key has neither asset_id nor entity_id", file);
    if (live->time == NULL || live->power == NULL)
        return mt_fail(&reader->own, MT_E_INPUT, "%s has no column \"%s\"; expected timestamp and value",
                       file, live->time == NULL ? MT_VPP_ID_TIMESTAMP : MT_VPP_ID_VALUE);
    return mt_column_to_kw(&reader->own, live->power, file);
}

/* A quality that is not told is no good one; percent become shares. */
static void copy_qualities(const mt_number_column *quality, mt_micro *out)
{
    bool percent =
        quality->unit != NULL && mt_vpp_scale_find(mt_text_of(quality->unit), mt_vpp_percent) != NULL;
    for (size_t k = 0; k < quality->n; k++) {
        mt_micro value = quality->value[k];
        out[k] = value == MT_MICRO_NONE ? 0 : percent ? mt_div_round(value, 100) : value;
    }
}

/* Points without power stand as not good ones: they end what the point before them says. */
static mt_code add_qualities(mt_vpp_reader *reader, const struct live *live, mt_micro **out)
{
    bool gaps = false;
    size_t n = live->power->n;
    for (size_t k = 0; k < n && !gaps; k++) gaps = live->power->value[k] == MT_MICRO_NONE;
    *out = NULL;
    if (live->quality == NULL && !gaps) return MT_OK;
    MT_TRY(MT_NEW(&reader->own, out, n + 1));
    if (live->quality != NULL) copy_qualities(live->quality, *out);
    for (size_t k = 0; k < n; k++) {
        if (live->quality == NULL) (*out)[k] = MT_MICRO_ONE;
        if (live->power->value[k] == MT_MICRO_NONE) (*out)[k] = 0;
    }
    return MT_OK;
}

static mt_code tell_times(mt_vpp_reader *reader, const struct live *live, bool seconds, size_t bad)
{
    const char *file = mt_vpp_file_name(reader);
    bool promised = live->time->unit == NULL || strcmp(live->time->unit, "s") != 0;
    if (seconds && promised)
        MT_TRY(mt_vpp_find(reader, MT_F_SECONDS, live->asset, mt_vpp_at_line(0),
                           "%s: times of %s are seconds although \"%s\" is said", file, live->asset,
                           live->time->unit != NULL ? live->time->unit : "ms"));
    for (size_t k = 0; k < bad; k++)
        MT_TRY(mt_vpp_find(reader, MT_F_BAD_ROW, live->asset, mt_vpp_at_line(0),
                           "%s: a point of %s has a time that is none of the years 2000 to 2199", file,
                           live->asset));
    return MT_OK;
}

static mt_code give_points(mt_vpp_reader *reader, const struct live *live, mt_micro *quality)
{
    size_t kept = 0, bad = 0;
    bool seconds = false;
    mt_time *time = live->time->value; /* both are 64 bits wide: in place */
    mt_micro *power = live->power->value;
    for (size_t k = 0; k < live->time->n; k++) {
        mt_time t = mt_vpp_number_time(time[k], &seconds);
        bad += t == MT_TIME_NONE;
        if (t == MT_TIME_NONE || !mt_vpp_wanted(reader, t, t + 1)) continue;
        time[kept] = t;
        power[kept] = power[k];
        if (quality != NULL) quality[kept] = quality[k];
        kept++;
    }
    MT_TRY(tell_times(reader, live, seconds, bad));
    mt_live_points points = {.n = kept, .time = time, .power_kw = power, .quality = quality};
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, live, live->asset, &points);
}

mt_code mt_vpp_read_live(mt_vpp_reader *reader)
{
    mt_column_document document;
    struct live live;
    mt_micro *quality;
    MT_TRY(mt_column_document_read(&reader->own, &document, reader->bytes));
    MT_TRY(open_live(reader, &document, &live));
    MT_TRY(add_qualities(reader, &live, &quality));
    return give_points(reader, &live, quality);
}
