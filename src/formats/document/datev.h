/* Documents as bookings in DATEV's format (EXTF 700, category 21, Buchungsstapel, version 13).
 *
 * Purpose   What was invoiced is posted by the tax adviser's program, without typing.
 * Units     Amounts with two decimals and a comma, never negative: S or H is the first account's side.
 * Shapes    One head line, one line of 125 names, one line for each VAT category of a document: its gross
 *           amount between the party's account and the account of the category. Where the books' owner is the
 *           buyer it is an expense (S) against the party, else the party owes (S) a revenue; a negative
 *           amount turns the side. Lines end with CR LF; characters are Windows-1252, what it lacks is "?".
 * Errors    MT_E_INPUT  a document is a draft, of another owner, in another currency, outside of the fiscal
 *           year, or its party or category has no account; nothing is written then;  those of `out`.
 * Ownership `out` is borrowed and not finished.
 * Source    DATEV developer portal, "DATEV-Format", header and Buchungsstapel.
 * Example   merit vpp book --month 2025-06 --into EXTF_Buchungsstapel.csv
 */
#ifndef MT_FORMATS_DOCUMENT_DATEV_H
#define MT_FORMATS_DOCUMENT_DATEV_H

#include "io/out.h"
#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

typedef struct mt_datev_account {
    const char *account; /* up to 9 digits */
    const char *tax_key; /* BU-Schlüssel; NULL: the account has its own */
} mt_datev_account;

typedef struct mt_datev_options {
    size_t size;
    const char *owner_id;    /* party_id of who keeps these books */
    int64_t adviser, client; /* Beraternummer 1001 to 9999999, Mandantennummer 1 to 99999 */
    mt_day fiscal_year;      /* its first day */
    int account_digits;      /* of general accounts, 4 to 8 */
    mt_time created;
    const char *title;                           /* of the stack, at most 30 characters; NULL: none */
    mt_datev_account expense[MT_VAT_CATEGORIES]; /* by category, for what is bought */
    mt_datev_account revenue[MT_VAT_CATEGORIES]; /* … and sold */
} mt_datev_options;

MT_MUST_USE mt_code mt_datev_write(mt_ctx *cx, mt_out *out, const mt_invoice *const *invoice, size_t n,
                                   const mt_datev_options *options);

MT_END_DECLS
#endif
