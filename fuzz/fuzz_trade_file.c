/* Fuzzer of trade files and of recognising files: trades are whole and in their bounds, or the row is a
 * fault.
 *
 * Shapes    Any bytes. The size chooses the unit of volumes. Read in three ways, which must agree.
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

/* What was read, in one number. */
static void add(uint64_t *sum, uint64_t value)
{
    *sum = (*sum ^ value) * 0x9E3779B97F4A7C15u;
    *sum ^= *sum >> 29;
}

static void add_text(uint64_t *sum, const char *text)
{
    add(sum, text != NULL ? strlen(text) : UINT64_MAX);
    for (; text != NULL && *text != '\0'; text++) add(sum, (uint8_t)*text);
}

static void add_trade(uint64_t *sum, const mt_trade *trade)
{
    add(sum, (uint64_t)trade->delivery_start);
    add(sum, (uint64_t)trade->delivery_end);
    add(sum, (uint64_t)trade->execution_time);
    add(sum, (uint64_t)trade->price);
    add(sum, (uint64_t)trade->energy_wh);
    add(sum, trade->side);
    add_text(sum, trade->id);
    add_text(sum, trade->trader);
    add_text(sum, trade->strategy);
}

static mt_code read_trades(mt_ctx *cx, mt_bytes *bytes, mt_trade_file_options options, uint64_t *sum)
{
    mt_trade_file *file;
    mt_trade_batch batch;
    uint64_t row = 0;
    MT_TRY(mt_trade_file_open(cx, &file, bytes, &options));
    do {
        MT_TRY(mt_trade_file_next(cx, file, &batch));
        for (size_t k = 0; k < batch.n; k++) {
            check_trade(&batch.trade[k]);
            add_trade(sum, &batch.trade[k]);
        }
        for (size_t k = 0; k < batch.n_bad; k++) {
            DEMAND(batch.bad[k].row <= batch.n);
            add(sum, row + batch.bad[k].row);
            add(sum, batch.bad[k].line * 64 + batch.bad[k].fault);
        }
        row += batch.n;
    } while (batch.n > 0 || batch.n_bad > 0);
    return MT_OK;
}

/* The fast ways give what the careful one gives. */
static void compare_ways(const uint8_t *data, size_t size)
{
    uint64_t sum[3] = {0, 0, 0};
    for (int way = 0; way < 3; way++) {
        fuzz_input input;
        fuzz_open(&input, data, size);
        mt_trade_file_options options = {.size = sizeof options,
                                         .unit = (mt_volume_unit)(size % 3),
                                         .has_default_offset = size % 2 == 0,
                                         .default_offset_s = 3600,
                                         .careful = way == 0,
                                         .portable = way == 1};
        if (input.bytes != NULL) fuzz_check(&input, read_trades(&input.cx, input.bytes, options, &sum[way]));
        fuzz_close(&input);
    }
    DEMAND(sum[0] == sum[1] && sum[0] == sum[2]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input;
    mt_form form;
    fuzz_open(&input, data, size);
    if (input.bytes != NULL) {
        fuzz_check(&input, mt_form_detect(&input.cx, &form, input.bytes));
        mt_ctx_forgive(&input.cx);
    }
    fuzz_close(&input);
    compare_ways(data, size);
    return 0;
}
