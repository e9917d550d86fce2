/* The unit list turned into tables. */
#include "base/unit.h"

#include <stddef.h>

struct unit_row {
    const char *text;
    const char *meaning;
};

#define UNIT_ROW(symbol, text, meaning) {text, meaning},
static const struct unit_row unit_row[] = {MT_UNIT_LIST(UNIT_ROW)};

const char *mt_unit_text(mt_unit unit)
{
    return unit_row[(size_t)unit < MT_UNIT_TOTAL ? (size_t)unit : 0].text;
}

const char *mt_unit_meaning(mt_unit unit)
{
    return unit_row[(size_t)unit < MT_UNIT_TOTAL ? (size_t)unit : 0].meaning;
}
