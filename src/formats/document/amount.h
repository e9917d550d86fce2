/* Exact decimals as documents write them, and what both syntaxes of an e-invoice say of one document.
 *
 * Purpose   UBL, CII and payment files take their numbers and derived texts from here, so that they cannot
 *           differ.
 * Units     Cents, micro-percent and millionths as in terms/vpp/invoice.h.
 * Errors    MT_E_INPUT  the document is a draft without number or day, or something in it cannot be told in
 *           EN 16931: a negative price, no line, a currency that is no code.
 * Ownership Texts live in the context.
 */
#ifndef MT_FORMATS_DOCUMENT_AMOUNT_H
#define MT_FORMATS_DOCUMENT_AMOUNT_H

#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

/* What a document says that it keeps to (BT-24): the second for XML inside a PDF (ZUGFeRD, Factur-X). */
#define MT_PROFILE_XRECHNUNG "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
#define MT_PROFILE_EN16931   "urn:cen.eu:en16931:2017"

/* The business process of an invoice (BT-23). */
#define MT_PROCESS_BILLING "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

enum { MT_AMOUNT_TEXT_MAX = 32, MT_PAY_BY_SEPA = 58, MT_PAY_UNDEFINED = 1 };

/* `value` x 10^-`decimals`, without zeros at the end beyond `least` places; decimals 0 to 18. */
size_t mt_amount_text(int64_t value, int decimals, int least, char out[MT_AMOUNT_TEXT_MAX]);
const char *mt_amount_cents(char out[MT_AMOUNT_TEXT_MAX], int64_t cents); /* "-12.30"; returns `out` */

/* What the syntaxes derive from a document in the same manner. */
typedef struct mt_einvoice {
    const mt_invoice *of;
    const char *profile;
    const char *note;            /* BT-22; says "Gutschrift" where the buyer issues it */
    const char *buyer_reference; /* BT-10; the contract where the buyer gave none */
    const char *seller_id, *buyer_id;
    const char *terms;                     /* BT-20, where no day of payment is told */
    const char *seller_vat_id;             /* none in a document outside of the VAT (BR-O-02) */
    const char *buyer_vat_id;              /* likewise */
    const char *type_code, *payment_means; /* BT-3, BT-81 */
} mt_einvoice;

MT_MUST_USE mt_code mt_einvoice_of(mt_ctx *cx, mt_einvoice *out, const mt_invoice *invoice,
                                   const char *profile);

MT_END_DECLS
#endif
