/* Bytes of an input, whatever it is: a file, a pipe, a compressed file.
 *
 * Purpose   Parsers see one window of bytes after another and never a file descriptor.
 * Shapes    A plain file is mapped and comes as one window; a pipe or gzip/zstd stream comes in windows of a fixed size,
 *           to which the unconsumed tail of the window before is moved. Memory stays flat.
 * Errors    MT_E_IO     unreadable, truncated or damaged compressed data (names the byte);  MT_E_INPUT  a directory, an
 *           empty name;  MT_E_TOO_LARGE  a record does not fit the largest window.
 * Ownership mt_bytes_open/_close; windows are borrowed until the next call. The descriptor stays the caller's.
 * Threads   One reader, one thread.
 */
#ifndef MT_IO_BYTES_H
#define MT_IO_BYTES_H

#include "base/rows/field.h"

MT_BEGIN_DECLS

typedef struct mt_bytes mt_bytes;

enum { MT_BYTES_WINDOW = 4 << 20 }; /* of streams; a record may be at most this long */

MT_MUST_USE mt_code mt_bytes_open(mt_ctx *cx, mt_bytes **out, const mt_input *input);
void mt_bytes_close(mt_bytes *bytes); /* NULL allowed */

/* The next window, which starts at the first byte not yet consumed. *last is true when no byte follows the window.
 * `consumed` is how many bytes of the window before are done with (0 at the first call). */
MT_MUST_USE mt_code mt_bytes_next(mt_ctx *cx, mt_bytes *bytes, size_t consumed, const char **at, size_t *n, bool *last);

const char *mt_bytes_name(const mt_bytes *bytes); /* for messages */

/* Bytes of the plain file, or 0 when not known; for progress. */
uint64_t mt_bytes_total(const mt_bytes *bytes);

MT_END_DECLS
#endif
