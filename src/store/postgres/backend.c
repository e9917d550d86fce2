/* PostgreSQL as a backend of the store: a server with many writers. */
#include "store/list.h"

#include "store/clock.h"
#include "store/postgres/copy.h"
#include "store/postgres/read.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANALYZE_ROWS = 1000 };

struct database {
    mt_libpq_api pq;
    char *url;
    int64_t wait_us;
};

struct stage {
    mt_stage_table table;
    mt_pg *pg;
    mt_pg_copy *copy;
    uint64_t rows;
    bool made;
};

static const char *const prefixes[] = {"postgres://", "postgresql://", NULL};

/* What a session must not inherit from the server's settings. */
static const char session_sql[] = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET extra_float_digits = 1; "
                                  "SET client_min_messages = warning; SET bytea_output = 'hex'; "
                                  "SET standard_conforming_strings = on";

static mt_pg *pg_of(mt_conn *conn)
{
    return (mt_pg *)conn;
}

static void disconnect(mt_conn *conn)
{
    mt_pg *pg = pg_of(conn);
    pg->pq->PQfinish(pg->conn);
    free(pg);
}

static mt_code await_connection(mt_ctx *cx, mt_pg *pg, int64_t until_us)
{
    for (;;) {
        PostgresPollingStatusType state = pg->pq->PQconnectPoll(pg->conn);
        if (state == PGRES_POLLING_OK) return MT_OK;
        if (state == PGRES_POLLING_FAILED) return mt_pg_fail(cx, pg, NULL);
        if (mt_clock_monotonic_us() > until_us)
            return mt_fail(cx, MT_E_IO, "the store's server did not answer in time");
        MT_TRY(mt_pg_wait(cx, pg, state == PGRES_POLLING_WRITING));
    }
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result; /* nothing is printed below the faces */
}

static mt_code start(mt_ctx *cx, mt_pg *pg, const struct database *db)
{
    /* What stands before the url may be said otherwise in it. A server that is gone without a word, as after
     * a loss of power, is noticed within a minute. */
    static const char *const key[] = {"keepalives_idle",
                                      "keepalives_interval",
                                      "keepalives_count",
                                      "dbname",
                                      "client_encoding",
                                      "fallback_application_name",
                                      NULL};
    const char *const value[] = {"30", "10", "3", db->url, "UTF8", "merit", NULL};
    pg->conn = pg->pq->PQconnectStartParams(key, value, 1);
    if (!pg->conn) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a connection to the store");
    if (pg->pq->PQstatus(pg->conn) == CONNECTION_BAD) return mt_pg_fail(cx, pg, NULL);
    pg->pq->PQsetNoticeReceiver(pg->conn, ignore_notice, NULL);
    MT_TRY(await_connection(cx, pg, mt_clock_monotonic_us() + db->wait_us));
    PGresult *result = pg->pq->PQexec(pg->conn, session_sql);
    mt_code code = pg->pq->PQresultStatus(result) == PGRES_COMMAND_OK ? MT_OK : mt_pg_fail(cx, pg, result);
    pg->pq->PQclear(result);
    return code;
}

static mt_code connect_pg(mt_ctx *cx, void *db, mt_conn **out)
{
    mt_pg *pg = calloc(1, sizeof *pg);
    if (!pg) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a connection to the store");
    pg->base.backend = &mt_backend_postgres;
    pg->pq = &((struct database *)db)->pq;
    mt_code code = start(cx, pg, db);
    if (code == MT_OK) {
        *out = &pg->base;
    } else {
        disconnect(&pg->base);
    }
    return code;
}

static void close_database(void *db)
{
    struct database *d = db;
    mt_libpq_unload(&d->pq);
    free(d->url);
    free(d);
}

static mt_code open_database(mt_ctx *cx, void **db, const mt_store_options *o)
{
    struct database *d = calloc(1, sizeof *d);
    if (d) d->url = strdup(o->url);
    if (!d || !d->url) {
        free(d);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out while the store was opened");
    }
    d->wait_us = o->wait_us > 1000000 ? o->wait_us : 1000000;
    mt_code code = mt_libpq_load(cx, &d->pq, NULL);
    if (code == MT_OK) {
        *db = d;
    } else {
        close_database(d);
    }
    return code;
}

static mt_code back_up(mt_ctx *cx, void *db, const char *suffix)
{
    (void)db;
    mt_log(cx, MT_LOG_WARN,
           "the server's tables are about to change; a copy (%s) is the business of its operator: pg_dump",
           suffix);
    return MT_OK;
}

static mt_code exec(mt_ctx *cx, mt_conn *conn, uint64_t *changed, const char *sql, const mt_param *param,
                    size_t n)
{
    mt_pg *pg = pg_of(conn);
    if (pg->pq->PQtransactionStatus(pg->conn) == PQTRANS_IDLE) pg->reading = false;
    mt_code code = mt_pg_exec(cx, pg, changed, sql, param, n);
    if (code != MT_E_IO || strcmp(sql, "COMMIT") != 0) return code;
    return mt_fail_at(cx, "the connection broke during a commit, and whether it was done is not known");
}

/* An idle connection has nothing to read, unless the server has closed it or said why it will. */
static bool alive(mt_conn *conn)
{
    mt_pg *pg = pg_of(conn);
    struct pollfd ready = {pg->pq->PQsocket(pg->conn), POLLIN, 0};
    if (poll(&ready, 1, 0) == 0) return true;
    return pg->pq->PQconsumeInput(pg->conn) && pg->pq->PQstatus(pg->conn) == CONNECTION_OK &&
           !(ready.revents & (POLLERR | POLLHUP | POLLNVAL));
}

static mt_code query(mt_ctx *cx, mt_conn *conn, const char *sql, const mt_param *param, size_t n,
                     bool any_type, mt_sink *sink)
{
    return mt_pg_query(cx, pg_of(conn), sql, param, n, any_type, sink);
}

static mt_code begin_reading(mt_ctx *cx, mt_conn *conn, bool guest)
{
    mt_pg *pg = pg_of(conn);
    const char *super = pg->pq->PQparameterStatus(pg->conn, "is_superuser");
    if (guest && super && strcmp(super, "on") == 0) {
        return mt_fail(
            cx, MT_E_DENIED,
            "a user's own SQL does not run as %s, a superuser of the server, who could read its files; "
            "connect as an ordinary role that may read the tables",
            pg->pq->PQuser(pg->conn));
    }
    MT_TRY(exec(cx, conn, NULL, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0));
    pg->reading = true;
    return MT_OK;
}

static mt_code bucket_sql(mt_ctx *cx, const char **key, const char **start, int64_t bucket_us)
{
    *start = "bucket";
    return mt_text_format(cx, key,
                          "date_bin(CAST('%" PRId64 " microseconds' AS INTERVAL), moment, "
                          "CAST('1970-01-01T00:00:00Z' AS TIMESTAMPTZ))",
                          bucket_us);
}

static mt_code lock_table(mt_ctx *cx, mt_conn *conn, const char *table)
{
    mt_param name = mt_param_text(table);
    return exec(cx, conn, NULL, "SELECT pg_advisory_xact_lock(hashtextextended($1, 7305))", &name, 1);
}

static mt_code list_columns(mt_ctx *cx, const char **out, const mt_staging *staging)
{
    size_t own = staging->n - (staging->number != NULL);
    *out = "";
    for (size_t k = 0; k < own; k++)
        MT_TRY(mt_text_format(cx, out, "%s%s\"%s\"", *out, k ? ", " : "", staging->column[k]));
    if (staging->number)
        MT_TRY(mt_text_format(cx, out, "%s, CAST(0 AS BIGINT) AS \"%s\"", *out, staging->number));
    return MT_OK;
}

static mt_type stored_type(Oid oid)
{
    switch (oid) { /* pg_type */
    case 20:
        return MT_INT;
    case 701:
        return MT_REAL;
    case 25:
        return MT_TEXT;
    case 16:
        return MT_BOOL;
    case 1184:
        return MT_TIME;
    case 1082:
        return MT_DAY;
    default:
        return MT_TYPE_COUNT;
    }
}

/* The table's own types, as the server tells them for an empty result. */
static mt_code find_types(mt_ctx *cx, struct stage *stage, const mt_staging *staging)
{
    const char *sql;
    PGresult *result;
    MT_TRY(mt_text_format(cx, &sql, "SELECT * FROM %s LIMIT 0", stage->table.name));
    MT_TRY(MT_NEW(cx, &stage->table.stored, staging->n));
    MT_TRY(mt_pg_send(cx, stage->pg, &(mt_pg_statement){.sql = sql}, MT_PG_WHOLE));
    MT_TRY(mt_pg_next(cx, stage->pg, &result));
    const mt_libpq_api *pq = stage->pg->pq;
    for (size_t k = 0; k < staging->n; k++) stage->table.stored[k] = stored_type(pq->PQftype(result, (int)k));
    pq->PQclear(result);
    mt_pg_drain(stage->pg, false);
    for (size_t k = 0; k < staging->n; k++)
        if (stage->table.stored[k] == MT_TYPE_COUNT)
            return mt_fail(cx, MT_E_SHAPE, "column %s of %s has a type that no rows can be merged into",
                           staging->column[k], staging->table);
    return MT_OK;
}

static mt_code open_stage(mt_ctx *cx, struct stage *stage, const mt_staging *staging)
{
    const char *list, *sql;
    MT_TRY(list_columns(cx, &list, staging));
    MT_TRY(mt_text_format(cx, &sql, "CREATE TEMP TABLE %s%s AS SELECT %s FROM \"%s\" WHERE false",
                          stage->table.name, staging->in_transaction ? " ON COMMIT DROP" : "", list,
                          staging->table));
    MT_TRY(mt_pg_exec(cx, stage->pg, NULL, sql, NULL, 0));
    stage->made = true;
    MT_TRY(find_types(cx, stage, staging));
    return mt_pg_copy_open(cx, &stage->copy, stage->pg, stage->table.name, stage->table.stored, staging->n);
}

static void stage_close(mt_stage_table *table)
{
    struct stage *stage = (struct stage *)table;
    mt_pg_copy_close(stage->copy);
    /* In a failed transaction nothing can be dropped, and the rollback does it. */
    mt_pg *pg = stage->pg;
    bool alive = !pg->base.broken && pg->pq->PQtransactionStatus(pg->conn) != PQTRANS_INERROR;
    if (stage->made && alive) {
        mt_ctx cx; /* the caller's may be cancelled */
        char sql[160];
        mt_ctx_init(&cx, NULL);
        snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS %s", stage->table.name);
        if (mt_pg_exec(&cx, pg, NULL, sql, NULL, 0) != MT_OK) pg->base.broken = true;
        mt_ctx_close(&cx);
    }
    free(stage);
}

static mt_code stage_open(mt_ctx *cx, mt_conn *conn, mt_stage_table **out, const mt_staging *staging)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", staging->table);
    stage->table.backend = &mt_backend_postgres;
    stage->pg = pg_of(conn);
    snprintf(stage->table.name, sizeof stage->table.name, "pg_temp.\"s_%" PRIu64 "\"", staging->serial);
    mt_code code = open_stage(cx, stage, staging);
    if (code == MT_OK) {
        *out = &stage->table;
    } else {
        stage_close(&stage->table);
    }
    return code;
}

static mt_code stage_push(mt_ctx *cx, mt_stage_table *table, const mt_chunk *chunk)
{
    struct stage *stage = (struct stage *)table;
    stage->rows += chunk->n;
    return mt_pg_copy_push(cx, stage->copy, chunk);
}

static mt_code stage_finish(mt_ctx *cx, mt_stage_table *table)
{
    struct stage *stage = (struct stage *)table;
    const char *sql;
    MT_TRY(mt_pg_copy_finish(cx, stage->copy));
    if (stage->rows < ANALYZE_ROWS) return MT_OK;
    MT_TRY(
        mt_text_format(cx, &sql, "ANALYZE %s", stage->table.name)); /* the planner guesses badly otherwise */
    return mt_pg_exec(cx, stage->pg, NULL, sql, NULL, 0);
}

const mt_backend mt_backend_postgres = {
    .name = "postgres",
    .prefix = prefixes,
    .form = "postgres://HOST/DATABASE",
    .one_writer = false,
    .open = open_database,
    .close = close_database,
    .backup = back_up,
    .connect = connect_pg,
    .disconnect = disconnect,
    .alive = alive,
    .exec = exec,
    .query = query,
    .begin_reading = begin_reading,
    .bucket = bucket_sql,
    .lock_table = lock_table,
    .stage = stage_open,
    .stage_push = stage_push,
    .stage_finish = stage_finish,
    .stage_close = stage_close,
};
