/* The sun: heights that are known, nights, and measured irradiance below its limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/sun.h"

#include <math.h>

static mt_time utc(int year, int month, int day, int hour, int minute)
{
    return mt_time_of((mt_civil){year, month, day, hour, minute, 0, 0});
}

/* At local noon the height is 90 - latitude + declination; declination 23.44 at the solstice (2025-06-21
 * 02:42 UTC), 0 at the equinox (2025-03-20 09:01 UTC). Noon of Greenwich: 12:02 and 12:08 UTC. */
static void sun__stands_where_the_almanac_says(void **state)
{
    (void)state;
    assert_true(fabs(mt_sun_height_deg(51.48, 0, utc(2025, 6, 21, 12, 2)) - (90 - 51.48 + 23.44)) < 0.2);
    assert_true(fabs(mt_sun_height_deg(51.48, 0, utc(2025, 3, 20, 12, 8)) - (90 - 51.48)) < 0.2);
    assert_true(fabs(mt_sun_height_deg(0, 0, utc(2025, 3, 20, 12, 8)) - 90) < 0.3);
    assert_true(fabs(mt_sun_height_deg(51.48, 0, utc(2025, 12, 21, 11, 58)) - (90 - 51.48 - 23.44)) < 0.2);
    /* 15 degrees east the noon is an hour earlier. */
    assert_true(fabs(mt_sun_height_deg(51.48, 15, utc(2025, 6, 21, 11, 2)) - (90 - 51.48 + 23.44)) < 0.2);
    /* Sunset in Greenwich at the equinox is about 18:15 UTC. */
    assert_true(fabs(mt_sun_height_deg(51.48, 0, utc(2025, 3, 20, 18, 10))) < 1.5);
}

static void sun__gives_nothing_at_night_and_never_more_than_its_limit(void **state)
{
    (void)state;
    assert_true(mt_sun_highest_deg(56, 10, utc(2025, 12, 21, 22, 0), MT_US_HOUR) < -40);
    assert_true(mt_sun_highest_deg(66, 20, utc(2025, 6, 21, 23, 0), MT_US_HOUR) > 0);
    assert_true(mt_sun_most_w_m2(-7) == 0);
    for (double h = -6; h < 90; h += 1) assert_true(mt_sun_most_w_m2(h + 1) >= mt_sun_most_w_m2(h));
    assert_true(mt_sun_most_w_m2(90) < 1800);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sun__stands_where_the_almanac_says),
        cmocka_unit_test(sun__gives_nothing_at_night_and_never_more_than_its_limit),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
