/* Tests of imbalance prices: German tables, midnight, missing words, nights of a clock change. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"

#define FINAL    "imbalance/imbalance_price_final_2025-06-08.csv"
#define ESTIMATE "imbalance/imbalance_price_estimation_2025-06-08.csv"
#define REST     ";reBAP;Qualit\xC3\xA4tsgesichert;EUR/MWh;"

static const mt_price_value *short_of(size_t k)
{
    assert_true(k < got.n_price[MT_PRICE_OF_SHORT]);
    return &got.price[MT_PRICE_OF_SHORT][k];
}

/* The first row is the one of formats.md, section 2. */
static void imbalance__reads_both_columns(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP "\n08.06.2025;UTC;00:00;00:15" REST "87,11;87,11\n"
                                         "08.06.2025;UTC;00:15;00:30" REST "-1.087,5;90\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_SHORT], 2);
    assert_int_equal(got.n_price[MT_PRICE_OF_LONG], 2);
    assert_int_equal(short_of(0)->start, case_at("2025-06-08T00:00:00Z"));
    assert_int_equal(short_of(0)->price, 87110000);
    assert_int_equal(short_of(1)->price, -1087500000);
    assert_int_equal(got.price[MT_PRICE_OF_LONG][1].price, 90000000);
    assert_int_equal(got.n_finding, 0);
}

static void imbalance__the_last_quarter_ends_at_midnight(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP "\n08.06.2025;UTC;23:45;00:00" REST "1;1\n"
                                         "08.06.2025;CET;23:45;00:00" REST
                                         "2;2\n08.06.2025;CET;23:45;24:00" REST "3;3\n");
    assert_int_equal(short_of(0)->end, case_at("2025-06-09T00:00:00Z"));
    assert_int_equal(short_of(1)->start, case_at("2025-06-08T21:45:00Z")); /* wall clock of Berlin */
    assert_int_equal(short_of(1)->end, case_at("2025-06-08T22:00:00Z"));
    assert_int_equal(short_of(2)->end, case_at("2025-06-08T22:00:00Z"));
}

static void imbalance__missing_prices_are_no_prices(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP "\n08.06.2025;UTC;02:00;02:15" REST "N.A.;5,0\n"
                                         "08.06.2025;UTC;02:15;02:30" REST
                                         "N.E.;N.E.\n08.06.2025;UTC;02:30;02:45" REST ";\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_SHORT], 0);
    assert_int_equal(got.n_price[MT_PRICE_OF_LONG], 1);
    assert_int_equal(got.n_finding, 0);
}

/* 2025-10-26: 03:00 CEST becomes 02:00 CET. Eight quarters lie between 00:00Z and 02:00Z. */
static void imbalance__the_hour_that_comes_twice_is_told_by_its_order(void **state)
{
    (void)state;
    char text[4096];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", MT_VPP_HEADER_REBAP "\n");
    for (int k = 0; k < 8; k++) {
        int from = k % 4 * 15, until = (from + 15) % 60, hour = k == 7 ? 3 : 2;
        n += (size_t)snprintf(text + n, sizeof text - n, "26.10.2025;CET;02:%02d;0%d:%02d" REST "%d;0\n",
                              from, hour, until, k);
    }
    case_read(FINAL, text);
    for (size_t k = 0; k < 8; k++) {
        assert_int_equal(short_of(k)->start,
                         case_at("2025-10-26T00:00:00Z") + (mt_time)k * 15 * MT_US_MINUTE);
        assert_int_equal(short_of(k)->end - short_of(k)->start, 15 * MT_US_MINUTE);
        assert_int_equal(short_of(k)->price, (mt_micro)k * MT_MICRO_ONE);
    }
}

static void imbalance__zones_that_name_the_summer_need_no_order(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP "\n26.10.2025;CEST;01:45;02:00" REST "1;1\n"
                                         "26.10.2025;CET;02:15;02:30" REST
                                         "2;2\n26.10.2025;MESZ;02:15;02:30" REST "3;3\n");
    assert_int_equal(short_of(1)->start, case_at("2025-10-26T01:15:00Z"));
    assert_int_equal(short_of(2)->start, case_at("2025-10-26T00:15:00Z"));
}

/* 2025-03-30: 02:00 CET becomes 03:00 CEST. */
static void imbalance__the_hour_that_does_not_come_is_bad(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP "\n30.03.2025;CET;01:45;03:00" REST "1;1\n"
                                         "30.03.2025;CET;02:00;02:15" REST
                                         "2;2\n30.03.2025;CET;03:00;03:15" REST "3;3\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_SHORT], 2);
    assert_int_equal(short_of(0)->end, case_at("2025-03-30T01:00:00Z"));
    assert_int_equal(short_of(1)->start, case_at("2025-03-30T01:00:00Z"));
    case_check_finding(MT_F_BAD_ROW, 1, "line 3");
}

static void imbalance__the_estimate_has_one_column(void **state)
{
    (void)state;
    case_read(ESTIMATE, MT_VPP_HEADER_ESTIMATE "\n03.06.2025;UTC;23:15;23:30;AEP;Sch;EUR/MWh;-12,34;ok\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_ESTIMATE], 1);
    assert_int_equal(got.price[MT_PRICE_OF_ESTIMATE][0].price, -12340000);
    /* the same in ISO 8859-1 */
    case_read(ESTIMATE, MT_VPP_HEADER_IMBALANCE ";AEP-Sch\xE4tzer;Status\n"
                                                "03.06.2025;UTC;23:15;23:30;AEP;Sch;EUR/MWh;5;ok\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_ESTIMATE], 1);
}

static void imbalance__bad_rows_are_told(void **state)
{
    (void)state;
    case_read(FINAL, MT_VPP_HEADER_REBAP
              "\n31.06.2025;UTC;00:00;00:15" REST "1;1\n"
              "08.06.2025;EST;00:00;00:15" REST "1;1\n08.06.2025;UTC;24:15;00:15" REST "1;1\n"
              "08.06.2025;UTC;00:00;05:15" REST "1;1\n08.06.2025;UTC;00:00;00:15;reBAP;x;ct/kWh;1;1\n"
              "08.06.2025;UTC;00:00;00:15" REST "1.5;1\n08.06.2025;UTC;00:15;00:30" REST "1;1\n");
    assert_int_equal(got.n_price[MT_PRICE_OF_SHORT], 1);
    case_check_finding(MT_F_BAD_ROW, 6, "line 2");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(imbalance__reads_both_columns),
        IN_CONTEXT(imbalance__the_last_quarter_ends_at_midnight),
        IN_CONTEXT(imbalance__missing_prices_are_no_prices),
        IN_CONTEXT(imbalance__the_hour_that_comes_twice_is_told_by_its_order),
        IN_CONTEXT(imbalance__zones_that_name_the_summer_need_no_order),
        IN_CONTEXT(imbalance__the_hour_that_does_not_come_is_bad),
        IN_CONTEXT(imbalance__the_estimate_has_one_column),
        IN_CONTEXT(imbalance__bad_rows_are_told),
    };
    return cmocka_run_group_tests_name("vpp imbalance", test, NULL, NULL);
}
