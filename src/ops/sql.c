/* From the world to its store's read-only door. */
#include "ops/sql.h"

#include "store/store.h"

mt_code mt_ops_sql(mt_ctx *cx, const mt_world *world, const char *text, mt_sink *out)
{
    mt_store *store;
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_store_sql(cx, store, text, out);
}
