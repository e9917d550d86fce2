/* Tables as German authorities and grid operators publish them. */
#include "sources/german_table.h"

#include <math.h>
#include <string.h>

/* The next line that holds something, without its end. */
static bool next_line(mt_german_table *table, mt_text *out)
{
    while (table->rest.length) {
        const char *end = memchr(table->rest.at, '\n', table->rest.length);
        size_t n = end ? (size_t)(end - table->rest.at) : table->rest.length;
        *out = (mt_text){table->rest.at, n};
        table->rest.at += end ? n + 1 : n;
        table->rest.length -= end ? n + 1 : n;
        table->line++;
        if (out->length && out->at[out->length - 1] == '\r') out->length--;
        *out = mt_text_trim(*out);
        if (out->length) return true;
    }
    return false;
}

static size_t split(mt_text line, mt_text cell[MT_GERMAN_COLUMNS])
{
    size_t n = 0;
    for (size_t k = 0; k < MT_GERMAN_COLUMNS; k++) cell[k] = (mt_text){"", 0};
    while (n < MT_GERMAN_COLUMNS) {
        const char *end = memchr(line.at, ';', line.length);
        size_t length = end ? (size_t)(end - line.at) : line.length;
        cell[n++] = mt_text_trim((mt_text){line.at, length});
        if (!end) break;
        line.at += length + 1;
        line.length -= length + 1;
    }
    return n;
}

bool mt_german_open(mt_german_table *out, mt_text text)
{
    mt_text line;
    memset(out, 0, sizeof *out);
    out->rest = text;
    if (text.length >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0) out->rest.at += 3, out->rest.length -= 3;
    if (!next_line(out, &line)) return false;
    out->n_column = split(line, out->column);
    return out->n_column >= 2;
}

int mt_german_column(const mt_german_table *table, const char *name)
{
    for (size_t k = 0; k < table->n_column; k++)
        if (mt_text_equal(table->column[k], name)) return (int)k;
    return -1;
}

bool mt_german_next(mt_german_table *table)
{
    mt_text line;
    if (!next_line(table, &line)) return false;
    (void)split(line, table->cell);
    return true;
}

/* Groups of three digits behind the first dot, up to the comma or the end. */
static bool groups_fit(mt_text cell)
{
    const char *dot = memchr(cell.at, '.', cell.length), *end = memchr(cell.at, ',', cell.length);
    if (!dot) return true;
    if (!end) return false; /* "1.234" alone may be either: nothing is guessed */
    for (; dot < end; dot += 4)
        if (*dot != '.' || end - dot < 4) return false;
    return dot == end;
}

bool mt_german_real(mt_text cell, double *out)
{
    static const char *const missing[] = {"", "-", "N.A.", "N.E."};
    char plain[64];
    size_t n = 0;
    for (size_t k = 0; k < sizeof missing / sizeof *missing; k++) {
        if (!mt_text_equal(cell, missing[k])) continue;
        *out = NAN;
        return true;
    }
    if (cell.length >= sizeof plain || !groups_fit(cell)) return false;
    for (size_t k = 0; k < cell.length; k++)
        if (cell.at[k] != '.') plain[n++] = (char)(cell.at[k] == ',' ? '.' : cell.at[k]);
    return mt_real_parse(plain, n, out);
}

/* `n` digits. */
static bool read_digits(const char *at, size_t n, int *out)
{
    *out = 0;
    for (size_t k = 0; k < n; k++) {
        if (at[k] < '0' || at[k] > '9') return false;
        *out = *out * 10 + (at[k] - '0');
    }
    return true;
}

bool mt_german_day(mt_text cell, mt_day *out)
{
    int day, month, year;
    if (cell.length != 10 || cell.at[2] != '.' || cell.at[5] != '.') return false;
    if (!read_digits(cell.at, 2, &day) || !read_digits(cell.at + 3, 2, &month) ||
        !read_digits(cell.at + 6, 4, &year) || !mt_date_valid(year, month, day))
        return false;
    *out = mt_day_of(year, month, day);
    return true;
}

bool mt_german_time(mt_text day, mt_text clock, mt_text zone, mt_time *out)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"UTC", 0}, {"MEZ", 1}, {"CET", 1}, {"MESZ", 2}, {"CEST", 2}};
    int hour, minute;
    mt_day number;
    if (!mt_german_day(day, &number) || clock.length != 5 || clock.at[2] != ':') return false;
    if (!read_digits(clock.at, 2, &hour) || !read_digits(clock.at + 3, 2, &minute) || hour > 23 ||
        minute > 59)
        return false;
    for (size_t k = 0; k < sizeof zones / sizeof *zones; k++) {
        if (!mt_text_equal(zone, zones[k].name)) continue;
        *out = (mt_time)number * MT_US_DAY + (hour - zones[k].hours) * MT_US_HOUR + minute * MT_US_MINUTE;
        return true;
    }
    return false;
}
