/* What the tests of many rooms share: a context that each of them finds open, an instant and a zone by name.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Example   IN_CONTEXT(zone__knows_its_name) in the table of tests; in the test `mt_ctx *cx = *state;`, or
 *           ctx_case itself.
 */
#ifndef MT_BASE_CTX_CASE_H
#define MT_BASE_CTX_CASE_H

#include <string.h>

#include "base/ctx.h"
#include "base/time.h"
#include "base/zone.h"

static mt_ctx ctx_case; /* of the test that runs */

static inline int ctx_case_open(void **state)
{
    mt_ctx_init(&ctx_case, NULL);
    *state = &ctx_case;
    return 0;
}

static inline int ctx_case_close(void **state)
{
    (void)state;
    mt_ctx_close(&ctx_case);
    return 0;
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, ctx_case_open, ctx_case_close)

static inline mt_time case_at(const char *text)
{
    mt_time t = 0;
    bool offset;
    if (!mt_time_parse(text, strlen(text), &t, &offset)) fail_msg("%s", text);
    return t;
}

static inline const mt_zone *case_zone(mt_ctx *cx, const char *name)
{
    const mt_zone *zone = NULL;
    if (mt_zone_read(cx, &zone, name, NULL) != MT_OK) fail_msg("%s", cx->err);
    return zone;
}

#endif
