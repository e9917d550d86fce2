/* Media types and their weights. */
#include "server/api/media.h"

#include <string.h>

static const char *const media[MT_FORMAT_COUNT] = {
    [MT_FORMAT_TABLE] = "text/plain; charset=utf-8",
    [MT_FORMAT_JSON] = "application/json",
    [MT_FORMAT_NDJSON] = "application/x-ndjson",
    [MT_FORMAT_CSV] = "text/csv; charset=utf-8",
    [MT_FORMAT_PARQUET] = "application/vnd.apache.parquet",
    [MT_FORMAT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const char *mt_media_type(mt_format format)
{
    return media[format];
}

static mt_code find_output(mt_ctx *cx, mt_format *out, const char *name)
{
    for (int k = 0; k < MT_FORMAT_COUNT; k++) {
        if (strcmp(mt_format_name[k], name) != 0) continue;
        *out = (mt_format)k;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "output \"%.40s\": json, ndjson, csv, parquet, xlsx or table is right",
                   name);
}

/* -1 when the type is none of ours; a wildcard is JSON. */
static int find_type(mt_text type)
{
    if (mt_text_equal(type, "*/*") || mt_text_equal(type, "application/*")) return MT_FORMAT_JSON;
    if (mt_text_equal(type, "text/*")) return MT_FORMAT_CSV;
    if (mt_text_equal_nocase(type, "application/ndjson")) return MT_FORMAT_NDJSON;
    for (int k = 0; k < MT_FORMAT_COUNT; k++) {
        size_t n = strcspn(media[k], ";");
        if (type.length == n && strncasecmp(media[k], type.at, n) == 0) return k;
    }
    return -1;
}

/* The weight behind ";q=", 1 when there is none. */
static double weight_of(mt_text parameters)
{
    double weight = 1;
    for (size_t k = 0; k + 2 < parameters.length; k++) {
        if ((parameters.at[k] != 'q' && parameters.at[k] != 'Q') || parameters.at[k + 1] != '=') continue;
        size_t n = k + 2;
        while (n < parameters.length && parameters.at[n] != ';' && parameters.at[n] != ' ') n++;
        if (!mt_real_parse(parameters.at + k + 2, n - k - 2, &weight)) weight = 1;
    }
    return weight;
}

mt_code mt_media_choose(mt_ctx *cx, mt_format *out, const char *output, const char *accept)
{
    double best = 0;
    *out = MT_FORMAT_JSON;
    if (output) return find_output(cx, out, output);
    while (accept && *accept) {
        size_t n = strcspn(accept, ","), type = strcspn(accept, ",;");
        int format = find_type(mt_text_trim((mt_text){accept, type}));
        double weight = weight_of((mt_text){accept + type, n - type});
        if (format >= 0 && weight > best) {
            best = weight;
            *out = (mt_format)format;
        }
        accept += n + (accept[n] == ',');
    }
    return MT_OK;
}
