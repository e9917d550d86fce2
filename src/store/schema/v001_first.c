/* Migration 1: data sets of orders, what was computed from them, and pipeline runs.
 *
 * Units   _micro: millionths of the currency per MWh; _wh: Wh; reals as in market.clear (currency/MWh, MWh).
 */
#include "store/schema/schema.h"

#include <stddef.h>

/* Small tables carry keys everywhere. Tables that grow carry them on the server only: the embedded engine has
 * one writer, whose merge keeps keys unique, and there a key would cost ten times the speed and fifteen times
 * the space. */
#define TEXT_C "TEXT COLLATE \"C\"" /* ordered by bytes on every engine */
#define REAL   "DOUBLE PRECISION"
#define RESULT_KEY                                                                                           \
    "dataset " TEXT_C " NOT NULL, policy " TEXT_C " NOT NULL, price_rule " TEXT_C                            \
    " NOT NULL, period_us BIGINT NOT NULL, "                                                                 \
    "start TIMESTAMPTZ NOT NULL, "

static const mt_migration_step steps[] = {
    {NULL, "CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at "
           "TIMESTAMPTZ NOT NULL)"},

    {NULL, "CREATE TABLE dataset (id BIGINT PRIMARY KEY, name " TEXT_C " NOT NULL UNIQUE, kind " TEXT_C
           " NOT NULL, "
           "source TEXT, content_hash " TEXT_C ", row_count BIGINT NOT NULL, bad_count BIGINT NOT NULL, "
           "first_time TIMESTAMPTZ, last_time TIMESTAMPTZ, stored_at TIMESTAMPTZ NOT NULL)"},

    {NULL, "CREATE TABLE market_order (dataset_id BIGINT NOT NULL, row_no BIGINT NOT NULL, time TIMESTAMPTZ, "
           "side " TEXT_C ", price_micro BIGINT, volume_wh BIGINT)"},
    {"postgres", "ALTER TABLE market_order ADD PRIMARY KEY (dataset_id, row_no)"},
    {NULL, "CREATE TABLE order_quarantine (dataset_id BIGINT NOT NULL, row_no BIGINT NOT NULL, line BIGINT, "
           "reason " TEXT_C " NOT NULL, raw TEXT)"},
    {"postgres", "ALTER TABLE order_quarantine ADD PRIMARY KEY (dataset_id, row_no)"},
    {NULL,
     "CREATE VIEW orders AS SELECT d.name AS dataset, o.row_no, o.time, o.side, "
     "CAST(o.price_micro AS " REAL ") / 1000000 AS price, CAST(o.volume_wh AS " REAL ") / 1000000 AS volume, "
     "q.reason AS fault FROM market_order AS o JOIN dataset AS d ON d.id = o.dataset_id "
     "LEFT JOIN order_quarantine AS q ON q.dataset_id = o.dataset_id AND q.row_no = o.row_no"},

    {NULL,
     "CREATE TABLE clearing (" RESULT_KEY "price " REAL ", price_low " REAL ", price_high " REAL ", "
     "volume " REAL ", offered " REAL ", wanted " REAL ", buys BIGINT, sells BIGINT, best_bid " REAL ", "
     "best_ask " REAL ", welfare " REAL ", efficiency " REAL ", status " TEXT_C ")"},
    {"postgres", "ALTER TABLE clearing ADD PRIMARY KEY (dataset, policy, price_rule, period_us, start)"},
    {NULL,
     "CREATE TABLE aggregate (" RESULT_KEY "side " TEXT_C " NOT NULL, count BIGINT, mean_price " REAL ", "
     "min_price " REAL ", max_price " REAL ", volume " REAL ", mean_volume " REAL ", vwap " REAL ", "
     "market_spread " REAL ")"},
    {"postgres",
     "ALTER TABLE aggregate ADD PRIMARY KEY (dataset, policy, price_rule, period_us, start, side)"},
    {NULL,
     "CREATE TABLE impact (" RESULT_KEY "scenario " TEXT_C " NOT NULL, shift " REAL ", base_price " REAL ", "
     "price " REAL ", change " REAL ", change_percent " REAL ", base_volume " REAL ", volume " REAL ", "
     "status " TEXT_C ", sensitivity_more " REAL ", sensitivity_less " REAL ")"},
    {"postgres",
     "ALTER TABLE impact ADD PRIMARY KEY (dataset, policy, price_rule, period_us, scenario, start)"},

    {NULL, "CREATE TABLE pipeline_run (id " TEXT_C " PRIMARY KEY, pipeline " TEXT_C
           " NOT NULL, input TEXT, state " TEXT_C
           " NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, message TEXT)"},
    {NULL, "CREATE TABLE pipeline_task (run_id " TEXT_C " NOT NULL, task " TEXT_C
           " NOT NULL, place BIGINT NOT NULL, "
           "state " TEXT_C
           " NOT NULL, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, rows_out BIGINT, message TEXT, "
           "PRIMARY KEY (run_id, task))"},
    {NULL, NULL},
};

const mt_migration mt_migration_001 = {1, "first", steps};
