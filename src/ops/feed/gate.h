/* Between a feed and the store: what is plausible goes in, what is suspicious is set aside.
 *
 * Purpose   Rows of one fetch or file are judged together (market/series/guard.h) against what is stored; a
 *           day of a series in which one value is suspicious goes to observation_quarantine with its reasons,
 *           whole; everything else to the store.
 * Shapes    At most MT_GATE_ROWS rows are judged; of a larger feed nothing is (it is told), and all goes in.
 *           Days are UTC days. The same suspicious rows again change nothing in the quarantine.
 * Errors    What the store and the judge say.
 * Ownership mt_gate_open/_close. The sink is borrowed from the gate and takes rows of mt_observation_col.
 *           mt_gate_end must come before the batch is committed or closed, also after a failure;
 *           mt_gate_close after it, because the commit writes the counts.
 */
#ifndef MT_OPS_FEED_GATE_H
#define MT_OPS_FEED_GATE_H

#include "store/data/series_store.h"

MT_BEGIN_DECLS

enum { MT_GATE_ROWS = 300000 };

typedef struct mt_gate mt_gate;

typedef struct mt_gate_counts {
    mt_merge_counts stored, set_aside;
    uint64_t judged; /* rows; 0: too many, or not asked for */
    uint64_t suspicious;
    mt_time
        newest; /* end of the newest row's period; MT_TIME_NONE: no row came. Known after the feed's finish */
} mt_gate_counts;

/* `judge` false: everything goes in. */
MT_MUST_USE mt_code mt_gate_open(mt_ctx *cx, mt_gate **out, mt_store *store, mt_batch *batch, bool judge);
mt_sink *mt_gate_sink(mt_gate *gate);
void mt_gate_end(mt_gate *gate);                  /* NULL allowed */
mt_gate_counts mt_gate_told(const mt_gate *gate); /* after the commit */
void mt_gate_close(mt_gate *gate);                /* NULL allowed */

MT_END_DECLS
#endif
