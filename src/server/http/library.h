/* The functions of libmicrohttpd that Merit uses, found when a server first opens a port.
 *
 * Purpose   Commands that serve nothing do not pay for loading it.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_microhttpd_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_SERVER_HTTP_LIBRARY_H
#define MT_SERVER_HTTP_LIBRARY_H

#include <microhttpd.h>

#include "base/ctx.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_MICROHTTPD_LIST(X)                                                                     \
    X(MHD_start_daemon) X(MHD_stop_daemon) X(MHD_quiesce_daemon) X(MHD_add_connection)            \
    X(MHD_suspend_connection) X(MHD_resume_connection) X(MHD_get_connection_info)                 \
    X(MHD_get_connection_values_n) X(MHD_queue_response) X(MHD_create_response_from_buffer)       \
    X(MHD_create_response_from_callback) X(MHD_add_response_header) X(MHD_destroy_response)            \
    X(MHD_get_version)
/* clang-format on */

typedef struct mt_microhttpd {
    void *library;
#ifdef __cplusplus
#define MT_MICROHTTPD_MEMBER(name) __typeof__(&::name) name;
#else
#define MT_MICROHTTPD_MEMBER(name) __typeof__(&name) name;
#endif
    MT_MICROHTTPD_LIST(MT_MICROHTTPD_MEMBER)
#undef MT_MICROHTTPD_MEMBER
} mt_microhttpd;

MT_MUST_USE mt_code mt_microhttpd_load(mt_ctx *cx, mt_microhttpd *out);
void mt_microhttpd_unload(mt_microhttpd *api);

MT_END_DECLS
#endif
