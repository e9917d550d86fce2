/* Bytes of an input, whatever it is: a file, a pipe, a compressed file.
 *
 * Purpose   Parsers see one window of bytes after another and never a file descriptor.
 * Shapes    Every input comes in windows of about 256 KiB, to which the unconsumed tail of the window
 *           before is moved; a record that does not fit makes the window grow, up to MT_BYTES_WINDOW.
 *           Memory stays flat. gzip (also of several members) and zstd are recognised by their first bytes.
 *           MT_BYTES_PAD bytes behind a window can be read (not trusted), so that a parser may load whole
 *           words at its end.
 * Errors    MT_E_IO     unreadable, truncated or damaged compressed data (names the byte);  MT_E_INPUT  a
 *           directory, an empty name, another kind of archive;  MT_E_TOO_LARGE  a record does not fit the
 *           largest window.
 * Ownership mt_bytes_open/_close; windows are borrowed until the next call. The descriptor stays the
 *           caller's; of a plain file its position is not moved, so that the same input can be opened again.
 * Threads   One reader, one thread.
 * Cost      A plain file is read, not mapped: measured beside each other, windows that stay in the cache
 *           cost about as much as page faults (3 % of the whole way to typed columns lie between), and a
 *           file that another process cuts short is then an early end instead of a signal that kills the
 *           program.
 * Source    RFC 1952 (gzip), RFC 8878 (zstd).
 */
#ifndef MT_IO_BYTES_H
#define MT_IO_BYTES_H

#include "base/rows/field.h"

MT_BEGIN_DECLS

typedef struct mt_bytes mt_bytes;

enum {
    MT_BYTES_WINDOW = 4 << 20, /* the largest; a record may be at most this long */
    MT_BYTES_PAD = 128         /* readable bytes behind every window */
};

MT_MUST_USE mt_code mt_bytes_open(mt_ctx *cx, mt_bytes **out, const mt_input *input);
void mt_bytes_close(mt_bytes *bytes); /* NULL allowed */

/* The next window, which starts at the first byte not yet consumed. *last is true when no byte follows the
 * window. `consumed` is how many bytes of the window before are done with (0 at the first call, or to ask
 * for a larger one). */
MT_MUST_USE mt_code mt_bytes_next(mt_ctx *cx, mt_bytes *bytes, size_t consumed, const char **at, size_t *n,
                                  bool *last);

const char *mt_bytes_name(const mt_bytes *bytes); /* for messages */

/* Bytes of the plain file, or 0 when not known; for progress. */
uint64_t mt_bytes_total(const mt_bytes *bytes);

/* Bytes read from the descriptor so far (of compressed data: before unpacking); for progress. */
uint64_t mt_bytes_read(const mt_bytes *bytes);

MT_END_DECLS
#endif
