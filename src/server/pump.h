/* The rest of a result on its way into a pipe whose reader takes his time.
 *
 * Purpose   A worker writes a command's result without waiting for the command's reader: what the pipe does
 *           not take goes into a spool, and a thread of its own brings it.
 * Errors    mt_pump_moved: MT_E_CANCELLED  the reader is gone, or all commands together leave more than 1 GiB
 *           unread and this one took next to nothing for 60 s.
 * Ownership mt_pump_open; mt_pump_end ends it in any case. The pipe is borrowed until then; `dropped` and
 *           `held` outlive it.
 * Threads   One worker. A thread of its own only once the pipe is full.
 */
#ifndef MT_SERVER_PUMP_H
#define MT_SERVER_PUMP_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_pump mt_pump;

/* `dropped`: set by any thread when nobody wants it any more; `held`: bytes all pumps hold (both atomic). */
MT_MUST_USE mt_code mt_pump_open(mt_ctx *cx, mt_pump **out, int pipe, const int *dropped, uint64_t *held);

int mt_pump_fd(const mt_pump *pump); /* where the result is written to */

/* What was written may go. */
MT_MUST_USE mt_code mt_pump_moved(mt_ctx *cx, mt_pump *pump);

/* Nothing more is written. `done` is called once when all went or nobody wants it: here or by the thread. */
void mt_pump_end(mt_pump *pump, void (*done)(void *arg), void *arg);

MT_END_DECLS
#endif
