/* A request until it has an answer or has failed for good: limits, breaker, tries, the line in the log. */
#include "sources/http/inside.h"

#include "sources/http/retry.h"
#include "sources/http/url.h"

#include <stdio.h>
#include <string.h>

enum { TRIES_MAX = 100, WORDS_READ = 4096, WORDS_SHOWN = 160 };

#define LIMIT_WAIT_MAX (10 * MT_US_MINUTE)

/* One request on its way. */
typedef struct journey {
    mt_ctx *cx;
    mt_http *http;
    mt_http_provider *provider;
    const mt_http_request *request;
    const mt_http_answer *known;
    const char *shown; /* "/path?query" without secrets */
    const char *const *secret;
    mt_time started;
    int tries, retries;
    mt_tried tried;
} journey;

static mt_time clock_of(const mt_http *http)
{
    return http->options.monotonic_us(http->options.arg);
}

/* What is left to the context, in microseconds; a lot where it has no deadline. */
static mt_time time_left(const mt_ctx *cx)
{
    if (!cx->options.deadline_us || !cx->options.monotonic_us) return INT64_MAX / 4;
    return cx->options.deadline_us - cx->options.monotonic_us(cx->options.arg);
}

static void show_state(journey *j)
{
    mt_metric_set(j->provider->state, (double)mt_http_provider_state(j->http, j->provider->policy.provider));
}

/* Past the breaker; *ticket is to be handed back. */
static mt_code enter(journey *j, uint64_t *ticket)
{
    mt_time now = clock_of(j->http), retry_at;
    char at[MT_TIME_TEXT_MAX];
    pthread_mutex_lock(&j->http->lock);
    bool may = mt_breaker_enter(&j->provider->breaker, now, ticket, &retry_at);
    bool open = j->provider->breaker.state == MT_BREAKER_OPEN;
    show_state(j);
    pthread_mutex_unlock(&j->http->lock);
    if (may) return MT_OK;
    if (!open)
        return mt_fail(j->cx, MT_E_BUSY, "%s is being tried out after failures: ask again in a moment",
                       j->provider->policy.provider);
    mt_time_text(mt_time_floor(j->http->options.now(j->http->options.arg) + retry_at - now, MT_US_SECOND),
                 at);
    return mt_fail(j->cx, MT_E_BUSY, "%s failed too often and is not asked before %s",
                   j->provider->policy.provider, at);
}

static void leave(journey *j, uint64_t ticket, mt_breaker_end end)
{
    pthread_mutex_lock(&j->http->lock);
    mt_breaker_leave(&j->provider->breaker, clock_of(j->http), ticket, end);
    show_state(j);
    pthread_mutex_unlock(&j->http->lock);
}

/* Waits for the provider's own limits of rate. */
static mt_code wait_for_turn(journey *j)
{
    mt_time now = clock_of(j->http), left = time_left(j->cx), at;
    char span[MT_TIME_TEXT_MAX];
    pthread_mutex_lock(&j->http->lock);
    bool booked = mt_limiter_take(&j->provider->limiter, now,
                                  now + (left < LIMIT_WAIT_MAX ? left : LIMIT_WAIT_MAX), &at);
    pthread_mutex_unlock(&j->http->lock);
    if (booked) return mt_transport_wait(j->cx, j->http->transport, at);
    mt_span_text(mt_time_floor(at - now + MT_US_SECOND, MT_US_SECOND), span);
    return mt_fail(j->cx, MT_E_LIMIT, "%s would have to wait %s for its limit of requests",
                   j->provider->policy.provider, span);
}

/* Is the provider to blame? What it refuses for good reasons shows that it is there. */
static mt_breaker_end blame(mt_code code, const mt_tried *tried)
{
    if (code == MT_E_TOO_LARGE) return MT_BREAKER_GOOD;
    if (code == MT_E_REMOTE) return MT_BREAKER_BAD;
    if (code != MT_OK) return MT_BREAKER_NEITHER;
    bool bad = tried->status == 0 || tried->status == 408 || tried->status >= 500;
    return bad ? MT_BREAKER_BAD : MT_BREAKER_GOOD;
}

static void count_try(journey *j, mt_code code, mt_time took)
{
    char label[160], status[16];
    if (!j->http->options.metrics) return;
    snprintf(status, sizeof status, "%d", j->tried.status);
    snprintf(label, sizeof label, "provider=\"%.64s\",status=\"%s\"", j->provider->policy.provider,
             code == MT_OK && j->tried.status ? status : "none");
    mt_metric_add(mt_metric_counter(j->http->options.metrics, "merit_fetch_requests_total",
                                    "requests to data providers", label),
                  1);
    mt_metric_observe(j->provider->seconds, (double)took / 1e6);
}

static mt_code try_once(journey *j)
{
    uint64_t ticket;
    mt_time timeout = j->provider->policy.timeout;
    mt_try want = {j->request, j->http->user_agent, j->known ? j->known->etag : NULL,
                   j->known ? j->known->last_modified : NULL, timeout > 0 ? timeout : 30 * MT_US_SECOND};
    MT_TRY(enter(j, &ticket));
    mt_code code = wait_for_turn(j);
    if (code != MT_OK) {
        leave(j, ticket, MT_BREAKER_NEITHER);
        return code;
    }
    mt_tried_close(&j->tried);
    j->tries++;
    mt_time before = clock_of(j->http);
    code = mt_transport_try(j->cx, j->http->transport, &want, &j->tried);
    leave(j, ticket, blame(code, &j->tried));
    count_try(j, code, clock_of(j->http) - before);
    return code;
}

static bool worth_another(const journey *j)
{
    return (j->tried.status == 0 || mt_retry_status(j->tried.status)) && j->tries <= j->retries;
}

/* How long until the next try; negative: there is none, the answer in hand is the end. */
static mt_time wait_before_next(journey *j)
{
    mt_time base = j->provider->policy.base_wait, asked, wait;
    bool told =
        mt_retry_after(mt_text_of(j->tried.retry_after), j->http->options.now(j->http->options.arg), &asked);
    pthread_mutex_lock(&j->http->lock);
    wait = mt_retry_wait(base > 0 ? base : MT_US_SECOND, j->tries - 1, &j->http->seed);
    if (told && asked <= MT_RETRY_AFTER_MAX)
        mt_limiter_pause(&j->provider->limiter, clock_of(j->http) + asked);
    bool closed = mt_breaker_now(&j->provider->breaker, clock_of(j->http)) != MT_BREAKER_OPEN;
    pthread_mutex_unlock(&j->http->lock);
    if (told && asked > MT_RETRY_AFTER_MAX) return -1;
    if (told) wait = asked;
    return closed && wait < time_left(j->cx) ? wait : -1;
}

static mt_code try_all(journey *j)
{
    for (;;) {
        MT_TRY(try_once(j));
        if (!worth_another(j)) return MT_OK;
        mt_time wait = wait_before_next(j);
        if (wait < 0) return MT_OK;
        mt_log(j->cx, MT_LOG_DEBUG, "fetch provider=%s path=%s status=%d try=%d again_in_ms=%lld",
               j->provider->policy.provider, j->shown, j->tried.status, j->tries, (long long)(wait / 1000));
        mt_metric_add(j->provider->retries, 1);
        MT_TRY(mt_transport_wait(j->cx, j->http->transport, clock_of(j->http) + wait));
    }
}

/* The length of a text that was cut anywhere, without a half character at its end. */
static size_t whole_length(const char *text, size_t n)
{
    while (n && ((unsigned char)text[n - 1] & 0xC0) == 0x80) n--;
    return n && (unsigned char)text[n - 1] >= 0xC0 ? n - 1 : n;
}

/* The first words of an answer, on one line and without secrets; "" when there are none. */
static mt_code first_words(journey *j, const char **out)
{
    mt_text body = {j->tried.body ? j->tried.body : "", j->tried.n < WORDS_READ ? j->tried.n : WORDS_READ};
    const char *clean;
    char *words;
    size_t n = 0;
    MT_TRY(mt_secrets_hide(j->cx, &clean, body, j->secret));
    MT_TRY(mt_ctx_alloc(j->cx, &words, WORDS_SHOWN + 8, 1));
    bool marked = *clean == '<', tag = false; /* of a page or document only what a reader would see */
    for (const char *c = clean; *c && n < WORDS_SHOWN; c++) {
        if (marked && *c == '<') tag = true;
        bool blank = (unsigned char)*c <= ' ' || *c == 127 || tag;
        if (*c == '>') tag = false;
        if (blank && (n == 0 || words[n - 1] == ' ')) continue;
        words[n++] = blank ? ' ' : *c;
    }
    words[whole_length(words, n)] = 0;
    *out = words;
    return MT_OK;
}

/* X(first status, last status, code): the first row that fits. */
static const struct {
    int from, to;
    mt_code code;
} verdict[] = {{400, 400, MT_E_INPUT},  {401, 401, MT_E_AUTH},   {403, 403, MT_E_AUTH},
               {404, 404, MT_E_ABSENT}, {410, 410, MT_E_ABSENT}, {422, 422, MT_E_INPUT},
               {429, 429, MT_E_LIMIT},  {0, 999, MT_E_REMOTE}};

static mt_code code_of(int status)
{
    size_t k = 0;
    while (status < verdict[k].from || status > verdict[k].to) k++;
    return verdict[k].code;
}

static mt_code refuse(journey *j)
{
    const char *provider = j->provider->policy.provider, *variable = j->provider->policy.key_variable, *words;
    char tries[32] = "";
    int status = j->tried.status;
    if (j->tries > 1) snprintf(tries, sizeof tries, " (%d tries)", j->tries);
    if (!status)
        return mt_fail(j->cx, MT_E_REMOTE, "%s does not answer %.200s: %s%s", provider, j->shown,
                       j->tried.trouble, tries);
    MT_TRY(first_words(j, &words));
    if (code_of(status) == MT_E_AUTH && variable)
        return mt_fail(j->cx, MT_E_AUTH, "%s refuses the key with status %d: is %s right?%s%s", provider,
                       status, variable, *words ? " It says: " : "", words);
    return mt_fail(j->cx, code_of(status), "%s answers %.200s with status %d%s%s%s", provider, j->shown,
                   status, tries, *words ? ": " : "", words);
}

/* A line for machines. What went wrong is told once, by who asked, in the sentence of the failure. */
static void log_journey(journey *j)
{
    mt_log(j->cx, MT_LOG_INFO,
           "fetch provider=%s method=%s path=%s status=%d ms=%lld bytes=%zu tries=%d cached=no",
           j->provider->policy.provider, j->request->method ? j->request->method : "GET", j->shown,
           j->tried.status, (long long)((clock_of(j->http) - j->started) / 1000), j->tried.n, j->tries);
}

/* The answer's texts are copied into cx, its body changes hands. */
static mt_code accept(journey *j, mt_http_answer *out, char **body)
{
    mt_time now = j->http->options.now(j->http->options.arg);
    if (j->tried.status == 304 && j->known) {
        *out = *j->known;
        out->received_at = now;
        *body = NULL;
        return MT_OK;
    }
    mt_http_answer answer = {.status = j->tried.status, .received_at = now};
    MT_TRY(mt_text_copy(j->cx, &answer.content_type, mt_text_of(j->tried.content_type)));
    MT_TRY(mt_text_copy(j->cx, &answer.etag, mt_text_of(j->tried.etag)));
    MT_TRY(mt_text_copy(j->cx, &answer.last_modified, mt_text_of(j->tried.last_modified)));
    answer.body = (mt_text){j->tried.n ? j->tried.body : "", j->tried.n};
    *out = answer;
    *body = j->tried.body;
    j->tried.body = NULL;
    return MT_OK;
}

mt_code mt_http_ask(mt_ctx *cx, mt_http *http, const mt_http_request *request, const mt_http_answer *known,
                    mt_http_answer *out, char **body)
{
    journey j = {.cx = cx, .http = http, .request = request, .known = known, .started = clock_of(http)};
    MT_TRY(mt_http_provider_of(cx, http, &j.provider, request));
    MT_TRY(mt_url_shown(cx, &j.shown, request->url, request->policy->secret));
    MT_TRY(mt_secrets_of(cx, &j.secret, request));
    j.retries = request->policy->retries ? request->policy->retries : 3;
    if (request->tries > 0) j.retries = request->tries - 1;
    if (j.retries > TRIES_MAX) j.retries = TRIES_MAX;
    mt_code code = try_all(&j);
    int status = j.tried.status;
    log_journey(&j);
    if (code == MT_OK) code = status / 100 == 2 || status == 304 ? accept(&j, out, body) : refuse(&j);
    mt_tried_close(&j.tried);
    return code;
}
