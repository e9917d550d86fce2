/* Values of series brought to buckets of equal length while the rows go by. */
#include "store/data/series_fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096, COLUMNS = 7 };

/* A bucket, or what some of its rows gave. */
struct piece {
    int64_t start;
    double sum, least, most;
    uint32_t place, used; /* used: rows were seen at all */
    int64_t n;
};

/* A series and the bucket of its last row, side by side: a row touches one line of the cache. */
struct slot {
    int64_t id;
    struct piece open; /* place 0: the slot is free */
};

struct mt_series_fold {
    mt_sink sink;
    int64_t bucket_us;
    struct slot *slot; /* n_slot is a power of two */
    size_t n_slot, n_series;
    struct piece *piece;
    size_t n, room;
};

static struct slot *look(const mt_series_fold *f, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (f->n_slot - 1);
    while (f->slot[at].open.place && f->slot[at].id != id) at = (at + 1) & (f->n_slot - 1);
    return &f->slot[at];
}

/* Rounded down, also before 1970. */
static int64_t bucket_of(int64_t start, int64_t bucket_us)
{
    int64_t past = start % bucket_us;
    if (past < 0) past += bucket_us;
    return start < INT64_MIN + past ? INT64_MIN : start - past;
}

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

static void add_piece(struct piece *to, const struct piece *from)
{
    if (from->n && !to->n) {
        *to = *from;
    } else if (from->n) {
        to->n += from->n;
        to->sum += from->sum;
        if (from->least < to->least) to->least = from->least;
        if (from->most > to->most) to->most = from->most;
    }
}

/* One series after another, each in the order it came: mostly that of time. */
static mt_code sort_by_place(mt_ctx *cx, mt_series_fold *f)
{
    struct piece *to = malloc((f->room + 1) * sizeof *to);
    size_t *at = calloc(f->n_series + 2, sizeof *at);
    if (!to || !at) {
        free(to);
        free(at);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu buckets", f->n);
    }
    for (size_t k = 0; k < f->n; k++) at[f->piece[k].place + 1]++;
    for (size_t k = 1; k < f->n_series + 2; k++) at[k] += at[k - 1];
    for (size_t k = 0; k < f->n; k++) to[at[f->piece[k].place]++] = f->piece[k];
    free(at);
    free(f->piece);
    f->piece = to;
    return MT_OK;
}

/* Sorted, and one piece a bucket. */
static mt_code join_pieces(mt_ctx *cx, mt_series_fold *f)
{
    size_t kept = 0;
    bool sorted = true;
    MT_TRY(sort_by_place(cx, f));
    for (size_t k = 1; k < f->n && sorted; k++) sorted = compare_pieces(&f->piece[k - 1], &f->piece[k]) <= 0;
    if (!sorted) qsort(f->piece, f->n, sizeof *f->piece, compare_pieces);
    for (size_t k = 0; k < f->n; k++) {
        if (kept && compare_pieces(&f->piece[kept - 1], &f->piece[k]) == 0) {
            add_piece(&f->piece[kept - 1], &f->piece[k]);
        } else {
            f->piece[kept++] = f->piece[k];
        }
    }
    f->n = kept;
    return MT_OK;
}

static mt_code make_room(mt_ctx *cx, mt_series_fold *f)
{
    if (f->room >= MT_FOLD_MAX) {
        MT_TRY(join_pieces(cx, f));
        if (f->n <= f->room / 2) return MT_OK;
        return mt_fail(cx, MT_E_TOO_LARGE, "more than %d buckets were asked for", MT_FOLD_MAX / 2);
    }
    size_t room = f->room ? 2 * f->room : FIRST_ROOM;
    struct piece *piece = realloc(f->piece, room * sizeof *piece);
    if (!piece) return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu buckets", f->n);
    f->piece = piece;
    f->room = room;
    return MT_OK;
}

static mt_code close_piece(mt_ctx *cx, mt_series_fold *f, struct piece *open)
{
    if (!open->used) return MT_OK;
    if (f->n == f->room) MT_TRY(make_room(cx, f));
    f->piece[f->n++] = *open;
    return MT_OK;
}

static mt_code open_piece(mt_ctx *cx, mt_series_fold *f, struct piece *open, int64_t start)
{
    MT_TRY(close_piece(cx, f, open));
    *open = (struct piece){.start = bucket_of(start, f->bucket_us),
                           .least = INFINITY,
                           .most = -INFINITY,
                           .place = open->place,
                           .used = true};
    return MT_OK;
}

static void add_value(struct piece *open, double value)
{
    open->n++;
    open->sum += value;
    open->least = value < open->least ? value : open->least;
    open->most = value > open->most ? value : open->most;
}

static mt_code fold_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink;
    bool right = schema->n_col == 3 && schema->col[0].type == MT_INT && schema->col[1].type == MT_TIME &&
                 schema->col[2].type == MT_REAL;
    return right ? MT_OK : mt_fail(cx, MT_E_BUG, "rows to be folded have other columns");
}

static mt_code fold_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_series_fold *f = (mt_series_fold *)sink;
    const int64_t *id = chunk->col[0].data, *start = chunk->col[1].data;
    const double *value = chunk->col[2].data;
    for (size_t i = 0; i < chunk->n; i++) {
        struct piece *open = &look(f, id[i])->open;
        if (!open->place || !mt_column_has(&chunk->col[1], i)) continue;
        bool inside = (uint64_t)start[i] - (uint64_t)open->start < (uint64_t)f->bucket_us;
        if (!inside || !open->used) MT_TRY(open_piece(cx, f, open, start[i]));
        if (mt_column_has(&chunk->col[2], i)) add_value(open, value[i]);
    }
    return MT_OK;
}

static mt_code fold_finish(mt_sink *sink, mt_ctx *cx)
{
    mt_series_fold *f = (mt_series_fold *)sink;
    for (size_t k = 0; k < f->n_slot; k++) {
        MT_TRY(close_piece(cx, f, &f->slot[k].open));
        f->slot[k].open.used = false;
    }
    return join_pieces(cx, f);
}

static void fold_close(mt_sink *sink)
{
    (void)sink; /* released with the fold */
}

static const mt_sink_ops fold_ops = {fold_schema, fold_push, fold_finish, fold_close};

mt_code mt_series_fold_open(mt_ctx *cx, mt_series_fold **out, const int64_t *id, size_t n, int64_t bucket_us)
{
    mt_series_fold *f = calloc(1, sizeof *f);
    if (!f) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the buckets of %zu series", n);
    f->sink.ops = &fold_ops;
    f->bucket_us = bucket_us;
    f->n_series = n;
    f->n_slot = 16;
    while (f->n_slot < 2 * n) f->n_slot *= 2;
    f->slot = calloc(f->n_slot, sizeof *f->slot);
    if (!f->slot) {
        mt_series_fold_close(f);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for the buckets of %zu series", n);
    }
    for (size_t k = 0; k < n; k++) {
        struct slot *slot = look(f, id[k]);
        slot->id = id[k];
        slot->open.place = (uint32_t)(k + 1);
    }
    *out = f;
    return MT_OK;
}

void mt_series_fold_close(mt_series_fold *fold)
{
    if (!fold) return;
    free(fold->slot);
    free(fold->piece);
    free(fold);
}

mt_sink *mt_series_fold_sink(mt_series_fold *fold)
{
    return &fold->sink;
}

struct columns {
    int64_t place[MT_CHUNK_ROWS], start[MT_CHUNK_ROWS], n[MT_CHUNK_ROWS];
    double mean[MT_CHUNK_ROWS], sum[MT_CHUNK_ROWS], least[MT_CHUNK_ROWS], most[MT_CHUNK_ROWS];
    uint64_t any[MT_CHUNK_ROWS / 64];
};

static void fill(struct columns *c, const struct piece *piece, size_t n)
{
    memset(c->any, 0, sizeof c->any);
    for (size_t i = 0; i < n; i++) {
        c->place[i] = piece[i].place;
        c->start[i] = piece[i].start;
        c->n[i] = piece[i].n;
        c->mean[i] = piece[i].sum / (double)piece[i].n;
        c->sum[i] = piece[i].sum;
        c->least[i] = piece[i].least;
        c->most[i] = piece[i].most;
        if (piece[i].n) c->any[i / 64] |= (uint64_t)1 << (i % 64);
    }
}

static mt_code send_rows(mt_ctx *cx, const mt_series_fold *f, struct columns *c, mt_sink *sink)
{
    const mt_column col[COLUMNS] = {{c->place, NULL}, {c->start, NULL},   {c->n, NULL},     {c->mean, c->any},
                                    {c->sum, c->any}, {c->least, c->any}, {c->most, c->any}};
    for (size_t at = 0, n; at < f->n; at += n) {
        n = f->n - at < MT_CHUNK_ROWS ? f->n - at : MT_CHUNK_ROWS;
        fill(c, f->piece + at, n);
        const mt_chunk chunk = {n, col};
        MT_TRY(mt_sink_push(sink, cx, &chunk));
    }
    return mt_sink_finish(sink, cx);
}

mt_code mt_series_fold_send(mt_ctx *cx, mt_series_fold *fold, mt_sink *sink)
{
    static const mt_field col[COLUMNS + 1] = {
        {.name = "place", .type = MT_INT}, {.name = "start", .type = MT_TIME},
        {.name = "n", .type = MT_INT},     {.name = "mean", .type = MT_REAL},
        {.name = "sum", .type = MT_REAL},  {.name = "min", .type = MT_REAL},
        {.name = "max", .type = MT_REAL},
    };
    const mt_schema schema = {.name = "buckets", .col = col, .n_col = COLUMNS};
    struct columns *c = malloc(sizeof *c);
    if (!c) return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu buckets", fold->n);
    mt_code code = mt_sink_schema(sink, cx, &schema);
    if (code == MT_OK) code = send_rows(cx, fold, c, sink);
    free(c);
    return code;
}
