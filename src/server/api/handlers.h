/* What the rooms of this folder do for the table of routes.
 *
 * Purpose   begin_… answers at once on the network thread, work_… on a worker; see server/routes.h.
 */
#ifndef MT_SERVER_API_HANDLERS_H
#define MT_SERVER_API_HANDLERS_H

#include "base/op.h"
#include "server/routes.h"

MT_BEGIN_DECLS

/* probes.c */
void mt_begin_livez(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_readyz(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_ping(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_metrics(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_schedule(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_services(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_begin_index(mt_site *site, mt_exchange *x, const mt_match *match);

/* write.c: line protocol */
void mt_begin_write(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_work_write(mt_site *site, mt_exchange *x, const mt_match *match);

/* messages.c */
void mt_begin_messages(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_work_messages(mt_site *site, mt_exchange *x, const mt_match *match);

/* operations.c */
void mt_begin_operation(mt_site *site, mt_exchange *x, const mt_match *match);
void mt_work_operation(mt_site *site, mt_exchange *x, const mt_match *match);

/* MT_E_DENIED when one of them is marked `local`: who asks from far away names no file and no address that
 * this machine would open for him. */
MT_MUST_USE mt_code mt_refuse_local(mt_ctx *cx, const mt_op *op, const mt_given *given, size_t n);

MT_END_DECLS
#endif
