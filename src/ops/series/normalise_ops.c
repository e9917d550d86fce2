/* The operation that brings stored series to one marketplace: market.normalise. */
#include "base/op.h"
#include "base/rows/emit.h"
#include "io/bytes.h"
#include "market/series/normalise.h"
#include "ops/feed/moment.h"
#include "ops/series/series_in.h"

#include <math.h>
#include <string.h>

struct normalise_args {
    const char *kind, *area, *detail, *source, *unit, *from, *to, *as_of, *place, *currency;
    mt_time step;
    mt_input places;
};

static const mt_field normalise_arg[] = {
    {.name = "kind",
     MT_TEXT_AT(normalise_args, kind),
     .fallback = "spot_price",
     .doc = "what is brought over"},
    {.name = "area", MT_TEXT_AT(normalise_args, area), .doc = "bidding zone; missing: all"},
    {.name = "detail", MT_TEXT_AT(normalise_args, detail), .doc = "type within the kind"},
    {.name = "source", MT_TEXT_AT(normalise_args, source), .doc = "only values of this source"},
    {.name = "unit", MT_TEXT_AT(normalise_args, unit), .doc = "only values in this unit, e.g. GBP/MWh"},
    {.name = "from", MT_TEXT_AT(normalise_args, from), .doc = "a moment or a local day of the marketplace"},
    {.name = "until", MT_TEXT_AT(normalise_args, to), .doc = MT_MOMENT_UNTIL_DOC},
    {.name = "as_of", MT_TEXT_AT(normalise_args, as_of), .doc = "only what was known at this moment"},
    {.name = "marketplace",
     MT_TEXT_AT(normalise_args, place),
     .fallback = "germany",
     .doc = "germany, uk, nordpool, or a name of --marketplaces: currency, clock and hours of trading"},
    {.name = "currency",
     MT_TEXT_AT(normalise_args, currency),
     .doc = "turn money into this instead of the marketplace's own"},
    {.name = "step",
     MT_SPAN_AT(normalise_args, step),
     .doc = "5min, 15min, 30min, 1h, or 1d for local days; missing: as they are"},
    {.name = "marketplaces",
     MT_INPUT_AT(normalise_args, places),
     .doc = "file with one marketplace a line: NAME CURRENCY ZONE FROM-TO"},
    {.name = NULL}};

struct normal_row {
    mt_time start;
    const char *local, *area;
    double value;
    const char *unit;
    bool open;
    double covered, rate;
    mt_day rate_day;
    int64_t rate_age;
    double hours;
    const char *kind, *detail, *source, *from_unit;
};

static const mt_field normal_col[] = {
    {.name = "start", MT_TIME_AT(normal_row, start), .doc = "start of the period, UTC"},
    {.name = "local", MT_TEXT_AT(normal_row, local), .doc = "the marketplace's wall clock then"},
    {.name = "area", MT_TEXT_AT(normal_row, area), .doc = "where the value is from"},
    {.name = "value",
     MT_REAL_AT(normal_row, value),
     .doc = "in `unit`; empty where the period is not covered in full"},
    {.name = "unit", MT_TEXT_AT(normal_row, unit), .doc = "after the change of money"},
    {.name = "trading", MT_BOOL_AT(normal_row, open), .doc = "it starts in the hours of trading"},
    {.name = "covered",
     MT_REAL_AT(normal_row, covered),
     .unit = MT_UNIT_PERCENT,
     .doc = "of the period, by present values"},
    {.name = "rate",
     MT_REAL_AT(normal_row, rate),
     .unit = MT_UNIT_ONE,
     .doc = "money of `unit` for one of `from_unit`"},
    {.name = "rate_day", MT_DAY_AT(normal_row, rate_day), .doc = "of the ECB's rates; the older of two"},
    {.name = "rate_age",
     MT_INT_AT(normal_row, rate_age),
     .unit = MT_UNIT_COUNT,
     .doc = "days from then to the delivery"},
    {.name = "hours", MT_REAL_AT(normal_row, hours), .unit = MT_UNIT_HOUR, .doc = "length of the period"},
    {.name = "kind", MT_TEXT_AT(normal_row, kind), .doc = "what it measures"},
    {.name = "detail", MT_TEXT_AT(normal_row, detail), .doc = "type within the kind"},
    {.name = "source", MT_TEXT_AT(normal_row, source), .doc = "who said so"},
    {.name = "from_unit", MT_TEXT_AT(normal_row, from_unit), .doc = "as stored"},
    {.name = NULL}};

struct normal_head {
    const char *place, *currency, *zone, *hours;
};

static const mt_field normal_head[] = {
    {.name = "marketplace", MT_TEXT_AT(normal_head, place), .doc = "its name"},
    {.name = "currency", MT_TEXT_AT(normal_head, currency), .doc = "of money values"},
    {.name = "zone", MT_TEXT_AT(normal_head, zone), .doc = "its clock"},
    {.name = "hours", MT_TEXT_AT(normal_head, hours), .doc = "of trading, local"},
    {.name = NULL}};

struct work {
    mt_ctx *cx;
    mt_normal_options options;
    mt_emit *emit;
    const char *currency; /* to */
};

static mt_code read_places(mt_ctx *cx, mt_marketplaces *out, const mt_input *input)
{
    mt_bytes *bytes = NULL;
    const char *at;
    size_t n = 0;
    bool last = false;
    mt_code code;
    *out = mt_marketplaces_known();
    if (!input->name) return MT_OK;
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last)); /* the whole in one window */
    MT_TRY_OUT(mt_marketplaces_read(cx, out, input->name, (mt_text){at, n}));
out:
    mt_bytes_close(bytes);
    return code;
}

/* "GBP" of "GBP/MWh"; NULL where the unit is no money. */
static mt_code currency_of(mt_ctx *cx, const char **out, const char *unit)
{
    size_t n = strspn(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    *out = NULL;
    if (n != 3 || (unit[3] && unit[3] != '/')) return MT_OK;
    return mt_text_copy(cx, out, (mt_text){unit, 3});
}

static mt_code fill_filter(mt_ctx *cx, const mt_world *world, mt_series_filter *filter,
                           const struct normalise_args *a, const mt_zone *zone)
{
    mt_time now = mt_world_now(world);
    *filter = MT_SERIES_FILTER_ALL;
    filter->kind = a->kind;
    filter->area = a->area;
    filter->detail = a->detail;
    filter->source = a->source;
    filter->unit = a->unit;
    MT_TRY(mt_moment_span(cx, &filter->from, &filter->to, a->from, a->to, now, zone));
    return mt_moment_parse(cx, &filter->as_of, "as-of", a->as_of, now, zone);
}

static mt_code read_rates(mt_ctx *cx, const mt_world *world, mt_fx_table *out, const mt_series_filter *of)
{
    mt_series_in rates;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = "fx_rate";
    filter.as_of = of->as_of;
    filter.to = of->to;
    if (of->from != MT_TIME_NONE) filter.from = of->from - (MT_FX_AGE_MAX + 2) * MT_US_DAY;
    MT_TRY(mt_series_in_read(cx, world, &rates, &filter, false));
    return mt_fx_table_of(cx, out, rates.at, rates.n);
}

static mt_code to_exact(mt_ctx *cx, mt_series_value **out, const mt_observation *v, size_t n)
{
    mt_series_value *exact = NULL;
    MT_TRY(MT_NEW(cx, &exact, n));
    for (size_t i = 0; i < n; i++) {
        mt_micro micro = isnan(v[i].value) ? MT_MICRO_NONE : 0;
        if (fabs(v[i].value) > 9e12)
            return mt_fail(cx, MT_E_INPUT, "a value of %g %s in %s is too large to be exact", v[i].value,
                           v[i].unit, v[i].area);
        if (micro == 0) micro = (mt_micro)llround(v[i].value * 1e6);
        exact[i] = (mt_series_value){v[i].start, v[i].step, micro};
    }
    *out = exact;
    return MT_OK;
}

static mt_code put_row(struct work *w, const mt_normal_value *v, const mt_observation *name, const char *unit)
{
    mt_civil c = mt_zone_civil(w->options.zone, v->start);
    bool money = w->options.currency != NULL;
    struct normal_row row = {.start = v->start,
                             .area = name->area,
                             .value = v->value == MT_MICRO_NONE ? NAN : (double)v->value / 1e6,
                             .unit = unit,
                             .open = v->open,
                             .covered = 100 * (double)v->covered / (double)v->step,
                             .rate = NAN,
                             .rate_day = MT_DAY_NONE,
                             .rate_age = INT64_MIN,
                             .hours = (double)v->step / (double)MT_US_HOUR,
                             .kind = name->kind,
                             .detail = name->detail,
                             .source = name->source,
                             .from_unit = name->unit};
    if (money && strcmp(w->options.currency, w->currency) != 0) {
        row.rate = (double)v->quote.to_per_eur / (double)v->quote.from_per_eur;
        row.rate_day = v->quote.day;
        row.rate_age = v->rate_age_days;
    }
    MT_TRY(mt_text_format(w->cx, &row.local, "%04d-%02d-%02d %02d:%02d %s", c.year, c.month, c.day, c.hour,
                          c.minute, mt_zone_abbreviation(w->options.zone, v->start)));
    return mt_emit_put(w->emit, &row);
}

/* One series: its values stand together and ascend. */
static mt_code put_series(struct work *w, const mt_observation *v, size_t n)
{
    mt_series_value *exact = NULL;
    mt_normal_value *row;
    size_t rows;
    const char *unit = v->unit;
    w->options.fold = mt_kind_fold(v->kind);
    MT_TRY(currency_of(w->cx, &w->options.currency, v->unit));
    if (w->options.currency) MT_TRY(mt_text_format(w->cx, &unit, "%s%s", w->currency, v->unit + 3));
    MT_TRY(to_exact(w->cx, &exact, v, n));
    mt_code code = mt_normalise(w->cx, &row, &rows, exact, n, &w->options);
    if (code != MT_OK) return mt_fail_at(w->cx, "%s of %s from %s", v->kind, v->area, v->source);
    for (size_t k = 0; k < rows; k++) MT_TRY(put_row(w, &row[k], v, unit));
    return MT_OK;
}

static bool same_series(const mt_observation *a, const mt_observation *b)
{
    return strcmp(a->area, b->area) == 0 && strcmp(a->detail, b->detail) == 0 && a->step == b->step &&
           strcmp(a->source, b->source) == 0 && strcmp(a->unit, b->unit) == 0;
}

static mt_code put_all(struct work *w, mt_series_in values)
{
    for (size_t i = 0, end; i < values.n; i = end) {
        for (end = i + 1; end < values.n && same_series(&values.at[i], &values.at[end]);) end++;
        MT_TRY(put_series(w, values.at + i, end - i));
    }
    return MT_OK;
}

static mt_code make_head(mt_ctx *cx, struct normal_head *head, const struct work *w)
{
    const mt_marketplace *place = w->options.place;
    head->place = place->name;
    head->currency = w->currency;
    head->zone = place->zone;
    return mt_text_format(cx, &head->hours, "%d-%d", place->from_hour, place->to_hour);
}

static mt_code normalise_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct normalise_args *a = args;
    struct work w = {.cx = cx, .options = {.size = sizeof w.options, .step = a->step < 0 ? 0 : a->step}};
    mt_marketplaces places;
    mt_series_filter filter;
    mt_series_in values;
    struct normal_head head;
    MT_TRY(read_places(cx, &places, &a->places));
    MT_TRY(mt_marketplace_get(cx, &w.options.place, places, a->place));
    MT_TRY(mt_zone_read(cx, &w.options.zone, w.options.place->zone, NULL));
    w.currency = a->currency ? a->currency : w.options.place->currency;
    w.options.to_currency = w.currency;
    MT_TRY(fill_filter(cx, world, &filter, a, w.options.zone));
    MT_TRY(mt_series_in_read(cx, world, &values, &filter, false));
    MT_TRY(read_rates(cx, world, &w.options.fx, &filter));
    MT_TRY(make_head(cx, &head, &w));
    MT_TRY(mt_emit_begin(cx, &w.emit, out, "market.normalise", normal_col, normal_head, &head));
    MT_TRY(put_all(&w, values));
    return mt_emit_end(w.emit);
}

static const char normalise_doc[] =
    "Money is turned into the marketplace's currency by the European Central Bank's rate of the local day of "
    "delivery, or the last one before (weekends, holidays), whose day and age are told; it is exact to the "
    "millionth and rounded half away from zero. Energy is added or cut so that sums stay the same, prices "
    "are averaged over time or repeated. Germany (EUR, Europe/Berlin, 6-22), uk (GBP, Europe/London, 7-23) "
    "and nordpool (EUR, Europe/Oslo, 0-24) are built in; any other is one line of a file.";

const mt_op mt_op_market_normalise = {
    .name = "market.normalise",
    .summary = "stored series in another marketplace's currency, step and hours of trading",
    .doc = normalise_doc,
    .example = "--area DK2 --marketplace germany --step 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct normalise_args),
    .arg = normalise_arg,
    .col = normal_col,
    .head = normal_head,
    .run = normalise_run,
};
