/* One kind of compressed stream, turned into plain bytes.
 *
 * Purpose   What bytes.c does not want to know about gzip and zstd.
 * Shapes    `pull` gives raw bytes of the input: 0 bytes means its end. `read` fills at most `n` bytes of
 *           `to`; *got == 0 means that the data ended where it should.
 * Errors    MT_E_IO     truncated or damaged data, with the byte;  MT_E_INPUT  an archive of a kind that is
 *           not read here.
 * Ownership mt_unpack_open/_close. `input` is borrowed for as long as the stream lives.
 * Source    RFC 1952 section 2.2 (members follow each other), RFC 8878 section 3.1 (frames, skippable
 *           frames).
 */
#ifndef MT_IO_UNPACK_H
#define MT_IO_UNPACK_H

#include "base/ctx.h"

MT_BEGIN_DECLS

typedef struct mt_unpack mt_unpack;

typedef struct mt_unpack_input {
    const char *name; /* for messages */
    mt_code (*pull)(mt_ctx *cx, void *self, char *to, size_t n, size_t *got);
    void *self;
} mt_unpack_input;

enum { MT_UNPACK_MAGIC = 6 }; /* first bytes that tell the kind */

/* *out is NULL when the first bytes are those of plain text. They are part of the stream: `n` of them were
 * pulled. */
MT_MUST_USE mt_code mt_unpack_open(mt_ctx *cx, mt_unpack **out, mt_unpack_input input, const char *first,
                                   size_t n);
void mt_unpack_close(mt_unpack *unpack); /* NULL allowed */
MT_MUST_USE mt_code mt_unpack_read(mt_ctx *cx, mt_unpack *unpack, char *to, size_t n, size_t *got);

MT_END_DECLS
#endif
