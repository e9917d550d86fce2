/* Fuzzer of marketplace files: refused with a sentence, or every row can be used.
 *
 * Shapes    The text of a marketplace file.
 */
#include "terms/marketplace.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_marketplaces all = {NULL, 0};
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_marketplaces_read(&cx, &all, "fuzz", (mt_text){(const char *)data, size});
    DEMAND(code == MT_OK ? all.n >= 3 : cx.err[0] != '\0');
    for (size_t k = 0; k < all.n; k++) {
        int open = 0;
        DEMAND(strlen(all.at[k].currency) == 3);
        for (int hour = 0; hour < 24; hour++) open += mt_marketplace_open(&all.at[k], hour);
        DEMAND(open > 0);
    }
    mt_ctx_close(&cx);
    return 0;
}
