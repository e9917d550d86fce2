/* Writes the JSON documents of a portfolio: live points, forecasts, data sheets, parties.
 *
 * Purpose   The other side of formats/vpp/json, and what the simulated portfolio is written with.
 * Units     Live points and forecasts in kW, unless told otherwise; times of live points in milliseconds as
 *           numbers with a decimal, of forecasts in seconds under the unit "ms": so do the desks.
 * Shapes    Indented, one value a line; `out` is not finished.
 * Missing   Members that a plant or a party lacks are left out.
 * Errors    MT_E_IO, MT_E_MEMORY.
 * Cost      About 40 ns a live point.
 */
#ifndef MT_FORMATS_VPP_WRITE_DOCUMENTS_H
#define MT_FORMATS_VPP_WRITE_DOCUMENTS_H

#include "io/out.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

typedef struct mt_vpp_live_look {
    const char *asset_id;
    bool entity_key; /* the key says entity_id */
    bool seconds;    /* under the unit "ms" all the same */
    bool megawatts;
} mt_vpp_live_look;

MT_MUST_USE mt_code mt_vpp_write_live(mt_ctx *cx, mt_out *out, const mt_vpp_live_look *look,
                                      const mt_live_points *points);

typedef struct mt_vpp_forecast_look {
    const char *asset_id;
    bool solar;
    mt_time version;
    bool watts;
} mt_vpp_forecast_look;

MT_MUST_USE mt_code mt_vpp_write_forecast(mt_ctx *cx, mt_out *out, const mt_vpp_forecast_look *look,
                                          const mt_forecast_value *value, size_t n);

/* whole_kw: capacities without a decimal, as older sheets have them. */
MT_MUST_USE mt_code mt_vpp_write_sheets(mt_ctx *cx, mt_out *out, const mt_plant *plant, size_t n,
                                        bool whole_kw);

/* The first is the issuer. */
MT_MUST_USE mt_code mt_vpp_write_parties(mt_ctx *cx, mt_out *out, const mt_party *party, size_t n);

MT_END_DECLS
#endif
