/* An input that can be read more than once, whatever it is.
 *
 * Purpose   Some operations pass over their input twice; a pipe's bytes then go to a file without a name.
 * Errors    MT_E_IO  the pipe cannot be read, or the temporary folder is full.
 * Ownership _open/_close; the original descriptor stays the caller's.
 */
#ifndef MT_OPS_ORDERS_KEPT_INPUT_H
#define MT_OPS_ORDERS_KEPT_INPUT_H

#include "base/op.h"

MT_BEGIN_DECLS

typedef struct mt_kept_input {
    mt_input input; /* to be read; the original where that can be read again */
    int fd;         /* of the temporary file; -1: none was needed */
} mt_kept_input;

/* The next bytes of a pipe or a device, at most `room`; *n 0 at its end. Waits in small steps, so that a
 * silent writer cannot outlast the deadline or the caller's patience. */
MT_MUST_USE mt_code mt_input_read(mt_ctx *cx, const mt_input *input, char *bytes, size_t room, size_t *n);

MT_MUST_USE mt_code mt_kept_input_open(mt_ctx *cx, mt_kept_input *out, const mt_input *input);
void mt_kept_input_close(mt_kept_input *kept);

MT_END_DECLS
#endif
