/* Where bytes go: a file that appears whole or not at all, a descriptor silent until it is sure, or memory.
 *
 * Purpose   One door for everything that is written, so that nothing half-written is ever left behind.
 * Shapes    Open, write any number of times, finish once, close. Close without finish leaves nothing behind.
 *           A file is written as ".NAME.XXXXXX.tmp" in its own folder; finish flushes, syncs, renames,
 *           syncs the folder.
 *           A descriptor gets its first byte when MT_OUT_HOLD_BYTES are full or at finish, so an early
 *           failure keeps its own status and leaves the descriptor untouched. A path under /dev or /proc,
 *           or one that names a pipe or a device, is written through in that manner.
 * Errors    MT_E_IO         the system refused (file and reason: "No space left on device");
 *           MT_E_INPUT      the path is empty or names a folder;
 *           MT_E_CANCELLED  the reader of the pipe is gone, or the context was cancelled;
 *           MT_E_MEMORY     no memory, or the context's limit is reached;  MT_E_BUG  a write after finish.
 *           After a failed call only mt_out_close may follow; other calls fail again.
 * Ownership A handle that lives in the context it was opened with: close it before that context.
 *           Descriptors stay the caller's. The process ignores SIGPIPE, or a closed pipe ends it.
 * Threads   One out, one thread.
 * Cost      One copy into a buffer of 256 KiB (files) or 1 MiB (descriptors); memory doubles as it grows.
 */
#ifndef MT_IO_OUT_H
#define MT_IO_OUT_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_out mt_out;

enum { MT_OUT_HOLD_BYTES = 1 << 20 };

MT_MUST_USE mt_code mt_out_file(mt_ctx *cx, mt_out **out, const char *path);
MT_MUST_USE mt_code mt_out_fd(mt_ctx *cx, mt_out **out, int fd, const char *name);
MT_MUST_USE mt_code mt_out_memory(mt_ctx *cx, mt_out **out);
void mt_out_close(mt_out *out); /* NULL allowed */

MT_MUST_USE mt_code mt_out_write(mt_ctx *cx, mt_out *out, const void *bytes, size_t n);
MT_MUST_USE mt_code mt_out_text(mt_ctx *cx, mt_out *out, const char *text);
MT_MUST_USE mt_code mt_out_format(mt_ctx *cx, mt_out *out, const char *format, ...) MT_PRINTF(3, 4);
MT_MUST_USE mt_code mt_out_finish(mt_ctx *cx, mt_out *out);

/* Lets go of what was written so far, for readers who wait for it; a file and memory keep it until finish. */
MT_MUST_USE mt_code mt_out_flush(mt_ctx *cx, mt_out *out);

/* `first` is finished before the first byte of `out` leaves: a head on stderr stands above its table. */
void mt_out_after(mt_out *out, mt_out *first);

/* Has anything left that cannot be taken back? False for a file until it is finished. */
bool mt_out_sent(const mt_out *out);

/* What was written so far, of an out opened with mt_out_memory; borrowed until the next write or close. */
mt_text mt_out_bytes(const mt_out *out);

const char *mt_out_name(const mt_out *out); /* for messages */

MT_END_DECLS
#endif
