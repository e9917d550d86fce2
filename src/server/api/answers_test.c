/* Tests of kept answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/api/answers.h"
#include "server/api/media.h"

#include <stdio.h>
#include <string.h>

struct fixture {
    mt_ctx cx;
    mt_answers *answers;
};

static int set_up(void **state)
{
    static struct fixture f;
    mt_ctx_init(&f.cx, NULL);
    *state = &f;
    return mt_answers_open(&f.cx, &f.answers, 80000, 1000) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mt_answers_close(f->answers);
    mt_ctx_close(&f->cx);
    return 0;
}

static void keep(struct fixture *f, const char *key, uint64_t version, size_t n)
{
    mt_answer *answer = mt_answer_new(n, "text/plain");
    assert_non_null(answer);
    memset(answer->bytes, 'x', n);
    mt_answer_seal(answer);
    mt_answers_keep(f->answers, key, version, 0, answer);
    mt_answer_release(answer);
}

static bool has(struct fixture *f, const char *key, uint64_t version, int64_t now_us)
{
    mt_answer *answer = mt_answers_find(f->answers, key, version, now_us);
    bool found = answer != NULL;
    mt_answer_release(answer);
    return found;
}

static void answers__are_given_while_the_data_are_the_same_and_young(void **state)
{
    struct fixture *f = *state;
    keep(f, "a", 1, 10);
    assert_true(has(f, "a", 1, 1000));
    assert_false(has(f, "b", 1, 0));
    assert_false(has(f, "a", 1, 1001));
    keep(f, "a", 1, 10);
    assert_false(has(f, "a", 2, 0));
}

static void answers__least_used_go_first(void **state)
{
    struct fixture *f = *state;
    char key[8];
    for (int k = 0; k < 9; k++) {
        snprintf(key, sizeof key, "k%d", k);
        keep(f, key, 1, 8500);
        if (k == 5) assert_true(has(f, "k0", 1, 0)); /* used just now */
    }
    assert_true(has(f, "k8", 1, 0));
    keep(f, "more", 1, 8500);
    assert_true(has(f, "k0", 1, 0));
    assert_false(has(f, "k1", 1, 0));
}

static void answers__too_large_ones_are_not_kept(void **state)
{
    struct fixture *f = *state;
    keep(f, "large", 1, 20000);
    assert_false(has(f, "large", 1, 0));
}

static void answers__stay_with_who_has_them(void **state)
{
    struct fixture *f = *state;
    keep(f, "a", 1, 4);
    mt_answer *answer = mt_answers_find(f->answers, "a", 1, 0);
    keep(f, "a", 2, 5);
    assert_memory_equal(answer->bytes, "xxxx", 4);
    mt_answer_release(answer);
}

static void answers__have_a_tag_of_their_bytes(void **state)
{
    (void)state;
    mt_answer *a = mt_answer_new(1, "x"), *b = mt_answer_new(1, "x");
    a->bytes[0] = b->bytes[0] = 'a';
    mt_answer_seal(a), mt_answer_seal(b);
    assert_string_equal(a->etag, b->etag);
    assert_int_equal(strlen(a->etag), 34);
    b->bytes[0] = 'b';
    mt_answer_seal(b);
    assert_string_not_equal(a->etag, b->etag);
    mt_answer_release(a), mt_answer_release(b);
}

static void media__choose_by_output_then_by_weight(void **state)
{
    static const struct {
        const char *accept;
        mt_format format;
    } asked[] = {{NULL, MT_FORMAT_JSON},
                 {"*/*", MT_FORMAT_JSON},
                 {"text/csv", MT_FORMAT_CSV},
                 {"application/json;q=0.5, text/csv", MT_FORMAT_CSV},
                 {"text/csv;q=0.1, application/x-ndjson; q=0.9", MT_FORMAT_NDJSON},
                 {"text/csv;q=0", MT_FORMAT_JSON},
                 {"image/png", MT_FORMAT_JSON}};
    struct fixture *f = *state;
    mt_format format;
    for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
        assert_int_equal(mt_media_choose(&f->cx, &format, NULL, asked[k].accept), MT_OK);
        assert_int_equal(format, asked[k].format);
    }
    assert_int_equal(mt_media_choose(&f->cx, &format, "parquet", "text/csv"), MT_OK);
    assert_int_equal(format, MT_FORMAT_PARQUET);
    assert_int_equal(mt_media_choose(&f->cx, &format, "xml", NULL), MT_E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers__are_given_while_the_data_are_the_same_and_young, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(answers__least_used_go_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers__too_large_ones_are_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers__stay_with_who_has_them, set_up, tear_down),
        cmocka_unit_test(answers__have_a_tag_of_their_bytes),
        cmocka_unit_test_setup_teardown(media__choose_by_output_then_by_weight, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
