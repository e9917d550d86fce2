/* The portfolio's files in the store: vpp.load puts them in, vpp.kept lists them. */
#include "base/rows/emit.h"
#include "formats/vpp/vpp_files.h"
#include "ops/world.h"
#include "store/data/archive_store.h"

#include <string.h>

struct archive_row {
    mt_archive_file file;
    int status;
    bool current;
};

#define FILE_AT(type_, C, member)                                                                            \
    .type = type_, .offset = offsetof(struct archive_row, file) + MT_MEMBER_AT(mt_archive_file, member, C)

/* clang-format off */
#define FILE_COLUMNS \
    {.name = "file", FILE_AT(MT_TEXT, const char *, name), .doc = "its name below the folder"}, \
    {.name = "kind", FILE_AT(MT_TEXT, const char *, kind), .doc = "what it is taken for"}, \
    {.name = "day", FILE_AT(MT_DAY, int32_t, day), .doc = "delivery day in its name; empty: none"}, \
    {.name = "version", FILE_AT(MT_TIME, int64_t, version), .doc = "moment in its name; empty: none"}, \
    {.name = "bytes", FILE_AT(MT_INT, int64_t, bytes), .unit = MT_UNIT_BYTE, .doc = "its size"}, \
    {.name = "sha256", FILE_AT(MT_TEXT, const char *, sha256), .doc = "digest of its bytes"}, \
    {.name = "known_at", FILE_AT(MT_TIME, int64_t, known_at), .doc = "when the store got to know it, UTC"}
/* clang-format on */

/* --- vpp.load ---------------------------------------------------------------------------------------- */

struct load_args {
    const char *data;
    int64_t known_at;
};

static const mt_field load_arg[] = {{.name = "data",
                                     MT_TEXT_AT(load_args, data),
                                     .required = true,
                                     .local = true,
                                     .doc = "folder of the portfolio's files"},
                                    {.name = "known_at",
                                     MT_TIME_AT(load_args, known_at),
                                     .doc = "the moment the files became known; missing: now"},
                                    {.name = NULL}};

static const mt_field load_col[] = {
    FILE_COLUMNS,
    {.name = "status",
     MT_CHOICE_AT(archive_row, status),
     .choice = mt_archive_fate_word,
     .doc = "new; known: kept already; changed: other bytes than were kept under this name"},
    {.name = NULL}};

static mt_code find_given(mt_ctx *cx, mt_archive_given **out, size_t *n, const char *folder)
{
    const mt_vpp_file *file;
    const mt_vpp_options options = {.size = sizeof options, .from = MT_TIME_NONE, .until = MT_TIME_NONE};
    MT_TRY(mt_vpp_files(cx, &file, n, folder, &options, NULL));
    MT_TRY(MT_NEW(cx, out, *n + 1));
    for (size_t k = 0; k < *n; k++) {
        (*out)[k] = (mt_archive_given){.path = file[k].path,
                                       .file = {.name = file[k].origin.name,
                                                .kind = mt_vpp_file_kind_name(file[k].kind),
                                                .version = file[k].origin.version,
                                                .day = file[k].origin.day}};
    }
    return MT_OK;
}

static mt_code load_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct load_args *a = args;
    mt_archive_given *given;
    size_t n;
    mt_store *store;
    mt_emit *emit;
    MT_TRY(find_given(cx, &given, &n, a->data));
    MT_TRY(mt_world_store(cx, world, &store));
    mt_time known_at = a->known_at != MT_TIME_NONE ? a->known_at : mt_world_now(world);
    MT_TRY(mt_archive_store_put(cx, store, given, n, known_at));
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.load", load_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const struct archive_row row = {given[k].file, (int)given[k].fate, true};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_vpp_load = {
    .name = "vpp.load",
    .summary = "keep a portfolio's files in the store, byte by byte, with the moment they became known",
    .doc = "Operations of the desk without --data use the kept files, also as of an earlier moment. A file "
           "that is kept already is left alone; other bytes under the same name are a newer entry beside the "
           "old one. The same bytes are kept once.",
    .example = "--data tests/data/portfolio",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS,
    .args_size = sizeof(struct load_args),
    .arg = load_arg,
    .col = load_col,
    .run = load_run,
};

/* --- vpp.kept ---------------------------------------------------------------------------------------- */

struct kept_args {
    const char *kind, *file;
    int64_t as_of;
};

static const mt_field kept_arg[] = {
    {.name = "kind", MT_TEXT_AT(kept_args, kind), .doc = "only files of this kind, as vpp.files tells it"},
    {.name = "file", MT_TEXT_AT(kept_args, file), .doc = "only this one, all its entries"},
    {.name = "as_of", MT_TIME_AT(kept_args, as_of), .doc = "only what was known at this moment"},
    {.name = NULL}};

static const mt_field kept_col[] = {
    FILE_COLUMNS,
    {.name = "current", MT_BOOL_AT(archive_row, current), .doc = "false: a newer entry of this name counts"},
    {.name = NULL}};

static bool is_wanted(const struct kept_args *a, const mt_archive_file *file)
{
    if (a->kind && strcmp(a->kind, file->kind) != 0) return false;
    if (a->file && strcmp(a->file, file->name) != 0) return false;
    return a->as_of == MT_TIME_NONE || file->known_at <= a->as_of;
}

static mt_code kept_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct kept_args *a = args;
    const mt_archive_file *file;
    size_t n;
    mt_store *store;
    mt_emit *emit;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_archive_store_history(cx, store, &file, &n));
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.kept", kept_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        bool newer = k + 1 < n && strcmp(file[k + 1].name, file[k].name) == 0 && is_wanted(a, &file[k + 1]);
        const struct archive_row row = {.file = file[k], .current = !newer};
        if (is_wanted(a, &file[k])) MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_vpp_kept = {
    .name = "vpp.kept",
    .summary = "the portfolio's files that the store keeps, every entry of each",
    .example = "--kind contracts",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_STAFF,
    .args_size = sizeof(struct kept_args),
    .arg = kept_arg,
    .col = kept_col,
    .run = kept_run,
};
