/* What an EN 16931 invoice has to have: BR-01 to BR-65 and what belongs to them. */
#include "formats/document/check/rule.h"

#include <string.h>

#include "base/time.h"

enum { CARD_DIGITS_MAX = 10 };

static bool is_not_negative(mt_rule_case *of)
{
    of->found = mt_case_text(of, of->rule->a);
    return mt_exact_sign(mt_exact_of(of->found)) >= 0 && (of->found || of->rule->a != T_PRICE);
}

static bool has_both(mt_rule_case *of)
{
    return mt_case_text(of, of->rule->a) != NULL && mt_case_text(of, of->rule->b) != NULL;
}

/* A day as UBL (2025-06-08) and CII (20250608) write it; UBL may add a zone. */
static bool read_day(const char *text, mt_day *out)
{
    size_t n = strlen(text);
    if (n > 10 && (text[10] == 'Z' || text[10] == '+' || text[10] == '-')) n = 10;
    return mt_day_parse(text, n, out);
}

static bool ends_after_start(mt_rule_case *of)
{
    const char *from = mt_case_text(of, T_FROM), *until = mt_case_text(of, T_UNTIL);
    mt_day first, last;
    of->found = until;
    return !from || !until || (read_day(from, &first) && read_day(until, &last) && first <= last);
}

static bool is_day(mt_rule_case *of)
{
    mt_day day;
    of->found = mt_case_text(of, of->rule->a);
    return !of->found || read_day(of->found, &day);
}

static bool is_number(mt_rule_case *of)
{
    of->found = mt_case_text(of, of->rule->a);
    return !of->found || mt_exact_of(of->found).there;
}

static bool has_rate(mt_rule_case *of)
{
    return mt_test_has(of) || mt_model_is(of->model, of->at, T_CATEGORY, "O");
}

static bool is_short_card(mt_rule_case *of)
{
    return strlen(of->at->text) <= CARD_DIGITS_MAX;
}

/* The payee is told only where he is another than the seller. */
static bool names_another_payee(mt_rule_case *of)
{
    const char *name = mt_case_text(of, T_PARTY_NAME);
    const char *seller = of->model->syntax == MT_SYNTAX_UBL
                             ? mt_tree_text(of->model->root, MT_UBL_SELLER "PartyName/Name")
                             : mt_model_text(of->model, of->model->root, T_SELLER_NAME);
    of->found = name;
    return name && (!seller || strcmp(name, seller) != 0);
}

static bool has_total_in_vat_currency(mt_rule_case *of)
{
    const char *currency = mt_case_text(of, T_TAX_CURRENCY), *total;
    of->found = currency;
    return !currency || mt_model_vat_total(of->model, currency, &total) > 0;
}

static bool pays_into_an_account(mt_rule_case *of)
{
    const char *means = mt_case_text(of, T_MEANS);
    bool transfer = means && (strcmp(means, "30") == 0 || strcmp(means, "58") == 0);
    return !transfer || mt_case_text(of, T_PAY_ID) != NULL;
}

static bool has_at_most_one(mt_rule_case *of)
{
    return mt_case_text(of, of->rule->a) == NULL || mt_case_text(of, of->rule->b) == NULL;
}

static bool says_when(mt_rule_case *of)
{
    return mt_test_any(of) || mt_case_text(of, T_PERIOD_CODE) != NULL;
}

static bool is_identified(mt_rule_case *of)
{
    return mt_test_any(of) || mt_case_text(of, T_OWN_VAT) != NULL;
}

static bool says_how_to_pay(mt_rule_case *of)
{
    const mt_model_nodes *totals = &of->model->place[P_TOTALS];
    const char *due = totals->n ? mt_model_text(of->model, totals->at[0], T_PAYABLE) : NULL;
    return mt_exact_sign(mt_exact_of(due)) <= 0 || mt_test_any(of);
}

/* clang-format off */
#define NEED(id, place, test, a) {id, MT_ERROR, place, test, a, T_OWN, 0, NULL}
#define ASK(id, place, test, a, b, sentence) {id, MT_ERROR, place, test, a, b, 0, sentence}

static const mt_rule rules[] = {
    NEED("BR-01", P_DOC, mt_test_text, T_PROFILE),
    NEED("BR-02", P_DOC, mt_test_text, T_NUMBER),
    NEED("BR-03", P_DOC, mt_test_text, T_ISSUED),
    NEED("BR-04", P_DOC, mt_test_text, T_TYPE),
    NEED("BR-05", P_DOC, mt_test_text, T_CURRENCY),
    NEED("BR-06", P_DOC, mt_test_text, T_SELLER_NAME),
    NEED("BR-07", P_DOC, mt_test_text, T_BUYER_NAME),
    NEED("BR-08", P_DOC, mt_test_has, T_SELLER_AT),
    NEED("BR-09", P_SELLER_AT, mt_test_text, T_COUNTRY),
    NEED("BR-10", P_DOC, mt_test_has, T_BUYER_AT),
    NEED("BR-11", P_BUYER_AT, mt_test_text, T_COUNTRY),
    NEED("BR-12", P_TOTALS, mt_test_has, T_SUM_LINES),
    NEED("BR-13", P_TOTALS, mt_test_has, T_NET),
    NEED("BR-14", P_TOTALS, mt_test_has, T_GROSS),
    NEED("BR-15", P_TOTALS, mt_test_has, T_PAYABLE),
    NEED("BR-16", P_DOC, mt_test_has, T_LINES),
    ASK("BR-17", P_PAYEE, names_another_payee, T_OWN, T_OWN,
        "the payee (BG-10) needs a name (BT-59), and is told only where he is not the seller"),
    NEED("BR-18", P_AGENT, mt_test_text, T_AGENT_NAME),
    NEED("BR-19", P_AGENT, mt_test_has, T_AGENT_PLACE),
    NEED("BR-20", P_AGENT_AT, mt_test_text, T_COUNTRY),
    NEED("BR-21", P_LINE, mt_test_text, T_LINE_ID),
    NEED("BR-22", P_LINE, mt_test_has, T_QUANTITY),
    NEED("BR-23", P_LINE, mt_test_has, T_QUANTITY_UNIT),
    NEED("BR-24", P_LINE, mt_test_has, T_LINE_NET),
    NEED("BR-25", P_LINE, mt_test_text, T_ITEM_NAME),
    NEED("BR-26", P_LINE, mt_test_has, T_PRICE),
    ASK("BR-27", P_LINE, is_not_negative, T_PRICE, T_OWN,
        "the net price of a line (BT-146) is never negative; the sign belongs to the quantity"),
    ASK("BR-28", P_LINE, is_not_negative, T_GROSS_PRICE, T_OWN,
        "the gross price of a line (BT-148) is never negative"),
    ASK("BR-29", P_PERIOD, ends_after_start, T_FROM, T_UNTIL,
        "the invoicing period (BG-14) ends before it starts, or one of its days is none"),
    ASK("BR-30", P_LINE_PERIOD, ends_after_start, T_FROM, T_UNTIL,
        "the period of a line (BG-26) ends before it starts, or one of its days is none"),
    NEED("BR-31", P_ALLOWANCE, mt_test_has, T_AMOUNT),
    NEED("BR-32", P_ALLOWANCE, mt_test_has, T_AC_CATEGORY),
    NEED("BR-33", P_ALLOWANCE, mt_test_has, T_AC_REASON),
    NEED("BR-36", P_CHARGE, mt_test_has, T_AMOUNT),
    NEED("BR-37", P_CHARGE, mt_test_has, T_AC_CATEGORY),
    NEED("BR-38", P_CHARGE, mt_test_has, T_AC_REASON),
    NEED("BR-41", P_LINE_ALLOWANCE, mt_test_has, T_AMOUNT),
    NEED("BR-42", P_LINE_ALLOWANCE, mt_test_has, T_AC_REASON),
    NEED("BR-43", P_LINE_CHARGE, mt_test_has, T_AMOUNT),
    NEED("BR-44", P_LINE_CHARGE, mt_test_has, T_AC_REASON),
    NEED("BR-45", P_VAT, mt_test_has, T_TAXABLE),
    NEED("BR-46", P_VAT, mt_test_has, T_VAT),
    NEED("BR-47", P_VAT, mt_test_has, T_CATEGORY),
    ASK("BR-48", P_VAT, has_rate, T_RATE, T_OWN,
        "a VAT breakdown (BG-23) needs its rate (BT-119), unless it is outside of the VAT (category O)"),
    NEED("BR-49", P_PAYMENT, mt_test_has, T_MEANS),
    NEED("BR-50", P_ACCOUNT, mt_test_text, T_ACCOUNT_ID),
    {"BR-51", MT_WARNING, P_CARD, is_short_card, T_OWN, T_OWN, 0,
     "of a card number (BT-87) only its last digits are told: at most ten characters"},
    NEED("BR-52", P_SUPPORT, mt_test_text, T_REFERENCE),
    ASK("BR-53", P_DOC, has_total_in_vat_currency, T_OWN, T_OWN,
        "a currency of the VAT (BT-6) needs the VAT total in that currency (BT-111)"),
    ASK("BR-54", P_PROPERTY, has_both, T_PROPERTY_NAME, T_PROPERTY_VALUE,
        "an item attribute (BG-32) needs a name (BT-160) and a value (BT-161)"),
    NEED("BR-55", P_PRECEDING, mt_test_has, T_PRECEDING_ID),
    NEED("BR-56", P_AGENT, mt_test_has, T_AGENT_ID),
    NEED("BR-57", P_SHIP_AT, mt_test_has, T_COUNTRY),
    ASK("BR-61", P_PAYMENT, pays_into_an_account, T_PAY_ID, T_OWN,
        "a credit transfer (means 30 or 58) needs the account it goes to (BT-84)"),
    NEED("BR-62", P_SELLER_MAIL, mt_test_has, T_MAIL_SCHEME),
    NEED("BR-63", P_BUYER_MAIL, mt_test_has, T_MAIL_SCHEME),
    NEED("BR-64", P_ITEM_STANDARD, mt_test_has, T_SCHEME),
    NEED("BR-65", P_ITEM_CLASS, mt_test_has, T_LIST),
    ASK("BR-CO-03", P_DOC, has_at_most_one, T_TAX_POINT, T_POINT_CODE,
        "the tax point is told as a date (BT-7) or as a code (BT-8), never as both"),
    NEED("BR-CO-04", P_LINE, mt_test_has, T_LINE_CATEGORY),
    NEED("BR-CO-18", P_DOC, mt_test_has, T_BREAKDOWN),
    ASK("BR-CO-19", P_PERIOD, says_when, T_FROM, T_UNTIL,
        "the invoicing period (BG-14) needs a start (BT-73), an end (BT-74) or a tax point code (BT-8)"),
    ASK("BR-CO-20", P_LINE_PERIOD, mt_test_any, T_FROM, T_UNTIL,
        "the period of a line (BG-26) needs a start (BT-134) or an end (BT-135)"),
    NEED("BR-CO-21", P_ALLOWANCE, mt_test_has, T_AC_REASON),
    NEED("BR-CO-22", P_CHARGE, mt_test_has, T_AC_REASON),
    NEED("BR-CO-23", P_LINE_ALLOWANCE, mt_test_has, T_AC_REASON),
    NEED("BR-CO-24", P_LINE_CHARGE, mt_test_has, T_AC_REASON),
    {"BR-CO-25", MT_WARNING, P_DOC, says_how_to_pay, T_DUE, T_TERMS, 0,
     "an amount that is due needs a day (BT-9) or terms of payment (BT-20)"},
    ASK("BR-CO-26", P_SELLER, is_identified, T_SELLER_ID, T_SELLER_LEGAL,
        "the seller needs an identifier (BT-29), a legal registration (BT-30) or a VAT identifier (BT-31)"),
    ASK("MT-01", P_LINE, is_number, T_QUANTITY, T_OWN, "a quantity (BT-129) is a decimal number"),
    ASK("MT-01", P_LINE, is_number, T_PRICE, T_OWN, "a net price (BT-146) is a decimal number"),
    ASK("MT-01", P_LINE, is_number, T_LINE_NET, T_OWN,
        "the net amount of a line (BT-131) is a decimal number"),
    ASK("MT-01", P_VAT, is_number, T_TAXABLE, T_OWN, "a taxable amount (BT-116) is a decimal number"),
    ASK("MT-01", P_VAT, is_number, T_VAT, T_OWN, "a VAT amount (BT-117) is a decimal number"),
    ASK("MT-01", P_VAT, is_number, T_RATE, T_OWN, "a VAT rate (BT-119) is a decimal number"),
    ASK("MT-01", P_TOTALS, is_number, T_PAYABLE, T_OWN, "the amount due (BT-115) is a decimal number"),
    ASK("MT-02", P_DOC, is_day, T_ISSUED, T_OWN, "the issue date (BT-2) is a day of the calendar"),
    ASK("MT-02", P_DOC, is_day, T_DUE, T_OWN, "the payment due date (BT-9) is a day of the calendar"),
    ASK("MT-02", P_DOC, is_day, T_DELIVERED, T_OWN, "the date of delivery (BT-72) is a day of the calendar"),
};
/* clang-format on */

mt_rules mt_rules_presence(void)
{
    return (mt_rules){rules, sizeof rules / sizeof *rules};
}
