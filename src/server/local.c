/* A loop over connections; each request a job that reads, runs and answers. */
#include "server/local.h"

#include "io/local_socket.h"
#include "ops/ops.h"
#include "ops/sql.h"
#include "server/pump.h"
#include "server/request.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 100, PROGRESS_US = 100000, END_US = 5000000, READ_US = 5000000 };

/* Of a connection; changed with atomics, by the job from READING on. */
enum state { FREE, NEW, READING, RUNNING, OVER };

struct connection {
    mt_local_server *local;
    int fd, state;
    int64_t since_us;
    mt_job job;
    mt_ctx cx;
    mt_local_message message;
    mt_request request;
    bool used[MT_REQUEST_GIVEN_MAX];
    int64_t told_us; /* the last progress */
    mt_pump *pump;   /* of the result; NULL: none yet */
    mt_code code;    /* how it ended */
    int dropped;     /* atomic: nobody waits for the result */
};

struct mt_local_server {
    mt_local_server_options options;
    int listening;
    bool stopping; /* atomic */
    bool started;
    pthread_t thread;
    uint64_t held; /* atomic: bytes of results that wait for their readers */
    struct connection *connection;
};

static int get_state(const struct connection *c)
{
    return __atomic_load_n(&c->state, __ATOMIC_ACQUIRE);
}

static void set_state(struct connection *c, int state)
{
    __atomic_store_n(&c->state, state, __ATOMIC_RELEASE);
}

/* --- what goes back ---------------------------------------------------------------------------------- */

static void tell(struct connection *c, const mt_event *event)
{
    mt_ctx own;
    mt_text text;
    mt_ctx_init(&own, NULL);
    if (mt_event_write(&own, &text, event) == MT_OK) mt_local_try_send(c->fd, text);
    mt_ctx_close(&own);
}

static void tell_progress(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct connection *c = arg;
    int64_t now_us = mt_site_now_us(c->local->options.site);
    if (now_us - c->told_us < PROGRESS_US && done != total) return;
    c->told_us = now_us;
    tell(c, &(mt_event){.kind = MT_EVENT_PROGRESS, .text = what, .unit = unit, .done = done, .total = total});
}

static void tell_log(void *arg, mt_log_level level, const char *line)
{
    tell(arg, &(mt_event){.kind = MT_EVENT_LOG, .text = line, .level = level});
}

static int64_t clock_of(void *arg)
{
    return mt_site_now_us(((struct connection *)arg)->local->options.site);
}

/* The end is what the command waits for: it is sent with patience. */
static void tell_end(struct connection *c, mt_code code)
{
    mt_ctx_options options = {.size = sizeof options, .monotonic_us = clock_of, .arg = c};
    mt_event end = {.kind = MT_EVENT_END, .code = code, .text = code == MT_OK ? "" : c->cx.err};
    mt_ctx own;
    mt_text text;
    options.deadline_us = clock_of(c) + END_US;
    mt_ctx_init(&own, &options);
    mt_code sent = mt_event_write(&own, &text, &end);
    if (sent == MT_OK) sent = mt_local_send(&own, c->fd, text, NULL, 0);
    (void)sent; /* who left does not hear it */
    mt_ctx_close(&own);
}

/* --- arguments --------------------------------------------------------------------------------------- */

/* The next given file of that text; each is used once. */
static mt_request_given *find_file(struct connection *c, const char *value, bool output)
{
    for (size_t k = 0; k < c->request.n; k++) {
        const mt_request_given *given = &c->request.given[k];
        bool fits = given->file >= 0 && !c->used[k] && (given->rest != NULL) == output;
        if (!fits || strcmp(given->given.value, value) != 0) continue;
        c->used[k] = true;
        return (mt_request_given *)(uintptr_t)given;
    }
    return NULL;
}

static mt_code open_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    struct connection *c = arg;
    const mt_request_given *given = name[0] == '@' ? NULL : find_file(c, name, false);
    if (!given && name[0] != '@')
        return mt_fail(cx, MT_E_BUG, "%s: the file did not come with the local request", name);
    *out = (mt_input){.fd = given ? c->message.fd[given->file] : -1};
    return mt_text_copy(cx, &out->name, mt_text_of(strcmp(name, "-") == 0 ? "standard input" : name));
}

/* The folder's own path where it is the same one here, else the way through the descriptor. */
static mt_code name_folder(mt_ctx *cx, const char **out, int fd)
{
    char link[64], path[PATH_MAX];
    struct stat by_fd, by_path;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = 0;
    bool same = n > 0 && fstat(fd, &by_fd) == 0 && stat(path, &by_path) == 0 &&
                by_fd.st_dev == by_path.st_dev && by_fd.st_ino == by_path.st_ino;
    return mt_text_copy(cx, out, mt_text_of(same ? path : link));
}

static mt_code open_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    struct connection *c = arg;
    const char *folder;
    const mt_request_given *given = find_file(c, path, true);
    if (!given) return mt_fail(cx, MT_E_BUG, "%s: its folder did not come with the local request", path);
    MT_TRY(name_folder(cx, &folder, c->message.fd[given->file]));
    if (!given->rest[0]) return mt_text_copy(cx, &out->path, mt_text_of(folder));
    return mt_text_format(cx, &out->path, "%s/%s", folder, given->rest);
}

static mt_code make_args(struct connection *c, const mt_op *op, void **args)
{
    const mt_opener opener = {open_input, open_output, c};
    mt_given *given;
    MT_TRY(MT_NEW(&c->cx, &given, c->request.n + 1));
    for (size_t k = 0; k < c->request.n; k++) given[k] = c->request.given[k].given;
    return mt_op_args(&c->cx, op, given, c->request.n, &opener, args);
}

/* --- the result on its way ---------------------------------------------------------------------------- */

struct road {
    mt_sink sink;
    mt_sink *inner;
    mt_pump *pump;
};

static mt_code pass_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    return mt_sink_schema(((struct road *)sink)->inner, cx, schema);
}

static mt_code pass_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct road *road = (struct road *)sink;
    MT_TRY(mt_sink_push(road->inner, cx, chunk));
    return mt_pump_moved(cx, road->pump);
}

static mt_code pass_finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_sink_finish(((struct road *)sink)->inner, cx);
}

static void pass_close(mt_sink *sink)
{
    (void)sink; /* the result closes what is behind */
}

static const mt_sink_ops road_ops = {pass_schema, pass_rows, pass_finish, pass_close};

/* --- one request ------------------------------------------------------------------------------------- */

static mt_code run_in(struct connection *c, const mt_op *op, void *args, mt_sink *sink)
{
    const mt_world *world = c->local->options.site->world;
    return op ? mt_op_run(&c->cx, op, world, args, sink) : mt_ops_sql(&c->cx, world, c->request.sql, sink);
}

static mt_code run_request(struct connection *c)
{
    mt_ctx *cx = &c->cx;
    const mt_request *request = &c->request;
    const mt_op *op = NULL;
    void *args = NULL;
    mt_result *result = NULL;
    mt_result_place place = {.format = request->format,
                             .fd = -1,
                             .head_fd = request->head ? c->message.fd[1] : -1,
                             .width = request->width,
                             .colour = request->colour,
                             .utf8 = request->utf8};
    if (request->operation) MT_TRY(mt_ops_get(cx, &op, request->operation));
    if (op) MT_TRY(make_args(c, op, &args));
    MT_TRY(mt_pump_open(cx, &c->pump, c->message.fd[0], &c->dropped, &c->local->held));
    place.fd = mt_pump_fd(c->pump);
    MT_TRY(mt_result_open(cx, c->local->options.site->world, &result, &place));
    struct road road = {{&road_ops}, mt_result_sink(result), c->pump};
    mt_code code = run_in(c, op, args, &road.sink);
    mt_result_close(result, code);
    if (op && op->effect == MT_WRITE) mt_site_changed(c->local->options.site);
    return code;
}

static mt_code read_request(struct connection *c)
{
    MT_TRY(mt_local_receive(&c->cx, &c->message, c->fd, READ_US));
    MT_TRY(mt_request_read(&c->cx, &c->request, c->message.text, c->message.n_fd));
    if (c->request.timeout_us) c->cx.options.deadline_us = clock_of(c) + c->request.timeout_us;
    return MT_OK;
}

static struct connection *connection_of(mt_job *job)
{
    return (struct connection *)(void *)((char *)job - offsetof(struct connection, job));
}

static void run_job(mt_job *job)
{
    struct connection *c = connection_of(job);
    c->code = read_request(c);
    set_state(c, RUNNING);
    if (c->code == MT_OK) c->code = run_request(c);
}

/* By the worker, or by who brought the last of the result. */
static void finish_request(void *arg)
{
    struct connection *c = arg;
    mt_local_message_close(&c->message); /* the command sees the end of its pipe, then hears the end */
    tell_end(c, c->code);
    mt_ctx_close(&c->cx);
    set_state(c, OVER);
}

static void end_job(mt_job *job)
{
    struct connection *c = connection_of(job);
    if (c->pump)
        mt_pump_end(c->pump, finish_request, c);
    else
        finish_request(c);
}

/* --- the loop ---------------------------------------------------------------------------------------- */

/* Its work ends, and what of its result is on the way. */
static void drop(struct connection *c)
{
    __atomic_store_n(&c->dropped, 1, __ATOMIC_RELEASE);
    mt_jobs_cancel(c->local->options.site->jobs, &c->job);
}

static void hang_up(struct connection *c)
{
    close(c->fd);
    set_state(c, FREE);
}

static void start_job(struct connection *c)
{
    mt_ctx_options options = {.size = sizeof options,
                              .progress = tell_progress,
                              .log = tell_log,
                              .monotonic_us = clock_of,
                              .arg = c};
    mt_ctx_init(&c->cx, &options);
    c->job = (mt_job){.cx = &c->cx, .run = run_job, .end = end_job};
    c->message = (mt_local_message){{"", 0}, NULL, 0};
    memset(c->used, 0, sizeof c->used);
    c->told_us = 0;
    c->pump = NULL;
    c->code = MT_OK;
    __atomic_store_n(&c->dropped, 0, __ATOMIC_RELEASE);
    set_state(c, READING);
    mt_ctx own;
    mt_ctx_init(&own, NULL);
    mt_code code = mt_jobs_submit(&own, c->local->options.site->jobs, &c->job);
    if (code != MT_OK) {
        c->code = mt_fail(&c->cx, code, "%s", own.err);
        finish_request(c);
    }
    mt_ctx_close(&own);
}

/* Another user's command is not answered: the socket's mode keeps it out already. */
static bool is_welcome(int fd)
{
    mt_ctx cx;
    mt_local_peer peer;
    mt_ctx_init(&cx, NULL);
    bool known = mt_local_peer_of(&cx, &peer, fd) == MT_OK;
    mt_ctx_close(&cx);
    return known && (peer.uid == geteuid() || peer.uid == 0);
}

static void take_connection(mt_local_server *local)
{
    mt_ctx cx;
    int fd = -1;
    mt_ctx_init(&cx, NULL);
    if (mt_local_accept(&cx, &fd, local->listening) != MT_OK) fd = -1;
    mt_ctx_close(&cx);
    if (fd < 0) return;
    for (int k = 0; k < MT_LOCAL_CONNECTIONS_MAX && is_welcome(fd); k++) {
        struct connection *c = &local->connection[k];
        if (get_state(c) != FREE) continue;
        c->local = local;
        c->fd = fd;
        c->since_us = mt_site_now_us(local->options.site);
        set_state(c, NEW);
        return;
    }
    close(fd);
}

/* A command that runs says only one thing: stop. Its silence at the end is a hang-up. */
static void look_at(struct connection *c, short events)
{
    mt_local_server *local = c->local;
    int64_t now_us = mt_site_now_us(local->options.site);
    int state = get_state(c);
    if (state == OVER) {
        hang_up(c);
    } else if (state == NEW && (events & POLLIN)) {
        start_job(c);
    } else if (state == NEW && (events || now_us - c->since_us > local->options.patience_us)) {
        hang_up(c);
    } else if (events && state >= READING && (state == RUNNING || events & (POLLHUP | POLLERR))) {
        drop(c);
    }
}

static void look_around(mt_local_server *local)
{
    struct pollfd wanted[MT_LOCAL_CONNECTIONS_MAX + 1];
    struct connection *of[MT_LOCAL_CONNECTIONS_MAX + 1];
    nfds_t n = 1;
    wanted[0] = (struct pollfd){.fd = local->listening, .events = POLLIN};
    for (int k = 0; k < MT_LOCAL_CONNECTIONS_MAX; k++) {
        struct connection *c = &local->connection[k];
        int state = get_state(c);
        if (state == FREE) continue;
        of[n] = c;
        wanted[n++] = (struct pollfd){.fd = c->fd, .events = state == READING ? 0 : POLLIN};
    }
    if (poll(wanted, n, LOOK_MS) < 0) return;
    for (nfds_t k = 1; k < n; k++) look_at(of[k], wanted[k].revents);
    if (wanted[0].revents & POLLIN) take_connection(local);
}

static void *keep_looking(void *arg)
{
    mt_local_server *local = arg;
    while (!__atomic_load_n(&local->stopping, __ATOMIC_ACQUIRE)) look_around(local);
    return NULL;
}

mt_code mt_local_server_open(mt_ctx *cx, mt_local_server **out, const mt_local_server_options *options)
{
    mt_local_server *local = calloc(1, sizeof *local);
    if (local) local->connection = calloc(MT_LOCAL_CONNECTIONS_MAX, sizeof *local->connection);
    if (!local || !local->connection) {
        free(local);
        return mt_fail(cx, MT_E_MEMORY, "no memory for a local socket");
    }
    local->options = *options;
    local->listening = -1;
    if (!local->options.patience_us) local->options.patience_us = 10 * 1000000;
    mt_code code = mt_local_listen(cx, &local->listening, options->path);
    if (code == MT_OK && pthread_create(&local->thread, NULL, keep_looking, local) != 0)
        code = mt_fail(cx, MT_E_FAILED, "the system starts no thread for the local socket");
    local->started = code == MT_OK;
    if (code != MT_OK)
        mt_local_server_close(local);
    else
        *out = local;
    return code;
}

void mt_local_server_stop(mt_local_server *local)
{
    if (!local || local->listening < 0) return;
    __atomic_store_n(&local->stopping, true, __ATOMIC_RELEASE);
    if (local->started) pthread_join(local->thread, NULL);
    local->started = false;
    mt_local_unlisten(local->listening, local->options.path);
    local->listening = -1;
}

bool mt_local_server_quiet(mt_local_server *local)
{
    for (int k = 0; local && k < MT_LOCAL_CONNECTIONS_MAX; k++) {
        int state = get_state(&local->connection[k]);
        if (state == READING || state == RUNNING) return false;
    }
    return true;
}

/* Jobs end by themselves once they are cancelled. */
static void wait_over(struct connection *c)
{
    int state = get_state(c);
    while (state == READING || state == RUNNING) {
        drop(c);
        poll(NULL, 0, 10);
        state = get_state(c);
    }
    if (state != FREE) hang_up(c);
}

void mt_local_server_close(mt_local_server *local)
{
    if (!local) return;
    mt_local_server_stop(local);
    for (int k = 0; k < MT_LOCAL_CONNECTIONS_MAX; k++) wait_over(&local->connection[k]);
    free(local->connection);
    free(local);
}
