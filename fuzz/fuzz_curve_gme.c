/* Fuzzer of GME's curve files, see fuzz_curve.h. */
#include "fuzz_curve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_curve(MT_GME, "NORD", data, size);
    return 0;
}
