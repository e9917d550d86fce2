/* Tests of settings files: lines, their faults by number, and that no value is ever told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/settings.h"
#include "stream/testing.h"

static mt_code write_down(mt_ctx *cx, void *arg, const char *name, const char *value)
{
    char *text = arg;
    size_t used = strlen(text);
    snprintf(text + used, 512 - used, "[%s|%s]", name, value);
    return strcmp(name, "bad") == 0 ? mt_fail(cx, MT_E_INPUT, "bad is no setting") : MT_OK;
}

static mt_code parse(mt_ctx *cx, char seen[512], const char *text, size_t n)
{
    char copy[512];
    memcpy(copy, text, n);
    seen[0] = 0;
    return mt_settings_parse(cx, copy, n, write_down, seen);
}

static void settings__are_names_and_values_without_the_blanks_around(void **state)
{
    (void)state;
    mt_ctx cx;
    char seen[512];
    const char *text = "# words\n\n a = b \r\nsasl.password=p=q#r\nempty=\nlast=1";
    mt_ctx_init(&cx, NULL);
    TESTING_OK(&cx, parse(&cx, seen, text, strlen(text)));
    assert_string_equal(seen, "[a|b][sasl.password|p=q#r][empty|][last|1]");
    TESTING_OK(&cx, parse(&cx, seen, "", 0));
    mt_ctx_close(&cx);
}

static void settings__faults_name_their_line_and_no_value(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a=secret\nsecret", "a=secret\n=secret", "a=secret\nbad=secret"};
    mt_ctx cx;
    char seen[512];
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(parse(&cx, seen, wrong[k], strlen(wrong[k])), MT_E_INPUT);
        assert_int_equal(strncmp(cx.err, "line 2: ", 8), 0);
        assert_null(strstr(cx.err, "secret"));
    }
    assert_int_equal(parse(&cx, seen, "a=b\0c", 5), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "byte 4 is 0"));
    mt_ctx_close(&cx);
}

static void settings__file_is_named_with_the_line(void **state)
{
    (void)state;
    mt_ctx cx;
    char dir[64], path[96], words[128], seen[512] = "";
    testing_make_dir(dir);
    mt_ctx_init(&cx, NULL);
    snprintf(path, sizeof path, "%s/client.conf", dir);
    testing_write_file(path, "good=1\nbad=2\n");
    assert_int_equal(mt_settings_read(&cx, path, write_down, seen), MT_E_INPUT);
    snprintf(words, sizeof words, "%s: line 2: bad is no setting", path);
    assert_string_equal(cx.err, words);
    snprintf(path, sizeof path, "%s/none.conf", dir);
    assert_int_equal(mt_settings_read(&cx, path, write_down, seen), MT_E_ABSENT);
    mt_ctx_close(&cx);
    testing_remove_dir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings__are_names_and_values_without_the_blanks_around),
        cmocka_unit_test(settings__faults_name_their_line_and_no_value),
        cmocka_unit_test(settings__file_is_named_with_the_line),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
