/* What the table promises: aligned numbers, safe texts, a width it keeps, and flat memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/sinks/sink_case.h"
#include "io/sinks/terminal.h"

struct row {
    const char *name;
    double price;
    int64_t volume;
};

static const mt_field col[] = {{.name = "name", MT_TEXT_AT(row, name)},
                               {.name = "price", MT_REAL_AT(row, price), .unit = MT_UNIT_EUR_PER_MWH},
                               {.name = "volume", MT_INT_AT(row, volume), .unit = MT_UNIT_MWH},
                               {0}};

/* What the sink writes for these rows, in a static buffer. */
static const char *show(mt_terminal_options options, const struct row *row, size_t n)
{
    static char text[16384];
    mt_ctx cx;
    mt_out *out;
    mt_sink *sink;
    mt_emit *emit;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_terminal_sink(&cx, &sink, out, &options), MT_OK);
    assert_int_equal(mt_emit_begin(&cx, &emit, sink, "case", col, NULL, NULL), MT_OK);
    for (size_t i = 0; i < n; i++) assert_int_equal(mt_emit_put(emit, &row[i]), MT_OK);
    assert_int_equal(mt_emit_end(emit), MT_OK);
    mt_text got = mt_out_bytes(out);
    assert_true(got.length < sizeof text);
    memcpy(text, got.at, got.length);
    text[got.length] = 0;
    mt_sink_close(sink);
    mt_out_close(out);
    mt_ctx_close(&cx);
    return text;
}

static const mt_terminal_options utf8 = {.size = sizeof utf8, .utf8 = true};

static void terminal__aligns_numbers_by_their_point(void **state)
{
    (void)state;
    static const struct row row[] = {{"DK1", 62.0288889, 797689},
                                     {"a longer one", -3.7, 5},
                                     {"none", NAN, INT64_MIN}};
    assert_string_equal(show(utf8, row, 3),
                        "name            price  volume\n"
                        "              EUR/MWh     MWh\n"
                        "────────────  ───────  ──────\n"
                        "DK1            62.029  797689\n"
                        "a longer one   -3.700       5\n"
                        "none                –       –\n"
                        "3 rows\n");
}

static void terminal__uses_ascii_where_asked(void **state)
{
    (void)state;
    static const struct row row[] = {{"é", 1, 2}, {NULL, 2.5, INT64_MIN}};
    assert_string_equal(show((mt_terminal_options){.size = sizeof utf8}, row, 2),
                        "name    price  volume\n"
                        "      EUR/MWh     MWh\n"
                        "----  -------  ------\n"
                        "?         1.0       2\n"
                        "-         2.5       -\n"
                        "2 rows\n");
}

static void terminal__shows_one_row_as_a_list(void **state)
{
    (void)state;
    static const struct row row[] = {{"DK1", 62.0288889, INT64_MIN}};
    assert_string_equal(show(utf8, row, 1), "name    DK1\n"
                                            "price   62.029 EUR/MWh\n"
                                            "volume  –\n");
}

static void terminal__shows_no_rows_as_a_header(void **state)
{
    (void)state;
    assert_string_equal(show(utf8, NULL, 0), "name    price  volume\n"
                                             "      EUR/MWh     MWh\n"
                                             "────  ───────  ──────\n"
                                             "0 rows\n");
}

static void terminal__cannot_be_steered_by_a_text(void **state)
{
    (void)state;
    static const struct row row[] = {{"\x1b[31mred\n\t\x7f\xff\xc2\x9b", 1, 1},
                                     {"\xe2\x80\xae"
                                      "evil",
                                      1, 1}};
    const char *text = show(utf8, row, 2);
    assert_non_null(strstr(text, "\\x1b[31mred\\n\\t\\x7f\xEF\xBF\xBD\\x9b"));
    assert_non_null(strstr(text, "\\u202eevil"));
    assert_null(strchr(text, '\x1b'));
}

static void terminal__cuts_texts_by_the_columns_they_take(void **state)
{
    (void)state;
    static const struct row row[] = {{"電力市場電力市場", 1, 1}, {"e\xcc\x81lectricite\xcc\x81 longue", 1, 1}};
    mt_terminal_options narrow = utf8;
    narrow.width = 27;
    assert_string_equal(show(narrow, row, 2), "name          price  volume\n"
                                              "            EUR/MWh     MWh\n"
                                              "──────────  ───────  ──────\n"
                                              "電力市場…         1       1\n"
                                              "e\xcc\x81lectrici…        1       1\n"
                                              "2 rows\n");
}

static void terminal__leaves_out_columns_in_the_middle(void **state)
{
    (void)state;
    static const struct row row[] = {{"abcdefghijkl", 1, 1}, {"b", 2, 2}};
    mt_terminal_options narrow = utf8;
    narrow.width = 20;
    assert_string_equal(show(narrow, row, 2), "name      …  volume\n"
                                              "          …     MWh\n"
                                              "────────  …  ──────\n"
                                              "abcdefg…  …       1\n"
                                              "b         …       2\n"
                                              "2 rows (1 of 3 columns left out to fit the width)\n");
}

static void terminal__colours_only_when_asked(void **state)
{
    (void)state;
    static const struct row row[] = {{"a", 1, 1}, {"b", 2, 2}};
    mt_terminal_options colour = utf8;
    assert_null(strchr(show(colour, row, 2), '\x1b'));
    colour.colour = true;
    assert_non_null(strstr(show(colour, row, 2), "\x1b[1mname    price  volume\x1b[0m\n"));
    assert_non_null(strstr(show(colour, row, 2), "\x1b[2m2 rows\x1b[0m\n"));
}

static void terminal__streams_a_million_rows_in_flat_memory(void **state)
{
    (void)state;
    size_t held[2];
    long resident = 0;
    for (int large = 0; large < 2; large++) {
        mt_ctx cx;
        mt_out *out;
        mt_sink *sink;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_out_file(&cx, &out, "/dev/null"), MT_OK);
        assert_int_equal(mt_terminal_sink(&cx, &sink, out, &utf8), MT_OK);
        assert_int_equal(case_send(&cx, sink, true, large ? 1000000 : 5000), MT_OK);
        held[large] = cx.arena.held_bytes;
        mt_sink_close(sink);
        mt_out_close(out);
        mt_ctx_close(&cx);
        if (!large) resident = case_resident_kib();
    }
    assert_int_equal(held[0], held[1]);
    assert_true(case_resident_kib() - resident < 4096);
}

/* The rows a caller's own arena holds may be gone after each push. */
static void terminal__keeps_its_rows_when_the_caller_resets_its_arena(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_sink *sink;
    static const mt_field one[] = {{.name = "name", MT_TEXT_AT(row, name)}, {0}};
    const mt_schema schema = {.name = "case", .col = one, .n_col = 1};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_terminal_sink(&cx, &sink, out, &utf8), MT_OK);
    assert_int_equal(mt_sink_schema(sink, &cx, &schema), MT_OK);
    for (int k = 0; k < 100; k++) {
        mt_mark mark = mt_arena_mark(&cx.arena);
        mt_text *text;
        assert_int_equal(MT_NEW(&cx, &text, 1), MT_OK);
        *text = mt_text_of("kept");
        mt_column column = {.data = text};
        assert_int_equal(mt_sink_push(sink, &cx, &(mt_chunk){.n = 1, .col = &column}), MT_OK);
        mt_arena_reset(&cx.arena, mark);
    }
    assert_int_equal(mt_sink_finish(sink, &cx), MT_OK);
    assert_int_equal(mt_out_bytes(out).length,
                     strlen("name\n100 rows\n") + strlen("────\n") + 100 * strlen("kept\n"));
    mt_sink_close(sink);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

struct failing {
    uint64_t calls, fail_at;
};

static void *get_or_fail(void *arg, size_t size)
{
    struct failing *failing = arg;
    return ++failing->calls == failing->fail_at ? NULL : malloc(size);
}

static void put_back(void *arg, void *block, size_t size)
{
    (void)arg;
    (void)size;
    free(block);
}

static void terminal__survives_the_failure_of_every_block(void **state)
{
    (void)state;
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code != MT_OK; k++) {
        struct failing failing = {.fail_at = k};
        mt_ctx cx;
        mt_out *out = NULL;
        mt_sink *sink = NULL;
        mt_ctx_init(&cx, &(mt_ctx_options){.size = sizeof(mt_ctx_options),
                                           .allocator = {get_or_fail, put_back, &failing}});
        code = mt_out_memory(&cx, &out);
        if (code == MT_OK) code = mt_terminal_sink(&cx, &sink, out, &utf8);
        if (code == MT_OK) code = case_send(&cx, sink, true, 3000);
        if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
        mt_sink_close(sink);
        mt_out_close(out);
        mt_ctx_close(&cx);
        assert_true(k < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminal__aligns_numbers_by_their_point),
        cmocka_unit_test(terminal__uses_ascii_where_asked),
        cmocka_unit_test(terminal__shows_one_row_as_a_list),
        cmocka_unit_test(terminal__shows_no_rows_as_a_header),
        cmocka_unit_test(terminal__cannot_be_steered_by_a_text),
        cmocka_unit_test(terminal__cuts_texts_by_the_columns_they_take),
        cmocka_unit_test(terminal__leaves_out_columns_in_the_middle),
        cmocka_unit_test(terminal__colours_only_when_asked),
        cmocka_unit_test(terminal__streams_a_million_rows_in_flat_memory),
        cmocka_unit_test(terminal__keeps_its_rows_when_the_caller_resets_its_arena),
        cmocka_unit_test(terminal__survives_the_failure_of_every_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
