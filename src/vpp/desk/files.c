/* Which file counts: of one thing and day the newest, as a whole. */
#include "vpp/desk/maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_origins(const void *a, const void *b)
{
    const mt_vpp_origin *x = &(*(mt_seen_origin *const *)a)->origin;
    const mt_vpp_origin *y = &(*(mt_seen_origin *const *)b)->origin;
    if (x->version != y->version) return x->version < y->version ? -1 : 1;
    int by_name = strcmp(x->name, y->name);
    if (by_name) return by_name;
    return x < y ? -1 : x > y;
}

mt_code mt_maker_rank(mt_desk_maker *m)
{
    mt_seen_origin **by;
    MT_TRY(mt_ctx_alloc(&m->raw, &by, m->n_origin, sizeof *by));
    for (size_t k = 0; k < m->n_origin; k++) by[k] = &m->origin[k];
    qsort(by, m->n_origin, sizeof *by, compare_origins);
    for (size_t k = 0; k < m->n_origin; k++) by[k]->rank = (uint32_t)k;
    return MT_OK;
}

/* What two files must share for the newer to stand for the older. */
typedef struct thing {
    mt_raw *raw;
    int64_t key; /* day, or a forecast's version; MT_DAY_NONE: nothing else stands for it */
    uint32_t rank;
} thing;

static int compare_subjects(const mt_raw *a, const mt_raw *b)
{
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return a->subject == b->subject ? 0 : strcmp(a->subject, b->subject);
}

static int compare_things(const void *a, const void *b)
{
    const thing *x = a, *y = b;
    int order = compare_subjects(x->raw, y->raw);
    if (order) return order;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int compare_ranks(const void *a, const void *b)
{
    const thing *x = a, *y = b;
    int order = compare_subjects(x->raw, y->raw);
    if (order) return order;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return (x->raw->version > y->raw->version) - (x->raw->version < y->raw->version);
}

static size_t values_of(const mt_raw *raw)
{
    if (raw->live) return mt_live_fold_n(raw->live);
    if (raw->fold) return (size_t)raw->fold->trades;
    return raw->n;
}

static mt_code replace(mt_desk_maker *m, const mt_raw *old, const mt_raw *by)
{
    const char *file = mt_maker_origin(m, old->origin)->name;
    mt_finding f = {.kind = MT_F_TWO_FILES,
                    .asset_id = old->subject,
                    .file = file,
                    .time = MT_TIME_NONE,
                    .value = NAN,
                    .count = 1};
    if (values_of(old) == 0 || old->kind == MT_RAW_BESIDE) return MT_OK; /* or told of its prices already */
    return mt_maker_find(m, &f, "%s and %s are about the same of %s: the newer, %s, counts as a whole", file,
                         mt_maker_origin(m, by->origin)->name, old->subject,
                         mt_maker_origin(m, by->origin)->name);
}

/* Things of one key stand together, the newest last. */
static mt_code mark_counting(mt_desk_maker *m, thing *t, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1;
             to < n && t[to].key == t[from].key && compare_subjects(t[to].raw, t[from].raw) == 0;)
            to++;
        const thing *newest = &t[to - 1];
        for (size_t k = from; k < to; k++) {
            bool alone = t[k].raw->kind == MT_RAW_WEATHER || t[k].key == MT_DAY_NONE;
            t[k].raw->counts = alone || t[k].rank == newest->rank;
            if (!t[k].raw->counts) MT_TRY(replace(m, t[k].raw, newest->raw));
        }
    }
    return MT_OK;
}

/* A file that counts although its moment lies long after its day: who settled before did it without. */
static mt_code tell_late(mt_desk_maker *m, const mt_raw *raw)
{
    enum { MEASURED_DAYS = 7, OTHER_DAYS = 40 }; /* final imbalance prices take a month */
    const mt_vpp_origin *o = mt_maker_origin(m, raw->origin);
    const bool measured = raw->kind == MT_RAW_METER || raw->kind == MT_RAW_LIVE;
    if (o->day == MT_DAY_NONE || o->version == MT_TIME_NONE) return MT_OK;
    const int64_t days = (o->version - (o->day + 1) * MT_US_DAY) / MT_US_DAY;
    if (days < (measured ? MEASURED_DAYS : OTHER_DAYS)) return MT_OK;
    mt_finding f = {.kind = MT_F_LATE_FILE,
                    .asset_id = raw->subject,
                    .file = o->name,
                    .time = o->version,
                    .value = (double)days,
                    .count = 1};
    return mt_maker_find(m, &f, "%s came %lld days after its day", o->name, (long long)days);
}

mt_code mt_maker_settle_files(mt_desk_maker *m)
{
    thing *t;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(&m->raw, &t, m->n_list, sizeof *t));
    for (size_t k = 0; k < m->n_list; k++) {
        mt_raw *raw = m->list[k];
        const mt_seen_origin *o = &m->origin[raw->origin];
        if (o->out || !raw->counts) {
            mt_raw_close(raw);
            continue;
        }
        int64_t key = raw->kind == MT_RAW_FORECAST ? raw->version : o->origin.day;
        t[n++] = (thing){raw, key, o->rank};
    }
    qsort(t, n, sizeof *t, compare_things);
    MT_TRY(mark_counting(m, t, n));
    qsort(t, n, sizeof *t, compare_ranks);
    m->n_list = 0;
    for (size_t k = 0; k < n; k++) {
        if (!t[k].raw->counts) {
            mt_raw_close(t[k].raw);
            continue;
        }
        m->list[m->n_list++] = t[k].raw;
        MT_TRY(tell_late(m, t[k].raw));
    }
    return MT_OK;
}

static int compare_to(mt_raw_kind kind, const char *subject, const mt_raw *raw)
{
    if (kind != raw->kind) return kind < raw->kind ? -1 : 1;
    return subject == raw->subject ? 0 : strcmp(subject, raw->subject);
}

size_t mt_maker_range(const mt_desk_maker *m, mt_raw_kind kind, const char *subject, mt_raw *const **out)
{
    size_t low = 0, high = m->n_list, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_to(kind, subject, m->list[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < m->n_list && compare_to(kind, subject, m->list[low + n]) == 0) n++;
    *out = n ? m->list + low : m->list; /* without any list there is no place in it */
    return n;
}
