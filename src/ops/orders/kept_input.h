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

MT_MUST_USE mt_code mt_kept_input_open(mt_ctx *cx, mt_kept_input *out, const mt_input *input);
void mt_kept_input_close(mt_kept_input *kept);

MT_END_DECLS
#endif
