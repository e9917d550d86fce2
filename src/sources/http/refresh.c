/* Answers that are about to grow stale are asked for in the background, on one thread of the client. */
#include "sources/http/inside.h"

#include <stdlib.h>
#include <string.h>

enum { WAITING_MAX = 64 };

#define LONGEST_REFRESH (2 * MT_US_MINUTE)

/* A copy of a request, in a context of its own. */
typedef struct job {
    struct job *next;
    mt_ctx cx;
    mt_http_request request;
    const char *key;
} job;

struct mt_refresher {
    mt_http *http;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t more;
    job *first; /* the one at work stays first, so that nobody adds it again */
    int waiting;
    bool closing;
};

static mt_code copy_text(mt_ctx *cx, const char **text)
{
    return *text ? mt_text_copy(cx, text, mt_text_of(*text)) : MT_OK;
}

/* Everything but the policy, which is constant data. */
static mt_code copy_request(mt_ctx *cx, mt_http_request *request)
{
    mt_http_header *header;
    MT_TRY(MT_NEW(cx, &header, request->n_header));
    for (size_t k = 0; k < request->n_header; k++) {
        header[k] = request->header[k];
        MT_TRY(copy_text(cx, &header[k].name));
        MT_TRY(copy_text(cx, &header[k].value));
    }
    request->header = header;
    if (request->body.at) MT_TRY(mt_text_copy(cx, &request->body.at, request->body));
    MT_TRY(copy_text(cx, &request->method));
    MT_TRY(copy_text(cx, &request->url));
    MT_TRY(copy_text(cx, &request->aws_sigv4));
    MT_TRY(copy_text(cx, &request->user));
    return copy_text(cx, &request->password);
}

static void drop_job(job *j)
{
    mt_ctx_close(&j->cx);
    free(j);
}

static job *new_job(mt_http *http, const mt_http_request *request, const char *key)
{
    mt_ctx_options options = {.size = sizeof options,
                              .log = http->options.log,
                              .monotonic_us = http->options.monotonic_us,
                              .deadline_us = http->options.monotonic_us(http->options.arg) + LONGEST_REFRESH,
                              .arg = http->options.arg};
    job *j = calloc(1, sizeof *j);
    if (!j) return NULL;
    mt_ctx_init(&j->cx, &options);
    j->request = *request;
    j->key = key;
    if (copy_request(&j->cx, &j->request) == MT_OK && copy_text(&j->cx, &j->key) == MT_OK) return j;
    drop_job(j);
    return NULL;
}

static job *next_job(mt_refresher *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->first && !r->closing) pthread_cond_wait(&r->more, &r->lock);
    job *j = r->closing ? NULL : r->first;
    pthread_mutex_unlock(&r->lock);
    return j;
}

static void work(mt_http *http, job *j)
{
    mt_packed *packed = NULL;
    if (mt_http_renew(&j->cx, http, &j->request, j->key, true, &packed) != MT_OK)
        mt_log(&j->cx, MT_LOG_WARN, "background refresh: %s", j->cx.err);
    mt_packed_drop(packed);
}

static void *run(void *arg)
{
    mt_refresher *r = arg;
    job *j;
    while ((j = next_job(r))) {
        work(r->http, j);
        pthread_mutex_lock(&r->lock);
        r->first = j->next;
        r->waiting--;
        pthread_mutex_unlock(&r->lock);
        drop_job(j);
    }
    return NULL;
}

static mt_refresher *start(mt_http *http)
{
    mt_refresher *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->http = http;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->more, NULL);
    if (pthread_create(&r->thread, NULL, run, r) == 0) return r;
    pthread_cond_destroy(&r->more);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return NULL;
}

/* Unless it waits there already, or too much does. */
static bool add(mt_refresher *r, job *j)
{
    job **place = &r->first;
    pthread_mutex_lock(&r->lock);
    bool wanted = r->waiting < WAITING_MAX;
    for (; *place; place = &(*place)->next) {
        if (strcmp((*place)->key, j->key) == 0) wanted = false;
    }
    if (wanted) {
        *place = j;
        r->waiting++;
        pthread_cond_signal(&r->more);
    }
    pthread_mutex_unlock(&r->lock);
    return wanted;
}

void mt_refresh_later(mt_http *http, const mt_http_request *request, const char *key)
{
    pthread_mutex_lock(&http->lock);
    if (!http->refresher) http->refresher = start(http);
    mt_refresher *r = http->refresher;
    pthread_mutex_unlock(&http->lock);
    job *j = r ? new_job(http, request, key) : NULL;
    if (j && !add(r, j)) drop_job(j);
}

void mt_refresh_close(mt_refresher *r)
{
    if (!r) return;
    pthread_mutex_lock(&r->lock);
    r->closing = true;
    if (r->first) mt_ctx_cancel(&r->first->cx); /* the worker drops it under this lock's protection only */
    pthread_cond_broadcast(&r->more);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    while (r->first) {
        job *j = r->first;
        r->first = j->next;
        drop_job(j);
    }
    pthread_cond_destroy(&r->more);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
