/* Pipeline files, looked for and read whole. */
#include "pipeline/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, PLANS_MAX = 256 };

static const char ending[] = ".pipeline";

static bool has_ending(const char *name)
{
    size_t n = strlen(name), e = sizeof ending - 1;
    return n > e && strcmp(name + n - e, ending) == 0;
}

static mt_code read_plan(mt_ctx *cx, const mt_plan **out, const char *path)
{
    char *text;
    MT_TRY(MT_NEW(cx, &text, FILE_MAX + 1));
    FILE *file = fopen(path, "re");
    if (!file)
        return mt_fail(cx, errno == ENOENT ? MT_E_ABSENT : MT_E_IO, "%s: cannot be read: %s", path,
                       strerror(errno));
    size_t n = fread(text, 1, FILE_MAX + 1, file);
    bool broken = ferror(file);
    fclose(file);
    if (broken) return mt_fail(cx, MT_E_IO, "%s: cannot be read", path);
    if (n > FILE_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: a pipeline file has at most %d bytes", path, FILE_MAX);
    return mt_plan_parse(cx, out, path, (mt_text){text, n});
}

/* Names without their ending, of every folder; a name in an earlier folder hides a later one. */
static mt_code list_files(mt_ctx *cx, const char **path, const char **name, size_t *n, const char *folder)
{
    mt_code code = MT_OK;
    DIR *directory = opendir(folder);
    if (!directory) return MT_OK;
    for (struct dirent *entry; code == MT_OK && *n < PLANS_MAX && (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name) - (sizeof ending - 1);
        bool hidden = !has_ending(entry->d_name);
        for (size_t k = 0; k < *n && !hidden; k++)
            hidden = mt_text_equal((mt_text){entry->d_name, length}, name[k]);
        if (hidden) continue;
        code = mt_text_format(cx, &path[*n], "%s/%s", folder, entry->d_name);
        if (code == MT_OK) code = mt_text_copy(cx, &name[*n], (mt_text){entry->d_name, length});
        ++*n;
    }
    closedir(directory);
    return code;
}

static mt_code list_all(mt_ctx *cx, const char **path, const char **name, size_t *n,
                        const char *const *folder, size_t n_folder)
{
    *n = 0;
    for (size_t k = 0; k < n_folder; k++) MT_TRY(list_files(cx, path, name, n, folder[k]));
    return MT_OK;
}

mt_code mt_pipeline_load(mt_ctx *cx, const mt_plan **out, const char *name, const char *const *folder,
                         size_t n_folder)
{
    const char *path[PLANS_MAX], *known[PLANS_MAX], *list = "";
    size_t n;
    if (strchr(name, '/') || has_ending(name)) return read_plan(cx, out, name);
    MT_TRY(list_all(cx, path, known, &n, folder, n_folder));
    for (size_t k = 0; k < n; k++) {
        if (strcmp(known[k], name) == 0) return read_plan(cx, out, path[k]);
        MT_TRY(mt_text_format(cx, &list, "%s%s%s", list, k ? ", " : "", known[k]));
    }
    return mt_fail(cx, MT_E_ABSENT, "there is no pipeline \"%s\"; there is %s", name,
                   n ? list : "none at all");
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const mt_plan *const *)a)->name, (*(const mt_plan *const *)b)->name);
}

mt_code mt_pipeline_list(mt_ctx *cx, const mt_plan ***out, size_t *n, const char *const *folder,
                         size_t n_folder)
{
    const char *path[PLANS_MAX], *name[PLANS_MAX];
    size_t found;
    const mt_plan **plan;
    MT_TRY(list_all(cx, path, name, &found, folder, n_folder));
    MT_TRY(MT_NEW(cx, &plan, found + 1));
    for (size_t k = 0; k < found; k++) MT_TRY(read_plan(cx, &plan[k], path[k]));
    qsort(plan, found, sizeof *plan, by_name);
    *out = plan;
    *n = found;
    return MT_OK;
}
