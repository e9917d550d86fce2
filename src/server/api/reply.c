/* Small JSON answers. */
#include "server/api/reply.h"

bool mt_reply_begin(mt_reply *reply, mt_exchange *x)
{
    mt_ctx *cx = mt_exchange_cx(x);
    reply->x = x;
    mt_code code = mt_out_memory(cx, &reply->out);
    if (code != MT_OK) {
        mt_exchange_problem(x, code, 0, cx->err);
        return false;
    }
    mt_json_open(cx, &reply->json, reply->out, MT_JSON_COMPACT);
    return true;
}

void mt_reply_send_as(mt_reply *reply, int status, const char *type)
{
    mt_ctx *cx = mt_exchange_cx(reply->x);
    const char *copy = NULL;
    mt_code code = mt_json_done(&reply->json);
    size_t n = mt_out_bytes(reply->out).length;
    if (code == MT_OK) code = mt_text_copy(cx, &copy, mt_out_bytes(reply->out));
    mt_out_close(reply->out);
    if (code == MT_OK)
        mt_exchange_answer(reply->x, status, type, (mt_text){copy, n});
    else
        mt_exchange_problem(reply->x, code, 0, cx->err);
}

void mt_reply_send(mt_reply *reply, int status)
{
    mt_exchange_set(reply->x, "Cache-Control", "no-store");
    mt_reply_send_as(reply, status, "application/json");
}
