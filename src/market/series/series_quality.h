/* What a stored series is worth: its flaws counted by day, a score from them, and its promise of punctuality.
 *
 * Purpose   One row a series and local day says what is missing, late, revised, doubled, impossible, unusual,
 *           stuck, dark or contradicted; the score is made of these parts and nothing else.
 * Shapes    All versions of all values, in any order (a start may come several times, as it was known at
 *           several moments). Days from the first to the last that has a value, or those asked for.
 * Parts     Each is 1 - count / values that could have it, from 0 to 1; NaN where it cannot be judged, and
 *           then its weight falls to the others. score = sum(weight x part) / sum(weight). A day without any
 *           value has the score 0.
 *           gaps        periods without a value; those not due at `now` are not missed
 *           late        first known after start + delay
 *           revised     periods that had more than one value
 *           duplicates  the same period twice at one moment of knowledge, or the same value again
 *           bounds      outside what the kind can be
 *           outliers    more than six robust deviations from the median of the same hour on the seven days
 *                       before and after (Hampel); at least five of them
 *           frozen      in a run of one value, not 0, of at least six periods and six hours
 *           sun         solar at night or brighter than the sun allows
 *           disagrees   another source of the same kind, area, detail, unit and step says otherwise
 * SLA       `delay` counts from the start of the period; below 0 where a value is due before (day-ahead).
 *           Missing: learned for each hour of the local day as the median of its values plus three robust
 *           deviations of all, at least an hour. A series that was loaded at fewer moments than it has days
 *           tells nothing about its feed: late is NaN there.
 * Missing   Values of NaN are gaps.
 * Errors    MT_E_TOO_LARGE a series of more than MT_QUALITY_DAYS_MAX days; MT_E_MEMORY.
 * Ownership Reports live in cx; names are borrowed from the values.
 * Cost      O(n log n).
 * Source    F. Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974).
 */
#ifndef MT_MARKET_SERIES_SERIES_QUALITY_H
#define MT_MARKET_SERIES_SERIES_QUALITY_H

#include "base/calendar.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

enum { MT_QUALITY_DAYS_MAX = 20000 };

/* clang-format off */
/*    symbol               name          weight */
#define MT_ISSUE_LIST(X)                        \
    X(MT_ISSUE_GAP,        "gaps",       0.30)  \
    X(MT_ISSUE_LATE,       "late",       0.10)  \
    X(MT_ISSUE_REVISED,    "revised",    0.05)  \
    X(MT_ISSUE_DUPLICATE,  "duplicates", 0.05)  \
    X(MT_ISSUE_BOUNDS,     "bounds",     0.15)  \
    X(MT_ISSUE_OUTLIER,    "outliers",   0.10)  \
    X(MT_ISSUE_FROZEN,     "frozen",     0.10)  \
    X(MT_ISSUE_SUN,        "sun",        0.05)  \
    X(MT_ISSUE_DISAGREES,  "disagrees",  0.10)
/* clang-format on */

#define MT_ISSUE_SYMBOL(symbol, name, weight) symbol,
typedef enum mt_issue { MT_ISSUE_LIST(MT_ISSUE_SYMBOL) MT_ISSUE_COUNT } mt_issue;
#undef MT_ISSUE_SYMBOL

MT_API const char *mt_issue_name(mt_issue issue);
MT_API double mt_issue_weight(mt_issue issue);

typedef struct mt_series_quality_options {
    size_t size;                /* sizeof(mt_series_quality_options), so that the struct may grow */
    const mt_zone *zone;        /* of the local days */
    mt_day from, to;            /* the first and the last day; MT_DAY_NONE: of the values */
    double latitude, longitude; /* NaN: no check by the sun */
    mt_time delay;              /* MT_TIME_NONE: learned */
    double share;               /* of values to be on time: 0.99 */
    mt_time now;                /* MT_TIME_NONE: everything is due */
} mt_series_quality_options;

typedef struct mt_quality_day {
    mt_day day;
    size_t expected, present;
    int64_t count[MT_ISSUE_COUNT]; /* INT64_MIN: not judged */
    double part[MT_ISSUE_COUNT];
    double score;
} mt_quality_day;

typedef struct mt_series_quality {
    const mt_observation *name; /* kind, area, detail, unit, step, source */
    const mt_quality_day *day;
    size_t days;
    mt_quality_day whole; /* the same over all days; its `day` is MT_DAY_NONE */
    mt_time delay;        /* as given, or the longest learned; MT_TIME_NONE: not known */
    double on_time;       /* share; NaN */
    bool sla_met;         /* false also where it is not known */
} mt_series_quality;

MT_API MT_MUST_USE mt_code mt_series_quality_of(mt_ctx *cx, mt_series_quality **out, size_t *n_out,
                                                const mt_observation *value, size_t n,
                                                const mt_series_quality_options *options);

MT_END_DECLS
#endif
