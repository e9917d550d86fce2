/* Fuzzer of the cutting of answers: what is taken is a whole document, its records lie in it, in order. */
#include "sources/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth)                                                                                        \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);                              \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void try_listing(mt_text document, const char *array)
{
    mt_ctx cx;
    mt_listing listing;
    mt_text record, text;
    int64_t number = 42;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_listing_open(&cx, &listing, "who", document, array);
    if (code != MT_OK) {
        DEMAND(code == MT_E_REMOTE && cx.err[0]);
        mt_ctx_close(&cx);
        return;
    }
    const char *behind = document.at;
    while (mt_listing_next(&listing, &record)) {
        DEMAND(record.length > 0 && record.at >= behind);
        behind = record.at + record.length;
        DEMAND(behind <= document.at + document.length);
    }
    if (!mt_listing_int(&listing, "total", &number)) DEMAND(number == 42);
    if (mt_listing_text(&listing, "total", &text)) DEMAND(text.length < document.length);
    mt_ctx_close(&cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size ? size : 1); /* of exactly this size, so that a read behind the end is seen */
    if (!bytes) return 0;
    if (size) memcpy(bytes, data, size);
    try_listing((mt_text){bytes, size}, NULL);
    try_listing((mt_text){bytes, size}, "records");
    free(bytes);
    return 0;
}
