/* The in-memory engine behind the Parquet rooms: connections, scratch tables, one file written safely. */
#include "store/parquet/engine.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_MEMORY ((uint64_t)512 << 20)

mt_code mt_engine_open(mt_ctx *cx, mt_engine **out, const mt_engine_options *options)
{
    mt_engine_options o = {0};
    if (options) memcpy(&o, options, options->size && options->size < sizeof o ? options->size : sizeof o);
    mt_engine *engine = calloc(1, sizeof *engine);
    if (!engine) return mt_fail(cx, MT_E_MEMORY, "memory ran out while the Parquet engine was opened");
    snprintf(engine->temp_dir, sizeof engine->temp_dir, "%s", o.temp_dir ? o.temp_dir : "/tmp");
    snprintf(engine->spill, sizeof engine->spill, "%s/merit-engine-%ld-%p", engine->temp_dir, (long)getpid(),
             (void *)engine);
    mt_duck_options duck = {
        .threads = o.threads ? o.threads : 2,
        .memory_bytes = o.memory_bytes ? o.memory_bytes : DEFAULT_MEMORY,
        .temp_dir = engine->spill,
        .library = o.library,
        .files = true,
    };
    mt_code code = mt_duck_open(cx, &engine->duck, &duck);
    if (code == MT_OK) {
        *out = engine;
    } else {
        free(engine);
    }
    return code;
}

void mt_engine_close(mt_engine *engine)
{
    if (!engine) return;
    mt_duck_close(engine->duck);
    rmdir(engine->spill); /* is there only after a spill, and empty then */
    free(engine);
}

mt_code mt_engine_connect(mt_ctx *cx, mt_engine *engine, mt_duck_link *out)
{
    out->duck = engine->duck;
    return mt_duck_connect(cx, engine->duck, &out->connection);
}

void mt_engine_disconnect(mt_duck_link link)
{
    link.duck->api.duckdb_disconnect(&link.connection);
}

void mt_engine_table(mt_engine *engine, char *out, size_t size)
{
    snprintf(out, size, "t_%" PRIu64, atomic_fetch_add((_Atomic uint64_t *)&engine->tables, 1));
}

void mt_engine_drop(mt_duck_link link, const char *table)
{
    mt_ctx cx; /* the caller's may be cancelled, and keeps its sentence */
    char sql[80];
    mt_ctx_init(&cx, NULL);
    snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS %s", table);
    mt_code code = mt_duck_exec(&cx, link, NULL, sql, NULL, 0);
    (void)code; /* the table dies with the engine at the latest */
    mt_ctx_close(&cx);
}
