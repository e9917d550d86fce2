/* Who holds an embedded store: a lock file beside it that names its process.
 *
 * Purpose   The engine locks its file against other processes, but not against a second opening in the same
 *           process, and its message comes late. The file PATH.owner carries a lock that both see, and the
 *           holder's name.
 * Shapes    One holder that writes, or any number that read. The file holds "PID COMMAND".
 * Errors    MT_E_BUSY  held by another; the sentence names it.  MT_E_IO  the file cannot be made.
 * Ownership mt_owner_open gives a descriptor; mt_owner_close releases the lock. The file stays.
 */
#ifndef MT_STORE_DUCKDB_OWNER_H
#define MT_STORE_DUCKDB_OWNER_H

#include "base/ctx.h"

MT_BEGIN_DECLS

/* Waits up to wait_us (asking again every 50 ms, and saying so once in the log). */
MT_MUST_USE mt_code mt_owner_open(mt_ctx *cx, int *out, const char *path, bool read_only, int64_t wait_us);
void mt_owner_close(int fd); /* -1 allowed */

/* "process 123 (merit serve)" from /proc, for messages. */
void mt_owner_name(char *out, size_t size, long pid);

/* Sleeps 50 ms; MT_E_BUSY when `until_us` (monotonic) has passed, or what the context says. */
MT_MUST_USE mt_code mt_owner_pause(mt_ctx *cx, int64_t until_us);

MT_END_DECLS
#endif
