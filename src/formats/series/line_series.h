/* Series of line protocol by their raw bytes: what the part before the first blank of a line means.
 *
 * Purpose   A series' measurement and tags are understood once; afterwards one hash finds them.
 * Shapes    MT_LINE_SERIES_MAX series and fields together and MT_LINE_RAW_BYTES of raw names.
 * Errors    NULL with a reason where the part is malformed; `state` tells when memory or a limit ended.
 * Ownership Everything lives in the names' own arenas.
 */
#ifndef MT_FORMATS_SERIES_LINE_SERIES_H
#define MT_FORMATS_SERIES_LINE_SERIES_H

#include "formats/series/line_protocol.h"
#include "formats/series/name_table.h"
#include "formats/series/payload.h"

MT_BEGIN_DECLS

enum {
    MT_LINE_FIELDS_MAX = 4096,   /* of one line */
    MT_LINE_TAGS_MAX = 64,       /* of one series */
    MT_LINE_LIKELY = 8,          /* fields remembered by their place */
    MT_LINE_PART_MAX = 64 << 10, /* bytes of a series' part, as InfluxDB has it */
    MT_LINE_RAW_BYTES = 128 << 20
};

#define MT_LINE_FIRST (-62135596800 * MT_US_SECOND)
#define MT_LINE_LAST  (253402300800 * MT_US_SECOND)

typedef struct mt_line_field {
    mt_text raw;
    const char *detail;
} mt_line_field;

typedef struct mt_line_series {
    mt_text raw;
    mt_observation like;        /* kind, area and unit */
    const char *before, *after; /* of a field's name in detail */
    mt_line_field *likely[MT_LINE_LIKELY];
} mt_line_series;

typedef struct mt_line_slot {
    uint64_t hash;
    mt_line_series *series; /* NULL: free */
    mt_line_field *field;   /* NULL: the series itself */
} mt_line_slot;

typedef enum mt_line_state { MT_LINE_NAMES_WELL, MT_LINE_NAMES_MEMORY, MT_LINE_NAMES_FULL } mt_line_state;

typedef struct mt_line_names {
    mt_names names;
    mt_line_slot *slot;
    size_t slots, n, bytes;
    mt_line_state state;
} mt_line_names;

void mt_line_names_init(mt_line_names *names, const mt_ctx *cx);
void mt_line_names_close(mt_line_names *names);

mt_line_series *mt_line_series_find(mt_line_names *names, mt_text raw, const char **fault);
mt_line_field *mt_line_field_find(mt_line_names *names, mt_line_series *series, mt_text raw,
                                  const char **fault);

/* A text field into the payload; the name and the text still have their backslashes. */
bool mt_line_payload(mt_payload *payload, mt_text name, mt_text text);
bool mt_line_payload_keep(mt_payload *payload, mt_arena *arena, const char **out);

/* A whole number of 64 bits that fills the text. */
bool mt_line_count(const char *at, const char *end, int64_t *out);

MT_END_DECLS
#endif
