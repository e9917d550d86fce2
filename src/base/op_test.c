/* Tests of an operation's arguments: from names and texts into its struct, each mistake with its own
 * sentence. */
#include "base/op.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct demo_args {
    const char *area;
    mt_day day;
    double price;
    mt_micro tick;
    mt_time period;
    int64_t blocks;
    bool dry_run;
    int rule;
    mt_input orders;
    mt_output out;
    mt_inputs files;
};

static const char *const rule[] = {"mid", "low", "high", NULL};
static const mt_field demo_arg[] = {
    {.name = "area", MT_TEXT_AT(demo_args, area), .required = true, .doc = "bidding zone"},
    {.name = "day", MT_DAY_AT(demo_args, day), .doc = "local day"},
    {.name = "price", MT_REAL_AT(demo_args, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "price"},
    {.name = "tick", MT_MICRO_AT(demo_args, tick), .fallback = "0.01", .doc = "tick"},
    {.name = "period", MT_SPAN_AT(demo_args, period), .fallback = "1h", .doc = "length"},
    {.name = "blocks", MT_INT_AT(demo_args, blocks), .doc = "blocks"},
    {.name = "dry_run", MT_BOOL_AT(demo_args, dry_run), .doc = "say what would be done"},
    {.name = "price_rule", MT_CHOICE_AT(demo_args, rule), .choice = rule, .fallback = "mid", .doc = "rule"},
    {.name = "orders", MT_INPUT_AT(demo_args, orders), .doc = "order file"},
    {.name = "out", MT_OUTPUT_AT(demo_args, out), .doc = "folder"},
    {.name = "files", MT_INPUTS_AT(demo_args, files), .doc = "any number"},
    {0}};
static const mt_op demo = {
    .name = "demo.run", .example = "--area DE", .args_size = sizeof(struct demo_args), .arg = demo_arg};

static mt_code open_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    (void)cx;
    *out = (mt_input){.name = name, .fd = *(int *)arg};
    return MT_OK;
}

static mt_code open_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    (void)arg;
    if (strcmp(path, "/") == 0) return mt_fail(cx, MT_E_DENIED, "out: / is not yours");
    *out = (mt_output){path};
    return MT_OK;
}

static mt_code fill(mt_ctx *cx, const mt_given *given, size_t n, const struct demo_args **out)
{
    int fd = 5;
    mt_opener opener = {open_input, open_output, &fd};
    void *args = NULL;
    MT_TRY(mt_op_args(cx, &demo, given, n, &opener, &args));
    *out = args;
    return MT_OK;
}

static void op__given_texts_become_members(void **state)
{
    (void)state;
    static const mt_given given[] = {{"price_rule", "HIGH"}, {"area", "DK1"},    {"day", "2025-06-08"},
                                     {"price", "-62.03"},    {"tick", "0.1"},    {"period", "15min"},
                                     {"blocks", "3"},        {"dry_run", "yes"}, {"orders", "book.csv"},
                                     {"out", "result"}};
    mt_ctx cx;
    const struct demo_args *args = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(fill(&cx, given, COUNT(given), &args), MT_OK);
    assert_string_equal(args->area, "DK1");
    assert_ptr_not_equal(args->area, given[1].value); /* kept, not borrowed */
    assert_int_equal(args->day, mt_day_of(2025, 6, 8));
    assert_true(args->price == -62.03);
    assert_int_equal(args->tick, 100000);
    assert_int_equal(args->period, 15 * MT_US_MINUTE);
    assert_int_equal(args->blocks, 3);
    assert_true(args->dry_run);
    assert_int_equal(args->rule, 2);
    assert_string_equal(args->orders.name, "book.csv");
    assert_int_equal(args->orders.fd, 5);
    assert_string_equal(args->out.path, "result");
    mt_ctx_close(&cx);
}

static void op__inputs_are_kept_in_the_order_given(void **state)
{
    (void)state;
    static const mt_given given[] = {{"files", "b.csv"}, {"area", "DE"}, {"files", "a.csv"}};
    mt_ctx cx;
    const struct demo_args *args = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(fill(&cx, given, COUNT(given), &args), MT_OK);
    assert_int_equal(args->files.n, 2);
    assert_string_equal(args->files.at[0].name, "b.csv");
    assert_string_equal(args->files.at[1].name, "a.csv");
    assert_int_equal(fill(&cx, given + 1, 1, &args), MT_OK);
    assert_int_equal(args->files.n, 0);
    mt_ctx_close(&cx);
}

static void op__what_is_not_given_falls_back_or_is_missing(void **state)
{
    (void)state;
    static const mt_given given[] = {{"area", "DE"}};
    mt_ctx cx;
    const struct demo_args *args = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(fill(&cx, given, 1, &args), MT_OK);
    assert_int_equal(args->tick, 10000);
    assert_int_equal(args->period, MT_US_HOUR);
    assert_int_equal(args->rule, 0);
    assert_int_equal(args->day, MT_DAY_NONE);
    assert_true(isnan(args->price));
    assert_int_equal(args->blocks, INT64_MIN);
    assert_false(args->dry_run);
    assert_null(args->orders.name);
    assert_int_equal(args->orders.fd, -1);
    assert_null(args->out.path);
    mt_ctx_close(&cx);
}

static void op__every_mistake_has_its_sentence(void **state)
{
    (void)state;
    static const struct {
        mt_given given[3];
        mt_code code;
        const char *sentence;
    } row[] = {
        {{{"day", "2025-06-08"}}, MT_E_INPUT, "demo.run needs --area (bidding zone), e.g. --area DE"},
        {{{"area", "DE"}, {"ares", "x"}},
         MT_E_INPUT,
         "demo.run has no argument \"ares\"; did you mean \"area\"?"},
        {{{"area", "DE"}, {"zebra", "x"}}, MT_E_INPUT, "demo.run has no argument \"zebra\""},
        {{{"area", "DE"}, {"area", "FR"}}, MT_E_INPUT, "demo.run: argument \"area\" is given twice"},
        {{{"area", "DE"}, {"day", "8.6.2025"}},
         MT_E_INPUT,
         "day: \"8.6.2025\" is not a day, e.g. 2025-06-08"},
        {{{"area", "DE"}, {"price", "1,5"}},
         MT_E_INPUT,
         "price: \"1,5\" is not a decimal number with a point in EUR/MWh"},
        {{{"area", "DE"}, {"price_rule", "hihg"}},
         MT_E_INPUT,
         "price_rule: \"hihg\" is not one of mid, low, high; did you mean high?"},
        {{{"area", "DE"}, {"out", "/"}}, MT_E_DENIED, "out: / is not yours"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        mt_ctx cx;
        const struct demo_args *args = NULL;
        size_t n = 0;
        while (n < 3 && row[k].given[n].name) n++;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(fill(&cx, row[k].given, n, &args), row[k].code);
        assert_string_equal(cx.err, row[k].sentence);
        assert_null(args);
        mt_ctx_close(&cx);
    }
}

static void op__without_an_opener_no_file_is_taken(void **state)
{
    (void)state;
    static const mt_given given[] = {{"area", "DE"}, {"orders", "/etc/passwd"}};
    mt_ctx cx;
    void *args = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_op_args(&cx, &demo, given, 2, NULL, &args), MT_E_DENIED);
    assert_string_equal(cx.err, "orders: files cannot be given here");
    mt_ctx_close(&cx);
}

static void op__may_have_no_arguments_at_all(void **state)
{
    (void)state;
    static const mt_op bare = {.name = "bare.run"};
    static const mt_given given[] = {{"area", "DE"}};
    mt_ctx cx;
    void *args = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_op_args(&cx, &bare, NULL, 0, NULL, &args), MT_OK);
    assert_non_null(args);
    assert_int_equal(mt_op_args(&cx, &bare, given, 1, NULL, &args), MT_E_INPUT);
    assert_string_equal(cx.err, "bare.run has no argument \"area\"");
    mt_ctx_close(&cx);
}

static void op__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    static const mt_given right[] = {{"area", "DE"}, {"orders", "x"}},
                          wrong[] = {{"area", "DE"}, {"ares", "x"}};
    uint64_t refused = 0;
    for (uint64_t k = 1; k < 100; k++) {
        mt_ctx cx;
        const struct demo_args *args = NULL;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        mt_code code = fill(&cx, right, 2, &args);
        if (code == MT_OK)
            k = 100;
        else
            assert_int_equal(code, MT_E_MEMORY);
        refused += code != MT_OK;
        mt_ctx_close(&cx);
    }
    assert_in_range(refused, 2, 98);
    for (uint64_t k = 1; k <= 2; k++) {
        mt_ctx cx;
        const struct demo_args *args = NULL;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        assert_int_equal(fill(&cx, wrong, 2, &args), MT_E_MEMORY);
        mt_ctx_close(&cx);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(op__given_texts_become_members),
        cmocka_unit_test(op__inputs_are_kept_in_the_order_given),
        cmocka_unit_test(op__what_is_not_given_falls_back_or_is_missing),
        cmocka_unit_test(op__every_mistake_has_its_sentence),
        cmocka_unit_test(op__without_an_opener_no_file_is_taken),
        cmocka_unit_test(op__may_have_no_arguments_at_all),
        cmocka_unit_test(op__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("op", test, NULL, NULL);
}
