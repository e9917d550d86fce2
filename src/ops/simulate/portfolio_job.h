/* What the rooms that write a portfolio's files share: the job, its counts, and how one file is written. */
#ifndef MT_OPS_SIMULATE_PORTFOLIO_JOB_H
#define MT_OPS_SIMULATE_PORTFOLIO_JOB_H

#include "formats/vpp/write/documents.h"
#include "formats/vpp/write/tables.h"
#include "ops/simulate/portfolio_files.h"
#include "simulate/vpp/deals.h"
#include "simulate/vpp/outlook.h"
#include "simulate/vpp/readings.h"

MT_BEGIN_DECLS

/* X(symbol, folder, what the files hold) */
/* clang-format off */
#define MT_PORTFOLIO_FILE_LIST(X) \
    X(MT_PF_CONTRACTS,    "crm",                          "contracts, a version a file") \
    X(MT_PF_PARTIES,      "crm",                          "issuer and owners, invented") \
    X(MT_PF_SHEETS,       "vpp/technical_data",           "technical data, a day a file") \
    X(MT_PF_LIVE,         "vpp/live_measured_infeed",     "live points, a plant and local day a file") \
    X(MT_PF_FORECASTS,    "vpp/forecasts",                "forecasts, a version a file") \
    X(MT_PF_METERING,     "distribution_system_operator", "final metering, a meter and UTC day a file") \
    X(MT_PF_FLAGS,        "distribution_system_operator", "redispatch flags") \
    X(MT_PF_COMPENSATION, "distribution_system_operator", "compensation prices of redispatch") \
    X(MT_PF_OWN_TRADES,   "exchange",                     "private trades") \
    X(MT_PF_PUBLIC_TRADES,"exchange",                     "public trades") \
    X(MT_PF_DAY_AHEAD,    "exchange",                     "day-ahead prices") \
    X(MT_PF_FINAL,        "imbalance",                    "final imbalance prices, with missing quarters") \
    X(MT_PF_ESTIMATE,     "imbalance",                    "estimated imbalance prices") \
    X(MT_PF_MARKET_VALUES,"market",                       "market values of months and years") \
    X(MT_PF_SCHEDULE,     "schedule",                     "what was sold of each plant") \
    X(MT_PF_OUTAGE,       "outage",                       "plants out of service") \
    X(MT_PF_WEATHER,      "weather",                      "weather at the plants")
/* clang-format on */
#define MT_PORTFOLIO_FILE_SYMBOL(symbol, folder, content) symbol,
typedef enum mt_portfolio_file {
    MT_PORTFOLIO_FILE_LIST(MT_PORTFOLIO_FILE_SYMBOL) MT_PF_COUNT
} mt_portfolio_file;
#undef MT_PORTFOLIO_FILE_SYMBOL

typedef struct mt_portfolio_job {
    mt_ctx *cx;
    const mt_sim_vpp_rule *rule;
    const char *folder;
    mt_sim_portfolio portfolio;
    mt_sim_air air;
    mt_sim_prices prices;
    mt_sim_live live;
    double *sold_kw; /* by quarter of the simulated days, over all plants */
    int64_t files[MT_PF_COUNT], rows[MT_PF_COUNT];
    mt_simulated_file *trap;
    size_t n_trap, room;
} mt_portfolio_job;

typedef mt_code mt_portfolio_writer(mt_portfolio_job *job, mt_out *out, const void *what);

/* Writes folder/kind's folder/name with `write`, and counts a file of `rows` rows. */
MT_MUST_USE mt_code mt_portfolio_write(mt_portfolio_job *job, mt_portfolio_file kind, const char *name,
                                       mt_portfolio_writer *write, const void *what);

/* What `write` writes, with a byte order mark and carriage returns. */
MT_MUST_USE mt_code mt_portfolio_dialect(mt_portfolio_job *job, mt_out *out, mt_portfolio_writer *write,
                                         const void *what);

/* A line of the result about a trap that was set, and where. */
MT_MUST_USE mt_code mt_portfolio_trapped(mt_portfolio_job *job, mt_sim_trap trap, const char *place);

MT_MUST_USE mt_code mt_portfolio_assets(mt_portfolio_job *job); /* what is about one plant each */
MT_MUST_USE mt_code mt_portfolio_market(mt_portfolio_job *job); /* prices and trades */
MT_MUST_USE mt_code mt_portfolio_traps(mt_portfolio_job *job);  /* files that traps add */

MT_END_DECLS
#endif
