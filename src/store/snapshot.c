/* One state of a store for several questions. */
#include "store/snapshot.h"

#include "store/inside.h"
#include "store/spool.h"

#include <stdlib.h>

struct mt_snapshot {
    mt_store *store;
    mt_conn *conn;
};

mt_code mt_snapshot_open(mt_ctx *cx, mt_snapshot **out, mt_store *store)
{
    mt_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a view of the store");
    snapshot->store = store;
    mt_code code = mt_store_take(cx, store, &snapshot->conn);
    if (code == MT_OK) code = store->backend->begin_reading(cx, snapshot->conn, false);
    if (code == MT_OK)
        *out = snapshot;
    else
        mt_snapshot_close(snapshot);
    return code;
}

void mt_snapshot_close(mt_snapshot *snapshot)
{
    mt_ctx own;
    if (!snapshot) return;
    if (snapshot->conn) {
        mt_ctx_init(&own, NULL);
        if (snapshot->store->backend->exec(&own, snapshot->conn, NULL, "ROLLBACK", NULL, 0) != MT_OK)
            snapshot->conn->broken = true;
        mt_ctx_close(&own);
        mt_store_give(snapshot->store, snapshot->conn);
    }
    free(snapshot);
}

mt_code mt_snapshot_query(mt_ctx *cx, mt_snapshot *snapshot, const char *sql, const mt_param *param, size_t n,
                          mt_sink *sink)
{
    mt_spool *spool;
    mt_conn *conn = snapshot->conn;
    MT_TRY(mt_spool_open(cx, &spool, mt_store_temp_dir(snapshot->store)));
    mt_code code = conn->backend->query(cx, conn, sql, param, n, false, mt_spool_sink(spool));
    if (code == MT_OK) code = mt_spool_send(cx, spool, sink);
    mt_spool_close(spool);
    return code;
}
