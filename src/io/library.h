/* Outside libraries that are found when they are first needed.
 *
 * Purpose   A library that only some commands use costs the others nothing: it is loaded on first use, and a
 *           machine without it gets a sentence with the package to install. A room that uses one keeps a
 *           struct of its functions, made from an X-list of their names (see store/postgres/api.h).
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_library_load/_unload; the code stays mapped after the unload, because what libraries keep for
 *           the whole process (TLS, allocators) cannot be taken away again.
 * Threads   The table is constant after the load.
 */
#ifndef MT_IO_LIBRARY_H
#define MT_IO_LIBRARY_H

#include "base/ctx.h"

MT_BEGIN_DECLS

typedef struct mt_library_symbol {
    const char *name;
    size_t offset; /* of its address in the table */
} mt_library_symbol;

typedef struct mt_library {
    const char *path;    /* "librdkafka.so.1" */
    const char *title;   /* "the Kafka client library" */
    const char *need;    /* what needs it: "a Kafka stream" */
    const char *package; /* of Debian: "librdkafka1" */
    const mt_library_symbol *symbol;
    size_t n;
} mt_library;

/* The member of a function in the table, for an X-list of names. */
#ifdef __cplusplus
#define MT_LIBRARY_MEMBER(name) __typeof__(&::name) name;
#else
#define MT_LIBRARY_MEMBER(name) __typeof__(&name) name;
#endif

/* Fills `table`, whose members at the symbols' offsets are function pointers; *handle is for the unload. Both
 * are left as they are when it fails. */
MT_MUST_USE mt_code mt_library_load(mt_ctx *cx, void **handle, void *table, const mt_library *library);
void mt_library_unload(void *handle); /* NULL allowed */

MT_END_DECLS
#endif
