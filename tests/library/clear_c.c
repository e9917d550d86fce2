/* Clears a small auction with the installed library: what an embedder's first program looks like. */
#include <inttypes.h>
#include <stdio.h>

#include <market/clearing.h>

enum { MWH = 1000000 }; /* Wh */

int main(void)
{
    static const mt_bid bids[] = {
        {.tick = 2000, .side = MT_SELL, .volume = 100 * MWH}, /* 20.00 EUR/MWh */
        {.tick = 4000, .side = MT_SELL, .volume = 100 * MWH},
        {.tick = 6000, .side = MT_BUY, .volume = 150 * MWH},
        {.tick = 3000, .side = MT_BUY, .volume = 100 * MWH},
    };
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_clearing result;
    mt_code code = mt_clear(&cx, &result, bids, sizeof bids / sizeof *bids, &rule);
    if (code == MT_OK)
        printf("%s %.2f EUR/MWh, %" PRId64 " MWh\n", mt_clear_status_name(result.status),
               mt_tick_money(result.price, rule.tick_micro), result.volume / MWH);
    else
        fprintf(stderr, "%s\n", cx.err);
    mt_ctx_close(&cx);
    return mt_code_exit(code);
}
