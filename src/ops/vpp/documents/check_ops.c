/* The operation vpp.check: does an electronic invoice keep the rules? */
#include "base/rows/emit.h"
#include "formats/document/en16931_check.h"
#include "io/bytes.h"
#include "ops/vpp/vpp_ops.h"
#include "ops/world.h"

struct check_args {
    mt_input file;
};

static const mt_field check_arg[] = {
    {.name = "file", MT_INPUT_AT(check_args, file), .required = true, .doc = "invoice as XML, UBL or CII"},
    {.name = NULL}};

struct check_head {
    const char *syntax, *profile;
    int64_t errors, warnings, rules;
};

static const mt_field check_head[] = {
    {.name = "syntax", MT_TEXT_AT(check_head, syntax), .doc = "UBL or CII"},
    {.name = "profile", MT_TEXT_AT(check_head, profile), .doc = "what the invoice says that it keeps to"},
    {.name = "errors", MT_INT_AT(check_head, errors), .unit = MT_UNIT_COUNT, .doc = "rules that do not hold"},
    {.name = "warnings", MT_INT_AT(check_head, warnings), .unit = MT_UNIT_COUNT, .doc = "of those that warn"},
    {.name = "rules", MT_INT_AT(check_head, rules), .unit = MT_UNIT_COUNT, .doc = "that are known"},
    {.name = NULL}};

struct check_row {
    const char *rule, *severity, *sentence, *element;
    int64_t line;
};

static const mt_field check_col[] = {
    {.name = "rule", MT_TEXT_AT(check_row, rule), .doc = "its id, as BR-CO-10"},
    {.name = "severity", MT_TEXT_AT(check_row, severity), .doc = "error or warning"},
    {.name = "sentence", MT_TEXT_AT(check_row, sentence), .doc = "which value, and what would be right"},
    {.name = "element", MT_TEXT_AT(check_row, element), .doc = "where"},
    {.name = "line", MT_INT_AT(check_row, line), .doc = "in the file"},
    {.name = NULL}};

static mt_code put_report(mt_ctx *cx, mt_sink *out, const mt_en16931_report *report)
{
    mt_emit *emit;
    const struct check_head head = {report->syntax, report->profile, (int64_t)report->errors,
                                    (int64_t)report->warnings, (int64_t)mt_en16931_rules()};
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.check", check_col, check_head, &head));
    for (size_t k = 0; k < report->n; k++) {
        const mt_en16931_finding *f = &report->finding[k];
        const struct check_row row = {f->rule, mt_severity_name(f->severity), f->sentence, f->element,
                                      (int64_t)f->line};
        MT_TRY(mt_emit_put(emit, &row));
    }
    MT_TRY(mt_emit_end(emit));
    return report->errors ? mt_fail(cx, MT_FINDINGS, "%zu rules do not hold", report->errors) : MT_OK;
}

static mt_code check_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct check_args *a = args;
    mt_bytes *bytes = NULL;
    mt_en16931_report report;
    const char *at;
    size_t n;
    bool last = false;
    mt_code code;
    (void)world;
    MT_TRY_OUT(mt_bytes_open(cx, &bytes, &a->file));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    MT_TRY_OUT(mt_en16931_check(cx, &report, a->file.name, (mt_text){at, n}));
    code = put_report(cx, out, &report);
out:
    mt_bytes_close(bytes);
    return code;
}

const mt_op mt_op_vpp_check = {
    .name = "vpp.check",
    .summary = "an electronic invoice against the rules of EN 16931 and XRechnung",
    .doc = "Reads UBL and CII. Each rule that does not hold is a row; the status is then 7.",
    .example = "--file tests/data/invoice_ubl.xml",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct check_args),
    .arg = check_arg,
    .col = check_col,
    .head = check_head,
    .run = check_run,
};
