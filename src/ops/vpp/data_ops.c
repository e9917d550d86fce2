/* What a portfolio's folder holds and what is unusual in it: vpp.files, vpp.quality, vpp.assets. */
#include "formats/vpp/name.h"
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/settlements.h"
#include "ops/vpp/vpp_ops.h"

#include <math.h>

/* --- vpp.files --------------------------------------------------------------------------------------- */

struct file_row {
    const char *file, *kind, *subject;
    mt_day day;
    mt_time version;
    int64_t bytes;
    const char *sha256;
};

static const mt_field file_arg[] = {{.name = "data",
                                     MT_TEXT_AT(mt_desk_args, data),
                                     .required = true,
                                     .local = true,
                                     .doc = "folder of the portfolio's files"},
                                    {.name = NULL}};

static const mt_field file_col[] = {
    {.name = "file", MT_TEXT_AT(file_row, file), .doc = "its name below the folder"},
    {.name = "kind",
     MT_TEXT_AT(file_row, kind),
     .doc = "what it is taken for; unknown or duplicate: left out"},
    {.name = "subject",
     MT_TEXT_AT(file_row, subject),
     .doc = "asset or metering point in its name; empty: none"},
    {.name = "day", MT_DAY_AT(file_row, day), .doc = "delivery day in its name; empty: none"},
    {.name = "version", MT_TIME_AT(file_row, version), .doc = "moment in its name; empty: none"},
    {.name = "bytes", MT_INT_AT(file_row, bytes), .unit = MT_UNIT_BYTE, .doc = "its size"},
    {.name = "sha256", MT_TEXT_AT(file_row, sha256), .doc = "digest of its bytes"},
    {.name = NULL}};

/* Files left out because an earlier one has their bytes. */
struct doubles {
    const mt_finding **finding;
    size_t n, room;
};

static mt_code keep_double(mt_ctx *cx, void *arg, int origin, const mt_finding *finding)
{
    struct doubles *doubles = arg;
    mt_finding *kept;
    (void)origin;
    if (finding->kind != MT_F_DUPLICATE_FILE) return MT_OK;
    MT_TRY(mt_ctx_grow(cx, &doubles->finding, doubles->n, &doubles->room, sizeof *doubles->finding));
    MT_TRY(MT_NEW(cx, &kept, 1));
    *kept = *finding;
    doubles->finding[doubles->n++] = kept;
    return MT_OK;
}

static mt_code put_doubles(mt_emit *emit, const struct doubles *doubles)
{
    for (size_t k = 0; k < doubles->n; k++) {
        const mt_finding *f = doubles->finding[k];
        const mt_vpp_name name = mt_vpp_name_read(mt_text_of(f->file));
        const struct file_row row = {f->file,      "duplicate", f->asset_id, name.day,
                                     name.version, INT64_MIN,   NULL};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code files_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const mt_vpp_file *file;
    size_t n;
    mt_emit *emit;
    const mt_vpp_options options = {
        .size = sizeof options, .from = MT_TIME_NONE, .until = MT_TIME_NONE, .digests = true};
    struct doubles doubles = {.n = 0};
    const mt_vpp_taker taker = {.arg = &doubles, .finding = keep_double};
    (void)world;
    MT_TRY(mt_vpp_files(cx, &file, &n, a->data, &options, &taker));
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.files", file_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const mt_vpp_origin *origin = &file[k].origin;
        const struct file_row row = {origin->name,    mt_vpp_file_kind_name(file[k].kind),
                                     file[k].subject, origin->day,
                                     origin->version, (int64_t)origin->bytes,
                                     origin->sha256};
        MT_TRY(mt_emit_put(emit, &row));
    }
    MT_TRY(put_doubles(emit, &doubles));
    return mt_emit_end(emit);
}

const mt_op mt_op_vpp_files = {
    .name = "vpp.files",
    .summary = "the files of a portfolio's folder and what each is taken for",
    .example = "--data tests/data/portfolio",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_STAFF,
    .args_size = sizeof(struct mt_desk_args),
    .arg = file_arg,
    .col = file_col,
    .run = files_run,
};

/* --- vpp.quality ------------------------------------------------------------------------------------- */

struct quality_row {
    const char *severity, *finding, *about, *file;
    int64_t line, count;
    mt_time time;
    double value;
    const char *sentence, *rule;
};

static const mt_field desk_arg[] = {MT_ARG_DESK_DATA, MT_ARG_DESK_RULES, {.name = NULL}};

static const mt_field quality_col[] = {
    {.name = "severity",
     MT_TEXT_AT(quality_row, severity),
     .doc = "note: nothing changes; warning: the rule changes what is used; error: something is left out"},
    {.name = "finding", MT_TEXT_AT(quality_row, finding), .doc = "its kind"},
    {.name = "about", MT_TEXT_AT(quality_row, about), .doc = "asset, contract, metering point or price"},
    {.name = "file", MT_TEXT_AT(quality_row, file), .doc = "where it was first met"},
    {.name = "line", MT_INT_AT(quality_row, line), .doc = "in the file; empty: not of a line"},
    {.name = "count", MT_INT_AT(quality_row, count), .unit = MT_UNIT_COUNT, .doc = "how often"},
    {.name = "time", MT_TIME_AT(quality_row, time), .doc = "of the first"},
    {.name = "value", MT_REAL_AT(quality_row, value), .unit = MT_UNIT_OF_ROW, .doc = "of the first"},
    {.name = "sentence", MT_TEXT_AT(quality_row, sentence), .doc = "what, where, and what would be right"},
    {.name = "rule", MT_TEXT_AT(quality_row, rule), .doc = "what the desk does about it"},
    {.name = NULL}};

static mt_code put_finding(mt_emit *emit, const mt_finding *f)
{
    const struct quality_row row = {mt_severity_name(mt_finding_severity(f->kind)),
                                    mt_finding_name(f->kind),
                                    f->asset_id,
                                    f->file,
                                    f->line ? f->line : INT64_MIN,
                                    f->count,
                                    f->time,
                                    f->value,
                                    f->sentence,
                                    mt_finding_rule(f->kind)};
    return mt_emit_put(emit, &row);
}

/* Every file of a kind tends to do it: said once, with the number of files. */
static mt_code put_seconds(mt_emit *emit, const mt_desk *desk)
{
    mt_finding all = {.count = 0};
    for (size_t k = 0; k < desk->n_finding; k++) {
        if (desk->finding[k].kind != MT_F_SECONDS) continue;
        int64_t files = all.count + 1;
        if (!all.count) all = desk->finding[k];
        all.count = files;
    }
    return all.count ? put_finding(emit, &all) : MT_OK;
}

struct faults {
    mt_emit *emit;
    size_t n;
};

static mt_code put_fault(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct faults *faults = arg;
    (void)cx;
    (void)p;
    if (!s->fault || s->fault_kind != MT_F_INCOMPLETE) return MT_OK;
    const mt_finding f = {.kind = s->fault_kind,
                          .asset_id = s->contract->contract_id,
                          .time = MT_TIME_NONE,
                          .value = NAN,
                          .sentence = s->fault,
                          .count = 1};
    faults->n++;
    return put_finding(faults->emit, &f);
}

static mt_code put_findings(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    struct faults faults = {.emit = emit};
    (void)a;
    MT_TRY(mt_settlements(cx, p, put_fault, &faults));
    size_t errors = faults.n;
    for (int severity = MT_ERROR; severity >= MT_NOTE; severity--) {
        for (size_t k = 0; k < p->desk->n_finding; k++) {
            const mt_finding *f = &p->desk->finding[k];
            if ((int)mt_finding_severity(f->kind) != severity || f->kind == MT_F_SECONDS) continue;
            errors += severity == MT_ERROR;
            MT_TRY(put_finding(emit, f));
        }
    }
    MT_TRY(put_seconds(emit, p->desk));
    return errors ? mt_fail(cx, MT_FINDINGS, "%zu of the findings are errors", errors) : MT_OK;
}

static mt_code quality_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_quality, args, out, put_findings);
}

const mt_op mt_op_vpp_quality = {
    .name = "vpp.quality",
    .summary = "what is unusual in a portfolio's files, and the rule that answers it",
    .doc =
        "Errors first. Findings of one kind about one thing in one file are one row; seconds for "
        "milliseconds are one row for all files. The status says whether there was an error (7) or not (0).",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = desk_arg,
    .col = quality_col,
    .run = quality_run,
};

/* --- vpp.assets -------------------------------------------------------------------------------------- */

struct asset_row {
    const char *asset, *name, *technology;
    double capacity, contract_capacity;
    const char *contract, *metering_point;
    mt_day begin, end;
    const char *price_model, *fee_model, *scheme, *owner;
    int64_t forecasts;
    bool metered, live;
};

static const mt_field asset_col[] = {
    {.name = "asset_id", MT_TEXT_AT(asset_row, asset), .doc = "the plant"},
    {.name = "name", MT_TEXT_AT(asset_row, name), .doc = "by its data sheet"},
    {.name = "technology", MT_TEXT_AT(asset_row, technology), .doc = "solar, wind, wind_offshore"},
    {.name = "capacity_mw",
     MT_REAL_AT(asset_row, capacity),
     .unit = MT_UNIT_MW,
     .doc = "by the data sheet of the last day, else the contract"},
    {.name = "contract_capacity_mw",
     MT_REAL_AT(asset_row, contract_capacity),
     .unit = MT_UNIT_MW,
     .doc = "by the contract"},
    {.name = "contract_id", MT_TEXT_AT(asset_row, contract), .doc = "empty: none in these days"},
    {.name = "metering_point_id", MT_TEXT_AT(asset_row, metering_point), .doc = "by the contract"},
    {.name = "contract_begin", MT_DAY_AT(asset_row, begin), .doc = "first day of the contract"},
    {.name = "contract_end", MT_DAY_AT(asset_row, end), .doc = "last day; empty: open"},
    {.name = "price_model", MT_TEXT_AT(asset_row, price_model), .doc = "what infeed is paid by"},
    {.name = "fee_model", MT_TEXT_AT(asset_row, fee_model), .doc = "what the trader takes"},
    {.name = "scheme", MT_TEXT_AT(asset_row, scheme), .doc = "who compensates lost energy"},
    {.name = "owner_id", MT_TEXT_AT(asset_row, owner), .doc = "party of the contract"},
    {.name = "forecasts",
     MT_INT_AT(asset_row, forecasts),
     .unit = MT_UNIT_COUNT,
     .doc = "versions delivered or modelled"},
    {.name = "metered", MT_BOOL_AT(asset_row, metered), .doc = "final metering was delivered"},
    {.name = "live", MT_BOOL_AT(asset_row, live), .doc = "live points were delivered"},
    {.name = NULL}};

static struct asset_row describe_asset(const mt_desk_asset *a, const mt_contract *c)
{
    struct asset_row row = {.asset = a->asset_id,
                            .name = a->plant ? a->plant->name : NULL,
                            .technology = a->plant ? mt_technology_word(a->plant->technology) : NULL,
                            .capacity = mt_mw_of_w(a->capacity_w),
                            .contract_capacity = NAN,
                            .begin = MT_DAY_NONE,
                            .end = MT_DAY_NONE,
                            .owner = a->owner_id,
                            .forecasts = (int64_t)a->n_forecast,
                            .metered = a->meter_wh,
                            .live = a->live};
    if (!c) return row;
    row.technology = row.technology ? row.technology : mt_technology_word(c->technology);
    row.contract_capacity = mt_mw_of_w(c->capacity_w);
    row.contract = c->contract_id;
    row.metering_point = c->metering_point_id;
    row.begin = c->begin;
    row.end = c->end;
    row.price_model = mt_price_model_word[c->price_model];
    row.fee_model = mt_fee_model_word[c->fee_model];
    row.scheme = mt_scheme_word[c->scheme];
    return row;
}

static mt_code put_asset(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                         const mt_desk_asset *asset)
{
    struct asset_row row = describe_asset(asset, NULL);
    (void)cx;
    (void)p;
    (void)a;
    if (!asset->n_contract) return mt_emit_put(emit, &row);
    for (size_t k = 0; k < asset->n_contract; k++) {
        row = describe_asset(asset, asset->contract[k]);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_assets(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return mt_desk_each_asset(cx, emit, p, a, put_asset);
}

static mt_code assets_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_assets, args, out, put_assets);
}

const mt_op mt_op_vpp_assets = {
    .name = "vpp.assets",
    .summary = "the plants of a portfolio with their contracts and what was delivered of them",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = desk_arg,
    .col = asset_col,
    .run = assets_run,
};
