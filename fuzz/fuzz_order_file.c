/* Fuzzer of order files: no bytes make the reader fail but in a sentence, values stay in their bounds, and
 * the fast ways say what the careful one says.
 *
 * Shapes    Any bytes.
 */
#include "fuzz_input.h"

#include "formats/order_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    mt_code code;
    uint64_t rows, bad, lines, sum;
    char decimal;
};

static void mix(uint64_t *sum, uint64_t value)
{
    *sum = (*sum ^ value) * 1099511628211u + (*sum >> 29);
}

static void check_row(const mt_order_batch *batch, size_t k)
{
    mt_micro price = batch->price[k];
    int64_t volume = batch->volume[k];
    DEMAND(batch->side[k] <= MT_SIDE_NONE);
    DEMAND(price == MT_MICRO_NONE || (price >= -MT_PRICE_BOUND_MICRO && price <= MT_PRICE_BOUND_MICRO));
    DEMAND(volume == MT_MICRO_NONE || (volume >= 0 && volume <= MT_VOLUME_BOUND_WH));
}

static void take_batch(struct reading *reading, const mt_order_batch *batch)
{
    DEMAND(batch->n <= MT_ORDER_BATCH_ROWS && batch->n_bad <= batch->n);
    for (size_t k = 0; k < batch->n; k++) {
        check_row(batch, k);
        mix(&reading->sum, (uint64_t)batch->time[k]);
        mix(&reading->sum, (uint64_t)batch->price[k]);
        mix(&reading->sum, (uint64_t)batch->volume[k]);
        mix(&reading->sum, batch->side[k]);
    }
    for (size_t k = 0; k < batch->n_bad; k++) {
        const mt_order_bad *bad = &batch->bad[k];
        DEMAND(bad->row < batch->n && bad->fault > MT_FAULT_NONE && bad->fault < MT_ORDER_FAULT_COUNT);
        DEMAND(bad->raw.length <= 4096 && (k == 0 || batch->bad[k - 1].row < bad->row));
        mix(&reading->sum, bad->line);
        mix(&reading->sum, (uint64_t)bad->fault);
        for (size_t c = 0; c < bad->raw.length; c++) mix(&reading->sum, (uint8_t)bad->raw.at[c]);
    }
}

static struct reading read_orders(const uint8_t *data, size_t size, bool careful, bool portable)
{
    struct reading reading = {0};
    fuzz_input input;
    mt_order_file *file = NULL;
    mt_order_batch batch = {0};
    mt_order_file_options options = {.size = sizeof options, .careful = careful, .portable = portable};
    fuzz_open(&input, data, size);
    reading.code =
        input.bytes == NULL ? input.cx.code : mt_order_file_open(&input.cx, &file, input.bytes, &options);
    while (reading.code == MT_OK) {
        reading.code = mt_order_file_next(&input.cx, file, &batch);
        if (reading.code != MT_OK || batch.n == 0) break;
        take_batch(&reading, &batch);
    }
    fuzz_check(&input, reading.code);
    if (file != NULL) {
        const mt_order_file_facts *facts = mt_order_file_about(file);
        reading.rows = facts->rows;
        reading.bad = facts->bad;
        reading.lines = facts->lines;
        reading.decimal = facts->decimal;
    }
    fuzz_close(&input);
    return reading;
}

static void demand_same(struct reading a, struct reading b)
{
    DEMAND(a.code == b.code && a.rows == b.rows && a.bad == b.bad && a.lines == b.lines &&
           a.decimal == b.decimal);
    DEMAND(a.code != MT_OK || a.sum == b.sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reading careful = read_orders(data, size, true, false);
    demand_same(careful, read_orders(data, size, false, false));
    demand_same(careful, read_orders(data, size, false, true));
    return 0;
}
