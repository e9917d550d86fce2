/* Fuzzer of market documents: blocks have a start, a step and stay within reason, or there is a sentence.
 *
 * Shapes    Any bytes. The size chooses whether blocks are given whole or step by step.
 */
#include "fuzz_input.h"

#include "sources/entsoe_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code take_block(void *arg, const mt_entsoe_block *block)
{
    uint64_t *blocks = arg;
    DEMAND(block->step > 0 && block->start != MT_TIME_NONE && block->head && block->series);
    if (++*blocks < 1000000) return MT_OK;
    return MT_E_CANCELLED; /* enough of this one */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.fd = -1};
    uint64_t blocks = 0;
    mt_entsoe_head head;
    mt_entsoe_reader reader = {.take = take_block, .arg = &blocks, .whole = size % 2 == 0};
    mt_ctx_init(&input.cx, NULL);
    mt_code code = mt_entsoe_document(&input.cx, &head, "fuzz", (mt_text){(const char *)data, size}, &reader);
    if (code == MT_OK) DEMAND(head.root[0] != '\0');
    if (code != MT_E_CANCELLED) fuzz_check(&input, code);
    mt_ctx_close(&input.cx);
    return 0;
}
