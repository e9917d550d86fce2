/* The store's filter with the caller's eyes. */
#include "ops/vpp/documents/stored.h"

#include "formats/document/invoice_json.h"
#include "ops/rights.h"
#include "ops/vpp/portfolio.h"

static bool sees(void *arg, const char *asset_id, const char *owner_id)
{
    return mt_rights_see(arg, asset_id ? asset_id : "", owner_id);
}

static mt_code make_filter(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *args,
                           mt_document_filter *out)
{
    mt_document_filter filter = mt_document_filter_all();
    const mt_rights *rights = mt_world_settings(world)->rights;
    filter.contract_id = args->contract;
    filter.asset_id = args->asset;
    if (args->month)
        MT_TRY(mt_portfolio_month(cx, args->month, &filter.from, &filter.until));
    else if (args->day != MT_DAY_NONE) {
        filter.from = args->day;
        filter.until = args->until == MT_DAY_NONE ? args->day : args->until;
    }
    if (rights) {
        filter.sees = sees;
        filter.arg = (void *)(uintptr_t)rights;
    }
    *out = filter;
    return MT_OK;
}

mt_code mt_stored_list(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *args,
                       const mt_stored_document **out, size_t *n)
{
    mt_store *store;
    mt_document_filter filter;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(make_filter(cx, world, args, &filter));
    return mt_document_store_list(cx, store, out, n, &filter);
}

mt_code mt_stored_read(mt_ctx *cx, const mt_world *world, const char *number, mt_stored_document *stored,
                       mt_invoice *document)
{
    mt_store *store;
    mt_text body;
    const mt_rights *rights = mt_world_settings(world)->rights;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_document_store_get(cx, store, stored, &body, NULL, number));
    if (!mt_rights_see(rights, stored->draft.asset_id ? stored->draft.asset_id : "", stored->draft.owner_id))
        return mt_fail(cx, MT_E_ABSENT, "there is no document %s", number);
    return mt_invoice_json_read(cx, document, number, body);
}

mt_code mt_stored_standing(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *args, bool cancelled,
                           const mt_invoice *const **out, size_t *n)
{
    const mt_stored_document *listed;
    mt_stored_document stored;
    const mt_invoice **list;
    size_t all;
    *n = 0;
    MT_TRY(mt_stored_list(cx, world, args, &listed, &all));
    MT_TRY(MT_NEW(cx, &list, all + 1));
    for (size_t k = 0; k < all; k++) {
        mt_invoice *document;
        if (listed[k].status == MT_DOCUMENT_VOID) continue;
        if (listed[k].status == MT_DOCUMENT_CANCELLED && !cancelled) continue;
        MT_TRY(MT_NEW(cx, &document, 1));
        MT_TRY(mt_stored_read(cx, world, listed[k].number, &stored, document));
        list[(*n)++] = document;
    }
    *out = list;
    return MT_OK;
}
