/* Two small documents, written and read. */
#include "server/request.h"

#include "io/json.h"

#include <string.h>

static mt_code take_text(mt_ctx *cx, mt_text *out, mt_json_writer *json, mt_out *memory)
{
    const char *copy = NULL;
    mt_code code = mt_json_done(json);
    size_t n = mt_out_bytes(memory).length;
    if (code == MT_OK) code = mt_text_copy(cx, &copy, mt_out_bytes(memory));
    if (code == MT_OK) *out = (mt_text){copy, n};
    mt_out_close(memory);
    return code;
}

static void write_given(mt_json_writer *json, const mt_request_given *given)
{
    mt_json_object(json);
    mt_json_key(json, "name"), mt_json_text(json, given->given.name);
    mt_json_key(json, "value"), mt_json_text(json, given->given.value);
    if (given->file >= 0) mt_json_key(json, "file"), mt_json_int(json, given->file);
    if (given->rest) mt_json_key(json, "rest"), mt_json_text(json, given->rest);
    mt_json_end(json);
}

mt_code mt_request_write(mt_ctx *cx, mt_text *out, const mt_request *request)
{
    mt_json_writer json;
    mt_out *memory;
    MT_TRY(mt_out_memory(cx, &memory));
    mt_json_open(cx, &json, memory, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, request->sql ? "sql" : "operation");
    mt_json_text(&json, request->sql ? request->sql : request->operation);
    mt_json_key(&json, "given");
    mt_json_array(&json);
    for (size_t k = 0; k < request->n; k++) write_given(&json, &request->given[k]);
    mt_json_end(&json);
    mt_json_key(&json, "format"), mt_json_text(&json, mt_format_name[request->format]);
    mt_json_key(&json, "width"), mt_json_int(&json, request->width);
    mt_json_key(&json, "colour"), mt_json_bool(&json, request->colour);
    mt_json_key(&json, "utf8"), mt_json_bool(&json, request->utf8);
    mt_json_key(&json, "head"), mt_json_bool(&json, request->head);
    mt_json_key(&json, "timeout_us"), mt_json_int(&json, request->timeout_us);
    mt_json_end(&json);
    return take_text(cx, out, &json, memory);
}

static mt_code read_given(mt_ctx *cx, mt_request_given *out, const mt_json *value, size_t n_fd)
{
    *out = (mt_request_given){.file = -1};
    MT_TRY(mt_json_get_text(cx, &out->given.name, value, "name"));
    MT_TRY(mt_json_get_text(cx, &out->given.value, value, "value"));
    if (mt_json_member(value, "rest")) MT_TRY(mt_json_get_text(cx, &out->rest, value, "rest"));
    if (!mt_json_member(value, "file")) return MT_OK;
    MT_TRY(mt_json_get_int(cx, &out->file, value, "file"));
    if (out->file >= 0 && (uint64_t)out->file < n_fd) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "local request: file %lld of %zu that came", (long long)out->file, n_fd);
}

static mt_code read_list(mt_ctx *cx, mt_request *out, const mt_json *top, size_t n_fd)
{
    const mt_json *list;
    mt_request_given *given;
    MT_TRY(mt_json_get_array(cx, &list, top, "given"));
    if (list->count > MT_REQUEST_GIVEN_MAX)
        return mt_fail(cx, MT_E_INPUT, "local request: more than %d arguments", MT_REQUEST_GIVEN_MAX);
    MT_TRY(MT_NEW(cx, &given, list->count + 1));
    for (const mt_json *value = list->first; value; value = value->next)
        MT_TRY(read_given(cx, &given[out->n++], value, n_fd));
    out->given = given;
    return MT_OK;
}

static mt_code read_format(mt_ctx *cx, mt_format *out, const mt_json *top)
{
    const char *name;
    MT_TRY(mt_json_get_text(cx, &name, top, "format"));
    for (int k = 0; k < MT_FORMAT_COUNT; k++) {
        if (strcmp(mt_format_name[k], name) != 0) continue;
        *out = (mt_format)k;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "local request: \"%.40s\" is no format", name);
}

mt_code mt_request_read(mt_ctx *cx, mt_request *out, mt_text text, size_t n_fd)
{
    mt_request request = {.n = 0};
    const mt_json *top;
    int64_t width;
    MT_TRY(mt_json_read(cx, &top, "local request", text.at, text.length));
    if (mt_json_member(top, "sql"))
        MT_TRY(mt_json_get_text(cx, &request.sql, top, "sql"));
    else
        MT_TRY(mt_json_get_text(cx, &request.operation, top, "operation"));
    MT_TRY(read_list(cx, &request, top, n_fd));
    MT_TRY(read_format(cx, &request.format, top));
    MT_TRY(mt_json_get_int(cx, &width, top, "width"));
    MT_TRY(mt_json_get_bool(cx, &request.colour, top, "colour"));
    MT_TRY(mt_json_get_bool(cx, &request.utf8, top, "utf8"));
    MT_TRY(mt_json_get_bool(cx, &request.head, top, "head"));
    MT_TRY(mt_json_get_int(cx, &request.timeout_us, top, "timeout_us"));
    request.width = width < 0 || width > 10000 ? 0 : (int)width;
    if (request.timeout_us < 0 || n_fd < (request.head ? 2u : 1u))
        return mt_fail(cx, MT_E_INPUT, "local request: the place of the result did not come with it");
    *out = request;
    return MT_OK;
}

/* --- answers ----------------------------------------------------------------------------------------- */

static const char *const event_name[] = {"progress", "log", "cancel", "end"};

mt_code mt_event_write(mt_ctx *cx, mt_text *out, const mt_event *event)
{
    mt_json_writer json;
    mt_out *memory;
    MT_TRY(mt_out_memory(cx, &memory));
    mt_json_open(cx, &json, memory, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, event_name[event->kind]);
    mt_json_object(&json);
    mt_json_key(&json, "text"), mt_json_text(&json, event->text ? event->text : "");
    mt_json_key(&json, "unit"), mt_json_text(&json, event->unit ? event->unit : "");
    mt_json_key(&json, "done"), mt_json_int(&json, (int64_t)(event->done & INT64_MAX));
    mt_json_key(&json, "total"), mt_json_int(&json, (int64_t)(event->total & INT64_MAX));
    mt_json_key(&json, "level"), mt_json_int(&json, event->level);
    mt_json_key(&json, "code"), mt_json_text(&json, mt_code_name(event->code));
    mt_json_end(&json);
    mt_json_end(&json);
    return take_text(cx, out, &json, memory);
}

static mt_code find_code(const char *name)
{
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        if (strcmp(mt_code_name((mt_code)k), name) == 0) return (mt_code)k;
    }
    return MT_E_BUG;
}

static mt_code read_members(mt_ctx *cx, mt_event *out, const mt_json *body)
{
    int64_t done, total, level;
    const char *code;
    MT_TRY(mt_json_get_text(cx, &out->text, body, "text"));
    MT_TRY(mt_json_get_text(cx, &out->unit, body, "unit"));
    MT_TRY(mt_json_get_int(cx, &done, body, "done"));
    MT_TRY(mt_json_get_int(cx, &total, body, "total"));
    MT_TRY(mt_json_get_int(cx, &level, body, "level"));
    MT_TRY(mt_json_get_text(cx, &code, body, "code"));
    out->done = done < 0 ? 0 : (uint64_t)done;
    out->total = total < 0 ? 0 : (uint64_t)total;
    out->level = level < MT_LOG_DEBUG || level > MT_LOG_ERROR ? MT_LOG_INFO : (mt_log_level)level;
    out->code = find_code(code);
    return MT_OK;
}

mt_code mt_event_read(mt_ctx *cx, mt_event *out, mt_text text)
{
    const mt_json *top;
    mt_event event = {.kind = MT_EVENT_PROGRESS};
    MT_TRY(mt_json_read(cx, &top, "local answer", text.at, text.length));
    for (int k = MT_EVENT_PROGRESS; k <= MT_EVENT_END; k++) {
        const mt_json *body = mt_json_member(top, event_name[k]);
        if (!body) continue;
        event.kind = (mt_event_kind)k;
        MT_TRY(read_members(cx, &event, body));
        *out = event;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "local answer: neither progress nor log nor cancel nor end");
}
