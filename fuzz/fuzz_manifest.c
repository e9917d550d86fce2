/* The manifest of a backup: read, or refused with a sentence; names never leave their folder. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/keep/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_kept kept;
    if (size > 1 << 20) return 0;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_manifest_parse(&cx, &kept, "fuzz", size ? (const char *)data : "", size);
    if (code != MT_OK && !cx.err[0]) abort();
    for (size_t k = 0; code == MT_OK && k < kept.n; k++)
        if (strpbrk(kept.table[k].name, "/.\\") || !kept.table[k].name[0]) abort();
    mt_ctx_close(&cx);
    return 0;
}
