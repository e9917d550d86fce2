/* needs: base terms num market vpp. The desk's hot paths: live points into quarters, trades into VWAP.
 *
 * One thread. Live points: 1,000 assets by 31 days by 1,440 minutes, each asset's days taken as files of
 * their own, then finished (folded, judged). Trades: half hours of four quarters, half single quarters, of
 * one day. Peers read the same arrays once and add them up. */
#include "bench.h"

#include <sys/resource.h>

#include "vpp/desk.h"
#include "vpp/trade_fold.h"

enum { MINUTES = 1440, DAYS = 31, ASSETS = 1000, TRADES = 2000000, RUNS = 5 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void must(const mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

/* ---- live points */

typedef struct month {
    mt_time time[MINUTES * DAYS];
    mt_micro kw[MINUTES * DAYS];
} month;

static void fill(month *m, mt_time start)
{
    uint64_t seed = 1;
    for (size_t k = 0; k < MINUTES * DAYS; k++) {
        m->time[k] = start + (mt_time)k * MT_US_MINUTE;
        m->kw[k] = (mt_micro)(next_random(&seed) % 6000000) * 1000;
    }
}

static void take_master(mt_ctx *cx, const mt_vpp_taker *to)
{
    int file;
    const mt_vpp_origin origin = {.name = "contracts", .version = 0, .day = MT_DAY_NONE};
    must(cx, to->begin(cx, to->arg, &origin, &file));
    for (int k = 0; k < ASSETS; k++) {
        char name[16];
        snprintf(name, sizeof name, "A%04d", k);
        const mt_contract c = {.contract_id = name,
                               .asset_id = name,
                               .metering_point_id = name,
                               .capacity_w = 6600000,
                               .technology = MT_WIND,
                               .end = MT_DAY_NONE};
        must(cx, to->contract(cx, to->arg, file, &c));
    }
}

static void take_live(mt_ctx *cx, const mt_vpp_taker *to, const month *m)
{
    for (int k = 0; k < ASSETS; k++) {
        for (size_t d = 0; d < DAYS; d++) {
            char name[32], asset[16];
            int file;
            snprintf(name, sizeof name, "A%04d_%02zu", k, d);
            snprintf(asset, sizeof asset, "A%04d", k);
            const mt_vpp_origin origin = {.name = name, .version = MT_TIME_NONE, .day = (mt_day)d};
            const mt_live_points points = {MINUTES, m->time + d * MINUTES, m->kw + d * MINUTES, NULL};
            must(cx, to->begin(cx, to->arg, &origin, &file));
            must(cx, to->live(cx, to->arg, file, asset, &points));
        }
    }
}

/* The least there is to do: each power is read and added. */
static int64_t read_points(const month *m)
{
    int64_t sum = 0;
    for (int k = 0; k < ASSETS; k++) {
        for (size_t p = 0; p < MINUTES * DAYS; p++) sum += m->kw[p] ^ (m->time[p] + k);
    }
    return sum;
}

static bool bench_live(mt_ctx *cx)
{
    const double points = (double)ASSETS * DAYS * MINUTES;
    const mt_zone *zone;
    const mt_desk *desk;
    mt_desk_maker *maker;
    month *m = malloc(sizeof *m);
    must(cx, mt_zone_read(cx, &zone, "Europe/Berlin", NULL));
    mt_desk_options o = {.size = sizeof o, .zone = zone, .as_of = MT_TIME_NONE, .all_assets = true};
    o.first = mt_day_of(2025, 7, 1);
    o.last = o.first + DAYS - 1;
    fill(m, mt_day_start(zone, o.first));
    must(cx, mt_desk_open(cx, &maker, &o));
    take_master(cx, mt_desk_taker(maker));
    bench_span start = bench_now();
    take_live(cx, mt_desk_taker(maker), m);
    bench_span taken = bench_since(start);
    must(cx, mt_desk_finish(cx, maker, &desk));
    bench_span all = bench_since(start);
    start = bench_now();
    volatile int64_t sum = read_points(m);
    (void)sum;
    bench_span read = bench_since(start);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    bench_print(&(bench_line){"live points taken, a point", "ns", taken.cpu_s / points * 1e9, "reading them",
                              read.cpu_s / points * 1e9, 0, 0, true});
    bench_print(&(bench_line){"taken, folded and judged, a point", "ns", all.cpu_s / points * 1e9,
                              "reading them", read.cpu_s / points * 1e9, 100, 0, true});
    bench_print(&(bench_line){"44.6 M points of 1,000 assets", "s", all.cpu_s, NULL, 0, 10, 0, true});
    bench_print(
        &(bench_line){"peak memory of that", "MB", (double)used.ru_maxrss / 1024, NULL, 0, 1000, 0, true});
    bool agree = desk->n_asset == ASSETS && desk->asset[7].live[100].good_ms == 900000;
    mt_desk_close(maker);
    free(m);
    return bench_agree("every quarter is covered", agree);
}

/* ---- trades */

static void draw_trades(mt_trade *t, char (*id)[16])
{
    uint64_t seed = 7;
    for (size_t k = 0; k < TRADES; k++) {
        uint64_t x = next_random(&seed);
        mt_time length = x & 1 ? MT_QUARTER : MT_US_HOUR;
        mt_time from = (mt_time)(x >> 8 & 0xFFFF) % (MT_US_DAY / length) * length;
        snprintf(id[k], sizeof *id, "%zu", k + 2000000000);
        t[k] = (mt_trade){.delivery_start = from,
                          .delivery_end = from + length,
                          .execution_time = MT_TIME_NONE,
                          .price = (mt_micro)(x >> 24 & 0x3FFFFFFF) / 10000 * 10000 - 500000000,
                          .energy_wh = (int64_t)(x >> 54 & 0x3FF) * 100 + 100,
                          .side = (mt_side)(x >> 1 & 1),
                          .id = id[k]};
    }
}

static int64_t read_trades(const mt_trade *t)
{
    int64_t sum = 0;
    for (size_t k = 0; k < TRADES; k++) sum += t[k].price * t[k].energy_wh + t[k].delivery_start;
    return sum;
}

static double fold_seconds(mt_ctx *cx, const mt_trade *t, mt_trade_fold *fold)
{
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) {
        must(cx, mt_trade_fold_init(cx, fold, (mt_grid){0, MT_QUARTER, 96}));
        bench_span start = bench_now();
        mt_trade_fold_add(fold, t, TRADES);
        bench_add(&runs, bench_since(start));
    }
    return bench_least(runs.cpu_s, runs.n);
}

static bench_span desk_seconds(mt_ctx *cx, const mt_trade *t, mt_micro *vwap)
{
    const mt_zone *zone;
    const mt_desk *desk;
    mt_desk_maker *maker;
    int file;
    const mt_vpp_origin origin = {.name = "Public_Trades", .version = MT_TIME_NONE, .day = MT_DAY_NONE};
    must(cx, mt_zone_read(cx, &zone, "UTC", NULL));
    mt_desk_options o = {.size = sizeof o, .zone = zone, .as_of = MT_TIME_NONE, .all_assets = true};
    must(cx, mt_desk_open(cx, &maker, &o));
    const mt_vpp_taker *to = mt_desk_taker(maker);
    must(cx, to->begin(cx, to->arg, &origin, &file));
    bench_span start = bench_now();
    for (size_t k = 0; k < TRADES; k += 8192)
        must(cx, to->trades(cx, to->arg, file, true, t + k, TRADES - k < 8192 ? TRADES - k : 8192));
    bench_span taken = bench_since(start);
    must(cx, mt_desk_finish(cx, maker, &desk));
    *vwap = mt_desk_vwap_at(desk, 48);
    mt_desk_close(maker);
    return taken;
}

static bool bench_trades(mt_ctx *cx)
{
    mt_trade *t = malloc(TRADES * sizeof *t);
    char(*id)[16] = malloc(TRADES * sizeof *id);
    mt_trade_fold fold;
    mt_micro vwap;
    draw_trades(t, id);
    double folded = fold_seconds(cx, t, &fold);
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) bench_add(&runs, desk_seconds(cx, t, &vwap));
    double by_desk = bench_least(runs.cpu_s, runs.n);
    bench_span start = bench_now();
    volatile int64_t sum = read_trades(t);
    (void)sum;
    double read = bench_since(start).cpu_s;
    bench_print(&(bench_line){"trades folded to VWAP", "M/s", TRADES / folded / 1e6, "reading them",
                              TRADES / read / 1e6, 20, 0, false});
    bench_print(&(bench_line){"… with second ones of a number found", "M/s", TRADES / by_desk / 1e6,
                              "reading them", TRADES / read / 1e6, 5, 0, false});
    bool agree = vwap == mt_trade_vwap(&fold.quarter[48]);
    free(id);
    free(t);
    return bench_agree("desk and fold give the same VWAP", agree);
}

int main(void)
{
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    bench_title("vpp: one thread, processor time");
    bool agree = bench_live(&cx);
    agree = bench_trades(&cx) && agree;
    mt_ctx_close(&cx);
    return agree ? 0 : 1;
}
