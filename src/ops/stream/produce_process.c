/* Writing the records of a file to a stream. */
#include "ops/stream/stream_process.h"

#include "base/rows/emit.h"
#include "formats/records.h"
#include "io/json.h"
#include "ops/world.h"
#include "stream/stream.h"

#include <inttypes.h>
#include <string.h>

struct produce_args {
    const char *url, *topic, *key, *settings;
    mt_input input;
};

static const mt_field produce_arg[] = {
    {.name = "url",
     MT_TEXT_AT(produce_args, url),
     .local = true,
     .required = true,
     .doc = "kafka://HOST:PORT, mqtt://HOST:PORT or file:PATH"},
    {.name = "topic", MT_TEXT_AT(produce_args, topic), .required = true, .doc = "where the messages go"},
    {.name = "input",
     MT_INPUT_AT(produce_args, input),
     .fallback = "-",
     .doc = "one JSON object a line, or a delimited file with a header"},
    {.name = "key",
     MT_TEXT_AT(produce_args, key),
     .doc = "field whose value is the message's key: equal keys keep their order"},
    {.name = "settings",
     MT_TEXT_AT(produce_args, settings),
     .local = true,
     .doc = "file of the client's own settings, name=value a line: TLS, user, password"},
    {.name = NULL}};

struct produced_row {
    int64_t messages, bytes;
};

static const mt_field produced_col[] = {
    {.name = "messages",
     MT_INT_AT(produced_row, messages),
     .unit = MT_UNIT_COUNT,
     .doc = "written and acknowledged"},
    {.name = "bytes", MT_INT_AT(produced_row, bytes), .unit = MT_UNIT_BYTE, .doc = "of them"},
    {.name = NULL}};

enum { COLUMNS = MT_RECORD_FIELDS, SHOWN_MAX = 60, NUMBER_MAX = 32 };

struct producing {
    const struct produce_args *args;
    mt_producer *producer;
    mt_records records;
    const char *column[COLUMNS]; /* of a delimited file */
    size_t n_column;             /* 0: JSON lines */
    uint64_t line;               /* of JSON lines, from 1 */
    uint64_t keyless;            /* messages that lack the field of --key */
    struct produced_row done;
};

static mt_code send(mt_ctx *cx, struct producing *p, mt_text key, mt_text value)
{
    MT_TRY(mt_producer_send(cx, p->producer, p->args->topic, key, value));
    p->done.messages++;
    p->keyless += p->args->key && !key.at;
    p->done.bytes += (int64_t)value.length;
    if (p->done.messages % 10000 == 0)
        mt_ctx_progress(cx, "produce", (uint64_t)p->done.messages, 0, "messages");
    return MT_OK;
}

static mt_code send_object(mt_ctx *cx, struct producing *p, mt_text line)
{
    const mt_json *object, *member;
    mt_text key = {NULL, 0};
    if (!p->args->key) return send(cx, p, key, line);
    if (mt_json_read(cx, &object, "message", line.at, line.length) != MT_OK)
        return mt_fail_at(cx, "%s, line %llu", p->args->input.name, (unsigned long long)p->line);
    member = mt_json_member(object, p->args->key);
    if (member && (member->kind == MT_JSON_STRING || member->kind == MT_JSON_NUMBER)) key = member->text;
    return send(cx, p, key, line);
}

/* "-12,5", "0.25", "7" as a number of JSON; "007", "1e5", "DK1" stay texts. *comma: where its mark stands. */
static bool is_number(mt_text cell, size_t *comma)
{
    size_t k = cell.length && cell.at[0] == '-', first = k, marks = 0;
    *comma = SIZE_MAX;
    for (; k < cell.length; k++) {
        char c = cell.at[k];
        if ((c == ',' || c == '.') && k > first && k + 1 < cell.length && !marks++)
            *comma = k;
        else if (c < '0' || c > '9')
            return false;
    }
    size_t whole = (*comma == SIZE_MAX ? cell.length : *comma) - first;
    return whole > 0 && cell.length < NUMBER_MAX && !(whole > 1 && cell.at[first] == '0');
}

static void write_cell(mt_json_writer *json, mt_text cell)
{
    char text[NUMBER_MAX];
    double real;
    size_t comma;
    if (!is_number(cell, &comma)) {
        mt_json_value(json, MT_TEXT, (mt_value){.present = cell.length > 0, .as.text = cell});
        return;
    }
    memcpy(text, cell.at, cell.length);
    if (comma != SIZE_MAX) text[comma] = '.';
    if (mt_real_parse(text, cell.length, &real))
        mt_json_real(json, real);
    else
        mt_json_value(json, MT_TEXT, (mt_value){.present = true, .as.text = cell});
}

static mt_code write_object(mt_ctx *cx, struct producing *p, mt_out *out, const mt_text *field, size_t n)
{
    mt_json_writer json;
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    mt_json_object(&json);
    for (size_t k = 0; k < n && k < p->n_column; k++) {
        mt_json_key(&json, p->column[k]);
        write_cell(&json, field[k]);
    }
    mt_json_end(&json);
    return mt_json_done(&json);
}

static mt_code send_row(mt_ctx *cx, struct producing *p, const mt_text *field, const mt_record *record)
{
    mt_text key = {NULL, 0}, value = {NULL, 0};
    mt_out *out = NULL;
    mt_code code;
    for (size_t k = 0; k < p->n_column && k < record->n; k++)
        if (p->args->key && strcmp(p->column[k], p->args->key) == 0) key = field[k];
    MT_TRY(mt_out_memory(cx, &out));
    MT_TRY_OUT(write_object(cx, p, out, field, record->n));
    value = mt_out_bytes(out);
    while (value.length && value.at[value.length - 1] == '\n') value.length--;
    MT_TRY_OUT(send(cx, p, key, value));
out:
    mt_out_close(out);
    return code;
}

/* The first line: an object tells that every line is one, else it is the header. */
static mt_code read_header(mt_ctx *cx, struct producing *p, mt_text first)
{
    static const char delimiters[] = ";,\t|";
    size_t most = 0;
    for (const char *d = delimiters; *d; d++) {
        size_t n = 0;
        for (size_t k = 0; k < first.length; k++) n += first.at[k] == *d;
        if (n > most) most = n, p->records.delimiter = *d;
    }
    if (!most || most >= COLUMNS)
        return mt_fail(
            cx, MT_E_INPUT, "%s, line 1: neither a JSON object nor a header with columns: \"%.*s\"",
            p->args->input.name, first.length < SHOWN_MAX ? (int)first.length : SHOWN_MAX, first.at);
    p->n_column = p->records.columns = most + 1;
    return MT_OK;
}

static mt_code check_key(mt_ctx *cx, const struct producing *p)
{
    const char *list = "";
    for (size_t k = 0; k < p->n_column; k++) {
        if (!p->args->key || strcmp(p->column[k], p->args->key) == 0) return MT_OK;
        MT_TRY(mt_text_format(cx, &list, "%s%s%s", list, k ? ", " : "", p->column[k]));
    }
    return mt_fail(cx, MT_E_INPUT, "%s has no column \"%s\" for --key; found %s", p->args->input.name,
                   p->args->key, list);
}

static mt_code send_rows(mt_ctx *cx, struct producing *p)
{
    mt_text field[COLUMNS];
    mt_record record;
    bool end;
    MT_TRY(mt_records_next(cx, &p->records, field, &record, &end));
    for (size_t k = 0; !end && k < p->n_column; k++)
        MT_TRY(mt_text_copy(cx, &p->column[k], mt_text_trim(field[k])));
    MT_TRY(check_key(cx, p));
    while (!end) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        MT_TRY(mt_records_next(cx, &p->records, field, &record, &end));
        if (record.too_long && !end)
            return mt_fail(cx, MT_E_TOO_LARGE, "%s, line %llu: longer than a row may be", p->args->input.name,
                           (unsigned long long)record.line);
        if (!end) MT_TRY(send_row(cx, p, field, &record));
        mt_arena_reset(&cx->arena, mark);
        MT_TRY(mt_ctx_check(cx));
    }
    return MT_OK;
}

/* All whole lines of the window; *used is what they take. */
static mt_code send_window(mt_ctx *cx, struct producing *p, mt_text window, bool last, size_t *used)
{
    *used = 0;
    while (*used < window.length) {
        const char *at = window.at + *used;
        const char *end = memchr(at, '\n', window.length - *used);
        if (!end && !last) return MT_OK;
        size_t length = end ? (size_t)(end - at) : window.length - *used;
        mt_text line = mt_text_trim((mt_text){at, length && at[length - 1] == '\r' ? length - 1 : length});
        *used += length + (end != NULL);
        p->line++;
        mt_mark mark = mt_arena_mark(&cx->arena);
        if (line.length) MT_TRY(send_object(cx, p, line));
        mt_arena_reset(&cx->arena, mark);
    }
    return MT_OK;
}

static mt_code send_lines(mt_ctx *cx, struct producing *p, mt_bytes *bytes)
{
    size_t used = 0;
    bool last = false;
    while (!last || used == 0) {
        mt_text window = {NULL, 0};
        MT_TRY(mt_bytes_next(cx, bytes, used, &window.at, &window.length, &last));
        MT_TRY(send_window(cx, p, window, last, &used));
        MT_TRY(mt_ctx_check(cx));
        if (last) return MT_OK;
    }
    return MT_OK;
}

static mt_code send_all(mt_ctx *cx, struct producing *p, mt_bytes *bytes)
{
    mt_text first = {NULL, 0};
    bool last;
    MT_TRY(mt_bytes_next(cx, bytes, 0, &first.at, &first.length, &last));
    const char *end = first.length ? memchr(first.at, '\n', first.length) : NULL;
    if (end) first.length = (size_t)(end - first.at);
    if (first.length >= 3 && memcmp(first.at, "\xef\xbb\xbf", 3) == 0) first.at += 3, first.length -= 3;
    first = mt_text_trim(first);
    if (!first.length || first.at[0] == '{') return send_lines(cx, p, bytes);
    mt_records_init(&p->records, bytes, 0);
    MT_TRY(read_header(cx, p, first));
    return send_rows(cx, p);
}

static mt_code produce_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    struct producing p = {.args = args};
    mt_producer_options options = {.size = sizeof options,
                                   .url = p.args->url,
                                   .settings_path = p.args->settings,
                                   .metrics = mt_world_settings(world)->metrics};
    mt_bytes *bytes = NULL;
    mt_code code;
    MT_TRY_OUT(mt_bytes_open(cx, &bytes, &p.args->input));
    MT_TRY_OUT(mt_producer_open(cx, &p.producer, &options));
    MT_TRY_OUT(send_all(cx, &p, bytes));
    MT_TRY_OUT(mt_producer_flush(cx, p.producer));
    if (p.keyless)
        mt_log(cx, MT_LOG_WARN,
               "%" PRIu64 " of %" PRId64 " messages have no field \"%s\" and went without a key", p.keyless,
               p.done.messages, p.args->key);
    MT_TRY_OUT(mt_emit_one(cx, out, "stream.produce", produced_col, &p.done));
out:
    mt_producer_close(p.producer);
    mt_bytes_close(bytes);
    return code;
}

const mt_op mt_process_stream_produce = {
    .name = "stream.produce",
    .summary = "write the records of a file to a stream",
    .doc =
        "Lines that are JSON objects go as they are; rows of a delimited file become objects, with numbers "
        "where their cells are numbers, also with a decimal comma. Ends "
        "when every message is acknowledged; the broker's producer is idempotent.",
    .example = "--url kafka://127.0.0.1:9092 --topic elspot_topic --input prices.csv --key PriceArea",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct produce_args),
    .words = "url",
    .arg = produce_arg,
    .col = produced_col,
    .run = produce_run,
};
