/* The columns of a document in results, the same in every operation that shows one. */
#ifndef MT_OPS_VPP_DOCUMENTS_DOCUMENT_ROWS_H
#define MT_OPS_VPP_DOCUMENTS_DOCUMENT_ROWS_H

#include "base/rows/emit.h"
#include "ops/vpp/documents/issue.h"

MT_BEGIN_DECLS

struct mt_document_row {
    const char *contract, *asset, *kind, *number;
    int64_t version;
    const char *status;
    mt_day from, until, issued, due;
    int64_t net, vat, gross; /* micro-EUR */
    int64_t quarters, missing;
    const char *cancels, *einvoice, *files, *fault;
};

extern const mt_field mt_document_col[];

struct mt_document_row mt_document_row_of(const mt_issued *issued);

MT_END_DECLS
#endif
