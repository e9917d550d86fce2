/* Tests of final production: metering points and units from the header, quarters from the rows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"

#define NAME "distribution_system_operator/final_production_MP-SOL-001_20250609.csv"

static void metering__reads_the_day_of_a_metering_point(void **state)
{
    (void)state;
    case_read(NAME, "delivery_start__utc_,MP-SOL-001__kw_\n2025-06-08 00:00:00.000000 UTC,0.0\n"
                    "2025-06-08 00:15:00.000000 UTC,12.5\n2025-06-08 00:30:00.000000 UTC,\n");
    assert_int_equal(got.n_meter, 2);
    assert_string_equal(got.subject[0], "MP-SOL-001");
    assert_int_equal(got.meter[0].start, case_at("2025-06-08T00:00:00Z"));
    assert_int_equal(got.meter[0].power_kw, 0);
    assert_int_equal(got.meter[1].power_kw, 12500000);
    assert_int_equal(got.n_finding, 0);
    assert_int_equal(got.origin.day, mt_day_of(2025, 6, 9));
}

/* 1 kWh in a quarter hour is 4 kW. */
static void metering__energy_becomes_the_quarters_mean_power(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        mt_micro kw;
    } units[] = {{"kw", 3000000},   {"mw", 3000000000}, {"w", 3000},
                 {"kwh", 12000000}, {"wh", 12000},      {"mwh", 12000000000}};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        char text[160];
        snprintf(text, sizeof text, "delivery_start__utc_,MP-1__%s_\n2025-06-08 00:00:00.000000 UTC,3\n",
                 units[k].unit);
        case_read(NAME, text);
        assert_int_equal(got.n_meter, 1);
        assert_int_equal(got.meter[0].power_kw, units[k].kw);
        assert_string_equal(got.subject[0], "MP-1");
    }
}

static void metering__several_points_stand_side_by_side(void **state)
{
    (void)state;
    case_read(NAME,
              "delivery_start__utc_,A__kw_,B__mw_\n2025-06-08 00:00 UTC,1,2\n2025-06-08 00:15 UTC,3,4\n");
    assert_int_equal(got.n_call, 2);
    assert_string_equal(got.subject[1], "B");
    assert_int_equal(got.meter[1].power_kw, 3000000);
    assert_int_equal(got.meter[2].power_kw, 2000000000);
}

static void metering__unclear_and_unknown_units_are_told(void **state)
{
    (void)state;
    case_read(NAME, "delivery_start__utc_,MP-SOL-001\n2025-06-08 00:00 UTC,1\n");
    assert_int_equal(got.n_meter, 1);
    case_check_finding(MT_F_UNIT, 1, "kW is taken");
    case_read(NAME, "delivery_start__utc_,MP-SOL-001__kvar_\n2025-06-08 00:00 UTC,1\n");
    assert_int_equal(got.n_meter, 0);
    case_check_finding(MT_F_BAD_FILE, 1, "kvar");
}

static void metering__bad_rows_are_told(void **state)
{
    (void)state;
    case_read(NAME, "delivery_start__utc_,MP-SOL-001__kw_\nyesterday,1\n2025-06-08 00:00 UTC,abc\n"
                    "2025-06-08 00:00 UTC,1,2\n2025-06-08 00:15 UTC,9300000000000\n2025-06-08 00:30 UTC,7\n");
    assert_int_equal(got.n_meter, 1);
    case_check_finding(MT_F_BAD_ROW, 4, "line 2: the start is no instant");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(metering__reads_the_day_of_a_metering_point),
        IN_CONTEXT(metering__energy_becomes_the_quarters_mean_power),
        IN_CONTEXT(metering__several_points_stand_side_by_side),
        IN_CONTEXT(metering__unclear_and_unknown_units_are_told),
        IN_CONTEXT(metering__bad_rows_are_told),
    };
    return cmocka_run_group_tests_name("vpp metering", test, NULL, NULL);
}
