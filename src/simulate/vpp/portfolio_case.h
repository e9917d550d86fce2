/* What the tests of the simulated portfolio share: a rule with the German clock, and what is made from it.
 *
 * Purpose   Included by tests only, after cmocka.h.
 */
#ifndef MT_SIMULATE_VPP_PORTFOLIO_CASE_H
#define MT_SIMULATE_VPP_PORTFOLIO_CASE_H

#include "base/ctx_case.h"
#include "simulate/vpp/portfolio.h"

static inline mt_sim_vpp_rule rule_case(mt_ctx *cx, const char *day, const char *traps)
{
    mt_sim_vpp_rule rule = mt_sim_vpp_rule_default();
    rule.market.clock = case_zone(cx, "Europe/Berlin");
    assert_true(mt_day_parse(day, strlen(day), &rule.market.first_day));
    assert_int_equal(mt_sim_traps_read(cx, &rule.traps, traps), MT_OK);
    assert_int_equal(mt_sim_vpp_rule_check(cx, &rule), MT_OK);
    return rule;
}

static inline const mt_sim_asset *asset_case(const mt_sim_portfolio *portfolio, const char *asset_id)
{
    for (size_t k = 0; k < portfolio->n; k++) {
        if (!strcmp(portfolio->asset[k].plant.asset_id, asset_id)) return &portfolio->asset[k];
    }
    fail_msg("%s is not in the portfolio", asset_id);
    return NULL;
}

#endif
