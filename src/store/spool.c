/* Rows set aside: in memory while they are few, in an unlinked file when they are many. */
#include "store/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A chunk as it lies in the spool: this head, then for each column a word (1: validity bits follow), the
 * bits, and the values; texts as an array of lengths (MISSING where there is none) and their bytes. Every
 * part starts at a multiple of 8. */
struct head {
    uint64_t rows;
    uint64_t bytes; /* that follow the head */
};

#define MISSING UINT64_MAX

struct mt_spool {
    mt_sink sink;
    const mt_schema *schema;
    mt_schema kept;
    char dir[512];
    int fd; /* -1: all in memory */
    uint64_t rows;
    uint64_t file_bytes;   /* written */
    unsigned char *memory; /* of the end of what was pushed */
    size_t used, room;
    uint64_t at;          /* reading position */
    unsigned char *block; /* the chunk being read from the file */
    size_t block_room;
    mt_column *col;
    mt_text *text; /* of all text columns of the chunk being read */
    size_t text_room;
};

static size_t padded(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static bool is_text(mt_type type)
{
    return type == MT_TEXT || type == MT_CHOICE;
}

static mt_code fail_file(mt_ctx *cx, const mt_spool *spool, const char *what)
{
    return mt_fail(cx, MT_E_IO, "a temporary file in %s cannot be %s: %s", spool->dir, what, strerror(errno));
}

static mt_code open_file(mt_ctx *cx, mt_spool *spool)
{
    char path[600];
    snprintf(path, sizeof path, "%s/merit-spool-XXXXXX", spool->dir);
    spool->fd = mkostemp(path, 02000000 /* O_CLOEXEC */);
    if (spool->fd < 0) return fail_file(cx, spool, "made");
    unlink(path);
    return MT_OK;
}

static mt_code write_out(mt_ctx *cx, mt_spool *spool)
{
    if (spool->fd < 0) MT_TRY(open_file(cx, spool));
    for (size_t done = 0; done < spool->used;) {
        ssize_t n = write(spool->fd, spool->memory + done, spool->used - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail_file(cx, spool, "written");
        done += (size_t)n;
    }
    spool->file_bytes += spool->used;
    spool->used = 0;
    return MT_OK;
}

/* Room for n more bytes at the end; what lies there already goes to the file when it becomes too much. */
static mt_code make_room(mt_ctx *cx, mt_spool *spool, size_t n)
{
    if (spool->used && spool->used + n > MT_SPOOL_MEMORY) MT_TRY(write_out(cx, spool));
    if (spool->used + n <= spool->room) return MT_OK;
    size_t room = spool->used + n > MT_SPOOL_MEMORY ? spool->used + n : spool->room * 2;
    if (room < spool->used + n) room = spool->used + n;
    unsigned char *grown = realloc(spool->memory, room);
    if (!grown) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a result of %zu bytes", room);
    spool->memory = grown;
    spool->room = room;
    return MT_OK;
}

static void put(mt_spool *spool, const void *from, size_t n)
{
    if (n) memcpy(spool->memory + spool->used, from, n);
    memset(spool->memory + spool->used + n, 0, padded(n) - n);
    spool->used += padded(n);
}

static size_t text_bytes(const mt_column *column, size_t n)
{
    const mt_text *text = column->data;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        if (mt_column_has(column, i)) bytes += text[i].length;
    return bytes;
}

static size_t column_bytes(const mt_column *column, mt_type type, size_t n)
{
    size_t bytes = sizeof(uint64_t) + (column->valid ? (n + 63) / 64 * 8 : 0);
    if (is_text(type)) return bytes + n * sizeof(uint64_t) + padded(text_bytes(column, n));
    return bytes + padded(n * mt_type_bytes(type));
}

static void put_texts(mt_spool *spool, const mt_column *column, size_t n)
{
    const mt_text *text = column->data;
    size_t start = spool->used;
    for (size_t i = 0; i < n; i++) {
        uint64_t length = mt_column_has(column, i) ? text[i].length : MISSING;
        put(spool, &length, sizeof length);
    }
    for (size_t i = 0; i < n; i++) {
        if (!mt_column_has(column, i) || !text[i].length) continue;
        memcpy(spool->memory + spool->used, text[i].at, text[i].length);
        spool->used += text[i].length;
    }
    size_t length = spool->used - start;
    memset(spool->memory + spool->used, 0, padded(length) - length);
    spool->used = start + padded(length);
}

static void put_column(mt_spool *spool, const mt_column *column, mt_type type, size_t n)
{
    uint64_t has_valid = column->valid != NULL;
    put(spool, &has_valid, sizeof has_valid);
    if (column->valid) put(spool, column->valid, (n + 63) / 64 * 8);
    if (is_text(type)) {
        put_texts(spool, column, n);
    } else {
        put(spool, column->data, n * mt_type_bytes(type));
    }
}

static mt_code spool_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    mt_spool *spool = (mt_spool *)sink;
    spool->kept = *schema;
    spool->schema = &spool->kept;
    spool->col = calloc(schema->n_col + 1, sizeof *spool->col);
    return spool->col ? MT_OK : mt_fail(cx, MT_E_MEMORY, "memory ran out for a result");
}

static mt_code spool_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_spool *spool = (mt_spool *)sink;
    struct head head = {chunk->n, 0};
    for (size_t k = 0; k < spool->schema->n_col; k++)
        head.bytes += column_bytes(&chunk->col[k], spool->schema->col[k].type, chunk->n);
    MT_TRY(make_room(cx, spool, sizeof head + head.bytes));
    put(spool, &head, sizeof head);
    for (size_t k = 0; k < spool->schema->n_col; k++)
        put_column(spool, &chunk->col[k], spool->schema->col[k].type, chunk->n);
    spool->rows += chunk->n;
    return MT_OK;
}

static mt_code spool_finish(mt_sink *sink, mt_ctx *cx)
{
    mt_spool *spool = (mt_spool *)sink;
    return spool->fd >= 0 && spool->used ? write_out(cx, spool) : MT_OK;
}

static void spool_close(mt_sink *sink)
{
    (void)sink; /* the spool's owner closes it */
}

static const mt_sink_ops spool_ops = {spool_schema, spool_push, spool_finish, spool_close};

mt_code mt_spool_open(mt_ctx *cx, mt_spool **out, const char *temp_dir)
{
    mt_spool *spool = calloc(1, sizeof *spool);
    if (spool) spool->memory = malloc(4096);
    if (!spool || !spool->memory) {
        free(spool);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for a result");
    }
    spool->sink.ops = &spool_ops;
    spool->room = 4096;
    spool->fd = -1;
    snprintf(spool->dir, sizeof spool->dir, "%s", temp_dir ? temp_dir : "/tmp");
    *out = spool;
    return MT_OK;
}

void mt_spool_close(mt_spool *spool)
{
    if (!spool) return;
    if (spool->fd >= 0) close(spool->fd);
    free(spool->memory);
    free(spool->block);
    free(spool->col);
    free(spool->text);
    free(spool);
}

mt_sink *mt_spool_sink(mt_spool *spool)
{
    return &spool->sink;
}

const mt_schema *mt_spool_schema(const mt_spool *spool)
{
    return spool->schema;
}

uint64_t mt_spool_rows(const mt_spool *spool)
{
    return spool->rows;
}

bool mt_spool_in_file(const mt_spool *spool)
{
    return spool->fd >= 0;
}

void mt_spool_rewind(mt_spool *spool)
{
    spool->at = 0;
}

static mt_code read_file(mt_ctx *cx, mt_spool *spool, void *out, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(spool->fd, (char *)out + done, n - done, (off_t)(spool->at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return fail_file(cx, spool, "read back");
        done += (size_t)got;
    }
    spool->at += n;
    return MT_OK;
}

static mt_code block_from_file(mt_ctx *cx, mt_spool *spool, struct head *head, const unsigned char **out)
{
    MT_TRY(read_file(cx, spool, head, sizeof *head));
    if (head->bytes > spool->block_room) {
        free(spool->block);
        spool->block = malloc(head->bytes);
        spool->block_room = spool->block ? head->bytes : 0;
        if (!spool->block) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a result");
    }
    *out = spool->block;
    return read_file(cx, spool, spool->block, head->bytes);
}

/* The next chunk's bytes; *out is NULL at the end. */
static mt_code next_block(mt_ctx *cx, mt_spool *spool, struct head *head, const unsigned char **out)
{
    *out = NULL;
    if (spool->fd >= 0) return spool->at >= spool->file_bytes ? MT_OK : block_from_file(cx, spool, head, out);
    if (spool->at >= spool->used) return MT_OK;
    memcpy(head, spool->memory + spool->at, sizeof *head);
    *out = spool->memory + spool->at + sizeof *head;
    spool->at += sizeof *head + head->bytes;
    return MT_OK;
}

static mt_code room_for_texts(mt_ctx *cx, mt_spool *spool, size_t n)
{
    size_t columns = 0;
    for (size_t k = 0; k < spool->schema->n_col; k++) columns += is_text(spool->schema->col[k].type);
    if (columns * n <= spool->text_room) return MT_OK;
    free(spool->text);
    spool->text = malloc(columns * n * sizeof *spool->text);
    spool->text_room = spool->text ? columns * n : 0;
    return spool->text ? MT_OK : mt_fail(cx, MT_E_MEMORY, "memory ran out for a result");
}

static const unsigned char *take_texts(mt_text *text, const unsigned char *at, size_t n)
{
    const unsigned char *bytes = at + n * sizeof(uint64_t);
    const unsigned char *start = at;
    for (size_t i = 0; i < n; i++) {
        uint64_t length;
        memcpy(&length, at + i * sizeof length, sizeof length);
        text[i] = (mt_text){NULL, 0};
        if (length == MISSING) continue;
        text[i] = (mt_text){(const char *)bytes, (size_t)length};
        bytes += length;
    }
    return start + padded((size_t)(bytes - start));
}

mt_code mt_spool_next(mt_ctx *cx, mt_spool *spool, mt_chunk *out)
{
    struct head head;
    const unsigned char *at;
    *out = (mt_chunk){0, spool->col};
    MT_TRY(next_block(cx, spool, &head, &at));
    if (!at) return MT_OK;
    size_t n = (size_t)head.rows;
    MT_TRY(room_for_texts(cx, spool, n));
    mt_text *text = spool->text;
    for (size_t k = 0; k < spool->schema->n_col; k++) {
        mt_type type = spool->schema->col[k].type;
        uint64_t has_valid;
        memcpy(&has_valid, at, sizeof has_valid);
        at += sizeof has_valid;
        spool->col[k].valid = has_valid ? (const uint64_t *)(const void *)at : NULL;
        if (has_valid) at += (n + 63) / 64 * 8;
        spool->col[k].data = is_text(type) ? (const void *)text : at;
        if (is_text(type)) {
            at = take_texts(text, at, n);
            text += n;
        } else {
            at += padded(n * mt_type_bytes(type));
        }
    }
    out->n = n;
    return MT_OK;
}

mt_code mt_spool_pour(mt_ctx *cx, mt_spool *spool, const mt_schema *schema, mt_sink *sink)
{
    MT_TRY(mt_sink_schema(sink, cx, schema));
    for (;;) {
        mt_chunk chunk;
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(mt_spool_next(cx, spool, &chunk));
        if (!chunk.n) return mt_sink_finish(sink, cx);
        MT_TRY(mt_sink_push(sink, cx, &chunk));
    }
}

mt_code mt_spool_send(mt_ctx *cx, mt_spool *spool, mt_sink *sink)
{
    mt_spool_rewind(spool);
    return mt_spool_pour(cx, spool, spool->schema, sink);
}
