/* The desk: everything a portfolio's files said about a range of days, in quarter hours, with where it
 * came from.
 *
 * Purpose   Takes records in any order (contracts, plants, meters, live points, forecasts, setpoints,
 *           prices, trades), judges them by the rules of docs/guides/vpp.md, and lays them out in
 *           columns on one grid of quarters, so that infeed, imbalance, redispatch, invoices and reports
 *           are plain loops.
 * Units     Energy int64 Wh of the quarter, positive into the grid; prices micro-EUR/MWh; power micro-kW.
 * Shapes    Local days first..last of the zone: grid.n quarters from the first instant of `first`.
 *           Columns have grid.n places; a column that nobody delivered is NULL. An origin is an index
 *           into `origin`, -1 none.
 * Missing   INT64_MIN in energies, MT_MICRO_NONE in prices and powers.
 * Errors    MT_E_INPUT  first after last, or more than 400 days;  MT_E_CONFLICT  a record after
 *           mt_desk_finish;  MT_E_MEMORY. Bad records are findings, never errors.
 * Ownership mt_desk_open/_close; everything the desk shows is its own until closed. Records are borrowed
 *           for the call.
 * Threads   One context at a time while it is filled; constant after mt_desk_finish and then read by many.
 *           Live points of different assets may be added by different threads through mt_desk_live_fold.
 * Time      With as_of, files of a later moment, forecasts of a later version, trades executed later and
 *           what was measured later are not known. Values a month before the range may be given: a model
 *           may learn from metered ones; and day-ahead prices of the day before and behind it.
 * Cost      O(1) a live point: 8 to 12 bytes until mt_desk_finish folds it into its quarter, because its
 *           capacity may come after it. About 100 bytes a quarter and asset; forecasts as delivered.
 */
#ifndef MT_VPP_DESK_H
#define MT_VPP_DESK_H

#include "base/calendar.h"
#include "terms/vpp/feed.h"
#include "vpp/exact.h"

MT_BEGIN_DECLS

typedef struct mt_desk_options {
    size_t size; /* sizeof(mt_desk_options) */
    mt_day first, last;
    const mt_zone *zone; /* of delivery days: Europe/Berlin */
    mt_time live_hold;   /* a point stands until the next, at most so long; 0: 120 s */
    mt_micro live_share; /* of a quarter that good points must cover; 0: 0.8 */
    mt_time as_of;       /* nothing known later is used; MT_TIME_NONE: all */
    bool all_assets;     /* false: only those that `sees` allows */
    bool (*sees)(void *arg, const char *asset_id, const char *owner_id);
    void *arg;
} mt_desk_options;

/* One delivered forecast: step is a multiple of a quarter; kw[k] from start + k * step on. */
typedef struct mt_desk_forecast {
    mt_time version, start, step;
    size_t n;
    const mt_micro *power_kw; /* missing: not forecast */
    int origin;
    bool modelled; /* made by the desk, not delivered */
} mt_desk_forecast;

/* What live points say of a quarter. */
typedef struct mt_live_quarter {
    int64_t wh;      /* by the time-weighted mean of the good points; MT_WH_NONE: none */
    int32_t good_ms; /* covered by good points, of 900,000 */
    int32_t origin;
} mt_live_quarter;

typedef struct mt_desk_asset {
    const char *asset_id;
    const mt_plant *plant;          /* of the last day; NULL: no data sheet */
    int64_t capacity_w;             /* of the last day: data sheet, else contract; MT_MICRO_NONE: unknown */
    const int64_t *capacity_by_day; /* options.last - options.first + 1 places, W */
    /* Those that touch the range, by begin, without overlaps: of one that another interrupts or cuts
     * short the pieces stand here, each with the begin and end that the other leaves it. */
    const mt_contract *const *contract;
    size_t n_contract;
    const char *owner_id; /* party, or NULL */
    const int64_t *meter_wh;
    const int32_t *meter_origin;
    const mt_live_quarter *live;
    const uint8_t *redispatched; /* 0 or 1 */
    const mt_micro *setpoint_kw; /* 0: switched off */
    const int32_t *redispatch_origin;
    const int64_t *sold_wh; /* schedule of the asset */
    const mt_micro *outage_kw;
    const mt_weather_value *weather;  /* by quarter, of the newest file that has it; NULL: none */
    const mt_desk_forecast *forecast; /* by version ascending */
    size_t n_forecast;
} mt_desk_asset;

typedef struct mt_desk_prices {
    const mt_micro *price; /* NULL: none was delivered */
    const int32_t *origin;
} mt_desk_prices;

/* Trades of one kind, folded into the quarters of their delivery (vpp/trade_fold.h says how). Columns are
 * never NULL. Trades that cannot be, and second ones of a number, are findings and not among these. */
typedef struct mt_desk_trades {
    int64_t trades; /* also those outside the range */
    int64_t hourly, quarterly;
    int64_t *bought_wh, *sold_wh;     /* by quarter */
    int64_t *bought_ueur, *sold_ueur; /* price x volume, signed as the price */
    int64_t *count;
    const mt_trade *trade; /* private trades only: each, in the order of files */
    size_t n;
} mt_desk_trades;

typedef struct mt_desk {
    mt_desk_options options;
    mt_grid grid;
    const mt_desk_asset *asset; /* by asset_id */
    size_t n_asset;
    const mt_vpp_origin *origin;
    size_t n_origin;
    const mt_finding *finding;
    size_t n_finding;
    mt_desk_prices price[MT_VPP_PRICE_COUNT];
    const mt_market_value *market_value;
    size_t n_market_value;
    mt_desk_trades own, all; /* private and public */
    const mt_party *issuer;  /* NULL: none */
    const mt_party *party;
    size_t n_party;
} mt_desk;

typedef struct mt_desk_maker mt_desk_maker;

MT_API MT_MUST_USE mt_code mt_desk_open(mt_ctx *cx, mt_desk_maker **out, const mt_desk_options *options);
MT_API void mt_desk_close(mt_desk_maker *maker); /* NULL allowed; ends what mt_desk_finish gave */

/* The desk as the taker of readers; lives as long as the maker. */
MT_API const mt_vpp_taker *mt_desk_taker(mt_desk_maker *maker);

/* Sorts, judges, lays out. */
MT_API MT_MUST_USE mt_code mt_desk_finish(mt_ctx *cx, mt_desk_maker *maker, const mt_desk **out);

/* Folds one asset's points outside of the desk: for threads. Points of one fold must come in the order
 * of their files' days. mt_desk_live_add hands the result to the maker and frees it. */
typedef struct mt_live_fold mt_live_fold;
MT_API MT_MUST_USE mt_code mt_desk_live_fold(mt_ctx *cx, mt_live_fold **out, const mt_desk_maker *maker);
MT_API MT_MUST_USE mt_code mt_live_fold_add(mt_ctx *cx, mt_live_fold *fold, const mt_live_points *points);
MT_API MT_MUST_USE mt_code mt_desk_live_add(mt_ctx *cx, mt_desk_maker *maker, int origin,
                                            const char *asset_id, mt_live_fold *fold);
MT_API void mt_live_fold_close(mt_live_fold *fold); /* of one that was not added; NULL allowed */

/* For rooms that look at a desk. */
MT_API const mt_desk_asset *mt_desk_asset_find(const mt_desk *desk, const char *asset_id); /* NULL: none */
MT_API const mt_contract *mt_desk_contract_at(const mt_desk *desk, const mt_desk_asset *asset,
                                              size_t quarter);
MT_API const mt_party *mt_desk_party_find(const mt_desk *desk, const char *party_id);
MT_API mt_micro mt_desk_price_at(const mt_desk *desk, mt_vpp_price kind,
                                 size_t quarter); /* or MT_MICRO_NONE */
/* The day-ahead price of a quarter counted from the range's first, up to a day before or behind the range
 * too: what was delivered beside it, else MT_MICRO_NONE. */
MT_API mt_micro mt_desk_day_ahead_near(const mt_desk *desk, ptrdiff_t quarter);
MT_API mt_micro mt_desk_vwap_at(const mt_desk *desk, size_t quarter); /* public VWAP */
MT_API size_t mt_desk_day_index(const mt_desk *desk, size_t quarter); /* 0: first day */
/* True: good live points cover enough of the quarter. */
MT_API bool mt_desk_live_counts(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter);
/* By meter, else by live points that count; MT_WH_NONE: not measured. */
MT_API int64_t mt_desk_measured_wh(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter);

MT_END_DECLS
#endif
