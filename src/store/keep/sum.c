/* A number that tells whether two tables hold the same rows, in whatever order. */
#include "store/keep/sum.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 64 };

struct sum_sink {
    mt_sink sink;
    mt_sink *inner;
    mt_table_sum *sum;
    size_t n;
    mt_type type[COLUMNS_MAX];
    uint64_t seed[COLUMNS_MAX]; /* of each column's name */
};

/* The finaliser of splitmix64: every bit of the input moves every bit of the result. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t hash_bytes(uint64_t seed, const char *at, size_t n)
{
    uint64_t hash = mix(seed + n), word;
    for (; n >= 8; at += 8, n -= 8) {
        memcpy(&word, at, 8);
        hash = mix(hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
    }
    word = 0;
    if (n) memcpy(&word, at, n);
    return mix(hash ^ word);
}

static uint64_t hash_value(uint64_t seed, mt_type type, mt_value value)
{
    uint64_t word = 0;
    double real = value.as.real + 0.0; /* one zero */
    if (!value.present) return mix(seed ^ UINT64_C(0x6d697373696e67));
    switch (type) {
    case MT_TEXT:
    case MT_CHOICE:
        return hash_bytes(seed, value.as.text.at, value.as.text.length);
    case MT_REAL:
        memcpy(&word, &real, sizeof word);
        break;
    case MT_BOOL:
        word = value.as.boolean;
        break;
    default:
        word = (uint64_t)value.as.integer;
        break;
    }
    return mix(mix(seed) ^ word);
}

static mt_code sum_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct sum_sink *s = (struct sum_sink *)sink;
    if (schema->n_col > COLUMNS_MAX)
        return mt_fail(cx, MT_E_SHAPE, "%s has more than %d columns", schema->name, COLUMNS_MAX);
    s->n = schema->n_col;
    for (size_t k = 0; k < s->n; k++) {
        s->type[k] = schema->col[k].type;
        s->seed[k] = hash_bytes(1, schema->col[k].name, strlen(schema->col[k].name));
    }
    return s->inner ? mt_sink_schema(s->inner, cx, schema) : MT_OK;
}

static mt_code sum_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct sum_sink *s = (struct sum_sink *)sink;
    for (size_t i = 0; i < chunk->n; i++) {
        uint64_t row = 0;
        for (size_t k = 0; k < s->n; k++)
            row += hash_value(s->seed[k], s->type[k], mt_column_get(&chunk->col[k], s->type[k], i));
        s->sum->sum += mix(row);
    }
    s->sum->rows += chunk->n;
    MT_TRY(mt_ctx_check(cx));
    return s->inner ? mt_sink_push(s->inner, cx, chunk) : MT_OK;
}

static mt_code sum_finish(mt_sink *sink, mt_ctx *cx)
{
    struct sum_sink *s = (struct sum_sink *)sink;
    return s->inner ? mt_sink_finish(s->inner, cx) : MT_OK;
}

static void sum_close(mt_sink *sink)
{
    free(sink);
}

static const mt_sink_ops sum_ops = {sum_schema, sum_push, sum_finish, sum_close};

mt_code mt_sum_sink(mt_ctx *cx, mt_sink **out, mt_table_sum *sum, mt_sink *inner)
{
    struct sum_sink *s = calloc(1, sizeof *s);
    if (!s) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a sum of rows");
    s->sink.ops = &sum_ops;
    s->inner = inner;
    s->sum = sum;
    *sum = (mt_table_sum){0, 0};
    *out = &s->sink;
    return MT_OK;
}
