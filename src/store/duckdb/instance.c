/* One DuckDB instance: opened, configured, closed. */
#include "store/duckdb/instance.h"

#include "store/clock.h"
#include "store/duckdb/owner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The engine's messages begin with their kind; the interface does not tell it everywhere. What is not listed
 * here is MT_E_FAILED. */
struct failure {
    const char *kind;
    mt_code code;
};

static const struct failure failures[] = {
    {"Out of Range Error", MT_E_INPUT},
    {"Conversion Error", MT_E_INPUT},
    {"Mismatch Type Error", MT_E_INPUT},
    {"Divide by Zero Error", MT_E_INPUT},
    {"Catalog Error", MT_E_INPUT},
    {"Parser Error", MT_E_INPUT},
    {"Syntax Error", MT_E_INPUT},
    {"Binder Error", MT_E_INPUT},
    {"Expression Error", MT_E_INPUT},
    {"Invalid Input Error", MT_E_INPUT},
    {"Not implemented Error", MT_E_INPUT},
    {"Invalid type Error", MT_E_INPUT},
    {"TransactionContext Error", MT_E_CONFLICT},
    {"Constraint Error", MT_E_CONFLICT},
    {"Dependency Error", MT_E_CONFLICT},
    {"Permission Error", MT_E_DENIED},
    {"Settings Error", MT_E_DENIED},
    {"Missing Extension Error", MT_E_DENIED},
    {"Out of Memory Error", MT_E_MEMORY},
    {"IO Error", MT_E_IO},
    {"INTERRUPT Error", MT_E_CANCELLED},
};

/* Set on a connection before anything else; TimeZone needs the calendar extension, which is built in. */
static const char *const setup_always[] = {
    "SET GLOBAL TimeZone = 'UTC'",
    "SET GLOBAL autoinstall_known_extensions = false",
    "SET GLOBAL autoload_known_extensions = false",
    NULL,
};

/* `stage` is where batches wait for their merge: seen by every connection, spilled when large, gone with
 * the process. */
static const char *const setup_writing[] = {
    "ATTACH ':memory:' AS stage",
    NULL,
};

/* Nothing reaches files or network from here on, and no statement changes that. */
static const char *const setup_closed[] = {
    "SET GLOBAL enable_external_access = false",
    "SET GLOBAL lock_configuration = true",
    NULL,
};

/* A commit that the disk refused is told as a failed transaction: it is no conflict with anybody. */
static bool is_of_disk(const char *text)
{
    static const char *const sign[] = {"Could not write", "No space left", "IO Error", "Could not truncate",
                                       "fsync"};
    for (size_t k = 0; k < sizeof sign / sizeof *sign; k++)
        if (strstr(text, sign[k])) return true;
    return false;
}

mt_code mt_duck_fail(mt_ctx *cx, const char *message)
{
    mt_code code = MT_E_FAILED;
    const char *text = message ? message : "no reason given";
    for (size_t k = 0; k < sizeof failures / sizeof *failures; k++)
        if (strncmp(text, failures[k].kind, strlen(failures[k].kind)) == 0) code = failures[k].code;
    if (code == MT_E_CONFLICT && is_of_disk(text)) code = MT_E_IO;
    if (code == MT_E_CANCELLED && mt_ctx_check(cx) != MT_OK) return cx->code;
    const char *end = strstr(text, "\n\n");
    size_t n = end ? (size_t)(end - text) : strlen(text);
    char line[MT_ERR_TEXT_MAX];
    if (n >= sizeof line) n = sizeof line - 1;
    for (size_t k = 0; k < n; k++) line[k] = text[k] == '\n' ? ' ' : text[k];
    line[n] = 0;
    return mt_fail(cx, code, "the embedded store says: %s", line);
}

static mt_code run_plain(mt_ctx *cx, mt_duck *duck, duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    mt_code code = MT_OK;
    if (duck->api.duckdb_query(connection, sql, &result) != DuckDBSuccess)
        code = mt_duck_fail(cx, duck->api.duckdb_result_error(&result));
    duck->api.duckdb_destroy_result(&result);
    return code;
}

static mt_code run_list(mt_ctx *cx, mt_duck *duck, duckdb_connection connection, const char *const *sql)
{
    for (; *sql; sql++) MT_TRY(run_plain(cx, duck, connection, *sql));
    return MT_OK;
}

static mt_code set_up(mt_ctx *cx, mt_duck *duck, const mt_duck_options *o)
{
    duckdb_connection connection;
    MT_TRY(mt_duck_connect(cx, duck, &connection));
    mt_code code = run_list(cx, duck, connection, setup_always);
    if (code == MT_OK && !o->files && !o->read_only) code = run_list(cx, duck, connection, setup_writing);
    if (code == MT_OK && !o->files) code = run_list(cx, duck, connection, setup_closed);
    duck->api.duckdb_disconnect(&connection);
    return code;
}

static mt_code make_config(mt_ctx *cx, mt_duck *duck, duckdb_config *out, const mt_duck_options *o)
{
    const mt_duckdb_api *api = &duck->api;
    char threads[16], memory[40];
    snprintf(threads, sizeof threads, "%d", o->threads);
    snprintf(memory, sizeof memory, "%" PRIu64 "KiB", o->memory_bytes / 1024);
    const char *const setting[][2] = {
        {"threads", threads},
        {"max_memory", memory},
        {"temp_directory", o->temp_dir},
        {"access_mode", o->read_only ? "READ_ONLY" : "AUTOMATIC"},
        {"custom_user_agent", "merit"},
    };
    duckdb_config config = NULL;
    if (api->duckdb_create_config(&config) != DuckDBSuccess)
        return mt_fail(cx, MT_E_MEMORY, "memory ran out while the embedded store was opened");
    for (size_t k = 0; k < sizeof setting / sizeof *setting; k++) {
        if (api->duckdb_set_config(config, setting[k][0], setting[k][1]) == DuckDBSuccess) continue;
        api->duckdb_destroy_config(&config);
        return mt_fail(cx, MT_E_FAILED, "the DuckDB library %s refuses the setting %s = %s", api->path,
                       setting[k][0], setting[k][1]);
    }
    *out = config;
    return MT_OK;
}

/* The engine names the holder as "PID 123"; 0 when the message is about something else. */
static long holder_pid(const char *message)
{
    if (!message || !strstr(message, "Conflicting lock is held")) return 0;
    const char *at = strstr(message, "PID ");
    return at ? strtol(at + 4, NULL, 10) : -1;
}

static mt_code fail_open(mt_ctx *cx, const char *path, const char *message)
{
    char holder[160];
    long pid = holder_pid(message);
    if (!pid) {
        mt_duck_fail(cx, message);
        return mt_fail_at(cx, "%s cannot be opened", path ? path : "a database in memory");
    }
    mt_owner_name(holder, sizeof holder, pid);
    return mt_fail(cx, MT_E_BUSY, "the store %s is held by %s; wait for it, stop it, or name another store",
                   path, pid > 0 ? holder : "another process");
}

/* Another program than Merit may hold the file: the lock file does not know, so the engine's own lock is
 * waited for. */
static mt_code open_database(mt_ctx *cx, mt_duck *duck, duckdb_config config, const mt_duck_options *o)
{
    int64_t until = mt_clock_monotonic_us() + o->wait_us;
    for (;;) {
        char *message = NULL;
        duckdb_state state = duck->api.duckdb_open_ext(o->path, &duck->database, config, &message);
        if (state == DuckDBSuccess) return MT_OK;
        duck->database = NULL;
        mt_code pause = holder_pid(message) ? mt_owner_pause(cx, until) : MT_E_BUSY;
        if (pause == MT_E_BUSY) pause = fail_open(cx, o->path, message);
        duck->api.duckdb_free(message);
        MT_TRY(pause);
    }
}

mt_code mt_duck_resume(mt_ctx *cx, mt_duck *duck, const mt_duck_options *options)
{
    duckdb_config config;
    MT_TRY(make_config(cx, duck, &config, options));
    mt_code code = open_database(cx, duck, config, options);
    duck->api.duckdb_destroy_config(&config);
    MT_TRY(code);
    return set_up(cx, duck, options);
}

static mt_code open_duck(mt_ctx *cx, mt_duck *duck, const mt_duck_options *o)
{
    MT_TRY(mt_duckdb_load(cx, &duck->api, o->library));
    if (o->path) MT_TRY(mt_owner_open(cx, &duck->owner, o->path, o->read_only, o->wait_us));
    return mt_duck_resume(cx, duck, o);
}

mt_code mt_duck_open(mt_ctx *cx, mt_duck **out, const mt_duck_options *options)
{
    mt_duck *duck = calloc(1, sizeof *duck);
    if (!duck) return mt_fail(cx, MT_E_MEMORY, "memory ran out while the embedded store was opened");
    duck->owner = -1;
    mt_code code = open_duck(cx, duck, options);
    if (code == MT_OK) {
        *out = duck;
    } else {
        mt_duck_close(duck);
    }
    return code;
}

void mt_duck_pause(mt_duck *duck)
{
    if (duck->database) duck->api.duckdb_close(&duck->database);
    duck->database = NULL;
}

void mt_duck_close(mt_duck *duck)
{
    if (!duck) return;
    mt_duck_pause(duck);
    mt_owner_close(duck->owner);
    mt_duckdb_unload(&duck->api);
    free(duck);
}

mt_code mt_duck_connect(mt_ctx *cx, mt_duck *duck, duckdb_connection *out)
{
    if (duck->api.duckdb_connect(duck->database, out) == DuckDBSuccess) return MT_OK;
    return mt_fail(cx, MT_E_FAILED, "the embedded store gives no further connection");
}
