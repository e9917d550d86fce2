/* One mkdir for each part of a path. */
#include "io/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

mt_code mt_folder_make(mt_ctx *cx, const char *path)
{
    char part[PATH_BYTES];
    size_t n = strlen(path);
    struct stat about;
    if (n >= sizeof part) return mt_fail(cx, MT_E_INPUT, "%.64s…: the path is too long", path);
    for (size_t k = 1; k <= n; k++) {
        if (path[k] != '/' && path[k] != 0) continue;
        memcpy(part, path, k);
        part[k] = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return mt_fail(cx, MT_E_IO, "%s: the folder cannot be made: %s", part, strerror(errno));
        }
    }
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "%s: is a file, but a folder is needed", path);
}
