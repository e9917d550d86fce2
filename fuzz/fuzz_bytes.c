/* Fuzzer of inputs: plain, gzip and zstd bytes come through windows, or end in a sentence.
 *
 * Shapes    Any bytes. The first also says how much of each window stays unconsumed. What is unpacked must
 *           not depend on that.
 */
#include "fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BYTES_MAX = 16 << 20 };

/* A sum over all bytes in order, and how reading ended. */
static uint64_t read_all(const uint8_t *data, size_t size, size_t tail, mt_code *code)
{
    fuzz_input input;
    uint64_t sum = 0, total = 0;
    const char *at;
    size_t n = 0, consumed = 0;
    bool last = false;
    fuzz_open(&input, data, size);
    *code = input.bytes == NULL ? input.cx.code : MT_OK;
    while (*code == MT_OK && !last && total < BYTES_MAX) {
        *code = mt_bytes_next(&input.cx, input.bytes, consumed, &at, &n, &last);
        fuzz_check(&input, *code);
        if (*code != MT_OK) break;
        consumed = last || n <= tail ? n : n - tail;
        for (size_t k = 0; k < consumed; k++) sum = sum * 1099511628211u + (uint8_t)at[k];
        for (size_t k = 0; k < MT_BYTES_PAD; k++) sum += (uint64_t)(at[n + k] & 0); /* readable */
        total += consumed;
    }
    fuzz_close(&input);
    if (total >= BYTES_MAX) *code = MT_E_TOO_LARGE; /* of a bomb, enough is seen */
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_code code, again;
    uint64_t sum = read_all(data, size, 0, &code);
    uint64_t with_tail = read_all(data, size, size > 0 ? data[0] * 64u : 0, &again);
    if (code == MT_E_TOO_LARGE || again == MT_E_TOO_LARGE) return 0;
    DEMAND(code == again && (code != MT_OK || sum == with_tail));
    return 0;
}
