/* From the world to its store's read-only door. */
#include "ops/sql.h"

#include "ops/rights.h"
#include "store/store.h"

mt_code mt_ops_sql(mt_ctx *cx, const mt_world *world, const char *text, mt_sink *out)
{
    mt_store *store;
    const mt_rights *rights = mt_world_settings(world)->rights;
    if (rights && !(rights->role & (MT_DESK_ADMINISTRATOR | MT_DESK_RISK)))
        return mt_fail(cx, MT_E_DENIED,
                       "%s may not run sql, which sees every row; that is for risk, administrator",
                       rights->user);
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_store_sql(cx, store, text, out);
}
