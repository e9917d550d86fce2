/* Bytes of an input, whatever it is: a file, a pipe, a compressed file. */
#include "io/bytes.h"

#include "io/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_STEP = 256 << 10, POLL_MS = 200 };

struct mt_bytes {
    char *name;
    int fd;
    bool plain_file;
    uint64_t start; /* of a plain file: where the descriptor stood */
    uint64_t total;
    uint64_t read;     /* bytes taken from the descriptor */
    mt_unpack *unpack; /* NULL: the bytes are plain */
    char *buffer;      /* MT_BYTES_WINDOW + 1 + MT_BYTES_PAD */
    size_t held;       /* bytes in the buffer */
    size_t shown;      /* of them in the window given out last */
    bool ended;
};

/* Waits for bytes of a pipe, so that a cancelled request does not hang on a writer that says nothing. */
static mt_code wait_readable(mt_ctx *cx, const mt_bytes *bytes)
{
    struct pollfd one = {.fd = bytes->fd, .events = POLLIN};
    for (;;) {
        MT_TRY(mt_ctx_check(cx));
        int ready = poll(&one, 1, POLL_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR)) return MT_OK;
    }
}

static mt_code pull_raw(mt_ctx *cx, void *self, char *to, size_t n, size_t *got)
{
    mt_bytes *bytes = self;
    for (;;) {
        if (!bytes->plain_file) MT_TRY(wait_readable(cx, bytes));
        ssize_t k = bytes->plain_file ? pread(bytes->fd, to, n, (off_t)(bytes->start + bytes->read))
                                      : read(bytes->fd, to, n);
        if (k >= 0) {
            bytes->read += (uint64_t)k;
            *got = (size_t)k;
            return MT_OK;
        }
        if (errno == EINTR || errno == EAGAIN) continue;
        return mt_fail(cx, MT_E_IO, "%s cannot be read at byte %llu: %s", bytes->name,
                       (unsigned long long)bytes->read, strerror(errno));
    }
}

static mt_code pull_plain(mt_ctx *cx, mt_bytes *bytes, char *to, size_t n, size_t *got)
{
    if (bytes->unpack != NULL) return mt_unpack_read(cx, bytes->unpack, to, n, got);
    return pull_raw(cx, bytes, to, n, got);
}

/* The first bytes decide whether the rest is unpacked. */
static mt_code look_at_magic(mt_ctx *cx, mt_bytes *bytes)
{
    size_t n = 0;
    while (n < MT_UNPACK_MAGIC && !bytes->ended) {
        size_t got = 0;
        MT_TRY(pull_raw(cx, bytes, bytes->buffer + n, MT_UNPACK_MAGIC - n, &got));
        n += got;
        bytes->ended = got == 0;
    }
    mt_unpack_input input = {.name = bytes->name, .pull = pull_raw, .self = bytes};
    MT_TRY(mt_unpack_open(cx, &bytes->unpack, input, bytes->buffer, n));
    bytes->held = bytes->unpack != NULL ? 0 : n;
    if (bytes->unpack != NULL) bytes->ended = false;
    return MT_OK;
}

static mt_code check_kind(mt_ctx *cx, mt_bytes *bytes)
{
    struct stat st;
    if (fstat(bytes->fd, &st) != 0)
        return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", bytes->name, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return mt_fail(cx, MT_E_INPUT, "%s is a folder; give one of the files in it", bytes->name);
    off_t here = S_ISREG(st.st_mode) ? lseek(bytes->fd, 0, SEEK_CUR) : -1;
    bytes->plain_file = here >= 0;
    if (!bytes->plain_file) return MT_OK;
    bytes->start = (uint64_t)here;
    bytes->total = st.st_size > here ? (uint64_t)(st.st_size - here) : 0;
    (void)posix_fadvise(bytes->fd, here, 0, POSIX_FADV_SEQUENTIAL);
    return MT_OK;
}

static mt_code check_input(mt_ctx *cx, const mt_input *input)
{
    if (input->name == NULL || *input->name == '\0')
        return mt_fail(cx, MT_E_INPUT,
                       "the name of the input is empty; give a file, or - for standard input");
    if (input->fd < 0)
        return mt_fail(cx, MT_E_INPUT, "%s is no open file; give a file, or - for standard input",
                       input->name);
    return MT_OK;
}

mt_code mt_bytes_open(mt_ctx *cx, mt_bytes **out, const mt_input *input)
{
    MT_TRY(check_input(cx, input));
    mt_code code = MT_OK;
    mt_bytes *bytes = calloc(1, sizeof *bytes);
    if (bytes != NULL) {
        bytes->name = strdup(input->name);
        bytes->buffer = malloc((size_t)MT_BYTES_WINDOW + 1 + MT_BYTES_PAD);
    }
    if (bytes == NULL || bytes->name == NULL || bytes->buffer == NULL) {
        MT_TRY_OUT(mt_fail(cx, MT_E_MEMORY, "no memory to read %s", input->name));
    }
    bytes->fd = input->fd;
    MT_TRY_OUT(check_kind(cx, bytes));
    MT_TRY_OUT(look_at_magic(cx, bytes));
    *out = bytes;
    bytes = NULL;
out:
    mt_bytes_close(bytes);
    return code;
}

void mt_bytes_close(mt_bytes *bytes)
{
    if (bytes == NULL) return;
    mt_unpack_close(bytes->unpack);
    free(bytes->buffer);
    free(bytes->name);
    free(bytes);
}

/* Fills the buffer to `want` bytes and one more, which stays hidden: it tells whether the window is the
 * last. */
static mt_code fill_to(mt_ctx *cx, mt_bytes *bytes, size_t want)
{
    while (!bytes->ended && bytes->held < want + 1) {
        size_t got = 0;
        MT_TRY(pull_plain(cx, bytes, bytes->buffer + bytes->held, want + 1 - bytes->held, &got));
        bytes->held += got;
        bytes->ended = got == 0;
    }
    memset(bytes->buffer + bytes->held, 0, MT_BYTES_PAD);
    return MT_OK;
}

mt_code mt_bytes_next(mt_ctx *cx, mt_bytes *bytes, size_t consumed, const char **at, size_t *n, bool *last)
{
    if (consumed > bytes->shown)
        return mt_fail(cx, MT_E_BUG, "%s: %zu bytes consumed of a window of %zu", bytes->name, consumed,
                       bytes->shown);
    MT_TRY(mt_ctx_check(cx));
    if (consumed == 0 && bytes->shown == MT_BYTES_WINDOW && bytes->held > bytes->shown)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s has a record longer than %d bytes", bytes->name,
                       MT_BYTES_WINDOW);
    size_t tail = bytes->shown - consumed;
    memmove(bytes->buffer, bytes->buffer + consumed, bytes->held - consumed);
    bytes->held -= consumed;
    size_t step = consumed == 0 && tail > WINDOW_STEP ? tail : WINDOW_STEP;
    size_t want = tail + step < MT_BYTES_WINDOW ? tail + step : MT_BYTES_WINDOW;
    MT_TRY(fill_to(cx, bytes, want));
    bytes->shown = bytes->held < want ? bytes->held : want;
    *at = bytes->buffer;
    *n = bytes->shown;
    *last = bytes->ended && bytes->shown == bytes->held;
    return MT_OK;
}

const char *mt_bytes_name(const mt_bytes *bytes)
{
    return bytes->name;
}

uint64_t mt_bytes_total(const mt_bytes *bytes)
{
    return bytes->total;
}

uint64_t mt_bytes_read(const mt_bytes *bytes)
{
    return bytes->read;
}
