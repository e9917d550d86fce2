/* What only UBL can get wrong: elements that occur too often, amounts with too many decimals, attachments. */
#include "formats/document/check/rule.h"

#include <string.h>

static bool occurs_at_most(const mt_rule_case *of, const char *path, size_t most)
{
    return mt_tree_find(of->at, path, NULL, 0) <= most;
}

static bool has_one_seller_vat(mt_rule_case *of)
{
    return occurs_at_most(of, MT_UBL_SELLER "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", 1);
}

static bool has_one_buyer_vat(mt_rule_case *of)
{
    return occurs_at_most(of, MT_UBL_BUYER "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", 1);
}

static bool has_two_seller_schemes(mt_rule_case *of)
{
    return occurs_at_most(of, "Party/PartyTaxScheme", 2);
}

/* All of them say the same. */
static bool agree(const mt_rule_case *of, const char *path)
{
    const mt_tree_node *first = mt_tree_first(of->at, path), *some[64];
    size_t n = mt_tree_find(of->at, path, some, sizeof some / sizeof *some);
    if (n > sizeof some / sizeof *some) n = sizeof some / sizeof *some;
    for (size_t k = 1; k < n; k++)
        if (strcmp(some[k]->text, first->text) != 0) return false;
    return true;
}

static bool has_one_remittance(mt_rule_case *of)
{
    return agree(of, "//PaymentID");
}

static bool has_one_means(mt_rule_case *of)
{
    return agree(of, "//PaymentMeansCode");
}

static bool has_one_line_category(mt_rule_case *of)
{
    return mt_tree_find(of->at, "Item/ClassifiedTaxCategory", NULL, 0) == 1;
}

static bool has_one_period(mt_rule_case *of)
{
    return occurs_at_most(of, "InvoicePeriod", 1);
}

static bool has_one_delivery(mt_rule_case *of)
{
    return occurs_at_most(of, "Delivery", 1);
}

static bool has_one_note_of_terms(mt_rule_case *of)
{
    return occurs_at_most(of, "PaymentTerms/Note", 1);
}

/* Prices and what is taken off them may have more. */
static bool has_two_decimals(mt_rule_case *of)
{
    const mt_tree_node *parent = of->at->parent, *above = parent ? parent->parent : NULL;
    const char *point = strchr(of->at->text, '.');
    of->found = of->at->text;
    if (!point || strlen(point + 1) <= 2 || strcmp(of->at->name, "PriceAmount") == 0) return true;
    return above && strcmp(parent->name, "AllowanceCharge") == 0 && strcmp(above->name, "Price") == 0;
}

/* clang-format off */
#define UBL(id, place, test, a, sentence) {id, MT_ERROR, place, test, a, T_OWN, 0, sentence}

static const mt_rule rules[] = {
    UBL("UBL-DT-01", P_MONEY, has_two_decimals, T_OWN, "an amount of money has at most two decimals"),
    UBL("UBL-DT-06", P_BINARY_ANY, mt_test_has, T_MIME, NULL),
    UBL("UBL-DT-07", P_BINARY_ANY, mt_test_has, T_FILE, NULL),
    UBL("UBL-SR-05", P_DOC, has_one_note_of_terms, T_OWN, "the terms of payment (BT-20) are told once"),
    UBL("UBL-SR-08", P_DOC, has_one_period, T_OWN, "the invoicing period (BG-14) is told once"),
    UBL("UBL-SR-12", P_DOC, has_one_seller_vat, T_OWN, "the seller's VAT identifier (BT-31) is told once"),
    UBL("UBL-SR-18", P_DOC, has_one_buyer_vat, T_OWN, "the buyer's VAT identifier (BT-48) is told once"),
    UBL("UBL-SR-24", P_DOC, has_one_delivery, T_OWN, "the delivery (BG-13) is told once"),
    UBL("UBL-SR-42", P_SELLER, has_two_seller_schemes, T_OWN,
        "the seller has at most two tax registrations (BT-31, BT-32)"),
    UBL("UBL-SR-44", P_DOC, has_one_remittance, T_OWN,
        "the remittance information (BT-83) is the same everywhere"),
    UBL("UBL-SR-47", P_DOC, has_one_means, T_OWN, "the means of payment (BT-81) is the same everywhere"),
    UBL("UBL-SR-48", P_LINE, has_one_line_category, T_OWN, "a line has one VAT category (BT-151)"),
};
/* clang-format on */

mt_rules mt_rules_ubl(void)
{
    return (mt_rules){rules, sizeof rules / sizeof *rules};
}
