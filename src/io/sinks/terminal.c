/* A table that looks at its first rows before it decides how wide to stand. */
#include "io/sinks/terminal.h"

#include <stdio.h>
#include <string.h>

#include "io/sinks/cell.h"
#include "io/sinks/head.h"
#include "io/utf8.h"

enum { GAP = 2, TEXT_LEAST = 8, PIECE_MAX = 12 };

struct column {
    mt_cell_style style;
    int width;
    bool left_out;
};

struct terminal_sink {
    mt_sink sink;
    mt_ctx *cx;         /* of the call in hand */
    mt_code code;       /* first failure of the call in hand */
    mt_out *out, *head;
    mt_terminal_options options;
    mt_schema schema;
    mt_arena keep;      /* what outlives a push; the caller may reset its own arena between chunks */
    struct column *column;
    mt_value *row;      /* the row in hand */
    mt_value *look;     /* n_look rows of n_col values */
    size_t n_look, room, n;
    int pending;        /* blanks not yet written: none at the end of a line */
    bool started;
};

static void put(struct terminal_sink *self, const char *at, size_t n)
{
    static const char blank[] = "                                ";
    while (self->pending > 0 && n > 0 && self->code == MT_OK) {
        size_t some = (size_t)self->pending < sizeof blank - 1 ? (size_t)self->pending : sizeof blank - 1;
        self->code = mt_out_write(self->cx, self->out, blank, some);
        self->pending -= (int)some;
    }
    if (self->code == MT_OK) self->code = mt_out_write(self->cx, self->out, at, n);
}

static void put_text(struct terminal_sink *self, const char *text)
{
    put(self, text, strlen(text));
}

static void put_line_end(struct terminal_sink *self)
{
    self->pending = 0;
    put(self, "\n", 1);
}

static void put_colour(struct terminal_sink *self, const char *code)
{
    if (self->options.colour) put_text(self, code);
}

static const char *null_text(const struct terminal_sink *self)
{
    return self->options.utf8 ? "–" : "-";
}

/* Signs that turn the direction of the text around them could show a row as what it is not. */
static bool is_steering(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* One character as it may be shown: its bytes, and how many columns they take. */
static size_t make_piece(const struct terminal_sink *self, uint32_t point, char piece[PIECE_MAX], int *width)
{
    if (is_steering(point)) {
        int n = point == '\n' || point == '\t'
                    ? snprintf(piece, PIECE_MAX, "\\%c", point == '\n' ? 'n' : 't')
                    : snprintf(piece, PIECE_MAX, point < 0x100 ? "\\x%02x" : "\\u%04x", point);
        *width = n;
        return (size_t)n;
    }
    if (!self->options.utf8 && point >= 0x80) point = '?';
    *width = mt_utf8_width(point);
    return mt_utf8_put(point, piece);
}

static int measure(const struct terminal_sink *self, mt_text text)
{
    int total = 0;
    for (size_t k = 0; k < text.length && total < 1 << 20;) {
        size_t took;
        int well = 1, width;
        char piece[PIECE_MAX];
        (void)make_piece(self, mt_utf8_next(text.at + k, text.length - k, &took, &well), piece, &width);
        total += width;
        k += took;
    }
    return total;
}

/* At most `limit` columns (0: all), the last of them "…" where something is missing; returns the columns
 * used. */
static int put_cut(struct terminal_sink *self, mt_text text, int limit)
{
    const char *mark = self->options.utf8 ? "…" : "~";
    int used = 0, whole = measure(self, text);
    bool cut = limit > 0 && whole > limit;
    for (size_t k = 0; k < text.length;) {
        size_t took;
        int well = 1, width;
        char piece[PIECE_MAX];
        size_t n = make_piece(self, mt_utf8_next(text.at + k, text.length - k, &took, &well), piece, &width);
        if (cut && used + width > limit - 1) break;
        put(self, piece, n);
        used += width;
        k += took;
    }
    if (cut) put_text(self, mark);
    return cut ? used + 1 : used;
}

static void put_aligned(struct terminal_sink *self, mt_text text, int width, bool right)
{
    int free_columns = width - measure(self, text);
    if (free_columns < 0) free_columns = 0;
    if (right) self->pending += free_columns;
    int used = put_cut(self, text, right ? 0 : width); /* a number is never cut */
    if (!right && used < width) self->pending += width - used;
}

/* The text of a value: borrowed from it or made in `buffer`. */
static mt_text text_of(const struct terminal_sink *self, size_t k, mt_value value, char buffer[MT_CELL_MAX])
{
    mt_type type = self->schema.col[k].type;
    if (!mt_cell_has(type, value)) return mt_text_of(null_text(self));
    if (mt_cell_is_text(type)) return value.as.text;
    return (mt_text){buffer, mt_cell_shown(&self->column[k].style, type, value, buffer)};
}

static void put_row(struct terminal_sink *self, const mt_value *row)
{
    bool gap = false, marked = false;
    for (size_t k = 0; k < self->schema.n_col; k++) {
        char buffer[MT_CELL_MAX];
        mt_type type = self->schema.col[k].type;
        if (self->column[k].left_out && marked) continue;
        if (gap) self->pending += GAP;
        gap = true;
        if (self->column[k].left_out) {
            put_text(self, self->options.utf8 ? "…" : "~");
            marked = true;
        } else {
            put_aligned(self, text_of(self, k, row[k], buffer), self->column[k].width,
                        mt_cell_is_number(type));
        }
    }
    put_line_end(self);
}

enum header_line { NAMES, UNITS, RULE };

static void put_rule(struct terminal_sink *self, int width)
{
    for (int k = 0; k < width; k++) put_text(self, self->options.utf8 ? "─" : "-");
}

static void put_header(struct terminal_sink *self, enum header_line line)
{
    bool gap = false, marked = false;
    put_colour(self, line == NAMES ? "\x1b[1m" : "\x1b[2m");
    for (size_t k = 0; k < self->schema.n_col; k++) {
        const struct column *column = &self->column[k];
        const mt_field *field = &self->schema.col[k];
        if (column->left_out && marked) continue;
        if (gap) self->pending += GAP;
        gap = true;
        if (column->left_out) {
            put_text(self, self->options.utf8 ? "…" : "~");
            marked = true;
        } else if (line == RULE) {
            put_rule(self, column->width);
        } else {
            const char *text = line == NAMES ? field->name : mt_cell_unit(field->unit);
            put_aligned(self, mt_text_of(text), column->width, mt_cell_is_number(field->type));
        }
    }
    self->pending = 0;
    put_colour(self, "\x1b[0m");
    put_line_end(self);
}

static void measure_columns(struct terminal_sink *self)
{
    size_t n_col = self->schema.n_col;
    for (size_t k = 0; k < n_col; k++) {
        const mt_field *field = &self->schema.col[k];
        int width = measure(self, mt_text_of(field->name)),
            unit = measure(self, mt_text_of(mt_cell_unit(field->unit)));
        if (unit > width) width = unit;
        for (size_t i = 0; i < self->n_look; i++) {
            mt_cell_look(&self->column[k].style, field->type, self->look[i * n_col + k]);
        }
        for (size_t i = 0; i < self->n_look; i++) {
            char buffer[MT_CELL_MAX];
            int cell = measure(self, text_of(self, k, self->look[i * n_col + k], buffer));
            if (cell > width) width = cell;
        }
        self->column[k].width = width;
    }
}

static int total_width(const struct terminal_sink *self)
{
    int total = 0;
    for (size_t k = 0; k < self->schema.n_col; k++) total += self->column[k].width + (k ? GAP : 0);
    return total;
}

/* The widest column of texts, or NULL; *second is the width of the next one, TEXT_LEAST at least. */
static struct column *widest_text(struct terminal_sink *self, int *second)
{
    struct column *widest = NULL;
    *second = TEXT_LEAST;
    for (size_t k = 0; k < self->schema.n_col; k++) {
        struct column *column = &self->column[k];
        if (!mt_cell_is_text(self->schema.col[k].type)) continue;
        bool wider = !widest || column->width > widest->width;
        const struct column *narrower = wider ? widest : column;
        if (narrower && narrower->width > *second) *second = narrower->width;
        if (wider) widest = column;
    }
    return widest;
}

/* The widest text gives way until the line fits or no text is wide any more. */
static void narrow_texts(struct terminal_sink *self)
{
    int excess = total_width(self) - self->options.width;
    while (excess > 0) {
        int second;
        struct column *widest = widest_text(self, &second);
        if (!widest || widest->width <= TEXT_LEAST) return;
        int give = widest->width - second; /* down to the next one, then in turns */
        if (give < 1) give = 1;
        if (give > excess) give = excess;
        widest->width -= give;
        excess -= give;
    }
}

/* From both ends inwards as long as there is room; what stays in the middle is left out. */
static void leave_out(struct terminal_sink *self)
{
    size_t left = 0, right = self->schema.n_col;
    int room = self->options.width - 1; /* the mark of the gap */
    if (total_width(self) <= self->options.width) return;
    for (size_t k = 0; k < self->schema.n_col; k++) self->column[k].left_out = true;
    for (bool from_left = true; left < right; from_left = !from_left) {
        size_t k = from_left ? left : right - 1;
        room -= self->column[k].width + GAP;
        if (room < 0 && left > 0) return;
        self->column[k].left_out = false;
        if (from_left) {
            left++;
        } else {
            right--;
        }
    }
}

/* Enough was seen: header and the rows so far. */
static mt_code start(struct terminal_sink *self)
{
    bool units = false;
    self->started = true;
    measure_columns(self);
    if (self->options.width > 0) {
        narrow_texts(self);
        leave_out(self);
    }
    put_header(self, NAMES);
    for (size_t k = 0; k < self->schema.n_col; k++)
        units = units || mt_cell_unit(self->schema.col[k].unit)[0];
    if (units) put_header(self, UNITS);
    put_header(self, RULE);
    for (size_t i = 0; i < self->n_look; i++) put_row(self, self->look + i * self->schema.n_col);
    return self->code;
}

static void put_list(struct terminal_sink *self)
{
    int width = 0;
    self->started = true;
    for (size_t k = 0; k < self->schema.n_col; k++) {
        int name = measure(self, mt_text_of(self->schema.col[k].name));
        if (name > width) width = name;
        mt_cell_look(&self->column[k].style, self->schema.col[k].type, self->look[k]);
    }
    for (size_t k = 0; k < self->schema.n_col; k++) {
        const mt_field *field = &self->schema.col[k];
        char buffer[MT_CELL_MAX];
        put_colour(self, "\x1b[2m");
        put_aligned(self, mt_text_of(field->name), width, false);
        int gap = self->pending;
        self->pending = 0;
        put_colour(self, "\x1b[0m");
        self->pending = gap + GAP;
        put_cut(self, text_of(self, k, self->look[k], buffer), 0);
        if (mt_cell_has(field->type, self->look[k]) && mt_cell_unit(field->unit)[0]) {
            put_text(self, " ");
            put_text(self, mt_cell_unit(field->unit));
        }
        put_line_end(self);
    }
}

static void put_footer(struct terminal_sink *self)
{
    char text[128];
    size_t hidden = 0;
    for (size_t k = 0; k < self->schema.n_col; k++) hidden += self->column[k].left_out;
    int n = snprintf(text, sizeof text, "%zu row%s", self->n, self->n == 1 ? "" : "s");
    if (hidden) {
        n += snprintf(text + n, sizeof text - (size_t)n, " (%zu of %zu columns left out to fit the width)",
                      hidden, self->schema.n_col);
    }
    put_colour(self, "\x1b[2m");
    put(self, text, (size_t)n);
    put_colour(self, "\x1b[0m");
    put_line_end(self);
}

static mt_code get_kept(struct terminal_sink *self, void *out, size_t size)
{
    void *at = mt_arena_get(&self->keep, size);
    if (!at) return mt_fail(self->cx, MT_E_MEMORY, "no memory for the rows of a table (%zu bytes)", size);
    memcpy(out, &at, sizeof at);
    return MT_OK;
}

static mt_code make_room(struct terminal_sink *self)
{
    if (self->n_look < self->room) return MT_OK;
    size_t room = self->room ? self->room * 4 : 16, n_col = self->schema.n_col;
    mt_value *look;
    MT_TRY(get_kept(self, &look, room * n_col * sizeof *look));
    if (self->n_look) memcpy(look, self->look, self->n_look * n_col * sizeof *look);
    self->look = look;
    self->room = room;
    return MT_OK;
}

static mt_code keep_row(struct terminal_sink *self, const mt_value *row)
{
    MT_TRY(make_room(self));
    mt_value *to = self->look + self->n_look * self->schema.n_col;
    for (size_t k = 0; k < self->schema.n_col; k++) {
        to[k] = row[k];
        if (!row[k].present || !mt_cell_is_text(self->schema.col[k].type)) continue;
        char *copy;
        MT_TRY(get_kept(self, &copy, row[k].as.text.length));
        if (row[k].as.text.length) memcpy(copy, row[k].as.text.at, row[k].as.text.length);
        to[k].as.text.at = copy;
    }
    self->n_look++;
    return MT_OK;
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct terminal_sink *self = (struct terminal_sink *)sink;
    self->cx = cx;
    self->schema = *schema;
    mt_arena_init(&self->keep, &cx->options.allocator, cx->options.limit_bytes);
    MT_TRY(mt_head_lines(cx, self->head, schema));
    MT_TRY(get_kept(self, &self->row, schema->n_col * sizeof *self->row));
    return get_kept(self, &self->column, schema->n_col * sizeof *self->column);
}

static mt_code take_row(struct terminal_sink *self, const mt_value *row)
{
    self->n++;
    if (!self->started && self->n_look < MT_TERMINAL_LOOK) return keep_row(self, row);
    if (!self->started) MT_TRY(start(self));
    put_row(self, row);
    return self->code;
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct terminal_sink *self = (struct terminal_sink *)sink;
    self->cx = cx;
    for (size_t i = 0; i < chunk->n; i++) {
        for (size_t k = 0; k < self->schema.n_col; k++) {
            self->row[k] = mt_column_get(&chunk->col[k], self->schema.col[k].type, i);
        }
        MT_TRY(take_row(self, self->row));
    }
    return MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    struct terminal_sink *self = (struct terminal_sink *)sink;
    self->cx = cx;
    if (!self->started && self->n == 1) {
        put_list(self);
    } else {
        if (!self->started) MT_TRY(start(self));
        put_footer(self);
    }
    MT_TRY(self->code);
    return mt_out_finish(cx, self->out);
}

static void release(mt_sink *sink)
{
    mt_arena_close(&((struct terminal_sink *)sink)->keep);
}

static const mt_sink_ops terminal_ops = {take_schema, take_rows, finish, release};

mt_code mt_terminal_sink(mt_ctx *cx, mt_sink **sink, mt_out *out, const mt_terminal_options *options)
{
    struct terminal_sink *self;
    MT_TRY(MT_NEW(cx, &self, 1));
    self->sink.ops = &terminal_ops;
    self->out = out;
    self->options = *options;
    self->head = options->head;
    if (self->head) mt_out_after(out, self->head);
    *sink = &self->sink;
    return MT_OK;
}
