/* Documents of account from outside: refused, or read and then the same when written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "formats/document/invoice_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int holds)
{
    if (!holds) abort();
}

static const char *write_json(mt_ctx *cx, const mt_invoice *invoice)
{
    mt_out *out;
    const char *text;
    demand(mt_out_memory(cx, &out) == MT_OK);
    demand(mt_invoice_json(cx, out, invoice, MT_JSON_COMPACT) == MT_OK);
    demand(mt_text_copy(cx, &text, mt_out_bytes(out)) == MT_OK);
    mt_out_close(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_invoice invoice, again;
    if (size > 1 << 16) return 0;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_invoice_json_read(&cx, &invoice, "fuzz", (mt_text){(const char *)data, size});
    if (code == MT_OK) {
        const char *text = write_json(&cx, &invoice);
        demand(mt_invoice_json_read(&cx, &again, "again", mt_text_of(text)) == MT_OK);
        demand(strcmp(write_json(&cx, &again), text) == 0);
    } else {
        demand((code == MT_E_INPUT || code == MT_E_TOO_LARGE) && cx.err[0]);
    }
    mt_ctx_close(&cx);
    return 0;
}
