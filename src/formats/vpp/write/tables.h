/* Writes the tables of a portfolio: contracts, meters, flags, prices, trades, schedules, outages, weather.
 *
 * Purpose   The other side of formats/vpp/csv, and what the simulated portfolio is written with.
 * Units     As the column names of columns.h say.
 * Time      UTC; imbalance files name their clock in a column.
 * Missing   An empty field; a price that is missing is a row that is not there.
 * Errors    MT_E_IO, MT_E_MEMORY.
 * Ownership `out` is not finished, so that a caller may add lines.
 */
#ifndef MT_FORMATS_VPP_WRITE_TABLES_H
#define MT_FORMATS_VPP_WRITE_TABLES_H

#include "base/zone.h"
#include "io/out.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

/* more: also the columns that may be left out. */
MT_MUST_USE mt_code mt_vpp_write_contracts(mt_ctx *cx, mt_out *out, const mt_contract *contract, size_t n,
                                           bool more);

MT_MUST_USE mt_code mt_vpp_write_meter(mt_ctx *cx, mt_out *out, const char *metering_point,
                                       const mt_meter_value *value, size_t n, bool megawatts);

/* The column of setpoints is there when a value has one. */
MT_MUST_USE mt_code mt_vpp_write_redispatch(mt_ctx *cx, mt_out *out, const mt_redispatch_value *value,
                                            size_t n);

MT_MUST_USE mt_code mt_vpp_write_prices(mt_ctx *cx, mt_out *out, const mt_price_value *value, size_t n);

/* Quarter hours; `longs` may be `shorts`. clock NULL: UTC; else the wall clock of CET. */
MT_MUST_USE mt_code mt_vpp_write_rebap(mt_ctx *cx, mt_out *out, const mt_price_value *shorts,
                                       const mt_price_value *longs, size_t n, const mt_zone *clock);
MT_MUST_USE mt_code mt_vpp_write_estimate(mt_ctx *cx, mt_out *out, const mt_price_value *value, size_t n);

MT_MUST_USE mt_code mt_vpp_write_market_values(mt_ctx *cx, mt_out *out, const mt_market_value *value,
                                               size_t n);

typedef struct mt_vpp_trades_look {
    const char *kind; /* "Private" or "Public" */
    mt_day day;
    bool traders;     /* also the columns of trader and strategy */
    size_t megawatts; /* each so-manieth of a call tells its volume in MW; 0: none */
} mt_vpp_trades_look;

/* The comment and the header, then any number of trades. */
MT_MUST_USE mt_code mt_vpp_write_trades_head(mt_ctx *cx, mt_out *out, const mt_vpp_trades_look *look);
MT_MUST_USE mt_code mt_vpp_write_trades(mt_ctx *cx, mt_out *out, const mt_vpp_trades_look *look,
                                        const mt_trade *trade, size_t n);

/* Mean power from the start of each value on. */
MT_MUST_USE mt_code mt_vpp_write_schedule(mt_ctx *cx, mt_out *out, const mt_forecast_value *value, size_t n);
MT_MUST_USE mt_code mt_vpp_write_outage(mt_ctx *cx, mt_out *out, const mt_outage_value *value, size_t n);
MT_MUST_USE mt_code mt_vpp_write_weather(mt_ctx *cx, mt_out *out, const mt_weather_value *value, size_t n);

MT_END_DECLS
#endif
