/* Staged rows into a table whose values have versions: what stands in it, what stood before elsewhere. */
#include "store/revise.h"

#include <string.h>

/* Versions of the keys in question; it lives and dies in the transaction, on its one connection. */
#define REVISION "merit_revision"
#define NUMBER   MT_STAGE_NUMBER

/* What two values of one moment are apart. */
#define TIE "INTERVAL '1 microsecond'"

static const mt_piece a_gathered = {"e.\"", NULL, "\"", ", "};
static const mt_piece a_stored = {"t.\"", NULL, "\"", ", "};
static const mt_piece a_touched = {"u.\"", "\" = s.\"", "\"", " AND "};
static const mt_piece a_before = {"lag(e.\"", "\") OVER versions AS \"before_", "\"", ", "};
static const mt_piece a_change_of_value = {"e.\"", "\" IS DISTINCT FROM e.\"before_", "\"", " OR "};

/* The lists of columns that the texts below are made of. */
struct texts {
    const char *table, *history, *stage, *version, *scope;
    const char *names, *staged, *gathered;         /* every column: a, s.a, e.a */
    const char *key, *staged_key, *pair, *touched; /* the key: e.a; s.a; t.a = s.a; u.a = s.a */
    const char *key_names, *value_names, *values;  /* a; a and e.a of the values: neither key nor version */
    const char *difference;                        /* t.a IS DISTINCT FROM s.a …, of the values */
    const char *change, *before, *changed_value;
};

static mt_code list_values(mt_ctx *cx, struct texts *x, const mt_merge *merge)
{
    MT_TRY(mt_merge_decisive(cx, &x->difference, &mt_piece_difference, merge));
    MT_TRY(mt_merge_columns(cx, &x->change, &mt_piece_change, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->value_names, &mt_piece_name, merge, true));
    MT_TRY(mt_merge_columns(cx, &x->values, &a_gathered, merge, true));
    MT_TRY(mt_merge_decisive(cx, &x->before, &a_before, merge));
    MT_TRY(mt_merge_decisive(cx, &x->changed_value, &a_change_of_value, merge));
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
    MT_TRY(mt_merge_names(cx, &x->key_names, &mt_piece_name, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->staged_key, &mt_piece_staged, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_merge_names(cx, &x->touched, &a_touched, work->joined_key));
    return list_values(cx, x, merge);
}

/* What the staged rows ask for, the most of all. */
enum change { NOTHING, NEWER, OLDER };

/* How many staged rows meet a stored one, and what these may change: newer values take the place of what
 * stands; older ones, or others of the same version, need a look at all versions. */
static mt_code compare(mt_ctx *cx, mt_merge_work *work, const struct texts *x, uint64_t *met,
                       enum change *change)
{
    const char *sql;
    mt_table *table;
    MT_TRY(
        mt_text_format(cx, &sql,
                       "SELECT count(*) AS met, max(CASE WHEN s.\"%s\" < t.\"%s\" THEN 2 WHEN %s THEN CASE "
                       "WHEN s.\"%s\" > t.\"%s\" THEN 1 ELSE 2 END ELSE 0 END) AS change "
                       "FROM \"%s\" AS t JOIN %s AS s ON %s WHERE %s",
                       x->version, x->version, x->difference, x->version, x->version, x->table, x->stage,
                       x->pair, x->scope));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, work->n_param));
    *met = (uint64_t)mt_table_get(table, 0, 0).as.integer;
    *change = *met ? (enum change)mt_table_get(table, 0, 1).as.integer : NOTHING;
    return MT_OK;
}

/* No key comes twice, and what differs from what stands is newer. */
static mt_code replace_standing(mt_ctx *cx, mt_merge_work *work, const struct texts *x,
                                mt_merge_counts *counts)
{
    const char *stored, *sql;
    MT_TRY(mt_merge_columns(cx, &stored, &a_stored, work->merge, false));
    MT_TRY(work->conn->backend->lock_table(cx, work->conn, x->history));
    MT_TRY(
        mt_text_format(cx, &sql,
                       "INSERT INTO \"%s\" (%s) SELECT %s FROM \"%s\" AS t JOIN %s AS s ON %s WHERE %s AND "
                       "(%s)",
                       x->history, x->names, stored, x->table, x->stage, x->pair, x->scope, x->difference));
    MT_TRY(mt_merge_exec(cx, work, &counts->kept, sql, work->n_param));
    MT_TRY(mt_text_format(
        cx, &sql, "UPDATE \"%s\" AS t SET %s, \"%s\" = s.\"%s\" FROM %s AS s WHERE %s AND %s AND (%s)",
        x->table, x->change, x->version, x->version, x->stage, x->pair, x->scope, x->difference));
    return mt_merge_exec(cx, work, &counts->changed, sql, work->n_param);
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

/* stored: the versions of the touched keys; opens, closes: of the run of versions, each a microsecond behind
 * the one before it, that a version stands in. */
static mt_code stored_versions(mt_ctx *cx, const char **out, const struct texts *x)
{
    const char *place, *rows, *chain;
    MT_TRY(mt_text_format(cx, &place, "AS s WHERE EXISTS (SELECT 1 FROM touched AS u WHERE %s)", x->touched));
    MT_TRY(mt_text_format(cx, &rows,
                          "versions AS (SELECT %s FROM (SELECT * FROM \"%s\" AS t WHERE %s) %s UNION ALL "
                          "SELECT %s FROM (SELECT * FROM \"%s\" AS t WHERE %s) %s)",
                          x->staged, x->table, x->scope, place, x->staged, x->history, x->scope, place));
    MT_TRY(mt_text_format(cx, &chain,
                          "chained AS (SELECT %s, e.\"%s\" - row_number() OVER v * " TIE " AS merit_chain, "
                          "lead(e.\"%s\") OVER v AS merit_next FROM versions AS e WINDOW v AS (PARTITION BY "
                          "%s ORDER BY e.\"%s\" NULLS LAST))",
                          x->gathered, x->version, x->version, x->key, x->version));
    return mt_text_format(cx, out,
                          "%s, %s, stored AS (SELECT e.*, min(e.\"%s\") OVER c AS merit_opens, "
                          "max(e.\"%s\") OVER c AS merit_closes FROM chained AS e WINDOW c AS (PARTITION BY "
                          "%s, e.merit_chain))",
                          rows, chain, x->version, x->version, x->key);
}

/* met: the staged rows whose moment has a value already, and whether theirs is one of that moment's or the
 * one that counted just before it. */
static mt_code met_rows(mt_ctx *cx, const char **out, const struct texts *x)
{
    return mt_text_format(cx, out,
                          "given AS (SELECT %s, s.\"" NUMBER "\" FROM %s AS s WHERE EXISTS (SELECT 1 FROM "
                          "touched AS u WHERE %s)), "
                          "met AS (SELECT s.\"" NUMBER "\", max(t.merit_closes) AS merit_closes, "
                          "max(CASE WHEN %s THEN 0 ELSE 1 END) AS merit_known FROM given AS s JOIN stored AS "
                          "t ON %s AND ((t.\"%s\" >= s.\"%s\" AND t.merit_opens <= s.\"%s\" AND "
                          "t.merit_closes >= s.\"%s\") OR (t.\"%s\" < s.\"%s\" AND t.merit_next = s.\"%s\")) "
                          "GROUP BY s.\"" NUMBER "\")",
                          x->staged, x->stage, x->touched, x->difference, x->pair, x->version, x->version,
                          x->version, x->version, x->version, x->version, x->version);
}

/* arrived: the rows that are no repetition, which nothing is that comes behind a new value of its moment. */
static mt_code arrived_rows(mt_ctx *cx, const char **out, const struct texts *x)
{
    const char *met;
    MT_TRY(met_rows(cx, &met, x));
    return mt_text_format(
        cx, out,
        "%s, arrived AS (SELECT %s, e.\"" NUMBER "\", CASE WHEN m.merit_closes IS NULL THEN "
        "e.\"%s\" ELSE m.merit_closes END AS merit_place, count(CASE WHEN m.merit_known = 1 "
        "THEN NULL ELSE 1 END) OVER (PARTITION BY %s, e.\"%s\" ORDER BY e.\"" NUMBER
        "\" NULLS LAST ROWS UNBOUNDED PRECEDING) AS merit_new FROM given AS e LEFT JOIN met "
        "AS m ON m.\"" NUMBER "\" = e.\"" NUMBER "\")",
        met, x->gathered, x->version, x->key, x->version);
}

/* kept: stored and arrived in their order, equal neighbours once, each with its number. */
static mt_code kept_versions(mt_ctx *cx, const char **out, const struct texts *x)
{
    const char *gathered, *ordered;
    MT_TRY(mt_text_format(cx, &gathered,
                          "gathered AS (SELECT %s, e.\"%s\" AS merit_place, -1 AS \"" NUMBER "\" FROM stored "
                          "AS e UNION ALL SELECT %s, e.merit_place, e.\"" NUMBER "\" FROM arrived AS e WHERE "
                          "e.merit_new > 0)",
                          x->gathered, x->version, x->gathered));
    MT_TRY(mt_text_format(cx, &ordered,
                          "ordered AS (SELECT e.*, row_number() OVER versions AS merit_order, %s FROM "
                          "gathered AS e WINDOW versions AS (PARTITION BY %s ORDER BY e.merit_place NULLS "
                          "LAST, e.\"" NUMBER "\" >= 0 NULLS LAST, e.\"%s\" NULLS LAST, e.\"" NUMBER
                          "\" NULLS LAST))",
                          x->before, x->key, x->version));
    return mt_text_format(cx, out,
                          "%s, %s, kept AS (SELECT %s, %s, e.merit_place, row_number() OVER (PARTITION BY %s "
                          "ORDER BY e.merit_order NULLS LAST) AS merit_rank FROM ordered AS e WHERE "
                          "e.merit_order = 1 OR %s)",
                          gathered, ordered, x->key, x->values, x->key, x->changed_value);
}

/* One row for each version of the touched keys that is to be kept; the one that stands is marked. A version
 * that would not be behind the one before it is put a microsecond behind. */
static mt_code gather(mt_ctx *cx, mt_merge_work *work, const struct texts *x)
{
    const char *sql, *touched, *stored, *arrived, *kept;
    MT_TRY(mt_text_format(cx, &sql,
                          "CREATE TEMP TABLE " REVISION " AS SELECT %s, TRUE AS stands FROM \"%s\" AS e "
                          "WHERE false",
                          x->gathered, x->table));
    MT_TRY(mt_merge_exec(cx, work, NULL, sql, 0));
    MT_TRY(touched_keys(cx, &touched, x, work->merge->twice));
    MT_TRY(stored_versions(cx, &stored, x));
    MT_TRY(arrived_rows(cx, &arrived, x));
    MT_TRY(kept_versions(cx, &kept, x));
    MT_TRY(mt_text_format(cx, &sql,
                          "INSERT INTO " REVISION
                          " (%s, %s, \"%s\", stands) WITH touched AS (%s), %s, %s, %s "
                          "SELECT %s, %s, max(e.merit_place - e.merit_rank * " TIE ") OVER (PARTITION BY %s "
                          "ORDER BY e.merit_rank NULLS LAST ROWS UNBOUNDED PRECEDING) + e.merit_rank * " TIE
                          ", e.merit_rank = max(e.merit_rank) OVER (PARTITION BY %s) FROM kept AS e",
                          x->key_names, x->value_names, x->version, touched, stored, arrived, kept, x->key,
                          x->values, x->key, x->key));
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
    enum change change;
    uint64_t met, added = 0;
    bool twice = work->merge->twice;
    MT_TRY(make_texts(cx, &x, work));
    MT_TRY(compare(cx, work, &x, &met, &change));
    if (twice || change == OLDER) {
        MT_TRY(revise(cx, work, &x, counts));
    } else if (change == NEWER) {
        MT_TRY(replace_standing(cx, work, &x, counts));
    }
    if (!twice && met == counts->given) return MT_OK;
    MT_TRY(insert_staged(cx, work, &x, &added, !twice && !met));
    counts->added += added;
    return MT_OK;
}
