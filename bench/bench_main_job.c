/* The main job as a user runs it: the built program as a child process, its processor time and wall clock.
 *
 * Three forms of it run, each from nothing in an empty folder: all (store, Parquet, fsync); without the
 * store; without the store and the Parquet files. The last two are the pipeline file without those tasks.
 * Beside them, in the same folder: a start of the program that does nothing, the embedded engine opened
 * and closed, and the same files written and synced by a bare loop. All six take turns, so that a busy
 * moment of the machine does not fall on one of them alone.
 *
 *   bench_main_job [--large] [PROGRAM]
 *
 * PROGRAM: else MERIT_BINARY, else ../merit beside this benchmark. Data: energy_data.csv below MERIT_SHARED
 * (../shared), else simulated rows, as many. --large adds an order file of ten million rows. Files stand in
 * a folder below TMPDIR (/var/tmp, which is on a disk) and are removed. */
#include "child.h"

#include "store/parquet/parquet.h"

enum { RUNS = 15, ROWS = 2975 };

static const char pipeline_path[] = "pipelines/market.pipeline";

/* The limit of everything that touches Parquet or the embedded store. */
static struct usage open_engine(void)
{
    bench_span start = bench_now();
    pid_t pid = fork();
    if (pid == 0) {
        mt_ctx cx;
        mt_engine *engine;
        mt_ctx_init(&cx, NULL);
        if (mt_engine_open(&cx, &engine, NULL) != MT_OK) {
            fprintf(stderr, "%s\n", cx.err);
            _exit(1);
        }
        mt_engine_close(engine);
        _exit(0);
    }
    return wait_for(pid, start, false);
}

/* --- files --- */

static bool is_in(const char *word, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(word, *list) == 0) return true;
    }
    return false;
}

/* The pipeline file without some of its tasks. */
static void write_pipeline(const char *path, const char *const *without)
{
    FILE *from = fopen(pipeline_path, "r"), *to = fopen(path, "w");
    char line[1024], name[64];
    bool skip = false;
    if (!from || !to)
        stop("pipelines/market.pipeline cannot be read; run this from the root of the repository");
    while (fgets(line, sizeof line, from)) {
        if (strncmp(line, "task ", 5) == 0) {
            snprintf(name, sizeof name, "%.*s", (int)strcspn(line + 5, " :"), line + 5);
            skip = is_in(name, without);
        }
        if (!skip) fputs(line, to);
    }
    fclose(from);
    if (fclose(to) != 0) stop(path);
}

/* The header and so many rows. */
static void copy_rows(const char *from_path, const char *to_path, long rows)
{
    FILE *from = fopen(from_path, "r"), *to = fopen(to_path, "w");
    char line[256];
    if (!from || !to) stop(from_path);
    for (long k = 0; k <= rows && fgets(line, sizeof line, from); k++) fputs(line, to);
    fclose(from);
    if (fclose(to) != 0) stop(to_path);
}

/* --- the job --- */

/* Simulated orders in FOLDER/simulated/orders.csv. */
static void simulate(const struct bench *bench, const char *days, const char *orders)
{
    char into[PATH_SIZE];
    set_path(into, "%s/simulated", bench->folder);
    run_merit(bench, (const char *[]){"data", "simulate", "--seed", "1", "--trades", "0", "--days", days,
                                      "--orders-per-period", orders, "--into", into, NULL});
}

static void find_orders(struct bench *bench)
{
    char simulated[PATH_SIZE];
    const char *shared = getenv("MERIT_SHARED");
    set_path(bench->data, "%s/data/energy_market/energy_data.csv", shared ? shared : "../shared");
    if (access(bench->data, R_OK) == 0) return;
    simulate(bench, "3", "42");
    set_path(simulated, "%s/simulated/orders.csv", bench->folder);
    set_path(bench->data, "%s/simulated.csv", bench->folder);
    copy_rows(simulated, bench->data, ROWS);
}

/* Each run starts from nothing; its files stay until the next. */
static bench_span run_job(const struct bench *bench, const char *pipeline, const char *store)
{
    remove_folder(bench->out);
    return run_merit(bench, (const char *[]){"pipeline", "run", pipeline, "--orders", bench->data, "--out",
                                             bench->out, "--fresh", "--store", store, NULL})
        .span;
}

static double cpu_ms(const bench_runs *runs)
{
    return bench_median(runs->cpu_s, runs->n) * 1e3;
}

static double wall_ms(const bench_runs *runs)
{
    return bench_median(runs->wall_s, runs->n) * 1e3;
}

struct job_runs {
    bench_runs nothing, engine, plain, parquet, whole, bare;
};

static void run_in_turn(struct job_runs *runs, const struct bench *bench)
{
    char plain[PATH_SIZE], parquet[PATH_SIZE], store[PATH_SIZE];
    set_path(plain, "%s/plain.pipeline", bench->folder);
    set_path(parquet, "%s/parquet.pipeline", bench->folder);
    set_path(store, "duckdb:%s/merit.duckdb", bench->out);
    write_pipeline(plain, (const char *[]){"store", "partition", NULL});
    write_pipeline(parquet, (const char *[]){"store", NULL});
    for (int run = 0; run < RUNS; run++) {
        bench_add(&runs->nothing, run_merit(bench, (const char *[]){"--version", NULL}).span);
        bench_add(&runs->engine, open_engine().span);
        bench_add(&runs->plain, run_job(bench, plain, "none"));
        bench_add(&runs->parquet, run_job(bench, parquet, "none"));
        bench_add(&runs->whole, run_job(bench, "market", store));
        bench_add(&runs->bare, write_bare(bench));
    }
}

static void bench_job(const struct bench *bench)
{
    struct job_runs runs = {.bare.n = 0};
    char bare[64];
    run_in_turn(&runs, bench);
    snprintf(bare, sizeof bare, "%zu files, bare, fsync", left.n);
    double start_ms = cpu_ms(&runs.nothing), engine_ms = cpu_ms(&runs.engine);
    const bench_line line[] = {
        {"cpu, without store and Parquet", "ms", cpu_ms(&runs.plain), "start and stop", start_ms, 50, 0,
         true},
        {"cpu, without store", "ms", cpu_ms(&runs.parquet), "engine opened and closed", engine_ms, 50, 0,
         true},
        {"cpu, with store", "ms", cpu_ms(&runs.whole), "engine opened and closed", engine_ms, 0, 0, true},
        {"wall, without store and Parquet", "ms", wall_ms(&runs.plain), "start and stop",
         wall_ms(&runs.nothing), 0, 0, true},
        {"wall, without store", "ms", wall_ms(&runs.parquet), "engine opened and closed",
         wall_ms(&runs.engine), 0, 0, true},
        {"wall, with store, Parquet and fsync", "ms", wall_ms(&runs.whole), bare, wall_ms(&runs.bare), 250, 0,
         true},
        {"  the fastest of these runs", "ms", bench_least(runs.whole.wall_s, RUNS) * 1e3,
         "the fastest of those", bench_least(runs.bare.wall_s, RUNS) * 1e3, 0, 0, true}};
    for (size_t k = 0; k < sizeof line / sizeof *line; k++) bench_print(&line[k]);
}

/* --- a large file --- */

static double read_seconds(const char *path)
{
    static char buffer[1 << 20];
    bench_span start = bench_now();
    int file = open(path, O_RDONLY);
    ssize_t n = 1;
    while (file >= 0 && n > 0) n = read(file, buffer, sizeof buffer);
    if (file < 0 || n < 0) stop(path);
    close(file);
    return bench_since(start).wall_s;
}

static long count_rows(const char *path)
{
    static char buffer[1 << 16];
    FILE *file = fopen(path, "r");
    long lines = 0;
    if (!file) stop(path);
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) {
        for (char *at = buffer; (at = memchr(at, '\n', (size_t)(buffer + n - at))) != NULL; at++) lines++;
    }
    fclose(file);
    return lines - 1;
}

static double file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* One large file, and its first half and tenth. */
struct large {
    char path[PATH_SIZE], half[PATH_SIZE], tenth[PATH_SIZE];
    double rows, read_s;
};

static struct usage run_on(const struct bench *bench, const char *noun, const char *verb, const char *path)
{
    return run_merit(bench, (const char *[]){noun, verb, "--orders", path, "--output", "csv", NULL});
}

static struct usage bench_speed(const struct bench *bench, const struct large *large, const char *noun,
                                const char *verb)
{
    char what[2][64];
    struct usage usage = run_on(bench, noun, verb, large->path);
    snprintf(what[0], sizeof what[0], "%s %s, wall", noun, verb);
    snprintf(what[1], sizeof what[1], "%s %s, cpu", noun, verb);
    bench_print(&(bench_line){what[0], "M rows/s", large->rows / usage.span.wall_s * 1e-6, "reading the file",
                              large->rows / large->read_s * 1e-6, 0, 0, false});
    bench_print(
        &(bench_line){what[1], "M rows/s", large->rows / usage.span.cpu_s * 1e-6, NULL, 0, 0, 0, false});
    return usage;
}

/* A streaming operation: twice the rows, the same memory. */
static void bench_streaming(const struct bench *bench, const struct large *large, const char *verb)
{
    char what[64];
    struct usage tenth = run_on(bench, "data", verb, large->tenth),
                 half = run_on(bench, "data", verb, large->half);
    struct usage whole = bench_speed(bench, large, "data", verb);
    snprintf(what, sizeof what, "data %s, peak memory", verb);
    bench_print(&(bench_line){what, "MB", whole.peak_mb, "on half of the rows", half.peak_mb, 0, 1.1, true});
    bench_print(
        &(bench_line){what, "MB", whole.peak_mb, "on a tenth of the rows", tenth.peak_mb, 0, 0, true});
}

/* Clearing keeps its window: every order of every period. */
static void bench_window(const struct bench *bench, const struct large *large)
{
    struct usage half = run_on(bench, "market", "analysis", large->half);
    struct usage whole = bench_speed(bench, large, "market", "analysis");
    double per_order = (whole.peak_mb - half.peak_mb) * 1e6 / (large->rows / 2);
    bench_print(&(bench_line){"market analysis, peak memory", "MB", whole.peak_mb, "on half of the rows",
                              half.peak_mb, 0, 0, true});
    bench_print(&(bench_line){"  for each order more", "bytes", per_order, "a row of the file",
                              file_bytes(large->path) / large->rows, 0, 0, true});
}

static void bench_large(const struct bench *bench)
{
    struct large large;
    simulate(bench, "365", "1142");
    set_path(large.path, "%s/simulated/orders.csv", bench->folder);
    set_path(large.half, "%s/half.csv", bench->folder);
    set_path(large.tenth, "%s/tenth.csv", bench->folder);
    long rows = count_rows(large.path);
    copy_rows(large.path, large.half, rows / 2);
    copy_rows(large.path, large.tenth, rows / 10);
    large.rows = (double)rows;
    large.read_s = read_seconds(large.path);
    printf("\n%ld simulated rows, one run each, output as CSV into /dev/null\n", rows);
    bench_window(bench, &large);
    bench_streaming(bench, &large, "quarantine");
    bench_streaming(bench, &large, "clean");
}

/* --- */

int main(int argc, char **argv)
{
    struct bench bench = {.finds = false};
    char title[PATH_SIZE + 128];
    bool large = argc > 1 && strcmp(argv[1], "--large") == 0;
    find_merit(&bench, argc > 1 + large ? argv[1 + large] : NULL);
    make_folder(&bench);
    find_orders(&bench);
    snprintf(title, sizeof title, "Main job on %s, %ld rows; median of %d runs, each in an empty folder",
             strrchr(bench.data, '/') + 1, count_rows(bench.data), RUNS);
    bench_title(title);
    bench_job(&bench);
    if (large) bench_large(&bench);
    return 0;
}
