/* The watch over connections: who is too slow is shut, who left is told to those who work for him.
 *
 * Purpose   The HTTP library's own timeout counts inactivity only: a byte a second would keep a connection
 *           for ever. Here every phase of a connection has an end.
 * Shapes    IDLE: waiting for a header (or between its lines) · BODY: reading · WORK: waiting for us ·
 *           SEND: the reader takes the answer.
 * Ownership mt_guard_open/_close; sockets are its own from mt_guard_add to mt_guard_remove. A descriptor is
 *           removed before it is closed, so that none is shut that became another connection's.
 * Threads   Any thread. One of its own looks around every 200 ms.
 */
#ifndef MT_SERVER_HTTP_GUARD_H
#define MT_SERVER_HTTP_GUARD_H

#include "server/http/http.h"

MT_BEGIN_DECLS

typedef enum mt_phase { MT_PHASE_IDLE, MT_PHASE_BODY, MT_PHASE_WORK, MT_PHASE_SEND } mt_phase;

typedef struct mt_guard mt_guard;
typedef struct mt_guarded mt_guarded; /* one socket */

MT_MUST_USE mt_code mt_guard_open(mt_ctx *cx, mt_guard **out, const mt_httpd_options *options);
void mt_guard_close(mt_guard *guard); /* NULL allowed */

mt_guarded *mt_guard_add(mt_guard *guard, int fd); /* NULL: no memory */
void mt_guard_remove(mt_guard *guard, mt_guarded *socket);

/* A new phase starts now; `job` (WORK only) is cancelled when the other side leaves: at once when it
 * is gone, after limits.left_us when it only says that no more comes. */
void mt_guard_phase(mt_guard *guard, mt_guarded *socket, mt_phase phase, mt_job *job);
void mt_guard_moved(mt_guard *guard, mt_guarded *socket, size_t bytes); /* in this phase */

int mt_guard_sockets(mt_guard *guard);
int64_t mt_guard_now_us(const mt_guard *guard);

MT_END_DECLS
#endif
