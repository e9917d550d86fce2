/* What the store must hold after n messages, and what it does hold. */
#include "faults/ledger.h"

#include "base/rows/table.h"
#include "faults/messages.h"
#include "faults/process.h"
#include "store/store.h"

#include <math.h>
#include <stdlib.h>

mt_store *ledger_open(const char *url)
{
    mt_ctx cx;
    mt_store *store = NULL;
    const mt_store_options options = {.size = sizeof options, .url = url, .temp_dir = "/tmp", .threads = 1};
    mt_ctx_init(&cx, NULL);
    if (mt_store_open(&cx, &store, &options) != MT_OK) die("%s", cx.err);
    mt_ctx_close(&cx);
    return store;
}

static mt_table *query(mt_ctx *cx, mt_store *store, const char *sql)
{
    mt_sink *sink;
    mt_table *table = NULL;
    mt_code code = mt_table_sink(cx, &sink, &table, 0);
    if (code == MT_OK) code = mt_store_query(cx, store, sql, NULL, 0, sink);
    if (code != MT_OK) die("%s: %s", sql, cx->err);
    mt_sink_close(sink);
    return table;
}

/* Missing counts as 0. */
static int64_t number(mt_store *store, const char *sql)
{
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_value value = mt_table_get(query(&cx, store, sql), 0, 0);
    mt_ctx_close(&cx);
    return value.present ? value.as.integer : 0;
}

int64_t ledger_messages(mt_store *store)
{
    return number(store, "SELECT CAST(sum(messages) AS BIGINT) FROM fault_tally");
}

int64_t ledger_position(mt_store *store)
{
    return number(store, "SELECT CAST(sum(next_offset) AS BIGINT) FROM stream_offset");
}

/* *lost and *twice grow by how far `is` lies below or above `ought`. */
static void compare(ledger *l, int64_t is, int64_t ought)
{
    if (is < ought) l->lost += ought - is;
    if (is > ought) l->twice += is - ought;
}

/* Row by row: the k-th message that opens a moment, with its value or its revision's. */
static void compare_rows(ledger *l, mt_store *store, int64_t n)
{
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    int64_t k = 0;
    const mt_table *table =
        query(&cx, store, "SELECT start, value FROM observation ORDER BY start NULLS FIRST");
    l->rows = (int64_t)table->n;
    for (size_t row = 0; row < table->n; row++) {
        int64_t at = mt_table_get(table, row, 0).as.integer / MT_US_SECOND - MESSAGE_BASE;
        if (row > 0 && at < k) {
            l->twice++;
            continue;
        }
        for (; k < at; k++) l->lost += k < n && !message_is_bad(k) && !message_is_revision(k);
        bool revised = message_is_revision(at + MESSAGE_BACK) && at + MESSAGE_BACK < n;
        double value = (double)(revised ? at + MESSAGE_BACK : at) + 0.25;
        l->wrong += fabs(mt_table_real(table, row, 1) - value) > 1e-9;
        k = at + 1;
    }
    for (; k < n; k++) l->lost += !message_is_bad(k) && !message_is_revision(k);
    mt_ctx_close(&cx);
}

void ledger_check(ledger *out, mt_store *store, int64_t n, int64_t positions)
{
    *out = (ledger){.messages = ledger_messages(store), .positions = ledger_position(store)};
    out->letters = number(store, "SELECT CAST(count(*) AS BIGINT) FROM dead_letter");
    out->kept = number(store, "SELECT CAST(count(*) AS BIGINT) FROM observation_history");
    compare(out, out->messages, n);
    compare(out, out->letters, message_bad(n));
    compare(out, out->kept, message_kept(n));
    compare_rows(out, store, n);
    int64_t numbers = number(store, "SELECT CAST(sum(numbers) AS BIGINT) FROM fault_tally");
    out->wrong += numbers != n * (n - 1) / 2;
    out->wrong += out->positions != positions;
}
