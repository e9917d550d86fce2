/* A folder of a portfolio's files, as route-to-market desks have them: found, told apart, read record by
 * record.
 *
 * Purpose   Recognises each file below a folder by its place and name (and, where the name says nothing, by
 *           its header), brings them into the order in which they were delivered, and reads each into a
 *           taker.
 * Shapes    Known files, any of them also as .gz or .zst:
 *             crm/asset_contracts_YYYYMMDD_HHMMSS.csv          contracts; columns by name, more than the
 *             usual
 *                                                              ones are optional (see docs/guides/vpp.md)
 *             crm/parties*.json                                issuer and owners
 *             vpp/technical_data/technical_data_<ISO>Z.json    plants
 *             vpp/live_measured_infeed/<X>_YYYYMMDD.json       live points; asset_id or entity_id in `key`
 *             vpp/forecasts/<asset>_<version>.json             one version each
 *             distribution_system_operator/final_production_<MP>_YYYYMMDD.csv
 *             distribution_system_operator/redispatch_flag_<MP>_YYYYMMDD_HHMM.csv   optional setpoint_kw
 *             distribution_system_operator/redispatch_compensation_YYYY-MM-DD.csv
 *             exchange/Private_Trades-….csv|.json, exchange/Public_Trades-….csv|.json
 *             exchange/epex_trades_YYYYMMDD.csv                trades of the trades API: hours, cents, MW
 *             exchange/day_ahead_price_*.csv, exchange/intraday_index_*.csv
 *             imbalance/imbalance_price_final_*.csv, imbalance/imbalance_price_estimation_*.csv
 *             market/market_values_*.csv                       period,technology,value__ct_per_kwh_
 *             schedule/schedule_<asset>_YYYYMMDD.csv           delivery_start__utc_,power__kw_
 *             outage/outage_<asset>_*.csv
 *             outage_start__utc_,outage_end__utc_,power__kw_
 *           Names may carry a first part of the day in their folder ("…/20250608/…" is no difference).
 *             weather/weather_<asset>_YYYYMMDD_HHMMSS.csv      start__utc_,end__utc_,irradiance__w_per_m2_,
 *                                                              wind_speed__m_per_s_,wind_height__m_,
 *                                                              temperature__c_,cloud__share_
 * Units     Those of the file's own words (kW, MW, kWh, MWh, W), brought to terms/vpp/feed.h; exact: a
 *           decimal becomes millionths, rounded half away from zero beyond the sixth place.
 * Time      "seconds_for_ms": numbers below 10^11 in a column of milliseconds are seconds. Texts with an
 *           offset or " UTC" are instants; imbalance files name UTC or CET in a column (CET: wall clock of
 *           Europe/Berlin, both autumn hours by their order). No number is a time before 2000.
 *           A day in a name is its beginning in UTC as a version; a moment without an offset is one in UTC.
 * Errors    A file that is damaged becomes a finding (bad_file with the sentence) and the others go on;
 *           rows that are none become bad_row. Codes: MT_E_ABSENT  no such folder, or none of its files
 *           is known (with what was looked for);  what the taker returns;  MT_E_IO, MT_E_MEMORY.
 *           A file is given whole or not at all; trades alone are given as they come. A live point without
 *           power is given with MT_MICRO_NONE and quality 0, because it ends what the point before it says;
 *           other values that are missing are left out.
 * Ownership The list lives in cx. Records are borrowed by the taker for the call.
 * Threads   mt_vpp_file_read may run for different files at once, each with a context and taker of its own;
 *           mt_vpp_files_read does it for one taker.
 * Cost      Live points some 400 MB/s a thread; one file's columns are held, no document. Contracts and data
 *           sheets are small and held; trades are streamed (formats/trade_file.h). A digest reads each file
 *           once more.
 */
#ifndef MT_FORMATS_VPP_VPP_FILES_H
#define MT_FORMATS_VPP_VPP_FILES_H

#include "formats/trade_file.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

/* X(symbol, name): in the order in which a desk wants them read */
#define MT_VPP_FILE_LIST(X)                                                                                  \
    X(MT_VPP_CONTRACTS, "contracts")                                                                         \
    X(MT_VPP_PARTIES, "parties")                                                                             \
    X(MT_VPP_TECHNICAL, "technical_data")                                                                    \
    X(MT_VPP_METERING, "final_production")                                                                   \
    X(MT_VPP_LIVE, "live_measured_infeed")                                                                   \
    X(MT_VPP_FORECAST, "forecast")                                                                           \
    X(MT_VPP_REDISPATCH, "redispatch_flag")                                                                  \
    X(MT_VPP_COMPENSATION, "redispatch_compensation")                                                        \
    X(MT_VPP_REBAP, "imbalance_price_final")                                                                 \
    X(MT_VPP_ESTIMATE, "imbalance_price_estimation")                                                         \
    X(MT_VPP_DAY_AHEAD, "day_ahead_price")                                                                   \
    X(MT_VPP_INDEX, "intraday_index")                                                                        \
    X(MT_VPP_MARKET_VALUES, "market_values")                                                                 \
    X(MT_VPP_SCHEDULE, "schedule")                                                                           \
    X(MT_VPP_OUTAGE, "outage")                                                                               \
    X(MT_VPP_WEATHER, "weather")                                                                             \
    X(MT_VPP_PRIVATE_TRADES, "private_trades")                                                               \
    X(MT_VPP_PUBLIC_TRADES, "public_trades")                                                                 \
    X(MT_VPP_UNKNOWN, "unknown")

#define MT_VPP_FILE_SYMBOL(symbol, name) symbol,
typedef enum mt_vpp_file_kind { MT_VPP_FILE_LIST(MT_VPP_FILE_SYMBOL) MT_VPP_FILE_KINDS } mt_vpp_file_kind;
#undef MT_VPP_FILE_SYMBOL

const char *mt_vpp_file_kind_name(mt_vpp_file_kind kind);

typedef struct mt_vpp_file {
    mt_vpp_file_kind kind;
    mt_vpp_origin origin; /* sha256 NULL: not taken yet */
    const char *path;
    int64_t changed_ns;  /* when the file was written last, by the system's clock */
    const char *subject; /* the asset, metering point, … in its name; NULL: none */
} mt_vpp_file;

typedef struct mt_vpp_options {
    size_t size;                /* sizeof(mt_vpp_options) */
    mt_volume_unit volume_unit; /* of trades */
    /* Values outside are passed over, and so are files of live points or meters whose name says a day that is
     * two days from them; MT_TIME_NONE: no bound. */
    mt_time from, until;
    bool digests;   /* sha256 of every file: for a settlement that must know what it was made from */
    bool late;      /* those of files that cannot be a second copy are taken when they are read */
    uint32_t kinds; /* bit k: files of kind k are wanted; 0: all */
} mt_vpp_options;

/* The files below `folder`, by kind, then version, then name. Where digests are asked for, a file with the
 * bytes of the one before it about the same thing (kind, subject, day) is left out with a finding. Findings
 * of the search have origin -1. `options` and `taker` may be NULL. */
MT_MUST_USE mt_code mt_vpp_files(mt_ctx *cx, const mt_vpp_file **out, size_t *n, const char *folder,
                                 const mt_vpp_options *options, const mt_vpp_taker *taker);

/* Reads one file into the taker. */
MT_MUST_USE mt_code mt_vpp_file_read(mt_ctx *cx, const mt_vpp_file *file, const mt_vpp_options *options,
                                     const mt_vpp_taker *taker);

/* Reads them all into one taker, on `workers` threads with the caller's. Calls of the taker never overlap;
 * files of one kind may come in any order, but contracts, parties, data sheets, market values and trades come
 * in theirs. */
MT_MUST_USE mt_code mt_vpp_files_read(mt_ctx *cx, const mt_vpp_file *file, size_t n,
                                      const mt_vpp_options *options, const mt_vpp_taker *taker, int workers);

/* The SHA-256 of a file's bytes, in cx. */
MT_MUST_USE mt_code mt_vpp_digest(mt_ctx *cx, const char **out, const char *path);

MT_END_DECLS
#endif
