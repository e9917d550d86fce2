/* The portfolio's files as the store keeps them: a folder for as long as needed. */
#include "ops/vpp/archive.h"

#include "store/data/archive_store.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static mt_code make_folder(mt_ctx *cx, const mt_store *store, mt_archive_folder *out)
{
    const char *above = mt_store_temp_dir(store);
    const char *path;
    MT_TRY(mt_text_format(cx, &path, "%s/merit-desk-XXXXXX", above ? above : "/tmp"));
    if (!mkdtemp((char *)(uintptr_t)path))
        return mt_fail(cx, MT_E_IO, "no folder can be made for the portfolio's files (%s): %s", path,
                       strerror(errno));
    out->path = path;
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

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void mt_archive_remove(mt_archive_folder *folder)
{
    if (folder->path) nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    folder->path = NULL;
}
