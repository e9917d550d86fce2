/* Tests of help: the whole text a person sees, at any width, and the suggestion for a slip of the finger. */
#include "face/demo_case.h"
#include "face/help.h"
#include "face/page.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { WORDS_MAX = 4 };

/* The help for words separated by blanks; lives in cx. */
static const char *help_for(mt_ctx *cx, const char *words, mt_help_style style)
{
    const char *word[WORDS_MAX], *copy, *text;
    size_t n = 0;
    mt_out *out;
    assert_int_equal(mt_text_copy(cx, &copy, mt_text_of(words)), MT_OK);
    for (char *at = strtok((char *)(uintptr_t)copy, " "); at && n < WORDS_MAX; at = strtok(NULL, " "))
        word[n++] = at;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    if (mt_help_topic(cx, out, &demo_face, word, n, style) != MT_OK) fail_msg("%s", cx->err);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

static void help__the_overview_lists_every_command_by_noun(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_string_equal(
        help_for(&cx, "", (mt_help_style){0}),
        "merit 0.1.0: energy markets from raw feed to cleared prices, schedules, invoices and risk\n"
        "\n"
        "USAGE\n"
        "  merit NOUN VERB [--argument VALUE]...\n"
        "\n"
        "MARKET\n"
        "  market clear         clear an auction at one price a period\n"
        "  market vwap          volume-weighted average price of trades\n"
        "  market curve         the two curves of a period\n"
        "\n"
        "DATA\n"
        "  data quality-report  count what is missing, doubled or absurd\n"
        "\n"
        "PIPELINE\n"
        "  pipeline run NAME    run a pipeline into a folder\n"
        "\n"
        "MORE\n"
        "  sql QUESTION         ask the store\n"
        "  completion SHELL     a completion script\n"
        "  help [NOUN]          what the program can do\n"
        "\n"
        "OPTIONS OF EVERY COMMAND\n"
        "  --output CHOICE  format of the result: table, json or csv\n"
        "  --help           what the command does\n"
        "\n"
        "`merit market clear --help` shows arguments, columns and an example.\n");
    mt_ctx_close(&cx);
}

static void help__an_operation_shows_arguments_head_columns_and_example(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_string_equal(
        help_for(&cx, "market clear", (mt_help_style){.width = 80}),
        "merit market clear: clear an auction at one price a period\n"
        "\n"
        "Orders become two curves; the price is the smallest tick at which supply covers\n"
        "demand.\n"
        "\n"
        "Without a trade the price is empty, and `volume` is 0 — \\never guessed. .Not a\n"
        "request\n"
        "\n"
        "USAGE\n"
        "  merit market clear --orders FILE [options]\n"
        "\n"
        "ARGUMENTS\n"
        "  --orders FILE        order book, CSV or a stored data set [required]\n"
        "  --period DURATION    market time unit [default: 1h]\n"
        "  --price-rule CHOICE  which price of the clearing interval is taken: mid, low,\n"
        "                       high or last-sell [default: mid]\n"
        "  --floor NUMBER       lowest price allowed; at it surplus supply is cut back in\n"
        "                       proportion, and \"so is\" it's | <cap> * too [EUR/MWh]\n"
        "                       [default: -500]\n"
        "  --tick NUMBER        smallest price step [EUR/MWh]\n"
        "  --orders-max N       refuse more orders [count]\n"
        "  --day DAY            local delivery day: [today] by default\n"
        "  --dry-run            say what would be done\n"
        "  --out PATH           folder for the curves\n"
        "\n"
        "HEAD\n"
        "  quarantined  count  rows put aside\n"
        "\n"
        "COLUMNS\n"
        "  start   time     start of the period\n"
        "  price   EUR/MWh  empty without a trade\n"
        "  status  choice   what happened: cleared or no_cross\n"
        "\n"
        "EXAMPLE\n"
        "  merit market clear --orders tests/orders.csv --period 15min\n"
        "\n"
        "`merit help` lists the options of every command.\n");
    mt_ctx_close(&cx);
}

static void help__a_noun_lists_its_own_commands_only(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_string_equal(help_for(&cx, "market", (mt_help_style){0}),
                        "merit market VERB [--argument VALUE]...\n"
                        "\n"
                        "MARKET\n"
                        "  market clear  clear an auction at one price a period\n"
                        "  market vwap   volume-weighted average price of trades\n"
                        "  market curve  the two curves of a period\n"
                        "\n"
                        "`merit market clear --help` shows arguments, columns and an example.\n");
    mt_ctx_close(&cx);
}

static void help__a_verb_shows_its_words_and_options(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_string_equal(help_for(&cx, "pipeline run", (mt_help_style){0}),
                        "merit pipeline run: run a pipeline into a folder\n"
                        "\n"
                        "Independent tasks run side by side.\n"
                        "\n"
                        "USAGE\n"
                        "  merit pipeline run NAME --out TEXT [options]\n"
                        "\n"
                        "OPTIONS\n"
                        "  --out TEXT  folder for the files [required]\n"
                        "  --fresh     run every task again\n"
                        "\n"
                        "EXAMPLE\n"
                        "  merit pipeline run market --out out\n"
                        "\n"
                        "`merit help` lists the options of every command.\n");
    mt_ctx_close(&cx);
}

static void help__writing_and_roles_are_told(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    const char *text = help_for(&cx, "data.quality_report", (mt_help_style){0});
    assert_non_null(strstr(text, "\nChanges the store or writes files. Needs the role operator.\n"));
    assert_non_null(strstr(text, "\nCOLUMNS\n  those the request asks for\n"));
    mt_ctx_close(&cx);
}

static void help__each_door_opens_the_same_room(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out[4];
    mt_ctx_init(&cx, NULL);
    mt_help_style style = {0};
    for (int k = 0; k < 4; k++) assert_int_equal(mt_out_memory(&cx, &out[k]), MT_OK);
    assert_int_equal(mt_help_op(&cx, out[0], &demo_face, &demo_clear, style), MT_OK);
    assert_int_equal(mt_help_noun(&cx, out[1], &demo_face, "market.clear", style), MT_OK);
    assert_int_equal(mt_help_verb(&cx, out[2], &demo_face, &demo_verb[1], style), MT_OK);
    assert_int_equal(mt_help_noun(&cx, out[3], &demo_face, "sql", style), MT_OK);
    assert_true(mt_text_equal(mt_out_bytes(out[0]), help_for(&cx, "market clear", style)));
    assert_true(mt_text_equal(mt_out_bytes(out[1]), help_for(&cx, "market clear", style)));
    assert_true(mt_text_equal(mt_out_bytes(out[2]), help_for(&cx, "sql", style)));
    assert_true(mt_text_equal(mt_out_bytes(out[3]), help_for(&cx, "sql", style)));
    for (int k = 0; k < 4; k++) mt_out_close(out[k]);
    mt_ctx_close(&cx);
}

static void help__lines_fit_the_terminal(void **state)
{
    (void)state;
    static const char *const topic[] = {"", "market", "market clear", "data quality-report", "pipeline run"};
    for (int width = 40; width <= 120; width += 7) {
        for (size_t t = 0; t < sizeof topic / sizeof *topic; t++) {
            mt_ctx cx;
            mt_ctx_init(&cx, NULL);
            const char *text = help_for(&cx, topic[t], (mt_help_style){.width = width});
            for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
                const char *line;
                assert_int_equal(mt_text_copy(&cx, &line, (mt_text){text, (size_t)(end - text)}), MT_OK);
                if (strstr(line, "merit "))
                    continue; /* commands are not broken: they are there to be copied */
                if (mt_page_columns(line) > width) fail_msg("width %d: %s", width, line);
            }
            mt_ctx_close(&cx);
        }
    }
}

static void help__colour_changes_nothing_but_colour(void **state)
{
    (void)state;
    static const char *const topic[] = {"", "market", "market clear", "pipeline run"};
    for (size_t t = 0; t < sizeof topic / sizeof *topic; t++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        const char *plain = help_for(&cx, topic[t], (mt_help_style){0}), *copy;
        const char *colour = help_for(&cx, topic[t], (mt_help_style){.colour = true});
        assert_null(strchr(plain, '\033'));
        assert_non_null(strchr(colour, '\033'));
        assert_int_equal(mt_text_copy(&cx, &copy, mt_text_of(colour)), MT_OK);
        char *to = (char *)(uintptr_t)copy;
        for (const char *from = colour; *from; from++) {
            if (*from == '\033') from += strcspn(from, "m");
            else *to++ = *from;
        }
        *to = 0;
        assert_string_equal(copy, plain);
        mt_ctx_close(&cx);
    }
}

static void help__a_slip_of_the_finger_gets_a_suggestion(void **state)
{
    (void)state;
    static const struct {
        const char *word[2];
        const char *sentence;
    } row[] = {
        {{"makret", "clear"}, "there is no command \"makret clear\"; did you mean \"merit market clear\"?"},
        {{"market", "claer"}, "there is no command \"market claer\"; did you mean \"merit market clear\"?"},
        {{"clear", NULL}, "there is no command \"clear\"; did you mean \"merit market clear\"?"},
        {{"markets", NULL}, "there is no command \"markets\"; did you mean \"merit market\"?"},
        {{"sqll", NULL}, "there is no command \"sqll\"; did you mean \"merit sql\"?"},
        {{"market", "bid"}, "there is no command \"market bid\"; `merit help market` lists those of market"},
        {{"forecast", "train"}, "there is no command \"forecast train\"; `merit help` lists them all"},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        mt_ctx cx;
        mt_out *out;
        size_t n = row[k].word[1] ? 2 : 1;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
        assert_int_equal(mt_help_topic(&cx, out, &demo_face, row[k].word, n, (mt_help_style){0}),
                         MT_E_ABSENT);
        assert_string_equal(cx.err, row[k].sentence);
        assert_int_equal(mt_out_bytes(out).length, 0);
        assert_int_equal(mt_help_unknown(&cx, &demo_face, row[k].word, n), MT_E_ABSENT);
        assert_string_equal(cx.err, row[k].sentence);
        mt_out_close(out);
        mt_ctx_close(&cx);
    }
}

static void help__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    static const char *const clear[] = {"market", "clear"}, *const wrong[] = {"market", "claer"};
    static const struct {
        const char *const *word;
        size_t n;
        mt_code end;
    } row[] = {{clear, 0, MT_OK}, {clear, 1, MT_OK}, {clear, 2, MT_OK}, {wrong, 2, MT_E_ABSENT}};
    for (size_t t = 0; t < 4; t++) {
        mt_code code = MT_E_MEMORY;
        for (uint64_t k = 1; code == MT_E_MEMORY; k++) {
            mt_ctx cx;
            mt_out *out;
            mt_ctx_init(&cx, NULL);
            assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
            cx.arena.fail_at = cx.arena.allocations + k;
            code = mt_help_topic(&cx, out, &demo_face, row[t].word, row[t].n, (mt_help_style){0});
            mt_out_close(out);
            mt_ctx_close(&cx);
            assert_true(k < 5000);
        }
        assert_int_equal(code, row[t].end);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(help__the_overview_lists_every_command_by_noun),
        cmocka_unit_test(help__an_operation_shows_arguments_head_columns_and_example),
        cmocka_unit_test(help__a_noun_lists_its_own_commands_only),
        cmocka_unit_test(help__a_verb_shows_its_words_and_options),
        cmocka_unit_test(help__writing_and_roles_are_told),
        cmocka_unit_test(help__each_door_opens_the_same_room),
        cmocka_unit_test(help__lines_fit_the_terminal),
        cmocka_unit_test(help__colour_changes_nothing_but_colour),
        cmocka_unit_test(help__a_slip_of_the_finger_gets_a_suggestion),
        cmocka_unit_test(help__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("help", test, NULL, NULL);
}
