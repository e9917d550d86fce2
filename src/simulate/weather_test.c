/* What weather must keep: the sun where astronomy puts it, seasons, and a Europe under one sky. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "simulate/weather.h"

static mt_time instant(int month, int day, int hour, int minute)
{
    return mt_time_of((mt_civil){2025, month, day, hour, minute, 0, 0});
}

/* sin(height) = cos(latitude - declination) at true noon; the declination is 23.44 degrees at the June
 * solstice (21 June 2025, 02:42 UTC) and 0 at the March equinox (20 March 2025, 09:01 UTC). Equation of
 * time: about -2 and -7.4 minutes. */
static void weather__sun_stands_where_it_should(void **state)
{
    (void)state;
    const double degree = 3.14159265358979 / 180.0;
    assert_true(fabs(mt_sim_sun_height(52.5, 0.0, instant(6, 21, 12, 2)) - cos((52.5 - 23.44) * degree)) <
                0.002);
    assert_true(fabs(mt_sim_sun_height(0.0, 0.0, instant(3, 20, 12, 7)) - 1.0) < 0.002);
    assert_true(fabs(mt_sim_sun_height(0.0, 0.0, instant(3, 20, 6, 7))) < 0.01);
    assert_true(mt_sim_sun_height(52.5, 13.4, instant(6, 21, 23, 0)) < 0.0);
    /* 15 degrees further east the sun is an hour earlier. */
    double east = mt_sim_sun_height(50.0, 15.0, instant(5, 1, 8, 0)),
           here = mt_sim_sun_height(50.0, 0.0, instant(5, 1, 9, 0));
    assert_true(fabs(east - here) < 0.001);
}

/* Haurwitz: 1098 cos(z) exp(-0.057 / cos(z)) is 1037.2 W/m2 in the zenith. */
static void weather__clear_sky_follows_haurwitz(void **state)
{
    (void)state;
    assert_true(fabs(mt_sim_clear_sky_w_m2(1.0) - 1037.16) < 0.1);
    assert_true(mt_sim_clear_sky_w_m2(0.0) == 0.0 && mt_sim_clear_sky_w_m2(-0.5) == 0.0);
}

struct year {
    double temperature[2], wind[2], radiation[2], cloud;
};

/* Means of January (0) and July (1) over ten years. */
static struct year months_of(const mt_sim_rule *rule)
{
    struct year out = {0};
    int n = 0;
    for (int year = 2015; year < 2025; year++) {
        for (int day = 0; day < 31; day += 2, n++) {
            for (int part = 0; part < 2; part++) {
                mt_sim_sky sky;
                mt_sim_sky_make(&sky, rule, mt_day_of(year, part ? 7 : 1, 1) + day);
                for (int h = 0; h < 24; h += 2) {
                    mt_sim_weather w = mt_sim_weather_at(&sky, rule, sky.day * MT_US_DAY + h * MT_US_HOUR);
                    assert_true(w.cloud_share >= 0.0 && w.cloud_share <= 1.0 && w.wind_10m_m_s >= 0.0);
                    assert_true(w.gust_10m_m_s > w.wind_10m_m_s || w.wind_10m_m_s == 0.0);
                    assert_true(w.radiation_w_m2 >= 0.0 && w.radiation_w_m2 < 1050.0);
                    assert_true(w.temperature_c > -35.0 && w.temperature_c < 48.0);
                    out.temperature[part] += w.temperature_c / 12.0;
                    out.wind[part] += w.wind_100m_m_s / 12.0;
                    out.radiation[part] += w.radiation_w_m2 / 12.0;
                    out.cloud += w.cloud_share / 24.0;
                }
            }
        }
    }
    for (int part = 0; part < 2; part++)
        out.temperature[part] /= n, out.wind[part] /= n, out.radiation[part] /= n;
    out.cloud /= n;
    return out;
}

/* Germany's long-term means: about 0.5 and 18.5 C; 30 and 220 W/m2; two thirds of the sky covered. */
static void weather__has_seasons(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    struct year y = months_of(&rule);
    assert_true(fabs(y.temperature[0] - 0.5) < 2.5 && fabs(y.temperature[1] - 18.5) < 2.5);
    assert_true(y.wind[0] > 1.15 * y.wind[1] && y.wind[1] > 3.0 && y.wind[0] < 9.0);
    assert_true(fabs(y.radiation[0] - 35.0) < 20.0 && fabs(y.radiation[1] - 225.0) < 40.0);
    assert_true(fabs(y.cloud - 0.7) < 0.1);
}

static double wind_correlation(mt_sim_rule a, mt_sim_rule b)
{
    double sa = 0.0, sb = 0.0, saa = 0.0, sbb = 0.0, sab = 0.0;
    int n = 2000;
    for (int i = 0; i < n; i++) {
        mt_sim_sky sky;
        mt_time t = (15000 + i) * MT_US_DAY + 12 * MT_US_HOUR;
        mt_sim_sky_make(&sky, &a, 15000 + i);
        double x = mt_sim_weather_at(&sky, &a, t).wind_100m_m_s;
        mt_sim_sky_make(&sky, &b, 15000 + i);
        double y = mt_sim_weather_at(&sky, &b, t).wind_100m_m_s;
        sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
    }
    return (sab - sa * sb / n) / sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
}

static void weather__areas_share_part_of_it(void **state)
{
    (void)state;
    mt_sim_rule de = mt_sim_rule_default(), nl = de, other = de;
    nl.area = 2;
    other.seed = 77;
    double r = wind_correlation(de, nl);
    assert_true(r > 0.4 && r < 0.9);
    assert_true(fabs(wind_correlation(de, other)) < 0.2);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(weather__sun_stands_where_it_should),
        cmocka_unit_test(weather__clear_sky_follows_haurwitz),
        cmocka_unit_test(weather__has_seasons),
        cmocka_unit_test(weather__areas_share_part_of_it),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
