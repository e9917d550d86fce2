/* The functions of PostgreSQL's client library that Merit uses, found when they are first needed. */
#include "store/postgres/api.h"

#include <dlfcn.h>
#include <string.h>

#define SYSTEM_LIBRARY "libpq.so.5"

struct symbol {
    const char *name;
    size_t offset;
};

static const struct symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_libpq_api, name)},
    MT_LIBPQ_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_libpq_load(mt_ctx *cx, mt_libpq_api *out, const char *path)
{
    mt_libpq_api api;
    memset(&api, 0, sizeof api);
    if (!path) path = SYSTEM_LIBRARY;
    /* What the libraries behind it keep for the whole process (TLS, Kerberos) cannot be taken away again. */
    api.library = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (!api.library)
        return mt_fail(cx, MT_E_ABSENT,
                       "PostgreSQL's client library %s cannot be loaded (%s): a store on a server needs the "
                       "Debian package libpq5",
                       path, dlerror());
    for (size_t k = 0; k < sizeof symbols / sizeof *symbols; k++) {
        void *address = dlsym(api.library, symbols[k].name);
        if (!address) {
            mt_libpq_unload(&api);
            return mt_fail(cx, MT_E_ABSENT,
                           "PostgreSQL's client library %s has no function %s: the Debian package libpq5 in "
                           "version 15 or newer is needed",
                           path, symbols[k].name);
        }
        memcpy((char *)&api + symbols[k].offset, &address, sizeof address);
    }
    *out = api;
    return MT_OK;
}

void mt_libpq_unload(mt_libpq_api *api)
{
    if (api->library) dlclose(api->library);
    api->library = NULL;
}
