/* One file into the store: recognised, read, judged, stored, in one transaction. */
#include "ops/feed/ingest_file.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "crypto/hash.h"
#include "formats/detect.h"
#include "formats/series/record_file.h"
#include "ops/feed/gate.h"
#include "ops/feed/parquet_text.h"
#include "ops/orders/kept_input.h"
#include "sources/source.h"
#include "store/data/offset_store.h"

#include <inttypes.h>
#include <string.h>

/* Nobody meters the first years after 1970: such a time was counted in a coarser unit. */
#define LINES_FROM (10 * 365 * MT_US_DAY)

const char *const mt_ingest_precision[] = {"ns", "us", "ms", "s", NULL};

extern const mt_op mt_op_market_store;

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

static mt_code put_bad(mt_emit *dead, const mt_ingesting *in, const char *file, const mt_record_bad *bad)
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

/* Seconds that are read as nanoseconds would fill the store with values of 1970. */
static mt_code check_times(mt_ctx *cx, const mt_ingesting *in, const mt_record_facts *about,
                           const mt_record_batch *batch)
{
    char read_as[MT_TIME_TEXT_MAX];
    if (in->precision >= 0 || about->layout != MT_LAYOUT_LINES) return MT_OK;
    for (size_t k = 0; k < batch->n; k++) {
        mt_time t = batch->at[k].start;
        if (t <= 0 || t >= LINES_FROM) continue;
        mt_time_text(t, read_as);
        return mt_fail(
            cx, MT_E_INPUT,
            "%s: a time would be %s in nanoseconds, the usual of line protocol; say what times are "
            "in: --precision %s",
            about->name, read_as,
            t < 100000000      ? "s"
            : t < 100000000000 ? "ms"
                               : "us");
    }
    return MT_OK;
}

static mt_code read_records(mt_ctx *cx, const mt_ingesting *in, mt_record_file *file, mt_emit *rows,
                            mt_emit *dead)
{
    const mt_record_facts *about = mt_record_file_about(file);
    mt_record_batch batch;
    for (;;) {
        MT_TRY(mt_record_file_next(cx, file, &batch));
        if (!batch.n && !batch.n_bad) return MT_OK;
        MT_TRY(check_times(cx, in, about, &batch));
        for (size_t k = 0; k < batch.n; k++) MT_TRY(mt_emit_put(rows, &batch.at[k]));
        for (size_t k = 0; k < batch.n_bad; k++) MT_TRY(put_bad(dead, in, about->name, &batch.bad[k]));
        mt_ctx_progress(cx, base_name(about->name), about->records, 0, "records");
        MT_TRY(mt_ctx_check(cx));
    }
}

static void count_file(mt_ingested *row, const mt_record_facts *about, const mt_gate_counts *told)
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
static mt_code store_records(mt_ctx *cx, const mt_ingesting *in, mt_store *store, mt_record_file *file,
                             mt_ingested *row)
{
    mt_batch *batch = NULL;
    mt_gate *gate = NULL;
    mt_sink *letters = NULL;
    mt_emit *rows, *dead;
    mt_code code;
    MT_TRY_OUT(mt_batch_open(cx, &batch, store));
    MT_TRY_OUT(mt_gate_open(cx, &gate, store, batch, in->judge));
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

static mt_code ingest_series(mt_ctx *cx, const mt_ingesting *in, mt_bytes *bytes, const char *as,
                             mt_ingested *row)
{
    mt_record_options options = {.size = sizeof options,
                                 .known_at = in->known_at,
                                 .as = in->mapping ? NULL : as,
                                 .source = in->source,
                                 .precision =
                                     in->precision < 0 ? MT_LINE_NS : (mt_line_precision)in->precision};
    mt_record_file *file;
    mt_store *store;
    MT_TRY(mt_world_store(cx, in->world, &store));
    MT_TRY(mt_record_file_open(cx, &file, bytes, in->mapping, &options));
    mt_code code = store_records(cx, in, store, file, row);
    mt_record_file_close(file);
    if (code == MT_OK && row->bad)
        mt_log(cx, MT_LOG_INFO,
               "%s: %" PRId64 " of %" PRId64
               " records could not be used; merit stream dead-letters tells why",
               row->file, row->bad, row->records);
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
static mt_code ingest_orders(mt_ctx *cx, const mt_ingesting *in, const mt_input *input, const char *as,
                             mt_ingested *row)
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

/* The IEA's statistics are no answer but a file that a person loads; its provider reads it. */
static const char provided[] = "iea", provided_header[] = "Country,Time,Balance,Product,Value,Unit";

enum { HEADER_WITHIN = 4096 };

static mt_code is_provided(mt_ctx *cx, bool *out, mt_bytes *bytes)
{
    const char *at;
    size_t n;
    bool last;
    MT_TRY(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    *out =
        memmem(at, n < HEADER_WITHIN ? n : HEADER_WITHIN, provided_header, strlen(provided_header)) != NULL;
    return MT_OK;
}

static mt_code store_provided(mt_ctx *cx, const mt_ingesting *in, mt_store *store, const mt_source_call *call,
                              mt_ingested *row)
{
    mt_source_query query = {.from = 0, .to = mt_world_now(in->world)};
    const mt_source *source;
    mt_batch *batch = NULL;
    mt_gate *gate = NULL;
    mt_code code;
    MT_TRY_OUT(mt_source_find(cx, &source, provided));
    MT_TRY_OUT(mt_source_dataset_find(cx, &query.dataset, source, NULL));
    MT_TRY_OUT(mt_batch_open(cx, &batch, store));
    MT_TRY_OUT(mt_gate_open(cx, &gate, store, batch, in->judge));
    MT_TRY_OUT(mt_source_fetch(cx, source, call, &query, mt_gate_sink(gate)));
    mt_gate_end(gate);
    MT_TRY_OUT(mt_batch_commit(cx, batch, NULL, NULL));
    mt_gate_counts told = mt_gate_told(gate);
    mt_record_facts about = {.as = provided, .records = told.stored.given + told.set_aside.given};
    count_file(row, &about, &told);
out:
    mt_gate_end(gate);
    mt_batch_close(batch);
    mt_gate_close(gate);
    return code;
}

static mt_code ingest_provided(mt_ctx *cx, const mt_ingesting *in, const mt_input *input, mt_ingested *row)
{
    mt_source_call call = {.now = in->known_at};
    mt_store *store;
    MT_TRY(mt_world_store(cx, in->world, &store));
    MT_TRY(MT_NEW(cx, &call.pages, 1));
    MT_TRY(mt_text_format(cx, &call.base_url, "/proc/self/fd/%d", input->fd));
    mt_code code = store_provided(cx, in, store, &call, row);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "%s", input->name);
}

/* What the file is not is told by who looked; what to do about it is told here. */
static mt_code advise(mt_ctx *cx)
{
    const char *found;
    MT_TRY(mt_text_copy(cx, &found, mt_text_of(cx->err)));
    return mt_fail(
        cx, MT_E_INPUT,
        "%s; say what it is with --as NAME (merit stream mappings lists names), or what its records "
        "mean with --mapping FILE",
        found);
}

static mt_code ingest_form(mt_ctx *cx, const mt_ingesting *in, const mt_input *input, mt_bytes *bytes,
                           mt_ingested *row)
{
    mt_form_found found = {.form = MT_FORM_SERIES};
    bool by_provider = false;
    if (!in->mapping && !in->as) MT_TRY(is_provided(cx, &by_provider, bytes));
    if (by_provider) return ingest_provided(cx, in, input, row);
    if (!in->mapping && in->as)
        MT_TRY(mt_form_of(cx, &found, in->as));
    else if (!in->mapping && mt_form_recognise(cx, &found, bytes) != MT_OK)
        return cx->code == MT_E_INPUT ? advise(cx) : cx->code;
    if (found.form == MT_FORM_SERIES) return ingest_series(cx, in, bytes, found.as, row);
    if (found.form != MT_FORM_TRADES) return ingest_orders(cx, in, input, found.as, row);
    return mt_fail(cx, MT_E_INPUT, "%s: holds trades, which are not kept in the store; see market.vwap",
                   input->name);
}

static mt_code ingest_text(mt_ctx *cx, const mt_ingesting *in, const mt_input *input, mt_ingested *row)
{
    mt_bytes *bytes;
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    mt_code code = ingest_form(cx, in, input, bytes, row);
    mt_bytes_close(bytes);
    return code;
}

static mt_code ingest_kept(mt_ctx *cx, const mt_ingesting *in, const mt_input *input, mt_ingested *row)
{
    mt_parquet_text text;
    if (in->as && strcmp(in->as, provided) == 0) /* also a workbook, which is no text */
        return ingest_provided(cx, in, input, row);
    MT_TRY(mt_parquet_text_open(cx, &text, in->world, input));
    mt_code code = ingest_text(cx, in, &text.input, row);
    mt_parquet_text_close(&text);
    return code;
}

mt_code mt_ingest_file(mt_ctx *cx, mt_ingested *row, const mt_ingesting *in, const mt_input *input)
{
    mt_kept_input kept;
    *row = (mt_ingested){.file = input->name};
    if (input->fd < 0) return mt_fail(cx, MT_E_INPUT, "%s: is in the store already; give files", input->name);
    MT_TRY(mt_kept_input_open(cx, &kept, input)); /* a pipe is looked at first, and read again */
    mt_code code = ingest_kept(cx, in, &kept.input, row);
    mt_kept_input_close(&kept);
    return code;
}
