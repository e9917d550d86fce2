/* The table of plant factors, edge by edge. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "vpp/scheme/lost.h"
#include "vpp/vectors_case.h"

/* BK6-23-241, as in optimisation_settlement_risk.md, section 3; UTC+1 all year, so 05:00 UTC is 06:00. */
static void lost__knows_the_plant_factors_of_the_sun(void **state)
{
    (void)state;
    static const struct {
        const char *utc;
        mt_micro factor;
    } edge[] = {
        {"2025-06-08T04:45:00Z", 0},      {"2025-06-08T05:00:00Z", 245600}, {"2025-06-08T07:45:00Z", 245600},
        {"2025-06-08T08:00:00Z", 618900}, {"2025-06-08T13:45:00Z", 618900}, {"2025-06-08T14:00:00Z", 245600},
        {"2025-06-08T17:45:00Z", 245600}, {"2025-06-08T18:00:00Z", 0},      {"2025-12-08T07:45:00Z", 0},
        {"2025-12-08T08:00:00Z", 279600}, {"2025-12-08T09:00:00Z", 503000}, {"2025-12-08T13:00:00Z", 279600},
        {"2025-12-08T15:30:00Z", 279600}, {"2025-12-08T15:45:00Z", 0},      {"2025-02-28T10:00:00Z", 503000},
        {"2025-03-01T10:00:00Z", 618900}, {"2025-10-31T10:00:00Z", 618900}, {"2025-11-01T10:00:00Z", 503000},
    };
    for (size_t k = 0; k < sizeof edge / sizeof *edge; k++)
        assert_int_equal(mt_solar_plant_factor(case_at(edge[k].utc)), edge[k].factor);
}

static mt_time local_minute(const char *day, const char *clock)
{
    const int minute =
        (clock[0] - '0') * 600 + (clock[1] - '0') * 60 + (clock[3] - '0') * 10 + clock[4] - '0';
    return case_at(day) + (minute - 60) * MT_US_MINUTE;
}

/* Every row of a season holds from its first quarter to its last, and not in the quarter after. */
static void check_season(const char *text, const char *season, const char *day)
{
    const char *at = strstr(text, season), *end = strstr(at, "]\n  ]");
    int rows = 0;
    at = strchr(at, '[') + 1;
    while ((at = strchr(at, '[')) && at < end) {
        const char *from = strchr(at, '"') + 1, *until = strchr(strchr(from, ',') + 1, '"') + 1;
        const char *number = strchr(strchr(until, '"'), ',') + 1;
        mt_micro factor;
        number += strspn(number, " \n");
        assert_true(mt_micro_parse(number, strcspn(number, " \n]"), &factor));
        assert_int_equal(mt_solar_plant_factor(local_minute(day, from)), factor);
        assert_int_equal(mt_solar_plant_factor(local_minute(day, until) - 15 * MT_US_MINUTE), factor);
        assert_int_not_equal(mt_solar_plant_factor(local_minute(day, until)), factor);
        at = number;
        rows++;
    }
    assert_int_equal(rows, 3);
}

static void lost__agrees_with_the_vectors(void **state)
{
    (void)state;
    const char *text = vectors_read();
    check_season(text, "\"summer_01.03-31.10\"", "2025-06-08T00:00:00Z");
    check_season(text, "\"winter_01.11-28/29.02\"", "2025-12-08T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(lost__knows_the_plant_factors_of_the_sun),
        IN_CONTEXT(lost__agrees_with_the_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
