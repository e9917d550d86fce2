/* Counts by file; neighbouring quarters mostly come from one. */
#include "vpp/invoice/sources.h"

#include <stdlib.h>

typedef struct counted {
    int32_t origin;
    int64_t quarters;
} counted;

typedef struct counts {
    counted *at;
    size_t n, room;
} counts;

static mt_code count(mt_ctx *cx, counts *list, int32_t origin)
{
    if (origin < 0) return MT_OK;
    for (size_t k = list->n; k-- > 0;) {
        if (list->at[k].origin != origin) continue;
        list->at[k].quarters++;
        return MT_OK;
    }
    MT_TRY(mt_ctx_grow(cx, &list->at, list->n, &list->room, sizeof *list->at));
    list->at[list->n++] = (counted){.origin = origin, .quarters = 1};
    return MT_OK;
}

static int32_t price_origin(const mt_desk *desk, mt_vpp_price kind, size_t quarter)
{
    return desk->price[kind].origin ? desk->price[kind].origin[quarter] : -1;
}

static mt_code count_redispatch(mt_ctx *cx, counts *list, const mt_desk *desk,
                                const mt_settlement *settlement, size_t quarter)
{
    if (!settlement->redispatch || !settlement->redispatch[quarter].redispatched) return MT_OK;
    MT_TRY(count(cx, list, settlement->redispatch[quarter].origin));
    if (settlement->contract->scheme != MT_SCHEME_TRANSITIONAL) return MT_OK;
    return count(cx, list, price_origin(desk, MT_PRICE_OF_COMPENSATION, quarter));
}

static mt_code count_quarter(mt_ctx *cx, counts *list, const mt_desk *desk, const mt_settlement *settlement,
                             size_t k)
{
    const mt_settled_quarter *row = &settlement->quarter[k];
    const size_t quarter = settlement->first + k;
    if (row->other) return MT_OK;
    MT_TRY(count(cx, list, row->infeed_wh == MT_WH_NONE ? -1 : row->origin));
    if (settlement->contract->price_model == MT_PRICE_DAY_AHEAD && row->paid_wh > 0)
        MT_TRY(count(cx, list, price_origin(desk, MT_PRICE_OF_DAY_AHEAD, quarter)));
    return count_redispatch(cx, list, desk, settlement, quarter);
}

static int by_origin(const void *a, const void *b)
{
    const counted *x = a, *y = b;
    return (x->origin > y->origin) - (x->origin < y->origin);
}

mt_code mt_invoice_sources(mt_ctx *cx, const mt_invoice_source **out, size_t *n, const mt_desk *desk,
                           const mt_settlement *settlement)
{
    counts list = {0};
    mt_invoice_source *source;
    for (size_t k = 0; k < settlement->n; k++) MT_TRY(count_quarter(cx, &list, desk, settlement, k));
    if (list.n > 1) qsort(list.at, list.n, sizeof *list.at, by_origin);
    MT_TRY(MT_NEW(cx, &source, list.n));
    for (size_t k = 0; k < list.n; k++) {
        const mt_vpp_origin *origin = &desk->origin[list.at[k].origin];
        source[k] = (mt_invoice_source){
            .name = origin->name, .sha256 = origin->sha256, .quarters = list.at[k].quarters};
    }
    *out = source;
    *n = list.n;
    return MT_OK;
}
