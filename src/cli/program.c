/* World, places and folders of one run. */
#include "cli/program.h"

#include "cli/clock.h"
#include "cli/secrets.h"
#include "ops/files.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

mt_code mt_program_world(mt_program *program, const char *store, bool read_only)
{
    const char *named = program->command->store, *wanted = getenv("MERIT_STORE");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    mt_world_options options = {.size = sizeof options,
                                .now = mt_clock_utc,
                                .role = MT_ADMIN,
                                .read_only = read_only,
                                .engine_library = getenv("MERIT_DUCKDB"),
                                .cache_url = getenv("MERIT_CACHE"),
                                .secret = mt_secret_find,
                                .monotonic_us = mt_clock_monotonic,
                                .workers = cores < 1 ? 1 : (int)cores};
    options.store_url = named ? named : wanted ? wanted : store;
    options.make_folders = !named && !wanted;
    return mt_world_open(program->cx, &program->world, &options);
}

mt_code mt_program_place(const mt_program *program, mt_result_place *out)
{
    const mt_command *command = program->command;
    const char *locale = getenv("LC_ALL");
    if (!locale || !*locale) locale = getenv("LC_CTYPE");
    if (!locale || !*locale) locale = getenv("LANG");
    mt_result_place place = {.format = program->out_terminal ? MT_FORMAT_TABLE : MT_FORMAT_CSV,
                             .path = command->to,
                             .fd = STDOUT_FILENO,
                             .head_fd = command->quiet ? -1 : STDERR_FILENO,
                             .width = program->width,
                             .colour = program->colour && !command->to,
                             .utf8 = locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8"))};
    if (command->format_given)
        place.format = command->format;
    else if (command->to)
        MT_TRY(mt_format_of_path(program->cx, &place.format, command->to));
    if (command->to) place.width = 0;
    *out = place;
    return MT_OK;
}

mt_code mt_program_own_store(mt_program *program, const char **out)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && data[0] == '/') return mt_text_format(program->cx, out, "duckdb:%s/merit/merit.duckdb", data);
    if (home && home[0] == '/')
        return mt_text_format(program->cx, out, "duckdb:%s/.local/share/merit/merit.duckdb", home);
    *out = "none"; /* nowhere to keep it */
    return MT_OK;
}

mt_code mt_program_folders(mt_program *program, const char *part, const char *out[MT_FOLDERS_MAX], size_t *n)
{
    char exe[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", exe, sizeof exe - 1);
    const char *home = getenv("MERIT_HOME");
    *n = 0;
    out[(*n)++] = part;
    if (home && *home) MT_TRY(mt_text_format(program->cx, &out[(*n)++], "%s/%s", home, part));
    if (length <= 0) return MT_OK;
    exe[length] = 0;
    *strrchr(exe, '/') = 0; /* the folder of the executable */
    MT_TRY(mt_text_format(program->cx, &out[(*n)++], "%s/../share/merit/%s", exe, part));
    return mt_text_format(program->cx, &out[(*n)++], "%s/../../%s", exe, part);
}

mt_code mt_program_run_op(mt_program *program, const mt_op *op)
{
    mt_ctx *cx = program->cx;
    const mt_command *command = program->command;
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_result_place place;
    mt_result *result = NULL;
    const char *store;
    void *args;
    mt_code code;
    MT_TRY(mt_program_own_store(program, &store));
    MT_TRY(mt_program_world(program, store, op->effect == MT_READ));
    MT_TRY_OUT(mt_op_args(cx, op, command->given, command->n_given, &opener, &args));
    MT_TRY_OUT(mt_program_place(program, &place));
    MT_TRY_OUT(mt_result_open(cx, program->world, &result, &place));
    MT_TRY_OUT(op->run(cx, program->world, args, mt_result_sink(result)));
out:
    mt_result_close(result, code);
    mt_files_close(&files);
    return code;
}
