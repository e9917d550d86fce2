/* Tests of the manual page: what stands in it, and that the formatters find nothing to complain about. */
#include "face/demo_case.h"
#include "face/man.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char *make_page(mt_ctx *cx)
{
    const char *text;
    mt_out *out;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    assert_int_equal(mt_man(cx, out, &demo_face), MT_OK);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

static void man__says_what_the_tables_say(void **state)
{
    (void)state;
    static const char *const part[] = {
        ".TH MERIT 1 \"\" \"Merit 0.1.0\" \"User Commands\"\n",
        ".SH NAME\nmerit \\- energy markets",
        ".SS \"merit market clear \\-\\-orders FILE [options]\"\nclear an auction at one price a period\n",
        ".TP\n\\fB\\-\\-price\\-rule\\fR \\fICHOICE\\fR\n",
        "last\\-sell (default: mid)\n",
        ".TP\n\\fBprice\\fR \\fIEUR/MWh\\fR\nempty without a trade\n",
        "merit market clear \\-\\-orders tests/orders.csv \\-\\-period 15min\n",
        ".SS \"merit pipeline run NAME \\-\\-out TEXT [options]\"\n",
        ".SH OPTIONS\n",
        ".SH ENVIRONMENT\n.TP\n\\fBMERIT_STORE\\fR \\fIURL\\fR\nthe store, where \\-\\-store names none\n",
        ".TP\n\\fB130\\fR\nstopped by the caller\n",
    };
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    const char *text = make_page(&cx);
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        if (!strstr(text, part[k])) fail_msg("missing: %s", part[k]);
    }
    mt_ctx_close(&cx);
}

static void man__no_text_of_a_table_is_a_request(void **state)
{
    (void)state;
    static const char *const request[] = {"\\\"", "TH ", "SH ",  "SS ",  "TP\n", "PP\n",
                                          "B ",   "I ",  "nf\n", "fi\n", "RS ",  "RE\n"};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    const char *text = make_page(&cx);
    assert_non_null(strstr(text, "\\enever"));     /* a backslash is shown */
    assert_non_null(strstr(text, "\\&.Not a"));    /* a full stop at the start is shown */
    assert_non_null(strstr(text, "it\\(aqs | <")); /* an apostrophe stays one */
    assert_non_null(strstr(text, "\\[u2014]"));    /* other letters do not depend on the locale */
    for (const char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        assert_int_not_equal(*line, '\'');
        if (*line != '.') continue;
        bool known = false;
        for (size_t k = 0; k < sizeof request / sizeof *request; k++) {
            known = known || strncmp(line + 1, request[k], strlen(request[k])) == 0;
        }
        assert_true(known);
    }
    for (const char *at = text; *at; at++) assert_in_range((unsigned char)*at, 10, 126);
    mt_ctx_close(&cx);
}

static void man__is_the_same_every_time(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_string_equal(make_page(&cx), make_page(&cx));
    mt_ctx_close(&cx);
}

/* Runs a formatter on the page; what it says, or NULL where it is not installed. */
static const char *check_with(mt_ctx *cx, const char *program, const char *command)
{
    char folder[] = "/tmp/merit-man-XXXXXX", *said;
    const char *path, *line;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(mt_text_format(cx, &path, "%s/merit.1", folder), MT_OK);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(make_page(cx), file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(mt_text_format(cx, &line, "command -v %s >/dev/null || echo absent; %s %s 2>&1", program,
                                    command, path),
                     MT_OK);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    assert_int_equal(MT_NEW(cx, &said, 4096), MT_OK);
    size_t n = fread(said, 1, 4095, pipe);
    said[n] = 0;
    int status = pclose(pipe);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    if (strncmp(said, "absent", 6) == 0) return NULL;
    if (status != 0 && !said[0]) fail_msg("%s ended with %d", program, status);
    return said;
}

static void man__groff_has_no_warning(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    const char *said = check_with(&cx, "groff", "groff -ww -man -Tascii -z");
    if (said) assert_string_equal(said, "");
    else print_message("skipped: groff is not installed\n");
    mt_ctx_close(&cx);
    if (!said) skip();
}

static void man__mandoc_misses_nothing_but_the_date(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    /* A date would make the page differ from day to day; its absence is the one thing mandoc may remark. */
    const char *said = check_with(&cx, "mandoc", "mandoc -T lint -W warning");
    for (const char *line = said; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *end = strchr(line, '\n'), *date = strstr(line, "missing date");
        if (!date || (end && date > end)) fail_msg("%s", line);
    }
    if (!said) print_message("skipped: mandoc is not installed\n");
    mt_ctx_close(&cx);
    if (!said) skip();
}

static void man__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code != MT_OK; k += 1 + k / 16) {
        mt_ctx cx;
        mt_out *out;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
        cx.arena.fail_at = cx.arena.allocations + k;
        code = mt_man(&cx, out, &demo_face);
        assert_true(code == MT_OK || code == MT_E_MEMORY);
        mt_out_close(out);
        mt_ctx_close(&cx);
        assert_true(k < 1000000);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(man__says_what_the_tables_say),
        cmocka_unit_test(man__no_text_of_a_table_is_a_request),
        cmocka_unit_test(man__is_the_same_every_time),
        cmocka_unit_test(man__groff_has_no_warning),
        cmocka_unit_test(man__mandoc_misses_nothing_but_the_date),
        cmocka_unit_test(man__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("man", test, NULL, NULL);
}
