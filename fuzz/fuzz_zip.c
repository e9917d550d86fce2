/* Fuzzer of zip archives: what is unpacked has the promised size and fits the budget, or there is a sentence.
 *
 * Shapes    Any bytes. Entries that promise more than 4 MiB are passed over, for speed; the room's test
 *           unpacks a bomb.
 */
#include "fuzz_input.h"

#include "io/zip.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LARGE = 4 << 20 };

static mt_code unpack_all(mt_ctx *cx, mt_text bytes)
{
    mt_zip *zip;
    mt_text text;
    size_t n, total = 0;
    MT_TRY(mt_zip_open(cx, &zip, "fuzz", bytes));
    const mt_zip_entry *entry = mt_zip_entries(zip, &n);
    DEMAND(n <= MT_ZIP_ENTRIES_MAX);
    for (size_t k = 0; k < n; k++) {
        DEMAND(mt_zip_find(zip, entry[k].name) != NULL);
        if (entry[k].size > LARGE) continue;
        if (mt_zip_read(cx, zip, &entry[k], &text) != MT_OK) continue;
        DEMAND(text.length == entry[k].size && (text.length == 0 || memchr(text.at, text.at[0], 1)));
        total += text.length;
    }
    DEMAND(total <= MT_ZIP_TOTAL_MAX);
    return MT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.fd = -1};
    mt_ctx_init(&input.cx, NULL);
    fuzz_check(&input, unpack_all(&input.cx, (mt_text){(const char *)data, size}));
    mt_ctx_close(&input.cx);
    return 0;
}
