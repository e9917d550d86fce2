/* Records of delimited text, one after another, from windows of bytes. */
#include "formats/records.h"

#include <string.h>

enum { QUOTED_SPAN = 64 << 10 };

typedef enum split_state {
    SPLIT_DONE,
    SPLIT_OPEN,  /* the window ends before the record does */
    SPLIT_BROKEN /* something follows a closing quote */
} split_state;

/* A record under the knife. */
struct cut {
    const char *at, *end; /* the next byte; the end of the window */
    bool last;
    char delimiter;
    bool quotes;    /* mean something */
    size_t n;       /* fields so far */
    uint64_t lines; /* newlines passed */
    bool ended;     /* the record's newline, or the input's end, was passed */
};

static uint64_t count_newlines(const char *at, size_t n)
{
    uint64_t lines = 0;
    for (const char *end = at + n; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) lines++;
    return lines;
}

/* Passes the delimiter or newline at cut->at. */
static split_state pass_end(struct cut *cut)
{
    if (cut->at == cut->end) {
        cut->ended = true;
        return cut->last ? SPLIT_DONE : SPLIT_OPEN;
    }
    if (*cut->at == '\n') {
        cut->ended = true;
        cut->lines++;
    }
    cut->at++;
    return SPLIT_DONE;
}

static split_state cut_quoted(struct cut *cut, mt_text *field)
{
    const char *first = cut->at + 1, *close = first;
    for (;; close += 2) {
        close = memchr(close, '"', (size_t)(cut->end - close));
        if (close == NULL || (close + 1 == cut->end && !cut->last)) return SPLIT_OPEN;
        if (close + 1 == cut->end || close[1] != '"') break;
    }
    *field = (mt_text){first, (size_t)(close - first)};
    cut->lines += count_newlines(first, field->length);
    cut->at = close + 1;
    size_t left = (size_t)(cut->end - cut->at);
    if (left == 1 && *cut->at == '\r' && !cut->last) return SPLIT_OPEN;
    if (left >= 1 && *cut->at == '\r' && (left == 1 || cut->at[1] == '\n')) cut->at++;
    if (cut->at < cut->end && *cut->at != cut->delimiter && *cut->at != '\n') return SPLIT_BROKEN;
    return pass_end(cut);
}

static split_state cut_plain(struct cut *cut, mt_text *field)
{
    const char *first = cut->at;
    while (cut->at < cut->end && *cut->at != cut->delimiter && *cut->at != '\n') cut->at++;
    const char *end = cut->at;
    bool line_end = cut->at == cut->end || *cut->at == '\n';
    if (line_end && end > first && end[-1] == '\r') end--;
    *field = (mt_text){first, (size_t)(end - first)};
    return pass_end(cut);
}

static split_state cut_fields(struct cut *cut, mt_text *field, size_t max)
{
    split_state state = SPLIT_DONE;
    while (state == SPLIT_DONE && !cut->ended) {
        mt_text one;
        bool quoted = cut->quotes && cut->at < cut->end && *cut->at == '"';
        state = quoted ? cut_quoted(cut, &one) : cut_plain(cut, &one);
        if (state == SPLIT_DONE && cut->n < max) field[cut->n] = one;
        cut->n++;
    }
    return state;
}

static struct cut begin_cut(const mt_records *records, bool quotes)
{
    return (struct cut){.at = records->at + records->pos,
                        .end = records->at + records->n,
                        .last = records->last,
                        .delimiter = records->delimiter,
                        .quotes = quotes};
}

/* The record at the window's position, or SPLIT_OPEN when more bytes are needed to know it. */
static split_state cut_record(const mt_records *records, struct cut *cut, mt_text *field, size_t max)
{
    *cut = begin_cut(records, true);
    split_state state = cut_fields(cut, field, max);
    bool can_wait = !records->last && records->n - records->pos < QUOTED_SPAN;
    if (state == SPLIT_OPEN && can_wait) return state;
    bool misshapen = records->columns != 0 && cut->n != records->columns;
    if (state == SPLIT_DONE && !(cut->lines > 1 && misshapen)) return state;
    *cut = begin_cut(records, false);
    return cut_fields(cut, field, max);
}

static mt_text cut_raw(const char *at, const char *end)
{
    if (end > at && end[-1] == '\n') end--;
    if (end > at && end[-1] == '\r') end--;
    size_t n = (size_t)(end - at);
    return (mt_text){at, n < MT_RECORD_RAW ? n : MT_RECORD_RAW};
}

/* Goes behind the newline that ends a record too long to be read; false: it is not in this window. */
static bool skip_rest(mt_records *records)
{
    const char *from = records->at + records->pos;
    const char *newline = memchr(from, '\n', records->n - records->pos);
    records->pos = newline != NULL ? (size_t)(newline + 1 - records->at) : records->n;
    if (newline == NULL) return false;
    records->line++;
    records->skipping = false;
    return true;
}

static mt_take take_too_long(mt_records *records, mt_record *out)
{
    const char *at = records->at + records->pos;
    *out = (mt_record){.raw = cut_raw(at, records->at + records->n), .line = records->line, .too_long = true};
    records->skipping = true;
    return MT_TAKE_RECORD;
}

static bool is_blank(mt_text raw)
{
    return mt_text_trim(raw).length == 0;
}

void mt_records_init(mt_records *records, mt_bytes *bytes, char delimiter)
{
    *records = (mt_records){.bytes = bytes, .delimiter = delimiter, .line = 1};
}

mt_take mt_records_take(mt_records *records, mt_text *field, size_t max, mt_record *out)
{
    for (;;) {
        if (records->skipping && !skip_rest(records)) return records->last ? MT_TAKE_END : MT_TAKE_MORE;
        if (records->pos == records->n) return records->last ? MT_TAKE_END : MT_TAKE_MORE;
        const char *begin = records->at + records->pos;
        struct cut cut;
        if (cut_record(records, &cut, field, max) == SPLIT_OPEN) {
            if (records->n - records->pos < MT_BYTES_WINDOW) return MT_TAKE_MORE;
            return take_too_long(records, out);
        }
        *out = (mt_record){.raw = cut_raw(begin, cut.at), .line = records->line, .n = cut.n};
        records->pos = (size_t)(cut.at - records->at);
        records->line += cut.lines;
        if (!is_blank(out->raw)) return MT_TAKE_RECORD;
    }
}

mt_code mt_records_refill(mt_ctx *cx, mt_records *records)
{
    MT_TRY(mt_bytes_next(cx, records->bytes, records->pos, &records->at, &records->n, &records->last));
    records->pos = 0;
    mt_ctx_progress(cx, "reading", mt_bytes_read(records->bytes), mt_bytes_total(records->bytes), "bytes");
    return MT_OK;
}

mt_code mt_records_next(mt_ctx *cx, mt_records *records, mt_text *field, mt_record *out, bool *end)
{
    for (;;) {
        mt_take take = mt_records_take(records, field, MT_RECORD_FIELDS, out);
        *end = take == MT_TAKE_END;
        if (take != MT_TAKE_MORE) return MT_OK;
        MT_TRY(mt_records_refill(cx, records));
    }
}
