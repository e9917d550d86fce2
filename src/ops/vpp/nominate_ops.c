/* Schedules and their deadlines: vpp.nominate, vpp.deadlines. */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/nominate.h"

static const char *const choose_word[] = {"latest", "tradeable", "as-of", NULL};

static const mt_field nominate_arg[] = {MT_ARG_DESK_DATA,
                                        {.name = "choose",
                                         MT_CHOICE_AT(mt_desk_args, choose),
                                         .choice = choose_word,
                                         .fallback = "tradeable",
                                         .doc = "which forecast is nominated"},
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

static mt_code put_nomination(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_nomination_quarter *q;
    MT_TRY(mt_nominate(cx, &q, p->desk, (mt_forecast_choice)a->choose, a->as_of));
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
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
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
