/* What the tests of this folder share: a text or a file of the shared data as an input.
 *
 * Purpose   Readers are tested on real descriptors, so that the way from the file to the rows is the one
 *           users take.
 * Ownership text_close gives everything back.
 */
#ifndef MT_FORMATS_TEXT_CASE_H
#define MT_FORMATS_TEXT_CASE_H

#include "io/bytes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct text_case {
    mt_ctx cx;
    mt_bytes *bytes;
    int fd;
} text_case;

static inline bool text_open_fd(text_case *text, const char *name, int fd)
{
    mt_input input = {name, fd};
    text->fd = fd;
    text->bytes = NULL;
    mt_ctx_init(&text->cx, NULL);
    return mt_bytes_open(&text->cx, &text->bytes, &input) == MT_OK;
}

/* The n bytes at `at` as the file `name`. */
static inline bool text_open_bytes(text_case *text, const char *name, const char *at, size_t n)
{
    char path[] = "/tmp/merit-text-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0) return false;
    unlink(path);
    for (size_t done = 0; done < n;) {
        ssize_t k = write(fd, at + done, n - done);
        if (k <= 0) return false;
        done += (size_t)k;
    }
    return lseek(fd, 0, SEEK_SET) == 0 && text_open_fd(text, name, fd);
}

static inline bool text_open(text_case *text, const char *name, const char *at)
{
    return text_open_bytes(text, name, at, strlen(at));
}

/* A file of the shared data, or false with a printed reason where it is absent. */
static inline bool text_open_shared(text_case *text, const char *path)
{
    char full[4096];
    const char *shared = getenv("MERIT_SHARED");
    snprintf(full, sizeof full, "%s/%s", shared != NULL ? shared : "../shared", path);
    int fd = open(full, O_RDONLY);
    if (fd < 0) {
        printf("skipped: %s is not there (set MERIT_SHARED)\n", full);
        return false;
    }
    return text_open_fd(text, path, fd);
}

static inline void text_close(text_case *text)
{
    mt_bytes_close(text->bytes);
    close(text->fd);
    mt_ctx_close(&text->cx);
}

#endif
