/* Tests of the completion scripts: real shells are asked what they would offer. */
#include "face/completion.h"
#include "face/demo_case.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
    mt_ctx cx;
    char folder[32];
    const char *script, *driver;
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void open_place(struct place *place, const char *shell)
{
    const char *text;
    mt_out *out;
    mt_ctx_init(&place->cx, NULL);
    snprintf(place->folder, sizeof place->folder, "/tmp/merit-shell-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    assert_int_equal(mt_text_format(&place->cx, &place->script, "%s/merit.%s", place->folder, shell), MT_OK);
    assert_int_equal(mt_text_format(&place->cx, &place->driver, "%s/driver", place->folder), MT_OK);
    assert_int_equal(mt_out_memory(&place->cx, &out), MT_OK);
    assert_int_equal(mt_completion(&place->cx, out, &demo_face, shell), MT_OK);
    assert_int_equal(mt_text_copy(&place->cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    write_file(place->script, text);
}

static void close_place(struct place *place)
{
    char line[64];
    snprintf(line, sizeof line, "rm -rf %s",
             place->folder); /* a shell may have made folders of its own in it */
    assert_int_equal(system(line), 0);
    mt_ctx_close(&place->cx);
}

static bool has_shell(const char *shell)
{
    char line[64];
    snprintf(line, sizeof line, "command -v %s >/dev/null", shell);
    if (system(line) == 0) return true;
    print_message("skipped: %s is not installed\n", shell);
    return false;
}

/* What the command prints on both streams. */
static const char *run(mt_ctx *cx, const char *line)
{
    char *said;
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    assert_int_equal(MT_NEW(cx, &said, 8192), MT_OK);
    size_t n = fread(said, 1, 8191, pipe);
    said[n] = 0;
    pclose(pipe);
    return said;
}

static void check_syntax(const char *shell)
{
    struct place place;
    const char *line;
    open_place(&place, shell);
    assert_int_equal(mt_text_format(&place.cx, &line, "%s -n %s 2>&1", shell, place.script), MT_OK);
    assert_string_equal(run(&place.cx, line), "");
    close_place(&place);
}

static void bash__reads_the_script(void **state)
{
    (void)state;
    if (!has_shell("bash")) skip();
    check_syntax("bash");
}

static void zsh__reads_the_script(void **state)
{
    (void)state;
    if (!has_shell("zsh")) skip();
    check_syntax("zsh");
}

static void fish__reads_the_script(void **state)
{
    (void)state;
    if (!has_shell("fish")) skip();
    check_syntax("fish");
}

/* Words as bash parts them: '=' is a word of its own. The last one is being completed. */
static void bash__offers_what_may_come_next(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *offered;
    } row[] = {
        {"merit ''", "market data pipeline sql completion help"},
        {"merit da", "data"},
        {"merit --o", "--output"},
        {"merit market ''", "clear vwap curve"},
        {"merit market c", "clear curve"},
        {"merit market clear --pr", "--price-rule"},
        {"merit market clear --price-rule ''", "mid low high last-sell"},
        {"merit market clear --price-rule = l", "low last-sell"},
        {"merit market clear --price-rule =", "mid low high last-sell"},
        {"merit market clear --period ''", ""},
        {"merit market clear --dry-run --ti", "--tick"},
        {"merit market vwap --", "--output --help"},
        {"merit market vwap --output j", "json"},
        {"merit market clear --orders src/face/demo_", "src/face/demo_case.h"},
        {"merit completion ''", "bash zsh fish"},
        {"merit help m", "market"},
        {"merit sql ''", "--output --help"},
        {"merit nothing ''", "--output --help"},
    };
    struct place place;
    if (!has_shell("bash")) skip();
    open_place(&place, "bash");
    write_file(place.driver, "source \"$1\"; shift\nCOMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n"
                             "_merit\nprintf '%s' \"${COMPREPLY[*]}\"\n");
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        const char *line;
        assert_int_equal(mt_text_format(&place.cx, &line, "bash --norc %s %s %s 2>&1", place.driver,
                                        place.script, row[k].typed),
                         MT_OK);
        const char *said = run(&place.cx, line);
        if (strcmp(said, row[k].offered) != 0) fail_msg("%s offers \"%s\"", row[k].typed, said);
    }
    close_place(&place);
}

static void fish__offers_what_may_come_next(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *offered;
    } row[] = {
        {"merit da", "data\tquality-report\n"},
        {"merit market cl", "clear\tclear an auction at one price a period\n"},
        {"merit market clear --pr", "--price-rule\twhich price of the clearing interval is taken\n"},
        {"merit market clear --price-rule=h",
         "--price-rule=high\twhich price of the clearing interval is taken\n"},
        {"merit market clear --fl",
         "--floor\tlowest price allowed; at it surplus supply is cut back in proportion, "
         "and \"so is\" it's | <cap> * too\n"},
        {"merit market vwap --output j", "json\tformat of the result\n"},
        {"merit completion z", "zsh\n"},
    };
    struct place place;
    if (!has_shell("fish")) skip();
    open_place(&place, "fish");
    write_file(place.driver, "source $argv[1]\ncomplete -C $argv[2]\n");
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        const char *line;
        assert_int_equal(mt_text_format(&place.cx, &line, "HOME=%s fish -N %s %s '%s' 2>&1", place.folder,
                                        place.driver, place.script, row[k].typed),
                         MT_OK);
        const char *said = run(&place.cx, line);
        if (strcmp(said, row[k].offered) != 0) fail_msg("%s offers \"%s\"", row[k].typed, said);
    }
    close_place(&place);
}

static void completion__another_shell_is_refused(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_completion(&cx, out, &demo_face, "bahs"), MT_E_INPUT);
    assert_string_equal(
        cx.err, "there is no completion for \"bahs\", only for bash, zsh and fish; did you mean bash?");
    assert_int_equal(mt_completion(&cx, out, &demo_face, "powershell"), MT_E_INPUT);
    assert_string_equal(cx.err, "there is no completion for \"powershell\", only for bash, zsh and fish");
    assert_int_equal(mt_out_bytes(out).length, 0);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void completion__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    static const char *const shell[] = {"bash", "zsh", "fish"};
    for (size_t s = 0; s < 3; s++) {
        mt_code code = MT_E_MEMORY;
        for (uint64_t k = 1; code != MT_OK; k += 1 + k / 16) {
            mt_ctx cx;
            mt_out *out;
            mt_ctx_init(&cx, NULL);
            assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
            cx.arena.fail_at = cx.arena.allocations + k;
            code = mt_completion(&cx, out, &demo_face, shell[s]);
            assert_true(code == MT_OK || code == MT_E_MEMORY);
            mt_out_close(out);
            mt_ctx_close(&cx);
            assert_true(k < 1000000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(bash__reads_the_script),
        cmocka_unit_test(zsh__reads_the_script),
        cmocka_unit_test(fish__reads_the_script),
        cmocka_unit_test(bash__offers_what_may_come_next),
        cmocka_unit_test(fish__offers_what_may_come_next),
        cmocka_unit_test(completion__another_shell_is_refused),
        cmocka_unit_test(completion__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("completion", test, NULL, NULL);
}
