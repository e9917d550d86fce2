/* The functions of libmicrohttpd that Merit uses, found when a server first opens a port. */
#include "server/http/library.h"

#include "io/library.h"

#include <string.h>

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_microhttpd, name)},
    MT_MICROHTTPD_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

static const mt_library library = {
    "libmicrohttpd.so.12",           "the HTTP server library", "merit serve", "libmicrohttpd12", symbols,
    sizeof symbols / sizeof *symbols};

mt_code mt_microhttpd_load(mt_ctx *cx, mt_microhttpd *out)
{
    mt_microhttpd api;
    memset(&api, 0, sizeof api);
    MT_TRY(mt_library_load(cx, &api.library, &api, &library));
    *out = api;
    return MT_OK;
}

void mt_microhttpd_unload(mt_microhttpd *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
