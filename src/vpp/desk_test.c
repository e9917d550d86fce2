/* The desk as a whole: its days, its order, who sees what, and what happens when memory runs out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "vpp/infeed.h"
#include "vpp/testing.h"

static void desk__has_the_quarters_of_its_local_days(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-10-25", 3);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->grid.n, 96 + 100 + 96);
    assert_int_equal(desk->grid.start, mt_day_of(2025, 10, 24) * MT_US_DAY + 22 * MT_US_HOUR);
    assert_int_equal(mt_desk_day_index(desk, 95), 0);
    assert_int_equal(mt_desk_day_index(desk, 96), 1);
    assert_int_equal(mt_desk_day_index(desk, 195), 1);
    assert_int_equal(mt_desk_day_index(desk, 196), 2);
    assert_string_equal(case_finding(desk, MT_F_CLOCK_CHANGE, NULL, NULL)->asset_id, "2025-10-26");
    case_close(&d);
}

static void desk__refuses_days_that_cannot_be(void **state)
{
    (void)state;
    case_desk d;
    mt_desk_maker *maker = NULL;
    case_prepare(&d, "2025-06-08", 0);
    assert_int_equal(mt_desk_open(&d.cx, &maker, &d.options), MT_E_INPUT);
    d.options.last = d.options.first + 400;
    assert_int_equal(mt_desk_open(&d.cx, &maker, &d.options), MT_E_INPUT);
    assert_non_null(strstr(d.cx.err, "at most 400"));
    d.options.last = d.options.first + 399;
    d.options.zone = NULL;
    assert_int_equal(mt_desk_open(&d.cx, &maker, &d.options), MT_E_INPUT);
    assert_null(maker);
    mt_desk_close(NULL);
    case_close(&d);
}

static void desk__takes_nothing_when_it_is_finished(void **state)
{
    (void)state;
    case_desk d;
    const mt_desk *desk;
    case_open(&d, "2025-06-08", 1);
    int file = case_file(&d, "meter"), other;
    case_finish(&d);
    const mt_meter_value v = {d.start, KW(1)};
    const mt_vpp_origin origin = {.name = "late", .version = MT_TIME_NONE, .day = MT_DAY_NONE};
    assert_int_equal(d.taker->meter(&d.cx, d.taker->arg, file, "MP", &v, 1), MT_E_CONFLICT);
    assert_int_equal(d.taker->begin(&d.cx, d.taker->arg, &origin, &other), MT_E_CONFLICT);
    assert_int_equal(mt_desk_finish(&d.cx, d.maker, &desk), MT_E_CONFLICT);
    case_close(&d);
}

static void desk__counts_findings_of_readers_in_one(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    int file = case_file(&d, "meter");
    for (int k = 3; k > 0; k--) {
        char sentence[32];
        snprintf(sentence, sizeof sentence, "row %d", k);
        const mt_finding f = {.kind = MT_F_BAD_ROW,
                              .line = k,
                              .time = MT_TIME_NONE,
                              .value = NAN,
                              .sentence = sentence,
                              .count = 2};
        case_ok(&d, d.taker->finding(&d.cx, d.taker->arg, file, &f));
    }
    const mt_finding *f = case_finding(case_finish(&d), MT_F_BAD_ROW, NULL, "meter");
    assert_int_equal(f->count, 6);
    assert_string_equal(f->sentence, "row 1");
    case_close(&d);
}

/* ---- the order of records does not matter */

enum { DELIVERIES = 18 };

/* File k of a small portfolio; its name and moment do not depend on when it is delivered. */
static void deliver(case_desk *d, int k)
{
    char name[32];
    static const mt_vpp_price price[] = {MT_PRICE_OF_DAY_AHEAD, MT_PRICE_OF_SHORT, MT_PRICE_OF_LONG,
                                         MT_PRICE_OF_DAY_AHEAD};
    snprintf(name, sizeof name, "file_%02d", k);
    const mt_micro *kw = case_flat(d, KW(100.3 * k - 300), 120);
    int file = case_origin(d, name, d->start - (k % 3 ? 50 : 40) * MT_US_DAY + k,
                           k % 2 ? d->options.first : MT_DAY_NONE);
    mt_contract c = case_contract(d, k % 2 ? "A" : "B", MT_SOLAR, 1000000 + k);
    mt_plant p = case_plant(k % 2 ? "A" : "C", MT_SOLAR, 900000 + k);
    mt_trade t[3];
    mt_price_value v[40];
    mt_forecast_value f[40];
    mt_time time[40];
    for (int q = 0; q < 40; q++) {
        v[q] = (mt_price_value){case_quarter(d, q + k), case_quarter(d, q + k + 1), EUR(k + q)};
        f[q] = (mt_forecast_value){case_quarter(d, q + k), case_quarter(d, q + k + 1), KW(k + q)};
        time[q] = case_quarter(d, k) + q * MT_US_MINUTE;
    }
    for (int i = 0; i < 3; i++) {
        t[i] = case_trade(d, MT_SELL, i, i + 4, EUR(k + i), 1000 + i);
        t[i].id = i ? "same" : name;
    }
    const mt_live_points points = {40, time, kw, NULL};
    const mt_redispatch_value flag = {case_quarter(d, k), case_quarter(d, k + 4), true, KW(k)};
    const mt_finding found = {.kind = MT_F_BAD_ROW, .line = k, .time = MT_TIME_NONE, .value = NAN};
    switch (k % 9) {
    case 0:
        case_ok(d, d->taker->contract(&d->cx, d->taker->arg, file, &c));
        break;
    case 1:
        case_ok(d, d->taker->plant(&d->cx, d->taker->arg, file, &p));
        break;
    case 2:
        case_meter_in(d, file, "MP-A", kw, 96);
        break;
    case 3:
        case_ok(d, d->taker->live(&d->cx, d->taker->arg, file, "A", &points));
        break;
    case 4:
        case_ok(d, d->taker->forecast(&d->cx, d->taker->arg, file, "A", case_quarter(d, k - 10), f, 40));
        break;
    case 5:
        case_ok(d, d->taker->price(&d->cx, d->taker->arg, file, price[k % 4], v, 40));
        break;
    case 6:
        case_ok(d, d->taker->trades(&d->cx, d->taker->arg, file, k < 9, t, 3));
        break;
    case 7:
        case_ok(d, d->taker->redispatch(&d->cx, d->taker->arg, file, "MP-A", &flag, 1));
        break;
    default:
        case_ok(d, d->taker->finding(&d->cx, d->taker->arg, file, &found));
    }
}

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t k = 0; b && k < n; k++) hash = (hash ^ b[k]) * UINT64_C(0x100000001B3);
    return hash * 31 + (b == NULL);
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return add_bytes(hash, text, text ? strlen(text) : 0);
}

static uint64_t add_asset(uint64_t h, case_desk *d, const mt_desk *desk, const mt_desk_asset *a)
{
    size_t n = desk->grid.n;
    const mt_infeed_quarter *infeed = NULL;
    case_ok(d, mt_infeed(&d->cx, &infeed, desk, a));
    h = add_text(h, a->asset_id);
    h = add_bytes(h, a->capacity_by_day, sizeof(int64_t));
    h = add_bytes(h, a->meter_wh, a->meter_wh ? n * sizeof(int64_t) : 0);
    h = add_bytes(h, a->meter_origin, a->meter_origin ? n * sizeof(int32_t) : 0);
    h = add_bytes(h, a->live, a->live ? n * sizeof *a->live : 0);
    h = add_bytes(h, a->redispatched, a->redispatched ? n : 0);
    h = add_bytes(h, a->setpoint_kw, a->setpoint_kw ? n * sizeof(mt_micro) : 0);
    for (size_t q = 0; q < n; q++) h = add_bytes(h, &infeed[q].wh, sizeof(int64_t));
    return h;
}

/* All that a desk shows, as a number. */
static uint64_t sum_up(case_desk *d, const mt_desk *desk)
{
    uint64_t h = 1;
    for (size_t k = 0; k < desk->n_asset; k++) h = add_asset(h, d, desk, &desk->asset[k]);
    for (size_t k = 0; k < desk->n_origin; k++) h = add_text(h, desk->origin[k].name);
    for (size_t k = 0; k < desk->n_finding; k++) {
        const mt_finding *f = &desk->finding[k];
        h = add_text(add_text(add_text(h, f->asset_id), f->file), f->sentence);
        h = add_bytes(add_bytes(h, &f->count, sizeof f->count), &f->time, sizeof f->time);
    }
    for (int k = 0; k < MT_VPP_PRICE_COUNT; k++)
        h = add_bytes(h, desk->price[k].price, desk->price[k].price ? desk->grid.n * sizeof(mt_micro) : 0);
    for (size_t k = 0; k < desk->own.n; k++)
        h = add_text(add_bytes(h, &desk->own.trade[k].price, 8), desk->own.trade[k].id);
    for (size_t q = 0; q < desk->grid.n; q++) {
        mt_micro vwap = mt_desk_vwap_at(desk, q);
        h = add_bytes(add_bytes(h, &vwap, sizeof vwap), &desk->own.sold_ueur[q], 8);
    }
    return h;
}

static uint64_t delivered_in(const int *order)
{
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    for (int k = 0; k < DELIVERIES; k++) deliver(&d, order[k]);
    const mt_desk *desk = case_finish(&d);
    assert_true(desk->n_asset >= 2 && desk->n_finding > 5);
    uint64_t sum = sum_up(&d, desk);
    case_close(&d);
    return sum;
}

static void desk__does_not_mind_the_order_of_records(void **state)
{
    (void)state;
    int order[DELIVERIES];
    unsigned seed = 1;
    for (int k = 0; k < DELIVERIES; k++) order[k] = k;
    uint64_t first = delivered_in(order);
    for (int turn = 0; turn < 60; turn++) {
        for (int k = DELIVERIES - 1; k > 0; k--) {
            seed = seed * 1103515245 + 12345;
            int other = (int)((seed >> 8) % (unsigned)(k + 1)), held = order[k];
            order[k] = order[other];
            order[other] = held;
        }
        assert_true(delivered_in(order) == first);
    }
}

/* ---- who sees what */

static bool sees_own(void *arg, const char *asset_id, const char *owner_id)
{
    (void)asset_id;
    return owner_id && strcmp(owner_id, arg) == 0;
}

/* Two owners with an asset each, and data with something to find about either. */
static const mt_desk *desk_of(case_desk *d, char *owner)
{
    static const char *const id[] = {"A", "B"}, *const party[] = {"PA", "PB"};
    mt_contract c[2];
    mt_plant p[2];
    case_prepare(d, "2025-06-08", 1);
    d->options.all_assets = owner == NULL;
    d->options.sees = sees_own;
    d->options.arg = owner;
    case_begin(d);
    for (int k = 0; k < 2; k++) {
        c[k] = case_contract(d, id[k], MT_WIND, 1000000);
        c[k].owner_id = party[k];
        p[k] = case_plant(id[k], MT_WIND, 1000001);
        case_party(d, (mt_party){.party_id = party[k]}, false);
        case_meter(d, c[k].metering_point_id, case_flat(d, KW(-1), 96), 96);
        case_live(d, id[k], case_flat(d, KW(5000), 4), 4);
        case_forecast(d, id[k], MT_TIME_NONE, case_flat(d, KW(1), 4), 4);
        const mt_finding f = {
            .kind = MT_F_BAD_ROW, .asset_id = c[k].metering_point_id, .time = MT_TIME_NONE, .value = NAN};
        case_ok(d, d->taker->finding(&d->cx, d->taker->arg, case_file(d, id[k]), &f));
        const mt_finding unnamed = {
            .kind = MT_F_BAD_FILE, .file = k ? "b" : "a", .time = MT_TIME_NONE, .value = NAN};
        case_ok(d, d->taker->finding(&d->cx, d->taker->arg, -1, &unnamed));
    }
    case_contracts(d, c, 2);
    case_plants(d, p, 2);
    case_meter(d, "MP-NOBODY", case_flat(d, KW(1), 4), 4);
    return case_finish(d);
}

static bool mentions(const mt_desk *desk, const char *word)
{
    for (size_t k = 0; k < desk->n_finding; k++) {
        const mt_finding *f = &desk->finding[k];
        if (f->asset_id && strcmp(f->asset_id, word) == 0) return true;
        if (strstr(f->sentence, word)) return true;
    }
    return false;
}

static void desk__shows_owners_their_own_and_no_trace_of_others(void **state)
{
    (void)state;
    case_desk d;
    char pa[] = "PA", pb[] = "PB", stranger[] = "X";
    const mt_desk *desk = desk_of(&d, pa);
    assert_int_equal(desk->n_asset, 1);
    assert_string_equal(desk->asset[0].asset_id, "A");
    assert_true(desk->n_party == 1 && strcmp(desk->party[0].party_id, "PA") == 0);
    assert_non_null(case_finding(desk, MT_F_NEGATIVE, "A", NULL));
    assert_non_null(case_finding(desk, MT_F_BAD_ROW, "MP-A", NULL));
    assert_false(mentions(desk, "B") || mentions(desk, "MP-B") || mentions(desk, "C-B") ||
                 mentions(desk, "MP-NOBODY"));
    assert_null(case_finding(desk, MT_F_BAD_FILE, NULL, NULL));
    assert_int_equal(desk->n_origin, 7); /* meter, live, forecast of A; two of parties, contracts, sheets */
    assert_int_equal(desk->asset[0].meter_wh[0], -250);
    case_close(&d);
    desk = desk_of(&d, pb);
    assert_true(desk->n_asset == 1 && strcmp(desk->asset[0].asset_id, "B") == 0);
    assert_false(mentions(desk, "MP-A") || mentions(desk, "C-A"));
    case_close(&d);
    desk = desk_of(&d, stranger);
    assert_true(desk->n_asset == 0 && desk->n_party == 0);
    assert_false(mentions(desk, "MP-A") || mentions(desk, "MP-B"));
    case_close(&d);
}

static void desk__shows_everything_to_those_who_may(void **state)
{
    (void)state;
    case_desk d;
    const mt_desk *desk = desk_of(&d, NULL);
    assert_true(desk->n_asset == 2 && desk->n_party == 2);
    assert_non_null(case_finding(desk, MT_F_UNKNOWN_ASSET, "MP-NOBODY", NULL));
    assert_non_null(case_finding(desk, MT_F_BAD_FILE, NULL, "b"));
    assert_non_null(case_finding(desk, MT_F_ABOVE_CAPACITY, "B", "live"));
    case_close(&d);
}

static bool sees_unowned(void *arg, const char *asset_id, const char *owner_id)
{
    (void)arg;
    (void)asset_id;
    return owner_id == NULL;
}

/* Known, but another's: not told as unknown to somebody who may see what nobody owns. */
static void desk__tells_nobody_that_anothers_asset_is_unknown(void **state)
{
    (void)state;
    case_desk d;
    case_prepare(&d, "2025-06-08", 1);
    d.options.all_assets = false;
    d.options.sees = sees_unowned;
    case_begin(&d);
    mt_contract c = case_contract(&d, "B", MT_WIND, 1000000);
    c.owner_id = "PB";
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-B", case_flat(&d, KW(1), 4), 4);
    case_meter(&d, "MP-NOBODY", case_flat(&d, KW(1), 4), 4);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->n_asset, 0);
    assert_false(mentions(desk, "MP-B"));
    assert_true(mentions(desk, "MP-NOBODY"));
    case_close(&d);
}

/* ---- memory */

typedef struct scarce {
    int left;
} scarce;

static void *get_scarce(void *arg, size_t size)
{
    scarce *s = arg;
    return s->left-- > 0 ? malloc(size) : NULL;
}

static void put_scarce(void *arg, void *block, size_t size)
{
    (void)arg;
    (void)size;
    free(block);
}

/* Every block that is refused ends in a sentence, and nothing is lost. */
static void desk__says_when_memory_runs_out(void **state)
{
    (void)state;
    bool done = false;
    for (int blocks = 1; !done && blocks < 400; blocks++) {
        case_desk d;
        scarce s = {1 << 30};
        const mt_desk *desk;
        mt_code code;
        case_prepare(&d, "2025-06-08", 2);
        d.cx.options.allocator = (mt_allocator){get_scarce, put_scarce, &s};
        case_begin(&d);
        for (int k = 0; k < DELIVERIES; k++) deliver(&d, k);
        s.left = blocks;
        code = mt_desk_finish(&d.cx, d.maker, &desk);
        done = code == MT_OK;
        assert_true(done || (code == MT_E_MEMORY && strstr(d.cx.err, "memory")));
        case_close(&d);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk__has_the_quarters_of_its_local_days),
        cmocka_unit_test(desk__refuses_days_that_cannot_be),
        cmocka_unit_test(desk__takes_nothing_when_it_is_finished),
        cmocka_unit_test(desk__counts_findings_of_readers_in_one),
        cmocka_unit_test(desk__does_not_mind_the_order_of_records),
        cmocka_unit_test(desk__shows_owners_their_own_and_no_trace_of_others),
        cmocka_unit_test(desk__tells_nobody_that_anothers_asset_is_unknown),
        cmocka_unit_test(desk__shows_everything_to_those_who_may),
        cmocka_unit_test(desk__says_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
