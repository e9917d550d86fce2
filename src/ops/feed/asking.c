/* What every operation that asks a provider prepares: client, key, address. */
#include "ops/feed/asking.h"

mt_code mt_asking_key(mt_ctx *cx, const mt_world *world, const char **out, const mt_source *source)
{
    MT_TRY(mt_world_secret(cx, world, out, source->key_variable));
    return *out ? MT_OK : mt_world_secret(cx, world, out, source->key_alias);
}

mt_code mt_asking_call(mt_ctx *cx, const mt_world *world, mt_source_call *out, const mt_source *source,
                       const char *url)
{
    mt_source_call call = {.base_url = url ? url : source->base_url, .now = mt_world_now(world)};
    MT_TRY(mt_world_http(cx, world, &call.http));
    MT_TRY(mt_asking_key(cx, world, &call.key, source));
    MT_TRY(MT_NEW(cx, &call.pages, 1));
    *out = call;
    return MT_OK;
}
