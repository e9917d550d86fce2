/* What the benchmarks that run the built program share: the program as a child process, its time and memory,
 * a folder on a disk, and the bare writing of the files that it left.
 *
 * Purpose   A job is measured as its user meets it. Paths: MERIT_BINARY, else ../merit beside the benchmark;
 *           files stand in a folder below TMPDIR (/var/tmp, which is on a disk) and are removed.
 */
#ifndef MT_BENCH_CHILD_H
#define MT_BENCH_CHILD_H

#include "bench.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILES_MAX = 256, PATH_SIZE = 512 };

struct bench {
    char merit[PATH_SIZE], folder[PATH_SIZE], out[PATH_SIZE + 8], data[PATH_SIZE + 32];
    bool finds; /* status 7 is no failure: the job checks something and finds it */
};

/* What a child took. */
struct usage {
    bench_span span;
    double peak_mb;
};

static inline _Noreturn void stop(const char *what)
{
    fprintf(stderr, "benchmark: %s\n", what);
    exit(1);
}

__attribute__((format(printf, 2, 3))) static inline void set_path(char path[PATH_SIZE], const char *form, ...)
{
    va_list args;
    va_start(args, form);
    int n = vsnprintf(path, PATH_SIZE, form, args);
    va_end(args);
    if (n < 0 || n >= PATH_SIZE) stop("a path is too long");
}

/* --- children --- */

static inline struct usage wait_for(pid_t pid, bench_span start, bool finds)
{
    struct usage usage;
    struct rusage used;
    int status;
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid) stop("a child cannot be started");
    usage.span = bench_since(start);
    usage.span.cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
    usage.peak_mb = (double)used.ru_maxrss * 1024e-6;
    bool done = WIFEXITED(status) && (WEXITSTATUS(status) == 0 || (finds && WEXITSTATUS(status) == 7));
    if (!done) stop("a child failed; its figures would mean nothing");
    return usage;
}

/* Rows go nowhere, sentences of failure to standard error. */
static inline struct usage run_merit(const struct bench *bench, const char *const *word)
{
    const char *argv[24] = {bench->merit, "--quiet"};
    size_t n = 2;
    for (; *word && n < 23; word++) argv[n++] = *word;
    bench_span start = bench_now();
    pid_t pid = fork();
    if (pid == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execv(bench->merit, (char *const *)argv);
        perror(bench->merit);
        _exit(127);
    }
    return wait_for(pid, start, bench->finds);
}

/* --- files --- */

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static inline void remove_folder(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct {
    size_t size[FILES_MAX], n;
} left; /* nftw hands nothing through to its function */

static inline int note_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)path, (void)at;
    if (type == FTW_F && left.n < FILES_MAX) left.size[left.n++] = (size_t)st->st_size;
    return 0;
}

static inline void write_synced(const char *folder, size_t k, const char *bytes, size_t size)
{
    char temporary[PATH_SIZE], path[PATH_SIZE];
    set_path(temporary, "%s/%zu.tmp", folder, k);
    set_path(path, "%s/%zu", folder, k);
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600), above = open(folder, O_RDONLY);
    if (file < 0 || above < 0 || write(file, bytes, size) != (ssize_t)size || fsync(file) != 0) stop(path);
    close(file);
    if (rename(temporary, path) != 0 || fsync(above) != 0) stop(path);
    close(above);
}

/* The files that the job left, as large, one after another: temporary name, write, fsync, rename, fsync of
 * the folder. */
static inline bench_span write_bare(const struct bench *bench)
{
    char folder[PATH_SIZE];
    size_t largest = 1;
    left.n = 0;
    nftw(bench->out, note_file, 16, FTW_PHYS);
    set_path(folder, "%s/bare", bench->folder);
    for (size_t k = 0; k < left.n; k++) largest = left.size[k] > largest ? left.size[k] : largest;
    char *bytes = calloc(largest, 1);
    if (!bytes || mkdir(folder, 0700) != 0) stop(folder);
    bench_span start = bench_now();
    for (size_t k = 0; k < left.n; k++) write_synced(folder, k, bytes, left.size[k]);
    bench_span taken = bench_since(start);
    remove_folder(folder);
    free(bytes);
    return taken;
}

static inline void find_merit(struct bench *bench, const char *given)
{
    const char *named = given ? given : getenv("MERIT_BINARY");
    char self[PATH_SIZE] = "";
    if (named) {
        set_path(bench->merit, "%s", named);
        return;
    }
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) stop("this program does not find itself");
    *strrchr(self, '/') = '\0';
    set_path(bench->merit, "%s/../merit", self);
}

static char made_folder[PATH_SIZE]; /* atexit hands nothing through either */

static inline void remove_made(void)
{
    remove_folder(made_folder);
}

static inline void make_folder(struct bench *bench)
{
    const char *temporary = getenv("TMPDIR");
    set_path(bench->folder, "%s/merit-bench-XXXXXX", temporary ? temporary : "/var/tmp");
    if (!mkdtemp(bench->folder)) stop(bench->folder);
    set_path(made_folder, "%s", bench->folder);
    atexit(remove_made);
    set_path(bench->out, "%s/out", bench->folder);
}

#endif
