/* A document as it stands in its table: what the rooms that put and read documents share.
 *
 * Purpose   Nothing outside this folder includes it.
 */
#ifndef MT_STORE_DATA_DOCUMENT_ROW_H
#define MT_STORE_DATA_DOCUMENT_ROW_H

#include "store/data/answer.h"
#include "store/data/document_store.h"

MT_BEGIN_DECLS

#define MT_DOCUMENT_LISTED                                                                                   \
    "issuer, number, kind, contract_id, asset_id, owner_id, period_from, period_until, version, issued, "    \
    "status, void_reason, cancels, net_cent, vat_cent, gross_cent, digest, stored_at"

typedef struct mt_document_row {
    mt_stored_document d;
    const char *kind, *status, *body;
} mt_document_row;

/* The last column is the body; what was not given stands as "" in columns that are part of a key. */
extern const mt_field mt_document_field[];

/* Words become kinds, "" becomes NULL again. */
void mt_document_row_finish(mt_document_row *row);

/* Those of one number; `issuer` NULL: of any. */
MT_MUST_USE mt_code mt_document_row_read(mt_ctx *cx, mt_document_row **out, size_t *n, mt_tx *tx,
                                         const char *issuer, const char *number);

static inline const char *mt_document_text(const char *text)
{
    return text ? text : "";
}

MT_END_DECLS
#endif
