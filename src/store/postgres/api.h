/* The functions of PostgreSQL's client library that Merit uses, found when they are first needed.
 *
 * Purpose   libpq brings some twenty libraries with it (Kerberos, LDAP, TLS): linked, they cost every command
 *           more time than its own start. Only a store on a server opens it.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_libpq_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load. Every opened store has its own; the system loader counts.
 */
#ifndef MT_STORE_POSTGRES_API_H
#define MT_STORE_POSTGRES_API_H

#include <libpq-fe.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_LIBPQ_LIST(X)                                                                          \
    X(PQconnectStartParams) X(PQconnectPoll) X(PQfinish) X(PQstatus) X(PQsocket)                  \
    X(PQerrorMessage) X(PQparameterStatus) X(PQtransactionStatus) X(PQuser) X(PQsetNoticeReceiver) \
    X(PQexec) X(PQsendQueryParams) X(PQsetSingleRowMode) X(PQflush) X(PQisBusy)                   \
    X(PQconsumeInput) X(PQgetResult) X(PQgetCancel) X(PQcancel) X(PQfreeCancel)                   \
    X(PQputCopyData) X(PQputCopyEnd) X(PQgetCopyData) X(PQfreemem)                                \
    X(PQsendPrepare) X(PQsendDescribePrepared)                                                    \
    X(PQclear) X(PQresultStatus) X(PQresultErrorField) X(PQcmdTuples) X(PQntuples) X(PQnfields)   \
    X(PQfname) X(PQftype) X(PQfmod) X(PQgetisnull) X(PQgetvalue) X(PQgetlength)
/* clang-format on */

typedef struct mt_libpq_api {
    void *library;
    MT_LIBPQ_LIST(MT_LIBRARY_MEMBER)
} mt_libpq_api;

MT_MUST_USE mt_code mt_libpq_load(mt_ctx *cx, mt_libpq_api *out, const char *path /* NULL: the system's */);
void mt_libpq_unload(mt_libpq_api *api);

MT_END_DECLS
#endif
