/* Trade confirmations from outside: refused in a sentence, or a trade that is the same when it is told again
 * in its own words. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/trades/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int holds)
{
    if (!holds) abort();
}

static void tell_again(mt_ctx *cx, const mt_stored_trade *trade, const mt_zone *zone)
{
    char price[32], quantity[32], day[MT_TIME_TEXT_MAX], executed[MT_TIME_TEXT_MAX];
    mt_stored_trade again;
    const char *fault;
    snprintf(price, sizeof price, "%" PRId64, trade->price_cent);
    snprintf(quantity, sizeof quantity, "%" PRId64, trade->quantity_mw);
    mt_day_text(trade->delivery_day, day);
    mt_time_text(trade->execution_time, executed);
    const mt_text field[MT_ENTRY_FIELDS] = {
        mt_text_of(trade->id),        mt_text_of(price),
        mt_text_of(quantity),         mt_text_of(trade->direction),
        mt_text_of(day),              mt_text_of(trade->delivery_hour),
        mt_text_of(trade->trader_id), mt_text_of(executed),
        mt_text_of(trade->strategy ? trade->strategy : "")};
    demand(mt_entry_read(cx, &again, &fault, field, zone) == MT_OK && !fault);
    demand(mt_stored_trade_same(trade, &again) && again.delivery_start == trade->delivery_start);
    demand(trade->delivery_end - trade->delivery_start == MT_US_HOUR && trade->quantity_mw > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    const mt_zone *zone;
    mt_stored_trade trade;
    const char *fault = NULL;
    if (size > 1 << 16) return 0;
    mt_ctx_init(&cx, NULL);
    demand(mt_zone_read(&cx, &zone, "Europe/Berlin", NULL) == MT_OK);
    demand(mt_entry_confirmation(&cx, &trade, &fault, (mt_text){(const char *)data, size}, zone) == MT_OK);
    if (fault) demand(*fault != 0);
    else tell_again(&cx, &trade, zone);
    mt_ctx_close(&cx);
    return 0;
}
