/* One PostgreSQL connection: statements sent, awaited with the context's cancel flag and deadline, answers
 * read. */
#include "store/postgres/link.h"

#include "store/plain_text.h"
#include "store/postgres/inline.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMS_MAX = 64, LOOK_MS = 20 };

/* Object identifiers of the server's own types (its catalogue pg_type; they never change). */
enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184
};

struct failure {
    const char *state; /* beginning of the SQLSTATE; the first that matches counts */
    mt_code code;
};

static const struct failure failures[] = {
    {"42501", MT_E_DENIED}, {"25", MT_E_DENIED},   {"22", MT_E_INPUT},        {"42", MT_E_INPUT},
    {"0A", MT_E_INPUT},     {"23", MT_E_CONFLICT}, {"40003", MT_E_IO},        {"40", MT_E_CONFLICT},
    {"53", MT_E_BUSY},      {"08", MT_E_IO},       {"57014", MT_E_CANCELLED}, {"57", MT_E_IO},
    {"58", MT_E_IO},
};

static mt_code code_of(const char *state)
{
    for (size_t k = 0; state && k < sizeof failures / sizeof *failures; k++)
        if (strncmp(state, failures[k].state, strlen(failures[k].state)) == 0) return failures[k].code;
    return MT_E_FAILED;
}

mt_code mt_pg_fail(mt_ctx *cx, mt_pg *pg, const PGresult *result)
{
    const char *state = result ? pg->pq->PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? pg->pq->PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    mt_code code = state ? code_of(state) : MT_E_IO;
    if (pg->pq->PQstatus(pg->conn) != CONNECTION_OK) pg->base.broken = true;
    if (code == MT_E_CANCELLED && mt_ctx_check(cx) != MT_OK) return cx->code;
    if (!text || !*text) text = pg->pq->PQerrorMessage(pg->conn);
    if (!*text) text = "nothing";
    char line[MT_ERR_TEXT_MAX];
    size_t n = strcspn(text, "\n");
    if (n >= sizeof line) n = sizeof line - 1;
    memcpy(line, text, n);
    line[n] = 0;
    return mt_fail(cx, code, "the store's server says: %s", line);
}

mt_code mt_pg_wait(mt_ctx *cx, mt_pg *pg, bool writing)
{
    struct pollfd ready = {pg->pq->PQsocket(pg->conn), (short)(POLLIN | (writing ? POLLOUT : 0)), 0};
    for (;;) {
        MT_TRY(mt_ctx_check(cx));
        int n = poll(&ready, 1, LOOK_MS);
        if (n > 0) return MT_OK;
        if (n < 0 && errno != EINTR) {
            pg->base.broken = true;
            return mt_fail(cx, MT_E_IO, "the store's server cannot be waited for: %s", strerror(errno));
        }
    }
}

/* Rows that nobody wants. */
static void drop_copied(mt_pg *pg)
{
    char *message;
    while (pg->pq->PQgetCopyData(pg->conn, &message, 0) > 0) pg->pq->PQfreemem(message);
}

void mt_pg_drain(mt_pg *pg, bool stop)
{
    char why[256];
    bool active = stop && pg->pq->PQtransactionStatus(pg->conn) == PQTRANS_ACTIVE;
    PGcancel *cancel = active ? pg->pq->PQgetCancel(pg->conn) : NULL;
    if (cancel && !pg->pq->PQcancel(cancel, why, sizeof why))
        pg->base.broken = true; /* closing ends the statement as well */
    pg->pq->PQfreeCancel(cancel);
    if (pg->base.broken) return;
    for (PGresult *result; (result = pg->pq->PQgetResult(pg->conn));) {
        ExecStatusType status = pg->pq->PQresultStatus(result);
        pg->pq->PQclear(result);
        if (status == PGRES_COPY_IN) pg->pq->PQputCopyEnd(pg->conn, "stopped");
        if (status == PGRES_COPY_OUT) drop_copied(pg);
        if (pg->pq->PQstatus(pg->conn) != CONNECTION_OK) break;
    }
    if (pg->pq->PQstatus(pg->conn) != CONNECTION_OK) pg->base.broken = true;
}

/* The parameters of one call as the server takes them: text, with types. */
struct bound {
    Oid type[PARAMS_MAX];
    const char *value[PARAMS_MAX];
};

static Oid oid_of(mt_type type)
{
    switch (type) {
    case MT_BOOL:
        return OID_BOOL;
    case MT_REAL:
        return OID_FLOAT8;
    case MT_TEXT:
    case MT_CHOICE:
        return OID_TEXT;
    case MT_TIME:
        return OID_TIMESTAMPTZ;
    case MT_DAY:
        return OID_DATE;
    default:
        return OID_INT8;
    }
}

static const char *name_of(mt_type type)
{
    switch (type) {
    case MT_BOOL:
        return "BOOLEAN";
    case MT_REAL:
        return "DOUBLE PRECISION";
    case MT_TEXT:
    case MT_CHOICE:
        return "TEXT";
    case MT_TIME:
        return "TIMESTAMPTZ";
    case MT_DAY:
        return "DATE";
    default:
        return "BIGINT";
    }
}

static mt_code text_of(mt_ctx *cx, const char **out, const mt_param *param, size_t place)
{
    char text[64];
    const mt_value *value = &param->value;
    switch (param->type) {
    case MT_BOOL:
        snprintf(text, sizeof text, "%s", value->as.boolean ? "t" : "f");
        break;
    case MT_REAL:
        snprintf(text, sizeof text, "%.17g", value->as.real);
        break;
    case MT_TIME:
        mt_time_text(value->as.integer, text);
        break;
    case MT_DAY:
        mt_day_text((mt_day)value->as.integer, text);
        break;
    case MT_TEXT:
    case MT_CHOICE:
        snprintf(text, sizeof text, "parameter $%zu", place);
        return mt_plain_text_is(value->as.text) ? mt_text_copy(cx, out, value->as.text)
                                                : mt_plain_text_fail(cx, text);
    default:
        snprintf(text, sizeof text, "%" PRId64, value->as.integer);
        break;
    }
    return mt_text_copy(cx, out, mt_text_of(text));
}

static mt_code bind_all(mt_ctx *cx, struct bound *out, const mt_param *param, size_t n)
{
    if (n > PARAMS_MAX)
        return mt_fail(cx, MT_E_INPUT, "a statement takes at most %d parameters, %zu were given", PARAMS_MAX,
                       n);
    for (size_t k = 0; k < n; k++) {
        out->type[k] = oid_of(param[k].type);
        out->value[k] = NULL;
        if (param[k].value.present) MT_TRY(text_of(cx, &out->value[k], &param[k], k + 1));
    }
    return MT_OK;
}

mt_code mt_pg_send(mt_ctx *cx, mt_pg *pg, const mt_pg_statement *s, mt_pg_form form)
{
    struct bound bound;
    MT_TRY(mt_ctx_check(cx));
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = bind_all(cx, &bound, s->param, s->n);
    if (code == MT_OK && !pg->pq->PQsendQueryParams(pg->conn, s->sql, (int)s->n, bound.type, bound.value,
                                                    NULL, NULL, form == MT_PG_BINARY_ROWS))
        code = mt_pg_fail(cx, pg, NULL);
    mt_arena_reset(&cx->arena, mark);
    MT_TRY(code);
    if (form != MT_PG_WHOLE) pg->pq->PQsetSingleRowMode(pg->conn);
    return MT_OK;
}

mt_code mt_pg_prepare(mt_ctx *cx, mt_pg *pg, const mt_pg_statement *s)
{
    Oid type[PARAMS_MAX];
    PGresult *result;
    MT_TRY(mt_ctx_check(cx));
    for (size_t k = 0; k < s->n && k < PARAMS_MAX; k++) type[k] = oid_of(s->param[k].type);
    if (!pg->pq->PQsendPrepare(pg->conn, "", s->sql, (int)s->n, type)) return mt_pg_fail(cx, pg, NULL);
    MT_TRY(mt_pg_next(cx, pg, &result));
    pg->pq->PQclear(result);
    mt_pg_drain(pg, false);
    return pg->pq->PQsendDescribePrepared(pg->conn, "") ? MT_OK : mt_pg_fail(cx, pg, NULL);
}

mt_code mt_pg_text_with_values(mt_ctx *cx, const char **out, const mt_pg_statement *s)
{
    struct bound bound;
    mt_pg_literal literal[PARAMS_MAX];
    MT_TRY(bind_all(cx, &bound, s->param, s->n));
    for (size_t k = 0; k < s->n; k++) literal[k] = (mt_pg_literal){bound.value[k], name_of(s->param[k].type)};
    return mt_pg_inline(cx, out, s->sql, literal, s->n);
}

static mt_code await(mt_ctx *cx, mt_pg *pg)
{
    int left;
    while ((left = pg->pq->PQflush(pg->conn)) == 1 || pg->pq->PQisBusy(pg->conn)) {
        mt_code code = mt_pg_wait(cx, pg, left == 1);
        if (code == MT_OK && !pg->pq->PQconsumeInput(pg->conn)) code = mt_pg_fail(cx, pg, NULL);
        if (code == MT_OK) continue;
        mt_pg_drain(pg, true);
        return code;
    }
    return MT_OK;
}

mt_code mt_pg_next(mt_ctx *cx, mt_pg *pg, PGresult **out)
{
    *out = NULL;
    MT_TRY(await(cx, pg));
    PGresult *result = pg->pq->PQgetResult(pg->conn);
    ExecStatusType status = result ? pg->pq->PQresultStatus(result) : PGRES_COMMAND_OK;
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR) {
        mt_code code = mt_pg_fail(cx, pg, result);
        pg->pq->PQclear(result);
        mt_pg_drain(pg, false);
        return code;
    }
    *out = result;
    return MT_OK;
}

mt_code mt_pg_exec(mt_ctx *cx, mt_pg *pg, uint64_t *changed, const char *sql, const mt_param *param, size_t n)
{
    MT_TRY(mt_pg_send(cx, pg, &(mt_pg_statement){sql, param, n}, MT_PG_WHOLE));
    for (;;) {
        PGresult *result;
        MT_TRY(mt_pg_next(cx, pg, &result));
        if (!result) return MT_OK;
        if (changed) *changed = strtoull(pg->pq->PQcmdTuples(result), NULL, 10);
        pg->pq->PQclear(result);
    }
}
