/* What a database engine must be able to do to be a store of Merit.
 *
 * Purpose   The table of functions that stands between the door (store.h) and an engine. A new engine is a
 *           file with such a table and a line in list.h.
 * Shapes    A database is opened once; connections are made from it and used by one thread at a time. Every
 *           SQL text is in the subset of store/sql.md, one statement, parameters $1 … $n.
 * Errors    MT_E_INPUT  the text or a value is wrong;  MT_E_CONFLICT  a constraint or another transaction
 *           stands in the way;  MT_E_BUSY  held by another process;  MT_E_IO  file, socket or server failed.
 * Ownership `open` and `connect` give handles; `stage` gives a handle that the connection's engine keeps no
 *           trace of after `stage_close`.
 * Threads   A database is shared by threads; a connection is not. Every call looks at the context's cancel
 *           flag and deadline while the engine works.
 */
#ifndef MT_STORE_BACKEND_H
#define MT_STORE_BACKEND_H

#include "store/request.h"

MT_BEGIN_DECLS

struct mt_backend;

/* First member of every backend's own connection. */
typedef struct mt_conn {
    const struct mt_backend *backend;
    struct mt_conn *next; /* of the door's idle list */
    bool broken;          /* set by the backend: not to be used again */
} mt_conn;

/* Rows on their way into a table. */
typedef struct mt_staging {
    const char *table;         /* where they will go; gives the columns their types */
    const char *const *column; /* n of them */
    size_t n;
    const char
        *number;     /* the last column is none of the table's: a BIGINT of this name; NULL: there is none */
    uint64_t serial; /* unlike any other in this process */
    bool in_transaction; /* the connection is inside the transaction that will read them */
} mt_staging;

typedef struct mt_stage_table {
    const struct mt_backend *backend;
    mt_type *stored; /* n: MT_INT, MT_REAL, MT_TEXT, MT_BOOL, MT_TIME or MT_DAY: what the table holds */
    char name[96];   /* in SQL, quoted */
} mt_stage_table;

typedef struct mt_backend {
    const char *name;          /* "duckdb" */
    const char *const *prefix; /* of urls, ends with NULL */
    const char *form;          /* for messages: "duckdb:PATH" */
    bool one_writer;           /* all writes are made by one thread of the process, in groups */

    mt_code (*open)(mt_ctx *cx, void **db, const mt_store_options *options);
    void (*close)(void *db);

    /* A copy of the whole store named after `suffix`, before a migration. No connection is open. May log that
     * it leaves the copy to the operator. */
    mt_code (*backup)(mt_ctx *cx, void *db, const char *suffix);

    mt_code (*connect)(mt_ctx *cx, void *db, mt_conn **out);
    void (*disconnect)(mt_conn *conn);

    /* Whether a connection that lay idle is still one, as far as that can be told without asking the server;
     * NULL: always. */
    bool (*alive)(mt_conn *conn);

    /* One statement. *changed: rows inserted, updated or deleted; may be NULL. BEGIN, COMMIT and ROLLBACK
     * come here. */
    mt_code (*exec)(mt_ctx *cx, mt_conn *conn, uint64_t *changed, const char *sql, const mt_param *param,
                    size_t n);

    /* Sends schema, all rows and finish. `any_type`: columns of types outside the subset come as text. */
    mt_code (*query)(mt_ctx *cx, mt_conn *conn, const char *sql, const mt_param *param, size_t n,
                     bool any_type, mt_sink *sink);

    /* Opens a transaction that sees one state of the store and writes nothing; ended by ROLLBACK. `guest`:
     * for a user's own text, with no more rights than reading takes. */
    mt_code (*begin_reading)(mt_ctx *cx, mt_conn *conn, bool guest);

    /* The SQL of buckets of equal length, counted from 1970-01-01T00Z. *key: the same for all moments of a
     * bucket, as cheap as can be, of the column `moment`; *start: the bucket's first moment, of the key's
     * column `bucket`. */
    mt_code (*bucket)(mt_ctx *cx, const char **key, const char **start, int64_t bucket_us);

    /* Holds the table against other processes' merges until the transaction ends. */
    mt_code (*lock_table)(mt_ctx *cx, mt_conn *conn, const char *table);

    /* Rows go into a table of their own first. Chunks have exactly the types in `stored`; reals may be
     * NaN. */
    mt_code (*stage)(mt_ctx *cx, mt_conn *conn, mt_stage_table **out, const mt_staging *staging);
    mt_code (*stage_push)(mt_ctx *cx, mt_stage_table *stage, const mt_chunk *chunk);
    mt_code (*stage_finish)(mt_ctx *cx, mt_stage_table *stage); /* all rows can be read under stage->name */
    void (*stage_close)(mt_stage_table *stage);                 /* drops the table where it is still there */
} mt_backend;

MT_END_DECLS
#endif
