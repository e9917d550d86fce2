/* What the tests of reports share: a portfolio of three plants over some days, with what is missing in it.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Ownership Everything lives in the context.
 */
#ifndef MT_OPS_VPP_RENDER_REPORT_CASE_H
#define MT_OPS_VPP_RENDER_REPORT_CASE_H

#include <math.h>

#include "base/ctx_case.h"
#include "ops/vpp/render/report_view.h"

static inline mt_report_row row_case(const char *asset, int64_t scale)
{
    return (mt_report_row){.asset_id = asset,
                           .capacity_w = scale * 1500000,
                           .energy_wh = scale * 8123456,
                           .capacity_factor = 0.2256,
                           .capture_price = 61234567,
                           .base_price = 70000000,
                           .capture_rate = 0.8748,
                           .revenue_ueur = scale * 497446345,
                           .trading_ueur = scale * 512000000,
                           .payout_ueur = scale * 471234567,
                           .fee_ueur = scale * 20308640,
                           .imbalance_wh = -scale * 250000,
                           .imbalance_ueur = -scale * 31415926,
                           .penalty_ueur = scale * 45000000,
                           .lost_wh = scale * 1250000,
                           .redispatch_ueur = scale * 87500000,
                           .margin_ueur = scale * 46521778,
                           .availability = 0.985,
                           .mae_kw = 112.5,
                           .bias_kw = -14.2,
                           .nmae = 0.075,
                           .share_of = {[MT_INFEED_METER] = 0.9, [MT_INFEED_LIVE] = 0.1}};
}

static inline mt_report_input report_case(mt_ctx *cx, mt_language language, size_t days)
{
    mt_report_row *row = NULL;
    mt_infeed_sum *infeed = NULL;
    mt_micro *price = NULL;
    mt_imbalance_quarter *imbalance = NULL;
    size_t n = days * 96;
    assert_int_equal(MT_NEW(cx, &row, 4), MT_OK);
    assert_int_equal(MT_NEW(cx, &infeed, n), MT_OK);
    assert_int_equal(MT_NEW(cx, &price, n), MT_OK);
    assert_int_equal(MT_NEW(cx, &imbalance, n), MT_OK);
    row[0] = row_case(NULL, 3); /* the portfolio may come anywhere */
    row[1] = row_case("solar_alpha", 1);
    row[2] = row_case("wind_bravo", 2);
    row[3] = row_case("wind_<new>", 1);
    row[3].energy_wh = row[3].payout_ueur = row[3].fee_ueur = row[3].margin_ueur = INT64_MIN;
    row[3].mae_kw = row[3].bias_kw = row[3].nmae = row[3].capacity_factor = NAN;
    for (size_t k = 0; k < n; k++) {
        double sun = fmax(0, sin(((double)(k % 96) - 24) / 48 * 3.14159));
        infeed[k].wh_of[MT_INFEED_METER] = (int64_t)(200000 + 900000 * sun);
        infeed[k].wh_of[MT_INFEED_LIVE] = k % 7 == 0 ? 0 : (int64_t)(120000 * (1 + sin((double)k / 31)));
        infeed[k].wh = infeed[k].wh_of[MT_INFEED_METER] + infeed[k].wh_of[MT_INFEED_LIVE];
        price[k] = k % 96 == 50 ? MT_MICRO_NONE : (mt_micro)(1e6 * (90 - 110 * sun + (double)(k % 5)));
        imbalance[k].imbalance_wh = (int64_t)(150000 * sin((double)k / 9));
    }
    return (mt_report_input){.size = sizeof(mt_report_input),
                             .language = language,
                             .created = MT_TIME_NONE,
                             .first = mt_day_of(2025, 6, 8),
                             .last = mt_day_of(2025, 6, 7) + (mt_day)days,
                             .issuer = "Merit Handels AG",
                             .row = row,
                             .n = 4,
                             .grid = {case_at("2025-06-07T22:00:00Z"), 15 * MT_US_MINUTE, n},
                             .zone = case_zone(cx, "Europe/Berlin"),
                             .infeed = infeed,
                             .price = price,
                             .imbalance = imbalance};
}

#endif
