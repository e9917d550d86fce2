/* The engine of mappings: a record's members are sorted into slots and become observations. */
#include "formats/series/mapper.h"

#include "formats/header.h"
#include "io/utf8.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN = 48, CHECK_EVERY = 4096, DETAIL_MAX = 8192 };

/* Why the record gives nothing: the field, its value as it stands, what would be right. */
static bool refuse(mt_mapper *mapper, const char *field, const mt_record_field *given, const char *right)
{
    char shown[SHOWN], name[SHOWN];
    mt_header_show(name, sizeof name, mt_text_of(field));
    if (given == NULL) {
        snprintf(mapper->fault, sizeof mapper->fault, "\"%s\" is missing; expected %s", name, right);
    } else {
        mt_header_show(shown, sizeof shown, given->value);
        snprintf(mapper->fault, sizeof mapper->fault, "\"%s\" is \"%s\"; expected %s", name, shown, right);
    }
    return false;
}

static bool refuse_memory(mt_mapper *mapper)
{
    mapper->no_memory = !mapper->names.full;
    snprintf(mapper->fault, sizeof mapper->fault,
             "too many different areas and details were met; expected "
             "at most %d",
             MT_NAMES_MAX);
    return false;
}

/* Words that stand for nothing in delimited files, which have no null. */
static bool is_missing_word(mt_text text)
{
    return text.length == 0 || mt_text_equal_nocase(text, "nan") || mt_text_equal_nocase(text, "null");
}

/* The member in that slot, or NULL where it is absent, null or blank. */
static const mt_record_field *given_of(const mt_mapper *mapper, int slot)
{
    const mt_record_field *given = slot >= 0 ? mapper->given[slot] : NULL;
    if (given == NULL || given->token == MT_TOKEN_NULL) return NULL;
    if (given->token != MT_TOKEN_STRING) return given;
    mt_text text = mt_text_trim(given->value);
    return text.length == 0 || (mapper->row && is_missing_word(text)) ? NULL : given;
}

/* Its text without escapes and outer blanks; false: no text or number, or longer than `max` bytes. */
static bool plain_text(const mt_record_field *given, char *scratch, size_t max, mt_text *out)
{
    if (given->token != MT_TOKEN_STRING && given->token != MT_TOKEN_NUMBER) return false;
    *out = given->value;
    if (given->token == MT_TOKEN_STRING && given->value_escaped) {
        if (given->value.length > 6 * max) return false;
        *out = (mt_text){scratch, mt_json_unescape(given->value, scratch)};
    }
    *out = mt_text_trim(*out);
    return out->length <= max;
}

/* Delimited files are not checked byte by byte as messages are: their names are. */
static bool is_clean(const mt_mapper *mapper, mt_text text)
{
    return !mapper->row || mt_utf8_is_clean(text.at, text.length);
}

static bool check_only(mt_mapper *mapper)
{
    char scratch[6 * MT_MAPPED_NAME_MAX];
    for (size_t k = 0; k < mapper->n_only; k++) {
        const mt_map_only *only = &mapper->mapping->only[k];
        const mt_record_field *given = given_of(mapper, mapper->only[k]);
        mt_text text;
        if (given == NULL) return refuse(mapper, only->field, NULL, only->value[0]);
        mapper->left_out = true;
        if (!plain_text(given, scratch, MT_MAPPED_NAME_MAX, &text)) return false;
        for (const char *const *value = only->value; *value != NULL && mapper->left_out; value++)
            mapper->left_out = !mt_text_equal(text, *value);
        if (mapper->left_out) return false;
    }
    return true;
}

/* Local time into UTC; *n is how many instants have that wall clock. */
static mt_time from_local(const mt_mapper *mapper, mt_time wall, int *n)
{
    mt_time instant[2] = {wall - mapper->offset, 0};
    *n = 1;
    if (mapper->zone != NULL) *n = mt_zone_instants(mapper->zone, mt_time_civil(wall), instant);
    return instant[0];
}

static bool read_epoch(mt_mapper *mapper, const char *field, const mt_record_field *given, mt_time *out)
{
    static const mt_time unit[] = {
        [MT_EPOCH_SECONDS] = 1000000, [MT_EPOCH_MILLIS] = 1000, [MT_EPOCH_MICROS] = 1};
    int64_t count;
    mt_time t;
    mt_text text = mt_text_trim(given->value);
    double real;
    bool whole = mt_int_parse(text.at, text.length, &count);
    if (!whole && mapper->mapping->epoch == MT_EPOCH_SECONDS && mt_number_read(text, '.', &real) &&
        fabs(real) < 1e12) {
        *out = (mt_time)llround(real * 1e6);
        return true;
    }
    if (!whole || __builtin_mul_overflow(count, unit[mapper->mapping->epoch], &t) ||
        t < mt_time_of((mt_civil){1, 1, 1, 0, 0, 0, 0}) ||
        t >= mt_time_of((mt_civil){9999, 12, 31, 0, 0, 0, 0}))
        return refuse(mapper, field, given, "a count since 1970");
    *out = t;
    return true;
}

static bool read_text_time(mt_mapper *mapper, const char *field, const mt_record_field *given,
                           mt_instant_cache *cache, mt_time *out)
{
    bool has_offset;
    int n = 1;
    mt_time t;
    mt_text text = mt_text_trim(given->value);
    if (given->token != MT_TOKEN_STRING || given->value_escaped ||
        !mt_instant_read(text, cache, &t, &has_offset))
        return refuse(mapper, field, given, "a time such as 2024-11-06T22:00:00");
    if (!has_offset) t = from_local(mapper, t, &n);
    if (n == 0)
        return refuse(mapper, field, given, "a local time that exists: the clock leapt over this one");
    if (n == 2)
        return refuse(mapper, field, given,
                      "the time with its offset: this local hour comes twice in autumn");
    *out = t;
    return true;
}

static bool read_time(mt_mapper *mapper, mt_time *out)
{
    const char *field = mapper->mapping->time_field;
    const mt_record_field *given = given_of(mapper, mapper->time);
    if (given == NULL) return refuse(mapper, field, NULL, "the time of the record");
    if (mapper->mapping->epoch != MT_EPOCH_TEXT) return read_epoch(mapper, field, given, out);
    return read_text_time(mapper, field, given, &mapper->start, out);
}

/* The caller's moment stays where the record names none. */
static bool read_known(mt_mapper *mapper, mt_time *out)
{
    const mt_record_field *given = given_of(mapper, mapper->known_slot);
    if (given == NULL) return true;
    return read_text_time(mapper, mapper->mapping->known_field, given, &mapper->known, out);
}

/* How much earlier than its moment the record is known: a millisecond for each edition behind its own. More
 * than the microsecond by which the store tells values of one moment apart. */
static mt_time edition_lag(const mt_mapper *mapper)
{
    char scratch[6 * MT_MAPPED_NAME_MAX];
    const mt_record_field *given = given_of(mapper, mapper->rank);
    mt_text text;
    if (given == NULL || !plain_text(given, scratch, MT_MAPPED_NAME_MAX, &text)) return 0;
    const char *const *edition = mapper->mapping->rank_order;
    while (*edition != NULL && !mt_text_equal(text, *edition)) edition++;
    mt_time behind = 0;
    while (*edition != NULL && *++edition != NULL) behind++;
    return behind * MT_US_SECOND / 1000;
}

/* A name of the record, kept. */
static bool read_name(mt_mapper *mapper, const char *field, int slot, const char **out)
{
    char scratch[6 * MT_MAPPED_NAME_MAX];
    const mt_record_field *given = given_of(mapper, slot);
    mt_text text;
    if (given == NULL) return refuse(mapper, field, NULL, "a name");
    if (!plain_text(given, scratch, MT_MAPPED_NAME_MAX, &text) || !is_clean(mapper, text))
        return refuse(mapper, field, given, "a name of at most 512 bytes of UTF-8");
    *out = mt_names_keep(&mapper->names, text);
    return *out != NULL || refuse_memory(mapper);
}

/* "Wind" and what tells its parts apart: "Wind;ReportGrpCode=R02;DeliveryType=Grid". */
static bool add_also(mt_mapper *mapper, const char **detail)
{
    char all[DETAIL_MAX], scratch[6 * MT_MAPPED_NAME_MAX];
    size_t n = strlen(*detail);
    memcpy(all, *detail, n);
    for (size_t k = 0; k < mapper->n_also; k++) {
        const char *field = mapper->mapping->detail_also[k];
        const mt_record_field *given = given_of(mapper, mapper->also[k]);
        mt_text text;
        if (given == NULL) continue;
        if (!plain_text(given, scratch, MT_MAPPED_NAME_MAX, &text) || !is_clean(mapper, text))
            return refuse(mapper, field, given, "a name of at most 512 bytes of UTF-8");
        n += (size_t)snprintf(all + n, sizeof all - n, ";%.256s=%.*s", field, (int)text.length, text.at);
    }
    *detail = mt_names_keep(&mapper->names, (mt_text){all, n});
    return *detail != NULL || refuse_memory(mapper);
}

static bool read_detail(mt_mapper *mapper, const char **out)
{
    const mt_mapping *mapping = mapper->mapping;
    *out = mapping->detail != NULL ? mapping->detail : "";
    if (!mapper->own_detail) return true;
    if (mapper->detail >= 0 && !read_name(mapper, mapping->detail_field, mapper->detail, out)) return false;
    return mapper->n_also == 0 || add_also(mapper, out);
}

static bool value_detail(mt_mapper *mapper, const mt_map_value *map, const char *detail, const char **out)
{
    char both[DETAIL_MAX];
    *out = map->detail != NULL ? map->detail : detail;
    if (map->detail == NULL || map->detail[0] != ';') return true;
    int n = snprintf(both, sizeof both, "%s%.512s", detail, map->detail);
    *out =
        mt_names_keep(&mapper->names, (mt_text){both, (size_t)n < sizeof both ? (size_t)n : sizeof both - 1});
    return *out != NULL || refuse_memory(mapper);
}

static bool has_bounds(const mt_map_value *map)
{
    return map->minimum != 0 || map->maximum != 0;
}

static bool read_value(mt_mapper *mapper, const mt_mapper_value *value, const mt_record_field *given,
                       double *out)
{
    const mt_map_value *map = value->map;
    char right[96];
    *out = given->real;
    bool number = given->token == MT_TOKEN_NUMBER;
    if (given->token == MT_TOKEN_STRING)
        number = mt_number_read(mt_text_trim(given->value), mapper->row ? mapper->mark : '.', out);
    if (!number)
        return refuse(mapper, map->field, given,
                      mapper->row && mapper->mark == ',' ? "a number with a decimal comma" : "a number");
    *out *= value->factor;
    if (!isfinite(*out)) return refuse(mapper, map->field, given, "a smaller number");
    if (!has_bounds(map) || !(*out < map->minimum || *out > map->maximum)) return true;
    if (isnan(map->minimum) || isnan(map->maximum))
        snprintf(right, sizeof right, "at %s %g %.20s", isnan(map->minimum) ? "most" : "least",
                 isnan(map->minimum) ? map->maximum : map->minimum, value->unit);
    else
        snprintf(right, sizeof right, "%g to %g %.20s", map->minimum, map->maximum, value->unit);
    return refuse(mapper, map->field, given, right);
}

/* Observations of the record but for their payload; `like` has what they share. */
static bool read_values(mt_mapper *mapper, mt_observation like, size_t *n)
{
    bool any = false;
    *n = 0;
    for (size_t k = 0; k < mapper->mapping->n_value; k++) {
        const mt_mapper_value *value = &mapper->value[k];
        any = any || mapper->given[value->slot] != NULL;
        const mt_record_field *given = given_of(mapper, value->slot);
        if (given == NULL) continue;
        mt_observation *out = &mapper->out[*n];
        *out = like;
        out->kind = value->map->kind;
        out->unit = value->unit;
        if (!read_value(mapper, value, given, &out->value)) return false;
        if (!value_detail(mapper, value->map, like.detail, &out->detail)) return false;
        (*n)++;
    }
    return any ||
           refuse(mapper, mapper->mapping->value[0].field, NULL, "a value, or null where there is none");
}

/* A cell as JSON: the number it is, else its text. */
static void put_cell(mt_mapper *mapper, mt_text name, mt_text cell)
{
    char copy[64];
    double real;
    const char *behind = NULL;
    cell = mt_text_trim(cell);
    if (cell.length == 0) return;
    mt_number number = cell.length < sizeof copy
                           ? mt_number_scan(cell.at, cell.at + cell.length, mapper->mark, &behind, &real)
                           : MT_NUMBER_NONE;
    if (number != MT_NUMBER_JSON || behind != cell.at + cell.length) {
        mt_payload_text(&mapper->payload, name, cell);
        return;
    }
    memcpy(copy, cell.at, cell.length);
    char *mark = memchr(copy, mapper->mark, cell.length);
    if (mark != NULL) *mark = '.';
    mt_payload_value(&mapper->payload, name, (mt_text){copy, cell.length});
}

static void put_member(mt_mapper *mapper, const mt_record_field *field)
{
    bool quoted = field->token == MT_TOKEN_STRING;
    mt_text value = field->value;
    if (mapper->row) {
        put_cell(mapper, field->name, value);
    } else {
        mt_payload_json(&mapper->payload, field->name,
                        quoted ? (mt_text){value.at - 1, value.length + 2} : value);
    }
}

/* What no slot took, on every observation of the record. */
static bool add_payload(mt_mapper *mapper, const int *slot, size_t n)
{
    mt_payload_begin(&mapper->payload);
    for (size_t k = 0; k < mapper->record.n; k++)
        if (slot[k] < 0 || slot[k] == mapper->rank_only) put_member(mapper, &mapper->record.field[k]);
    const char *payload = mt_payload_end(&mapper->payload);
    for (size_t k = 0; k < n; k++) mapper->out[k].payload = payload;
    mapper->no_memory = mapper->payload.failed;
    return !mapper->payload.failed;
}

static bool map_record(mt_mapper *mapper, mt_time known_at, const int *slot, size_t *n)
{
    mt_observation like = {.source = mapper->mapping->source,
                           .step = mapper->mapping->step,
                           .area = mapper->mapping->area,
                           .known_at = known_at};
    *n = 0;
    if (!check_only(mapper) || !read_time(mapper, &like.start) || !read_known(mapper, &like.known_at))
        return false;
    if (like.known_at != MT_TIME_NONE) like.known_at -= edition_lag(mapper);
    if (mapper->area >= 0 && !read_name(mapper, mapper->mapping->area_field, mapper->area, &like.area))
        return false;
    if (!read_detail(mapper, &like.detail) || !read_values(mapper, like, n)) return false;
    return *n == 0 || add_payload(mapper, slot, *n);
}

static mt_code finish(mt_ctx *cx, mt_mapper *mapper, bool mapped, size_t n, mt_mapped *out)
{
    if (mapper->no_memory)
        return mt_fail(cx, MT_E_MEMORY, "no memory for a record of %s", mapper->mapping->name);
    *out = (mt_mapped){.at = mapper->out, .n = mapped ? n : 0};
    if (!mapped && !mapper->left_out) out->fault = mapper->fault;
    return mapper->calls++ % CHECK_EVERY == 0 ? mt_ctx_check(cx) : MT_OK;
}

/* The slot of a member's name; records look alike, so the one met at this place before comes first. */
static int find_slot(mt_mapper *mapper, size_t k, const mt_record_field *field)
{
    char scratch[6 * MT_MAPPED_NAME_MAX];
    mt_text name = field->name;
    mt_mapper_seen *seen = &mapper->seen[k];
    if (seen->length != 0 && seen->length == name.length && memcmp(seen->name, name.at, name.length) == 0)
        return seen->slot;
    if (field->name_escaped) {
        if (name.length > sizeof scratch) return -1;
        name = (mt_text){scratch, mt_json_unescape(name, scratch)};
    }
    int slot = mt_mapper_slot(mapper, name);
    if (!field->name_escaped && name.length <= sizeof seen->name) {
        seen->length = name.length;
        seen->slot = slot;
        memcpy(seen->name, name.at, name.length);
    }
    return slot;
}

static bool sort_members(mt_mapper *mapper, int *slot)
{
    for (size_t k = 0; k < mapper->record.n; k++) {
        const mt_record_field *field = &mapper->record.field[k];
        slot[k] = find_slot(mapper, k, field);
        if (slot[k] < 0) continue;
        if (mapper->given[slot[k]] != NULL) return refuse(mapper, mapper->named[slot[k]], field, "it once");
        mapper->given[slot[k]] = field;
    }
    return true;
}

static void begin(mt_mapper *mapper, bool row)
{
    memset(mapper->given, 0, mapper->n_named * sizeof mapper->given[0]);
    mapper->row = row;
    mapper->left_out = mapper->no_memory = false;
}

mt_code mt_mapper_json(mt_ctx *cx, mt_mapper *mapper, mt_text message, mt_time known_at, mt_mapped *out)
{
    int slot[MT_RECORD_FIELDS_MAX];
    size_t n = 0;
    begin(mapper, false);
    bool read = mt_json_record_read(&mapper->record, message);
    if (!read)
        snprintf(mapper->fault, sizeof mapper->fault, "no record in JSON: %s, at byte %zu",
                 mapper->record.fault, mapper->record.at);
    read = read && sort_members(mapper, slot) && map_record(mapper, known_at, slot, &n);
    return finish(cx, mapper, read, n, out);
}

mt_code mt_mapper_row(mt_ctx *cx, mt_mapper *mapper, const mt_text *field, bool comma, mt_time known_at,
                      mt_mapped *out)
{
    size_t n = 0;
    begin(mapper, true);
    mapper->mark = comma ? ',' : '.';
    mapper->record.n = mapper->n_column;
    for (size_t k = 0; k < mapper->n_column; k++) {
        mapper->record.field[k] =
            (mt_record_field){.name = mapper->column[k], .value = field[k], .token = MT_TOKEN_STRING};
        if (mapper->column_slot[k] >= 0) mapper->given[mapper->column_slot[k]] = &mapper->record.field[k];
    }
    bool read = map_record(mapper, known_at, mapper->column_slot, &n);
    return finish(cx, mapper, read, n, out);
}
