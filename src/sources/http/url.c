/* What a URL may show of itself: parts, whether two are of one origin, and texts without their secrets. */
#include "sources/http/url.h"

#include <string.h>

enum {
    SECRETS_MAX = 64,
    SHORTEST_SECRET = 3, /* shorter words would be found everywhere */
    SHORTEST_CUT = 8     /* the beginning of a secret that a sentence was cut in */
};

static const char *const plain_header[] = {
    "Accept", "Accept-Language", "Content-Type", "If-Modified-Since", "If-None-Match", "Range", "User-Agent"};

bool mt_header_is_plain(const char *name)
{
    for (size_t k = 0; k < sizeof plain_header / sizeof *plain_header; k++) {
        if (mt_text_equal_nocase(mt_text_of(name), plain_header[k])) return true;
    }
    return false;
}

/* Of a sign-in's form, whatever the provider's policy names. */
static const char always_secret[] = "client_secret,password";

static size_t until(const char *text, const char *stops)
{
    return strcspn(text, stops);
}

bool mt_url_split(const char *text, mt_url *out)
{
    mt_url url = {{text, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    const char *colon = strstr(text, "://");
    if (!colon) return false;
    url.scheme.length = (size_t)(colon - text);
    if (!mt_text_equal_nocase(url.scheme, "http") && !mt_text_equal_nocase(url.scheme, "https")) return false;
    const char *host = colon + 3;
    size_t n = until(host, "/?#");
    for (size_t k = n; k-- > 0;) {
        if (host[k] != '@') continue;
        url.user_info = (mt_text){host, k};
        host += k + 1;
        n -= k + 1;
        break;
    }
    if (n == 0) return false;
    url.host = (mt_text){host, n};
    url.path = (mt_text){host + n, until(host + n, "?#")};
    const char *rest = host + n + url.path.length;
    if (*rest == '?') url.query = (mt_text){rest + 1, until(rest + 1, "#")};
    *out = url;
    return true;
}

static bool equal_nocase(mt_text a, mt_text b)
{
    return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

bool mt_url_same_origin(const char *a, const char *b)
{
    mt_url one, two;
    return mt_url_split(a, &one) && mt_url_split(b, &two) && equal_nocase(one.scheme, two.scheme) &&
           equal_nocase(one.host, two.host);
}

static bool in_list(mt_text word, const char *names)
{
    while (names && *names) {
        size_t n = strcspn(names, ",");
        if (equal_nocase(mt_text_trim((mt_text){names, n}), word)) return true;
        names += n + (names[n] == ',');
    }
    return false;
}

/* The next parameter of a query; false at its end. */
static bool next_parameter(mt_text *rest, mt_text *whole, mt_text *name, mt_text *value)
{
    if (!rest->at || !rest->length) return false;
    const char *end = memchr(rest->at, '&', rest->length);
    size_t n = end ? (size_t)(end - rest->at) : rest->length;
    const char *equals = memchr(rest->at, '=', n);
    *whole = (mt_text){rest->at, n};
    *name = (mt_text){rest->at, equals ? (size_t)(equals - rest->at) : n};
    *value = equals ? (mt_text){equals + 1, n - name->length - 1} : (mt_text){rest->at + n, 0};
    rest->at += n + (end != NULL);
    rest->length -= n + (end != NULL);
    return true;
}

bool mt_url_has(const char *text, const char *names)
{
    mt_url url;
    mt_text whole, name, value;
    if (!mt_url_split(text, &url)) return false;
    while (next_parameter(&url.query, &whole, &name, &value)) {
        if (in_list(name, names)) return true;
    }
    return false;
}

mt_code mt_url_shown(mt_ctx *cx, const char **out, const char *text, const char *secret)
{
    mt_url url;
    mt_text whole, name, value;
    char *shown;
    if (!mt_url_split(text, &url)) return mt_fail(cx, MT_E_INPUT, "no http or https address");
    MT_TRY(mt_ctx_alloc(cx, &shown, url.path.length + url.query.length + 2, 1));
    size_t used = url.path.length;
    memcpy(shown, url.path.at, used);
    char mark = '?';
    while (next_parameter(&url.query, &whole, &name, &value)) {
        if (in_list(name, secret)) continue;
        shown[used++] = mark;
        memcpy(shown + used, whole.at, whole.length);
        used += whole.length;
        mark = '&';
    }
    shown[used] = 0;
    *out = shown;
    return MT_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int mt_url_byte(const char *text)
{
    int high = *text == '%' ? hex_digit(text[1]) : -1;
    int low = high >= 0 ? hex_digit(text[2]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}

/* Percent signs and pluses undone; a broken sequence stays as it is. */
static mt_code decode(mt_ctx *cx, const char **out, mt_text text)
{
    char *to;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(cx, &to, text.length + 1, 1));
    for (size_t k = 0; k < text.length; k++) {
        int byte = k + 2 < text.length ? mt_url_byte(text.at + k) : -1;
        if (byte >= 0) k += 2;
        to[n++] = byte >= 0 ? (char)byte : text.at[k] == '+' ? ' ' : text.at[k];
    }
    *out = to;
    return MT_OK;
}

typedef struct secrets {
    const char **word;
    size_t n;
} secrets;

static mt_code add_secret(mt_ctx *cx, secrets *all, mt_text word)
{
    if (!word.at || word.length < SHORTEST_SECRET || all->n >= SECRETS_MAX) return MT_OK;
    MT_TRY(mt_text_copy(cx, &all->word[all->n], word));
    all->n++;
    return MT_OK;
}

static mt_code add_parameters(mt_ctx *cx, secrets *all, mt_text query, const char *names)
{
    mt_text whole, name, value;
    const char *plain;
    while (next_parameter(&query, &whole, &name, &value)) {
        if (!in_list(name, names) && !in_list(name, always_secret)) continue;
        MT_TRY(add_secret(cx, all, value));
        MT_TRY(decode(cx, &plain, value));
        MT_TRY(add_secret(cx, all, mt_text_of(plain)));
    }
    return MT_OK;
}

mt_code mt_secrets_of(mt_ctx *cx, const char *const **out, const mt_http_request *request)
{
    secrets all = {NULL, 0};
    mt_url url;
    MT_TRY(mt_ctx_alloc(cx, &all.word, SECRETS_MAX + 1, sizeof *all.word));
    if (mt_url_split(request->url, &url)) {
        MT_TRY(add_parameters(cx, &all, url.query, request->policy->secret));
        MT_TRY(add_secret(cx, &all, url.user_info));
    }
    MT_TRY(add_parameters(cx, &all, request->body, request->policy->secret)); /* a form's */
    for (size_t k = 0; k < request->n_header; k++) {
        if (mt_header_is_plain(request->header[k].name)) continue;
        const char *value = request->header[k].value;
        const char *blank = strchr(value, ' '); /* "Bearer KEY": the key alone is a secret too */
        MT_TRY(add_secret(cx, &all, mt_text_of(value)));
        if (blank) MT_TRY(add_secret(cx, &all, mt_text_of(blank + 1)));
    }
    MT_TRY(add_secret(cx, &all, mt_text_of(request->password)));
    *out = all.word;
    return MT_OK;
}

/* The length of the longest secret, or of its beginning, that stands at the start of the text, or 0. */
static size_t secret_at(mt_text text, const char *const *secret)
{
    size_t longest = 0;
    for (; *secret; secret++) {
        size_t n = 0;
        while (n < text.length && (*secret)[n] && text.at[n] == (*secret)[n]) n++;
        if (n > longest && (!(*secret)[n] || n >= SHORTEST_CUT)) longest = n;
    }
    return longest;
}

mt_code mt_secrets_hide(mt_ctx *cx, const char **out, mt_text text, const char *const *secret)
{
    char *to;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(cx, &to, text.length + 4, 1));
    for (size_t k = 0; k < text.length;) {
        size_t hidden = secret_at((mt_text){text.at + k, text.length - k}, secret);
        if (hidden) {
            memcpy(to + n, "***", 3); /* no longer than the shortest secret */
            n += 3;
            k += hidden;
        } else {
            to[n++] = text.at[k++];
        }
    }
    *out = to;
    return MT_OK;
}

/* Without the arena's help there is no sentence left that could be trusted. */
static mt_code hide_failure(mt_ctx *cx, mt_code code, const char *const *secret)
{
    const char *clean;
    char words[MT_ERR_TEXT_MAX];
    memcpy(words, cx->err, sizeof words);
    if (mt_secrets_hide(cx, &clean, mt_text_of(words), secret) != MT_OK)
        clean = "no memory to say what failed";
    return mt_fail(cx, code, "%s", clean);
}

mt_code mt_http_hush(mt_ctx *cx, mt_code code, const mt_http_request *request)
{
    const char *const *secret;
    if (code == MT_OK) return code;
    if (mt_secrets_of(cx, &secret, request) != MT_OK)
        return mt_fail(cx, code, "no memory to say what failed");
    return hide_failure(cx, code, secret);
}

mt_code mt_http_hush_key(mt_ctx *cx, mt_code code, const char *key)
{
    const char *secret[4] = {NULL}, *colon, *encoded;
    secrets all = {secret, 0};
    if (code == MT_OK || !key || !*key) return code;
    colon = strchr(key, ':'); /* some are a name and a secret */
    if (mt_http_encode(cx, &encoded, colon ? colon + 1 : key) != MT_OK ||
        add_secret(cx, &all, mt_text_of(key)) != MT_OK ||
        add_secret(cx, &all, mt_text_of(colon ? colon + 1 : key)) != MT_OK ||
        add_secret(cx, &all, mt_text_of(encoded)) != MT_OK)
        return mt_fail(cx, code, "no memory to say what failed");
    return hide_failure(cx, code, secret);
}
