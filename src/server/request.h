/* What a command sends to the server that owns the store, and what comes back, as JSON.
 *
 * Purpose   The two ends of the local socket agree here.
 * Shapes    Request: {"operation" or "sql", "given": [{"name","value","file"?,"rest"?}], "format", "width",
 *           "colour", "utf8", "head", "timeout_us"}. Descriptor 0 takes the result, 1 the head (where "head"
 *           is true); "file" is the number of the descriptor behind an input, or of the folder that an
 *           output's path starts from, "rest" the path below it.
 *           Answers: {"progress": …}, {"log": …} any number of times, then {"end": {"code", "text"}}. A
 *           command that wants to stop sends {"cancel": true}.
 * Errors    MT_E_INPUT  not such a document.
 * Ownership Texts live in cx.
 */
#ifndef MT_SERVER_REQUEST_H
#define MT_SERVER_REQUEST_H

#include "ops/result.h"

MT_BEGIN_DECLS

enum { MT_REQUEST_GIVEN_MAX = 2048 };

typedef struct mt_request_given {
    mt_given given;
    int64_t file;     /* -1: none */
    const char *rest; /* of an output; NULL: an input */
} mt_request_given;

typedef struct mt_request {
    const char *operation, *sql; /* one of them */
    const mt_request_given *given;
    size_t n;
    mt_format format;
    int width;
    bool colour, utf8, head;
    int64_t timeout_us; /* 0: none */
} mt_request;

MT_MUST_USE mt_code mt_request_write(mt_ctx *cx, mt_text *out, const mt_request *request);

/* `n_fd` came with it: no number in it is beyond. */
MT_MUST_USE mt_code mt_request_read(mt_ctx *cx, mt_request *out, mt_text text, size_t n_fd);

typedef enum mt_event_kind { MT_EVENT_PROGRESS, MT_EVENT_LOG, MT_EVENT_CANCEL, MT_EVENT_END } mt_event_kind;

typedef struct mt_event {
    mt_event_kind kind;
    const char *text; /* what is done; the line; the sentence of the end */
    const char *unit;
    uint64_t done, total;
    mt_log_level level;
    mt_code code;
} mt_event;

MT_MUST_USE mt_code mt_event_write(mt_ctx *cx, mt_text *out, const mt_event *event);
MT_MUST_USE mt_code mt_event_read(mt_ctx *cx, mt_event *out, mt_text text);

MT_END_DECLS
#endif
