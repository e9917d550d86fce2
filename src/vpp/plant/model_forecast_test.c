/* Models of plants: the power that the sun and the wind allow. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/ctx_case.h"
#include "vpp/plant/model_forecast.h"

static mt_plant solar(double latitude, double tilt, double azimuth)
{
    return (mt_plant){.technology = MT_SOLAR,
                      .latitude = latitude,
                      .longitude = 0,
                      .tilt_deg = tilt,
                      .azimuth_deg = azimuth};
}

static double integrate(const mt_plant *plant, int64_t capacity_w, const char *day)
{
    mt_time start = case_at(day);
    double kwh = 0;
    for (int q = 0; q < 96; q++)
        kwh += (double)mt_solar_power_kw(plant, capacity_w, start + q * MT_QUARTER, NULL) / 4e6;
    return kwh;
}

static void solar_power__is_none_at_night_and_never_above_capacity(void **state)
{
    (void)state;
    mt_plant p = solar(51, 30, 180);
    mt_time start = case_at("2025-06-21T00:00:00Z");
    assert_int_equal(mt_solar_power_kw(&p, 1000000, start, NULL), 0);
    const mt_weather_value bright = {.irradiance_w_m2 = 1400, .temperature_c = -20, .cloud_share = NAN};
    assert_int_equal(mt_solar_power_kw(&p, 1000000, start + 48 * MT_QUARTER, &bright), 1000000000);
    assert_true(mt_solar_power_kw(NULL, 1000000, start, NULL) == MT_MICRO_NONE);
}

static void solar_power__peaks_at_the_suns_noon_when_facing_south(void **state)
{
    (void)state;
    mt_plant p = solar(51, 30, 180);
    mt_time start = case_at("2025-03-20T00:00:00Z");
    int best = 0;
    for (int q = 0; q < 96; q++) {
        if (mt_solar_power_kw(&p, 1000000, start + q * MT_QUARTER, NULL) >
            mt_solar_power_kw(&p, 1000000, start + best * MT_QUARTER, NULL))
            best = q;
    }
    assert_in_range(best, 47, 49); /* noon at Greenwich is at 12:07 */
}

static void solar_power__faces_where_the_panels_look(void **state)
{
    (void)state;
    mt_plant east = solar(51, 45, 90), west = solar(51, 45, 270), south = solar(51, 45, 180),
             north = solar(51, 45, 0);
    mt_time morning = case_at("2025-03-20T08:00:00Z"), evening = case_at("2025-03-20T16:00:00Z");
    assert_true(mt_solar_power_kw(&east, 1000000, morning, NULL) >
                2 * mt_solar_power_kw(&west, 1000000, morning, NULL));
    assert_true(mt_solar_power_kw(&west, 1000000, evening, NULL) >
                2 * mt_solar_power_kw(&east, 1000000, evening, NULL));
    double e = integrate(&east, 1000, "2025-03-20T00:00:00Z"),
           w = integrate(&west, 1000, "2025-03-20T00:00:00Z");
    assert_true(fabs(e - w) < 0.05 * e);
    assert_true(integrate(&south, 1000, "2025-03-20T00:00:00Z") >
                3 * integrate(&north, 1000, "2025-03-20T00:00:00Z"));
}

/* Clear days in Germany give 6 to 8 kWh a kW of panels at midsummer, 1 to 3.5 at midwinter. */
static void solar_power__gives_what_clear_days_give(void **state)
{
    (void)state;
    mt_plant p = solar(51, 30, 180), flat = solar(51, 0, 180), tracked = p;
    double summer = integrate(&p, 1000, "2025-06-21T00:00:00Z"),
           winter = integrate(&p, 1000, "2025-12-21T00:00:00Z");
    assert_true(summer > 6 && summer < 8);
    assert_true(winter > 1 && winter < 3.5);
    assert_true(integrate(&flat, 1000, "2025-12-21T00:00:00Z") < winter);
    tracked.tracking = "single_axis";
    assert_true(integrate(&tracked, 1000, "2025-06-21T00:00:00Z") > 1.15 * summer);
}

static void solar_power__of_a_level_plane_is_the_global_irradiance(void **state)
{
    (void)state;
    mt_plant flat = solar(51, 0, 180);
    for (int hour = 5; hour < 20; hour++) {
        mt_time t = case_at("2025-06-21T00:00:00Z") + hour * MT_US_HOUR;
        assert_true(fabs(mt_solar_plane_w_m2(&flat, t, 300) - 300) < 1e-9);
    }
}

static void solar_power__heeds_clouds_irradiance_and_heat(void **state)
{
    (void)state;
    mt_plant p = solar(51, 30, 180);
    mt_time noon = case_at("2025-06-21T12:00:00Z");
    const mt_weather_value overcast = {.irradiance_w_m2 = NAN, .temperature_c = NAN, .cloud_share = 1};
    const mt_weather_value cold = {.irradiance_w_m2 = 600, .temperature_c = 0, .cloud_share = 1};
    const mt_weather_value hot = {.irradiance_w_m2 = 600, .temperature_c = 35, .cloud_share = 1};
    double clear = (double)mt_solar_power_kw(&p, 1000000, noon, NULL);
    double cloudy = (double)mt_solar_power_kw(&p, 1000000, noon, &overcast);
    assert_true(cloudy < 0.35 * clear && cloudy > 0.15 * clear);
    double share = (double)mt_solar_power_kw(&p, 1000000, noon, &hot) /
                   (double)mt_solar_power_kw(&p, 1000000, noon, &cold);
    assert_true(share > 0.85 && share < 0.9); /* 35 degrees by 0.37 % */
}

static void wind_power__follows_its_curve(void **state)
{
    (void)state;
    static const double v[] = {0, 2.99, 3, 12, 24.99, 25, 40}, share[] = {0, 0, 0, 1, 1, 0, 0};
    for (size_t k = 0; k < sizeof v / sizeof *v; k++) assert_true(mt_wind_share(v[k]) == share[k]);
    assert_true(fabs(mt_wind_share(8) - (512.0 - 27) / (1728 - 27)) < 1e-12);
    assert_true(isnan(mt_wind_share(NAN)));
    for (double x = 0; x < 12; x += 0.1) assert_true(mt_wind_share(x + 0.1) >= mt_wind_share(x));
}

static void wind_power__is_that_at_the_hub(void **state)
{
    (void)state;
    assert_true(fabs(mt_wind_at_hub_m_s(5, 10, 100, false) - 5 * pow(10, 1.0 / 7)) < 1e-12);
    assert_true(fabs(mt_wind_at_hub_m_s(5, 10, 100, true) - 5 * pow(10, 0.11)) < 1e-12);
    assert_true(mt_wind_at_hub_m_s(5, NAN, 100, false) == 5 && mt_wind_at_hub_m_s(5, 10, NAN, false) == 5);
    const mt_plant plant = {.technology = MT_WIND, .hub_height_m = 100};
    const mt_weather_value w = {.wind_m_s = 9, .wind_height_m = 10};
    assert_int_equal(mt_wind_power_kw(&plant, 6600000, &w), 6600000000); /* 12.5 m/s up there */
    assert_true(mt_wind_power_kw(NULL, 6600000, &w) < 6600000000);
    assert_true(mt_wind_power_kw(&plant, MT_MICRO_NONE, &w) == MT_MICRO_NONE);
}

static const mt_grid day = {.start = 20000 * MT_US_DAY, .step = MT_QUARTER, .n = 96};

static void model_forecast__prefers_weather_then_history_then_a_clear_sky(void **state)
{
    mt_ctx *cx = *state;
    mt_plant p = solar(51, 30, 180);
    mt_weather_value weather[96];
    int64_t measured[96];
    const mt_micro *kw;
    for (int q = 0; q < 96; q++) {
        double sun = q < 60 ? 0 : NAN;
        weather[q] = (mt_weather_value){
            .irradiance_w_m2 = sun, .wind_m_s = NAN, .temperature_c = NAN, .cloud_share = NAN};
        measured[q] = q < 80 ? 500 : MT_WH_NONE;
    }
    const mt_model_plant plant = {.plant = &p,
                                  .technology = MT_SOLAR,
                                  .capacity_w = 1000000,
                                  .weather = weather,
                                  .measured_wh = measured,
                                  .measured_from = day.start - MT_US_DAY,
                                  .n_measured = 96};
    assert_int_equal(mt_model_forecast(cx, &kw, &plant, day), MT_OK);
    assert_int_equal(kw[48], 0);       /* weather */
    assert_int_equal(kw[70], 2000000); /* 500 Wh the day before: 2 kW */
    assert_int_equal(kw[85], mt_solar_power_kw(&p, 1000000, day.start + 85 * MT_QUARTER, NULL));
}

static void model_forecast__knows_nothing_of_its_own_day(void **state)
{
    mt_ctx *cx = *state;
    int64_t measured[96 * 3];
    const mt_micro *kw;
    for (int q = 0; q < 96 * 3; q++) measured[q] = q < 96 ? 100 : q < 191 ? 300 : 1000000;
    const mt_model_plant plant = {.technology = MT_WIND,
                                  .capacity_w = 1000000,
                                  .measured_wh = measured,
                                  .measured_from = day.start - 2 * MT_US_DAY,
                                  .n_measured = 96 * 3};
    assert_int_equal(mt_model_forecast(cx, &kw, &plant, day), MT_OK);
    assert_int_equal(kw[0], 800000);  /* mean of 100 and 300 Wh */
    assert_int_equal(kw[95], 400000); /* the day before was not over when it was made */
    assert_int_equal(mt_model_version(day), day.start - MT_QUARTER);
}

static void model_forecast__leaves_missing_what_nothing_tells(void **state)
{
    mt_ctx *cx = *state;
    const mt_micro *kw;
    const mt_model_plant plant = {.technology = MT_WIND, .capacity_w = 1000000};
    assert_int_equal(mt_model_forecast(cx, &kw, &plant, day), MT_OK);
    assert_true(kw[0] == MT_MICRO_NONE && kw[95] == MT_MICRO_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solar_power__is_none_at_night_and_never_above_capacity),
        cmocka_unit_test(solar_power__peaks_at_the_suns_noon_when_facing_south),
        cmocka_unit_test(solar_power__faces_where_the_panels_look),
        cmocka_unit_test(solar_power__gives_what_clear_days_give),
        cmocka_unit_test(solar_power__of_a_level_plane_is_the_global_irradiance),
        cmocka_unit_test(solar_power__heeds_clouds_irradiance_and_heat),
        cmocka_unit_test(wind_power__follows_its_curve),
        cmocka_unit_test(wind_power__is_that_at_the_hub),
        IN_CONTEXT(model_forecast__prefers_weather_then_history_then_a_clear_sky),
        IN_CONTEXT(model_forecast__knows_nothing_of_its_own_day),
        IN_CONTEXT(model_forecast__leaves_missing_what_nothing_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
