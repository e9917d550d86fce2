/* Migration 5: the desk of a portfolio: documents of account and their numbers, delivered files, own trades.
 *
 * Units   _cent: cents of the currency; price_cent: cents per MWh; quantity_mw: whole MW; days are local.
 */
#include "store/schema/schema.h"

#include <stddef.h>

#define TEXT_C "TEXT COLLATE \"C\""
#define NAME   TEXT_C " NOT NULL"
#define WHOLE  "BIGINT NOT NULL"
#define MOMENT "TIMESTAMPTZ NOT NULL"

static const mt_migration_step steps[] = {
    {NULL, "CREATE TABLE document_range (issuer " NAME ", year " WHOLE ", kind " NAME ", last_number " WHOLE
           ", PRIMARY KEY (issuer, year, kind))"},
    /* The second key keeps two processes from issuing one settlement twice. */
    {NULL, "CREATE TABLE document (issuer " NAME ", number " NAME ", kind " NAME ", contract_id " NAME
           ", asset_id " NAME ", owner_id " NAME ", period_from DATE NOT NULL, period_until DATE NOT NULL, "
           "version " WHOLE ", issued DATE NOT NULL, status " NAME ", void_reason " TEXT_C ", cancels " TEXT_C
           ", net_cent " WHOLE ", vat_cent " WHOLE ", gross_cent " WHOLE ", digest " TEXT_C ", body " NAME
           ", stored_at " MOMENT ", PRIMARY KEY (issuer, number), "
           "UNIQUE (kind, contract_id, period_from, period_until, version))"},

    {NULL, "CREATE TABLE desk_file (name " NAME ", kind " NAME ", sha256 " NAME ", bytes " WHOLE
           ", version TIMESTAMPTZ, day DATE, known_at " MOMENT ", PRIMARY KEY (name, known_at))"},
    {NULL, "CREATE TABLE desk_file_part (sha256 " NAME ", part " WHOLE ", body " NAME ")"},
    {"postgres", "ALTER TABLE desk_file_part ADD PRIMARY KEY (sha256, part)"},

    {NULL, "CREATE TABLE desk_trade (id " TEXT_C " PRIMARY KEY, price_cent " WHOLE ", quantity_mw " WHOLE
           ", direction " NAME ", delivery_day DATE NOT NULL, delivery_hour " NAME ", delivery_start " MOMENT
           ", delivery_end " MOMENT ", trader_id " NAME ", strategy " TEXT_C ", execution_time " MOMENT
           ", source " TEXT_C ", stored_at " MOMENT ")"},

    /* The key keeps two processes from paying one document twice. */
    {NULL, "CREATE TABLE document_payment (issuer " NAME ", number " NAME ", message_id " NAME
           ", amount_cent " WHOLE ", paid_at " MOMENT ", PRIMARY KEY (issuer, number))"},
    {NULL, NULL},
};

const mt_migration mt_migration_005 = {5, "desk", steps};
