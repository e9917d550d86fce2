/* netztransparenz.de of the German transmission system operators: imbalance prices and volumes, market
 * values. */
#include "sources/backend.h"

#include "base/calendar.h"
#include "sources/answer.h"
#include "sources/german_table.h"
#include "sources/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define QUARTER (15 * MT_US_MINUTE)

static const mt_source_dataset datasets[] = {
    {.name = "reBAP",
     .doc = "imbalance price of the German control block, quality-assured",
     .kinds = "imbalance_price",
     .area_form = "DE-LU",
     .step = QUARTER,
     .publish_every = MT_US_DAY,
     .lag = 20 * MT_US_DAY,
     .look_back = 60 * MT_US_DAY,
     .most = 92 * MT_US_DAY},
    {.name = "NrvSaldo",
     .doc = "balance of the control block, quality-assured",
     .kinds = "balance",
     .area_form = "DE-LU",
     .step = QUARTER,
     .publish_every = MT_US_DAY,
     .lag = 20 * MT_US_DAY,
     .look_back = 60 * MT_US_DAY,
     .most = 92 * MT_US_DAY},
    {.name = "NrvSaldoOperational",
     .doc = "balance of the control block as seen in operation",
     .kinds = "balance",
     .area_form = "DE-LU",
     .step = QUARTER,
     .publish_every = QUARTER,
     .lag = QUARTER,
     .look_back = 2 * MT_US_DAY,
     .most = 92 * MT_US_DAY},
    {.name = "SpotPrices",
     .doc = "day-ahead prices as used for market values",
     .kinds = "spot_price",
     .area_form = "DE-LU",
     .step = MT_US_HOUR,
     .publish_every = MT_US_DAY,
     .look_back = 2 * MT_US_DAY,
     .most = 92 * MT_US_DAY},
    {.name = "MarketValues",
     .doc = "monthly market values of wind and solar",
     .kinds = "market_value",
     .area_form = "DE-LU",
     .publish_every = MT_US_DAY,
     .look_back = 62 * MT_US_DAY,
     .most = 3660 * MT_US_DAY},
    {0}};

/* No limit is published; these keep a client polite (a figure of ours). */
static const mt_http_policy policy = {.provider = "netztransparenz",
                                      .key_variable = "NETZTRANSPARENZ_CLIENT",
                                      .rate_per_s = 2,
                                      .burst = 5,
                                      .timeout = 60 * MT_US_SECOND};

/* A column that holds values. */
struct value {
    const char *column;
    mt_kind kind;
    const char *detail, *unit;
    double factor;
};

static const struct value rebap[] = {{"reBAP unterdeckt", MT_KIND_IMBALANCE_PRICE, "short", "EUR/MWh", 1},
                                     {"reBAP ueberdeckt", MT_KIND_IMBALANCE_PRICE, "long", "EUR/MWh", 1},
                                     {0}};
/* MW over a quarter; theirs is positive when the block is short, ours negative. */
static const struct value balance[] = {{"Deutschland", MT_KIND_BALANCE, "", "MWh", -0.25}, {0}};
static const struct value operational[] = {{"Deutschland", MT_KIND_BALANCE, "operational", "MWh", -0.25},
                                           {0}};
static const struct value spot[] = {{"Spotmarktpreis in ct/kWh", MT_KIND_SPOT_PRICE, "", "EUR/MWh", 10}, {0}};
static const struct value months[] = {
    {"MW-EPEX in ct/kWh", MT_KIND_MARKET_VALUE, "base", "EUR/MWh", 10},
    {"MW Wind Onshore in ct/kWh", MT_KIND_MARKET_VALUE, "Wind Onshore", "EUR/MWh", 10},
    {"MW Wind Offshore in ct/kWh", MT_KIND_MARKET_VALUE, "Wind Offshore", "EUR/MWh", 10},
    {"MW Solar in ct/kWh", MT_KIND_MARKET_VALUE, "Solar", "EUR/MWh", 10},
    {"MW steuerbar in ct/kWh", MT_KIND_MARKET_VALUE, "dispatchable", "EUR/MWh", 10},
    {0}};

/* In the order of the datasets: path, columns, and how the zone of "von" is headed (NULL: months). */
static const struct table {
    const char *path, *zone_column;
    const struct value *value;
} tables[] = {{"NrvSaldo/reBAP/Qualitaetsgesichert", "Zeitzone", rebap},
              {"NrvSaldo/NRVSaldo/Qualitaetsgesichert", "Zeitzone", balance},
              {"NrvSaldo/NRVSaldo/Betrieblich", "Zeitzone", operational},
              {"Spotmarktpreise", "Zeitzone von", spot},
              {"marktpraemie", NULL, months}};

struct question {
    const struct table *table;
    const mt_zone *berlin;
    mt_ctx *keep; /* where the token lives */
    const char *token;
};

static mt_code fail_row(mt_page *page, const mt_german_table *table, const char *what)
{
    return mt_page_fail(page, MT_E_REMOTE, "line %llu: %s was expected, but the row begins \"%.*s;%.*s\"",
                        (unsigned long long)table->line, what, (int)(table->cell[0].length % 40),
                        table->cell[0].at, (int)(table->cell[1].length % 40), table->cell[1].at);
}

/* Columns of the period; -1: the table has none of that name. */
struct frame {
    int day, clock, end, zone, end_zone;
    const mt_zone *berlin;
};

/* From `start` to a clock time of the same day, or of the next one where it is earlier. */
static mt_time span_to(mt_text day, mt_text clock, mt_text zone, mt_time start)
{
    mt_time end;
    if (!mt_german_time(day, clock, zone, &end)) return 0;
    if (end <= start) end += MT_US_DAY; /* "00:00" is the end of the day */
    return end - start;
}

/* The zone that the clocks are changed to. */
static mt_text other_zone(mt_text zone)
{
    static const char *const pairs[][2] = {
        {"MEZ", "MESZ"}, {"MESZ", "MEZ"}, {"CET", "CEST"}, {"CEST", "CET"}};
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
        if (mt_text_equal(zone, pairs[k][0])) return mt_text_of(pairs[k][1]);
    return zone;
}

static bool holds_change(const mt_zone *berlin, mt_time start, mt_time step)
{
    return mt_zone_offset_s(berlin, start) != mt_zone_offset_s(berlin, start + step);
}

static mt_code read_period(mt_page *page, const mt_german_table *table, const struct frame *frame,
                           mt_observation *row)
{
    const mt_text *cell = table->cell;
    mt_text day = cell[frame->day], zone = cell[frame->zone];
    mt_text end_zone = frame->end_zone >= 0 ? cell[frame->end_zone] : zone;
    mt_time step = 0;
    if (mt_german_time(day, cell[frame->clock], zone, &row->start))
        step = span_to(day, cell[frame->end], end_zone, row->start);
    if (!step) return fail_row(page, table, "a day, its zone and two clock times");
    /* one zone for both: a period up to the change of clocks may end by the new ones, "02:45;02:00" */
    mt_time other = span_to(day, cell[frame->end], other_zone(zone), row->start);
    if (step > MT_US_HOUR && holds_change(frame->berlin, row->start, other)) step = other;
    if (step > MT_US_HOUR) return fail_row(page, table, "a period of 15, 30 or 60 minutes");
    row->step = step;
    if (!mt_step_valid(row->step)) return fail_row(page, table, "a period of 15, 30 or 60 minutes");
    return MT_OK;
}

/* "1/2025" */
static mt_code read_month(mt_page *page, const mt_german_table *table, const mt_zone *berlin,
                          mt_observation *row)
{
    mt_text cell = table->cell[0];
    const char *slash = memchr(cell.at, '/', cell.length);
    int64_t month, year;
    if (!slash || !mt_int_parse(cell.at, (size_t)(slash - cell.at), &month) ||
        !mt_int_parse(slash + 1, cell.length - (size_t)(slash + 1 - cell.at), &year) || month < 1 ||
        month > 12 || year < 1990 || year > 2200)
        return fail_row(page, table, "a month such as 1/2025");
    int next_year = (int)year + (month == 12), next = month == 12 ? 1 : (int)month + 1;
    row->start = mt_day_start(berlin, mt_day_of((int)year, (int)month, 1));
    row->step = mt_day_start(berlin, mt_day_of(next_year, next, 1)) - row->start;
    return MT_OK;
}

static mt_code add_values(mt_page *page, const mt_german_table *table, const struct value *value,
                          mt_observation row)
{
    for (; value->column; value++) {
        int column = mt_german_column(table, value->column);
        if (column < 0)
            return mt_page_fail(page, MT_E_REMOTE, "the column \"%s\" is not there", value->column);
        if (!mt_german_real(table->cell[column], &row.value))
            return fail_row(page, table, "a number with a decimal comma");
        row.kind = mt_kind_name(value->kind);
        row.detail = value->detail;
        row.unit = value->unit;
        row.value *= value->factor;
        MT_TRY(mt_page_add(page, &row));
    }
    return MT_OK;
}

static mt_code read_table(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    const struct question *question = arg;
    mt_german_table table;
    mt_observation row = {.area = "DE-LU"};
    const char *zone = question->table->zone_column;
    (void)cx;
    if (!mt_german_open(&table, answer->body))
        return mt_page_unexpected(page, answer, "a table with ';' between its columns");
    struct frame frame = {mt_german_column(&table, "Datum"),        mt_german_column(&table, "von"),
                          mt_german_column(&table, "bis"),          zone ? mt_german_column(&table, zone) : 0,
                          mt_german_column(&table, "Zeitzone bis"), question->berlin};
    bool fits = zone ? frame.day >= 0 && frame.clock >= 0 && frame.end >= 0 && frame.zone >= 0
                     : mt_german_column(&table, "Monat") == 0;
    if (!fits) return mt_page_unexpected(page, answer, "a table with its day and clock times");
    while (mt_german_next(&table)) {
        MT_TRY(zone ? read_period(page, &table, &frame, &row)
                    : read_month(page, &table, question->berlin, &row));
        MT_TRY(add_values(page, &table, question->table->value, row));
    }
    return MT_OK;
}

static mt_code read_token(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct question *question = arg;
    const mt_json *top;
    const char *token;
    (void)cx;
    MT_TRY(mt_page_json(page, answer, MT_JSON_OBJECT, &top));
    MT_TRY(mt_page_text(page, top, "access_token", &token));
    return mt_text_copy(question->keep, &question->token, mt_text_of(token));
}

/* The key is "id:secret". The sign-in has a host of its own; a mirror has it under its own address. */
static mt_code sign_in(mt_ctx *cx, struct question *question, const mt_source_call *call,
                       const mt_source_query *query)
{
    static const mt_http_header form[] = {{"Content-Type", "application/x-www-form-urlencoded"}};
    const char *key = call->key ? call->key : "", *colon = strchr(key, ':'), *id, *secret, *body, *host;
    mt_sink *none;
    mt_page_ask ask = {.source = &mt_source_netztransparenz, .call = call, .query = query, .method = "POST"};
    if (!colon)
        return mt_fail(cx, MT_E_AUTH,
                       "netztransparenz: NETZTRANSPARENZ_CLIENT should hold \"id:secret\" of a client "
                       "made at api-portal.netztransparenz.de");
    MT_TRY(mt_text_copy(cx, &id, (mt_text){key, (size_t)(colon - key)}));
    MT_TRY(mt_http_encode(cx, &id, id));
    MT_TRY(mt_http_encode(cx, &secret, colon + 1));
    MT_TRY(
        mt_text_format(cx, &body, "grant_type=client_credentials&client_id=%s&client_secret=%s", id, secret));
    bool own = strcmp(call->base_url, mt_source_netztransparenz.base_url) == 0;
    host = own ? "https://identity.netztransparenz.de" : call->base_url;
    MT_TRY(mt_text_format(cx, &ask.url, "%s/users/connect/token", host));
    ask.header = form;
    ask.n_header = 1;
    ask.body = mt_text_of(body);
    ask.fresh_for = -1;
    ask.holds_token = true;
    ask.read = read_token;
    ask.arg = question;
    question->keep = cx;
    MT_TRY(mt_check_sink(cx, &none));
    mt_code code = mt_page_fetch(cx, &ask, none);
    if (code != MT_E_INPUT) return code;
    return mt_fail(cx, MT_E_AUTH, "netztransparenz refuses the client: is NETZTRANSPARENZ_CLIENT right?");
}

/* "2024-06-01T00:00:00" */
static void stamp(mt_time t, char out[MT_TIME_TEXT_MAX])
{
    mt_time_text(mt_time_floor(t, MT_US_SECOND), out);
    out[strcspn(out, "Z")] = '\0';
}

static mt_code name_url(mt_ctx *cx, mt_page_ask *ask, const struct question *question)
{
    char from[MT_TIME_TEXT_MAX], to[MT_TIME_TEXT_MAX];
    const char *base = ask->call->base_url, *path = question->table->path;
    mt_civil first = mt_zone_civil(question->berlin, ask->from),
             last = mt_zone_civil(question->berlin, ask->to - 1);
    stamp(ask->from, from);
    stamp(ask->to, to);
    if (question->table->zone_column)
        return mt_text_format(cx, &ask->url, "%s/api/v1/data/%s/%s/%s", base, path, from, to);
    return mt_text_format(cx, &ask->url, "%s/api/v1/data/%s/%d/%d/%d/%d", base, path, first.month, first.year,
                          last.month, last.year);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.table = &tables[mt_dataset_index(&mt_source_netztransparenz, query)]};
    mt_http_header header = {.name = "Authorization"};
    mt_page_ask ask = {
        .source = &mt_source_netztransparenz, .call = call, .query = query, .read = read_table};
    mt_time at = query->from;
    MT_TRY(mt_zone_read(cx, &question.berlin, "Europe/Berlin", NULL));
    MT_TRY(sign_in(cx, &question, call, query));
    MT_TRY(mt_text_format(cx, &header.value, "Bearer %s", question.token));
    ask.header = &header;
    ask.n_header = 1;
    ask.arg = &question;
    while (mt_span_cut(&at, query->to, query->dataset->most, &ask.from, &ask.to)) {
        MT_TRY(name_url(cx, &ask, &question));
        MT_TRY(mt_page_fetch(cx, &ask, out));
    }
    return MT_OK;
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_netztransparenz, call, "NrvSaldoOperational", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

/* No licence for passing the data on is granted (from memory, and so say integrators). */
const mt_source mt_source_netztransparenz = {
    .name = "netztransparenz",
    .title = "netztransparenz.de (50Hertz, Amprion, TenneT, TransnetBW)",
    .base_url = "https://ds.netztransparenz.de",
    .licence = "use allowed, passing on is not",
    .licence_url = "https://www.netztransparenz.de/de-de/Web-API",
    .attribution = "Source: netztransparenz.de",
    .redistribute = false,
    .key_variable = "NETZTRANSPARENZ_CLIENT",
    .key_required = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
