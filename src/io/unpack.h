/* One kind of compressed stream, turned into plain bytes; and pieces packed and unpacked in memory.
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

#include "base/text.h"

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

/* A piece that lies in memory as one zstd frame with its checksum, in cx; and back into `to`. MT_E_IO: the
 * frame is damaged, or its bytes do not fit `room`. */
MT_MUST_USE mt_code mt_pack_piece(mt_ctx *cx, mt_text *packed, const void *bytes, size_t n);
MT_MUST_USE mt_code mt_unpack_piece(mt_ctx *cx, void *to, size_t room, size_t *got, mt_text packed);

MT_END_DECLS
#endif
