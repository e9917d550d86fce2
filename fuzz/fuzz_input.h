/* An input of a fuzzer as the readers of files see it: bytes behind a descriptor.
 *
 * Purpose   Fuzzers of file formats go the way of users, through windows of bytes.
 * Ownership fuzz_close gives everything back.
 */
#ifndef MT_FUZZ_INPUT_H
#define MT_FUZZ_INPUT_H

#include "io/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEMAND(truth)                                                                                        \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);                              \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

typedef struct fuzz_input {
    mt_ctx cx;
    mt_bytes *bytes; /* NULL: refused, with a sentence */
    int fd;
} fuzz_input;

/* A failure has a sentence, and of the kinds that bad input may cause. */
static inline void fuzz_check(const fuzz_input *input, mt_code code)
{
    bool allowed = code == MT_E_INPUT || code == MT_E_IO || code == MT_E_TOO_LARGE || code == MT_E_ABSENT;
    DEMAND(code == MT_OK || (allowed && input->cx.err[0] != '\0' && input->cx.code == code));
}

static inline void fuzz_open(fuzz_input *input, const uint8_t *data, size_t size)
{
    input->fd = memfd_create("fuzz", MFD_CLOEXEC);
    DEMAND(input->fd >= 0 && write(input->fd, data, size) == (ssize_t)size &&
           lseek(input->fd, 0, SEEK_SET) == 0);
    mt_ctx_init(&input->cx, NULL);
    input->bytes = NULL;
    mt_input of = {"fuzz", input->fd};
    fuzz_check(input, mt_bytes_open(&input->cx, &input->bytes, &of));
}

static inline void fuzz_close(fuzz_input *input)
{
    mt_bytes_close(input->bytes);
    mt_ctx_close(&input->cx);
    close(input->fd);
}

#endif
