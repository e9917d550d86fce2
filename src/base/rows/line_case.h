/* What the tests of rows share: a row with a column of every type that a result may have.
 *
 * Purpose   Included by tests only.
 */
#ifndef MT_BASE_ROWS_LINE_CASE_H
#define MT_BASE_ROWS_LINE_CASE_H

#include "base/rows/field.h"

struct line {
    bool flag;
    int64_t count;
    double price;
    mt_micro amount;
    const char *name;
    mt_time start;
    mt_day day;
    mt_time length;
    int side;
};

static const char *const side[] = {"buy", "sell", NULL};
static const mt_field line_col[] = {
    {.name = "flag", MT_BOOL_AT(line, flag), .doc = "a flag"},
    {.name = "count", MT_INT_AT(line, count), .doc = "a count"},
    {.name = "price", MT_REAL_AT(line, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "a price"},
    {.name = "amount", MT_MICRO_AT(line, amount), .doc = "an amount"},
    {.name = "name", MT_TEXT_AT(line, name), .doc = "a name"},
    {.name = "start", MT_TIME_AT(line, start), .doc = "an instant"},
    {.name = "day", MT_DAY_AT(line, day), .doc = "a day"},
    {.name = "length", MT_SPAN_AT(line, length), .doc = "a duration"},
    {.name = "side", MT_CHOICE_AT(line, side), .choice = side, .doc = "a side"},
    {0}};

#endif
