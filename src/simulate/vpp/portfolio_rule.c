/* Ranges of a portfolio's rule, the names of traps, and one stream of chance a subject. */
#include "simulate/vpp/portfolio_rule.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#define TRAP_NAME(symbol, name, meaning)    name,
#define TRAP_MEANING(symbol, name, meaning) meaning,
static const char *const trap_name[] = {MT_SIM_TRAP_LIST(TRAP_NAME)};
static const char *const trap_meaning[] = {MT_SIM_TRAP_LIST(TRAP_MEANING)};

static const uint64_t portfolio_key = 0x706f7274666f6c69; /* apart from every stream of the market */

const char *mt_sim_trap_name(mt_sim_trap trap)
{
    return trap_name[trap];
}

const char *mt_sim_trap_meaning(mt_sim_trap trap)
{
    return trap_meaning[trap];
}

static mt_code read_trap(mt_ctx *cx, uint64_t *traps, mt_text name)
{
    const char *word;
    for (int k = 0; k < MT_SIM_TRAPS; k++) {
        if (mt_text_equal(name, trap_name[k])) return *traps |= UINT64_C(1) << k, MT_OK;
    }
    MT_TRY(mt_text_copy(cx, &word, name));
    int near = mt_text_nearest(word, trap_name, MT_SIM_TRAPS);
    return mt_fail(
        cx, MT_E_INPUT, "traps: \"%s\" is none; %s%s%sknown are all, none and those of the reference", word,
        near >= 0 ? "did you mean \"" : "", near >= 0 ? trap_name[near] : "", near >= 0 ? "\"? " : "");
}

mt_code mt_sim_traps_read(mt_ctx *cx, uint64_t *out, const char *text)
{
    uint64_t traps = 0;
    if (!strcmp(text, "all")) return *out = (UINT64_C(1) << MT_SIM_TRAPS) - 1, MT_OK;
    if (!strcmp(text, "none")) return *out = 0, MT_OK;
    for (const char *at = text; at;) {
        const char *comma = strchr(at, ',');
        size_t length = comma ? (size_t)(comma - at) : strlen(at);
        MT_TRY(read_trap(cx, &traps, mt_text_trim((mt_text){at, length})));
        at = comma ? comma + 1 : NULL;
    }
    *out = traps;
    return MT_OK;
}

mt_sim_vpp_rule mt_sim_vpp_rule_default(void)
{
    mt_sim_vpp_rule rule = {.size = sizeof rule,
                            .market = mt_sim_rule_default(),
                            .assets = 5,
                            .versions = 96,
                            .own_trades = 3349,
                            .public_trades = 20000};
    rule.market.first_day = mt_day_of(2025, 6, 8);
    rule.market.days = 1;
    rule.market.step = 15 * MT_US_MINUTE;
    return rule;
}

static mt_code check_count(mt_ctx *cx, const char *name, int64_t value, int64_t least, int64_t most)
{
    if (value >= least && value <= most) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "%s is %" PRId64 "; it lies between %" PRId64 " and %" PRId64, name, value,
                   least, most);
}

mt_code mt_sim_vpp_rule_check(mt_ctx *cx, const mt_sim_vpp_rule *rule)
{
    MT_TRY(mt_sim_rule_check(cx, &rule->market));
    MT_TRY(check_count(cx, "days", rule->market.days, 1, 400));
    MT_TRY(check_count(cx, "assets", rule->assets, 5, 10000));
    MT_TRY(check_count(cx, "versions", rule->versions, 1, 96));
    MT_TRY(check_count(cx, "own_trades", rule->own_trades, 125, 10000000));
    return check_count(cx, "public_trades", rule->public_trades, 125, 1000000000);
}

bool mt_sim_trapped(const mt_sim_vpp_rule *rule, mt_sim_trap trap)
{
    return rule->traps >> trap & 1;
}

mt_time mt_sim_vpp_start(const mt_sim_vpp_rule *rule)
{
    return mt_sim_day_start(&rule->market, rule->market.first_day);
}

mt_time mt_sim_vpp_end(const mt_sim_vpp_rule *rule)
{
    return mt_sim_day_start(&rule->market, rule->market.first_day + (mt_day)rule->market.days);
}

mt_rng mt_sim_vpp_stream(const mt_sim_vpp_rule *rule, mt_sim_vpp_series series, uint64_t number, mt_day day)
{
    mt_rng root = mt_rng_new(rule->market.seed ^ portfolio_key);
    mt_rng kind = mt_rng_split(&root, (uint64_t)series);
    mt_rng subject = mt_rng_split(&kind, number);
    return mt_rng_split(&subject, (uint64_t)(int64_t)day);
}
