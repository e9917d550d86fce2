/* World, places and folders of one run. */
#include "cli/program.h"

#include "cli/clock.h"
#include "cli/owned.h"
#include "cli/secrets.h"
#include "ops/files.h"
#include "ops/ops.h"
#include "ops/rights.h"
#include "ops/sql.h"
#include "ops/stream/stream_process.h"
#include "server/forward.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Somebody may serve this store: then nobody waits for it here. */
static bool is_served(const char *socket)
{
    return socket && access(socket, F_OK) == 0;
}

mt_code mt_program_socket(mt_program *program, const char **out, bool make)
{
    return mt_forward_path(program->cx, out, program->store_url, getenv("XDG_RUNTIME_DIR"), make);
}

/* Without a rights file whoever can read the files is the administrator. */
static mt_code find_rights(mt_program *program, const mt_rights **out)
{
    const mt_command *command = program->command;
    const char *path = command->rights ? command->rights : getenv("MERIT_RIGHTS");
    const char *user = command->user ? command->user : getenv("MERIT_USER");
    *out = NULL;
    if (!path || !*path) {
        if (!command->user) return MT_OK;
        return mt_fail(program->cx, MT_E_INPUT, "--user %s needs a rights file: --rights FILE", user);
    }
    return mt_rights_read(program->cx, out, path, user);
}

mt_code mt_program_world(mt_program *program, const char *store, bool read_only)
{
    const char *named = program->command->store, *wanted = getenv("MERIT_STORE"), *socket;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    mt_world_options options = program->world_options;
    program->store_url = named ? named : wanted ? wanted : store;
    MT_TRY(mt_program_socket(program, &socket, false));
    MT_TRY(find_rights(program, &options.rights));
    options.size = sizeof options;
    options.now = mt_clock_utc;
    options.role = MT_ADMIN;
    options.read_only = read_only;
    options.engine_library = getenv("MERIT_DUCKDB");
    options.cache_url = program->command->cache ? program->command->cache : getenv("MERIT_CACHE");
    options.secret = mt_secret_find;
    options.monotonic_us = mt_clock_monotonic;
    options.workers = cores < 1 ? 1 : (int)cores;
    options.store_url = program->store_url;
    options.make_folders = !named && !wanted;
    options.store_wait_us = is_served(socket) && !program->alone ? -1 : 0;
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

static mt_code run_here(mt_program *program, const mt_op *op, const mt_result_place *place)
{
    mt_ctx *cx = program->cx;
    const mt_command *command = program->command;
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_result *result = NULL;
    void *args;
    mt_code code;
    MT_TRY_OUT(mt_op_args(cx, op, command->given, command->n_given, &opener, &args));
    MT_TRY_OUT(mt_result_open(cx, program->world, &result, place));
    MT_TRY_OUT(mt_op_run(cx, op, program->world, args, mt_result_sink(result)));
out:
    mt_result_close(result, code);
    mt_files_close(&files);
    return code;
}

/* Standard input can be read once only: whoever does the work must be known before. */
static bool reads_standard_input(const mt_command *command)
{
    for (size_t k = 0; k < command->n_given; k++)
        if (strcmp(command->given[k].value, "-") == 0) return true;
    return false;
}

/* The socket is of a server that is gone: whoever holds the store now is waited for. */
static mt_code wait_for_store(mt_program *program, const mt_op *op, const mt_result_place *place)
{
    mt_world_close(program->world);
    program->world = NULL;
    program->alone = true;
    MT_TRY(mt_program_world(program, program->store_url, op->effect == MT_READ));
    return run_here(program, op, place);
}

/* Folders mean the command's own, also for the server that may do the work. */
static mt_code make_absolute(mt_ctx *cx, const mt_op *op, mt_given *given, size_t n)
{
    char here[PATH_MAX];
    for (size_t k = 0; k < n; k++) {
        const mt_field *field = mt_field_find(op->arg, given[k].name);
        bool folder = field && field->local &&
                      (strcmp(field->name, "place") == 0 || strcmp(field->name, "from") == 0 ||
                       strcmp(field->name, "data") == 0);
        if (!folder || given[k].value[0] == '/' || strstr(given[k].value, "://")) continue;
        if (!getcwd(here, sizeof here)) return MT_OK;
        MT_TRY(mt_text_format(cx, &given[k].value, "%s/%s", here, given[k].value));
    }
    return MT_OK;
}

/* A store that a server owns is asked through the server. Operations that need no store run here. */
static mt_code run_somewhere(mt_program *program, const mt_op *op, const mt_result_place *place)
{
    mt_ctx *cx = program->cx;
    const mt_command *command = program->command;
    const char *socket;
    bool served = false;
    MT_TRY(mt_program_socket(program, &socket, false));
    bool limited = mt_world_settings(program->world)->rights; /* a server would ask as itself */
    bool listed = !limited && mt_ops_find(op->name) == op && is_served(socket);
    if (listed && reads_standard_input(command)) {
        mt_code code = mt_forward_op(cx, &served, socket, op, command->given, command->n_given, place);
        if (code != MT_OK || served) return code;
    }
    mt_code code = run_here(program, op, place);
    if (code == MT_E_BUSY && op == &mt_process_stream_consume && is_served(socket))
        return mt_owned_stream(program);
    if (code != MT_E_BUSY || !listed) return code;
    mt_ctx_forgive(cx);
    code = mt_forward_op(cx, &served, socket, op, command->given, command->n_given, place);
    if (code != MT_OK || served) return code;
    return wait_for_store(program, op, place);
}

mt_code mt_program_run_op(mt_program *program, const mt_op *op)
{
    mt_result_place place;
    const char *store;
    MT_TRY(mt_program_own_store(program, &store));
    MT_TRY(mt_program_world(program, store, op->effect == MT_READ));
    MT_TRY(mt_program_place(program, &place));
    MT_TRY(make_absolute(program->cx, op, program->command->given, program->command->n_given));
    place.live = op->live;
    if (op->live && !program->command->format_given && !program->command->to) place.format = MT_FORMAT_NDJSON;
    return run_somewhere(program, op, &place);
}

mt_code mt_program_run_sql(mt_program *program, const char *const *word, size_t n_word)
{
    mt_ctx *cx = program->cx;
    mt_result_place place;
    mt_result *result;
    const char *store, *socket;
    bool served = false;
    if (n_word != 1) return mt_fail(cx, MT_E_INPUT, "give one question in quotes, e.g. merit sql 'SELECT 1'");
    MT_TRY(mt_program_own_store(program, &store));
    MT_TRY(mt_program_world(program, store, true));
    MT_TRY(mt_program_place(program, &place));
    MT_TRY(mt_program_socket(program, &socket, false));
    MT_TRY(mt_result_open(cx, program->world, &result, &place));
    mt_code code = mt_ops_sql(cx, program->world, word[0], mt_result_sink(result));
    mt_result_close(result, code);
    if (code != MT_E_BUSY || !is_served(socket)) return code;
    mt_ctx_forgive(cx);
    MT_TRY(mt_forward_sql(cx, &served, socket, word[0], &place));
    return served ? MT_OK
                  : mt_fail(cx, MT_E_BUSY, "the store %s is held by a process that does not answer",
                            program->store_url);
}
