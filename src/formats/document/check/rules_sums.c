/* Amounts that follow from others: BR-CO-10 to 17, BR-DEC-*, and the lines of PEPPOL-EN16931-R120. */
#include "formats/document/check/rule.h"

#include <string.h>

enum { CENTS = 2, HUNDRED = 100 };

static mt_exact none(void)
{
    return mt_exact_int(0);
}

/* A term's sum over the elements of a place; what is no number counts for nothing, because MT-01 tells it. */
static mt_exact sum_over(const mt_rule_case *of, mt_place place, mt_term term)
{
    mt_exact sum = none();
    const mt_model_nodes *nodes = &of->model->place[place];
    for (size_t k = 0; k < nodes->n; k++) {
        mt_exact value = mt_exact_of(mt_model_text(of->model, nodes->at[k], term));
        sum = mt_exact_add(sum, mt_exact_or(value, none()));
    }
    return mt_exact_round(sum, CENTS);
}

static bool is_sum_of_lines(mt_rule_case *of)
{
    return mt_case_equal(of, mt_case_exact(of, T_SUM_LINES), sum_over(of, P_LINE, T_LINE_NET));
}

/* The sum of allowances or charges, which may be absent where there are none. */
static bool is_sum_of(mt_rule_case *of, mt_place place)
{
    if (of->model->place[place].n == 0 && !mt_test_has(of)) return true;
    return mt_case_equal(of, mt_case_exact(of, of->rule->a), sum_over(of, place, T_AMOUNT));
}

static bool is_sum_of_allowances(mt_rule_case *of)
{
    return is_sum_of(of, P_ALLOWANCE);
}

static bool is_sum_of_charges(mt_rule_case *of)
{
    return is_sum_of(of, P_CHARGE);
}

static bool is_net_total(mt_rule_case *of)
{
    mt_exact charges = mt_exact_or(mt_case_exact(of, T_SUM_CHARGES), none());
    mt_exact allowances = mt_exact_or(mt_case_exact(of, T_SUM_ALLOWANCES), none());
    mt_exact net = mt_exact_sub(mt_exact_add(mt_case_exact(of, T_SUM_LINES), charges), allowances);
    return mt_case_equal(of, mt_case_exact(of, T_NET), mt_exact_round(net, CENTS));
}

/* BR-CO-14. In UBL each VAT total has its breakdown inside; a total without one is in another currency. */
static bool is_vat_total(mt_rule_case *of)
{
    const char *total = NULL, *currency = mt_model_text(of->model, of->model->root, T_CURRENCY);
    if (of->model->syntax == MT_SYNTAX_CII) {
        if (!currency || mt_model_vat_total(of->model, currency, &total) == 0) return true;
        return mt_case_equal(of, mt_exact_of(total), sum_over(of, P_VAT, T_VAT));
    }
    mt_exact sum = none();
    if (!mt_tree_first(of->at, "TaxSubtotal")) return true;
    for (const mt_tree_node *node = of->at->child; node; node = node->next)
        if (strcmp(node->name, "TaxSubtotal") == 0)
            sum = mt_exact_add(sum, mt_exact_or(mt_exact_of(mt_tree_text(node, "TaxAmount")), none()));
    return mt_case_equal(of, mt_exact_of(mt_tree_text(of->at, "TaxAmount")), mt_exact_round(sum, CENTS));
}

static bool is_gross_total(mt_rule_case *of)
{
    const char *vat = NULL, *currency = mt_case_text(of, T_CURRENCY);
    const mt_model_nodes *totals = &of->model->place[P_TOTALS];
    size_t n = currency ? mt_model_vat_total(of->model, currency, &vat) : 0;
    if (!currency) return true;                                         /* BR-05 tells it */
    if (n == 0 && of->model->syntax == MT_SYNTAX_CII) vat = "0", n = 1; /* may be left out */
    if (n != 1 || totals->n == 0) return false;
    mt_exact net = mt_exact_of(mt_model_text(of->model, totals->at[0], T_NET));
    mt_exact gross = mt_exact_of(mt_model_text(of->model, totals->at[0], T_GROSS));
    return mt_case_equal(of, gross, mt_exact_round(mt_exact_add(net, mt_exact_of(vat)), CENTS));
}

static bool is_amount_due(mt_rule_case *of)
{
    mt_exact paid = mt_exact_or(mt_case_exact(of, T_PAID), none());
    mt_exact rounding = mt_exact_or(mt_case_exact(of, T_ROUNDING), none());
    mt_exact due = mt_exact_add(mt_exact_sub(mt_case_exact(of, T_GROSS), paid), rounding);
    return mt_case_equal(of, mt_case_exact(of, T_PAYABLE), mt_exact_round(due, CENTS));
}

/* taxable x rate, rounded once; without a rate: 0. */
static mt_exact vat_of(mt_rule_case *of)
{
    mt_exact rate = mt_exact_or(mt_case_exact(of, T_RATE), none());
    mt_exact vat = mt_exact_mul(mt_case_exact(of, T_TAXABLE), rate);
    return mt_exact_round(mt_exact_div(vat, mt_exact_int(HUNDRED)), CENTS);
}

/* The published rule lets the sum of VAT that was rounded by line pass: anything less than 1 away. */
static bool is_vat_of_category(mt_rule_case *of)
{
    mt_exact vat = mt_case_exact(of, T_VAT), expected = vat_of(of);
    if (mt_case_equal(of, vat, expected)) return true;
    if (mt_exact_sign(expected) == 0 && !expected.there) return vat.there && mt_exact_sign(vat) == 0;
    return mt_exact_near(mt_exact_abs(vat), mt_exact_abs(expected), mt_exact_int(1));
}

/* What BR-CO-17 forgives is still worth a look: the norm says rounded once. */
static bool is_vat_to_the_cent(mt_rule_case *of)
{
    mt_exact vat = mt_case_exact(of, T_VAT), expected = vat_of(of);
    if (!vat.there || !expected.there) return true;
    return mt_case_equal(of, mt_exact_abs(vat), mt_exact_abs(expected));
}

static bool has_two_decimals(mt_rule_case *of)
{
    const char *text = mt_case_text(of, of->rule->a), *point = text ? strchr(text, '.') : NULL;
    of->found = text;
    return !point || strlen(point + 1) <= CENTS;
}

/* The charges of one line less its allowances: looked for below the line only. */
static mt_exact charges_of_line(const mt_rule_case *of)
{
    bool ubl = of->model->syntax == MT_SYNTAX_UBL;
    const mt_tree_node *above = ubl ? of->at : mt_tree_first(of->at, "SpecifiedLineTradeSettlement");
    mt_exact sum = none();
    for (const mt_tree_node *node = above ? above->child : NULL; node; node = node->next) {
        if (strcmp(node->name, ubl ? "AllowanceCharge" : "SpecifiedTradeAllowanceCharge") != 0) continue;
        mt_exact amount = mt_exact_of(mt_model_text(of->model, node, T_AMOUNT));
        bool charge =
            mt_tree_first(node, ubl ? ".[ChargeIndicator=true]" : ".[ChargeIndicator/Indicator=true]");
        sum = charge ? mt_exact_add(sum, amount) : mt_exact_sub(sum, amount);
    }
    return sum;
}

/* quantity x price for the base quantity, with the line's charges and allowances; 0.02 apart at most. */
static bool is_line_net(mt_rule_case *of)
{
    mt_exact quantity = mt_case_exact(of, T_QUANTITY), price = mt_case_exact(of, T_PRICE);
    mt_exact base = mt_exact_or(mt_case_exact(of, T_PRICE_BASE), mt_exact_int(1));
    mt_exact slack = mt_exact_of("0.0200000001"), net = mt_case_exact(of, T_LINE_NET);
    if (!quantity.there || !price.there || !net.there || mt_exact_sign(base) == 0) return true;
    mt_exact expected = mt_exact_div(mt_exact_mul(quantity, price), base);
    expected = mt_exact_add(expected, charges_of_line(of));
    of->found_exact = net;
    of->expected = mt_exact_round(expected, CENTS);
    return mt_exact_near(net, expected, slack);
}

static bool has_positive_base(mt_rule_case *of)
{
    of->found = mt_case_text(of, T_PRICE_BASE);
    return !of->found || mt_exact_sign(mt_exact_of(of->found)) > 0;
}

/* clang-format off */
#define SUM(id, place, test, a, sentence) {id, MT_ERROR, place, test, a, T_OWN, 0, sentence}
#define CENT(id, place, a) {id, MT_ERROR, place, has_two_decimals, a, T_OWN, 0, \
                            "an amount of money has at most two decimals"}

static const mt_rule rules[] = {
    SUM("BR-CO-10", P_TOTALS, is_sum_of_lines, T_OWN,
        "the sum of line net amounts (BT-106) is the sum of BT-131 over the lines"),
    SUM("BR-CO-11", P_TOTALS, is_sum_of_allowances, T_SUM_ALLOWANCES,
        "the sum of allowances (BT-107) is the sum of BT-92 over the document's allowances"),
    SUM("BR-CO-12", P_TOTALS, is_sum_of_charges, T_SUM_CHARGES,
        "the sum of charges (BT-108) is the sum of BT-99 over the document's charges"),
    SUM("BR-CO-13", P_TOTALS, is_net_total, T_OWN,
        "the total without VAT (BT-109) is lines (BT-106) less allowances (BT-107) plus charges (BT-108)"),
    SUM("BR-CO-14", P_TAX_TOTAL, is_vat_total, T_OWN,
        "the VAT total (BT-110) is the sum of the VAT of the breakdown (BT-117)"),
    SUM("BR-CO-15", P_DOC, is_gross_total, T_OWN,
        "the total with VAT (BT-112) is that without (BT-109) plus one VAT total in its currency (BT-110)"),
    SUM("BR-CO-16", P_TOTALS, is_amount_due, T_OWN,
        "the amount due (BT-115) is the total (BT-112) less what was paid (BT-113) plus rounding (BT-114)"),
    SUM("BR-CO-17", P_VAT, is_vat_of_category, T_OWN,
        "the VAT of a category (BT-117) is its taxable amount (BT-116) x rate (BT-119), rounded once"),
    {"MT-03", MT_WARNING, P_VAT, is_vat_to_the_cent, T_OWN, T_OWN, 0,
     "the VAT of a category (BT-117) is not its taxable amount x rate to the cent"},
    SUM("PEPPOL-EN16931-R120", P_LINE, is_line_net, T_OWN,
        "the net amount of a line (BT-131) is quantity x price / base quantity plus charges less allowances"),
    SUM("PEPPOL-EN16931-R121", P_LINE, has_positive_base, T_OWN,
        "the base quantity of a price (BT-149) is above 0"),
    CENT("BR-DEC-01", P_ALLOWANCE, T_AMOUNT), CENT("BR-DEC-02", P_ALLOWANCE, T_BASE),
    CENT("BR-DEC-05", P_CHARGE, T_AMOUNT), CENT("BR-DEC-06", P_CHARGE, T_BASE),
    CENT("BR-DEC-09", P_TOTALS, T_SUM_LINES), CENT("BR-DEC-10", P_TOTALS, T_SUM_ALLOWANCES),
    CENT("BR-DEC-11", P_TOTALS, T_SUM_CHARGES), CENT("BR-DEC-12", P_TOTALS, T_NET),
    CENT("BR-DEC-13", P_TAX_TOTAL, T_TOTAL_VAT), CENT("BR-DEC-14", P_TOTALS, T_GROSS),
    CENT("BR-DEC-16", P_TOTALS, T_PAID), CENT("BR-DEC-17", P_TOTALS, T_ROUNDING),
    CENT("BR-DEC-18", P_TOTALS, T_PAYABLE), CENT("BR-DEC-19", P_VAT, T_TAXABLE),
    CENT("BR-DEC-20", P_VAT, T_VAT), CENT("BR-DEC-23", P_LINE, T_LINE_NET),
    CENT("BR-DEC-24", P_LINE_ALLOWANCE, T_AMOUNT), CENT("BR-DEC-25", P_LINE_ALLOWANCE, T_BASE),
    CENT("BR-DEC-27", P_LINE_CHARGE, T_AMOUNT), CENT("BR-DEC-28", P_LINE_CHARGE, T_BASE),
};
/* clang-format on */

mt_rules mt_rules_sums(void)
{
    return (mt_rules){rules, sizeof rules / sizeof *rules};
}
