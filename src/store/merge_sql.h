/* The texts and values that merging is made of: lists of columns, the scope, the questions asked.
 *
 * Purpose   What merge.c and revise.c share. A stage is called s in the texts, the table t.
 * Ownership Texts live in the context's arena.
 */
#ifndef MT_STORE_MERGE_SQL_H
#define MT_STORE_MERGE_SQL_H

#include "base/rows/table.h"
#include "store/merge.h"

MT_BEGIN_DECLS

enum { MT_MERGE_PARAMS = 32 };

/* What stands around a column's name in a list; `between` NULL: the name comes once. */
typedef struct mt_piece {
    const char *before, *between, *after, *separator;
} mt_piece;

extern const mt_piece mt_piece_name;       /* "a", "b" */
extern const mt_piece mt_piece_staged;     /* s."a", s."b" */
extern const mt_piece mt_piece_pair;       /* t."a" = s."a" AND t."b" = s."b" */
extern const mt_piece mt_piece_change;     /* "a" = s."a", "b" = s."b" */
extern const mt_piece mt_piece_difference; /* t."a" IS DISTINCT FROM s."a" OR ... */

typedef struct mt_merge_work {
    mt_conn *conn;
    const mt_merge *merge;
    const char *joined_key[MT_MERGE_PARAMS + 1];   /* keys that are not fixed */
    const char *joined_range[MT_MERGE_PARAMS + 1]; /* ranges that are not fixed */
    mt_param param[MT_MERGE_PARAMS];               /* fixed values, then least and greatest of each range */
    size_t n_fixed, n_param;
    const char *fixed_scope; /* "t."a" = $1 AND ..." */
    const char *scope;       /* the same and the ranges */
} mt_merge_work;

/* Fills all but the ranges; conn and merge are given. */
MT_MUST_USE mt_code mt_merge_begin(mt_ctx *cx, mt_merge_work *work);

/* Least and greatest of each range column become parameters of the scope. */
MT_MUST_USE mt_code mt_merge_ranges(mt_ctx *cx, mt_merge_work *work);

MT_MUST_USE mt_code mt_merge_names(mt_ctx *cx, const char **out, const mt_piece *piece,
                                   const char *const *name);

/* The staged columns: all, or only those that are neither key nor version. */
MT_MUST_USE mt_code mt_merge_columns(mt_ctx *cx, const char **out, const mt_piece *piece,
                                     const mt_merge *merge, bool values);

/* The values without those of plan->quiet: what makes one row another. */
MT_MUST_USE mt_code mt_merge_decisive(mt_ctx *cx, const char **out, const mt_piece *piece,
                                      const mt_merge *merge);

MT_MUST_USE mt_code mt_merge_ask(mt_ctx *cx, mt_merge_work *work, mt_table **out, const char *sql,
                                 size_t n_param);
MT_MUST_USE mt_code mt_merge_exec(mt_ctx *cx, mt_merge_work *work, uint64_t *changed, const char *sql,
                                  size_t n_param);

MT_END_DECLS
#endif
