/* What a simulated day must keep: local hours, one truth at every resolution, habits of load and sun. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/ctx_case.h"
#include "simulate/fundamentals.h"

static mt_sim_rule berlin(void)
{
    mt_sim_rule rule = mt_sim_rule_default();
    assert_int_equal(mt_zone_read(&ctx_case, &rule.clock, "Europe/Berlin", NULL), MT_OK);
    return rule;
}

static void fundamentals__days_have_23_to_25_hours(void **state)
{
    (void)state;
    static const struct {
        int month, day;
        size_t hours;
    } row[] = {{3, 30, 23}, {6, 1, 24}, {10, 26, 25}};
    for (size_t i = 0; i < 3; i++) {
        for (int minutes = 15; minutes <= 60; minutes *= 2) {
            mt_sim_rule rule = berlin();
            mt_sim_state *s;
            size_t n;
            rule.step = minutes * MT_US_MINUTE;
            mt_day day = mt_day_of(2025, row[i].month, row[i].day);
            assert_int_equal(mt_sim_fundamentals(&ctx_case, &s, &n, &rule, day), MT_OK);
            assert_int_equal(n, row[i].hours * 60 / (size_t)minutes);
            for (size_t k = 0; k < n; k++)
                assert_true(s[k].start == mt_sim_day_start(&rule, day) + (mt_time)k * rule.step);
        }
    }
}

static void fundamentals__an_hour_is_the_mean_of_its_quarters(void **state)
{
    (void)state;
    mt_sim_rule hours = berlin(), quarters = hours;
    mt_sim_state *h, *q;
    size_t n_h, n_q;
    quarters.step = 15 * MT_US_MINUTE;
    assert_int_equal(mt_sim_fundamentals(&ctx_case, &h, &n_h, &hours, hours.first_day), MT_OK);
    assert_int_equal(mt_sim_fundamentals(&ctx_case, &q, &n_q, &quarters, hours.first_day), MT_OK);
    for (size_t i = 0; i < n_h; i++) {
        double solar = 0.0, load = 0.0, warm = 0.0;
        for (size_t k = 4 * i; k < 4 * i + 4; k++)
            solar += q[k].solar_mw, load += q[k].load_mw, warm += q[k].weather.temperature_c;
        assert_true(fabs(solar / 4.0 - h[i].solar_mw) < 0.11 && fabs(load / 4.0 - h[i].load_mw) < 0.11);
        assert_true(fabs(warm / 4.0 - h[i].weather.temperature_c) < 0.11);
    }
}

static void fundamentals__load_follows_the_week_and_holidays(void **state)
{
    (void)state;
    mt_sim_rule rule = berlin();
    double mean[3] = {0};
    /* Wednesday 4 June 2025, Sunday 15 June, Whit Monday 9 June (a holiday in Germany). */
    static const int day[3] = {4, 15, 9};
    for (int i = 0; i < 3; i++) {
        mt_sim_state *s;
        size_t n;
        assert_int_equal(mt_sim_fundamentals(&ctx_case, &s, &n, &rule, mt_day_of(2025, 6, day[i])), MT_OK);
        for (size_t k = 0; k < n; k++) mean[i] += s[k].load_mw / (double)n;
        assert_true(s[11].load_mw > 1.1 * s[3].load_mw);
    }
    assert_true(mean[1] < 0.88 * mean[0] && mean[2] < 0.88 * mean[0]);
}

static void fundamentals__nights_have_no_sun_and_capacities_hold(void **state)
{
    (void)state;
    mt_sim_rule rule = berlin();
    const mt_sim_area *area = mt_sim_area_at(rule.area);
    double noon = 0.0;
    for (int k = 0; k < 30; k++) {
        mt_sim_state *s;
        size_t n;
        assert_int_equal(mt_sim_fundamentals(&ctx_case, &s, &n, &rule, rule.first_day + k), MT_OK);
        for (size_t i = 0; i < n; i++) {
            assert_true(s[i].solar_mw >= 0.0 && s[i].solar_mw < 0.85 * area->installed_mw[MT_SIM_SOLAR]);
            assert_true(s[i].onshore_mw >= 0.0 && s[i].onshore_mw < area->installed_mw[MT_SIM_ONSHORE]);
            assert_true(s[i].offshore_mw >= 0.0 && s[i].offshore_mw < area->installed_mw[MT_SIM_OFFSHORE]);
            assert_true(s[i].load_mw > 25000.0 && s[i].load_mw < 90000.0);
        }
        assert_true(s[0].solar_mw == 0.0 && s[23].solar_mw == 0.0);
        noon += s[13].solar_mw / 30.0;
    }
    assert_true(noon > 0.3 * area->installed_mw[MT_SIM_SOLAR]);
}

static void same_day(const mt_sim_rule *a, const mt_sim_rule *b, mt_day day, bool same)
{
    mt_sim_state *x, *y;
    size_t n_x, n_y;
    assert_int_equal(mt_sim_fundamentals(&ctx_case, &x, &n_x, a, day), MT_OK);
    assert_int_equal(mt_sim_fundamentals(&ctx_case, &y, &n_y, b, day), MT_OK);
    assert_int_equal(n_x, n_y);
    assert_int_equal(memcmp(x, y, n_x * sizeof *x) == 0, same);
}

static void fundamentals__a_day_depends_on_seed_area_and_date_only(void **state)
{
    (void)state;
    mt_sim_rule a = berlin(), later = a, other_seed = a;
    later.first_day += 100;
    later.days = 365;
    other_seed.seed = 2;
    same_day(&a, &later, a.first_day + 5, true);
    same_day(&a, &other_seed, a.first_day + 5, false);
    mt_sim_rule calm = a;
    calm.wind_factor = 0.0;
    same_day(&a, &calm, a.first_day + 5, false);
}

static void fundamentals__wind_power_follows_its_curve(void **state)
{
    (void)state;
    assert_true(mt_sim_wind_share(0.0) == 0.0 && mt_sim_wind_share(2.5) < 0.03);
    assert_true(mt_sim_wind_share(8.0) > 0.25 && mt_sim_wind_share(8.0) < 0.45);
    assert_true(mt_sim_wind_share(15.0) > 0.7 && mt_sim_wind_share(15.0) < 0.92);
    assert_true(mt_sim_wind_share(27.0) < 0.4 && mt_sim_wind_share(40.0) == 0.0);
    for (double v = 0.0; v < 20.0; v += 0.5) assert_true(mt_sim_wind_share(v + 0.5) > mt_sim_wind_share(v));
}

#define CASE(f) IN_CONTEXT(f)

int main(void)
{
    const struct CMUnitTest test[] = {
        CASE(fundamentals__days_have_23_to_25_hours),
        CASE(fundamentals__an_hour_is_the_mean_of_its_quarters),
        CASE(fundamentals__load_follows_the_week_and_holidays),
        CASE(fundamentals__nights_have_no_sun_and_capacities_hold),
        CASE(fundamentals__a_day_depends_on_seed_area_and_date_only),
        CASE(fundamentals__wind_power_follows_its_curve),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
