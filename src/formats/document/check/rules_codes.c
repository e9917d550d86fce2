/* Words that come from published lists: BR-CL-*, and the country at the head of a VAT identifier. */
#include "formats/document/check/rule.h"

#include <string.h>

static bool is_in_list(mt_rule_case *of)
{
    of->found = mt_case_text(of, of->rule->a);
    if (!of->found) of->found = "";
    return mt_codes_has((mt_codes)of->rule->list, of->found);
}

/* The two syntaxes take it from different lists. */
static bool is_tax_point(mt_rule_case *of)
{
    of->found = of->at->text;
    return mt_codes_has(of->model->syntax == MT_SYNTAX_UBL ? MT_CODES_TAX_POINT_UBL : MT_CODES_TAX_POINT_CII,
                        of->found);
}

/* UBL tells the scheme in an attribute, CII in an element of its own. */
static bool is_object_scheme(mt_rule_case *of)
{
    of->found = of->model->syntax == MT_SYNTAX_UBL ? mt_case_text(of, T_SCHEME) : of->at->text;
    return mt_codes_has(MT_CODES_REFERENCE, of->found);
}

/* SEPA: the creditor identifier of a seller or payee, for direct debits. */
static bool is_party_scheme(mt_rule_case *of)
{
    if (is_in_list(of)) return true;
    if (strcmp(of->found, "SEPA") != 0) return false;
    for (const mt_tree_node *node = of->at->parent; node; node = node->parent)
        if (strcmp(node->name, "AccountingSupplierParty") == 0 || strcmp(node->name, "PayeeParty") == 0)
            return true;
    return false;
}

/* Greece writes EL in VAT identifiers. */
static bool begins_with_country(mt_rule_case *of)
{
    char country[3] = "";
    of->found = mt_case_text(of, T_TAX_ID);
    if (of->found && strlen(of->found) >= 2) memcpy(country, of->found, 2);
    return !of->found || strcmp(country, "EL") == 0 || mt_codes_has(MT_CODES_COUNTRY, country);
}

/* clang-format off */
#define CODE(id, place, a, list, sentence) {id, MT_ERROR, place, is_in_list, a, T_OWN, list, sentence}

static const mt_rule rules[] = {
    CODE("BR-CL-01", P_TYPE, T_OWN, MT_CODES_INVOICE_TYPE,
         "the type of an invoice (BT-3) is a code of UNTDID 1001 for invoices, as 380, 384 or 389"),
    CODE("BR-CL-01", P_NOTE_TYPE, T_OWN, MT_CODES_NOTE_TYPE,
         "the type of a credit note (BT-3) is a code of UNTDID 1001 for credit notes, as 381"),
    CODE("BR-CL-03", P_MONEY, T_MONEY_UNIT, MT_CODES_CURRENCY,
         "the currency of an amount is a code of ISO 4217"),
    CODE("BR-CL-04", P_CURRENCY, T_OWN, MT_CODES_CURRENCY,
         "the currency of an invoice (BT-5) is a code of ISO 4217"),
    CODE("BR-CL-05", P_TAX_CURRENCY, T_OWN, MT_CODES_CURRENCY,
         "the currency of the VAT (BT-6) is a code of ISO 4217"),
    {"BR-CL-06", MT_ERROR, P_POINT_CODE, is_tax_point, T_OWN, T_OWN, 0,
     "the code of the tax point (BT-8) is 3, 35 or 432 in UBL, 5, 29 or 72 in CII"},
    {"BR-CL-07", MT_ERROR, P_OBJECT, is_object_scheme, T_OWN, T_OWN, 0,
     "the scheme of an invoiced object (BT-18, BT-128) is a code of UNTDID 1153"},
    {"BR-CL-10", MT_ERROR, P_PARTY_ID, is_party_scheme, T_SCHEME, T_OWN, MT_CODES_SCHEME,
     "the scheme of a party's identifier is a code of ISO/IEC 6523, or SEPA for who is paid"},
    CODE("BR-CL-11", P_LEGAL_ID, T_SCHEME, MT_CODES_SCHEME,
         "the scheme of a legal registration is a code of ISO/IEC 6523"),
    CODE("BR-CL-13", P_ITEM_LIST, T_LIST, MT_CODES_ITEM_CLASS,
         "the list of an item classification (BT-158) is a code of UNTDID 7143"),
    CODE("BR-CL-14", P_COUNTRY, T_OWN, MT_CODES_COUNTRY, "a country is two letters of ISO 3166-1"),
    CODE("BR-CL-15", P_ORIGIN, T_OWN, MT_CODES_COUNTRY,
         "the origin of an item (BT-159) is two letters of ISO 3166-1"),
    CODE("BR-CL-16", P_MEANS_CODE, T_OWN, MT_CODES_PAYMENT_MEANS,
         "the means of payment (BT-81) is a code of UNTDID 4461, as 58 for a SEPA transfer"),
    CODE("BR-CL-17", P_CATEGORY, T_OWN, MT_CODES_VAT_CATEGORY,
         "a VAT category is one of S, Z, E, AE, K, G, O, L, M, B"),
    CODE("BR-CL-18", P_LINE_CATEGORY, T_OWN, MT_CODES_VAT_CATEGORY,
         "a VAT category (BT-118, BT-151) is one of S, Z, E, AE, K, G, O, L, M, B"),
    CODE("BR-CL-19", P_ALLOWANCE_CODE, T_OWN, MT_CODES_ALLOWANCE,
         "the reason of an allowance is a code of UNTDID 5189"),
    CODE("BR-CL-20", P_CHARGE_CODE, T_OWN, MT_CODES_CHARGE,
         "the reason of a charge is a code of UNTDID 7161"),
    CODE("BR-CL-21", P_ITEM_SCHEME, T_SCHEME, MT_CODES_SCHEME,
         "the scheme of an item's standard identifier (BT-157) is a code of ISO/IEC 6523"),
    CODE("BR-CL-22", P_VATEX, T_OWN, MT_CODES_EXEMPTION,
         "the code of an exemption (BT-121) is one of the VATEX list"),
    CODE("BR-CL-23", P_UNIT, T_UNIT, MT_CODES_UNIT,
         "a unit is a code of UN/ECE Recommendation 20 or 21, as MWH"),
    CODE("BR-CL-24", P_BINARY, T_MIME, MT_CODES_MEDIA,
         "an attached document (BT-125) is a PDF, PNG, JPEG, CSV, XLSX or ODS"),
    CODE("BR-CL-25", P_ENDPOINT, T_SCHEME, MT_CODES_ENDPOINT,
         "the scheme of an electronic address is a code of the EAS list, as EM for e-mail"),
    CODE("BR-CL-26", P_SHIP_ID, T_SCHEME, MT_CODES_SCHEME,
         "the scheme of a place of delivery (BT-71) is a code of ISO/IEC 6523"),
    {"BR-CO-09", MT_ERROR, P_VAT_ID, begins_with_country, T_TAX_ID, T_OWN, 0,
     "a VAT identifier begins with the two letters of its country, as DE123456789"},
};
/* clang-format on */

mt_rules mt_rules_codes(void)
{
    return (mt_rules){rules, sizeof rules / sizeof *rules};
}
