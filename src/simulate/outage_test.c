/* What outages must keep: list and merit order agree, a plausible rate, no dependence on the window. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx_case.h"
#include "simulate/outage.h"

static void outage__list_and_lost_power_agree(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_sim_plant *plant;
    mt_sim_outage *outage;
    size_t n_plants, n, hours = 240;
    mt_time start = mt_sim_day_start(&rule, rule.first_day);
    assert_int_equal(mt_sim_plants(&ctx_case, &plant, &n_plants, &rule), MT_OK);
    assert_int_equal(
        mt_sim_outages(&ctx_case, &outage, &n, &rule, start, start + (mt_time)hours * MT_US_HOUR), MT_OK);
    assert_true(n > 10);
    double *lost = calloc(hours * n_plants, sizeof *lost),
           *expected = calloc(hours * n_plants, sizeof *expected);
    mt_sim_outage_fill(lost, &rule, plant, n_plants, start, MT_US_HOUR, hours);
    for (size_t i = 0; i < n; i++) {
        assert_true(outage[i].start < outage[i].end && outage[i].start % (15 * MT_US_MINUTE) == 0);
        assert_true(outage[i].end - outage[i].start <= (MT_SIM_OUTAGE_DAYS * 24 + 1) * MT_US_HOUR);
        for (size_t h = 0; h < hours; h++) {
            mt_time t = start + (mt_time)h * MT_US_HOUR;
            if (t >= outage[i].start && t < outage[i].end)
                expected[h * n_plants + outage[i].plant] += outage[i].unavailable_mw;
        }
    }
    for (size_t i = 0; i < hours * n_plants; i++) {
        double most = plant[i % n_plants].capacity_mw;
        assert_true(fabs(lost[i] - (expected[i] > most ? most : expected[i])) < 1e-9);
    }
    free(lost);
    free(expected);
}

static void outage__takes_a_few_percent(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_sim_plant *plant;
    size_t n_plants, days = 730;
    double lost_sum = 0.0, capacity = 0.0;
    assert_int_equal(mt_sim_plants(&ctx_case, &plant, &n_plants, &rule), MT_OK);
    double *lost = calloc(days * n_plants, sizeof *lost);
    mt_sim_outage_fill(lost, &rule, plant, n_plants, 19000 * MT_US_DAY, MT_US_DAY, days);
    for (size_t i = 0; i < days * n_plants; i++) lost_sum += lost[i];
    for (size_t k = 0; k < n_plants; k++) capacity += plant[k].capacity_mw;
    double share = lost_sum / (double)days / capacity;
    assert_true(share > 0.03 && share < 0.12);
    free(lost);
}

static void outage__does_not_depend_on_the_window(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_sim_outage *all, *part;
    size_t n_all, n_part, found = 0;
    mt_time start = 20000 * MT_US_DAY, middle = start + 20 * MT_US_DAY, end = start + 40 * MT_US_DAY;
    assert_int_equal(mt_sim_outages(&ctx_case, &all, &n_all, &rule, start, end), MT_OK);
    assert_int_equal(mt_sim_outages(&ctx_case, &part, &n_part, &rule, middle, end), MT_OK);
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].end <= middle) continue;
        assert_true(found < n_part);
        assert_int_equal(all[i].start, part[found].start);
        assert_int_equal(all[i].plant, part[found].plant);
        found++;
    }
    assert_int_equal(found, n_part);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(outage__list_and_lost_power_agree),
        IN_CONTEXT(outage__takes_a_few_percent),
        IN_CONTEXT(outage__does_not_depend_on_the_window),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
