/* Operations over HTTP: arguments from query or body, rows through a sink to the client. */
#include "server/api/answers.h"
#include "server/api/body.h"
#include "server/api/handlers.h"
#include "server/api/media.h"
#include "server/api/query.h"

#include "io/json.h"
#include "ops/ops.h"
#include "ops/result.h"
#include "server/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What was asked for, made at the first look. */
struct ask {
    const mt_op *op;
    mt_given *given;
    size_t n;
    mt_format format;
    const char *key;  /* of a result that may be kept; NULL: it may not */
    uint64_t version; /* of the data, before it is computed */
};

/* --- the first look ---------------------------------------------------------------------------------- */

static mt_code find_op(mt_ctx *cx, const mt_op **out, const mt_match *match)
{
    char name[128];
    int n = snprintf(name, sizeof name, "%s.%s", match->part[0], match->part[1]);
    if (n < 0 || (size_t)n >= sizeof name) return mt_fail(cx, MT_E_ABSENT, "there is no such operation");
    for (char *c = name; *c; c++) *c = *c == '-' ? '_' : *c;
    return mt_ops_get(cx, out, name);
}

static int compare_given(const void *a, const void *b)
{
    const mt_given *x = a, *y = b;
    int by_name = strcmp(x->name, y->name);
    return by_name ? by_name : strcmp(x->value, y->value);
}

/* Behind its length, so that no text can say where the next one begins. */
static mt_code add_key(mt_ctx *cx, struct ask *ask, const char *text)
{
    return mt_text_format(cx, &ask->key, "%s%zu:%s", ask->key, strlen(text), text);
}

/* The same arguments in another order ask for the same; nothing else does. */
static mt_code make_key(mt_ctx *cx, struct ask *ask)
{
    mt_given *sorted;
    MT_TRY(MT_NEW(cx, &sorted, ask->n + 1));
    if (ask->n) memcpy(sorted, ask->given, ask->n * sizeof *sorted);
    qsort(sorted, ask->n, sizeof *sorted, compare_given);
    ask->key = "";
    MT_TRY(add_key(cx, ask, ask->op->name));
    MT_TRY(add_key(cx, ask, mt_format_name[ask->format]));
    for (size_t k = 0; k < ask->n; k++) {
        MT_TRY(add_key(cx, ask, sorted[k].name));
        MT_TRY(add_key(cx, ask, sorted[k].value));
    }
    return MT_OK;
}

/* "output" is the face's own; the rest are the operation's. */
static mt_code take_output(mt_ctx *cx, struct ask *ask, const mt_exchange *x)
{
    const char *wanted = NULL;
    size_t kept = 0;
    for (size_t k = 0; k < ask->n; k++) {
        bool own = strcmp(ask->given[k].name, "output") == 0 && !mt_field_find(ask->op->arg, "output");
        if (own)
            wanted = ask->given[k].value;
        else
            ask->given[kept++] = ask->given[k];
    }
    ask->n = kept;
    return mt_media_choose(cx, &ask->format, wanted, mt_exchange_header(x, "accept"));
}

mt_code mt_refuse_local(mt_ctx *cx, const mt_op *op, const mt_given *given, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const mt_field *field = mt_field_find(op->arg, given[k].name);
        if (!field || !field->local) continue;
        return mt_fail(cx, MT_E_DENIED,
                       "%s: the argument \"%s\" names a place of the server's machine: use the command line "
                       "or the configuration",
                       op->name, field->name);
    }
    return MT_OK;
}

static mt_code read_ask(mt_ctx *cx, struct ask **out, mt_site *site, mt_exchange *x, const mt_match *match)
{
    struct ask *ask;
    MT_TRY(MT_NEW(cx, &ask, 1));
    *out = ask;
    MT_TRY(find_op(cx, &ask->op, match));
    bool reads = ask->op->effect == MT_READ, get = strcmp(mt_exchange_method(x), "POST") != 0;
    if (reads != get) {
        mt_exchange_set(x, "Allow", reads ? "GET, HEAD" : "POST");
        return mt_fail(cx, MT_E_CONFLICT, "%s is asked with %s", ask->op->name, reads ? "GET" : "POST");
    }
    MT_TRY(mt_query_parse(cx, &ask->given, &ask->n, mt_exchange_query(x)));
    MT_TRY(take_output(cx, ask, x));
    MT_TRY(mt_refuse_local(cx, ask->op, ask->given, ask->n));
    ask->version = mt_site_version(site);
    return reads && site->answers ? make_key(cx, ask) : MT_OK;
}

static void send_answer(mt_exchange *x, mt_answer *answer)
{
    const char *known = mt_exchange_header(x, "if-none-match");
    mt_exchange_hold(x, mt_answer_release, answer);
    mt_exchange_set(x, "Cache-Control", "private, no-cache");
    mt_exchange_set(x, "Vary", "Accept");
    mt_exchange_set(x, "ETag", answer->etag);
    if (answer->findings) mt_exchange_set(x, "Merit-Code", mt_code_name(MT_FINDINGS));
    if (known && (strstr(known, answer->etag) || strcmp(known, "*") == 0))
        mt_exchange_answer(x, 304, NULL, (mt_text){"", 0});
    else
        mt_exchange_answer(x, 200, answer->type, (mt_text){answer->bytes, answer->n});
}

static void count_hit(mt_site *site, bool hit)
{
    mt_metric_add(mt_metric_counter(site->metrics, "merit_answers_total",
                                    "Results asked for, by where they were",
                                    hit ? "from=\"memory\"" : "from=\"work\""),
                  1);
}

void mt_begin_operation(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    struct ask *ask = NULL;
    mt_code code = read_ask(cx, &ask, site, x, match);
    if (code != MT_OK) {
        mt_exchange_problem(x, code, code == MT_E_CONFLICT ? 405 : 0, cx->err);
        return;
    }
    mt_answer *answer = NULL;
    if (ask->key) answer = mt_answers_find(site->answers, ask->key, ask->version, mt_site_now_us(site));
    count_hit(site, answer != NULL);
    if (answer)
        send_answer(x, answer);
    else
        ((mt_match *)(uintptr_t)match)->note = ask;
}

/* --- arguments --------------------------------------------------------------------------------------- */

static mt_code add_given(mt_ctx *cx, struct ask *ask, const char *name, const char *value)
{
    char *copy;
    if (ask->n == MT_QUERY_MAX)
        return mt_fail(cx, MT_E_INPUT, "an operation takes at most %d arguments", MT_QUERY_MAX);
    MT_TRY(mt_text_copy(cx, (const char **)&copy, mt_text_of(name)));
    for (char *c = copy; *c; c++) *c = *c == '-' ? '_' : *c;
    ask->given[ask->n++] = (mt_given){copy, value};
    return MT_OK;
}

static mt_code add_member(mt_ctx *cx, struct ask *ask, const mt_json *value, const char *name)
{
    switch (value->kind) {
    case MT_JSON_NULL:
        return MT_OK;
    case MT_JSON_BOOL:
        return add_given(cx, ask, name, value->boolean ? "yes" : "no");
    case MT_JSON_NUMBER:
    case MT_JSON_STRING:
        if (strlen(value->text.at) != value->text.length)
            return mt_fail(cx, MT_E_INPUT, "argument \"%.80s\" holds a zero byte", name);
        return add_given(cx, ask, name, value->text.at);
    default:
        return mt_fail(cx, MT_E_INPUT, "argument \"%.80s\": a text, a number, true or false is right", name);
    }
}

/* Only of POST: results of GET are kept under what the address says. */
static mt_code take_body(mt_ctx *cx, struct ask *ask, const mt_exchange *x)
{
    mt_text body;
    const mt_json *object;
    if (strcmp(mt_exchange_method(x), "POST") != 0) return MT_OK;
    MT_TRY(mt_body_plain(cx, &body, x));
    if (body.length == 0) return MT_OK;
    MT_TRY(mt_json_read(cx, &object, "the body", body.at, body.length));
    if (object->kind != MT_JSON_OBJECT)
        return mt_fail(cx, MT_E_INPUT, "the body is no JSON object of arguments");
    for (const mt_json *member = object->first; member; member = member->next) {
        bool many = member->kind == MT_JSON_ARRAY;
        for (const mt_json *value = many ? member->first : member; value; value = many ? value->next : NULL)
            MT_TRY(add_member(cx, ask, value, member->name));
    }
    return MT_OK;
}

/* Nobody far away names a file of this machine. */
static mt_code open_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    (void)arg;
    if (name[0] != '@' || !name[1])
        return mt_fail(cx, MT_E_DENIED,
                       "over HTTP an input is the name of a stored data set, @NAME; files are "
                       "not opened");
    out->fd = -1;
    return mt_text_copy(cx, &out->name, mt_text_of(name));
}

static mt_code open_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    (void)arg;
    (void)out;
    (void)path;
    return mt_fail(cx, MT_E_DENIED, "over HTTP no file is written; leave the output out and take the answer");
}

/* --- the result -------------------------------------------------------------------------------------- */

/* Rows pass through to the format's sink, which writes into a file in memory; what is in there may be
 * sent. */
struct road {
    mt_sink sink;
    mt_exchange *x;
    mt_sink *inner;
    mt_format format;
    int fd;
    bool streaming; /* the file is the exchange's now */
};

static uint64_t written(int fd)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at < 0 ? 0 : (uint64_t)at;
}

/* The format's sink holds its first MiB back; when that leaves, the status is 200 for good. */
static mt_code follow(struct road *road)
{
    uint64_t upto = written(road->fd);
    if (!upto) return MT_OK;
    if (!road->streaming) {
        mt_server_spool_move(road->fd); /* else it stays in memory */
        road->streaming = true;
        mt_exchange_set(road->x, "Cache-Control", "no-store");
        mt_exchange_stream(road->x, 200, mt_media_type(road->format), road->fd);
    }
    return mt_exchange_stream_upto(road->x, upto);
}

static mt_code pass_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    return mt_sink_schema(((struct road *)sink)->inner, cx, schema);
}

static mt_code pass_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct road *road = (struct road *)sink;
    MT_TRY(mt_sink_push(road->inner, cx, chunk));
    return follow(road);
}

static mt_code pass_finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_sink_finish(((struct road *)sink)->inner, cx);
}

static void pass_close(mt_sink *sink)
{
    (void)sink; /* the result closes what is behind */
}

static const mt_sink_ops road_ops = {pass_schema, pass_rows, pass_finish, pass_close};

static mt_code run(mt_ctx *cx, mt_site *site, struct ask *ask, struct road *road)
{
    const mt_opener opener = {open_input, open_output, NULL};
    const mt_result_place place = {.format = ask->format, .fd = road->fd, .head_fd = -1, .utf8 = true};
    mt_result *result = NULL;
    void *args;
    MT_TRY(take_body(cx, ask, road->x));
    MT_TRY(mt_refuse_local(cx, ask->op, ask->given, ask->n));
    MT_TRY(mt_op_args(cx, ask->op, ask->given, ask->n, &opener, &args));
    MT_TRY(mt_result_open(cx, site->world, &result, &place));
    road->inner = mt_result_sink(result);
    mt_code code = mt_op_run(cx, ask->op, site->world, args, &road->sink);
    mt_result_close(result, code);
    return code;
}

/* A whole small result from the file in memory. */
static mt_answer *read_answer(const struct road *road)
{
    size_t n = (size_t)written(road->fd), at = 0;
    mt_answer *answer = mt_answer_new(n, mt_media_type(road->format));
    while (answer && at < n) {
        ssize_t got = pread(road->fd, answer->bytes + at, n - at, (off_t)at);
        if (got <= 0) break;
        at += (size_t)got;
    }
    if (answer && at == n) {
        mt_answer_seal(answer);
        return answer;
    }
    mt_answer_release(answer);
    return NULL;
}

static void send_whole(mt_site *site, const struct ask *ask, const struct road *road, mt_code code)
{
    mt_answer *answer = read_answer(road);
    if (!answer) {
        mt_exchange_problem(road->x, MT_E_MEMORY, 0, NULL);
        return;
    }
    answer->findings = code == MT_FINDINGS;
    if (ask->key) mt_answers_keep(site->answers, ask->key, ask->version, mt_site_now_us(site), answer);
    send_answer(road->x, answer);
}

static void count_run(mt_site *site, mt_ctx *cx, const struct ask *ask, mt_code code)
{
    const char *label;
    mt_ctx_forgive(cx);
    if (mt_text_format(cx, &label, "operation=\"%s\",code=\"%s\"", ask->op->name, mt_code_name(code)) !=
        MT_OK)
        return;
    mt_metric_add(mt_metric_counter(site->metrics, "merit_operations_total",
                                    "Operations run, by how they ended", label),
                  1);
}

void mt_work_operation(mt_site *site, mt_exchange *x, const mt_match *match)
{
    mt_ctx *cx = mt_exchange_cx(x);
    struct ask *ask = match->note;
    struct road road = {.sink.ops = &road_ops, .x = x, .format = ask->format};
    road.fd = memfd_create("merit-answer", MFD_CLOEXEC);
    if (road.fd < 0) {
        mt_exchange_problem(x, MT_E_BUSY, 0, "no file in memory can be made for the answer");
        return;
    }
    mt_code code = run(cx, site, ask, &road);
    bool good = code == MT_OK || code == MT_FINDINGS;
    if (ask->op->effect == MT_WRITE) mt_site_changed(site);
    if (road.streaming) {
        mt_exchange_stream_end(x, written(road.fd), good);
    } else {
        if (good)
            send_whole(site, ask, &road, code);
        else
            mt_exchange_problem(x, code, 0, cx->err);
        close(road.fd);
    }
    count_run(site, cx, ask, code);
}
