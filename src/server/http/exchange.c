/* A request and its answer, from headers to the last byte. */
#include "server/http/inside.h"

#include "io/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_FIRST = 4096 };

static int64_t clock_of(void *arg)
{
    return mt_guard_now_us(((mt_exchange *)arg)->http->guard);
}

static void log_of(void *arg, mt_log_level level, const char *text)
{
    const mt_httpd_options *options = &((mt_exchange *)arg)->http->options;
    if (options->log) options->log(options->log_arg, level, text);
}

mt_code mt_exchange_open(mt_httpd *http, mt_exchange **out, const char *target)
{
    mt_exchange *x = calloc(1, sizeof *x);
    mt_ctx_options options = {.size = sizeof options, .log = log_of, .monotonic_us = clock_of, .arg = x};
    if (!x) return MT_E_MEMORY;
    x->http = http;
    x->holders = 1;
    x->stream_fd = -1;
    x->query = "";
    mt_ctx_init(&x->cx, &options);
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->moved, NULL);
    x->serial = __atomic_add_fetch(&http->serial, 1, __ATOMIC_RELAXED);
    if (mt_text_copy(&x->cx, &x->target, mt_text_of(target)) != MT_OK) {
        mt_exchange_release(x);
        return MT_E_MEMORY;
    }
    *out = x;
    return MT_OK;
}

void mt_exchange_release(mt_exchange *x)
{
    if (!x || __atomic_sub_fetch(&x->holders, 1, __ATOMIC_ACQ_REL) > 0) return;
    __atomic_sub_fetch(&x->http->bodies, x->body_room, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&x->http->spooled, x->upto - x->punched, __ATOMIC_RELAXED);
    free(x->body);
    if (x->release) x->release(x->held);
    if (x->stream_fd >= 0) close(x->stream_fd);
    pthread_cond_destroy(&x->moved);
    pthread_mutex_destroy(&x->lock);
    mt_ctx_close(&x->cx);
    free(x);
}

/* --- the request ------------------------------------------------------------------------------------- */

struct taker {
    mt_exchange *x;
    int lengths, hosts, codings;
    const char *next; /* where the line of the next header begins; NULL: the library itself is strict */
    bool bad;
};

static bool is_token(const char *at, size_t n)
{
    static const char mark[] = "!#$%&'*+-.^_`|~";
    for (size_t k = 0; k < n; k++) {
        bool plain = (at[k] >= '0' && at[k] <= '9') || ((at[k] | 32) >= 'a' && (at[k] | 32) <= 'z');
        if (!plain && (!at[k] || !strchr(mark, at[k]))) return false;
    }
    return n > 0;
}

/* The library up to 0.9 joins folded lines, takes a bare LF for a line's end and ends a text at a zero byte,
 * and tells none of it. But it leaves lines where they came and puts two zero bytes for CR LF, so that a line
 * that does not begin where the one before ended betrays them. */
static bool is_own_line(struct taker *taker, const char *name, size_t n_name, const char *value,
                        size_t n_value)
{
    if (!taker->next) return true;
    if (name != taker->next || !value) return false;
    const char *at = name + n_name + 1;
    while (at < value && (*at == ' ' || *at == '\t')) at++;
    taker->next = value + n_value + 2;
    return at == value && !value[n_value] && !value[n_value + 1];
}

static enum MHD_Result take_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t n_name,
                                   const char *value, size_t n_value)
{
    struct taker *taker = arg;
    mt_exchange *x = taker->x;
    mt_text copy = {value ? value : "", value ? n_value : 0};
    (void)kind;
    char *lower;
    bool odd = memchr(copy.at, 0, copy.length) || x->n_header == MT_HEADERS_MAX || !is_token(name, n_name) ||
               !is_own_line(taker, name, n_name, value, n_value);
    if (odd || mt_ctx_alloc(&x->cx, &lower, n_name + 1, 1) != MT_OK ||
        mt_text_copy(&x->cx, &x->header[x->n_header].value, copy) != MT_OK) {
        taker->bad = true;
        return MHD_NO;
    }
    for (size_t k = 0; k < n_name; k++)
        lower[k] = name[k] >= 'A' && name[k] <= 'Z' ? (char)(name[k] + 32) : name[k];
    x->header[x->n_header++].name = lower;
    taker->lengths += strcmp(lower, "content-length") == 0;
    taker->hosts += strcmp(lower, "host") == 0;
    taker->codings += strcmp(lower, "transfer-encoding") == 0;
    return MHD_YES;
}

bool mt_exchange_is_old(const mt_exchange *x)
{
    return strncmp(x->http->api.MHD_get_version(), "0.", 2) == 0;
}

bool mt_exchange_take_headers(mt_exchange *x, const char *version)
{
    struct taker taker = {.x = x, .next = mt_exchange_is_old(x) ? version + strlen(version) + 2 : NULL};
    x->http->api.MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, take_header, &taker);
    const char *length = mt_exchange_header(x, "content-length");
    const char *coding = mt_exchange_header(x, "transfer-encoding");
    x->has_body = coding || (length && strcmp(length, "0") != 0);
    if (taker.bad || taker.lengths > 1 || taker.hosts > 1 || taker.codings > 1) return false;
    return !(length && coding) && (!coding || strcasecmp(coding, "chunked") == 0);
}

/* Room is counted against all bodies of the port. */
static bool grow_body(mt_exchange *x, size_t need)
{
    size_t room = x->body_room ? x->body_room : BODY_FIRST;
    while (room < need) room *= 2;
    uint64_t more = room - x->body_room;
    uint64_t all = __atomic_add_fetch(&x->http->bodies, more, __ATOMIC_RELAXED);
    char *body = all <= x->http->options.limits.bodies_max ? realloc(x->body, room) : NULL;
    if (!body) {
        __atomic_sub_fetch(&x->http->bodies, more, __ATOMIC_RELAXED);
        return false;
    }
    x->body = body;
    x->body_room = room;
    return true;
}

/* What is too much is read and dropped, so that the refusal can be sent behind it. */
void mt_exchange_take_body(mt_exchange *x, const char *at, size_t n)
{
    size_t most = x->http->options.limits.body_max;
    if (x->body_too_large || x->body_no_room) {
        x->body_used += n;
        return;
    }
    if (n > most - x->body_used) {
        x->body_too_large = true;
    } else if (x->body_used + n > x->body_room && !grow_body(x, x->body_used + n)) {
        x->body_no_room = true;
    } else {
        memcpy(x->body + x->body_used, at, n);
    }
    x->body_used += n;
}

mt_ctx *mt_exchange_cx(mt_exchange *x)
{
    return &x->cx;
}

const char *mt_exchange_method(const mt_exchange *x)
{
    return x->method;
}

const char *mt_exchange_path(const mt_exchange *x)
{
    return x->path;
}

const char *mt_exchange_query(const mt_exchange *x)
{
    return x->query;
}

const char *mt_exchange_header(const mt_exchange *x, const char *name)
{
    for (size_t k = 0; k < x->n_header; k++) {
        if (strcmp(x->header[k].name, name) == 0) return x->header[k].value;
    }
    return NULL;
}

bool mt_exchange_has_body(const mt_exchange *x)
{
    return x->has_body;
}

mt_text mt_exchange_body(const mt_exchange *x)
{
    return (mt_text){x->body ? x->body : "", x->body ? x->body_used : 0};
}

size_t mt_exchange_body_max(const mt_exchange *x)
{
    return x->http->options.limits.body_max;
}

int64_t mt_exchange_since_us(const mt_exchange *x)
{
    return x->since_us;
}

void mt_exchange_takes_in(mt_exchange *x)
{
    x->job.lane = MT_LANE_TAKE_IN;
}

void mt_exchange_set_note(mt_exchange *x, void *note)
{
    x->note = note;
}

void *mt_exchange_note(const mt_exchange *x)
{
    return x->note;
}

/* --- the answer -------------------------------------------------------------------------------------- */

void mt_exchange_set(mt_exchange *x, const char *name, const char *value)
{
    if (x->n_set == MT_ANSWER_HEADERS_MAX || !value) return;
    x->set[x->n_set].name = name;
    x->set[x->n_set++].value = value;
}

void mt_exchange_answer(mt_exchange *x, int status, const char *type, mt_text body)
{
    x->status = status;
    x->type = type;
    x->text = type ? body : (mt_text){"", 0};
}

static mt_code write_problem(mt_exchange *x, mt_text *out, mt_code code, int status, const char *detail)
{
    mt_ctx *cx = &x->cx;
    mt_json_writer json;
    mt_out *memory;
    const char *type, *copy;
    MT_TRY(mt_text_format(cx, &type, "urn:merit:%s", mt_code_name(code)));
    MT_TRY(mt_out_memory(cx, &memory));
    mt_json_open(cx, &json, memory, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, "type"), mt_json_text(&json, type);
    mt_json_key(&json, "title"), mt_json_text(&json, mt_code_meaning(code));
    mt_json_key(&json, "status"), mt_json_int(&json, status);
    mt_json_key(&json, "detail"), mt_json_text(&json, detail);
    mt_json_key(&json, "request"), mt_json_int(&json, (int64_t)x->serial);
    mt_json_end(&json);
    mt_code written = mt_json_done(&json);
    if (written == MT_OK) written = mt_text_copy(cx, &copy, mt_out_bytes(memory));
    if (written == MT_OK) *out = mt_text_of(copy);
    mt_out_close(memory);
    return written;
}

void mt_exchange_problem(mt_exchange *x, mt_code code, int status, const char *detail)
{
    static const char plain[] = "{\"type\":\"urn:merit:MT_E_MEMORY\",\"status\":500}\n";
    char kept[MT_ERR_TEXT_MAX];
    mt_text body = {plain, sizeof plain - 1};
    snprintf(kept, sizeof kept, "%s", detail && *detail ? detail : mt_code_meaning(code));
    if (!status) status = mt_code_http(code);
    mt_ctx_forgive(&x->cx);
    if (write_problem(x, &body, code, status, kept) != MT_OK) status = 500;
    mt_exchange_answer(x, status, "application/problem+json", body);
    if (status == 503 || status == 429) mt_exchange_set(x, "Retry-After", "1");
    if (status >= 500 && status != 503)
        mt_log(&x->cx, MT_LOG_ERROR, "%s %s: %d: %s", x->method, x->path, status, kept);
}

void mt_exchange_close_after(mt_exchange *x)
{
    x->close_after = true;
}

void mt_exchange_hold(mt_exchange *x, void (*release)(void *held), void *held)
{
    x->release = release;
    x->held = held;
}

bool mt_exchange_answered(const mt_exchange *x)
{
    return x->status != 0;
}

int mt_exchange_status(const mt_exchange *x)
{
    return x->status;
}
