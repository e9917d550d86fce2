/* The market premium of a plant and the periods in which negative prices suspend it.
 *
 * Purpose   What the grid operator adds to the market's price: the value applied less the technology's
 *           market value, of the month for plants commissioned before 2023, else of the year.
 * Units     micro-ct/kWh as laws and publications have it; mt_premium_at in micro-EUR/MWh.
 * Time      Months, years and the year of a suspension rule are those of the local delivery day.
 * Missing   MT_MICRO_NONE where the value applied, the market value, the commissioning day or the
 *           day-ahead price that the plant's suspension rule asks for is not known.
 * Cost      O(market values); a negative quarter O(length of its run of negative hours).
 * Source    EEG 2023 Annex 1 no. 3 and 4 (premium); sec. 51 EEG of the year of commissioning, sec. 100(45)
 *           (an hour is negative when the mean of its quarters is). See docs/guides/vpp.md.
 * Example   merit vpp curtail --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_SCHEME_PREMIUM_H
#define MT_VPP_SCHEME_PREMIUM_H

#include "vpp/desk.h"

MT_BEGIN_DECLS

/* max(0, applied - market value), micro-ct/kWh. */
MT_API mt_micro mt_market_premium(mt_micro applied_ct_kwh, mt_micro market_value_ct_kwh);

/* Of the day's month or its year, micro-ct/kWh; MT_MICRO_NONE when it was not delivered. */
MT_API mt_micro mt_desk_market_value(const mt_desk *desk, mt_technology technology, mt_day day, bool of_year);

/* True: the quarter lies in a period whose negative day-ahead prices suspend the premium of a plant
 * commissioned on that day. Runs are counted beyond the desk's days where prices beside them were delivered;
 * an hour that lacks a quarter's price is not negative. MT_DAY_NONE: false. */
MT_API bool mt_negative_period(const mt_desk *desk, mt_day commissioned, size_t quarter);

/* The premium of the asset in that quarter by its contract, micro-EUR/MWh; 0 in suspended periods. */
MT_API mt_micro mt_premium_at(const mt_desk *desk, const mt_desk_asset *asset, const mt_contract *contract,
                              size_t quarter);

/* What is missing to tell that premium, as people say it; NULL: nothing. */
MT_API const char *mt_premium_lack(const mt_desk *desk, const mt_desk_asset *asset,
                                   const mt_contract *contract, size_t quarter);

/* ct/kWh to EUR/MWh. */
MT_API mt_micro mt_eur_mwh_of_ct_kwh(mt_micro value_ct_kwh);

MT_END_DECLS
#endif
