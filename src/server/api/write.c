/* Line protocol over HTTP: acknowledged after the rows are on disk. */
#include "server/api/body.h"
#include "server/api/handlers.h"
#include "server/api/query.h"
#include "server/api/reply.h"

#include "ingest/lines.h"

#include <string.h>

static const struct {
    const char *name;
    mt_line_precision precision;
} precision[] = {{"ns", MT_LINE_NS}, {"n", MT_LINE_NS},  {"us", MT_LINE_US},
                 {"u", MT_LINE_US},  {"ms", MT_LINE_MS}, {"s", MT_LINE_S}};

struct ask {
    const char *bucket;
    mt_line_precision precision;
};

static mt_code read_precision(mt_ctx *cx, mt_line_precision *out, const char *name)
{
    *out = MT_LINE_NS;
    for (size_t k = 0; name && k < sizeof precision / sizeof *precision; k++) {
        if (strcmp(name, precision[k].name) != 0) continue;
        *out = precision[k].precision;
        return MT_OK;
    }
    return name ? mt_fail(cx, MT_E_INPUT, "precision \"%.20s\": ns, us, ms or s is right", name) : MT_OK;
}

static mt_code read_ask(mt_ctx *cx, struct ask **out, const mt_exchange *x)
{
    mt_given *given;
    size_t n;
    MT_TRY(MT_NEW(cx, out, 1));
    MT_TRY(mt_query_parse(cx, &given, &n, mt_exchange_query(x)));
    (*out)->bucket = mt_query_value(given, n, "bucket");
    if (!(*out)->bucket) (*out)->bucket = mt_query_value(given, n, "db");
    return read_precision(cx, &(*out)->precision, mt_query_value(given, n, "precision"));
}

void mt_begin_write(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    struct ask *ask;
    (void)site;
    mt_code code = read_ask(cx, &ask, x);
    if (code != MT_OK)
        mt_exchange_problem(x, code, 0, cx->err);
    else
        ((mt_match *)(uintptr_t)match)->note = ask;
}

/* As writers of line protocol know it ("error" of version 1, "code" and "message" of version 2), and as a
 * problem document. */
static void tell_bad(mt_exchange *x, const mt_line_written *written)
{
    mt_ctx *cx = mt_exchange_cx(x);
    mt_reply reply;
    mt_json_writer *json = &reply.json;
    const char *text = "";
    mt_code code = mt_text_format(
        cx, &text, "%sline %llu: %s dropped=%llu", written->rows ? "partial write: " : "",
        (unsigned long long)written->first_bad_line,
        written->first_bad ? written->first_bad : "not understood", (unsigned long long)written->bad);
    if (code != MT_OK || !mt_reply_begin(&reply, x)) return;
    mt_json_object(json);
    mt_json_key(json, "type"), mt_json_text(json, "urn:merit:MT_E_INPUT");
    mt_json_key(json, "title"), mt_json_text(json, mt_code_meaning(MT_E_INPUT));
    mt_json_key(json, "status"), mt_json_int(json, 400);
    mt_json_key(json, "detail"), mt_json_text(json, text);
    mt_json_key(json, "code"), mt_json_text(json, "invalid");
    mt_json_key(json, "message"), mt_json_text(json, text);
    mt_json_key(json, "error"), mt_json_text(json, text);
    mt_json_key(json, "line"), mt_json_int(json, (int64_t)written->first_bad_line);
    mt_json_key(json, "rows"), mt_json_int(json, (int64_t)written->rows);
    mt_json_key(json, "bad"), mt_json_int(json, (int64_t)written->bad);
    mt_json_end(json);
    mt_reply_send_as(&reply, 400, "application/problem+json");
}

static mt_code write_lines(mt_ctx *cx, mt_site *site, const mt_exchange *x, const struct ask *ask,
                           mt_line_written *out)
{
    mt_store *store;
    mt_line_write write = {.bucket = ask->bucket, .precision = ask->precision};
    write.received_at = mt_world_now(site->world);
    MT_TRY(mt_body_plain(cx, &write.body, x));
    MT_TRY(mt_world_store(cx, site->world, &store));
    return mt_lines_write(cx, store, &write, out);
}

void mt_work_write(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    mt_line_written written = {.rows = 0};
    mt_code code = write_lines(cx, site, x, match->note, &written);
    mt_site_changed(site);
    mt_metric_add(
        mt_metric_counter(site->metrics, "merit_lines_rows_total", "Observations taken as lines", NULL),
        (double)written.rows);
    mt_metric_add(mt_metric_counter(site->metrics, "merit_lines_bad_total", "Lines not understood", NULL),
                  (double)written.bad);
    if (code != MT_OK)
        mt_exchange_problem(x, code, 0, cx->err);
    else if (written.bad)
        tell_bad(x, &written);
    else
        mt_exchange_answer(x, 204, NULL, (mt_text){"", 0});
}
