/* Tests of text: borrowed bytes, exact decimals and doubles there and back, the nearest word. */
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The same numbers every run (xorshift64*, Vigna 2016). */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717U;
}

static void text__missing_and_empty_differ(void **state)
{
    (void)state;
    mt_text missing = mt_text_of(NULL), empty = mt_text_of("");
    assert_null(missing.at);
    assert_non_null(empty.at);
    assert_false(mt_text_equal(missing, ""));
    assert_true(mt_text_equal(empty, ""));
    assert_false(mt_text_equal_nocase(missing, ""));
    assert_true(mt_text_equal_nocase(empty, ""));
}

static void text__compares_whole_words(void **state)
{
    (void)state;
    mt_text sell = {"sell,buy", 4};
    assert_true(mt_text_equal(sell, "sell"));
    assert_false(mt_text_equal(sell, "sel"));
    assert_false(mt_text_equal(sell, "sells"));
    assert_false(mt_text_equal(sell, "Sell"));
    assert_true(mt_text_equal_nocase(sell, "SeLL"));
    assert_false(mt_text_equal_nocase(sell, "SeLLs"));
    assert_false(mt_text_equal_nocase(mt_text_of("[@"), "{`")); /* 32 apart like letters, and no letters */
    assert_false(mt_text_equal_nocase(mt_text_of("\xC4"), "\xE4")); /* ASCII letters only */
}

static void text__trims_blanks_and_tabs_only(void **state)
{
    (void)state;
    mt_text inner = mt_text_trim(mt_text_of(" \t a b\n\t "));
    assert_int_equal(inner.length, 4);
    assert_memory_equal(inner.at, "a b\n", 4);
    assert_int_equal(mt_text_trim(mt_text_of(" \t ")).length, 0);
    assert_non_null(mt_text_trim(mt_text_of("  ")).at);
    assert_null(mt_text_trim((mt_text){NULL, 0}).at);
}

static void text__copies_and_formats_into_the_arena(void **state)
{
    (void)state;
    mt_ctx cx;
    const char *text = NULL;
    char word[5000];
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_text_copy(&cx, &text, (mt_text){"abcdef", 3}), MT_OK);
    assert_string_equal(text, "abc");
    assert_int_equal(mt_text_copy(&cx, &text, (mt_text){NULL, 0}), MT_OK);
    assert_string_equal(text, "");
    memset(word, 'x', sizeof word);
    word[sizeof word - 1] = 0;
    assert_int_equal(mt_text_format(&cx, &text, "%s-%d", word, 7), MT_OK);
    assert_int_equal(strlen(text), sizeof word + 1);
    assert_string_equal(text + sizeof word - 1, "-7");
    cx.arena.fail_at = cx.arena.allocations + 1;
    text = NULL;
    assert_int_equal(mt_text_format(&cx, &text, "x"), MT_E_MEMORY);
    assert_int_equal(mt_text_copy(&cx, &text, mt_text_of("x")), MT_E_MEMORY);
    assert_null(text);
    mt_ctx_close(&cx);
}

static void micro__reads_decimals_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mt_micro value;
    } row[] = {
        {"0", 0},
        {"-0", 0},
        {"1", 1000000},
        {"62.03", 62030000},
        {"1125.0", 1125000000},
        {"+3", 3000000},
        {"-12.345678", -12345678},
        {"0.000001", 1},
        {"-0.000001", -1},
        {".5", 500000},
        {"5.", 5000000},
        {"1e3", 1000000000},
        {"1E3", 1000000000},
        {"1.5e-3", 1500},
        {"12345e-6", 12345},
        {"1e-6", 1},
        {"0e999", 0},
        {"000000000000000000000000000012.5", 12500000},
        {"1.50000000000000000000000000", 1500000},
        {"0.1000000", 100000},
        {"100000000000000000000000e-20", 1000000000},
        {"9223372036854.775807", INT64_MAX},
        {"-9223372036854.775807", -INT64_MAX},
        {"9223372036854775807e-6", INT64_MAX},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        mt_micro value = 42;
        if (!mt_micro_parse(row[k].text, strlen(row[k].text), &value)) fail_msg("refused: %s", row[k].text);
        if (value != row[k].value) fail_msg("%s became %" PRId64, row[k].text, value);
    }
}

static void micro__refuses_what_would_not_be_exact(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "+",
        "-",
        ".",
        "+.",
        "e3",
        "1e",
        "1e+",
        "1e-",
        "1e1000",
        "1.2.3",
        "1,5",
        " 1",
        "1 ",
        "--1",
        "0x10",
        "nan",
        "NaN",
        "inf",
        "1e999",
        "-1e999",
        "0.0000001",
        "1e-7",
        "1.2345678",
        "9223372036854.775808",
        "-9223372036854.775808",
        "9999999999999",
        "1e13",
        "18446744073709551616",
        "99999999999999999999999999",
        "1_0",
        "12a",
        "5e3.2",
    };
    for (size_t k = 0; k < COUNT(wrong); k++) {
        mt_micro value = 42;
        if (mt_micro_parse(wrong[k], strlen(wrong[k]), &value)) fail_msg("accepted: %s", wrong[k]);
        assert_int_equal(value, 42);
    }
}

static void micro__writes_the_shortest_text_with_the_places_asked(void **state)
{
    (void)state;
    static const struct { mt_micro value; int places; const char *text; } row[] = {
        {62030000, 0, "62.03"}, {62030000, 2, "62.03"}, {62030000, 4, "62.0300"}, {62000000, 0, "62"},
        {62000000, 2, "62.00"}, {100000000, 0, "100"},  {0, 0, "0"},              {0, 6, "0.000000"},
        {1, 0, "0.000001"},     {-1, 0, "-0.000001"},   {-500000, 0, "-0.5"},     {1234567, 2, "1.234567"},
        {INT64_MAX, 0, "9223372036854.775807"},         {-INT64_MAX, 6, "-9223372036854.775807"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        char text[32];
        size_t n = mt_micro_text(row[k].value, row[k].places, text);
        assert_string_equal(text, row[k].text);
        assert_int_equal(n, strlen(text));
    }
}

static void micro__text_and_value_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 20250608;
    for (int k = 0; k < 200000; k++) {
        mt_micro value = (mt_micro)(next_random(&seed) >> (k % 64)), back = 42;
        if (value == MT_MICRO_NONE) continue;
        if (k % 2) value = -value;
        char text[32];
        size_t n = mt_micro_text(value, k % 7, text);
        if (n > 31 || !mt_micro_parse(text, n, &back) || back != value)
            fail_msg("%" PRId64 " -> %s", value, text);
    }
}

static void real__reads_finite_numbers_only(void **state)
{
    (void)state;
    static const struct { const char *text; double value; } right[] = {
        {"0", 0}, {"-1.5", -1.5}, {"+2", 2}, {".5", 0.5}, {"5.", 5}, {"1e3", 1000}, {"1E-3", 0.001},
        {"1.7976931348623157e308", DBL_MAX}, {"5e-324", 0x1p-1074}, {"1e-999", 0}, {"007", 7},
    };
    static const char *const wrong[] = {"",    "-",     ".",   "e",        "1e",    "1e999", "-1e999",
                                        "nan", "NaN",   "inf", "Infinity", "0x1p3", "1,5",   " 1",
                                        "1 ",  "1.2.3", "--1", "1d3",      "1e3f",  "+-1"};
    for (size_t k = 0; k < COUNT(right); k++) {
        double value = 42;
        if (!mt_real_parse(right[k].text, strlen(right[k].text), &value))
            fail_msg("refused: %s", right[k].text);
        assert_true(value == right[k].value);
    }
    for (size_t k = 0; k < COUNT(wrong); k++) {
        double value = 42;
        if (mt_real_parse(wrong[k], strlen(wrong[k]), &value)) fail_msg("accepted: %s", wrong[k]);
        assert_true(value == 42);
    }
    double value = 42;
    assert_false(mt_real_parse("1\0002", 3, &value)); /* a zero byte is no end */
    char digits[1000];
    memset(digits, '1', sizeof digits);
    assert_false(mt_real_parse(digits, sizeof digits, &value));
    assert_true(mt_real_parse("12345", 2, &value)); /* the length counts, not what follows */
    assert_true(value == 12);
}

static void real__writes_the_shortest_text(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } row[] = {
        {0, "0"},
        {-0.0, "0"},
        {0.1, "0.1"},
        {62.03, "62.03"},
        {-3.7458333, "-3.7458333"},
        {100, "100"},
        {1e6, "1000000"},
        {123456789012345, "123456789012345"},
        {1e15, "1e+15"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {5e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {1e-5, "1e-05"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        char text[32];
        size_t n = mt_real_text(row[k].value, text);
        assert_string_equal(text, row[k].text);
        assert_int_equal(n, strlen(text));
    }
}

static int count_digits(const char *text)
{
    int n = 0;
    for (; *text && *text != 'e'; text++) n += *text >= '1' && *text <= '9' ? 1 : *text == '0' && n;
    return n;
}

static void real__text_and_value_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int k = 0; k < 100000; k++) {
        double value, back = 0;
        uint64_t bits = next_random(&seed);
        memcpy(&value, &bits, sizeof value);
        if (k % 3 == 0) value = (double)(int64_t)(bits >> 30) / 100; /* prices as they are */
        if (!isfinite(value)) continue;
        char text[32], shorter[40];
        size_t n = mt_real_text(value, text);
        if (n > 31 || !mt_real_parse(text, n, &back) || back != value) fail_msg("%a -> %s", value, text);
        if (count_digits(text) < 17) continue;
        snprintf(shorter, sizeof shorter, "%.16g", value);
        if (strtod(shorter, NULL) == value) fail_msg("%s could be %s", text, shorter);
    }
}

static void real__a_locale_of_the_host_changes_nothing(void **state)
{
    (void)state;
    static const char *const name[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nb_NO.UTF-8"};
    const char *set = NULL;
    for (size_t k = 0; k < COUNT(name) && !set; k++) set = setlocale(LC_NUMERIC, name[k]);
    if (!set) {
        print_message("skipped: no locale with a decimal comma is installed\n");
        skip();
    }
    char text[32];
    double value = 0;
    mt_real_text(62.03, text);
    bool read = mt_real_parse("62.03", 5, &value), refused = !mt_real_parse("62,03", 5, &value);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(text, "62.03");
    assert_true(read && value == 62.03 && refused);
}

static void int__reads_whole_numbers_that_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } right[] = {{"0", 0},
                 {"-1", -1},
                 {"+7", 7},
                 {"007", 7},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN}};
    static const char *const wrong[] = {"",
                                        "+",
                                        "-",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "0x10",
                                        "9223372036854775808",
                                        "+-1",
                                        "a",
                                        "-9223372036854775809",
                                        "1234567890123456789012345678901234567890"};
    for (size_t k = 0; k < COUNT(right); k++) {
        int64_t value = 42;
        if (!mt_int_parse(right[k].text, strlen(right[k].text), &value))
            fail_msg("refused: %s", right[k].text);
        assert_int_equal(value, right[k].value);
    }
    for (size_t k = 0; k < COUNT(wrong); k++) {
        int64_t value = 42;
        if (mt_int_parse(wrong[k], strlen(wrong[k]), &value)) fail_msg("accepted: %s", wrong[k]);
        assert_int_equal(value, 42);
    }
    int64_t value = 42;
    assert_false(mt_int_parse("1\0002", 3, &value));
    assert_false(mt_int_parse("\0", 1, &value));
    assert_true(mt_int_parse("12345", 2, &value));
    assert_int_equal(value, 12);
}

static void int__text_and_value_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int k = 0; k < 100000; k++) {
        int64_t value = (int64_t)next_random(&seed) >> (k % 64), back = 0;
        char text[32];
        int n = snprintf(text, sizeof text, "%" PRId64, value);
        assert_true(mt_int_parse(text, (size_t)n, &back));
        assert_int_equal(back, value);
    }
}

static const char *const word[] = {"area",         "day",        "orders", "market.clear",
                                   "market.curve", "price_rule", "format", "x"};

static void nearest__finds_the_slip_of_a_finger(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *meant;
    } row[] = {
        {"area", "area"},
        {"aera", "area"},
        {"Area", "area"},
        {"areas", "area"},
        {"are", "area"},
        {"dya", "day"},
        {"dayy", "day"},
        {"order", "orders"},
        {"oders", "orders"},
        {"market.claer", "market.clear"},
        {"fromat", "format"},
        {"market.curv", "market.curve"},
        {"pricerule", "price_rule"},
        {"PRICE_RULE", "price_rule"},
        {"x", "x"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        int found = mt_text_nearest(row[k].typed, word, COUNT(word));
        const char *got = found < 0 ? NULL : word[found];
        if ((got == NULL) != (row[k].meant == NULL))
            fail_msg("%s -> %s", row[k].typed, got ? got : "nothing");
        if (got) assert_string_equal(got, row[k].meant);
    }
}

static void nearest__suggests_nothing_for_another_word(void **state)
{
    (void)state;
    static const char *const far[] = {
        "", "y", "zz", "volume", "forecast", "temperature", "qqqqqqqqqqqqqqqqqqqqqqqq"};
    for (size_t k = 0; k < COUNT(far); k++) assert_int_equal(mt_text_nearest(far[k], word, COUNT(word)), -1);
    assert_int_equal(mt_text_nearest("area", word, 0), -1);
}

static void nearest__of_two_equal_ones_takes_the_first(void **state)
{
    (void)state;
    static const char *const pair[] = {"bid_one", "bid_ten", "bid_one"};
    assert_int_equal(mt_text_nearest("bid_one", pair, 3), 0);
    assert_int_equal(mt_text_nearest("bid_one", pair + 1, 2), 1);
    assert_int_equal(mt_text_nearest("bid_on", pair, 3), 0);
}

static void nearest__words_without_end_do_no_harm(void **state)
{
    (void)state;
    char endless[1000];
    memset(endless, 'a', sizeof endless);
    endless[sizeof endless - 1] = 0;
    const char *const candidate[] = {"area", endless};
    assert_int_equal(mt_text_nearest(endless, candidate, 2), 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(text__missing_and_empty_differ),
        cmocka_unit_test(text__compares_whole_words),
        cmocka_unit_test(text__trims_blanks_and_tabs_only),
        cmocka_unit_test(text__copies_and_formats_into_the_arena),
        cmocka_unit_test(micro__reads_decimals_exactly),
        cmocka_unit_test(micro__refuses_what_would_not_be_exact),
        cmocka_unit_test(micro__writes_the_shortest_text_with_the_places_asked),
        cmocka_unit_test(micro__text_and_value_are_inverse),
        cmocka_unit_test(real__reads_finite_numbers_only),
        cmocka_unit_test(real__writes_the_shortest_text),
        cmocka_unit_test(real__text_and_value_are_inverse),
        cmocka_unit_test(real__a_locale_of_the_host_changes_nothing),
        cmocka_unit_test(int__reads_whole_numbers_that_fit),
        cmocka_unit_test(int__text_and_value_are_inverse),
        cmocka_unit_test(nearest__finds_the_slip_of_a_finger),
        cmocka_unit_test(nearest__suggests_nothing_for_another_word),
        cmocka_unit_test(nearest__of_two_equal_ones_takes_the_first),
        cmocka_unit_test(nearest__words_without_end_do_no_harm),
    };
    return cmocka_run_group_tests_name("text", test, NULL, NULL);
}
