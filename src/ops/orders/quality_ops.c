/* Operations on the quality of orders: data.quality, data.monitor. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"
#include "ops/market/clearing_rows.h"
#include "ops/series/series_checks.h"

#include <math.h>

/* Of an order file as of the other operations on orders; without one, of stored series. */
struct quality_args {
    struct mt_market_args market; /* first: its fields are described by their place in it */
    mt_series_checks_args series;
};

static const mt_field quality_arg[] = {
    {.name = "orders",
     MT_INPUT_AT(mt_market_args, orders),
     .doc = "order file, - for standard input, or @NAME for a data set of the store; missing: stored series"},
    {.name = "format",
     MT_CHOICE_AT(mt_market_args, format),
     .choice = mt_orders_form_name,
     .fallback = "auto",
     .doc = "form of the file"},
    {.name = "curve",
     MT_CHOICE_AT(mt_market_args, curve),
     .choice = mt_curve_choice,
     .fallback = "matched",
     .doc = "which curve of a curve-omie file"},
    {.name = "area",
     MT_TEXT_AT(mt_market_args, area),
     .doc = "zone of a curve file that holds several, or of stored series"},
    {.name = "kind", MT_TEXT_AT(quality_args, series.kind), .doc = "of stored series, e.g. spot_price"},
    {.name = "detail", MT_TEXT_AT(quality_args, series.detail), .doc = "of stored series: the type"},
    {.name = "source", MT_TEXT_AT(quality_args, series.source), .doc = "of stored series: who said so"},
    {.name = "from", MT_DAY_AT(quality_args, series.from), .doc = "of stored series: first local day"},
    {.name = "until",
     MT_DAY_AT(quality_args, series.to),
     .doc = "of stored series: last local day, included"},
    MT_ARG_END};

static const char *const check_status[] = {"ok", "found", "failed", NULL};

enum { CHECK_OK, CHECK_FOUND, CHECK_FAILED };

struct check_row {
    const char *check, *column, *detail;
    int64_t count;
    double percent, low, high;
    int status;
};

static const mt_field check_col[] = {
    {.name = "check", MT_TEXT_AT(check_row, check), .doc = "what was looked for"},
    {.name = "column", MT_TEXT_AT(check_row, column), .doc = "where"},
    {.name = "count", MT_INT_AT(check_row, count), .unit = MT_UNIT_COUNT, .doc = "rows, or gaps"},
    {.name = "percent", MT_REAL_AT(check_row, percent), .unit = MT_UNIT_PERCENT, .doc = "of all rows"},
    {.name = "low", MT_REAL_AT(check_row, low), .doc = "lower bound, in the column's unit"},
    {.name = "high", MT_REAL_AT(check_row, high), .doc = "upper bound, in the column's unit"},
    {.name = "status", MT_CHOICE_AT(check_row, status), .choice = check_status, .doc = "of the check"},
    {.name = "detail", MT_TEXT_AT(check_row, detail), .doc = "in words"},
    {.name = NULL}};

struct quality_head {
    const char *source;
    int64_t rows, buys, sells;
    mt_time first, last;
    double price_min, price_median, price_max, volume_min, volume_median, volume_max, continuity;
    bool passed;
};

static const mt_field quality_head[] = {
    {.name = "source", MT_TEXT_AT(quality_head, source), .doc = "where the orders came from"},
    {.name = "passed", MT_BOOL_AT(quality_head, passed), .doc = "no check failed"},
    {.name = "rows", MT_INT_AT(quality_head, rows), .unit = MT_UNIT_COUNT, .doc = "rows of the file"},
    {.name = "buys", MT_INT_AT(quality_head, buys), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sells", MT_INT_AT(quality_head, sells), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "first", MT_TIME_AT(quality_head, first), .doc = "earliest time, UTC"},
    {.name = "last", MT_TIME_AT(quality_head, last), .doc = "latest time, UTC"},
    {.name = "price_min",
     MT_REAL_AT(quality_head, price_min),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest price"},
    {.name = "price_median",
     MT_REAL_AT(quality_head, price_median),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "median price"},
    {.name = "price_max",
     MT_REAL_AT(quality_head, price_max),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest price"},
    {.name = "volume_min",
     MT_REAL_AT(quality_head, volume_min),
     .unit = MT_UNIT_MWH,
     .doc = "smallest volume"},
    {.name = "volume_median",
     MT_REAL_AT(quality_head, volume_median),
     .unit = MT_UNIT_MWH,
     .doc = "median volume"},
    {.name = "volume_max",
     MT_REAL_AT(quality_head, volume_max),
     .unit = MT_UNIT_MWH,
     .doc = "largest volume"},
    {.name = "continuity",
     MT_REAL_AT(quality_head, continuity),
     .unit = MT_UNIT_PERCENT,
     .doc = "share of the time span without gaps of more than two hours"},
    {.name = NULL}};

static struct check_row plain_check(const char *check, const char *column, uint64_t count, uint64_t rows,
                                    int found)
{
    return (struct check_row){check,
                              column,
                              NULL,
                              (int64_t)count,
                              rows ? 100.0 * (double)count / (double)rows : NAN,
                              NAN,
                              NAN,
                              count ? found : CHECK_OK};
}

static mt_code emit_missing(mt_emit *emit, const mt_quality_report *r)
{
    struct check_row row[] = {plain_check("missing", "time", r->time_missing, r->rows, CHECK_FOUND),
                              plain_check("missing", "side", r->side_missing, r->rows, CHECK_FOUND),
                              plain_check("missing", "price", r->price.missing, r->rows, CHECK_FOUND),
                              plain_check("missing", "volume", r->volume.missing, r->rows, CHECK_FOUND)};
    for (int k = 0; k < 4; k++) {
        bool limited = k >= 2; /* prices and volumes have a limit, beyond which the file is refused */
        if (limited) row[k].high = MT_QUALITY_MISSING_MAX;
        if (limited && row[k].percent > MT_QUALITY_MISSING_MAX) row[k].status = CHECK_FAILED;
        row[k].detail = limited ? "absent or unreadable; fails above the upper bound, in percent"
                                : "absent or unreadable";
        MT_TRY(mt_emit_put(emit, &row[k]));
    }
    return MT_OK;
}

static mt_code emit_outliers(mt_emit *emit, const char *name, const mt_quality_column *column, uint64_t rows)
{
    struct check_row row = plain_check("outliers", name, column->outliers, rows, CHECK_FOUND);
    row.low = column->low;
    row.high = column->high;
    row.percent = column->outliers_percent;
    row.detail = "outside 1.5 interquartile ranges of the quartiles";
    return mt_emit_put(emit, &row);
}

static mt_code emit_faults(mt_emit *emit, const mt_quality_report *r)
{
    for (int fault = 1; fault < MT_ORDER_FAULT_COUNT; fault++) {
        if (!r->by_fault[fault]) continue;
        struct check_row row = plain_check("fault", mt_order_fault_name((mt_order_fault)fault),
                                           r->by_fault[fault], r->rows, CHECK_FOUND);
        row.detail = mt_order_fault_text((mt_order_fault)fault);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code emit_rest(mt_emit *emit, const mt_quality_report *r)
{
    struct check_row row[] = {plain_check("duplicate", "row", r->doubled, r->rows, CHECK_FOUND),
                              plain_check("negative", "price", r->price.negative, r->rows, CHECK_OK),
                              plain_check("negative", "volume", r->volume.negative, r->rows, CHECK_FOUND),
                              plain_check("extreme", "price", r->price_extreme, r->rows, CHECK_FOUND),
                              plain_check("gap", "time", r->gaps, 0, CHECK_FOUND)};
    row[0].detail = r->doubled_complete
                        ? "the same time, price, volume and side as an earlier row"
                        : "the same as an earlier row; only the first 2,097,152 rows were compared";
    row[1].detail = "allowed: prices may be negative";
    row[2].detail = "a volume is never negative";
    row[3].high = (double)MT_QUALITY_PRICE_EXTREME / 1e6;
    row[3].detail = "above the upper bound";
    row[4].high = (double)MT_QUALITY_GAP / (double)MT_US_MINUTE;
    row[4].detail = "longer than the upper bound, in minutes, between two orders";
    for (int k = 0; k < 5; k++) MT_TRY(mt_emit_put(emit, &row[k]));
    return MT_OK;
}

static mt_code emit_report(mt_ctx *cx, const char *source, const mt_quality_report *r, mt_sink *out)
{
    mt_emit *emit;
    struct quality_head head = {
        source,           (int64_t)r->rows, (int64_t)r->buys,      (int64_t)r->sells, r->first,
        r->last,          r->price.min,     r->price.median,       r->price.max,      r->volume.min,
        r->volume.median, r->volume.max,    r->continuity_percent, r->passed};
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.quality", check_col, quality_head, &head));
    MT_TRY(emit_missing(emit, r));
    MT_TRY(emit_outliers(emit, "price", &r->price, r->rows));
    MT_TRY(emit_outliers(emit, "volume", &r->volume, r->rows));
    MT_TRY(emit_rest(emit, r));
    MT_TRY(emit_faults(emit, r));
    MT_TRY(mt_emit_end(emit));
    return r->passed ? MT_OK : MT_FINDINGS;
}

static mt_code check_orders(mt_ctx *cx, mt_orders *orders, mt_quality_report *out)
{
    mt_quality *quality;
    MT_TRY(mt_market_quality(cx, orders, &quality));
    return mt_quality_of(cx, out, quality);
}

/* Reads everything once; the report outlives the input. */
static mt_code read_report(mt_ctx *cx, const mt_world *world, const struct mt_market_args *args,
                           mt_quality_report *out, const char **source)
{
    mt_orders *orders = NULL;
    mt_code code;
    MT_TRY_OUT(mt_market_orders(cx, world, &orders, args, false));
    MT_TRY_OUT(check_orders(cx, orders, out));
    MT_TRY_OUT(mt_text_copy(cx, source, mt_text_of(mt_orders_name(orders))));
out:
    mt_orders_close(orders);
    return code;
}

static struct quality_head series_head(const mt_series_checks *c, bool passed)
{
    size_t expected = 0, present = 0;
    struct quality_head head = {.source = "store",
                                .rows = (int64_t)c->values,
                                .buys = INT64_MIN,
                                .sells = INT64_MIN,
                                .first = c->first,
                                .last = c->last,
                                .passed = passed};
    head.price_min = head.price_median = head.price_max = NAN;
    head.volume_min = head.volume_median = head.volume_max = NAN;
    for (size_t k = 0; k < c->n; k++) {
        expected += c->at[k].whole.expected;
        present += c->at[k].whole.present;
    }
    head.continuity = expected ? 100 * (double)present / (double)expected : NAN;
    return head;
}

static mt_code judge_series(mt_ctx *cx, const mt_world *world, const struct quality_args *a, mt_sink *out)
{
    mt_series_checks checks;
    mt_check_line *line;
    mt_series_checks_args args = a->series;
    size_t n;
    bool passed;
    mt_emit *emit;
    args.area = a->market.area;
    args.sla_hours = args.sla_percent = NAN;
    MT_TRY(mt_series_checks_read(cx, world, &checks, &args));
    if (!checks.n)
        return mt_fail(
            cx, MT_E_ABSENT,
            "the store holds no series that is asked for, so nothing was checked; merit data series "
            "lists what is there");
    MT_TRY(mt_series_check_lines(cx, &line, &n, &passed, &checks));
    struct quality_head head = series_head(&checks, passed);
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.quality", check_col, quality_head, &head));
    for (size_t k = 0; k < n; k++) {
        struct check_row row = {line[k].check, line[k].column, line[k].detail, line[k].count, line[k].percent,
                                NAN,           line[k].high,   line[k].status};
        MT_TRY(mt_emit_put(emit, &row));
    }
    MT_TRY(mt_emit_end(emit));
    return passed ? MT_OK : MT_FINDINGS;
}

static mt_code refuse_mixture(mt_ctx *cx, const mt_series_checks_args *s)
{
    const char *given = s->kind ? "kind" : s->detail ? "detail" : s->source ? "source" : NULL;
    if (!given && s->from != MT_DAY_NONE) given = "from";
    if (!given && s->to != MT_DAY_NONE) given = "until";
    if (!given) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "%s names stored series; --orders an order file: give one of the two",
                   given);
}

static mt_code quality_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct quality_args *a = args;
    mt_quality_report report;
    const char *source;
    if (!a->market.orders.name) return judge_series(cx, world, a, out);
    MT_TRY(refuse_mixture(cx, &a->series));
    MT_TRY(read_report(cx, world, &a->market, &report, &source));
    return emit_report(cx, source, &report, out);
}

const mt_op mt_op_data_quality = {
    .name = "data.quality",
    .summary = "what an order file, or the stored series, hold and lack",
    .doc = "Counts missing, unreadable, negative, extreme and doubled values, outliers and gaps. Nothing "
           "is changed. Fails (exit status 7) when more than 10 % of the prices or of the volumes are "
           "missing. Without --orders the stored series are judged: gaps, late and revised values, "
           "duplicates, bounds, outliers, frozen values, the sun, disagreement of sources; it fails when a "
           "series lacks more than 10 % of its periods. data.series_quality tells the same by day.",
    .example = "--orders tests/data/orders.csv",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct quality_args),
    .arg = quality_arg,
    .col = check_col,
    .head = quality_head,
    .run = quality_run,
};

static const mt_field monitor_arg[] = {MT_ARG_ORDERS,
                                       MT_ARG_PERIOD,
                                       MT_ARG_POLICY,
                                       MT_ARG_RULE,
                                       {.name = "failed_tasks",
                                        MT_INT_AT(mt_market_args, failed_tasks),
                                        .unit = MT_UNIT_COUNT,
                                        .fallback = "0",
                                        .doc = "tasks of the run that failed or were stopped"},
                                       MT_ARG_END};

struct monitor_row {
    const char *health;
    double score, continuity, success, missing_price, missing_volume, gap_minutes;
    int64_t failed_tasks, gaps, periods, cleared;
    bool validation;
    double limit_missing, limit_continuity, limit_success, limit_health;
    mt_time reported_at;
};

static const mt_field monitor_col[] = {
    {.name = "health", MT_TEXT_AT(monitor_row, health), .doc = "HEALTHY or CRITICAL"},
    {.name = "health_score",
     MT_REAL_AT(monitor_row, score),
     .unit = MT_UNIT_PERCENT,
     .doc = "100 minus deductions"},
    {.name = "failed_tasks",
     MT_INT_AT(monitor_row, failed_tasks),
     .unit = MT_UNIT_COUNT,
     .doc = "25 points each"},
    {.name = "validation_passed",
     MT_BOOL_AT(monitor_row, validation),
     .doc = "of data.quality; 30 points if not"},
    {.name = "missing_price",
     MT_REAL_AT(monitor_row, missing_price),
     .unit = MT_UNIT_PERCENT,
     .doc = "of all rows"},
    {.name = "missing_volume",
     MT_REAL_AT(monitor_row, missing_volume),
     .unit = MT_UNIT_PERCENT,
     .doc = "of all rows"},
    {.name = "gaps", MT_INT_AT(monitor_row, gaps), .unit = MT_UNIT_COUNT, .doc = "longer than two hours"},
    {.name = "gap_minutes",
     MT_REAL_AT(monitor_row, gap_minutes),
     .unit = MT_UNIT_MINUTE,
     .doc = "all gaps together"},
    {.name = "continuity_score",
     MT_REAL_AT(monitor_row, continuity),
     .unit = MT_UNIT_PERCENT,
     .doc = "time span without gaps"},
    {.name = "periods",
     MT_INT_AT(monitor_row, periods),
     .unit = MT_UNIT_COUNT,
     .doc = "10 points if there is none"},
    {.name = "cleared",
     MT_INT_AT(monitor_row, cleared),
     .unit = MT_UNIT_COUNT,
     .doc = "periods with a price"},
    {.name = "success_rate",
     MT_REAL_AT(monitor_row, success),
     .unit = MT_UNIT_PERCENT,
     .doc = "cleared of all; 15 points below 50, 5 points below 80"},
    {.name = "limit_missing",
     MT_REAL_AT(monitor_row, limit_missing),
     .unit = MT_UNIT_PERCENT,
     .doc = "most that may be missing"},
    {.name = "limit_continuity",
     MT_REAL_AT(monitor_row, limit_continuity),
     .unit = MT_UNIT_PERCENT,
     .doc = "least continuity"},
    {.name = "limit_success",
     MT_REAL_AT(monitor_row, limit_success),
     .unit = MT_UNIT_PERCENT,
     .doc = "least success rate"},
    {.name = "limit_health",
     MT_REAL_AT(monitor_row, limit_health),
     .unit = MT_UNIT_PERCENT,
     .doc = "least health score"},
    {.name = "reported_at", MT_TIME_AT(monitor_row, reported_at), .doc = "UTC"},
    {.name = NULL}};

static void judge_health(struct monitor_row *row)
{
    row->limit_missing = MT_QUALITY_MISSING_MAX, row->limit_continuity = 80, row->limit_success = 50,
    row->limit_health = 70;
    row->score = 100 - 25 * (double)row->failed_tasks - (row->validation ? 0 : 30) - (row->periods ? 0 : 10);
    if (row->periods) row->score -= row->success < 50 ? 15 : row->success < 80 ? 5 : 0;
    if (row->score < 0) row->score = 0;
    bool sound = row->score >= row->limit_health && !(row->continuity < row->limit_continuity);
    row->health = sound ? "HEALTHY" : "CRITICAL";
}

static mt_code count_cleared(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args,
                             struct monitor_row *row)
{
    mt_market *market;
    mt_clearing_row *cleared;
    MT_TRY(mt_market_from(cx, orders, &market, args));
    mt_code code = mt_clearing_rows(cx, market, &cleared);
    row->periods = (int64_t)market->n;
    for (size_t k = 0; code == MT_OK && k < market->n; k++) row->cleared += !isnan(cleared[k].price);
    row->success = market->n ? 100.0 * (double)row->cleared / (double)market->n : NAN;
    mt_market_close(market);
    return code;
}

static mt_code fill_monitor(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args,
                            struct monitor_row *row)
{
    mt_quality_report report;
    MT_TRY(check_orders(cx, orders, &report));
    row->validation = report.passed;
    row->continuity = report.continuity_percent;
    row->gaps = (int64_t)report.gaps;
    row->gap_minutes = report.gap_minutes;
    row->missing_price = report.price.missing_percent;
    row->missing_volume = report.volume.missing_percent;
    return count_cleared(cx, orders, args, row);
}

static mt_code monitor_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_market_args *a = args;
    struct monitor_row row = {.failed_tasks = a->failed_tasks, .reported_at = mt_world_now(world)};
    mt_orders *orders;
    if (a->failed_tasks < 0) return mt_fail(cx, MT_E_INPUT, "failed_tasks: a count is not below 0");
    MT_TRY(mt_market_orders(cx, world, &orders, a, true));
    mt_code code = fill_monitor(cx, orders, a, &row);
    mt_orders_close(orders);
    if (code != MT_OK) return code;
    judge_health(&row);
    MT_TRY(mt_emit_one(cx, out, "data.monitor", monitor_col, &row));
    return row.health[0] == 'H' ? MT_OK : MT_FINDINGS;
}

const mt_op mt_op_data_monitor = {
    .name = "data.monitor",
    .summary = "continuity of the data and health of a run",
    .doc = "Starts at 100 points and deducts for failed tasks, a failed quality check, missing periods "
           "and a low success rate. CRITICAL (exit status 7) below 70 points, or when gaps take more than "
           "a fifth of the time span.",
    .example = "--orders tests/data/orders.csv",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = monitor_arg,
    .col = monitor_col,
    .run = monitor_run,
};
