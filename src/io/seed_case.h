/* What the tests of file formats share: the seeds of the fuzzers, which are small files of every kind.
 *
 * Purpose   Included by tests only, after cmocka.h; run from the repository's root.
 */
#ifndef MT_IO_SEED_CASE_H
#define MT_IO_SEED_CASE_H

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"

/* A file, in the context's memory. */
static inline mt_text seed_load(mt_ctx *cx, const char *path)
{
    char *bytes;
    size_t room = 1 << 20;
    assert_int_equal(MT_NEW(cx, &bytes, room), MT_OK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t n = read(fd, bytes, room);
    close(fd);
    assert_true(n > 0);
    return (mt_text){bytes, (size_t)n};
}

/* fuzz/corpus/PARSER/NAME */
static inline mt_text seed_read(mt_ctx *cx, const char *parser, const char *name)
{
    const char *path;
    assert_int_equal(mt_text_format(cx, &path, "fuzz/corpus/%s/%s", parser, name), MT_OK);
    return seed_load(cx, path);
}

#endif
