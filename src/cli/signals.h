/* Ctrl-C and SIGTERM stop the work in hand, politely; a second one ends the program at once.
 *
 * Threads   A thread of its own waits for signals, so that cancelling may take locks.
 */
#ifndef MT_CLI_SIGNALS_H
#define MT_CLI_SIGNALS_H

#include "base/ctx.h"

/* Before any other thread is started. `cx` lives until the process ends. */
MT_MUST_USE mt_code mt_signals_watch(mt_ctx *cx);

#endif
