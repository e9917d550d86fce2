/* What the engine of mapping.h keeps: fields of the mapping by number, and the record in hand.
 *
 * Purpose   Shared by the room that lays a mapper out (mapper_open.c) and the one that reads with it
 *           (mapper.c).
 * Shapes    Every field that the mapping names has a slot; a record's members are sorted into slots once, and
 *           everything after that goes by number. -1: the mapping has no such field.
 */
#ifndef MT_FORMATS_SERIES_MAPPER_H
#define MT_FORMATS_SERIES_MAPPER_H

#include "base/zone.h"
#include "formats/series/json_record.h"
#include "formats/series/name_table.h"
#include "formats/series/payload.h"
#include "formats/series/value_text.h"

MT_BEGIN_DECLS

enum {
    MT_MAPPER_SLOTS = MT_MAPPED_MAX + MT_MAPPED_ALSO_MAX + MT_MAPPED_ONLY_MAX + 5,
    MT_MAPPER_SEEN_NAME = 56,
    MT_MAPPER_FAULT = 400
};

typedef struct mt_mapper_value {
    const mt_map_value *map;
    int slot;
    double factor;
    const char *unit;
} mt_mapper_value;

/* A name met at this place of an earlier record: records of one feed look alike. */
typedef struct mt_mapper_seen {
    size_t length; /* 0: none */
    int slot;
    char name[MT_MAPPER_SEEN_NAME];
} mt_mapper_seen;

struct mt_mapper {
    const mt_mapping *mapping;
    const mt_zone *zone; /* NULL: `offset` */
    mt_time offset;
    mt_arena arena;
    mt_names names;
    mt_payload payload;
    mt_instant_cache start, known;
    uint64_t calls;
    /* the mapping by number */
    const char *named[MT_MAPPER_SLOTS];
    size_t named_length[MT_MAPPER_SLOTS];
    size_t n_named;
    int time, known_slot, area, detail, also[MT_MAPPED_ALSO_MAX], only[MT_MAPPED_ONLY_MAX];
    size_t n_also, n_only;
    int rank, rank_only; /* the second: -1 where the field has another part to play too */
    bool own_detail;     /* some value takes the mapping's detail */
    mt_mapper_value value[MT_MAPPED_MAX];
    /* the columns of a delimited file */
    mt_text column[MT_RECORD_FIELDS_MAX];
    int column_slot[MT_RECORD_FIELDS_MAX];
    size_t n_column;
    /* the record in hand */
    mt_json_record record;
    const mt_record_field *given[MT_MAPPER_SLOTS];
    bool row, left_out, no_memory;
    char mark;
    mt_mapper_seen seen[MT_RECORD_FIELDS_MAX];
    mt_observation out[MT_MAPPED_MAX];
    char fault[MT_MAPPER_FAULT];
};

/* The slot of that name, or -1. */
int mt_mapper_slot(const mt_mapper *mapper, mt_text name);

MT_END_DECLS
#endif
