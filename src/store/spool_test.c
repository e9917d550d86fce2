/* Tests of the spool: what is pushed comes back, from memory and from a file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/spool.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 1000 };

static const mt_field columns[] = {
    {.name = "n", .type = MT_INT},
    {.name = "flag", .type = MT_BOOL},
    {.name = "day", .type = MT_DAY},
    {.name = "word", .type = MT_TEXT},
    {.name = NULL},
};

static const mt_schema schema = {.name = "rows", .col = columns, .n_col = 4};

struct rows {
    int64_t n[ROWS];
    uint8_t flag[ROWS];
    int32_t day[ROWS];
    mt_text word[ROWS];
    uint64_t has_word[(ROWS + 63) / 64];
    char text[ROWS][24];
    mt_column col[4];
};

/* Row i of chunk k; every third word is missing, every fifth empty. */
static mt_chunk make_chunk(struct rows *r, size_t k, size_t n)
{
    memset(r->has_word, 0, sizeof r->has_word);
    for (size_t i = 0; i < n; i++) {
        r->n[i] = (int64_t)(k * ROWS + i);
        r->flag[i] = i % 2;
        r->day[i] = (int32_t)i - 5;
        if (i % 3) r->has_word[i / 64] |= (uint64_t)1 << (i % 64);
        int length = i % 5 ? snprintf(r->text[i], sizeof r->text[i], "w%zu-%zu", k, i) : 0;
        r->word[i] = (mt_text){r->text[i], (size_t)length};
    }
    r->col[0] = (mt_column){r->n, NULL};
    r->col[1] = (mt_column){r->flag, NULL};
    r->col[2] = (mt_column){r->day, NULL};
    r->col[3] = (mt_column){r->word, r->has_word};
    return (mt_chunk){n, r->col};
}

static void check_chunk(const mt_chunk *got, const mt_chunk *want)
{
    assert_int_equal(got->n, want->n);
    for (int c = 0; c < 4; c++) {
        for (size_t i = 0; i < want->n; i++) {
            mt_value a = mt_column_get(&got->col[c], columns[c].type, i);
            mt_value b = mt_column_get(&want->col[c], columns[c].type, i);
            assert_int_equal(a.present, b.present);
            if (!a.present) continue;
            if (columns[c].type == MT_TEXT) {
                assert_int_equal(a.as.text.length, b.as.text.length);
                assert_non_null(a.as.text.at);
                assert_memory_equal(a.as.text.at, b.as.text.at, b.as.text.length);
            } else if (columns[c].type == MT_BOOL) {
                assert_int_equal(a.as.boolean, b.as.boolean);
            } else {
                assert_int_equal(a.as.integer, b.as.integer);
            }
        }
    }
}

static void round_trip(size_t chunks, bool in_file)
{
    static struct rows r;
    mt_ctx cx;
    mt_spool *spool;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_spool_open(&cx, &spool, NULL), MT_OK);
    mt_sink *sink = mt_spool_sink(spool);
    assert_int_equal(mt_sink_schema(sink, &cx, &schema), MT_OK);
    for (size_t k = 0; k < chunks; k++) {
        mt_chunk chunk = make_chunk(&r, k, ROWS - k % 7);
        assert_int_equal(mt_sink_push(sink, &cx, &chunk), MT_OK);
    }
    assert_int_equal(mt_sink_finish(sink, &cx), MT_OK);
    assert_int_equal(mt_spool_in_file(spool), in_file);
    for (int again = 0; again < 2; again++) {
        mt_chunk got;
        mt_spool_rewind(spool);
        for (size_t k = 0; k < chunks; k++) {
            mt_chunk want = make_chunk(&r, k, ROWS - k % 7);
            assert_int_equal(mt_spool_next(&cx, spool, &got), MT_OK);
            check_chunk(&got, &want);
        }
        assert_int_equal(mt_spool_next(&cx, spool, &got), MT_OK);
        assert_int_equal(got.n, 0);
    }
    mt_spool_close(spool);
    mt_ctx_close(&cx);
}

static void spool__keeps_few_rows_in_memory(void **state)
{
    (void)state;
    round_trip(0, false);
    round_trip(3, false);
}

static void spool__keeps_many_rows_in_an_unlinked_file(void **state)
{
    (void)state;
    round_trip(200, true);
}

static void spool__says_when_its_folder_is_missing(void **state)
{
    (void)state;
    static struct rows r;
    mt_ctx cx;
    mt_spool *spool;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_spool_open(&cx, &spool, "/nowhere/at/all"), MT_OK);
    mt_sink *sink = mt_spool_sink(spool);
    assert_int_equal(mt_sink_schema(sink, &cx, &schema), MT_OK);
    mt_code code = MT_OK;
    for (size_t k = 0; k < 200 && code == MT_OK; k++) {
        mt_chunk chunk = make_chunk(&r, k, ROWS);
        code = mt_sink_push(sink, &cx, &chunk);
    }
    assert_int_equal(code, MT_E_IO);
    assert_non_null(strstr(cx.err, "/nowhere/at/all"));
    mt_spool_close(spool);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spool__keeps_few_rows_in_memory),
        cmocka_unit_test(spool__keeps_many_rows_in_an_unlinked_file),
        cmocka_unit_test(spool__says_when_its_folder_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
