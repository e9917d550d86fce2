/* One request over HTTP and its answer.
 *
 * Purpose   What the rooms behind the routes see; none of them knows the HTTP library.
 * Shapes    A request is looked at twice: when its headers are there (on the network thread: answer what is
 *           quick, refuse what is wrong) and, if it was not answered then, when its body is whole (on a
 *           worker). It gets exactly one answer: a text, or a stream whose status is sent before its end is
 *           known.
 * Errors    A refusal is a problem document (RFC 9457) with the status of base/err.h; it never repeats the
 *           request's body.
 * Ownership Everything lives until the exchange ends: texts in its context, what was given to
 *           mt_exchange_hold.
 * Threads   At any time either the network thread or one worker has it. Answering from the worker takes
 *           effect when the worker's function returns.
 * Source    RFC 9110, RFC 9112, RFC 9457.
 */
#ifndef MT_SERVER_HTTP_EXCHANGE_H
#define MT_SERVER_HTTP_EXCHANGE_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_exchange mt_exchange;

mt_ctx *mt_exchange_cx(mt_exchange *x); /* memory, deadline, cancelling of this request */
const char *mt_exchange_method(const mt_exchange *x);
const char *mt_exchange_path(const mt_exchange *x);  /* as it came, without the query */
const char *mt_exchange_query(const mt_exchange *x); /* as it came; "" where there is none */

/* The value of a header (name in lower case), or NULL. */
const char *mt_exchange_header(const mt_exchange *x, const char *name);

bool mt_exchange_has_body(const mt_exchange *x); /* its header says that one comes */
mt_text mt_exchange_body(const mt_exchange *x);  /* as it came: perhaps packed */
size_t mt_exchange_body_max(const mt_exchange *x);
int64_t mt_exchange_since_us(const mt_exchange *x); /* on the monotonic clock: when its headers were there */

/* The request takes rows in: its work waits for no question. For the first look. */
void mt_exchange_takes_in(mt_exchange *x);

/* What the first look found, for the second. */
void mt_exchange_set_note(mt_exchange *x, void *note);
void *mt_exchange_note(const mt_exchange *x);

/* A header of the answer; both texts live as long as the exchange. */
void mt_exchange_set(mt_exchange *x, const char *name, const char *value);

/* `body` lives in the exchange's context, is constant or held. `type` NULL: no body. */
void mt_exchange_answer(mt_exchange *x, int status, const char *type, mt_text body);

/* The problem document of a code; `detail` NULL: the code's meaning. `status` 0: the code's own. */
void mt_exchange_problem(mt_exchange *x, mt_code code, int status, const char *detail);

/* The connection is closed after the answer. */
void mt_exchange_close_after(mt_exchange *x);

/* `release` is called with `held` when the exchange is over. At most one. */
void mt_exchange_hold(mt_exchange *x, void (*release)(void *held), void *held);

bool mt_exchange_answered(const mt_exchange *x);
int mt_exchange_status(const mt_exchange *x); /* of the answer; 0: none yet */

/* --- streams: from a worker only ---------------------------------------------------------------------- */

/* The answer is what is written into the file `fd`, which the exchange owns from here on. */
void mt_exchange_stream(mt_exchange *x, int status, const char *type, int fd);

/* The first `upto` bytes are there. Waits only while all streams of the port together hold more than
 * limits.spool_max that was not read yet; MT_E_CANCELLED when the reader is gone, or took next to nothing for
 * limits.stall_us of such a wait. */
MT_MUST_USE mt_code mt_exchange_stream_upto(mt_exchange *x, uint64_t upto);

/* Nothing more comes; not `whole`: the connection is dropped without the last piece. */
void mt_exchange_stream_end(mt_exchange *x, uint64_t upto, bool whole);

MT_END_DECLS
#endif
