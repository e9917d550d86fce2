/* The functions of hiredis that Merit uses, found when they are first needed.
 *
 * Purpose   Only a program that keeps its answers in Redis opens the library.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_redis_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_SOURCES_HTTP_REDIS_API_H
#define MT_SOURCES_HTTP_REDIS_API_H

#include <hiredis/hiredis.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_REDIS_LIST(X)                                                                           \
    X(redisConnectWithTimeout) X(redisSetTimeout) X(redisCommandArgv) X(redisFree) X(freeReplyObject)
/* clang-format on */

typedef struct mt_redis_api {
    void *library;
    MT_REDIS_LIST(MT_LIBRARY_MEMBER)
} mt_redis_api;

MT_MUST_USE mt_code mt_redis_load(mt_ctx *cx, mt_redis_api *out, const char *path /* NULL: the system's */);
void mt_redis_unload(mt_redis_api *api);

MT_END_DECLS
#endif
