/* A command's end of the local socket: the work goes to the server that owns the store.
 *
 * Purpose   The command line asks here before it opens an embedded store of its own.
 * Shapes    Inputs are opened by the command and handed over; outputs are named from a folder it opened. The
 *           result comes through a pipe and is written by the command, whole or not at all (place->path), or
 *           as it comes (place->fd); the head stands before it.
 * Errors    *served false and MT_OK: nobody listens; do it yourself. MT_E_DENIED: a server of another user,
 *           to whom one's open files are not handed.
 *           Else the code and the sentence of the server. Cancelling the context cancels the work there.
 * Ownership Nothing is kept.
 * Threads   None of its own.
 * Example   See cli/program.c.
 */
#ifndef MT_SERVER_FORWARD_H
#define MT_SERVER_FORWARD_H

#include "ops/result.h"

MT_BEGIN_DECLS

/* Where the server of that store listens: PATH.sock beside an embedded file; where that is too long,
 * RUNTIME/merit-HASH.sock, or /tmp/merit-UID/HASH.sock when `runtime_folder` is NULL. *out is NULL for a
 * store that is no file. `make` makes the folder (for the one who listens). */
MT_MUST_USE mt_code mt_forward_path(mt_ctx *cx, const char **out, const char *store_url,
                                    const char *runtime_folder, bool make);

MT_MUST_USE mt_code mt_forward_op(mt_ctx *cx, bool *served, const char *socket_path, const mt_op *op,
                                  const mt_given *given, size_t n, const mt_result_place *place);
MT_MUST_USE mt_code mt_forward_sql(mt_ctx *cx, bool *served, const char *socket_path, const char *text,
                                   const mt_result_place *place);

MT_END_DECLS
#endif
