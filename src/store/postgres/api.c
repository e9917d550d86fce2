/* The functions of PostgreSQL's client library that Merit uses, found when they are first needed. */
#include "store/postgres/api.h"

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_libpq_api, name)},
    MT_LIBPQ_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_libpq_load(mt_ctx *cx, mt_libpq_api *out, const char *path)
{
    const mt_library library = {path ? path : "libpq.so.5",
                                "PostgreSQL's client library",
                                "a store on a server",
                                "libpq5",
                                symbols,
                                sizeof symbols / sizeof *symbols};
    return mt_library_load(cx, &out->library, out, &library);
}

void mt_libpq_unload(mt_libpq_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
