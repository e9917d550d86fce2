/* Promises of the operation table: every entry is whole, every example runs, results have the columns they
 * are said to. */
#include "ops/ops.h"

#include "base/rows/table.h"
#include "ops/files.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void ops__have_unique_names_of_noun_and_verb(void **state)
{
    size_t n;
    const mt_op *const *op = mt_ops(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        const char *dot = strchr(op[k]->name, '.');
        assert_non_null(dot);
        assert_true(dot > op[k]->name && dot[1] && !strchr(dot + 1, '.'));
        assert_ptr_equal(mt_ops_find(op[k]->name), op[k]);
        assert_true(islower((unsigned char)op[k]->summary[0]));
        assert_int_not_equal(op[k]->summary[strlen(op[k]->summary) - 1], '.');
        assert_non_null(op[k]->example);
        assert_non_null(op[k]->run);
    }
}

/* A real without a unit is a question to its reader; bounds that carry their column's unit say so in their
 * document. */
static bool needs_unit(const mt_field *field)
{
    bool number = field->type == MT_REAL || field->type == MT_MICRO;
    size_t n = strlen(field->name);
    bool in_name =
        n > 3 && (strcmp(field->name + n - 3, "_ms") == 0 || strcmp(field->name + n - 3, "_us") == 0);
    return number && field->unit == MT_UNIT_NONE && !in_name && !strstr(field->doc, "unit");
}

/* What every command takes itself would hide an argument of that name; kept beside cli/command.c. */
static void check_hidden(const mt_op *op)
{
    static const char *const common[] = {"output", "json",     "to",   "store",   "timeout",
                                         "quiet",  "no_color", "help", "version", "cache"};
    for (size_t k = 0; k < sizeof common / sizeof *common; k++)
        if (mt_field_find(op->arg, common[k]))
            fail_msg("%s: --%s is an option of every command", op->name, common[k]);
}

static void check_fields(const mt_op *op, const mt_field *field)
{
    for (const mt_field *f = field; f && f->name; f++) {
        if (!f->doc || !*f->doc) fail_msg("%s: %s has no document", op->name, f->name);
        if (needs_unit(f)) fail_msg("%s: %s has no unit", op->name, f->name);
        if (f->type == MT_CHOICE && !f->choice) fail_msg("%s: %s has no choices", op->name, f->name);
        if (mt_field_find(field, f->name) != f) fail_msg("%s: %s stands twice", op->name, f->name);
    }
}

static void ops__document_every_field_and_its_unit(void **state)
{
    size_t n;
    const mt_op *const *op = mt_ops(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        check_hidden(op[k]);
        check_fields(op[k], op[k]->arg);
        check_fields(op[k], op[k]->col);
        check_fields(op[k], op[k]->head);
    }
}

static void ops__name_the_nearest_when_there_is_none(void **state)
{
    mt_ctx cx;
    const mt_op *op;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_ops_get(&cx, &op, "market.cleer"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "did you mean market.clear"));
    mt_ctx_close(&cx);
}

static mt_time fixed_now(void *arg)
{
    (void)arg;
    return 1750420800 * MT_US_SECOND;
}

/* The next word of a command line, cut out; one in double quotes may hold blanks. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " ");
    if (!*word) return NULL;
    bool quoted = *word == '"';
    word += quoted;
    char *end = word + strcspn(word, quoted ? "\"" : " ");
    *rest = end + (*end != 0);
    *end = 0;
    return word;
}

/* "--orders tests/data/orders.csv --yes" into names and values; outputs are moved below `folder`. */
static size_t split_example(mt_ctx *cx, const mt_op *op, mt_given *given, const char *folder)
{
    char *text, *rest;
    size_t n = 0;
    assert_int_equal(mt_ctx_alloc(cx, &text, strlen(op->example) + 1, 1), MT_OK);
    strcpy(text, op->example);
    rest = text;
    for (char *word = next_word(&rest); word; word = next_word(&rest)) {
        bool named = strncmp(word, "--", 2) == 0;
        bool value = !named && n && strcmp(given[n - 1].value, "yes") == 0;
        if (!named && !value && op->words) {
            given[n++] = (mt_given){op->words, word};
            continue;
        }
        if (named) {
            for (char *c = word + 2; *c; c++) *c = *c == '-' ? '_' : *c;
            given[n++] = (mt_given){word + 2, "yes"};
            continue;
        }
        const mt_field *field = mt_field_find(op->arg, given[n - 1].name);
        if (!field) fail_msg("%s: its example gives an unknown argument %s", op->name, given[n - 1].name);
        given[n - 1].value = word;
        if (field->type == MT_OUTPUT) {
            assert_int_equal(mt_text_format(cx, &given[n - 1].value, "%s/%s", folder, strrchr(word, '/') + 1),
                             MT_OK);
        }
    }
    return n;
}

/* Examples that need what is not here: a provider, a batch that was set aside, a backup. */
static bool needs_more(const mt_op *op)
{
    static const char *const name[] = {"data.fetch",   "data.preview",  "data.check",         "data.release",
                                       "data.discard", "store.restore", "data.suspect_values"};
    for (size_t k = 0; k < sizeof name / sizeof *name; k++)
        if (strcmp(op->name, name[k]) == 0) return true;
    return false;
}

static void run_example(const mt_op *op, const mt_world *world, const char *folder)
{
    mt_ctx cx;
    mt_given given[32];
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_sink *sink;
    mt_table *table = NULL;
    void *args;
    mt_ctx_init(&cx, NULL);
    size_t n = split_example(&cx, op, given, folder);
    mt_code code = mt_op_args(&cx, op, given, n, &opener, &args);
    if (code == MT_OK) code = mt_table_sink(&cx, &sink, &table, 0);
    if (code == MT_OK) code = op->run(&cx, world, args, sink);
    bool absent = code == MT_E_ABSENT && needs_more(op) && cx.err[0];
    if (absent) goto out;
    if (code != MT_OK && code != MT_FINDINGS) fail_msg("%s %s: %s", op->name, op->example, cx.err);
    if (table->schema.n_col != mt_field_count(op->col))
        fail_msg("%s: other columns than described", op->name);
    for (size_t k = 0; k < table->schema.n_col; k++) {
        assert_string_equal(table->schema.col[k].name, op->col[k].name);
        bool text = op->col[k].type == MT_CHOICE &&
                    table->schema.col[k].type == MT_TEXT; /* as the store gives it back */
        if (!text) assert_int_equal(table->schema.col[k].type, op->col[k].type);
    }
out:
    mt_files_close(&files);
    mt_ctx_close(&cx);
}

/* Writers run first, so that there is something to read. */
static void ops__run_their_examples(void **state)
{
    char folder[] = "/tmp/merit-ops-XXXXXX", url[64], command[64];
    mt_ctx cx;
    mt_world *world;
    size_t n;
    const mt_op *const *op = mt_ops(&n);
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(url, sizeof url, "duckdb:%s/store.duckdb", folder);
    mt_world_options options = {.size = sizeof options, .store_url = url, .now = fixed_now, .workers = 2};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_world_open(&cx, &world, &options), MT_OK);
    for (size_t k = 0; k < n; k++) {
        if (op[k]->effect == MT_WRITE) run_example(op[k], world, folder);
    }
    for (size_t k = 0; k < n; k++) {
        if (op[k]->effect == MT_READ) run_example(op[k], world, folder);
    }
    mt_world_close(world);
    mt_ctx_close(&cx);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(ops__have_unique_names_of_noun_and_verb),
        cmocka_unit_test(ops__document_every_field_and_its_unit),
        cmocka_unit_test(ops__name_the_nearest_when_there_is_none),
        cmocka_unit_test(ops__run_their_examples),
    };
    return cmocka_run_group_tests_name("ops/ops", test, NULL, NULL);
}
