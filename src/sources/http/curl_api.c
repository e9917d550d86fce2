/* The functions of libcurl that Merit uses, found when they are first needed. */
#include "sources/http/curl_api.h"

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_curl_api, name)},
    MT_CURL_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_curl_load(mt_ctx *cx, mt_curl_api *out, const char *path)
{
    const mt_library library = {
        path ? path : "libcurl.so.4",    "the HTTP client library", "a data provider", "libcurl4", symbols,
        sizeof symbols / sizeof *symbols};
    return mt_library_load(cx, &out->library, out, &library);
}

void mt_curl_unload(mt_curl_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
