/* Schedules and their deadlines: vpp.nominate, vpp.deadlines. */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"
#include "formats/document/ess.h"
#include "vpp/nominate.h"

#include <string.h>

static const char *const choose_word[] = {"latest", "tradeable", "as-of", NULL};

static const mt_field nominate_arg[] = {MT_ARG_DESK_DATA,
                                        {.name = "choose",
                                         MT_CHOICE_AT(mt_desk_args, choose),
                                         .choice = choose_word,
                                         .fallback = "latest",
                                         .doc = "which forecast is nominated"},
                                        {.name = "into",
                                         MT_OUTPUT_AT(mt_desk_args, into),
                                         .doc = "also as a file: .xml is an ENTSO-E schedule message (ESS "
                                                "2.3), "
                                                ".csv the same as a table"},
                                        {.name = "sender",
                                         MT_TEXT_AT(mt_desk_args, sender),
                                         .doc = "EIC of the balancing group's party; missing: the issuer's "
                                                "market_id in crm/parties.json"},
                                        {.name = "receiver",
                                         MT_TEXT_AT(mt_desk_args, receiver),
                                         .fallback = "10XDE-VE-TRANSMK",
                                         .doc = "EIC of the transmission system operator"},
                                        {.name = "area",
                                         MT_TEXT_AT(mt_desk_args, area),
                                         .fallback = "10YDE-VE-------2",
                                         .doc = "EIC of the control area"},
                                        {.name = "exchange",
                                         MT_TEXT_AT(mt_desk_args, exchange),
                                         .fallback = "11XEPEXSPOT----E",
                                         .doc = "EIC of who buys from and sells to the group"},
                                        {.name = "message_version",
                                         MT_INT_AT(mt_desk_args, message_version),
                                         .fallback = "1",
                                         .doc = "of the schedule message, one more with every change"},
                                        MT_ARG_DESK_RULES,
                                        {.name = NULL}};

struct nominate_row {
    mt_time start;
    int64_t production, bought, sold, open;
};

static const mt_field nominate_col[] = {
    {.name = "delivery_start", MT_TIME_AT(nominate_row, start), .doc = "of the quarter hour"},
    {.name = "production_kw",
     MT_MICRO_AT(nominate_row, production),
     .unit = MT_UNIT_KW,
     .doc = "forecast infeed; empty: no forecast"},
    {.name = "bought_kw", MT_MICRO_AT(nominate_row, bought), .unit = MT_UNIT_KW, .doc = "by trades"},
    {.name = "sold_kw", MT_MICRO_AT(nominate_row, sold), .unit = MT_UNIT_KW, .doc = "by trades"},
    {.name = "open_kw",
     MT_MICRO_AT(nominate_row, open),
     .unit = MT_UNIT_KW,
     .doc = "production + bought - sold: what is still to be traded"},
    {.name = NULL}};

/* One column of the nomination. */
static mt_code take_column(mt_ctx *cx, mt_micro **out, const mt_nomination_quarter *q, size_t n,
                           size_t member)
{
    MT_TRY(MT_NEW(cx, out, n));
    for (size_t t = 0; t < n; t++) memcpy(&(*out)[t], (const char *)&q[t] + member, sizeof(mt_micro));
    return MT_OK;
}

static mt_code describe_series(mt_ctx *cx, mt_ess_series series[3], const mt_nomination_quarter *q, size_t n,
                               const struct mt_desk_args *a, const char *sender)
{
    mt_micro *production, *bought, *sold;
    MT_TRY(take_column(cx, &production, q, n, offsetof(mt_nomination_quarter, production_kw)));
    MT_TRY(take_column(cx, &bought, q, n, offsetof(mt_nomination_quarter, bought_kw)));
    MT_TRY(take_column(cx, &sold, q, n, offsetof(mt_nomination_quarter, sold_kw)));
    series[0] = (mt_ess_series){"PRODUCTION", MT_ESS_PRODUCTION, a->area, NULL, sender, NULL, production};
    series[1] =
        (mt_ess_series){"BOUGHT", MT_ESS_INTERNAL_TRADE, a->area, a->area, sender, a->exchange, bought};
    series[2] = (mt_ess_series){"SOLD", MT_ESS_INTERNAL_TRADE, a->area, a->area, a->exchange, sender, sold};
    return MT_OK;
}

static mt_code write_message(mt_ctx *cx, const mt_ess_message *message, const char *path)
{
    const char *ending = strrchr(path, '.');
    bool xml = ending && strcmp(ending, ".xml") == 0;
    mt_out *file = NULL;
    mt_code code;
    if (!xml && (!ending || strcmp(ending, ".csv") != 0))
        return mt_fail(cx, MT_E_INPUT, "%s: a schedule is .xml or .csv", path);
    MT_TRY_OUT(mt_out_file(cx, &file, path));
    MT_TRY_OUT(xml ? mt_ess_write(cx, file, message) : mt_ess_csv(cx, file, message));
    MT_TRY_OUT(mt_out_finish(cx, file));
out:
    mt_out_close(file);
    return code;
}

static mt_code write_schedule(mt_ctx *cx, const mt_portfolio *p, const struct mt_desk_args *a,
                              const mt_nomination_quarter *q)
{
    const mt_party *issuer = p->desk->issuer;
    const char *sender = a->sender ? a->sender : issuer ? issuer->market_id : NULL;
    mt_ess_series series[3];
    char day[16];
    mt_ess_message message = {.version = (int)a->message_version,
                              .process = "A01",
                              .sender = sender,
                              .receiver = a->receiver,
                              .created = p->desk->grid.start,
                              .grid = p->desk->grid,
                              .series = series,
                              .n_series = 3};
    if (!sender)
        return mt_fail(cx, MT_E_INPUT,
                       "who nominates? give --sender EIC, or market_id of the issuer in parties.json");
    mt_day_text(p->first, day);
    MT_TRY(mt_text_format(cx, &message.message_id, "SCHEDULE-%s", day));
    MT_TRY(describe_series(cx, series, q, p->desk->grid.n, a, sender));
    return write_message(cx, &message, a->into.path);
}

static mt_code put_nomination(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_nomination_quarter *q;
    MT_TRY(mt_nominate(cx, &q, p->desk, (mt_forecast_choice)a->choose, a->as_of));
    if (a->into.path) MT_TRY(write_schedule(cx, p, a, q));
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const struct nominate_row row = {q[t].start, q[t].production_kw, q[t].bought_kw, q[t].sold_kw,
                                         q[t].open_kw};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code nominate_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_nominate, args, out, put_nomination);
}

const mt_op mt_op_vpp_nominate = {
    .name = "vpp.nominate",
    .summary = "the balancing group's schedule by quarter hour: production, purchases, sales, open position",
    .doc = "With --into the schedule is also written as an ENTSO-E schedule message or a table: what it "
           "takes to nominate.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --into out/schedule.xml",
    .effect = MT_WRITE,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_OPERATIONS | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = nominate_arg,
    .col = nominate_col,
    .run = nominate_run,
};

/* --- vpp.deadlines ----------------------------------------------------------------------------------- */

static const mt_field deadline_arg[] = {
    {.name = "day", MT_DAY_AT(mt_desk_args, day), .required = true, .doc = "local delivery day"},
    {.name = "zone",
     MT_TEXT_AT(mt_desk_args, zone),
     .fallback = "Europe/Berlin",
     .doc = "time zone of the delivery day"},
    {.name = NULL}};

struct deadline_row {
    const char *name;
    mt_time until;
    double left;
    bool passed;
};

static const mt_field deadline_col[] = {
    {.name = "deadline", MT_TEXT_AT(deadline_row, name), .doc = "what must be done"},
    {.name = "until", MT_TIME_AT(deadline_row, until), .doc = "by when"},
    {.name = "left_min",
     MT_REAL_AT(deadline_row, left),
     .unit = MT_UNIT_MINUTE,
     .doc = "from now; below 0: over"},
    {.name = "passed", MT_BOOL_AT(deadline_row, passed), .doc = "it is over"},
    {.name = NULL}};

static mt_code deadlines_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const mt_zone *zone;
    const mt_deadline *d;
    mt_emit *emit;
    size_t n;
    MT_TRY(mt_zone_read(cx, &zone, a->zone, NULL));
    MT_TRY(mt_deadlines(cx, &d, &n, zone, a->day, mt_world_now(world)));
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.deadlines", deadline_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const struct deadline_row row = {d[k].name, d[k].until, (double)d[k].left / (double)MT_US_MINUTE,
                                         d[k].passed};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_vpp_deadlines = {
    .name = "vpp.deadlines",
    .summary = "until when a delivery day can be nominated, changed and corrected",
    .example = "--day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_OPERATIONS | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = deadline_arg,
    .col = deadline_col,
    .run = deadlines_run,
};
