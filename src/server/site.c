/* From a request to its route. */
#include "server/site.h"

#include "server/http/address.h"
#include "server/routes.h"

#include <string.h>

void mt_site_changed(mt_site *site)
{
    __atomic_add_fetch(&site->version, 1, __ATOMIC_ACQ_REL);
}

uint64_t mt_site_version(const mt_site *site)
{
    return __atomic_load_n(&site->version, __ATOMIC_ACQUIRE);
}

void mt_site_set_ready(mt_site *site, bool ready)
{
    __atomic_store_n(&site->ready, ready, __ATOMIC_RELEASE);
}

bool mt_site_is_ready(const mt_site *site)
{
    return __atomic_load_n(&site->ready, __ATOMIC_ACQUIRE);
}

int64_t mt_site_now_us(const mt_site *site)
{
    return site->monotonic_us(site->clock_arg);
}

/* The part of an origin behind "http://". */
static const char *origin_host(const char *origin)
{
    const char *mark = strstr(origin, "://");
    return mark ? mark + 3 : origin;
}

static bool is_known_host(const mt_site *site, const char *host)
{
    const char *address = __atomic_load_n(&site->address, __ATOMIC_ACQUIRE);
    if (mt_address_is_local_name(host) || (address && mt_address_same_host(host, address))) return true;
    for (size_t k = 0; k < site->n_name; k++) {
        if (mt_address_same_host(host, site->name[k])) return true;
    }
    return false;
}

/* A page of another site in the user's browser can send requests here; it cannot hide where it is from. */
static bool is_foreign(const mt_site *site, const mt_exchange *x)
{
    const char *host = mt_exchange_header(x, "host"), *origin = mt_exchange_header(x, "origin");
    const char *from = mt_exchange_header(x, "sec-fetch-site");
    if (host && !is_known_host(site, host)) return true;
    if (from && strcmp(from, "cross-site") == 0) return true;
    return origin && (!host || strcasecmp(origin_host(origin), host) != 0);
}

void mt_site_begin(void *arg, mt_exchange *x)
{
    mt_site *site = arg;
    mt_ctx *cx = mt_exchange_cx(x);
    const char *allow;
    mt_match *match;
    mt_code code = MT_NEW(cx, &match, 1);
    if (is_foreign(site, x)) {
        mt_exchange_problem(
            x, MT_E_DENIED, 0,
            "requests from pages of other sites and under unknown host names are not answered; the "
            "server's configuration lists more names (names HOST)");
        return;
    }
    /* A body that means nothing to GET would still be taken for something by the next who reads it. */
    if (strcmp(mt_exchange_method(x), "POST") != 0 && mt_exchange_has_body(x)) {
        mt_exchange_problem(x, MT_E_INPUT, 0,
                            "only POST has a body here: arguments of GET are in the address");
        return;
    }
    if (code == MT_OK) code = mt_route_find(cx, match, &allow, mt_exchange_method(x), mt_exchange_path(x));
    if (code == MT_E_CONFLICT) mt_exchange_set(x, "Allow", allow);
    if (code != MT_OK) {
        mt_exchange_problem(x, code, code == MT_E_CONFLICT ? 405 : 0, cx->err);
        return;
    }
    mt_exchange_set_note(x, match);
    if (match->route->takes_in) mt_exchange_takes_in(x);
    if (match->route->begin) match->route->begin(site, x, match);
    if (!mt_exchange_answered(x) && !match->route->work)
        mt_exchange_problem(x, MT_E_BUG, 0, "the route does not answer");
}

void mt_site_work(void *arg, mt_exchange *x)
{
    const mt_match *match = mt_exchange_note(x);
    match->route->work(arg, x, match);
}

static const char *status_group(int status)
{
    static const char *const group[] = {"code=\"none\"", "code=\"1xx\"", "code=\"2xx\"",
                                        "code=\"3xx\"",  "code=\"4xx\"", "code=\"5xx\""};
    int k = status / 100;
    return group[k < 0 || k > 5 ? 0 : k];
}

void mt_site_done(void *arg, mt_exchange *x)
{
    mt_site *site = arg;
    double seconds = (double)(mt_site_now_us(site) - mt_exchange_since_us(x)) * 1e-6;
    mt_metric_add(mt_metric_counter(site->metrics, "merit_http_requests_total",
                                    "Requests answered, by status", status_group(mt_exchange_status(x))),
                  1);
    mt_metric_observe(mt_metric_seconds(site->metrics, "merit_http_request_seconds",
                                        "Time from the header of a request to the end of its answer", NULL),
                      seconds);
}
