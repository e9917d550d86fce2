/* Sorting observations by the name of their series, then by time. */
#include "market/series/series_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_text(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b);
}

static int compare_name(const mt_observation *a, const mt_observation *b)
{
    int order = compare_text(a->kind, b->kind);
    if (!order) order = compare_text(a->area, b->area);
    if (!order) order = compare_text(a->detail, b->detail);
    if (!order) order = compare_text(a->unit, b->unit);
    if (!order) order = compare_text(a->source, b->source);
    return order ? order : (a->step > b->step) - (a->step < b->step);
}

static int by_name_and_time(const void *left, const void *right)
{
    const mt_point *a = left, *b = right;
    int order = compare_name(a->of, b->of);
    if (order) return order;
    if (a->of->start != b->of->start) return a->of->start < b->of->start ? -1 : 1;
    if (a->fresh != b->fresh) return a->fresh ? 1 : -1;
    if (a->of->known_at != b->of->known_at) return a->of->known_at < b->of->known_at ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static size_t count_series(const mt_point *point, size_t n)
{
    size_t series = n > 0;
    for (size_t i = 1; i < n; i++) series += compare_name(point[i - 1].of, point[i].of) != 0;
    return series;
}

mt_code mt_points_group(mt_ctx *cx, mt_points **out, size_t *n_out, const mt_observation *fresh,
                        size_t n_fresh, const mt_observation *beside, size_t n_beside)
{
    mt_point *point;
    mt_points *series;
    size_t n = n_fresh + n_beside, k = 0;
    MT_TRY(MT_NEW(cx, &point, n));
    for (size_t i = 0; i < n_fresh; i++) point[i] = (mt_point){&fresh[i], i, true};
    for (size_t i = 0; i < n_beside; i++) point[n_fresh + i] = (mt_point){&beside[i], i, false};
    if (n) qsort(point, n, sizeof *point, by_name_and_time);
    MT_TRY(MT_NEW(cx, &series, count_series(point, n)));
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_name(point[i - 1].of, point[i].of) != 0)
            series[k++] = (mt_points){point[i].of, &point[i], 0};
        series[k - 1].n++;
    }
    *out = series;
    *n_out = k;
    return MT_OK;
}

void mt_points_thin(mt_points *points)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->n; i++) {
        if (isnan(points->at[i].of->value)) continue;
        bool again = kept && points->at[kept - 1].of->start == points->at[i].of->start;
        points->at[again ? kept - 1 : kept] = points->at[i];
        kept += !again;
    }
    points->n = kept;
}

ptrdiff_t mt_points_find(const mt_points *points, mt_time start)
{
    size_t low = 0, high = points->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points->at[middle].of->start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low < points->n && points->at[low].of->start == start ? (ptrdiff_t)low : -1;
}
