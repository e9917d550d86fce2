/* What every operation that asks a provider prepares: client, key, address. */
#include "ops/feed/asking.h"

#include <string.h>
#include <strings.h>

mt_code mt_asking_key(mt_ctx *cx, const mt_world *world, const char **out, const mt_source *source)
{
    MT_TRY(mt_world_secret(cx, world, out, source->key_variable));
    return *out ? MT_OK : mt_world_secret(cx, world, out, source->key_alias);
}

/* Scheme, host and port alike: as far as the first '/' behind the "//". */
static bool same_origin(const char *a, const char *b)
{
    const char *host = strstr(a, "://");
    if (!host) return false;
    size_t n = (size_t)(host - a) + 3;
    n += strcspn(a + n, "/?#");
    return strncasecmp(a, b, n) == 0 && (b[n] == 0 || strchr("/?#", b[n]));
}

mt_code mt_asking_call(mt_ctx *cx, const mt_world *world, mt_source_call *out, const mt_source *source,
                       const char *url)
{
    mt_source_call call = {.base_url = url ? url : source->base_url, .now = mt_world_now(world)};
    MT_TRY(mt_world_http(cx, world, &call.http));
    if (same_origin(call.base_url, source->base_url)) MT_TRY(mt_asking_key(cx, world, &call.key, source));
    MT_TRY(MT_NEW(cx, &call.pages, 1));
    *out = call;
    return MT_OK;
}
