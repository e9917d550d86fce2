/* Staged rows into their table: new ones added, changed ones updated, the rest left alone.
 *
 * Purpose   One SQL for every engine, in the subset of sql.md, bounded to the batch's range of stored rows.
 * Cost      One look at the stage, one bounded look at the table where it is empty there; else a hash join
 *           for the update and one for the anti-join.
 */
#ifndef MT_STORE_MERGE_H
#define MT_STORE_MERGE_H

#include "store/backend.h"

MT_BEGIN_DECLS

#define MT_STAGE_NUMBER "stage_no" /* the column that numbers staged rows in the order of arrival */

typedef struct mt_merge {
    const mt_merge_plan *plan;
    const mt_stage_table *stage;
    const char *const *column; /* of the stage */
    size_t n;
    bool twice; /* of a plan with a version: keys may come more than once */
} mt_merge;

/* Before the transaction, or in it: of rows with the same key only the last stays; where there are versions
 * all stay, and *twice says whether any key has several. */
MT_MUST_USE mt_code mt_merge_distinct(mt_ctx *cx, mt_conn *conn, const mt_merge *merge, bool *twice);

/* counts->given is set by the caller; the other members are written. */
MT_MUST_USE mt_code mt_merge_run(mt_ctx *cx, mt_conn *conn, const mt_merge *merge, mt_merge_counts *counts);

bool mt_name_in(const char *const *list, const char *name); /* list ends with NULL; NULL: empty */
bool mt_name_fixed(const mt_merge_plan *plan, const char *name);

MT_END_DECLS
#endif
