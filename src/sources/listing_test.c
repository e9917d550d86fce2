/* Tests of cutting an answer into its records. */
#include "sources/listing.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void listing__gives_each_record_and_what_stands_beside(void **state)
{
    mt_ctx cx;
    mt_listing listing;
    mt_text record, name;
    int64_t total = 0;
    (void)state;
    mt_ctx_init(&cx, NULL);
    const char *text =
        " {\"total\": 3 ,\"dataset\":\"Some\\u0020\",\"name\":\"x\",\"records\" : [ {\"a\":\"]},{\\\"\"} ,"
        "[1,{\"b\":null}],\n-1.5e3 ]} ";
    assert_int_equal(mt_listing_open(&cx, &listing, "who", mt_text_of(text), "records"), MT_OK);
    assert_true(mt_listing_int(&listing, "total", &total));
    assert_int_equal(total, 3);
    assert_true(mt_listing_text(&listing, "name", &name));
    assert_true(mt_text_equal(name, "x"));
    assert_false(mt_listing_text(&listing, "dataset", &name)); /* has an escape */
    assert_false(mt_listing_text(&listing, "total", &name));
    assert_false(mt_listing_int(&listing, "name", &total));
    assert_false(mt_listing_int(&listing, "limit", &total));
    static const char *const expected[] = {"{\"a\":\"]},{\\\"\"}", "[1,{\"b\":null}]", "-1.5e3"};
    for (size_t k = 0; k < 3; k++) {
        assert_true(mt_listing_next(&listing, &record));
        assert_true(mt_text_equal(record, expected[k]));
    }
    assert_false(mt_listing_next(&listing, &record));
    assert_false(mt_listing_next(&listing, &record));
    mt_ctx_close(&cx);
}

static void listing__takes_an_array_alone(void **state)
{
    mt_ctx cx;
    mt_listing listing;
    mt_text record;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_listing_open(&cx, &listing, "who", mt_text_of("[ ]"), NULL), MT_OK);
    assert_false(mt_listing_next(&listing, &record));
    assert_int_equal(mt_listing_open(&cx, &listing, "who", mt_text_of("[{\"a\":1}]"), NULL), MT_OK);
    assert_true(mt_listing_next(&listing, &record));
    mt_ctx_close(&cx);
}

static void listing__gives_nothing_of_a_part(void **state)
{
    static const char whole[] = "{\"total\":2,\"records\":[{\"a\":\"x\\\"\"},{\"b\":[1,2]}]}";
    mt_ctx cx;
    mt_listing listing;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t n = 0; n + 1 < sizeof whole; n++) {
        char *part = malloc(n + 1); /* of exactly this size, so that a read behind the end is seen */
        assert_non_null(part);
        memcpy(part, whole, n);
        assert_int_equal(mt_listing_open(&cx, &listing, "who", (mt_text){part, n}, "records"), MT_E_REMOTE);
        free(part);
    }
    mt_ctx_close(&cx);
}

static void listing__refuses_other_documents_with_their_first_words(void **state)
{
    static const char *const bad[] = {"<html>\n <body>",
                                      "{\"records\":[1,]}",
                                      "{\"records\":[,1]}",
                                      "{\"records\":[1 2]}",
                                      "{\"records\":[}]}",
                                      "{\"records\":[1]}x",
                                      "{\"records\":{}}",
                                      "{\"data\":[]}",
                                      "{records:[]}",
                                      "{\"records\":[\"a\nb\"]}",
                                      "[]",
                                      "{\"a\":1,}",
                                      "null"};
    mt_ctx cx;
    mt_listing listing;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        if (mt_listing_open(&cx, &listing, "who", mt_text_of(bad[k]), "records") != MT_E_REMOTE)
            fail_msg("%s was taken", bad[k]);
    }
    assert_int_equal(mt_listing_open(&cx, &listing, "who", mt_text_of(bad[0]), "records"), MT_E_REMOTE);
    assert_string_equal(cx.err,
                        "who: the answer is no whole JSON document with an array records; it starts with "
                        "<html> <body>");
    mt_ctx_close(&cx);
}

static void listing__refuses_what_is_too_deep_or_too_wide(void **state)
{
    char text[512];
    size_t n = 0;
    mt_ctx cx;
    mt_listing listing;
    (void)state;
    mt_ctx_init(&cx, NULL);
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    assert_int_equal(mt_listing_open(&cx, &listing, "who", (mt_text){text, 400}, NULL), MT_E_REMOTE);
    text[n++] = '{';
    for (int k = 0; k <= MT_LISTING_MEMBERS_MAX; k++, n += 7) memcpy(text + n, "\"a\":1, ", 7);
    text[n - 2] = '}';
    assert_int_equal(mt_listing_open(&cx, &listing, "who", (mt_text){text, n}, "a"), MT_E_REMOTE);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing__gives_each_record_and_what_stands_beside),
        cmocka_unit_test(listing__takes_an_array_alone),
        cmocka_unit_test(listing__gives_nothing_of_a_part),
        cmocka_unit_test(listing__refuses_other_documents_with_their_first_words),
        cmocka_unit_test(listing__refuses_what_is_too_deep_or_too_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
