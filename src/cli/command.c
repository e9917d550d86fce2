/* argv into words, given arguments and common options. */
#include "cli/command.h"

#include <string.h>

/* Where the common options are kept while they are read; the field table serves help and documents too. */
struct common {
    int output;
    const char *to, *store, *cache, *user, *rights;
    int64_t timeout;
    bool json, quiet, no_color, help, version;
};

const mt_field mt_common_options[] = {
    {.name = "output",
     MT_CHOICE_AT(common, output),
     .choice = mt_format_name,
     .doc = "format of the result; table on a terminal, csv elsewhere"},
    {.name = "json", MT_BOOL_AT(common, json), .doc = "the same as --output json"},
    {.name = "to", MT_TEXT_AT(common, to), .doc = "file for the result; its ending names the format"},
    {.name = "store", MT_TEXT_AT(common, store), .doc = "duckdb:PATH, postgres://… or none"},
    {.name = "cache",
     MT_TEXT_AT(common, cache),
     .doc = "of data providers' answers: memory, none or redis://HOST:PORT/DB"},
    {.name = "user", MT_TEXT_AT(common, user), .doc = "who asks, as the rights file names them"},
    {.name = "rights",
     MT_TEXT_AT(common, rights),
     .doc = "JSON file of users, their roles and the assets they see"},
    {.name = "timeout", MT_SPAN_AT(common, timeout), .doc = "give up after this time, e.g. 30s"},
    {.name = "quiet", MT_BOOL_AT(common, quiet), .doc = "no progress and no notes on standard error"},
    {.name = "no_color",
     MT_BOOL_AT(common, no_color),
     .doc = "no colour, also by NO_COLOR in the environment"},
    {.name = "help", MT_BOOL_AT(common, help), .doc = "what the command does, its arguments and an example"},
    {.name = "version", MT_BOOL_AT(common, version), .doc = "the version of the program"},
    {.name = NULL}};

const mt_variable mt_environment[] = {
    {"MERIT_STORE", "URL", "the store, where --store names none: duckdb:PATH, postgres://… or none"},
    {"MERIT_CACHE", "URL", "of data providers' answers, where --cache names none"},
    {"MERIT_USER", "NAME", "who asks, where --user names nobody"},
    {"MERIT_RIGHTS", "FILE", "users, roles and the assets they see, where --rights names no file"},
    {"MERIT_HOME", "FOLDER", "holds the folder `pipelines`, where they are not beside the program"},
    {"MERIT_DUCKDB", "FILE", "the library of the embedded store, where it is not in its usual place"},
    {"MERIT_NOW", "TIME", "stands for the clock, e.g. 2025-06-20T12:00Z: for tests and examples"},
    {"NAME, NAME_FILE", "",
     "a data provider's key, or a file that holds it; `merit data sources` lists the names, and the "
     "guide on data the other places where keys are looked for"},
    {"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL", "",
     "of S3 buckets; each may also be a file, as AWS_SECRET_ACCESS_KEY_FILE"},
    {"XDG_DATA_HOME", "FOLDER", "holds the user's own store, merit/merit.duckdb; without: ~/.local/share"},
    {"XDG_CONFIG_HOME", "FOLDER", "holds the user's keys, merit/keys; without: ~/.config"},
    {"XDG_RUNTIME_DIR", "FOLDER", "of a server's socket, where the store's own path is too long for one"},
    {"NO_COLOR", "", "set to anything: no colour"},
    {NULL, NULL, NULL}};

/* "--orders-per-period=7" into "orders_per_period" and "7". */
static mt_code split_option(mt_ctx *cx, const char *text, const char **name, const char **value)
{
    const char *equal = strchr(text, '=');
    size_t n = equal ? (size_t)(equal - text) : strlen(text);
    char *copy;
    if (!n) return mt_fail(cx, MT_E_INPUT, "an option without a name: --%s", text);
    MT_TRY(MT_NEW(cx, &copy, n + 1));
    for (size_t k = 0; k < n; k++) copy[k] = text[k] == '-' ? '_' : text[k];
    *name = copy;
    *value = equal ? equal + 1 : NULL;
    return MT_OK;
}

static bool may_stand_alone(const mt_command *command, const char *name,
                            bool (*is_flag)(const mt_command *command, const char *name))
{
    const mt_field *common = mt_field_find(mt_common_options, name);
    return common ? common->type == MT_BOOL : is_flag(command, name);
}

static bool is_yes_no(const char *text)
{
    static const char *const word[] = {"no", "yes", "false", "true", "0", "1"};
    for (size_t k = 0; k < sizeof word / sizeof *word; k++)
        if (strcmp(text, word[k]) == 0) return true;
    return false;
}

static mt_code keep_option(mt_ctx *cx, mt_command *command, struct common *common, mt_given given)
{
    const mt_field *field = mt_field_find(mt_common_options, given.name);
    if (field) return mt_field_set(cx, field, common, given.value);
    if (command->n_given == MT_GIVEN_MAX)
        return mt_fail(cx, MT_E_INPUT, "more than %d arguments", MT_GIVEN_MAX);
    command->given[command->n_given++] = given;
    return MT_OK;
}

static mt_code keep_word(mt_ctx *cx, mt_command *command, const char *word)
{
    if (command->n_word == MT_WORDS_MAX) return mt_fail(cx, MT_E_INPUT, "more than %d words", MT_WORDS_MAX);
    if (command->n_given && !command->late_word) command->late_word = word;
    command->word[command->n_word++] = word;
    return MT_OK;
}

static const char *short_option(const char *word)
{
    if (strcmp(word, "-h") == 0) return "help";
    if (strcmp(word, "-V") == 0) return "version";
    if (strcmp(word, "-q") == 0) return "quiet";
    return strncmp(word, "--", 2) == 0 ? word + 2 : NULL;
}

static void finish_common(mt_command *command, const struct common *common)
{
    command->to = common->to;
    command->store = common->store;
    command->cache = common->cache;
    command->user = common->user;
    command->rights = common->rights;
    command->timeout_us = common->timeout == INT64_MIN ? 0 : common->timeout;
    command->quiet = common->quiet;
    command->plain = common->no_color;
    command->help = common->help;
    command->version = common->version;
    command->format_given = common->output >= 0 || common->json;
    if (common->output >= 0) command->format = (mt_format)common->output;
    if (common->json) command->format = MT_FORMAT_JSON;
}

mt_code mt_command_parse(mt_ctx *cx, mt_command *out, int argc, char **argv,
                         bool (*is_flag)(const mt_command *command, const char *name))
{
    struct common common;
    *out = (mt_command){.n_word = 0};
    mt_field_clear(mt_common_options, &common);
    for (int k = 1; k < argc; k++) {
        mt_given given = {NULL, NULL};
        const char *option = short_option(argv[k]);
        if (!option) {
            MT_TRY(keep_word(cx, out, argv[k]));
            continue;
        }
        MT_TRY(split_option(cx, option, &given.name, &given.value));
        bool last = k + 1 == argc, alone = may_stand_alone(out, given.name, is_flag);
        if (!given.value && alone && (last || !is_yes_no(argv[k + 1]) || out->n_word < 2))
            given.value = "yes";
        if (!given.value && last) {
            if (mt_field_find(mt_common_options, given.name))
                return mt_fail(cx, MT_E_INPUT, "%s needs a value", argv[k]);
            out->bare = given.name;
            given.value = "";
        }
        if (!given.value) given.value = argv[++k];
        MT_TRY(keep_option(cx, out, &common, given));
    }
    finish_common(out, &common);
    return MT_OK;
}
