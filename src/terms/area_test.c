/* Bidding zones: each found by all its words, no code mistyped, no clock unknown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/zone.h"
#include "terms/area.h"

#include <math.h>
#include <string.h>

static void area__finds_a_zone_by_name_alias_and_eic(void **state)
{
    (void)state;
    static const char *const word[] = {"DK1", "dk1", "DK_1", "dk-1", "10YDK-1--------W", "denmark west"};
    for (size_t k = 0; k < sizeof word / sizeof *word; k++)
        assert_string_equal(mt_area_find(word[k])->name, "DK1");
    assert_string_equal(mt_area_find("DE")->name, "DE-LU");
    assert_string_equal(mt_area_find("DE_LU")->name, "DE-LU");
    assert_string_equal(mt_area_find("uk")->name, "GB");
    assert_string_equal(mt_area_find("IT_NORD")->name, "IT-NORD");
    assert_string_equal(mt_area_find("10Y1001A1001A63L")->name, "DE-AT-LU");
    assert_null(mt_area_find("DK"));
    assert_null(mt_area_find("DK11"));
    assert_null(mt_area_find(""));
    assert_null(mt_area_find("--"));
    assert_null(mt_area_find(NULL));
}

static void area__tells_the_nearest_name(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_area *area = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_area_get(&cx, &area, "SYSTEN"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "SYSTEM"));
    assert_int_equal(mt_area_get(&cx, &area, "nowhere at all"), MT_E_ABSENT);
    assert_null(area);
    assert_int_equal(mt_area_get(&cx, &area, "SYSTEM"), MT_OK);
    mt_ctx_close(&cx);
}

/* The check character after ENTSO-E's EIC reference manual, 3.4: a mistyped code does not pass. */
static void area__has_no_mistyped_code(void **state)
{
    (void)state;
    size_t n;
    const mt_area *area = mt_areas(&n);
    assert_true(n >= 50);
    for (size_t k = 0; k < n; k++) {
        if (!*area[k].eic) continue;
        if (!mt_eic_valid(area[k].eic)) fail_msg("%s: %s", area[k].name, area[k].eic);
    }
    assert_false(mt_eic_valid("10YDK-1--------M"));
    assert_false(mt_eic_valid("10YDK-1--------"));
    assert_false(mt_eic_valid("10ydk-1--------W"));
}

static void area__names_each_zone_once_with_a_known_clock(void **state)
{
    (void)state;
    size_t n;
    const mt_area *area = mt_areas(&n);
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < n; k++) {
        const mt_zone *zone;
        if (mt_area_find(area[k].name) != &area[k]) fail_msg("%s is found elsewhere", area[k].name);
        if (*area[k].eic && mt_area_find(area[k].eic) != &area[k]) fail_msg("%s twice", area[k].eic);
        if (mt_zone_read(&cx, &zone, area[k].zone, NULL) != MT_OK) fail_msg("%s", cx.err);
        assert_int_equal(strlen(area[k].currency), 3);
        assert_true(fabs(area[k].latitude - 52) < 20 && fabs(area[k].longitude - 12) < 25);
    }
    mt_ctx_close(&cx);
}

static void area__changes_its_market_time_unit_on_its_day(void **state)
{
    (void)state;
    mt_day first = mt_day_of(2025, 10, 1);
    const mt_area *dk1 = mt_area_find("DK1"), *ch = mt_area_find("CH"), *sem = mt_area_find("IE-SEM");
    assert_int_equal(mt_area_step(dk1, first - 1), MT_US_HOUR);
    assert_int_equal(mt_area_step(dk1, first), 15 * MT_US_MINUTE);
    assert_int_equal(mt_area_step(ch, first), MT_US_HOUR);
    assert_int_equal(mt_area_step(sem, first), 30 * MT_US_MINUTE);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(area__finds_a_zone_by_name_alias_and_eic),
        cmocka_unit_test(area__tells_the_nearest_name),
        cmocka_unit_test(area__has_no_mistyped_code),
        cmocka_unit_test(area__names_each_zone_once_with_a_known_clock),
        cmocka_unit_test(area__changes_its_market_time_unit_on_its_day),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
