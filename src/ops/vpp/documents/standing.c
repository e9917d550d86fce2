/* A sorted list of what stands, and marks on it. */
#include "ops/vpp/documents/standing.h"

#include <stdlib.h>
#include <string.h>

static const char *contract_of(const mt_standing_document *document)
{
    const char *contract = document->stored.draft.contract_id;
    return contract ? contract : "";
}

static int by_contract(const void *a, const void *b)
{
    const mt_standing_document *x = a, *y = b;
    int order = strcmp(contract_of(x), contract_of(y));
    if (order) return order;
    if (x->stored.draft.from != y->stored.draft.from)
        return x->stored.draft.from < y->stored.draft.from ? -1 : 1;
    return strcmp(x->stored.number, y->stored.number);
}

mt_code mt_standing_read(mt_ctx *cx, mt_standing *out, const mt_world *world, const struct mt_desk_args *args)
{
    const mt_stored_document *listed;
    mt_standing standing = {.cx = cx};
    size_t n;
    MT_TRY(mt_stored_list(cx, world, args, &listed, &n));
    MT_TRY(MT_NEW(cx, &standing.document, n + 1));
    for (size_t k = 0; k < n; k++) {
        if (listed[k].status != MT_DOCUMENT_ISSUED || listed[k].draft.kind == MT_DOC_CORRECTION) continue;
        standing.document[standing.n++].stored = listed[k];
    }
    if (standing.n > 1) qsort(standing.document, standing.n, sizeof *standing.document, by_contract);
    *out = standing;
    return MT_OK;
}

/* The first that is not before the contract. */
static mt_standing_document *seek(const mt_standing *standing, const char *contract_id)
{
    size_t low = 0, high = standing->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(contract_of(&standing->document[middle]), contract_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return standing->document + low;
}

static bool is_of(const mt_standing *standing, const mt_standing_document *at, const char *contract_id)
{
    return at < standing->document + standing->n && strcmp(contract_of(at), contract_id) == 0;
}

const mt_standing_document *mt_standing_answer(mt_standing *standing, const mt_invoice *draft)
{
    if (!standing->n) return NULL;
    mt_standing_document *at = seek(standing, draft->contract_id);
    for (; is_of(standing, at, draft->contract_id); at++) {
        const mt_document_draft *d = &at->stored.draft;
        if (d->kind != draft->kind || d->from != draft->from || d->until != draft->until) continue;
        at->answered = true;
        return at;
    }
    return NULL;
}

mt_standing_document *mt_standing_overlap(const mt_standing *standing, const mt_standing_document *after,
                                          const mt_invoice *draft)
{
    if (!standing->n) return NULL;
    mt_standing_document *at =
        after ? standing->document + (after - standing->document) + 1 : seek(standing, draft->contract_id);
    for (; is_of(standing, at, draft->contract_id); at++) {
        const mt_document_draft *d = &at->stored.draft;
        if (at->answered || d->kind != draft->kind) continue;
        if (d->from == draft->from && d->until == draft->until) continue;
        if (d->from <= draft->until && draft->from <= d->until) return at;
    }
    return NULL;
}

mt_code mt_standing_blame(mt_standing *standing, const char *contract_id, const char *fault)
{
    const char *kept = NULL;
    if (!standing->n) return MT_OK;
    mt_standing_document *at = seek(standing, contract_id);
    if (!is_of(standing, at, contract_id)) return MT_OK;
    MT_TRY(mt_text_copy(standing->cx, &kept, mt_text_of(fault)));
    for (; is_of(standing, at, contract_id); at++) at->fault = kept;
    return MT_OK;
}

bool mt_standing_inside(const mt_standing_document *document, mt_day first, mt_day last)
{
    return document->stored.draft.from >= first && document->stored.draft.until <= last;
}
