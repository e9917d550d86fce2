/* The engines a store can stand on: one line each; the door and the conformance test read it. */
#ifndef MT_STORE_LIST_H
#define MT_STORE_LIST_H

#include "store/backend.h"

MT_BEGIN_DECLS

#define MT_BACKEND_LIST(X)                                                                                   \
    X(mt_backend_duckdb)                                                                                     \
    X(mt_backend_postgres)

#define MT_BACKEND_DECLARE(symbol) extern const mt_backend symbol;
MT_BACKEND_LIST(MT_BACKEND_DECLARE)
#undef MT_BACKEND_DECLARE

MT_END_DECLS
#endif
