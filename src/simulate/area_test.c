/* What the table of areas must keep: plausible rows, clocks that exist, a helpful refusal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/holiday.h"
#include "base/zone.h"
#include "simulate/area.h"

static void area__rows_name_real_clocks_and_countries(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (size_t i = 0; i < mt_sim_area_count(); i++) {
        const mt_sim_area *area = mt_sim_area_at(i);
        const mt_zone *zone;
        const char *holiday;
        assert_int_equal(mt_zone_read(&cx, &zone, area->clock, NULL), MT_OK);
        mt_time winter = mt_day_of(2025, 1, 15) * MT_US_DAY;
        assert_int_equal(mt_zone_offset_s(zone, winter), area->standard_offset_s);
        assert_int_equal(mt_holiday_on(&cx, &holiday, area->country, NULL, mt_day_of(2025, 12, 25)), MT_OK);
        assert_non_null(holiday);
    }
    mt_ctx_close(&cx);
}

static void area__can_feed_its_load_without_wind_and_sun(void **state)
{
    (void)state;
    for (size_t i = 0; i < mt_sim_area_count(); i++) {
        const mt_sim_area *area = mt_sim_area_at(i);
        double firm = area->import_mw;
        for (int tech = 0; tech < MT_SIM_SOLAR; tech++) firm += area->installed_mw[tech];
        assert_true(firm > 1.25 * area->load_mw);
        assert_true(firm < 5.0 * area->load_mw);
    }
}

static void area__is_found_by_name(void **state)
{
    (void)state;
    mt_ctx cx;
    size_t index = 99;
    mt_ctx_init(&cx, NULL);
    for (size_t i = 0; i < mt_sim_area_count(); i++) {
        assert_int_equal(mt_sim_area_find(&cx, &index, mt_sim_area_at(i)->name), MT_OK);
        assert_int_equal(index, i);
    }
    mt_ctx_close(&cx);
}

static void area__unknown_names_are_refused_with_the_known_ones(void **state)
{
    (void)state;
    mt_ctx cx;
    size_t index = 99;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_sim_area_find(&cx, &index, "DK3"), MT_E_ABSENT);
    assert_int_equal(index, 99);
    assert_non_null(strstr(cx.err, "'DK3'"));
    assert_non_null(strstr(cx.err, "DE, FR, NL"));
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(area__rows_name_real_clocks_and_countries),
        cmocka_unit_test(area__can_feed_its_load_without_wind_and_sun),
        cmocka_unit_test(area__is_found_by_name),
        cmocka_unit_test(area__unknown_names_are_refused_with_the_known_ones),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
