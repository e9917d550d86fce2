/* The state file: read once, changed in memory, saved after each task. */
#include "pipeline/state.h"

#include "crypto/hash.h"
#include "io/folder.h"
#include "io/json.h"
#include "io/out.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_FORM = 1, STATE_BYTES_MAX = 4 << 20, FOLDER_DEPTH_MAX = 16, HASH_STEP = 64 << 10 };

struct file_mark {
    const char *path;
    const char *digest;
};

struct done {
    const char *task;
    const char *fingerprint;
    struct file_mark *file;
    size_t n_file;
    struct done *next;
};

/* A digest and what the file looked like when it was taken. */
struct known {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
    char digest[MT_HASH_HEX]; /* empty: a free place */
};

struct mt_state {
    mt_ctx cx; /* memory of the lists; used under the lock */
    const char *folder, *path;
    int lock_fd;
    pthread_mutex_t lock;
    pthread_mutex_t digesting; /* tasks that start together ask for the same files: one reads them */
    struct done *done;
    struct known *known; /* open addressing; the room is a power of two */
    size_t n_known, known_room;
};

/* The lock is the kernel's: it goes with the process, however that ends. */
static mt_code take_lock(mt_ctx *cx, mt_state *state)
{
    const char *path;
    char holder[32] = "";
    MT_TRY(mt_text_format(cx, &path, "%s/.merit/lock", state->folder));
    state->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (state->lock_fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be opened: %s", path, strerror(errno));
    if (flock(state->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = pread(state->lock_fd, holder, sizeof holder - 1, 0);
        holder[n > 0 ? n : 0] = 0;
        return mt_fail(cx, MT_E_CONFLICT, "%s: another run is at work in this folder (process %s)",
                       state->folder, holder);
    }
    int n = snprintf(holder, sizeof holder, "%ld", (long)getpid());
    if (ftruncate(state->lock_fd, 0) != 0 || pwrite(state->lock_fd, holder, (size_t)n, 0) != n) {
        return mt_fail(cx, MT_E_IO, "%s: cannot be written: %s", path, strerror(errno));
    }
    return MT_OK;
}

static mt_code read_whole(mt_ctx *cx, const char *path, mt_text *out)
{
    char *bytes;
    *out = (mt_text){NULL, 0};
    FILE *file = fopen(path, "re");
    if (!file) return MT_OK;
    mt_code code = MT_NEW(cx, &bytes, STATE_BYTES_MAX);
    if (code == MT_OK) *out = (mt_text){bytes, fread(bytes, 1, STATE_BYTES_MAX, file)};
    fclose(file);
    return code;
}

static mt_code load_task(mt_ctx *cx, mt_state *state, const mt_json *task)
{
    struct done *done;
    const mt_json *files;
    MT_TRY(MT_NEW(cx, &done, 1));
    done->task = task->name;
    MT_TRY(mt_json_get_text(cx, &done->fingerprint, task, "fingerprint"));
    MT_TRY(mt_json_get_object(cx, &files, task, "files"));
    MT_TRY(MT_NEW(cx, &done->file, files->count + 1));
    for (const mt_json *file = files->first; file; file = file->next) {
        done->file[done->n_file].path = file->name;
        MT_TRY(mt_json_get_text(cx, &done->file[done->n_file++].digest, files, file->name));
    }
    done->next = state->done;
    state->done = done;
    return MT_OK;
}

static mt_code parse_state(mt_ctx *cx, mt_state *state, mt_text text)
{
    const mt_json *root, *tasks;
    int64_t form;
    MT_TRY(mt_json_read(cx, &root, state->path, text.at, text.length));
    MT_TRY(mt_json_get_int(cx, &form, root, "form"));
    if (form != STATE_FORM)
        return mt_fail(cx, MT_E_INPUT, "%s: form %d is not known", state->path, (int)form);
    MT_TRY(mt_json_get_object(cx, &tasks, root, "tasks"));
    for (const mt_json *task = tasks->first; task; task = task->next) MT_TRY(load_task(cx, state, task));
    return MT_OK;
}

static mt_code load_state(mt_ctx *cx, mt_state *state)
{
    mt_text text;
    MT_TRY(read_whole(&state->cx, state->path, &text));
    if (!text.at || parse_state(&state->cx, state, text) == MT_OK) return MT_OK;
    mt_log(cx, MT_LOG_WARN, "%s; everything runs again", state->cx.err);
    mt_ctx_forgive(&state->cx);
    state->done = NULL;
    return MT_OK;
}

mt_code mt_state_open(mt_ctx *cx, mt_state **out, const char *folder, const char *pipeline, bool fresh)
{
    const char *inner;
    mt_code code;
    mt_state *state = calloc(1, sizeof *state);
    if (!state) return mt_fail(cx, MT_E_MEMORY, "no memory for the state of a run");
    mt_ctx_init(&state->cx, NULL);
    pthread_mutex_init(&state->lock, NULL);
    pthread_mutex_init(&state->digesting, NULL);
    state->lock_fd = -1;
    MT_TRY_OUT(mt_text_copy(&state->cx, &state->folder, mt_text_of(folder)));
    MT_TRY_OUT(mt_text_format(&state->cx, &state->path, "%s/.merit/%s.json", folder, pipeline));
    MT_TRY_OUT(mt_text_format(cx, &inner, "%s/.merit", folder));
    MT_TRY_OUT(mt_folder_make(cx, inner));
    MT_TRY_OUT(take_lock(cx, state));
    if (!fresh) MT_TRY_OUT(load_state(cx, state));
    *out = state;
out:
    if (code != MT_OK) mt_state_close(state);
    return code;
}

void mt_state_close(mt_state *state)
{
    if (!state) return;
    if (state->lock_fd >= 0) close(state->lock_fd);
    pthread_mutex_destroy(&state->lock);
    pthread_mutex_destroy(&state->digesting);
    mt_ctx_close(&state->cx);
    free(state->known);
    free(state);
}

/* --- digests, all under state->digesting -------------------------------------------------------------- */

/* A stamp of nanoseconds tells nothing about a file that was written within the last tick of the clock, but
 * a digest of changed bytes of the same length in the same tick is a risk only for programs that write
 * while we run. */
static bool is_same(const struct known *known, const struct stat *about)
{
    return known->device == about->st_dev && known->inode == about->st_ino && known->size == about->st_size &&
           known->changed.tv_sec == about->st_mtim.tv_sec && known->changed.tv_nsec == about->st_mtim.tv_nsec;
}

/* The file's place, or the free one where it belongs. */
static struct known *find_known(const mt_state *state, const struct stat *about)
{
    size_t k = (size_t)((uint64_t)about->st_ino * 0x9E3779B97F4A7C15u >> 20) & (state->known_room - 1);
    while (*state->known[k].digest && !is_same(&state->known[k], about))
        k = (k + 1) & (state->known_room - 1);
    return &state->known[k];
}

static mt_code make_room(mt_state *state)
{
    enum { FIRST = 1024 };
    struct known *old = state->known, *more;
    size_t room = state->known_room;
    if (2 * (state->n_known + 1) <= room) return MT_OK;
    more = calloc(room ? 2 * room : FIRST, sizeof *more);
    if (!more) return MT_E_MEMORY;
    state->known = more;
    state->known_room = room ? 2 * room : FIRST;
    for (size_t k = 0; k < room; k++) {
        const struct known *known = &old[k];
        const struct stat about = {.st_dev = known->device,
                                   .st_ino = known->inode,
                                   .st_size = known->size,
                                   .st_mtim = known->changed};
        if (*known->digest) *find_known(state, &about) = *known;
    }
    free(old);
    return MT_OK;
}

static mt_code hash_file(mt_ctx *cx, int fd, const char *path, char hex[MT_HASH_HEX])
{
    mt_hash hash;
    uint8_t digest[MT_HASH_BYTES];
    char bytes[HASH_STEP];
    ssize_t n;
    mt_hash_init(&hash);
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        mt_hash_update(&hash, bytes, (size_t)n);
        MT_TRY(mt_ctx_check(cx));
    }
    if (n < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    mt_hash_final(&hash, digest);
    mt_hash_hex(digest, hex);
    return MT_OK;
}

static mt_code remember(mt_state *state, const struct stat *about, const char *hex)
{
    MT_TRY(make_room(state));
    struct known *known = find_known(state, about);
    state->n_known += !*known->digest;
    *known = (struct known){about->st_dev, about->st_ino, about->st_size, about->st_mtim, ""};
    memcpy(known->digest, hex, MT_HASH_HEX);
    return MT_OK;
}

static mt_code digest_file(mt_ctx *cx, mt_state *state, const char *path, char hex[MT_HASH_HEX])
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return MT_OK;
    mt_code code = MT_OK;
    if (fstat(fd, &about) != 0) code = mt_fail(cx, MT_E_IO, "%s: %s", path, strerror(errno));
    if (code == MT_OK) code = hash_file(cx, fd, path, hex);
    close(fd);
    if (code == MT_OK && remember(state, &about, hex) != MT_OK)
        code = mt_fail(cx, MT_E_MEMORY, "no memory for the digest of %s", path);
    return code;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static mt_code list_folder(mt_ctx *cx, const char *path, const char ***out, size_t *n)
{
    enum { NAMES_MAX = 1 << 20 };
    mt_code code = MT_OK;
    size_t room = 0;
    *out = NULL;
    *n = 0;
    DIR *folder = opendir(path);
    if (!folder) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    for (struct dirent *entry; code == MT_OK && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        code = *n < NAMES_MAX ? mt_ctx_grow(cx, out, *n, &room, sizeof **out)
                              : mt_fail(cx, MT_E_TOO_LARGE, "%s: has more than %d names", path, NAMES_MAX);
        if (code == MT_OK) code = mt_text_format(cx, &(*out)[*n], "%s/%s", path, entry->d_name);
        if (code == MT_OK) ++*n;
    }
    closedir(folder);
    if (code == MT_OK && *n) qsort(*out, *n, sizeof **out, by_name);
    return code;
}

static mt_code digest_path(mt_ctx *cx, mt_state *state, const char *path, int depth, char hex[MT_HASH_HEX]);

/* A folder's digest is that of its names and their digests. */
static mt_code digest_folder(mt_ctx *cx, mt_state *state, const char *path, int depth, char hex[MT_HASH_HEX])
{
    const char **name;
    uint8_t bytes[MT_HASH_BYTES];
    size_t n;
    mt_hash hash;
    if (depth == FOLDER_DEPTH_MAX) return mt_fail(cx, MT_E_INPUT, "%s: folders are nested too deep", path);
    MT_TRY(list_folder(cx, path, &name, &n));
    mt_hash_init(&hash);
    for (size_t k = 0; k < n; k++) {
        MT_TRY(digest_path(cx, state, name[k], depth + 1, hex));
        mt_hash_update(&hash, name[k] + strlen(path), strlen(name[k]) - strlen(path) + 1);
        mt_hash_update(&hash, hex, strlen(hex) + 1);
    }
    mt_hash_final(&hash, bytes);
    mt_hash_hex(bytes, hex);
    return MT_OK;
}

static mt_code digest_path(mt_ctx *cx, mt_state *state, const char *path, int depth, char hex[MT_HASH_HEX])
{
    struct stat about;
    snprintf(hex, MT_HASH_HEX, "absent");
    if (stat(path, &about) != 0) return MT_OK;
    if (S_ISDIR(about.st_mode)) return digest_folder(cx, state, path, depth, hex);
    if (S_ISREG(about.st_mode)) {
        const struct known *known = state->known_room ? find_known(state, &about) : NULL;
        if (!known || !*known->digest) return digest_file(cx, state, path, hex);
        memcpy(hex, known->digest, MT_HASH_HEX);
    } else {
        snprintf(hex, MT_HASH_HEX, "passing"); /* opening it would take its bytes */
    }
    return MT_OK;
}

mt_code mt_state_digest(mt_ctx *cx, mt_state *state, const char *path, const char **out)
{
    char hex[MT_HASH_HEX];
    mt_mark mark = mt_arena_mark(&cx->arena);
    pthread_mutex_lock(&state->digesting);
    mt_code code = digest_path(cx, state, path, 0, hex);
    pthread_mutex_unlock(&state->digesting);
    if (code != MT_OK) return code;
    mt_arena_reset(&cx->arena, mark); /* a folder's names */
    return mt_text_copy(cx, out, mt_text_of(hex));
}

static mt_code full_path(mt_ctx *cx, const mt_state *state, const char *file, const char **out)
{
    return file[0] == '/' ? mt_text_copy(cx, out, mt_text_of(file))
                          : mt_text_format(cx, out, "%s/%s", state->folder, file);
}

static bool files_kept(mt_ctx *cx, mt_state *state, const struct done *done)
{
    const char *path, *digest;
    for (size_t k = 0; k < done->n_file; k++) {
        if (full_path(cx, state, done->file[k].path, &path) != MT_OK) return false;
        if (mt_state_digest(cx, state, path, &digest) != MT_OK) return false;
        if (strcmp(digest, done->file[k].digest) != 0) return false;
    }
    return true;
}

static struct done *find_done(mt_state *state, const char *task)
{
    pthread_mutex_lock(&state->lock);
    struct done *done = state->done;
    while (done && strcmp(done->task, task) != 0) done = done->next;
    pthread_mutex_unlock(&state->lock);
    return done;
}

bool mt_state_kept(mt_ctx *cx, mt_state *state, const char *task, const char *fingerprint)
{
    const struct done *done = find_done(state, task);
    if (!done || strcmp(done->fingerprint, fingerprint) != 0) return false;
    bool kept = files_kept(cx, state, done);
    mt_ctx_forgive(cx); /* an unreadable old file only means that the task runs again */
    return kept;
}

/* Called with the lock held. */
static mt_code save(mt_state *state)
{
    mt_out *out = NULL;
    mt_json_writer json;
    mt_code code;
    MT_TRY(mt_out_file(&state->cx, &out, state->path));
    mt_json_open(&state->cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, "form"), mt_json_int(&json, STATE_FORM);
    mt_json_key(&json, "tasks"), mt_json_object(&json);
    for (const struct done *done = state->done; done; done = done->next) {
        if (!done->fingerprint) continue;
        mt_json_key(&json, done->task), mt_json_object(&json);
        mt_json_key(&json, "fingerprint"), mt_json_text(&json, done->fingerprint);
        mt_json_key(&json, "files"), mt_json_object(&json);
        for (size_t k = 0; k < done->n_file; k++) {
            mt_json_key(&json, done->file[k].path), mt_json_text(&json, done->file[k].digest);
        }
        mt_json_end(&json), mt_json_end(&json);
    }
    mt_json_end(&json), mt_json_end(&json);
    MT_TRY_OUT(mt_json_done(&json));
    MT_TRY_OUT(mt_out_finish(&state->cx, out));
out:
    mt_out_close(out);
    return code;
}

/* Called with the lock held. */
static void drop_done(mt_state *state, const char *task)
{
    for (struct done **link = &state->done; *link;) {
        if (strcmp((*link)->task, task) == 0)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* Called with the lock held: `digest` holds the digests of `file`. */
static mt_code add_done(mt_state *state, const char *task, const char *fingerprint, const char *const *file,
                        const char *const *digest, size_t n)
{
    struct done *done;
    drop_done(state, task);
    if (!fingerprint) return save(state);
    MT_TRY(MT_NEW(&state->cx, &done, 1));
    MT_TRY(MT_NEW(&state->cx, &done->file, n + 1));
    MT_TRY(mt_text_copy(&state->cx, &done->task, mt_text_of(task)));
    MT_TRY(mt_text_copy(&state->cx, &done->fingerprint, mt_text_of(fingerprint)));
    for (size_t k = 0; k < n; k++) {
        MT_TRY(mt_text_copy(&state->cx, &done->file[k].path, mt_text_of(file[k])));
        MT_TRY(mt_text_copy(&state->cx, &done->file[k].digest, mt_text_of(digest[k])));
    }
    done->n_file = n;
    done->next = state->done;
    state->done = done;
    return save(state);
}

mt_code mt_state_record(mt_ctx *cx, mt_state *state, const char *task, const char *fingerprint,
                        const char *const *file, size_t n_file)
{
    const char **digest, *path;
    MT_TRY(MT_NEW(cx, &digest, n_file + 1));
    for (size_t k = 0; k < n_file; k++) {
        MT_TRY(full_path(cx, state, file[k], &path));
        MT_TRY(mt_state_digest(cx, state, path, &digest[k]));
    }
    pthread_mutex_lock(&state->lock);
    mt_code code = add_done(state, task, fingerprint, file, digest, n_file);
    if (code != MT_OK) code = mt_fail(cx, code, "%s", state->cx.err);
    pthread_mutex_unlock(&state->lock);
    return code;
}
