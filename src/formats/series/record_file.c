/* Files of records: one way of batches over delimited text, JSON and line protocol. */
#include "formats/series/record_file.h"

#include "formats/header.h"
#include "formats/series/name_table.h"
#include "formats/series/observation_row.h"
#include "formats/series/open_meteo.h"
#include "formats/series/record_json.h"

#include <stdio.h>

enum { OBSERVATIONS = 8192, SOURCE_DEFAULT_MAX = 64, SENTENCE = 700 };

struct mt_record_file {
    mt_record_facts facts;
    mt_record_options options;
    mt_bytes *bytes;
    const mt_mapping *mapping;
    mt_mapper *mapper;     /* of a mapping */
    mt_observed *observed; /* of MT_LAYOUT_OBSERVATIONS */
    mt_lines *lines;       /* of MT_LAYOUT_LINES */
    mt_records records;
    mt_record_json json;
    const char *const *name; /* of the columns */
    bool is_value[MT_RECORD_FIELDS_MAX];
    size_t n_name;
    /* line protocol: the text in hand and where its faults were sought */
    mt_text text;
    const char *sought;
    uint64_t text_line, sought_line;
    /* the batch */
    mt_arena arena;
    size_t n, n_bad, n_record;
    mt_observation *out;
    mt_record_bad *bad;
    mt_text field[MT_RECORD_FIELDS];
};

static mt_code keep_text(mt_ctx *cx, mt_record_file *file, mt_text text, const char **out)
{
    char *copy = mt_arena_raw(&file->arena, text.length + 1);
    if (copy == NULL) return mt_fail(cx, MT_E_MEMORY, "no memory for a batch of %s", file->facts.name);
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    *out = copy;
    return MT_OK;
}

static mt_code add_fault(mt_ctx *cx, mt_record_file *file, uint64_t line, const char *reason, mt_text raw)
{
    mt_record_bad *bad = &file->bad[file->n_bad];
    if (raw.length > MT_RECORD_RAW) raw.length = MT_RECORD_RAW;
    *bad = (mt_record_bad){.line = line, .raw = raw};
    MT_TRY(keep_text(cx, file, mt_text_of(reason), &bad->reason));
    file->n_bad++;
    file->facts.bad++;
    return MT_OK;
}

/* Observations of one record, whose payload is kept once. */
static mt_code add_mapped(mt_ctx *cx, mt_record_file *file, const mt_mapped *mapped)
{
    const char *payload = mapped->n > 0 ? mapped->at[0].payload : NULL;
    if (payload != NULL) MT_TRY(keep_text(cx, file, mt_text_of(payload), &payload));
    for (size_t k = 0; k < mapped->n; k++) {
        mt_observation *out = &file->out[file->n++];
        *out = mapped->at[k];
        out->payload = payload;
        if (file->options.source != NULL) out->source = file->options.source;
        if (file->facts.layout == MT_LAYOUT_OPEN_METEO)
            out->start -= mt_open_meteo_shift(out->detail, out->step);
    }
    file->facts.observations += mapped->n;
    return MT_OK;
}

static bool has_room(const mt_record_file *file)
{
    return file->n_record < MT_RECORD_BATCH_ROWS && file->n + MT_MAPPED_MAX <= OBSERVATIONS;
}

/* The first mark in a value is the file's. */
static void find_mark(mt_record_file *file)
{
    for (size_t k = 0; k < file->n_name && file->facts.decimal == 0; k++) {
        if (!file->is_value[k]) continue;
        const char *comma = memchr(file->field[k].at, ',', file->field[k].length);
        const char *point = memchr(file->field[k].at, '.', file->field[k].length);
        if ((comma != NULL) != (point != NULL)) file->facts.decimal = comma != NULL ? ',' : '.';
    }
}

/* A quoted field with doubled quotes, without the doubles. */
static mt_code clean_field(mt_ctx *cx, mt_record_file *file, mt_text *field)
{
    const char *twice = field->length >= 2 ? memmem(field->at, field->length, "\"\"", 2) : NULL;
    if (twice == NULL || field->at == file->records.at || field->at[-1] != '"') return MT_OK;
    char *copy = mt_arena_raw(&file->arena, field->length);
    size_t n = 0;
    if (copy == NULL) return mt_fail(cx, MT_E_MEMORY, "no memory for a batch of %s", file->facts.name);
    for (size_t k = 0; k < field->length; k++) {
        copy[n++] = field->at[k];
        k += field->at[k] == '"' && k + 1 < field->length && field->at[k + 1] == '"';
    }
    *field = (mt_text){copy, n};
    return MT_OK;
}

static mt_code map_row(mt_ctx *cx, mt_record_file *file, mt_mapped *out)
{
    for (size_t k = 0; k < file->n_name; k++) MT_TRY(clean_field(cx, file, &file->field[k]));
    if (file->facts.decimal == 0) find_mark(file);
    bool comma = file->facts.decimal == ',';
    if (file->observed != NULL)
        return mt_observed_row(cx, file->observed, file->field, comma, file->options.known_at, out);
    return mt_mapper_row(cx, file->mapper, file->field, comma, file->options.known_at, out);
}

static mt_code add_row(mt_ctx *cx, mt_record_file *file, const mt_record *record)
{
    char reason[100];
    mt_mapped mapped = {.n = 0};
    file->facts.records++;
    file->n_record++;
    if (record->too_long)
        return add_fault(cx, file, record->line, "the line is longer than 4 MiB", record->raw);
    if (record->n != file->n_name) {
        snprintf(reason, sizeof reason, "%zu fields; expected the %zu of the header", record->n,
                 file->n_name);
        return add_fault(cx, file, record->line, reason, record->raw);
    }
    MT_TRY(map_row(cx, file, &mapped));
    if (mapped.fault != NULL) return add_fault(cx, file, record->line, mapped.fault, record->raw);
    return add_mapped(cx, file, &mapped);
}

static mt_code fill_rows(mt_ctx *cx, mt_record_file *file, mt_take *take)
{
    mt_record record;
    *take = MT_TAKE_RECORD;
    while (*take == MT_TAKE_RECORD && has_room(file)) {
        *take = mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record);
        if (*take == MT_TAKE_RECORD) MT_TRY(add_row(cx, file, &record));
    }
    return MT_OK;
}

static mt_code add_piece(mt_ctx *cx, mt_record_file *file, const mt_json_piece *piece)
{
    mt_mapped mapped = {.n = 0};
    file->facts.records++;
    file->n_record++;
    if (piece->fault != NULL) return add_fault(cx, file, piece->line, piece->fault, piece->text);
    if (file->observed != NULL)
        MT_TRY(mt_observed_json(cx, file->observed, piece->text, file->options.known_at, &mapped));
    else
        MT_TRY(mt_mapper_json(cx, file->mapper, piece->text, file->options.known_at, &mapped));
    if (mapped.fault != NULL) return add_fault(cx, file, piece->line, mapped.fault, piece->text);
    return add_mapped(cx, file, &mapped);
}

static mt_code fill_pieces(mt_ctx *cx, mt_record_file *file, mt_take *take)
{
    mt_json_piece piece;
    *take = MT_TAKE_RECORD;
    while (*take == MT_TAKE_RECORD && has_room(file)) {
        *take = mt_record_json_take(&file->json, &piece);
        if (*take == MT_TAKE_RECORD) MT_TRY(add_piece(cx, file, &piece));
    }
    if (*take != MT_TAKE_END || !file->json.cut) return MT_OK;
    return mt_fail(cx, MT_E_INPUT,
                   "%s, line %llu: the JSON document ends in the middle; the whole file is needed",
                   file->facts.name, (unsigned long long)file->json.line);
}

/* Names and numbers of a batch stay while its window does: a new one is taken only for an empty batch. */
static mt_code next_records(mt_ctx *cx, mt_record_file *file)
{
    mt_take take;
    for (;;) {
        MT_TRY(file->facts.json ? fill_pieces(cx, file, &take) : fill_rows(cx, file, &take));
        bool empty = file->n + file->n_bad == 0;
        if (take == MT_TAKE_END || !empty) return MT_OK;
        file->n_record = 0;
        mt_arena_reset(&file->arena, (mt_mark){NULL, 0});
        if (take == MT_TAKE_MORE)
            MT_TRY(file->facts.json ? mt_record_json_refill(cx, &file->json)
                                    : mt_records_refill(cx, &file->records));
        MT_TRY(mt_ctx_check(cx));
    }
}

/* Whole lines of the next window; text.length 0 at the end of the file. */
static mt_code next_text(mt_ctx *cx, mt_record_file *file)
{
    const char *at;
    size_t n = 0, consumed = file->text.length;
    bool last = false;
    for (const char *k = file->text.at; consumed > 0; k++) {
        k = memchr(k, '\n', (size_t)(file->text.at + consumed - k));
        if (k == NULL) break;
        file->text_line++;
    }
    for (;;) {
        MT_TRY(mt_bytes_next(cx, file->bytes, consumed, &at, &n, &last));
        const char *newline = memrchr(at, '\n', n);
        if (!last && newline == NULL && n < MT_BYTES_WINDOW) {
            consumed = 0;
            continue;
        }
        file->text = (mt_text){at, newline != NULL && !last ? (size_t)(newline + 1 - at) : n};
        break;
    }
    mt_ctx_progress(cx, "reading", mt_bytes_read(file->bytes), mt_bytes_total(file->bytes), "bytes");
    file->sought = file->text.at;
    file->sought_line = 1;
    mt_lines_text(file->lines, file->text, file->options.precision, file->options.known_at);
    return MT_OK;
}

/* The raw text of a line of the text in hand; lines come in order. */
static mt_text raw_line(mt_record_file *file, uint64_t line)
{
    const char *end = file->text.at + file->text.length, *newline;
    for (; file->sought_line < line; file->sought_line++) {
        newline = memchr(file->sought, '\n', (size_t)(end - file->sought));
        if (newline == NULL) break;
        file->sought = newline + 1;
    }
    newline = memchr(file->sought, '\n', (size_t)(end - file->sought));
    return (mt_text){file->sought, (size_t)((newline != NULL ? newline : end) - file->sought)};
}

static mt_code next_lines(mt_ctx *cx, mt_record_file *file, mt_record_batch *out)
{
    mt_line_batch batch;
    for (;;) {
        MT_TRY(mt_lines_next(cx, file->lines, &batch));
        if (batch.n > 0 || batch.n_fault > 0) break;
        MT_TRY(next_text(cx, file));
        if (file->text.length == 0) break;
    }
    for (size_t k = 0; k < batch.n_fault; k++)
        MT_TRY(add_fault(cx, file, file->text_line + batch.fault[k].line - 1, batch.fault[k].reason,
                         raw_line(file, batch.fault[k].line)));
    file->facts.observations += batch.n;
    file->facts.records += batch.n + batch.n_fault;
    *out = (mt_record_batch){.at = batch.at, .n = batch.n, .bad = file->bad, .n_bad = file->n_bad};
    return MT_OK;
}

mt_code mt_record_file_next(mt_ctx *cx, mt_record_file *file, mt_record_batch *out)
{
    file->n = file->n_bad = file->n_record = 0;
    mt_arena_reset(&file->arena, (mt_mark){NULL, 0});
    if (file->lines != NULL) return next_lines(cx, file, out);
    MT_TRY(next_records(cx, file));
    *out = (mt_record_batch){.at = file->out, .n = file->n, .bad = file->bad, .n_bad = file->n_bad};
    return MT_OK;
}

/* A column that the mapping cannot do without is not there. */
static mt_code fail_column(mt_ctx *cx, const mt_record_file *file, const mt_header *header,
                           const char *wanted)
{
    char sentence[SENTENCE];
    int nearest = mt_text_nearest(wanted, header->name, header->n);
    size_t used = 0;
    for (size_t k = 0; k < header->n && used + 80 < sizeof sentence; k++) {
        char one[64];
        mt_header_show(one, sizeof one, mt_text_of(header->name[k]));
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, "%s%s", k > 0 ? ", " : "", one);
    }
    return mt_fail(cx, MT_E_INPUT, "column \"%s\" of %s is missing in %s line %llu%s%.60s%s; found %s",
                   wanted, file->mapping->name, file->facts.name, (unsigned long long)header->line,
                   nearest >= 0 ? " (did you mean \"" : "", nearest >= 0 ? header->name[nearest] : "",
                   nearest >= 0 ? "\"?)" : "", sentence);
}

static bool has_column(const mt_header *header, const char *name)
{
    for (size_t k = 0; k < header->n; k++)
        if (strcmp(header->name[k], name) == 0) return true;
    return false;
}

static mt_code need_column(mt_ctx *cx, const mt_record_file *file, const mt_header *header, const char *name)
{
    return name == NULL || has_column(header, name) ? MT_OK : fail_column(cx, file, header, name);
}

static mt_code need_columns(mt_ctx *cx, const mt_record_file *file, const mt_header *header)
{
    const mt_mapping *mapping = file->mapping;
    bool any = false;
    MT_TRY(need_column(cx, file, header, mapping->time_field));
    MT_TRY(need_column(cx, file, header, mapping->area_field));
    MT_TRY(need_column(cx, file, header, mapping->detail_field));
    for (const mt_map_only *only = mapping->only; only != NULL && only->field != NULL; only++)
        MT_TRY(need_column(cx, file, header, only->field));
    for (size_t k = 0; k < mapping->n_value && !any; k++) any = has_column(header, mapping->value[k].field);
    return any ? MT_OK : fail_column(cx, file, header, mapping->value[0].field);
}

static void mark_values(mt_record_file *file)
{
    for (size_t k = 0; k < file->n_name; k++) {
        file->is_value[k] = file->observed != NULL && strcmp(file->name[k], "value") == 0;
        for (size_t v = 0; file->mapping != NULL && v < file->mapping->n_value; v++)
            file->is_value[k] =
                file->is_value[k] || strcmp(file->mapping->value[v].field, file->name[k]) == 0;
    }
}

static mt_code open_mapper(mt_ctx *cx, mt_record_file *file)
{
    if (file->facts.layout == MT_LAYOUT_OBSERVATIONS)
        return mt_observed_open(cx, &file->observed,
                                file->options.source != NULL ? file->options.source : "file");
    file->facts.as = file->mapping->name;
    return mt_mapper_open(cx, &file->mapper, file->mapping, file->options.zones);
}

static mt_code open_rows(mt_ctx *cx, mt_record_file *file)
{
    mt_header header;
    mt_records_init(&file->records, file->bytes, ',');
    MT_TRY(mt_header_read(cx, &file->records, NULL, 0, &header));
    file->name = header.name;
    file->n_name = header.n;
    if (file->facts.layout == MT_LAYOUT_OPEN_METEO)
        MT_TRY(mt_open_meteo_begin(cx, &file->records, &header, &file->mapping, &file->name, &file->n_name));
    else if (file->mapping != NULL)
        MT_TRY(need_columns(cx, file, &header));
    MT_TRY(open_mapper(cx, file));
    file->facts.delimiter = file->records.delimiter;
    mark_values(file);
    if (file->observed != NULL) return mt_observed_columns(cx, file->observed, file->name, file->n_name);
    return mt_mapper_columns(cx, file->mapper, file->name, file->n_name);
}

static mt_code open_layout(mt_ctx *cx, mt_record_file *file)
{
    if (file->facts.layout == MT_LAYOUT_LINES) {
        file->text_line = 1;
        return mt_lines_open(cx, &file->lines, file->options.source != NULL ? file->options.source : "lines");
    }
    if (!file->facts.json) return open_rows(cx, file);
    if (file->facts.layout == MT_LAYOUT_OPEN_METEO)
        return mt_fail(cx, MT_E_INPUT, "%s is JSON; of Open-Meteo the form format=csv is read",
                       file->facts.name);
    mt_record_json_init(&file->json, file->bytes);
    return open_mapper(cx, file);
}

/* What the file is: as the caller says, or as it looks. */
static mt_code look(mt_ctx *cx, mt_record_file *file, const mt_mapping *mapping)
{
    const char *at, *as = file->options.as;
    size_t n;
    bool last;
    mt_record_look seen;
    MT_TRY(mt_bytes_next(cx, file->bytes, 0, &at, &n, &last));
    MT_TRY(mt_record_look_at(cx, &seen, (mt_text){at, n}, last));
    bool json = seen.json;
    if (mapping != NULL)
        seen = (mt_record_look){.as = mapping->name, .mapping = mapping};
    else if (as != NULL)
        seen = mt_record_look_of(as);
    if (seen.as == NULL && as != NULL)
        return mt_fail(cx, MT_E_INPUT, "no kind of records is called \"%.80s\"", as);
    if (seen.as == NULL)
        return mt_fail(cx, MT_E_INPUT, "%s%s", file->facts.name,
                       n == 0
                           ? " is empty; expected records"
                           : ": its fields are those of no known dataset; name one or give a mapping file");
    file->mapping = seen.mapping;
    file->facts.as = seen.as;
    file->facts.layout = seen.layout;
    file->facts.json = json;
    return MT_OK;
}

mt_code mt_record_file_open(mt_ctx *cx, mt_record_file **out, mt_bytes *bytes, const mt_mapping *mapping,
                            const mt_record_options *options)
{
    mt_record_file *file;
    MT_TRY(MT_NEW(cx, &file, 1));
    file->options = *options;
    file->bytes = bytes;
    file->facts.name = mt_bytes_name(bytes);
    MT_TRY(look(cx, file, mapping));
    MT_TRY(MT_NEW(cx, &file->out, OBSERVATIONS));
    MT_TRY(MT_NEW(cx, &file->bad, MT_RECORD_BATCH_ROWS));
    mt_arena_beside(&file->arena, cx);
    mt_code code = open_layout(cx, file);
    if (code != MT_OK)
        mt_record_file_close(file);
    else
        *out = file;
    return code;
}

void mt_record_file_close(mt_record_file *file)
{
    if (file == NULL) return;
    mt_mapper_close(file->mapper);
    mt_observed_close(file->observed);
    mt_lines_close(file->lines);
    mt_arena_close(&file->arena);
}

const mt_record_facts *mt_record_file_about(const mt_record_file *file)
{
    return &file->facts;
}
