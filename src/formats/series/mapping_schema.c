/* The JSON Schema of a message that a mapping takes, for whoever writes the producer. */
#include "formats/series/mapping.h"

#include "io/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DOC_MAX = 600 };

static void put_type(mt_json_writer *json, const char *const *type)
{
    mt_json_key(json, "type");
    mt_json_array(json);
    for (; *type != NULL; type++) mt_json_text(json, *type);
    mt_json_end(json);
}

/* Begins the schema of one field. */
static void begin_field(mt_json_writer *json, const char *name, const char *const *type, const char *doc)
{
    mt_json_key(json, name);
    mt_json_object(json);
    put_type(json, type);
    mt_json_key(json, "description");
    mt_json_text(json, doc);
}

static void put_text_field(mt_json_writer *json, const char *name, bool may_miss, const char *doc)
{
    static const char *const text[] = {"string", NULL}, *const text_or_null[] = {"string", "null", NULL};
    if (name == NULL) return;
    begin_field(json, name, may_miss ? text_or_null : text, doc);
    mt_json_end(json);
}

static void put_time(mt_json_writer *json, const mt_mapping *mapping)
{
    static const char *const unit[] = {"", "seconds", "milliseconds", "microseconds"};
    static const char *const text[] = {"string", NULL}, *const count[] = {"integer", "string", NULL};
    char doc[DOC_MAX];
    bool is_text = mapping->epoch == MT_EPOCH_TEXT;
    if (is_text)
        snprintf(doc, sizeof doc, "start of the period, as 2024-11-06T22:00:00; without an offset in %s",
                 mapping->time_zone != NULL ? mapping->time_zone : "UTC");
    else
        snprintf(doc, sizeof doc, "start of the period, %s since 1970-01-01T00:00Z", unit[mapping->epoch]);
    begin_field(json, mapping->time_field, is_text ? text : count, doc);
    mt_json_end(json);
}

/* Bounds hold behind the factor; in a message they stand before it. */
static void put_bounds(mt_json_writer *json, const mt_map_value *value)
{
    double factor = value->factor != 0 ? value->factor : 1;
    double low = factor > 0 ? value->minimum : value->maximum,
           high = factor > 0 ? value->maximum : value->minimum;
    if (value->minimum == 0 && value->maximum == 0) return;
    if (!isnan(low)) mt_json_key(json, "minimum"), mt_json_real(json, low / factor);
    if (!isnan(high)) mt_json_key(json, "maximum"), mt_json_real(json, high / factor);
}

static void put_value(mt_json_writer *json, const mt_map_value *value)
{
    static const char *const type[] = {"number", "string", "null", NULL};
    char doc[DOC_MAX];
    const char *unit = value->unit != NULL ? value->unit : "";
    snprintf(doc, sizeof doc, "%.100s%s%.100s; a text must be a number, null says that there is none",
             value->kind, *unit != '\0' ? " in " : "", unit);
    begin_field(json, value->field, type, doc);
    put_bounds(json, value);
    mt_json_end(json);
}

/* A field that several parts of the mapping name is described once, by the first. */
static bool is_named_before(const mt_mapping *mapping, const char *name)
{
    const char *const fields[] = {mapping->time_field, mapping->known_field, mapping->area_field,
                                  mapping->detail_field};
    for (size_t k = 0; k < 4; k++)
        if (fields[k] != NULL && strcmp(fields[k], name) == 0) return true;
    return false;
}

static void put_only(mt_json_writer *json, const mt_mapping *mapping)
{
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++) {
        char doc[DOC_MAX];
        size_t n = (size_t)snprintf(doc, sizeof doc, "a record with another value is left out than ");
        for (const char *const *value = only->value; *value != NULL && n < DOC_MAX - 100; value++)
            n +=
                (size_t)snprintf(doc + n, sizeof doc - n, "%s%.60s", value > only->value ? ", " : "", *value);
        if (!is_named_before(mapping, only->field)) put_text_field(json, only->field, false, doc);
    }
}

static bool has_other_part(const mt_mapping *mapping, const char *name)
{
    bool found = is_named_before(mapping, name);
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++)
        found = found || strcmp(only->field, name) == 0;
    for (const char *const *also = mapping->detail_also; also != NULL && *also != NULL; also++)
        found = found || strcmp(*also, name) == 0;
    for (size_t k = 0; k < mapping->n_value; k++) found = found || strcmp(mapping->value[k].field, name) == 0;
    return found;
}

static void put_rank(mt_json_writer *json, const mt_mapping *mapping)
{
    char doc[DOC_MAX];
    size_t n = (size_t)snprintf(doc, sizeof doc, "edition; of several the last stands: ");
    if (mapping->rank_field == NULL || has_other_part(mapping, mapping->rank_field)) return;
    for (const char *const *edition = mapping->rank_order; *edition != NULL && n < DOC_MAX - 100; edition++)
        n += (size_t)snprintf(doc + n, sizeof doc - n, "%s%.60s", edition > mapping->rank_order ? ", " : "",
                              *edition);
    put_text_field(json, mapping->rank_field, true, doc);
}

static void put_properties(mt_json_writer *json, const mt_mapping *mapping)
{
    mt_json_key(json, "properties");
    mt_json_object(json);
    put_time(json, mapping);
    put_text_field(json, mapping->known_field, true, "when this was known, as the time");
    put_text_field(json, mapping->area_field, false, "area");
    put_text_field(json, mapping->detail_field, false, "what it is a value of");
    put_only(json, mapping);
    for (const char *const *also = mapping->detail_also; also != NULL && *also != NULL; also++)
        if (!is_named_before(mapping, *also))
            put_text_field(json, *also, true, "tells apart what has the same detail");
    for (size_t k = 0; k < mapping->n_value; k++)
        if (!is_named_before(mapping, mapping->value[k].field)) put_value(json, &mapping->value[k]);
    put_rank(json, mapping);
    mt_json_end(json);
}

static void put_required(mt_json_writer *json, const mt_mapping *mapping)
{
    mt_json_key(json, "required");
    mt_json_array(json);
    mt_json_text(json, mapping->time_field);
    if (mapping->area_field != NULL) mt_json_text(json, mapping->area_field);
    if (mapping->detail_field != NULL) mt_json_text(json, mapping->detail_field);
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++)
        mt_json_text(json, only->field);
    if (mapping->n_value == 1) mt_json_text(json, mapping->value[0].field);
    mt_json_end(json);
}

/* Of several values at least one has to be there. */
static void put_any(mt_json_writer *json, const mt_mapping *mapping)
{
    if (mapping->n_value < 2) return;
    mt_json_key(json, "anyOf");
    mt_json_array(json);
    for (size_t k = 0; k < mapping->n_value; k++) {
        mt_json_object(json);
        mt_json_key(json, "required");
        mt_json_array(json);
        mt_json_text(json, mapping->value[k].field);
        mt_json_end(json);
        mt_json_end(json);
    }
    mt_json_end(json);
}

static void put_schema(mt_json_writer *json, const mt_mapping *mapping)
{
    mt_json_object(json);
    mt_json_key(json, "$schema");
    mt_json_text(json, "https://json-schema.org/draft/2020-12/schema");
    mt_json_key(json, "title");
    mt_json_text(json, mapping->name);
    if (mapping->doc != NULL) mt_json_key(json, "description"), mt_json_text(json, mapping->doc);
    mt_json_key(json, "type");
    mt_json_text(json, "object");
    put_properties(json, mapping);
    put_required(json, mapping);
    put_any(json, mapping);
    mt_json_key(json, "additionalProperties");
    mt_json_bool(json, true);
    mt_json_end(json);
}

mt_code mt_mapping_schema(mt_ctx *cx, mt_text *out, const mt_mapping *mapping)
{
    mt_out *memory;
    mt_json_writer json;
    const char *copy = NULL;
    MT_TRY(mt_out_memory(cx, &memory));
    mt_json_open(cx, &json, memory, MT_JSON_PRETTY);
    put_schema(&json, mapping);
    mt_code code = mt_json_done(&json);
    mt_text text = mt_out_bytes(memory);
    if (code == MT_OK) code = mt_text_copy(cx, &copy, text);
    if (code == MT_OK) *out = (mt_text){copy, text.length};
    mt_out_close(memory);
    return code;
}
