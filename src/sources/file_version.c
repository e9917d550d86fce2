/* What the name of a file says of its version: dates, clocks and numbers, or what a pattern points at. */
#include "sources/file_version.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static const char MARK[] = "{version}";

enum { MARK_LENGTH = sizeof MARK - 1 };

/* A version found in a name. */
struct found {
    size_t at, length;
    mt_time time;
};

/* The text being read; `at` moves on success alone. */
struct reader {
    const char *at, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_digits(struct reader *r, int n, int *out)
{
    int value = 0;
    if (r->end - r->at < n) return false;
    for (int k = 0; k < n; k++) {
        if (!is_digit(r->at[k])) return false;
        value = value * 10 + (r->at[k] - '0');
    }
    r->at += n;
    *out = value;
    return true;
}

/* One of these characters, if it stands there. */
static char read_mark(struct reader *r, const char *marks)
{
    if (r->at == r->end || !*r->at || !strchr(marks, *r->at)) return 0;
    return *r->at++;
}

/* "20250608", "2025-06-08", "2025_06_08" */
static bool read_date(struct reader *r, mt_civil *c)
{
    struct reader own = *r;
    if (!read_digits(&own, 4, &c->year) || c->year < 1990 || c->year > 2199) return false;
    char mark = read_mark(&own, "-_.");
    if (!read_digits(&own, 2, &c->month)) return false;
    if (mark && read_mark(&own, "-_.") != mark) return false;
    if (!read_digits(&own, 2, &c->day) || !mt_date_valid(c->year, c->month, c->day)) return false;
    *r = own;
    return true;
}

/* ".123" behind seconds; nothing where none is. */
static void read_fraction(struct reader *r, mt_civil *c)
{
    struct reader own = *r;
    int scale = 100000;
    if (!read_mark(&own, ".,") || own.at == own.end || !is_digit(*own.at)) return;
    for (; own.at < own.end && is_digit(*own.at); own.at++, scale /= 10) c->micro += (*own.at - '0') * scale;
    *r = own;
}

/* "043000", "1201", "12:30:00", "12-30-00.123" */
static bool read_clock(struct reader *r, mt_civil *c)
{
    struct reader own = *r, seconds;
    if (!read_digits(&own, 2, &c->hour) || c->hour > 23) return false;
    char mark = read_mark(&own, ":-_.");
    if (!read_digits(&own, 2, &c->minute) || c->minute > 59) return false;
    seconds = own;
    if ((!mark || read_mark(&seconds, ":-_.") == mark) && read_digits(&seconds, 2, &c->second) &&
        c->second < 60) {
        own = seconds;
        read_fraction(&own, c);
    } else {
        c->second = 0;
    }
    if (own.at < own.end && is_digit(*own.at)) return false;
    *r = own;
    return true;
}

/* "Z", "+0200", "+02:00"; a minus would be a mark between words. */
static mt_time read_offset(struct reader *r)
{
    struct reader own = *r;
    int hours, minutes;
    if (read_mark(&own, "Zz")) {
        *r = own;
        return 0;
    }
    if (!read_mark(&own, "+") || !read_digits(&own, 2, &hours) || hours > 14) return 0;
    (void)read_mark(&own, ":");
    if (!read_digits(&own, 2, &minutes) || minutes > 59) return 0;
    *r = own;
    return hours * MT_US_HOUR + minutes * MT_US_MINUTE;
}

/* "_v2" behind a date. */
static void read_edition(struct reader *r)
{
    struct reader own = *r;
    if (!read_mark(&own, "_-. ") || !read_mark(&own, "vV") || own.at == own.end || !is_digit(*own.at)) return;
    while (own.at < own.end && is_digit(*own.at)) own.at++;
    *r = own;
}

static bool read_moment(struct reader *r, mt_time *out)
{
    mt_civil c = {0}, day;
    struct reader own = *r, clock;
    if (!read_date(&own, &c)) return false;
    day = c;
    clock = own;
    (void)read_mark(&clock, "Tt_- .");
    bool has_clock = read_clock(&clock, &c);
    if (!has_clock && own.at < own.end && is_digit(*own.at)) return false; /* a longer number is no date */
    if (has_clock) own = clock;
    *out = mt_time_of(has_clock ? c : day);
    if (has_clock) *out -= read_offset(&own);
    read_edition(&own);
    *r = own;
    return true;
}

/* "v3", "v1.10" */
static bool read_number(struct reader *r)
{
    struct reader own = *r;
    if (!read_mark(&own, "vV") || own.at == own.end || !is_digit(*own.at)) return false;
    while (own.at < own.end && is_digit(*own.at)) {
        while (own.at < own.end && is_digit(*own.at)) own.at++;
        if (own.end - own.at > 1 && (*own.at == '.' || *own.at == '_') && is_digit(own.at[1])) own.at++;
    }
    *r = own;
    return true;
}

static bool read_version(struct reader *r, mt_time *time)
{
    *time = MT_TIME_NONE;
    return read_moment(r, time) || read_number(r);
}

/* The last version in the name; a date counts more than a number. */
static bool find_version(mt_text name, struct found *out)
{
    bool found = false;
    for (size_t k = 0; k < name.length;) {
        struct reader r = {name.at + k, name.at + name.length};
        mt_time time = MT_TIME_NONE;
        bool starts = k == 0 || strchr("_-. ", name.at[k - 1]);
        bool moment = (k == 0 || !is_digit(name.at[k - 1])) && read_moment(&r, &time);
        bool number = !moment && starts && read_number(&r);
        if (moment || (number && (!found || out->time == MT_TIME_NONE))) {
            *out = (struct found){k, (size_t)(r.at - (name.at + k)), time};
            found = true;
        }
        k = moment || number ? (size_t)(r.at - name.at) : k + 1;
    }
    return found;
}

/* Is the whole of it a date or a number? */
static bool is_version(mt_text text, mt_time *time)
{
    struct reader r = {text.at, text.at + text.length};
    if (read_version(&r, time) && r.at == r.end) return true;
    *time = MT_TIME_NONE;
    for (size_t k = 0; k < text.length; k++)
        if (!is_digit(text.at[k])) return false;
    return text.length > 0;
}

/* The pattern in two: what stands before the version and behind it. */
struct parts {
    char before[MT_FILE_NAME_MAX], behind[MT_FILE_NAME_MAX];
    int flags;
};

static bool matches_text(const char *pattern, mt_text text, int flags)
{
    char copy[MT_FILE_NAME_MAX + 1];
    memcpy(copy, text.at, text.length);
    copy[text.length] = 0;
    return fnmatch(pattern, copy, flags) == 0;
}

/* Is this way of reading better than the one before? */
static bool is_better(const struct found *best, bool best_is, const struct found *now, bool now_is)
{
    if (best->length == 0) return true;
    if (best_is != now_is) return now_is;
    return now_is ? now->length > best->length : now->length < best->length;
}

static bool find_by_parts(const struct parts *parts, mt_text name, struct found *out)
{
    bool ends[MT_FILE_NAME_MAX + 1], best_is = false;
    *out = (struct found){.time = MT_TIME_NONE};
    for (size_t j = 0; j <= name.length; j++)
        ends[j] = matches_text(parts->behind, (mt_text){name.at + j, name.length - j}, parts->flags);
    for (size_t i = 0; i < name.length; i++) {
        if (!matches_text(parts->before, (mt_text){name.at, i}, parts->flags)) continue;
        for (size_t j = i + 1; j <= name.length && name.at[j - 1] != '/'; j++) {
            struct found now = {i, j - i, MT_TIME_NONE};
            if (!ends[j]) continue;
            bool is = is_version((mt_text){name.at + i, j - i}, &now.time);
            if (!is_better(out, best_is, &now, is)) continue;
            *out = now;
            best_is = is;
        }
    }
    return out->length > 0;
}

/* The name without its version and the mark before it, or behind it where it stands first. */
static mt_code cut_out(mt_ctx *cx, const char **out, mt_text name, const struct found *found)
{
    size_t from = found->at, to = found->at + found->length;
    if (from > 0 && strchr("_-. ", name.at[from - 1]))
        from--;
    else if (from == 0 && to < name.length && strchr("_- ", name.at[to]))
        to++;
    return mt_text_format(cx, out, "%.*s%.*s", (int)from, name.at, (int)(name.length - to), name.at + to);
}

static mt_code split_pattern(mt_ctx *cx, struct parts *parts, const char *pattern, bool *has_mark)
{
    const char *mark = strstr(pattern, MARK);
    if (strlen(pattern) >= MT_FILE_NAME_MAX)
        return mt_fail(cx, MT_E_INPUT, "a pattern has at most %d bytes", MT_FILE_NAME_MAX - 1);
    if (mark && strstr(mark + 1, MARK))
        return mt_fail(cx, MT_E_INPUT, "the pattern %.100s has %s more than once; once is right", pattern,
                       MARK);
    *has_mark = mark != NULL;
    parts->flags = strchr(pattern, '/') ? FNM_PATHNAME : 0;
    size_t n = mark ? (size_t)(mark - pattern) : strlen(pattern);
    memcpy(parts->before, pattern, n);
    parts->before[n] = 0;
    snprintf(parts->behind, sizeof parts->behind, "%s", mark ? mark + MARK_LENGTH : "");
    return MT_OK;
}

mt_code mt_file_version_of(mt_ctx *cx, mt_file_version *out, bool *matches, const char *name,
                           const char *pattern)
{
    struct parts parts = {.flags = 0};
    struct found found = {.time = MT_TIME_NONE};
    bool has_mark = false;
    const char *slash = strrchr(name, '/');
    mt_text whole = mt_text_of(name);
    size_t base = slash ? (size_t)(slash + 1 - name) : 0;
    if (whole.length > MT_FILE_NAME_MAX)
        return mt_fail(cx, MT_E_INPUT, "the name %.100s… has more than %d bytes", name, MT_FILE_NAME_MAX);
    if (pattern) MT_TRY(split_pattern(cx, &parts, pattern, &has_mark));
    if (pattern && parts.flags) base = 0;
    mt_text part = {name + base, whole.length - base};
    *matches = !pattern || (has_mark ? find_by_parts(&parts, part, &found)
                                     : matches_text(parts.before, part, parts.flags));
    if (!*matches) return MT_OK;
    if (!has_mark) {
        base = slash ? (size_t)(slash + 1 - name) : 0;
        (void)find_version((mt_text){name + base, whole.length - base}, &found);
    }
    found.at += base;
    out->time = found.time;
    MT_TRY(mt_text_copy(cx, &out->text, (mt_text){name + found.at, found.length}));
    if (!found.length) return mt_text_copy(cx, &out->stem, whole);
    return cut_out(cx, &out->stem, whole, &found);
}

/* Digits by their number, all else by its bytes. */
static int compare_naturally(const char *a, const char *b)
{
    while (*a && *b) {
        if (is_digit(*a) && is_digit(*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
            int order = n != m ? (n < m ? -1 : 1) : strncmp(a, b, n);
            if (order) return order;
            a += n;
            b += m;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return *a ? 1 : *b ? -1 : 0;
}

int mt_file_version_compare(const mt_file_version *a, const mt_file_version *b)
{
    int kind_a = a->time != MT_TIME_NONE ? 2 : *a->text != 0,
        kind_b = b->time != MT_TIME_NONE ? 2 : *b->text != 0;
    if (kind_a != kind_b) return kind_a < kind_b ? -1 : 1;
    if (kind_a == 2 && a->time != b->time) return a->time < b->time ? -1 : 1;
    return compare_naturally(a->text, b->text);
}
