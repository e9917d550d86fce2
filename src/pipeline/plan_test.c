/* Promises of plan.h: what a pipeline file may say, and the sentence when it says something else. */
#include "pipeline/plan.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/ctx_case.h"

static mt_code parse(const mt_plan **plan, const char *text)
{
    return mt_plan_parse(&ctx_case, plan, "test.pipeline", mt_text_of(text));
}

static void assert_refused(const char *text, const char *sentence)
{
    const mt_plan *plan = NULL;
    assert_int_equal(parse(&plan, text), MT_E_INPUT);
    assert_null(plan);
    if (!strstr(ctx_case.err, sentence)) fail_msg("expected \"%s\" in \"%s\"", sentence, ctx_case.err);
}

static const char good[] = "# a comment\n"
                           "pipeline year: holidays and periods\n"
                           "option country: whose holidays\n"
                           "option day = 2025-03-30: which day  # the short one\n"
                           "\n"
                           "task holidays: list them\n"
                           "    calendar.holidays --country $country --year 2025 > holidays.csv\n"
                           "\n"
                           "task periods needs holidays: cut the day\r\n"
                           "\tcalendar.periods --day $day --zone \"Europe/Berlin\" > periods.json\n"
                           "    calendar.periods --day $day\n"
                           "task end after all: look back\n"
                           "    calendar.periods --day $day > end.txt\n";

static void plan__reads_options_tasks_needs_and_steps(void **state)
{
    const mt_plan *plan;
    (void)state;
    assert_int_equal(parse(&plan, good), MT_OK);
    assert_string_equal(plan->name, "year");
    assert_string_equal(plan->doc, "holidays and periods");
    assert_int_equal(plan->n_option, 2);
    assert_null(plan->option[0].fallback);
    assert_string_equal(plan->option[1].fallback, "2025-03-30");
    assert_string_equal(plan->option[1].doc, "which day");
    assert_int_equal(plan->n_task, 3);
    assert_int_equal(plan->task[0].n_need, 0);
    assert_int_equal(plan->task[1].n_need, 1);
    assert_int_equal(plan->task[1].need[0], 0);
    assert_int_equal(plan->task[1].n_step, 2);
    assert_string_equal(plan->task[1].step[0].op->name, "calendar.periods");
    assert_string_equal(plan->task[1].step[0].given[1].value, "Europe/Berlin");
    assert_string_equal(plan->task[1].step[0].target, "periods.json");
    assert_int_equal(plan->task[1].step[0].format, MT_FORMAT_JSON);
    assert_null(plan->task[1].step[1].target);
    assert_true(plan->task[2].after_all);
}

static void plan__names_file_line_and_the_nearest_word(void **state)
{
    (void)state;
    assert_refused("pipeline a: b\ntask x: y\n  calender.periods --day 2025-01-01\n",
                   "test.pipeline, line 3");
    assert_refused("pipeline a: b\ntask x: y\n  calender.periods --day 2025-01-01\n",
                   "did you mean calendar.periods");
    assert_refused("pipeline a: b\ntask x: y\n  calendar.periods --dey 2025-01-01\n", "did you mean day");
    assert_refused("pipeline a: b\ntask x: y\n  calendar.periods --day 2025-01-01 > a.doc\n", "line 3");
    assert_refused("pipeline a: b\ntask quality: y\n  calendar.periods\ntask b needs qualty: z\n",
                   "did you mean quality");
    assert_refused("pipline a: b\n", "line 1");
}

static void plan__refuses_circles_doubles_and_unknown_values(void **state)
{
    (void)state;
    assert_refused(
        "pipeline a: b\ntask x needs y: 1\n calendar.periods\ntask y needs x: 2\n calendar.periods\n",
        "circle");
    assert_refused("pipeline a: b\ntask x needs x: 1\n calendar.periods\n", "circle");
    assert_refused("pipeline a: b\ntask x: 1\ntask x: 2\n", "a second task \"x\"");
    assert_refused("pipeline a: b\ntask x: 1\n calendar.periods --day $day\n", "$day is neither");
    assert_refused("pipeline a: b\ntask x: 1\n calendar.periods --day \"2025\n", "quote");
    assert_refused(
        "pipeline a: b\ntask e after all: 1\n calendar.periods\ntask x needs e: 1\n calendar.periods\n",
        "runs after all");
    assert_refused("pipeline a: b\ntask x: 1\n \"\"\"\"/\n", "there is no operation \"\"");
    assert_refused("pipeline a: b\ntask x: 1\n calendar.periods > ../a.csv\n", "stays in the output folder");
    assert_refused("pipeline a: b\ntask x: 1\n calendar.periods > a/../../b.csv\n",
                   "stays in the output folder");
    assert_refused(
        "pipeline a: b\ntask x: 1\n calendar.periods > a.csv\ntask y: 1\n calendar.periods > a.csv\n",
        "a second step writes \"a.csv\"");
    assert_refused("pipeline a: b\ntask x: 1\n", "no step stands under the task \"x\"");
    assert_refused("pipeline a: b\n", "no task");
    assert_refused("task x: 1\n calendar.periods\n", "pipeline NAME");
    assert_refused("pipeline a: b\n calendar.periods\n", "outside a task");
}

static void plan__expands_values_in_the_middle_of_words(void **state)
{
    static const mt_given value[] = {{"out", "/tmp/x"}, {"day", "today"}};
    const char *text;
    (void)state;
    assert_int_equal(mt_plan_expand(&ctx_case, &text, "$out/a-$day.csv", value, 2), MT_OK);
    assert_string_equal(text, "/tmp/x/a-today.csv");
    assert_int_equal(mt_plan_expand(&ctx_case, &text, "plain", value, 2), MT_OK);
    assert_string_equal(text, "plain");
    assert_int_equal(mt_plan_expand(&ctx_case, &text, "$year", value, 2), MT_E_INPUT);
}

static void plan__survives_every_failing_allocation(void **state)
{
    (void)state;
    for (uint64_t k = 1; k < 4000; k++) {
        mt_ctx torture;
        const mt_plan *plan;
        mt_ctx_init(&torture, NULL);
        torture.arena.fail_at = k;
        mt_code code = mt_plan_parse(&torture, &plan, "test.pipeline", mt_text_of(good));
        mt_ctx_close(&torture);
        if (code == MT_OK) return;
        assert_int_equal(code, MT_E_MEMORY);
    }
    fail_msg("the plan never parsed");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(plan__reads_options_tasks_needs_and_steps),
        IN_CONTEXT(plan__names_file_line_and_the_nearest_word),
        IN_CONTEXT(plan__refuses_circles_doubles_and_unknown_values),
        IN_CONTEXT(plan__expands_values_in_the_middle_of_words),
        cmocka_unit_test(plan__survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("pipeline/plan", test, NULL, NULL);
}
