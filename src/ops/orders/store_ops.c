/* Operations on the store: market.store, data.datasets. */
#include "ops/orders/market_in.h"
#include "ops/orders/kept_input.h"
#include "ops/ops.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "crypto/hash.h"
#include "store/data/clearing_store.h"
#include "store/data/order_store.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const mt_op mt_op_market_clear, mt_op_market_aggregate, mt_op_market_impact;

static const mt_field store_arg[] = {MT_ARG_ORDERS,
                                     MT_ARG_PERIOD,
                                     MT_ARG_POLICY,
                                     MT_ARG_SHIFT,
                                     MT_ARG_RULE,
                                     {.name = "dataset",
                                      MT_TEXT_AT(mt_market_args, dataset),
                                      .fallback = "market",
                                      .doc = "name of the data set; --orders @NAME reads it back"},
                                     MT_ARG_END};

struct stored_row {
    const char *table;
    int64_t given, added, changed, unchanged, removed;
};

static const mt_field stored_col[] = {
    {.name = "table", MT_TEXT_AT(stored_row, table), .doc = "of the store"},
    {.name = "given",
     MT_INT_AT(stored_row, given),
     .unit = MT_UNIT_COUNT,
     .doc = "rows offered to it; 0: known by content"},
    {.name = "added", MT_INT_AT(stored_row, added), .unit = MT_UNIT_COUNT, .doc = "new rows"},
    {.name = "changed",
     MT_INT_AT(stored_row, changed),
     .unit = MT_UNIT_COUNT,
     .doc = "rows with other values than before"},
    {.name = "unchanged",
     MT_INT_AT(stored_row, unchanged),
     .unit = MT_UNIT_COUNT,
     .doc = "rows that were there already"},
    {.name = "removed",
     MT_INT_AT(stored_row, removed),
     .unit = MT_UNIT_COUNT,
     .doc = "rows the new result does not have"},
    {.name = NULL}};

static struct stored_row counted(const char *table, const mt_merge_counts *counts)
{
    return (struct stored_row){table,
                               (int64_t)counts->given,
                               (int64_t)counts->added,
                               (int64_t)counts->changed,
                               (int64_t)counts->unchanged,
                               (int64_t)counts->removed};
}

/* The same bytes read as another curve or area are other orders. */
static void hash_choice(mt_hash *hash, const struct mt_market_args *args)
{
    char choice[64];
    int n = snprintf(choice, sizeof choice, "%d %d ", args->format, args->curve);
    mt_hash_update(hash, choice, (size_t)n);
    if (args->area) mt_hash_update(hash, args->area, strlen(args->area));
}

/* The digest of a plain file's bytes and of how they are read; NULL for data sets of the store. */
static mt_code hash_input(mt_ctx *cx, const char **out, const struct mt_market_args *args)
{
    const mt_input *input = &args->orders;
    char bytes[1 << 16], hex[MT_HASH_HEX];
    uint8_t digest[MT_HASH_BYTES];
    struct stat about;
    mt_hash hash;
    off_t at = 0;
    *out = NULL;
    if (input->fd < 0 || fstat(input->fd, &about) != 0 || !S_ISREG(about.st_mode)) return MT_OK;
    mt_hash_init(&hash);
    hash_choice(&hash, args);
    for (ssize_t n; (n = pread(input->fd, bytes, sizeof bytes, at)) > 0; at += n) {
        mt_hash_update(&hash, bytes, (size_t)n);
        MT_TRY(mt_ctx_check(cx));
    }
    mt_hash_final(&hash, digest);
    mt_hash_hex(digest, hex);
    return mt_text_copy(cx, out, mt_text_of(hex));
}

static mt_code save_orders(mt_ctx *cx, const mt_world *world, mt_store *store,
                           const struct mt_market_args *args, mt_order_saved *saved)
{
    mt_dataset dataset = {.name = args->dataset, .source = args->orders.name};
    mt_orders *orders = NULL;
    mt_order_source source;
    mt_code code;
    MT_TRY(hash_input(cx, &dataset.content_hash, args));
    MT_TRY_OUT(mt_market_orders(cx, world, &orders, args, false));
    MT_TRY_OUT(mt_orders_source(cx, orders, &source));
    MT_TRY_OUT(mt_order_store_save(cx, saved, store, &dataset, &source));
out:
    mt_orders_close(orders);
    return code;
}

static void cancel_apart(void *arg)
{
    mt_ctx_cancel(arg);
}

/* Each operation holds a whole book; in a context of its own that is given back before the next one starts.
 */
static mt_code run_apart(mt_ctx *cx, const mt_world *world, const mt_op *op,
                         const struct mt_market_args *args, mt_sink *sink)
{
    mt_ctx own;
    mt_ctx_init(&own, &cx->options);
    mt_code code = mt_ctx_on_cancel(cx, cancel_apart, &own);
    if (code == MT_OK) {
        code = mt_op_run(&own, op, world, args, sink);
        mt_ctx_off_cancel(cx, cancel_apart, &own);
        if (code != MT_OK) mt_fail(cx, code, "%s", own.err);
    }
    mt_ctx_close(&own);
    return code;
}

enum { RESULTS = 3 };

static const mt_op *const result_op[RESULTS] = {&mt_op_market_clear, &mt_op_market_aggregate,
                                                &mt_op_market_impact};
static const mt_stored_result result_kind[RESULTS] = {MT_STORED_CLEARING, MT_STORED_AGGREGATE,
                                                      MT_STORED_IMPACT};

/* Everything is computed before anything is stored: what cannot be cleared changes nothing. */
static mt_code compute(mt_ctx *cx, const mt_world *world, const struct mt_market_args *args,
                       mt_table *table[RESULTS])
{
    mt_sink *sink;
    for (int k = 0; k < RESULTS; k++) {
        MT_TRY(mt_table_sink(cx, &sink, &table[k], 0));
        MT_TRY(run_apart(cx, world, result_op[k], args, sink));
    }
    return MT_OK;
}

/* A member of the head that the operation wrote, because it knows the period and the rule of a curve file. */
static mt_value head_of(const mt_table *table, const char *name)
{
    const mt_field *field = mt_field_find(table->schema.head, name);
    return field ? table->head[field - table->schema.head] : (mt_value){.present = false};
}

static mt_code save_result(mt_ctx *cx, mt_store *store, const struct mt_market_args *args,
                           const mt_table *table, mt_stored_result kind, mt_merge_counts *counts)
{
    mt_sink *sink;
    mt_value rule = head_of(table, "price_rule");
    bool priced = kind != MT_STORED_AGGREGATE && rule.present;
    mt_result_key key = {args->dataset, mt_policy_name[args->policy], priced ? rule.as.text.at : NULL,
                         head_of(table, "period").as.integer};
    MT_TRY(mt_clearing_store_sink(cx, &sink, counts, store, kind, &key));
    mt_code code = mt_table_send(cx, table, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code emit_counts(mt_ctx *cx, mt_sink *out, const mt_order_saved *saved,
                           const mt_merge_counts result[3])
{
    static const char *const table[RESULTS] = {"clearing", "aggregate", "impact"};
    mt_emit *emit;
    struct stored_row row = counted("market_order", &saved->orders);
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.store", stored_col, NULL, NULL));
    if (saved->known) row.unchanged = saved->rows;
    MT_TRY(mt_emit_put(emit, &row));
    row = counted("order_quarantine", &saved->faults);
    if (saved->known) row.unchanged = saved->bad;
    MT_TRY(mt_emit_put(emit, &row));
    for (int k = 0; k < RESULTS; k++) {
        row = counted(table[k], &result[k]);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code store_market(mt_ctx *cx, const mt_world *world, const struct mt_market_args *args,
                            mt_sink *out)
{
    mt_store *store;
    mt_order_saved saved = {.rows = 0};
    mt_merge_counts result[RESULTS] = {{0}};
    mt_table *table[RESULTS];
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(compute(cx, world, args, table));
    MT_TRY(save_orders(cx, world, store, args, &saved));
    for (int k = 0; k < RESULTS; k++) {
        MT_TRY(save_result(cx, store, args, table[k], result_kind[k], &result[k]));
    }
    return emit_counts(cx, out, &saved, result);
}

static mt_code store_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    struct mt_market_args own = *(const struct mt_market_args *)args;
    mt_kept_input kept;
    MT_TRY(mt_kept_input_open(cx, &kept, &own.orders));
    own.orders = kept.input;
    mt_code code = store_market(cx, world, &own, out);
    mt_kept_input_close(&kept);
    return code;
}

const mt_op mt_op_market_store = {
    .name = "market.store",
    .summary = "orders, quarantine and results into the store, each row once",
    .doc = "Stores the orders as a data set with every faulty row beside them, then what market.clear, "
           "market.aggregate and market.impact make of it. The same input again adds nothing; another "
           "input under the same name replaces it.",
    .example = "--orders tests/data/orders.csv --dataset demo",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .args_size = sizeof(struct mt_market_args),
    .arg = store_arg,
    .col = stored_col,
    .run = store_run,
};

struct no_args {
    char unused;
};

struct dataset_row {
    const char *name, *kind, *source, *content_hash;
    int64_t row_count, bad_count;
    mt_time first_time, last_time, stored_at;
};

static const mt_field dataset_col[] = {
    {.name = "name", MT_TEXT_AT(dataset_row, name), .doc = "--orders @NAME reads it"},
    {.name = "kind", MT_TEXT_AT(dataset_row, kind), .doc = "orders"},
    {.name = "source", MT_TEXT_AT(dataset_row, source), .doc = "where it came from"},
    {.name = "content_hash",
     MT_TEXT_AT(dataset_row, content_hash),
     .doc = "BLAKE2b-256 of the source's bytes and of how they were read"},
    {.name = "row_count", MT_INT_AT(dataset_row, row_count), .unit = MT_UNIT_COUNT, .doc = "rows"},
    {.name = "bad_count",
     MT_INT_AT(dataset_row, bad_count),
     .unit = MT_UNIT_COUNT,
     .doc = "rows with a fault"},
    {.name = "first_time", MT_TIME_AT(dataset_row, first_time), .doc = "of its rows, UTC"},
    {.name = "last_time", MT_TIME_AT(dataset_row, last_time), .doc = "of its rows, UTC"},
    {.name = "stored_at", MT_TIME_AT(dataset_row, stored_at), .doc = "UTC"},
    {.name = NULL}};

static mt_code datasets_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_store *store;
    (void)args;
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_dataset_list(cx, store, out);
}

const mt_op mt_op_data_datasets = {
    .name = "data.datasets",
    .summary = "the data sets of the store",
    .example = "",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct no_args),
    .col = dataset_col,
    .run = datasets_run,
};
