/* What the benchmarks of file readers share: best times of some runs, and DuckDB as a peer, if it is there.
 *
 * Purpose   The engine is loaded when it is asked for, as the program does it.
 */
#ifndef MT_BENCH_DUCKDB_H
#define MT_BENCH_DUCKDB_H

#include "bench.h"

#include <dlfcn.h>
#include <stdint.h>
#if defined(MERIT_DUCKDB_LIBRARY)
#include <duckdb.h>
#endif

struct figure {
    double wall_s, cpu_s; /* the best of the runs */
    int64_t check;
};

#if defined(MERIT_DUCKDB_LIBRARY)
struct duckdb_door {
    duckdb_state (*open)(const char *, duckdb_database *);
    duckdb_state (*connect)(duckdb_database, duckdb_connection *);
    duckdb_state (*query)(duckdb_connection, const char *, duckdb_result *);
    const char *(*error)(duckdb_result *);
    void (*destroy)(duckdb_result *);
};

static inline bool open_door(struct duckdb_door *door)
{
    void *library = dlopen(MERIT_DUCKDB_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        printf("  DuckDB: not there (%s)\n", dlerror());
        return false;
    }
    *(void **)&door->open = dlsym(library, "duckdb_open");
    *(void **)&door->connect = dlsym(library, "duckdb_connect");
    *(void **)&door->query = dlsym(library, "duckdb_query");
    *(void **)&door->error = dlsym(library, "duckdb_result_error");
    *(void **)&door->destroy = dlsym(library, "duckdb_destroy_result");
    return true;
}

static inline bool run_query(const struct duckdb_door *door, duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    bool done = door->query(connection, sql, &result) == DuckDBSuccess;
    if (!done) printf("  DuckDB: %s\n", door->error(&result));
    door->destroy(&result);
    return done;
}

static inline struct figure measure_duckdb(const struct duckdb_door *door, duckdb_connection c,
                                           const char *sql, int times)
{
    bench_runs runs = {.n = 0};
    for (int run = 0; run < times; run++) {
        bench_span start = bench_now();
        if (!run_query(door, c, sql)) exit(1);
        bench_add(&runs, bench_since(start));
    }
    return (struct figure){bench_least(runs.wall_s, runs.n), bench_least(runs.cpu_s, runs.n), 0};
}
#endif

#endif
