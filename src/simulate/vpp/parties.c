/* Invented parties: names that nobody bears, account and tax numbers whose check digits are right. */
#include "simulate/vpp/portfolio.h"

#include <stdio.h>

/* Reseller certificates: 0 none, 1 valid, 2 ended before the first day. */
static const struct {
    const char *party_id, *name, *city;
    int certificate;
    bool small_business;
} trap_owner[] = {
    {"OWN-9900", "Sonnenwind Probebetrieb GmbH & Co. KG", "Musterstadt", 0, false},
    {"OWN-9901", "Wiederverkauf Beispiel Energie GmbH", "Beispielburg", 1, false},
    {"OWN-9902", "Altbescheinigung Muster Solar GmbH", "Musterstadt", 2, false},
    {"OWN-9903", "Kleinbetrieb Erika Mustermann", "Probedorf", 0, true},
};

static const char *const sample_owner[] = {"Solarpark Musterfeld GmbH & Co. KG",
                                           "Windpark Beispielheide GmbH & Co. KG", "Bürgerwind Modellin eG"};

/* Claims for redispatch go to it. */
static const mt_party grid_operator = {.party_id = "grid_operator",
                                       .name = "Verteilnetz Musterland GmbH",
                                       .contact_email = "redispatch@example.net",
                                       .electronic_address = "rechnung@example.net",
                                       .market_id = "9900999000001",
                                       .reseller_from = MT_DAY_NONE,
                                       .reseller_until = MT_DAY_NONE};

enum {
    TRAP_OWNERS = sizeof trap_owner / sizeof *trap_owner,
    SAMPLE_OWNERS = 3,
    ISSUER = 99999,
    GRID_OPERATOR = 99998
};

/* ISO 13616 with ISO 7064 mod 97-10: bank 99999999 is nobody's. DE is 1314. */
static mt_code make_iban(mt_ctx *cx, const char **out, int64_t account)
{
    char digit[40];
    int n = snprintf(digit, sizeof digit, "99999999%010lld131400", (long long)account), rest = 0;
    for (int k = 0; k < n; k++) rest = (rest * 10 + digit[k] - '0') % 97;
    return mt_text_format(cx, out, "DE%02d99999999%010lld", 98 - rest, (long long)account);
}

/* Eight digits and ISO 7064 mod 11,10. */
static mt_code make_vat_id(mt_ctx *cx, const char **out, int64_t number)
{
    int64_t unit = 10000000;
    int product = 10;
    for (; unit; unit /= 10) {
        int sum = (int)((number / unit % 10 + product) % 10);
        product = (sum ? sum : 10) * 2 % 11;
    }
    return mt_text_format(cx, out, "DE%08lld%d", (long long)number, (11 - product) % 10);
}

static mt_code fill_party(mt_ctx *cx, mt_party *p, int64_t number)
{
    p->country = "DE";
    if (!p->city) p->city = "Musterstadt";
    p->postcode = "99999";
    p->contact_name = "Erika Mustermann";
    p->electronic_scheme = "EM";
    p->bic = "MUSTDE99XXX";
    MT_TRY(make_iban(cx, &p->iban, 1000000 + number * 7));
    if (!p->small_business) MT_TRY(make_vat_id(cx, &p->vat_id, 99900000 + number % 100000));
    MT_TRY(mt_text_format(cx, &p->tax_number, "99/999/%05lld", (long long)number % 100000));
    MT_TRY(mt_text_format(cx, &p->street, "Beispielweg %lld", (long long)(number % 200 + 1)));
    MT_TRY(mt_text_format(cx, &p->contact_phone, "+49 30 5550%04lld", (long long)number % 10000));
    MT_TRY(mt_text_format(cx, &p->buyer_reference, "REF-%05lld", (long long)number));
    MT_TRY(mt_text_format(cx, &p->datev_account, "%lld", (long long)(70000 + number % 10000)));
    MT_TRY(mt_text_format(cx, &p->register_id, "HRB %lld", (long long)(900000 + number)));
    return MT_OK;
}

static mt_code make_issuer(mt_ctx *cx, mt_party *p, mt_day first_day)
{
    *p = (mt_party){.party_id = "ISSUER",
                    .name = "Musterstrom Direktvermarktung GmbH",
                    .contact_email = "abrechnung@example.com",
                    .electronic_address = "rechnung@example.com",
                    .market_id = "11XMUSTERSTROM-V",
                    .reseller_from = first_day - 800,
                    .reseller_until = first_day + 400};
    return fill_party(cx, p, ISSUER);
}

static mt_code make_owner(mt_ctx *cx, mt_party *p, size_t k)
{
    *p = (mt_party){.contact_email = "owner@example.org",
                    .electronic_address = "owner@example.org",
                    .reseller_from = MT_DAY_NONE,
                    .reseller_until = MT_DAY_NONE};
    MT_TRY(mt_text_format(cx, &p->party_id, "OWN-%03zu", k + 1));
    if (k < SAMPLE_OWNERS) {
        p->name = sample_owner[k];
    } else {
        MT_TRY(mt_text_format(cx, &p->name, "Anlagenbetrieb Beispiel %zu GmbH", k + 1));
    }
    return fill_party(cx, p, (int64_t)k + 1);
}

static mt_code make_trap_owner(mt_ctx *cx, mt_party *p, size_t k, mt_day first_day)
{
    *p = (mt_party){.party_id = trap_owner[k].party_id,
                    .name = trap_owner[k].name,
                    .city = trap_owner[k].city,
                    .contact_email = "owner@example.org",
                    .electronic_address = "owner@example.org",
                    .small_business = trap_owner[k].small_business,
                    .reseller_from = MT_DAY_NONE,
                    .reseller_until = MT_DAY_NONE};
    if (trap_owner[k].certificate) {
        p->reseller_from = first_day - 700;
        p->reseller_until = trap_owner[k].certificate == 1 ? first_day + 300 : first_day - 60;
    }
    return fill_party(cx, p, 90000 + (int64_t)k);
}

mt_code mt_sim_parties(mt_ctx *cx, mt_party **out, size_t *n, const mt_sim_portfolio *portfolio)
{
    const mt_sim_vpp_rule *rule = portfolio->rule;
    size_t drawn = ((size_t)rule->assets - 5 + 9) / 10, owners = SAMPLE_OWNERS + drawn;
    mt_day first_day = rule->market.first_day;
    mt_party *party;
    MT_TRY(MT_NEW(cx, &party, 2 + owners + TRAP_OWNERS));
    MT_TRY(make_issuer(cx, &party[0], first_day));
    for (size_t k = 0; k < owners; k++) MT_TRY(make_owner(cx, &party[1 + k], k));
    party[1 + owners] = grid_operator;
    MT_TRY(fill_party(cx, &party[1 + owners], GRID_OPERATOR));
    *n = 2 + owners;
    for (size_t k = 0; rule->traps && k < TRAP_OWNERS; k++)
        MT_TRY(make_trap_owner(cx, &party[(*n)++], k, first_day));
    *out = party;
    return MT_OK;
}
