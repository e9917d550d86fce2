/* Folders in which files arrive: the door, and those of this machine. */
#include "sources/folder.h"

#include "sources/folder_files.h"
#include "sources/http/url.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

mt_code mt_folder_encode(mt_ctx *cx, const char **out, const char *path)
{
    static const char digit[] = "0123456789ABCDEF";
    char *to;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &to, strlen(path) * 3 + 1));
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain || strchr("-_.~/", c)) {
            to[n++] = (char)c;
        } else {
            to[n++] = '%';
            to[n++] = digit[c >> 4];
            to[n++] = digit[c & 15];
        }
    }
    *out = to;
    return MT_OK;
}

mt_code mt_folder_add(mt_ctx *cx, mt_folder_files *files, const mt_folder_entry *file)
{
    mt_folder_entry entry = *file;
    bool matches = false;
    if (strlen(entry.name) > MT_FILE_NAME_MAX) {
        files->long_names++;
        return MT_OK;
    }
    MT_TRY(mt_file_version_of(cx, &entry.version, &matches, entry.name, files->place->pattern));
    if (!matches) return MT_OK;
    if (files->n == MT_FOLDER_FILES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s holds more than %d files", files->place->url,
                       MT_FOLDER_FILES_MAX);
    MT_TRY(mt_ctx_grow(cx, &files->at, files->n, &files->room, sizeof *files->at));
    files->at[files->n++] = entry;
    return MT_OK;
}

/* By stem; the newest first, then the one changed last, then by name. */
static int compare_files(const void *one, const void *other)
{
    const mt_folder_entry *a = one, *b = other;
    int order = strcmp(a->version.stem, b->version.stem);
    if (order) return order;
    order = mt_file_version_compare(&b->version, &a->version);
    if (order) return order;
    if (a->modified != b->modified) return a->modified > b->modified ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void rank_files(mt_folder_files *files)
{
    if (files->n) qsort(files->at, files->n, sizeof *files->at, compare_files);
    for (size_t k = 0; k < files->n; k++) {
        bool same = k > 0 && strcmp(files->at[k].version.stem, files->at[k - 1].version.stem) == 0;
        files->at[k].rank = same ? files->at[k - 1].rank + 1 : 0;
    }
}

/* The folder of "file:///data/a%20b" or "/data/a b"; *out NULL: the place is of another kind. */
static mt_code local_path(mt_ctx *cx, const char **out, const char *url)
{
    bool scheme = strncmp(url, "file://", 7) == 0;
    const char *from = scheme ? url + 7 : url;
    char *path;
    size_t n = 0;
    *out = NULL;
    if (!scheme && strstr(url, "://")) return MT_OK;
    if (scheme && strncmp(from, "localhost/", 10) == 0) from += 9;
    if (scheme && *from != '/')
        return mt_fail(cx, MT_E_INPUT, "%.200s names another machine; file:///FOLDER is right", url);
    MT_TRY(MT_NEW(cx, &path, strlen(from) + 1));
    for (; *from; from++) {
        int byte = scheme ? mt_url_byte(from) : -1;
        path[n++] = (char)(byte >= 0 ? byte : *from);
        if (byte >= 0) from += 2;
        if (!path[n - 1]) return mt_fail(cx, MT_E_INPUT, "%.200s holds a 0 character", url);
    }
    while (n > 1 && path[n - 1] == '/') path[--n] = 0;
    *out = path;
    return MT_OK;
}

/* A folder being walked. */
struct walk {
    mt_folder_files *files;
    const char *root;
    int depth;
};

static mt_code walk_folder(mt_ctx *cx, struct walk *walk, const char *below);

static mt_code fail_system(mt_ctx *cx, const char *what, const char *path)
{
    mt_code code = errno == ENOENT || errno == ENOTDIR ? MT_E_ABSENT : MT_E_IO;
    return mt_fail(cx, code, "cannot %s %s: %s", what, path, strerror(errno));
}

static mt_code add_file(mt_ctx *cx, struct walk *walk, const char *name, const struct stat *about)
{
    const char *encoded;
    mt_folder_entry file = {.size = (uint64_t)about->st_size,
                            .modified = (mt_time)about->st_mtim.tv_sec * MT_US_SECOND +
                                        about->st_mtim.tv_nsec / 1000};
    MT_TRY(mt_text_copy(cx, &file.name, mt_text_of(name)));
    MT_TRY(mt_folder_encode(cx, &encoded, name));
    MT_TRY(mt_text_format(cx, &file.url, "%s%s", walk->root, encoded));
    MT_TRY(mt_text_format(cx, &file.etag, "%llx-%llx-%llx", (unsigned long long)about->st_ino,
                          (unsigned long long)about->st_size, (unsigned long long)file.modified));
    return mt_folder_add(cx, walk->files, &file);
}

/* What vanishes between being listed and being looked at was not there; links lead to files alone. */
static mt_code take_name(mt_ctx *cx, struct walk *walk, int folder, const char *below, const char *name)
{
    struct stat about;
    const char *path;
    if (*name == '.') return MT_OK;
    MT_TRY(mt_text_format(cx, &path, "%s%s%s", below, *below ? "/" : "", name));
    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return MT_OK;
    if (S_ISDIR(about.st_mode)) {
        if (walk->depth == MT_FOLDER_DEPTH_MAX) return MT_OK;
        walk->depth++;
        mt_code code = walk_folder(cx, walk, path);
        walk->depth--;
        return code;
    }
    if (S_ISLNK(about.st_mode) && fstatat(folder, name, &about, 0) != 0) return MT_OK;
    return S_ISREG(about.st_mode) ? add_file(cx, walk, path, &about) : MT_OK;
}

static mt_code walk_folder(mt_ctx *cx, struct walk *walk, const char *below)
{
    const char *root, *path;
    mt_code code = MT_OK;
    struct dirent *found;
    MT_TRY(local_path(cx, &root, walk->files->place->url));
    MT_TRY(mt_text_format(cx, &path, "%s%s%s", root, *below ? "/" : "", below));
    DIR *folder = opendir(path);
    if (!folder && errno == ENOENT && *below) return MT_OK; /* it was moved away meanwhile */
    if (!folder) return fail_system(cx, "open the folder", path);
    while (code == MT_OK && (found = readdir(folder))) {
        code = take_name(cx, walk, dirfd(folder), below, found->d_name);
        if (code == MT_OK) code = mt_ctx_check(cx);
    }
    closedir(folder);
    return code;
}

static mt_code list_local(mt_ctx *cx, mt_folder_files *files, const char *path)
{
    struct walk walk = {.files = files};
    const char *encoded;
    char *whole = realpath(path, NULL);
    if (!whole) return fail_system(cx, "open the folder", path);
    mt_code code = mt_folder_encode(cx, &encoded, strcmp(whole, "/") == 0 ? "" : whole);
    free(whole);
    if (code != MT_OK) return code;
    MT_TRY(mt_text_format(cx, &walk.root, "file://%s/", encoded));
    return walk_folder(cx, &walk, "");
}

mt_code mt_folder_list(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry **out, size_t *n)
{
    mt_folder_files files = {.place = place};
    const char *path;
    if (!place->url || !*place->url) return mt_fail(cx, MT_E_INPUT, "a folder or a bucket is needed");
    MT_TRY(local_path(cx, &path, place->url));
    if (path)
        MT_TRY(list_local(cx, &files, path));
    else if (strncmp(place->url, "s3://", 5) == 0)
        MT_TRY(mt_bucket_list(cx, &files));
    else
        return mt_fail(cx, MT_E_INPUT,
                       "%.200s is no folder; /FOLDER, file:///FOLDER and s3://BUCKET/PREFIX are right",
                       place->url);
    if (files.long_names)
        mt_log(cx, MT_LOG_WARN, "%s: %zu files whose names have more than %d bytes are left out", place->url,
               files.long_names, MT_FILE_NAME_MAX);
    rank_files(&files);
    *out = files.at;
    *n = files.n;
    return MT_OK;
}

mt_code mt_folder_open(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry *entry, int *fd)
{
    const char *path;
    struct stat about;
    MT_TRY(local_path(cx, &path, entry->url));
    if (!path) return mt_bucket_open(cx, place, entry, fd);
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place does not hold us up */
    if (opened < 0) return fail_system(cx, "open", path);
    if (fstat(opened, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(opened);
        return mt_fail(cx, MT_E_INPUT, "%s is no plain file any more", path);
    }
    *fd = opened;
    return MT_OK;
}
