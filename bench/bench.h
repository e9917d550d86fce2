/* What the benchmarks share: two clocks, the least and the median of some runs, one form of a line.
 *
 * Purpose   Every figure stands beside a peer or a limit measured in the same run.
 * Units     Seconds in; figure and peer of a line in the line's unit. Ratio = figure / peer.
 * Source    bench/README.md tells how to read the lines.
 */
#ifndef MT_BENCH_BENCH_H
#define MT_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_RUNS_MAX = 32 };

/* A moment, or the time since one. Processor time is that of all threads of this process. */
typedef struct bench_span {
    double wall_s, cpu_s;
} bench_span;

typedef struct bench_runs {
    double wall_s[BENCH_RUNS_MAX], cpu_s[BENCH_RUNS_MAX];
    size_t n;
} bench_runs;

typedef struct bench_line {
    const char *what, *unit;
    double figure;
    const char *peer; /* NULL: none */
    double peer_figure;
    double aim, aim_ratio; /* 0: none */
    bool at_most;          /* aims are upper limits: times and memory */
} bench_line;

static inline double bench_clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline bench_span bench_now(void)
{
    return (bench_span){bench_clock_s(CLOCK_MONOTONIC), bench_clock_s(CLOCK_PROCESS_CPUTIME_ID)};
}

static inline bench_span bench_since(bench_span start)
{
    bench_span now = bench_now();
    return (bench_span){now.wall_s - start.wall_s, now.cpu_s - start.cpu_s};
}

static inline void bench_add(bench_runs *runs, bench_span taken)
{
    if (runs->n == BENCH_RUNS_MAX) return;
    runs->wall_s[runs->n] = taken.wall_s;
    runs->cpu_s[runs->n++] = taken.cpu_s;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double bench_median(const double *value, size_t n)
{
    double sorted[BENCH_RUNS_MAX];
    if (n == 0) return 0;
    memcpy(sorted, value, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, bench_compare);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static inline double bench_least(const double *value, size_t n)
{
    double least = n ? value[0] : 0;
    for (size_t k = 1; k < n; k++) least = value[k] < least ? value[k] : least;
    return least;
}

/* Three digits or so; "-" for what is not there. */
static inline const char *bench_number(char text[24], double value, bool there)
{
    if (there)
        snprintf(text, 24, "%.*f", value >= 100 ? 0 : value >= 10 ? 1 : 2, value);
    else
        snprintf(text, 24, "-");
    return text;
}

static inline void bench_aim(double value, double aim, bool at_most, const char *unit)
{
    bool reached = at_most ? value <= aim : value >= aim;
    if (aim > 0)
        printf(" %s %g%s%s: %s", at_most ? "<=" : ">=", aim, *unit ? " " : "", unit,
               reached ? "reached" : "MISSED");
}

/* What is measured, and how: threads, clock, runs, size. */
static inline void bench_title(const char *title)
{
    printf("%s\n%-44s %22s | %-36s | %6s | aim\n", title, "", "figure", "peer or limit", "ratio");
}

static inline void bench_print(const bench_line *line)
{
    char figure[24], peer[24], ratio[24];
    double share = line->peer ? line->figure / line->peer_figure : 0;
    printf("%-44s %9s %-12s | %-26s %9s | %6s |", line->what, bench_number(figure, line->figure, true),
           line->unit, line->peer ? line->peer : "-",
           bench_number(peer, line->peer_figure, line->peer != NULL),
           bench_number(ratio, share, line->peer != NULL));
    bench_aim(line->figure, line->aim, line->at_most, line->unit);
    if (line->aim > 0 && line->aim_ratio > 0) printf(",");
    bench_aim(share, line->aim_ratio, line->at_most, "x");
    printf("\n");
    fflush(stdout);
}

/* A figure is worth nothing when the result is wrong: such a run ends with a non-zero status. */
static inline bool bench_agree(const char *what, bool agree)
{
    printf("%-44s %9s\n", what, agree ? "yes" : "NO");
    fflush(stdout);
    return agree;
}

#endif
