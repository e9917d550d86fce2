/* A party of a contract: who pays, who is paid, and what an invoice must say of both.
 *
 * Purpose   The noun that the parties' file, invoices and payment files share.
 * Missing   Texts NULL; days MT_DAY_NONE. What a document needs and a party lacks is found when it is
 *           written.
 * Ownership Texts are borrowed from whoever made the party.
 * Source    EN 16931-1:2017, business groups BG-4 (seller), BG-7 (buyer), BG-16 (payment).
 */
#ifndef MT_TERMS_VPP_PARTY_H
#define MT_TERMS_VPP_PARTY_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_party {
    const char *party_id;
    const char *name; /* BT-27, BT-44 */
    const char *street, *postcode, *city;
    const char *country;                                      /* two letters */
    const char *vat_id;                                       /* BT-31, BT-48: "DE123456789" */
    const char *tax_number;                                   /* BT-32 */
    const char *register_id;                                  /* BT-30, BT-47 */
    const char *contact_name, *contact_phone, *contact_email; /* BT-41 to BT-43 */
    const char *electronic_address, *electronic_scheme;       /* BT-34, BT-49; scheme "EM": an e-mail */
    const char *buyer_reference;                              /* BT-10 */
    const char *iban, *bic;                                   /* where it is paid */
    const char *market_id;                                    /* EIC or code of the market participant */
    const char *datev_account;                                /* of the party in the books */
    mt_day reseller_from, reseller_until; /* validity of its certificate as reseller of electricity */
    bool small_business;                  /* its supplies are exempt */
} mt_party;

MT_END_DECLS
#endif
