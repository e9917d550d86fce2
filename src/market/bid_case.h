/* What the tests of clearing share: a bid in a word.
 *
 * Purpose   Included by tests only.
 * Example   const mt_bid book[] = {SELL(10, 5 * MWH), BUY(20, 5 * MWH)};
 */
#ifndef MT_MARKET_BID_CASE_H
#define MT_MARKET_BID_CASE_H

#include "market/clearing.h"

#define SELL(price, wh)                                                                                      \
    {                                                                                                        \
        (price), MT_SELL, (wh)                                                                               \
    }
#define BUY(price, wh)                                                                                       \
    {                                                                                                        \
        (price), MT_BUY, (wh)                                                                                \
    }

#endif
