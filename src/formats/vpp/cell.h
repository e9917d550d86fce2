/* What stands in one cell of a portfolio's files: decimals, instants, days, units.
 *
 * Purpose   The one place that says how a text or a number of these files is understood.
 * Units     Decimals become millionths, rounded half away from zero beyond the sixth place; a scale turns
 *           millionths of a file's unit into those of the house.
 * Time      Texts with an offset, "Z" or " UTC" are instants. Numbers below 10^11 are seconds, others
 *           milliseconds; they are kept to the millisecond, and lie in 2000 to 2199 or are none.
 * Missing   Empty, "N.A.", "N.E.", "n/a", "NaN", "null" and "-".
 */
#ifndef MT_FORMATS_VPP_CELL_H
#define MT_FORMATS_VPP_CELL_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

enum { MT_VPP_PLACES = 6, MT_VPP_PLACES_MAX = 9 };

typedef enum mt_vpp_found { MT_VPP_RIGHT, MT_VPP_MISSING, MT_VPP_WRONG } mt_vpp_found;

/* Reads the number that begins at `at`, with `places` decimals kept (0 to MT_VPP_PLACES_MAX), and returns
 * what stands behind it; NULL: there is none, or it does not fit. `mark` is its decimal mark. */
const char *mt_vpp_number(const char *at, const char *end, char mark, int places, int64_t *out);

/* A whole cell. *mark is the file's decimal mark, 0 while none was met. "1.234,5" is 1234.5. */
mt_vpp_found mt_vpp_decimal(mt_text cell, char *mark, mt_micro *out);

/* `utc`: the column says that its times are UTC, so that none needs an offset. */
mt_vpp_found mt_vpp_instant(mt_text cell, bool utc, mt_time *out);

mt_vpp_found mt_vpp_day(mt_text cell,
                        mt_day *out); /* "2025-06-08", "08.06.2025", "20250608"; a clock is cut */

/* A time of a column of milliseconds, given in millionths; *seconds is set where it was read as seconds. */
mt_time mt_vpp_number_time(mt_micro value, bool *seconds);

/* How a unit becomes the one that is wanted: x times / over. Tables end with unit NULL; the first is taken
 * where a name has no unit. */
typedef struct mt_vpp_scale {
    const char *unit; /* lower case, "/" for per, "eur" for euro */
    int64_t times, over;
} mt_vpp_scale;

extern const mt_vpp_scale mt_vpp_power_kw[];   /* W to GW into kW */
extern const mt_vpp_scale mt_vpp_power_w[];    /* the same into whole W: millionths of MW are W */
extern const mt_vpp_scale mt_vpp_quarter_kw[]; /* power, or energy of a quarter hour, into kW */
extern const mt_vpp_scale mt_vpp_eur_mwh[];
extern const mt_vpp_scale mt_vpp_ct_kwh[];
extern const mt_vpp_scale mt_vpp_percent[];

/* The unit in a column's name: "capacity(MW)", "price__euro_per_mwh_", "setpoint_kw", "MP-1__kw_". NULL: its
 * unit is none of the scale's. *stated is false where the name has no unit. */
const mt_vpp_scale *mt_vpp_scale_of(mt_text name, const mt_vpp_scale *scale, bool *stated);

/* By the word alone. */
const mt_vpp_scale *mt_vpp_scale_find(mt_text unit, const mt_vpp_scale *scale);

/* The name without its unit: "MP-SOL-001__kw_" is "MP-SOL-001". */
mt_text mt_vpp_name_of(mt_text name);

/* False: it leaves int64. */
bool mt_vpp_scale_apply(const mt_vpp_scale *scale, mt_micro *value);

MT_END_DECLS
#endif
