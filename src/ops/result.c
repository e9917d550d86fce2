/* Formats, their sinks, and the one that needs a file of its own first. */
#include "ops/result.h"

#include "io/sinks/csv.h"
#include "io/sinks/json_rows.h"
#include "io/out.h"
#include "io/sinks/terminal.h"
#include "io/sinks/xlsx.h"
#include "store/parquet/parquet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_NAME(symbol, name, ending)   name,
#define FORMAT_ENDING(symbol, name, ending) ending,
const char *const mt_format_name[MT_FORMAT_COUNT + 1] = {MT_FORMAT_LIST(FORMAT_NAME) NULL};
static const char *const format_ending[MT_FORMAT_COUNT] = {MT_FORMAT_LIST(FORMAT_ENDING)};

struct mt_result {
    mt_sink sink; /* stands before `inner` where a copy has to follow the finish */
    mt_ctx *cx;
    mt_sink *inner;
    mt_out *out, *head;
    mt_format format;
    bool live;
    const char *copy_from; /* a Parquet file in the temporary folder, on its way to a descriptor */
};

mt_code mt_format_of_path(mt_ctx *cx, mt_format *out, const char *path)
{
    size_t n = strlen(path);
    for (int k = 0; k < MT_FORMAT_COUNT; k++) {
        size_t e = strlen(format_ending[k]);
        if (n <= e || strcmp(path + n - e, format_ending[k]) != 0) continue;
        *out = (mt_format)k;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT,
                   "%s: the ending names no format; known are .txt .json .ndjson .csv .parquet .xlsx", path);
}

static mt_code open_head(mt_ctx *cx, mt_result *result, const mt_result_place *place)
{
    if (place->head_fd < 0) return MT_OK;
    MT_TRY(mt_out_fd(cx, &result->head, place->head_fd, "standard error"));
    mt_out_after(result->out, result->head);
    return MT_OK;
}

static mt_code open_sink(mt_ctx *cx, mt_result *result, const mt_result_place *place)
{
    mt_terminal_options terminal = {.size = sizeof terminal,
                                    .head = result->head,
                                    .width = place->width,
                                    .colour = place->colour,
                                    .utf8 = place->utf8};
    mt_csv_options csv = {.size = sizeof csv, .head = result->head};
    switch (place->format) {
    case MT_FORMAT_JSON:
        return mt_json_sink(cx, &result->inner, result->out);
    case MT_FORMAT_NDJSON:
        return mt_ndjson_sink(cx, &result->inner, result->out);
    case MT_FORMAT_CSV:
        return mt_csv_sink(cx, &result->inner, result->out, &csv);
    case MT_FORMAT_XLSX:
        return mt_xlsx_sink(cx, &result->inner, result->out, NULL);
    default:
        return mt_terminal_sink(cx, &result->inner, result->out, &terminal);
    }
}

/* The engine writes files only, so a descriptor gets a copy of a temporary one. */
static mt_code open_parquet(mt_ctx *cx, const mt_world *world, mt_result *result,
                            const mt_result_place *place)
{
    mt_engine *engine;
    char path[] = "/tmp/merit-XXXXXX";
    MT_TRY(mt_world_engine(cx, world, &engine));
    if (place->path) return mt_parquet_sink(cx, &result->inner, engine, place->path);
    int fd = mkstemp(path);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be made: %s", path, strerror(errno));
    close(fd);
    MT_TRY(mt_text_copy(cx, &result->copy_from, mt_text_of(path)));
    return mt_parquet_sink(cx, &result->inner, engine, path);
}

static mt_code copy_file(mt_ctx *cx, mt_out *out, const char *path)
{
    char bytes[1 << 16];
    mt_code code = MT_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s: %s", path, strerror(errno));
    for (ssize_t n; code == MT_OK && (n = read(fd, bytes, sizeof bytes)) != 0;) {
        code = n < 0 ? mt_fail(cx, MT_E_IO, "%s: %s", path, strerror(errno))
                     : mt_out_write(cx, out, bytes, (size_t)n);
    }
    close(fd);
    return code == MT_OK ? mt_out_finish(cx, out) : code;
}

static mt_code pass_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    return mt_sink_schema(((mt_result *)sink)->inner, cx, schema);
}

static mt_code pass_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_result *result = (mt_result *)sink;
    MT_TRY(mt_sink_push(result->inner, cx, chunk));
    return result->live && result->out ? mt_out_flush(cx, result->out) : MT_OK;
}

static mt_code pass_finish(mt_sink *sink, mt_ctx *cx)
{
    mt_result *result = (mt_result *)sink;
    MT_TRY(mt_sink_finish(result->inner, cx));
    return result->copy_from ? copy_file(cx, result->out, result->copy_from) : MT_OK;
}

static void pass_close(mt_sink *sink)
{
    (void)sink; /* mt_result_close does it */
}

static const mt_sink_ops pass_ops = {pass_schema, pass_rows, pass_finish, pass_close};

static mt_code open_all(mt_ctx *cx, const mt_world *world, mt_result *result, const mt_result_place *place)
{
    bool binary = place->format == MT_FORMAT_PARQUET || place->format == MT_FORMAT_XLSX;
    if (binary && !place->path && isatty(place->fd)) {
        return mt_fail(cx, MT_E_INPUT, "%s is no text for a terminal; say --to FILE%s",
                       mt_format_name[place->format], format_ending[place->format]);
    }
    if (!place->path) MT_TRY(mt_out_fd(cx, &result->out, place->fd, "standard output"));
    if (place->format == MT_FORMAT_PARQUET) return open_parquet(cx, world, result, place);
    if (place->path) MT_TRY(mt_out_file(cx, &result->out, place->path));
    MT_TRY(open_head(cx, result, place));
    return open_sink(cx, result, place);
}

mt_code mt_result_open(mt_ctx *cx, const mt_world *world, mt_result **out, const mt_result_place *place)
{
    mt_result *result;
    MT_TRY(MT_NEW(cx, &result, 1));
    *result = (mt_result){.sink.ops = &pass_ops, .cx = cx, .format = place->format, .live = place->live};
    mt_code code = open_all(cx, world, result, place);
    if (code != MT_OK)
        mt_result_close(result, code);
    else
        *out = result;
    return code;
}

mt_sink *mt_result_sink(mt_result *result)
{
    return &result->sink;
}

void mt_result_close(mt_result *result, mt_code ended)
{
    if (!result) return;
    bool failed = ended != MT_OK && ended != MT_FINDINGS;
    if (failed && result->format == MT_FORMAT_NDJSON && result->out) mt_ndjson_fail(result->cx, result->out);
    mt_sink_close(result->inner);
    if (result->copy_from) unlink(result->copy_from);
    mt_out_close(result->head);
    mt_out_close(result->out);
}
