/* Fuzzer of trade files and of recognising files: trades are whole and in their bounds, or the row is a
 * fault.
 *
 * Shapes    Any bytes. The size chooses the unit of volumes.
 */
#include "fuzz_input.h"

#include "formats/detect.h"
#include "formats/trade_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_trade(const mt_trade *trade)
{
    DEMAND(trade->delivery_start != MT_TIME_NONE && trade->delivery_end > trade->delivery_start);
    DEMAND(trade->price >= -MT_PRICE_BOUND_MICRO && trade->price <= MT_PRICE_BOUND_MICRO);
    DEMAND(trade->energy_wh >= 0 && trade->energy_wh <= MT_VOLUME_BOUND_WH);
    DEMAND(trade->id == NULL || (strlen(trade->id) > 0 && strlen(trade->id) <= MT_TRADE_ID_MAX) ||
           *trade->id == '\0');
}

static mt_code read_trades(fuzz_input *input, size_t size)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    mt_trade_file_options options = {.size = sizeof options,
                                     .unit = (mt_volume_unit)(size % 3),
                                     .has_default_offset = size % 2 == 0,
                                     .default_offset_s = 3600};
    MT_TRY(mt_trade_file_open(&input->cx, &file, input->bytes, &options));
    do {
        MT_TRY(mt_trade_file_next(&input->cx, file, &batch));
        for (size_t k = 0; k < batch.n; k++) check_trade(&batch.trade[k]);
        for (size_t k = 0; k < batch.n_bad; k++) DEMAND(batch.bad[k].row <= batch.n);
    } while (batch.n > 0 || batch.n_bad > 0);
    return MT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input;
    mt_form form;
    fuzz_open(&input, data, size);
    if (input.bytes != NULL) {
        fuzz_check(&input, mt_form_detect(&input.cx, &form, input.bytes));
        mt_ctx_forgive(&input.cx);
        fuzz_check(&input, read_trades(&input, size));
    }
    fuzz_close(&input);
    return 0;
}
