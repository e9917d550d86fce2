/* Values in structs: read, parse, clear, print. */
#include "base/rows/field.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct type_row {
    const char *name;
    size_t bytes;
};

#define TYPE_ROW(symbol, name, bytes) {name, bytes},
static const struct type_row type_row[] = {MT_TYPE_LIST(TYPE_ROW)};

size_t mt_field_count(const mt_field *field)
{
    size_t n = 0;
    while (field && field[n].name) n++;
    return n;
}

const mt_field *mt_field_find(const mt_field *field, const char *name)
{
    for (; field && field->name; field++) {
        if (strcmp(field->name, name) == 0) return field;
    }
    return NULL;
}

const char *mt_type_name(mt_type type)
{
    return type_row[type].name;
}

size_t mt_type_bytes(mt_type type)
{
    return type_row[type].bytes;
}

static int64_t load_int(const void *member)
{
    int64_t value;
    memcpy(&value, member, sizeof value);
    return value;
}

static mt_value get_text(const char *text)
{
    return (mt_value){.present = text != NULL, .as.text = mt_text_of(text)};
}

static size_t count_choices(const mt_field *field)
{
    size_t n = 0;
    while (field->choice[n]) n++;
    return n;
}

static mt_value get_choice(const mt_field *field, int index)
{
    bool known = index >= 0 && (size_t)index < count_choices(field);
    return get_text(known ? field->choice[index] : NULL);
}

static mt_value get_integer(int64_t value)
{
    return (mt_value){.present = value != INT64_MIN, .as.integer = value};
}

static mt_value get_real(double value)
{
    return (mt_value){.present = isfinite(value), .as.real = value};
}

mt_value mt_field_get(const mt_field *field, const void *row)
{
    const char *member = (const char *)row + field->offset;
    switch (field->type) {
    case MT_BOOL:
        return (mt_value){.present = true, .as.boolean = *(const bool *)member};
    case MT_REAL:
        return get_real(*(const double *)(const void *)member);
    case MT_DAY: {
        mt_day day = *(const mt_day *)(const void *)member;
        return (mt_value){.present = day != MT_DAY_NONE, .as.integer = day};
    }
    case MT_TEXT:
        return get_text(*(const char *const *)(const void *)member);
    case MT_CHOICE:
        return get_choice(field, *(const int *)(const void *)member);
    case MT_INPUT:
        return get_text(((const mt_input *)(const void *)member)->name);
    case MT_OUTPUT:
        return get_text(((const mt_output *)(const void *)member)->path);
    case MT_INPUTS: {
        const mt_inputs *inputs = (const mt_inputs *)(const void *)member;
        return get_text(inputs->n ? inputs->at[0].name : NULL);
    }
    default:
        return get_integer(load_int(member));
    }
}

static const char *expected_form(mt_type type)
{
    switch (type) {
    case MT_BOOL:
        return "yes or no";
    case MT_INT:
        return "a whole number";
    case MT_REAL:
        return "a decimal number with a point";
    case MT_MICRO:
        return "a decimal number with a point and at most six decimals";
    case MT_TIME:
        return "a time with an offset, e.g. 2025-06-08T10:00:00Z";
    case MT_DAY:
        return "a day, e.g. 2025-06-08";
    case MT_SPAN:
        return "a duration, e.g. 30s, 15min, 1h or 7d";
    default:
        return "a text";
    }
}

static mt_code refuse(mt_ctx *cx, const mt_field *field, const char *text)
{
    const char *unit = mt_unit_text(field->unit);
    return mt_fail(cx, MT_E_INPUT, "%s: \"%s\" is not %s%s%s", field->name, text, expected_form(field->type),
                   unit[0] ? " in " : "", unit);
}

static mt_code refuse_choice(mt_ctx *cx, const mt_field *field, const char *text)
{
    char known[512] = "";
    size_t n = count_choices(field), used = 0;
    for (size_t k = 0; k < n && used < sizeof known; k++) {
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", field->choice[k]);
    }
    int nearest = mt_text_nearest(text, field->choice, n);
    return mt_fail(cx, MT_E_INPUT, "%s: \"%s\" is not one of %s%s%s%s", field->name, text, known,
                   nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : field->choice[nearest],
                   nearest < 0 ? "" : "?");
}

static mt_code set_choice(mt_ctx *cx, const mt_field *field, int *member, const char *text)
{
    for (int k = 0; field->choice[k]; k++) {
        if (!mt_text_equal_nocase(mt_text_of(text), field->choice[k])) continue;
        *member = k;
        return MT_OK;
    }
    return refuse_choice(cx, field, text);
}

static bool parse_bool(const char *text, bool *out)
{
    static const char *const word[] = {"no", "yes", "false", "true", "0", "1"};
    for (int k = 0; k < 6; k++) {
        if (!mt_text_equal_nocase(mt_text_of(text), word[k])) continue;
        *out = k % 2;
        return true;
    }
    return false;
}

/* Members whose value is a number of eight bytes; the one that means "missing" cannot be given. */
static bool parse_integer(mt_type type, const char *text, int64_t *out)
{
    size_t n = strlen(text);
    bool parsed = false, has_offset = false;
    int64_t value = INT64_MIN;
    switch (type) {
    case MT_INT:
        parsed = mt_int_parse(text, n, &value);
        break;
    case MT_MICRO:
        parsed = mt_micro_parse(text, n, &value);
        break;
    case MT_TIME:
        parsed = mt_time_parse(text, n, &value, &has_offset) && has_offset;
        break;
    default:
        parsed = mt_span_parse(text, n, &value);
        break;
    }
    if (!parsed || value == INT64_MIN) return false;
    *out = value;
    return true;
}

mt_code mt_field_set(mt_ctx *cx, const mt_field *field, void *row, const char *text)
{
    char *member = (char *)row + field->offset;
    bool parsed;
    switch (field->type) {
    case MT_BOOL:
        parsed = parse_bool(text, (bool *)member);
        break;
    case MT_REAL:
        parsed = mt_real_parse(text, strlen(text), (double *)(void *)member);
        break;
    case MT_DAY:
        parsed = mt_day_parse(text, strlen(text), (mt_day *)(void *)member);
        break;
    case MT_TEXT:
        return mt_text_copy(cx, (const char **)(void *)member, mt_text_of(text));
    case MT_CHOICE:
        return set_choice(cx, field, (int *)(void *)member, text);
    case MT_INPUT:
    case MT_INPUTS:
    case MT_OUTPUT:
        return mt_fail(cx, MT_E_BUG, "%s: the face opens files, not the field", field->name);
    default:
        parsed = parse_integer(field->type, text, (int64_t *)(void *)member);
        break;
    }
    return parsed ? MT_OK : refuse(cx, field, text);
}

static void clear_member(const mt_field *field, char *member)
{
    switch (field->type) {
    case MT_BOOL:
        *(bool *)member = false;
        break;
    case MT_REAL:
        *(double *)(void *)member = NAN;
        break;
    case MT_DAY:
        *(mt_day *)(void *)member = MT_DAY_NONE;
        break;
    case MT_TEXT:
        *(const char **)(void *)member = NULL;
        break;
    case MT_CHOICE:
        *(int *)(void *)member = -1;
        break;
    case MT_INPUT:
        *(mt_input *)(void *)member = (mt_input){.name = NULL, .fd = -1};
        break;
    case MT_OUTPUT:
        *(mt_output *)(void *)member = (mt_output){NULL};
        break;
    case MT_INPUTS:
        *(mt_inputs *)(void *)member = (mt_inputs){NULL, 0};
        break;
    default:
        *(int64_t *)(void *)member = INT64_MIN;
        break;
    }
}

void mt_field_clear(const mt_field *field, void *row)
{
    for (; field && field->name; field++) clear_member(field, (char *)row + field->offset);
}

mt_code mt_value_text(mt_ctx *cx, const char **out, mt_type type, mt_value value)
{
    char text[MT_TIME_TEXT_MAX] = "";
    if (value.present) {
        switch (type) {
        case MT_BOOL:
            snprintf(text, sizeof text, "%s", value.as.boolean ? "true" : "false");
            break;
        case MT_INT:
            snprintf(text, sizeof text, "%" PRId64, value.as.integer);
            break;
        case MT_REAL:
            mt_real_text(value.as.real, text);
            break;
        case MT_MICRO:
            mt_micro_text(value.as.integer, 0, text);
            break;
        case MT_TIME:
            mt_time_text(value.as.integer, text);
            break;
        case MT_DAY:
            mt_day_text((mt_day)value.as.integer, text);
            break;
        case MT_SPAN:
            mt_span_text(value.as.integer, text);
            break;
        default:
            return mt_text_copy(cx, out, value.as.text);
        }
    }
    return mt_text_copy(cx, out, mt_text_of(text));
}
