/* Tests of the curves: sums at every tick, and a published exchange curve that clears as published. */
#include "market/curve.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/order_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void curve__adds_supply_up_and_demand_down(void **state)
{
    (void)state;
    static const mt_bid bid[] = {{30, MT_SELL, 5}, {-10, MT_SELL, 2}, {30, MT_BUY, 7}, {40, MT_BUY, 1},
                                 {30, MT_SELL, 1}, {35, MT_BUY, 0},   {-10, MT_BUY, 4}};
    mt_ctx cx;
    const mt_curve_point *p;
    size_t n;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_curve(&cx, &p, &n, bid, COUNT(bid)), MT_OK);
    static const mt_curve_point right[] = {{-10, 2, 12}, {30, 8, 8}, {40, 8, 1}};
    assert_int_equal(n, COUNT(right));
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(p[k].tick, right[k].tick);
        assert_int_equal(p[k].supply, right[k].supply);
        assert_int_equal(p[k].demand, right[k].demand);
    }
    assert_int_equal(mt_curve(&cx, &p, &n, NULL, 0), MT_OK);
    assert_int_equal(n, 0);
    mt_ctx_close(&cx);
}

static void curve__is_right_at_every_tick_of_random_books(void **state)
{
    (void)state;
    enum { N = 300 };
    mt_bid bid[N];
    uint64_t seed = 9;
    for (int book = 0; book < 40; book++) {
        mt_ctx cx;
        const mt_curve_point *p;
        size_t n;
        mt_ctx_init(&cx, NULL);
        for (size_t i = 0; i < N; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            bid[i] = (mt_bid){(int32_t)(seed >> 32) >> (book % 30), (uint32_t)(seed >> 31 & 1),
                              (int64_t)(seed >> 54)};
            if (bid[i].tick == MT_TICK_NONE) bid[i].tick = 0;
        }
        assert_int_equal(mt_curve(&cx, &p, &n, bid, N), MT_OK);
        for (size_t k = 0; k < n; k++) {
            int64_t supply = 0, demand = 0;
            for (size_t i = 0; i < N; i++) {
                if (bid[i].side == MT_SELL && bid[i].tick <= p[k].tick) supply += bid[i].volume;
                if (bid[i].side == MT_BUY && bid[i].tick >= p[k].tick) demand += bid[i].volume;
            }
            if (k) assert_true(p[k].tick > p[k - 1].tick);
            assert_int_equal(p[k].supply, supply);
            assert_int_equal(p[k].demand, demand);
        }
        mt_ctx_close(&cx);
    }
}

/* "3.922,0" with a factor to integer units: thousands with a point, decimals with a comma. */
static int64_t spanish_number(const char *text, double factor)
{
    char plain[64];
    size_t n = 0;
    for (; *text && n + 1 < sizeof plain; text++) {
        if (*text != '.') plain[n++] = *text == ',' ? '.' : *text;
    }
    plain[n] = 0;
    double value = strtod(plain, NULL) * factor;
    return (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
}

/* The offered (O) or matched (C) curve of OMEL, 2009-01-02 hour 1, in ticks of 0.001 cent/kWh = 0.01
 * EUR/MWh. */
static size_t read_omel(mt_bid *bid, size_t room, char kind)
{
    char line[512];
    size_t n = 0;
    FILE *file = test_shared_open("data/omie/20090102/OfferAndDemandCurve_1_20090102.TXT");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        char *field[8] = {NULL}, *rest = line;
        for (int k = 0; k < 8 && rest; k++) field[k] = strsep(&rest, ";");
        if (!field[7] || strcmp(field[0], "1") != 0 || *field[7] != kind) continue;
        assert_true(n < room);
        bid[n++] = (mt_bid){(int32_t)spanish_number(field[6], 1000), *field[4] == 'C' ? MT_BUY : MT_SELL,
                            spanish_number(field[5], 1e6)};
    }
    fclose(file);
    return n;
}

/* Published in PMD_20090102.txt: 5.369 cent/kWh; 19,902.5 MWh bought in Spain and 5,409.6 MWh in Portugal. */
static void curve__of_omel_clears_as_published(void **state)
{
    (void)state;
    static mt_bid bid[4096];
    mt_ctx cx;
    mt_clearing c;
    const mt_curve_point *p;
    size_t points, n = read_omel(bid, COUNT(bid), 'C');
    if (n == 0) skip();
    mt_ctx_init(&cx, NULL);
    mt_clear_rule rule = mt_clear_rule_default(10000);
    rule.price = MT_PRICE_LAST_SELL;
    assert_int_equal(mt_clear(&cx, &c, bid, n, &rule), MT_OK);
    assert_int_equal(c.low, 5369);
    assert_int_equal(c.high, 8000);
    assert_int_equal(c.price, 5369);
    assert_int_equal(c.volume, INT64_C(25312100000));
    assert_int_equal(mt_curve(&cx, &p, &points, bid, n), MT_OK);
    for (size_t k = 0; k < points; k++) {
        if (p[k].tick == 5369) assert_int_equal(p[k].supply, c.volume);
        if (p[k].tick == 8000) assert_int_equal(p[k].demand, c.volume);
    }
    n = read_omel(bid, COUNT(bid), 'O'); /* before the complex conditions took orders out */
    assert_int_equal(mt_clear(&cx, &c, bid, n, &rule), MT_OK);
    assert_int_equal(c.low, 4994);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(curve__adds_supply_up_and_demand_down),
        cmocka_unit_test(curve__is_right_at_every_tick_of_random_books),
        cmocka_unit_test(curve__of_omel_clears_as_published),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
