/* Migration 3: orders of live markets and what their periods were cleared at.
 *
 * Units   price_micro: millionths of the currency per MWh; volume_wh: Wh; reals as in market.clear.
 */
#include "store/schema/schema.h"

#include <stddef.h>

#define TEXT_C "TEXT COLLATE \"C\""
#define REAL   "DOUBLE PRECISION"
#define PERIOD "topic " TEXT_C " NOT NULL, period_us BIGINT NOT NULL, start TIMESTAMPTZ NOT NULL, "

static const mt_migration_step steps[] = {
    {NULL, "CREATE TABLE live_order (" PERIOD "id " TEXT_C " NOT NULL, side " TEXT_C
           " NOT NULL, price_micro BIGINT NOT NULL, volume_wh BIGINT NOT NULL, standing BOOLEAN NOT NULL)"},
    {"postgres", "ALTER TABLE live_order ADD PRIMARY KEY (topic, period_us, start, id)"},
    {NULL, "CREATE TABLE live_clearing (" PERIOD "cleared_at TIMESTAMPTZ NOT NULL, orders BIGINT, price " REAL
           ", volume " REAL ", status " TEXT_C ", price_more " REAL ", price_less " REAL ")"},
    {"postgres", "ALTER TABLE live_clearing ADD PRIMARY KEY (topic, period_us, start)"},
    {NULL, NULL},
};

const mt_migration mt_migration_003 = {3, "live", steps};
