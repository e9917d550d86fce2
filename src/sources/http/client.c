/* The one client through which every provider is asked: providers, keys, the cache and who leads. */
#include "sources/http/inside.h"

#include "crypto/hash.h"
#include "sources/http/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MERIT_VERSION
#define MERIT_VERSION "0"
#endif

#define CLOCKS_APART    MT_US_MINUTE
#define KEPT_TO_CONFIRM MT_US_DAY /* a stale answer with an ETag saves its second download */

static mt_code take_options(mt_ctx *cx, mt_http *http, const mt_http_options *options)
{
    size_t known = options->size < sizeof http->options ? options->size : sizeof http->options;
    memcpy(&http->options, options, known);
    if (!http->options.now || !http->options.monotonic_us)
        return mt_fail(cx, MT_E_BUG, "an HTTP client needs both clocks");
    http->seed = http->options.seed;
    http->user_agent = strdup(http->options.user_agent ? http->options.user_agent : "merit/" MERIT_VERSION);
    return http->user_agent ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for an HTTP client");
}

mt_code mt_http_open(mt_ctx *cx, mt_http **out, const mt_http_options *options)
{
    mt_http *http = calloc(1, sizeof *http);
    if (!http) return mt_fail(cx, MT_E_MEMORY, "no memory for an HTTP client");
    pthread_mutex_init(&http->lock, NULL);
    mt_flights_init(&http->flights);
    mt_code code = take_options(cx, http, options);
    if (code == MT_OK)
        code = mt_transport_open(cx, &http->transport, http->options.monotonic_us, http->options.arg);
    if (code == MT_OK)
        code = mt_cache_open(cx, &http->cache, http->options.cache_url, http->options.cache_bytes);
    http->options.cache_url = http->options.user_agent = NULL; /* may hold a password; are the caller's */
    if (code != MT_OK) {
        mt_http_close(http);
        return code;
    }
    *out = http;
    return MT_OK;
}

void mt_http_close(mt_http *http)
{
    if (!http) return;
    mt_refresh_close(http->refresher);
    mt_cache_close(http->cache);
    mt_transport_close(http->transport);
    while (http->provider) {
        mt_http_provider *p = http->provider;
        http->provider = p->next;
        mt_limiter_close(&p->limiter);
        free(p->origin);
        free(p);
    }
    mt_flights_close(&http->flights);
    pthread_mutex_destroy(&http->lock);
    free(http->user_agent);
    free(http);
}

static void open_metrics(mt_http *http, mt_http_provider *p)
{
    char label[96];
    mt_metrics *metrics = http->options.metrics;
    if (!metrics) return;
    snprintf(label, sizeof label, "provider=\"%.64s\"", p->policy.provider);
    p->seconds = mt_metric_seconds(metrics, "merit_fetch_seconds", "time of one try", label);
    p->retries = mt_metric_counter(metrics, "merit_fetch_retries_total", "tries after the first", label);
    p->hits =
        mt_metric_counter(metrics, "merit_fetch_cache_hits_total", "answers given from the cache", label);
    p->state = mt_metric_gauge(metrics, "merit_fetch_breaker_state", "0 closed, 1 half open, 2 open", label);
}

static mt_code new_provider(mt_ctx *cx, mt_http *http, mt_http_provider **out, const mt_http_policy *policy,
                            const mt_url *url)
{
    mt_http_provider *p = calloc(1, sizeof *p);
    size_t n = (size_t)(url->host.at + url->host.length - url->scheme.at);
    char *origin = malloc(n + 1);
    mt_code code = p && origin ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for a provider");
    if (code == MT_OK) {
        snprintf(origin, n + 1, "%.*s://%.*s", (int)url->scheme.length, url->scheme.at, (int)url->host.length,
                 url->host.at);
        p->origin = origin;
        p->policy = *policy;
        code = mt_limiter_init(cx, &p->limiter, policy->rate_per_s, policy->burst, policy->window_max,
                               policy->window);
    }
    if (code != MT_OK) {
        free(origin);
        free(p);
        return code;
    }
    mt_breaker_init(&p->breaker, (mt_breaker_rule){policy->failures_to_open, policy->successes_to_close,
                                                   policy->open_for, policy->probes});
    open_metrics(http, p);
    *out = p;
    return MT_OK;
}

/* A wrong address or a mirror that fails says nothing about the provider itself. */
static mt_http_provider *find_provider(const mt_http *http, const mt_http_request *request)
{
    mt_http_provider *p = http->provider;
    while (p && (strcmp(p->policy.provider, request->policy->provider) != 0 ||
                 !mt_url_same_origin(p->origin, request->url)))
        p = p->next;
    return p;
}

static mt_code fail_address(mt_ctx *cx, const mt_http_request *request)
{
    return mt_fail(cx, MT_E_INPUT, "the address for %s is none of http or https", request->policy->provider);
}

mt_code mt_http_provider_of(mt_ctx *cx, mt_http *http, mt_http_provider **out, const mt_http_request *request)
{
    mt_code code = MT_OK;
    mt_url url;
    if (!mt_url_split(request->url, &url)) return fail_address(cx, request);
    pthread_mutex_lock(&http->lock);
    mt_http_provider *p = find_provider(http, request);
    if (!p && (code = new_provider(cx, http, &p, request->policy, &url)) == MT_OK) {
        p->next = http->provider;
        http->provider = p;
    }
    pthread_mutex_unlock(&http->lock);
    if (code == MT_OK) *out = p;
    return code;
}

mt_breaker_state mt_http_provider_state(const mt_http *http, const char *name)
{
    mt_time now = http->options.monotonic_us(http->options.arg);
    mt_breaker_state worst = MT_BREAKER_CLOSED;
    for (const mt_http_provider *p = http->provider; p; p = p->next) {
        if (strcmp(p->policy.provider, name) != 0) continue;
        mt_breaker_state state = mt_breaker_now(&p->breaker, now);
        if (state > worst) worst = state;
    }
    return worst;
}

const char *mt_http_breaker(mt_http *http, const char *provider)
{
    pthread_mutex_lock(&http->lock);
    mt_breaker_state state = mt_http_provider_state(http, provider);
    pthread_mutex_unlock(&http->lock);
    return mt_breaker_word(state);
}

static void hash_text(mt_hash *hash, const char *text)
{
    mt_hash_update(hash, text, strlen(text) + 1);
}

mt_code mt_http_key(mt_ctx *cx, const char **out, const mt_http_request *request)
{
    mt_hash hash;
    mt_url url;
    const char *shown;
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    if (!mt_url_split(request->url, &url)) return fail_address(cx, request);
    MT_TRY(mt_url_shown(cx, &shown, request->url, request->policy->secret));
    mt_hash_init(&hash);
    hash_text(&hash, request->policy->provider);
    hash_text(&hash, request->method ? request->method : "GET");
    mt_hash_update(&hash, url.scheme.at, url.scheme.length);
    mt_hash_update(&hash, url.host.at, url.host.length);
    hash_text(&hash, shown);
    for (size_t k = 0; k < request->n_header; k++) {
        if (!mt_header_is_plain(request->header[k].name)) continue;
        hash_text(&hash, request->header[k].name);
        hash_text(&hash, request->header[k].value);
    }
    mt_hash_update(&hash, request->body.at, request->body.length);
    mt_hash_final(&hash, digest);
    mt_hash_hex(digest, hex);
    return mt_text_copy(cx, out, mt_text_of(hex));
}

/* A cache that machines share knows several clocks: a little into the future is now. */
static mt_time age_of(const mt_http *http, const mt_http_answer *answer)
{
    mt_time age = http->options.now(http->options.arg) - answer->received_at;
    return age < 0 && age > -CLOCKS_APART ? 0 : age;
}

/* How old the answer is, if it counts as fresh: not from the future, not beyond `fresh_for`. */
static bool is_fresh(const mt_http *http, const mt_packed *packed, mt_time fresh_for, mt_time *age)
{
    mt_http_answer answer;
    mt_packed_read(packed, &answer);
    *age = age_of(http, &answer);
    return *age >= 0 && *age < fresh_for;
}

static void keep(mt_ctx *cx, mt_http *http, const mt_http_request *request, const char *key,
                 mt_packed *packed)
{
    mt_http_answer answer;
    mt_packed_read(packed, &answer);
    mt_time more = *answer.etag || *answer.last_modified ? KEPT_TO_CONFIRM : 0;
    mt_cache_put(http->cache, cx, key, packed, http->options.monotonic_us(http->options.arg),
                 request->fresh_for + more);
}

/* The leader's deed: look once more, then ask. */
static mt_code lead(mt_ctx *cx, mt_http *http, const mt_http_request *request, const char *key, bool force,
                    mt_packed **packed)
{
    mt_http_answer known, answer;
    char *body = NULL;
    mt_time age;
    mt_packed *old = mt_cache_get(http->cache, cx, key, http->options.monotonic_us(http->options.arg));
    if (old && !force && is_fresh(http, old, request->fresh_for, &age)) {
        *packed = old; /* another leader was faster */
        return MT_OK;
    }
    if (old) mt_packed_read(old, &known);
    mt_code code = mt_http_ask(cx, http, request, old ? &known : NULL, &answer, &body);
    if (code == MT_OK) {
        *packed = mt_packed_new(&answer);
        if (!*packed) code = mt_fail(cx, MT_E_MEMORY, "no memory to keep an answer");
    }
    free(body);
    mt_packed_drop(old);
    if (code == MT_OK) keep(cx, http, request, key, *packed);
    return code;
}

mt_code mt_http_renew(mt_ctx *cx, mt_http *http, const mt_http_request *request, const char *key, bool force,
                      mt_packed **packed)
{
    mt_flight *flight;
    bool leading, again;
    *packed = NULL;
    MT_TRY(mt_flight_join(cx, &http->flights, &flight, &leading, key));
    if (!leading) return mt_flight_wait(cx, &http->flights, flight, packed, &again);
    mt_code code = lead(cx, http, request, key, force, packed);
    mt_flight_land(&http->flights, flight, code, code == MT_OK ? "" : cx->err, *packed);
    return code;
}

static mt_code give_cached(mt_ctx *cx, mt_http *http, const mt_http_request *request, const mt_packed *packed,
                           mt_http_answer *out)
{
    mt_http_provider *provider;
    const char *shown;
    MT_TRY(mt_http_provider_of(cx, http, &provider, request));
    MT_TRY(mt_url_shown(cx, &shown, request->url, request->policy->secret));
    MT_TRY(mt_packed_copy(cx, packed, out));
    out->age = age_of(http, out);
    out->cached = true;
    mt_metric_add(provider->hits, 1);
    mt_log(cx, MT_LOG_DEBUG,
           "fetch provider=%s method=%s path=%s status=%d ms=0 bytes=%zu tries=0 cached=yes",
           request->policy->provider, request->method ? request->method : "GET", shown, out->status,
           out->body.length);
    return MT_OK;
}

static mt_code fetch_cached(mt_ctx *cx, mt_http *http, const mt_http_request *request, mt_http_answer *out)
{
    const char *key;
    mt_time age;
    mt_packed *packed = NULL;
    mt_code code = MT_OK;
    MT_TRY(mt_http_key(cx, &key, request));
    packed = mt_cache_get(http->cache, cx, key, http->options.monotonic_us(http->options.arg));
    if (packed && is_fresh(http, packed, request->fresh_for, &age)) {
        code = give_cached(cx, http, request, packed, out);
        if (age > request->fresh_for / 4 * 3) mt_refresh_later(http, request, key);
    } else {
        mt_packed_drop(packed);
        packed = NULL;
        while (code == MT_OK && !packed) code = mt_http_renew(cx, http, request, key, false, &packed);
        if (code == MT_OK) code = mt_packed_copy(cx, packed, out);
    }
    mt_packed_drop(packed);
    return code;
}

static mt_code fetch_plain(mt_ctx *cx, mt_http *http, const mt_http_request *request, mt_http_answer *out)
{
    mt_http_answer answer;
    char *body = NULL, *copy;
    MT_TRY(mt_http_ask(cx, http, request, NULL, &answer, &body));
    size_t n = answer.body.length;
    copy = mt_arena_raw(&cx->arena, n + 1);
    if (copy && n) memcpy(copy, answer.body.at, n);
    free(body);
    if (!copy) return mt_fail(cx, MT_E_MEMORY, "no memory for an answer of %zu bytes", n);
    copy[n] = 0;
    answer.body.at = copy;
    *out = answer;
    return MT_OK;
}

mt_code mt_http_fetch(mt_ctx *cx, mt_http *http, const mt_http_request *request, mt_http_answer *out)
{
    if (!request->policy || !request->policy->provider || !request->url)
        return mt_fail(cx, MT_E_BUG, "a request needs an address and a provider's policy");
    return request->fresh_for > 0 ? fetch_cached(cx, http, request, out)
                                  : fetch_plain(cx, http, request, out);
}

mt_code mt_http_encode(mt_ctx *cx, const char **out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *to;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(cx, &to, strlen(text) + 1, 3));
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-._~", c) != NULL;
        if (plain) {
            to[n++] = (char)c;
        } else {
            to[n++] = '%';
            to[n++] = digits[c >> 4];
            to[n++] = digits[c & 15];
        }
    }
    *out = to;
    return MT_OK;
}
