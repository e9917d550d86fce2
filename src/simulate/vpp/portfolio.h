/* The plants, contracts and parties of a simulated portfolio.
 *
 * Purpose   Who is in it, how each plant stands to sun and wind, and what its files leave out or get wrong.
 * Shapes    The first five plants are those of the sample day (SOL-DE-001 … WND-DE-003); more follow by
 *           turns of technology; plants that a trap needs come last, with numbers from 9901 on.
 * Ownership A portfolio and its texts live in cx.
 */
#ifndef MT_SIMULATE_VPP_PORTFOLIO_H
#define MT_SIMULATE_VPP_PORTFOLIO_H

#include "simulate/vpp/portfolio_rule.h"
#include "terms/vpp/contract.h"
#include "terms/vpp/party.h"

MT_BEGIN_DECLS

typedef struct mt_sim_asset {
    mt_plant plant;
    const char *metering_point_id;
    const char *short_name; /* of its live files: "SOL02" */
    size_t index;           /* in the portfolio */
    uint64_t key;           /* of its chance: the same in every portfolio */
    size_t trapped;         /* row of the table of traps + 1; 0: a regular plant */
    uint64_t traps;         /* those its own files hold */
    double site;            /* factor on wind speed or sunshine */
    double horizon;         /* sine of the sun's height below which hills shade it */
    int drift_quarters;     /* how much later than at the middle of the area its weather comes */
    int missing_minutes;    /* of live points, each day */
    int negative_points;    /* live readings below zero of a full day; -1: at night only */
    double peak_kw;         /* the day's highest reading; 0: as it comes */
    bool entity_key;        /* its live files say entity_id */
    bool rests_at_night;    /* for the bats: stands still from 00:15 to 02:00 UTC */
    bool live, metered, forecast;
} mt_sim_asset;

typedef struct mt_sim_portfolio {
    const mt_sim_vpp_rule *rule;
    mt_sim_asset *asset;
    size_t n;
} mt_sim_portfolio;

MT_API MT_MUST_USE mt_code mt_sim_portfolio_new(mt_ctx *cx, mt_sim_portfolio *out,
                                                const mt_sim_vpp_rule *rule);

/* The contract file of a day: those of plants that were signed by then. The last Sunday up to the first day
 * has the present one; a week earlier it is the same, two weeks earlier SOL-DE-002 is not in it. */
MT_API MT_MUST_USE mt_code mt_sim_contracts(mt_ctx *cx, mt_contract **out, size_t *n,
                                            const mt_sim_portfolio *portfolio, mt_day published);

/* The data sheets of a day: WND-DE-003 comes a week before the last Sunday. */
MT_API MT_MUST_USE mt_code mt_sim_sheets(mt_ctx *cx, mt_plant **out, size_t *n,
                                         const mt_sim_portfolio *portfolio, mt_day published);

/* The issuer first, then the owners; the grid operator too, as "grid_operator". All are invented; check
 * digits are right. */
MT_API MT_MUST_USE mt_code mt_sim_parties(mt_ctx *cx, mt_party **out, size_t *n,
                                          const mt_sim_portfolio *portfolio);

MT_API mt_day mt_sim_last_sunday(const mt_sim_vpp_rule *rule); /* not after the first day */

MT_END_DECLS
#endif
