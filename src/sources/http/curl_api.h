/* The functions of libcurl that Merit uses, found when they are first needed.
 *
 * Purpose   libcurl brings some thirty libraries with it; only a command that asks a provider opens it.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_curl_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load. Its owner starts and ends the library (curl_global_init,
 *           curl_global_cleanup count themselves).
 */
#ifndef MT_SOURCES_HTTP_CURL_API_H
#define MT_SOURCES_HTTP_CURL_API_H

#define CURL_DISABLE_TYPECHECK 1 /* its macros take the functions' names, which are our members */
#include <curl/curl.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_CURL_LIST(X)                                                                            \
    X(curl_global_init) X(curl_global_cleanup) X(curl_free)                                        \
    X(curl_easy_init) X(curl_easy_cleanup) X(curl_easy_reset) X(curl_easy_setopt)                  \
    X(curl_easy_getinfo) X(curl_easy_strerror) X(curl_slist_append) X(curl_slist_free_all)         \
    X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) X(curl_multi_add_handle)         \
    X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_wakeup)      \
    X(curl_multi_info_read) X(curl_share_init) X(curl_share_setopt) X(curl_share_cleanup)
/* clang-format on */

typedef struct mt_curl_api {
    void *library;
    MT_CURL_LIST(MT_LIBRARY_MEMBER)
} mt_curl_api;

MT_MUST_USE mt_code mt_curl_load(mt_ctx *cx, mt_curl_api *out, const char *path /* NULL: the system's */);
void mt_curl_unload(mt_curl_api *api);

MT_END_DECLS
#endif
