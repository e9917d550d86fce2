/* A small set of operations and verbs of every kind, for the tests of this folder.
 *
 * Purpose   Faces are tested on tables of their own, so that a change of the real ones breaks no test here.
 */
#ifndef MT_FACE_DEMO_CASE_H
#define MT_FACE_DEMO_CASE_H

#include "face/face.h"

struct clear_args {
    mt_input orders;
    mt_time period;
    int price_rule;
    double floor;
    mt_micro tick;
    int64_t orders_max;
    mt_day day;
    bool dry_run;
    mt_output out;
};

static const char *const demo_rule[] = {"mid", "low", "high", "last-sell", NULL};
static const char *const demo_status[] = {"cleared", "no_cross", NULL};

static const mt_field clear_arg[] = {
    {.name = "orders",
     MT_INPUT_AT(clear_args, orders),
     .required = true,
     .doc = "order book, CSV or a stored data set"},
    {.name = "period", MT_SPAN_AT(clear_args, period), .fallback = "1h", .doc = "market time unit"},
    {.name = "price_rule",
     MT_CHOICE_AT(clear_args, price_rule),
     .choice = demo_rule,
     .fallback = "mid",
     .doc = "which price of the clearing interval is taken"},
    {.name = "floor",
     MT_REAL_AT(clear_args, floor),
     .unit = MT_UNIT_EUR_PER_MWH,
     .fallback = "-500",
     .doc = "lowest price allowed; at it surplus supply is cut back in proportion, and \"so is\" it's | "
            "<cap> * too"},
    {.name = "tick",
     MT_MICRO_AT(clear_args, tick),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "smallest price step"},
    {.name = "orders_max",
     MT_INT_AT(clear_args, orders_max),
     .unit = MT_UNIT_COUNT,
     .doc = "refuse more orders"},
    {.name = "day", MT_DAY_AT(clear_args, day), .doc = "local delivery day: [today] by default"},
    {.name = "dry_run", MT_BOOL_AT(clear_args, dry_run), .doc = "say what would be done"},
    {.name = "out", MT_OUTPUT_AT(clear_args, out), .doc = "folder for the curves"},
    {.name = NULL}};

struct clear_row {
    mt_time start;
    double price;
    int status;
};

static const mt_field clear_col[] = {
    {.name = "start", MT_TIME_AT(clear_row, start), .doc = "start of the period"},
    {.name = "price",
     MT_REAL_AT(clear_row, price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "empty without a trade"},
    {.name = "status", MT_CHOICE_AT(clear_row, status), .choice = demo_status, .doc = "what happened"},
    {.name = NULL}};

struct clear_head {
    int64_t quarantined;
};

static const mt_field clear_head_field[] = {{.name = "quarantined",
                                             MT_INT_AT(clear_head, quarantined),
                                             .unit = MT_UNIT_COUNT,
                                             .doc = "rows put aside"},
                                            {.name = NULL}};

static const mt_op demo_clear = {
    .name = "market.clear", .summary = "clear an auction at one price a period",
    .doc = "Orders become two curves; the price is the smallest tick at which supply covers demand.\n\n"
           "Without a trade the price is empty, and `volume` is 0 — \\never guessed.\n.Not a request",
    .example = "--orders tests/orders.csv --period 15min", .effect = MT_READ, .role = MT_VIEWER,
    .args_size = sizeof(struct clear_args), .arg = clear_arg, .col = clear_col, .head = clear_head_field};
static const mt_op demo_vwap = {.name = "market.vwap",
                                .summary = "volume-weighted average price of trades",
                                .example = "",
                                .col = clear_col};
static const mt_op demo_quality = {.name = "data.quality_report",
                                   .summary = "count what is missing, doubled or absurd",
                                   .example = "--orders tests/orders.csv",
                                   .effect = MT_WRITE,
                                   .role = MT_OPERATOR,
                                   .args_size = sizeof(struct clear_args),
                                   .arg = clear_arg};
static const mt_op demo_curve = {
    .name = "market.curve", .summary = "the two curves of a period", .example = "", .col = clear_col};

static const mt_op *const demo_op[] = {&demo_clear, &demo_vwap, &demo_quality, &demo_curve};

struct run_options {
    const char *out;
    bool fresh;
};

static const mt_field run_option[] = {
    {.name = "out", MT_TEXT_AT(run_options, out), .required = true, .doc = "folder for the files"},
    {.name = "fresh", MT_BOOL_AT(run_options, fresh), .doc = "run every task again"},
    {.name = NULL}};

static const mt_verb demo_verb[] = {
    {.name = "pipeline run", .positional = "NAME", .summary = "run a pipeline into a folder",
     .doc = "Independent tasks run side by side.", .example = "market --out out", .option = run_option},
    {.name = "sql", .positional = "QUESTION", .summary = "ask the store", .example = "'SELECT 1'"},
    {.name = "completion", .positional = "SHELL", .summary = "a completion script", .example = "bash"},
    {.name = "help", .positional = "[NOUN]", .summary = "what the program can do", .example = "market"},
    {.name = NULL}};

static const char *const demo_format[] = {"table", "json", "csv", NULL};

struct common_options {
    int output;
    bool help;
};

static const mt_field demo_common[] = {
    {.name = "output",
     MT_CHOICE_AT(common_options, output),
     .choice = demo_format,
     .doc = "format of the result"},
    {.name = "help", MT_BOOL_AT(common_options, help), .doc = "what the command does"},
    {.name = NULL}};

static const mt_variable demo_variable[] = {{"MERIT_STORE", "URL", "the store, where --store names none"},
                                            {NULL, NULL, NULL}};

static const mt_face demo_face = {.op = demo_op,
                                  .n_op = 4,
                                  .verb = demo_verb,
                                  .common = demo_common,
                                  .variable = demo_variable,
                                  .version = "0.1.0"};

#endif
