/* Kept files, taken out of the store into a folder. */
#include "store/data/archive_store.h"

#include "io/base64.h"
#include "io/folder.h"
#include "io/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TAKE_BYTES = 32 << 20, COLUMNS = 3 };

/* A file being written; files are in the order of their digests. */
struct target {
    const mt_archive_file *file;
    const char *path;
    int64_t written;
};

/* The sink of parts. */
struct writing {
    mt_sink sink;
    struct target *target;
    size_t n;
    char *buffer; /* MT_ARCHIVE_PART */
    bool small;   /* files of one part are taken, many with one question */
};

static bool is_small(const struct target *target)
{
    return target->file->bytes <= MT_ARCHIVE_PART;
}

static mt_code fail_file(mt_ctx *cx, const char *path)
{
    return mt_fail(cx, MT_E_IO, "%s cannot be written: %s", path, strerror(errno));
}

/* No name leads out of the folder. */
static bool name_is_safe(const char *name)
{
    for (const char *at = name; *at;) {
        size_t n = strcspn(at, "/");
        if (n == 0 || (n <= 2 && strncmp(at, "..", n) == 0)) return false;
        at += n;
        if (*at == '/' && !*++at) return false;
    }
    return *name != 0;
}

static mt_code make_empty(mt_ctx *cx, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail_file(cx, path);
    close(fd);
    return MT_OK;
}

static mt_code make_target(mt_ctx *cx, struct target *out, const mt_archive_file *file, const char *folder)
{
    char above[PATH_MAX];
    if (!name_is_safe(file->name))
        return mt_fail(cx, MT_E_INPUT, "a kept file is called \"%s\", which leads out of its folder",
                       file->name);
    *out = (struct target){.file = file};
    MT_TRY(mt_text_format(cx, &out->path, "%s/%s", folder, file->name));
    if (strlen(out->path) >= sizeof above) return mt_fail(cx, MT_E_IO, "%s is too long a path", out->path);
    snprintf(above, sizeof above, "%s", out->path);
    *strrchr(above, '/') = 0;
    MT_TRY(mt_folder_make(cx, above));
    return make_empty(cx, out->path);
}

/* --- parts ------------------------------------------------------------------------------------------- */

static size_t first_of(const struct writing *w, mt_text sha256)
{
    size_t low = 0, high = w->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(w->target[middle].file->sha256, sha256.at, sha256.length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static mt_code write_part(mt_ctx *cx, struct target *target, const char *at, size_t n, int64_t part)
{
    int fd = open(target->path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail_file(cx, target->path);
    mt_code code = MT_OK;
    for (size_t done = 0; done < n && code == MT_OK;) {
        ssize_t wrote = pwrite(fd, at + done, n - done, (off_t)(part * MT_ARCHIVE_PART + (int64_t)done));
        if (wrote < 0 && errno != EINTR) code = fail_file(cx, target->path);
        if (wrote > 0) done += (size_t)wrote;
    }
    if (close(fd) != 0 && code == MT_OK) code = fail_file(cx, target->path);
    target->written += (int64_t)n;
    return code;
}

static mt_code unpack_part(mt_ctx *cx, struct writing *w, const char *name, mt_text body, size_t *n)
{
    mt_text packed;
    mt_code code = mt_base64_read(cx, &packed, body);
    if (code == MT_OK) code = mt_unpack_piece(cx, w->buffer, MT_ARCHIVE_PART, n, packed);
    return code == MT_OK ? code
                         : mt_fail(cx, MT_E_IO, "the kept bytes of %s are damaged (%s)", name, cx->err);
}

/* Parts of other digests, known at other moments, may come between; they are passed over. */
static mt_code take_part(mt_ctx *cx, struct writing *w, mt_text sha256, int64_t part, mt_text body)
{
    size_t n, k = first_of(w, sha256);
    if (k == w->n || !mt_text_equal(sha256, w->target[k].file->sha256)) return MT_OK;
    if (w->small != is_small(&w->target[k])) return MT_OK;
    MT_TRY(unpack_part(cx, w, w->target[k].file->name, body, &n));
    for (; k < w->n && mt_text_equal(sha256, w->target[k].file->sha256); k++)
        MT_TRY(write_part(cx, &w->target[k], w->buffer, n, part));
    return MT_OK;
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink;
    return schema->n_col == COLUMNS ? MT_OK : mt_fail(cx, MT_E_BUG, "parts come with other columns");
}

static mt_code push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct writing *w = (struct writing *)sink;
    for (size_t k = 0; k < chunk->n; k++) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        mt_value sha256 = mt_column_get(&chunk->col[0], MT_TEXT, k);
        mt_value part = mt_column_get(&chunk->col[1], MT_INT, k);
        mt_value body = mt_column_get(&chunk->col[2], MT_TEXT, k);
        MT_TRY(take_part(cx, w, sha256.as.text, part.as.integer, body.as.text));
        mt_arena_reset(&cx->arena, mark);
    }
    return MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void close_sink(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops writing_ops = {take_schema, push, finish, close_sink};

/* --- asking ------------------------------------------------------------------------------------------ */

/* The parts `from` to `until` (not included) of the digests from that of one target to that of another. */
static mt_code take(mt_ctx *cx, mt_store *store, struct writing *w, const struct target *first,
                    const struct target *last, int64_t from, int64_t until)
{
    const mt_param param[] = {mt_param_text(first->file->sha256), mt_param_text(last->file->sha256),
                              mt_param_int(from), mt_param_int(until)};
    return mt_store_query(cx, store,
                          "SELECT sha256, part, body FROM desk_file_part WHERE sha256 >= $1 AND sha256 <= $2 "
                          "AND part >= $3 AND part < $4",
                          param, 4, &w->sink);
}

static mt_code take_small(mt_ctx *cx, mt_store *store, struct writing *w)
{
    w->small = true;
    for (size_t k = 0; k < w->n;) {
        const struct target *first = NULL, *last = NULL;
        int64_t bytes = 0;
        for (; k < w->n && bytes < TAKE_BYTES; k++) {
            if (!is_small(&w->target[k])) continue;
            last = &w->target[k];
            if (!first) first = last;
            bytes += last->file->bytes;
        }
        /* Equal digests stay together. */
        while (k < w->n && last && strcmp(w->target[k].file->sha256, last->file->sha256) == 0) k++;
        MT_TRY(mt_ctx_check(cx));
        if (first) MT_TRY(take(cx, store, w, first, last, 0, 1));
    }
    return MT_OK;
}

static mt_code take_large(mt_ctx *cx, mt_store *store, struct writing *w)
{
    const int64_t each = TAKE_BYTES / MT_ARCHIVE_PART;
    w->small = false;
    for (size_t k = 0; k < w->n; k++) {
        const struct target *t = &w->target[k];
        bool again = k > 0 && strcmp(t->file->sha256, t[-1].file->sha256) == 0;
        for (int64_t part = 0; !again && !is_small(t) && part * MT_ARCHIVE_PART < t->file->bytes;
             part += each)
            MT_TRY(take(cx, store, w, t, t, part, part + each));
    }
    return MT_OK;
}

static mt_code finish_target(mt_ctx *cx, const struct target *target)
{
    const mt_archive_file *file = target->file;
    mt_time second = mt_time_floor(file->known_at, MT_US_SECOND);
    const struct timespec moment = {(time_t)(second / MT_US_SECOND), (long)(file->known_at - second) * 1000};
    const struct timespec both[2] = {moment, moment};
    if (target->written != file->bytes)
        return mt_fail(cx, MT_E_IO, "the store keeps %lld of the %lld bytes of %s",
                       (long long)target->written, (long long)file->bytes, file->name);
    return utimensat(AT_FDCWD, target->path, both, 0) == 0 ? MT_OK : fail_file(cx, target->path);
}

static int compare_targets(const void *a, const void *b)
{
    return strcmp(((const struct target *)a)->file->sha256, ((const struct target *)b)->file->sha256);
}

mt_code mt_archive_store_unpack(mt_ctx *cx, mt_store *store, const mt_archive_file *file, size_t n,
                                const char *folder)
{
    struct writing w = {.sink = {&writing_ops}, .n = n};
    MT_TRY(MT_NEW(cx, &w.target, n + 1));
    MT_TRY(MT_NEW(cx, &w.buffer, MT_ARCHIVE_PART));
    for (size_t k = 0; k < n; k++) MT_TRY(make_target(cx, &w.target[k], &file[k], folder));
    qsort(w.target, n, sizeof *w.target, compare_targets);
    MT_TRY(take_small(cx, store, &w));
    MT_TRY(take_large(cx, store, &w));
    for (size_t k = 0; k < n; k++) MT_TRY(finish_target(cx, &w.target[k]));
    return MT_OK;
}
