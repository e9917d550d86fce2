/* All policies of a store applied at one moment: old values rolled up or removed, old rows removed.
 *
 * Purpose   Run by hand or from a schedule; run again it changes nothing.
 * Shapes    A row for each series that has values older than its policy keeps, and for each policy of a table
 *           (old_rows.h). The bound is `now` minus what is kept, for a roll-up the multiple of its step at or
 *           before that, so that a bucket that is partly newer stays whole. Series that are as coarse as the
 *           policy asks, or coarser, stay as they are.
 * Refused   A series whose step does not divide the coarser one is left alone; its row says so.
 * Errors    What the store says; MT_E_CANCELLED, MT_E_DEADLINE. What was done until then stays, in whole
 *           windows of thirty days (or of one bucket, where that is longer) of one series.
 * Ownership The list lives in cx.
 * Cost      One look over the times of what is older than each policy's bound, then a transaction a window.
 */
#ifndef MT_STORE_KEEP_TEND_H
#define MT_STORE_KEEP_TEND_H

#include "store/keep/policy.h"
#include "store/keep/roll_up.h"

MT_BEGIN_DECLS

typedef struct mt_tended {
    const char *kind, *area, *detail, *source; /* of a table: those of the policy, "" for all */
    mt_time step, to_step;                     /* INT64_MIN: none */
    mt_rolled done;
    mt_time from, to;    /* MT_TIME_NONE: nothing there */
    const char *refused; /* a sentence; NULL: it was not */
} mt_tended;

/* `dry`: nothing is changed, the rows tell what would be. */
MT_MUST_USE mt_code mt_tend(mt_ctx *cx, mt_tended **out, size_t *n, mt_store *store, mt_time now, bool dry);

MT_END_DECLS
#endif
