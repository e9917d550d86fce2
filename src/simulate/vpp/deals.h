/* Trades around a simulated portfolio: its own, sold against its forecast, and those of the whole exchange.
 *
 * Units     As in terms/trade.h. Own volumes stand on a grid of 0.05 MWh, public ones of 0.1 MW.
 * Shapes    Own trades deliver from 00:00 UTC of the day to the end of the local day (88 quarters in summer):
 *           hours and quarters, about three of five hourly, each product at least once, all sales but for the
 *           trap mixed_sides, ascending by execution. Public trades cover every hour and quarter of the local
 *           day, both sides; they come in batches, ascending by execution, however many they are.
 * Ownership Own trades live in cx. A batch and its ids are overwritten by the next.
 * Cost      About 50 ns a public trade.
 */
#ifndef MT_SIMULATE_VPP_DEALS_H
#define MT_SIMULATE_VPP_DEALS_H

#include "simulate/vpp/prices.h"

MT_BEGIN_DECLS

enum { MT_SIM_DEALS_BATCH = 512, MT_SIM_DEALS_PRODUCTS = 125, MT_SIM_DEAL_ID = 24 };

/* sold_kw: mean power that the portfolio sells, by quarter of the local day. */
MT_API MT_MUST_USE mt_code mt_sim_own_deals(mt_ctx *cx, mt_trade **out, size_t *n,
                                            const mt_sim_prices *prices, mt_day day, const double *sold_kw);

typedef struct mt_sim_product {
    mt_time start, end;
    double price_eur_mwh, shift_eur_mwh;
} mt_sim_product;

typedef struct mt_sim_public_deals {
    const mt_sim_prices *prices;
    mt_day day;
    mt_sim_product product[MT_SIM_DEALS_PRODUCTS]; /* by start, then length */
    size_t n_products;
    int64_t done, count;
    mt_time opens, closes;
    mt_rng rng;
    mt_trade trade[MT_SIM_DEALS_BATCH];
    char id[MT_SIM_DEALS_BATCH][MT_SIM_DEAL_ID];
} mt_sim_public_deals;

MT_API MT_MUST_USE mt_code mt_sim_public_deals_new(mt_ctx *cx, mt_sim_public_deals **out,
                                                   const mt_sim_prices *prices, mt_day day);
MT_API size_t mt_sim_public_deals_next(mt_sim_public_deals *deals); /* trades in the batch; 0 at the end */

MT_END_DECLS
#endif
