/* The portfolio's files as the store keeps them: a folder for as long as needed. */
#include "ops/vpp/archive.h"

#include "store/data/archive_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "merit-desk-"
#define LOCK   ".in-use" /* hidden: no file of a portfolio */

enum { YOUNG_S = 60 }; /* so old is a folder that is made and not locked yet at most */

static mt_code fail_empty(mt_ctx *cx, mt_time as_of)
{
    char text[MT_TIME_TEXT_MAX];
    if (as_of == MT_TIME_NONE)
        return mt_fail(cx, MT_E_ABSENT,
                       "the store keeps no files of a portfolio: give --data DIR, or load them "
                       "with merit vpp load --data DIR");
    mt_time_text(as_of, text);
    return mt_fail(cx, MT_E_ABSENT, "the store keeps no files of a portfolio that were known by %s", text);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static int open_lock(mt_ctx *cx, const char *folder, int flags)
{
    const char *path;
    if (mt_text_format(cx, &path, "%s/" LOCK, folder) != MT_OK) return -1;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* A folder of ours, older than `now`, that nobody has locked: its process has gone. */
static void sweep_one(mt_ctx *cx, const char *path, const struct stat *now)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != now->st_uid) return;
    if (st.st_ino == now->st_ino || st.st_mtim.tv_sec + YOUNG_S > now->st_mtim.tv_sec) return;
    int lock = open_lock(cx, path, 0);
    if (lock < 0) return;
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    close(lock);
}

/* The new folder's own time is the present, so that no clock is asked. */
static void sweep(mt_ctx *cx, const char *above, const char *folder)
{
    struct stat now;
    const struct dirent *entry;
    const char *path;
    DIR *open = opendir(above);
    if (open && stat(folder, &now) == 0) {
        while ((entry = readdir(open))) {
            if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0) continue;
            if (mt_text_format(cx, &path, "%s/%s", above, entry->d_name) == MT_OK) sweep_one(cx, path, &now);
        }
    }
    if (open) closedir(open);
}

static mt_code make_folder(mt_ctx *cx, const mt_store *store, mt_archive_folder *out)
{
    const char *above = mt_store_temp_dir(store);
    const char *path;
    if (!above) above = "/tmp";
    MT_TRY(mt_text_format(cx, &path, "%s/" PREFIX "XXXXXX", above));
    if (!mkdtemp((char *)(uintptr_t)path))
        return mt_fail(cx, MT_E_IO, "no folder can be made for the portfolio's files (%s): %s", path,
                       strerror(errno));
    *out = (mt_archive_folder){path, open_lock(cx, path, O_CREAT)};
    sweep(cx, above, path);
    return MT_OK;
}

mt_code mt_archive_unpack(mt_ctx *cx, const mt_world *world, mt_archive_folder *out, mt_time as_of)
{
    mt_store *store;
    const mt_archive_file *file;
    size_t n;
    mt_archive_folder folder = {.path = NULL};
    const char *url = mt_world_settings(world)->store_url;
    if (!url || strcmp(url, "none") == 0)
        return mt_fail(cx, MT_E_INPUT,
                       "which files? give --data FOLDER, or with --store the files that vpp.load kept");
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_archive_store_list(cx, store, &file, &n, as_of));
    if (!n) return fail_empty(cx, as_of);
    MT_TRY(make_folder(cx, store, &folder));
    mt_code code = mt_archive_store_unpack(cx, store, file, n, folder.path);
    if (code != MT_OK) mt_archive_remove(&folder);
    *out = folder;
    return code;
}

void mt_archive_remove(mt_archive_folder *folder)
{
    if (!folder->path) return;
    nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (folder->lock >= 0) close(folder->lock);
    folder->path = NULL;
}
