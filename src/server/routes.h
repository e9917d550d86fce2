/* The one table of what the server answers to.
 *
 * Purpose   A new address is a row; documents read the same rows.
 * Shapes    A path's part in braces takes one part of the request's path: "/api/v1/{noun}/{verb}". The first
 *           row that fits wins. HEAD is answered as GET.
 * Errors    mt_route_find: MT_E_ABSENT  no such path;  MT_E_CONFLICT  not with this method (`allow` tells);
 *           MT_E_INPUT  a part of the path that is no text.
 */
#ifndef MT_SERVER_ROUTES_H
#define MT_SERVER_ROUTES_H

#include "server/site.h"

MT_BEGIN_DECLS

enum { MT_ROUTE_PARTS_MAX = 4 };

struct mt_match;

typedef struct mt_route {
    const char *method, *path;
    /* On the network thread, must not wait; leaves the exchange unanswered to be called again below. NULL:
     * nothing is quick here. */
    void (*begin)(mt_site *site, mt_exchange *x, const struct mt_match *match);
    void (*work)(mt_site *site, mt_exchange *x, const struct mt_match *match); /* on a worker; NULL: never */
    const char *doc;
    bool takes_in; /* rows: it waits for no question */
} mt_route;

typedef struct mt_match {
    const mt_route *route;
    const char *part[MT_ROUTE_PARTS_MAX]; /* what stood for the braces, escapes undone */
    void *note;                           /* from begin to work */
} mt_match;

const mt_route *mt_routes(size_t *n);

MT_MUST_USE mt_code mt_route_find(mt_ctx *cx, mt_match *out, const char **allow, const char *method,
                                  const char *path);

MT_END_DECLS
#endif
