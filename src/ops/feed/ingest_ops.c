/* Operation that reads files into the store: data.ingest. */
#include "ops/feed/gate.h"
#include "ops/feed/moment.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "crypto/hash.h"
#include "formats/detect.h"
#include "formats/series/record_file.h"
#include "ops/stream/topics.h"
#include "ops/world.h"
#include "store/data/offset_store.h"

#include <string.h>

extern const mt_op mt_op_market_store;

struct ingest_args {
    mt_inputs files;
    const char *as, *known_at, *source;
    mt_input mapping;
    bool judge;
};

static const mt_field ingest_arg[] = {
    {.name = "files",
     MT_INPUTS_AT(ingest_args, files),
     .required = true,
     .doc = "downloads, answers, messages in lines, orders, curves; packed or not"},
    {.name = "as",
     MT_TEXT_AT(ingest_args, as),
     .doc = "what the files are, instead of looking: a name of stream.mappings, orders, line-protocol, ..."},
    {.name = "mapping",
     MT_INPUT_AT(ingest_args, mapping),
     .doc = "a mapping file that says what records mean"},
    {.name = "source",
     MT_TEXT_AT(ingest_args, source),
     .doc = "whom the values come from, instead of the usual"},
    {.name = "known_at",
     MT_TEXT_AT(ingest_args, known_at),
     .doc = "since when the values are known, where they do not say it; without: now"},
    {.name = "judge",
     MT_BOOL_AT(ingest_args, judge),
     .fallback = "no",
     .doc = "set days with suspicious values aside instead of storing them"},
    {.name = NULL}};

struct ingested_row {
    const char *file, *as;
    int64_t records, bad, given, added, changed, unchanged, set_aside;
};

static const mt_field ingested_col[] = {
    {.name = "file", MT_TEXT_AT(ingested_row, file), .doc = "as given"},
    {.name = "as", MT_TEXT_AT(ingested_row, as), .doc = "what it was read as"},
    {.name = "records", MT_INT_AT(ingested_row, records), .unit = MT_UNIT_COUNT, .doc = "rows or messages"},
    {.name = "bad",
     MT_INT_AT(ingested_row, bad),
     .unit = MT_UNIT_COUNT,
     .doc = "of them without use, kept as dead letters or in the quarantine"},
    {.name = "given", MT_INT_AT(ingested_row, given), .unit = MT_UNIT_COUNT, .doc = "values found in them"},
    {.name = "added", MT_INT_AT(ingested_row, added), .unit = MT_UNIT_COUNT, .doc = "new values"},
    {.name = "changed",
     MT_INT_AT(ingested_row, changed),
     .unit = MT_UNIT_COUNT,
     .doc = "revised values; what stood before is kept"},
    {.name = "unchanged",
     MT_INT_AT(ingested_row, unchanged),
     .unit = MT_UNIT_COUNT,
     .doc = "values stored already"},
    {.name = "set_aside",
     MT_INT_AT(ingested_row, set_aside),
     .unit = MT_UNIT_COUNT,
     .doc = "values of suspicious days, see data.suspects"},
    {.name = NULL}};

/* What all files of one command share. */
struct ingesting {
    const mt_world *world;
    const struct ingest_args *args;
    const mt_mapping *mapping; /* NULL: by name or by looking */
    mt_time known_at;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Files of one name in different folders are different places. */
static int64_t part_of(const char *path)
{
    uint8_t digest[MT_HASH_BYTES];
    int64_t part;
    mt_hash_bytes(path, strlen(path), digest);
    memcpy(&part, digest, sizeof part);
    return part & INT64_MAX;
}

static mt_code put_bad(mt_emit *dead, const struct ingesting *in, const char *file, const mt_record_bad *bad)
{
    mt_dead_letter letter = {.stream = "file",
                             .topic = base_name(file),
                             .part = part_of(file),
                             .position = (int64_t)bad->line,
                             .received_at = mt_world_now(in->world),
                             .reason = bad->reason};
    mt_ctx own; /* the raw text only lives until it is put */
    mt_ctx_init(&own, NULL);
    mt_code code = mt_text_copy(&own, &letter.message, bad->raw);
    if (code == MT_OK) code = mt_emit_put(dead, &letter);
    mt_ctx_close(&own);
    return code;
}

static mt_code read_records(mt_ctx *cx, const struct ingesting *in, mt_record_file *file, mt_emit *rows,
                            mt_emit *dead)
{
    const mt_record_facts *about = mt_record_file_about(file);
    mt_record_batch batch;
    for (;;) {
        MT_TRY(mt_record_file_next(cx, file, &batch));
        if (!batch.n && !batch.n_bad) return MT_OK;
        for (size_t k = 0; k < batch.n; k++) MT_TRY(mt_emit_put(rows, &batch.at[k]));
        for (size_t k = 0; k < batch.n_bad; k++) MT_TRY(put_bad(dead, in, about->name, &batch.bad[k]));
        mt_ctx_progress(cx, base_name(about->name), about->records, 0, "records");
        MT_TRY(mt_ctx_check(cx));
    }
}

static void count_file(struct ingested_row *row, const mt_record_facts *about, const mt_gate_counts *told)
{
    row->as = about->as;
    row->records = (int64_t)about->records;
    row->bad = (int64_t)about->bad;
    row->given = (int64_t)(told->stored.given + told->set_aside.given);
    row->added = (int64_t)told->stored.added;
    row->changed = (int64_t)told->stored.changed;
    row->unchanged = (int64_t)told->stored.unchanged;
    row->set_aside = (int64_t)told->set_aside.given;
}

/* One file, one transaction: its values and its dead letters, or nothing. */
static mt_code store_records(mt_ctx *cx, const struct ingesting *in, mt_store *store, mt_record_file *file,
                             struct ingested_row *row)
{
    mt_batch *batch = NULL;
    mt_gate *gate = NULL;
    mt_sink *letters = NULL;
    mt_emit *rows, *dead;
    mt_code code;
    MT_TRY_OUT(mt_batch_open(cx, &batch, store));
    MT_TRY_OUT(mt_gate_open(cx, &gate, store, batch, in->args->judge));
    MT_TRY_OUT(mt_dead_letter_merge(cx, batch, &letters, NULL));
    MT_TRY_OUT(mt_emit_begin(cx, &rows, mt_gate_sink(gate), "observations", mt_observation_col, NULL, NULL));
    MT_TRY_OUT(mt_emit_begin(cx, &dead, letters, "dead_letters", mt_dead_letter_col, NULL, NULL));
    MT_TRY_OUT(read_records(cx, in, file, rows, dead));
    MT_TRY_OUT(mt_emit_end(rows));
    MT_TRY_OUT(mt_emit_end(dead));
    mt_gate_end(gate);
    mt_sink_close(letters);
    letters = NULL;
    MT_TRY_OUT(mt_batch_commit(cx, batch, NULL, NULL));
    mt_gate_counts told = mt_gate_told(gate);
    count_file(row, mt_record_file_about(file), &told);
out:
    mt_sink_close(letters);
    mt_gate_end(gate);
    mt_batch_close(batch);
    mt_gate_close(gate);
    return code;
}

static mt_code ingest_series(mt_ctx *cx, const struct ingesting *in, mt_bytes *bytes, const char *as,
                             struct ingested_row *row)
{
    mt_record_options options = {.size = sizeof options,
                                 .known_at = in->known_at,
                                 .as = in->mapping ? NULL : as,
                                 .source = in->args->source};
    mt_record_file *file;
    mt_store *store;
    MT_TRY(mt_world_store(cx, in->world, &store));
    MT_TRY(mt_record_file_open(cx, &file, bytes, in->mapping, &options));
    mt_code code = store_records(cx, in, store, file, row);
    mt_record_file_close(file);
    return code;
}

/* The name of a data set from that of a file: without folder and endings. */
static mt_code stem_of(mt_ctx *cx, const char **out, const char *path)
{
    const char *base = base_name(path);
    return mt_text_copy(cx, out, (mt_text){base, strcspn(base, ".")});
}

static mt_code given_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    (void)cx, (void)name;
    *out = *(const mt_input *)arg;
    return MT_OK;
}

/* Orders and curves become a data set of the file's name, with what is computed from them. */
static mt_code ingest_orders(mt_ctx *cx, const struct ingesting *in, const mt_input *input, const char *as,
                             struct ingested_row *row)
{
    mt_opener opener = {.input = given_input, .arg = (void *)(uintptr_t)input};
    mt_given given[] = {{"orders", input->name}, {"dataset", NULL}};
    mt_table *table;
    mt_sink *sink;
    void *args;
    MT_TRY(stem_of(cx, &given[1].value, input->name));
    MT_TRY(mt_op_args(cx, &mt_op_market_store, given, 2, &opener, &args));
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code = mt_op_market_store.run(cx, in->world, args, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    row->as = as;
    row->records = row->given = mt_table_get(table, 0, 1).as.integer;
    row->added = mt_table_get(table, 0, 2).as.integer;
    row->changed = mt_table_get(table, 0, 3).as.integer;
    row->unchanged = mt_table_get(table, 0, 4).as.integer;
    row->bad = mt_table_get(table, 1, 1).as.integer;
    return MT_OK;
}

static mt_code ingest_form(mt_ctx *cx, const struct ingesting *in, const mt_input *input, mt_bytes *bytes,
                           struct ingested_row *row)
{
    mt_form_found found = {.form = MT_FORM_SERIES};
    if (!in->mapping && in->args->as)
        MT_TRY(mt_form_of(cx, &found, in->args->as));
    else if (!in->mapping)
        MT_TRY(mt_form_recognise(cx, &found, bytes));
    if (found.form == MT_FORM_SERIES) return ingest_series(cx, in, bytes, found.as, row);
    if (found.form != MT_FORM_TRADES) return ingest_orders(cx, in, input, found.as, row);
    return mt_fail(cx, MT_E_INPUT, "%s: holds trades, which are not kept in the store; see market.vwap",
                   input->name);
}

static mt_code ingest_file(mt_ctx *cx, const struct ingesting *in, const mt_input *input,
                           struct ingested_row *row)
{
    mt_bytes *bytes;
    *row = (struct ingested_row){.file = input->name};
    if (input->fd < 0) return mt_fail(cx, MT_E_INPUT, "%s: is in the store already; give files", input->name);
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    mt_code code = ingest_form(cx, in, input, bytes, row);
    mt_bytes_close(bytes);
    return code;
}

static mt_code ingest_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct ingest_args *a = args;
    struct ingesting in = {.world = world, .args = a};
    mt_emit *emit;
    if (a->mapping.name && a->as)
        return mt_fail(cx, MT_E_INPUT, "--as and --mapping both say what the files are: give one of them");
    if (a->mapping.name) MT_TRY(mt_topics_mapping(cx, &in.mapping, &a->mapping));
    MT_TRY(mt_moment_parse(cx, &in.known_at, "known-at", a->known_at, mt_world_now(world), NULL));
    if (in.known_at == MT_TIME_NONE) in.known_at = mt_world_now(world);
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.ingest", ingested_col, NULL, NULL));
    for (size_t k = 0; k < a->files.n; k++) {
        struct ingested_row row;
        mt_code code = ingest_file(cx, &in, &a->files.at[k], &row);
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
