// Clears the same auction from C++17, and shows that a failure comes with its sentence.
#include <cstdio>
#include <vector>

#include <market/clearing.h>

int main()
{
    constexpr int64_t mwh = 1000000; // Wh
    std::vector<mt_bid> bids = {{2000, MT_SELL, 100 * mwh}, {4000, MT_SELL, 100 * mwh},
                                {6000, MT_BUY, 150 * mwh}, {3000, MT_BUY, 100 * mwh}};
    mt_ctx cx;
    mt_ctx_init(&cx, nullptr);
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_clearing result;
    mt_code code = mt_clear(&cx, &result, bids.data(), bids.size(), &rule);
    if (code == MT_OK)
        std::printf("%s %.2f EUR/MWh, %lld MWh\n", mt_clear_status_name(result.status),
                    mt_tick_money(result.price, rule.tick_micro), static_cast<long long>(result.volume / mwh));
    bids[0].volume = -1;
    mt_code refused = mt_clear(&cx, &result, bids.data(), bids.size(), &rule);
    std::printf("%s%s\n", mt_code_name(refused), cx.err[0] != '\0' ? ", with a sentence" : "");
    mt_ctx_close(&cx);
    return mt_code_exit(code);
}
