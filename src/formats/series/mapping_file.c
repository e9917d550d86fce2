/* A user's own mapping, from the text of its file: strict, and every refusal names line and column. */
#include "formats/series/mapping.h"

#include "formats/series/json_record.h"
#include "io/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_OF(table) (sizeof(table) / sizeof *(table))

static const char *const top_members[] = {"name",   "source", "time", "known",  "step", "area",
                                          "detail", "only",   "rank", "values", "doc"};
static const char *const time_members[] = {"field", "zone", "unit"};
static const char *const known_members[] = {"field"};
static const char *const rank_members[] = {"field", "order"};
static const char *const area_members[] = {"field", "value"};
static const char *const detail_members[] = {"field", "value", "also"};
static const char *const value_members[] = {"field",  "kind",    "unit",   "detail",
                                            "factor", "minimum", "maximum"};
static const char *const epoch_names[] = {
    [MT_EPOCH_SECONDS] = "s", [MT_EPOCH_MILLIS] = "ms", [MT_EPOCH_MICROS] = "us"};

struct reader {
    mt_ctx *cx;
    const char *name;
    mt_text text;
    const mt_json *top;
};

static const char *skip_to(const char *at, const char *end, const char *over)
{
    while (at < end && strchr(over, *at) != NULL && *at != '\0') at++;
    return at;
}

/* Where `wanted` stands in the text of `node`, which begins at `at`; NULL when it is not in there. The text
 * was read before, so it is JSON and no deeper than MT_JSON_DEPTH_MAX. */
static const char *find_text(const mt_json *node, const char *at, const char *end, const mt_json *wanted)
{
    if (node == wanted) return at;
    const char *child_at = at + 1;
    for (const mt_json *child = node->first; child != NULL; child = child->next) {
        child_at = skip_to(child_at, end, " \t\r\n,");
        if (node->kind == MT_JSON_OBJECT) {
            child_at = mt_json_skip(child_at, end);
            if (child_at == NULL) return NULL;
            child_at = skip_to(child_at, end, " \t\r\n:");
        }
        const char *found = find_text(child, child_at, end, wanted);
        if (found != NULL) return found;
        child_at = mt_json_skip(child_at, end);
        if (child_at == NULL) return NULL;
    }
    return NULL;
}

/* MT_E_INPUT "NAME, line L, column C: …" of that value. */
static mt_code fail_at(const struct reader *reader, const mt_json *value, const char *sentence)
{
    const char *from = reader->text.at, *end = from + reader->text.length;
    const char *begin = skip_to(
        reader->text.length >= 3 && memcmp(from, "\xEF\xBB\xBF", 3) == 0 ? from + 3 : from, end, " \t\r\n");
    const char *at = find_text(reader->top, begin, end, value);
    size_t line = 1, column = 1;
    for (const char *k = from; at != NULL && k < at; k++) {
        column = *k == '\n' ? 1 : column + 1;
        line += *k == '\n';
    }
    return mt_fail(reader->cx, MT_E_INPUT, "%s, line %zu, column %zu: %s", reader->name, line, column,
                   sentence);
}

static mt_code fail_unknown(const struct reader *reader, const mt_json *member, const char *const *known,
                            size_t n)
{
    char sentence[400];
    int nearest = mt_text_nearest(member->name, known, n);
    size_t used = (size_t)snprintf(sentence, sizeof sentence, "no member is called \"%.60s\"", member->name);
    if (nearest >= 0) {
        snprintf(sentence + used, sizeof sentence - used, "; did you mean \"%s\"?", known[nearest]);
        return fail_at(reader, member, sentence);
    }
    for (size_t k = 0; k < n; k++)
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, "%s%s",
                                 k == 0 ? "; known are " : ", ", known[k]);
    return fail_at(reader, member, sentence);
}

/* An object all of whose members are known, each once. */
static mt_code check_members(const struct reader *reader, const mt_json *object, const char *const *known,
                             size_t n)
{
    if (object->kind != MT_JSON_OBJECT) return fail_at(reader, object, "an object is expected");
    for (const mt_json *member = object->first; member != NULL; member = member->next) {
        size_t k = 0;
        while (k < n && strcmp(known[k], member->name) != 0) k++;
        if (k == n) return fail_unknown(reader, member, known, n);
        if (mt_json_member(object, member->name) != member)
            return fail_at(reader, member, "this member stands twice");
    }
    return MT_OK;
}

static mt_code check_text(const struct reader *reader, const mt_json *value, const char **out)
{
    if (value->kind != MT_JSON_STRING) return fail_at(reader, value, "a text is expected");
    if (value->text.length > MT_MAPPED_NAME_MAX)
        return fail_at(reader, value, "a text of at most 512 bytes is expected");
    if (strlen(value->text.at) != value->text.length)
        return fail_at(reader, value, "the text has a 0 character");
    *out = value->text.at;
    return MT_OK;
}

/* A member of a few; absent leaves *out alone. */
static mt_code read_text(const struct reader *reader, const mt_json *object, const char *name,
                         const char **out)
{
    const mt_json *value = mt_json_member(object, name);
    return value != NULL ? check_text(reader, value, out) : MT_OK;
}

static mt_code need_text(const struct reader *reader, const mt_json *object, const char *name,
                         const char **out)
{
    char sentence[80];
    *out = NULL;
    MT_TRY(read_text(reader, object, name, out));
    if (*out != NULL && **out != '\0') return MT_OK;
    snprintf(sentence, sizeof sentence, "the member \"%s\" is missing or empty", name);
    return fail_at(reader, object, sentence);
}

static mt_code need_member(const struct reader *reader, const char *name, const mt_json **out)
{
    char sentence[80];
    *out = mt_json_member(reader->top, name);
    if (*out != NULL) return MT_OK;
    snprintf(sentence, sizeof sentence, "the member \"%s\" is missing", name);
    return fail_at(reader, reader->top, sentence);
}

static mt_code read_epoch(const struct reader *reader, const mt_json *time, mt_epoch *out)
{
    const char *unit = NULL;
    MT_TRY(read_text(reader, time, "unit", &unit));
    if (unit == NULL) return MT_OK;
    for (int k = MT_EPOCH_SECONDS; k <= MT_EPOCH_MICROS; k++) {
        *out = (mt_epoch)k;
        if (strcmp(unit, epoch_names[k]) == 0) return MT_OK;
    }
    return fail_at(reader, mt_json_member(time, "unit"), "a unit of time is expected: s, ms or us");
}

static mt_code read_time(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *time, *known = mt_json_member(reader->top, "known");
    MT_TRY(need_member(reader, "time", &time));
    MT_TRY(check_members(reader, time, time_members, N_OF(time_members)));
    MT_TRY(need_text(reader, time, "field", &mapping->time_field));
    MT_TRY(read_text(reader, time, "zone", &mapping->time_zone));
    MT_TRY(read_epoch(reader, time, &mapping->epoch));
    if (known == NULL) return MT_OK;
    MT_TRY(check_members(reader, known, known_members, N_OF(known_members)));
    return need_text(reader, known, "field", &mapping->known_field);
}

static mt_code read_step(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *step = mt_json_member(reader->top, "step");
    const char *text = NULL;
    MT_TRY(read_text(reader, reader->top, "step", &text));
    if (text == NULL || (mt_span_parse(text, strlen(text), &mapping->step) && mapping->step > 0))
        return MT_OK;
    return fail_at(reader, step, "a length of time is expected, such as 15min or 1h");
}

/* One of "field" and "value". */
static mt_code read_place(const struct reader *reader, const mt_json *place, const char **field,
                          const char **value)
{
    *field = *value = NULL;
    MT_TRY(read_text(reader, place, "field", field));
    MT_TRY(read_text(reader, place, "value", value));
    if ((*field != NULL) != (*value != NULL)) return MT_OK;
    return fail_at(reader, place, "either \"field\" or \"value\" is expected");
}

static mt_code read_texts(const struct reader *reader, const mt_json *array, size_t max,
                          const char *const **out)
{
    const char **text;
    size_t n = 0;
    if (array->kind != MT_JSON_ARRAY || array->count == 0)
        return fail_at(reader, array, "a list of texts is expected");
    if (array->count > max) return fail_at(reader, array, "this list is too long");
    MT_TRY(MT_NEW(reader->cx, &text, array->count + 1));
    for (const mt_json *child = array->first; child != NULL; child = child->next)
        MT_TRY(check_text(reader, child, &text[n++]));
    *out = text;
    return MT_OK;
}

static mt_code read_names(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *area, *detail = mt_json_member(reader->top, "detail");
    MT_TRY(need_member(reader, "area", &area));
    MT_TRY(check_members(reader, area, area_members, N_OF(area_members)));
    MT_TRY(read_place(reader, area, &mapping->area_field, &mapping->area));
    if (detail == NULL) return MT_OK;
    MT_TRY(check_members(reader, detail, detail_members, N_OF(detail_members)));
    MT_TRY(read_place(reader, detail, &mapping->detail_field, &mapping->detail));
    const mt_json *also = mt_json_member(detail, "also");
    return also != NULL ? read_texts(reader, also, MT_MAPPED_ALSO_MAX, &mapping->detail_also) : MT_OK;
}

static mt_code read_only(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *list = mt_json_member(reader->top, "only");
    mt_map_only *only;
    size_t n = 0;
    if (list == NULL) return MT_OK;
    if (list->kind != MT_JSON_OBJECT || list->count > MT_MAPPED_ONLY_MAX)
        return fail_at(reader, list, "an object of at most 8 fields with their values is expected");
    MT_TRY(MT_NEW(reader->cx, &only, list->count + 1));
    for (const mt_json *member = list->first; member != NULL; member = member->next, n++) {
        if (mt_json_member(list, member->name) != member)
            return fail_at(reader, member, "this field stands twice");
        only[n].field = member->name;
        MT_TRY(read_texts(reader, member, MT_RECORD_FIELDS_MAX, &only[n].value));
    }
    mapping->only = only;
    return MT_OK;
}

static mt_code read_rank(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *rank = mt_json_member(reader->top, "rank"), *order;
    if (rank == NULL) return MT_OK;
    MT_TRY(check_members(reader, rank, rank_members, N_OF(rank_members)));
    MT_TRY(need_text(reader, rank, "field", &mapping->rank_field));
    order = mt_json_member(rank, "order");
    if (order == NULL) return fail_at(reader, rank, "the member \"order\" is missing");
    MT_TRY(read_texts(reader, order, MT_MAPPED_RANKS_MAX, &mapping->rank_order));
    size_t k = 0;
    for (const mt_json *child = order->first; child != NULL; child = child->next, k++)
        for (size_t j = 0; j < k; j++)
            if (strcmp(mapping->rank_order[j], mapping->rank_order[k]) == 0)
                return fail_at(reader, child, "this edition stands twice");
    return MT_OK;
}

static mt_code read_real(const struct reader *reader, const mt_json *object, const char *name, double *out)
{
    const mt_json *value = mt_json_member(object, name);
    if (value == NULL) return MT_OK;
    if (value->kind != MT_JSON_NUMBER) return fail_at(reader, value, "a number is expected");
    *out = value->real;
    return MT_OK;
}

static mt_code check_kind(const struct reader *reader, const mt_json *object, const char *kind)
{
    if (kind[strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0') return MT_OK;
    return fail_at(reader, mt_json_member(object, "kind"),
                   "a kind is a word of small letters, such as spot_price");
}

static mt_code read_bounds(const struct reader *reader, const mt_json *object, mt_map_value *value)
{
    double minimum = NAN, maximum = NAN;
    MT_TRY(read_real(reader, object, "minimum", &minimum));
    MT_TRY(read_real(reader, object, "maximum", &maximum));
    if (isnan(minimum) && isnan(maximum)) return MT_OK;
    value->minimum = minimum;
    value->maximum = maximum;
    return minimum >= maximum ? fail_at(reader, object, "the minimum must lie below the maximum") : MT_OK;
}

static mt_code read_value(const struct reader *reader, const mt_json *object, mt_map_value *value)
{
    double factor = 1;
    MT_TRY(check_members(reader, object, value_members, N_OF(value_members)));
    MT_TRY(need_text(reader, object, "field", &value->field));
    MT_TRY(need_text(reader, object, "kind", &value->kind));
    MT_TRY(check_kind(reader, object, value->kind));
    MT_TRY(read_text(reader, object, "unit", &value->unit));
    MT_TRY(read_text(reader, object, "detail", &value->detail));
    MT_TRY(read_real(reader, object, "factor", &factor));
    if (factor == 0)
        return fail_at(reader, mt_json_member(object, "factor"), "a factor other than 0 is expected");
    value->factor = factor;
    return read_bounds(reader, object, value);
}

static mt_code read_values(const struct reader *reader, mt_mapping *mapping)
{
    const mt_json *list;
    mt_map_value *value;
    MT_TRY(need_member(reader, "values", &list));
    if (list->kind != MT_JSON_ARRAY || list->count == 0 || list->count > MT_MAPPED_MAX)
        return fail_at(reader, list, "a list of 1 to 64 values is expected");
    MT_TRY(MT_NEW(reader->cx, &value, list->count));
    for (const mt_json *child = list->first; child != NULL; child = child->next)
        MT_TRY(read_value(reader, child, &value[mapping->n_value++]));
    mapping->value = value;
    return MT_OK;
}

mt_code mt_mapping_read(mt_ctx *cx, const mt_mapping **out, const char *name, const char *bytes, size_t n)
{
    struct reader reader = {.cx = cx, .name = name, .text = {bytes, n}};
    mt_mapping *mapping;
    MT_TRY(mt_json_read(cx, &reader.top, name, bytes, n));
    MT_TRY(MT_NEW(cx, &mapping, 1));
    MT_TRY(check_members(&reader, reader.top, top_members, N_OF(top_members)));
    MT_TRY(need_text(&reader, reader.top, "name", &mapping->name));
    MT_TRY(need_text(&reader, reader.top, "source", &mapping->source));
    MT_TRY(read_text(&reader, reader.top, "doc", &mapping->doc));
    MT_TRY(read_time(&reader, mapping));
    MT_TRY(read_step(&reader, mapping));
    MT_TRY(read_names(&reader, mapping));
    MT_TRY(read_only(&reader, mapping));
    MT_TRY(read_rank(&reader, mapping));
    MT_TRY(read_values(&reader, mapping));
    *out = mapping;
    return MT_OK;
}
