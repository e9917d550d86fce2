/* The rules of the VAT categories: a table says in what they differ, one set of tests asks. */
#include "formats/document/check/rule.h"

#include <string.h>

typedef enum rate_rule { RATE_POSITIVE, RATE_NOT_NEGATIVE, RATE_ZERO, RATE_ABSENT } rate_rule;
typedef enum party_rule {
    NEEDS_SELLER,         /* BT-31, BT-32 or BT-63 */
    NEEDS_SELLER_VAT,     /* BT-31 or BT-63 */
    NEEDS_BOTH,           /* the first and BT-48 or BT-47 */
    NEEDS_BOTH_VAT,       /* the second and BT-48 */
    FORBIDS_VAT_IDENTITY, /* none of BT-31, BT-48, BT-63 */
} party_rule;

typedef struct category {
    const char *code, *prefix, *words;
    rate_rule rate;
    party_rule party;
    bool by_rate;   /* one breakdown for each rate, with VAT; else one breakdown, without */
    bool is_exempt; /* the breakdown says why, and else it must not */
} category;

static const category categories[] = {
    {"S", "BR-S", "standard rate (S)", RATE_POSITIVE, NEEDS_SELLER, true, false},
    {"Z", "BR-Z", "zero rate (Z)", RATE_ZERO, NEEDS_SELLER, false, false},
    {"E", "BR-E", "exempt (E)", RATE_ZERO, NEEDS_SELLER, false, true},
    {"AE", "BR-AE", "reverse charge (AE)", RATE_ZERO, NEEDS_BOTH, false, true},
    {"K", "BR-IC", "intra-community supply (K)", RATE_ZERO, NEEDS_BOTH_VAT, false, true},
    {"G", "BR-G", "export (G)", RATE_ZERO, NEEDS_SELLER_VAT, false, true},
    {"O", "BR-O", "outside of the VAT (O)", RATE_ABSENT, FORBIDS_VAT_IDENTITY, false, true},
    {"L", "BR-AF", "IGIC of the Canary Islands (L)", RATE_NOT_NEGATIVE, NEEDS_SELLER, true, false},
    {"M", "BR-AG", "IPSI of Ceuta and Melilla (M)", RATE_NOT_NEGATIVE, NEEDS_SELLER, true, false},
};

enum { CATEGORIES = sizeof categories / sizeof *categories, COMMON = 10, ONLY_IC = 2, ONLY_O = 4 };

/* Where a category is used, and the terms of it there. */
typedef struct usage {
    mt_place place;
    mt_term category, any_category, rate, amount;
    int sign; /* in the taxable amount */
    const char *words;
} usage;

static const usage usages[] = {
    {P_LINE, T_LINE_CATEGORY, T_LINE_ANY_CATEGORY, T_LINE_RATE, T_LINE_NET, 1, "a line"},
    {P_ALLOWANCE, T_AC_CATEGORY, T_AC_ANY_CATEGORY, T_AC_RATE, T_AMOUNT, -1, "an allowance"},
    {P_CHARGE, T_AC_CATEGORY, T_AC_ANY_CATEGORY, T_AC_RATE, T_AMOUNT, 1, "a charge"},
};

enum { USAGES = sizeof usages / sizeof *usages };

static bool has_code(const mt_model *model, const mt_tree_node *at, mt_term term, const char *code)
{
    return mt_model_is(model, at, term, code);
}

static size_t count(const mt_model *model, mt_place place, mt_term term, const char *code)
{
    size_t n = 0;
    for (size_t k = 0; k < model->place[place].n; k++)
        n += has_code(model, model->place[place].at[k], term, code) ? 1 : 0;
    return n;
}

/* A finding of rule "prefix-number"; the sentence is complete. */
static mt_code tell(mt_check *check, const category *of, int number, mt_rule_case *at, const char *sentence)
{
    mt_rule rule = {.severity = MT_ERROR, .sentence = sentence};
    MT_TRY(mt_text_format(check->cx, &rule.id, "%s-%02d", of->prefix, number));
    MT_TRY(mt_text_format(check->cx, &rule.sentence, "VAT category %s: %s", of->words, sentence));
    at->rule = &rule;
    mt_code code = mt_check_add(check, at);
    at->rule = NULL;
    return code;
}

static mt_rule_case at_node(const mt_check *check, const mt_tree_node *node)
{
    return (mt_rule_case){.check = check, .model = check->model, .at = node};
}

/* 01: what is used has its breakdown: one for each rate, or exactly one. */
static mt_code check_breakdown(mt_check *check, const category *of)
{
    bool any = of->by_rate || check->model->syntax == MT_SYNTAX_CII; /* of whichever tax */
    size_t used = 0, broken = count(check->model, P_VAT, any ? T_ANY_CATEGORY : T_CATEGORY, of->code);
    mt_rule_case at = at_node(check, check->model->root);
    for (size_t k = 0; k < USAGES; k++)
        used +=
            count(check->model, usages[k].place, any ? usages[k].any_category : usages[k].category, of->code);
    if (of->by_rate && (used > 0) == (broken > 0)) return MT_OK;
    if (!of->by_rate && (used + broken == 0 || broken == 1)) return MT_OK;
    return tell(check, of, 1, &at,
                of->by_rate ? "lines, allowances or charges of it and a VAT breakdown of it come together"
                            : "an invoice that uses it has exactly one VAT breakdown of it (BG-23)");
}

static bool suits_parties(const mt_model *model, party_rule rule)
{
    const mt_tree_node *root = model->root;
    bool agent = mt_model_has(model, root, T_AGENT_VAT);
    bool seller_vat = mt_model_has(model, root, T_SELLER_VAT) || agent;
    bool seller = mt_model_has(model, root, T_SELLER_TAX) || agent;
    bool buyer_vat = mt_model_has(model, root, T_BUYER_VAT);
    switch (rule) {
    case NEEDS_SELLER:
        return seller;
    case NEEDS_SELLER_VAT:
        return seller_vat;
    case NEEDS_BOTH:
        return seller && (buyer_vat || mt_model_has(model, root, T_BUYER_LEGAL));
    case NEEDS_BOTH_VAT:
        return seller_vat && buyer_vat;
    case FORBIDS_VAT_IDENTITY:
        return !seller_vat && !buyer_vat;
    default:
        return true;
    }
}

static const char *const party_sentences[] = {
    [NEEDS_SELLER] =
        "the seller needs a VAT identifier (BT-31), a tax number (BT-32) or a representative (BT-63)",
    [NEEDS_SELLER_VAT] = "the seller needs a VAT identifier (BT-31) or a representative with one (BT-63)",
    [NEEDS_BOTH] =
        "the seller needs a tax identifier (BT-31, BT-32, BT-63), the buyer a VAT identifier (BT-48) or "
        "a legal registration (BT-47)",
    [NEEDS_BOTH_VAT] = "seller (BT-31, BT-63) and buyer (BT-48) need VAT identifiers",
    [FORBIDS_VAT_IDENTITY] =
        "no VAT identifier may be told, neither of the seller (BT-31, BT-63) nor of the buyer "
        "(BT-48)",
};

/* 02 to 04, for lines, allowances and charges: who has to be identified. */
static mt_code check_parties(mt_check *check, const category *of)
{
    if (suits_parties(check->model, of->party)) return MT_OK;
    for (int k = 0; k < USAGES; k++) {
        mt_rule_case at = at_node(check, check->model->root);
        if (count(check->model, usages[k].place, usages[k].category, of->code) == 0) continue;
        MT_TRY(tell(check, of, 2 + k, &at, party_sentences[of->party]));
    }
    return MT_OK;
}

static bool suits_rate(rate_rule rule, const char *rate)
{
    mt_exact value = mt_exact_of(rate);
    switch (rule) {
    case RATE_POSITIVE:
        return mt_exact_sign(value) > 0;
    case RATE_NOT_NEGATIVE:
        return value.there && mt_exact_sign(value) >= 0;
    case RATE_ZERO:
        return value.there && mt_exact_sign(value) == 0;
    default:
        return rate == NULL;
    }
}

static const char *const rate_sentences[] = {
    [RATE_POSITIVE] = "its rate is above 0",
    [RATE_NOT_NEGATIVE] = "its rate is 0 or above",
    [RATE_ZERO] = "its rate is 0",
    [RATE_ABSENT] = "lines, allowances and charges of it tell no rate",
};

/* 05 to 07: the rate of lines, allowances and charges. */
static mt_code check_rates(mt_check *check, const category *of, int k)
{
    const mt_model_nodes *nodes = &check->model->place[usages[k].place];
    for (size_t i = 0; i < nodes->n; i++) {
        mt_rule_case at = at_node(check, nodes->at[i]);
        if (!has_code(check->model, at.at, usages[k].category, of->code)) continue;
        at.found = mt_model_text(check->model, at.at, usages[k].rate);
        if (!suits_rate(of->rate, at.found)) MT_TRY(tell(check, of, 5 + k, &at, rate_sentences[of->rate]));
    }
    return MT_OK;
}

/* Of the lines, charges and allowances of the category, and of that rate where one is given. */
static mt_exact taxable_of(const mt_model *model, const char *code, mt_exact rate, size_t *used)
{
    mt_exact sum = mt_exact_int(0);
    for (size_t k = 0; k < USAGES; k++)
        for (size_t i = 0; i < model->place[usages[k].place].n; i++) {
            const mt_tree_node *at = model->place[usages[k].place].at[i];
            mt_exact amount = mt_exact_of(mt_model_text(model, at, usages[k].amount));
            if (!has_code(model, at, usages[k].any_category, code)) continue;
            if (rate.there && !mt_exact_equal(mt_exact_of(mt_model_text(model, at, usages[k].rate)), rate))
                continue;
            ++*used;
            amount = mt_exact_or(amount, mt_exact_int(0));
            sum = usages[k].sign > 0 ? mt_exact_add(sum, amount) : mt_exact_sub(sum, amount);
        }
    return sum;
}

/* 08: the taxable amount. Where there are several rates the published rule forgives less than 1. */
static mt_code check_taxable(mt_check *check, const category *of, const mt_tree_node *node)
{
    mt_rule_case at = at_node(check, node);
    size_t used = 0;
    mt_exact none = {0, false};
    mt_exact rate = of->by_rate ? mt_exact_of(mt_model_text(check->model, node, T_RATE)) : none;
    mt_exact sum = taxable_of(check->model, of->code, rate, &used);
    mt_exact taxable = mt_exact_of(mt_model_text(check->model, node, T_TAXABLE));
    if (of->by_rate && !rate.there) return MT_OK; /* BR-48 tells it */
    bool equal = mt_case_equal(&at, taxable, sum);
    bool near = of->by_rate && mt_exact_near(taxable, sum, mt_exact_int(1));
    if ((equal || near) && (used > 0 || !of->by_rate) && check->model->place[P_LINE].n + used > 0)
        return MT_OK;
    return tell(check, of, 8, &at,
                "its taxable amount (BT-116) is the sum of its lines and charges less its allowances");
}

/* 09: the VAT, and 10: the reason of an exemption. */
static mt_code check_vat(mt_check *check, const category *of, const mt_tree_node *node)
{
    const mt_model *model = check->model;
    mt_rule_case at = at_node(check, node), why = at;
    mt_exact vat = mt_exact_of(mt_model_text(model, node, T_VAT)), expected = mt_exact_int(0);
    if (of->by_rate) {
        mt_exact product = mt_exact_mul(mt_exact_of(mt_model_text(model, node, T_TAXABLE)),
                                        mt_exact_of(mt_model_text(model, node, T_RATE)));
        expected = mt_exact_round(mt_exact_div(product, mt_exact_int(100)), 2);
    }
    bool near = of->by_rate && mt_exact_near(mt_exact_abs(vat), mt_exact_abs(expected), mt_exact_int(1));
    if (!mt_case_equal(&at, vat, expected) && !near)
        MT_TRY(tell(check, of, 9, &at,
                    of->by_rate ? "its VAT (BT-117) is its taxable amount x rate" : "its VAT (BT-117) is 0"));
    why.found = mt_model_text(model, node, T_REASON);
    if ((why.found != NULL) == of->is_exempt) return MT_OK;
    return tell(check, of, 10, &why,
                of->is_exempt ? "its breakdown says why (BT-120, BT-121)"
                              : "its breakdown has no reason of exemption (BT-120, BT-121)");
}

static mt_code check_category(mt_check *check, const category *of)
{
    const mt_model_nodes *nodes = &check->model->place[P_VAT];
    MT_TRY(check_breakdown(check, of));
    MT_TRY(check_parties(check, of));
    for (int k = 0; k < USAGES; k++) MT_TRY(check_rates(check, of, k));
    for (size_t k = 0; k < nodes->n; k++) {
        if (!has_code(check->model, nodes->at[k], T_CATEGORY, of->code)) continue;
        MT_TRY(mt_ctx_check(check->cx));
        MT_TRY(check_taxable(check, of, nodes->at[k]));
        MT_TRY(check_vat(check, of, nodes->at[k]));
    }
    return MT_OK;
}

/* BR-IC-11 and 12: when and where a supply inside the community went. */
static mt_code check_community(mt_check *check, const category *of)
{
    const mt_model *model = check->model;
    mt_rule_case at = at_node(check, model->root);
    if (count(model, P_VAT, T_CATEGORY, of->code) == 0) return MT_OK;
    const char *delivered = mt_model_text(model, model->root, T_DELIVERED);
    const char *country = mt_model_text(model, model->root, T_SHIP_COUNTRY);
    bool period = model->place[P_PERIOD].n > 0 && model->place[P_PERIOD].at[0]->child;
    if (!(delivered && strlen(delivered) > 1) && !period)
        MT_TRY(tell(check, of, 11, &at, "the day of delivery (BT-72) or a period (BG-14) is told"));
    if (country && strlen(country) > 1) return MT_OK;
    return tell(check, of, 12, &at, "the country of delivery (BT-80) is told");
}

static size_t count_others(const mt_model *model, mt_place place, mt_term term, const char *code)
{
    size_t n = 0;
    for (size_t k = 0; k < model->place[place].n; k++) {
        const char *other = mt_model_text(model, model->place[place].at[k], term);
        n += other && strcmp(other, code) != 0 ? 1 : 0;
    }
    return n;
}

/* BR-O-11 to 14: what is outside of the VAT shares a document with nothing else. */
static mt_code check_alone(mt_check *check, const category *of)
{
    const mt_model *model = check->model;
    mt_rule_case at = at_node(check, model->root);
    if (count(model, P_VAT, T_CATEGORY, of->code) == 0) return MT_OK;
    if (count_others(model, P_VAT, T_CATEGORY, of->code) > 0)
        MT_TRY(tell(check, of, 11, &at, "a document with it has no other VAT breakdown"));
    for (int k = 0; k < USAGES; k++) {
        const char *sentence = NULL;
        if (count_others(model, usages[k].place, usages[k].category, of->code) == 0) continue;
        MT_TRY(mt_text_format(check->cx, &sentence, "a document with it has not %s of another category",
                              usages[k].words));
        MT_TRY(tell(check, of, 12 + k, &at, sentence));
    }
    return MT_OK;
}

mt_code mt_rules_vat(mt_check *check)
{
    for (size_t k = 0; k < CATEGORIES; k++) {
        MT_TRY(check_category(check, &categories[k]));
        if (categories[k].party == NEEDS_BOTH_VAT) MT_TRY(check_community(check, &categories[k]));
        if (categories[k].party == FORBIDS_VAT_IDENTITY) MT_TRY(check_alone(check, &categories[k]));
    }
    return MT_OK;
}

size_t mt_rules_vat_count(void)
{
    return (size_t)CATEGORIES * COMMON + ONLY_IC + ONLY_O;
}
