/* The desk takes what files say, judges it by the rules of the guide, and lays it out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/testing.h"

static void desk__lays_meters_on_quarters(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract c = case_contract(&d, "WND", MT_WIND, 6600000);
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-WND", case_flat(&d, KW(1000.002), 96), 96);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->grid.n, 96);
    assert_int_equal(desk->n_asset, 1);
    const mt_desk_asset *a = mt_desk_asset_find(desk, "WND");
    assert_non_null(a);
    assert_int_equal(a->meter_wh[0], 250001); /* 250,000.5, halves away from zero */
    assert_string_equal(desk->origin[a->meter_origin[95]].name, "final_production_000001");
    assert_int_equal(a->capacity_w, 6600000);
    assert_ptr_equal(mt_desk_contract_at(desk, a, 95), a->contract[0]);
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk__lays_meters_on_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
