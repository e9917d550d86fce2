/* Fuzzer of the choice of a sheet: what is given is a workbook with that sheet first, or a sentence. */
#include "io/xlsx_read.h"
#include "sources/workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(mt_ctx *cx, mt_text bytes)
{
    mt_xlsx *xlsx;
    mt_xlsx_row row = {.n = 1};
    if (mt_xlsx_open(cx, &xlsx, "book", bytes) != MT_OK) return;
    while (row.n && mt_xlsx_next(cx, xlsx, &row) == MT_OK) continue;
    mt_xlsx_close(xlsx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const mt_ctx_options options = {.size = sizeof options, .limit_bytes = 64 << 20};
    mt_ctx cx;
    mt_text out = {NULL, 0};
    char *bytes = malloc(size ? size : 1); /* of exactly this size, so that a read behind the end is seen */
    if (!bytes) return 0;
    if (size) memcpy(bytes, data, size);
    mt_ctx_init(&cx, &options);
    if (mt_workbook_sheet(&cx, &out, "book", (mt_text){bytes, size}, "Monthly Prices") == MT_OK) {
        read_all(&cx, out);
    } else if (!cx.err[0]) {
        fprintf(stderr, "a failure without a sentence\n");
        abort();
    }
    mt_ctx_close(&cx);
    free(bytes);
    return 0;
}
