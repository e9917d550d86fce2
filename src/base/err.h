/* The closed list of what can go wrong, with the exit status and the HTTP status of each.
 *
 * Purpose   A function that may fail returns an `mt_code`; every face reads its status from this one list.
 * Shapes    X(symbol, exit status, HTTP status, meaning). A new row is all it takes to add an error.
 * Threads   Constant data; safe anywhere.
 */
#ifndef MT_BASE_ERR_H
#define MT_BASE_ERR_H

#include "base/attr.h"

MT_BEGIN_DECLS

/* clang-format off */
/*    code            exit http  meaning */
#define MT_ERR_LIST(X)                                                              \
    X(MT_OK,             0, 200, "done")                                            \
    X(MT_E_FAILED,       1, 500, "something outside our knowledge failed")          \
    X(MT_E_INPUT,        2, 400, "an argument or a record is missing or malformed") \
    X(MT_E_UNIT,         2, 400, "a quantity came in the wrong unit")               \
    X(MT_E_SHAPE,        2, 400, "lengths or time grids do not agree")              \
    X(MT_E_DENIED,       3, 403, "the caller's role does not allow this")           \
    X(MT_E_ABSENT,       4, 404, "no such area, series, day or model")              \
    X(MT_E_CONFLICT,     5, 409, "another state stands in the way")                 \
    X(MT_E_INFEASIBLE,   6, 422, "the problem has no feasible solution")            \
    X(MT_FINDINGS,       7, 200, "a check finished and found something")            \
    X(MT_E_AUTH,         8, 401, "nobody is signed in")                             \
    X(MT_E_LIMIT,        9, 429, "too many requests")                               \
    X(MT_E_TOO_LARGE,   10, 413, "larger than allowed")                             \
    X(MT_E_BUSY,        11, 503, "no capacity at the moment")                       \
    X(MT_E_DEADLINE,    12, 504, "the time allowed ran out")                        \
    X(MT_E_IO,          13, 500, "a file, socket or database failed")               \
    X(MT_E_REMOTE,      14, 502, "an outside service answered wrongly")             \
    X(MT_E_MEMORY,      15, 500, "memory ran out")                                  \
    X(MT_E_CANCELLED,  130, 499, "stopped by the caller")                           \
    X(MT_E_BUG,         70, 500, "an invariant of ours was broken")
/* clang-format on */

#define MT_ERR_SYMBOL(symbol, exit_status, http_status, meaning) symbol,
typedef enum mt_code { MT_ERR_LIST(MT_ERR_SYMBOL) MT_CODE_COUNT } mt_code;
#undef MT_ERR_SYMBOL

MT_API int mt_code_exit(mt_code code);            /* exit status of a process that ends with `code` */
MT_API int mt_code_http(mt_code code);            /* HTTP status of an answer that ends with `code` */
MT_API const char *mt_code_name(mt_code code);    /* "MT_E_INPUT" */
MT_API const char *mt_code_meaning(mt_code code); /* "an argument or a record is missing or malformed" */

MT_END_DECLS
#endif
