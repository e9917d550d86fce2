/* Reading an area's prices, production and forecasts, and deciding its days. */
#include "ops/series/area_days.h"

#include "ops/feed/moment.h"
#include "ops/series/known_days.h"
#include "terms/area.h"

#include <ctype.h>
#include <string.h>

const char *const mt_decision_window_choice[] = {"previous", "all", NULL};
const char *const mt_decision_known_choice[] = {"at-once", "when-known", NULL};

mt_code mt_area_days_rule(mt_ctx *cx, mt_decision_rule *out, const struct mt_decision_args *args)
{
    *out = mt_decision_rule_default();
    out->window = (mt_decision_window)args->window;
    out->days = args->days < 0 || args->days > INT32_MAX ? 0 : (int)args->days;
    out->minimum = args->minimum < 0 || args->minimum > INT32_MAX ? 0 : (int)args->minimum;
    if (args->known == MT_KNOWN_WHEN_KNOWN && out->window == MT_WINDOW_ALL)
        return mt_fail(cx, MT_E_INPUT,
                       "known: window all holds days that were not known yet; when-known needs previous");
    return mt_decision_rule_check(cx, out);
}

mt_code mt_area_days_zone(mt_ctx *cx, const mt_zone **out, const struct mt_decision_args *args,
                          const char *area)
{
    const mt_area *found;
    if (args->zone) return mt_zone_read(cx, out, args->zone, NULL);
    MT_TRY(mt_area_get(cx, &found, area));
    return mt_zone_read(cx, out, found->zone, NULL);
}

/* The instants of the days that are wanted, with the window before them. */
static mt_code fill_range(mt_ctx *cx, mt_series_filter *filter, const struct mt_decision_args *args,
                          const char *area)
{
    const mt_zone *zone;
    MT_TRY(mt_area_days_zone(cx, &zone, args, area));
    int back = args->window == MT_WINDOW_ALL ? 0 : (int)args->days;
    if (args->from != MT_DAY_NONE) filter->from = mt_day_start(zone, args->from - back);
    if (args->to != MT_DAY_NONE) filter->to = mt_day_start(zone, args->to + 1);
    return MT_OK;
}

mt_code mt_area_days_values(mt_ctx *cx, const mt_world *world, mt_series_in *out,
                            const struct mt_decision_args *args, const char *area, const char *kind,
                            bool versions)
{
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    const mt_area *known = mt_area_find(area);
    const mt_zone *zone;
    filter.kind = kind;
    filter.area = area;
    filter.source = args->source;
    if (strcmp(kind, "spot_price") == 0) MT_TRY(mt_text_format(cx, &filter.unit, "%s/MWh", args->currency));
    MT_TRY(fill_range(cx, &filter, args, area));
    MT_TRY(mt_area_days_zone(cx, &zone, args, area));
    MT_TRY(mt_moment_parse(cx, &filter.as_of, "as-of", args->as_of, mt_world_now(world), zone));
    MT_TRY(mt_series_in_read(cx, world, out, &filter, versions));
    if (out->n || !known || strcmp(known->name, area) == 0) return MT_OK;
    filter.area = known->name; /* "10YDK-1--------W" was asked for, DK1 is stored */
    return mt_series_in_read(cx, world, out, &filter, versions);
}

void mt_decide_forecast(mt_decision *out, const mt_decision_rule *rule, const mt_delivery_day *day,
                        const mt_forecast_window *window)
{
    mt_decide(out, rule, day, window->said, window->n_said);
    if (out->reason == MT_UNDECIDED_WINDOW && window->n_alike)
        mt_decide(out, rule, day, window->alike, window->n_alike);
}

/* Letters and digits in lower case, without a last "power": "Onshore Wind" and "OnshoreWindPower". */
static void write_type(char out[64], const char *detail)
{
    size_t n = 0;
    for (; *detail && *detail != ';' && n < 63; detail++)
        if (isalnum((unsigned char)*detail)) out[n++] = (char)tolower((unsigned char)*detail);
    out[n] = '\0';
    if (n > 5 && strcmp(out + n - 5, "power") == 0) out[n - 5] = '\0';
}

static bool same_type(const char *a, const char *b)
{
    char x[64], y[64];
    write_type(x, a);
    write_type(y, b);
    return strcmp(x, y) == 0;
}

static bool is_total(const char *detail)
{
    char type[64];
    write_type(type, detail);
    return !*type || strcmp(type, "total") == 0 || strcmp(type, "all") == 0;
}

/* The distinct details of these values, NULL at the end. */
static mt_code list_details(mt_ctx *cx, const char ***out, size_t *n, mt_series_in values)
{
    enum { MOST = MT_DAY_SERIES_MAX };
    const char **detail;
    size_t k = 0;
    MT_TRY(MT_NEW(cx, &detail, MOST + 1));
    for (size_t i = 0; i < values.n && k < MOST; i++) {
        const char *d = values.at[i].detail;
        bool known = strstr(d, ";horizon=") != NULL || (i && d == values.at[i - 1].detail);
        for (size_t j = 0; j < k && !known; j++) known = strcmp(detail[j], d) == 0;
        if (!known) detail[k++] = d;
    }
    *out = detail;
    *n = k;
    return MT_OK;
}

/* The measured details that match the forecast's; NULL when one has no match. */
static mt_code match_types(mt_ctx *cx, const char ***out, mt_series_in production, mt_series_in forecast)
{
    const char **measured, **said, **matched;
    size_t n_measured, n_said, k = 0, met = 0;
    *out = NULL;
    MT_TRY(list_details(cx, &measured, &n_measured, production));
    MT_TRY(list_details(cx, &said, &n_said, forecast));
    if (n_said == 1 && is_total(said[0])) {
        *out = measured;
        return MT_OK;
    }
    MT_TRY(MT_NEW(cx, &matched, n_measured + 1));
    for (size_t i = 0; i < n_said; i++) {
        size_t before = k;
        for (size_t j = 0; j < n_measured; j++)
            if (same_type(said[i], measured[j])) matched[k++] = measured[j];
        met += k > before;
        if (k == n_measured) break;
    }
    if (n_said && met == n_said) *out = matched;
    return MT_OK;
}

mt_code mt_area_days_alike(mt_ctx *cx, const mt_delivery_day **out, size_t *n, mt_series_in production,
                           mt_series_in forecast, const mt_day_values *price, const mt_zone *zone)
{
    const char **only;
    mt_day_values values;
    mt_delivery_day *day;
    *out = NULL;
    *n = 0;
    MT_TRY(match_types(cx, &only, production, forecast));
    if (!only) return MT_OK;
    MT_TRY(mt_day_values_of(cx, &values, production.at, production.n, zone, "production", only));
    MT_TRY(mt_delivery_days(cx, &day, n, price, &values, zone));
    *out = day;
    return MT_OK;
}

/* What the store holds of an area. */
struct stored {
    mt_series_in price, production, forecast;
    mt_day_values price_day, production_day, forecast_day;
};

static mt_code read_stored(mt_ctx *cx, const mt_world *world, struct stored *s,
                           const struct mt_decision_args *args, const mt_area_days *d)
{
    MT_TRY(mt_area_days_values(cx, world, &s->price, args, d->area, "spot_price", false));
    MT_TRY(mt_area_days_values(cx, world, &s->production, args, d->area, "production", false));
    MT_TRY(mt_area_days_values(cx, world, &s->forecast, args, d->area, "production_forecast", false));
    MT_TRY(mt_day_values_of(cx, &s->price_day, s->price.at, s->price.n, d->zone, "spot_price", NULL));
    MT_TRY(mt_day_values_of(cx, &s->production_day, s->production.at, s->production.n, d->zone, "production",
                            NULL));
    return mt_day_values_of(cx, &s->forecast_day, s->forecast.at, s->forecast.n, d->zone,
                            "production_forecast", NULL);
}

/* What was passed over because its unit is no energy. */
static mt_code note_unit(mt_ctx *cx, const struct stored *s, mt_area_days *d)
{
    const char *unit = s->production_day.other_unit, *what = "production";
    if (!unit) unit = s->forecast_day.other_unit, what = "forecasts of production";
    if (!unit) return MT_OK;
    return mt_text_format(cx, &d->note,
                          "%s of %s in %s is left out: Wh, kWh, MWh, GWh or, over a step, kW, MW, GW can be "
                          "added",
                          what, d->area, unit);
}

static mt_code note_missing(mt_ctx *cx, const struct stored *s, mt_area_days *d,
                            const struct mt_decision_args *args)
{
    bool produced = s->production.n || s->forecast.n;
    if (s->price.n && produced) return note_unit(cx, s, d);
    return mt_text_format(cx, &d->note, "the store holds no %s%s%s of %s in that range",
                          s->price.n ? "" : "prices in ", s->price.n ? "production" : args->currency,
                          s->price.n || produced ? "" : "/MWh and no production", d->area);
}

static bool in_range(const struct mt_decision_args *args, mt_day day)
{
    return (args->from == MT_DAY_NONE || day >= args->from) && (args->to == MT_DAY_NONE || day <= args->to);
}

static const mt_delivery_day *find_day(const mt_delivery_day *day, size_t n, mt_day wanted)
{
    if (n == 0 || wanted < day[0].day || (size_t)(wanted - day[0].day) >= n) return NULL;
    return &day[wanted - day[0].day];
}

/* The row of a day, measured or else forecast; false: it has none. */
static bool choose_row(mt_delivery_day *out, const mt_delivery_day *measured, const mt_delivery_day *said)
{
    bool forecast = said && said->production.hours > 0 &&
                    (!measured || measured->production.hours < measured->hours - 1e-6);
    const mt_delivery_day *from = forecast ? said : measured;
    if (!from || !(from->production.hours > 0)) return false;
    if (!forecast && !(from->price.hours > 0)) return false;
    *out = *from;
    out->forecast = forecast;
    return true;
}

/* What rows are decided by: days as they stand, and where these may have been known too late all versions. */
struct windows {
    mt_forecast_window standing;
    mt_series_in forecast;        /* says which types are forecast */
    const mt_known_values *known; /* NULL: what stands counts */
};

static mt_code days_of(mt_ctx *cx, mt_delivery_day **out, size_t *n, const mt_known_values *values,
                       mt_series_in production, const char *kind)
{
    mt_day_values price_day, production_day;
    const mt_series_in *price = &values->price;
    MT_TRY(mt_day_values_of(cx, &price_day, price->at, price->n, values->zone, "spot_price", NULL));
    MT_TRY(mt_day_values_of(cx, &production_day, production.at, production.n, values->zone, kind, NULL));
    MT_TRY(mt_delivery_days(cx, out, n, &price_day, &production_day, values->zone));
    if (!production_day.n) *n = 0;
    return MT_OK;
}

static mt_code known_forecasts(mt_ctx *cx, mt_forecast_window *out, const mt_known_values *then,
                               const struct windows *w)
{
    mt_delivery_day *said, *alike;
    const mt_delivery_day *found;
    mt_day_values price;
    MT_TRY(days_of(cx, &said, &out->n_said, then, then->forecast, "production_forecast"));
    mt_known_drop_partial(said, out->n_said, w->standing.said, w->standing.n_said);
    MT_TRY(mt_day_values_of(cx, &price, then->price.at, then->price.n, then->zone, "spot_price", NULL));
    MT_TRY(mt_area_days_alike(cx, &found, &out->n_alike, then->production, w->forecast, &price, then->zone));
    MT_TRY(MT_NEW(cx, &alike, out->n_alike));
    if (out->n_alike) memcpy(alike, found, out->n_alike * sizeof *alike);
    mt_known_drop_partial(alike, out->n_alike, w->standing.alike, w->standing.n_alike);
    out->said = said;
    out->alike = alike;
    return MT_OK;
}

/* By what was known when the day began. */
static mt_code decide_then(mt_ctx *cx, mt_decision *out, const mt_area_days *d, const mt_delivery_day *row,
                           const struct windows *w)
{
    mt_known_values then;
    mt_delivery_day *history;
    mt_forecast_window window;
    size_t n;
    MT_TRY(mt_known_before(cx, &then, w->known, row->day, d->rule.days));
    if (row->forecast) {
        MT_TRY(known_forecasts(cx, &window, &then, w));
        mt_decide_forecast(out, &d->rule, row, &window);
        return MT_OK;
    }
    MT_TRY(days_of(cx, &history, &n, &then, then.production, "production"));
    mt_known_drop_partial(history, n, d->measured, d->n_measured);
    mt_decide(out, &d->rule, row, history, n);
    return MT_OK;
}

static mt_code decide_row(mt_ctx *cx, mt_decision *out, const mt_area_days *d, const mt_delivery_day *row,
                          const struct windows *w)
{
    if (w->known) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        mt_code code = decide_then(cx, out, d, row, w);
        mt_arena_reset(&cx->arena, mark);
        return code;
    }
    if (row->forecast)
        mt_decide_forecast(out, &d->rule, row, &w->standing);
    else
        mt_decide(out, &d->rule, row, d->measured, d->n_measured);
    return MT_OK;
}

static mt_code decide_rows(mt_ctx *cx, mt_area_days *d, const struct mt_decision_args *args,
                           const mt_delivery_day *said, size_t n_said, const struct windows *w)
{
    mt_day first = d->n_measured ? d->measured[0].day : 0, end = first + (mt_day)d->n_measured;
    if (n_said && (!d->n_measured || said[0].day < first)) first = said[0].day;
    if (n_said && (!d->n_measured || said[n_said - 1].day >= end)) end = said[n_said - 1].day + 1;
    size_t most = end > first ? (size_t)(end - first) : 0;
    MT_TRY(MT_NEW(cx, &d->day, most));
    MT_TRY(MT_NEW(cx, &d->decision, most));
    for (mt_day day = first; day < end; day++) {
        mt_delivery_day *row = &d->day[d->n];
        if (!in_range(args, day)) continue;
        if (!choose_row(row, find_day(d->measured, d->n_measured, day), find_day(said, n_said, day)))
            continue;
        MT_TRY(decide_row(cx, &d->decision[d->n], d, row, w));
        d->n++;
    }
    return MT_OK;
}

static mt_code read_versions(mt_ctx *cx, const mt_world *world, mt_known_values *out,
                             const struct mt_decision_args *args, const mt_area_days *d)
{
    out->zone = d->zone;
    MT_TRY(mt_area_days_values(cx, world, &out->price, args, d->area, "spot_price", true));
    MT_TRY(mt_area_days_values(cx, world, &out->production, args, d->area, "production", true));
    MT_TRY(mt_area_days_values(cx, world, &out->forecast, args, d->area, "production_forecast", true));
    MT_TRY(mt_known_order(cx, &out->price));
    MT_TRY(mt_known_order(cx, &out->production));
    return mt_known_order(cx, &out->forecast);
}

mt_code mt_area_days_read(mt_ctx *cx, const mt_world *world, mt_area_days *out,
                          const struct mt_decision_args *args, const char *area)
{
    struct stored s;
    mt_area_days d = {.area = area};
    mt_delivery_day *said;
    size_t n_said;
    struct windows w = {.known = NULL};
    mt_known_values versions;
    MT_TRY(mt_area_days_rule(cx, &d.rule, args));
    MT_TRY(mt_area_days_zone(cx, &d.zone, args, area));
    MT_TRY(mt_moment_parse(cx, &d.asked_at, "as-of", args->as_of, mt_world_now(world), d.zone));
    if (d.asked_at == MT_TIME_NONE) d.asked_at = mt_world_now(world);
    MT_TRY(read_stored(cx, world, &s, args, &d));
    MT_TRY(note_missing(cx, &s, &d, args));
    MT_TRY(mt_delivery_days(cx, &d.measured, &d.n_measured, &s.price_day, &s.production_day, d.zone));
    MT_TRY(mt_delivery_days(cx, &said, &n_said, &s.price_day, &s.forecast_day, d.zone));
    if (!s.forecast_day.n) n_said = 0;
    w.forecast = s.forecast;
    w.standing.said = said, w.standing.n_said = n_said;
    MT_TRY(mt_area_days_alike(cx, &w.standing.alike, &w.standing.n_alike, s.production, s.forecast,
                              &s.price_day, d.zone));
    if (args->known == MT_KNOWN_WHEN_KNOWN) {
        MT_TRY(read_versions(cx, world, &versions, args, &d));
        w.known = &versions;
    }
    MT_TRY(decide_rows(cx, &d, args, said, n_said, &w));
    *out = d;
    return MT_OK;
}
