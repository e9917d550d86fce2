/* A file of trades into the store: trade.import. */
#include "ops/trades/entry.h"

#include "base/rows/emit.h"
#include "formats/header.h"
#include "ops/world.h"

#include <string.h>

struct import_args {
    mt_input file;
    const char *zone;
};

static const mt_field import_arg[] = {
    {.name = "file",
     MT_INPUT_AT(import_args, file),
     .required = true,
     .doc = "CSV: id,price,quantity,direction,delivery_day,delivery_hour,trader_id,execution_time and, if it "
            "likes, strategy, in any order"},
    {.name = "zone",
     MT_TEXT_AT(import_args, zone),
     .fallback = "Europe/Berlin",
     .doc = "time zone of the delivery hours"},
    {.name = NULL}};

struct import_head {
    int64_t rows, stored, unchanged, duplicates, rejected;
};

static const mt_field import_head_col[] = {
    {.name = "rows", MT_INT_AT(import_head, rows), .unit = MT_UNIT_COUNT, .doc = "of the file"},
    {.name = "stored", MT_INT_AT(import_head, stored), .unit = MT_UNIT_COUNT, .doc = "new trades"},
    {.name = "unchanged",
     MT_INT_AT(import_head, unchanged),
     .unit = MT_UNIT_COUNT,
     .doc = "the same trade was there"},
    {.name = "duplicates",
     MT_INT_AT(import_head, duplicates),
     .unit = MT_UNIT_COUNT,
     .doc = "refused: another trade has the number"},
    {.name = "rejected", MT_INT_AT(import_head, rejected), .unit = MT_UNIT_COUNT, .doc = "are no trades"},
    {.name = NULL}};

/* A row that was not taken. */
struct refused_row {
    int64_t line;
    const char *id, *status, *reason;
};

static const mt_field refused_col[] = {
    {.name = "line", MT_INT_AT(refused_row, line), .doc = "of the file"},
    {.name = "id", MT_TEXT_AT(refused_row, id), .doc = "of the trade; empty: unreadable"},
    {.name = "status", MT_TEXT_AT(refused_row, status), .doc = "duplicate or rejected"},
    {.name = "reason", MT_TEXT_AT(refused_row, reason), .doc = "why it was not stored"},
    {.name = NULL}};

static const char *const id_names[] = {"id", "tradeid", NULL};
static const char *const price_names[] = {"price", NULL};
static const char *const quantity_names[] = {"quantity", NULL};
static const char *const direction_names[] = {"direction", "side", NULL};
static const char *const day_names[] = {"deliveryday", NULL};
static const char *const hour_names[] = {"deliveryhour", NULL};
static const char *const trader_names[] = {"traderid", "trader", NULL};
static const char *const executed_names[] = {"executiontime", NULL};
static const char *const strategy_names[] = {"strategy", NULL};

static const mt_wanted_column wanted[MT_ENTRY_FIELDS] = {{"id", id_names, false},
                                                         {"price", price_names, false},
                                                         {"quantity", quantity_names, false},
                                                         {"direction", direction_names, false},
                                                         {"delivery_day", day_names, false},
                                                         {"delivery_hour", hour_names, false},
                                                         {"trader_id", trader_names, false},
                                                         {"execution_time", executed_names, false},
                                                         {"strategy", strategy_names, true}};

struct importing {
    const mt_zone *zone;
    mt_stored_trade *trade;
    int64_t *line; /* of each trade */
    size_t n, room, line_room;
    struct refused_row *refused;
    size_t n_refused, refused_room;
    struct import_head head;
};

static mt_code refuse(mt_ctx *cx, struct importing *im, const struct refused_row *row)
{
    MT_TRY(mt_ctx_grow(cx, &im->refused, im->n_refused, &im->refused_room, sizeof *row));
    im->refused[im->n_refused++] = *row;
    return MT_OK;
}

static mt_code take_row(mt_ctx *cx, struct importing *im, const mt_header *header, const mt_text *cell,
                        const mt_record *record)
{
    mt_text field[MT_ENTRY_FIELDS];
    mt_stored_trade trade;
    struct refused_row row = {.line = (int64_t)record->line, .status = "rejected"};
    im->head.rows++;
    for (int k = 0; k < MT_ENTRY_FIELDS; k++) {
        bool there = header->at[k] != MT_COLUMN_ABSENT && header->at[k] < record->n;
        field[k] = there ? cell[header->at[k]] : (mt_text){NULL, 0};
    }
    if (record->too_long)
        row.reason = "the line is too long";
    else if (record->n != header->n)
        row.reason = "the row has another number of fields than the header";
    else
        MT_TRY(mt_entry_read(cx, &trade, &row.reason, field, im->zone));
    if (row.reason) {
        char shown[80] = "";
        im->head.rejected++;
        if (field[MT_ENTRY_ID].at) mt_header_show(shown, sizeof shown, field[MT_ENTRY_ID]);
        MT_TRY(mt_text_copy(cx, &row.id, mt_text_of(shown)));
        return refuse(cx, im, &row);
    }
    MT_TRY(mt_ctx_grow(cx, &im->trade, im->n, &im->room, sizeof trade));
    MT_TRY(mt_ctx_grow(cx, &im->line, im->n, &im->line_room, sizeof *im->line));
    im->line[im->n] = (int64_t)record->line;
    im->trade[im->n++] = trade;
    return MT_OK;
}

static mt_code read_rows(mt_ctx *cx, struct importing *im, mt_bytes *bytes)
{
    mt_records records;
    mt_header header;
    mt_record record;
    mt_text cell[MT_RECORD_FIELDS];
    bool end = false;
    mt_records_init(&records, bytes, ',');
    MT_TRY(mt_header_read(cx, &records, wanted, MT_ENTRY_FIELDS, &header));
    for (;;) {
        MT_TRY(mt_records_next(cx, &records, cell, &record, &end));
        if (end) return MT_OK;
        if (im->head.rows % 1024 == 0) MT_TRY(mt_ctx_check(cx));
        MT_TRY(take_row(cx, im, &header, cell, &record));
    }
}

/* All of the file in one transaction. */
static mt_code store_rows(mt_ctx *cx, struct importing *im, mt_store *store)
{
    mt_trade_fate *fate;
    MT_TRY(MT_NEW(cx, &fate, im->n + 1));
    MT_TRY(mt_trade_store_put(cx, store, fate, im->trade, im->n));
    for (size_t k = 0; k < im->n; k++) {
        const struct refused_row row = {im->line[k], im->trade[k].id, mt_trade_fate_word[MT_TRADE_DIFFERS],
                                        "another trade has this number already"};
        im->head.stored += fate[k] == MT_TRADE_NEW;
        im->head.unchanged += fate[k] == MT_TRADE_UNCHANGED;
        im->head.duplicates += fate[k] == MT_TRADE_DIFFERS;
        if (fate[k] == MT_TRADE_DIFFERS) MT_TRY(refuse(cx, im, &row));
    }
    return MT_OK;
}

static mt_code read_file(mt_ctx *cx, struct importing *im, const mt_input *file)
{
    mt_bytes *bytes;
    MT_TRY(mt_bytes_open(cx, &bytes, file));
    mt_code code = read_rows(cx, im, bytes);
    mt_bytes_close(bytes);
    return code;
}

static mt_code import_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct import_args *a = args;
    struct importing im = {.n = 0};
    mt_store *store;
    mt_emit *emit;
    MT_TRY(mt_zone_read(cx, &im.zone, a->zone, NULL));
    MT_TRY(read_file(cx, &im, &a->file));
    for (size_t k = 0; k < im.n; k++) im.trade[k].source = a->file.name;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(store_rows(cx, &im, store));
    MT_TRY(mt_emit_begin(cx, &emit, out, "trade.import", refused_col, import_head_col, &im.head));
    for (size_t k = 0; k < im.n_refused; k++) MT_TRY(mt_emit_put(emit, &im.refused[k]));
    return mt_emit_end(emit);
}

const mt_op mt_op_trade_import = {
    .name = "trade.import",
    .summary = "store a file of trades, and tell what was not taken",
    .doc = "The head counts; the rows are those that were refused. A trade that is stored already is left "
           "alone; another one under its number is refused. All good trades of a file are one transaction.",
    .example = "tests/data/epex_trades_20250608.csv",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .desk = MT_DESK_TRADER,
    .args_size = sizeof(struct import_args),
    .words = "file",
    .arg = import_arg,
    .col = refused_col,
    .head = import_head_col,
    .run = import_run,
};
