/* Store and engine, opened when first asked for. */
#include "ops/world.h"

#include "io/folder.h"
#include "sources/http/client.h"
#include "store/parquet/parquet.h"
#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define STORE_MEMORY                                                                                         \
    ((uint64_t)256 << 20) /* of the embedded engine; what is more goes to its temporary folder */

struct mt_world {
    mt_world_options options;
    pthread_mutex_t *lock; /* behind a pointer, so that a const world can open its store */
    struct {
        mt_store *store;
        mt_engine *engine;
        mt_http *http;
        void *kept;
        void (*close_kept)(void *kept);
    } * opened;
};

mt_code mt_world_open(mt_ctx *cx, mt_world **out, const mt_world_options *options)
{
    mt_world *world;
    MT_TRY(MT_NEW(cx, &world, 1));
    MT_TRY(MT_NEW(cx, &world->lock, 1));
    MT_TRY(mt_ctx_alloc(cx, &world->opened, 1, sizeof *world->opened));
    memcpy(&world->options, options,
           options->size < sizeof world->options ? options->size : sizeof world->options);
    pthread_mutex_init(world->lock, NULL);
    *out = world;
    return MT_OK;
}

void mt_world_close(mt_world *world)
{
    if (!world) return;
    if (world->opened->kept) world->opened->close_kept(world->opened->kept);
    mt_http_close(world->opened->http);
    mt_engine_close(world->opened->engine);
    mt_store_close(world->opened->store);
    pthread_mutex_destroy(world->lock);
}

mt_time mt_world_now(const mt_world *world)
{
    return world->options.now(world->options.arg);
}

const mt_world_options *mt_world_settings(const mt_world *world)
{
    return &world->options;
}

/* What fails here is told by the store, with the file's name. */
static mt_code make_folders(mt_ctx *cx, const char *url)
{
    const char *path = strchr(url, ':') + 1, *slash = strrchr(path, '/'), *folder;
    if (!slash || slash == path) return MT_OK;
    MT_TRY(mt_text_copy(cx, &folder, (mt_text){path, (size_t)(slash - path)}));
    if (mt_folder_make(cx, folder) != MT_OK) mt_ctx_forgive(cx);
    return MT_OK;
}

static mt_code open_store(mt_ctx *cx, const mt_world *world)
{
    const mt_world_options *options = &world->options;
    mt_store_options store = {.size = sizeof store,
                              .memory_bytes = STORE_MEMORY,
                              .url = options->store_url,
                              .library = options->engine_library,
                              .threads = options->workers,
                              .read_only = options->read_only,
                              .wait_us = options->store_wait_us,
                              .now = options->now,
                              .now_arg = options->arg};
    if (options->make_folders && !options->read_only && strncmp(options->store_url, "duckdb:", 7) == 0) {
        MT_TRY(make_folders(cx, options->store_url));
    }
    return mt_store_open(cx, &world->opened->store, &store);
}

mt_code mt_world_store(mt_ctx *cx, const mt_world *world, mt_store **out)
{
    mt_code code = MT_OK;
    const char *url = world->options.store_url;
    if (!url || strcmp(url, "none") == 0) {
        return mt_fail(cx, MT_E_ABSENT, "this needs a store, and none is given; say --store duckdb:PATH");
    }
    pthread_mutex_lock(world->lock);
    if (!world->opened->store) code = open_store(cx, world);
    *out = world->opened->store;
    pthread_mutex_unlock(world->lock);
    return code;
}

mt_code mt_world_engine(mt_ctx *cx, const mt_world *world, mt_engine **out)
{
    mt_code code = MT_OK;
    mt_engine_options options = {
        .size = sizeof options, .library = world->options.engine_library, .threads = world->options.workers};
    pthread_mutex_lock(world->lock);
    if (!world->opened->engine) code = mt_engine_open(cx, &world->opened->engine, &options);
    *out = world->opened->engine;
    pthread_mutex_unlock(world->lock);
    return code;
}

static mt_code open_http(mt_ctx *cx, const mt_world *world)
{
    const mt_world_options *options = &world->options;
    mt_http_options http = {.size = sizeof http,
                            .cache_url = options->cache_url,
                            .metrics = options->metrics,
                            .now = options->now,
                            .monotonic_us = options->monotonic_us,
                            .arg = options->arg,
                            .seed = (uint64_t)options->now(options->arg)};
    if (!options->monotonic_us) return mt_fail(cx, MT_E_ABSENT, "providers cannot be asked here: no clock");
    return mt_http_open(cx, &world->opened->http, &http);
}

mt_code mt_world_http(mt_ctx *cx, const mt_world *world, mt_http **out)
{
    mt_code code = MT_OK;
    pthread_mutex_lock(world->lock);
    if (!world->opened->http) code = open_http(cx, world);
    *out = world->opened->http;
    pthread_mutex_unlock(world->lock);
    return code;
}

mt_code mt_world_kept(mt_ctx *cx, const mt_world *world, void **out, mt_code (*make)(mt_ctx *cx, void **out),
                      void (*close)(void *kept))
{
    mt_code code = MT_OK;
    pthread_mutex_lock(world->lock);
    if (!world->opened->kept) code = make(cx, &world->opened->kept);
    if (code == MT_OK) world->opened->close_kept = close;
    *out = world->opened->kept;
    pthread_mutex_unlock(world->lock);
    return code;
}

mt_code mt_world_secret(mt_ctx *cx, const mt_world *world, const char **out, const char *name)
{
    *out = NULL;
    if (!name || !world->options.secret) return MT_OK;
    return world->options.secret(cx, world->options.arg, out, name);
}

void mt_world_changed(const mt_world *world)
{
    if (world->options.changed) world->options.changed(world->options.changed_arg);
}
