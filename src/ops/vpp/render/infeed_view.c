/* The infeed of a period as charts show it. */
#include "ops/vpp/render/infeed_view.h"

struct maker {
    mt_infeed_view view;
    mt_time *time;
    double *mwh[MT_INFEED_SOURCES];
    mt_day last;
};

static mt_code begin(mt_ctx *cx, struct maker *maker, mt_grid grid, const mt_zone *zone)
{
    *maker = (struct maker){.view = {.zone = zone}, .last = MT_DAY_NONE};
    maker->view.by_day = (mt_time)grid.n * grid.step > MT_VIEW_QUARTER_DAYS * (MT_US_DAY + MT_US_HOUR);
    MT_TRY(MT_NEW(cx, &maker->time, grid.n ? grid.n : 1));
    for (int s = 0; s < MT_INFEED_SOURCES; s++) {
        MT_TRY(MT_NEW(cx, &maker->mwh[s], grid.n ? grid.n : 1));
        maker->view.mwh[s] = maker->mwh[s];
    }
    maker->view.time = maker->time;
    return MT_OK;
}

/* The place of that quarter: its own, or that of its local day. Quarters come in order. */
static size_t place(struct maker *maker, mt_time t)
{
    mt_day day = maker->view.by_day ? mt_day_at(maker->view.zone, t) : MT_DAY_NONE;
    if (!maker->view.by_day || day != maker->last || maker->view.n == 0) {
        maker->time[maker->view.n++] = maker->view.by_day ? mt_day_start(maker->view.zone, day) : t;
        maker->last = day;
    }
    return maker->view.n - 1;
}

mt_code mt_infeed_view_settled(mt_ctx *cx, mt_infeed_view *out, const mt_settlement *settlement, mt_grid grid,
                               const mt_zone *zone)
{
    struct maker maker;
    grid.start += (mt_time)settlement->first * grid.step;
    grid.n = settlement->quarter ? settlement->n : 0;
    MT_TRY(begin(cx, &maker, grid, zone));
    for (size_t k = 0; k < grid.n; k++) {
        const mt_settled_quarter *quarter = &settlement->quarter[k];
        size_t at = place(&maker, grid.start + (mt_time)k * grid.step);
        if (quarter->infeed_wh > 0) maker.mwh[quarter->source][at] += (double)quarter->infeed_wh / 1e6;
    }
    *out = maker.view;
    return MT_OK;
}

mt_code mt_infeed_view_sum(mt_ctx *cx, mt_infeed_view *out, const mt_infeed_sum *sum, mt_grid grid,
                           const mt_zone *zone)
{
    struct maker maker;
    MT_TRY(begin(cx, &maker, grid, zone));
    for (size_t k = 0; k < grid.n; k++) {
        size_t at = place(&maker, grid.start + (mt_time)k * grid.step);
        for (int s = 0; s < MT_INFEED_SOURCES; s++) {
            if (sum[k].wh_of[s] > 0) maker.mwh[s][at] += (double)sum[k].wh_of[s] / 1e6;
        }
    }
    *out = maker.view;
    return MT_OK;
}
