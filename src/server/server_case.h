/* What the tests of the whole server share: one started for each test, and a question with its answer.
 *
 * Purpose   Included by them only, after cmocka.h.
 */
#ifndef MT_SERVER_SERVER_CASE_H
#define MT_SERVER_SERVER_CASE_H

#include "server/testing.h"

#define PERIODS        "/api/v1/calendar/periods?day=2025-06-08&step=15min"
#define WITH(test, up) cmocka_unit_test_setup_teardown(test, up, testing_tear_down)

TESTING int testing_set_up(void **state)
{
    static testing_server t;
    *state = &t;
    return testing_begin(&t) && testing_start(&t) ? 0 : -1;
}

/* The test starts it itself. */
TESTING int testing_set_up_later(void **state)
{
    static testing_server t;
    *state = &t;
    return testing_begin(&t) ? 0 : -1;
}

TESTING int testing_tear_down(void **state)
{
    testing_end(*state);
    return 0;
}

TESTING testing_reply testing_tell(testing_server *t, const char *line, const char *headers, const char *body)
{
    return testing_once(mt_server_address(t->server), line, headers, body);
}

TESTING void testing_expect(testing_server *t, const char *line, const char *body, int status,
                            const char *part)
{
    testing_reply reply = testing_tell(t, line, "", body);
    if (reply.status != status || (part && !strstr(reply.body, part)))
        fail_msg("%s: %d %s", line, reply.status, reply.body);
    testing_free(&reply);
}

#endif
