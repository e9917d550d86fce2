/* Operation that reads files into the store: data.ingest. */
#include "ops/feed/ingest_file.h"
#include "ops/feed/moment.h"

#include "base/rows/emit.h"
#include "ops/stream/topics.h"
#include "ops/world.h"

struct ingest_args {
    mt_inputs files;
    const char *as, *known_at, *source;
    mt_input mapping;
    int precision;
    bool judge;
};

static const mt_field ingest_arg[] = {
    {.name = "files",
     MT_INPUTS_AT(ingest_args, files),
     .required = true,
     .doc = "downloads, answers, messages in lines, orders, curves; packed or not; Parquet"},
    {.name = "as",
     MT_TEXT_AT(ingest_args, as),
     .doc = "what the files are, instead of looking: a name of stream.mappings, orders, iea, line-protocol"},
    {.name = "mapping",
     MT_INPUT_AT(ingest_args, mapping),
     .doc = "a mapping file that says what records mean"},
    {.name = "source",
     MT_TEXT_AT(ingest_args, source),
     .doc = "whom the values come from, instead of the usual"},
    {.name = "precision",
     MT_CHOICE_AT(ingest_args, precision),
     .choice = mt_ingest_precision,
     .doc = "what times of line protocol count, ns where nothing is said"},
    {.name = "known_at",
     MT_TEXT_AT(ingest_args, known_at),
     .doc = "since when the values are known, where they do not say it; without: now"},
    {.name = "judge",
     MT_BOOL_AT(ingest_args, judge),
     .fallback = "no",
     .doc = "set days with suspicious values aside instead of storing them"},
    {.name = NULL}};

static const mt_field ingested_col[] = {
    {.name = "file", MT_TEXT_AT(mt_ingested, file), .doc = "as given"},
    {.name = "as", MT_TEXT_AT(mt_ingested, as), .doc = "what it was read as"},
    {.name = "records", MT_INT_AT(mt_ingested, records), .unit = MT_UNIT_COUNT, .doc = "rows or messages"},
    {.name = "bad",
     MT_INT_AT(mt_ingested, bad),
     .unit = MT_UNIT_COUNT,
     .doc = "of them without use, kept as dead letters or in the quarantine"},
    {.name = "given", MT_INT_AT(mt_ingested, given), .unit = MT_UNIT_COUNT, .doc = "values found in them"},
    {.name = "added", MT_INT_AT(mt_ingested, added), .unit = MT_UNIT_COUNT, .doc = "new values"},
    {.name = "changed",
     MT_INT_AT(mt_ingested, changed),
     .unit = MT_UNIT_COUNT,
     .doc = "revised values; what stood before is kept"},
    {.name = "unchanged",
     MT_INT_AT(mt_ingested, unchanged),
     .unit = MT_UNIT_COUNT,
     .doc = "values stored already"},
    {.name = "set_aside",
     MT_INT_AT(mt_ingested, set_aside),
     .unit = MT_UNIT_COUNT,
     .doc = "values of suspicious days, see data.suspects"},
    {.name = NULL}};

static mt_code ingest_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct ingest_args *a = args;
    mt_ingesting in = {
        .world = world, .as = a->as, .source = a->source, .precision = a->precision, .judge = a->judge};
    mt_emit *emit;
    if (a->mapping.name && a->as)
        return mt_fail(cx, MT_E_INPUT, "--as and --mapping both say what the files are: give one of them");
    if (a->mapping.name) MT_TRY(mt_topics_mapping(cx, &in.mapping, &a->mapping));
    MT_TRY(mt_moment_parse(cx, &in.known_at, "known-at", a->known_at, mt_world_now(world), NULL));
    if (in.known_at == MT_TIME_NONE) in.known_at = mt_world_now(world);
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.ingest", ingested_col, NULL, NULL));
    for (size_t k = 0; k < a->files.n; k++) {
        mt_ingested row;
        mt_code code = mt_ingest_file(cx, &row, &in, &a->files.at[k]);
        if (code != MT_OK) return k ? mt_fail_at(cx, "the %zu files before it are stored", k) : code;
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_data_ingest = {
    .name = "data.ingest",
    .summary = "files into the store: what they are is recognised",
    .doc = "Records of data services, messages in lines, line protocol and Merit's own series become time "
           "series; orders and curves become a data set named after the file. Each file is one transaction. "
           "The same file again changes nothing; another value becomes a revision, and what stood before is "
           "kept. Rows that cannot be used are kept with their reason, see stream.dead_letters.",
    .example = "tests/data/Elspotprices.csv tests/data/ElectricityBalanceNonv.csv",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct ingest_args),
    .words = "files",
    .arg = ingest_arg,
    .col = ingested_col,
    .run = ingest_run,
};
