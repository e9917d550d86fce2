/* Values of one series in order of time, gathered into buckets. */
#include "store/keep/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

mt_time mt_fold_floor(mt_time t, mt_time step)
{
    mt_time rest = t % step;
    return t - rest - (rest < 0 ? step : 0);
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink;
    bool right = schema->n_col == 3 && schema->col[0].type == MT_TIME && schema->col[1].type == MT_REAL &&
                 schema->col[2].type == MT_TIME;
    return right ? MT_OK : mt_fail(cx, MT_E_BUG, "values to be rolled up come in other columns than asked");
}

static mt_code open_bucket(mt_fold_sink *f, mt_ctx *cx, mt_time start)
{
    if (f->n == f->room) {
        size_t room = 2 * f->room + 64;
        mt_fold_bucket *grown = realloc(f->at, room * sizeof *grown);
        if (!grown) return mt_fail(cx, MT_E_MEMORY, "memory ran out for values to be rolled up");
        f->at = grown;
        f->room = room;
    }
    f->at[f->n++] = (mt_fold_bucket){
        .start = start, .known_at = INT64_MIN, .min = INFINITY, .max = -INFINITY, .last = NAN};
    return MT_OK;
}

/* Neumaier's sum: what is too small to show in it is gathered beside it. */
static void add(mt_fold_bucket *b, double value)
{
    double sum = b->sum + value;
    b->lost += fabs(b->sum) >= fabs(value) ? (b->sum - sum) + value : (value - sum) + b->sum;
    b->sum = sum;
    b->n++;
    b->last = value;
    if (value < b->min) b->min = value;
    if (value > b->max) b->max = value;
}

static mt_code push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_fold_sink *f = (mt_fold_sink *)sink;
    const mt_time *start = chunk->col[0].data, *known_at = chunk->col[2].data;
    const double *value = chunk->col[1].data;
    for (size_t i = 0; i < chunk->n; i++) {
        mt_time bucket = mt_fold_floor(start[i], f->step);
        if (!f->n || f->at[f->n - 1].start != bucket) MT_TRY(open_bucket(f, cx, bucket));
        mt_fold_bucket *b = &f->at[f->n - 1];
        b->rows++;
        if (known_at[i] > b->known_at) b->known_at = known_at[i];
        if (mt_column_has(&chunk->col[1], i) && !isnan(value[i])) add(b, value[i]);
    }
    return mt_ctx_check(cx);
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void close_sink(mt_sink *sink)
{
    (void)sink; /* the caller has it on his stack: mt_fold_close */
}

void mt_fold_open(mt_fold_sink *out, mt_time step)
{
    static const mt_sink_ops ops = {take_schema, push, finish, close_sink};
    memset(out, 0, sizeof *out);
    out->sink.ops = &ops;
    out->step = step;
}

void mt_fold_close(mt_fold_sink *fold)
{
    free(fold->at);
}
