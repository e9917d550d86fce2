/* Looks for one value that somebody delivered. */
#include "ops/vpp/delivered.h"

static bool asset_has(const mt_desk_asset *a)
{
    for (size_t k = 0; k < a->n_forecast; k++) {
        if (!a->forecast[k].modelled) return true;
    }
    return a->meter_wh || a->live || a->redispatched || a->sold_wh || a->outage_kw;
}

static bool has_trades(const mt_desk *desk)
{
    for (size_t q = 0; q < desk->grid.n; q++) {
        if (desk->own.count[q] || desk->all.count[q]) return true;
    }
    return false;
}

static bool has_any(const mt_desk *desk)
{
    for (int kind = 0; kind < MT_VPP_PRICE_COUNT; kind++) {
        if (desk->price[kind].price) return true;
    }
    for (size_t k = 0; k < desk->n_asset; k++) {
        if (asset_has(&desk->asset[k])) return true;
    }
    return has_trades(desk);
}

mt_code mt_check_delivered(mt_ctx *cx, const mt_portfolio *p)
{
    char first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    if (has_any(p->desk)) return MT_OK;
    mt_day_text(p->first, first);
    mt_day_text(p->last, last);
    return mt_fail(cx, MT_E_ABSENT,
                   "nothing was delivered for %s%s%s: no meter, live point, forecast, trade or price; "
                   "vpp.files lists the days of the files",
                   first, p->last > p->first ? " to " : "", p->last > p->first ? last : "");
}

mt_code mt_check_over(mt_ctx *cx, const mt_portfolio *p, mt_day today)
{
    char last[MT_TIME_TEXT_MAX], now[MT_TIME_TEXT_MAX];
    if (p->last < today) return MT_OK;
    mt_day_text(p->last, last);
    mt_day_text(today, now);
    return mt_fail(cx, MT_E_INPUT,
                   "today is %s, and %s is not over: its documents get numbers from the next day on; "
                   "--draft shows them before",
                   now, last);
}
