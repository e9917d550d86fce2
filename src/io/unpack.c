/* One kind of compressed stream, turned into plain bytes: gzip through zlib, zstd through libzstd. */
#include "io/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKED_BYTES = 128 << 10, GZIP_WINDOW_BITS = 15 + 16 };

/* What inflate or ZSTD_decompressStream did with the bytes at hand. */
typedef mt_code unpack_step(mt_ctx *cx, mt_unpack *unpack, char *to, size_t n, size_t *got);

struct mt_unpack {
    mt_unpack_input input;
    unpack_step *step;
    const char *what;  /* "gzip" */
    char *packed;      /* PACKED_BYTES */
    size_t begin, end; /* the part of `packed` not yet unpacked */
    uint64_t pulled;   /* bytes of the input up to `end` */
    bool whole;        /* a member or frame is complete and no other has begun */
    bool ended;        /* of the input */
    z_stream gzip;
    ZSTD_DStream *zstd;
};

static const struct {
    const char *magic;
    size_t n;
    const char *what;
} foreign[] = {
    {"PK\003\004", 4, "a zip archive (or an .xlsx workbook)"},
    {"BZh", 3, "packed with bzip2"},
    {"\xFD"
     "7zXZ",
     5, "packed with xz"},
    {"7z\xBC\xAF", 4, "a 7z archive"},
    {"PAR1", 4, "a Parquet file"},
    {"%PDF", 4, "a PDF document"},
};

static bool starts_with(const char *at, size_t n, const char *magic, size_t length)
{
    return n >= length && memcmp(at, magic, length) == 0;
}

static bool is_zstd(const char *at, size_t n)
{
    bool skippable = n >= 4 && (at[0] & 0xF0) == 0x50 && memcmp(at + 1, "\x2A\x4D\x18", 3) == 0;
    return starts_with(at, n, "\x28\xB5\x2F\xFD", 4) || skippable;
}

/* The byte of the compressed input that comes next. */
static uint64_t packed_position(const mt_unpack *unpack)
{
    return unpack->pulled - (unpack->end - unpack->begin);
}

static mt_code pull_packed(mt_ctx *cx, mt_unpack *unpack)
{
    size_t got = 0;
    MT_TRY(unpack->input.pull(cx, unpack->input.self, unpack->packed, PACKED_BYTES, &got));
    unpack->begin = 0;
    unpack->end = got;
    unpack->pulled += got;
    unpack->ended = got == 0;
    return MT_OK;
}

static mt_code fail_damaged(mt_ctx *cx, const mt_unpack *unpack, const char *why)
{
    return mt_fail(cx, MT_E_IO, "%s is damaged: its %s data cannot be unpacked at byte %llu (%s)",
                   unpack->input.name, unpack->what, (unsigned long long)packed_position(unpack), why);
}

static mt_code fail_truncated(mt_ctx *cx, const mt_unpack *unpack)
{
    return mt_fail(cx, MT_E_IO, "%s is cut short: its %s data stops at byte %llu, before its end mark",
                   unpack->input.name, unpack->what, (unsigned long long)unpack->pulled);
}

/* Between two members: zero padding is allowed, another member begins anew, anything else is damage. */
static mt_code begin_member(mt_ctx *cx, mt_unpack *unpack)
{
    while (unpack->begin < unpack->end && unpack->packed[unpack->begin] == 0) unpack->begin++;
    if (unpack->begin == unpack->end) return MT_OK;
    if ((unsigned char)unpack->packed[unpack->begin] != 0x1F)
        return fail_damaged(cx, unpack, "something else follows the end mark");
    if (inflateReset(&unpack->gzip) != Z_OK) return fail_damaged(cx, unpack, "no new member can begin");
    unpack->whole = false;
    return MT_OK;
}

static mt_code step_gzip(mt_ctx *cx, mt_unpack *unpack, char *to, size_t n, size_t *got)
{
    if (unpack->whole) MT_TRY(begin_member(cx, unpack));
    if (unpack->begin == unpack->end) return MT_OK;
    z_stream *z = &unpack->gzip;
    z->next_in = (Bytef *)unpack->packed + unpack->begin;
    z->avail_in = (uInt)(unpack->end - unpack->begin);
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)(n < (1u << 30) ? n : (1u << 30));
    int status = inflate(z, Z_NO_FLUSH);
    unpack->begin = unpack->end - z->avail_in;
    *got = (size_t)((char *)z->next_out - to);
    if (status == Z_STREAM_END)
        unpack->whole = true;
    else if (status == Z_MEM_ERROR)
        return mt_fail(cx, MT_E_MEMORY, "no memory to unpack %s", unpack->input.name);
    else if (status != Z_OK && status != Z_BUF_ERROR)
        return fail_damaged(cx, unpack, z->msg != NULL ? z->msg : "no gzip data");
    return MT_OK;
}

static mt_code step_zstd(mt_ctx *cx, mt_unpack *unpack, char *to, size_t n, size_t *got)
{
    ZSTD_inBuffer in = {unpack->packed + unpack->begin, unpack->end - unpack->begin, 0};
    ZSTD_outBuffer out = {to, n, 0};
    size_t hint = ZSTD_decompressStream(unpack->zstd, &out, &in);
    unpack->begin += in.pos;
    *got = out.pos;
    if (ZSTD_isError(hint)) return fail_damaged(cx, unpack, ZSTD_getErrorName(hint));
    unpack->whole = hint == 0;
    return MT_OK;
}

static mt_code open_gzip(mt_ctx *cx, mt_unpack *unpack)
{
    unpack->what = "gzip";
    unpack->step = step_gzip;
    if (inflateInit2(&unpack->gzip, GZIP_WINDOW_BITS) == Z_OK) return MT_OK;
    unpack->step = NULL;
    return mt_fail(cx, MT_E_MEMORY, "no memory to unpack %s", unpack->input.name);
}

static mt_code open_zstd(mt_ctx *cx, mt_unpack *unpack)
{
    unpack->what = "zstd";
    unpack->step = step_zstd;
    unpack->zstd = ZSTD_createDStream();
    if (unpack->zstd != NULL) return MT_OK;
    return mt_fail(cx, MT_E_MEMORY, "no memory to unpack %s", unpack->input.name);
}

static mt_code refuse_foreign(mt_ctx *cx, const char *name, const char *first, size_t n)
{
    for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++) {
        if (starts_with(first, n, foreign[k].magic, foreign[k].n))
            return mt_fail(cx, MT_E_INPUT, "%s is %s; give it as text, or packed with gzip or zstd", name,
                           foreign[k].what);
    }
    return MT_OK;
}

mt_code mt_unpack_open(mt_ctx *cx, mt_unpack **out, mt_unpack_input input, const char *first, size_t n)
{
    bool gzip = starts_with(first, n, "\x1F\x8B", 2);
    if (!gzip && !is_zstd(first, n)) {
        *out = NULL;
        return refuse_foreign(cx, input.name, first, n);
    }
    mt_code code = MT_OK;
    mt_unpack *unpack = calloc(1, sizeof *unpack);
    if (unpack != NULL) unpack->packed = malloc(PACKED_BYTES);
    if (unpack == NULL || unpack->packed == NULL) {
        MT_TRY_OUT(mt_fail(cx, MT_E_MEMORY, "no memory to unpack %s", input.name));
    }
    unpack->input = input;
    memcpy(unpack->packed, first, n);
    unpack->end = n;
    unpack->pulled = n;
    MT_TRY_OUT(gzip ? open_gzip(cx, unpack) : open_zstd(cx, unpack));
    *out = unpack;
    unpack = NULL;
out:
    mt_unpack_close(unpack);
    return code;
}

void mt_unpack_close(mt_unpack *unpack)
{
    if (unpack == NULL) return;
    if (unpack->step == step_gzip) inflateEnd(&unpack->gzip);
    if (unpack->step == step_zstd) ZSTD_freeDStream(unpack->zstd);
    free(unpack->packed);
    free(unpack);
}

mt_code mt_unpack_read(mt_ctx *cx, mt_unpack *unpack, char *to, size_t n, size_t *got)
{
    size_t done = 0;
    *got = 0;
    while (done == 0) {
        if (unpack->begin == unpack->end && !unpack->ended) MT_TRY(pull_packed(cx, unpack));
        if (unpack->begin == unpack->end && unpack->ended && unpack->whole) return MT_OK;
        size_t before = unpack->begin;
        MT_TRY(unpack->step(cx, unpack, to, n, &done));
        if (done == 0 && unpack->ended && unpack->begin == before && !unpack->whole)
            return fail_truncated(cx, unpack);
    }
    *got = done;
    return MT_OK;
}

mt_code mt_pack_piece(mt_ctx *cx, mt_text *packed, const void *bytes, size_t n)
{
    char *to;
    size_t room = ZSTD_compressBound(n), done = 0;
    MT_TRY(mt_ctx_alloc(cx, &to, room, 1));
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    if (zstd == NULL) return mt_fail(cx, MT_E_MEMORY, "no memory to pack %zu bytes", n);
    done = ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    if (!ZSTD_isError(done)) done = ZSTD_compress2(zstd, to, room, bytes, n);
    ZSTD_freeCCtx(zstd);
    if (ZSTD_isError(done)) return mt_fail(cx, MT_E_FAILED, "%zu bytes cannot be packed", n);
    *packed = (mt_text){to, done};
    return MT_OK;
}

mt_code mt_unpack_piece(mt_ctx *cx, void *to, size_t room, size_t *got, mt_text packed)
{
    size_t done = ZSTD_decompress(to, room, packed.at, packed.length);
    if (ZSTD_isError(done))
        return mt_fail(cx, MT_E_IO, "packed data is damaged: %s", ZSTD_getErrorName(done));
    *got = done;
    return MT_OK;
}
