/* Judging a batch series by series. */
#include "market/series/guard.h"

#include "market/series/checks.h"

#include <math.h>
#include <string.h>

#define SUSPECT_NAME(symbol, bit, name, text) name,
#define SUSPECT_TEXT(symbol, bit, name, text) text,
static const char *const suspect_name[] = {MT_SUSPECT_LIST(SUSPECT_NAME)};
static const char *const suspect_text[] = {MT_SUSPECT_LIST(SUSPECT_TEXT)};

enum { PEERS_MAX = 8 };

struct guard {
    mt_ctx *cx;
    const mt_guard_options *options;
    mt_points *series;
    size_t n_series;
    uint32_t *reason;
    size_t unlearned;
    const mt_points *peer[PEERS_MAX]; /* other sources of the series in hand */
    size_t n_peer;
};

/* Rows of the batch that say different things of one period. Before thinning. */
static void judge_twice(struct guard *g, const mt_points *p)
{
    for (size_t i = 1; i < p->n; i++) {
        const mt_point *a = &p->at[i - 1], *b = &p->at[i];
        if (!a->fresh || !b->fresh || a->of->start != b->of->start || a->of->known_at != b->of->known_at)
            continue;
        if (a->of->value == b->of->value || isnan(a->of->value) || isnan(b->of->value)) continue;
        g->reason[a->row] |= MT_SUSPECT_TWICE;
        g->reason[b->row] |= MT_SUSPECT_TWICE;
    }
}

static bool other_source(const mt_observation *a, const mt_observation *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->area, b->area) == 0 &&
           strcmp(a->detail, b->detail) == 0 && strcmp(a->unit, b->unit) == 0 && a->step == b->step &&
           strcmp(a->source, b->source) != 0;
}

static void find_peers(struct guard *g, const mt_points *p)
{
    g->n_peer = 0;
    for (size_t k = 0; k < g->n_series && g->n_peer < PEERS_MAX; k++)
        if (other_source(p->name, g->series[k].name)) g->peer[g->n_peer++] = &g->series[k];
}

/* -1: another source says otherwise, 1: all others agree, 0: there is none. */
static int ask_others(const struct guard *g, const mt_observation *v, double spread)
{
    int answer = 0;
    for (size_t k = 0; k < g->n_peer; k++) {
        ptrdiff_t j = mt_points_find(g->peer[k], v->start);
        if (j < 0) continue;
        if (mt_check_disagrees(v->value, g->peer[k]->at[j].of->value, spread)) return -1;
        answer = 1;
    }
    return answer;
}

static void judge_point(struct guard *g, const mt_points *p, size_t i, const mt_habit *habit,
                        const mt_sun_view *sun)
{
    uint32_t *reason = &g->reason[p->at[i].row];
    int others = ask_others(g, p->at[i].of, habit->spread);
    if (mt_check_bounds(p->at[i].of)) *reason |= MT_SUSPECT_BOUNDS;
    if (mt_check_night(sun, p, i)) *reason |= MT_SUSPECT_NIGHT;
    if (mt_check_too_bright(sun, p, i)) *reason |= MT_SUSPECT_BRIGHT;
    if (others < 0) *reason |= MT_SUSPECT_DISAGREES;
    if (isnan(habit->strange)) {
        g->unlearned++;
    } else if (others < 1 && mt_check_strangeness(p, i) > habit->strange) {
        *reason |= MT_SUSPECT_STRANGE;
    }
}

static mt_code judge_series(struct guard *g, const mt_points *p)
{
    mt_habit habit;
    mt_sun_view sun;
    mt_time first = MT_TIME_NONE;
    for (size_t i = 0; i < p->n && first == MT_TIME_NONE; i++)
        if (p->at[i].fresh) first = p->at[i].of->start;
    if (first == MT_TIME_NONE) return MT_OK;
    find_peers(g, p);
    MT_TRY(mt_check_habit(g->cx, &habit, p, first));
    MT_TRY(mt_check_sun(g->cx, &sun, p, g->options->latitude, g->options->longitude, first));
    for (size_t i = 0; i < p->n; i++)
        if (p->at[i].fresh) judge_point(g, p, i, &habit, &sun);
    return MT_OK;
}

const char *mt_suspect_name(int bit)
{
    return bit >= 0 && bit < MT_SUSPECT_BITS ? suspect_name[bit] : "unknown";
}

const char *mt_suspect_text(int bit)
{
    return bit >= 0 && bit < MT_SUSPECT_BITS ? suspect_text[bit] : "unknown";
}

mt_code mt_suspect_words(mt_ctx *cx, const char **out, uint32_t reason)
{
    const char *words = "";
    for (int bit = 0; bit < MT_SUSPECT_BITS; bit++) {
        if (!(reason >> bit & 1)) continue;
        MT_TRY(mt_text_format(cx, &words, "%s%s%s", words, *words ? ", " : "", suspect_name[bit]));
    }
    *out = words;
    return MT_OK;
}

mt_code mt_batch_judge(mt_ctx *cx, mt_batch_verdict *out, const mt_observation *batch, size_t n,
                       const mt_observation *beside, size_t m, const mt_guard_options *options)
{
    struct guard g = {.cx = cx, .options = options};
    mt_batch_verdict v = {0};
    MT_TRY(MT_NEW(cx, &g.reason, n));
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_points_group(cx, &g.series, &g.n_series, batch, n, beside, m));
    for (size_t k = 0; k < g.n_series; k++) {
        judge_twice(&g, &g.series[k]);
        mt_points_thin(&g.series[k]);
    }
    for (size_t k = 0; k < g.n_series; k++) MT_TRY(judge_series(&g, &g.series[k]));
    mt_arena_reset(&cx->arena, mark);
    for (size_t i = 0; i < n; i++) {
        v.suspicious += g.reason[i] != 0;
        for (int bit = 0; bit < MT_SUSPECT_BITS; bit++) v.by[bit] += g.reason[i] >> bit & 1;
    }
    v.quarantine = v.suspicious > 0;
    v.unlearned = g.unlearned;
    v.reason = g.reason;
    *out = v;
    return MT_OK;
}
