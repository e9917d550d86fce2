/* Payable documents as a SEPA credit transfer: the file that a bank takes (ISO 20022 pain.001).
 *
 * Purpose   What is owed goes out once, to an account that can exist, with its document's number.
 * Units     EUR with two decimals, from the documents' gross amounts.
 * Shapes    One payment for each payable document, in their order; one block for each day of execution. The
 *           end-to-end identification is the document's number. Left out, with a reason: drafts, documents in
 *           which the debtor is not the buyer, amounts that are 0 or negative or beyond what SEPA carries,
 *           other currencies, sellers without a valid IBAN, numbers that come twice or are too long.
 *           Texts keep to the SEPA characters: letters with marks lose them (ä is ae), the rest is ".".
 * Time      Execution on the due day, at the earliest on `earliest`.
 * Errors    MT_E_INPUT  the debtor has no name or no valid IBAN, or the message no identification;
 *           MT_E_ABSENT  no document can be paid (the first reason is told); those of `out`.
 * Ownership `out` is borrowed and not finished; the result lives in the context and borrows the documents.
 * Source    ISO 20022 pain.001.001.03 and .09; EPC132-08 and EPC115-06 (customer-to-bank guidelines).
 * Example   merit vpp pay --month 2025-06 --into payments.xml
 */
#ifndef MT_FORMATS_DOCUMENT_PAIN001_H
#define MT_FORMATS_DOCUMENT_PAIN001_H

#include "io/out.h"
#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

typedef struct mt_pain001_options {
    size_t size;
    int version;            /* 9 (0 too): pain.001.001.09; 3: pain.001.001.03 */
    const mt_party *debtor; /* who pays: name, party_id, iban; bic when told */
    const char *message_id; /* at most 35 characters, not used before */
    mt_time created;
    mt_day earliest; /* MT_DAY_NONE: the due days stand */
} mt_pain001_options;

typedef struct mt_pain001_left {
    const mt_invoice *invoice;
    const char *reason;
} mt_pain001_left;

typedef struct mt_pain001_result {
    size_t paid;
    int64_t sum_cent;
    mt_pain001_left *left;
    size_t n_left;
} mt_pain001_result;

MT_MUST_USE mt_code mt_pain001_write(mt_ctx *cx, mt_out *out, mt_pain001_result *result,
                                     const mt_invoice *const *invoice, size_t n,
                                     const mt_pain001_options *options);

MT_END_DECLS
#endif
