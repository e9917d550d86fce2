/* One value as text: exactly for machines, sensibly rounded for people.
 *
 * Purpose   Every renderer writes its cells through this room, so a number looks the same wherever it is
 *           read.
 * Shapes    Exact text reads back as the same value. Shown text has one number of decimals a column: as
 *           many as its values need, at most as many as leave five digits of the largest one (but two).
 * Missing   NaN and the infinities count as missing; callers ask mt_cell_has first.
 * Ownership Text goes into the caller's buffer of MT_CELL_MAX bytes; TEXT and CHOICE values are no business
 *           of this room.
 */
#ifndef MT_IO_SINKS_CELL_H
#define MT_IO_SINKS_CELL_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

enum { MT_CELL_MAX = 48 };

static inline bool mt_cell_is_text(mt_type type)
{
    return type == MT_TEXT || type == MT_CHOICE;
}

/* Integers, reals, decimals: what stands right-aligned in a table. */
static inline bool mt_cell_is_number(mt_type type)
{
    return type == MT_INT || type == MT_REAL || type == MT_MICRO;
}

/* The unit as a person wants to see it: none for ratios and counts. */
const char *mt_cell_unit(mt_unit unit);

bool mt_cell_has(mt_type type, mt_value value);
size_t mt_cell_exact(mt_type type, mt_value value, char out[MT_CELL_MAX]);

/* The same as mt_real_text, faster for numbers of few decimals. */
size_t mt_cell_real(double value, char out[MT_CELL_MAX]);

/* How many decimals a column needs; starts zeroed, looks at each value once. */
typedef struct mt_cell_style {
    int needed;      /* decimals of the longest value */
    double largest;  /* magnitude */
    bool odd;        /* very large or very small values stand in it: exact text is shown */
} mt_cell_style;

void mt_cell_look(mt_cell_style *style, mt_type type, mt_value value);
int mt_cell_places(const mt_cell_style *style, mt_type type);
size_t mt_cell_shown(const mt_cell_style *style, mt_type type, mt_value value, char out[MT_CELL_MAX]);

MT_END_DECLS
#endif
