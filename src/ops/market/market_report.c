/* The sections of the market report. */
#include "ops/market/market_report.h"

#include "base/rows/emit.h"
#include "io/page/chart.h"
#include "io/page/html.h"
#include "market/curve.h"
#include "num/stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES = 3, TABLE_ROWS = 400 };

/* Everything the drawings need, made once. */
struct page {
    mt_ctx *cx;
    const mt_market_report *report;
    mt_html html;
    size_t n;
    mt_time *time;
    double *price, *more, *less, *volume, *change_more, *change_less;
    mt_stats stats;
    size_t cleared;
    const char *price_unit;
};

static mt_code make_series(struct page *page)
{
    double **series[] = {&page->price,  &page->more,        &page->less,
                         &page->volume, &page->change_more, &page->change_less};
    size_t n = page->n;
    MT_TRY(MT_NEW(page->cx, &page->time, n + 1));
    for (size_t k = 0; k < sizeof series / sizeof *series; k++) MT_TRY(MT_NEW(page->cx, series[k], n + 1));
    for (size_t k = 0; k < n; k++) {
        const mt_period_view *view = &page->report->view[k];
        bool cleared = !isnan(view->base.price);
        page->time[k] = view->base.start;
        page->price[k] = view->base.price;
        page->volume[k] = cleared ? view->base.volume : NAN;
        page->more[k] = view->impact[MT_SCENARIO_MORE].scenario_price;
        page->less[k] = view->impact[MT_SCENARIO_LESS].scenario_price;
        page->change_more[k] = view->impact[MT_SCENARIO_MORE].change;
        page->change_less[k] = view->impact[MT_SCENARIO_LESS].change;
        page->cleared += cleared;
    }
    MT_TRY(mt_text_format(page->cx, &page->price_unit, "%s/MWh", page->report->market->head.currency));
    return mt_stats_of(page->cx, &page->stats, page->price, n);
}

static mt_chart_options chart_options(const struct page *page, const char *title, int width, int height)
{
    return (mt_chart_options){.size = sizeof(mt_chart_options),
                              .title = title,
                              .width = width,
                              .height = height,
                              .y_title = page->price_unit,
                              .unit = page->price_unit};
}

static mt_code draw_prices(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct page *page = arg;
    mt_chart_options options = chart_options(page, "Clearing price of each period", width, height);
    mt_chart_series series[] = {{"price", page->price, MT_CHART_STEP},
                                {"high renewables", page->more, MT_CHART_STEP},
                                {"low renewables", page->less, MT_CHART_STEP}};
    return mt_chart_time(cx, out, page->time, page->n, series, 3, &options);
}

static mt_code draw_volume(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct page *page = arg;
    mt_chart_options options = chart_options(page, "Energy traded in each period", width, height * 3 / 4);
    mt_chart_series series = {"volume", page->volume, MT_CHART_STEP};
    options.y_title = options.unit = "MWh";
    return mt_chart_time(cx, out, page->time, page->n, &series, 1, &options);
}

static mt_code draw_changes(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct page *page = arg;
    mt_chart_options options = chart_options(page, "Price change by scenario", width, height);
    mt_chart_series series[] = {{"high renewables", page->change_more, MT_CHART_STEP},
                                {"low renewables", page->change_less, MT_CHART_STEP}};
    return mt_chart_time(cx, out, page->time, page->n, series, 2, &options);
}

static mt_code draw_histogram(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct page *page = arg;
    mt_chart_options options = chart_options(page, "How often each price occurred", width, height * 3 / 4);
    options.x_title = page->price_unit;
    options.y_title = "periods";
    return mt_chart_histogram(cx, out, page->price, page->n, &options);
}

/* Rows are times of day, columns days, both UTC. */
static mt_code draw_heatmap(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct page *page = arg;
    mt_time step = page->report->market->head.period, first = mt_time_floor(page->time[0], MT_US_DAY);
    size_t rows = (size_t)(MT_US_DAY / step),
           columns = (size_t)((page->time[page->n - 1] - first) / MT_US_DAY) + 1;
    mt_chart_options options = chart_options(page, "Price by time of day and day, UTC", width, height);
    const char **row_label, **column_label;
    double *value;
    MT_TRY(MT_NEW(cx, &value, rows * columns));
    MT_TRY(MT_NEW(cx, &row_label, rows));
    MT_TRY(MT_NEW(cx, &column_label, columns));
    for (size_t k = 0; k < rows * columns; k++) value[k] = NAN;
    for (size_t k = 0; k < page->n; k++) {
        size_t day = (size_t)((page->time[k] - first) / MT_US_DAY),
               row = (size_t)((page->time[k] - first) % MT_US_DAY / step);
        value[row * columns + day] = page->price[k];
    }
    for (size_t k = 0; k < rows; k++) {
        int minute = (int)((mt_time)k * step / MT_US_MINUTE);
        MT_TRY(mt_text_format(cx, &row_label[k], "%02d:%02d", minute / 60, minute % 60));
    }
    for (size_t k = 0; k < columns; k++) {
        char day[MT_TIME_TEXT_MAX];
        mt_day_text((mt_day)((first + (mt_time)k * MT_US_DAY) / MT_US_DAY), day);
        MT_TRY(mt_text_copy(cx, &column_label[k], mt_text_of(day + 5)));
    }
    mt_chart_matrix matrix = {value, rows, columns, row_label, column_label};
    options.y_title = NULL;
    return mt_chart_heatmap(cx, out, &matrix, &options);
}

/* One period's curves, ready to be drawn. */
struct curves {
    const struct page *page;
    mt_chart_curve supply, demand;
    mt_chart_crossing crossing;
    const char *title;
    double low, high;
};

static mt_code split_curves(mt_ctx *cx, struct curves *curves, const mt_curve_point *point, size_t n,
                            mt_micro tick)
{
    double *volume[2], *price[2];
    size_t count[2] = {0, 0};
    for (int side = 0; side < 2; side++) {
        MT_TRY(MT_NEW(cx, &volume[side], n + 1));
        MT_TRY(MT_NEW(cx, &price[side], n + 1));
    }
    for (size_t k = 0; k < n; k++) {
        size_t down = n - 1 - k; /* demand is walked from the highest price */
        bool sells = point[k].supply > (k ? point[k - 1].supply : 0);
        bool buys = point[down].demand > (k ? point[down + 1].demand : 0);
        if (sells)
            price[0][count[0]] = mt_tick_money(point[k].tick, tick),
            volume[0][count[0]++] = mt_mwh(point[k].supply);
        if (buys)
            price[1][count[1]] = mt_tick_money(point[down].tick, tick),
            volume[1][count[1]++] = mt_mwh(point[down].demand);
    }
    curves->supply = (mt_chart_curve){"supply", volume[0], price[0], count[0]};
    curves->demand = (mt_chart_curve){"demand", volume[1], price[1], count[1]};
    return MT_OK;
}

/* Orders at the price limits would flatten everything else, so the picture is cut around the crossing. */
static void choose_bounds(struct curves *curves, const mt_curve_point *point, size_t n, mt_micro tick)
{
    double price = curves->crossing.price, reach = 100 + fabs(price);
    curves->low = fmax(mt_tick_money(point[0].tick, tick), price - reach);
    curves->high = fmin(mt_tick_money(point[n - 1].tick, tick), price + reach);
}

static mt_code make_curves(struct page *page, struct curves *curves, size_t k, const char *what)
{
    mt_ctx *cx = page->cx;
    mt_market *market = page->report->market;
    mt_period period;
    mt_clearing c;
    const mt_curve_point *point;
    size_t n;
    char start[MT_TIME_TEXT_MAX];
    mt_micro tick = market->rule.tick_micro;
    MT_TRY(mt_market_period(cx, market, k, &period, &c));
    MT_TRY(mt_curve(cx, &point, &n, period.bid, period.n));
    curves->page = page;
    curves->crossing = (mt_chart_crossing){mt_mwh(c.volume), mt_tick_money(c.price, tick), NULL};
    MT_TRY(mt_text_format(cx, &curves->crossing.text, "%.2f %s, %.0f MWh", curves->crossing.price,
                          page->price_unit, curves->crossing.volume));
    mt_time_text(period.start, start);
    MT_TRY(mt_text_format(cx, &curves->title, "%s: %s", what, start));
    MT_TRY(split_curves(cx, curves, point, n, tick));
    choose_bounds(curves, point, n, tick);
    return MT_OK;
}

static mt_code draw_curves(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    const struct curves *curves = arg;
    mt_chart_options options = chart_options(curves->page, curves->title, width, height);
    options.x_title = "MWh";
    options.low = curves->low;
    options.high = curves->high;
    return mt_chart_curves(cx, out, &curves->supply, &curves->demand, &curves->crossing, &options);
}

/* Thousands apart by narrow spaces: 9 111 481. */
static void group_digits(const char *plain, char *out)
{
    size_t digits = strspn(plain + (*plain == '-'), "0123456789"), at = 0;
    if (*plain == '-') out[at++] = *plain++;
    for (size_t k = 0; plain[k]; k++) {
        if (k && k < digits && (digits - k) % 3 == 0 && digits > 4) {
            memcpy(out + at, "\u202f", 3);
            at += 3;
        }
        out[at++] = plain[k];
    }
    out[at] = 0;
}

static mt_html_tile make_tile(struct page *page, const char *label, double value, const char *unit)
{
    mt_html_tile tile = {.label = label, .unit = unit};
    char plain[64], grouped[160];
    if (isnan(value)) return tile;
    int places = fabs(value) >= 10000 || !unit ? 0 : fabs(value) >= 100 ? 1 : 2; /* no unit: a count */
    snprintf(plain, sizeof plain, "%.*f", places, value);
    group_digits(plain, grouped);
    if (mt_text_copy(page->cx, &tile.value, mt_text_of(grouped)) != MT_OK) page->html.code = page->cx->code;
    return tile;
}

/* A count and what it is out of. */
static mt_html_tile count_tile(struct page *page, const char *label, uint64_t count, uint64_t all,
                               const char *what)
{
    mt_html_tile tile = make_tile(page, label, (double)count, NULL);
    if (mt_text_format(page->cx, &tile.note, "of %" PRIu64 " %s", all, what) != MT_OK)
        page->html.code = page->cx->code;
    return tile;
}

static void put_tiles(struct page *page)
{
    const mt_quality_report *quality = page->report->quality;
    uint64_t aside = (uint64_t)page->report->market->head.quarantined;
    double volume = 0;
    for (size_t k = 0; k < page->n; k++) volume += isnan(page->volume[k]) ? 0 : page->volume[k];
    mt_html_tile tile[] = {make_tile(page, "Mean price", page->stats.mean, page->price_unit),
                           make_tile(page, "Lowest price", page->stats.min, page->price_unit),
                           make_tile(page, "Highest price", page->stats.max, page->price_unit),
                           make_tile(page, "Energy traded", volume, "MWh"),
                           count_tile(page, "Periods cleared", page->cleared, page->n, "periods"),
                           count_tile(page, "Rows put aside", aside, quality->rows, "rows")};
    for (int k = 0; k < 4; k++) { /* units stand on the line where the counts say what they are out of */
        tile[k].note = tile[k].unit;
        tile[k].unit = NULL;
    }
    tile[4].tone = page->n && page->cleared == page->n ? MT_HTML_GOOD : MT_HTML_WARN;
    tile[5].tone = aside ? MT_HTML_WARN : MT_HTML_GOOD;
    mt_html_tiles(&page->html, tile, sizeof tile / sizeof *tile);
}

/* The periods of the highest price, the lowest price and the largest volume. */
static void choose_periods(const struct page *page, size_t chosen[CURVES])
{
    chosen[0] = chosen[1] = chosen[2] = page->n;
    for (size_t k = 0; k < page->n; k++) {
        if (isnan(page->price[k])) continue;
        if (chosen[0] == page->n || page->price[k] > page->price[chosen[0]]) chosen[0] = k;
        if (chosen[1] == page->n || page->price[k] < page->price[chosen[1]]) chosen[1] = k;
        if (chosen[2] == page->n || page->volume[k] > page->volume[chosen[2]]) chosen[2] = k;
    }
}

static mt_code put_curves(struct page *page)
{
    static const char *const what[CURVES] = {"Highest price", "Lowest price", "Most energy"};
    size_t chosen[CURVES];
    struct curves *curves;
    MT_TRY(MT_NEW(page->cx, &curves, CURVES));
    choose_periods(page, chosen);
    for (int c = 0; c < CURVES; c++) {
        if (chosen[c] == page->n) continue;
        MT_TRY(make_curves(page, &curves[c], chosen[c], what[c]));
        mt_html_figure(&page->html, curves[c].title, draw_curves, &curves[c]);
    }
    return MT_OK;
}

static const mt_field scenario_col[] = {
    {.name = "scenario", MT_CHOICE_AT(mt_scenario_figures, scenario), .choice = mt_scenario_name},
    {.name = "shift", MT_REAL_AT(mt_scenario_figures, shift_mwh), .unit = MT_UNIT_MWH},
    {.name = "mean_price", MT_REAL_AT(mt_scenario_figures, mean_price), .unit = MT_UNIT_MONEY_PER_MWH},
    {.name = "mean_change", MT_REAL_AT(mt_scenario_figures, mean_change), .unit = MT_UNIT_MONEY_PER_MWH},
    {.name = "largest_fall", MT_REAL_AT(mt_scenario_figures, largest_fall), .unit = MT_UNIT_MONEY_PER_MWH},
    {.name = "largest_rise", MT_REAL_AT(mt_scenario_figures, largest_rise), .unit = MT_UNIT_MONEY_PER_MWH},
    {.name = "consumer_effect", MT_REAL_AT(mt_scenario_figures, consumer_effect), .unit = MT_UNIT_MONEY},
    {.name = NULL}};

static mt_code put_scenarios(struct page *page)
{
    mt_ctx *cx = page->cx;
    mt_sink *sink;
    mt_table *table;
    mt_emit *emit;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    MT_TRY(mt_emit_begin(cx, &emit, sink, "scenarios", scenario_col, NULL, NULL));
    for (int s = 0; s < MT_SCENARIOS; s++) {
        mt_scenario_figures figures;
        MT_TRY(mt_scenario_figures_of(cx, &figures, page->report->view, page->n, s,
                                      page->report->market->rule.tick_micro));
        MT_TRY(mt_emit_put(emit, &figures));
    }
    MT_TRY(mt_emit_end(emit));
    mt_html_table(&page->html, "Scenarios over all periods", table, 0);
    return MT_OK;
}

struct fault_row {
    const char *reason, *sentence;
    int64_t rows;
};

static const mt_field fault_col[] = {{.name = "reason", MT_TEXT_AT(fault_row, reason)},
                                     {.name = "rows", MT_INT_AT(fault_row, rows), .unit = MT_UNIT_COUNT},
                                     {.name = "in_words", MT_TEXT_AT(fault_row, sentence)},
                                     {.name = NULL}};

static mt_code put_faults(struct page *page)
{
    mt_sink *sink;
    mt_table *table;
    mt_emit *emit;
    MT_TRY(mt_table_sink(page->cx, &sink, &table, 0));
    MT_TRY(mt_emit_begin(page->cx, &emit, sink, "faults", fault_col, NULL, NULL));
    for (int fault = 1; fault < MT_ORDER_FAULT_COUNT; fault++) {
        struct fault_row row = {mt_order_fault_name((mt_order_fault)fault),
                                mt_order_fault_text((mt_order_fault)fault),
                                (int64_t)page->report->quality->by_fault[fault]};
        if (row.rows) MT_TRY(mt_emit_put(emit, &row));
    }
    MT_TRY(mt_emit_end(emit));
    if (table->n)
        mt_html_table(&page->html, "Rows that are no orders", table, 0);
    else
        mt_html_note(&page->html, MT_HTML_GOOD, "Every row of the file is a complete order.");
    return MT_OK;
}

static void put_quality(struct page *page)
{
    const mt_quality_report *q = page->report->quality;
    mt_html_tile fact[] = {make_tile(page, "Missing prices", q->price.missing_percent, "%"),
                           make_tile(page, "Missing volumes", q->volume.missing_percent, "%"),
                           make_tile(page, "Price outliers", q->price.outliers_percent, "%"),
                           make_tile(page, "Doubled rows", (double)q->doubled, NULL),
                           make_tile(page, "Gaps over two hours", (double)q->gaps, NULL),
                           make_tile(page, "Continuity", q->continuity_percent, "%")};
    mt_html_note(&page->html, q->passed ? MT_HTML_GOOD : MT_HTML_BAD,
                 q->passed ? "The quality check passed." : "The quality check failed: too much is missing.");
    mt_html_facts(&page->html, fact, sizeof fact / sizeof *fact);
}

static mt_code put_periods(struct page *page)
{
    mt_sink *sink;
    mt_table *table;
    mt_emit *emit;
    MT_TRY(mt_table_sink(page->cx, &sink, &table, 0));
    MT_TRY(mt_emit_begin(page->cx, &emit, sink, "periods", mt_clearing_col, NULL, NULL));
    for (size_t k = 0; k < page->n && k < TABLE_ROWS; k++)
        MT_TRY(mt_emit_put(emit, &page->report->view[k].base));
    MT_TRY(mt_emit_end(emit));
    mt_html_table(&page->html, "Every period", table, TABLE_ROWS);
    return MT_OK;
}

static mt_code put_sections(struct page *page)
{
    mt_html *html = &page->html;
    put_tiles(page);
    mt_html_section(html, "Prices");
    mt_html_figure(html, "Clearing price, as it is and in both scenarios", draw_prices, page);
    mt_html_figure(html, "Energy traded", draw_volume, page);
    if (page->n) mt_html_figure(html, "Price by time of day", draw_heatmap, page);
    mt_html_figure(html, "Distribution of prices", draw_histogram, page);
    mt_html_section(html, "How prices came about");
    mt_html_paragraph(html, "Supply rises with the price, demand falls; the period clears where they cross.");
    MT_TRY(put_curves(page));
    mt_html_section(html, "Renewable supply");
    mt_html_figure(html, "Price change against the base", draw_changes, page);
    MT_TRY(put_scenarios(page));
    mt_html_section(html, "Quality of the data");
    put_quality(page);
    MT_TRY(put_faults(page));
    mt_html_section(html, "Periods");
    return put_periods(page);
}

mt_code mt_market_report_write(mt_ctx *cx, mt_out *out, const mt_market_report *report)
{
    static const char *const contents[] = {
        "Prices", "How prices came about", "Renewable supply", "Quality of the data", "Periods", NULL};
    struct page page = {.cx = cx, .report = report, .n = report->market->n};
    const struct mt_market_head *head = &report->market->head;
    char step[MT_TIME_TEXT_MAX], made[MT_TIME_TEXT_MAX];
    const char *subtitle, *footer;
    MT_TRY(make_series(&page));
    mt_span_text(head->period, step);
    mt_time_text(report->made_at, made);
    MT_TRY(mt_text_format(cx, &subtitle, "%s: %lld orders in %zu periods of %s, policy %s. Times are UTC.",
                          head->source, (long long)head->orders, page.n, step, head->policy));
    MT_TRY(mt_text_format(cx, &footer, "Made by Merit %s on %s.", MERIT_VERSION, made));
    mt_html_options options = {.size = sizeof options,
                               .title = "Market report",
                               .kicker = "Merit",
                               .subtitle = subtitle,
                               .style = mt_chart_style(),
                               .contents = contents};
    mt_html_open(cx, &page.html, out, &options);
    MT_TRY(put_sections(&page));
    return mt_html_close(&page.html, footer);
}
