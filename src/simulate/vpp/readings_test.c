/* What a plant's records must keep: the sample's counts, one truth behind meters, points and forecasts.
 * Golden facts: the published description of the sample day 2025-06-08. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "simulate/vpp/outlook.h"
#include "simulate/vpp/portfolio_case.h"
#include "simulate/vpp/readings.h"

#include <math.h>
#include <stdlib.h>

struct world {
    mt_sim_vpp_rule rule;
    mt_sim_portfolio portfolio;
    mt_sim_air air;
};

static mt_sim_live live; /* of the test that runs */

static void make_world(mt_ctx *cx, struct world *w, const char *day, const char *traps)
{
    w->rule = rule_case(cx, day, traps);
    assert_int_equal(mt_sim_portfolio_new(cx, &w->portfolio, &w->rule), MT_OK);
    assert_int_equal(mt_sim_air_new(cx, &w->air, &w->rule), MT_OK);
}

static void read_live(struct world *w, const char *asset_id)
{
    mt_sim_live_day(&live, &w->air, asset_case(&w->portfolio, asset_id), w->rule.market.first_day);
}

static size_t count_gaps(mt_time length)
{
    size_t n = 0;
    for (size_t k = 1; k < live.n; k++) n += live.time[k] - live.time[k - 1] == length;
    return n;
}

static size_t count_below_zero(void)
{
    size_t n = 0;
    for (size_t k = 0; k < live.n; k++) n += live.power_kw[k] < 0;
    return n;
}

static mt_micro find_peak(void)
{
    mt_micro peak = 0;
    for (size_t k = 0; k < live.n; k++) peak = live.power_kw[k] > peak ? live.power_kw[k] : peak;
    return peak;
}

static void readings__sample_has_the_known_counts(void **state)
{
    static const struct {
        const char *asset_id;
        size_t points, gaps[3], below_zero;
    } known[] = {{"SOL-DE-002", 1437, {1, 1, 0}, 882},
                 {"WND-DE-001", 1434, {1, 1, 1}, 0},
                 {"WND-DE-002", 1440, {0, 0, 0}, 0},
                 {"WND-DE-003", 1436, {1, 0, 1}, 0}};
    struct world w;
    make_world(*state, &w, "2025-06-08", "none");
    for (size_t k = 0; k < 4; k++) {
        read_live(&w, known[k].asset_id);
        assert_int_equal(live.n, known[k].points);
        for (int g = 0; g < 3; g++) assert_int_equal(count_gaps((g + 2) * MT_US_MINUTE), known[k].gaps[g]);
        assert_int_equal(count_below_zero(), known[k].below_zero);
        assert_true(live.time[0] == case_at("2025-06-07T22:00:00Z"));
        assert_true(live.time[live.n - 1] == case_at("2025-06-08T21:59:00Z"));
        if (k == 2) assert_true(find_peak() == 6744500000);
    }
}

static void readings__clock_changes_give_23_and_25_hours(void **state)
{
    struct world w;
    make_world(*state, &w, "2025-03-30", "none");
    read_live(&w, "WND-DE-002");
    assert_int_equal(live.n, 23 * 60);
    make_world(*state, &w, "2025-10-26", "none");
    read_live(&w, "WND-DE-002");
    assert_int_equal(live.n, 25 * 60);
}

static void readings__meters_agree_with_live_points(void **state)
{
    struct world w;
    mt_meter_value *value;
    size_t n;
    make_world(*state, &w, "2025-06-08", "none");
    const mt_sim_asset *asset = asset_case(&w.portfolio, "WND-DE-003");
    mt_sim_live_day(&live, &w.air, asset, w.rule.market.first_day);
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset, w.rule.market.first_day), MT_OK);
    assert_int_equal(n, 96);
    assert_true(value[0].start == case_at("2025-06-08T00:00:00Z"));
    for (size_t q = 0; q < 88; q++) {
        mt_micro sum = 0, points = 0;
        for (size_t k = 0; k < live.n; k++) {
            if (mt_time_floor(live.time[k], 900 * MT_US_SECOND) != value[q].start) continue;
            sum += live.power_kw[k];
            points++;
        }
        assert_true(llabs(sum / points - value[q].power_kw) < 500 * MT_MICRO_ONE || points < 15);
        if (points == 15) assert_true(llabs(sum / points - value[q].power_kw) <= 60000);
    }
}

static void readings__a_redispatched_plant_stands_still(void **state)
{
    struct world w;
    mt_meter_value *value;
    mt_redispatch_value *flag;
    size_t n;
    make_world(*state, &w, "2025-06-08", "none");
    const mt_sim_asset *asset = asset_case(&w.portfolio, "WND-DE-003");
    assert_int_equal(mt_sim_redispatch(&ctx_case, &flag, &n, asset, w.rule.market.first_day, 0), MT_OK);
    assert_int_equal(n, 4);
    assert_true(flag[0].start == case_at("2025-06-08T10:15:00Z"));
    assert_true(flag[3].end == case_at("2025-06-08T11:15:00Z"));
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset, w.rule.market.first_day), MT_OK);
    for (size_t q = 41; q < 45; q++) assert_int_equal(value[q].power_kw, 0);
    assert_true(value[40].power_kw > 0 && value[45].power_kw > 0);
}

static void readings__a_second_file_of_flags_disagrees_in_its_quarter_only(void **state)
{
    struct world w;
    mt_redispatch_value *first, *second;
    size_t n, m;
    make_world(*state, &w, "2025-06-08", "redispatch");
    const mt_sim_asset *asset = asset_case(&w.portfolio, "WND-DE-9947");
    assert_int_equal(mt_sim_redispatch(&ctx_case, &first, &n, asset, w.rule.market.first_day, 0), MT_OK);
    assert_int_equal(mt_sim_redispatch(&ctx_case, &second, &m, asset, w.rule.market.first_day, 1), MT_OK);
    assert_int_equal(n, 5);
    assert_int_equal(m, 5);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(first[k].redispatched, k < 4);
        assert_int_equal(second[k].redispatched, k < 4 && k != 2);
    }
    assert_true(first[0].setpoint_kw == 268 * MT_MICRO_ONE);
}

static void readings__traps_change_their_own_plants_only(void **state)
{
    struct world good, bad;
    static mt_sim_live before;
    make_world(*state, &good, "2025-06-08", "none");
    make_world(*state, &bad, "2025-06-08", "low_quality,disorder,above_capacity,two_files");
    read_live(&good, "WND-DE-001");
    before = live;
    read_live(&bad, "WND-DE-001");
    assert_memory_equal(&before, &live, sizeof live);
    read_live(&bad, "WND-DE-9939");
    size_t low = 0;
    for (size_t k = 0; k < live.n; k++) low += live.quality[k] < MT_MICRO_ONE / 2;
    assert_int_equal(low, 30 + 6 + 2);
    assert_int_equal(count_gaps(41 * MT_US_MINUTE), 1);
    read_live(&bad, "WND-DE-9937");
    size_t backwards = 0;
    for (size_t k = 1; k < live.n; k++) backwards += live.time[k] <= live.time[k - 1];
    assert_true(backwards >= 20);
    read_live(&bad, "WND-DE-9928");
    assert_true(find_peak() == 2950 * MT_MICRO_ONE); /* 118 % of 2,500 kW */
}

static void readings__meters_of_traps_are_wrong_as_told(void **state)
{
    struct world w;
    mt_meter_value *value;
    size_t n, night = 0, inside = 0;
    mt_day day = mt_day_of(2025, 6, 8);
    make_world(*state, &w, "2025-06-08", "all");
    const mt_sim_portfolio *p = &w.portfolio;
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset_case(p, "SOL-DE-9931"), day),
                     MT_OK);
    assert_int_equal(n, 96 - 5);
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset_case(p, "SOL-DE-9938"), day),
                     MT_OK);
    assert_int_equal(n, 96 + 3);
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset_case(p, "SOL-DE-9940"), day),
                     MT_OK);
    for (size_t k = 0; k < n; k++) inside += value[k].start % (900 * MT_US_SECOND) != 0;
    assert_int_equal(inside, 2);
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset_case(p, "SOL-DE-9929"), day),
                     MT_OK);
    for (size_t k = 0; k < n; k++) night += value[k].power_kw < 0;
    assert_true(night > 20);
    assert_int_equal(mt_sim_meter_day(&ctx_case, &value, &n, &w.air, asset_case(p, "SOL-DE-9927"), day),
                     MT_OK);
    assert_int_equal(value[44].power_kw, 1680 * MT_MICRO_ONE); /* 112 % of 1,500 kW */
}

static void readings__a_longer_run_continues_a_shorter_one(void **state)
{
    struct world one, more;
    static mt_sim_live alone;
    make_world(*state, &one, "2025-06-10", "none");
    make_world(*state, &more, "2025-06-08", "none");
    more.rule.market.days = 5;
    assert_int_equal(mt_sim_air_new(&ctx_case, &more.air, &more.rule), MT_OK);
    mt_sim_live_day(&alone, &one.air, asset_case(&one.portfolio, "WND-DE-001"), mt_day_of(2025, 6, 10));
    mt_sim_live_day(&live, &more.air, asset_case(&more.portfolio, "WND-DE-001"), mt_day_of(2025, 6, 10));
    assert_int_equal(live.n, alone.n);
    assert_memory_equal(live.power_kw, alone.power_kw, live.n * sizeof *live.power_kw);
}

static void outlook__forecasts_come_closer_to_the_truth(void **state)
{
    struct world w;
    mt_sim_outlook outlook;
    mt_forecast_value value[MT_SIM_OUTLOOK_QUARTERS];
    double early = 0.0, late = 0.0;
    make_world(*state, &w, "2025-06-08", "none");
    assert_int_equal(mt_sim_outlook_new(&ctx_case, &outlook, &w.air, asset_case(&w.portfolio, "WND-DE-002")),
                     MT_OK);
    for (size_t v = 0; v < 96; v++) {
        mt_sim_outlook_at(value, &outlook, outlook.start + (mt_time)v * 900 * MT_US_SECOND);
        assert_true(value[0].start == outlook.start + (mt_time)v * 900 * MT_US_SECOND);
        assert_true(value[192].start == value[0].start + 48 * MT_US_HOUR);
        for (size_t k = 0; k < MT_SIM_OUTLOOK_QUARTERS; k++) {
            assert_true(value[k].power_kw >= 0 && value[k].power_kw <= 6600 * MT_MICRO_ONE);
            double error = fabs((double)value[k].power_kw / 1e6 - outlook.kw[v + k]);
            if (k < 4) late += error / (4 * 96);
            if (k >= 92 && k < 96) early += error / (4 * 96);
        }
    }
    assert_true(late > 10.0 && early > 3.0 * late);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(readings__sample_has_the_known_counts),
        IN_CONTEXT(readings__clock_changes_give_23_and_25_hours),
        IN_CONTEXT(readings__meters_agree_with_live_points),
        IN_CONTEXT(readings__a_redispatched_plant_stands_still),
        IN_CONTEXT(readings__a_second_file_of_flags_disagrees_in_its_quarter_only),
        IN_CONTEXT(readings__traps_change_their_own_plants_only),
        IN_CONTEXT(readings__meters_of_traps_are_wrong_as_told),
        IN_CONTEXT(readings__a_longer_run_continues_a_shorter_one),
        IN_CONTEXT(outlook__forecasts_come_closer_to_the_truth),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
