/* A portfolio's day and month as a desk runs them: the built program as a child process.
 *
 * Day: `merit pipeline run vpp` on a simulated sample day (5 plants, 3,349 own and 20,000 public trades, 96
 * versions of every forecast), from files to invoices and reports, each time into an empty folder. Beside
 * it, in turn: a start of the program that does nothing, and the same files written and synced by a bare
 * loop. Month: `merit vpp settle` and `merit vpp invoice` on 31 days of minutes, once each; beside them every
 * byte of the files read once.
 *
 *   bench_portfolio [--whole | --assets N] [PROGRAM]
 *
 * --whole: 1,000 plants, 44.6 million points (3 GB of files below TMPDIR); else 50, whose figures are told
 * by 1,000 plants. */
#include "child.h"

enum { RUNS = 9, ASSETS = 50, WHOLE = 1000, DAYS = 31 };

static const double month_wall_s = 60, month_peak_mb = 2048; /* of 1,000 plants */

/* --- the day --- */

static void simulate_day(const struct bench *bench)
{
    run_merit(bench, (const char *[]){"data", "simulate", "--vpp", "--day", "2025-06-08", "--into",
                                      bench->data, NULL});
}

static struct usage run_day(const struct bench *bench, const char *store)
{
    remove_folder(bench->out);
    return run_merit(bench,
                     (const char *[]){"pipeline", "run", "vpp", "--data", bench->data, "--day", "2025-06-08",
                                      "--out", bench->out, "--fresh", "--store", store, NULL});
}

struct day_runs {
    bench_runs nothing, drafts, whole, bare;
    double peak_mb;
};

static void run_in_turn(struct day_runs *runs, const struct bench *bench)
{
    char store[PATH_SIZE];
    set_path(store, "duckdb:%s/merit.duckdb", bench->out);
    for (int run = 0; run < RUNS; run++) {
        bench_add(&runs->nothing, run_merit(bench, (const char *[]){"--version", NULL}).span);
        bench_add(&runs->whole, run_day(bench, store).span);
        struct usage drafts = run_day(bench, "none");
        bench_add(&runs->drafts, drafts.span);
        if (drafts.peak_mb > runs->peak_mb) runs->peak_mb = drafts.peak_mb;
        bench_add(&runs->bare, write_bare(bench));
    }
}

static double ms(double seconds)
{
    return seconds * 1e3;
}

static void bench_day(struct bench *bench)
{
    struct day_runs runs = {.bare.n = 0};
    char bare[64];
    simulate_day(bench);
    bench->finds = true; /* a contract that cannot be priced is in the sample */
    run_in_turn(&runs, bench);
    snprintf(bare, sizeof bare, "%zu files, bare, fsync", left.n);
    const bench_line line[] = {
        {"wall, from files to drafts and reports", "ms", ms(bench_median(runs.drafts.wall_s, RUNS)), bare,
         ms(bench_median(runs.bare.wall_s, RUNS)), 300, 0, true},
        {"  the fastest of these runs", "ms", ms(bench_least(runs.drafts.wall_s, RUNS)),
         "the fastest of those", ms(bench_least(runs.bare.wall_s, RUNS)), 300, 0, true},
        {"cpu, from files to drafts and reports", "ms", ms(bench_median(runs.drafts.cpu_s, RUNS)),
         "start and stop", ms(bench_median(runs.nothing.cpu_s, RUNS)), 0, 0, true},
        {"peak memory of that", "MB", runs.peak_mb, NULL, 0, 0, 0, true},
        {"wall, numbered in a new store, e-invoices too", "ms", ms(bench_median(runs.whole.wall_s, RUNS)),
         NULL, 0, 0, 0, true},
        {"cpu, numbered in a new store, e-invoices too", "ms", ms(bench_median(runs.whole.cpu_s, RUNS)), NULL,
         0, 0, 0, true}};
    for (size_t k = 0; k < sizeof line / sizeof *line; k++) bench_print(&line[k]);
}

/* --- the month --- */

static void simulate_month(const struct bench *bench, int assets)
{
    char number[16];
    snprintf(number, sizeof number, "%d", assets);
    run_merit(bench, (const char *[]){"data", "simulate", "--vpp", "--day", "2025-07-01", "--days", "31",
                                      "--versions", "1", "--assets", number, "--into", bench->data, NULL});
}

static int read_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    char piece[1 << 16];
    (void)st, (void)at;
    int file = type == FTW_F ? open(path, O_RDONLY) : -1;
    while (file >= 0 && read(file, piece, sizeof piece) > 0) {
    }
    if (file >= 0) close(file);
    return 0;
}

static double read_files(const struct bench *bench)
{
    bench_span start = bench_now();
    nftw(bench->data, read_one, 16, FTW_PHYS);
    return bench_since(start).cpu_s;
}

static struct usage run_month(const struct bench *bench, const char *verb)
{
    remove_folder(bench->out);
    return run_merit(bench, (const char *[]){"vpp", verb, "--data", bench->data, "--month", "2025-07",
                                             "--output", "csv", "--store", "none",
                                             strcmp(verb, "settle") ? "--into" : NULL, bench->out, NULL});
}

static void print_month(const char *what, const struct usage *usage, int assets, double read_s)
{
    char name[2][64];
    double share = (double)WHOLE / assets;
    snprintf(name[0], sizeof name[0], "%s, wall, by 1,000 plants", what);
    snprintf(name[1], sizeof name[1], "%s, cpu, by 1,000 plants", what);
    bench_print(&(bench_line){name[0], "s", usage->span.wall_s * share, NULL, 0, month_wall_s, 0, true});
    bench_print(&(bench_line){name[1], "s", usage->span.cpu_s * share, "reading every byte", read_s * share,
                              0, 0, true});
    bench_print(
        &(bench_line){"  its peak memory, as it is", "MB", usage->peak_mb, NULL, 0, month_peak_mb, 0, true});
}

static void bench_month(struct bench *bench, int assets)
{
    char title[160];
    set_path(bench->data, "%s/month", bench->folder);
    bench->finds = false;
    simulate_month(bench, assets);
    bench->finds = true;
    snprintf(title, sizeof title, "\n%d plants, %d days of minutes (%.1f million points); one run", assets,
             DAYS, assets * DAYS * 1440e-6);
    bench_title(title);
    double read_s = read_files(bench);
    struct usage settled = run_month(bench, "settle"), billed = run_month(bench, "invoice");
    print_month("settled", &settled, assets, read_s);
    print_month("settled, invoiced as PDF", &billed, assets, read_s);
}

int main(int argc, char **argv)
{
    struct bench bench = {.finds = false};
    int assets = ASSETS, k = 1;
    if (k < argc && strcmp(argv[k], "--whole") == 0) assets = WHOLE, k++;
    if (k + 1 < argc && strcmp(argv[k], "--assets") == 0) assets = atoi(argv[k + 1]), k += 2;
    if (assets < 1) stop("--assets wants a number");
    find_merit(&bench, k < argc ? argv[k] : NULL);
    make_folder(&bench);
    set_path(bench.data, "%s/day", bench.folder);
    bench_title("A sample day of a portfolio; median of 9 runs, each in an empty folder");
    bench_day(&bench);
    bench_month(&bench, assets);
    return 0;
}
