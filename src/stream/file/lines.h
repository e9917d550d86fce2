/* Messages written as lines at the end of a file.
 *
 * Shapes    The value and a line feed. Keys and topics have no place in a line and are not written. A file
 *           whose last line is unfinished (its writer died) gets a line feed first, so that our first
 *           message stands alone.
 * Errors    MT_E_INPUT  a value that is missing or holds a line feed (a reader would see two messages);
 *           MT_E_IO  the system refused; what was not written stays and is tried again by the next call.
 */
#ifndef MT_STREAM_FILE_LINES_H
#define MT_STREAM_FILE_LINES_H

#include "stream/backend.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_append_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                                   const mt_stream_backend *backend);
void mt_append_close(mt_producer *producer);
MT_MUST_USE mt_code mt_append_send(mt_ctx *cx, mt_producer *producer, mt_text value);
MT_MUST_USE mt_code mt_append_flush(mt_ctx *cx, mt_producer *producer); /* on the disk, with the name */

MT_END_DECLS
#endif
