/* One try of one request: what goes out, what comes back, on the caller's thread. */
#include "sources/http/transport.h"

#include "sources/http/curl_api.h"
#include "sources/http/url.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES_KEPT = 16,
    SLICE_MS = 50, /* between two looks at deadline and clock */
    REDIRECTS = 5,
    WORDS_OF_FAILURE = 65536, /* of an answer that is an error, more is not read */
    STALL_BYTES = 1024
};

#define STALL_TIME   (20 * MT_US_SECOND)
#define LIMIT_USUAL  ((uint64_t)256 << 20)
#define CONNECT_WAIT (10 * MT_US_SECOND)

/* Connections to one host or several, used by one thread at a time. */
typedef struct line {
    struct line *next;
    CURLM *multi;
    CURL *easy;
    char origin[192]; /* of its last use */
} line;

struct mt_transport {
    mt_monotonic_fn *monotonic_us;
    void *arg;
    pthread_mutex_t lock; /* of what follows */
    bool ready;
    mt_curl_api api;
    CURLSH *share;
    line *idle;
    int n_idle;
    pthread_mutex_t shared[CURL_LOCK_DATA_LAST];
};

static void lock_shared(CURL *easy, curl_lock_data data, curl_lock_access access, void *arg)
{
    mt_transport *transport = arg;
    (void)easy;
    (void)access;
    pthread_mutex_lock(&transport->shared[data]);
}

static void unlock_shared(CURL *easy, curl_lock_data data, void *arg)
{
    mt_transport *transport = arg;
    (void)easy;
    pthread_mutex_unlock(&transport->shared[data]);
}

mt_code mt_transport_open(mt_ctx *cx, mt_transport **out, mt_monotonic_fn *monotonic_us, void *arg)
{
    mt_transport *transport = calloc(1, sizeof *transport);
    if (!transport) return mt_fail(cx, MT_E_MEMORY, "no memory for an HTTP client");
    transport->monotonic_us = monotonic_us;
    transport->arg = arg;
    pthread_mutex_init(&transport->lock, NULL);
    for (int k = 0; k < CURL_LOCK_DATA_LAST; k++) pthread_mutex_init(&transport->shared[k], NULL);
    *out = transport;
    return MT_OK;
}

static void close_line(mt_transport *transport, line *l)
{
    if (l->easy) transport->api.curl_easy_cleanup(l->easy);
    if (l->multi) transport->api.curl_multi_cleanup(l->multi);
    free(l);
}

void mt_transport_close(mt_transport *transport)
{
    if (!transport) return;
    while (transport->idle) {
        line *l = transport->idle;
        transport->idle = l->next;
        close_line(transport, l);
    }
    if (transport->ready) {
        transport->api.curl_share_cleanup(transport->share);
        transport->api.curl_global_cleanup();
        mt_curl_unload(&transport->api);
    }
    for (int k = 0; k < CURL_LOCK_DATA_LAST; k++) pthread_mutex_destroy(&transport->shared[k]);
    pthread_mutex_destroy(&transport->lock);
    free(transport);
}

/* Under the lock, at the first request. */
static mt_code start_library(mt_ctx *cx, mt_transport *transport)
{
    mt_curl_api *api = &transport->api;
    MT_TRY(mt_curl_load(cx, api, NULL));
    if (api->curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        mt_curl_unload(api);
        return mt_fail(cx, MT_E_FAILED, "the HTTP client library does not start");
    }
    transport->share = api->curl_share_init();
    if (!transport->share) {
        api->curl_global_cleanup();
        mt_curl_unload(api);
        return mt_fail(cx, MT_E_MEMORY, "no memory for an HTTP client");
    }
    /* Connections are not shared this way: the library does not allow it to several threads. */
    api->curl_share_setopt(transport->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    api->curl_share_setopt(transport->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    api->curl_share_setopt(transport->share, CURLSHOPT_LOCKFUNC, lock_shared);
    api->curl_share_setopt(transport->share, CURLSHOPT_UNLOCKFUNC, unlock_shared);
    api->curl_share_setopt(transport->share, CURLSHOPT_USERDATA, transport);
    transport->ready = true;
    return MT_OK;
}

static mt_code new_line(mt_ctx *cx, mt_transport *transport, line **out)
{
    line *l = calloc(1, sizeof *l);
    if (l) l->multi = transport->api.curl_multi_init();
    if (l && l->multi) l->easy = transport->api.curl_easy_init();
    if (!l || !l->multi || !l->easy) {
        if (l) close_line(transport, l);
        return mt_fail(cx, MT_E_MEMORY, "no memory for a connection");
    }
    transport->api.curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS, 8L);
    *out = l;
    return MT_OK;
}

/* The idle line that last spoke with this origin, else any. */
static line *pick_idle(mt_transport *transport, const char *origin)
{
    line **found = &transport->idle;
    for (line **l = &transport->idle; *l; l = &(*l)->next) {
        if (strcmp((*l)->origin, origin) != 0) continue;
        found = l;
        break;
    }
    line *taken = *found;
    if (taken) {
        *found = taken->next;
        transport->n_idle--;
    }
    return taken;
}

static mt_code take_line(mt_ctx *cx, mt_transport *transport, const char *url, line **out)
{
    mt_url parts;
    char origin[sizeof(*out)->origin] = "";
    if (url && mt_url_split(url, &parts))
        snprintf(origin, sizeof origin, "%.*s://%.*s", (int)parts.scheme.length, parts.scheme.at,
                 (int)parts.host.length, parts.host.at);
    pthread_mutex_lock(&transport->lock);
    mt_code code = transport->ready ? MT_OK : start_library(cx, transport);
    line *l = code == MT_OK ? pick_idle(transport, origin) : NULL;
    pthread_mutex_unlock(&transport->lock);
    if (code == MT_OK && !l) code = new_line(cx, transport, &l);
    if (code != MT_OK) return code;
    memcpy(l->origin, origin, sizeof origin);
    *out = l;
    return MT_OK;
}

static void give_line(mt_transport *transport, line *l)
{
    pthread_mutex_lock(&transport->lock);
    bool keep = transport->n_idle < LINES_KEPT;
    if (keep) {
        l->next = transport->idle;
        transport->idle = l;
        transport->n_idle++;
    }
    pthread_mutex_unlock(&transport->lock);
    if (!keep) close_line(transport, l);
}

/* A line that listens to its context. */
typedef struct waker {
    const mt_curl_api *api;
    CURLM *multi;
} waker;

static void wake(void *arg)
{
    waker *w = arg;
    w->api->curl_multi_wakeup(w->multi);
}

/* Short looks first, so that a clock that runs fast (in a test) is not overslept. */
static int longer(int slice)
{
    return slice * 2 < SLICE_MS ? slice * 2 : SLICE_MS;
}

/* Where the hooks of the context are all taken, the slices of waiting are short enough. */
static bool listen_to(mt_ctx *cx, waker *w)
{
    if (mt_ctx_on_cancel(cx, wake, w) == MT_OK) return true;
    mt_ctx_forgive(cx);
    return false;
}

mt_code mt_transport_wait(mt_ctx *cx, mt_transport *transport, mt_time until)
{
    line *l;
    mt_code code = mt_ctx_check(cx);
    mt_time left = until - transport->monotonic_us(transport->arg);
    if (code != MT_OK || left <= 0) return code;
    MT_TRY(take_line(cx, transport, NULL, &l));
    waker w = {&transport->api, l->multi};
    bool listening = listen_to(cx, &w);
    int slice = 1;
    while ((code = mt_ctx_check(cx)) == MT_OK) {
        left = until - transport->monotonic_us(transport->arg);
        if (left <= 0) break;
        int ms = left > slice * 1000 ? slice : (int)((left + 999) / 1000);
        transport->api.curl_multi_poll(l->multi, NULL, 0, ms, NULL);
        slice = longer(slice);
    }
    if (listening) mt_ctx_off_cancel(cx, wake, &w);
    give_line(transport, l);
    return code;
}

/* One exchange of a try; a redirect is followed by the next. */
typedef struct exchange {
    mt_ctx *cx;
    mt_transport *transport;
    const mt_try *want;
    mt_tried *out;
    line *line;
    const char *url;
    bool away; /* at another origin than the request's: nothing of it that may be a key */
    bool get;  /* the redirect turned the method into GET */
    uint64_t limit;
    size_t room;
    bool too_large, cut, no_memory;
    mt_time started, mark; /* when STALL_BYTES more had come */
    size_t marked;
    struct curl_slist *headers;
} exchange;

static bool grow(exchange *e, size_t need)
{
    size_t room = e->room ? e->room : 16384;
    while (room < need) room *= 2;
    if (room == e->room) return true;
    char *body = realloc(e->out->body, room);
    e->no_memory = !body;
    if (!body) return false;
    e->out->body = body;
    e->room = room;
    return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
    exchange *e = arg;
    size_t n = size * count;
    if (e->out->status >= 300 && e->out->n + n > WORDS_OF_FAILURE) {
        e->cut = true;
        return 0;
    }
    if (e->out->n + n > e->limit) {
        e->too_large = true;
        return 0;
    }
    if (!grow(e, e->out->n + n + 1)) return 0;
    memcpy(e->out->body + e->out->n, bytes, n);
    e->out->n += n;
    e->out->body[e->out->n] = 0;
    return n;
}

/* The value of a header if the line is that one; what does not fit is not kept at all. */
static void take_header(mt_text text, const char *name, char *to, size_t room)
{
    size_t n = strlen(name);
    if (text.length <= n || text.at[n] != ':' || strncasecmp(text.at, name, n) != 0) return;
    mt_text value = {text.at + n + 1, text.length - n - 1};
    while (value.length && (value.at[value.length - 1] == '\r' || value.at[value.length - 1] == '\n'))
        value.length--;
    value = mt_text_trim(value);
    if (value.length >= room || memchr(value.at, 0, value.length)) value.length = 0;
    memcpy(to, value.at, value.length);
    to[value.length] = 0;
}

static void forget_answer(mt_tried *out)
{
    out->status = 0;
    out->n = 0;
    out->content_type[0] = out->etag[0] = out->last_modified[0] = out->retry_after[0] = 0;
}

static size_t take_header_line(char *bytes, size_t size, size_t count, void *arg)
{
    exchange *e = arg;
    mt_tried *out = e->out;
    mt_text text = {bytes, size * count};
    if (text.length > 5 && memcmp(text.at, "HTTP/", 5) == 0) { /* 100, a proxy's answer, then the real one */
        long status = 0;
        forget_answer(out);
        e->transport->api.curl_easy_getinfo(e->line->easy, CURLINFO_RESPONSE_CODE, &status);
        out->status = (int)status;
    }
    take_header(text, "Content-Type", out->content_type, sizeof out->content_type);
    take_header(text, "ETag", out->etag, sizeof out->etag);
    take_header(text, "Last-Modified", out->last_modified, sizeof out->last_modified);
    take_header(text, "Retry-After", out->retry_after, sizeof out->retry_after);
    return text.length;
}

static mt_code add_header(exchange *e, const char *name, const char *value)
{
    const char *text;
    MT_TRY(mt_text_format(e->cx, &text, "%s: %s", name, value));
    struct curl_slist *longer = e->transport->api.curl_slist_append(e->headers, text);
    if (!longer) return mt_fail(e->cx, MT_E_MEMORY, "no memory for a header");
    e->headers = longer;
    return MT_OK;
}

static mt_code set_headers(exchange *e)
{
    const mt_http_request *request = e->want->request;
    for (size_t k = 0; k < request->n_header; k++) {
        const mt_http_header *h = &request->header[k];
        if (strpbrk(h->name, "\r\n:") || strpbrk(h->value, "\r\n"))
            return mt_fail(e->cx, MT_E_INPUT, "the header %.40s for %s holds a line break", h->name,
                           request->policy->provider);
        if (!e->away || mt_header_is_plain(h->name)) MT_TRY(add_header(e, h->name, h->value));
    }
    const char *etag = e->want->etag, *modified = e->want->last_modified;
    if (etag && *etag) MT_TRY(add_header(e, "If-None-Match", etag));
    if (modified && *modified && !(etag && *etag)) MT_TRY(add_header(e, "If-Modified-Since", modified));
    if (request->body.at) MT_TRY(add_header(e, "Expect", "")); /* no waiting for 100 */
    e->transport->api.curl_easy_setopt(e->line->easy, CURLOPT_HTTPHEADER, e->headers);
    return MT_OK;
}

static void set_method(const exchange *e)
{
    const mt_curl_api *api = &e->transport->api;
    const mt_http_request *request = e->want->request;
    const char *method = request->method ? request->method : "GET";
    CURL *easy = e->line->easy;
    if (e->get) return;
    if (strcmp(method, "HEAD") == 0) api->curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (request->body.at) {
        api->curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.length);
        api->curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.at);
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        api->curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    if (e->away) return;
    if (request->user) api->curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
    if (request->password) api->curl_easy_setopt(easy, CURLOPT_PASSWORD, request->password);
    if (request->aws_sigv4) api->curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, request->aws_sigv4);
}

static mt_code set_up(exchange *e)
{
    const mt_curl_api *api = &e->transport->api;
    CURL *easy = e->line->easy;
    api->curl_easy_reset(easy);
    api->curl_easy_setopt(easy, CURLOPT_SHARE, e->transport->share);
    api->curl_easy_setopt(easy, CURLOPT_URL, e->url);
    api->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    api->curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    api->curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that the library unpacks */
    api->curl_easy_setopt(easy, CURLOPT_USERAGENT, e->want->user_agent);
    api->curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    api->curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    api->curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    api->curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    api->curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* giving up does not wait for a name server */
    api->curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(CONNECT_WAIT / 1000));
    api->curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)e->limit);
    api->curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    api->curl_easy_setopt(easy, CURLOPT_WRITEDATA, e);
    api->curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header_line);
    api->curl_easy_setopt(easy, CURLOPT_HEADERDATA, e);
    set_method(e);
    return set_headers(e);
}

static void give_up(exchange *e, const char *why)
{
    snprintf(e->out->trouble, sizeof e->out->trouble, "%s", why);
    e->out->status = 0;
}

/* Too slow: the whole, or the last stretch of the body. */
static bool out_of_time(exchange *e)
{
    mt_time now = e->transport->monotonic_us(e->transport->arg);
    char span[MT_TIME_TEXT_MAX], why[96];
    if (now - e->started > e->want->timeout) {
        mt_span_text(e->want->timeout, span);
        snprintf(why, sizeof why, "no whole answer within %s", span);
        give_up(e, why);
        return true;
    }
    if (!e->out->n || e->out->n >= e->marked + STALL_BYTES) {
        e->mark = now;
        e->marked = e->out->n;
    }
    if (now - e->mark <= STALL_TIME) return false;
    give_up(e, "the answer came too slowly: less than 1 KiB in 20 s");
    return true;
}

static mt_code drive(exchange *e, CURLcode *result)
{
    const mt_curl_api *api = &e->transport->api;
    CURLM *multi = e->line->multi;
    int running = 1, left, slice = 1;
    for (;;) {
        if (api->curl_multi_perform(multi, &running) != CURLM_OK) break;
        if (!running) break;
        MT_TRY(mt_ctx_check(e->cx));
        if (out_of_time(e)) return MT_OK;
        api->curl_multi_poll(multi, NULL, 0, slice, NULL);
        slice = longer(slice);
    }
    const CURLMsg *message = api->curl_multi_info_read(multi, &left);
    *result = message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
    return MT_OK;
}

static mt_code judge(exchange *e, CURLcode result)
{
    const char *provider = e->want->request->policy->provider;
    if (e->too_large || result == CURLE_FILESIZE_EXCEEDED)
        return mt_fail(e->cx, MT_E_TOO_LARGE,
                       "%s answers with more than %llu bytes, which is not read further", provider,
                       (unsigned long long)e->limit);
    if (e->no_memory) return mt_fail(e->cx, MT_E_MEMORY, "no memory for the answer of %s", provider);
    if (result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL)
        return mt_fail(e->cx, MT_E_INPUT, "the address for %s is none of http or https", provider);
    if (result != CURLE_OK && !e->cut) give_up(e, e->transport->api.curl_easy_strerror(result));
    return MT_OK;
}

static mt_code exchange_once(exchange *e)
{
    const mt_curl_api *api = &e->transport->api;
    CURLcode result = CURLE_FAILED_INIT;
    forget_answer(e->out);
    e->out->trouble[0] = 0;
    e->headers = NULL;
    mt_code code = set_up(e);
    if (code == MT_OK && api->curl_multi_add_handle(e->line->multi, e->line->easy) != CURLM_OK)
        code = mt_fail(e->cx, MT_E_MEMORY, "no memory for a transfer");
    if (code == MT_OK) {
        code = drive(e, &result);
        if (code == MT_OK && !e->out->trouble[0]) code = judge(e, result);
    }
    return code;
}

static void end_exchange(exchange *e)
{
    e->transport->api.curl_multi_remove_handle(e->line->multi, e->line->easy);
    e->transport->api.curl_easy_reset(e->line->easy); /* forgets where the body and the keys lie */
    e->transport->api.curl_slist_free_all(e->headers);
    e->headers = NULL;
}

/* Where the answer sends us: *next NULL when it is no redirect. */
static mt_code follow(exchange *e, const char **next)
{
    const mt_http_request *request = e->want->request;
    char *to = NULL;
    int status = e->out->status;
    *next = NULL;
    if (status < 301 || status == 304 || status > 308 || e->out->trouble[0]) return MT_OK;
    e->transport->api.curl_easy_getinfo(e->line->easy, CURLINFO_REDIRECT_URL, &to);
    if (!to) return MT_OK;
    bool away = e->away || !mt_url_same_origin(request->url, to);
    bool get = e->get || status == 303 || (status != 307 && status != 308 && request->body.at);
    if (away && mt_url_has(to, request->policy->secret))
        return mt_fail(e->cx, MT_E_REMOTE, "%s sends the request with its key on to another host",
                       request->policy->provider);
    if (away && request->body.at && !get)
        return mt_fail(e->cx, MT_E_REMOTE, "%s sends the request with its body on to another host",
                       request->policy->provider);
    MT_TRY(mt_text_copy(e->cx, next, mt_text_of(to)));
    e->away = away;
    e->get = get;
    return MT_OK;
}

static mt_code follow_all(exchange *e)
{
    for (int k = 0; k <= REDIRECTS; k++) {
        const char *next = NULL;
        mt_code code = exchange_once(e);
        if (code == MT_OK) code = follow(e, &next);
        end_exchange(e);
        if (code != MT_OK || !next) return code;
        e->url = next;
    }
    return mt_fail(e->cx, MT_E_REMOTE, "%s redirects more than %d times", e->want->request->policy->provider,
                   REDIRECTS);
}

mt_code mt_transport_try(mt_ctx *cx, mt_transport *transport, const mt_try *want, mt_tried *out)
{
    exchange e = {.cx = cx, .transport = transport, .want = want, .out = out, .url = want->request->url};
    memset(out, 0, sizeof *out);
    e.limit = want->request->limit_bytes ? want->request->limit_bytes : LIMIT_USUAL;
    MT_TRY(mt_ctx_check(cx));
    MT_TRY(take_line(cx, transport, e.url, &e.line));
    waker w = {&transport->api, e.line->multi};
    bool listening = listen_to(cx, &w);
    e.started = e.mark = transport->monotonic_us(transport->arg);
    mt_code code = follow_all(&e);
    if (listening) mt_ctx_off_cancel(cx, wake, &w);
    give_line(transport, e.line);
    if (code != MT_OK) mt_tried_close(out);
    return code;
}

void mt_tried_close(mt_tried *tried)
{
    free(tried->body);
    tried->body = NULL;
    tried->n = 0;
}
