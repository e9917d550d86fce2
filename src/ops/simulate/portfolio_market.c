/* Files about the market: compensation, trades, day-ahead and imbalance prices, market values. */
#include "ops/simulate/portfolio_job.h"

#include <stdio.h>

enum { NAME_ROOM = 160, MW_EVERY = 7 };

/* Trades that are none: no price, a word for a volume, an end before the start, another currency, too few
 * fields. */
static const char *const bad_trade[] = {
    "3042000001;SELL;2025-06-08 10:00:00+00:00;2025-06-08 11:00:00+00:00;;;EUR;0.1;MWH",
    "3042000002;SELL;2025-06-08 10:00:00+00:00;2025-06-08 11:00:00+00:00;;50.0;EUR;much;MWH",
    "3042000003;SELL;2025-06-08 11:00:00+00:00;2025-06-08 10:00:00+00:00;;50.0;EUR;0.1;MWH",
    "3042000004;SELL;2025-06-08 10:00:00+00:00;2025-06-08 11:00:00+00:00;;50.0;GBP;0.1;MWH",
    "3042000005;SELL;2025-06-08"};

/* Imbalance prices that are none: not available, and a clock that does not exist. */
static const char bad_prices[] = "08.06.2025;UTC;02:15;02:30;reBAP;Qualitätsgesichert;EUR/MWh;N.A.;N.A.\n"
                                 "08.06.2025;UTC;27:00;27:15;reBAP;Qualitätsgesichert;EUR/MWh;1,00;1,00\n";

static const mt_time quarter = 15 * MT_US_MINUTE;

/* Prices of one kind from `from` on. */
struct span {
    const mt_micro *of;
    mt_time from, step;
    size_t n;
    mt_day day;
};

static mt_code list_prices(mt_portfolio_job *job, mt_price_value **out, const struct span *span)
{
    mt_price_value *value;
    MT_TRY(MT_NEW(job->cx, &value, span->n));
    for (size_t k = 0; k < span->n; k++) {
        mt_time t = span->from + (mt_time)k * span->step;
        value[k] = (mt_price_value){t, t + span->step, mt_sim_price_at(&job->prices, span->of, t)};
    }
    *out = value;
    return MT_OK;
}

static int64_t count_prices(const mt_price_value *value, size_t n)
{
    int64_t count = 0;
    for (size_t k = 0; k < n; k++) count += value[k].price != MT_MICRO_NONE;
    return count;
}

static mt_code write_compensation(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_price_value *value;
    MT_TRY(list_prices(job, &value, span));
    if (mt_sim_trapped(job->rule, MT_TRAP_OFF_GRID)) {
        value[152].start += 7 * MT_US_MINUTE; /* starts inside its quarter */
        value[152].end += 7 * MT_US_MINUTE;
    }
    job->rows[MT_PF_COMPENSATION] += count_prices(value, span->n);
    return mt_vpp_write_prices(job->cx, out, value, span->n);
}

static mt_code write_day_ahead(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_price_value *value;
    MT_TRY(list_prices(job, &value, span));
    job->rows[MT_PF_DAY_AHEAD] += count_prices(value, span->n);
    return mt_vpp_write_prices(job->cx, out, value, span->n);
}

/* Symmetric but where the capacity reserve is called, as it is among traps: a short group then pays more. */
static mt_code write_both_sides(mt_portfolio_job *job, mt_out *out, const mt_price_value *longs, size_t n)
{
    bool local = mt_sim_trapped(job->rule, MT_TRAP_CLOCK_CHANGE);
    mt_price_value *shorts;
    MT_TRY(MT_NEW(job->cx, &shorts, n));
    for (size_t k = 0; k < n; k++) {
        shorts[k] = longs[k];
        if (job->rule->traps && longs[k].price != MT_MICRO_NONE && k % 16 == 9)
            shorts[k].price += 2 * (longs[k].price < 0 ? -longs[k].price : longs[k].price);
    }
    job->rows[MT_PF_FINAL] += count_prices(longs, n);
    return mt_vpp_write_rebap(job->cx, out, shorts, longs, n, local ? job->rule->market.clock : NULL);
}

static mt_code write_final(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_price_value *value;
    MT_TRY(list_prices(job, &value, span));
    MT_TRY(write_both_sides(job, out, value, span->n));
    return mt_sim_trapped(job->rule, MT_TRAP_BAD_ROWS) ? mt_out_text(job->cx, out, bad_prices) : MT_OK;
}

/* Seven of the ten missing quarters are there at last: what was estimated was confirmed. */
static mt_code write_late_final(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_price_value *value;
    MT_TRY(list_prices(job, &value, span));
    for (size_t k = 0; k < span->n; k++) {
        bool night = value[k].start % MT_US_DAY < MT_US_DAY / 2;
        if (value[k].price == MT_MICRO_NONE && night)
            value[k].price = mt_sim_price_at(&job->prices, job->prices.estimate, value[k].start);
    }
    return write_both_sides(job, out, value, span->n);
}

static mt_code write_estimate(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_price_value *value;
    MT_TRY(list_prices(job, &value, span));
    job->rows[MT_PF_ESTIMATE] += count_prices(value, span->n);
    return mt_vpp_write_estimate(job->cx, out, value, span->n);
}

static mt_code write_market_values(mt_portfolio_job *job, mt_out *out, const void *what)
{
    mt_market_value *value;
    size_t n;
    (void)what;
    MT_TRY(mt_sim_market_values(job->cx, &value, &n, job->rule));
    job->rows[MT_PF_MARKET_VALUES] += (int64_t)n;
    return mt_vpp_write_market_values(job->cx, out, value, n);
}

static mt_code write_own_trades(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_trade *trade;
    size_t n;
    const double *sold_kw = job->sold_kw + (span->from - mt_sim_vpp_start(job->rule)) / quarter;
    MT_TRY(mt_sim_own_deals(job->cx, &trade, &n, &job->prices, span->day, sold_kw));
    job->rows[MT_PF_OWN_TRADES] += (int64_t)n;
    mt_vpp_trades_look look = {.kind = "Private",
                               .day = span->day,
                               .traders = mt_sim_trapped(job->rule, MT_TRAP_MIXED_SIDES),
                               .megawatts = mt_sim_trapped(job->rule, MT_TRAP_VOLUME_MW) ? MW_EVERY : 0};
    MT_TRY(mt_vpp_write_trades_head(job->cx, out, &look));
    MT_TRY(mt_vpp_write_trades(job->cx, out, &look, trade, n));
    size_t n_bad = mt_sim_trapped(job->rule, MT_TRAP_BAD_ROWS) ? sizeof bad_trade / sizeof *bad_trade : 0;
    for (size_t k = 0; k < n_bad; k++)
        MT_TRY(mt_out_format(job->cx, out, "%s%s\n", bad_trade[k], look.traders ? ";;" : ""));
    return MT_OK;
}

static mt_code write_public_trades(mt_portfolio_job *job, mt_out *out, const void *what)
{
    const struct span *span = what;
    mt_sim_public_deals *deals;
    MT_TRY(mt_sim_public_deals_new(job->cx, &deals, &job->prices, span->day));
    mt_vpp_trades_look look = {.kind = "Public", .day = span->day};
    MT_TRY(mt_vpp_write_trades_head(job->cx, out, &look));
    for (size_t n; (n = mt_sim_public_deals_next(deals)) > 0;) {
        job->rows[MT_PF_PUBLIC_TRADES] += (int64_t)n;
        MT_TRY(mt_vpp_write_trades(job->cx, out, &look, deals->trade, n));
        MT_TRY(mt_ctx_check(job->cx));
    }
    return MT_OK;
}

/* "20250608" */
static const char *date_text(char *to, size_t room, mt_day day)
{
    mt_date d = mt_day_date(day);
    snprintf(to, room, "%04d%02d%02d", d.year, d.month, d.day);
    return to;
}

static mt_code write_trade_files(mt_portfolio_job *job, const struct span *day)
{
    char name[NAME_ROOM], date[16], next[16];
    date_text(date, sizeof date, day->day);
    date_text(next, sizeof next, day->day + 1);
    snprintf(name, sizeof name, "Private_Trades-%s-%sT000516000Z.csv", date, next);
    MT_TRY(mt_portfolio_write(job, MT_PF_OWN_TRADES, name, write_own_trades, day));
    if (mt_sim_trapped(job->rule, MT_TRAP_DUPLICATE_FILE)) {
        snprintf(name, sizeof name, "Private_Trades-%s-%sT080000000Z.csv", date, next);
        MT_TRY(mt_portfolio_write(job, MT_PF_OWN_TRADES, name, write_own_trades, day));
    }
    snprintf(name, sizeof name, "Public_Trades-%s-%sT001042000Z.csv", date, next);
    return mt_portfolio_write(job, MT_PF_PUBLIC_TRADES, name, write_public_trades, day);
}

/* Final imbalance prices cover the UTC day of the date, day-ahead prices the local day. */
static mt_code write_price_files(mt_portfolio_job *job, const struct span *local)
{
    char name[NAME_ROOM], date[16], later[16];
    bool hours = local->day < mt_day_of(2025, 10, 1);
    struct span auction = *local, final = *local;
    auction.of = job->prices.day_ahead;
    if (hours) auction.step = MT_US_HOUR, auction.n /= 4;
    final.of = job->prices.final;
    final.from = local->day * MT_US_DAY;
    final.n = 96;
    date_text(date, sizeof date, local->day);
    snprintf(name, sizeof name, "day_ahead_price_%s.csv", date);
    MT_TRY(mt_portfolio_write(job, MT_PF_DAY_AHEAD, name, write_day_ahead, &auction));
    if (mt_sim_trapped(job->rule, MT_TRAP_CLOCK_CHANGE)) final.from = local->from, final.n = local->n;
    snprintf(name, sizeof name, "imbalance_price_final_%s_%sT081500Z.csv", date,
             date_text(later, sizeof later, local->day + 30));
    MT_TRY(mt_portfolio_write(job, MT_PF_FINAL, name, write_final, &final));
    if (!mt_sim_trapped(job->rule, MT_TRAP_LATE_FILE)) return MT_OK;
    snprintf(name, sizeof name, "imbalance_price_final_%s_%sT140000Z.csv", date,
             date_text(later, sizeof later, local->day + 75));
    return mt_portfolio_write(job, MT_PF_FINAL, name, write_late_final, &final);
}

static mt_code write_day(mt_portfolio_job *job, mt_day day)
{
    mt_time from = mt_sim_day_start(&job->rule->market, day),
            until = mt_sim_day_start(&job->rule->market, day + 1);
    struct span span = {.from = from, .step = quarter, .n = (size_t)((until - from) / quarter), .day = day};
    MT_TRY(write_trade_files(job, &span));
    return write_price_files(job, &span);
}

/* From a day before to three after, the first quarter of the fourth too. */
static mt_code write_compensation_file(mt_portfolio_job *job, mt_day first, mt_day last)
{
    struct span span = {.of = job->prices.compensation,
                        .from = (first - 1) * MT_US_DAY,
                        .step = quarter,
                        .n = (size_t)(last - first + 4) * 96 + 1};
    mt_date d = mt_day_date(last + 12);
    char name[NAME_ROOM];
    snprintf(name, sizeof name, "redispatch_compensation_%04d-%02d-%02d.csv", d.year, d.month, d.day);
    return mt_portfolio_write(job, MT_PF_COMPENSATION, name, write_compensation, &span);
}

/* From five days before, 23:15, to 18:00 of the day after. */
static mt_code write_estimate_file(mt_portfolio_job *job, mt_day first, mt_day last)
{
    mt_time from = (first - 5) * MT_US_DAY + 23 * MT_US_HOUR + quarter,
            until = (last + 1) * MT_US_DAY + 18 * MT_US_HOUR;
    struct span span = {.of = job->prices.estimate,
                        .from = from,
                        .step = quarter,
                        .n = (size_t)((until - from) / quarter) + 1};
    char name[NAME_ROOM], date[16];
    snprintf(name, sizeof name, "imbalance_price_estimation_%sT182000Z.csv",
             date_text(date, sizeof date, last + 1));
    return mt_portfolio_write(job, MT_PF_ESTIMATE, name, write_estimate, &span);
}

mt_code mt_portfolio_market(mt_portfolio_job *job)
{
    mt_day first = job->rule->market.first_day, last = first + (mt_day)job->rule->market.days - 1;
    char name[NAME_ROOM], date[16];
    for (mt_day day = first; day <= last; day++) {
        mt_mark mark = mt_arena_mark(&job->cx->arena);
        MT_TRY(write_day(job, day));
        mt_arena_reset(&job->cx->arena, mark);
        mt_ctx_progress(job->cx, "days of trades", (uint64_t)(day - first + 1),
                        (uint64_t)job->rule->market.days, "days");
    }
    MT_TRY(write_compensation_file(job, first, last));
    MT_TRY(write_estimate_file(job, first, last));
    snprintf(name, sizeof name, "market_values_%s.csv", date_text(date, sizeof date, last + 2));
    return mt_portfolio_write(job, MT_PF_MARKET_VALUES, name, write_market_values, NULL);
}
