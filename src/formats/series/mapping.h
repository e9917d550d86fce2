/* What a record of named fields means: which field is the time, which the area, which are values of what.
 *
 * Purpose   One description turns a JSON message, a row of a CSV download and a record of an API's answer
 *           into the same observations. Known datasets are rows of a table (datasets.c); any other is a file
 *           that a user writes.
 * Shapes    A record gives one observation for each value field that is present and not null. Texts that
 *           look like numbers count as numbers, also with a decimal comma where the record comes from a
 *           delimited file. Fields that the mapping does not name go into the payload, as JSON, in the
 *           record's order; NULL when there are none.
 *           A mapping file is JSON: {"name", "source", "time": {"field", "zone"?, "unit"? (s, ms, us)},
 *           "known"?: {"field"}, "step"? "1h", "area": {"field"} or {"value"}, "detail"?: likewise, with
 *           "also"?: ["FIELD", …], "only"?: {"FIELD": ["VALUE", …]}, "rank"?: {"field", "order": ["EDITION",
 *           …]}, "values": [{"field", "kind", "unit"?, "detail"?, "factor"?, "minimum"?, "maximum"?}, …],
 *           "doc"?}. An unknown member is refused.
 *           A fault leaves nothing of its record; a name that stands twice in one is a fault. Blank texts
 *           count as missing, and in delimited files the words NaN and null.
 * Units     A value is multiplied by its factor; minimum and maximum bound it after that. A unit given in
 *           power (MW, kW) for an energy kind is turned into MWh by the step.
 * Time      A time without an offset is local time of `zone` ("UTC" where none is given; "+01:00" for one
 *           without summer time). Of the hour that comes twice in autumn only a second field can tell which
 *           it is: where the dataset has a UTC field that one is the time; elsewhere such a time is a fault.
 * Editions  Where records of one moment come in editions ("Preliminary", "Final"), `rank` names the field and
 *           the editions, the one that counts least first. A record is known a millisecond earlier for each
 *           edition of the list behind its own, so that of one file or answer the last edition stands,
 *           whatever the order of the rows. A record without an edition, or with one that is not listed,
 *           counts as the last. The field stays in the payload.
 * Errors    mt_mapping_read: MT_E_INPUT "NAME, line L, column C: what is wrong". A record that does not fit
 *           is no error: mt_mapped.fault says why.
 * Ownership A mapping lives in the context it was read with. Texts of observations that come from the mapping
 *           or name a series stay the same address for the mapper's life or until it is renewed (so that
 *           equal names are equal addresses); payloads live until the next call.
 * Source    Energi Data Service's dataset pages for the built-in datasets, see ../shared/reference formats.
 */
#ifndef MT_FORMATS_SERIES_MAPPING_H
#define MT_FORMATS_SERIES_MAPPING_H

#include "terms/observation.h"

MT_BEGIN_DECLS

enum {
    MT_MAPPED_MAX = 64, /* value fields of one mapping */
    MT_MAPPED_ALSO_MAX = 8,
    MT_MAPPED_ONLY_MAX = 8,
    MT_MAPPED_RANKS_MAX = 16,
    MT_MAPPED_NAME_MAX = 512, /* bytes of an area, of a part of a detail */
    MT_RECORD_FIELDS_MAX = 256
};

typedef enum mt_epoch { MT_EPOCH_TEXT, MT_EPOCH_SECONDS, MT_EPOCH_MILLIS, MT_EPOCH_MICROS } mt_epoch;

typedef struct mt_map_value {
    const char *field, *kind, *unit;
    const char *detail;      /* NULL: the mapping's; one that begins with ';' is put behind the mapping's */
    double factor;           /* 0 counts as 1 */
    double minimum, maximum; /* both 0: no bounds; NaN: none on that side */
} mt_map_value;

typedef struct mt_map_only {
    const char *field;
    const char *const *value; /* ends with NULL; a record with another value is left out, without a fault */
} mt_map_only;

typedef struct mt_mapping {
    const char *name;   /* "Elspotprices"; of a stream: its topic */
    const char *source; /* "energidataservice" */
    const char *time_field;
    const char *time_zone; /* NULL: UTC */
    mt_epoch epoch;
    const char *known_field; /* NULL: the caller's moment */
    mt_time step;
    const char *area_field, *area;     /* one of them */
    const char *detail_field, *detail; /* one of them, or neither: "" */
    const mt_map_only *only;           /* ends with field NULL; NULL: none */
    const mt_map_value *value;
    size_t n_value;
    const char *doc;                /* one clause */
    const char *const *detail_also; /* ends with NULL: fields that tell apart what has the same detail; each
                                     * that is there is put behind it as ";FIELD=value" */
    const char *rank_field;         /* the record's edition; NULL: there are none */
    const char *const *rank_order;  /* ends with NULL; the edition that counts most last */
} mt_mapping;

/* The built-in ones: Elspotprices, DayAheadPrices, DeclarationProduction, ElectricityBalanceNonv,
 * PowerSystemRightNow, Forecasts_Hour, elspot_topic, declaration_topic, … */
const mt_mapping *mt_mappings(size_t *n);
const mt_mapping *mt_mapping_find(const char *name); /* NULL when there is none */

/* A user's own, from the text of its file; `name` is for messages. */
MT_MUST_USE mt_code mt_mapping_read(mt_ctx *cx, const mt_mapping **out, const char *name, const char *bytes,
                                    size_t n);

/* The JSON Schema (2020-12) of a message that the mapping takes. */
MT_MUST_USE mt_code mt_mapping_schema(mt_ctx *cx, mt_text *out, const mt_mapping *mapping);

typedef struct mt_mapped {
    const mt_observation *at;
    size_t n;
    const char *fault; /* why the record gave nothing, one sentence; NULL: it was understood */
} mt_mapped;

typedef struct mt_mapper mt_mapper;

/* `zones` is where the zone files are, NULL: the system's. The mapper lives in cx. */
MT_MUST_USE mt_code mt_mapper_open(mt_ctx *cx, mt_mapper **out, const mt_mapping *mapping, const char *zones);
void mt_mapper_close(mt_mapper *mapper); /* NULL allowed */

/* How much of the room for different names (see name_table.h) is taken, 0 to 1. At 1 every record with a new
 * name is a fault; who reads without an end renews the mapper before. */
double mt_mapper_filled(const mt_mapper *mapper);

/* Forgets all names: addresses of earlier observations are no longer valid, columns are to be told again. */
void mt_mapper_renew(mt_ctx *cx, mt_mapper *mapper);

/* One JSON object. `known_at` where the record names no moment itself. The code tells only of memory and of
 * cancelling. */
MT_MUST_USE mt_code mt_mapper_json(mt_ctx *cx, mt_mapper *mapper, mt_text message, mt_time known_at,
                                   mt_mapped *out);

/* One row of a delimited file, whose n columns are called `name`. `comma`: the decimal mark is a comma. */
MT_MUST_USE mt_code mt_mapper_columns(mt_ctx *cx, mt_mapper *mapper, const char *const *name, size_t n);
MT_MUST_USE mt_code mt_mapper_row(mt_ctx *cx, mt_mapper *mapper, const mt_text *field, bool comma,
                                  mt_time known_at, mt_mapped *out);

/* How many of the mapping's fields these column names hold, and whether all it cannot do without are there;
 * for recognising a file. */
size_t mt_mapping_score(const mt_mapping *mapping, const char *const *name, size_t n, bool *enough);

MT_END_DECLS
#endif
