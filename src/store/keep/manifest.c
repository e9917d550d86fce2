/* The file that makes a folder of tables a backup. */
#include "store/keep/manifest.h"

#include "io/bytes.h"
#include "io/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FORM = 1, TABLES_MAX = 1000 };

static void write_table(mt_json_writer *json, const mt_kept_table *table)
{
    char sum[17];
    snprintf(sum, sizeof sum, "%016" PRIx64, table->sum.sum);
    mt_json_object(json);
    mt_json_key(json, "name"), mt_json_text(json, table->name);
    mt_json_key(json, "rows"), mt_json_int(json, (int64_t)table->sum.rows);
    mt_json_key(json, "sum"), mt_json_text(json, sum);
    mt_json_end(json);
}

static mt_code write_all(mt_ctx *cx, mt_out *out, const mt_kept *kept)
{
    mt_json_writer json;
    char made_at[MT_TIME_TEXT_MAX];
    mt_time_text(kept->made_at, made_at);
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, "merit_backup"), mt_json_int(&json, FORM);
    mt_json_key(&json, "version"), mt_json_int(&json, kept->version);
    mt_json_key(&json, "engine"), mt_json_text(&json, kept->engine);
    mt_json_key(&json, "made_at"), mt_json_text(&json, made_at);
    mt_json_key(&json, "tables"), mt_json_array(&json);
    for (size_t k = 0; k < kept->n; k++) write_table(&json, &kept->table[k]);
    mt_json_end(&json);
    mt_json_end(&json);
    return mt_json_done(&json);
}

mt_code mt_manifest_write(mt_ctx *cx, const mt_kept *kept, const char *folder)
{
    const char *path;
    mt_out *out;
    MT_TRY(mt_text_format(cx, &path, "%s/manifest.json", folder));
    MT_TRY(mt_out_file(cx, &out, path));
    mt_code code = write_all(cx, out, kept);
    if (code == MT_OK) code = mt_out_finish(cx, out);
    mt_out_close(out);
    return code;
}

/* A table's name becomes a file's name: nothing that leaves the folder. */
static bool is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < 64 && !name[n];
}

static mt_code read_table(mt_ctx *cx, mt_kept_table *out, const char *where, const mt_json *object)
{
    const char *sum;
    char *end;
    int64_t rows;
    MT_TRY(mt_json_get_text(cx, &out->name, object, "name"));
    MT_TRY(mt_json_get_int(cx, &rows, object, "rows"));
    MT_TRY(mt_json_get_text(cx, &sum, object, "sum"));
    if (!is_name(out->name)) return mt_fail(cx, MT_E_INPUT, "%s: \"%s\" is no table", where, out->name);
    out->expected = (mt_table_sum){(uint64_t)rows, strtoull(sum, &end, 16)};
    if (rows < 0 || strlen(sum) != 16 || *end)
        return mt_fail(cx, MT_E_INPUT, "%s: rows and sum of %s are no number and sixteen digits 0-9a-f",
                       where, out->name);
    return MT_OK;
}

static mt_code read_made_at(mt_ctx *cx, mt_kept *out, const char *where, const mt_json *root)
{
    const char *text;
    bool offset;
    MT_TRY(mt_json_get_text(cx, &text, root, "made_at"));
    if (mt_time_parse(text, strlen(text), &out->made_at, &offset)) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "%s: made_at \"%s\" is no moment", where, text);
}

mt_code mt_manifest_parse(mt_ctx *cx, mt_kept *out, const char *name, const char *bytes, size_t n)
{
    const mt_json *root, *tables;
    mt_kept kept = {.n = 0};
    int64_t form = 0;
    MT_TRY(mt_json_read(cx, &root, name, bytes, n));
    if (mt_json_get_int(cx, &form, root, "merit_backup") != MT_OK || form != FORM)
        return mt_fail(cx, MT_E_INPUT, "%s: is no manifest of a backup in form %d", name, FORM);
    MT_TRY(mt_json_get_int(cx, &kept.version, root, "version"));
    MT_TRY(mt_json_get_text(cx, &kept.engine, root, "engine"));
    MT_TRY(read_made_at(cx, &kept, name, root));
    MT_TRY(mt_json_get_array(cx, &tables, root, "tables"));
    if (tables->count > TABLES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: more than %d tables", name, TABLES_MAX);
    MT_TRY(MT_NEW(cx, &kept.table, tables->count + 1));
    for (const mt_json *table = tables->first; table; table = table->next)
        MT_TRY(read_table(cx, &kept.table[kept.n++], name, table));
    *out = kept;
    return MT_OK;
}

mt_code mt_manifest_read(mt_ctx *cx, mt_kept *out, const char *folder)
{
    mt_input input = {.fd = -1};
    mt_bytes *bytes = NULL;
    const char *at;
    size_t n = 0;
    bool last = false;
    mt_code code;
    MT_TRY(mt_text_format(cx, &input.name, "%s/manifest.json", folder));
    input.fd = open(input.name, O_RDONLY | O_CLOEXEC);
    if (input.fd < 0)
        return mt_fail(cx, MT_E_ABSENT, "%s: there is no backup here (%s)", input.name, strerror(errno));
    MT_TRY_OUT(mt_bytes_open(cx, &bytes, &input));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    MT_TRY_OUT(mt_manifest_parse(cx, out, input.name, at, n));
out:
    mt_bytes_close(bytes);
    close(input.fd);
    return code;
}
