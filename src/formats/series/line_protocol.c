/* InfluxDB line protocol: the part of a line that names its series is looked up by its raw bytes. */
#include "formats/series/line_series.h"
#include "formats/series/value_text.h"

enum {
    OBSERVATIONS = MT_LINE_BATCH + MT_LINE_FIELDS_MAX,
    QUOTED_SPAN = 64 << 10, /* a text that is not closed within these bytes is a stray quote */
    CHECK_LINES = 1024
};

struct mt_lines {
    mt_line_names names;
    mt_arena batch; /* payloads */
    mt_payload payload;
    const char *source;
    const char *at, *end;
    uint64_t line;
    mt_line_precision precision;
    mt_time received_at;
    size_t n, n_fault;
    mt_observation *out;
    mt_line_fault fault[MT_LINE_FAULTS_MAX];
};

/* One line under the knife. */
struct line {
    const char *at, *end; /* the next byte; behind the last, without CR */
    const char *next;     /* of the next line */
    const char *fault;
    mt_line_series *series;
    size_t first;  /* its first observation */
    size_t fields; /* met so far */
    uint64_t newlines;
};

static bool refuse(struct line *line, const char *fault)
{
    line->fault = fault;
    return false;
}

/* The first `stop` that no backslash precedes, or the end. */
static const char *find_plain(const char *at, const char *end, char stop)
{
    const char *found = memchr(at, stop, (size_t)(end - at));
    while (found != NULL && found > at && found[-1] == '\\') {
        const char *back = found - 1;
        while (back > at && back[-1] == '\\') back--;
        if ((found - back) % 2 == 0) break;
        found = memchr(found + 1, stop, (size_t)(end - found - 1));
    }
    return found != NULL ? found : end;
}

/* The closing quote of the text whose first character is at `at`, or NULL. */
static const char *close_text(const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if (*at == '"')
            return at;
    }
    return NULL;
}

/* A text field may hold newlines: the line then ends behind it. */
static bool extend_line(const mt_lines *lines, struct line *line, const char *text, const char **close)
{
    size_t left = (size_t)(lines->end - text);
    *close = close_text(text, text + (left < QUOTED_SPAN ? left : QUOTED_SPAN));
    if (*close == NULL) return refuse(line, "a text has no closing quote");
    for (const char *k = text; (k = memchr(k, '\n', (size_t)(*close - k))) != NULL; k++) line->newlines++;
    const char *newline = memchr(*close, '\n', (size_t)(lines->end - *close));
    line->end = newline != NULL ? newline : lines->end;
    line->next = newline != NULL ? newline + 1 : lines->end;
    if (line->end > *close && line->end[-1] == '\r') line->end--;
    return true;
}

static bool read_text(mt_lines *lines, struct line *line, mt_text name)
{
    const char *first = line->at + 1, *close = close_text(first, line->end);
    if (close == NULL && !extend_line(lines, line, first, &close)) return false;
    line->at = close + 1;
    if (!mt_line_payload(&lines->payload, name, (mt_text){first, (size_t)(close - first)}))
        return refuse(line, "no memory");
    return true;
}

static bool read_word(struct line *line, double *out)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"true", 1},  {"false", 0}, {"True", 1}, {"False", 0}, {"TRUE", 1},
                 {"FALSE", 0}, {"t", 1},     {"f", 0},    {"T", 1},     {"F", 0}};
    size_t n = 0, left = (size_t)(line->end - line->at);
    while (n < left && line->at[n] != ',' && line->at[n] != ' ') n++;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (strlen(words[k].word) != n || memcmp(words[k].word, line->at, n) != 0) continue;
        *out = words[k].value;
        line->at += n;
        return true;
    }
    return refuse(line, n == 0 ? "a field has no value"
                               : "a value is neither a number nor true nor false nor a text");
}

/* 3i and 3u must fit the 64 bits that they claim. */
static bool check_whole(struct line *line, const char *first, char sign)
{
    int64_t value;
    size_t n = (size_t)(line->at - first);
    bool fits = mt_int_parse(first, n, &value);
    if (sign == 'u') {
        size_t digits = n;
        while (digits > 0 && *first == '0') first++, digits--;
        fits = n > 0 && *first != '-' &&
               (digits < 20 || (digits == 20 && memcmp(first, "18446744073709551615", 20) <= 0));
    }
    line->at++;
    return fits || refuse(line, "a whole number does not fit 64 bits");
}

static bool read_number(struct line *line, double *out)
{
    const char *first = line->at, *behind;
    mt_number number = mt_number_scan(first, line->end, '.', &behind, out);
    if (number == MT_NUMBER_NONE) return read_word(line, out);
    if (number == MT_NUMBER_HUGE) return refuse(line, "a number is too large or too long");
    line->at = behind;
    bool whole = behind < line->end && (*behind == 'i' || *behind == 'u');
    if (whole && memchr(first, '.', (size_t)(behind - first)) != NULL)
        return refuse(line, "a whole number has a point");
    return !whole || check_whole(line, first, *behind);
}

/* The field's name as it stands; fields of a series come in the same order line after line. */
static bool read_field_name(mt_lines *lines, struct line *line, mt_line_field **field, mt_text *raw)
{
    mt_line_field *likely = line->fields < MT_LINE_LIKELY ? line->series->likely[line->fields] : NULL;
    size_t left = (size_t)(line->end - line->at);
    if (likely != NULL && left > likely->raw.length && line->at[likely->raw.length] == '=' &&
        memcmp(likely->raw.at, line->at, likely->raw.length) == 0) {
        *raw = likely->raw;
        *field = likely;
    } else {
        const char *equals = find_plain(line->at, line->end, '=');
        *raw = (mt_text){line->at, (size_t)(equals - line->at)};
        if (equals == line->end) return refuse(line, "a field has no =");
        if (raw->length == 0) return refuse(line, "a field has no name");
        if (find_plain(line->at, equals, ' ') != equals || find_plain(line->at, equals, ',') != equals)
            return refuse(line, "a field has no =");
        *field = mt_line_field_find(&lines->names, line->series, *raw, &line->fault);
        if (*field == NULL) return false;
        if (line->fields < MT_LINE_LIKELY) line->series->likely[line->fields] = *field;
    }
    line->at += raw->length + 1;
    return true;
}

static bool read_field(mt_lines *lines, struct line *line)
{
    mt_line_field *field;
    mt_text raw;
    if (line->fields == MT_LINE_FIELDS_MAX) return refuse(line, "more than 4096 fields");
    if (!read_field_name(lines, line, &field, &raw)) return false;
    line->fields++;
    if (line->at == line->end) return refuse(line, "a field has no value");
    if (*line->at == '"') return read_text(lines, line, raw);
    mt_observation *out = &lines->out[lines->n];
    *out = line->series->like;
    out->detail = field->detail;
    if (!read_number(line, &out->value)) return false;
    lines->n++;
    return true;
}

static bool read_fields(mt_lines *lines, struct line *line)
{
    for (;;) {
        if (!read_field(lines, line)) return false;
        if (line->at == line->end || *line->at == ' ') return true;
        if (*line->at != ',') return refuse(line, "a comma or a blank is expected behind a value");
        line->at++;
    }
}

/* Behind the fields: nothing, or a time in the unit of the precision. */
static bool read_time(const mt_lines *lines, struct line *line, mt_time *out)
{
    static const int64_t to_us[] = {[MT_LINE_US] = 1, [MT_LINE_MS] = 1000, [MT_LINE_S] = 1000000};
    int64_t count;
    while (line->at < line->end && *line->at == ' ') line->at++;
    while (line->end > line->at && line->end[-1] == ' ') line->end--;
    *out = lines->received_at;
    if (line->at == line->end) return true;
    if (!mt_line_count(line->at, line->end, &count))
        return refuse(line, "the time is no whole number of 64 bits");
    if (lines->precision == MT_LINE_NS)
        *out = count / 1000 - (count % 1000 < 0);
    else if (__builtin_mul_overflow(count, to_us[lines->precision], out))
        return refuse(line, "the time lies outside the years 1 to 9999");
    return (*out >= MT_LINE_FIRST && *out < MT_LINE_LAST) ||
           refuse(line, "the time lies outside the years 1 to 9999");
}

/* Time and payload of the line's observations. */
static bool complete(mt_lines *lines, struct line *line, mt_time start)
{
    const char *payload = NULL;
    if (lines->n == line->first) return refuse(line, "only texts; expected a field with a number");
    if (lines->payload.n > 0 && !mt_line_payload_keep(&lines->payload, &lines->batch, &payload))
        return refuse(line, "no memory");
    for (size_t k = line->first; k < lines->n; k++) {
        mt_observation *out = &lines->out[k];
        out->source = lines->source;
        out->start = start;
        out->known_at = lines->received_at;
        out->payload = payload;
    }
    return true;
}

static bool read_line(mt_lines *lines, struct line *line)
{
    mt_time start;
    const char *blank = find_plain(line->at, line->end, ' ');
    mt_text raw = {line->at, (size_t)(blank - line->at)};
    mt_payload_begin(&lines->payload);
    if (blank == line->end) return refuse(line, "no fields; expected measurement,tag=value field=1.5 time");
    line->series = mt_line_series_find(&lines->names, raw, &line->fault);
    if (line->series == NULL) return false;
    line->at = blank;
    while (line->at < line->end && *line->at == ' ') line->at++;
    return read_fields(lines, line) && read_time(lines, line, &start) && complete(lines, line, start);
}

/* The next line that says something; false at the end of the text. */
static bool cut_line(mt_lines *lines, struct line *line)
{
    while (lines->at < lines->end) {
        const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        const char *end = newline != NULL ? newline : lines->end;
        *line = (struct line){.at = lines->at,
                              .end = end,
                              .next = newline != NULL ? newline + 1 : lines->end,
                              .first = lines->n,
                              .newlines = 1};
        if (line->end > line->at && line->end[-1] == '\r') line->end--;
        while (line->at < line->end && (*line->at == ' ' || *line->at == '\t')) line->at++;
        if (line->at < line->end && *line->at != '#') return true;
        lines->at = line->next;
        lines->line++;
    }
    return false;
}

static void take_line(mt_lines *lines, struct line *line)
{
    const char *plain_next = line->next;
    if (!read_line(lines, line)) {
        lines->n = line->first;
        lines->fault[lines->n_fault++] = (mt_line_fault){lines->line, line->fault};
        line->next = plain_next; /* what a broken line took with its quotes is read as lines again */
        line->newlines = 1;
    }
    lines->at = line->next;
    lines->line += line->newlines;
}

mt_code mt_lines_next(mt_ctx *cx, mt_lines *lines, mt_line_batch *out)
{
    struct line line;
    size_t taken = 0;
    lines->n = lines->n_fault = 0;
    mt_arena_reset(&lines->batch, (mt_mark){NULL, 0});
    while (taken < MT_LINE_BATCH && lines->n < MT_LINE_BATCH && lines->n_fault < MT_LINE_FAULTS_MAX &&
           cut_line(lines, &line)) {
        take_line(lines, &line);
        if (lines->names.state == MT_LINE_NAMES_MEMORY || lines->payload.failed)
            return mt_fail(cx, MT_E_MEMORY, "no memory for line %llu of line protocol",
                           (unsigned long long)lines->line);
        if (lines->names.state == MT_LINE_NAMES_FULL)
            return mt_fail(cx, MT_E_TOO_LARGE,
                           "line %llu of line protocol brings the %d different series and fields to an end",
                           (unsigned long long)lines->line - 1, MT_LINE_SERIES_MAX);
        if (++taken % CHECK_LINES == 0) MT_TRY(mt_ctx_check(cx));
    }
    MT_TRY(mt_ctx_check(cx));
    *out = (mt_line_batch){.at = lines->out, .n = lines->n, .fault = lines->fault, .n_fault = lines->n_fault};
    return MT_OK;
}

void mt_lines_text(mt_lines *lines, mt_text text, mt_line_precision precision, mt_time received_at)
{
    lines->at = text.at;
    lines->end = text.at + text.length;
    lines->line = 1;
    lines->precision = precision;
    lines->received_at = received_at;
    if (text.length >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0) lines->at += 3;
}

mt_code mt_lines_open(mt_ctx *cx, mt_lines **out, const char *source)
{
    mt_lines *lines;
    MT_TRY(MT_NEW(cx, &lines, 1));
    MT_TRY(MT_NEW(cx, &lines->out, OBSERVATIONS));
    lines->source = source;
    lines->at = lines->end = "";
    mt_line_names_init(&lines->names, cx);
    mt_arena_beside(&lines->batch, cx);
    lines->payload.arena = &lines->names.names.arena;
    *out = lines;
    return MT_OK;
}

void mt_lines_close(mt_lines *lines)
{
    if (lines == NULL) return;
    mt_line_names_close(&lines->names);
    mt_arena_close(&lines->batch);
}
