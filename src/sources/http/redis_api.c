/* The functions of hiredis that Merit uses, found when they are first needed. */
#include "sources/http/redis_api.h"

/* The structures of another version lie differently: the library is that of the header. */
#define TEXT_OF(words)      #words
#define SONAME_TEXT(number) "libhiredis.so." TEXT_OF(number)

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_redis_api, name)},
    MT_REDIS_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_redis_load(mt_ctx *cx, mt_redis_api *out, const char *path)
{
    const mt_library library = {path ? path : SONAME_TEXT(HIREDIS_SONAME),
                                "the Redis client library",
                                "a cache in Redis",
                                "libhiredis0.14",
                                symbols,
                                sizeof symbols / sizeof *symbols};
    return mt_library_load(cx, &out->library, out, &library);
}

void mt_redis_unload(mt_redis_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
