/* What the rooms behind the routes share: the world, the jobs, what is counted, how new the data are.
 *
 * Purpose   Built once by the server, passed to every handler; nothing in the house is a global.
 * Threads   Read by all; `version` and `ready` are changed atomically through the functions.
 */
#ifndef MT_SERVER_SITE_H
#define MT_SERVER_SITE_H

#include "ingest/mapped.h"
#include "ops/world.h"
#include "server/http/exchange.h"
#include "server/jobs.h"

MT_BEGIN_DECLS

typedef struct mt_site {
    const mt_world *world;
    mt_jobs *jobs;
    mt_metrics *metrics;
    struct mt_answers *answers;      /* NULL: results are not kept */
    struct mt_schedule *schedule;    /* NULL: none */
    struct mt_services *services;    /* NULL: none */
    const mt_topic_mapping *mapping; /* of messages, beside the built-in ones */
    size_t n_mapping;
    const char *address;     /* of the port; NULL: none yet */
    const char *const *name; /* hosts that requests may name beside this machine and the address: a web page
                              * that gave its own name this address comes by another one */
    size_t n_name;
    mt_monotonic_fn *monotonic_us;
    void *clock_arg;
    uint64_t version; /* of the data: how many writes went through this server */
    bool ready;
} mt_site;

/* A write is committed (or may be): results computed before are no longer given out. */
void mt_site_changed(mt_site *site);
uint64_t mt_site_version(const mt_site *site);
void mt_site_set_ready(mt_site *site, bool ready);
bool mt_site_is_ready(const mt_site *site);
int64_t mt_site_now_us(const mt_site *site); /* monotonic */

/* The two looks at a request, and its end; see server/http/http.h. */
void mt_site_begin(void *site, mt_exchange *x);
void mt_site_work(void *site, mt_exchange *x);
void mt_site_done(void *site, mt_exchange *x);

MT_END_DECLS
#endif
