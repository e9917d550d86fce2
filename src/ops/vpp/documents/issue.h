/* Documents issued: numbered and stored first, written as files then.
 *
 * Purpose   Takes the drafts of one settlement through the store (which numbers them, or says that the
 *           same or another one stands) and onto paper.
 * Shapes    One mt_issued a draft, in their order. Without a store drafts stay drafts.
 * Errors    MT_E_ABSENT  no store where documents are to be issued;  those of storing and writing.
 * Ownership Results live in cx.
 */
#ifndef MT_OPS_VPP_DOCUMENTS_ISSUE_H
#define MT_OPS_VPP_DOCUMENTS_ISSUE_H

#include "ops/vpp/documents/paper.h"
#include "ops/world.h"
#include "store/data/document_store.h"

MT_BEGIN_DECLS

typedef struct mt_issued {
    mt_invoice document;
    const char *status; /* issued, unchanged, differs, draft */
    mt_paper_told told;
} mt_issued;

/* Where documents go, and what their papers can show besides. */
typedef struct mt_issuing {
    mt_store *store; /* NULL: drafts stay drafts */
    mt_paper *paper;
    mt_paper_about about;
} mt_issuing;

/* Writes the files of what was issued or stands unchanged. */
MT_MUST_USE mt_code mt_issue(mt_ctx *cx, const mt_issuing *issuing, mt_invoice *draft, size_t n,
                             mt_issued **out);

/* Cancels what stands for the draft and issues the draft as the next version, both or neither: two
 * mt_issued. *n 0: nothing stands, or the same does. */
MT_MUST_USE mt_code mt_issue_instead(mt_ctx *cx, const mt_issuing *issuing, mt_invoice *draft,
                                     const char *reason, mt_issued **out, size_t *n);

/* What of a draft makes it the same as another: everything but number, version, days of issue and
   sources. */
MT_MUST_USE mt_code mt_issue_digest(mt_ctx *cx, const mt_invoice *draft, const char **out);

/* The party that issues: the buyer of a self-billed document, else the seller. */
const mt_party *mt_issue_issuer(const mt_invoice *document);
/* The other one. */
const mt_party *mt_issue_customer(const mt_invoice *document);

MT_MUST_USE mt_code mt_issue_draft(mt_ctx *cx, mt_document_draft *out, const mt_invoice *document);

MT_END_DECLS
#endif
