/* Fuzzer of workbooks: rows keep within their columns, or there is a sentence.
 *
 * Shapes    Any bytes.
 */
#include "fuzz_input.h"

#include "io/xlsx_read.h"
#include "io/zip.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code read_book(mt_ctx *cx, mt_text bytes)
{
    mt_xlsx *xlsx;
    mt_xlsx_row row;
    mt_time t;
    MT_TRY(mt_xlsx_open(cx, &xlsx, "fuzz", bytes));
    mt_code code;
    do {
        code = mt_xlsx_next(cx, xlsx, &row);
        if (code != MT_OK) break;
        DEMAND(row.n <= MT_XLSX_COLUMNS);
        for (size_t k = 0; k < row.n; k++) {
            if (row.cell[k].at) DEMAND(row.cell[k].length > 0);
            (void)mt_xlsx_time(row.cell[k], &t);
        }
    } while (row.n);
    mt_xlsx_close(xlsx);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.fd = -1};
    mt_ctx_init(&input.cx, NULL);
    fuzz_check(&input, read_book(&input.cx, (mt_text){(const char *)data, size}));
    mt_ctx_close(&input.cx);
    return 0;
}
