/* What those who watch a server ask: does it live, does it take work, what did it count. */
#include "server/api/handlers.h"
#include "server/api/reply.h"
#include "server/schedule.h"
#include "server/services.h"

#include "ops/ops.h"

#include <string.h>

static const char text_plain[] = "text/plain; charset=utf-8";

void mt_begin_livez(mt_site *site, mt_exchange *x, const mt_match *match)
{
    (void)site;
    (void)match;
    mt_exchange_answer(x, 200, text_plain, mt_text_of("alive\n"));
}

void mt_begin_readyz(mt_site *site, mt_exchange *x, const mt_match *match)
{
    bool ready = mt_site_is_ready(site);
    (void)match;
    mt_exchange_answer(x, ready ? 200 : 503, text_plain, mt_text_of(ready ? "ready\n" : "not ready\n"));
}

void mt_begin_ping(mt_site *site, mt_exchange *x, const mt_match *match)
{
    (void)site;
    (void)match;
    mt_exchange_answer(x, 204, NULL, (mt_text){"", 0});
}

void mt_begin_metrics(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    mt_text text;
    (void)match;
    mt_code code = mt_metrics_text(cx, &text, site->metrics);
    if (code == MT_OK)
        mt_exchange_answer(x, 200, "text/plain; version=0.0.4; charset=utf-8", text);
    else
        mt_exchange_problem(x, code, 0, cx->err);
}

void mt_begin_schedule(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_reply reply;
    (void)match;
    if (!mt_reply_begin(&reply, x)) return;
    mt_schedule_tell(__atomic_load_n(&site->schedule, __ATOMIC_ACQUIRE), &reply.json);
    mt_reply_send(&reply, 200);
}

void mt_begin_services(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_reply reply;
    (void)match;
    if (!mt_reply_begin(&reply, x)) return;
    mt_services_tell(__atomic_load_n(&site->services, __ATOMIC_ACQUIRE), &reply.json);
    mt_reply_send(&reply, 200);
}

static void tell_routes(mt_json_writer *json)
{
    size_t n;
    const mt_route *route = mt_routes(&n);
    mt_json_key(json, "routes");
    mt_json_array(json);
    for (size_t k = 0; k < n; k++) {
        mt_json_object(json);
        mt_json_key(json, "method"), mt_json_text(json, route[k].method);
        mt_json_key(json, "path"), mt_json_text(json, route[k].path);
        mt_json_key(json, "summary"), mt_json_text(json, route[k].doc);
        mt_json_end(json);
    }
    mt_json_end(json);
}

void mt_begin_index(mt_site *site, mt_exchange *x, const mt_match *match)
{
    size_t n;
    const mt_op *const *op = mt_ops(&n);
    mt_reply reply;
    mt_json_writer *json = &reply.json;
    (void)site;
    (void)match;
    if (!mt_reply_begin(&reply, x)) return;
    mt_json_object(json);
    tell_routes(json);
    mt_json_key(json, "operations");
    mt_json_array(json);
    for (size_t k = 0; k < n; k++) {
        mt_json_object(json);
        mt_json_key(json, "name"), mt_json_text(json, op[k]->name);
        mt_json_key(json, "method"), mt_json_text(json, op[k]->effect == MT_READ ? "GET" : "POST");
        mt_json_key(json, "summary"), mt_json_text(json, op[k]->summary);
        mt_json_end(json);
    }
    mt_json_end(json);
    mt_json_end(json);
    mt_reply_send(&reply, 200);
}
