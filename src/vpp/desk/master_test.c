/* Contracts, data sheets, parties: which counts on which day, and who is seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/testing.h"

static mt_day june(int day)
{
    return mt_day_of(2025, 6, day);
}

/* One file of contracts with that moment. */
static void deliver(case_desk *d, int minutes, const mt_contract *contract, size_t n)
{
    int file = case_file_at(d, "contracts", minutes);
    for (size_t k = 0; k < n; k++) case_ok(d, d->taker->contract(&d->cx, d->taker->arg, file, &contract[k]));
}

static void master__takes_the_newest_contract_file_as_a_whole(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract a = case_contract(&d, "A", MT_WIND, 1000000), b = case_contract(&d, "B", MT_WIND, 1000000);
    b.price = EUR(90);
    deliver(&d, 20, &b, 1); /* the newest, though it comes first */
    b.price = EUR(70);
    const mt_contract both[] = {a, b};
    deliver(&d, 10, both, 2);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->n_asset, 1);
    assert_string_equal(desk->asset[0].asset_id, "B");
    assert_int_equal(desk->asset[0].contract[0]->price, EUR(90));
    case_close(&d);
}

static void master__does_not_know_contracts_later_than_as_of(void **state)
{
    (void)state;
    case_desk d;
    case_prepare(&d, "2025-06-08", 1);
    d.options.as_of = d.start - 60 * MT_US_DAY + 15 * MT_US_MINUTE;
    case_begin(&d);
    mt_contract a = case_contract(&d, "A", MT_WIND, 1000000);
    deliver(&d, 15, &a, 1);
    a.price = EUR(1);
    deliver(&d, 16, &a, 1);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].contract[0]->price, EUR(80));
    assert_int_equal(desk->n_origin, 1);
    case_close(&d);
}

static void master__counts_begin_and_end_as_inside(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-07", 3);
    mt_contract a = case_contract(&d, "A", MT_WIND, 1000000);
    a.begin = a.end = june(8);
    deliver(&d, 0, &a, 1);
    const mt_desk *desk = case_finish(&d);
    const mt_desk_asset *asset = &desk->asset[0];
    assert_null(mt_desk_contract_at(desk, asset, 95));
    assert_non_null(mt_desk_contract_at(desk, asset, 96));
    assert_non_null(mt_desk_contract_at(desk, asset, 191));
    assert_null(mt_desk_contract_at(desk, asset, 192));
    assert_int_equal(case_finding(desk, MT_F_NO_CONTRACT, "A", NULL)->count, 2);
    assert_non_null(case_finding(desk, MT_F_ENDS_INSIDE, "C-A", NULL));
    case_close(&d);
}

static void master__lets_the_later_of_overlapping_contracts_count(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-01", 30);
    mt_contract c[3];
    for (int k = 0; k < 3; k++) c[k] = case_contract(&d, "A", MT_WIND, 1000000), c[k].price = EUR(k);
    c[1].begin = june(10), c[1].end = june(20);
    c[2].begin = june(10), c[2].end = june(25); /* of equal beginnings the one that stands first */
    deliver(&d, 0, c, 3);
    const mt_desk *desk = case_finish(&d);
    const mt_desk_asset *a = &desk->asset[0];
    static const struct {
        int day;
        int price;
    } expected[] = {{1, 0}, {9, 0}, {10, 1}, {20, 1}, {21, 2}, {25, 2}, {26, 0}, {30, 0}};
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        const mt_contract *there = mt_desk_contract_at(desk, a, (size_t)(expected[k].day - 1) * 96);
        assert_int_equal(there->price, EUR(expected[k].price));
    }
    assert_int_equal(a->n_contract, 4);
    for (size_t k = 1; k < a->n_contract; k++) /* by begin, without overlaps */
        assert_true(a->contract[k - 1]->end < a->contract[k]->begin);
    assert_int_equal(a->contract[0]->begin, mt_day_of(2020, 1, 1));
    assert_int_equal(a->contract[3]->end, MT_DAY_NONE);
    assert_int_equal(case_finding(desk, MT_F_OVERLAP, "A", NULL)->count, 16);
    case_close(&d);
}

/* A file of one sheet, with a moment so many hours after the range's start. */
static void sheet(case_desk *d, int hours, int64_t capacity_w)
{
    char name[64];
    mt_plant p = case_plant("A", MT_WIND, capacity_w);
    snprintf(name, sizeof name, "technical_data_%06d", d->files);
    int file = case_origin(d, name, d->start + hours * MT_US_HOUR, MT_DAY_NONE);
    case_ok(d, d->taker->plant(&d->cx, d->taker->arg, file, &p));
}

static void master__takes_the_newest_data_sheet_from_before_the_days_end(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-07", 3);
    sheet(&d, 12, 1000);
    sheet(&d, 48, 3000); /* the end of the second day is not before it */
    sheet(&d, 47, 2000);
    const mt_desk *desk = case_finish(&d);
    const mt_desk_asset *a = mt_desk_asset_find(desk, "A");
    assert_int_equal(a->capacity_by_day[0], 1000);
    assert_int_equal(a->capacity_by_day[1], 2000);
    assert_int_equal(a->capacity_by_day[2], 3000);
    assert_int_equal(a->capacity_w, 3000);
    assert_int_equal(a->plant->capacity_w, 3000);
    assert_int_equal(case_finding(desk, MT_F_CAPACITY, "A", NULL)->count, 2);
    case_close(&d);
}

static void master__takes_the_oldest_data_sheet_when_all_are_later(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-07", 1);
    sheet(&d, 50, 2000);
    sheet(&d, 30, 1000);
    assert_int_equal(mt_desk_asset_find(case_finish(&d), "A")->capacity_w, 1000);
    case_close(&d);
}

static void master__takes_the_contracts_capacity_without_a_data_sheet(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract c[] = {case_contract(&d, "A", MT_WIND, 6600000), case_contract(&d, "B", MT_WIND, 0)};
    deliver(&d, 0, c, 2);
    mt_plant other = case_plant("Z", MT_WIND, 5);
    case_plants(&d, &other, 1);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(mt_desk_asset_find(desk, "A")->capacity_w, 6600000);
    assert_true(mt_desk_asset_find(desk, "B")->capacity_w == MT_MICRO_NONE);
    assert_null(mt_desk_asset_find(desk, "A")->plant);
    assert_int_equal(mt_desk_asset_find(desk, "Z")->n_contract, 0); /* named by a data sheet alone */
    case_close(&d);
}

static void master__tells_when_contract_and_data_sheet_differ(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract c = case_contract(&d, "A", MT_WIND, 6600000);
    mt_plant p = case_plant("A", MT_WIND, 6500000);
    deliver(&d, 0, &c, 1);
    case_plants(&d, &p, 1);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].capacity_w, 6500000);
    assert_non_null(case_finding(desk, MT_F_CAPACITY_DIFFERS, "A", NULL));
    case_close(&d);
}

static void master__tells_of_assets_that_appear(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract c[] = {case_contract(&d, "A", MT_WIND, 1000), case_contract(&d, "B", MT_WIND, 1000)};
    deliver(&d, 0, c, 1);
    deliver(&d, 1, c, 2);
    const mt_desk *desk = case_finish(&d);
    assert_non_null(case_finding(desk, MT_F_APPEARS, "B", "contracts_000001"));
    assert_null(case_finding(desk, MT_F_APPEARS, "A", NULL));
    case_close(&d);
}

static void master__finds_the_owner_by_contract_then_plant_then_mail(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract c[3];
    mt_plant p[2] = {case_plant("A", MT_WIND, 1000), case_plant("B", MT_WIND, 1000)};
    static const char *const id[] = {"A", "B", "C"};
    for (int k = 0; k < 3; k++) c[k] = case_contract(&d, id[k], MT_WIND, 1000), c[k].email = "m@example.org";
    c[0].owner_id = "P1";
    p[0].owner = p[1].owner = "Windpark Zwei GmbH";
    deliver(&d, 0, c, 3);
    case_plants(&d, p, 2);
    case_party(&d, (mt_party){.party_id = "P1", .name = "Eins"}, false);
    case_party(&d, (mt_party){.party_id = "P2", .name = "Windpark Zwei GmbH"}, false);
    case_party(&d, (mt_party){.party_id = "P3", .contact_email = "m@example.org"}, false);
    case_party(&d, (mt_party){.party_id = "T", .name = "Trader"}, true);
    const mt_desk *desk = case_finish(&d);
    assert_string_equal(desk->asset[0].owner_id, "P1");
    assert_string_equal(desk->asset[1].owner_id, "P2");
    assert_string_equal(desk->asset[2].owner_id, "P3");
    assert_string_equal(desk->issuer->name, "Trader");
    assert_int_equal(desk->n_party, 3);
    assert_string_equal(mt_desk_party_find(desk, "P2")->name, "Windpark Zwei GmbH");
    assert_null(mt_desk_party_find(desk, "T"));
    case_close(&d);
}

static void master__takes_the_newest_record_of_a_party(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    for (int k = 2; k > 0; k--) {
        const mt_party party = {.party_id = "P", .name = k == 2 ? "new" : "old"};
        int file = case_file_at(&d, "parties", k);
        case_ok(&d, d.taker->party(&d.cx, d.taker->arg, file, &party, false));
    }
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->n_party, 1);
    assert_string_equal(desk->party[0].name, "new");
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(master__takes_the_newest_contract_file_as_a_whole),
        cmocka_unit_test(master__does_not_know_contracts_later_than_as_of),
        cmocka_unit_test(master__counts_begin_and_end_as_inside),
        cmocka_unit_test(master__lets_the_later_of_overlapping_contracts_count),
        cmocka_unit_test(master__takes_the_newest_data_sheet_from_before_the_days_end),
        cmocka_unit_test(master__takes_the_oldest_data_sheet_when_all_are_later),
        cmocka_unit_test(master__takes_the_contracts_capacity_without_a_data_sheet),
        cmocka_unit_test(master__tells_when_contract_and_data_sheet_differ),
        cmocka_unit_test(master__tells_of_assets_that_appear),
        cmocka_unit_test(master__finds_the_owner_by_contract_then_plant_then_mail),
        cmocka_unit_test(master__takes_the_newest_record_of_a_party),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
