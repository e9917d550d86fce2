/* Words of a line, and a table of what the first one may be. */
#include "server/config.h"

#include "ops/ops.h"

#include <stdio.h>
#include <string.h>

struct reader {
    mt_ctx *cx;
    const char *file;
    int line;
    const mt_config_known *known;
    const char *word[MT_CONFIG_WORDS_MAX];
    size_t n;
    mt_config *config;
    mt_config_mapping *mapping;
    mt_config_consume *consume;
    mt_schedule_entry *entry;
};

/* Puts file and line before the sentence in hand. */
static mt_code at_line(struct reader *r, mt_code code)
{
    if (code == MT_OK || code == MT_E_MEMORY) return code;
    mt_fail_at(r->cx, "%s, line %d", r->file, r->line);
    r->cx->code = MT_E_INPUT;
    return MT_E_INPUT;
}

/* --- words ------------------------------------------------------------------------------------------- */

static mt_code take_word(struct reader *r, const char **at, const char *end)
{
    bool quoted = **at == '"';
    const char *from = *at + quoted, *to = from;
    if (r->n == MT_CONFIG_WORDS_MAX)
        return mt_fail(r->cx, MT_E_INPUT, "more than %d words", MT_CONFIG_WORDS_MAX);
    while (to < end && (quoted ? *to != '"' : *to != ' ' && *to != '\t' && *to != '\r')) to++;
    if (quoted && to == end) return mt_fail(r->cx, MT_E_INPUT, "a quote is not closed");
    if (memchr(from, 0, (size_t)(to - from))) return mt_fail(r->cx, MT_E_INPUT, "a zero byte in a word");
    *at = to + quoted;
    return mt_text_copy(r->cx, &r->word[r->n++], (mt_text){from, (size_t)(to - from)});
}

static mt_code split_line(struct reader *r, mt_text line)
{
    const char *at = line.at, *end = line.at + line.length;
    r->n = 0;
    for (;;) {
        while (at < end && (*at == ' ' || *at == '\t' || *at == '\r')) at++;
        if (at == end || *at == '#') return MT_OK;
        MT_TRY(take_word(r, &at, end));
    }
}

/* --name value, --name=value, or --name alone (yes), from word `k` on. */
static mt_code take_options(struct reader *r, size_t k, const mt_given **out, size_t *n)
{
    mt_given *given;
    MT_TRY(MT_NEW(r->cx, &given, r->n + 1));
    *n = 0;
    for (; k < r->n; k++) {
        const char *word = r->word[k], *mark = strchr(word, '=');
        char *name;
        if (strncmp(word, "--", 2) != 0 || !word[2])
            return mt_fail(r->cx, MT_E_INPUT, "\"%.60s\" stands where an argument --name is expected", word);
        size_t length = mark ? (size_t)(mark - word) - 2 : strlen(word) - 2;
        MT_TRY(mt_text_copy(r->cx, (const char **)&name, (mt_text){word + 2, length}));
        for (char *c = name; *c; c++) *c = *c == '-' ? '_' : *c;
        bool alone = !mark && (k + 1 == r->n || strncmp(r->word[k + 1], "--", 2) == 0);
        given[(*n)++] = (mt_given){name, mark ? mark + 1 : alone ? "yes" : r->word[++k]};
    }
    *out = given;
    return MT_OK;
}

static mt_code check_names(struct reader *r, const char *what, const mt_field *field, const mt_given *given,
                           size_t n)
{
    const char *known[MT_CONFIG_WORDS_MAX];
    size_t n_known = 0;
    for (const mt_field *f = field; f && f->name && n_known < MT_CONFIG_WORDS_MAX; f++)
        known[n_known++] = f->name;
    for (size_t k = 0; k < n; k++) {
        if (mt_field_find(field, given[k].name)) continue;
        int nearest = mt_text_nearest(given[k].name, known, n_known);
        return mt_fail(r->cx, MT_E_INPUT, "%s has no argument \"%.60s\"%s%s%s", what, given[k].name,
                       nearest < 0 ? "" : "; did you mean \"", nearest < 0 ? "" : known[nearest],
                       nearest < 0 ? "" : "\"?");
    }
    return MT_OK;
}

/* --- statements -------------------------------------------------------------------------------------- */

static mt_code want_words(struct reader *r, size_t n, const char *like)
{
    if (r->n == n) return MT_OK;
    return mt_fail(r->cx, MT_E_INPUT, "%s: \"%s\" is right", r->word[0], like);
}

static mt_code read_listen(struct reader *r)
{
    r->config->listen = r->n > 1 ? r->word[1] : NULL;
    return want_words(r, 2, "listen 127.0.0.1:8686");
}

static mt_code read_public(struct reader *r)
{
    r->config->allow_public = true;
    return want_words(r, 1, "public");
}

static mt_code read_names(struct reader *r)
{
    const char **name;
    if (r->n < 2) return mt_fail(r->cx, MT_E_INPUT, "names: \"names merit market.example\" is right");
    MT_TRY(MT_NEW(r->cx, &name, r->n));
    for (size_t k = 1; k < r->n; k++) {
        if (!r->word[k][0] || strpbrk(r->word[k], "/ \t@?#*"))
            return mt_fail(r->cx, MT_E_INPUT, "names \"%.60s\": a host name without scheme and path is right",
                           r->word[k]);
        name[k - 1] = r->word[k];
    }
    r->config->name = name;
    r->config->n_name = r->n - 1;
    return MT_OK;
}

static mt_code read_store(struct reader *r)
{
    r->config->store = r->n > 1 ? r->word[1] : NULL;
    return want_words(r, 2, "store duckdb:PATH");
}

static mt_code read_cache(struct reader *r)
{
    static const struct {
        const char *name;
        int shift;
    } unit[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    MT_TRY(want_words(r, 2, "cache 64MiB"));
    const char *text = r->word[1];
    size_t digits = strspn(text, "0123456789");
    int64_t n;
    int shift = text[digits] ? -1 : 0;
    for (size_t k = 0; k < sizeof unit / sizeof *unit; k++) {
        if (strcmp(text + digits, unit[k].name) == 0) shift = unit[k].shift;
    }
    if (shift < 0 || digits > 9 || !mt_int_parse(text, digits, &n) || n > (INT64_C(1) << 40) >> shift)
        return mt_fail(r->cx, MT_E_INPUT, "cache \"%.40s\": a size such as 64MiB is right", text);
    r->config->cache_bytes = n << shift;
    return MT_OK;
}

static mt_code read_workers(struct reader *r)
{
    MT_TRY(want_words(r, 2, "workers 4"));
    int64_t *out = &r->config->workers;
    if (mt_int_parse(r->word[1], strlen(r->word[1]), out) && *out >= 1 && *out <= 1024) return MT_OK;
    return mt_fail(r->cx, MT_E_INPUT, "workers \"%.40s\": a number from 1 to 1024 is right", r->word[1]);
}

static mt_code read_drain(struct reader *r)
{
    MT_TRY(want_words(r, 2, "drain 20s"));
    mt_time *out = &r->config->drain;
    if (mt_span_parse(r->word[1], strlen(r->word[1]), out) && *out >= 0 && *out <= MT_US_HOUR) return MT_OK;
    return mt_fail(r->cx, MT_E_INPUT, "drain \"%.40s\": a time up to 1h is right, e.g. 20s", r->word[1]);
}

static mt_code want_room(struct reader *r, size_t n)
{
    if (n < MT_CONFIG_LIST_MAX) return MT_OK;
    return mt_fail(r->cx, MT_E_INPUT, "more than %d statements \"%s\"", MT_CONFIG_LIST_MAX, r->word[0]);
}

static mt_code read_mapping(struct reader *r)
{
    MT_TRY(want_words(r, 3, "mapping TOPIC FILE"));
    MT_TRY(want_room(r, r->config->n_mapping));
    r->mapping[r->config->n_mapping++] = (mt_config_mapping){r->word[1], r->word[2], r->line};
    return MT_OK;
}

static mt_code read_consume(struct reader *r)
{
    mt_config_consume consume = {.line = r->line};
    if (r->n < 2 || strncmp(r->word[1], "--", 2) == 0)
        return mt_fail(r->cx, MT_E_INPUT, "consume: \"consume kafka://HOST:9092 --topics a,b\" is right");
    MT_TRY(want_room(r, r->config->n_consume));
    consume.url = r->word[1];
    MT_TRY(take_options(r, 2, &consume.given, &consume.n));
    if (r->known && r->known->consume)
        MT_TRY(check_names(r, "consume", r->known->consume, consume.given, consume.n));
    r->consume[r->config->n_consume++] = consume;
    return MT_OK;
}

/* The rest of an entry: the operation at word `k` and its arguments. */
static mt_code take_operation(struct reader *r, mt_schedule_entry *entry, size_t k)
{
    if (k >= r->n)
        return mt_fail(r->cx, MT_E_INPUT, "%s: the operation is missing, e.g. data.fetch", r->word[0]);
    MT_TRY(want_room(r, r->config->n_entry));
    MT_TRY(mt_ops_get(r->cx, &entry->op, r->word[k]));
    MT_TRY(take_options(r, k + 1, &entry->given, &entry->n_given));
    MT_TRY(check_names(r, entry->op->name, entry->op->arg, entry->given, entry->n_given));
    entry->text = r->word[0];
    for (size_t w = 1; w < r->n; w++) {
        bool blank = strchr(r->word[w], ' ') || !r->word[w][0];
        MT_TRY(mt_text_format(r->cx, &entry->text, blank ? "%s \"%s\"" : "%s %s", entry->text, r->word[w]));
    }
    for (size_t e = 0; e < r->config->n_entry; e++) {
        if (strcmp(r->entry[e].text, entry->text) == 0)
            return mt_fail(r->cx, MT_E_INPUT, "the same entry stands further up already");
    }
    r->entry[r->config->n_entry++] = *entry;
    return MT_OK;
}

static mt_code read_every(struct reader *r)
{
    mt_schedule_entry entry = {.n_given = 0};
    bool shifted = r->n > 3 && strcmp(r->word[2], "offset") == 0;
    if (r->n < 2) return mt_fail(r->cx, MT_E_INPUT, "every: \"every 15min data.fetch …\" is right");
    MT_TRY(mt_due_every(r->cx, &entry.due, r->word[1], shifted ? r->word[3] : NULL));
    return take_operation(r, &entry, shifted ? 4 : 2);
}

static mt_code read_cron(struct reader *r)
{
    mt_schedule_entry entry = {.n_given = 0};
    const mt_zone *zone;
    if (r->n < 3)
        return mt_fail(r->cx, MT_E_INPUT,
                       "cron: \"cron \"*/15 * * * *\" Europe/Berlin data.fetch …\" is right");
    MT_TRY(mt_zone_read(r->cx, &zone, r->word[2], r->known ? r->known->zones : NULL));
    MT_TRY(mt_due_cron(r->cx, &entry.due, r->word[1], zone));
    return take_operation(r, &entry, 3);
}

static const struct {
    const char *name;
    mt_code (*read)(struct reader *r);
    bool many;
} statement[] = {
    {"listen", read_listen, false}, {"public", read_public, false},  {"names", read_names, false},
    {"store", read_store, false},   {"cache", read_cache, false},    {"workers", read_workers, false},
    {"drain", read_drain, false},   {"mapping", read_mapping, true}, {"consume", read_consume, true},
    {"every", read_every, true},    {"cron", read_cron, true}};

enum { STATEMENTS = sizeof statement / sizeof *statement };

static mt_code read_statement(struct reader *r, bool seen[STATEMENTS])
{
    const char *known[STATEMENTS];
    for (size_t k = 0; k < STATEMENTS; k++) {
        known[k] = statement[k].name;
        if (strcmp(r->word[0], known[k]) != 0) continue;
        if (seen[k] && !statement[k].many) return mt_fail(r->cx, MT_E_INPUT, "%s is said twice", known[k]);
        seen[k] = true;
        return statement[k].read(r);
    }
    int nearest = mt_text_nearest(r->word[0], known, STATEMENTS);
    return mt_fail(r->cx, MT_E_INPUT, "\"%.60s\" is no statement%s%s%s", r->word[0],
                   nearest < 0 ? "" : "; did you mean \"", nearest < 0 ? "" : known[nearest],
                   nearest < 0 ? "" : "\"?");
}

static mt_code make_lists(struct reader *r)
{
    MT_TRY(MT_NEW(r->cx, &r->mapping, MT_CONFIG_LIST_MAX));
    MT_TRY(MT_NEW(r->cx, &r->consume, MT_CONFIG_LIST_MAX));
    MT_TRY(MT_NEW(r->cx, &r->entry, MT_CONFIG_LIST_MAX));
    r->config->mapping = r->mapping;
    r->config->consume = r->consume;
    r->config->entry = r->entry;
    return MT_OK;
}

mt_code mt_config_parse(mt_ctx *cx, mt_config *out, const char *file, mt_text text,
                        const mt_config_known *known)
{
    mt_config config = {.cache_bytes = -1, .drain = INT64_MIN};
    struct reader r = {.cx = cx, .file = file, .known = known, .config = &config};
    bool seen[STATEMENTS] = {false};
    MT_TRY(make_lists(&r));
    while (text.length) {
        const char *mark = memchr(text.at, '\n', text.length);
        size_t n = mark ? (size_t)(mark - text.at) : text.length;
        r.line++;
        MT_TRY(at_line(&r, split_line(&r, (mt_text){text.at, n})));
        if (r.n) MT_TRY(at_line(&r, read_statement(&r, seen)));
        text = (mt_text){text.at + n + (mark != NULL), text.length - n - (mark != NULL)};
    }
    *out = config;
    return MT_OK;
}
