/* One thread a service. */
#include "server/services.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONG_RUN_US ((int64_t)60 * 1000000)

enum state { WAITING, RUNNING, ENDED };

static const char *const state_word[] = {"waiting", "running", "ended"};

struct entry {
    struct mt_services *services;
    const mt_service *service;
    pthread_t thread;
    bool started;
    mt_ctx cx;
    enum state state;
    int64_t runs;
    char message[MT_ERR_TEXT_MAX]; /* of the last failure */
    mt_metric *up, *failures;
};

struct mt_services {
    mt_services_options options;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    struct entry *entry;
};

static int64_t now_us(const struct mt_services *services)
{
    return services->options.monotonic_us(services->options.clock_arg);
}

static int64_t clock_of(void *arg)
{
    return now_us(((struct entry *)arg)->services);
}

static void log_of(void *arg, mt_log_level level, const char *text)
{
    struct entry *entry = arg;
    char line[MT_ERR_TEXT_MAX + 128];
    if (!entry->services->options.log) return;
    snprintf(line, sizeof line, "%s: %s", entry->service->name, text);
    entry->services->options.log(entry->services->options.log_arg, level, line);
}

/* A new context for the next run; false when there shall be none. */
static bool begin_run(struct entry *entry)
{
    struct mt_services *services = entry->services;
    mt_ctx_options options = {.size = sizeof options, .log = log_of, .monotonic_us = clock_of, .arg = entry};
    pthread_mutex_lock(&services->lock);
    bool go = !services->stopping;
    if (go) {
        mt_ctx_init(&entry->cx, &options);
        entry->state = RUNNING;
        entry->runs++;
        mt_metric_set(entry->up, 1);
    }
    pthread_mutex_unlock(&services->lock);
    return go;
}

static void end_run(struct entry *entry, mt_code code)
{
    struct mt_services *services = entry->services;
    pthread_mutex_lock(&services->lock);
    bool failed = code != MT_OK && !services->stopping;
    entry->state = failed ? WAITING : ENDED;
    mt_metric_set(entry->up, 0);
    if (failed) snprintf(entry->message, sizeof entry->message, "%s", entry->cx.err);
    pthread_mutex_unlock(&services->lock);
    if (!failed) return;
    mt_metric_add(entry->failures, 1);
    log_of(entry, MT_LOG_ERROR, entry->cx.err[0] ? entry->cx.err : mt_code_meaning(code));
}

/* False when it is time to stop. */
static bool wait_us(struct mt_services *services, int64_t us)
{
    struct timespec until;
    int late = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += us / 1000000;
    until.tv_nsec += us % 1000000 * 1000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&services->lock);
    while (!services->stopping && !late)
        late = pthread_cond_timedwait(&services->stop, &services->lock, &until);
    bool go = !services->stopping;
    pthread_mutex_unlock(&services->lock);
    return go;
}

static void *keep_running(void *arg)
{
    struct entry *entry = arg;
    struct mt_services *services = entry->services;
    int64_t first = services->options.first_wait_us ? services->options.first_wait_us : 1000000, wait = first;
    while (begin_run(entry)) {
        int64_t start = now_us(services);
        mt_code code = entry->service->run(&entry->cx, entry->service->arg);
        end_run(entry, code);
        pthread_mutex_lock(&services->lock); /* who cancels holds it too */
        mt_ctx_close(&entry->cx);
        bool over = entry->state == ENDED;
        if (!over) mt_ctx_init(&entry->cx, NULL);
        pthread_mutex_unlock(&services->lock);
        if (over) break;
        if (now_us(services) - start > LONG_RUN_US) wait = first;
        if (!wait_us(services, wait)) break;
        wait = 2 * wait > LONG_RUN_US ? LONG_RUN_US : 2 * wait;
    }
    return NULL;
}

static mt_code start_entry(mt_ctx *cx, struct mt_services *services, size_t k)
{
    struct entry *entry = &services->entry[k];
    const char *label;
    entry->services = services;
    entry->service = &services->options.service[k];
    MT_TRY(mt_metric_label(cx, &label, "service", entry->service->name));
    entry->up =
        mt_metric_gauge(services->options.metrics, "merit_service_up", "1 while the service runs", label);
    entry->failures = mt_metric_counter(services->options.metrics, "merit_service_failures_total",
                                        "Runs of the service that failed", label);
    if (pthread_create(&entry->thread, NULL, keep_running, entry) != 0)
        return mt_fail(cx, MT_E_FAILED, "the system starts no thread for the service %s",
                       entry->service->name);
    entry->started = true;
    return MT_OK;
}

mt_code mt_services_open(mt_ctx *cx, mt_services **out, const mt_services_options *options)
{
    mt_services *services = calloc(1, sizeof *services);
    pthread_condattr_t how;
    mt_code code = MT_OK;
    if (services) services->entry = calloc(options->n + 1, sizeof *services->entry);
    if (!services || !services->entry) {
        free(services);
        return mt_fail(cx, MT_E_MEMORY, "no memory for %zu services", options->n);
    }
    services->options = *options;
    pthread_mutex_init(&services->lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&services->stop, &how);
    pthread_condattr_destroy(&how);
    for (size_t k = 0; code == MT_OK && k < options->n; k++) code = start_entry(cx, services, k);
    if (code != MT_OK)
        mt_services_close(services);
    else
        *out = services;
    return code;
}

void mt_services_close(mt_services *services)
{
    if (!services) return;
    pthread_mutex_lock(&services->lock);
    services->stopping = true;
    for (size_t k = 0; k < services->options.n; k++) {
        if (services->entry[k].state == RUNNING) mt_ctx_cancel(&services->entry[k].cx);
    }
    pthread_cond_broadcast(&services->stop);
    pthread_mutex_unlock(&services->lock);
    for (size_t k = 0; k < services->options.n; k++) {
        if (services->entry[k].started) pthread_join(services->entry[k].thread, NULL);
    }
    pthread_cond_destroy(&services->stop);
    pthread_mutex_destroy(&services->lock);
    free(services->entry);
    free(services);
}

void mt_services_tell(mt_services *services, mt_json_writer *json)
{
    mt_json_object(json);
    mt_json_key(json, "services");
    mt_json_array(json);
    if (services) pthread_mutex_lock(&services->lock);
    for (size_t k = 0; services && k < services->options.n; k++) {
        const struct entry *entry = &services->entry[k];
        mt_json_object(json);
        mt_json_key(json, "name"), mt_json_text(json, services->options.service[k].name);
        mt_json_key(json, "state"), mt_json_text(json, state_word[entry->state]);
        mt_json_key(json, "runs"), mt_json_int(json, entry->runs);
        mt_json_key(json, "message"), mt_json_text(json, entry->message[0] ? entry->message : NULL);
        mt_json_end(json);
    }
    if (services) pthread_mutex_unlock(&services->lock);
    mt_json_end(json);
    mt_json_end(json);
}
