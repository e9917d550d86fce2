/* Which rows of a demo file are written wrongly, and how.
 *
 * Purpose   Real order files carry blanks, odd cases and words where numbers belong; a demo without them
 *           would show no quarantine at work. The rows themselves stay right: a flaw tells the writer which
 *           field to write otherwise.
 * Shapes    Row numbers count the orders of one rule's source from 0. A share `flaw_share` of the rows is
 *           flawed; a quarter of these are harmless (another spelling of the same value), the rest belong
 *           into quarantine.
 * Time      Depends on seed, area and row number only.
 * Example   mt_sim_flaw flaw = mt_sim_flaw_at(&rule, row);
 *           if (mt_sim_flaw_field(flaw) == MT_SIM_FIELD_SIDE) side_text = mt_sim_flaw_text(flaw, side);
 */
#ifndef MT_SIMULATE_FLAW_H
#define MT_SIMULATE_FLAW_H

#include "simulate/rule.h"
#include "terms/order.h"

MT_BEGIN_DECLS

typedef enum mt_sim_field_name {
    MT_SIM_FIELD_NONE,
    MT_SIM_FIELD_TIME,
    MT_SIM_FIELD_SIDE,
    MT_SIM_FIELD_PRICE,
    MT_SIM_FIELD_VOLUME
} mt_sim_field_name;

/* X(symbol, name, field, text for a sell, text for a buy, weight, harmless) */
/* clang-format off */
#define MT_SIM_FLAW_LIST(X)                                                                              \
    X(MT_SIM_FLAW_NONE,          "none",          MT_SIM_FIELD_NONE,   "",       "",         0, 1)  \
    X(MT_SIM_FLAW_SIDE_CAPITALS, "side_capitals", MT_SIM_FIELD_SIDE,   "SELL",   "BUY",     10, 1)  \
    X(MT_SIM_FLAW_SIDE_TITLE,    "side_title",    MT_SIM_FIELD_SIDE,   "Sell",   "Buy",     10, 1)  \
    X(MT_SIM_FLAW_SIDE_WORD,     "side_word",     MT_SIM_FIELD_SIDE,   "sale",   "purchase", 5, 1)  \
    X(MT_SIM_FLAW_PRICE_BLANK,   "price_blank",   MT_SIM_FIELD_PRICE,  "",       "",        30, 0)  \
    X(MT_SIM_FLAW_VOLUME_BLANK,  "volume_blank",  MT_SIM_FIELD_VOLUME, "",       "",        30, 0)  \
    X(MT_SIM_FLAW_PRICE_WORD,    "price_word",    MT_SIM_FIELD_PRICE,  "n/a",    "n/a",      4, 0)  \
    X(MT_SIM_FLAW_VOLUME_MINUS,  "volume_minus",  MT_SIM_FIELD_VOLUME, "-25.0",  "-25.0",    4, 0)  \
    X(MT_SIM_FLAW_SIDE_BLANK,    "side_blank",    MT_SIM_FIELD_SIDE,   "",       "",         3, 0)  \
    X(MT_SIM_FLAW_SIDE_UNKNOWN,  "side_unknown",  MT_SIM_FIELD_SIDE,   "hold",   "hold",     2, 0)  \
    X(MT_SIM_FLAW_TIME_BLANK,    "time_blank",    MT_SIM_FIELD_TIME,   "",       "",         2, 0)
/* clang-format on */

#define MT_SIM_FLAW_SYMBOL(symbol, name, field, sell, buy, weight, harmless) symbol,
typedef enum mt_sim_flaw { MT_SIM_FLAW_LIST(MT_SIM_FLAW_SYMBOL) MT_SIM_FLAW_COUNT } mt_sim_flaw;
#undef MT_SIM_FLAW_SYMBOL

MT_API mt_sim_flaw mt_sim_flaw_at(const mt_sim_rule *rule, uint64_t row);
MT_API const char *mt_sim_flaw_name(mt_sim_flaw flaw);
MT_API mt_sim_field_name mt_sim_flaw_field(mt_sim_flaw flaw);        /* the field that is written otherwise */
MT_API const char *mt_sim_flaw_text(mt_sim_flaw flaw, mt_side side); /* what stands there instead */
MT_API bool mt_sim_flaw_harmless(mt_sim_flaw flaw);                  /* a reader gets the same order anyway */

MT_END_DECLS
#endif
