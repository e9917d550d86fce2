/* What operations may reach beyond their arguments: the store, the Parquet engine, the clock, the caller.
 *
 * Purpose   Built once by the program and passed down; nothing in the house is a global.
 * Time      now() is the caller's clock, fixed in tests; operations read no other.
 * Errors    mt_world_store: what mt_store_open says; MT_E_ABSENT when the world has no store (--store none).
 * Ownership mt_world_open/_close. Store, engine and HTTP client are opened on first use and closed with the
 *           world. Secrets come from the program, which knows files and environment, and appear nowhere else.
 * Threads   Safe for many workers at once; the store hands each call a connection of its own.
 */
#ifndef MT_OPS_WORLD_H
#define MT_OPS_WORLD_H

#include "base/op.h"

MT_BEGIN_DECLS

struct mt_store;
struct mt_engine;
struct mt_http;
struct mt_metrics;
struct mt_rights;

/* *out is NULL where the secret is not there; it lives in cx. */
typedef mt_code mt_secret_fn(mt_ctx *cx, void *arg, const char **out, const char *name);

typedef struct mt_world_options {
    size_t size;                /* sizeof(mt_world_options) */
    const char *store_url;      /* "duckdb:PATH", "postgres://…", NULL or "none": no store */
    bool make_folders;          /* those above an embedded store, when it is first written */
    bool read_only;             /* the store is only read: several programs may do so at once */
    const char *engine_library; /* path of the embedded engine's library; NULL: found by itself */
    mt_time (*now)(void *arg);  /* microseconds UTC */
    void *arg;
    mt_role role;
    int workers;                /* the machine's share for parallel work; at least 1 */
    const char *cache_url;      /* of providers' answers, see sources/http/client.h; NULL: in this process */
    struct mt_metrics *metrics; /* NULL: nobody watches */
    mt_secret_fn *secret;       /* NULL: there are none */
    mt_monotonic_fn *monotonic_us; /* for waits and retries; NULL: nothing that needs it can run */
    int64_t store_wait_us;         /* for a store that another process holds; as in mt_store_options */
    void (*changed)(void *arg);    /* called after a process has committed rows; NULL: nobody cares */
    void *changed_arg;
    const struct mt_rights *rights; /* of the caller, ops/rights.h; NULL: the administrator */
} mt_world_options;

typedef struct mt_world mt_world;

MT_MUST_USE mt_code mt_world_open(mt_ctx *cx, mt_world **out, const mt_world_options *options);
void mt_world_close(mt_world *world); /* NULL allowed */

mt_time mt_world_now(const mt_world *world);
const mt_world_options *mt_world_settings(const mt_world *world);
MT_MUST_USE mt_code mt_world_store(mt_ctx *cx, const mt_world *world, struct mt_store **out);

/* The client that asks providers. MT_E_ABSENT without a clock to wait by. */
MT_MUST_USE mt_code mt_world_http(mt_ctx *cx, const mt_world *world, struct mt_http **out);
/* A process has committed rows: whoever keeps results should know. */
void mt_world_changed(const mt_world *world);

MT_MUST_USE mt_code mt_world_secret(mt_ctx *cx, const mt_world *world, const char **out, const char *name);

/* One value that operations of this world share and that is dear to make (the desk of a folder): made by the
 * first who asks, under the world's lock, and closed with the world. */
MT_MUST_USE mt_code mt_world_kept(mt_ctx *cx, const mt_world *world, void **out,
                                  mt_code (*make)(mt_ctx *cx, void **out), void (*close)(void *kept));

/* The in-memory engine that writes and reads Parquet files. */
MT_MUST_USE mt_code mt_world_engine(mt_ctx *cx, const mt_world *world, struct mt_engine **out);

MT_END_DECLS
#endif
