/* An answer in one piece of memory, as caches keep it and several askers share it. */
#include "sources/http/packed.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* Numbers are little-endian; each of the four texts is followed by a 0 byte. */
typedef struct head {
    char magic[4];
    uint32_t status;
    uint64_t received_at;
    uint32_t length[3]; /* content type, etag, last modified */
    uint32_t unused;
    uint64_t body;
} head;

#define LATEST ((uint64_t)253402300799 * 1000000) /* the end of year 9999 */

static const char magic[4] = {'M', 'H', 'A', '1'};

struct mt_packed {
    int count; /* atomic */
    size_t n;
    char bytes[];
};

static mt_packed *new_packed(size_t n)
{
    mt_packed *packed = malloc(sizeof *packed + n);
    if (!packed) return NULL;
    packed->count = 1;
    packed->n = n;
    return packed;
}

static char *put_text(char *to, const char *from, size_t n)
{
    if (n) memcpy(to, from, n);
    to[n] = 0;
    return to + n + 1;
}

mt_packed *mt_packed_new(const mt_http_answer *answer)
{
    const char *const text[3] = {answer->content_type, answer->etag, answer->last_modified};
    head h = {.status = htole32((uint32_t)answer->status),
              .received_at = htole64((uint64_t)answer->received_at),
              .body = htole64(answer->body.length)};
    size_t n = sizeof h + answer->body.length + 4, length[3];
    for (int k = 0; k < 3; k++) {
        length[k] = strlen(text[k]);
        h.length[k] = htole32((uint32_t)length[k]);
        n += length[k];
    }
    mt_packed *packed = new_packed(n);
    if (!packed) return NULL;
    memcpy(h.magic, magic, sizeof magic);
    memcpy(packed->bytes, &h, sizeof h);
    char *to = packed->bytes + sizeof h;
    for (int k = 0; k < 3; k++) to = put_text(to, text[k], length[k]);
    put_text(to, answer->body.at, answer->body.length);
    return packed;
}

/* Do the lengths agree with the bytes, and are the texts texts? */
static bool is_answer(const char *bytes, size_t n)
{
    head h;
    if (n < sizeof h + 4) return false;
    memcpy(&h, bytes, sizeof h);
    uint64_t body = le64toh(h.body), rest = n - sizeof h - 4;
    uint32_t status = le32toh(h.status);
    bool known = memcmp(h.magic, magic, sizeof magic) == 0 && status >= 100 && status <= 599;
    if (!known || le64toh(h.received_at) > LATEST || body > rest) return false;
    const char *at = bytes + sizeof h;
    rest -= body;
    for (int k = 0; k < 3; k++) {
        uint32_t length = le32toh(h.length[k]);
        if (length > rest || memchr(at, 0, (size_t)length + 1) != at + length) return false;
        rest -= length;
        at += length + 1;
    }
    return rest == 0 && at[body] == 0;
}

mt_packed *mt_packed_of(const char *bytes, size_t n)
{
    if (!is_answer(bytes, n)) return NULL;
    mt_packed *packed = new_packed(n);
    if (packed) memcpy(packed->bytes, bytes, n);
    return packed;
}

mt_packed *mt_packed_keep(mt_packed *packed)
{
    __atomic_add_fetch(&packed->count, 1, __ATOMIC_RELAXED);
    return packed;
}

void mt_packed_drop(mt_packed *packed)
{
    if (packed && __atomic_sub_fetch(&packed->count, 1, __ATOMIC_ACQ_REL) == 0) free(packed);
}

mt_text mt_packed_bytes(const mt_packed *packed)
{
    return (mt_text){packed->bytes, packed->n};
}

static void read_at(const char *bytes, mt_http_answer *out)
{
    head h;
    const char *at[3];
    memcpy(&h, bytes, sizeof h);
    const char *text = bytes + sizeof h;
    for (int k = 0; k < 3; k++) {
        at[k] = text;
        text += le32toh(h.length[k]) + (size_t)1;
    }
    *out = (mt_http_answer){.status = (int)le32toh(h.status),
                            .body = {text, (size_t)le64toh(h.body)},
                            .content_type = at[0],
                            .etag = at[1],
                            .last_modified = at[2],
                            .received_at = (mt_time)le64toh(h.received_at)};
}

void mt_packed_read(const mt_packed *packed, mt_http_answer *out)
{
    read_at(packed->bytes, out);
}

mt_code mt_packed_copy(mt_ctx *cx, const mt_packed *packed, mt_http_answer *out)
{
    char *bytes = mt_arena_raw(&cx->arena, packed->n);
    if (!bytes) return mt_fail(cx, MT_E_MEMORY, "no memory for an answer of %zu bytes", packed->n);
    memcpy(bytes, packed->bytes, packed->n);
    read_at(bytes, out);
    return MT_OK;
}
