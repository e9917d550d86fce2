/* Tests of what a log line may hold. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/log_line.h"

#include <string.h>

static void log_line__stays_one_line_and_steers_nothing(void **state)
{
    char line[MT_LOG_LINE_MAX];
    (void)state;
    assert_string_equal(mt_log_line(line, "a\n2026 error b\r\t\x1b[2Jc\x7f"),
                        "a\\n2026 error b\\r\\t\\x1b[2Jc\\x7f");
    assert_string_equal(mt_log_line(line, "caf\xc3\xa9 \xc2\x9b"
                                          "2J"),
                        "caf\xc3\xa9 \\x9b2J");
}

static void log_line__is_cut_where_room_ends(void **state)
{
    char line[MT_LOG_LINE_MAX], text[2 * MT_LOG_LINE_MAX];
    (void)state;
    memset(text, '\x1b', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_in_range(strlen(mt_log_line(line, text)), MT_LOG_LINE_MAX - 9, MT_LOG_LINE_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(log_line__stays_one_line_and_steers_nothing),
                                       cmocka_unit_test(log_line__is_cut_where_room_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
