/* Rights in both directions: who may, who may not, whose assets are seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ops/rights.h"

static const char file[] =
    "{\"users\": [{\"user\": \"anna\", \"role\": \"trader\"},"
    " {\"user\": \"jo\", \"role\": \"owner\", \"owner\": \"OWN-1\", \"assets\": [\"WND-9\"]},"
    " {\"user\": \"root\", \"role\": \"administrator\"}]}";

static const mt_op trades = {.name = "vpp.trading", .desk = MT_DESK_TRADER | MT_DESK_RISK};

static mt_code rights_of(mt_ctx *cx, const mt_rights **out, const char *user)
{
    return mt_rights_parse(cx, out, "rights.json", mt_text_of(file), user);
}

static void rights__let_a_role_run_what_is_its_own(void **state)
{
    mt_ctx cx;
    const mt_rights *rights;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(rights_of(&cx, &rights, "anna"), MT_OK);
    assert_int_equal(mt_rights_check(&cx, rights, &trades), MT_OK);
    assert_int_equal(rights_of(&cx, &rights, "root"), MT_OK);
    assert_int_equal(mt_rights_check(&cx, rights, &trades), MT_OK);
    assert_int_equal(mt_rights_check(&cx, NULL, &trades), MT_OK);
    mt_ctx_close(&cx);
}

static void rights__refuse_what_is_not_and_say_for_whom_it_is(void **state)
{
    mt_ctx cx;
    const mt_rights *rights;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(rights_of(&cx, &rights, "jo"), MT_OK);
    assert_int_equal(mt_rights_check(&cx, rights, &trades), MT_E_DENIED);
    assert_string_equal(cx.err,
                        "jo (owner) may not run vpp.trading; that is for trader, risk, administrator");
    mt_ctx_close(&cx);
}

static void rights__show_an_owner_their_own_assets_only(void **state)
{
    mt_ctx cx;
    const mt_rights *rights;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(rights_of(&cx, &rights, "jo"), MT_OK);
    assert_true(mt_rights_see(rights, "SOL-1", "OWN-1"));
    assert_true(mt_rights_see(rights, "WND-9", NULL));
    assert_false(mt_rights_see(rights, "SOL-2", "OWN-2"));
    assert_false(mt_rights_see(rights, "SOL-3", NULL));
    assert_int_equal(rights_of(&cx, &rights, "anna"), MT_OK);
    assert_true(mt_rights_see(rights, "SOL-2", "OWN-2"));
    mt_ctx_close(&cx);
}

static void rights__need_a_user_that_is_known(void **state)
{
    mt_ctx cx;
    const mt_rights *rights;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(rights_of(&cx, &rights, NULL), MT_E_AUTH);
    assert_int_equal(rights_of(&cx, &rights, "eve"), MT_E_DENIED);
    mt_ctx_close(&cx);
}

static void rights__refuse_a_file_that_is_not_clear(void **state)
{
    static const char *const bad[] = {
        "{\"users\": [{\"user\": \"a\", \"role\": \"boss\"}]}",
        "{\"users\": [{\"user\": \"a\", \"role\": \"risk\"}, {\"user\": \"a\", \"role\": \"trader\"}]}",
        "{\"users\": [{\"user\": \"a\", \"role\": \"owner\", \"assets\": \"all\"}]}", "[]", "{"};
    mt_ctx cx;
    const mt_rights *rights;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(mt_rights_parse(&cx, &rights, "rights.json", mt_text_of(bad[k]), "a"), MT_E_INPUT);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights__let_a_role_run_what_is_its_own),
        cmocka_unit_test(rights__refuse_what_is_not_and_say_for_whom_it_is),
        cmocka_unit_test(rights__show_an_owner_their_own_assets_only),
        cmocka_unit_test(rights__need_a_user_that_is_known),
        cmocka_unit_test(rights__refuse_a_file_that_is_not_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
