/* Paths into descriptors, with sentences that help. */
#include "ops/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 4096 };

/* Names in a folder, for "did you mean"; unreadable folders have none. */
static mt_code list_names(mt_ctx *cx, const char *folder, const char ***out, size_t *n)
{
    mt_code code = MT_NEW(cx, out, NAMES_MAX);
    *n = 0;
    DIR *directory = code == MT_OK ? opendir(folder) : NULL;
    if (!directory) return code;
    for (struct dirent *entry; code == MT_OK && *n < NAMES_MAX && (entry = readdir(directory)) != NULL;) {
        code = mt_text_copy(cx, &(*out)[(*n)++], mt_text_of(entry->d_name));
    }
    closedir(directory);
    return code;
}

static mt_code refuse_absent(mt_ctx *cx, const char *path)
{
    const char *slash = strrchr(path, '/'), *folder = ".", **name;
    size_t n;
    if (slash) MT_TRY(mt_text_format(cx, &folder, "%.*s/", (int)(slash - path), path));
    MT_TRY(list_names(cx, folder, &name, &n));
    int nearest = mt_text_nearest(slash ? slash + 1 : path, name, n);
    if (nearest < 0) return mt_fail(cx, MT_E_ABSENT, "%s: there is no such file", path);
    return mt_fail(cx, MT_E_ABSENT, "%s: there is no such file; did you mean %s%s?", path,
                   slash ? folder : "", name[nearest]);
}

static mt_code open_path(mt_ctx *cx, mt_files *files, mt_input *out, const char *path)
{
    struct stat about;
    if (files->n == MT_FILES_MAX)
        return mt_fail(cx, MT_E_INPUT, "more than %d files in one command", MT_FILES_MAX);
    bool fifo =
        stat(path, &about) == 0 && S_ISFIFO(about.st_mode); /* its writer is waited for while reading */
    int fd = open(path, O_RDONLY | O_CLOEXEC | (fifo ? O_NONBLOCK : 0));
    if (fd < 0 && errno == ENOENT) return refuse_absent(cx, path);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    files->fd[files->n++] = fd;
    if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        return mt_fail(cx, MT_E_INPUT, "%s: is a folder; give one of the files in it", path);
    }
    *out = (mt_input){.name = path, .fd = fd};
    return MT_OK;
}

static mt_code open_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    const char *copy;
    MT_TRY(mt_text_copy(cx, &copy, mt_text_of(name)));
    if (!name[0]) return mt_fail(cx, MT_E_INPUT, "the name of an input file is empty");
    if (strcmp(name, "-") == 0) {
        *out = (mt_input){.name = "standard input", .fd = STDIN_FILENO};
        return MT_OK;
    }
    if (name[0] == '@') {
        *out = (mt_input){.name = copy, .fd = -1};
        return MT_OK;
    }
    return open_path(cx, arg, out, copy);
}

static mt_code check_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    (void)arg;
    if (!path[0]) return mt_fail(cx, MT_E_INPUT, "the name of an output is empty");
    return mt_text_copy(cx, &out->path, mt_text_of(path));
}

mt_opener mt_files_opener(mt_files *files)
{
    return (mt_opener){.input = open_input, .output = check_output, .arg = files};
}

void mt_files_close(mt_files *files)
{
    while (files->n) close(files->fd[--files->n]);
}
