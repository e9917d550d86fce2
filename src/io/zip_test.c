/* Zip archives: what is whole is unpacked, what lies about its size or place is refused. The archives are the
 * fuzzer's seeds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/ctx_case.h"
#include "io/seed_case.h"
#include "io/zip.h"

/* Opens and unpacks everything. */
static mt_code unpack(mt_ctx *cx, const char *name)
{
    mt_zip *zip;
    mt_text text;
    size_t n;
    MT_TRY(mt_zip_open(cx, &zip, name, seed_read(cx, "zip", name)));
    const mt_zip_entry *entry = mt_zip_entries(zip, &n);
    for (size_t k = 0; k < n; k++) MT_TRY(mt_zip_read(cx, zip, &entry[k], &text));
    return MT_OK;
}

static void refuse(mt_ctx *cx, const char *name, mt_code wanted, const char *says)
{
    assert_int_equal(unpack(cx, name), wanted);
    if (!strstr(cx->err, says)) fail_msg("\"%s\" does not say \"%s\"", cx->err, says);
}

static void zip__unpacks_entries_by_name(void **state)
{
    mt_ctx *cx = *state;
    mt_zip *zip;
    mt_text text;
    size_t n;
    assert_int_equal(mt_zip_open(cx, &zip, "zip", seed_read(cx, "zip", "two_deflated")), MT_OK);
    (void)mt_zip_entries(zip, &n);
    assert_int_equal(n, 2);
    assert_null(mt_zip_find(zip, "c.txt"));
    assert_int_equal(mt_zip_read(cx, zip, mt_zip_find(zip, "a.xml"), &text), MT_OK);
    assert_true(mt_text_equal(text, "<a>1</a>"));
    assert_int_equal(mt_zip_read(cx, zip, mt_zip_find(zip, "b.txt"), &text), MT_OK);
    assert_int_equal(text.length, 1800);
    assert_memory_equal(text.at + 1794, "hello ", 6);
}

static void zip__reads_stored_entries_and_an_empty_archive(void **state)
{
    mt_ctx *cx = *state;
    mt_zip *zip;
    mt_text text;
    size_t n = 9;
    assert_int_equal(mt_zip_open(cx, &zip, "zip", seed_read(cx, "zip", "stored")), MT_OK);
    assert_int_equal(mt_zip_read(cx, zip, mt_zip_find(zip, "s.txt"), &text), MT_OK);
    assert_true(mt_text_equal(text, "stored words"));
    assert_int_equal(mt_zip_open(cx, &zip, "zip", seed_read(cx, "zip", "empty")), MT_OK);
    (void)mt_zip_entries(zip, &n);
    assert_int_equal(n, 0);
}

static void zip__refuses_what_is_cut_or_damaged(void **state)
{
    mt_text stored = seed_read(*state, "zip", "stored");
    mt_zip *zip;
    mt_text text;
    refuse(*state, "cut", MT_E_INPUT, "no whole zip archive");
    refuse(*state, "damaged", MT_E_INPUT, "b.txt is damaged");
    refuse(*state, "offset_outside", MT_E_INPUT, "not where the list says");
    refuse(*state, "encrypted", MT_E_INPUT, "encrypted");
    ((char *)(uintptr_t)stored.at)[36] ^= 1; /* inside the words */
    assert_int_equal(mt_zip_open(*state, &zip, "zip", stored), MT_OK);
    assert_int_equal(mt_zip_read(*state, zip, mt_zip_find(zip, "s.txt"), &text), MT_E_INPUT);
}

static void zip__believes_no_size(void **state)
{
    refuse(*state, "says_less", MT_E_INPUT, "more than the 10 bytes promised");
    refuse(*state, "says_more", MT_E_INPUT, "b.txt is damaged");
    refuse(*state, "says_huge", MT_E_TOO_LARGE, "at most");
}

/* Twenty entries that share one megabyte-sparing stream: 62 KB would become 1.2 GB. */
static void zip__stops_a_bomb_at_its_budget(void **state)
{
    refuse(*state, "overlapping_bomb", MT_E_TOO_LARGE, "268435456 in all");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(zip__unpacks_entries_by_name),
        IN_CONTEXT(zip__reads_stored_entries_and_an_empty_archive),
        IN_CONTEXT(zip__refuses_what_is_cut_or_damaged),
        IN_CONTEXT(zip__believes_no_size),
        IN_CONTEXT(zip__stops_a_bomb_at_its_budget),
    };
    return cmocka_run_group_tests_name("zip", test, NULL, NULL);
}
