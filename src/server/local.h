/* The server's end of the local socket: commands of the same user run here, on the open store.
 *
 * Purpose   While a server owns the embedded file, `merit` keeps working beside it.
 * Shapes    A connection is one request; see request.h. Only the server's own user and root are served.
 * Errors    Of a request: told to its command, whose exit status it becomes.
 * Ownership mt_local_server_open/_close; the path is removed at close.
 * Threads   One of its own takes connections and sees who hangs up; requests run on the jobs' workers.
 */
#ifndef MT_SERVER_LOCAL_H
#define MT_SERVER_LOCAL_H

#include "server/site.h"

MT_BEGIN_DECLS

enum { MT_LOCAL_CONNECTIONS_MAX = 64 };

typedef struct mt_local_server mt_local_server;

typedef struct mt_local_server_options {
    const char *path;
    mt_site *site;
    int64_t patience_us; /* for the first packet; 0: 10 s */
} mt_local_server_options;

MT_MUST_USE mt_code mt_local_server_open(mt_ctx *cx, mt_local_server **out,
                                         const mt_local_server_options *options);

/* Takes no more connections. */
void mt_local_server_stop(mt_local_server *local);

/* Every result that was asked for is with its reader. */
bool mt_local_server_quiet(mt_local_server *local); /* NULL allowed */

/* Cancels and waits for what runs. */
void mt_local_server_close(mt_local_server *local); /* NULL allowed */

MT_END_DECLS
#endif
