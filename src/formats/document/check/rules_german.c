/* What XRechnung asks beyond EN 16931: BR-DE-*, and the rules of Peppol that it took over. */
#include "formats/document/check/rule.h"

#include <string.h>

#include "formats/document/iban.h"

enum { PHONE_DIGITS = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(const char *text, const char *const *word)
{
    for (; text && *word; word++)
        if (strcmp(text, *word) == 0) return true;
    return false;
}

static bool has_tax_identity(mt_rule_case *of)
{
    return mt_test_any(of) || mt_model_has(of->model, of->at, T_AGENT_VAT) ||
           (of->model->place[P_LINE].n > 0 &&
            mt_model_is(of->model, of->model->place[P_LINE].at[0], T_LINE_ANY_CATEGORY, "O"));
}

static bool is_german_type(mt_rule_case *of)
{
    static const char *const types[] = {"326", "380", "384", "389", "381", "875", "876", "877", NULL};
    of->found = mt_case_text(of, T_TYPE);
    return is_one_of(of->found, types);
}

/* "#SKONTO#TAGE=14#PROZENT=2.00#" and, before the last "#", "BASISBETRAG=357.93#". */
static const char *skip_number(const char *at, size_t places)
{
    const char *start = at;
    while (is_digit(*at)) at++;
    if (at == start) return NULL;
    if (places == 0) return at;
    if (*at++ != '.') return NULL;
    for (size_t k = 0; k < places; k++)
        if (!is_digit(*at++)) return NULL;
    return at;
}

static const char *skip_field(const char *at, const char *word, size_t places)
{
    size_t n = strlen(word);
    if (!at || strncmp(at, word, n) != 0) return NULL;
    at += n;
    if (*at == '-' && places == 2) at++;
    at = skip_number(at, places);
    return at && *at == '#' ? at + 1 : NULL;
}

static bool is_discount(const char *line, size_t n)
{
    const char *at = skip_field(line, "#SKONTO#TAGE=", 0);
    at = skip_field(at, "PROZENT=", 2);
    const char *base = skip_field(at, "BASISBETRAG=", 2);
    if (base) at = base;
    while (at && at < line + n && (*at == ' ' || *at == '\r')) at++;
    return at == line + n;
}

static bool are_terms_readable(mt_rule_case *of)
{
    const char *at = mt_case_text(of, T_TERMS);
    of->found = at;
    while (at && *at) {
        size_t n = strcspn(at, "\n"), blank = strspn(at, " \t");
        if (at[blank] == '#' && !is_discount(at + blank, n - blank)) return false;
        at += at[n] ? n + 1 : n;
    }
    return true;
}

static bool is_account(mt_rule_case *of, const char *means, mt_term term)
{
    char iban[MT_IBAN_MAX];
    of->found = mt_case_text(of, term);
    return !mt_model_is(of->model, of->at, T_MEANS, means) || mt_iban_read(of->found, iban);
}

static bool has_iban(mt_rule_case *of)
{
    return is_account(of, "58", T_PAY_ID);
}

static bool has_debit_iban(mt_rule_case *of)
{
    return is_account(of, "59", T_DEBIT_ID);
}

/* Where the means are one of the words: a is there; b and the third are not. */
static bool is_means(const mt_rule_case *of, int list)
{
    static const char *const transfer[] = {"30", "58", NULL}, *const card[] = {"48", "54", "55", NULL};
    static const char *const debit[] = {"59", NULL};
    const char *const *const words[] = {transfer, card, debit};
    return is_one_of(mt_case_text(of, T_MEANS), words[list]);
}

static bool has_its_group(mt_rule_case *of)
{
    return !is_means(of, of->rule->list) || mt_test_has(of);
}

static bool has_no_other_group(mt_rule_case *of)
{
    return !is_means(of, of->rule->list) || !mt_test_any(of);
}

static bool names_what_it_corrects(mt_rule_case *of)
{
    return !mt_model_is(of->model, of->at, T_TYPE, "384") || mt_test_has(of);
}

static bool is_phone(mt_rule_case *of)
{
    size_t digits = 0;
    of->found = mt_case_text(of, T_PHONE);
    for (const char *at = of->found; at && *at; at++) digits += is_digit(*at) ? 1 : 0;
    return !of->found || digits >= PHONE_DIGITS;
}

static bool is_email(mt_rule_case *of)
{
    of->found = mt_case_text(of, T_EMAIL);
    const char *at = of->found ? strchr(of->found, '@') : NULL;
    if (!of->found) return true;
    if (!at || at == of->found || strpbrk(of->found, " \t\r\n") || strchr(at + 1, '@')) return false;
    const char *last = strrchr(at, '.');
    return last && at[1] != '.' && last[1] != '\0' && !strstr(at, "..");
}

static bool is_xrechnung(mt_rule_case *of)
{
    of->found = mt_case_text(of, T_PROFILE);
    return of->found && strncmp(of->found, "urn:cen.eu:en16931:2017#", 24) == 0 &&
           strstr(of->found, "urn:xeinkauf.de:kosit:") != NULL && strstr(of->found, "xrechnung_3.0") != NULL;
}

/* But for the one that the schema of CII demands also where nothing is to be said in it. */
static bool has_no_empty_element(mt_rule_case *of)
{
    for (const mt_tree_node *node = of->at; node; node = mt_tree_following(node, of->at))
        if (!node->child && !*node->text && strcmp(node->name, "ApplicableHeaderTradeDelivery") != 0) {
            of->found = node->name;
            return false;
        }
    return true;
}

static bool has_other_currency(mt_rule_case *of)
{
    const char *currency = mt_case_text(of, T_CURRENCY), *vat = mt_case_text(of, T_TAX_CURRENCY);
    of->found = vat;
    return !vat || !currency || strcmp(vat, currency) != 0;
}

static bool has_percentage_of(mt_rule_case *of)
{
    mt_exact percent = mt_case_exact(of, T_PERCENT), base = mt_case_exact(of, T_BASE);
    if (!percent.there || !base.there) return true;
    mt_exact expected = mt_exact_div(mt_exact_mul(base, percent), mt_exact_int(100));
    mt_exact amount = mt_case_exact(of, T_AMOUNT);
    of->found_exact = amount;
    of->expected = mt_exact_round(expected, 2);
    return mt_exact_near(amount, expected, mt_exact_of("0.0200000001"));
}

static bool has_base_with_percent(mt_rule_case *of)
{
    return mt_case_text(of, T_PERCENT) == NULL || mt_case_text(of, T_BASE) != NULL;
}

static bool has_discounted_price(mt_rule_case *of)
{
    mt_exact gross = mt_case_exact(of, T_GROSS_PRICE), discount = mt_case_exact(of, T_DISCOUNT);
    if (!gross.there || !discount.there) return true;
    return mt_case_equal(of, mt_case_exact(of, T_PRICE), mt_exact_sub(gross, discount));
}

static bool has_unit_of_quantity(mt_rule_case *of)
{
    const char *unit = mt_case_text(of, T_PRICE_UNIT), *quantity = mt_case_text(of, T_QUANTITY_UNIT);
    of->found = unit;
    return !unit || !quantity || strcmp(unit, quantity) == 0;
}

/* Days in one notation compare as texts. */
static bool lies_in_period(mt_rule_case *of)
{
    const mt_tree_node *root = of->model->root;
    const char *first = mt_model_text(of->model, root, T_PERIOD_FROM);
    const char *last = mt_model_text(of->model, root, T_PERIOD_UNTIL);
    const char *from = mt_case_text(of, T_FROM), *until = mt_case_text(of, T_UNTIL);
    bool starts = of->rule->a == T_FROM;
    of->found = starts ? from : until;
    return starts ? !first || !from || strcmp(from, first) >= 0 : !last || !until || strcmp(until, last) <= 0;
}

/* clang-format off */
#define DE(id, place, test, a) {id, MT_ERROR, place, test, a, T_OWN, 0, NULL}
#define SAY(id, severity, place, test, a, b, sentence) {id, severity, place, test, a, b, 0, sentence}

static const mt_rule rules[] = {
    DE("BR-DE-1", P_DOC, mt_test_has, T_PAYMENT),
    DE("BR-DE-2", P_DOC, mt_test_has, T_CONTACT),
    DE("BR-DE-3", P_SELLER_AT, mt_test_text, T_CITY),
    DE("BR-DE-4", P_SELLER_AT, mt_test_text, T_POSTCODE),
    DE("BR-DE-5", P_CONTACT, mt_test_text, T_CONTACT_NAME),
    DE("BR-DE-6", P_CONTACT, mt_test_text, T_PHONE),
    DE("BR-DE-7", P_CONTACT, mt_test_text, T_EMAIL),
    DE("BR-DE-8", P_BUYER_AT, mt_test_text, T_CITY),
    DE("BR-DE-9", P_BUYER_AT, mt_test_text, T_POSTCODE),
    DE("BR-DE-10", P_SHIP_AT, mt_test_text, T_CITY),
    DE("BR-DE-11", P_SHIP_AT, mt_test_text, T_POSTCODE),
    DE("BR-DE-14", P_VAT, mt_test_text, T_RATE),
    DE("BR-DE-15", P_DOC, mt_test_text, T_BUYER_REF),
    SAY("BR-DE-16", MT_ERROR, P_DOC, has_tax_identity, T_SELLER_TAX, T_AGENT,
        "the seller needs a VAT identifier (BT-31), a tax number (BT-32) or a tax representative (BG-11)"),
    SAY("BR-DE-17", MT_WARNING, P_DOC, is_german_type, T_OWN, T_OWN,
        "the type of an XRechnung (BT-3) is one of 326, 380, 381, 384, 389, 875, 876, 877"),
    SAY("BR-DE-18", MT_ERROR, P_DOC, are_terms_readable, T_OWN, T_OWN,
        "a discount in the terms (BT-20) is written as #SKONTO#TAGE=14#PROZENT=2.00#"),
    SAY("BR-DE-19", MT_WARNING, P_PAYMENT, has_iban, T_OWN, T_OWN,
        "a SEPA transfer (58) goes to a valid IBAN (BT-84)"),
    SAY("BR-DE-20", MT_WARNING, P_PAYMENT, has_debit_iban, T_OWN, T_OWN,
        "a SEPA direct debit (59) comes from a valid IBAN (BT-91)"),
    SAY("BR-DE-21", MT_WARNING, P_DOC, is_xrechnung, T_OWN, T_OWN,
        "the specification (BT-24) is that of XRechnung 3.0"),
    {"BR-DE-23-a", MT_ERROR, P_PAYMENT, has_its_group, T_PAY_ACCOUNT, T_OWN, 0,
     "a credit transfer (30, 58) needs the account of the payee (BG-17)"},
    {"BR-DE-23-b", MT_ERROR, P_PAYMENT, has_no_other_group, T_PAY_CARD, T_PAY_MANDATE, 0,
     "a credit transfer (30, 58) has neither card (BG-18) nor direct debit (BG-19)"},
    {"BR-DE-24-a", MT_ERROR, P_PAYMENT, has_its_group, T_PAY_CARD, T_OWN, 1,
     "a payment by card (48, 54, 55) needs the card (BG-18)"},
    {"BR-DE-24-b", MT_ERROR, P_PAYMENT, has_no_other_group, T_PAY_ACCOUNT, T_PAY_MANDATE, 1,
     "a payment by card (48, 54, 55) has neither account (BG-17) nor direct debit (BG-19)"},
    {"BR-DE-25-a", MT_ERROR, P_PAYMENT, has_its_group, T_PAY_MANDATE, T_OWN, 2,
     "a direct debit (59) needs its mandate (BG-19)"},
    {"BR-DE-25-b", MT_ERROR, P_PAYMENT, has_no_other_group, T_PAY_ACCOUNT, T_PAY_CARD, 2,
     "a direct debit (59) has neither account (BG-17) nor card (BG-18)"},
    SAY("BR-DE-26", MT_WARNING, P_DOC, names_what_it_corrects, T_PRECEDING, T_OWN,
        "a corrected invoice (384) names the invoice before it (BG-3)"),
    SAY("BR-DE-27", MT_WARNING, P_CONTACT, is_phone, T_OWN, T_OWN,
        "a telephone number (BT-42) has at least three digits"),
    SAY("BR-DE-28", MT_WARNING, P_CONTACT, is_email, T_OWN, T_OWN,
        "an e-mail address (BT-43) is a name, one @ and a domain"),
    DE("PEPPOL-EN16931-R001", P_DOC, mt_test_has, T_PROCESS),
    SAY("PEPPOL-EN16931-R005", MT_ERROR, P_DOC, has_other_currency, T_OWN, T_OWN,
        "a currency of the VAT (BT-6) is told only where it is not the currency of the invoice (BT-5)"),
    SAY("PEPPOL-EN16931-R008", MT_ERROR, P_DOC, has_no_empty_element, T_OWN, T_OWN,
        "an XRechnung has no empty elements"),
    DE("PEPPOL-EN16931-R010", P_DOC, mt_test_has, T_BUYER_MAIL),
    DE("PEPPOL-EN16931-R020", P_DOC, mt_test_has, T_SELLER_MAIL),
    SAY("PEPPOL-EN16931-R040", MT_ERROR, P_ALLOWANCE, has_percentage_of, T_OWN, T_OWN,
        "an allowance (BT-92) is its percentage (BT-94) of its base amount (BT-93)"),
    SAY("PEPPOL-EN16931-R040", MT_ERROR, P_CHARGE, has_percentage_of, T_OWN, T_OWN,
        "a charge (BT-99) is its percentage (BT-101) of its base amount (BT-100)"),
    SAY("PEPPOL-EN16931-R041", MT_ERROR, P_ALLOWANCE, has_base_with_percent, T_OWN, T_OWN,
        "an allowance with a percentage (BT-94) has a base amount (BT-93)"),
    SAY("PEPPOL-EN16931-R041", MT_ERROR, P_CHARGE, has_base_with_percent, T_OWN, T_OWN,
        "a charge with a percentage (BT-101) has a base amount (BT-100)"),
    SAY("PEPPOL-EN16931-R046", MT_ERROR, P_LINE, has_discounted_price, T_OWN, T_OWN,
        "the net price (BT-146) is the gross price (BT-148) less its discount (BT-147)"),
    SAY("PEPPOL-EN16931-R110", MT_ERROR, P_LINE_PERIOD, lies_in_period, T_FROM, T_OWN,
        "the period of a line (BT-134) does not start before that of the invoice (BT-73)"),
    SAY("PEPPOL-EN16931-R111", MT_ERROR, P_LINE_PERIOD, lies_in_period, T_UNTIL, T_OWN,
        "the period of a line (BT-135) does not end after that of the invoice (BT-74)"),
    SAY("PEPPOL-EN16931-R130", MT_ERROR, P_LINE, has_unit_of_quantity, T_OWN, T_OWN,
        "the base quantity of a price (BT-150) is in the unit of the quantity (BT-130)"),
};
/* clang-format on */

mt_rules mt_rules_german(void)
{
    return (mt_rules){rules, sizeof rules / sizeof *rules};
}
