/* Records that are observations already. */
#include "formats/series/observation_row.h"

#include "formats/header.h"
#include "formats/series/json_record.h"
#include "formats/series/name_table.h"
#include "formats/series/value_text.h"
#include "io/utf8.h"

#include <math.h>
#include <stdio.h>

enum { KIND, AREA, DETAIL, UNIT, SOURCE, STEP, START, VALUE, KNOWN_AT, PAYLOAD, PARTS, FAULT_MAX = 300 };

struct mt_observed {
    mt_names names;
    mt_arena arena; /* of the record's payload */
    const char *source;
    mt_instant_cache start, known;
    int column_part[MT_RECORD_FIELDS_MAX]; /* -1: none */
    size_t n_column;
    bool row, no_memory;
    char mark;
    mt_json_record record;
    const mt_record_field *given[PARTS];
    mt_observation out;
    char fault[FAULT_MAX];
};

/* Operations show `step`; the store's tables, and files made from them, call it step_us. */
static const char *name_of(int part)
{
    return part == STEP ? "step" : mt_observation_col[part].name;
}

static bool refuse(mt_observed *observed, int part, const char *right)
{
    char shown[48];
    const mt_record_field *given = observed->given[part];
    const char *name = name_of(part);
    if (given == NULL) {
        snprintf(observed->fault, sizeof observed->fault, "\"%s\" is missing; expected %s", name, right);
    } else {
        mt_header_show(shown, sizeof shown, given->value);
        snprintf(observed->fault, sizeof observed->fault, "\"%s\" is \"%s\"; expected %s", name, shown,
                 right);
    }
    return false;
}

/* The member's text without blanks around it; length 0 where there is none. */
static mt_text text_of(const mt_observed *observed, int part)
{
    const mt_record_field *given = observed->given[part];
    if (given == NULL || given->token == MT_TOKEN_NULL) return (mt_text){"", 0};
    return mt_text_trim(given->value);
}

/* "" where the record has none. */
static bool read_name(mt_observed *observed, int part, const char **out)
{
    char scratch[6 * MT_MAPPED_NAME_MAX];
    mt_text text = text_of(observed, part);
    const mt_record_field *given = observed->given[part];
    bool right = text.length <= sizeof scratch && (given == NULL || given->token != MT_TOKEN_NESTED);
    if (right && given != NULL && given->value_escaped)
        text = mt_text_trim((mt_text){scratch, mt_json_unescape(text, scratch)});
    if (!right || text.length > 4 * MT_MAPPED_NAME_MAX || !mt_utf8_is_clean(text.at, text.length))
        return refuse(observed, part, "a name of at most 2048 bytes of UTF-8");
    *out = mt_names_keep(&observed->names, text);
    observed->no_memory = *out == NULL && !observed->names.full;
    return *out != NULL || refuse(observed, part, "fewer different names");
}

static bool read_time(mt_observed *observed, int part, mt_instant_cache *cache, mt_time *out)
{
    bool has_offset;
    mt_time t;
    mt_text text = text_of(observed, part);
    if (!mt_instant_read(text, cache, &t, &has_offset))
        return refuse(observed, part, "a time such as 2024-11-06T22:00:00Z");
    *out = t;
    return true;
}

static bool read_step(mt_observed *observed, mt_time *out)
{
    mt_text text = text_of(observed, STEP);
    *out = 0;
    if (text.length == 0) return true;
    bool read = mt_int_parse(text.at, text.length, out) || mt_span_parse(text.at, text.length, out);
    return (read && *out >= 0) || refuse(observed, STEP, "microseconds, or a length of time such as 1h");
}

static bool read_value(mt_observed *observed, double *out)
{
    const mt_record_field *given = observed->given[VALUE];
    mt_text text = text_of(observed, VALUE);
    *out = NAN;
    if (text.length == 0 || (observed->row && mt_text_equal_nocase(text, "nan"))) return true;
    if (given->token == MT_TOKEN_NUMBER) {
        *out = given->real;
        return true;
    }
    bool number =
        given->token == MT_TOKEN_STRING && mt_number_read(text, observed->row ? observed->mark : '.', out);
    return number || refuse(observed, VALUE, "a number");
}

/* A whole JSON object, as it stands or as the text of a cell. */
static bool read_payload(mt_observed *observed, const char **out)
{
    mt_text text = text_of(observed, PAYLOAD);
    const mt_record_field *given = observed->given[PAYLOAD];
    *out = NULL;
    if (text.length == 0) return true;
    char *copy = mt_arena_raw(&observed->arena, text.length + 1);
    observed->no_memory = copy == NULL;
    if (copy == NULL) return false;
    if (given->value_escaped)
        text.length = mt_json_unescape(text, copy);
    else
        memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (copy[0] != '{' || mt_json_skip(copy, copy + text.length) != copy + text.length)
        return refuse(observed, PAYLOAD, "a JSON object");
    *out = copy;
    return true;
}

static bool read_observation(mt_observed *observed, mt_time known_at)
{
    mt_observation *out = &observed->out;
    *out = (mt_observation){.known_at = known_at};
    if (text_of(observed, KIND).length == 0) return refuse(observed, KIND, "a word such as spot_price");
    if (observed->given[VALUE] == NULL)
        return refuse(observed, VALUE, "a number, or null where there is none");
    if (!read_name(observed, KIND, &out->kind) || !read_name(observed, AREA, &out->area)) return false;
    if (!read_name(observed, DETAIL, &out->detail) || !read_name(observed, UNIT, &out->unit)) return false;
    if (!read_name(observed, SOURCE, &out->source)) return false;
    if (out->source[0] == '\0') out->source = observed->source;
    if (!read_step(observed, &out->step) || !read_time(observed, START, &observed->start, &out->start))
        return false;
    if (text_of(observed, KNOWN_AT).length > 0 &&
        !read_time(observed, KNOWN_AT, &observed->known, &out->known_at))
        return false;
    return read_value(observed, &out->value) && read_payload(observed, &out->payload);
}

static void begin(mt_observed *observed, bool row)
{
    mt_arena_reset(&observed->arena, (mt_mark){NULL, 0});
    memset(observed->given, 0, sizeof observed->given);
    observed->row = row;
    observed->no_memory = false;
}

static mt_code finish(mt_ctx *cx, mt_observed *observed, bool read, mt_mapped *out)
{
    if (observed->no_memory) return mt_fail(cx, MT_E_MEMORY, "no memory for an observation");
    *out = (mt_mapped){.at = &observed->out, .n = read, .fault = read ? NULL : observed->fault};
    return MT_OK;
}

static int find_part(mt_text name)
{
    for (int part = 0; part < PARTS; part++)
        if (mt_text_equal(name, name_of(part)) || mt_text_equal(name, mt_observation_col[part].name))
            return part;
    return -1;
}

mt_code mt_observed_columns(mt_ctx *cx, mt_observed *observed, const char *const *name, size_t n)
{
    if (n > MT_RECORD_FIELDS_MAX)
        return mt_fail(cx, MT_E_INPUT, "%zu columns; at most %d are read", n, MT_RECORD_FIELDS_MAX);
    for (size_t k = 0; k < n; k++) {
        observed->column_part[k] = find_part(mt_text_of(name[k]));
        for (size_t j = 0; j < k; j++)
            if (observed->column_part[k] >= 0 && observed->column_part[j] == observed->column_part[k])
                return mt_fail(cx, MT_E_INPUT, "column \"%.80s\" stands twice; expected it once", name[k]);
    }
    observed->n_column = n;
    return MT_OK;
}

mt_code mt_observed_row(mt_ctx *cx, mt_observed *observed, const mt_text *field, bool comma, mt_time known_at,
                        mt_mapped *out)
{
    begin(observed, true);
    observed->mark = comma ? ',' : '.';
    for (size_t k = 0; k < observed->n_column; k++) {
        mt_record_field *to = &observed->record.field[k];
        *to = (mt_record_field){.value = field[k], .token = MT_TOKEN_STRING};
        if (observed->column_part[k] >= 0) observed->given[observed->column_part[k]] = to;
    }
    return finish(cx, observed, read_observation(observed, known_at), out);
}

mt_code mt_observed_json(mt_ctx *cx, mt_observed *observed, mt_text message, mt_time known_at, mt_mapped *out)
{
    begin(observed, false);
    bool read = mt_json_record_read(&observed->record, message);
    if (!read)
        snprintf(observed->fault, sizeof observed->fault, "no record in JSON: %s, at byte %zu",
                 observed->record.fault, observed->record.at);
    for (size_t k = 0; read && k < observed->record.n; k++) {
        int part = find_part(observed->record.field[k].name);
        if (part >= 0) observed->given[part] = &observed->record.field[k];
    }
    return finish(cx, observed, read && read_observation(observed, known_at), out);
}

mt_code mt_observed_open(mt_ctx *cx, mt_observed **out, const char *source)
{
    mt_observed *observed;
    MT_TRY(MT_NEW(cx, &observed, 1));
    observed->source = source;
    mt_names_init(&observed->names, cx);
    mt_arena_beside(&observed->arena, cx);
    *out = observed;
    return MT_OK;
}

void mt_observed_close(mt_observed *observed)
{
    if (observed == NULL) return;
    mt_names_close(&observed->names);
    mt_arena_close(&observed->arena);
}

bool mt_observed_is(const char *const *name, size_t n)
{
    static const int needed[] = {KIND, START, VALUE};
    size_t found = 0;
    for (size_t k = 0; k < n; k++) {
        int part = find_part(mt_text_of(name[k]));
        for (size_t j = 0; j < 3; j++) found += part == needed[j];
    }
    return found == 3;
}
