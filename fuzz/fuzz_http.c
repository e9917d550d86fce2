/* Fuzzer of what the HTTP client parses by hand: Retry-After, dates, URLs and their secrets, kept answers. */
#include "sources/http/packed.h"
#include "sources/http/retry.h"
#include "sources/http/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth)                                                                                        \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);                              \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void try_retry_after(mt_text text)
{
    mt_time wait = -1, at = 42;
    mt_time now = mt_time_of((mt_civil){.year = 2025, .month = 11, .day = 20});
    if (mt_retry_after(text, now, &wait))
        DEMAND(wait >= 0 && wait <= 100 * 366 * MT_US_DAY);
    else
        DEMAND(wait == -1);
    if (mt_http_date_parse(text, now, &at))
        DEMAND(mt_time_civil(at).year >= 1 && mt_time_civil(at).year <= 9999);
    else
        DEMAND(at == 42);
}

static void try_packed(const char *bytes, size_t n)
{
    mt_http_answer answer;
    mt_packed *packed = mt_packed_of(bytes, n);
    if (!packed) return;
    mt_packed_read(packed, &answer);
    DEMAND(answer.status >= 100 && answer.status <= 599 && answer.body.at[answer.body.length] == 0);
    DEMAND(strlen(answer.content_type) + strlen(answer.etag) + strlen(answer.last_modified) +
               answer.body.length <
           n);
    mt_packed *again = mt_packed_new(&answer);
    DEMAND(again && mt_packed_bytes(again).length == n);
    mt_packed_drop(again);
    mt_packed_drop(packed);
}

/* The text is a URL; whatever stands behind "key=" in its query is shown by nobody. */
static void try_url(const char *text)
{
    static const mt_http_policy policy = {.provider = "p", .secret = "key,token"};
    const mt_http_request request = {.policy = &policy, .url = text};
    const char *const *secret, *shown, *clean;
    mt_url url;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    bool valid = mt_url_split(text, &url);
    DEMAND(mt_url_same_origin(text, text) == valid);
    DEMAND(mt_secrets_of(&cx, &secret, &request) == MT_OK);
    DEMAND(mt_secrets_hide(&cx, &clean, mt_text_of(text), secret) == MT_OK);
    for (; *secret; secret++) DEMAND(strlen(*secret) >= 3);
    mt_code code = mt_url_shown(&cx, &shown, text, policy.secret);
    DEMAND((code == MT_OK) == valid);
    if (valid) {
        const char *full;
        DEMAND(mt_text_format(&cx, &full, "http://h%s", *shown == '?' || *shown == '/' ? shown : "") ==
               MT_OK);
        DEMAND(!mt_url_has(full, policy.secret));
    }
    mt_ctx_close(&cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* of exactly this size, so that a read behind the end is seen */
    if (!text) return 0;
    if (size) memcpy(text, data, size);
    text[size] = 0;
    try_url(text);
    text = realloc(text, size ? size : 1);
    DEMAND(text);
    try_retry_after((mt_text){text, size});
    try_packed(text, size);
    free(text);
    return 0;
}
