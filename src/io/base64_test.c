/* Base64 there and back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/base64.h"

#include <string.h>

static int set_up(void **state)
{
    static mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    *state = &cx;
    return 0;
}

static int tear_down(void **state)
{
    mt_ctx_close(*state);
    return 0;
}

/* RFC 4648, section 10. */
static const char *const published[][2] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void base64__is_as_published(void **state)
{
    for (size_t k = 0; k < sizeof published / sizeof *published; k++) {
        mt_text text, bytes;
        assert_int_equal(mt_base64_write(*state, &text, published[k][0], strlen(published[k][0])), MT_OK);
        assert_true(mt_text_equal(text, published[k][1]));
        assert_int_equal(mt_base64_read(*state, &bytes, text), MT_OK);
        assert_true(mt_text_equal(bytes, published[k][0]));
    }
}

static void base64__gives_every_byte_back(void **state)
{
    uint8_t all[256 * 3];
    for (size_t k = 0; k < sizeof all; k++) all[k] = (uint8_t)(k * 7 + k / 256);
    for (size_t n = 0; n <= sizeof all; n += 5) {
        mt_text text, bytes;
        assert_int_equal(mt_base64_write(*state, &text, all, n), MT_OK);
        assert_int_equal(mt_base64_read(*state, &bytes, text), MT_OK);
        assert_int_equal(bytes.length, n);
        assert_memory_equal(bytes.at, all, n);
    }
}

static void base64__refuses_what_is_none(void **state)
{
    static const char *const wrong[] = {"Zg=",  "Zg",   "Z===", "====", "Zm9v\n",
                                        "Zm 9", "Zh==", "Zm9=", "Z=g=", "-_-_"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        mt_text bytes;
        if (mt_base64_read(*state, &bytes, mt_text_of(wrong[k])) != MT_E_INPUT)
            fail_msg("%s was read", wrong[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64__is_as_published),
        cmocka_unit_test(base64__gives_every_byte_back),
        cmocka_unit_test(base64__refuses_what_is_none),
    };
    return cmocka_run_group_tests_name("base64", tests, set_up, tear_down);
}
