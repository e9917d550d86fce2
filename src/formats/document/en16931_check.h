/* Does an electronic invoice keep the rules of EN 16931, and those of XRechnung where it says so?
 *
 * Purpose   What is sent is checked before it leaves, what arrives is checked before it is believed: UBL
 *           (invoice and credit note) and CII, by one set of rules.
 * Shapes    Findings in the order of the families: presence (BR-*), codes (BR-CL-*), sums (BR-CO-*, BR-DEC-*,
 *           PEPPOL-EN16931-R120), VAT (BR-S-*, BR-AE-*, BR-E-*, BR-O-*, …), UBL (UBL-*), XRechnung (BR-DE-*,
 *           PEPPOL-*). MT-01 and MT-02 are Merit's own: what is no number, and no day.
 *           A rule that fails at several elements is found as often.
 * Errors    MT_E_INPUT  no XML, or no invoice;  MT_E_TOO_LARGE  beyond the limits of check/tree.h, or more
 *           than 1,000 VAT breakdowns. A rule that does not hold is no error but a finding.
 * Ownership The report lives in the context.
 * Cost      O(elements) for each rule: 0.7 ms for an invoice of 3 lines, 0.35 s for one of 3,000.
 * Source    EN 16931-1:2017 section 6.4; XRechnung 3.0. The rules' ids are those of the published artefacts,
 *           the sentences are ours.
 * Example   merit vpp check-invoice --file invoice.xml
 */
#ifndef MT_FORMATS_DOCUMENT_EN16931_CHECK_H
#define MT_FORMATS_DOCUMENT_EN16931_CHECK_H

#include "formats/document/check/tree.h"
#include "terms/vpp/finding.h"

MT_BEGIN_DECLS

typedef struct mt_en16931_finding {
    const char *rule; /* "BR-CO-10" */
    mt_severity severity;
    const char *sentence; /* which value, what would be right */
    const char *element;  /* at which it was found */
    uint64_t line;
} mt_en16931_finding;

typedef struct mt_en16931_report {
    const char *syntax;  /* "UBL", "CII" */
    const char *profile; /* BT-24; NULL: none */
    bool xrechnung;      /* its rules were asked too */
    mt_en16931_finding *finding;
    size_t n, errors, warnings;
} mt_en16931_report;

/* `name` is the document's name in messages. */
MT_MUST_USE mt_code mt_en16931_check(mt_ctx *cx, mt_en16931_report *out, const char *name, mt_text bytes);

/* Of an invoice that is part of a larger tree. */
MT_MUST_USE mt_code mt_en16931_check_tree(mt_ctx *cx, mt_en16931_report *out, const mt_tree_node *invoice);

size_t mt_en16931_rules(void); /* how many there are */

MT_END_DECLS
#endif
