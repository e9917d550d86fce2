/* The rule by which a time zone goes on after the last change its file lists: "CET-1CEST,M3.5.0,M10.5.0/3".
 *
 * Purpose   A part of zone.c with a room of its own; other rooms ask zone.h.
 * Units     Instants and offsets in seconds, offsets east of UTC.
 * Errors    The parser returns false; the caller knows the file and makes the sentence.
 * Ownership The abbreviations point into the rule itself: it stays where it was parsed and is never copied.
 * Cost      A lookup computes six dates, whatever the year.
 * Source    POSIX.1-2017, Base Definitions 8.3 (TZ), with the wider hours of RFC 8536, section 3.3.1.
 */
#ifndef MT_BASE_ZONE_RULE_H
#define MT_BASE_ZONE_RULE_H

#include "base/time.h"

MT_BEGIN_DECLS

enum { MT_ZONE_ABBREVIATION_MAX = 32 };

/* One kind of local time. */
typedef struct mt_zone_local {
    int32_t offset_s;
    const char *abbreviation;
} mt_zone_local;

/* A day of the year and a time of it: "M10.5.0/3", "J60", "59/-1". */
typedef struct mt_zone_date {
    char kind; /* 'M' month, week, week day; 'J' day 1 to 365 without 29 February; 'n' day 0 to 365 */
    int month, week, day;
    int32_t time_s;
} mt_zone_date;

typedef struct mt_zone_rule {
    bool present, has_summer;
    mt_zone_local winter, summer;
    mt_zone_date start, end; /* of summer; start on the winter clock, end on the summer clock */
    char text[2][MT_ZONE_ABBREVIATION_MAX];
} mt_zone_rule;

bool mt_zone_rule_parse(mt_zone_rule *out, const char *text, size_t length);

/* The local time in force at that instant. */
const mt_zone_local *mt_zone_rule_at(const mt_zone_rule *rule, int64_t t_s);

MT_END_DECLS
#endif
