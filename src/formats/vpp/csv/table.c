/* Small tables by named columns: one description turns the rows of a file into structs. */
#include "formats/vpp/csv/table.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 40, WHY_MAX = 240 };

/* A table on its way. */
struct state {
    mt_vpp_reader *reader;
    const mt_vpp_table *table;
    mt_records records;
    mt_header header;
    const mt_vpp_scale *scale[MT_HEADER_COLUMNS];
    bool utc[MT_HEADER_COLUMNS];
    char mark;
    mt_text field[MT_RECORD_FIELDS];
    char *row; /* of all that were good */
    size_t n, room;
};

static bool says_utc(const char *name)
{
    for (; *name != '\0'; name++)
        if (mt_text_equal_nocase((mt_text){name, strlen(name) < 3 ? 0 : 3}, "utc")) return true;
    return false;
}

static mt_code prepare_column(struct state *state, size_t k)
{
    const mt_vpp_column *column = &state->table->column[k];
    bool stated;
    size_t at = state->header.at[k];
    if (at == MT_COLUMN_ABSENT) return MT_OK;
    const char *name = state->header.name[at];
    state->utc[k] = says_utc(name);
    if (column->scale == NULL) return MT_OK;
    state->scale[k] = mt_vpp_scale_of(mt_text_of(name), column->scale, &stated);
    if (state->scale[k] != NULL) return MT_OK;
    return mt_fail(&state->reader->own, MT_E_UNIT,
                   "%s line %llu: column \"%s\" has a unit that is not known; "
                   "expected \"%s\"",
                   mt_vpp_file_name(state->reader), (unsigned long long)state->header.line, name,
                   column->wanted.name);
}

static mt_code open_table(struct state *state)
{
    mt_wanted_column wanted[MT_HEADER_COLUMNS];
    const mt_vpp_table *table = state->table;
    for (size_t k = 0; k < table->n_column; k++) wanted[k] = table->column[k].wanted;
    mt_records_init(&state->records, state->reader->bytes, ',');
    MT_TRY(mt_header_read(&state->reader->own, &state->records, wanted, table->n_column, &state->header));
    for (size_t k = 0; k < table->n_column; k++) MT_TRY(prepare_column(state, k));
    return MT_OK;
}

static mt_vpp_found read_word(mt_text cell, const char *const *word, int *out)
{
    for (int k = 0; word[k] != NULL; k++)
        if (mt_text_equal_nocase(cell, word[k])) return *out = k, MT_VPP_RIGHT;
    return MT_VPP_WRONG;
}

static mt_vpp_found read_yes_no(mt_text cell, int *out)
{
    static const char *const yes[] = {"yes", "true", "1", "1.0", "ja", NULL};
    static const char *const no[] = {"no", "false", "0", "0.0", "nein", NULL};
    int ignored;
    if (read_word(cell, yes, &ignored) == MT_VPP_RIGHT) return *out = 1, MT_VPP_RIGHT;
    if (read_word(cell, no, &ignored) == MT_VPP_RIGHT) return *out = 0, MT_VPP_RIGHT;
    return MT_VPP_WRONG;
}

static mt_vpp_found read_scaled(struct state *state, mt_text cell, size_t k, mt_micro *out)
{
    mt_micro value;
    mt_vpp_found found = mt_vpp_decimal(cell, &state->mark, &value);
    if (found != MT_VPP_RIGHT) return found;
    if (state->scale[k] != NULL && !mt_vpp_scale_apply(state->scale[k], &value)) return MT_VPP_WRONG;
    *out = value;
    return MT_VPP_RIGHT;
}

static mt_vpp_found read_real(struct state *state, mt_text cell, double *out)
{
    mt_micro value;
    mt_vpp_found found = mt_vpp_decimal(cell, &state->mark, &value);
    if (found == MT_VPP_RIGHT) *out = (double)value / (double)MT_MICRO_ONE;
    return found;
}

static mt_vpp_found read_technology(mt_text cell, int *out)
{
    mt_technology technology;
    if (!mt_technology_find(cell, &technology)) return MT_VPP_WRONG;
    *out = (int)technology;
    return MT_VPP_RIGHT;
}

/* One cell of the types that are no text. */
static mt_vpp_found read_cell(struct state *state, size_t k, mt_text cell, void *to)
{
    const mt_vpp_column *column = &state->table->column[k];
    if (cell.length == 0) return MT_VPP_MISSING;
    switch (column->cell) {
    case MT_VPP_DECIMAL:
        return read_scaled(state, cell, k, to);
    case MT_VPP_REAL:
        return read_real(state, cell, to);
    case MT_VPP_INSTANT:
        return mt_vpp_instant(cell, state->utc[k], to);
    case MT_VPP_DAY:
        return mt_vpp_day(cell, to);
    case MT_VPP_YES_NO:
        return read_yes_no(cell, to);
    case MT_VPP_WORD:
        return read_word(cell, column->word, to);
    case MT_VPP_TECHNOLOGY:
        return read_technology(cell, to);
    case MT_VPP_TEXT:
        break;
    }
    return MT_VPP_RIGHT;
}

static mt_text cell_of(const struct state *state, size_t k)
{
    size_t at = state->header.at[k];
    return at != MT_COLUMN_ABSENT ? mt_text_trim(state->field[at]) : (mt_text){"", 0};
}

mt_code mt_vpp_bad_row(mt_vpp_reader *reader, const char *subject, uint64_t line, const char *why)
{
    return mt_vpp_find(reader, MT_F_BAD_ROW, subject, mt_vpp_at_line(line), "%s line %llu: %s",
                       mt_vpp_file_name(reader), (unsigned long long)line, why);
}

static const char *subject_of(struct state *state, char out[SHOWN])
{
    if (state->table->name_column == MT_COLUMN_ABSENT) return state->reader->file->subject;
    mt_header_show(out, SHOWN, cell_of(state, state->table->name_column));
    return *out != '\0' ? out : NULL;
}

/* Why the row is bad into `why`; empty: it is good. */
static void judge_cell(struct state *state, size_t k, mt_vpp_found found, char why[WHY_MAX])
{
    const mt_vpp_column *column = &state->table->column[k];
    char shown[SHOWN];
    mt_header_show(shown, sizeof shown, cell_of(state, k));
    if (found == MT_VPP_WRONG)
        (void)snprintf(why, WHY_MAX, "%s is \"%s\", which is none", column->wanted.name, shown);
    else if (found == MT_VPP_MISSING && column->needed)
        (void)snprintf(why, WHY_MAX, "%s is empty", column->wanted.name);
}

/* A text of its own; two quotes stand for one. */
static mt_code keep_text(mt_ctx *own, mt_text cell, const char **out)
{
    const char *kept;
    MT_TRY(mt_text_copy(own, &kept, cell));
    char *to = (char *)(uintptr_t)kept;
    for (const char *from = kept; *from; from++) {
        if (*from == '"' && from[1] == '"') from++;
        *to++ = *from;
    }
    *to = '\0';
    *out = kept;
    return MT_OK;
}

static mt_code read_row(struct state *state, char *row, char why[WHY_MAX])
{
    const mt_vpp_table *table = state->table;
    memcpy(row, table->blank, table->row_bytes);
    for (size_t k = 0; k < table->n_column && *why == '\0'; k++) {
        const mt_vpp_column *column = &table->column[k];
        mt_text cell = cell_of(state, k);
        judge_cell(state, k, read_cell(state, k, cell, row + column->offset), why);
        if (column->cell == MT_VPP_TEXT && cell.length > 0)
            MT_TRY(keep_text(&state->reader->own, cell, (const char **)(void *)(row + column->offset)));
    }
    return MT_OK;
}

static mt_code add_record(struct state *state, const mt_record *record)
{
    const mt_vpp_table *table = state->table;
    char why[WHY_MAX] = "", shown[SHOWN];
    mt_ctx *own = &state->reader->own;
    MT_TRY(mt_ctx_grow(own, &state->row, state->n, &state->room, table->row_bytes));
    char *row = state->row + state->n * table->row_bytes;
    if (record->too_long || record->n != state->header.n) {
        (void)snprintf(why, sizeof why, "the row has %zu fields, the header %zu", record->n, state->header.n);
        return mt_vpp_bad_row(state->reader, state->reader->file->subject, record->line, why);
    }
    MT_TRY(read_row(state, row, why));
    memcpy(row + table->line_offset, &record->line, sizeof record->line);
    if (*why != '\0') return mt_vpp_bad_row(state->reader, subject_of(state, shown), record->line, why);
    state->n++;
    return MT_OK;
}

mt_code mt_vpp_table_read(mt_vpp_reader *reader, const mt_vpp_table *table, void *rows, size_t *n)
{
    struct state *state;
    mt_record record;
    bool end;
    MT_TRY(MT_NEW(&reader->own, &state, 1));
    *state = (struct state){.reader = reader, .table = table, .mark = table->mark};
    MT_TRY(open_table(state));
    for (;;) {
        MT_TRY(mt_records_next(&reader->own, &state->records, state->field, &record, &end));
        if (end) break;
        MT_TRY(add_record(state, &record));
    }
    memcpy(rows, &state->row, sizeof state->row);
    *n = state->n;
    return MT_OK;
}
