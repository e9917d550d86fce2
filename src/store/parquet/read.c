/* A Parquet file's rows, with the units and docs that stand in its metadata. */
#include "store/parquet/engine.h"

#include "base/rows/table.h"
#include "store/spool.h"

#include <string.h>
#include <unistd.h>

#define UNIT_KEY "merit.unit."
#define DOC_KEY  "merit.doc."

static mt_unit unit_of(const char *text)
{
    for (int k = 0; k < MT_UNIT_TOTAL; k++)
        if (strcmp(mt_unit_text((mt_unit)k), text) == 0) return (mt_unit)k;
    return MT_UNIT_NONE;
}

/* What one entry says goes into the schema; entries of other programs say nothing to us. */
static void take_entry(mt_schema *schema, mt_field *field, const char *key, const char *value)
{
    if (strcmp(key, "merit.name") == 0) schema->name = value;
    for (size_t k = 0; k < schema->n_col; k++) {
        size_t n_unit = strlen(UNIT_KEY), n_doc = strlen(DOC_KEY);
        if (strncmp(key, UNIT_KEY, n_unit) == 0 && strcmp(key + n_unit, field[k].name) == 0)
            field[k].unit = unit_of(value);
        if (strncmp(key, DOC_KEY, n_doc) == 0 && strcmp(key + n_doc, field[k].name) == 0)
            field[k].doc = value;
    }
}

static mt_code read_entries(mt_ctx *cx, mt_duck_link link, mt_table **out, const char *file)
{
    mt_sink *sink;
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(%s) "
                          "WHERE decode(key) LIKE 'merit.%%'",
                          file));
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_duck_query(cx, link, sql, NULL, 0, false, sink);
    mt_sink_close(sink);
    return code;
}

/* A copy of the schema that says more. */
static mt_code annotate(mt_ctx *cx, mt_schema *out, const mt_schema *plain, const mt_table *entry)
{
    mt_field *field;
    MT_TRY(MT_NEW(cx, &field, plain->n_col + 1));
    memcpy(field, plain->col, plain->n_col * sizeof *field);
    *out = *plain;
    out->col = field;
    for (size_t k = 0; k < entry->n; k++) {
        const char *key, *value;
        MT_TRY(mt_text_copy(cx, &key, mt_table_get(entry, k, 0).as.text));
        MT_TRY(mt_text_copy(cx, &value, mt_table_get(entry, k, 1).as.text));
        take_entry(out, field, key, value);
    }
    return MT_OK;
}

static mt_code read_file(mt_ctx *cx, mt_duck_link link, mt_spool *spool, const char *path, mt_sink *sink)
{
    const char *file, *sql;
    mt_table *entry;
    mt_schema schema;
    MT_TRY(mt_engine_quote(cx, &file, path, '\''));
    MT_TRY(mt_text_format(cx, &sql, "SELECT * FROM read_parquet(%s)", file));
    MT_TRY(mt_duck_query(cx, link, sql, NULL, 0, true, mt_spool_sink(spool)));
    MT_TRY(read_entries(cx, link, &entry, file));
    MT_TRY(annotate(cx, &schema, mt_spool_schema(spool), entry));
    return mt_spool_pour(cx, spool, &schema, sink);
}

mt_code mt_parquet_read(mt_ctx *cx, mt_engine *engine, const char *path, mt_sink *sink)
{
    mt_duck_link link;
    mt_spool *spool;
    if (access(path, F_OK) != 0) return mt_fail(cx, MT_E_ABSENT, "there is no Parquet file %s", path);
    MT_TRY(mt_spool_open(cx, &spool, engine->temp_dir));
    mt_code code = mt_engine_connect(cx, engine, &link);
    if (code == MT_OK) {
        code = read_file(cx, link, spool, path, sink);
        mt_engine_disconnect(link);
    }
    mt_spool_close(spool);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "%s", path);
}
