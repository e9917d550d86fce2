/* Opens, sends, and copies what comes back. */
#include "server/forward.h"

#include "crypto/hash.h"
#include "io/local_socket.h"
#include "io/out.h"
#include "ops/files.h"
#include "server/request.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 100, GIVE_UP_LOOKS = 50, COPY = 64 << 10 };

/* --- where the server listens ------------------------------------------------------------------------ */

/* The file's own path, or that of its folder while the file is not there yet. */
static mt_code find_real(mt_ctx *cx, const char **out, const char *path)
{
    char real[PATH_MAX];
    const char *slash = strrchr(path, '/'), *folder = ".";
    if (realpath(path, real)) return mt_text_copy(cx, out, mt_text_of(real));
    if (slash) MT_TRY(mt_text_copy(cx, &folder, (mt_text){path, slash == path ? 1 : (size_t)(slash - path)}));
    if (!realpath(folder, real)) return mt_text_copy(cx, out, mt_text_of(path));
    return mt_text_format(cx, out, "%s/%s", real, slash ? slash + 1 : path);
}

/* A folder under /tmp is trusted only when it is ours and closed to others. */
static mt_code own_folder(mt_ctx *cx, const char **out, bool make)
{
    struct stat about;
    MT_TRY(mt_text_format(cx, out, "/tmp/merit-%lu", (unsigned long)geteuid()));
    if (make && mkdir(*out, 0700) != 0 && errno != EEXIST)
        return mt_fail(cx, MT_E_IO, "%s: %s", *out, strerror(errno));
    if (lstat(*out, &about) != 0) return MT_OK; /* nobody listens */
    if (S_ISDIR(about.st_mode) && about.st_uid == geteuid() && !(about.st_mode & 077)) return MT_OK;
    return mt_fail(cx, MT_E_DENIED, "%s: belongs to somebody else or is open to others", *out);
}

mt_code mt_forward_path(mt_ctx *cx, const char **out, const char *store_url, const char *runtime_folder,
                        bool make)
{
    const char *real, *folder = runtime_folder;
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    *out = NULL;
    if (!store_url || strncmp(store_url, "duckdb:", 7) != 0 || store_url[7] == ':' || !store_url[7])
        return MT_OK;
    MT_TRY(find_real(cx, &real, store_url + 7));
    MT_TRY(mt_text_format(cx, out, "%s.sock", real));
    if (mt_local_fits(*out)) return MT_OK;
    if (!folder) MT_TRY(own_folder(cx, &folder, make));
    mt_hash_bytes(real, strlen(real), digest);
    mt_hash_hex(digest, hex);
    return mt_text_format(cx, out, "%s/merit-%.24s.sock", folder, hex);
}

/* --- what is sent ------------------------------------------------------------------------------------ */

struct call {
    mt_ctx *cx;
    const mt_result_place *place;
    int socket, pipe_read, pipe_write, head;
    mt_request request;
    mt_request_given *given;
    int fd[MT_LOCAL_FDS_MAX];
    size_t n_fd;
    mt_files files;
    int folder[MT_FILES_MAX];
    size_t n_folder;
    mt_out *file; /* place->path */
    bool head_shown, cancelled, over;
    mt_code ended;
};

static mt_code add_fd(struct call *call, int64_t *number, int fd)
{
    if (call->n_fd == MT_LOCAL_FDS_MAX)
        return mt_fail(call->cx, MT_E_INPUT, "more than %d files", MT_LOCAL_FDS_MAX);
    *number = (int64_t)call->n_fd;
    call->fd[call->n_fd++] = fd;
    return MT_OK;
}

static mt_code send_input(struct call *call, mt_request_given *given)
{
    mt_opener opener = mt_files_opener(&call->files);
    mt_input input;
    MT_TRY(opener.input(call->cx, opener.arg, &input, given->given.value));
    return input.fd < 0 ? MT_OK : add_fd(call, &given->file, input.fd);
}

/* The nearest folder that is there, and what is below it. */
static mt_code send_output(struct call *call, mt_request_given *given)
{
    char path[PATH_MAX];
    const char *value = given->given.value;
    size_t n = strlen(value);
    if (!n || n >= sizeof path)
        return mt_fail(call->cx, MT_E_INPUT, "the name of an output is empty or too long");
    if (call->n_folder == MT_FILES_MAX)
        return mt_fail(call->cx, MT_E_INPUT, "more than %d outputs", MT_FILES_MAX);
    memcpy(path, value, n + 1);
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (fd < 0 && n > 0) {
        while (n > 0 && path[n - 1] != '/') n--;
        path[n] = 0; /* with its slash, or empty */
        fd = open(n ? path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 && n) path[--n] = 0;
    }
    if (fd < 0) return mt_fail(call->cx, MT_E_IO, "%s: no folder above it can be opened", value);
    call->folder[call->n_folder++] = fd;
    MT_TRY(mt_text_copy(call->cx, &given->rest, mt_text_of(value + n)));
    return add_fd(call, &given->file, fd);
}

static mt_code add_given(struct call *call, const mt_field *field, const char *name, const char *value)
{
    mt_request_given *given = &call->given[call->request.n++];
    *given = (mt_request_given){{name, value}, -1, NULL};
    if (field && (field->type == MT_INPUT || field->type == MT_INPUTS)) return send_input(call, given);
    if (field && field->type == MT_OUTPUT) return send_output(call, given);
    return MT_OK;
}

static bool is_given(const mt_given *given, size_t n, const char *name)
{
    for (size_t k = 0; k < n; k++) {
        if (strcmp(given[k].name, name) == 0) return true;
    }
    return false;
}

/* Fallbacks that name files are given too, because the server opens none. */
static mt_code add_arguments(struct call *call, const mt_op *op, const mt_given *given, size_t n)
{
    size_t fields = mt_field_count(op->arg);
    MT_TRY(MT_NEW(call->cx, &call->given, n + fields + 1));
    call->request.operation = op->name;
    call->request.given = call->given;
    for (size_t k = 0; k < n; k++)
        MT_TRY(add_given(call, mt_field_find(op->arg, given[k].name), given[k].name, given[k].value));
    for (size_t k = 0; k < fields; k++) {
        const mt_field *field = &op->arg[k];
        bool file = field->type == MT_INPUT || field->type == MT_INPUTS || field->type == MT_OUTPUT;
        if (file && field->fallback && !is_given(given, n, field->name))
            MT_TRY(add_given(call, field, field->name, field->fallback));
    }
    return MT_OK;
}

/* Descriptors 0 and 1 of the request: a pipe for the result, memory for the head. */
static mt_code open_places(struct call *call)
{
    const mt_result_place *place = call->place;
    int64_t number, ends_at;
    int ends[2];
    bool binary = place->format == MT_FORMAT_PARQUET || place->format == MT_FORMAT_XLSX;
    if (binary && !place->path && isatty(place->fd))
        return mt_fail(call->cx, MT_E_INPUT, "%s is no text for a terminal; say --to FILE.%s",
                       mt_format_name[place->format], mt_format_name[place->format]);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return mt_fail(call->cx, MT_E_IO, "no pipe can be made: %s", strerror(errno));
    call->pipe_read = ends[0];
    call->pipe_write = ends[1];
    MT_TRY(add_fd(call, &ends_at, call->pipe_write));
    call->request.format = place->format;
    call->request.width = place->width;
    call->request.colour = place->colour;
    call->request.utf8 = place->utf8;
    call->request.head = place->head_fd >= 0;
    if (place->path) MT_TRY(mt_out_file(call->cx, &call->file, place->path));
    if (!call->request.head) return MT_OK;
    call->head = memfd_create("merit-head", MFD_CLOEXEC);
    if (call->head < 0) return mt_fail(call->cx, MT_E_IO, "no file in memory: %s", strerror(errno));
    return add_fd(call, &number, call->head);
}

static mt_code send_request(struct call *call)
{
    mt_ctx *cx = call->cx;
    mt_text text;
    const mt_ctx_options *options = &cx->options;
    if (options->deadline_us && options->monotonic_us) {
        int64_t left_us = options->deadline_us - options->monotonic_us(options->arg);
        call->request.timeout_us = left_us < 1 ? 1 : left_us;
    }
    MT_TRY(mt_request_write(cx, &text, &call->request));
    MT_TRY(mt_local_send(cx, call->socket, text, call->fd, call->n_fd));
    close(call->pipe_write); /* the server's is the last one */
    call->pipe_write = -1;
    return MT_OK;
}

/* --- what comes back --------------------------------------------------------------------------------- */

static mt_code write_fd(mt_ctx *cx, int fd, const char *at, size_t n)
{
    while (n > 0) {
        ssize_t took = write(fd, at, n);
        if (took < 0 && errno == EAGAIN) {
            struct pollfd wanted = {.fd = fd, .events = POLLOUT};
            poll(&wanted, 1, LOOK_MS);
            MT_TRY(mt_ctx_check(cx));
            continue;
        }
        if (took < 0 && errno == EINTR) continue;
        if (took < 0 && errno == EPIPE)
            return mt_fail(cx, MT_E_CANCELLED, "standard output was closed by its reader");
        if (took < 0) return mt_fail(cx, MT_E_IO, "cannot write standard output: %s", strerror(errno));
        at += took;
        n -= (size_t)took;
    }
    return MT_OK;
}

/* The server finished the head before the first byte of the result. */
static mt_code show_head(struct call *call)
{
    char bytes[4096];
    off_t at = 0;
    ssize_t n;
    if (call->head_shown || call->head < 0) return MT_OK;
    call->head_shown = true;
    while ((n = pread(call->head, bytes, sizeof bytes, at)) > 0) {
        MT_TRY(write_fd(call->cx, call->place->head_fd, bytes, (size_t)n));
        at += n;
    }
    return MT_OK;
}

/* What the pipe holds; *end at its end. */
static mt_code copy_result(struct call *call, bool *end)
{
    char bytes[COPY];
    *end = false;
    for (;;) {
        ssize_t n = read(call->pipe_read, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return MT_OK;
        if (n < 0) return mt_fail(call->cx, MT_E_IO, "the result's pipe: %s", strerror(errno));
        *end = n == 0;
        if (n == 0) return MT_OK;
        MT_TRY(show_head(call));
        MT_TRY(call->file ? mt_out_write(call->cx, call->file, bytes, (size_t)n)
                          : write_fd(call->cx, call->place->fd, bytes, (size_t)n));
    }
}

static mt_code take_event(struct call *call)
{
    mt_ctx *cx = call->cx;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_local_message message;
    mt_event event;
    MT_TRY(mt_local_receive(cx, &message, call->socket, -1));
    mt_code code = mt_event_read(cx, &event, message.text);
    mt_local_message_close(&message);
    MT_TRY(code);
    if (event.kind == MT_EVENT_PROGRESS)
        mt_ctx_progress(cx, event.text, event.done, event.total, event.unit);
    else if (event.kind == MT_EVENT_LOG)
        mt_log(cx, event.level, "%s", event.text);
    call->over = event.kind == MT_EVENT_END;
    if (call->over) call->ended = event.code;
    if (call->over && event.code != MT_OK) mt_fail(cx, event.code, "%s", event.text);
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

/* The server is told, and still has some time to end in order. */
static void send_cancel(struct call *call)
{
    mt_ctx own;
    mt_text text;
    mt_ctx_init(&own, NULL);
    call->cancelled = true;
    if (mt_event_write(&own, &text, &(mt_event){.kind = MT_EVENT_CANCEL}) == MT_OK)
        mt_local_try_send(call->socket, text);
    mt_ctx_close(&own);
}

static bool is_cancelled(mt_ctx *cx)
{
    return __atomic_load_n(&cx->cancelled, __ATOMIC_RELAXED) != 0;
}

/* The context's own cancelling must not stop the wait for the end: messages are looked for before they are
 * waited for. */
static mt_code follow(struct call *call)
{
    bool end = false;
    int looks = 0;
    while (!call->over) {
        struct pollfd wanted[] = {{call->socket, POLLIN, 0}, {end ? -1 : call->pipe_read, POLLIN, 0}};
        if (is_cancelled(call->cx) && !call->cancelled) send_cancel(call);
        if (call->cancelled && looks++ == GIVE_UP_LOOKS) return mt_ctx_check(call->cx);
        if (poll(wanted, 2, LOOK_MS) <= 0) continue;
        if (!end && wanted[1].revents) MT_TRY(copy_result(call, &end));
        if (wanted[0].revents) MT_TRY(take_event(call));
    }
    return end ? MT_OK : copy_result(call, &end);
}

static mt_code finish(struct call *call)
{
    bool good = call->ended == MT_OK || call->ended == MT_FINDINGS;
    if (good) MT_TRY(show_head(call));
    if (good && call->file) MT_TRY(mt_out_finish(call->cx, call->file));
    return call->ended;
}

/* A server is believed only when it is our own user's, or root's. */
static mt_code connect_own(mt_ctx *cx, int *out, const char *path)
{
    mt_local_peer peer;
    int fd;
    mt_code code = mt_local_connect(cx, &fd, path);
    *out = -1;
    if (code == MT_E_ABSENT) {
        mt_ctx_forgive(cx);
        return MT_OK;
    }
    if (code != MT_OK) return code;
    code = mt_local_peer_of(cx, &peer, fd);
    if (code == MT_OK && (peer.uid == geteuid() || peer.uid == 0)) {
        *out = fd;
        return MT_OK;
    }
    close(fd);
    if (code != MT_OK) return code;
    return mt_fail(
        cx, MT_E_DENIED,
        "%s: the store is served by another user (uid %u): run the command as that user, as in sudo -u "
        "'#%u' merit ...",
        path, (unsigned)peer.uid, (unsigned)peer.uid);
}

static void close_call(struct call *call)
{
    const int own[] = {call->socket, call->pipe_read, call->pipe_write, call->head};
    mt_out_close(call->file);
    mt_files_close(&call->files);
    while (call->n_folder) close(call->folder[--call->n_folder]);
    for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
        if (own[k] >= 0) close(own[k]);
    }
}

static mt_code make_call(mt_ctx *cx, struct call **out, const mt_result_place *place, int socket)
{
    mt_code code = MT_NEW(cx, out, 1);
    if (code != MT_OK) {
        close(socket);
        return code;
    }
    struct call *call = *out;
    call->cx = cx;
    call->place = place;
    call->socket = socket;
    call->pipe_read = call->pipe_write = call->head = -1;
    return MT_OK;
}

/* `op` NULL: the question `sql`. */
static mt_code do_call(struct call *call, const mt_op *op, const mt_given *given, size_t n, const char *sql)
{
    mt_code code;
    call->request.sql = sql;
    MT_TRY_OUT(open_places(call));
    if (op) MT_TRY_OUT(add_arguments(call, op, given, n));
    MT_TRY_OUT(send_request(call));
    MT_TRY_OUT(follow(call));
    code = finish(call);
out:
    close_call(call);
    return code;
}

mt_code mt_forward_op(mt_ctx *cx, bool *served, const char *socket_path, const mt_op *op,
                      const mt_given *given, size_t n, const mt_result_place *place)
{
    struct call *call;
    int socket;
    *served = false;
    MT_TRY(connect_own(cx, &socket, socket_path));
    if (socket < 0) return MT_OK;
    *served = true;
    MT_TRY(make_call(cx, &call, place, socket));
    return do_call(call, op, given, n, NULL);
}

mt_code mt_forward_sql(mt_ctx *cx, bool *served, const char *socket_path, const char *text,
                       const mt_result_place *place)
{
    struct call *call;
    int socket;
    *served = false;
    MT_TRY(connect_own(cx, &socket, socket_path));
    if (socket < 0) return MT_OK;
    *served = true;
    MT_TRY(make_call(cx, &call, place, socket));
    return do_call(call, NULL, NULL, 0, text);
}
