/* Opening in order, waiting, and the same order backwards. */
#include "server/server.h"

#include "server/api/answers.h"
#include "server/local.h"
#include "server/log_line.h"
#include "server/notify.h"

#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEP_US = 10000, LOOK_US = 1000000, QUEUE = 256, WORKERS_LEAST = 4 };

struct mt_server {
    mt_server_options options;
    mt_site site;
    mt_jobs *jobs;
    mt_httpd *http;
    mt_local_server *local;
    mt_metrics *own_metrics;
    mt_services *services;
    mt_schedule *schedule;
    pthread_mutex_t log_lock, stop_lock;
    pthread_cond_t stop;
    bool stopping;
};

static int64_t system_us(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void log_in_turn(void *arg, mt_log_level level, const char *text)
{
    mt_server *server = arg;
    char line[MT_LOG_LINE_MAX];
    if (!server->options.log) return;
    pthread_mutex_lock(&server->log_lock);
    server->options.log(server->options.log_arg, level, mt_log_line(line, text));
    pthread_mutex_unlock(&server->log_lock);
}

static void set_usual(mt_server *server)
{
    mt_server_options *o = &server->options;
    int cores = mt_world_settings(o->world)->workers;
    if (!o->workers) o->workers = 2 * cores < WORKERS_LEAST ? WORKERS_LEAST : 2 * cores;
    if (!o->queue_max) o->queue_max = QUEUE;
    if (!o->drain_us) o->drain_us = 10 * 1000000;
    if (!o->cache_bytes) o->cache_bytes = 32 << 20;
    if (!o->cache_ttl_us) o->cache_ttl_us = 5 * 1000000;
    if (!o->monotonic_us) o->monotonic_us = system_us;
}

static mt_code open_port(mt_ctx *cx, mt_server *server)
{
    const mt_server_options *o = &server->options;
    mt_httpd_options http = {.size = sizeof http,
                             .listen = o->listen,
                             .allow_public = o->allow_public,
                             .limits = o->limits,
                             .jobs = server->jobs,
                             .metrics = o->metrics,
                             .monotonic_us = o->monotonic_us,
                             .clock_arg = o->clock_arg,
                             .log = log_in_turn,
                             .log_arg = server,
                             .begin = mt_site_begin,
                             .work = mt_site_work,
                             .done = mt_site_done,
                             .arg = &server->site};
    if (!o->listen) return MT_OK;
    MT_TRY(mt_httpd_open(cx, &server->http, &http));
    __atomic_store_n(&server->site.address, mt_httpd_address(server->http), __ATOMIC_RELEASE);
    return MT_OK;
}

static mt_code open_parts(mt_ctx *cx, mt_server *server)
{
    mt_server_options *o = &server->options;
    if (!o->metrics) MT_TRY(mt_metrics_open(cx, &server->own_metrics));
    if (!o->metrics) o->metrics = server->own_metrics;
    mt_metric_set(mt_metric_gauge(o->metrics, "merit_build_info", "Version of the program",
                                  "version=\"" MERIT_VERSION "\""),
                  1);
    MT_TRY(mt_jobs_open(cx, &server->jobs, o->workers, o->queue_max, o->metrics));
    server->site = (mt_site){.world = o->world,
                             .jobs = server->jobs,
                             .metrics = o->metrics,
                             .mapping = o->mapping,
                             .n_mapping = o->n_mapping,
                             .name = o->name,
                             .n_name = o->n_name,
                             .monotonic_us = o->monotonic_us,
                             .clock_arg = o->clock_arg};
    if (o->cache_bytes > 0)
        MT_TRY(mt_answers_open(cx, &server->site.answers, (size_t)o->cache_bytes, o->cache_ttl_us));
    mt_local_server_options local = {.path = o->socket_path, .site = &server->site};
    if (o->socket_path) MT_TRY(mt_local_server_open(cx, &server->local, &local));
    return open_port(cx, server);
}

mt_code mt_server_open(mt_ctx *cx, mt_server **out, const mt_server_options *options)
{
    mt_server *server = calloc(1, sizeof *server);
    pthread_condattr_t how;
    if (!server) return mt_fail(cx, MT_E_MEMORY, "no memory for a server");
    memcpy(&server->options, options,
           options->size < sizeof server->options ? options->size : sizeof server->options);
    pthread_mutex_init(&server->log_lock, NULL);
    pthread_mutex_init(&server->stop_lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&server->stop, &how);
    pthread_condattr_destroy(&how);
    set_usual(server);
    mt_code code = open_parts(cx, server);
    if (code != MT_OK)
        mt_server_close(server);
    else
        *out = server;
    return code;
}

/* --- running ----------------------------------------------------------------------------------------- */

static void wake(void *arg)
{
    mt_server *server = arg;
    pthread_mutex_lock(&server->stop_lock);
    server->stopping = true;
    pthread_cond_signal(&server->stop);
    pthread_mutex_unlock(&server->stop_lock);
}

static void wait_for_stop(mt_server *server)
{
    int64_t beat_us = server->options.watchdog_us / 2;
    int64_t look_us = beat_us > 0 && beat_us < LOOK_US ? beat_us : LOOK_US;
    pthread_mutex_lock(&server->stop_lock);
    while (!server->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += look_us / 1000000;
        until.tv_nsec += look_us % 1000000 * 1000;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&server->stop, &server->stop_lock, &until);
        if (beat_us > 0) mt_notify(server->options.notify_path, "WATCHDOG=1");
    }
    pthread_mutex_unlock(&server->stop_lock);
}

static bool has_store(const mt_world *world)
{
    const char *url = mt_world_settings(world)->store_url;
    return url && strcmp(url, "none") != 0;
}

/* The store is opened now: who owns it shall know before anybody asks. */
static mt_code start(mt_ctx *cx, mt_server *server)
{
    const mt_server_options *o = &server->options;
    mt_services_options services = {.service = o->service,
                                    .n = o->n_service,
                                    .metrics = o->metrics,
                                    .monotonic_us = o->monotonic_us,
                                    .clock_arg = o->clock_arg,
                                    .log = log_in_turn,
                                    .log_arg = server};
    mt_schedule_options schedule = {.entry = o->entry,
                                    .n = o->n_entry,
                                    .state_path = o->schedule_state_path,
                                    .site = &server->site,
                                    .log = log_in_turn,
                                    .log_arg = server};
    mt_store *store;
    if (has_store(o->world)) MT_TRY(mt_world_store(cx, o->world, &store));
    MT_TRY(mt_services_open(cx, &server->services, &services));
    MT_TRY(mt_schedule_open(cx, &server->schedule, &schedule));
    __atomic_store_n(&server->site.services, server->services, __ATOMIC_RELEASE);
    __atomic_store_n(&server->site.schedule, server->schedule, __ATOMIC_RELEASE);
    return MT_OK;
}

static bool is_quiet(mt_server *server)
{
    return mt_jobs_active(server->jobs) == 0 && mt_local_server_quiet(server->local) &&
           (!server->http || mt_httpd_quiet(server->http));
}

static void drain(mt_server *server)
{
    int64_t until_us = mt_site_now_us(&server->site) + server->options.drain_us;
    mt_site_set_ready(&server->site, false);
    mt_notify(server->options.notify_path, "STOPPING=1");
    mt_schedule_stop(server->schedule);
    mt_local_server_stop(server->local);
    if (server->http) mt_httpd_drain(server->http);
    while (!is_quiet(server) && mt_site_now_us(&server->site) < until_us)
        nanosleep(&(struct timespec){0, STEP_US * 1000}, NULL);
    mt_jobs_cancel_all(server->jobs);
}

mt_code mt_server_run(mt_ctx *cx, mt_server *server)
{
    MT_TRY(start(cx, server));
    mt_site_set_ready(&server->site, true);
    MT_TRY(mt_ctx_on_cancel(cx, wake, server));
    mt_notify(server->options.notify_path, "READY=1");
    if (server->options.ready) server->options.ready(server->options.ready_arg, mt_server_address(server));
    wait_for_stop(server);
    mt_ctx_off_cancel(cx, wake, server);
    drain(server);
    return MT_OK;
}

/* Who may still ask goes first, what he could ask for last. */
void mt_server_close(mt_server *server)
{
    if (!server) return;
    mt_schedule_stop(server->schedule);
    mt_httpd_close(server->http);
    mt_local_server_close(server->local);
    mt_schedule_close(server->schedule);
    mt_services_close(server->services);
    mt_jobs_close(server->jobs);
    mt_answers_close(server->site.answers);
    mt_metrics_close(server->own_metrics);
    pthread_cond_destroy(&server->stop);
    pthread_mutex_destroy(&server->stop_lock);
    pthread_mutex_destroy(&server->log_lock);
    free(server);
}

const char *mt_server_address(const mt_server *server)
{
    return server->http ? mt_httpd_address(server->http) : "";
}

bool mt_server_is_ready(const mt_server *server)
{
    return mt_site_is_ready(&server->site);
}

void mt_server_changed(mt_server *server)
{
    mt_site_changed(&server->site);
}

mt_metrics *mt_server_metrics(mt_server *server)
{
    return server->options.metrics;
}
