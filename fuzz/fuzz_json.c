/* JSON from outside: it is refused or read, what was read can be written and read again, and its bytes can
 * be a cell. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/json.h"
#include "io/sinks/json_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int holds)
{
    if (!holds) abort();
}

/* Depth is bounded by the reader, so this recursion is too. */
static void write_value(mt_json_writer *json, const mt_json *value)
{
    switch (value->kind) {
    case MT_JSON_NULL: mt_json_null(json); return;
    case MT_JSON_BOOL: mt_json_bool(json, value->boolean); return;
    case MT_JSON_NUMBER: mt_json_real(json, value->real); return;
    case MT_JSON_STRING:
        mt_json_value(json, MT_TEXT, (mt_value){.present = true, .as.text = value->text});
        return;
    case MT_JSON_ARRAY: mt_json_array(json); break;
    case MT_JSON_OBJECT: mt_json_object(json); break;
    }
    for (const mt_json *child = value->first; child; child = child->next) {
        if (value->kind == MT_JSON_OBJECT) mt_json_key(json, child->name);
        write_value(json, child);
    }
    mt_json_end(json);
}

static void write_and_read_again(mt_ctx *cx, const mt_json *top)
{
    mt_out *out;
    mt_json_writer json;
    const mt_json *again;
    demand(mt_out_memory(cx, &out) == MT_OK);
    mt_json_open(cx, &json, out, top->count % 2 ? MT_JSON_PRETTY : MT_JSON_COMPACT);
    write_value(&json, top);
    demand(mt_json_done(&json) == MT_OK);
    mt_text text = mt_out_bytes(out);
    demand(mt_json_read(cx, &again, "again", text.at, text.length) == MT_OK);
    demand(again->kind == top->kind && again->count == top->count);
    mt_out_close(out);
}

static void write_as_cell(mt_ctx *cx, mt_text bytes)
{
    static const mt_field col[] = {{.name = "cell", .type = MT_TEXT}, {0}};
    const mt_schema schema = {.name = "fuzz", .col = col, .n_col = 1};
    const mt_column column = {.data = &bytes};
    mt_out *out;
    mt_sink *sink;
    const mt_json *top;
    demand(mt_out_memory(cx, &out) == MT_OK);
    demand(mt_json_sink(cx, &sink, out) == MT_OK);
    demand(mt_sink_schema(sink, cx, &schema) == MT_OK);
    demand(mt_sink_push(sink, cx, &(mt_chunk){.n = 1, .col = &column}) == MT_OK);
    demand(mt_sink_finish(sink, cx) == MT_OK);
    demand(mt_json_read(cx, &top, "cell", mt_out_bytes(out).at, mt_out_bytes(out).length) == MT_OK);
    mt_sink_close(sink);
    mt_out_close(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    const mt_json *top;
    if (size > 1 << 20) return 0;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_json_read(&cx, &top, "fuzz", (const char *)data, size);
    if (code == MT_OK) write_and_read_again(&cx, top);
    else demand((code == MT_E_INPUT || code == MT_E_TOO_LARGE) && cx.err[0]);
    write_as_cell(&cx, (mt_text){size ? (const char *)data : "", size});
    mt_ctx_close(&cx);
    return 0;
}
