/* What a URL may show of itself: parts, whether two are of one origin, and texts without their secrets.
 *
 * Purpose   No key reaches a log, a message, a cache's key or another host.
 * Shapes    http and https URLs only. An origin is scheme, host and port as they are written, without user
 *           and password.
 * Ownership Parts are borrowed from the URL; made texts live in cx.
 * Source    RFC 3986 section 3; RFC 6454 (origins).
 */
#ifndef MT_SOURCES_HTTP_URL_H
#define MT_SOURCES_HTTP_URL_H

#include "sources/http/client.h"

MT_BEGIN_DECLS

typedef struct mt_url {
    mt_text scheme;    /* "https" */
    mt_text user_info; /* at NULL: none */
    mt_text host;      /* with the port where one is given */
    mt_text path;      /* "" or "/…" */
    mt_text query;     /* without '?'; at NULL: none */
} mt_url;

/* What "%2F" at the start of the text stands for; -1: nothing of that kind. The text ends with 0. */
int mt_url_byte(const char *text);

bool mt_url_split(const char *text, mt_url *out);
bool mt_url_same_origin(const char *a, const char *b);

/* Does the query have a parameter of these names (comma-separated; NULL: false)? */
bool mt_url_has(const char *url, const char *names);

/* "/path?query" without the parameters named in `secret`. */
MT_MUST_USE mt_code mt_url_shown(mt_ctx *cx, const char **out, const char *url, const char *secret);

/* Is this a header that says what is wanted and never who asks? */
bool mt_header_is_plain(const char *name);

/* The words of a request that nobody may see: values of secret parameters (as written and decoded), of
 * headers that are not plain, password and user info. They end with NULL. */
MT_MUST_USE mt_code mt_secrets_of(mt_ctx *cx, const char *const **out, const mt_http_request *request);

/* The text with "***" in place of each of these words, and of what a cut left of their beginnings. */
MT_MUST_USE mt_code mt_secrets_hide(mt_ctx *cx, const char **out, mt_text text, const char *const *secret);

MT_END_DECLS
#endif
