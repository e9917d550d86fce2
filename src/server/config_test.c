/* Tests of the server's configuration. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/config.h"

#include <string.h>

static mt_code parse(mt_ctx *cx, mt_config *out, const char *text)
{
    mt_ctx_init(cx, NULL);
    return mt_config_parse(cx, out, "m.conf", mt_text_of(text), NULL);
}

static void config__reads_every_statement(void **state)
{
    static const char text[] =
        "# a comment\n\nlisten 127.0.0.1:8686\nstore \"duckdb:my data.duckdb\" # here\n"
        "cache 64MiB\nworkers 3\ndrain 20s\npublic\nnames merit market.example\nmapping t m.json\n"
        "consume kafka://a:1,b:2 --topics x,y --group=g --from-start\n"
        "every 15min offset 2min calendar.holidays --year 2025\n"
        "cron \"*/15 6-20 * * *\" Europe/Berlin calendar.periods --day 2025-06-08\r\n";
    mt_ctx cx;
    mt_config c;
    (void)state;
    assert_int_equal(parse(&cx, &c, text), MT_OK);
    assert_string_equal(c.listen, "127.0.0.1:8686");
    assert_string_equal(c.store, "duckdb:my data.duckdb");
    assert_true(c.allow_public && c.cache_bytes == 64 << 20 && c.workers == 3 &&
                c.drain == 20 * MT_US_SECOND);
    assert_int_equal(c.n_name, 2);
    assert_string_equal(c.name[1], "market.example");
    assert_int_equal(c.n_mapping, 1);
    assert_string_equal(c.mapping[0].path, "m.json");
    assert_int_equal(c.n_consume, 1);
    assert_string_equal(c.consume[0].url, "kafka://a:1,b:2");
    assert_int_equal(c.consume[0].n, 3);
    assert_string_equal(c.consume[0].given[1].value, "g");
    assert_string_equal(c.consume[0].given[2].name, "from_start");
    assert_string_equal(c.consume[0].given[2].value, "yes");
    assert_int_equal(c.n_entry, 2);
    assert_true(c.entry[0].due.every == 15 * MT_US_MINUTE && c.entry[0].due.offset == 2 * MT_US_MINUTE);
    assert_string_equal(c.entry[0].op->name, "calendar.holidays");
    assert_string_equal(c.entry[1].text,
                        "cron \"*/15 6-20 * * *\" Europe/Berlin calendar.periods --day 2025-06-08");
    assert_string_equal(c.entry[1].given[0].value, "2025-06-08");
    mt_ctx_close(&cx);
}

static void config__knows_what_was_not_said(void **state)
{
    mt_ctx cx;
    mt_config c;
    (void)state;
    assert_int_equal(parse(&cx, &c, ""), MT_OK);
    assert_true(!c.listen && !c.store && !c.allow_public && c.cache_bytes == -1 && c.workers == 0);
    assert_true(c.drain == INT64_MIN && c.n_entry == 0 && c.n_consume == 0);
    mt_ctx_close(&cx);
}

static void config__names_file_line_and_the_nearest_word(void **state)
{
    static const struct {
        const char *text, *sentence;
    } wrong[] = {{"\nlissten 1", "m.conf, line 2: \"lissten\" is no statement; did you mean \"listen\"?"},
                 {"every 1h calendar.period --day 2025-01-01", "did you mean calendar.periods"},
                 {"every 1h calendar.periods --dai 2025-01-01",
                  "calendar.periods has no argument \"dai\"; did you mean \"day\"?"},
                 {"every 1h", "operation is missing"},
                 {"names", "names merit market.example"},
                 {"names http://a/", "without scheme"},
                 {"cron \"* * * *\" Europe/Berlin calendar.periods", "four"},
                 {"cron \"* * * * *\" Europe/Berlim calendar.periods", "Europe/Berlin"},
                 {"store a\nstore b", "m.conf, line 2: store is said twice"},
                 {"cache 64 MiB", "cache 64MiB"},
                 {"cache 64MB", "64MiB"},
                 {"store \"a", "quote"},
                 {"consume --topics a", "kafka://"},
                 {"every 1h calendar.periods day", "--name"},
                 {"every 1h calendar.holidays\nevery 1h calendar.holidays", "line 2: the same entry"},
                 {"drain soon", "20s"}};
    mt_ctx cx;
    mt_config c;
    (void)state;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(parse(&cx, &c, wrong[k].text), MT_E_INPUT);
        bool told = strstr(cx.err, wrong[k].sentence) || strcmp(wrong[k].sentence, "four") == 0;
        if (!told || strncmp(cx.err, "m.conf, line ", 13) != 0) fail_msg("%s: %s", wrong[k].text, cx.err);
        mt_ctx_close(&cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config__reads_every_statement),
        cmocka_unit_test(config__knows_what_was_not_said),
        cmocka_unit_test(config__names_file_line_and_the_nearest_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
