/* The table, and a walk through it. */
#include "server/routes.h"

#include "server/api/handlers.h"
#include "server/api/query.h"

#include <string.h>

static const mt_route route[] = {
    {"GET", "/livez", mt_begin_livez, NULL, "200 while the process lives", false},
    {"GET", "/readyz", mt_begin_readyz, NULL,
     "200 while it takes work; 503 before its start and while it drains", false},
    {"GET", "/metrics", mt_begin_metrics, NULL, "what is counted, as Prometheus text", false},
    {"GET", "/ping", mt_begin_ping, NULL, "204, for writers of line protocol", false},
    {"POST", "/api/v2/write", mt_begin_write, mt_work_write,
     "line protocol: ?bucket= and precision=ns|us|ms|s; 204 after the rows are on disk", true},
    {"POST", "/write", mt_begin_write, mt_work_write, "the same as older writers say it: ?db=", true},
    {"POST", "/api/v1/streams/{topic}", mt_begin_messages, mt_work_messages,
     "messages of a topic: a JSON object, an array of them, or one a line; sent again they change nothing",
     true},
    {"GET", "/api/v1/server/schedule", mt_begin_schedule, NULL, "entries of the schedule and their last run",
     false},
    {"GET", "/api/v1/server/services", mt_begin_services, NULL, "services and how they are", false},
    {"GET", "/api/v1", mt_begin_index, NULL, "every route and operation", false},
    {"GET", "/api/v1/{noun}/{verb}", mt_begin_operation, mt_work_operation,
     "an operation that changes nothing; its arguments are the query's", false},
    {"POST", "/api/v1/{noun}/{verb}", mt_begin_operation, mt_work_operation,
     "an operation that changes the store; its arguments are the query's or a JSON object", false},
};

const mt_route *mt_routes(size_t *n)
{
    *n = sizeof route / sizeof *route;
    return route;
}

/* The part up to the next slash, which is left out; *path is moved behind it. */
static mt_text next_part(const char **path)
{
    const char *from = *path + (**path == '/');
    mt_text part = {from, strcspn(from, "/")};
    *path = from + part.length;
    return part;
}

static bool fits(const char *pattern, const char *path, mt_text part[MT_ROUTE_PARTS_MAX], size_t *n)
{
    *n = 0;
    while (*pattern && *path) {
        mt_text want = next_part(&pattern), have = next_part(&path);
        if (want.at[0] == '{' && have.length) {
            part[(*n)++] = have;
        } else if (want.length != have.length || memcmp(want.at, have.at, want.length) != 0) {
            return false;
        }
    }
    return !*pattern && !*path;
}

static mt_code take_parts(mt_ctx *cx, mt_match *out, const mt_route *found, const mt_text *part, size_t n)
{
    *out = (mt_match){.route = found};
    for (size_t k = 0; k < n; k++) MT_TRY(mt_query_path_part(cx, &out->part[k], part[k]));
    return MT_OK;
}

mt_code mt_route_find(mt_ctx *cx, mt_match *out, const char **allow, const char *method, const char *path)
{
    mt_text part[MT_ROUTE_PARTS_MAX];
    size_t n;
    const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;
    *allow = NULL;
    for (size_t k = 0; k < sizeof route / sizeof *route; k++) {
        if (!fits(route[k].path, path, part, &n)) continue;
        if (strcmp(route[k].method, asked) == 0) return take_parts(cx, out, &route[k], part, n);
        bool get = strcmp(route[k].method, "GET") == 0;
        *allow = *allow ? "GET, HEAD, POST" : get ? "GET, HEAD" : "POST";
    }
    if (*allow) return mt_fail(cx, MT_E_CONFLICT, "%s is answered to %s, not to %s", path, *allow, method);
    return mt_fail(cx, MT_E_ABSENT, "%s: there is no such address; GET /api/v1 lists them", path);
}
