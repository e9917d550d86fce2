/* The functions of the DuckDB library that Merit uses, found when they are first needed. */
#include "store/duckdb/api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INSTALLED "../lib/merit/libduckdb.so"

struct symbol {
    const char *name;
    size_t offset;
};

static const struct symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_duckdb_api, name)},
    MT_DUCKDB_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

/* The installed library's path from the program's own; false when that cannot be told. */
static bool find_installed(char *out, size_t size)
{
    char self[512];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return false;
    self[n] = 0;
    char *slash = strrchr(self, '/');
    if (!slash) return false;
    *slash = 0;
    int length = snprintf(out, size, "%s/%s", self, INSTALLED);
    return length > 0 && (size_t)length < size;
}

/* Bound to itself first, the engine's thousands of symbols are found without a look through the program's
 * libraries: an eighth of the instructions of opening a store. Not where another allocator stands before the
 * C library's (a preloaded one, a sanitizer's): the engine would free what that one gave out. */
static int choose_binding(void)
{
    void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (!libc) return 0;
    bool usual = dlsym(libc, "malloc") == dlsym(RTLD_DEFAULT, "malloc");
    dlclose(libc);
    return usual ? RTLD_DEEPBIND : 0;
}

static bool try_path(mt_duckdb_api *api, const char *path)
{
    if (strchr(path, '/') && access(path, R_OK) != 0) return false;
    api->library = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE | choose_binding());
    if (!api->library) return false;
    snprintf(api->path, sizeof api->path, "%s", path);
    return true;
}

static mt_code find_library(mt_ctx *cx, mt_duckdb_api *api, const char *path)
{
    if (path) {
        if (try_path(api, path)) return MT_OK;
        return mt_fail(cx, MT_E_ABSENT, "the DuckDB library %s cannot be loaded: %s", path,
                       access(path, R_OK) == 0 ? dlerror() : "no such file, or not readable");
    }
    char installed[600];
    bool known = find_installed(installed, sizeof installed);
    if (known && try_path(api, installed)) return MT_OK;
    if (try_path(api, MERIT_DUCKDB_LIBRARY)) return MT_OK;
    if (try_path(api, "libduckdb.so")) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT,
                   "the DuckDB library is missing; looked for %s, %s and libduckdb.so on the system; "
                   "scripts/setup fetches it",
                   known ? installed : INSTALLED, MERIT_DUCKDB_LIBRARY);
}

mt_code mt_duckdb_load(mt_ctx *cx, mt_duckdb_api *out, const char *path)
{
    mt_duckdb_api api;
    memset(&api, 0, sizeof api);
    MT_TRY(find_library(cx, &api, path));
    for (size_t k = 0; k < sizeof symbols / sizeof *symbols; k++) {
        void *address = dlsym(api.library, symbols[k].name);
        if (!address) {
            mt_fail(cx, MT_E_ABSENT,
                    "the DuckDB library %s has no function %s: version 1.5 or newer is needed", api.path,
                    symbols[k].name);
            mt_duckdb_unload(&api);
            return MT_E_ABSENT;
        }
        memcpy((char *)&api + symbols[k].offset, &address, sizeof address);
    }
    *out = api;
    return MT_OK;
}

void mt_duckdb_unload(mt_duckdb_api *api)
{
    if (api->library) dlclose(api->library);
    api->library = NULL;
}
