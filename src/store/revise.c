/* Staged rows into a table whose values have versions: what stands in it, what stood before elsewhere. */
#include "store/revise.h"

#include <string.h>

/* Versions of the keys in question; it lives and dies in the transaction, on its one connection. */
#define REVISION "merit_revision"

static const mt_piece a_gathered = {"e.\"", NULL, "\"", ", "};
static const mt_piece a_touched = {"u.\"", "\" = s.\"", "\"", " AND "};
static const mt_piece a_greatest = {"e.\"", NULL, "\" DESC NULLS LAST", ", "};
static const mt_piece a_before = {"lag(e.\"", "\") OVER versions AS \"before_", "\"", ", "};
static const mt_piece a_change_of_value = {"e.\"", "\" IS DISTINCT FROM e.\"before_", "\"", " OR "};

/* The lists of columns that the texts below are made of. */
struct texts {
    const char *table, *history, *stage, *version, *scope;
    const char *names, *staged, *gathered;         /* every column: a, s.a, e.a */
    const char *key, *staged_key, *pair, *touched; /* the key: e.a; s.a; t.a = s.a; u.a = s.a */
    const char *difference; /* t.a IS DISTINCT FROM s.a …, of the values: neither key nor version */
    const char *change, *greatest, *before, *changed_value;
};

static mt_code list_values(mt_ctx *cx, struct texts *x, const mt_merge *merge)
{
    MT_TRY(mt_merge_columns(cx, &x->difference, &mt_piece_difference, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->change, &mt_piece_change, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->greatest, &a_greatest, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->before, &a_before, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->changed_value, &a_change_of_value, merge, true));
    if (*x->difference) return MT_OK;
    return mt_fail(cx, MT_E_SHAPE, "rows for %s bring no value that could be revised", x->table);
}

static mt_code make_texts(mt_ctx *cx, struct texts *x, const mt_merge_work *work)
{
    const mt_merge *merge = work->merge;
    x->table = merge->plan->table;
    x->history = merge->plan->history;
    x->stage = merge->stage->name;
    x->version = merge->plan->version;
    x->scope = work->scope;
    MT_TRY(mt_merge_columns(cx, &x->names, &mt_piece_name, merge, false));
    MT_TRY(mt_merge_columns(cx, &x->staged, &mt_piece_staged, merge, false));
    MT_TRY(mt_merge_columns(cx, &x->gathered, &a_gathered, merge, false));
    MT_TRY(mt_merge_names(cx, &x->key, &a_gathered, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->staged_key, &mt_piece_staged, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->touched, &a_touched, work->joined_key));
    return list_values(cx, x, merge);
}

/* How many staged rows meet a stored one, and how many of these may change anything. */
static mt_code compare(mt_ctx *cx, mt_merge_work *work, const struct texts *x, uint64_t *met,
                       uint64_t *different)
{
    const char *sql;
    mt_table *table;
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT count(*) AS met, count(CASE WHEN %s OR s.\"%s\" < t.\"%s\" THEN 1 END) AS "
                          "different FROM \"%s\" AS t JOIN %s AS s ON %s WHERE %s",
                          x->difference, x->version, x->version, x->table, x->stage, x->pair, x->scope));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, work->n_param));
    *met = (uint64_t)mt_table_get(table, 0, 0).as.integer;
    *different = (uint64_t)mt_table_get(table, 0, 1).as.integer;
    return MT_OK;
}

static mt_code insert_staged(mt_ctx *cx, mt_merge_work *work, const struct texts *x, uint64_t *added,
                             bool all)
{
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql, "INSERT INTO \"%s\" (%s) SELECT %s FROM %s AS s", x->table, x->names,
                          x->staged, x->stage));
    if (all) return mt_merge_exec(cx, work, added, sql, 0);
    MT_TRY(mt_text_format(cx, &sql, "%s WHERE NOT EXISTS (SELECT 1 FROM \"%s\" AS t WHERE %s AND %s)", sql,
                          x->table, x->pair, x->scope));
    return mt_merge_exec(cx, work, added, sql, work->n_param);
}

/* The keys whose versions must be looked at. */
static mt_code touched_keys(mt_ctx *cx, const char **out, const struct texts *x, bool twice)
{
    const char *several = "";
    if (twice)
        MT_TRY(mt_text_format(cx, &several, " UNION SELECT %s FROM %s AS s GROUP BY %s HAVING count(*) > 1",
                              x->staged_key, x->stage, x->staged_key));
    return mt_text_format(cx, out,
                          "SELECT %s FROM \"%s\" AS t JOIN %s AS s ON %s WHERE %s AND (%s OR s.\"%s\" < "
                          "t.\"%s\")%s",
                          x->staged_key, x->table, x->stage, x->pair, x->scope, x->difference, x->version,
                          x->version, several);
}

static mt_code gathered_rows(mt_ctx *cx, const char **out, const struct texts *x)
{
    const char *place;
    MT_TRY(mt_text_format(cx, &place, "AS s WHERE EXISTS (SELECT 1 FROM touched AS u WHERE %s)", x->touched));
    return mt_text_format(cx, out,
                          "SELECT %s FROM %s %s UNION ALL SELECT %s FROM (SELECT * FROM \"%s\" AS t WHERE "
                          "%s) %s UNION ALL SELECT %s FROM (SELECT * FROM \"%s\" AS t WHERE %s) %s",
                          x->staged, x->stage, place, x->staged, x->table, x->scope, place, x->staged,
                          x->history, x->scope, place);
}

/* One row for each version of the touched keys that is to be kept; the one that stands is marked. */
static mt_code gather(mt_ctx *cx, mt_merge_work *work, const struct texts *x)
{
    const char *sql, *touched, *rows;
    MT_TRY(mt_text_format(cx, &sql,
                          "CREATE TEMP TABLE " REVISION " AS SELECT %s, TRUE AS stands FROM \"%s\" AS e "
                          "WHERE false",
                          x->gathered, x->table));
    MT_TRY(mt_merge_exec(cx, work, NULL, sql, 0));
    MT_TRY(touched_keys(cx, &touched, x, work->merge->twice));
    MT_TRY(gathered_rows(cx, &rows, x));
    MT_TRY(mt_text_format(cx, &sql,
                          "INSERT INTO " REVISION " (%s, stands) WITH touched AS (%s), gathered AS (%s), "
                          "ranked AS (SELECT e.*, row_number() OVER (PARTITION BY %s, e.\"%s\" ORDER BY %s) "
                          "AS rank_of_version FROM gathered AS e), "
                          "ordered AS (SELECT e.*, row_number() OVER versions AS place_of_version, %s FROM "
                          "ranked AS e WHERE e.rank_of_version = 1 WINDOW versions AS (PARTITION BY %s ORDER "
                          "BY e.\"%s\" NULLS LAST)) "
                          "SELECT %s, row_number() OVER (PARTITION BY %s ORDER BY e.\"%s\" DESC NULLS LAST) "
                          "= 1 FROM ordered AS e WHERE e.place_of_version = 1 OR %s",
                          x->names, touched, rows, x->key, x->version, x->greatest, x->before, x->key,
                          x->version, x->gathered, x->key, x->version, x->changed_value));
    return mt_merge_exec(cx, work, NULL, sql, work->n_param);
}

/* The history of the touched keys becomes what was gathered. */
static mt_code write_history(mt_ctx *cx, mt_merge_work *work, const struct texts *x, uint64_t *kept)
{
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql,
                          "DELETE FROM \"%s\" AS t WHERE %s AND EXISTS (SELECT 1 FROM " REVISION
                          " AS s WHERE %s) AND NOT EXISTS (SELECT 1 FROM " REVISION
                          " AS s WHERE %s AND t.\"%s\" = s.\"%s\" AND NOT s.stands AND NOT (%s))",
                          x->history, x->scope, x->pair, x->pair, x->version, x->version, x->difference));
    MT_TRY(mt_merge_exec(cx, work, NULL, sql, work->n_param));
    MT_TRY(mt_text_format(cx, &sql,
                          "INSERT INTO \"%s\" (%s) SELECT %s FROM " REVISION
                          " AS s WHERE NOT s.stands AND NOT EXISTS (SELECT 1 FROM \"%s\" AS t WHERE %s AND "
                          "t.\"%s\" = s.\"%s\" AND %s)",
                          x->history, x->names, x->staged, x->history, x->pair, x->version, x->version,
                          x->scope));
    return mt_merge_exec(cx, work, kept, sql, work->n_param);
}

/* What stands: another value, the same value known earlier, or the first one of its key. */
static mt_code write_standing(mt_ctx *cx, mt_merge_work *work, const struct texts *x, mt_merge_counts *counts)
{
    const char *from, *sql;
    MT_TRY(mt_text_format(cx, &from, "\"%s\" = s.\"%s\" FROM " REVISION " AS s WHERE %s AND %s AND s.stands",
                          x->version, x->version, x->pair, x->scope));
    MT_TRY(mt_text_format(cx, &sql, "UPDATE \"%s\" AS t SET %s, %s AND (%s)", x->table, x->change, from,
                          x->difference));
    MT_TRY(mt_merge_exec(cx, work, &counts->changed, sql, work->n_param));
    MT_TRY(mt_text_format(cx, &sql, "UPDATE \"%s\" AS t SET %s AND t.\"%s\" <> s.\"%s\"", x->table, from,
                          x->version, x->version));
    MT_TRY(mt_merge_exec(cx, work, NULL, sql, work->n_param));
    if (!work->merge->twice) return MT_OK;
    MT_TRY(mt_text_format(cx, &sql,
                          "INSERT INTO \"%s\" (%s) SELECT %s FROM " REVISION
                          " AS s WHERE s.stands AND NOT EXISTS (SELECT 1 FROM \"%s\" AS t WHERE %s AND %s)",
                          x->table, x->names, x->staged, x->table, x->pair, x->scope));
    return mt_merge_exec(cx, work, &counts->added, sql, work->n_param);
}

static mt_code revise(mt_ctx *cx, mt_merge_work *work, const struct texts *x, mt_merge_counts *counts)
{
    MT_TRY(work->conn->backend->lock_table(cx, work->conn, x->history));
    MT_TRY(gather(cx, work, x));
    MT_TRY(write_history(cx, work, x, &counts->kept));
    MT_TRY(write_standing(cx, work, x, counts));
    return mt_merge_exec(cx, work, NULL, "DROP TABLE " REVISION, 0);
}

mt_code mt_revise(mt_ctx *cx, mt_merge_work *work, mt_merge_counts *counts)
{
    struct texts x;
    uint64_t met, different, added = 0;
    MT_TRY(make_texts(cx, &x, work));
    MT_TRY(compare(cx, work, &x, &met, &different));
    bool simple = !work->merge->twice && !different;
    if (!simple) MT_TRY(revise(cx, work, &x, counts));
    if (simple && met == counts->given) return MT_OK;
    MT_TRY(insert_staged(cx, work, &x, &added, simple && !met));
    counts->added += added;
    return MT_OK;
}
