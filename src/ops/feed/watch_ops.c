/* Operations on folders in which files arrive: data.watch stores what is new, data.files lists them. */
#include "ops/feed/ingest_file.h"

#include "base/rows/emit.h"
#include "ops/stream/topics.h"
#include "sources/folder.h"
#include "store/data/fetch_store.h"

#include <string.h>
#include <unistd.h>

struct watch_args {
    const char *place, *pattern, *as, *source, *endpoint, *region;
    mt_input mapping;
    int precision;
    bool judge, newest;
};

#define PLACE_ARGS                                                                                           \
    {.name = "place",                                                                                        \
     MT_TEXT_AT(watch_args, place),                                                                          \
     .local = true,                                                                                          \
     .required = true,                                                                                       \
     .doc = "folder, file:///FOLDER or s3://BUCKET/PREFIX"},                                                 \
        {.name = "pattern",                                                                                  \
         MT_TEXT_AT(watch_args, pattern),                                                                    \
         .doc =                                                                                              \
             "of the names, e.g. 'prices_{version}.csv'; without: every file, its version found by itself"}, \
        {.name = "endpoint",                                                                                 \
         MT_TEXT_AT(watch_args, endpoint),                                                                   \
         .local = true,                                                                                      \
         .doc = "of a bucket that is not Amazon's, e.g. http://127.0.0.1:9000"},                             \
    {                                                                                                        \
        .name = "region", MT_TEXT_AT(watch_args, region), .doc = "of a bucket; without: us-east-1"           \
    }

static const mt_field files_arg[] = {PLACE_ARGS, {.name = NULL}};

static const mt_field watch_arg[] = {
    PLACE_ARGS,
    {.name = "as",
     MT_TEXT_AT(watch_args, as),
     .doc = "what the files are, instead of looking, see data.ingest"},
    {.name = "mapping",
     MT_INPUT_AT(watch_args, mapping),
     .doc = "a mapping file that says what records mean"},
    {.name = "source", MT_TEXT_AT(watch_args, source), .doc = "whom the values come from"},
    {.name = "precision",
     MT_CHOICE_AT(watch_args, precision),
     .choice = mt_ingest_precision,
     .doc = "what times of line protocol count, ns where nothing is said"},
    {.name = "newest",
     MT_BOOL_AT(watch_args, newest),
     .doc = "only the newest version of each file, not those before it"},
    {.name = "judge",
     MT_BOOL_AT(watch_args, judge),
     .fallback = "no",
     .doc = "set days with suspicious values aside instead of storing them"},
    {.name = NULL}};

static mt_code find_secret(mt_ctx *cx, void *arg, const char **out, const char *name)
{
    return mt_world_secret(cx, arg, out, name);
}

static mt_code make_place(mt_ctx *cx, const mt_world *world, const struct watch_args *args,
                          mt_folder_place *out)
{
    *out = (mt_folder_place){.size = sizeof *out,
                             .url = args->place,
                             .pattern = args->pattern,
                             .endpoint = args->endpoint,
                             .region = args->region,
                             .secret = find_secret,
                             .arg = (void *)(uintptr_t)world};
    if (strncmp(args->place, "s3://", 5) != 0) return MT_OK;
    return mt_world_http(cx, world, &out->http);
}

struct file_row {
    const char *name, *stem, *version;
    int64_t rank, size;
    mt_time modified;
};

static const mt_field file_col[] = {
    {.name = "name", MT_TEXT_AT(file_row, name), .doc = "below the place"},
    {.name = "stem", MT_TEXT_AT(file_row, stem), .doc = "name without its version"},
    {.name = "version", MT_TEXT_AT(file_row, version), .doc = "as it stands in the name; empty: none"},
    {.name = "rank",
     MT_INT_AT(file_row, rank),
     .unit = MT_UNIT_COUNT,
     .doc = "0: the newest of its stem, then older ones"},
    {.name = "size", MT_INT_AT(file_row, size), .unit = MT_UNIT_BYTE, .doc = "of the file"},
    {.name = "modified", MT_TIME_AT(file_row, modified), .doc = "UTC"},
    {.name = NULL}};

static mt_code files_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct watch_args *a = args;
    const mt_folder_entry *entry;
    mt_folder_place place;
    mt_emit *emit;
    size_t n;
    MT_TRY(make_place(cx, world, a, &place));
    MT_TRY(mt_folder_list(cx, &place, &entry, &n));
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.files", file_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        struct file_row row = {entry[k].name, entry[k].version.stem,  entry[k].version.text,
                               entry[k].rank, (int64_t)entry[k].size, entry[k].modified};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_data_files = {
    .name = "data.files",
    .summary = "the files of a folder or bucket, and which are versions of one another",
    .example = "tests/data",
    .effect = MT_READ,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct watch_args),
    .words = "place",
    .arg = files_arg,
    .col = file_col,
    .run = files_run,
};

/* A pass over one place. */
struct watching {
    const struct watch_args *args;
    mt_folder_place place;
    mt_ingesting in;
    mt_store *store;
    mt_emit *emit;
    size_t failed;
};

/* What is remembered of a file: that it was stored as it is now. */
static mt_fetch_key key_of(const struct watching *w, const mt_folder_entry *entry)
{
    return (mt_fetch_key){"folder", w->args->place, entry->name};
}

static mt_code is_known(mt_ctx *cx, const struct watching *w, const mt_folder_entry *entry, bool *out)
{
    mt_fetch_state state;
    mt_fetch_key key = key_of(w, entry);
    MT_TRY(mt_fetch_store_read(cx, &state, w->store, &key));
    *out = state.state && strcmp(state.state, entry->etag) == 0;
    return MT_OK;
}

static mt_code remember(mt_ctx *cx, const struct watching *w, const mt_folder_entry *entry)
{
    mt_fetch_saving saving = {key_of(w, entry), {.fetched_to = entry->modified, .state = entry->etag}};
    return mt_store_write(cx, w->store, mt_fetch_store_commit, &saving);
}

/* A file's values are known since its version's moment: so an older version that comes later goes behind. */
static mt_code store_file(mt_ctx *cx, const struct watching *w, const mt_folder_entry *entry,
                          mt_ingested *row)
{
    mt_ingesting in = w->in;
    mt_input input = {.name = entry->name};
    mt_time version = entry->version.time;
    if (version != MT_TIME_NONE) in.known_at = version;
    MT_TRY(mt_folder_open(cx, &w->place, entry, &input.fd));
    mt_code code = mt_ingest_file(cx, row, &in, &input);
    close(input.fd);
    return code;
}

/* A file that cannot be read is told and tried again at the next pass; the others go on. */
static mt_code take_file(mt_ctx *cx, struct watching *w, const mt_folder_entry *entry)
{
    mt_ingested row = {.file = entry->name};
    bool known;
    MT_TRY(is_known(cx, w, entry, &known));
    if (known) return MT_OK;
    mt_code code = store_file(cx, w, entry, &row);
    bool theirs = code == MT_E_INPUT || code == MT_E_TOO_LARGE || code == MT_E_ABSENT;
    if (code != MT_OK && !theirs) return code;
    if (code != MT_OK) {
        mt_log(cx, MT_LOG_WARN, "%s", cx->err);
        mt_ctx_forgive(cx);
        w->failed++;
        row = (mt_ingested){.file = entry->name, .as = "not read"};
        return mt_emit_put(w->emit, &row);
    }
    MT_TRY(remember(cx, w, entry));
    return mt_emit_put(w->emit, &row);
}

static const mt_field watched_col[] = {
    {.name = "file", MT_TEXT_AT(mt_ingested, file), .doc = "below the place"},
    {.name = "as", MT_TEXT_AT(mt_ingested, as), .doc = "what it was read as; \"not read\": the log says why"},
    {.name = "records", MT_INT_AT(mt_ingested, records), .unit = MT_UNIT_COUNT, .doc = "rows or messages"},
    {.name = "bad", MT_INT_AT(mt_ingested, bad), .unit = MT_UNIT_COUNT, .doc = "of them without use"},
    {.name = "given", MT_INT_AT(mt_ingested, given), .unit = MT_UNIT_COUNT, .doc = "values found in them"},
    {.name = "added", MT_INT_AT(mt_ingested, added), .unit = MT_UNIT_COUNT, .doc = "new values"},
    {.name = "changed", MT_INT_AT(mt_ingested, changed), .unit = MT_UNIT_COUNT, .doc = "revised values"},
    {.name = "unchanged", MT_INT_AT(mt_ingested, unchanged), .unit = MT_UNIT_COUNT, .doc = "stored already"},
    {.name = "set_aside",
     MT_INT_AT(mt_ingested, set_aside),
     .unit = MT_UNIT_COUNT,
     .doc = "values of suspicious days"},
    {.name = NULL}};

static mt_code begin(mt_ctx *cx, const mt_world *world, struct watching *w)
{
    const struct watch_args *a = w->args;
    w->in = (mt_ingesting){.world = world,
                           .as = a->as,
                           .source = a->source,
                           .precision = a->precision,
                           .known_at = mt_world_now(world),
                           .judge = a->judge};
    if (a->mapping.name && a->as)
        return mt_fail(cx, MT_E_INPUT, "--as and --mapping both say what the files are: give one of them");
    if (a->mapping.name) MT_TRY(mt_topics_mapping(cx, &w->in.mapping, &a->mapping));
    MT_TRY(make_place(cx, world, a, &w->place));
    return mt_world_store(cx, world, &w->store);
}

static mt_code watch_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    struct watching w = {.args = args};
    const mt_folder_entry *entry;
    size_t n;
    MT_TRY(begin(cx, world, &w));
    MT_TRY(mt_folder_list(cx, &w.place, &entry, &n));
    MT_TRY(mt_emit_begin(cx, &w.emit, out, "data.watch", watched_col, NULL, NULL));
    for (size_t k = n; k-- > 0;) { /* versions stand newest first: the oldest goes in first */
        if (w.args->newest && entry[k].rank > 0) continue;
        mt_ctx_progress(cx, "watch", n - 1 - k, n, "files");
        MT_TRY(take_file(cx, &w, &entry[k]));
    }
    MT_TRY(mt_emit_end(w.emit));
    return w.failed ? MT_FINDINGS : MT_OK;
}

const mt_op mt_op_data_watch = {
    .name = "data.watch",
    .summary = "store the files of a folder or bucket that are new or have changed",
    .doc =
        "One pass; a server's schedule makes it a watch: every 1min data.watch --place /data/in. A file that "
        "was stored as it is now is passed over. Names carry versions: values of a file are known since the "
        "date in its name, so that the newest version stands and what the older ones said can still be asked "
        "for. A file that cannot be read is told, and tried again at the next pass (exit status 7).",
    .example = "tests/data --pattern Elspotprices.csv",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct watch_args),
    .words = "place",
    .arg = watch_arg,
    .col = watched_col,
    .run = watch_run,
};
