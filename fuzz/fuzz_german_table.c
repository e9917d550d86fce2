/* Fuzzer of German tables: cells lie within their text, numbers are finite or missing, times are instants.
 *
 * Shapes    Any bytes.
 */
#include "fuzz_input.h"

#include "sources/german_table.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cell(mt_text cell, mt_text all)
{
    double value;
    bool inside = cell.length == 0 || (cell.at >= all.at && cell.at + cell.length <= all.at + all.length);
    DEMAND(inside);
    if (mt_german_real(cell, &value)) DEMAND(isfinite(value) || isnan(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_german_table table;
    mt_text all = {(const char *)data, size};
    mt_time t;
    if (!mt_german_open(&table, all)) return 0;
    DEMAND(table.n_column >= 2 && table.n_column <= MT_GERMAN_COLUMNS);
    for (uint64_t line = 1; mt_german_next(&table); line = table.line) {
        DEMAND(table.line > line);
        for (size_t k = 0; k < MT_GERMAN_COLUMNS; k++) check_cell(table.cell[k], all);
        if (mt_german_time(table.cell[0], table.cell[2], table.cell[1], &t)) DEMAND(t != MT_TIME_NONE);
    }
    return 0;
}
