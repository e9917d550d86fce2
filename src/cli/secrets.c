/* Keys and passwords: from files or the environment, never from the command line. */
#include "cli/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 65536 };

/* The whole file, with a 0 byte behind it; *out NULL where there is no such file. */
static mt_code read_file(mt_ctx *cx, char **out, const char *path, bool needed, bool own_only)
{
    struct stat about;
    char *text;
    size_t n = 0;
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && !needed && (errno == ENOENT || errno == ENOTDIR)) return MT_OK;
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    mt_code code = MT_NEW(cx, &text, SECRET_MAX + 1);
    if (code == MT_OK && own_only && fstat(fd, &about) == 0 && (about.st_mode & 077))
        code = mt_fail(cx, MT_E_DENIED, "%s: holds keys and can be read by others; do: chmod 600 %s", path,
                       path);
    for (ssize_t got; code == MT_OK && n < SECRET_MAX && (got = read(fd, text + n, SECRET_MAX - n)) > 0;)
        n += (size_t)got;
    close(fd);
    if (code == MT_OK) *out = text;
    return code;
}

/* Without blanks and newlines around it; NULL when nothing is left. */
static mt_code take(mt_ctx *cx, const char **out, const char *value, size_t n)
{
    while (n && strchr(" \t\r\n", value[n - 1])) n--;
    while (n && strchr(" \t\r\n", *value)) value++, n--;
    if (!n) return MT_OK;
    return mt_text_copy(cx, out, (mt_text){value, n});
}

static mt_code from_file(mt_ctx *cx, const char **out, const char *path, bool needed)
{
    char *text;
    MT_TRY(read_file(cx, &text, path, needed, false));
    return text ? take(cx, out, text, strlen(text)) : MT_OK;
}

static mt_code from_environment(mt_ctx *cx, const char **out, const char *name)
{
    const char *value = getenv(name), *file, *path;
    if (value && *value) return take(cx, out, value, strlen(value));
    MT_TRY(mt_text_format(cx, &file, "%s_FILE", name));
    path = getenv(file);
    return path && *path ? from_file(cx, out, path, true) : MT_OK;
}

static mt_code from_folder(mt_ctx *cx, const char **out, const char *folder, const char *name)
{
    const char *path;
    if (!folder || folder[0] != '/') return MT_OK;
    MT_TRY(mt_text_format(cx, &path, "%s/%s", folder, name));
    return from_file(cx, out, path, false);
}

static mt_code from_keys(mt_ctx *cx, const char **out, const char *name)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *path;
    char *text, *rest = NULL;
    size_t n = strlen(name);
    if (config && config[0] == '/')
        MT_TRY(mt_text_format(cx, &path, "%s/merit/keys", config));
    else if (home && home[0] == '/')
        MT_TRY(mt_text_format(cx, &path, "%s/.config/merit/keys", home));
    else
        return MT_OK;
    MT_TRY(read_file(cx, &text, path, false, true));
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, name, n) == 0 && line[n] == '=')
            return take(cx, out, line + n + 1, strlen(line + n + 1));
    }
    return MT_OK;
}

mt_code mt_secret_find(mt_ctx *cx, void *arg, const char **out, const char *name)
{
    (void)arg;
    *out = NULL;
    MT_TRY(from_environment(cx, out, name));
    if (!*out) MT_TRY(from_folder(cx, out, getenv("CREDENTIALS_DIRECTORY"), name));
    if (!*out) MT_TRY(from_folder(cx, out, "/run/secrets", name));
    return *out ? MT_OK : from_keys(cx, out, name);
}
