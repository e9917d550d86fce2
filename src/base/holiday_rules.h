/* The table behind holiday.c: every public holiday as a rule with its first and last year.
 *
 * Purpose   Data only; other rooms ask holiday.h. A new law is a new row, and the old row gets a last year.
 * Shapes    A row gives at most one day a year. A row with `only_moved` is the substitute of another row.
 * Source    The act or list that stands above each country's rows. Complete from 1990 on; where a holiday is
 *           older, its first year may be left open.
 */
#ifndef MT_BASE_HOLIDAY_RULES_H
#define MT_BASE_HOLIDAY_RULES_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

MT_BEGIN_DECLS

typedef enum mt_holiday_kind {
    MT_HOLIDAY_FIXED,  /* on month, day */
    MT_HOLIDAY_EASTER, /* `day` days after Easter Sunday */
    MT_HOLIDAY_WEEKDAY /* the first `weekday` (ISO: 1 = Monday) on or after month, day */
} mt_holiday_kind;

/* Days to move a holiday by, for each weekday it may fall on (0 = Monday). */
typedef struct mt_holiday_shift {
    signed char by[7];
    bool only_moved; /* the row stands for the moved day alone */
} mt_holiday_shift;

typedef struct mt_holiday_rule {
    const char *region; /* NULL: the whole country; else "BY,BW" */
    short first, last;  /* years; 0: open */
    mt_holiday_kind kind;
    signed char month, day, weekday;
    const mt_holiday_shift *shift; /* NULL: stays where it falls */
    const char *name, *local;      /* local NULL: the same */
} mt_holiday_rule;

typedef struct mt_holiday_country {
    const char *code;
    const char *regions; /* NULL: none known here */
    const mt_holiday_rule *rule;
    size_t n;
} mt_holiday_country;

extern const mt_holiday_country mt_holiday_countries[];
extern const size_t mt_holiday_country_count;

MT_END_DECLS
#endif
