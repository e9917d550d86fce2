/* A client's own settings from a file: TLS, passwords, tuning, one "name=value" a line. */
#include "stream/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 64 << 10 };

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r", text[n - 1])) text[--n] = 0;
    return text;
}

static mt_code take_line(mt_ctx *cx, char *line, mt_setting_fn *take, void *arg)
{
    line = trim(line);
    if (!*line || *line == '#') return MT_OK;
    char *sign = strchr(line, '=');
    if (!sign) return mt_fail(cx, MT_E_INPUT, "a setting has the form name=value, and here is no \"=\"");
    *sign = 0;
    const char *name = trim(line);
    if (!*name) return mt_fail(cx, MT_E_INPUT, "a setting has the form name=value, and here is no name");
    return take(cx, arg, name, trim(sign + 1));
}

mt_code mt_settings_parse(mt_ctx *cx, char *text, size_t n, mt_setting_fn *take, void *arg)
{
    char *end = text + n;
    *end = 0;
    if (strlen(text) != n)
        return mt_fail(cx, MT_E_INPUT, "byte %zu is 0: settings are lines of text", strlen(text) + 1);
    for (long line = 1; text < end; line++) {
        char *feed = text + strcspn(text, "\n");
        *feed = 0;
        if (take_line(cx, text, take, arg) != MT_OK) return mt_fail_at(cx, "line %ld", line);
        text = feed + 1;
    }
    return MT_OK;
}

static mt_code read_bytes(mt_ctx *cx, const char *path, char *buffer, size_t *n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mt_fail(cx, errno == ENOENT ? MT_E_ABSENT : MT_E_IO, "cannot read the settings %s: %s", path,
                       strerror(errno));
    ssize_t got = 0;
    for (*n = 0; *n <= BYTES_MAX; *n += (size_t)got) {
        got = read(fd, buffer + *n, BYTES_MAX + 1 - *n);
        if (got < 0 && errno == EINTR)
            got = 0;
        else if (got <= 0)
            break;
    }
    int reason = errno;
    close(fd);
    if (got < 0) return mt_fail(cx, MT_E_IO, "cannot read the settings %s: %s", path, strerror(reason));
    if (*n > BYTES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "the settings %s are longer than %d bytes", path, BYTES_MAX);
    return MT_OK;
}

mt_code mt_settings_read(mt_ctx *cx, const char *path, mt_setting_fn *take, void *arg)
{
    char *buffer;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &buffer, BYTES_MAX + 2));
    MT_TRY(read_bytes(cx, path, buffer, &n));
    mt_code code = mt_settings_parse(cx, buffer, n, take, arg);
    explicit_bzero(buffer, BYTES_MAX + 2);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "%s", path);
}
