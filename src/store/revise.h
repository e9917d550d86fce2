/* Staged rows into a table whose values have versions: what stands in it, what stood before elsewhere.
 *
 * Purpose   The part of a merge that a plan with a version asks for; request.h says what it promises.
 * Cost      One join of the stage with the table's range tells what there is to do. Where nothing differs
 *           that was all, besides the insertion of new rows. Values that are newer than what stands cost two
 *           joins more; else the versions of the keys that differ are gathered, sorted and written anew.
 */
#ifndef MT_STORE_REVISE_H
#define MT_STORE_REVISE_H

#include "store/merge_sql.h"

MT_BEGIN_DECLS

/* The ranges are found; added, changed and kept are written. */
MT_MUST_USE mt_code mt_revise(mt_ctx *cx, mt_merge_work *work, mt_merge_counts *counts);

MT_END_DECLS
#endif
