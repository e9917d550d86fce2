/* Small JSON answers.
 *
 * Purpose   A handler writes its document piece by piece and sends it with one status.
 * Example   MT_TRY(mt_reply_begin(&reply, x)); mt_json_object(&reply.json); … mt_reply_send(&reply, 200);
 */
#ifndef MT_SERVER_API_REPLY_H
#define MT_SERVER_API_REPLY_H

#include "io/json.h"
#include "server/http/exchange.h"

MT_BEGIN_DECLS

typedef struct mt_reply {
    mt_exchange *x;
    mt_out *out;
    mt_json_writer json;
} mt_reply;

/* Answers with a problem itself when it fails. */
MT_MUST_USE bool mt_reply_begin(mt_reply *reply, mt_exchange *x);
void mt_reply_send(mt_reply *reply, int status);

/* Also for a body that is a problem with members of its own: `type` is the media type. */
void mt_reply_send_as(mt_reply *reply, int status, const char *type);

MT_END_DECLS
#endif
