/* POSIX time zone rules: read from a footer, asked for the local time in force. */
#include "base/zone_rule.h"

enum { OFFSET_HOURS_MAX = 24, DATE_HOURS_MAX = 167 };

/* What is left of the text. */
typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool take(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted) return false;
    c->at++;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_number(cursor *c, int least, int most, int *out)
{
    int value = 0;
    if (c->at == c->end || !is_digit(*c->at)) return false;
    for (; c->at != c->end && is_digit(*c->at) && value <= most; c->at++) value = value * 10 + (*c->at - '0');
    *out = value;
    return value >= least && value <= most;
}

/* "CET" or "<+03>". */
static bool take_abbreviation(cursor *c, char out[MT_ZONE_ABBREVIATION_MAX])
{
    bool quoted = take(c, '<');
    size_t n = 0;
    for (; c->at != c->end; c->at++) {
        char next = *c->at;
        if (!is_letter(next) && !(quoted && (is_digit(next) || next == '+' || next == '-'))) break;
        if (n == MT_ZONE_ABBREVIATION_MAX - 1) return false;
        out[n++] = next;
    }
    out[n] = 0;
    return n >= 3 && (!quoted || take(c, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_clock(cursor *c, int most_hours, int32_t *out)
{
    bool negative = take(c, '-');
    if (!negative) (void)take(c, '+');
    int hours;
    int minutes = 0;
    int seconds = 0;
    if (!take_number(c, 0, most_hours, &hours)) return false;
    if (take(c, ':')) {
        if (!take_number(c, 0, 59, &minutes)) return false;
        if (take(c, ':') && !take_number(c, 0, 59, &seconds)) return false;
    }
    int32_t total = hours * 3600 + minutes * 60 + seconds;
    *out = negative ? -total : total;
    return true;
}

static bool take_date(cursor *c, mt_zone_date *out)
{
    mt_zone_date d = {.kind = 'n', .time_s = 2 * 3600}; /* two o'clock where no time is given */
    if (take(c, 'M')) {
        d.kind = 'M';
        if (!take_number(c, 1, 12, &d.month) || !take(c, '.')) return false;
        if (!take_number(c, 1, 5, &d.week) || !take(c, '.') || !take_number(c, 0, 6, &d.day)) return false;
    } else if (take(c, 'J')) {
        d.kind = 'J';
        if (!take_number(c, 1, 365, &d.day)) return false;
    } else if (!take_number(c, 0, 365, &d.day)) {
        return false;
    }
    if (take(c, '/') && !take_clock(c, DATE_HOURS_MAX, &d.time_s)) return false;
    *out = d;
    return true;
}

/* The clock of summer; a rule without dates is refused, because it would mean the reader's own guess. */
static bool take_summer(cursor *c, mt_zone_rule *out)
{
    if (!take_abbreviation(c, out->text[1])) return false;
    int32_t west_s = -out->winter.offset_s - 3600;
    if (c->at != c->end && *c->at != ',' && !take_clock(c, OFFSET_HOURS_MAX, &west_s)) return false;
    out->summer = (mt_zone_local){-west_s, out->text[1]};
    out->has_summer = true;
    return take(c, ',') && take_date(c, &out->start) && take(c, ',') && take_date(c, &out->end);
}

/* The date of a rule in that year as seconds of its own local clock. */
static int64_t rule_local_s(const mt_zone_date *d, int year)
{
    mt_day first = mt_day_of(year, d->kind == 'M' ? d->month : 1, 1);
    mt_day day = first + d->day;
    if (d->kind == 'J') day += -1 + (d->day >= 60 && mt_day_of(year, 3, 1) - first == 60);
    if (d->kind == 'M') {
        int next_month = d->month % 12 + 1;
        mt_day end = mt_day_of(year + (d->month == 12), next_month, 1);
        int weekday = mt_day_weekday(first) % 7; /* POSIX: 0 = Sunday */
        day = first + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
        if (day >= end) day -= 7; /* week 5 is the last */
    }
    return (int64_t)day * 86400 + d->time_s;
}

bool mt_zone_rule_parse(mt_zone_rule *out, const char *text, size_t length)
{
    cursor c = {text, text + length};
    int32_t west_s; /* POSIX counts offsets west of Greenwich as positive */
    if (!take_abbreviation(&c, out->text[0]) || !take_clock(&c, OFFSET_HOURS_MAX, &west_s)) return false;
    out->winter = (mt_zone_local){-west_s, out->text[0]};
    out->present = true;
    if (c.at != c.end && !take_summer(&c, out)) return false;
    return c.at == c.end;
}

const mt_zone_local *mt_zone_rule_at(const mt_zone_rule *rule, int64_t t_s)
{
    if (!rule->has_summer) return &rule->winter;
    int64_t local_s = t_s + rule->winter.offset_s;
    int year = mt_day_date((mt_day)(local_s / 86400 - (local_s % 86400 < 0))).year;
    int64_t latest = INT64_MIN;
    const mt_zone_local *found = &rule->winter;
    /* The latest change at or before t decides. The years beside are asked too, because a date's time may be
     * negative or beyond 24 hours; where an end and a start coincide, summer goes on. */
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t start = rule_local_s(&rule->start, y) - rule->winter.offset_s;
        int64_t end = rule_local_s(&rule->end, y) - rule->summer.offset_s;
        if (end <= t_s && end > latest) {
            latest = end;
            found = &rule->winter;
        }
        if (start <= t_s && start >= latest) {
            latest = start;
            found = &rule->summer;
        }
    }
    return found;
}
