/* The header line of a delimited file: which column is which. */
#include "formats/header.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, LIST_BYTES = 400 };

static const char delimiters[] = ",;\t|";

/* The name without what does not matter. */
static void plain_name(char out[NAME_MAX_BYTES], mt_text name)
{
    size_t n = 0;
    for (size_t k = 0; k < name.length && n + 1 < NAME_MAX_BYTES; k++) {
        char c = name.at[k];
        if (c == '(' || c == '[') break;
        if (c == ' ' || c == '_' || c == '-' || c == '\t') continue;
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    out[n] = '\0';
}

/* Where the column stands among n names, or MT_COLUMN_ABSENT; *twice when its best name is there twice. */
static size_t find_column(const mt_wanted_column *column, const mt_text *name, size_t n, bool *twice)
{
    *twice = false;
    for (const char *const *synonym = column->synonym; *synonym != NULL; synonym++) {
        size_t found = MT_COLUMN_ABSENT;
        for (size_t k = 0; k < n; k++) {
            char plain[NAME_MAX_BYTES];
            plain_name(plain, name[k]);
            if (strcmp(plain, *synonym) != 0) continue;
            if (found == MT_COLUMN_ABSENT)
                found = k;
            else
                *twice = true;
        }
        if (found != MT_COLUMN_ABSENT) return found;
    }
    return MT_COLUMN_ABSENT;
}

static size_t count_columns(const mt_wanted_column *column, size_t n, const mt_text *name, size_t names)
{
    size_t score = 0;
    bool twice;
    for (size_t k = 0; k < n; k++) score += find_column(&column[k], name, names, &twice) != MT_COLUMN_ABSENT;
    return score;
}

void mt_header_show(char *out, size_t max, mt_text text)
{
    size_t n = text.length < max - 4 ? text.length : max - 4;
    while (n > 0 && n < text.length && ((unsigned char)text.at[n] & 0xC0) == 0x80) n--;
    for (size_t k = 0; k < n; k++) {
        unsigned char c = (unsigned char)text.at[k];
        out[k] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
    }
    memcpy(out + n, n < text.length ? "..." : "", n < text.length ? 4 : 1);
}

/* ", " between the names of the wanted columns that a file must have. */
static void list_wanted(char out[LIST_BYTES], const mt_wanted_column *column, size_t n)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t k = 0; k < n; k++) {
        if (column[k].optional || used + NAME_MAX_BYTES + 4 > LIST_BYTES) continue;
        used +=
            (size_t)snprintf(out + used, LIST_BYTES - used, "%s%.40s", used > 0 ? ", " : "", column[k].name);
    }
}

static void list_found(char out[LIST_BYTES], const mt_text *name, size_t n)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t k = 0; k < n && used + NAME_MAX_BYTES + 8 <= LIST_BYTES; k++) {
        char one[NAME_MAX_BYTES];
        mt_header_show(one, sizeof one, mt_text_trim(name[k]));
        used += (size_t)snprintf(out + used, LIST_BYTES - used, "%s%s", used > 0 ? ", " : "", one);
    }
}

/* The found name nearest to one of the column's synonyms, or n. */
static size_t find_nearest(const mt_wanted_column *column, const mt_text *name, size_t n)
{
    char plain[MT_RECORD_FIELDS][NAME_MAX_BYTES];
    const char *candidate[MT_RECORD_FIELDS];
    for (size_t k = 0; k < n; k++) {
        plain_name(plain[k], name[k]);
        candidate[k] = plain[k];
    }
    for (const char *const *synonym = column->synonym; *synonym != NULL; synonym++) {
        int nearest = mt_text_nearest(*synonym, candidate, n);
        if (nearest >= 0) return (size_t)nearest;
    }
    return n;
}

struct header_parts {
    const mt_wanted_column *column;
    size_t wanted;
    const mt_text *name;
    size_t n;
    uint64_t line;
};

static mt_code fail_missing(mt_ctx *cx, const char *file, const struct header_parts *part,
                            const mt_wanted_column *missing)
{
    char expected[LIST_BYTES], found[LIST_BYTES], near[NAME_MAX_BYTES], hint[NAME_MAX_BYTES + 32] = "";
    list_wanted(expected, part->column, part->wanted);
    list_found(found, part->name, part->n);
    size_t nearest = find_nearest(missing, part->name, part->n);
    if (nearest < part->n) {
        mt_header_show(near, sizeof near, mt_text_trim(part->name[nearest]));
        snprintf(hint, sizeof hint, " (did you mean \"%s\"?)", near);
    }
    return mt_fail(cx, MT_E_INPUT,
                   "column \"%s\" is missing in %s line %llu%s; expected %s in any order, found %s",
                   missing->name, file, (unsigned long long)part->line, hint, expected, found);
}

static mt_code fail_undivided(mt_ctx *cx, const char *file, const struct header_parts *part)
{
    char expected[LIST_BYTES], found[NAME_MAX_BYTES];
    list_wanted(expected, part->column, part->wanted);
    mt_header_show(found, sizeof found, part->name[0]);
    return mt_fail(cx, MT_E_INPUT,
                   "%s line %llu is divided by none of , ; tab |: expected %s in any order, found \"%s\"",
                   file, (unsigned long long)part->line, expected, found);
}

static mt_code fail_empty(mt_ctx *cx, const char *file, const mt_wanted_column *column, size_t n)
{
    char expected[LIST_BYTES];
    list_wanted(expected, column, n);
    return mt_fail(cx, MT_E_INPUT, "%s is empty; expected a header line with %s", file, expected);
}

/* The first window must be text in UTF-8 (or a superset of ASCII); a byte-order mark is passed over. */
static mt_code check_encoding(mt_ctx *cx, mt_records *records, const char *file)
{
    const char *at = records->at;
    bool utf16 = records->n >= 2 && (memcmp(at, "\xFF\xFE", 2) == 0 || memcmp(at, "\xFE\xFF", 2) == 0);
    if (utf16) return mt_fail(cx, MT_E_INPUT, "%s line 1 is UTF-16; save the file as UTF-8", file);
    if (records->n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) records->pos = 3;
    const char *zero = memchr(at, 0, records->n < MT_RECORD_RAW ? records->n : MT_RECORD_RAW);
    if (zero != NULL)
        return mt_fail(cx, MT_E_INPUT, "%s is no text: byte %zu is zero", file, (size_t)(zero - at) + 1);
    return MT_OK;
}

/* Reads on until a whole line, or all there is, stands in the window. */
static mt_code need_line(mt_ctx *cx, mt_records *records)
{
    while (!records->last && records->n - records->pos < MT_BYTES_WINDOW &&
           memchr(records->at + records->pos, '\n', records->n - records->pos) == NULL)
        MT_TRY(mt_records_refill(cx, records));
    return MT_OK;
}

/* Leaves the position at the first byte that is neither blank nor in a line that begins with #. */
static mt_code skip_comments(mt_ctx *cx, mt_records *records)
{
    for (;;) {
        MT_TRY(need_line(cx, records));
        const char *at = records->at + records->pos, *end = records->at + records->n;
        if (at == end) return MT_OK;
        if (*at == '#') {
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            at = newline != NULL ? newline : end - 1;
        } else if (*at != '\n' && *at != '\r' && *at != ' ') {
            return MT_OK;
        }
        records->line += *at == '\n';
        records->pos = (size_t)(at + 1 - records->at);
    }
}

/* Takes the header with the delimiter that shows most of the wanted columns, then most columns. */
static void take_header(mt_records *records, mt_text *name, mt_record *record,
                        const struct header_parts *part)
{
    mt_records before = *records, best = before;
    size_t best_score = 0, best_n = 0;
    best.delimiter = delimiters[0];
    for (const char *d = delimiters; *d != '\0'; d++) {
        *records = before;
        records->delimiter = *d;
        if (mt_records_take(records, name, MT_RECORD_FIELDS, record) != MT_TAKE_RECORD || record->too_long)
            continue;
        size_t n = record->n < MT_RECORD_FIELDS ? record->n : MT_RECORD_FIELDS;
        size_t score = count_columns(part->column, part->wanted, name, n);
        if (score < best_score || (score == best_score && n <= best_n)) continue;
        best.delimiter = *d;
        best_score = score;
        best_n = n;
    }
    *records = best;
    *record = (mt_record){.too_long = true, .line = best.line};
    (void)mt_records_take(records, name, MT_RECORD_FIELDS, record);
}

static mt_code copy_names(mt_ctx *cx, mt_header *out, const mt_text *name, size_t n)
{
    const char **copy;
    MT_TRY(MT_NEW(cx, &copy, n));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_text_copy(cx, &copy[k], mt_text_trim(name[k])));
    out->n = n;
    out->name = copy;
    return MT_OK;
}

static mt_code map_columns(mt_ctx *cx, const char *file, const struct header_parts *part, mt_header *out)
{
    for (size_t k = 0; k < part->wanted; k++) {
        bool twice;
        out->at[k] = find_column(&part->column[k], part->name, part->n, &twice);
        if (twice)
            return mt_fail(cx, MT_E_INPUT, "column \"%s\" stands twice in %s line %llu; expected it once",
                           part->column[k].name, file, (unsigned long long)part->line);
        if (out->at[k] == MT_COLUMN_ABSENT && !part->column[k].optional)
            return fail_missing(cx, file, part, &part->column[k]);
    }
    return MT_OK;
}

mt_code mt_header_read(mt_ctx *cx, mt_records *records, const mt_wanted_column *column, size_t n,
                       mt_header *out)
{
    const char *file = mt_bytes_name(records->bytes);
    mt_text name[MT_RECORD_FIELDS];
    mt_record record;
    struct header_parts part = {.column = column, .wanted = n, .name = name};
    MT_TRY(mt_records_refill(cx, records));
    MT_TRY(check_encoding(cx, records, file));
    MT_TRY(skip_comments(cx, records));
    if (records->pos == records->n) return fail_empty(cx, file, column, n);
    take_header(records, name, &record, &part);
    part.line = record.line;
    part.n = record.n;
    if (record.too_long || record.n > MT_RECORD_FIELDS)
        return mt_fail(cx, MT_E_INPUT, "%s line %llu is no header: it has %s; expected at most %d columns",
                       file, (unsigned long long)record.line, record.too_long ? "no end" : "too many fields",
                       MT_RECORD_FIELDS);
    if (record.n == 1 && n > 1) return fail_undivided(cx, file, &part);
    MT_TRY(map_columns(cx, file, &part, out));
    MT_TRY(copy_names(cx, out, name, record.n));
    out->line = record.line;
    records->columns = record.n;
    return MT_OK;
}

size_t mt_header_score(mt_text line, const mt_wanted_column *column, size_t n)
{
    size_t best = 0;
    for (const char *d = delimiters; *d != '\0'; d++) {
        mt_text name[MT_RECORD_FIELDS];
        mt_records records = {.at = line.at, .n = line.length, .last = true, .delimiter = *d, .line = 1};
        mt_record record;
        if (mt_records_take(&records, name, MT_RECORD_FIELDS, &record) != MT_TAKE_RECORD) continue;
        size_t score =
            count_columns(column, n, name, record.n < MT_RECORD_FIELDS ? record.n : MT_RECORD_FIELDS);
        if (score > best) best = score;
    }
    return best;
}

size_t mt_header_which(mt_text name, const mt_wanted_column *column, size_t n)
{
    char plain[NAME_MAX_BYTES];
    plain_name(plain, name);
    for (size_t k = 0; k < n; k++)
        for (const char *const *synonym = column[k].synonym; *synonym != NULL; synonym++)
            if (strcmp(plain, *synonym) == 0) return k;
    return MT_COLUMN_ABSENT;
}
