/* Which rows of a demo file are written wrongly, and how. */
#include "simulate/flaw.h"

static const struct flaw {
    const char *name;
    mt_sim_field_name field;
    const char *text[2];
    int weight;
    bool harmless;
} flaw_row[] = {
#define FLAW_ROW(symbol, name, field, sell, buy, weight, harmless)                                           \
    {name, field, {sell, buy}, weight, harmless},
    MT_SIM_FLAW_LIST(FLAW_ROW)
#undef FLAW_ROW
};

enum { WEIGHT_TOTAL = 100 };

#define FLAW_WEIGHT(symbol, name, field, sell, buy, weight, harmless) +(weight)
_Static_assert(0 MT_SIM_FLAW_LIST(FLAW_WEIGHT) == WEIGHT_TOTAL, "weights are percent");
#undef FLAW_WEIGHT

mt_sim_flaw mt_sim_flaw_at(const mt_sim_rule *rule, uint64_t row)
{
    if (rule->flaw_share <= 0.0) return MT_SIM_FLAW_NONE;
    uint64_t key = rule->seed ^ mt_rng_at(MT_SIM_SERIES_FLAW, rule->area);
    if (mt_rng_unit(mt_rng_at(key, 2 * row)) >= rule->flaw_share) return MT_SIM_FLAW_NONE;
    int left = (int)(mt_rng_at(key, 2 * row + 1) % WEIGHT_TOTAL);
    int kind = MT_SIM_FLAW_NONE;
    while ((left -= flaw_row[kind].weight) >= 0) kind++;
    return (mt_sim_flaw)kind;
}

const char *mt_sim_flaw_name(mt_sim_flaw flaw)
{
    return flaw_row[flaw].name;
}

mt_sim_field_name mt_sim_flaw_field(mt_sim_flaw flaw)
{
    return flaw_row[flaw].field;
}

const char *mt_sim_flaw_text(mt_sim_flaw flaw, mt_side side)
{
    return flaw_row[flaw].text[side == MT_BUY];
}

bool mt_sim_flaw_harmless(mt_sim_flaw flaw)
{
    return flaw_row[flaw].harmless;
}
