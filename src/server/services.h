/* Work that goes on as long as the server: consumers of streams, and whatever else its builder names.
 *
 * Purpose   A function on a thread of its own; when it fails it is started again, later and later.
 * Time      The first wait is 1 s, each further one twice as long, at most 60 s; a run of more than 60 s
 *           starts over.
 * Errors    What a run says is logged and shown; MT_OK is an end for good; also MT_E_INPUT, MT_E_ABSENT and
 *           MT_E_DENIED, which waiting does not cure, are tried again: files and rights can be put right.
 * Ownership mt_services_open/_close; close cancels the contexts and waits for the threads.
 * Threads   `run` is called on its own thread with a context of its own.
 */
#ifndef MT_SERVER_SERVICES_H
#define MT_SERVER_SERVICES_H

#include "base/metric.h"
#include "io/json.h"

MT_BEGIN_DECLS

typedef struct mt_service {
    const char *name;                      /* shown, and a metric's label */
    mt_code (*run)(mt_ctx *cx, void *arg); /* until its context is cancelled */
    void *arg;
} mt_service;

typedef struct mt_services_options {
    const mt_service *service; /* borrowed */
    size_t n;
    mt_metrics *metrics;
    mt_monotonic_fn *monotonic_us;
    void *clock_arg;
    mt_log_fn *log; /* any thread; NULL: none */
    void *log_arg;
    int64_t first_wait_us; /* 0: 1 s */
} mt_services_options;

typedef struct mt_services mt_services;

MT_MUST_USE mt_code mt_services_open(mt_ctx *cx, mt_services **out, const mt_services_options *options);
void mt_services_close(mt_services *services); /* NULL allowed */

/* {"services":[{"name","state","runs","message"},…]}; NULL: none. */
void mt_services_tell(mt_services *services, mt_json_writer *json);

MT_END_DECLS
#endif
