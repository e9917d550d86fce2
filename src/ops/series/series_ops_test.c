/* Operations on stored series, through a store of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "market/series/energinet_case.h"
#include "ops/ops.h"
#include "ops/series/series_in.h"

struct room {
    char folder[32], url[96];
    mt_ctx cx;
    mt_world *world;
    mt_time now;
};

static mt_time tell_now(void *arg)
{
    return ((struct room *)arg)->now;
}

static void open_room(struct room *r)
{
    memset(r, 0, sizeof *r);
    strcpy(r->folder, "/tmp/merit-series-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    snprintf(r->url, sizeof r->url, "duckdb:%s/store.duckdb", r->folder);
    mt_ctx_init(&r->cx, NULL);
    r->now = mt_day_of(2025, 6, 20) * MT_US_DAY + 15 * MT_US_HOUR;
    mt_world_options options = {
        .size = sizeof options, .store_url = r->url, .now = tell_now, .arg = r, .workers = 1};
    assert_int_equal(mt_world_open(&r->cx, &r->world, &options), MT_OK);
}

static void close_room(struct room *r)
{
    char command[64];
    mt_world_close(r->world);
    mt_ctx_close(&r->cx);
    snprintf(command, sizeof command, "rm -rf %s", r->folder);
    assert_int_equal(system(command), 0);
}

static void store(struct room *r, const mt_observation *at, size_t n)
{
    mt_store *opened;
    mt_sink *sink;
    mt_emit *emit;
    if (mt_world_store(&r->cx, r->world, &opened) != MT_OK) fail_msg("%s", r->cx.err);
    assert_int_equal(mt_series_sink(&r->cx, &sink, NULL, opened), MT_OK);
    assert_int_equal(mt_emit_begin(&r->cx, &emit, sink, "rows", mt_observation_col, NULL, NULL), MT_OK);
    for (size_t k = 0; k < n; k++) assert_int_equal(mt_emit_put(emit, &at[k]), MT_OK);
    if (mt_emit_end(emit) != MT_OK) fail_msg("%s", r->cx.err);
    mt_sink_close(sink);
}

/* "name value name value …" */
static mt_code run(struct room *r, mt_table **out, const char *name, const char *words)
{
    static mt_given given[16];
    char *text = strdup(words), *rest = NULL;
    const mt_op *op = mt_ops_find(name);
    mt_sink *sink;
    void *args;
    size_t n = 0;
    assert_non_null(op);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        const char *copy;
        assert_int_equal(mt_text_copy(&r->cx, &copy, mt_text_of(word)), MT_OK);
        if (n % 2)
            given[n / 2].value = copy;
        else
            given[n / 2].name = copy;
        n++;
    }
    free(text);
    if (mt_op_args(&r->cx, op, given, n / 2, NULL, &args) != MT_OK)
        fail_msg("%s %s: %s", name, words, r->cx.err);
    assert_int_equal(mt_table_sink(&r->cx, &sink, out, 0), MT_OK);
    return op->run(&r->cx, r->world, args, sink);
}

static mt_table *run_ok(struct room *r, const char *name, const char *words)
{
    mt_table *table;
    if (run(r, &table, name, words) != MT_OK) fail_msg("%s %s: %s", name, words, r->cx.err);
    return table;
}

static double head(const mt_table *t, const char *name)
{
    for (size_t k = 0; t->schema.head[k].name; k++) {
        if (strcmp(t->schema.head[k].name, name) != 0) continue;
        if (!t->head[k].present) return NAN;
        return t->schema.head[k].type == MT_REAL ? t->head[k].as.real : (double)t->head[k].as.integer;
    }
    fail_msg("no head %s", name);
    return NAN;
}

static double real(const mt_table *t, size_t row, const char *column)
{
    return mt_table_real(t, row, mt_table_column(t, column));
}

static const char *word(struct room *r, const mt_table *t, size_t row, const char *column)
{
    const char *out = "";
    mt_value v = mt_table_get(t, row, mt_table_column(t, column));
    if (v.present) assert_int_equal(mt_text_copy(&r->cx, &out, v.as.text), MT_OK);
    return out;
}

/* ../shared/reference/formats.md, section 4, and the numbers of decision_test.c. */
static void series_ops__decide_dk2_as_it_is_known(void **state)
{
    (void)state;
    struct room r;
    energinet_case c = {0};
    if (!energinet_read(&c, "Elspotprices_DK2_20240828_20241106.csv", energinet_kind)) skip();
    assert_true(energinet_read(&c, "ElectricityBalanceNonv_DK2_20240828_20241106.csv", energinet_kind));
    open_room(&r);
    store(&r, c.at, c.n);
    mt_table *t = run_ok(&r, "decision.daily", "area DK2");
    static const char *const first[] = {"day", "area", "production_mwh", "price", "decision"};
    for (int k = 0; k < 5; k++) assert_string_equal(t->schema.col[k].name, first[k]);
    double production = 0, price = 0;
    size_t empty = 0;
    for (size_t k = 0; k < t->n; k++) {
        production += real(t, k, "production_mwh");
        price += real(t, k, "price");
        empty += !*word(&r, t, k, "decision");
        assert_string_equal(word(&r, t, k, "basis"), "measured");
    }
    assert_int_equal(t->n, 70);
    assert_int_equal(empty, 7);
    assert_true(fabs(production - 1762075.29088) < 1e-6);
    assert_true(fabs(price / 70 - 76.9045888) < 1e-7);
    assert_true(head(t, "days") == 70 && head(t, "decided") == 63);
    assert_true(head(t, "buy") == 25 && head(t, "avoid") == 18 && head(t, "monitor") == 20);
    assert_true(fabs(head(t, "production_mwh") - 1762075.29088) < 1e-6);
    t = run_ok(&r, "decision.daily", "area DK2 known when-known"); /* each hour was known half a day before */
    assert_true(head(t, "decided") == 63 && head(t, "buy") == 25 && head(t, "avoid") == 18);
    t = run_ok(&r, "decision.daily", "area dk_2 window all");
    assert_true(head(t, "buy") == 21 && head(t, "avoid") == 28 && head(t, "monitor") == 21);
    assert_true(head(t, "looks_ahead") == 1);

    /* A range of days keeps the window before it. */
    t = run_ok(&r, "decision.daily", "area DK2 from 2024-10-27 until 2024-10-27");
    assert_int_equal(t->n, 1);
    assert_true(real(t, 0, "window_days") == 30 && real(t, 0, "hours") == 25);
    t = run_ok(&r, "decision.summary", "");
    assert_int_equal(t->n, 1);
    assert_true(real(t, 0, "buy") == 25);
    t = run_ok(&r, "decision.score", "area DK2");
    assert_int_equal(t->n, 70);
    assert_true(isnan(head(t, "hit_rate")) && head(t, "buys") == 25);
    assert_true(head(t, "price_advantage") > 0);
    close_room(&r);
    energinet_close(&c);
}

static mt_observation an_hour(const char *kind, const char *detail, mt_time start, double value,
                              mt_time known_at)
{
    bool price = strcmp(kind, "spot_price") == 0;
    return (mt_observation){.kind = kind,
                            .area = "DK1",
                            .detail = detail,
                            .unit = price ? "EUR/MWh" : "MWh",
                            .source = "a",
                            .step = MT_US_HOUR,
                            .start = start,
                            .value = value,
                            .known_at = known_at};
}

/* Ten measured days of wind and gas, then a day that only has a price and a forecast of the wind. */
static void store_forecast_case(struct room *r, double wind, double gas, const char *detail)
{
    enum { DAYS = 10, HOURS = 24 };
    mt_observation at[(DAYS + 1) * HOURS * 4];
    size_t n = 0;
    mt_time midnight = mt_day_of(2025, 6, 11) * MT_US_DAY - 2 * MT_US_HOUR;
    for (int h = 0; h < (DAYS + 1) * HOURS; h++) {
        mt_time t = midnight + h * MT_US_HOUR, begin = midnight + h / HOURS * MT_US_DAY;
        bool measured = h < DAYS * HOURS;
        at[n++] = an_hour("spot_price", "", t, measured ? 50 : 40, begin - 11 * MT_US_HOUR);
        if (measured) at[n++] = an_hour("production", "OnshoreWindPower", t, wind, t + MT_US_HOUR);
        if (measured) at[n++] = an_hour("production", "FossilGas", t, gas, t + MT_US_HOUR);
        if (!measured) at[n++] = an_hour("production_forecast", detail, t, 30, begin - 9 * MT_US_HOUR);
    }
    store(r, at, n);
}

static void series_ops__decide_tomorrow_by_a_forecast_of_the_same_types(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    store_forecast_case(&r, 20, 100, "Onshore Wind"); /* more wind than usual, though less than all types */
    mt_table *t = run_ok(&r, "decision.daily", "area DK1");
    assert_int_equal(t->n, 11);
    assert_string_equal(word(&r, t, 9, "decision"), "MONITOR");
    assert_string_equal(word(&r, t, 10, "basis"), "forecast");
    assert_string_equal(word(&r, t, 10, "decision"), "BUY");
    assert_true(real(t, 10, "production_mwh") == 720 && real(t, 10, "mean_production_mwh") == 480);
    assert_true(real(t, 10, "window_days") == 10);
    assert_true(real(t, 10, "forecast_age") == 2); /* known at 13:00 UTC, asked at 15:00 */
    assert_true(head(t, "days") == 10 && head(t, "forecasts") == 1);

    /* What was not known yet is not used: the day is not over, tomorrow has neither price nor forecast. */
    t = run_ok(&r, "decision.daily", "area DK1 as_of 2025-06-20T09:00Z");
    assert_int_equal(t->n, 10);
    assert_true(real(t, 9, "hours") == 11);
    assert_string_equal(word(&r, t, 9, "reason"), "hours of the day are missing");
    close_room(&r);
}

static void series_ops__leave_tomorrow_open_without_a_like_to_compare(void **state)
{
    (void)state;
    struct room r;
    open_room(&r);
    store_forecast_case(&r, 20, 100, "Solar");
    mt_table *t = run_ok(&r, "decision.daily", "area DK1");
    assert_int_equal(t->n, 11);
    assert_string_equal(word(&r, t, 10, "decision"), "");
    assert_string_equal(word(&r, t, 10, "reason"), "too few complete days to compare with");
    assert_string_equal(word(&r, t, 10, "basis"), "forecast");
    close_room(&r);
}

static void series_ops__score_what_was_said_in_time(void **state)
{
    (void)state;
    struct room r;
    mt_observation came[24];
    mt_time midnight = mt_day_of(2025, 6, 21) * MT_US_DAY - 2 * MT_US_HOUR;
    open_room(&r);
    store_forecast_case(&r, 20, 100, "Onshore Wind");
    for (int h = 0; h < 24; h++)
        came[h] =
            an_hour("production", "OnshoreWindPower", midnight + h * MT_US_HOUR, 140, midnight + MT_US_DAY);
    store(&r, came, 24);
    mt_table *t = run_ok(&r, "decision.score", "area DK1");
    assert_int_equal(t->n, 11);
    assert_string_equal(word(&r, t, 10, "said"), "BUY");
    assert_string_equal(word(&r, t, 10, "came"), "BUY");
    assert_string_equal(word(&r, t, 10, "hit"), "yes");
    assert_true(head(t, "said") == 1 && head(t, "hit_rate") == 100 && head(t, "buys") == 1);
    assert_true(real(t, 10, "forecast_lead") == 9);
    t = run_ok(&r, "decision.score", "area DK1 lead 12h"); /* the forecast came nine hours before */
    assert_string_equal(word(&r, t, 10, "said"), "");
    assert_true(isnan(head(t, "hit_rate")));
    t = run_ok(&r, "decision.score", "area DK1 lead 12h knowledge standing");
    assert_string_equal(word(&r, t, 10, "said"), "BUY");
    close_room(&r);
}

enum { WINDOW_DAYS = 10 };

/* Ten days of wind and gas before a day with a price below and a production above theirs: BUY. What of the
 * day before was known when is the caller's. */
static void store_late_case(struct room *r, mt_time wind_known, mt_time gas_known, mt_time price_known)
{
    mt_observation at[(WINDOW_DAYS + 1) * 24 * 3];
    size_t n = 0;
    mt_time midnight = mt_day_of(2025, 6, 9) * MT_US_DAY - 2 * MT_US_HOUR;
    for (int h = 0; h < (WINDOW_DAYS + 1) * 24; h++) {
        mt_time t = midnight + h * MT_US_HOUR;
        bool before = h / 24 == WINDOW_DAYS - 1, decided = h / 24 == WINDOW_DAYS;
        at[n++] = an_hour("spot_price", "", t, decided ? 40 : 50, before ? price_known : t - MT_US_DAY);
        at[n++] = an_hour("production", "Wind", t, decided ? 30 : 20, before ? wind_known : t);
        at[n++] = an_hour("production", "Gas", t, 10, before ? gas_known : t);
    }
    store(r, at, n);
}

#define DECIDED (mt_day_of(2025, 6, 19) * MT_US_DAY - 2 * MT_US_HOUR) /* its beginning */

/* Days of the window of the decided day. */
static double window_of(struct room *r, const char *words)
{
    mt_table *t = run_ok(r, "decision.daily", words);
    assert_int_equal(t->n, WINDOW_DAYS + 1);
    assert_string_equal(word(r, t, WINDOW_DAYS, "decision"), "BUY");
    return real(t, WINDOW_DAYS, "window_days");
}

static void series_ops__keep_values_that_came_late_out_of_the_window(void **state)
{
    (void)state;
    static const struct {
        mt_time wind, gas, price; /* known so long after the decided day began */
        double days;
    } c[] = {{-1, -1, -1, 10},
             {0, -1, -1, 9}, /* with its beginning it is too late */
             {MT_US_DAY, MT_US_DAY, -1, 9},
             {-1, MT_US_HOUR, -1, 9}, /* one type of two: half a production is none */
             {-1, -1, MT_US_HOUR, 9}};
    for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
        struct room r;
        open_room(&r);
        store_late_case(&r, DECIDED + c[k].wind, DECIDED + c[k].gas, DECIDED + c[k].price);
        assert_true(window_of(&r, "area DK1") == 10);
        assert_true(window_of(&r, "area DK1 known at-once") == 10);
        assert_true(window_of(&r, "area DK1 known when-known") == c[k].days);
        close_room(&r);
    }
}

/* The window has the value that was known then, the day itself the one that stands. */
static void series_ops__compare_with_revisions_as_they_stood_then(void **state)
{
    (void)state;
    struct room r;
    mt_observation at[24];
    open_room(&r);
    store_late_case(&r, DECIDED - 1, DECIDED - 1, DECIDED - 1);
    for (int h = 0; h < 24; h++)
        at[h] = an_hour("production", "Wind", DECIDED - MT_US_DAY + h * MT_US_HOUR, 120, DECIDED + MT_US_DAY);
    store(&r, at, 24);
    mt_table *t = run_ok(&r, "decision.daily", "area DK1");
    assert_true(real(t, WINDOW_DAYS, "mean_production_mwh") == 720 + 240);
    t = run_ok(&r, "decision.daily", "area DK1 known when-known");
    assert_true(real(t, WINDOW_DAYS - 1, "production_mwh") == 130 * 24);
    assert_true(real(t, WINDOW_DAYS, "mean_production_mwh") == 720);
    t = run_ok(&r, "decision.summary", "area DK1 known when-known");
    assert_int_equal(t->n, 1);
    t = NULL;
    assert_int_equal(run(&r, &t, "decision.daily", "area DK1 window all known when-known"), MT_E_INPUT);
    assert_non_null(strstr(r.cx.err, "when-known"));
    close_room(&r);
}

/* The forecast case again: tomorrow's window of measured days has one that was known too late. */
static void series_ops__keep_late_values_out_of_a_forecasts_window(void **state)
{
    (void)state;
    struct room r;
    mt_observation late[24];
    mt_time begin = mt_day_of(2025, 6, 21) * MT_US_DAY - 2 * MT_US_HOUR;
    open_room(&r);
    r.now = begin + 2 * MT_US_DAY;
    store_forecast_case(&r, 20, 100, "Onshore Wind");
    mt_table *t = run_ok(&r, "decision.daily", "area DK1 known when-known");
    assert_int_equal(t->n, 11);
    assert_string_equal(word(&r, t, 10, "decision"), "BUY");
    assert_true(real(t, 10, "window_days") == 9); /* the last hour of the day before ends with the day */
    for (int h = 0; h < 24; h++)
        late[h] = an_hour("production", "OnshoreWindPower", begin - 2 * MT_US_DAY + h * MT_US_HOUR, 70,
                          begin + MT_US_HOUR);
    store(&r, late, 24);
    t = run_ok(&r, "decision.daily", "area DK1 known when-known");
    assert_true(real(t, 10, "window_days") == 9 && real(t, 10, "mean_production_mwh") == 480);
    t = run_ok(&r, "decision.daily", "area DK1");
    assert_true(real(t, 10, "window_days") == 10 && real(t, 10, "mean_production_mwh") == 600);
    close_room(&r);
}

static const char *note(struct room *r, const mt_table *t)
{
    const char *out = "";
    for (size_t k = 0; t->schema.head[k].name; k++)
        if (strcmp(t->schema.head[k].name, "note") == 0 && t->head[k].present)
            assert_int_equal(mt_text_copy(&r->cx, &out, t->head[k].as.text), MT_OK);
    return out;
}

/* Megawatts beside megawatt hours of one source are not added to them; joules are told. */
static void series_ops__add_no_two_units_of_production(void **state)
{
    (void)state;
    struct room r;
    mt_observation at[24 * 4];
    size_t n = 0;
    mt_time midnight = mt_day_of(2025, 6, 11) * MT_US_DAY - 2 * MT_US_HOUR;
    open_room(&r);
    for (int h = 0; h < 24; h++) {
        mt_time t = midnight + h * MT_US_HOUR;
        at[n++] = an_hour("spot_price", "", t, 50, midnight);
        at[n++] = an_hour("production", "OnshoreWindPower", t, 20, t);
        at[n] = an_hour("production", "OnshoreWindPower", t, 20, t);
        at[n++].unit = "MW";
        at[n] = an_hour("production", "FossilGas", t, 20, t);
        at[n++].unit = "GJ";
    }
    store(&r, at, n);
    mt_table *t = run_ok(&r, "decision.daily", "area DK1");
    assert_int_equal(t->n, 1);
    assert_true(real(t, 0, "production_mwh") == 480);
    assert_non_null(strstr(note(&r, t), "in GJ is left out"));
    close_room(&r);
}

static void series_ops__say_what_is_not_there(void **state)
{
    (void)state;
    struct room r;
    mt_table *t;
    open_room(&r);
    t = run_ok(&r, "decision.daily", "area DK1");
    assert_int_equal(t->n, 0);
    assert_true(isnan(head(t, "mean_price")));
    assert_int_equal(run(&r, &t, "decision.daily", "area SYSTEN"), MT_E_ABSENT);
    assert_non_null(strstr(r.cx.err, "SYSTEM"));
    assert_int_equal(run(&r, &t, "decision.daily", "area DK1 minimum 40"), MT_E_INPUT);
    t = run_ok(&r, "market.normalise", "area DK1");
    assert_int_equal(t->n, 0);
    t = run_ok(&r, "data.series_quality", "");
    assert_int_equal(t->n, 0);
    /* a check of nothing does not pass */
    assert_int_equal(run(&r, &t, "data.quality", "kind spot_price"), MT_E_ABSENT);
    close_room(&r);
}

static void series_ops__bring_pounds_to_germany(void **state)
{
    (void)state;
    struct room r;
    mt_observation at[49];
    mt_time midnight = mt_day_of(2025, 4, 18) * MT_US_DAY; /* Good Friday */
    open_room(&r);
    for (int k = 0; k < 48; k++) {
        at[k] = an_hour("spot_price", "", midnight + k * 30 * MT_US_MINUTE, 85.77, midnight);
        at[k].area = "GB", at[k].unit = "GBP/MWh", at[k].step = 30 * MT_US_MINUTE;
    }
    at[48] = an_hour("fx_rate", "", midnight - MT_US_DAY, 0.8577, midnight);
    at[48].area = "GBP", at[48].unit = "", at[48].step = MT_US_DAY, at[48].source = "ecb";
    store(&r, at, 49);
    mt_table *t = run_ok(&r, "market.normalise", "area GB marketplace germany step 1h");
    assert_int_equal(t->n, 24);
    assert_true(real(t, 3, "value") == 100);
    assert_string_equal(word(&r, t, 3, "unit"), "EUR/MWh");
    assert_string_equal(word(&r, t, 3, "local"), "2025-04-18 05:00 CEST");
    assert_true(real(t, 3, "rate_age") == 1);
    assert_false(mt_table_get(t, 3, mt_table_column(t, "trading")).as.boolean);
    assert_true(mt_table_get(t, 4, mt_table_column(t, "trading")).as.boolean);
    t = run_ok(&r, "market.normalise", "area GB marketplace uk step 1d");
    assert_true(real(t, 1, "value") == 85.77 || isnan(real(t, 0, "value")));
    close_room(&r);
}

static void series_ops__judge_stored_series(void **state)
{
    (void)state;
    struct room r;
    mt_table *t;
    mt_observation at[24 * 20];
    size_t n = 0;
    mt_time midnight = mt_day_of(2025, 5, 1) * MT_US_DAY - 2 * MT_US_HOUR;
    open_room(&r);
    for (int k = 0; k < 24 * 20; k++) {
        if (k == 100) continue;
        double value = k == 200 ? 700 : 50 + k % 24 + k % 5;
        at[n++] = an_hour("spot_price", "", midnight + k * MT_US_HOUR, value,
                          midnight + k / 24 * MT_US_DAY - 11 * MT_US_HOUR);
    }
    store(&r, at, n);
    t = run_ok(&r, "data.series_quality", "area DK1");
    assert_int_equal(t->n, 20);
    assert_true(real(t, 4, "gaps") == 1 && real(t, 5, "gaps") == 0);
    assert_true(real(t, 8, "outliers") == 1 && real(t, 8, "score") < 1 && real(t, 5, "score") == 1);
    t = run_ok(&r, "data.series_quality", "area DK1 per series sla_hours -10");
    assert_int_equal(t->n, 1);
    assert_true(real(t, 0, "late") == 0 && real(t, 0, "on_time") == 100);
    assert_string_equal(word(&r, t, 0, "sla_met"), "yes");
    t = run_ok(&r, "data.quality", "area DK1");
    assert_string_equal(word(&r, t, 0, "check"), "gaps");
    assert_string_equal(word(&r, t, 0, "column"), "spot_price DK1 a 1h");
    assert_string_equal(word(&r, t, 0, "status"), "found");
    assert_true(head(t, "passed") == 1);
    t = NULL;
    assert_int_equal(run(&r, &t, "data.quality", "area DK1 from 2025-04-20"), MT_FINDINGS);
    close_room(&r);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(series_ops__decide_dk2_as_it_is_known),
        cmocka_unit_test(series_ops__decide_tomorrow_by_a_forecast_of_the_same_types),
        cmocka_unit_test(series_ops__leave_tomorrow_open_without_a_like_to_compare),
        cmocka_unit_test(series_ops__score_what_was_said_in_time),
        cmocka_unit_test(series_ops__keep_values_that_came_late_out_of_the_window),
        cmocka_unit_test(series_ops__compare_with_revisions_as_they_stood_then),
        cmocka_unit_test(series_ops__keep_late_values_out_of_a_forecasts_window),
        cmocka_unit_test(series_ops__add_no_two_units_of_production),
        cmocka_unit_test(series_ops__say_what_is_not_there),
        cmocka_unit_test(series_ops__bring_pounds_to_germany),
        cmocka_unit_test(series_ops__judge_stored_series),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
