/* Words to the system's service manager: ready, stopping, still alive.
 *
 * Purpose   systemd's notification protocol as one datagram; no library.
 * Shapes    `path` is what NOTIFY_SOCKET says: a path, or "@name" for an abstract one; NULL: nobody asks.
 * Errors    None: a manager that does not listen is no failure of the server.
 * Source    sd_notify(3), "Notes".
 */
#ifndef MT_SERVER_NOTIFY_H
#define MT_SERVER_NOTIFY_H

#include "base/attr.h"

MT_BEGIN_DECLS

void mt_notify(const char *path, const char *words /* "READY=1" */);

MT_END_DECLS
#endif
