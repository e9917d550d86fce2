/* Which file it is: a number that no later file gets, though systems hand out a freed inode at once.
 *
 * Shapes    A number from 0 to 2^63 - 1, mixed from the inode and the moment of birth. Where the file system
 *           keeps no such moment (some network file systems), from the inode and the first line, of which
 *           MT_FILE_HEAD bytes count; while there is less, nothing is known.
 * Errors    MT_E_IO  the system does not tell.
 * Cost      One system call; without a moment of birth two.
 */
#ifndef MT_STREAM_FILE_IDENTITY_H
#define MT_STREAM_FILE_IDENTITY_H

#include "base/ctx.h"

MT_BEGIN_DECLS

enum { MT_FILE_HEAD = 256 };

/* *out -1: the file has no whole first line yet; with `as_it_is` what is there counts as one. `path` is for
 * the sentence. */
MT_MUST_USE mt_code mt_file_identity(mt_ctx *cx, int64_t *out, int fd, const char *path, bool as_it_is);

/* The same by the first line, also where there is a moment of birth. */
MT_MUST_USE mt_code mt_file_identity_by_head(mt_ctx *cx, int64_t *out, int fd, const char *path,
                                             bool as_it_is);

MT_END_DECLS
#endif
