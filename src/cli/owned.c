/* What to do where a server owns the store that a process wants for itself. */
#include "cli/owned.h"

#include "ops/stream/stream_process.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The server may stand in another folder than the command. */
static mt_code make_absolute(mt_ctx *cx, const char **out, const char *prefix, const char *path)
{
    char here[PATH_MAX];
    if (path[0] == '/' || path[0] == '-' || !getcwd(here, sizeof here))
        return mt_text_format(cx, out, "%s%s", prefix, path);
    return mt_text_format(cx, out, "%s%s/%s", prefix, here, path);
}

/* As it is written in a configuration: a value with blanks stands in quotes. */
static mt_code add_word(mt_ctx *cx, const char **line, const char *word)
{
    const char *quote = !word[0] || strpbrk(word, " \t") ? "\"" : "";
    return mt_text_format(cx, line, "%s %s%s%s", *line, quote, word, quote);
}

static mt_code add_option(mt_ctx *cx, const char **line, const mt_given *given)
{
    const mt_field *field = mt_field_find(mt_process_stream_consume.arg, given->name);
    const char *name, *value = given->value;
    bool is_file = field && (field->type == MT_INPUTS || field->type == MT_INPUT || field->local);
    if (strcmp(given->name, "url") == 0 || strcmp(given->name, "until_end") == 0) return MT_OK;
    MT_TRY(mt_text_copy(cx, &name, mt_text_of(given->name)));
    for (char *c = (char *)(uintptr_t)name; *c; c++) *c = *c == '_' ? '-' : *c;
    MT_TRY(mt_text_format(cx, line, "%s --%s", *line, name));
    if (field && field->type == MT_BOOL && strcmp(value, "yes") == 0) return MT_OK;
    if (is_file) MT_TRY(make_absolute(cx, &value, "", value));
    return add_word(cx, line, value);
}

/* "consume kafka://HOST:9092 --topics a,b": the server reads for as long as it runs. */
static mt_code write_line(mt_ctx *cx, const char **out, const mt_command *command)
{
    const char *url = "URL";
    for (size_t k = 0; k < command->n_given; k++)
        if (strcmp(command->given[k].name, "url") == 0) url = command->given[k].value;
    if (strncmp(url, "file:", 5) == 0) MT_TRY(make_absolute(cx, &url, "file:", url + 5));
    *out = "consume";
    MT_TRY(add_word(cx, out, url));
    for (size_t k = 0; k < command->n_given; k++) MT_TRY(add_option(cx, out, &command->given[k]));
    return MT_OK;
}

/* "…/merit.duckdb is held by process 4711 (merit serve)", without what the store itself advises. */
static mt_code name_holder(mt_ctx *cx, const char **out)
{
    const char *advice = strstr(cx->err, "; wait for it");
    return mt_text_copy(cx, out, (mt_text){cx->err, advice ? (size_t)(advice - cx->err) : strlen(cx->err)});
}

mt_code mt_owned_stream(mt_program *program)
{
    mt_ctx *cx = program->cx;
    const char *holder, *line;
    MT_TRY(name_holder(cx, &holder));
    mt_ctx_forgive(cx);
    MT_TRY(write_line(cx, &line, program->command));
    return mt_fail(cx, MT_E_BUSY,
                   "%s, which reads the streams of its store itself; write this line into its configuration "
                   "and start it again: %s",
                   holder, line);
}

mt_code mt_owned_check(mt_program *program)
{
    mt_ctx *cx = program->cx;
    struct mt_store *store;
    const char *socket, *holder;
    MT_TRY(mt_program_socket(program, &socket, false));
    if (!socket || access(socket, F_OK) != 0) return MT_OK;
    mt_code code = mt_world_store(cx, program->world, &store);
    if (code != MT_E_BUSY) return code;
    MT_TRY(name_holder(cx, &holder));
    mt_ctx_forgive(cx);
    return mt_fail(cx, MT_E_BUSY,
                   "%s, and a pipeline writes into its store itself; leave --store (and MERIT_STORE) out, "
                   "then the data goes to merit.duckdb in the output folder, or stop the server meanwhile",
                   holder);
}
