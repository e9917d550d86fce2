/* Laying a mapper out: which field is which, units turned into factors, the zone of local times. */
#include "formats/series/mapper.h"

#include <stdio.h>

int mt_mapper_slot(const mt_mapper *mapper, mt_text name)
{
    for (size_t k = 0; k < mapper->n_named; k++) {
        if (mapper->named_length[k] == name.length && memcmp(mapper->named[k], name.at, name.length) == 0)
            return (int)k;
    }
    return -1;
}

/* The slot of a field that the mapping names; a field may have several parts to play. */
static int add_slot(mt_mapper *mapper, const char *name)
{
    if (name == NULL) return -1;
    int slot = mt_mapper_slot(mapper, mt_text_of(name));
    if (slot >= 0) return slot;
    mapper->named[mapper->n_named] = name;
    mapper->named_length[mapper->n_named] = strlen(name);
    return (int)mapper->n_named++;
}

static mt_code fail_mapping(mt_ctx *cx, const mt_mapping *mapping, const char *what)
{
    return mt_fail(cx, MT_E_INPUT, "the mapping \"%s\" %s", mapping->name, what);
}

static mt_code add_lists(mt_ctx *cx, mt_mapper *mapper)
{
    const mt_mapping *mapping = mapper->mapping;
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++) {
        if (mapper->n_only == MT_MAPPED_ONLY_MAX) return fail_mapping(cx, mapping, "has too many `only`");
        mapper->only[mapper->n_only++] = add_slot(mapper, only->field);
    }
    for (const char *const *also = mapping->detail_also; also != NULL && *also != NULL; also++) {
        if (mapper->n_also == MT_MAPPED_ALSO_MAX) return fail_mapping(cx, mapping, "has too many `also`");
        mapper->also[mapper->n_also++] = add_slot(mapper, *also);
    }
    return MT_OK;
}

/* The factor that makes energy of a step out of power; 0 when the unit is no power. */
static double power_factor(const char *unit, mt_time step)
{
    double hours = (double)step / (double)MT_US_HOUR;
    if (strcmp(unit, "MW") == 0) return hours;
    return strcmp(unit, "kW") == 0 ? hours / 1000 : 0;
}

static const char *usual_unit(const char *kind)
{
    for (int k = 0; k < MT_KIND_COUNT; k++)
        if (strcmp(mt_kind_name((mt_kind)k), kind) == 0) return mt_kind_unit((mt_kind)k);
    return "";
}

static mt_code add_value(mt_ctx *cx, mt_mapper *mapper, size_t k)
{
    const mt_map_value *map = &mapper->mapping->value[k];
    const char *usual = usual_unit(map->kind), *unit = map->unit != NULL ? map->unit : usual;
    double factor = map->factor != 0 ? map->factor : 1;
    double power = strcmp(usual, "MWh") == 0 ? power_factor(unit, mapper->mapping->step) : 0;
    bool is_power = strcmp(usual, "MWh") == 0 && power_factor(unit, MT_US_HOUR) != 0;
    if (is_power && power <= 0)
        return fail_mapping(cx, mapper->mapping, "turns power into energy: it needs a step");
    mapper->value[k] = (mt_mapper_value){.map = map,
                                         .slot = add_slot(mapper, map->field),
                                         .factor = is_power ? factor * power : factor,
                                         .unit = is_power ? usual : unit};
    mapper->own_detail = mapper->own_detail || map->detail == NULL || map->detail[0] == ';';
    return MT_OK;
}

static mt_code read_zone(mt_ctx *cx, mt_mapper *mapper, const char *zones)
{
    const char *name = mapper->mapping->time_zone;
    char text[64];
    mt_time t;
    bool has_offset;
    if (name == NULL || strcmp(name, "UTC") == 0) return MT_OK;
    if (name[0] != '+' && name[0] != '-') return mt_zone_read(cx, &mapper->zone, name, zones);
    int n = snprintf(text, sizeof text, "2000-01-01T00:00:00%s", name);
    if (n >= (int)sizeof text || !mt_time_parse(text, (size_t)n, &t, &has_offset))
        return mt_fail(cx, MT_E_INPUT, "the mapping \"%s\" has the zone \"%.40s\"; expected a name or +01:00",
                       mapper->mapping->name, name);
    mapper->offset = mt_time_of((mt_civil){2000, 1, 1, 0, 0, 0, 0}) - t;
    return MT_OK;
}

/* After all others: what has no slot yet is only an edition, and stays in the payload. */
static void add_rank(mt_mapper *mapper)
{
    size_t before = mapper->n_named;
    mapper->rank = add_slot(mapper, mapper->mapping->rank_field);
    mapper->rank_only = mapper->n_named > before ? mapper->rank : -1;
}

static mt_code lay_out(mt_ctx *cx, mt_mapper *mapper)
{
    const mt_mapping *mapping = mapper->mapping;
    mapper->time = add_slot(mapper, mapping->time_field);
    mapper->known_slot = add_slot(mapper, mapping->known_field);
    mapper->area = add_slot(mapper, mapping->area_field);
    mapper->detail = add_slot(mapper, mapping->detail_field);
    if (mapping->detail != NULL && strlen(mapping->detail) > MT_MAPPED_NAME_MAX)
        return fail_mapping(cx, mapping, "has a detail of more than 512 bytes");
    if (mapper->time < 0) return fail_mapping(cx, mapping, "names no field of the time");
    if (mapper->area < 0 && mapping->area == NULL) return fail_mapping(cx, mapping, "names no area");
    if (mapping->n_value == 0 || mapping->n_value > MT_MAPPED_MAX)
        return fail_mapping(cx, mapping, "has no value or more than 64");
    MT_TRY(add_lists(cx, mapper));
    for (size_t k = 0; k < mapping->n_value; k++) MT_TRY(add_value(cx, mapper, k));
    add_rank(mapper);
    return MT_OK;
}

mt_code mt_mapper_open(mt_ctx *cx, mt_mapper **out, const mt_mapping *mapping, const char *zones)
{
    mt_mapper *mapper;
    MT_TRY(MT_NEW(cx, &mapper, 1));
    mapper->mapping = mapping;
    MT_TRY(lay_out(cx, mapper));
    MT_TRY(read_zone(cx, mapper, zones));
    mt_arena_beside(&mapper->arena, cx);
    mt_names_init(&mapper->names, cx);
    mapper->payload.arena = &mapper->arena;
    *out = mapper;
    return MT_OK;
}

void mt_mapper_close(mt_mapper *mapper)
{
    if (mapper == NULL) return;
    mt_names_close(&mapper->names);
    mt_arena_close(&mapper->arena);
}

double mt_mapper_filled(const mt_mapper *mapper)
{
    const mt_names *names = &mapper->names;
    double n = (double)names->n / MT_NAMES_MAX, bytes = (double)names->bytes / MT_NAMES_BYTES;
    return names->full ? 1 : n > bytes ? n : bytes;
}

void mt_mapper_renew(mt_ctx *cx, mt_mapper *mapper)
{
    mt_names_close(&mapper->names);
    mt_names_init(&mapper->names, cx);
    mapper->n_column = 0;
}

mt_code mt_mapper_columns(mt_ctx *cx, mt_mapper *mapper, const char *const *name, size_t n)
{
    if (n > MT_RECORD_FIELDS_MAX)
        return mt_fail(cx, MT_E_INPUT, "%zu columns; at most %d are read", n, MT_RECORD_FIELDS_MAX);
    mapper->n_column = 0;
    for (size_t k = 0; k < n; k++) {
        const char *copy = mt_names_keep(&mapper->names, mt_text_of(name[k]));
        if (copy == NULL) return mt_fail(cx, MT_E_MEMORY, "no memory for the names of %zu columns", n);
        for (size_t j = 0; j < k; j++) {
            if (mapper->column[j].at == copy && copy[0] != '\0')
                return mt_fail(cx, MT_E_INPUT, "column \"%.80s\" stands twice; expected it once", copy);
        }
        mapper->column[k] = mt_text_of(copy);
        mapper->column_slot[k] = mt_mapper_slot(mapper, mapper->column[k]);
    }
    mapper->n_column = n;
    return MT_OK;
}
