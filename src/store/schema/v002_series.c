/* Migration 2: time series with revisions, where streams and sources were read to, what could not be used.
 *
 * Units   value: in the series' unit; step_us: microseconds, 0 an instant; part, position, next_offset:
 *         counted by the stream.
 */
#include "store/schema/schema.h"

#include <stddef.h>

#define TEXT_C "TEXT COLLATE \"C\"" /* ordered by bytes on every engine */
#define NAME   TEXT_C " NOT NULL"
#define MOMENT "TIMESTAMPTZ NOT NULL"

#define OBSERVATION_COLUMNS                                                                                  \
    "(series_id BIGINT NOT NULL, start " MOMENT ", value DOUBLE PRECISION, known_at " MOMENT                 \
    ", payload " TEXT_C ")"

/* An extension that is installed but not preloaded ends the session when it is created, so the server is
 * asked first; a role that may not create it, or not ask, goes on without. */
#define EXTENSION(name)                                                                                      \
    "DO $merit$ BEGIN "                                                                                      \
    "IF EXISTS (SELECT 1 FROM pg_available_extensions AS e WHERE e.name = '" name "' "                       \
    "AND e.installed_version IS NULL) "                                                                      \
    "AND current_setting('shared_preload_libraries') LIKE '%" name "%' "                                     \
    "THEN EXECUTE 'CREATE EXTENSION " name "'; END IF; "                                                     \
    "EXCEPTION WHEN OTHERS THEN NULL; END $merit$"

/* On a server with TimescaleDB chunks by time, with Citus shards by series; else a partition a year, made
 * beforehand because making one later would lock and search the rest. Partitions cost the merge nothing that
 * could be measured (bench series, 31 of them beside a plain table), and old years go by dropping them. */
#define OBSERVATION                                                                                          \
    "DO $merit$ BEGIN "                                                                                      \
    "IF EXISTS (SELECT 1 FROM pg_extension WHERE extname IN ('timescaledb', 'citus')) THEN "                 \
    "CREATE TABLE observation " OBSERVATION_COLUMNS "; ELSE "                                                \
    "CREATE TABLE observation " OBSERVATION_COLUMNS " PARTITION BY RANGE (start); "                          \
    "FOR year IN 2010 .. 2040 LOOP EXECUTE format('CREATE TABLE observation_%s PARTITION OF observation "    \
    "FOR VALUES FROM (''%s-01-01T00:00:00Z'') TO (''%s-01-01T00:00:00Z'')', year, year, year + 1); "         \
    "END LOOP; "                                                                                             \
    "CREATE TABLE observation_other PARTITION OF observation DEFAULT; "                                      \
    "END IF; END $merit$"

#define SPREAD                                                                                               \
    "DO $merit$ BEGIN "                                                                                      \
    "IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN "                                   \
    "EXECUTE 'SELECT create_reference_table(''series'')'; "                                                  \
    "EXECUTE 'SELECT create_distributed_table(''observation'', ''series_id'')'; "                            \
    "EXECUTE 'SELECT create_distributed_table(''observation_history'', ''series_id'', "                      \
    "colocate_with => ''observation'')'; "                                                                   \
    "ELSIF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN "                          \
    "EXECUTE 'SELECT create_hypertable(''observation'', ''start'', "                                         \
    "chunk_time_interval => INTERVAL ''30 days'')'; "                                                        \
    "END IF; END $merit$"

static const mt_migration_step steps[] = {
    {NULL, "CREATE TABLE series (id BIGINT PRIMARY KEY, kind " NAME ", area " NAME ", detail " NAME
           ", unit " NAME ", step_us BIGINT NOT NULL, source " NAME ")"},

    {"duckdb", "CREATE TABLE observation " OBSERVATION_COLUMNS},
    {"postgres", EXTENSION("timescaledb")},
    {"postgres", EXTENSION("citus")},
    {"postgres", OBSERVATION},
    {"postgres", "ALTER TABLE observation ADD PRIMARY KEY (series_id, start)"},
    {NULL, "CREATE TABLE observation_history " OBSERVATION_COLUMNS},
    {"postgres", "ALTER TABLE observation_history ADD PRIMARY KEY (series_id, start, known_at)"},
    {"postgres", SPREAD},

    {NULL, "CREATE VIEW observations AS SELECT s.kind, s.area, s.detail, s.unit, s.source, s.step_us, "
           "o.start, o.value, o.known_at, o.payload "
           "FROM observation AS o JOIN series AS s ON s.id = o.series_id"},
    /* Delivery time, never the time of storing; MWh and EUR/MWh only, so that no unit is mistaken. */
    {NULL, "CREATE VIEW energi_records AS SELECT o.start AS \"timestamp\", s.area AS price_area, "
           "CASE WHEN s.kind = 'production' THEN o.value END AS production_mwh, "
           "CASE WHEN s.kind = 'spot_price' THEN o.value END AS spot_price_eur, "
           "CASE WHEN s.kind = 'production' THEN s.detail END AS production_type, s.source, o.payload "
           "FROM observation AS o JOIN series AS s ON s.id = o.series_id "
           "WHERE (s.kind = 'production' AND s.unit IN ('MWh', '')) "
           "OR (s.kind = 'spot_price' AND s.unit = 'EUR/MWh')"},

    {NULL, "CREATE TABLE stream_offset (stream " NAME ", consumer " NAME ", topic " NAME
           ", part BIGINT NOT NULL, next_offset BIGINT NOT NULL, updated_at " MOMENT
           ", PRIMARY KEY (stream, consumer, topic, part))"},
    {NULL, "CREATE TABLE dead_letter (stream " NAME ", topic " NAME
           ", part BIGINT NOT NULL, position BIGINT NOT NULL, received_at TIMESTAMPTZ, reason " TEXT_C
           ", message_key " TEXT_C ", message " TEXT_C ", digest BIGINT NOT NULL DEFAULT 0)"},
    {"postgres", "ALTER TABLE dead_letter ADD PRIMARY KEY (stream, topic, part, position, digest)"},
    {NULL,
     "CREATE TABLE fetch_state (source " NAME ", dataset " NAME ", area " NAME
     ", fetched_to TIMESTAMPTZ, state TEXT, updated_at " MOMENT ", PRIMARY KEY (source, dataset, area))"},
    {NULL, "CREATE TABLE observation_quarantine (batch_id " NAME ", kind " NAME ", area " NAME
           ", detail " NAME ", unit " NAME ", source " NAME ", step_us BIGINT NOT NULL, start " MOMENT
           ", value DOUBLE PRECISION, known_at " MOMENT ", payload " TEXT_C ", reason " TEXT_C
           ", quarantined_at " MOMENT ")"},
    {"postgres", "ALTER TABLE observation_quarantine ADD PRIMARY KEY (batch_id, kind, area, detail, unit, "
                 "source, step_us, start, known_at)"},
    {NULL, NULL},
};

const mt_migration mt_migration_002 = {2, "series", steps};
