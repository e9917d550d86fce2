/* A file without a name for a result that waits for its reader.
 *
 * Purpose   A worker writes there and is done; who reads slowly keeps a piece of disk, not a worker.
 * Errors    -1: no file can be made.
 * Ownership The caller's; closing it gives the disk back.
 * Threads   Any.
 */
#ifndef MT_SERVER_SPOOL_H
#define MT_SERVER_SPOOL_H

#include "base/text.h"

MT_BEGIN_DECLS

/* Under /var/tmp, else /tmp, else in memory. */
int mt_server_spool_open(void);

/* What was written to `fd` so far goes into such a file, and `fd` is that file from here on, at its end. */
bool mt_server_spool_move(int fd);

MT_END_DECLS
#endif
