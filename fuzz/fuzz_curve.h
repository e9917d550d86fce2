/* What the fuzzers of curve files share: a file is read to its end, or refused in a sentence.
 *
 * Shapes    Any bytes. The size chooses among options: offered or matched, with an area or without.
 */
#ifndef MT_FUZZ_CURVE_H
#define MT_FUZZ_CURVE_H

#include "fuzz_input.h"

#include "formats/curve_file.h"

static inline void fuzz_check_batch(const mt_order_batch *batch)
{
    DEMAND(batch->n <= MT_ORDER_BATCH_ROWS && batch->n_bad <= batch->n);
    size_t bad = 0;
    for (size_t k = 0; k < batch->n; k++) {
        bool faulty = bad < batch->n_bad && batch->bad[bad].row == k;
        bad += faulty;
        if (faulty) continue;
        DEMAND(batch->time[k] != MT_TIME_NONE && batch->price[k] != MT_MICRO_NONE);
        DEMAND(batch->volume[k] > 0 && batch->volume[k] <= MT_VOLUME_BOUND_WH &&
               batch->side[k] < MT_SIDE_NONE);
    }
    DEMAND(bad == batch->n_bad);
}

static inline void fuzz_curve(mt_exchange exchange, const char *area, const uint8_t *data, size_t size)
{
    fuzz_input input;
    mt_curve_file *file;
    mt_order_batch batch = {.n = 1};
    mt_curve_options options = {.size = sizeof options,
                                .curve = size % 2 ? MT_CURVE_OFFERED : MT_CURVE_MATCHED,
                                .area = size % 4 < 2 ? NULL : area};
    fuzz_open(&input, data, size);
    if (input.bytes != NULL) {
        mt_code code = mt_curve_file_open(&input.cx, &file, input.bytes, exchange, &options);
        while (code == MT_OK && batch.n > 0) {
            code = mt_curve_file_next(&input.cx, file, &batch);
            if (code == MT_OK) fuzz_check_batch(&batch);
        }
        fuzz_check(&input, code);
    }
    fuzz_close(&input);
}

#endif
