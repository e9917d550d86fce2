/* What the simulated portfolio's folder must keep: its readers know every file, the sample's counts come back
 * out of it, the same seed gives the same bytes, and traps are found as what they are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/vpp_files.h"
#include "ops/simulate/portfolio_files.h"
#include "simulate/vpp/portfolio_case.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char folder[2][64];

/* What the readers gave. */
static struct {
    size_t contracts, parties, plants, meters, points, forecasts, versions, flags, prices[MT_VPP_PRICE_COUNT];
    size_t market_values, schedules, outages, weather, trades[2], findings[MT_FINDING_COUNT];
    int64_t bought_wh, sold_wh;
} got;

static int open_folders(void **state)
{
    memset(&got, 0, sizeof got);
    for (int k = 0; k < 2; k++) {
        snprintf(folder[k], sizeof folder[k], "/tmp/merit-portfolio-XXXXXX");
        if (!mkdtemp(folder[k])) return -1;
    }
    return ctx_case_open(state);
}

static int drop(const char *path, const struct stat *about, int flag, struct FTW *ftw)
{
    (void)about, (void)flag, (void)ftw;
    return remove(path);
}

static int close_folders(void **state)
{
    for (int k = 0; k < 2; k++) nftw(folder[k], drop, 8, FTW_DEPTH | FTW_PHYS);
    return ctx_case_close(state);
}

static mt_code take_begin(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number)
{
    (void)cx, (void)arg, (void)origin;
    return *number = 1, MT_OK;
}

static mt_code take_contract(mt_ctx *cx, void *arg, int origin, const mt_contract *contract)
{
    (void)cx, (void)arg, (void)origin, (void)contract;
    return got.contracts++, MT_OK;
}

static mt_code take_party(mt_ctx *cx, void *arg, int origin, const mt_party *party, bool issuer)
{
    (void)cx, (void)arg, (void)origin, (void)party, (void)issuer;
    return got.parties++, MT_OK;
}

static mt_code take_plant(mt_ctx *cx, void *arg, int origin, const mt_plant *plant)
{
    (void)cx, (void)arg, (void)origin, (void)plant;
    return got.plants++, MT_OK;
}

static mt_code take_meter(mt_ctx *cx, void *arg, int origin, const char *point, const mt_meter_value *value,
                          size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)point, (void)value;
    return got.meters += n, MT_OK;
}

static mt_code take_live(mt_ctx *cx, void *arg, int origin, const char *asset, const mt_live_points *points)
{
    (void)cx, (void)arg, (void)origin, (void)asset;
    return got.points += points->n, MT_OK;
}

static mt_code take_forecast(mt_ctx *cx, void *arg, int origin, const char *asset, mt_time version,
                             const mt_forecast_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset, (void)version, (void)value;
    got.versions++;
    return got.forecasts += n, MT_OK;
}

static mt_code take_redispatch(mt_ctx *cx, void *arg, int origin, const char *point,
                               const mt_redispatch_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)point, (void)value;
    return got.flags += n, MT_OK;
}

static mt_code take_price(mt_ctx *cx, void *arg, int origin, mt_vpp_price kind, const mt_price_value *value,
                          size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)value;
    return got.prices[kind] += n, MT_OK;
}

static mt_code take_market_value(mt_ctx *cx, void *arg, int origin, const mt_market_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)value;
    return got.market_values += n, MT_OK;
}

static mt_code take_schedule(mt_ctx *cx, void *arg, int origin, const char *asset,
                             const mt_forecast_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset, (void)value;
    return got.schedules += n, MT_OK;
}

static mt_code take_outage(mt_ctx *cx, void *arg, int origin, const char *asset, const mt_outage_value *value,
                           size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset, (void)value;
    return got.outages += n, MT_OK;
}

static mt_code take_weather(mt_ctx *cx, void *arg, int origin, const char *asset,
                            const mt_weather_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset, (void)value;
    return got.weather += n, MT_OK;
}

static mt_code take_trades(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade, size_t n)
{
    (void)cx, (void)arg, (void)origin;
    for (size_t k = 0; !is_public && k < n; k++) {
        if (trade[k].side == MT_BUY) got.bought_wh += trade[k].energy_wh;
        if (trade[k].side == MT_SELL) got.sold_wh += trade[k].energy_wh;
    }
    return got.trades[is_public] += n, MT_OK;
}

static mt_code take_finding(mt_ctx *cx, void *arg, int origin, const mt_finding *finding)
{
    (void)cx, (void)arg, (void)origin;
    return got.findings[finding->kind] += (size_t)finding->count, MT_OK;
}

static const mt_vpp_taker taker = {.begin = take_begin,
                                   .contract = take_contract,
                                   .party = take_party,
                                   .plant = take_plant,
                                   .meter = take_meter,
                                   .live = take_live,
                                   .forecast = take_forecast,
                                   .redispatch = take_redispatch,
                                   .price = take_price,
                                   .market_value = take_market_value,
                                   .schedule = take_schedule,
                                   .outage = take_outage,
                                   .weather = take_weather,
                                   .trades = take_trades,
                                   .finding = take_finding};

static const mt_vpp_options options = {
    .size = sizeof options, .from = MT_TIME_NONE, .until = MT_TIME_NONE, .digests = true};

static void simulate(const mt_sim_vpp_rule *rule, const char *into)
{
    mt_simulated_file *line;
    size_t n;
    if (mt_simulate_portfolio(&ctx_case, &line, &n, rule, into) != MT_OK) fail_msg("%s", ctx_case.err);
}

static void list_files(const char *from, const mt_vpp_file **file, size_t *n)
{
    if (mt_vpp_files(&ctx_case, file, n, from, &options, &taker) != MT_OK) fail_msg("%s", ctx_case.err);
}

static void read_all(const char *from)
{
    const mt_vpp_file *file;
    size_t n;
    list_files(from, &file, &n);
    for (size_t k = 0; k < n; k++) {
        assert_true(file[k].kind != MT_VPP_UNKNOWN);
        if (mt_vpp_file_read(&ctx_case, &file[k], &options, &taker) != MT_OK) fail_msg("%s", ctx_case.err);
    }
}

static void portfolio_files__the_sample_day_is_read_back_with_its_counts(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "none");
    simulate(&rule, folder[0]);
    read_all(folder[0]);
    assert_int_equal(got.contracts, 4 + 5); /* the third file is the second's copy, as weekly files are */
    assert_int_equal(got.findings[MT_F_DUPLICATE_FILE], 1);
    assert_int_equal(got.parties, 5);
    assert_int_equal(got.plants, 4 + 5 + 5);
    assert_int_equal(got.points, 1437 + 1434 + 1440 + 1436);
    assert_int_equal(got.versions, 5 * 96);
    assert_int_equal(got.forecasts, 5 * 96 * 193);
    assert_int_equal(got.meters, 4 * 96);
    assert_int_equal(got.flags, 4);
    assert_int_equal(got.prices[MT_PRICE_OF_COMPENSATION], 385);
    assert_int_equal(got.prices[MT_PRICE_OF_SHORT], 86);
    assert_int_equal(got.prices[MT_PRICE_OF_LONG], 86);
    assert_int_equal(got.prices[MT_PRICE_OF_ESTIMATE], 556);
    assert_int_equal(got.trades[false], 3349);
    assert_int_equal(got.trades[true], 20000);
    assert_int_equal(got.bought_wh, 0);
    assert_int_equal(got.findings[MT_F_BAD_FILE] + got.findings[MT_F_BAD_ROW], 0);
    assert_int_equal(got.findings[MT_F_SECONDS], 5 * 96);
}

static void portfolio_files__the_same_seed_gives_the_same_bytes(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "all");
    const mt_vpp_file *a, *b;
    size_t n, m, same = 0;
    rule.versions = 2;
    rule.extras = true;
    simulate(&rule, folder[0]);
    simulate(&rule, folder[1]);
    list_files(folder[0], &a, &n);
    list_files(folder[1], &b, &m);
    assert_int_equal(n, m);
    for (size_t k = 0; k < n; k++) {
        assert_string_equal(a[k].origin.name, b[k].origin.name);
        assert_string_equal(a[k].origin.sha256, b[k].origin.sha256);
    }
    rule.market.seed = 2;
    simulate(&rule, folder[1]);
    list_files(folder[1], &b, &m);
    for (size_t k = 0; k < n && k < m; k++) same += !strcmp(a[k].origin.sha256, b[k].origin.sha256);
    assert_true(same < 10); /* contracts and what is empty */
}

static void portfolio_files__traps_are_found_as_what_they_are(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "all");
    rule.versions = 4;
    simulate(&rule, folder[0]);
    read_all(folder[0]);
    assert_int_equal(got.findings[MT_F_DUPLICATE_FILE], 2);
    assert_true(got.findings[MT_F_BAD_FILE] >= 2);
    assert_true(got.findings[MT_F_BAD_ROW] >= 3 * 3 + 5 + 4 + 1); /* contracts, metering, trades, prices */
    assert_true(got.findings[MT_F_SECONDS] > 0);
    assert_true(got.bought_wh > 0 && got.sold_wh > got.bought_wh);
    assert_int_equal(got.trades[false], 3349);
    assert_int_equal(got.prices[MT_PRICE_OF_ESTIMATE], 556 - 6);
    assert_true(got.weather == 16 * 96 - 1 && got.schedules == 16 * 96 && got.outages > 0);
}

static void portfolio_files__clock_changes_are_read_back_whole(void **state)
{
    static const struct {
        const char *day;
        size_t versions, points, final;
    } known[] = {{"2025-03-30", 92, 92 * 15, 92 - 10}, {"2025-10-26", 100, 100 * 15, 100 - 10}};
    for (size_t k = 0; k < 2; k++) {
        mt_sim_vpp_rule rule = rule_case(*state, known[k].day, "clock_change");
        memset(&got, 0, sizeof got);
        simulate(&rule, folder[k]);
        read_all(folder[k]);
        assert_int_equal(got.versions, 5 * known[k].versions);
        assert_int_equal(got.points, 4 * known[k].points - 3 - 6 - 4);
        assert_int_equal(got.prices[MT_PRICE_OF_SHORT], known[k].final);
        assert_int_equal(got.findings[MT_F_BAD_ROW], 0);
    }
}

static void portfolio_files__a_folder_that_cannot_be_made_is_told(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "none");
    mt_simulated_file *line;
    size_t n;
    assert_int_equal(mt_simulate_portfolio(*state, &line, &n, &rule, "/dev/null/x"), MT_E_IO);
    rule.assets = 1;
    assert_int_equal(mt_simulate_portfolio(*state, &line, &n, &rule, folder[0]), MT_E_INPUT);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_folders, close_folders)

int main(void)
{
    const struct CMUnitTest test[] = {
        CASE(portfolio_files__the_sample_day_is_read_back_with_its_counts),
        CASE(portfolio_files__the_same_seed_gives_the_same_bytes),
        CASE(portfolio_files__traps_are_found_as_what_they_are),
        CASE(portfolio_files__clock_changes_are_read_back_whole),
        CASE(portfolio_files__a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
