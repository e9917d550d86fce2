/* What stands for days that are settled again: so that nothing is billed twice and nothing is forgotten.
 *
 * Purpose   Documents stand for a contract, a kind and a period. Days may be cut otherwise later (a day, then
 *           its month; a contract that ends earlier), and what was owed may be owed no more (a flag of
 *           redispatch that was taken back, a contract that has gone). This list holds what stands for the
 *           days, finds what stands in a draft's way, and keeps in mind what no draft has answered.
 * Shapes    Issued documents whose period touches the days, without cancellations, by contract.
 * Ownership The list lives in the context it was read with; it outlives the settlements.
 * Cost      One query; a draft is looked up in O(log n).
 */
#ifndef MT_OPS_VPP_DOCUMENTS_STANDING_H
#define MT_OPS_VPP_DOCUMENTS_STANDING_H

#include "ops/vpp/documents/stored.h"

MT_BEGIN_DECLS

typedef struct mt_standing_document {
    mt_stored_document stored;
    const char *fault; /* why its contract cannot be priced now; NULL: it can, or nobody asked */
    bool answered;     /* a draft of its period was seen, or it was cancelled */
} mt_standing_document;

typedef struct mt_standing {
    mt_ctx *cx;
    mt_standing_document *document;
    size_t n;
} mt_standing;

MT_MUST_USE mt_code mt_standing_read(mt_ctx *cx, mt_standing *out, const mt_world *world,
                                     const struct mt_desk_args *args);

/* The one of the draft's contract, kind and period, which is then answered; NULL: there is none. */
const mt_standing_document *mt_standing_answer(mt_standing *standing, const mt_invoice *draft);

/* The next of the draft's contract and kind after `after` (NULL: the first) with another period that shares
 * days with the draft's and is not answered; NULL: no more. */
mt_standing_document *mt_standing_overlap(const mt_standing *standing, const mt_standing_document *after,
                                          const mt_invoice *draft);

/* No document of the contract is forgotten: it cannot be priced now. */
MT_MUST_USE mt_code mt_standing_blame(mt_standing *standing, const char *contract_id, const char *fault);

/* Whether its period lies inside the days. */
bool mt_standing_inside(const mt_standing_document *document, mt_day first, mt_day last);

MT_END_DECLS
#endif
