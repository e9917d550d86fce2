/* What files of a portfolio deliver, record by record: meters, live points, forecasts, setpoints, prices.
 *
 * Purpose   The nouns between the readers of files and the desk, so that neither knows the other.
 * Units     Power in micro-kW (mt_micro: 1 kW is 1,000,000); prices in micro-EUR/MWh; times in microseconds
 *           UTC. Positive power is fed in.
 * Missing   MT_MICRO_NONE, MT_TIME_NONE.
 */
#ifndef MT_TERMS_VPP_FEED_H
#define MT_TERMS_VPP_FEED_H

#include "terms/trade.h"
#include "terms/vpp/contract.h"
#include "terms/vpp/finding.h"
#include "terms/vpp/party.h"

MT_BEGIN_DECLS

/* Mean power over a quarter hour. */
typedef struct mt_meter_value {
    mt_time start;
    mt_micro power_kw;
} mt_meter_value;

/* Live points in columns, in the order of their file. */
typedef struct mt_live_points {
    size_t n;
    const mt_time *time;
    const mt_micro *power_kw;
    const mt_micro *quality; /* 0 to 1,000,000; NULL: all are good */
} mt_live_points;

/* One period of a forecast. */
typedef struct mt_forecast_value {
    mt_time start, end;
    mt_micro power_kw;
} mt_forecast_value;

typedef struct mt_redispatch_value {
    mt_time start, end;
    bool redispatched;
    mt_micro setpoint_kw; /* missing: switched off */
} mt_redispatch_value;

/* X(symbol, name, what it is) */
/* clang-format off */
#define MT_VPP_PRICE_LIST(X) \
    X(MT_PRICE_OF_DAY_AHEAD,    "day_ahead",          "day-ahead auction") \
    X(MT_PRICE_OF_COMPENSATION, "compensation",       "what the grid operator pays for lost energy") \
    X(MT_PRICE_OF_SHORT,        "rebap_short",        "final imbalance price of a short balancing group") \
    X(MT_PRICE_OF_LONG,         "rebap_long",         "final imbalance price of a long balancing group") \
    X(MT_PRICE_OF_ESTIMATE,     "imbalance_estimate", "estimated imbalance price") \
    X(MT_PRICE_OF_INDEX,        "intraday_index",     "published index of intraday trades")
/* clang-format on */
#define MT_VPP_PRICE_SYMBOL(symbol, name, meaning) symbol,
typedef enum mt_vpp_price { MT_VPP_PRICE_LIST(MT_VPP_PRICE_SYMBOL) MT_VPP_PRICE_COUNT } mt_vpp_price;
#undef MT_VPP_PRICE_SYMBOL

typedef struct mt_price_value {
    mt_time start, end;
    mt_micro price;
} mt_price_value;

/* A technology's market value of a month (1 to 12) or a whole year (month 0), micro-ct/kWh. */
typedef struct mt_market_value {
    int year, month;
    mt_technology technology;
    mt_micro value_ct_kwh;
} mt_market_value;

/* A plant was not or not fully available. */
typedef struct mt_outage_value {
    mt_time start, end;
    mt_micro power_kw; /* taken out of service */
} mt_outage_value;

/* Weather at a plant, measured or forecast, over a period. Missing: NaN. */
typedef struct mt_weather_value {
    mt_time start, end;
    double irradiance_w_m2; /* global, on the horizontal */
    double wind_m_s, wind_height_m;
    double temperature_c;
    double cloud_share;
} mt_weather_value;

/* Where records came from: one file, in the order of its delivery. */
typedef struct mt_vpp_origin {
    const char *name; /* below the folder: "crm/asset_contracts_20250608_043000.csv" */
    mt_time version;  /* the moment in its name; MT_TIME_NONE: none */
    mt_day day;       /* the delivery day in its name; MT_DAY_NONE: none */
    uint64_t bytes;
    const char *sha256; /* 64 hexadecimal digits */
} mt_vpp_origin;

/* Takes what a reader finds. Records are borrowed for the call; `origin` is a number that `begin` gave.
 * NULL members: nobody wants those records. */
typedef struct mt_vpp_taker {
    void *arg;
    mt_code (*begin)(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number);
    mt_code (*contract)(mt_ctx *cx, void *arg, int origin, const mt_contract *contract);
    mt_code (*party)(mt_ctx *cx, void *arg, int origin, const mt_party *party, bool issuer);
    mt_code (*plant)(mt_ctx *cx, void *arg, int origin, const mt_plant *plant);
    mt_code (*meter)(mt_ctx *cx, void *arg, int origin, const char *metering_point,
                     const mt_meter_value *value, size_t n);
    mt_code (*live)(mt_ctx *cx, void *arg, int origin, const char *asset_id, const mt_live_points *points);
    mt_code (*forecast)(mt_ctx *cx, void *arg, int origin, const char *asset_id, mt_time version,
                        const mt_forecast_value *value, size_t n);
    mt_code (*redispatch)(mt_ctx *cx, void *arg, int origin, const char *metering_point,
                          const mt_redispatch_value *value, size_t n);
    mt_code (*price)(mt_ctx *cx, void *arg, int origin, mt_vpp_price kind, const mt_price_value *value,
                     size_t n);
    mt_code (*market_value)(mt_ctx *cx, void *arg, int origin, const mt_market_value *value, size_t n);
    mt_code (*schedule)(mt_ctx *cx, void *arg, int origin, const char *asset_id,
                        const mt_forecast_value *value, size_t n); /* what was sold of the asset */
    mt_code (*outage)(mt_ctx *cx, void *arg, int origin, const char *asset_id, const mt_outage_value *value,
                      size_t n);
    mt_code (*weather)(mt_ctx *cx, void *arg, int origin, const char *asset_id, const mt_weather_value *value,
                       size_t n);
    mt_code (*trades)(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade, size_t n);
    mt_code (*finding)(mt_ctx *cx, void *arg, int origin, const mt_finding *finding);
} mt_vpp_taker;

MT_END_DECLS
#endif
