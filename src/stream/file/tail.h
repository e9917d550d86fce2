/* A file as a stream: one message a line, read while it grows, cut or replaced.
 *
 * Shapes    Topic: the file's name without folder. Part: a number of this very file (file/identity.h: inode
 *           and moment of birth), so that a new file starts at its beginning also where the system gave it
 *           the inode of one that is gone. Position: a byte. An empty line is a message with an empty value.
 *           A last line without its line feed is delivered when it is complete, when the file was replaced,
 *           or at the end with until_end. On a file system without moments of birth nothing is delivered
 *           before the first line is complete, and a new file with the inode and the first line of the one
 *           before is taken for it.
 *           Replaced (another file at the path): the old file is read to its end, until nothing came for
 *           200 ms; then it is revoked (not lost) and the new one assigned. What was replaced while nobody
 *           read is not looked for.
 *           Cut (shorter than what was read): a warning is logged, the part is revoked (not lost) and
 *           assigned again, and is read from its start whatever the kept position: what was written after
 *           the cut is new. Found at an opening, a kept position behind the end reads on from the start too.
 *           A file that was cut and has grown past the place read to before anyone looked cannot be told
 *           from one that only grew, nor, by a reader that starts after the cut, one that has grown past the
 *           place kept; rotation by renaming has no such gap.
 *           A kept position inside a line goes back to the line's start, with a warning: the line was
 *           delivered unfinished by until_end and has grown since.
 * Errors    MT_E_INPUT  topics are named, or a settings file is, or it is no plain file;  MT_E_ABSENT  its
 *           folder is missing, or with until_end the file;  MT_E_IO;  MT_E_TOO_LARGE  a line longer than
 *           queue_bytes (2 MiB at least).
 * Cost      One copy from the page cache; growth is seen at once through inotify, elsewhere within 20 ms.
 */
#ifndef MT_STREAM_FILE_TAIL_H
#define MT_STREAM_FILE_TAIL_H

#include "stream/backend.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_tail_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                                 const mt_stream_backend *backend);
void mt_tail_close(mt_stream *stream);
MT_MUST_USE mt_code mt_tail_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max,
                                 int64_t wait_us);
MT_MUST_USE mt_code mt_tail_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position);
int64_t mt_tail_lag(mt_stream *stream);
MT_MUST_USE mt_code mt_tail_title(mt_ctx *cx, mt_stream *stream, const char **out);
mt_stream_state mt_tail_state(const mt_stream *stream);

MT_END_DECLS
#endif
