/* What the tests of settlement share beyond testing.h: all rooms below a settlement, over one desk.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Example   case_desk d; case_open(&d, "2025-06-08", 1); … case_rooms r; case_all(&d, &r); … case_close(&d);
 */
#ifndef MT_VPP_SETTLE_CASE_H
#define MT_VPP_SETTLE_CASE_H

#include "vpp/curtail.h"
#include "vpp/testing.h"

enum { CASE_ASSETS = 8 };

typedef struct case_rooms {
    const mt_desk *desk;
    const mt_infeed_quarter *infeed[CASE_ASSETS];
    const mt_redispatch_quarter *redispatch[CASE_ASSETS];
    const mt_curtail_quarter *curtail[CASE_ASSETS];
} case_rooms;

/* Finishes the desk, and finds infeed, redispatch and curtailment of each asset. */
CASE_UNUSED static void case_all(case_desk *d, case_rooms *r)
{
    r->desk = case_finish(d);
    assert_true(r->desk->n_asset <= CASE_ASSETS);
    for (size_t k = 0; k < r->desk->n_asset; k++) {
        const mt_desk_asset *asset = &r->desk->asset[k];
        case_ok(d, mt_infeed(&d->cx, &r->infeed[k], r->desk, asset));
        case_ok(d, mt_redispatch(&d->cx, &r->redispatch[k], r->desk, asset, r->infeed[k]));
        case_ok(d, mt_curtail(&d->cx, &r->curtail[k], r->desk, asset, r->infeed[k], r->redispatch[k]));
    }
}

/* 96 values: `inside` from … to - 1, else `outside`. */
CASE_UNUSED static mt_micro *case_span(case_desk *d, int from, int to, mt_micro inside, mt_micro outside)
{
    mt_micro *out = NULL;
    case_ok(d, mt_ctx_alloc(&d->cx, &out, 96, sizeof *out));
    for (int k = 0; k < 96; k++) out[k] = k >= from && k < to ? inside : outside;
    return out;
}

CASE_UNUSED static mt_day case_day(const char *text)
{
    mt_day day = 0;
    if (!mt_day_parse(text, strlen(text), &day)) fail_msg("%s", text);
    return day;
}

#endif
