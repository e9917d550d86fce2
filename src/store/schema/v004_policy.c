/* Migration 4: how long values and rows are kept, and what becomes of the older ones.
 *
 * Units   keep_us, rollup_step_us: microseconds; rollup_step_us 0: they are removed.
 */
#include "store/schema/schema.h"

#include <stddef.h>

#define TEXT_C "TEXT COLLATE \"C\""

/* With TimescaleDB values older than a year are compressed, a series after another; its free edition cannot,
 * and goes on without. */
#define COMPRESSION                                                                                          \
    "DO $merit$ BEGIN "                                                                                      \
    "IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN "                             \
    "EXECUTE 'ALTER TABLE observation SET (timescaledb.compress, timescaledb.compress_segmentby = "          \
    "''series_id'', timescaledb.compress_orderby = ''start'')'; "                                            \
    "EXECUTE 'SELECT add_compression_policy(''observation'', INTERVAL ''365 days'')'; "                      \
    "END IF; EXCEPTION WHEN OTHERS THEN NULL; END $merit$"

static const mt_migration_step steps[] = {
    {NULL, "CREATE TABLE policy (kind " TEXT_C " NOT NULL, source " TEXT_C " NOT NULL, area " TEXT_C
           " NOT NULL, keep_us BIGINT NOT NULL, rollup_step_us BIGINT NOT NULL, created_at TIMESTAMPTZ NOT "
           "NULL, PRIMARY KEY (kind, source, area))"},
    {"postgres", COMPRESSION},
    {NULL, NULL},
};

const mt_migration mt_migration_004 = {4, "policy", steps};
