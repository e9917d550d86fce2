/* Delivered files, put into the store: read twice, the second time in parts. */
#include "store/data/archive_store.h"

#include "crypto/hash.h"
#include "io/base64.h"
#include "io/unpack.h"
#include "store/data/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH_BYTES = 16 << 20 };

#define FATE_WORD(symbol, word) word,
const char *const mt_archive_fate_word[] = {MT_ARCHIVE_FATE_LIST(FATE_WORD) NULL};
#undef FATE_WORD

static const mt_field file_field[] = {{.name = "name", MT_TEXT_AT(mt_archive_file, name)},
                                      {.name = "kind", MT_TEXT_AT(mt_archive_file, kind)},
                                      {.name = "sha256", MT_TEXT_AT(mt_archive_file, sha256)},
                                      {.name = "bytes", MT_INT_AT(mt_archive_file, bytes)},
                                      {.name = "version", MT_TIME_AT(mt_archive_file, version)},
                                      {.name = "day", MT_DAY_AT(mt_archive_file, day)},
                                      {.name = "known_at", MT_TIME_AT(mt_archive_file, known_at)},
                                      {.name = NULL}};

static const mt_field part_col[] = {{.name = "sha256", .type = MT_TEXT},
                                    {.name = "part", .type = MT_INT},
                                    {.name = "body", .type = MT_TEXT},
                                    {.name = NULL}};
static const mt_schema part_schema = {.name = "desk_file_part", .col = part_col, .n_col = 3};
static const mt_schema file_schema = {.name = "desk_file", .col = file_field, .n_col = 7};

static const char *const file_key[] = {"name", "known_at", NULL};
static const char *const part_key[] = {"sha256", "part", NULL};
static const char *const part_range[] = {"sha256", NULL};
/* Two processes that put the same bytes at once write the same rows. */
static const mt_merge_plan file_plan = {.table = "desk_file", .key = file_key, .constant = true};
static const mt_merge_plan part_plan = {.table = "desk_file_part", .key = part_key, .range = part_range};

#define LISTED "SELECT name, kind, sha256, bytes, version, day, known_at FROM desk_file AS f "

mt_code mt_archive_store_list(mt_ctx *cx, mt_store *store, const mt_archive_file **out, size_t *n,
                              mt_time as_of)
{
    const mt_param param = mt_param_time(as_of);
    const mt_asked asked = {LISTED "WHERE (CAST($1 AS TIMESTAMPTZ) IS NULL OR f.known_at <= $1) AND NOT "
                                   "EXISTS (SELECT 1 FROM desk_file AS g WHERE g.name = f.name AND "
                                   "(CAST($1 AS TIMESTAMPTZ) IS NULL OR g.known_at <= $1) AND g.known_at > "
                                   "f.known_at) ORDER BY name NULLS LAST",
                            &param, 1};
    return mt_answer_read(cx, out, n, store, &asked, file_field, sizeof **out);
}

mt_code mt_archive_store_history(mt_ctx *cx, mt_store *store, const mt_archive_file **out, size_t *n)
{
    const mt_asked asked = {LISTED "ORDER BY name NULLS LAST, known_at NULLS LAST", NULL, 0};
    return mt_answer_read(cx, out, n, store, &asked, file_field, sizeof **out);
}

/* --- what is known ----------------------------------------------------------------------------------- */

/* One call: what stands, the digests whose bytes are there, and the transaction being filled. */
struct putting {
    mt_store *store;
    mt_time known_at;
    const mt_archive_file *standing; /* by name */
    size_t n_standing;
    const char **digest;       /* of bytes that are stored or staged: places by their hash, NULL: free */
    size_t room;               /* a power of two, at least twice their number */
    char (*text)[MT_HASH_HEX]; /* one for each given file */
    char *buffer;              /* MT_ARCHIVE_PART */
    mt_batch *batch;
    mt_sink *parts, *files;
    mt_merge_counts part_counts, file_counts;
    int64_t staged; /* bytes */
};

static const char **find_digest(const struct putting *p, const char *sha256)
{
    uint64_t key;
    memcpy(&key, sha256, sizeof key); /* digits of a digest are as good as a hash */
    key *= UINT64_C(0x9E3779B97F4A7C15);
    for (size_t k = (size_t)(key >> 32) & (p->room - 1);; k = (k + 1) & (p->room - 1))
        if (!p->digest[k] || strcmp(p->digest[k], sha256) == 0) return &p->digest[k];
}

static mt_code list_digests(mt_ctx *cx, struct putting *p, size_t n_given)
{
    mt_archive_file *row;
    size_t n;
    const mt_asked asked = {"SELECT DISTINCT sha256 FROM desk_file", NULL, 0};
    MT_TRY(mt_answer_read(cx, &row, &n, p->store, &asked, file_field, sizeof *row));
    for (p->room = 64; p->room < 2 * (n + n_given);) p->room *= 2;
    MT_TRY(MT_NEW(cx, &p->digest, p->room));
    for (size_t k = 0; k < n; k++) *find_digest(p, row[k].sha256) = row[k].sha256;
    return MT_OK;
}

static int compare_name(const void *name, const void *file)
{
    return strcmp(name, ((const mt_archive_file *)file)->name);
}

static const mt_archive_file *find_standing(const struct putting *p, const char *name)
{
    if (!p->n_standing) return NULL;
    return bsearch(name, p->standing, p->n_standing, sizeof *p->standing, compare_name);
}

/* --- reading ----------------------------------------------------------------------------------------- */

/* A whole part, or what is left of the file. */
static mt_code read_part(mt_ctx *cx, int fd, const char *path, char *to, size_t *got)
{
    *got = 0;
    while (*got < MT_ARCHIVE_PART) {
        ssize_t n = read(fd, to + *got, MT_ARCHIVE_PART - *got);
        if (n == 0) return MT_OK;
        if (n < 0 && errno != EINTR)
            return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", path, strerror(errno));
        if (n > 0) *got += (size_t)n;
    }
    return MT_OK;
}

static void close_sinks(struct putting *p)
{
    mt_sink_close(p->parts);
    mt_sink_close(p->files);
    p->parts = p->files = NULL;
}

static void close_batch(struct putting *p)
{
    close_sinks(p);
    mt_batch_close(p->batch);
    p->batch = NULL;
    p->staged = 0;
}

static mt_code commit_batch(mt_ctx *cx, struct putting *p)
{
    if (!p->batch) return MT_OK;
    mt_code code = mt_sink_finish(p->parts, cx);
    if (code == MT_OK) code = mt_sink_finish(p->files, cx);
    close_sinks(p);
    if (code == MT_OK) code = mt_batch_commit(cx, p->batch, NULL, NULL);
    close_batch(p);
    return code;
}

/* A transaction with room. Parts of a large file go through several; its entry comes with the last. */
static mt_code make_ready(mt_ctx *cx, struct putting *p)
{
    if (p->staged >= BATCH_BYTES) MT_TRY(commit_batch(cx, p));
    if (p->batch) return MT_OK;
    MT_TRY(mt_batch_open(cx, &p->batch, p->store));
    MT_TRY(mt_batch_merge(cx, p->batch, &p->parts, &p->part_counts, &part_plan));
    MT_TRY(mt_batch_merge(cx, p->batch, &p->files, &p->file_counts, &file_plan));
    MT_TRY(mt_sink_schema(p->parts, cx, &part_schema));
    return mt_sink_schema(p->files, cx, &file_schema);
}

/* One part as a row of its digest. */
static mt_code stage_part(mt_ctx *cx, struct putting *p, const char *sha256, int64_t part, size_t n)
{
    mt_text packed, body, digest = mt_text_of(sha256);
    MT_TRY(make_ready(cx, p));
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_pack_piece(cx, &packed, p->buffer, n));
    MT_TRY(mt_base64_write(cx, &body, packed.at, packed.length));
    const mt_column col[] = {{&digest, NULL}, {&part, NULL}, {&body, NULL}};
    const mt_chunk chunk = {1, col};
    p->staged += (int64_t)n;
    MT_TRY(mt_sink_push(p->parts, cx, &chunk));
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

static mt_code stage_entry(mt_ctx *cx, struct putting *p, const mt_archive_file *f)
{
    const mt_text name = mt_text_of(f->name), kind = mt_text_of(f->kind), sha256 = mt_text_of(f->sha256);
    const uint64_t has_version = f->version != MT_TIME_NONE, has_day = f->day != MT_DAY_NONE;
    const mt_column col[] = {{&name, NULL},
                             {&kind, NULL},
                             {&sha256, NULL},
                             {&f->bytes, NULL},
                             {&f->version, &has_version},
                             {&f->day, &has_day},
                             {&f->known_at, NULL}};
    const mt_chunk chunk = {1, col};
    MT_TRY(make_ready(cx, p));
    return mt_sink_push(p->files, cx, &chunk);
}

/* The digest of a file as it is read now; its parts are staged under `sha256` where that is given. */
static mt_code walk_parts(mt_ctx *cx, struct putting *p, int fd, const mt_archive_given *given,
                          int64_t *bytes, char text[MT_HASH_HEX])
{
    mt_sha256 hash;
    uint8_t digest[MT_HASH_BYTES];
    size_t n = MT_ARCHIVE_PART;
    *bytes = 0;
    mt_sha256_init(&hash);
    for (int64_t part = 0; n == MT_ARCHIVE_PART; part++) {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(read_part(cx, fd, given->path, p->buffer, &n));
        mt_sha256_update(&hash, p->buffer, n);
        *bytes += (int64_t)n;
        if (!given->file.sha256 || n == 0) continue;
        MT_TRY(stage_part(cx, p, given->file.sha256, part, n));
    }
    mt_sha256_final(&hash, digest);
    mt_hash_hex(digest, text);
    return MT_OK;
}

static mt_code walk_file(mt_ctx *cx, struct putting *p, const mt_archive_given *given, int64_t *bytes,
                         char text[MT_HASH_HEX])
{
    int fd = open(given->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", given->path, strerror(errno));
    mt_code code = walk_parts(cx, p, fd, given, bytes, text);
    close(fd);
    return code;
}

/* --- one file ---------------------------------------------------------------------------------------- */

/* Its digest, and from that its fate and moment. */
static mt_code judge(mt_ctx *cx, struct putting *p, mt_archive_given *given, char text[MT_HASH_HEX])
{
    const mt_archive_file *standing = find_standing(p, given->file.name);
    given->file.sha256 = NULL;
    MT_TRY(walk_file(cx, p, given, &given->file.bytes, text));
    given->file.sha256 = text;
    given->file.known_at = p->known_at;
    given->fate = MT_ARCHIVE_NEW;
    if (!standing) return MT_OK;
    given->fate = strcmp(standing->sha256, text) == 0 ? MT_ARCHIVE_KNOWN : MT_ARCHIVE_CHANGED;
    if (given->fate == MT_ARCHIVE_KNOWN)
        given->file.known_at = standing->known_at;
    else if (standing->known_at == p->known_at)
        given->file.known_at++;
    return MT_OK;
}

static mt_code stage_bytes(mt_ctx *cx, struct putting *p, const mt_archive_given *given)
{
    char again[MT_HASH_HEX];
    int64_t bytes;
    const char **place = find_digest(p, given->file.sha256);
    if (*place) return MT_OK;
    MT_TRY(walk_file(cx, p, given, &bytes, again));
    if (strcmp(again, given->file.sha256) != 0)
        return mt_fail(cx, MT_E_CONFLICT, "%s changed while it was read: load it again", given->path);
    *place = given->file.sha256;
    return MT_OK;
}

static mt_code put_file(mt_ctx *cx, struct putting *p, mt_archive_given *given, char text[MT_HASH_HEX])
{
    MT_TRY(judge(cx, p, given, text));
    if (given->fate == MT_ARCHIVE_KNOWN) return MT_OK;
    MT_TRY(stage_bytes(cx, p, given));
    return stage_entry(cx, p, &given->file);
}

static mt_code put_files(mt_ctx *cx, struct putting *p, mt_archive_given *given, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        mt_ctx_progress(cx, "keep", k, n, "files");
        MT_TRY(put_file(cx, p, &given[k], p->text[k]));
    }
    return commit_batch(cx, p);
}

mt_code mt_archive_store_put(mt_ctx *cx, mt_store *store, mt_archive_given *given, size_t n, mt_time known_at)
{
    struct putting p = {.store = store, .known_at = known_at};
    if (known_at == MT_TIME_NONE) p.known_at = mt_store_now(store);
    MT_TRY(mt_archive_store_list(cx, store, &p.standing, &p.n_standing, p.known_at));
    MT_TRY(list_digests(cx, &p, n));
    MT_TRY(mt_ctx_alloc(cx, &p.text, n + 1, sizeof *p.text));
    MT_TRY(MT_NEW(cx, &p.buffer, MT_ARCHIVE_PART));
    mt_code code = put_files(cx, &p, given, n);
    close_batch(&p);
    return code;
}
