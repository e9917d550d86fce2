/* Trades as JSON: an array of objects, or one object a line. */
#include "formats/vpp/trades/objects.h"

#include "formats/series/json_record.h"

#include <string.h>

enum { TEXTS_MAX = 4096 };

struct objects {
    mt_deals *deals;
    const char *window, *at, *end;
    uint64_t passed; /* bytes before the window */
    bool last;
    uint64_t count; /* objects so far */
    mt_wanted_column wanted[MT_DEAL_COLUMNS];
    mt_json_record record;
    char text[TEXTS_MAX]; /* without escapes */
    size_t used;
};

static mt_code refill(struct objects *objects)
{
    size_t n, consumed = (size_t)(objects->at - objects->window);
    mt_vpp_reader *reader = objects->deals->reader;
    MT_TRY(mt_bytes_next(&reader->own, reader->bytes, consumed, &objects->window, &n, &objects->last));
    objects->passed += consumed;
    objects->at = objects->window;
    objects->end = objects->window + n;
    return MT_OK;
}

static mt_code fail_here(const struct objects *objects, const char *what)
{
    return mt_fail(&objects->deals->reader->own, MT_E_INPUT, "%s byte %llu: %s",
                   mt_vpp_file_name(objects->deals->reader),
                   (unsigned long long)(objects->passed + (uint64_t)(objects->at - objects->window) + 1),
                   what);
}

/* The value of a member as a cell; what is neither text nor number is empty. */
static mt_text cell_of(struct objects *objects, const mt_record_field *field)
{
    if (field->token == MT_TOKEN_NUMBER) return field->value;
    if (field->token != MT_TOKEN_STRING) return (mt_text){"", 0};
    if (!field->value_escaped) return mt_text_trim(field->value);
    if (objects->used + field->value.length > TEXTS_MAX) return (mt_text){"", 0};
    char *to = objects->text + objects->used;
    size_t n = mt_json_unescape(field->value, to);
    objects->used += n;
    return mt_text_trim((mt_text){to, n});
}

static const mt_record_field *find_confirmation(const mt_json_record *record)
{
    for (size_t k = 0; k < record->n; k++)
        if (mt_text_equal(record->field[k].name, "trade_confirmation")) return &record->field[k];
    return NULL;
}

static mt_code bad_object(struct objects *objects, mt_text object)
{
    return mt_deals_bad(objects->deals, MT_FAULT_ROW_SHAPE, objects->count, object);
}

static mt_code add_object(struct objects *objects, mt_text object)
{
    mt_text cell[MT_DEAL_COLUMNS] = {{NULL, 0}};
    mt_json_record *record = &objects->record;
    objects->count++;
    objects->used = 0;
    if (!mt_json_record_read(record, object)) return bad_object(objects, object);
    const mt_record_field *inner = find_confirmation(record);
    if (inner != NULL && !mt_json_record_read(record, inner->value)) return bad_object(objects, object);
    for (size_t k = 0; k < record->n; k++) {
        size_t column = mt_header_which(record->field[k].name, objects->wanted, MT_DEAL_COLUMNS);
        if (column != MT_COLUMN_ABSENT) cell[column] = cell_of(objects, &record->field[k]);
    }
    return mt_deals_add(objects->deals, cell, objects->count);
}

/* The object at the window's position, whole. */
static mt_code take_object(struct objects *objects)
{
    for (;;) {
        const char *behind = mt_json_skip(objects->at, objects->end);
        if (behind != NULL) {
            mt_text object = {objects->at, (size_t)(behind - objects->at)};
            objects->at = behind;
            return add_object(objects, object);
        }
        if (objects->last) return fail_here(objects, "expected a JSON object of a trade, whole");
        MT_TRY(refill(objects));
    }
}

static bool is_between(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',';
}

/* Passes one array's brackets and what is between objects. *more is false at the end. */
static mt_code pass_between(struct objects *objects, int *depth, bool *more)
{
    for (;;) {
        while (objects->at < objects->end && is_between(*objects->at)) objects->at++;
        *more = objects->at < objects->end;
        if (!*more && objects->last) return *depth == 1 ? fail_here(objects, "the array has no end") : MT_OK;
        if (!*more) {
            MT_TRY(refill(objects));
            continue;
        }
        bool opens = *objects->at == '[' && *depth == 0 && objects->count == 0;
        bool closes = *objects->at == ']' && *depth == 1;
        if (!opens && !closes) return MT_OK;
        *depth += opens ? 1 : -3; /* nothing may follow */
        objects->at++;
    }
}

mt_code mt_vpp_read_objects(mt_deals *deals)
{
    struct objects *objects;
    int depth = 0;
    bool more = true;
    MT_TRY(MT_NEW(&deals->reader->own, &objects, 1));
    objects->deals = deals;
    mt_deals_columns(objects->wanted);
    MT_TRY(refill(objects));
    if (objects->end - objects->at >= 3 && memcmp(objects->at, "\xEF\xBB\xBF", 3) == 0) objects->at += 3;
    for (;;) {
        MT_TRY(pass_between(objects, &depth, &more));
        if (!more && depth == 0 && objects->count == 0)
            return fail_here(objects, "expected trades, found nothing");
        if (!more) return MT_OK;
        if (depth < 0 || *objects->at != '{') return fail_here(objects, "expected a JSON object of a trade");
        MT_TRY(take_object(objects));
    }
}
