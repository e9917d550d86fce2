/* `merit serve`: options and configuration become a running server. */
#include "cli/clock.h"
#include "cli/program.h"
#include "io/bytes.h"
#include "ops/files.h"
#include "ops/stream/stream_process.h"
#include "ops/stream/topics.h"
#include "server/config.h"
#include "server/log_line.h"
#include "server/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct serve_options {
    const char *listen, *config;
    bool allow_public;
};

const mt_field mt_serve_options[] = {
    {.name = "listen",
     MT_TEXT_AT(serve_options, listen),
     .doc = "address and port, or none; without: 127.0.0.1:8686"},
    {.name = "config",
     MT_TEXT_AT(serve_options, config),
     .doc = "file with streams, schedule and the rest, see the guide on the server"},
    {.name = "public",
     MT_BOOL_AT(serve_options, allow_public),
     .doc = "let other machines connect: there is no sign-in yet, so put a proxy before it"},
    {.name = NULL}};

#define USUAL_LISTEN "127.0.0.1:8686"

/* What a consumer needs on its own thread. */
struct consuming {
    const struct serving *serving;
    const mt_config_consume *config;
};

struct serving {
    mt_program *program;
    struct serve_options options;
    mt_config config;
    mt_metrics *metrics;
    mt_server *server;
    mt_server_options server_options;
};

static mt_code read_options(mt_program *program, struct serve_options *out)
{
    const mt_command *command = program->command;
    mt_field_clear(mt_serve_options, out);
    for (size_t k = 0; k < command->n_given; k++) {
        const mt_field *field = mt_field_find(mt_serve_options, command->given[k].name);
        if (field) MT_TRY(mt_field_set(program->cx, field, out, command->given[k].value));
    }
    return MT_OK;
}

static mt_code read_config(mt_ctx *cx, mt_config *out, const char *path)
{
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_config_known known = {.consume = mt_process_stream_consume.arg};
    mt_bytes *bytes = NULL;
    mt_input input;
    mt_text text = {"", 0}, own;
    bool last = false;
    mt_code code;
    MT_TRY_OUT(opener.input(cx, opener.arg, &input, path));
    MT_TRY_OUT(mt_bytes_open(cx, &bytes, &input));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &text.at, &text.length, &last));
    MT_TRY_OUT(mt_text_copy(cx, &own.at, text));
    own.length = text.length;
    MT_TRY_OUT(mt_config_parse(cx, out, path, own, &known));
out:
    mt_bytes_close(bytes);
    mt_files_close(&files);
    return code;
}

/* The last row of a stream that ends tells nobody here: counts are in the metrics. */
static mt_code drop_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink, (void)cx, (void)schema;
    return MT_OK;
}

static mt_code drop_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    (void)sink, (void)cx, (void)chunk;
    return MT_OK;
}

static mt_code drop_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink, (void)cx;
    return MT_OK;
}

static void drop_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops drop_ops = {drop_schema, drop_rows, drop_finish, drop_close};

static mt_code consume(mt_ctx *cx, void *arg)
{
    const struct consuming *consuming = arg;
    const mt_config_consume *config = consuming->config;
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_sink nowhere = {&drop_ops};
    mt_given *given;
    void *args;
    mt_code code;
    MT_TRY(MT_NEW(cx, &given, config->n + 1));
    if (config->n) memcpy(given, config->given, config->n * sizeof *given);
    given[config->n] = (mt_given){"url", config->url};
    MT_TRY_OUT(mt_op_args(cx, &mt_process_stream_consume, given, config->n + 1, &opener, &args));
    MT_TRY_OUT(mt_process_stream_consume.run(cx, consuming->serving->program->world, args, &nowhere));
out:
    mt_files_close(&files);
    return code;
}

/* Two lines may read one topic: then their place in the file tells them apart. */
static mt_code name_service(mt_ctx *cx, const char **out, const mt_config *config, const mt_service *service,
                            size_t n)
{
    const mt_config_consume *consume = &config->consume[n];
    const char *topics = NULL;
    for (size_t k = 0; k < consume->n; k++)
        if (strcmp(consume->given[k].name, "topics") == 0) topics = consume->given[k].value;
    MT_TRY(mt_stream_consumer_name(cx, out, consume->url, topics));
    for (size_t k = 0; k < n; k++)
        if (strcmp(service[k].name, *out) == 0)
            return mt_text_format(cx, out, "%s, line %d", *out, consume->line);
    return MT_OK;
}

static mt_code make_services(mt_ctx *cx, struct serving *serving)
{
    const mt_config *config = &serving->config;
    struct consuming *consuming;
    mt_service *service;
    MT_TRY(MT_NEW(cx, &consuming, config->n_consume + 1));
    MT_TRY(MT_NEW(cx, &service, config->n_consume + 1));
    for (size_t k = 0; k < config->n_consume; k++) {
        consuming[k] = (struct consuming){serving, &config->consume[k]};
        service[k] = (mt_service){NULL, consume, &consuming[k]};
        MT_TRY(name_service(cx, &service[k].name, config, service, k));
    }
    serving->server_options.service = service;
    serving->server_options.n_service = config->n_consume;
    return MT_OK;
}

static mt_code make_mappings(mt_ctx *cx, struct serving *serving)
{
    const mt_config *config = &serving->config;
    mt_topic_mapping *mapping;
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_code code;
    MT_TRY(MT_NEW(cx, &mapping, config->n_mapping + 1));
    for (size_t k = 0; k < config->n_mapping; k++) {
        mt_input input;
        mapping[k].topic = config->mapping[k].topic;
        MT_TRY_OUT(opener.input(cx, opener.arg, &input, config->mapping[k].path));
        MT_TRY_OUT(mt_topics_mapping(cx, &mapping[k].mapping, &input));
    }
    serving->server_options.mapping = mapping;
    serving->server_options.n_mapping = config->n_mapping;
    code = MT_OK;
out:
    mt_files_close(&files);
    return code;
}

static void write_log(void *arg, mt_log_level level, const char *text)
{
    static const char *const name[] = {"debug", "info", "warning", "error"};
    const struct serving *serving = arg;
    char at[MT_TIME_TEXT_MAX], line[MT_LOG_LINE_MAX];
    if (level < MT_LOG_INFO || (serving->program->command->quiet && level < MT_LOG_WARN)) return;
    mt_time_text(mt_clock_utc(NULL), at);
    fprintf(stderr, "%s %s %s\n", at, name[level], mt_log_line(line, text));
}

static void tell_ready(void *arg, const char *address)
{
    const struct serving *serving = arg;
    const char *socket = serving->server_options.socket_path;
    char text[512];
    snprintf(text, sizeof text, "ready: %s%s%s%s, store %s", *address ? "http://" : "no port", address,
             socket ? ", socket " : "", socket ? socket : "", serving->program->store_url);
    write_log(arg, MT_LOG_INFO, text);
}

static void tell_changed(void *arg)
{
    const struct serving *serving = arg;
    if (serving->server) mt_server_changed(serving->server);
}

static int64_t watchdog_us(void)
{
    const char *text = getenv("WATCHDOG_USEC");
    return text ? strtoll(text, NULL, 10) : 0;
}

/* Beside an embedded store; for a server's store in the service's own folder. */
static mt_code find_state_path(mt_program *program, const char **out)
{
    const char *folder = getenv("STATE_DIRECTORY"), *url = program->store_url;
    *out = NULL;
    if (strncmp(url, "duckdb:", 7) == 0 && url[7] != ':')
        return mt_text_format(program->cx, out, "%s.schedule", url + 7);
    if (folder && folder[0] == '/') return mt_text_format(program->cx, out, "%s/schedule", folder);
    return MT_OK;
}

static mt_code fill_options(struct serving *serving)
{
    mt_program *program = serving->program;
    const mt_config *config = &serving->config;
    mt_server_options *options = &serving->server_options;
    const char *listen = serving->options.listen ? serving->options.listen : config->listen;
    *options = (mt_server_options){.size = sizeof *options,
                                   .world = program->world,
                                   .listen = listen ? listen : USUAL_LISTEN,
                                   .allow_public = serving->options.allow_public || config->allow_public,
                                   .name = config->name,
                                   .n_name = config->n_name,
                                   .metrics = serving->metrics,
                                   .entry = config->entry,
                                   .n_entry = config->n_entry,
                                   .cache_bytes = config->cache_bytes == 0  ? -1
                                                  : config->cache_bytes > 0 ? config->cache_bytes
                                                                            : 0,
                                   .workers = (int)config->workers,
                                   .drain_us = config->drain == INT64_MIN ? 0 : config->drain,
                                   .monotonic_us = mt_clock_monotonic,
                                   .log = write_log,
                                   .log_arg = serving,
                                   .notify_path = getenv("NOTIFY_SOCKET"),
                                   .watchdog_us = watchdog_us(),
                                   .ready = tell_ready,
                                   .ready_arg = serving};
    if (strcmp(options->listen, "none") == 0) options->listen = NULL;
    MT_TRY(mt_program_socket(program, &options->socket_path, true));
    MT_TRY(find_state_path(program, &options->schedule_state_path));
    MT_TRY(make_services(program->cx, serving));
    return make_mappings(program->cx, serving);
}

static mt_code open_world(struct serving *serving)
{
    mt_program *program = serving->program;
    const char *store;
    if (serving->config.store && !program->command->store) program->command->store = serving->config.store;
    MT_TRY(mt_program_own_store(program, &store));
    program->world_options.metrics = serving->metrics;
    program->world_options.changed = tell_changed;
    program->world_options.changed_arg = serving;
    return mt_program_world(program, store, false);
}

mt_code mt_program_serve(mt_program *program, const char *const *word, size_t n_word)
{
    mt_ctx *cx = program->cx;
    struct serving serving = {.program = program};
    mt_code code;
    if (n_word) return mt_fail(cx, MT_E_INPUT, "serve takes no word \"%s\"", word[0]);
    serving.config = (mt_config){.cache_bytes = -1, .drain = INT64_MIN};
    MT_TRY(read_options(program, &serving.options));
    if (serving.options.config) MT_TRY(read_config(cx, &serving.config, serving.options.config));
    MT_TRY(mt_metrics_open(cx, &serving.metrics));
    MT_TRY_OUT(open_world(&serving));
    MT_TRY_OUT(fill_options(&serving));
    MT_TRY_OUT(mt_server_open(cx, &serving.server, &serving.server_options));
    MT_TRY_OUT(mt_server_run(cx, serving.server));
    mt_server_close(serving.server); /* consumers commit what is in hand */
    serving.server = NULL;
    write_log(&serving, MT_LOG_INFO, "ended: what was accepted is finished");
out:
    mt_server_close(serving.server);
    mt_world_close(program->world);
    program->world = NULL;
    mt_metrics_close(serving.metrics);
    return code == MT_E_CANCELLED ? MT_OK : code; /* asked to stop before it was ready */
}
