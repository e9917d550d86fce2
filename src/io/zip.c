/* Zip archives in memory. A deflated entry is given to io/unpack as the gzip stream it nearly is. */
#include "io/zip.h"

#include "io/unpack.h"

#include <string.h>

enum {
    END_BYTES = 22, /* of the record that closes an archive; a comment of 64 KiB may follow */
    LIST_BYTES = 46,
    HEAD_BYTES = 30,
    COMMENT_MAX = 65535,
    GZIP_HEAD = 10,
    GZIP_TAIL = 8,
    STORED = 0,
    DEFLATED = 8,
    DEFLATE_MOST = 1032, /* no byte unpacks to more */
    ENCRYPTED = 1
};

struct mt_zip {
    const char *name;
    mt_text bytes;
    mt_zip_entry *entry;
    size_t n;
    uint64_t unpacked; /* so far, of all entries */
};

static uint16_t read_u16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint16_t)(b[0] | b[1] << 8);
}

static uint32_t read_u32(const char *at)
{
    return (uint32_t)read_u16(at) | (uint32_t)read_u16(at + 2) << 16;
}

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int k = 0; k < 4; k++) to[k] = (unsigned char)(value >> (8 * k));
}

/* CRC-32 of a stored entry; a deflated one is proved while unpacking. */
static uint32_t checksum(mt_text data)
{
    static const uint32_t nibble[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t sum = 0xFFFFFFFF;
    for (size_t k = 0; k < data.length; k++) {
        sum ^= (unsigned char)data.at[k];
        sum = sum >> 4 ^ nibble[sum & 15];
        sum = sum >> 4 ^ nibble[sum & 15];
    }
    return ~sum;
}

bool mt_zip_is(mt_text bytes)
{
    return bytes.length >= 4 &&
           (memcmp(bytes.at, "PK\003\004", 4) == 0 || memcmp(bytes.at, "PK\005\006", 4) == 0);
}

static mt_code fail_cut(mt_ctx *cx, const mt_zip *zip)
{
    return mt_fail(cx, MT_E_INPUT, "%s is no whole zip archive: its list of contents is missing or damaged",
                   zip->name);
}

/* The record at the end, behind which only its own comment may stand. */
static const char *find_end(mt_text bytes)
{
    if (bytes.length < END_BYTES) return NULL;
    size_t first = bytes.length > END_BYTES + COMMENT_MAX ? bytes.length - END_BYTES - COMMENT_MAX : 0;
    for (size_t k = bytes.length - END_BYTES + 1; k-- > first;) {
        const char *at = bytes.at + k;
        if (memcmp(at, "PK\005\006", 4) == 0 && k + END_BYTES + read_u16(at + 20) == bytes.length) return at;
    }
    return NULL;
}

static mt_code read_entry(mt_ctx *cx, const mt_zip *zip, mt_zip_entry *entry, size_t *at, size_t end)
{
    const char *head = zip->bytes.at + *at;
    if (end - *at < LIST_BYTES || memcmp(head, "PK\001\002", 4) != 0) return fail_cut(cx, zip);
    size_t name = read_u16(head + 28);
    size_t all = LIST_BYTES + name + read_u16(head + 30) + read_u16(head + 32);
    if (end - *at < all) return fail_cut(cx, zip);
    *entry = (mt_zip_entry){.flags = read_u16(head + 8),
                            .method = read_u16(head + 10),
                            .checksum = read_u32(head + 16),
                            .packed = read_u32(head + 20),
                            .size = read_u32(head + 24),
                            .offset = read_u32(head + 42)};
    *at += all;
    return mt_text_copy(cx, &entry->name, (mt_text){head + LIST_BYTES, name});
}

mt_code mt_zip_open(mt_ctx *cx, mt_zip **out, const char *name, mt_text bytes)
{
    mt_zip *zip;
    MT_TRY(MT_NEW(cx, &zip, 1));
    zip->name = name;
    zip->bytes = bytes;
    const char *end = find_end(bytes);
    if (!end) return fail_cut(cx, zip);
    size_t n = read_u16(end + 10), at = read_u32(end + 16), size = read_u32(end + 12);
    size_t limit = (size_t)(end - bytes.at);
    if (n == 0xFFFF || at == 0xFFFFFFFF)
        return mt_fail(cx, MT_E_INPUT, "%s is a zip64 archive, which is not read", name);
    if (read_u16(end + 4) != 0 || read_u16(end + 8) != n)
        return mt_fail(cx, MT_E_INPUT, "%s is one volume of several, which are not read", name);
    if (n > MT_ZIP_ENTRIES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s has %zu entries, at most %d are read", name, n,
                       MT_ZIP_ENTRIES_MAX);
    if (at > limit || size > limit - at) return fail_cut(cx, zip);
    MT_TRY(MT_NEW(cx, &zip->entry, n));
    for (; zip->n < n; zip->n++) MT_TRY(read_entry(cx, zip, &zip->entry[zip->n], &at, limit));
    *out = zip;
    return MT_OK;
}

const mt_zip_entry *mt_zip_entries(const mt_zip *zip, size_t *n)
{
    *n = zip->n;
    return zip->entry;
}

const mt_zip_entry *mt_zip_find(const mt_zip *zip, const char *name)
{
    for (size_t k = 0; k < zip->n; k++)
        if (strcmp(zip->entry[k].name, name) == 0) return &zip->entry[k];
    return NULL;
}

/* The packed bytes of an entry, with gzip's tail behind them: what mt_unpack pulls. */
struct packed {
    mt_text data;
    unsigned char tail[GZIP_TAIL];
    size_t at; /* of both together */
};

static mt_code pull_packed(mt_ctx *cx, void *self, char *to, size_t n, size_t *got)
{
    struct packed *packed = self;
    (void)cx;
    size_t done = 0;
    if (packed->at < packed->data.length) {
        done = packed->data.length - packed->at;
        if (done > n) done = n;
        memcpy(to, packed->data.at + packed->at, done);
    } else if (packed->at < packed->data.length + GZIP_TAIL) {
        size_t skip = packed->at - packed->data.length;
        done = GZIP_TAIL - skip;
        if (done > n) done = n;
        memcpy(to, packed->tail + skip, done);
    }
    packed->at += done;
    *got = done;
    return MT_OK;
}

static mt_code find_data(mt_ctx *cx, const mt_zip *zip, const mt_zip_entry *entry, mt_text *out)
{
    size_t limit = zip->bytes.length;
    const char *head = zip->bytes.at + entry->offset;
    if (entry->offset > limit || limit - entry->offset < HEAD_BYTES || memcmp(head, "PK\003\004", 4) != 0)
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is not where the list says", zip->name, entry->name);
    size_t skip = HEAD_BYTES + (size_t)read_u16(head + 26) + read_u16(head + 28);
    size_t left = limit - entry->offset;
    if (skip > left || entry->packed > left - skip)
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is cut short", zip->name, entry->name);
    *out = (mt_text){head + skip, entry->packed};
    return MT_OK;
}

static mt_code check_entry(mt_ctx *cx, const mt_zip *zip, const mt_zip_entry *entry)
{
    if (entry->flags & ENCRYPTED)
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is encrypted, which is not read", zip->name,
                       entry->name);
    if (entry->method != STORED && entry->method != DEFLATED)
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is packed by method %u, only 0 and 8 are read",
                       zip->name, entry->name, entry->method);
    if (entry->size > MT_ZIP_ENTRY_MAX || zip->unpacked + entry->size > MT_ZIP_TOTAL_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "%s: the entry %s has %u bytes; at most %d an entry and %d in all are unpacked",
                       zip->name, entry->name, entry->size, MT_ZIP_ENTRY_MAX, MT_ZIP_TOTAL_MAX);
    bool impossible = entry->method == STORED ? entry->size != entry->packed
                                              : entry->size / DEFLATE_MOST > (uint64_t)entry->packed + 1;
    if (impossible)
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s cannot have %u bytes, %u packed", zip->name,
                       entry->name, entry->size, entry->packed);
    return MT_OK;
}

/* Exactly entry->size bytes into `to`; the stream's own tail proves them. */
static mt_code inflate_into(mt_ctx *cx, mt_unpack *unpack, const mt_zip_entry *entry, char *to)
{
    size_t done = 0, got = 0;
    char extra;
    while (done < entry->size) {
        MT_TRY(mt_unpack_read(cx, unpack, to + done, entry->size - done, &got));
        if (got == 0) return mt_fail(cx, MT_E_INPUT, "it has %zu bytes, %u were promised", done, entry->size);
        done += got;
        MT_TRY(mt_ctx_check(cx));
    }
    MT_TRY(mt_unpack_read(cx, unpack, &extra, 1, &got));
    return got ? mt_fail(cx, MT_E_INPUT, "it has more than the %u bytes promised", entry->size) : MT_OK;
}

static mt_code unpack_entry(mt_ctx *cx, const mt_zip_entry *entry, mt_text data, char *to)
{
    static const char gzip_head[GZIP_HEAD] = {0x1F, (char)0x8B, DEFLATED, 0, 0, 0, 0, 0, 0, (char)0xFF};
    struct packed packed = {.data = data};
    mt_unpack *unpack;
    put_u32(packed.tail, entry->checksum);
    put_u32(packed.tail + 4, entry->size);
    mt_unpack_input input = {.name = entry->name, .pull = pull_packed, .self = &packed};
    MT_TRY(mt_unpack_open(cx, &unpack, input, gzip_head, GZIP_HEAD));
    mt_code code = inflate_into(cx, unpack, entry, to);
    mt_unpack_close(unpack);
    return code;
}

mt_code mt_zip_read(mt_ctx *cx, mt_zip *zip, const mt_zip_entry *entry, mt_text *out)
{
    mt_text data;
    char *to;
    MT_TRY(check_entry(cx, zip, entry));
    MT_TRY(find_data(cx, zip, entry, &data));
    zip->unpacked += entry->size;
    if (entry->method == STORED) {
        if (checksum(data) != entry->checksum)
            return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is damaged (its checksum does not fit)",
                           zip->name, entry->name);
        *out = data;
        return MT_OK;
    }
    MT_TRY(MT_NEW(cx, &to, (size_t)entry->size + 1));
    mt_code code = unpack_entry(cx, entry, data, to);
    if (code == MT_E_IO || code == MT_E_INPUT) {
        char why[MT_ERR_TEXT_MAX];
        memcpy(why, cx->err, sizeof why);
        return mt_fail(cx, MT_E_INPUT, "%s: the entry %s is damaged (%.200s)", zip->name, entry->name, why);
    }
    if (code != MT_OK) return code;
    *out = (mt_text){to, entry->size};
    return MT_OK;
}
