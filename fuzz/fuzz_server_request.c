/* Fuzzer of what comes from outside before it is understood: local requests and events, queries, paths,
 * bodies packed and plain, Accept headers.
 *
 * Shapes    The first byte chooses the reader, the rest is what it reads.
 */
#include "ops/result.h"
#include "server/api/body.h"
#include "server/api/media.h"
#include "server/api/query.h"
#include "server/request.h"

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

enum { MOST = 1 << 20 };

/* What was understood is written and understood again. */
static mt_code use_request(mt_ctx *cx, mt_text text)
{
    mt_request request, again;
    mt_text written;
    MT_TRY(mt_request_read(cx, &request, text, 5));
    for (size_t k = 0; k < request.n; k++) DEMAND(request.given[k].file >= -1 && request.given[k].file < 5);
    DEMAND((request.sql != NULL) != (request.operation != NULL));
    DEMAND(mt_request_write(cx, &written, &request) == MT_OK);
    DEMAND(mt_request_read(cx, &again, written, 5) == MT_OK && again.n == request.n);
    return MT_OK;
}

static mt_code use_query(mt_ctx *cx, const char *text)
{
    mt_given *given;
    size_t n;
    const char *part;
    mt_code code = mt_query_path_part(cx, &part, mt_text_of(text));
    if (code == MT_OK) DEMAND(!strchr(part, '/'));
    mt_ctx_forgive(cx);
    MT_TRY(mt_query_parse(cx, &given, &n, text));
    for (size_t k = 0; k < n; k++) DEMAND(given[k].name && given[k].value);
    return MT_OK;
}

/* Values lie in the body one behind the other. */
static mt_code use_body(mt_ctx *cx, mt_text body, const char *encoding)
{
    mt_text plain, *value;
    size_t n;
    MT_TRY(mt_body_unpack(cx, &plain, body, encoding, MOST));
    DEMAND(plain.length <= MOST || !encoding);
    MT_TRY(mt_body_values(cx, &value, &n, plain));
    for (size_t k = 0; k < n; k++) {
        DEMAND(value[k].length > 0 && value[k].at >= plain.at);
        DEMAND(value[k].at + value[k].length <= plain.at + plain.length);
        if (k) DEMAND(value[k].at >= value[k - 1].at + value[k - 1].length);
    }
    return MT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_event event;
    mt_format format;
    const char *text;
    mt_code code = MT_OK;
    if (size < 1) return 0;
    mt_ctx_init(&cx, NULL);
    DEMAND(mt_text_copy(&cx, &text, (mt_text){(const char *)data + 1, size - 1}) == MT_OK);
    mt_text bytes = {text, size - 1};
    switch (data[0] % 6) {
    case 0:
        code = use_request(&cx, bytes);
        break;
    case 1:
        code = mt_event_read(&cx, &event, bytes);
        break;
    case 2:
        code = use_query(&cx, text);
        break;
    case 3:
        code = use_body(&cx, bytes, NULL);
        break;
    case 4:
        code = use_body(&cx, bytes, "gzip");
        break;
    default:
        code = mt_media_choose(&cx, &format, NULL, text);
        break;
    }
    DEMAND(code == MT_OK || (cx.err[0] && (code == MT_E_INPUT || code == MT_E_TOO_LARGE)));
    mt_ctx_close(&cx);
    return 0;
}
