/* Tests of the reference pages: which pages there are, what stands in them, and what becomes of old ones. */
#include "face/demo_case.h"
#include "face/reference.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
    mt_ctx cx;
    char folder[32];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place) return -1;
    mt_ctx_init(&place->cx, NULL);
    snprintf(place->folder, sizeof place->folder, "/tmp/merit-reference-XXXXXX");
    *state = place;
    return mkdtemp(place->folder) ? 0 : -1;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    DIR *folder = opendir(place->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder) closedir(folder);
    int code = rmdir(place->folder);
    mt_ctx_close(&place->cx);
    free(place);
    return code;
}

static const char *path_of(struct place *place, const char *name)
{
    const char *path;
    assert_int_equal(mt_text_format(&place->cx, &path, "%s/%s", place->folder, name), MT_OK);
    return path;
}

static const char *read_page(struct place *place, const char *name)
{
    char *text;
    FILE *file = fopen(path_of(place, name), "r");
    if (!file) fail_msg("%s was not written", name);
    assert_int_equal(MT_NEW(&place->cx, &text, 65536), MT_OK);
    size_t n = fread(text, 1, 65535, file);
    text[n] = 0;
    fclose(file);
    return text;
}

static void write_page(struct place *place, const char *name, const char *text)
{
    FILE *file = fopen(path_of(place, name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void demand(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("missing: %s\nin: %s", part, text);
}

static void reference__has_a_page_a_noun_and_an_index(void **state)
{
    struct place *place = *state;
    static const char *const page[] = {"README.md",   "market.md", "data.md",
                                       "commands.md", "errors.md", "units.md"};
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    for (size_t k = 0; k < sizeof page / sizeof *page; k++) {
        const char *text = read_page(place, page[k]);
        assert_int_equal(strncmp(text, MT_REFERENCE_MARK "\n# ", strlen(MT_REFERENCE_MARK) + 3), 0);
    }
    assert_int_not_equal(access(path_of(place, "pipeline.md"), F_OK),
                         0); /* verbs only: they stand in commands.md */
    const char *index = read_page(place, "README.md");
    demand(index,
           "| [`merit market clear`](market.md#market-clear) | clear an auction at one price a period |\n");
    demand(index, "| [`merit data quality-report`](data.md#data-quality-report) | count what");
    demand(index, "| [`merit pipeline run`](commands.md#pipeline-run) | run a pipeline into a folder |\n");
    demand(index, "| `--output` | choice | | | format of the result: table, json or csv |\n");
}

static void reference__an_operation_has_arguments_head_columns_and_example(void **state)
{
    struct place *place = *state;
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    const char *text = read_page(place, "market.md");
    demand(text, "\n## market clear\n\nclear an auction at one price a period\n\nOrders become two curves;");
    demand(text, "\n```sh\nmerit market clear --orders FILE [options]\n```\n");
    demand(text, "\n| argument | type | unit | default | meaning |\n|---|---|---|---|---|\n"
                 "| `--orders` | input | | required | order book, CSV or a stored data set |\n"
                 "| `--period` | duration | | `1h` | market time unit |\n");
    demand(text, "\n| head | type | unit | meaning |\n|---|---|---|---|\n"
                 "| `quarantined` | integer | count | rows put aside |\n");
    demand(text, "| `price` | number | EUR/MWh | empty without a trade |\n");
    demand(text, "\nIn a pipeline: `market.clear`. Changes nothing. Role: viewer.\n");
    demand(text, "\n```sh\nmerit market clear --orders tests/orders.csv --period 15min\n```\n");
    text = read_page(place, "data.md");
    demand(text, "\nColumns: those the request asks for.\n");
    demand(text, "Changes the store or writes files. Role: operator.\n");
}

static void reference__text_of_a_table_breaks_no_page(void **state)
{
    struct place *place = *state;
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    const char *text = read_page(place, "market.md");
    demand(text, "and \"so is\" it's \\| &lt;cap> \\* too |\n");
    demand(text, "| local delivery day: \\[today] by default |\n");
    demand(text, "and `volume` is 0 — \\\\never guessed.");
    for (const char *line = text; line; line = strchr(line, '\n')) { /* every row has the cells of its head */
        size_t bars = 0, columns = strstr(line, "| argument |") == line ? 6 : 0;
        if (*line == '\n') line++;
        if (strncmp(line, "| `--", 5) == 0) columns = 6;
        for (const char *at = line; columns && *at && *at != '\n'; at++) bars += *at == '|' && at[-1] != '\\';
        assert_int_equal(bars, columns);
    }
}

static void reference__errors_and_units_are_complete(void **state)
{
    struct place *place = *state;
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    const char *errors = read_page(place, "errors.md"), *units = read_page(place, "units.md"), *row;
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        mt_code code = (mt_code)k;
        assert_int_equal(mt_text_format(&place->cx, &row, "| `%s` | %d | %d | %s |\n", mt_code_name(code),
                                        mt_code_exit(code), mt_code_http(code), mt_code_meaning(code)),
                         MT_OK);
        demand(errors, row);
    }
    for (int k = MT_UNIT_NONE + 1; k < MT_UNIT_TOTAL; k++) {
        assert_int_equal(mt_text_format(&place->cx, &row, "| `%s` | %s |\n", mt_unit_text((mt_unit)k),
                                        mt_unit_meaning((mt_unit)k)),
                         MT_OK);
        demand(units, row);
    }
    for (int k = 0; k < MT_TYPE_COUNT; k++) {
        assert_int_equal(mt_text_format(&place->cx, &row, "| %s | %s |\n", mt_type_name((mt_type)k),
                                        mt_face_form((mt_type)k)),
                         MT_OK);
        demand(units, row);
    }
}

static void reference__is_the_same_every_time(void **state)
{
    struct place *place = *state;
    static const char *const page[] = {"README.md",   "market.md", "data.md",
                                       "commands.md", "errors.md", "units.md"};
    const char *first[6];
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    for (int k = 0; k < 6; k++) first[k] = read_page(place, page[k]);
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    for (int k = 0; k < 6; k++) assert_string_equal(read_page(place, page[k]), first[k]);
}

static void reference__pages_of_nouns_that_are_gone_vanish(void **state)
{
    struct place *place = *state;
    write_page(place, "old.md", MT_REFERENCE_MARK "\n# old\n");
    write_page(place, "guide.md", "# written by hand\n");
    write_page(place, "old.txt", MT_REFERENCE_MARK);
    write_page(place, "short.md", "<!--");
    assert_int_equal(mt_reference(&place->cx, &demo_face, place->folder), MT_OK);
    assert_int_not_equal(access(path_of(place, "old.md"), F_OK), 0);
    assert_int_equal(access(path_of(place, "guide.md"), F_OK), 0);
    assert_int_equal(access(path_of(place, "old.txt"), F_OK), 0);
    assert_int_equal(access(path_of(place, "short.md"), F_OK), 0);
}

static void reference__a_noun_cannot_take_the_place_of_another_page(void **state)
{
    struct place *place = *state;
    static const mt_op list = {.name = "errors.list", .summary = "x", .col = clear_col};
    const mt_op *const op[] = {&list};
    const mt_face face = {.op = op, .n_op = 1};
    assert_int_equal(mt_reference(&place->cx, &face, place->folder), MT_E_INPUT);
    assert_string_equal(place->cx.err, "the page of the noun \"errors\" would overwrite another page");
}

static void reference__a_folder_that_cannot_be_made_is_told(void **state)
{
    struct place *place = *state;
    const char *path = "/proc/none/below", *start;
    assert_int_equal(mt_reference(&place->cx, &demo_face, path), MT_E_IO);
    assert_int_equal(mt_text_format(&place->cx, &start, "%s: the folder cannot be made: ", "/proc/none"),
                     MT_OK);
    assert_memory_equal(place->cx.err, start, strlen(start));
}

int main(void)
{
#define IN_PLACE(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
    const struct CMUnitTest test[] = {
        IN_PLACE(reference__has_a_page_a_noun_and_an_index),
        IN_PLACE(reference__an_operation_has_arguments_head_columns_and_example),
        IN_PLACE(reference__text_of_a_table_breaks_no_page),
        IN_PLACE(reference__errors_and_units_are_complete),
        IN_PLACE(reference__is_the_same_every_time),
        IN_PLACE(reference__pages_of_nouns_that_are_gone_vanish),
        IN_PLACE(reference__a_noun_cannot_take_the_place_of_another_page),
        IN_PLACE(reference__a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests_name("reference", test, NULL, NULL);
}
